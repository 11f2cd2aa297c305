/* SPDX-License-Identifier: MIT */
/* One phone's settings as XML. */
#include "snom/render.h"

#include "snom/render_priv.h"
#include "snom/text.h"

static void
section(struct gs_program *p, const char *name, const char *e)
{
	gs_program_puts(p, "<");
	gs_program_puts(p, name);
	if (strcmp(e, "off") != 0) {
		gs_program_puts(p, " e=\"");
		gs_program_puts(p, e);
		gs_program_puts(p, "\"");
	}
	gs_program_puts(p, ">\n");
}

static bool
has_namespace(const struct gs_scan *s)
{
	for (size_t i = 0; i < s->attrs; i++)
		if (gs_span_starts(s->attr[i].name, GS_LIT("xmlns")))
			return true;
	return false;
}

static int
check_base(const struct gs_doc *base, struct gs_err *err)
{
	size_t at;

	if (base == NULL)
		return 0;
	if (base->dialect != GS_DIALECT_SETTINGS || base->settings == 0)
		return gs_err_set(err, "%s, not settings with phone-settings",
		    gs_dialect_name(base->dialect));
	if (base->scan.limit)
		return gs_err_set(err,
		    "too many or too deep elements, or too "
		    "many attributes");
	if (base->xml.what != GS_XML_OK)
		return gs_err_set(err, "line %llu, column %u: %s",
		    (unsigned long long)base->xml.pos.line, base->xml.pos.col,
		    base->xml.what == GS_XML_DOCTYPE ?
			"a document type declaration" :
			base->xml.why);
	if (!gs_text_valid(base->scan.text, &at))
		return gs_err_set(err, "byte %zu is not UTF-8", at + 1);
	if (has_namespace(&base->scan))
		return gs_err_set(err, "namespaces cannot be merged");
	return 0;
}

static bool
has_failed(const struct gs_render *r)
{
	bool bad =
	    r->front.no_memory || r->back.no_memory || !gs_buf_ok(&r->pad.text);

	for (size_t i = 0; i < GS_SNOM_IDENTITIES; i++)
		bad = bad || r->active[i].no_memory || r->inactive[i].no_memory;
	return bad;
}

static void
build_all(struct build *b, bool has_keys)
{
	struct gs_program *p = &b->r->front;

	gs_program_puts(p,
	    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<settings>\n");
	section(p, "phone-settings", b->r->section_e);
	gs_build_identities(b);
	gs_build_phone(b);
	gs_build_keys(b, has_keys);
	gs_build_back(b);
}

int
gs_render_init(struct gs_render *r, const struct gs_params *params,
    const struct gs_phones *phones, struct gs_doc *base, bool has_keys,
    struct gs_err *err)
{
	const char *sip_host = gs_params_get(params, GS_P_SIP_HOST);
	struct build b = { .r = r,
		.p = params,
		.base = base,
		.err = err,
		.holes = { .phones = phones,
		    .no_host = *sip_host != '\0' ? sip_host : NULL } };

	*r = (struct gs_render){ .phones = phones,
		.section_e = gs_params_get(params, GS_P_SECTION_E) };
	gs_buf_init(&r->pad.text, GS_RENDER_SIZE);
	gs_program_init(&r->front);
	gs_program_init(&r->back);
	for (size_t i = 0; i < GS_SNOM_IDENTITIES; i++) {
		gs_program_init(&r->active[i]);
		gs_program_init(&r->inactive[i]);
	}
	b.bad = check_base(base, err);
	if (b.bad == 0)
		build_all(&b, has_keys);
	if (b.bad == 0 && has_failed(r))
		b.bad = gs_err_set(err,
		    "no memory, or the settings that all "
		    "phones share are too long");
	if (b.bad == -1)
		gs_render_free(r);
	return b.bad;
}

void
gs_render_free(struct gs_render *r)
{
	gs_program_free(&r->front);
	gs_program_free(&r->back);
	for (size_t i = 0; i < GS_SNOM_IDENTITIES; i++) {
		gs_program_free(&r->active[i]);
		gs_program_free(&r->inactive[i]);
	}
	gs_buf_free(&r->pad.text);
}

static void
put_keys(const struct gs_render *r, const struct gs_key_parts *keys,
    struct gs_buf *out)
{
	bool e = strcmp(r->section_e, "off") != 0;

	gs_buf_puts(out, "<functionKeys");
	if (e) {
		gs_buf_puts(out, " e=\"");
		gs_buf_puts(out, r->section_e);
		gs_buf_puts(out, "\"");
	}
	gs_buf_puts(out, ">\n");
	if (keys == NULL || keys->count == 0) {
		gs_buf_put(out, r->pad.text.p, r->pad.text.n);
	} else {
		for (unsigned i = 0; i < GS_SNOM_KEYS; i++) {
			const struct gs_key_parts *k =
			    keys->part[i].n > 0 ? keys : &r->pad;
			gs_buf_put(out, k->text.p + k->part[i].at,
			    k->part[i].n);
		}
	}
	gs_buf_puts(out, "</functionKeys>\n");
}

int
gs_render_phone(const struct gs_render *r, const struct gs_phone *ph,
    const struct gs_key_parts *keys, struct gs_buf *out, struct gs_diags *d)
{
	const struct gs_phones *p = r->phones;
	int bad = gs_program_run(&r->front, ph, &ph->head, p, out, d);

	for (unsigned i = 0; i < GS_SNOM_IDENTITIES; i++)
		bad |= i < ph->identities ?
		    gs_program_run(&r->active[i], ph, &ph->row[i], p, out, d) :
		    gs_program_run(&r->inactive[i], ph, &ph->head, p, out, d);
	gs_buf_puts(out, "</phone-settings>\n");
	if (r->keys)
		put_keys(r, keys, out);
	bad |= gs_program_run(&r->back, ph, &ph->head, p, out, d);
	return bad == 0 && gs_buf_ok(out) ? 0 : -1;
}
