/* SPDX-License-Identifier: MIT */
/* From the rows of a fleet to its files. */
#include "snom/fleet.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/file.h"
#include "snom/check.h"
#include "snom/doc.h"
#include "snom/fkey.h"
#include "snom/provkeys.h"
#include "snom/params.h"
#include "snom/phones.h"
#include "snom/render.h"
#include "snom/rules.h"
#include "snom/softkeys.h"
#include "snom/outdir.h"
#include "snom/url.h"
#include "snom/verdict.h"

enum { FLUSH_AT = 256 };

/* What is known about phones that are rendered alike. */
enum shape { UNSEEN, GOOD, BAD };

/* What a run needs besides the request. */
struct run {
	struct gs_snom_fleet *f;
	struct gs_snom_phones phones;
	struct gs_snom_phone phone;
	struct gs_buf base_bytes;
	struct gs_snom_doc base;
	struct gs_snom_provkeys keys;
	struct gs_snom_provkey_parts parts;
	struct gs_snom_render render;
	struct gs_buf xml;
	bool has_base, has_keys, has_render;
	struct gs_snom_macset shapes; /* enum shape, by shape_of() */
	uint64_t without_keys; /* phones without rows in the table of keys */
	char first_without[13];
};

static int
open_base(struct run *r, struct gs_err *err)
{
	struct gs_err why;

	gs_buf_init(&r->base_bytes, GS_DOC_SIZE);
	if (r->f->base == NULL)
		return 0;
	if (gs_file_read(r->f->base, &r->base_bytes, err) == -1)
		return -1;
	if (gs_snom_doc_read(&r->base, gs_buf_span(&r->base_bytes), &why) == -1)
		return gs_err_set(err, "%s: %s", r->f->base, why.text);
	r->has_base = true;
	return 0;
}

static int
open_keys(struct run *r, struct gs_err *err)
{
	gs_buf_init(&r->parts.text, GS_RENDER_SIZE);
	if (r->f->keys == NULL)
		return 0;
	r->has_keys = gs_snom_provkeys_open(&r->keys, r->f->keys, r->f->params,
			  r->f->dk, err) == 0;
	return r->has_keys ? 0 : -1;
}

/* Returns 0, 1 if there is nothing to read, or -1. */
static int
open_all(struct run *r, struct gs_err *err)
{
	struct gs_err why;

	gs_buf_init(&r->xml, GS_RENDER_SIZE);
	if (open_base(r, err) == -1 || open_keys(r, err) == -1)
		return -1;
	int got = gs_snom_phones_open(&r->phones, r->f->accounts, r->f->params,
	    r->f->only, r->f->d, err);
	if (got != 1)
		return got == 0 ? 1 : -1;
	if (gs_snom_render_init(&r->render, r->f->params, &r->phones,
		r->has_base ? &r->base : NULL,
		r->has_keys || r->phones.column[GS_C_SOFTKEYS] != -1,
		&why) == -1)
		return gs_err_set(err, "%s%s%s", r->has_base ? r->f->base : "",
		    r->has_base ? ": " : "", why.text);
	r->has_render = true;
	return 0;
}

static void
close_all(struct run *r)
{
	if (r->has_render)
		gs_snom_render_free(&r->render);
	if (r->has_base)
		gs_snom_doc_free(&r->base);
	if (r->has_keys)
		gs_snom_groups_close(&r->keys.g);
	gs_snom_phones_close(&r->phones);
	gs_snom_phone_free(&r->phone);
	gs_snom_macset_free(&r->shapes);
	gs_buf_free(&r->base_bytes);
	gs_buf_free(&r->parts.text);
	gs_buf_free(&r->xml);
}

/* Makes the phone's function keys: those in the table of keys, otherwise those
 * of its accounts. *lacks: there is none. Returns 0, 1 if one is wrong, or
 * -1. */
static int
get_keys(struct run *r, bool *lacks, struct gs_err *err)
{
	const struct gs_snom_phone *ph = &r->phone;
	int c = r->phones.column[GS_C_SOFTKEYS], bad = 0;

	gs_snom_fkeys_clear(&r->parts);
	if (r->has_keys && gs_snom_provkeys_has(&r->keys, ph->mac))
		return gs_snom_provkeys_get(&r->keys, ph->mac, &r->parts,
		    r->f->dk, err);
	if (c != -1 && !ph->failed)
		bad = gs_snom_softkeys_get(ph, c, r->f->params, &r->parts,
		    r->f->d);
	*lacks = r->parts.count == 0;
	return gs_buf_ok(&r->parts.text) ? bad :
					   gs_err_set(err, "out of memory");
}

/* Renders the phone into r->xml. Returns 0, or 1 if its data is wrong. */
static int
render(struct run *r, struct gs_err *err)
{
	const struct gs_snom_phone *ph = &r->phone;
	bool lacks = false;

	/* Not wiped between phones: the next one overwrites it. */
	r->xml.n = 0;
	int got = get_keys(r, &lacks, err);
	if (got == -1)
		return -1;
	int bad = got | ph->failed;
	if (bad == 0 && lacks && r->has_keys && r->without_keys++ == 0)
		memcpy(r->first_without, ph->mac_text, sizeof(ph->mac_text));
	if (ph->model != NULL && r->parts.count > ph->model->keys)
		gs_snom_say(r->f->d, GS_S_DATA_LIMIT, ph->head.line,
		    "%s: %u function keys; a %s is believed to support %u",
		    ph->mac_text, r->parts.count, ph->model->name,
		    ph->model->keys);
	if (bad == 0 &&
	    gs_snom_render_phone(&r->render, ph, lacks ? NULL : &r->parts,
		&r->xml, r->f->d) == -1)
		bad = 1;
	return bad;
}

/* The last part of the path of setting_server; false if it is the file's own
 * name, or cannot be a link here. */
static bool
link_name(const struct run *r, char *name, size_t size)
{
	int c = r->phones.column[GS_C_KEY];
	struct gs_span key =
	    c == -1 ? gs_span(NULL, 0) : r->phone.head.cell[c].s;

	if (key.n == 0 || key.n > 64 ||
	    *gs_snom_params_get(r->f->params, GS_P_SETTING_PATH) != '\0' ||
	    !gs_snom_params_on(r->f->params, GS_P_PROVISIONING_KEY))
		return false;
	int n = snprintf(name, size, "snom-%.*s.xml", (int)key.n, key.p);
	return n > 0 && (size_t)n < size;
}

static int
store(struct run *r, struct gs_err *err)
{
	struct gs_snom_fleet *f = r->f;
	char name[GS_STORE_NAME], other[96];
	enum gs_snom_written what = GS_STORED_UNCHANGED;

	if (gs_snom_outdir_put(f->store, r->phone.mac, gs_buf_span(&r->xml),
		name, &what, err) == -1)
		return -1;
	if (f->said != NULL)
		f->said(f->arg,
		    what == GS_STORED_WRITTEN ? "written" : "unchanged", name);
	if (f->links && link_name(r, other, sizeof(other)))
		return gs_snom_outdir_link(f->store, other, r->phone.mac, err);
	return 0;
}

static uint64_t
add_cells(const struct run *r, const struct gs_snom_row *row, uint64_t h)
{
	for (size_t c = 0; c < r->phones.g.t.columns; c++) {
		if (r->render.decides[c])
			h = gs_hash_add(h, gs_span_hash(row->cell[c].s));
		h = gs_snom_url_fronts(h, row->cell[c].s);
	}
	return h;
}

/* A number for the properties on which the security of a rendered phone
 * depends: the number of identities, which columns are filled, the values of
 * deciding ones, and whether there are keys. 48 bits. */
static uint64_t
shape_of(const struct run *r)
{
	static const enum gs_snom_column columns[] = { GS_C_KEY, GS_C_HTTP_USER,
		GS_C_HTTP_PASS, GS_C_PHONE_ID, GS_C_ID };
	const struct gs_snom_phone *ph = &r->phone;
	uint64_t h = ph->identities * 2 + (r->parts.count > 0);

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		int c = r->phones.column[columns[i]];
		h = h * 2 + (c != -1 && ph->head.cell[c].s.n > 0);
	}
	h = gs_hash_add(gs_hash_add(0, h), r->parts.urls);
	h = add_cells(r, &ph->head, h);
	for (unsigned i = 0; i < ph->identities; i++)
		h = add_cells(r, &ph->row[i], h);
	return h >> 16;
}

/* Whether the parameters ask for TLS and SRTP, and the chain lacks one. */
static bool
is_open(const struct run *r, const struct gs_snom_chain *chain)
{
	const struct gs_snom_params *p = r->f->params;

	return gs_snom_params_on(p, GS_P_SRTP) &&
	    strcmp(gs_snom_params_get(p, GS_P_TRANSPORT), "tls") == 0 &&
	    !gs_snom_verdict_is_met(chain, GS_SNOM_REQUIRED);
}

/* Whether a finding of the check prevents writing the file. Without a CA to
 * verify with, a fleet locks itself out. open: is_open(). */
static bool
is_refused(const struct run *r, const struct gs_finding *f, bool open)
{
	unsigned link = 1u << gs_snom_link_of(f->rule);

	if (f->severity == GS_ERROR ||
	    (open && f->severity == GS_WARNING &&
		(link & GS_SNOM_REQUIRED) != 0))
		return true;
	return f->rule == &gs_snom_rules.rule[GS_S_TRUST_NO_ROLLOUT] &&
	    f->severity == GS_WARNING &&
	    !gs_snom_params_on(r->f->params, GS_P_BUILTIN_ROOT);
}

/* Reports the findings of --check about the rendered file. */
static int
check_shape(struct run *r, uint64_t *shape, struct gs_err *err)
{
	struct gs_snom_check_options how = { .stated = true };
	struct gs_pos pos = { .line = r->phone.head.line };
	struct gs_snom_chain chain;
	struct gs_snom_doc doc;
	struct gs_diags d;

	if (gs_snom_doc_read(&doc, gs_buf_span(&r->xml), err) == -1)
		return -1;
	gs_diags_init(&d, gs_snom_rules, NULL, SIZE_MAX);
	gs_snom_check(&doc, &how, &d, &chain);
	bool open = is_open(r, &chain);
	*shape = open ? BAD : GOOD;
	for (size_t i = 0; i < d.n; i++)
		if (is_refused(r, &d.list[i], open)) {
			(void)gs_diag_as(r->f->d, d.list[i].rule, GS_ERROR, pos,
			    "%s, line %llu of its settings: %s",
			    r->phone.mac_text,
			    (unsigned long long)d.list[i].pos.line,
			    d.list[i].text);
			*shape = BAD;
		}
	int bad = d.no_memory ? gs_err_set(err, "out of memory") : 0;
	gs_diags_free(&d);
	gs_snom_doc_free(&doc);
	return bad;
}

/* Checks that the rendered file passes the rules of --check; otherwise it is
 * not written, unless --force-write is given. Of phones that are rendered
 * alike, only the first is checked, which makes a few hundred checks at most.
 * Returns 0, 1 if it does not pass, or -1. */
static int
check_result(struct run *r, struct gs_err *err)
{
	bool is_new;

	if (gs_snom_params_profile(r->f->params) == GS_LEGACY)
		return 0;
	uint64_t *shape = gs_snom_macset_put(&r->shapes, shape_of(r), &is_new);
	if (shape == NULL)
		return gs_err_set(err, "out of memory");
	if (*shape == UNSEEN && check_shape(r, shape, err) == -1)
		return -1;
	return *shape == BAD && !r->f->force;
}

static int
one_phone(struct run *r, struct gs_err *err)
{
	struct gs_snom_fleet *f = r->f;
	int bad = render(r, err);

	if (bad == 0)
		bad = check_result(r, err);

	f->phones++;
	if (bad == 0 && f->out != NULL)
		gs_buf_put(f->out, r->xml.p, r->xml.n);
	if (bad == 0 && f->store != NULL)
		bad = store(r, err);
	if (bad == 1)
		f->failed++;
	f->bytes += r->xml.n;
	if (f->d->n + f->dk->n >= FLUSH_AT && f->flush != NULL)
		f->flush(f->arg);
	return bad == -1 ? -1 : 0;
}

/* After a broken row, or one without a phone, rows of any phone may be
 * missing: nothing is removed then. */
static int
finish(struct run *r, struct gs_err *err)
{
	struct gs_snom_fleet *f = r->f;

	if (f->store == NULL)
		return 0;
	f->kept = f->prune && r->phones.damaged;
	f->pruned = (struct gs_snom_prune){ .remove = f->prune && !f->kept,
		.all = f->prune_all,
		.keep = &r->phones.g.index,
		.said = f->said,
		.arg = f->arg };
	if (gs_snom_prune(&f->pruned, f->store, err) == -1)
		return -1;
	return gs_snom_outdir_sync(f->store, err);
}

int
gs_snom_fleet_run(struct gs_snom_fleet *f, struct gs_err *err)
{
	struct run r = { .f = f, .phones = { .g.reader.fd = -1 } };
	int got = open_all(&r, err);

	f->phones = f->failed = f->bytes = 0;
	while (got == 0) {
		int more = gs_snom_phones_next(&r.phones, &r.phone, err);
		if (more == 0)
			break;
		if (more == -1 || one_phone(&r, err) == -1)
			got = -1;
	}
	if (got == 0) {
		if (r.phones.g.t.cr_line > 0)
			gs_snom_say(f->d, GS_S_DATA_CR, r.phones.g.t.cr_line,
			    "the line ends with CR, which is dropped; this is "
			    "the first");
		if (r.without_keys > 0)
			gs_snom_say(f->dk, GS_S_DATA_NO_KEYS, 0,
			    "there is no row for %llu of the phones (first: "
			    "%s): their function keys stay unchanged",
			    (unsigned long long)r.without_keys,
			    r.first_without);
		f->failed += r.phones.damaged && f->failed == 0;
		got = r.phones.rows == 0 ? 1 : finish(&r, err);
	}
	close_all(&r);
	return got;
}
