/* SPDX-License-Identifier: MIT */
/* The link hygiene: passwords, permissions, duplicates, indices. */
#include "snom/links_priv.h"

#include <stdio.h>

#include "base/xml.h"
#include "snom/comment.h"
#include "snom/finding_priv.h"
#include "snom/model.h"
#include "snom/settings.h"

static bool
is_default_password(struct gs_span v)
{
	return v.n == 0 ||
	    gs_snom_is_word_nocase("0000 000000 1111 1234 12345 123456 admin "
				   "password snom secret guest",
		v);
}

static void
check_passwords(struct snom_check *c)
{
	const struct gs_snom_setting *admin =
	    gs_snom_check_get(c, "admin_mode_password");
	const struct gs_snom_setting *http = gs_snom_check_get(c, "http_pass");

	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		const struct gs_snom_setting *s = d->marks & GS_MARK_PASSWORD ?
		    gs_snom_check_get(c, d->name) :
		    NULL;
		if (s != NULL && is_default_password(gs_snom_value(s)))
			CHECK(c, GS_S_FILE_PASSWORD, s, "%s is %s", d->name,
			    gs_snom_value(s).n == 0 ? "empty" :
						      "a well-known default");
	}
	if (admin != NULL && http != NULL && admin->value.n > 0 &&
	    gs_span_eq(admin->value, http->value))
		CHECK(c, GS_S_FILE_PASSWORD_SAME, http,
		    "http_pass and admin_mode_password are the same");
}

static void
check_sip_passwords(struct snom_check *c)
{
	struct gs_snom_identity id;

	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_snom_setting *pass = &c->doc->setting[i];
		if (pass->superseded ||
		    !gs_snom_node_is(gs_snom_doc_node(c->doc, pass),
			"user_pass") ||
		    !gs_snom_identity_read(&id, c->doc, pass->idx) ||
		    !id.active)
			continue;
		bool same =
		    id.name != NULL && gs_span_eq(id.name->value, pass->value);
		if (same || is_default_password(gs_snom_value(pass)))
			CHECK(c, GS_S_FILE_PASSWORD, pass,
			    "identity %u: user_pass is %s", pass->idx,
			    pass->value.n == 0 ? "empty" :
				same           ? "the user name" :
						 "a well-known default");
	}
}

/* <firmware> in <firmware-settings> is the setting firmware. */
static void
check_firmware(struct snom_check *c)
{
	const struct gs_snom_scan *s = &c->doc->scan;
	const struct gs_snom_setting *also = gs_snom_check_get(c, "firmware");

	for (size_t i = 0; also != NULL && i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		if (n->depth == 2 && gs_snom_node_is(n, "firmware") &&
		    gs_snom_node_is(&s->node[n->parent], "firmware-settings"))
			CHECK_AT(c, GS_S_FILE_DUPLICATE, n->tag,
			    "firmware is also set in <phone-settings>, in line "
			    "%llu",
			    (unsigned long long)gs_snom_scan_pos(&c->doc->scan,
				gs_snom_doc_node(c->doc, also)->tag)
				.line);
	}
}

static void
check_duplicates(struct snom_check *c)
{
	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_snom_setting *s = &c->doc->setting[i];
		const struct gs_snom_setting *before =
		    gs_snom_doc_earlier(c->doc, s);
		if (before == NULL || s->idx == GS_BAD_IDX)
			continue;
		const struct gs_snom_node *n = gs_snom_doc_node(c->doc, s);
		struct gs_pos first = gs_snom_scan_pos(&c->doc->scan,
		    gs_snom_doc_node(c->doc, before)->tag);
		char idx[16] = "";
		if (s->idx != GS_NO_IDX)
			(void)snprintf(idx, sizeof(idx), " %u", s->idx);
		bool secures =
		    gs_snom_def_is(n->name,
			GS_MARK_LOCKED | GS_MARK_HARDENED | GS_MARK_SECRET) ||
		    gs_snom_node_is(n, "setting_server");
		CHECK_AT(c,
		    c->how->served && secures ? GS_S_FILE_INJECTED :
						GS_S_FILE_DUPLICATE,
		    n->tag, "%.*s%s is already set in line %llu%s",
		    GS_CUT(n->name, 64), idx, (unsigned long long)first.line,
		    gs_span_eq(gs_snom_value(s), gs_snom_value(before)) ?
			"" :
			"; it is not known which one the phone uses");
	}
}

/* R, RW, &, $, !, empty, one blank; V alone or with one of them. */
static bool
is_perm(struct gs_span v)
{
	if (v.n > 0 && v.p[v.n - 1] == 'V')
		v.n--;
	else if (v.n > 1 && v.p[0] == 'V')
		v = gs_span_skip(v, 1);
	return v.n == 0 || gs_span_eq(v, GS_LIT(" ")) ||
	    gs_snom_is_word("R RW & $ !", v);
}

static void
check_perms(struct snom_check *c)
{
	size_t missing = 0, first = 0, kept = 0, first_kept = 0;

	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_snom_setting *s = &c->doc->setting[i];
		const struct gs_snom_node *n = gs_snom_doc_node(c->doc, s);
		if (s->perm.p == NULL)
			first = missing++ == 0 ? n->tag : first;
		else if (!is_perm(s->perm))
			CHECK_AT(c, GS_S_FILE_PERM, n->tag,
			    "%.*s: unknown perm '%.*s'", GS_CUT(n->name, 64),
			    GS_CUT(s->perm, 16));
		else if (gs_snom_perm_is_kept(s) &&
		    gs_snom_def_is(n->name, GS_MARK_CREDENTIAL))
			first_kept = kept++ == 0 ? n->tag : first_kept;
	}
	if (missing > 0)
		CHECK_AT(c, GS_S_FILE_PERM_MISSING, first,
		    "%zu setting%s without perm; this is the first", missing,
		    gs_plural(missing));
	if (kept > 0)
		CHECK_AT(c, GS_S_FILE_PERM_KEPT, first_kept,
		    "%zu credential%s with perm !; this is the first: a later "
		    "change is refused",
		    kept, gs_plural(kept));
}

static void
check_identity_idx(struct snom_check *c)
{
	/* Numbers of a base's handsets may be higher. */
	if (c->doc->dialect == GS_DIALECT_DECT)
		return;
	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_snom_setting *s = &c->doc->setting[i];
		const struct gs_snom_node *n = gs_snom_doc_node(c->doc, s);
		if (!gs_snom_def_is(n->name, GS_MARK_INDEXED))
			continue;
		const struct gs_snom_attr *a =
		    gs_snom_scan_attr(&c->doc->scan, n, "idx");
		if (s->idx == GS_NO_IDX || s->idx < 1 ||
		    s->idx > GS_SNOM_IDENTITIES)
			CHECK_AT(c, GS_S_FILE_INDEX, n->tag, "%.*s: %s",
			    GS_CUT(n->name, 64),
			    a == NULL ? "idx is missing" :
					"idx is not 1 to 12");
	}
}

static void
check_keys(struct snom_check *c)
{
	const struct gs_snom_scan *s = &c->doc->scan;
	uint8_t seen[GS_SNOM_KEYS] = { 0 };
	size_t locked = 0, first = 0;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		if (!gs_snom_node_is(n, "fkey") || n->parent == GS_NO_NODE ||
		    !gs_snom_node_is(&s->node[n->parent], "functionKeys"))
			continue;
		const struct gs_snom_attr *a = gs_snom_scan_attr(s, n, "idx");
		const struct gs_snom_attr *perm =
		    gs_snom_scan_attr(s, n, "perm");
		uint64_t v;
		if (perm != NULL && gs_span_eq(perm->value, GS_LIT("R")))
			first = locked++ == 0 ? n->tag : first;
		if (a == NULL ||
		    gs_span_u64(gs_snom_doc_decode(c->doc, a->value), &v) ==
			-1 ||
		    v >= GS_SNOM_KEYS)
			CHECK_AT(c, GS_S_FILE_INDEX, n->tag,
			    "fkey: idx is not 0 to %d", GS_SNOM_KEYS - 1);
		else if (seen[v]++ == 1)
			CHECK_AT(c, GS_S_FILE_DUPLICATE, n->tag,
			    "duplicate fkey %u", (unsigned)v);
	}
	if (locked > 0)
		CHECK_AT(c, GS_S_FILE_KEY_LOCKED, first,
		    "%zu function keys have perm R; this is the first: the "
		    "phone logs that it may not write them",
		    locked);
}

static void
check_sections(struct snom_check *c)
{
	static const char known[] =
	    "phone-settings functionKeys tbook dialplan ReplacementPlan "
	    "uploads certificates firmware-settings gui-languages "
	    "web-languages";
	const struct gs_snom_scan *s = &c->doc->scan;

	if (c->doc->dialect != GS_DIALECT_SETTINGS ||
	    !gs_snom_node_is(&s->node[0], "settings"))
		return;
	for (size_t i = 1; i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		if (n->depth == 1 && !gs_snom_is_word(known, n->name) &&
		    !gs_snom_node_is(n, "setting-files"))
			CHECK_AT(c, GS_S_FILE_SECTION, n->tag,
			    "unknown section <%.*s>%s", GS_CUT(n->name, 64),
			    gs_snom_node_is(n, "function-keys") ?
				"; did you mean <functionKeys>?" :
				"");
	}
}

/* Snom documents <setting-files> as the whole of a file only. A phone that
 * reads it elsewhere may take any setting from the files that it names. */
static void
check_more_files(struct snom_check *c)
{
	const struct gs_snom_scan *s = &c->doc->scan;

	for (size_t i = 1; i < s->nodes; i++) {
		if (!gs_snom_node_is(&s->node[i], "setting-files"))
			continue;
		gs_snom_check_as(c, GS_S_FILE_SECTION,
		    c->how->served ? GS_ERROR : GS_WARNING, s->node[i].tag,
		    "<setting-files> inside <%.*s>: it is not documented "
		    "whether phones read it, and the files that it names were "
		    "not checked",
		    GS_CUT(s->node[0].name, 64));
		c->chain->partial = true;
		return;
	}
}

static void
check_private_key(struct snom_check *c)
{
	const struct gs_span text = c->doc->scan.text;
	struct gs_span rest = text, mark = GS_LIT("PRIVATE KEY-----");
	bool begins = true;
	size_t at;

	/* One finding for BEGIN and END. */
	for (; (at = gs_span_find(rest, mark)) != rest.n; begins = !begins) {
		rest = gs_span_skip(rest, at);
		if (begins)
			CHECK_AT(c, GS_S_FILE_PRIVATE_KEY,
			    (size_t)(rest.p - text.p),
			    "a private key in the settings: anyone who "
			    "fetches them has it");
		rest = gs_span_skip(rest, mark.n);
	}
}

/* Settings with few values. */
static void
check_values(struct snom_check *c)
{
	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		const struct gs_snom_setting *s =
		    d->words != NULL ? gs_snom_check_get(c, d->name) : NULL;
		struct gs_span v = gs_snom_value(s);
		if (s != NULL && v.n > 0 && !gs_snom_is_word(d->words, v))
			CHECK(c, GS_S_FILE_VALUE, s,
			    "%s cannot be '%.*s', only: %s", d->name,
			    GS_CUT(s->value, 40), d->words);
	}
}

/* A name that is almost one of those that secure a phone: it secures
 * nothing. */
static void
check_misspelt(struct snom_check *c)
{
	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_snom_setting *s = &c->doc->setting[i];
		struct gs_span name = gs_snom_doc_node(c->doc, s)->name;
		const char *near = gs_snom_def_near(name);
		if (near != NULL)
			CHECK(c, GS_S_FILE_NAME, s,
			    "unknown setting %.*s; did you mean %s?",
			    GS_CUT(name, 64), near);
	}
}

/* Whether a text refers to a character that needs e="2". */
static bool
has_wide_reference(struct gs_span s)
{
	uint32_t c;

	for (const char *p; (p = gs_span_chr(s, '&')) != NULL;) {
		s = gs_span_skip(s, (size_t)(p - s.p));
		if (gs_xml_get(s, &c) > 0 && c > 255)
			return true;
		s = gs_span_skip(s, 1);
	}
	return false;
}

/* The attribute e of the sections that phones read settings and keys from. */
static void
check_references(struct snom_check *c)
{
	const struct gs_snom_scan *s = &c->doc->scan;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		if (!gs_snom_node_is(n, "phone-settings") &&
		    !gs_snom_node_is(n, "functionKeys"))
			continue;
		const struct gs_snom_attr *a = gs_snom_scan_attr(s, n, "e");
		struct gs_span e = a == NULL ?
		    gs_span(NULL, 0) :
		    gs_snom_doc_decode(c->doc, a->value);
		if (e.n > 0 && !gs_snom_is_word("1 2", e))
			gs_snom_check_as(c, GS_S_FILE_E, GS_NOTE, n->tag,
			    "<%.*s e=\"%.*s\">: only 1 and 2 are known",
			    GS_CUT(n->name, 64), GS_CUT(e, 16));
		if (!gs_span_eq(e, GS_LIT("2")) &&
		    has_wide_reference(gs_snom_scan_inner(s, n)))
			CHECK_AT(c, GS_S_FILE_E, n->tag,
			    "a reference to a character above 255 requires "
			    "<%.*s e=\"2\">",
			    GS_CUT(n->name, 64));
	}
}

static void
check_injected(struct snom_check *c)
{
	const char *why;
	size_t at;

	if (c->doc->xml.what == GS_XML_OK &&
	    gs_snom_comment_is_broken(c->doc, &at, &why))
		CHECK_AT(c, GS_S_FILE_INJECTED, at,
		    "not as GS5's view writes it: %s", why);
}

void
gs_snom_check_hygiene(struct snom_check *c)
{
	const struct gs_snom_setting *type = gs_snom_check_get(c, "phone_type");

	check_private_key(c);
	check_sections(c);
	check_more_files(c);
	check_passwords(c);
	check_sip_passwords(c);
	check_injected(c);
	check_duplicates(c);
	check_firmware(c);
	check_values(c);
	check_misspelt(c);
	check_references(c);
	check_perms(c);
	check_identity_idx(c);
	check_keys(c);
	if (type != NULL)
		CHECK(c, GS_S_FILE_PHONE_TYPE, type,
		    "phone_type must not be provisioned on new firmware");
	gs_snom_check_insecure(c, GS_LINK_HYGIENE);
}
