/* SPDX-License-Identifier: MIT */
/* From the rows of a fleet to its files. */
#include "snom/fleet.h"

#include <stdio.h>

#include "base/file.h"
#include "snom/doc.h"
#include "snom/provkeys.h"
#include "snom/params.h"
#include "snom/phones.h"
#include "snom/render.h"
#include "snom/rules.h"
#include "snom/outdir.h"

enum { FLUSH_AT = 256 };

/* What a run needs besides the request. */
struct run {
	struct gs_snom_fleet *f;
	struct gs_reader reader;
	struct gs_snom_rows table;
	struct gs_snom_phones phones;
	struct gs_snom_phone phone;
	struct gs_buf base_bytes;
	struct gs_snom_doc base;
	struct gs_snom_provkeys keys;
	struct gs_snom_provkey_parts parts;
	struct gs_snom_render render;
	struct gs_buf xml;
	bool has_base, has_keys, has_render;
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
	struct gs_err why;
	const char *perm = gs_snom_params_get(r->f->params, GS_P_PERM_USER);

	gs_buf_init(&r->parts.text, GS_RENDER_SIZE);
	if (r->f->keys == NULL)
		return 0;
	r->has_keys = gs_snom_provkeys_open(&r->keys, r->f->keys, perm,
			  r->f->dk, &why) == 0;
	return r->has_keys ? 0 :
			     gs_err_set(err, "%s: %s", r->f->keys, why.text);
}

/* Returns 0, 1 when there is nothing to read, -1. */
static int
open_all(struct run *r, struct gs_err *err)
{
	struct gs_err why;

	gs_buf_init(&r->xml, GS_RENDER_SIZE);
	if (open_base(r, err) == -1 || open_keys(r, err) == -1 ||
	    gs_reader_open(&r->reader, r->f->accounts, err) == -1)
		return -1;
	int got =
	    gs_snom_rows_open(&r->table, &r->reader, gs_span(NULL, 0), &why);
	if (got == 0)
		return 1;
	r->table.mute = r->f->d->mute;
	if (got == -1 ||
	    gs_snom_phones_init(&r->phones, &r->table, r->f->params, r->f->only,
		r->f->d, &why) == -1)
		return gs_err_set(err, "%s: %s", r->f->accounts, why.text);
	if (gs_snom_render_init(&r->render, r->f->params, &r->phones,
		r->has_base ? &r->base : NULL, r->has_keys, &why) == -1)
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
		gs_snom_provkeys_close(&r->keys);
	gs_snom_phones_free(&r->phones);
	gs_snom_phone_free(&r->phone);
	gs_snom_rows_close(&r->table);
	gs_reader_close(&r->reader);
	gs_buf_free(&r->base_bytes);
	gs_buf_free(&r->parts.text);
	gs_buf_free(&r->xml);
}

/* Renders the phone into r->xml. Returns 0, 1 when its data is wrong. */
static int
render(struct run *r, struct gs_err *err)
{
	const struct gs_snom_phone *ph = &r->phone;
	int bad = ph->failed;

	/* Not wiped between phones: the next one overwrites it. */
	r->xml.n = 0;
	if (r->has_keys) {
		int got = gs_snom_provkeys_get(&r->keys, ph->mac, &r->parts,
		    r->f->dk, err);
		if (got == -1)
			return -1;
		bad |= got;
	}
	if (r->has_keys && ph->model != NULL &&
	    r->parts.count > ph->model->keys) {
		struct gs_pos pos = { .line = ph->head.line };
		(void)gs_diag(r->f->d, &gs_snom_rules.rule[GS_S_DATA_LIMIT],
		    pos, "%s: %u function keys, a %s is believed to hold %u",
		    ph->mac_text, r->parts.count, ph->model->name,
		    ph->model->keys);
	}
	if (bad == 0 &&
	    gs_snom_render_phone(&r->render, ph, r->has_keys ? &r->parts : NULL,
		&r->xml, r->f->d) == -1)
		bad = 1;
	return bad;
}

/* The last part of the path that setting_server asks for, or false when
 * it is the file's own name or cannot be a link here. */
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
	enum gs_snom_written what;

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

static int
one_phone(struct run *r, struct gs_err *err)
{
	struct gs_snom_fleet *f = r->f;
	int bad = render(r, err);

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

static void
say_cr(struct run *r)
{
	struct gs_pos pos = { .line = r->table.cr_line };

	if (pos.line > 0)
		(void)gs_diag(r->f->d, &gs_snom_rules.rule[GS_S_DATA_CR], pos,
		    "the line ends with CR, which is dropped; this is the "
		    "first");
}

/* With a broken row, or one that names no phone, rows of any phone may be
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
		.keep = &r->phones.seen,
		.said = f->said,
		.arg = f->arg };
	if (gs_snom_prune(&f->pruned, f->store, err) == -1)
		return -1;
	return gs_snom_outdir_sync(f->store, err);
}

int
gs_snom_fleet_run(struct gs_snom_fleet *f, struct gs_err *err)
{
	struct run r = { .f = f, .reader = { .fd = -1 } };
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
		say_cr(&r);
		f->failed += r.phones.damaged && f->failed == 0;
		got = r.phones.rows == 0 ? 1 : finish(&r, err);
	}
	close_all(&r);
	return got;
}
