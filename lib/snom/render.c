/* SPDX-License-Identifier: MIT */
/* One phone's settings as XML. */
#include "snom/render.h"

#include <stdio.h>

#include "snom/doc.h"
#include "snom/provkeys.h"
#include "snom/params.h"
#include "snom/phones.h"
#include "snom/settings.h"
#include "snom/text.h"

enum { MOST_NAMES = 512, MOST_VALUE = 2 * GS_PARAM_VALUE };

/* Rendered names, which replace those of the base and the defaults. */
struct names {
	const char *name[MOST_NAMES];
	size_t n;
};

/* The template being built. */
struct build {
	struct gs_snom_render *r;
	const struct gs_snom_params *p;
	struct gs_snom_doc *base;
	struct gs_err *err;
	struct gs_snom_template_marks holes;
	struct names phone;
	bool legacy;
	int bad; /* -1 with err filled */
};

/* ---- elements */

static bool
has_name(const struct names *list, struct gs_span name)
{
	for (size_t i = 0; i < list->n; i++)
		if (gs_span_eq(gs_span_of(list->name[i]), name))
			return true;
	return false;
}

static void
note_name(struct build *b, const char *name)
{
	struct names *list = &b->phone;

	if (list->n == MOST_NAMES)
		b->bad = gs_err_set(b->err, "too many settings");
	else
		list->name[list->n++] = name;
}

/* The value of phone.NAME or user.NAME, or NULL. */
static const struct gs_snom_param_extra *
find_extra(const struct gs_snom_params *p, bool identity, struct gs_span name)
{
	for (size_t i = 0; i < p->extras; i++)
		if (p->extra[i].identity == identity &&
		    gs_span_eq(gs_span_of(p->extra[i].name), name))
			return &p->extra[i];
	return NULL;
}

/* Whether GS5, and so profile legacy, does not render it. */
static bool
is_left_out(const struct build *b, const struct gs_snom_def *d)
{
	return b->legacy && (d->marks & GS_MARK_NOT_LEGACY) != 0;
}

/* Whether each identity has this setting by the table alone. */
static bool
is_main(const struct gs_snom_def *d)
{
	return d != NULL && d->scope == GS_SCOPE_IDENTITY &&
	    d->part == GS_PART_MAIN;
}

/* Whether build_identity() or build_phone() renders a setting. */
static bool
is_set(const struct build *b, bool identity, struct gs_span name)
{
	const struct gs_snom_def *d = gs_snom_def_find(name);

	if (!identity)
		return has_name(&b->phone, name);
	return (is_main(d) && !is_left_out(b, d)) ||
	    find_extra(b->p, true, name) != NULL;
}

/* The perm of settings that secure the chain, or of others. */
static const char *
perm_of(const struct build *b, bool locked)
{
	return gs_snom_params_get(b->p, locked ? GS_P_PERM : GS_P_PERM_USER);
}

static void
put_value(struct build *b, struct gs_snom_template *p, const char *value)
{
	if (gs_snom_template_value(p, &b->holes, value, b->err) == -1)
		b->bad = -1;
}

/* Notes the columns of a setting that secures the phone, from its first op. */
static void
note_deciding(struct build *b, const struct gs_snom_template *p,
    const char *name, size_t op)
{
	const struct gs_snom_def *d = gs_snom_def_find(gs_span_of(name));

	if (d == NULL ||
	    ((d->marks & GS_MARK_HARDENED) == 0 && d->words == NULL))
		return;
	for (; op < p->ops; op++)
		if (p->op[op].kind == GS_OP_CELL)
			b->r->decides[p->op[op].column] = true;
}

/* Adds <name idx perm>value</name>; idx 0 means none. */
static void
put_element(struct build *b, struct gs_snom_template *p, const char *name,
    unsigned idx, bool locked, const char *value)
{
	const char *perm = perm_of(b, locked);
	char text[160];

	if (idx > 0)
		(void)snprintf(text, sizeof(text),
		    "<%s idx=\"%u\" perm=\"%s\">", name, idx, perm);
	else
		(void)snprintf(text, sizeof(text), "<%s perm=\"%s\">", name,
		    perm);
	gs_snom_template_puts(p, text);
	b->holes.head = idx == 0;
	b->holes.url = gs_snom_def_is(gs_span_of(name), GS_MARK_URL);
	b->holes.in_url = strstr(value, "://") != NULL;
	b->holes.host = gs_snom_def_is(gs_span_of(name), GS_MARK_HOST);
	size_t op = p->ops;
	put_value(b, p, value);
	note_deciding(b, p, name, op);
	(void)snprintf(text, sizeof(text), "</%s>\n", name);
	gs_snom_template_puts(p, text);
}

/* base_url and path, into text; returns text. */
static const char *
url_of(const struct build *b, const char *path, char text[MOST_VALUE])
{
	struct gs_buf u;

	gs_buf_init(&u, MOST_VALUE);
	gs_snom_params_put_url(b->p, &u, path);
	size_t n = u.n < MOST_VALUE ? u.n : MOST_VALUE - 1;
	if (n > 0)
		memcpy(text, u.p, n);
	text[n] = '\0';
	gs_buf_free(&u);
	return text;
}

/* Leaves out what is added before gs_snom_template_end() if this column is
 * empty, or (GS_OP_UNLESS) if it is not. */
static size_t
begin_if(struct gs_snom_template *p, enum gs_snom_op_kind kind, int column)
{
	return gs_snom_template_add(p,
	    (struct gs_snom_op){ .kind = (uint8_t)kind,
		.head = true,
		.column = (uint16_t)column });
}

/* The rendered value of a setting by the table; NULL: none. text is room for
 * it. */
static const char *
usual_value(const struct build *b, const struct gs_snom_def *d,
    char text[MOST_VALUE])
{
	const char *value =
	    gs_snom_params_get(b->p, (enum gs_snom_param)d->param);
	const char *host = gs_snom_params_get(b->p, GS_P_SIP_HOST);
	bool v6 = strchr(host, ':') != NULL;

	switch (d->param) {
	case 0: return b->legacy && d->legacy != NULL ? d->legacy : d->value;
	case GS_P_AUTH_TAG: return strcmp(value, "80") == 0 ? "off" : "on";
	case GS_P_TRANSPORT:
		if (b->legacy && strcmp(value, "udp") == 0)
			return "";
		(void)snprintf(text, MOST_VALUE, "%s%s%s:%s;transport=%s",
		    v6 ? "[" : "", *host != '\0' ? host : "{host}",
		    v6 ? "]" : "", gs_snom_params_get(b->p, GS_P_SIP_PORT),
		    value);
		return text;
	case GS_P_FIRMWARE_URL:
		return *value == '\0' ? NULL : url_of(b, value, text);
	default:
		return *value == '\0' ||
			((d->marks & GS_MARK_IF_ON) != 0 &&
			    strcmp(value, "on") != 0) ?
		    NULL :
		    value;
	}
}

/* ---- identities */

/* A mailbox has its own column: if it is empty, the setting is left out. */
static void
put_mailbox(struct build *b, struct gs_snom_template *p, const char *name,
    unsigned idx, int column)
{
	size_t at = gs_snom_template_add(p,
	    (struct gs_snom_op){ .kind = GS_OP_IF,
		.column = (uint16_t)column });

	put_element(b, p, name, idx, true, "{mailbox}");
	gs_snom_template_end(p, at);
}

/* The settings of one identity. An unused one has only those about
 * encryption. */
static void
build_identity(struct build *b, struct gs_snom_template *p, unsigned idx,
    bool active)
{
	char text[MOST_VALUE];

	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		if (!is_main(d))
			continue;
		const struct gs_snom_param_extra *e =
		    find_extra(b->p, true, gs_span_of(d->name));
		const char *value = usual_value(b, d, text);
		if (is_left_out(b, d) && e == NULL)
			continue;
		if (!active && d->inactive != NULL)
			value = d->inactive;
		else if (active && e != NULL)
			value = e->value;
		int column = d->column != 0 && e == NULL ?
		    b->holes.phones->column[d->column] :
		    -1;
		if (column == -1)
			put_element(b, p, d->name, idx, true, value);
		else if (active)
			put_mailbox(b, p, d->name, idx, column);
	}
	for (size_t i = 0; i < b->p->extras; i++) {
		const struct gs_snom_param_extra *e = &b->p->extra[i];
		if (e->identity &&
		    !is_main(gs_snom_def_find(gs_span_of(e->name))))
			put_element(b, p, e->name, idx, true,
			    active ? e->value : "");
	}
}

/* The choices of GS5, unless set otherwise; idx 0: of the phone. */
static void
build_usual(struct build *b, struct gs_snom_template *p, unsigned idx)
{
	enum gs_snom_scope scope = idx > 0 ? GS_SCOPE_IDENTITY : GS_SCOPE_PHONE;

	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		bool in_base = b->base != NULL &&
		    gs_snom_doc_get(b->base, d->name,
			idx > 0 ? idx : GS_NO_IDX) != NULL;
		if (d->scope == scope && d->part == GS_PART_USUAL && !in_base &&
		    !is_set(b, idx > 0, gs_span_of(d->name)))
			put_element(b, p, d->name, idx, false, d->value);
	}
}

static void
build_identities(struct build *b)
{
	for (unsigned i = 0; i < GS_SNOM_IDENTITIES; i++) {
		build_identity(b, &b->r->active[i], i + 1, true);
		build_usual(b, &b->r->active[i], i + 1);
		build_identity(b, &b->r->inactive[i], i + 1, false);
		build_usual(b, &b->r->inactive[i], i + 1);
	}
}

/* ---- the phone */

/* A setting of the phone; phone.NAME replaces its value. */
static void
put_setting(struct build *b, const char *name, bool locked, const char *value)
{
	const struct gs_snom_param_extra *e =
	    find_extra(b->p, false, gs_span_of(name));

	note_name(b, name);
	put_element(b, &b->r->front, name, 0, locked,
	    e != NULL ? e->value : value);
}

static void
build_server(struct build *b)
{
	const char *path = gs_snom_params_get(b->p, GS_P_SETTING_PATH);
	int key = b->holes.phones->column[GS_C_KEY];
	struct gs_snom_template *p = &b->r->front;
	char url[MOST_VALUE];

	if (*path != '\0' || key == -1 ||
	    !gs_snom_params_on(b->p, GS_P_PROVISIONING_KEY)) {
		url_of(b, *path != '\0' ? path : "settings-{mac}.xml", url);
		put_setting(b, "setting_server", false, url);
		return;
	}
	size_t at = begin_if(p, GS_OP_IF, key);
	url_of(b, "snom-{provisioning_key}.xml", url);
	put_setting(b, "setting_server", false, url);
	gs_snom_template_end(p, at);
	at = begin_if(p, GS_OP_UNLESS, key);
	url_of(b, "settings-{mac}.xml", url);
	put_element(b, p, "setting_server", 0, false, url);
	gs_snom_template_end(p, at);
}

/* The value of the column; if it is empty, value (NULL: nothing). */
static void
put_column(struct build *b, const struct gs_snom_def *d, int column,
    const char *value)
{
	struct gs_snom_template *p = &b->r->front;
	char hole[64];

	(void)snprintf(hole, sizeof(hole), "{%s}", d->name);
	size_t at = begin_if(p, GS_OP_IF, column);
	put_setting(b, d->name, false, hole);
	gs_snom_template_end(p, at);
	if (value == NULL)
		return;
	at = begin_if(p, GS_OP_UNLESS, column);
	put_element(b, p, d->name, 0, false, value);
	gs_snom_template_end(p, at);
}

static void
build_main(struct build *b, const struct gs_snom_def *d)
{
	int column = b->holes.phones->column[d->column];
	bool locked = (d->marks & GS_MARK_LOCKED) != 0;
	char text[MOST_VALUE];
	const char *value = usual_value(b, d, text);

	bool has_column = d->column != 0 && column != -1;
	if (d->param != 0 && has_column &&
	    find_extra(b->p, false, gs_span_of(d->name)) == NULL) {
		put_column(b, d, column, value);
		return;
	}
	if (value == NULL || is_left_out(b, d))
		return;
	if (d->column == 0 || d->param != 0) {
		put_setting(b, d->name, locked, value);
		return;
	}
	if (column == -1 ||
	    find_extra(b->p, false, gs_span_of(d->name)) != NULL)
		return;
	size_t at = begin_if(&b->r->front, GS_OP_IF, column);
	put_setting(b, d->name, locked, value);
	gs_snom_template_end(&b->r->front, at);
}

static void
build_menus(struct build *b)
{
	const int *column = b->holes.phones->column;
	char path[256], url[MOST_VALUE], value[MOST_VALUE + 8];

	if (!gs_snom_params_on(b->p, GS_P_MENUS) ||
	    column[GS_C_PHONE_ID] == -1 || column[GS_C_ID] == -1)
		return;
	size_t phone = begin_if(&b->r->front, GS_OP_IF, column[GS_C_PHONE_ID]);
	size_t account = begin_if(&b->r->front, GS_OP_IF, column[GS_C_ID]);
	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		if (d->part != GS_PART_MENU)
			continue;
		(void)snprintf(path, sizeof(path),
		    "config_snom/{phone_id}/{id}/%s", d->value);
		(void)snprintf(value, sizeof(value), "url %s",
		    url_of(b, path, url));
		put_setting(b, d->name, false, value);
	}
	gs_snom_template_end(&b->r->front, account);
	gs_snom_template_end(&b->r->front, phone);
}

/* phone.NAME, for names that are not rendered otherwise. */
static void
build_extras(struct build *b)
{
	for (size_t i = 0; i < b->p->extras; i++) {
		const struct gs_snom_param_extra *e = &b->p->extra[i];
		if (!e->identity && !has_name(&b->phone, gs_span_of(e->name)))
			put_setting(b, e->name, false, e->value);
	}
}

static void
put_base(struct gs_snom_template *p, const struct gs_snom_scan *s,
    const struct gs_snom_node *n)
{
	gs_snom_template_text(p, gs_span(s->text.p + n->tag, n->end - n->tag));
	gs_snom_template_puts(p, "\n");
}

static void
build_base(struct build *b)
{
	for (size_t i = 0; b->base != NULL && i < b->base->settings; i++) {
		const struct gs_snom_setting *s = &b->base->setting[i];
		const struct gs_snom_node *n = gs_snom_doc_node(b->base, s);
		bool identity = s->idx >= 1 && s->idx <= GS_SNOM_IDENTITIES;
		if (!s->superseded && !has_name(&b->phone, n->name) &&
		    !(identity && is_set(b, true, n->name)))
			put_base(&b->r->front, &b->base->scan, n);
	}
}

static void
build_phone(struct build *b)
{
	build_server(b);
	for (size_t i = 0; i < gs_snom_def_count; i++)
		if (gs_snom_defs[i].scope == GS_SCOPE_PHONE &&
		    gs_snom_defs[i].part == GS_PART_MAIN)
			build_main(b, &gs_snom_defs[i]);
	build_menus(b);
	build_extras(b);
	build_base(b);
	build_usual(b, &b->r->front, 0);
}

/* ---- function keys, and the sections behind them */

static void
pad_key(struct gs_snom_render *r, unsigned i, struct gs_span xml)
{
	r->pad.part[i].at = (uint32_t)r->pad.text.n;
	r->pad.part[i].n = (uint32_t)xml.n + 1;
	gs_buf_put(&r->pad.text, xml.p, xml.n);
	gs_buf_putc(&r->pad.text, '\n');
}

/* The base's key of each position, GS_NO_NODE for none. */
static void
base_keys(const struct gs_snom_scan *s, uint32_t key[GS_SNOM_KEYS])
{
	uint64_t idx;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		const struct gs_snom_attr *a = gs_snom_node_is(n, "fkey") ?
		    gs_snom_scan_attr(s, n, "idx") :
		    NULL;
		if (a != NULL && n->depth == 2 &&
		    gs_span_u64(a->value, &idx) == 0 && idx < GS_SNOM_KEYS)
			key[idx] = (uint32_t)i;
	}
}

static void
build_keys(struct build *b, bool has_keys)
{
	uint32_t key[GS_SNOM_KEYS];
	const struct gs_snom_scan *s = b->base != NULL ? &b->base->scan : NULL;
	bool pad = gs_snom_params_on(b->p, GS_P_PAD_KEYS);
	char text[128];

	for (unsigned i = 0; i < GS_SNOM_KEYS; i++)
		key[i] = GS_NO_NODE;
	if (s != NULL)
		base_keys(s, key);
	b->r->keys = false;
	b->r->own_keys = has_keys;
	for (unsigned i = 0; i < GS_SNOM_KEYS; i++)
		b->r->keys = b->r->keys || key[i] != GS_NO_NODE;
	for (unsigned i = 0; (b->r->keys || has_keys) && i < GS_SNOM_KEYS;
	     i++) {
		int n = snprintf(text, sizeof(text),
		    "<fkey idx=\"%u\" context=\"active\" label=\"\" "
		    "perm=\"%s\">none </fkey>",
		    i, perm_of(b, false));
		if (key[i] != GS_NO_NODE)
			pad_key(b->r, i,
			    gs_span(s->text.p + s->node[key[i]].tag,
				s->node[key[i]].end - s->node[key[i]].tag));
		else if (pad)
			pad_key(b->r, i, gs_span(text, (size_t)n));
	}
}

static void
uploads(struct build *b)
{
	struct gs_snom_template *p = &b->r->back;
	char url[MOST_VALUE];
	int column = b->holes.phones->column[GS_C_PHONE_ID];

	if (column == -1 || !gs_snom_params_on(b->p, GS_P_MENUS))
		return;
	size_t at = begin_if(p, GS_OP_IF, column);
	gs_snom_template_puts(p, "<uploads>\n<file url=\"");
	b->holes.head = b->holes.url = true;
	put_value(b, p,
	    url_of(b, "config_snom/{phone_id}/state_settings.xml", url));
	gs_snom_template_puts(p,
	    "\" type=\"gui_xml_state_settings\"/>\n</uploads>\n");
	gs_snom_template_end(p, at);
}

static void
certificates(struct build *b)
{
	struct gs_snom_template *p = &b->r->back;
	char url[MOST_VALUE];

	if (b->p->certificates == 0)
		return;
	gs_snom_template_puts(p, "<certificates>\n");
	for (size_t i = 0; i < b->p->certificates; i++) {
		struct gs_buf x;
		gs_buf_init(&x, 8 * MOST_VALUE);
		gs_snom_text_put(&x,
		    gs_span_of(url_of(b, b->p->certificate[i], url)));
		gs_snom_template_puts(p, "<certificate url=\"");
		gs_snom_template_text(p, gs_buf_span(&x));
		gs_snom_template_puts(p, "\"/>\n");
		gs_buf_free(&x);
	}
	gs_snom_template_puts(p, "</certificates>\n");
}

/* tbook, dialplan and so on of the base. */
static void
base_sections(struct build *b)
{
	const struct gs_snom_scan *s = b->base != NULL ? &b->base->scan : NULL;

	/* Only elements in <phone-settings> are settings. */
	if (s == NULL || !gs_snom_node_is(&s->node[0], "settings"))
		return;
	for (size_t i = 1; i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		if (n->depth != 1 || gs_snom_node_is(n, "phone-settings") ||
		    gs_snom_node_is(n, "functionKeys") ||
		    gs_snom_node_is(n, "uploads") ||
		    (gs_snom_node_is(n, "certificates") &&
			b->p->certificates > 0))
			continue;
		put_base(&b->r->back, s, n);
	}
}

static void
build_back(struct build *b)
{
	uploads(b);
	certificates(b);
	base_sections(b);
	gs_snom_template_puts(&b->r->back, "</settings>\n");
}

/* ---- all of it */

static void
section(struct gs_snom_template *p, const char *name, const char *e)
{
	gs_snom_template_puts(p, "<");
	gs_snom_template_puts(p, name);
	if (strcmp(e, "off") != 0) {
		gs_snom_template_puts(p, " e=\"");
		gs_snom_template_puts(p, e);
		gs_snom_template_puts(p, "\"");
	}
	gs_snom_template_puts(p, ">\n");
}

static bool
has_namespace(const struct gs_snom_scan *s)
{
	for (size_t i = 0; i < s->attrs; i++)
		if (gs_span_starts(s->attr[i].name, GS_LIT("xmlns")))
			return true;
	return false;
}

static int
check_base(const struct gs_snom_doc *base, struct gs_err *err)
{
	size_t at;

	if (base == NULL)
		return 0;
	if (base->dialect != GS_DIALECT_SETTINGS || base->settings == 0)
		return gs_err_set(err, "%s, not settings with phone-settings",
		    gs_snom_dialect_name(base->dialect));
	if (base->scan.limit)
		return gs_err_set(err,
		    "too many or too deep elements, or too many attributes");
	if (base->xml.what != GS_XML_OK)
		return gs_err_set(err, "line %llu, column %u: %s",
		    (unsigned long long)base->xml.pos.line, base->xml.pos.col,
		    base->xml.what == GS_XML_DOCTYPE ?
			"a document type declaration" :
			base->xml.why);
	if (!gs_snom_text_valid(base->scan.text, &at))
		return gs_err_set(err, "byte %zu is not UTF-8", at + 1);
	if (has_namespace(&base->scan))
		return gs_err_set(err, "namespaces cannot be merged");
	return 0;
}

static bool
has_failed(const struct gs_snom_render *r)
{
	bool bad = r->front.no_memory || r->back.no_memory ||
	    r->keys_tag.no_memory || !gs_buf_ok(&r->pad.text);

	for (size_t i = 0; i < GS_SNOM_IDENTITIES; i++)
		bad = bad || r->active[i].no_memory || r->inactive[i].no_memory;
	return bad;
}

static void
build_all(struct build *b, bool has_keys)
{
	const char *e = gs_snom_params_get(b->p, GS_P_SECTION_E);
	struct gs_snom_template *p = &b->r->front;

	gs_snom_template_puts(p,
	    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<settings>\n");
	section(p, "phone-settings", e);
	build_identities(b);
	build_phone(b);
	section(&b->r->keys_tag, "functionKeys", e);
	build_keys(b, has_keys);
	build_back(b);
}

int
gs_snom_render_init(struct gs_snom_render *r,
    const struct gs_snom_params *params, const struct gs_snom_phones *phones,
    struct gs_snom_doc *base, bool has_keys, struct gs_err *err)
{
	const char *sip_host = gs_snom_params_get(params, GS_P_SIP_HOST);
	struct build b = { .r = r,
		.p = params,
		.base = base,
		.err = err,
		.legacy = gs_snom_params_profile(params) == GS_LEGACY,
		.holes = { .phones = phones,
		    .no_host = *sip_host != '\0' ? sip_host : NULL } };

	*r = (struct gs_snom_render){ .phones = phones };
	gs_buf_init(&r->pad.text, GS_RENDER_SIZE);
	gs_snom_template_init(&r->front);
	gs_snom_template_init(&r->keys_tag);
	gs_snom_template_init(&r->back);
	for (size_t i = 0; i < GS_SNOM_IDENTITIES; i++) {
		gs_snom_template_init(&r->active[i]);
		gs_snom_template_init(&r->inactive[i]);
	}
	b.bad = check_base(base, err);
	if (b.bad == 0)
		build_all(&b, has_keys);
	if (b.bad == 0 && has_failed(r))
		b.bad = gs_err_set(err,
		    "out of memory, or the settings that all phones share are "
		    "too long");
	if (b.bad == -1)
		gs_snom_render_free(r);
	return b.bad;
}

void
gs_snom_render_free(struct gs_snom_render *r)
{
	gs_snom_template_free(&r->front);
	gs_snom_template_free(&r->keys_tag);
	gs_snom_template_free(&r->back);
	for (size_t i = 0; i < GS_SNOM_IDENTITIES; i++) {
		gs_snom_template_free(&r->active[i]);
		gs_snom_template_free(&r->inactive[i]);
	}
	gs_buf_free(&r->pad.text);
}

static void
put_keys(const struct gs_snom_render *r,
    const struct gs_snom_provkey_parts *keys, struct gs_buf *out)
{
	gs_buf_put(out, r->keys_tag.text.p, r->keys_tag.text.n);
	if (keys == NULL || keys->count == 0) {
		gs_buf_put(out, r->pad.text.p, r->pad.text.n);
	} else {
		for (unsigned i = 0; i < GS_SNOM_KEYS; i++) {
			const struct gs_snom_provkey_parts *k =
			    keys->part[i].n > 0 ? keys : &r->pad;
			gs_buf_put(out, k->text.p + k->part[i].at,
			    k->part[i].n);
		}
	}
	gs_buf_puts(out, "</functionKeys>\n");
}

int
gs_snom_render_phone(const struct gs_snom_render *r,
    const struct gs_snom_phone *ph, const struct gs_snom_provkey_parts *keys,
    struct gs_buf *out, struct gs_diags *d)
{
	const struct gs_snom_phones *p = r->phones;
	int bad = gs_snom_template_run(&r->front, ph, &ph->head, p, out, d);

	for (unsigned i = 0; i < GS_SNOM_IDENTITIES; i++) {
		bool used = i < ph->identities;
		bad |=
		    gs_snom_template_run(used ? &r->active[i] : &r->inactive[i],
			ph, used ? &ph->row[i] : &ph->head, p, out, d);
	}
	gs_buf_puts(out, "</phone-settings>\n");
	if (r->keys || (r->own_keys && keys != NULL))
		put_keys(r, keys, out);
	bad |= gs_snom_template_run(&r->back, ph, &ph->head, p, out, d);
	return bad == 0 && gs_buf_ok(out) ? 0 : -1;
}
