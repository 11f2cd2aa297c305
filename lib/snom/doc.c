/* SPDX-License-Identifier: MIT */
/* A Snom settings file as settings: which dialect, which name and index. */
#include "snom/doc.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "snom/settings.h"
#include "snom/text.h"

enum { DECLARATION = 256, MOST_DECODED = 8 };

static const struct {
	const char *name;
	bool read;
} dialects[] = {
	[GS_DIALECT_SETTINGS] = { "phone settings", true },
	[GS_DIALECT_SETTING_FILES] = { "setting-files", true },
	[GS_DIALECT_FIRMWARE] = { "firmware-settings", true },
	[GS_DIALECT_LANGUAGES] = { "gui-languages or web-languages", true },
	[GS_DIALECT_PART] = { "a part of settings", true },
	[GS_DIALECT_DECT] = { "settings of a DECT base", true },
	[GS_DIALECT_KLE] = { "settings of a base M100 or M500", true },
	[GS_DIALECT_VISION] = { "Snom Vision settings", true },
	[GS_DIALECT_MENU] = { "a menu for the phone's display" },
	[GS_DIALECT_TEXT] = { "the old text form (name!: value)" },
	[GS_DIALECT_HTML] = { "an HTML page" },
	[GS_DIALECT_UTF16] = { "UTF-16" },
	[GS_DIALECT_HTTP] = { "an answer with its HTTP headers (curl -i)" },
	[GS_DIALECT_EMPTY] = { "empty" },
	[GS_DIALECT_OTHER] = { "no Snom settings" },
};

const char *
gs_snom_dialect_name(enum gs_snom_dialect d)
{
	return dialects[d].name;
}

/* Whether its settings are understood. */
static bool
is_read(enum gs_snom_dialect d)
{
	return dialects[d].read;
}

/* "user_host1!: value": a name, possibly a flag, a colon. */
static bool
is_text_line(struct gs_span s)
{
	s = gs_span_strip(s);
	size_t n = gs_span_while(s, gs_is_word);
	if (n == 0 || !gs_is_alpha(s.p[0]))
		return false;
	bool flag = n < s.n && memchr("!&$", s.p[n], 3) != NULL;
	n += flag;
	if (n == s.n || s.p[n] != ':')
		return false;
	return flag ||
	    (n + 1 < s.n && (s.p[n + 1] == ' ' || s.p[n + 1] == '\t'));
}

static bool
has_text_lines(struct gs_span s)
{
	struct gs_span line;

	while (gs_span_line(&s, &line))
		if (is_text_line(line))
			return true;
	return false;
}

/* Only DECT bases have settings of SIP servers and of subscriptions (Wazo
 * common_dect), directly in a section. */
static bool
is_dect(const struct gs_snom_scan *s)
{
	for (size_t i = 1; i < s->nodes; i++)
		if (s->node[i].depth <= 2 &&
		    (gs_span_starts(s->node[i].name, GS_LIT("srv_")) ||
			gs_span_starts(s->node[i].name, GS_LIT("subscr_"))))
			return true;
	return false;
}

static enum gs_snom_dialect
settings_dialect(const struct gs_snom_scan *s)
{
	static const struct {
		const char *section;
		enum gs_snom_dialect dialect;
	} sections[] = { { "webserver", GS_DIALECT_VISION },
		{ "global", GS_DIALECT_VISION }, { "gui", GS_DIALECT_VISION },
		{ "sip_account", GS_DIALECT_KLE } };

	if (is_dect(s))
		return GS_DIALECT_DECT;
	for (size_t i = 1; i < s->nodes; i++)
		for (size_t k = 0; s->node[i].depth == 1 && k < 4; k++)
			if (gs_snom_node_is(&s->node[i], sections[k].section))
				return sections[k].dialect;
	return GS_DIALECT_SETTINGS;
}

static enum gs_snom_dialect
root_dialect(const struct gs_snom_scan *s)
{
	static const struct {
		const char *root;
		enum gs_snom_dialect dialect;
	} roots[] = {
		{ "setting-files", GS_DIALECT_SETTING_FILES },
		{ "firmware-settings", GS_DIALECT_FIRMWARE },
		{ "gui-languages", GS_DIALECT_LANGUAGES },
		{ "web-languages", GS_DIALECT_LANGUAGES },
		{ "functionKeys", GS_DIALECT_PART },
		{ "function-keys", GS_DIALECT_PART },
		{ "tbook", GS_DIALECT_PART },
		{ "dialplan", GS_DIALECT_PART },
		{ "ReplacementPlan", GS_DIALECT_PART },
		{ "uploads", GS_DIALECT_PART },
		{ "certificates", GS_DIALECT_PART },
	};
	const struct gs_snom_node *root = &s->node[0];

	if (gs_snom_node_is(root, "settings") ||
	    gs_snom_node_is(root, "phone-settings"))
		return settings_dialect(s);
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (gs_snom_node_is(root, roots[i].root))
			return roots[i].dialect;
	if (gs_span_starts(root->name, GS_LIT("SnomIPPhone")))
		return GS_DIALECT_MENU;
	return GS_DIALECT_OTHER;
}

static bool
is_html(const struct gs_snom_scan *s)
{
	return s->nodes > 0 &&
	    (gs_span_eqcase(s->node[0].name, GS_LIT("html")) ||
		gs_span_eqcase(s->node[0].name, GS_LIT("pre")));
}

static enum gs_snom_dialect
find_dialect(const struct gs_snom_scan *s)
{
	struct gs_span t = s->text, line;

	if (gs_span_is_utf16(t))
		return GS_DIALECT_UTF16;
	struct gs_span rest = gs_span_strip(t);
	if (!gs_span_line(&rest, &line))
		return GS_DIALECT_EMPTY;
	if (gs_span_starts(line, GS_LIT("HTTP/")))
		return GS_DIALECT_HTTP;
	/* Old settings may contain <sip:...>, so the beginning decides. */
	if (s->nodes == 0 || is_html(s) || is_text_line(line))
		return has_text_lines(t) ? GS_DIALECT_TEXT :
		    s->nodes == 0        ? GS_DIALECT_OTHER :
					   GS_DIALECT_HTML;
	return root_dialect(s);
}

/* The value of encoding= in the XML declaration. */
static struct gs_span
declared_encoding(struct gs_span t)
{
	struct gs_span key = GS_LIT("encoding");

	(void)gs_span_take(&t, GS_LIT("\xef\xbb\xbf"));
	if (!gs_span_starts(t, GS_LIT("<?xml")))
		return gs_span(NULL, 0);
	t.n = t.n < DECLARATION ? t.n : DECLARATION;
	size_t end = gs_span_find(t, GS_LIT("?>"));
	t.n = end;
	size_t at = gs_span_find(t, key);
	if (at == t.n || end == DECLARATION)
		return gs_span(NULL, 0);
	t = gs_span_strip(gs_span_skip(t, at + key.n));
	if (!gs_span_take(&t, GS_LIT("=")))
		return gs_span(NULL, 0);
	t = gs_span_strip(t);
	const char quote = t.n > 0 ? t.p[0] : '\0';
	(void)gs_span_until(&t, quote);
	return gs_span_chr(t, quote) == NULL ? gs_span(NULL, 0) :
					       gs_span_until(&t, quote);
}

static bool
contains_ascii(struct gs_span name)
{
	static const struct gs_span starts[] = { { "utf-8", 5 },
		{ "us-ascii", 8 }, { "ascii", 5 }, { "iso-8859-", 9 },
		{ "iso_8859-", 9 }, { "latin1", 6 }, { "windows-125", 11 },
		{ "utf8", 4 } };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (gs_span_begins(name, starts[i]))
			return true;
	return name.n == 0;
}

struct gs_span
gs_snom_doc_decode(struct gs_snom_doc *d, struct gs_span s)
{
	bool plain = s.n == 0 ||
	    (memchr(s.p, '&', s.n) == NULL && memchr(s.p, '<', s.n) == NULL &&
		memchr(s.p, '\r', s.n) == NULL);

	if (plain)
		return s;
	/* Decoding never makes text longer, but each text may be decoded more
	 * than once; unused room costs nothing. */
	if (d->pool.size == 0 && gs_buf_space(&d->pool, d->pool.max) == NULL)
		return s;
	size_t from = d->pool.n;
	if (d->pool.max - from < s.n)
		return s;
	gs_snom_text_decode(&d->pool, s);
	return gs_span(d->pool.p + from, d->pool.n - from);
}

struct gs_span
gs_snom_doc_text(struct gs_snom_doc *d, const struct gs_snom_node *n)
{
	return gs_snom_doc_decode(d, gs_snom_scan_inner(&d->scan, n));
}

/* The slot of this name and idx, or the free one for it. */
static uint32_t *
slot_of(const struct gs_snom_doc *d, struct gs_span name, uint32_t idx)
{
	for (size_t h = (size_t)gs_hash_add(gs_span_hash(name), idx);; h++) {
		uint32_t *slot = &d->table[h & d->mask];
		if (*slot == GS_NO_SETTING)
			return slot;
		const struct gs_snom_setting *s = &d->setting[*slot];
		if (s->idx == idx &&
		    gs_span_eq(d->scan.node[s->node].name, name))
			return slot;
	}
}

static bool
is_setting(const struct gs_snom_scan *s, const struct gs_snom_node *n,
    bool dect)
{
	static const char *const names[] = { "phone-settings",
		/* of DECT bases */
		"global", "server", "extension" };

	if (n->parent == GS_NO_NODE || n->depth > 2)
		return false;
	/* A phone-settings inside another one is not a section. */
	if (n->depth == 2 && gs_snom_node_is(&s->node[0], names[0]))
		return false;
	for (size_t i = 0; i < (dect ? 4 : 1); i++)
		if (gs_snom_node_is(&s->node[n->parent], names[i]))
			return true;
	return false;
}

/* An attribute's decoded value; p is NULL if it has none. */
static struct gs_span
attr_text(struct gs_snom_doc *d, const struct gs_snom_node *n, const char *name)
{
	const struct gs_snom_attr *a = gs_snom_scan_attr(&d->scan, n, name);

	return a == NULL ? gs_span(NULL, 0) : gs_snom_doc_decode(d, a->value);
}

static uint32_t
read_idx(struct gs_snom_doc *d, const struct gs_snom_node *n)
{
	struct gs_span idx = attr_text(d, n, "idx");
	uint64_t v;

	if (idx.p == NULL)
		return GS_NO_IDX;
	return gs_span_u64(idx, &v) == -1 || v > 100000 ? GS_BAD_IDX :
							  (uint32_t)v;
}

static void
add_setting(struct gs_snom_doc *d, uint32_t node)
{
	const struct gs_snom_node *n = &d->scan.node[node];
	struct gs_snom_setting *s = &d->setting[d->settings];

	*s = (struct gs_snom_setting){ .node = node,
		.idx = read_idx(d, n),
		.earlier = GS_NO_SETTING,
		.perm = attr_text(d, n, "perm"),
		.value =
		    n->children ? gs_span(NULL, 0) : gs_snom_doc_text(d, n) };
	uint32_t *slot = slot_of(d, n->name, s->idx);
	if (*slot != GS_NO_SETTING) {
		s->earlier = *slot;
		d->setting[*slot].superseded = true;
	}
	*slot = (uint32_t)d->settings++;
}

static int
index_settings(struct gs_snom_doc *d, struct gs_err *err)
{
	bool dect = d->dialect == GS_DIALECT_DECT;
	size_t n = 0, size = 16;

	for (size_t i = 0; i < d->scan.nodes; i++)
		n += is_setting(&d->scan, &d->scan.node[i], dect);
	while (size < 2 * n)
		size *= 2;
	d->mask = size - 1;
	d->setting = reallocarray(NULL, n + 1, sizeof(*d->setting));
	d->table = reallocarray(NULL, size, sizeof(*d->table));
	if (d->setting == NULL || d->table == NULL)
		return gs_err_set(err, "out of memory");
	for (size_t i = 0; i < size; i++)
		d->table[i] = GS_NO_SETTING;
	for (size_t i = 0; i < d->scan.nodes; i++)
		if (is_setting(&d->scan, &d->scan.node[i], dect))
			add_setting(d, (uint32_t)i);
	return 0;
}

int
gs_snom_doc_judged(const char *name, const struct gs_snom_doc *d,
    struct gs_err *err)
{
	return is_read(d->dialect) ?
	    0 :
	    gs_err_set(err,
		"%s: %s: not XML settings of a phone, nothing was checked",
		name, gs_snom_dialect_name(d->dialect));
}

bool
gs_snom_doc_is_page(const struct gs_snom_doc *d)
{
	return d->scan.nodes > 0 &&
	    (d->dialect == GS_DIALECT_MENU || d->dialect == GS_DIALECT_OTHER);
}

int
gs_snom_doc_read(struct gs_snom_doc *d, struct gs_span bytes,
    struct gs_err *err)
{
	*d = (struct gs_snom_doc){ .mask = 0 };
	gs_buf_init(&d->pool, MOST_DECODED * bytes.n + 1);
	if (gs_snom_scan(&d->scan, bytes, err) == -1)
		return -1;
	d->dialect = find_dialect(&d->scan);
	if (!is_read(d->dialect) && !gs_snom_doc_is_page(d))
		return 0;
	struct gs_span encoding = declared_encoding(bytes);
	d->encoding_bad = !contains_ascii(encoding);
	d->utf8 =
	    encoding.n == 0 || gs_snom_is_word_nocase("utf-8 utf8", encoding);
	/* What is beyond the limits is refused anyway, and may take libxml2
	 * long. */
	int bad = d->scan.limit ? 0 : gs_snom_xml_judge(&d->scan, &d->xml, err);
	if (bad == 0 && d->xml.what == GS_XML_DIFFERS && !d->encoding_bad)
		bad = gs_err_set(err,
		    "libxml2 and the scanner read this file differently; "
		    "please report it");
	if (bad == 0)
		bad = index_settings(d, err);
	if (bad == -1)
		gs_snom_doc_free(d);
	return bad;
}

void
gs_snom_doc_free(struct gs_snom_doc *d)
{
	gs_snom_scan_free(&d->scan);
	gs_buf_free(&d->pool);
	free(d->setting);
	free(d->table);
	*d = (struct gs_snom_doc){ .mask = 0 };
}

const struct gs_snom_setting *
gs_snom_doc_get(const struct gs_snom_doc *d, const char *name, uint32_t idx)
{
	if (d->table == NULL)
		return NULL;
	uint32_t at = *slot_of(d, gs_span_of(name), idx);
	return at == GS_NO_SETTING ? NULL : &d->setting[at];
}

const struct gs_snom_setting *
gs_snom_doc_earlier(const struct gs_snom_doc *d,
    const struct gs_snom_setting *s)
{
	return s->earlier == GS_NO_SETTING ? NULL : &d->setting[s->earlier];
}

struct gs_span
gs_snom_value(const struct gs_snom_setting *s)
{
	return s == NULL ? gs_span(NULL, 0) : gs_span_strip(s->value);
}

bool
gs_snom_doc_is_list(const struct gs_snom_doc *d, const struct gs_snom_node *n)
{
	return gs_snom_node_is(n, "certificates") &&
	    (n->parent == GS_NO_NODE ||
		gs_snom_node_is(&d->scan.node[n->parent], "settings"));
}

bool
gs_snom_doc_is_listed(const struct gs_snom_doc *d, const struct gs_snom_node *n)
{
	return n->parent != GS_NO_NODE &&
	    gs_snom_doc_is_list(d, &d->scan.node[n->parent]);
}
