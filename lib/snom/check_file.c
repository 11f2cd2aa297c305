/* SPDX-License-Identifier: MIT */
/* The hygiene of the file: passwords, permissions, duplicates, indices. */
#include "snom/check_priv.h"

#include <stdio.h>

#include "snom/model.h"

static bool
is_default_password(struct gs_span v)
{
	static const struct gs_span known[] = { { "0000", 4 }, { "000000", 6 },
		{ "1111", 4 }, { "1234", 4 }, { "12345", 5 }, { "123456", 6 },
		{ "admin", 5 }, { "password", 8 }, { "snom", 4 },
		{ "secret", 6 }, { "guest", 5 } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (gs_span_eqcase(v, known[i]))
			return true;
	return v.n == 0;
}

static void
check_passwords(struct check *c)
{
	static const char *const names[] = { "admin_mode_password", "http_pass",
		"webserver_admin_password", "webserver_user_password",
		"http_basic_pass", "http_engineer_pass" };
	const struct gs_setting *admin =
	    gs_doc_get(c->doc, "admin_mode_password", GS_NO_IDX);
	const struct gs_setting *http =
	    gs_doc_get(c->doc, "http_pass", GS_NO_IDX);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct gs_setting *s =
		    gs_doc_get(c->doc, names[i], GS_NO_IDX);
		if (s == NULL || !is_default_password(gs_doc_trim(s->value)))
			continue;
		GS_CHECK(c, GS_S_FILE_PASSWORD, s, "%s is %s", names[i],
		    gs_doc_trim(s->value).n == 0 ? "empty" :
						   "a well-known default");
	}
	if (admin != NULL && http != NULL && admin->value.n > 0 &&
	    gs_span_eq(admin->value, http->value))
		GS_CHECK(c, GS_S_FILE_PASSWORD_SAME, http,
		    "http_pass and admin_mode_password are the same");
}

static void
check_sip_passwords(struct check *c)
{
	struct gs_identity id;

	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_setting *pass = &c->doc->setting[i];
		if (pass->superseded || pass->value.n == 0 ||
		    !gs_node_is(gs_doc_node(c->doc, pass), "user_pass") ||
		    !gs_identity_read(&id, c->doc, pass->idx) || !id.active)
			continue;
		bool same =
		    id.name != NULL && gs_span_eq(id.name->value, pass->value);
		if (same || is_default_password(gs_doc_trim(pass->value)))
			GS_CHECK(c, GS_S_FILE_PASSWORD, pass,
			    "identity %u: user_pass is %s", pass->idx,
			    same ? "the user name" : "a well-known default");
	}
}

/* <firmware> in <firmware-settings> is the setting firmware. */
static void
check_firmware(struct check *c)
{
	const struct gs_scan *s = &c->doc->scan;
	const struct gs_setting *also =
	    gs_doc_get(c->doc, "firmware", GS_NO_IDX);

	for (size_t i = 0; also != NULL && i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		if (n->depth == 2 && gs_node_is(n, "firmware") &&
		    gs_node_is(&s->node[n->parent], "firmware-settings"))
			gs_check_at(c, GS_S_FILE_DUPLICATE, n->tag,
			    "firmware stands in <phone-settings>, too, in "
			    "line %llu",
			    (unsigned long long)gs_scan_pos(&c->doc->scan,
				gs_doc_node(c->doc, also)->tag)
				.line);
	}
}

static void
check_duplicates(struct check *c)
{
	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_setting *s = &c->doc->setting[i];
		if (s->earlier == GS_NO_SETTING)
			continue;
		const struct gs_node *n = gs_doc_node(c->doc, s);
		struct gs_pos first = gs_scan_pos(&c->doc->scan,
		    gs_doc_node(c->doc, &c->doc->setting[s->earlier])->tag);
		char idx[16] = "";
		if (s->idx != GS_NO_IDX)
			(void)snprintf(idx, sizeof(idx), " %u", s->idx);
		gs_check_at(c, GS_S_FILE_DUPLICATE, n->tag,
		    "%.*s%s stands already in line %llu; the last one wins",
		    (int)(n->name.n < 64 ? n->name.n : 64), n->name.p, idx,
		    (unsigned long long)first.line);
	}
}

/* R, RW, &, $, !, empty, one blank; V alone or with one of them. */
static bool
is_perm(struct gs_span v)
{
	static const struct gs_span known[] = { { "R", 1 }, { "RW", 2 },
		{ "&", 1 }, { "$", 1 }, { "!", 1 }, { " ", 1 }, { "", 0 } };

	if (v.n > 0 && v.p[v.n - 1] == 'V')
		v.n--;
	else if (v.n > 1 && v.p[0] == 'V')
		v = gs_span(v.p + 1, v.n - 1);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (gs_span_eq(v, known[i]))
			return true;
	return false;
}

static bool
is_credential(const struct gs_node *n)
{
	static const char *const names[] = { "user_pass", "user_hash",
		"user_pname", "user_name", "http_pass", "http_user",
		"http_client_pass", "http_client_user", "admin_mode_password",
		"webserver_admin_name", "webserver_admin_password",
		"webserver_user_name", "webserver_user_password" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (gs_node_is(n, names[i]))
			return true;
	return false;
}

static void
check_perms(struct check *c)
{
	size_t missing = 0, first = 0, kept = 0, first_kept = 0;

	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_setting *s = &c->doc->setting[i];
		const struct gs_node *n = gs_doc_node(c->doc, s);
		if (s->perm.p == NULL)
			first = missing++ == 0 ? n->tag : first;
		else if (!is_perm(s->perm))
			gs_check_at(c, GS_S_FILE_PERM, n->tag,
			    "%.*s: perm '%.*s' is unknown",
			    (int)(n->name.n < 64 ? n->name.n : 64), n->name.p,
			    (int)(s->perm.n < 16 ? s->perm.n : 16), s->perm.p);
		else if (gs_span_find(s->perm, GS_LIT("!")) != s->perm.n &&
		    is_credential(n))
			first_kept = kept++ == 0 ? n->tag : first_kept;
	}
	if (missing > 0)
		gs_check_at(c, GS_S_FILE_PERM_MISSING, first,
		    "%zu settings have no perm, this is the first", missing);
	if (kept > 0)
		gs_check_at(c, GS_S_FILE_PERM_KEPT, first_kept,
		    "%zu credentials have perm !, this is the first: a later "
		    "change of theirs is refused",
		    kept);
}

static bool
is_identity_setting(const struct gs_node *n)
{
	static const char *const names[] = { "user_active", "user_host",
		"user_name", "user_pname", "user_outbound", "user_srtp",
		"user_savp", "user_auth_tag", "user_pass", "user_realname",
		"user_idle_text" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (gs_node_is(n, names[i]))
			return true;
	return false;
}

static void
check_identity_idx(struct check *c)
{
	/* The numbers of a base's handsets go far beyond. */
	if (c->doc->dialect == GS_DIALECT_DECT)
		return;
	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_setting *s = &c->doc->setting[i];
		const struct gs_node *n = gs_doc_node(c->doc, s);
		if (!is_identity_setting(n))
			continue;
		const struct gs_attr *a = gs_scan_attr(&c->doc->scan, n, "idx");
		if (s->idx == GS_NO_IDX || s->idx < 1 ||
		    s->idx > GS_SNOM_IDENTITIES)
			gs_check_at(c, GS_S_FILE_INDEX, n->tag, "%.*s: %s",
			    (int)n->name.n, n->name.p,
			    a == NULL ? "idx is missing" :
					"idx is not 1 to 12");
	}
}

static void
check_keys(struct check *c)
{
	const struct gs_scan *s = &c->doc->scan;
	uint8_t seen[GS_SNOM_KEYS] = { 0 };
	size_t locked = 0, first = 0;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		if (!gs_node_is(n, "fkey") || n->parent == GS_NO_NODE ||
		    !gs_node_is(&s->node[n->parent], "functionKeys"))
			continue;
		const struct gs_attr *a = gs_scan_attr(s, n, "idx");
		const struct gs_attr *perm = gs_scan_attr(s, n, "perm");
		uint64_t v;
		if (perm != NULL && gs_span_eq(perm->value, GS_LIT("R")))
			first = locked++ == 0 ? n->tag : first;
		if (a == NULL ||
		    gs_span_u64(gs_doc_decode(c->doc, a->value), &v) == -1 ||
		    v >= GS_SNOM_KEYS)
			gs_check_at(c, GS_S_FILE_INDEX, n->tag,
			    "fkey: idx is not 0 to %d", GS_SNOM_KEYS - 1);
		else if (seen[v]++ == 1)
			gs_check_at(c, GS_S_FILE_DUPLICATE, n->tag,
			    "fkey %u stands already", (unsigned)v);
	}
	if (locked > 0)
		gs_check_at(c, GS_S_FILE_KEY_LOCKED, first,
		    "%zu function keys have perm R, this is the first: the "
		    "phone logs that it may not write them",
		    locked);
}

static void
check_sections(struct check *c)
{
	static const char *const known[] = { "phone-settings", "functionKeys",
		"tbook", "dialplan", "ReplacementPlan", "uploads",
		"certificates", "firmware-settings", "gui-languages",
		"web-languages", "setting-files" };
	const struct gs_scan *s = &c->doc->scan;

	if (c->doc->dialect != GS_DIALECT_SETTINGS ||
	    !gs_node_is(&s->node[0], "settings"))
		return;
	for (size_t i = 1; i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		bool is_known = n->depth != 1;
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			is_known = is_known || gs_node_is(n, known[k]);
		if (!is_known)
			gs_check_at(c, GS_S_FILE_SECTION, n->tag,
			    "the phone knows no section <%.*s>%s",
			    (int)(n->name.n < 64 ? n->name.n : 64), n->name.p,
			    gs_node_is(n, "function-keys") ?
				"; did you mean <functionKeys>?" :
				"");
	}
}

static void
check_private_key(struct check *c)
{
	struct gs_span rest = c->doc->scan.text;
	struct gs_span mark = GS_LIT("PRIVATE KEY-----");
	size_t at;

	while ((at = gs_span_find(rest, mark)) != rest.n) {
		gs_check_at(c, GS_S_FILE_PRIVATE_KEY,
		    (size_t)(rest.p - c->doc->scan.text.p) + at,
		    "a private key in the settings: whoever fetches them has "
		    "it");
		/* One finding for BEGIN and END. */
		rest = gs_span(rest.p + at + mark.n, rest.n - at - mark.n);
		at = gs_span_find(rest, mark);
		if (at == rest.n)
			break;
		rest = gs_span(rest.p + at + mark.n, rest.n - at - mark.n);
	}
}

static bool
is_one_of(const char *words, struct gs_span v)
{
	struct gs_span rest = gs_span(words, strlen(words));

	while (rest.n > 0) {
		size_t n = gs_span_find(rest, GS_LIT(" "));
		if (gs_span_eq(gs_span(rest.p, n), v))
			return true;
		n += n < rest.n;
		rest = gs_span(rest.p + n, rest.n - n);
	}
	return false;
}

/* Settings that hold one of few words (sipXecs types.xml). */
static void
check_values(struct check *c)
{
	static const struct {
		const char *name, *words;
	} list[] = {
		{ "webserver_type", "http https http_https off" },
		{ "http_scheme", "on off" },
		{ "update_policy",
		    "auto_update ask_for_update never_update_firm "
		    "never_update_boot settings_only never_update" },
		{ "pnp_config", "on off" },
		{ "subscribe_config", "on off" },
		{ "challenge_response", "on off" },
		{ "challenge_reboot", "on off" },
		{ "challenge_checksync", "on off" },
		{ "filter_registrar", "on off" },
		{ "allow_sip_settings", "on off" },
		{ "ignore_security_warning", "on off" },
		{ "check_fqdn_against_server_cert", "on off" },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		const struct gs_setting *s =
		    gs_doc_get(c->doc, list[i].name, GS_NO_IDX);
		if (s == NULL || gs_doc_trim(s->value).n == 0 ||
		    is_one_of(list[i].words, gs_doc_trim(s->value)))
			continue;
		GS_CHECK(c, GS_S_FILE_VALUE, s,
		    "%s has no value '%.*s', only: %s", list[i].name,
		    (int)(s->value.n < 40 ? s->value.n : 40), s->value.p,
		    list[i].words);
	}
}

void
gs_check_hygiene(struct check *c)
{
	const struct gs_setting *web =
	    gs_doc_get(c->doc, "webserver_type", GS_NO_IDX);
	const struct gs_setting *quiet =
	    gs_doc_get(c->doc, "ignore_security_warning", GS_NO_IDX);
	const struct gs_setting *type =
	    gs_doc_get(c->doc, "phone_type", GS_NO_IDX);

	check_private_key(c);
	check_sections(c);
	check_passwords(c);
	check_sip_passwords(c);
	check_duplicates(c);
	check_firmware(c);
	check_values(c);
	check_perms(c);
	check_identity_idx(c);
	check_keys(c);
	if (type != NULL)
		GS_CHECK(c, GS_S_FILE_PHONE_TYPE, type,
		    "phone_type must not be provisioned on new firmware");
	if (web != NULL &&
	    gs_span_starts(gs_doc_trim(web->value), GS_LIT("http")) &&
	    !gs_span_eq(gs_doc_trim(web->value), GS_LIT("https")))
		GS_CHECK(c, GS_S_FILE_WEB_PLAIN, web,
		    "webserver_type is %.*s: the phone's pages are served "
		    "without encryption",
		    (int)gs_doc_trim(web->value).n, gs_doc_trim(web->value).p);
	if (gs_word_of(quiet, false) == GS_WORD_ON)
		GS_CHECK(c, GS_S_FILE_QUIET, quiet,
		    "ignore_security_warning is on: the phone hides missing "
		    "passwords");
}
