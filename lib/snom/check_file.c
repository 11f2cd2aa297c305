/* SPDX-License-Identifier: MIT */
/* The links of trust and hygiene: certificates, passwords, permissions. */
#include "snom/check_priv.h"

#include <stdio.h>

#include "snom/model.h"

/* ---- trust */

struct rollout {
	unsigned certificates; /* that the phone will fetch or take */
	const struct gs_node *https; /* the first from the settings' host */
	struct gs_url server; /* setting_server */
	bool has_server;
};

static bool
ends_with(struct gs_span s, const char *end)
{
	size_t n = strlen(end);

	return s.n >= n &&
	    gs_span_eqcase(
		gs_span(s.p + s.n - n, n), gs_span(end, n));
}

static struct gs_span
path_of(const struct gs_url *u)
{
	size_t n = 0;

	while (n < u->rest.n && u->rest.p[n] != '?' && u->rest.p[n] != '#')
		n++;
	return gs_span(u->rest.p, n);
}

static void
check_certificate_url(struct check *c, const struct gs_node *n,
    struct gs_span text, struct rollout *r)
{
	struct gs_url u;

	r->certificates++;
	if (gs_url_parse(&u, text, NULL) == -1) {
		if (u.scheme.n == 0)
			gs_check_at(c, GS_S_PROV_URL, GS_ERROR, n->tag,
			    "the certificate's url is no URL with a scheme");
		return;
	}
	struct gs_span path = path_of(&u);
	if (!ends_with(path, ".der") && !ends_with(path, ".cer"))
		gs_check_at(c, GS_S_TRUST_FORMAT, GS_WARNING, n->tag,
		    "the certificate's URL does not end in .der: phones were "
		    "seen to take DER only");
	if (!r->has_server)
		return;
	bool same = gs_span_eqcase(u.host, r->server.host);
	if (!same)
		gs_check_at(c, GS_S_TRUST_HOST, GS_NOTE, n->tag,
		    "the certificate comes from %.*s, the settings from %.*s",
		    (int)u.host.n, u.host.p, (int)r->server.host.n,
		    r->server.host.p);
	else if (gs_url_is_https(&u) && r->https == NULL)
		r->https = n;
}

static void
check_certificates(struct check *c, struct rollout *r)
{
	const struct gs_scan *s = &c->doc->scan;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		if (gs_node_is(n, "certificate_url")) {
			gs_check_at(c, GS_S_TRUST_ELEMENT, GS_ERROR, n->tag,
			    "<certificate_url> is ignored by the phone; write "
			    "<certificates><certificate url=\"...\"/>"
			    "</certificates>");
			continue;
		}
		if (!gs_node_is(n, "certificate"))
			continue;
		const struct gs_attr *url = gs_scan_attr(s, n, "url");
		if (url != NULL)
			check_certificate_url(
			    c, n, gs_doc_decode(c->doc, url->value), r);
		else if (gs_scan_attr(s, n, "type") != NULL)
			r->certificates++;
		else
			gs_check_at(c, GS_S_TRUST_ELEMENT, GS_ERROR, n->tag,
			    "<certificate> without url is ignored by the "
			    "phone");
	}
}

static void
check_verified(struct check *c, const struct rollout *r,
    const struct gs_setting *auth)
{
	const struct gs_setting *ntp =
	    gs_doc_get(c->doc, "ntp_server", GS_NO_IDX);

	c->chain->verified = true;
	if (r->certificates == 0)
		GS_CHECK(c, GS_S_TRUST_NO_ROLLOUT, GS_WARNING, auth,
		    "the server is verified and no certificate is rolled out: "
		    "roll the CA out in a first stage");
	if (r->https != NULL)
		gs_check_at(c, GS_S_TRUST_TWO_STAGES, GS_NOTE, r->https->tag,
		    "the server is verified and its CA comes by https from "
		    "the same host: a phone without it cannot fetch it; roll "
		    "out in two stages");
	if (ntp == NULL || gs_doc_trim(ntp->value).n == 0)
		GS_CHECK(c, GS_S_TRUST_CLOCK, GS_NOTE, auth,
		    "the server is verified and ntp_server is not set: the "
		    "clock starts in 1970, before every certificate is valid");
}

void
gs_check_trust(struct check *c)
{
	struct rollout r = { .certificates = 0 };
	const struct gs_setting *server =
	    gs_doc_get(c->doc, "setting_server", GS_NO_IDX);
	const struct gs_setting *auth =
	    gs_doc_get(c->doc, "tls_server_authentication", GS_NO_IDX);
	enum gs_word word = gs_word_of(auth, false);

	r.has_server = server != NULL &&
	    gs_url_parse(
		&r.server, gs_doc_trim(server->value), NULL) == 0;
	check_certificates(c, &r);
	if (word == GS_WORD_BAD)
		GS_CHECK(c, GS_S_TRUST_VALUE, GS_ERROR, auth,
		    "tls_server_authentication is neither on nor off");
	if (word == GS_WORD_ON) {
		check_verified(c, &r, auth);
		return;
	}
	GS_CHECK(c, GS_S_TRUST_UNVERIFIED, c->stated ? GS_NOTE : GS_WARNING,
	    auth,
	    "tls_server_authentication is %s: the phone does not verify the "
	    "server", word == GS_WORD_OFF ? "off" : "not set (off)");
	if (r.certificates == 0)
		GS_CHECK(c, GS_S_TRUST_NO_ROLLOUT, GS_NOTE, auth,
		    "no certificate is rolled out");
}

/* ---- hygiene */

static bool
is_default_password(struct gs_span v)
{
	static const struct gs_span known[] = { { "0000", 4 },
		{ "000000", 6 }, { "1111", 4 }, { "1234", 4 },
		{ "12345", 5 }, { "123456", 6 }, { "admin", 5 },
		{ "password", 8 }, { "snom", 4 }, { "secret", 6 } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (gs_span_eqcase(v, known[i]))
			return true;
	return v.n == 0;
}

static void
check_passwords(struct check *c)
{
	static const char *const names[] = { "admin_mode_password",
		"http_pass", "webserver_admin_password",
		"webserver_user_password" };
	const struct gs_setting *admin =
	    gs_doc_get(c->doc, "admin_mode_password", GS_NO_IDX);
	const struct gs_setting *http =
	    gs_doc_get(c->doc, "http_pass", GS_NO_IDX);

	for (size_t i = 0; i < 4; i++) {
		const struct gs_setting *s =
		    gs_doc_get(c->doc, names[i], GS_NO_IDX);
		if (s == NULL || !is_default_password(gs_doc_trim(s->value)))
			continue;
		GS_CHECK(c, GS_S_FILE_PASSWORD, GS_WARNING, s, "%s is %s",
		    names[i],
		    gs_doc_trim(s->value).n == 0 ? "empty" :
						   "a well-known default");
	}
	if (admin != NULL && http != NULL && admin->value.n > 0 &&
	    gs_span_eq(admin->value, http->value))
		GS_CHECK(c, GS_S_FILE_PASSWORD_SAME, GS_WARNING, http,
		    "http_pass and admin_mode_password are the same");
}

static void
check_sip_passwords(struct check *c)
{
	struct gs_identity id;

	for (uint32_t i = 1; i <= GS_SNOM_IDENTITIES; i++) {
		const struct gs_setting *pass =
		    gs_doc_get(c->doc, "user_pass", i);
		if (pass == NULL || pass->value.n == 0 ||
		    !gs_identity_read(&id, c->doc, i) || !id.active)
			continue;
		bool same = id.name != NULL &&
		    gs_span_eq(id.name->value, pass->value);
		if (same || is_default_password(gs_doc_trim(pass->value)))
			GS_CHECK(c, GS_S_FILE_PASSWORD, GS_WARNING, pass,
			    "identity %u: user_pass is %s", i,
			    same ? "the user name" : "a well-known default");
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
		gs_check_at(c, GS_S_FILE_DUPLICATE, GS_WARNING, n->tag,
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
		{ "&", 1 }, { "&amp;", 5 }, { "$", 1 }, { "!", 1 },
		{ " ", 1 }, { "", 0 } };

	if (v.n > 0 && v.p[v.n - 1] == 'V')
		v.n--;
	else if (v.n > 1 && v.p[0] == 'V')
		v = gs_span(v.p + 1, v.n - 1);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (gs_span_eq(v, known[i]))
			return true;
	return false;
}

static void
check_perms(struct check *c)
{
	const struct gs_scan *s = &c->doc->scan;
	size_t missing = 0, first = 0;

	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_node *n =
		    gs_doc_node(c->doc, &c->doc->setting[i]);
		const struct gs_attr *a = gs_scan_attr(s, n, "perm");
		if (a == NULL)
			first = missing++ == 0 ? n->tag : first;
		else if (!is_perm(a->value))
			gs_check_at(c, GS_S_FILE_PERM, GS_WARNING, n->tag,
			    "%.*s: perm '%.*s' is unknown",
			    (int)(n->name.n < 64 ? n->name.n : 64), n->name.p,
			    (int)(a->value.n < 16 ? a->value.n : 16),
			    a->value.p);
	}
	if (missing > 0)
		gs_check_at(c, GS_S_FILE_PERM_MISSING, GS_NOTE, first,
		    "%zu settings have no perm, this is the first", missing);
}

static bool
is_identity_setting(const struct gs_node *n)
{
	return gs_node_is(n, "user_active") || gs_node_is(n, "user_host") ||
	    gs_node_is(n, "user_name") || gs_node_is(n, "user_outbound") ||
	    gs_node_is(n, "user_srtp") || gs_node_is(n, "user_savp") ||
	    gs_node_is(n, "user_pass");
}

static void
check_identity_idx(struct check *c)
{
	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_setting *s = &c->doc->setting[i];
		const struct gs_node *n = gs_doc_node(c->doc, s);
		if (!is_identity_setting(n))
			continue;
		const struct gs_attr *a =
		    gs_scan_attr(&c->doc->scan, n, "idx");
		if (s->idx == GS_NO_IDX || s->idx < 1 ||
		    s->idx > GS_SNOM_IDENTITIES)
			gs_check_at(c, GS_S_FILE_INDEX, GS_ERROR, n->tag,
			    "%.*s: %s", (int)n->name.n, n->name.p,
			    a == NULL ? "idx is missing" :
					"idx is not 1 to 12");
	}
}

static void
check_keys(struct check *c)
{
	const struct gs_scan *s = &c->doc->scan;
	uint8_t seen[GS_SNOM_KEYS] = { 0 };

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		if (!gs_node_is(n, "fkey") || n->parent == GS_NO_NODE ||
		    !gs_node_is(&s->node[n->parent], "functionKeys"))
			continue;
		const struct gs_attr *a = gs_scan_attr(s, n, "idx");
		uint64_t v;
		if (a == NULL || gs_span_u64(a->value, &v) == -1 ||
		    v >= GS_SNOM_KEYS)
			gs_check_at(c, GS_S_FILE_INDEX, GS_ERROR, n->tag,
			    "fkey: idx is not 0 to %d", GS_SNOM_KEYS - 1);
		else if (seen[v]++ == 1)
			gs_check_at(c, GS_S_FILE_DUPLICATE, GS_WARNING,
			    n->tag, "fkey %u stands already", (unsigned)v);
	}
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
			gs_check_at(c, GS_S_FILE_SECTION, GS_WARNING, n->tag,
			    "the phone knows no section <%.*s>%s",
			    (int)(n->name.n < 64 ? n->name.n : 64),
			    n->name.p,
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
		gs_check_at(c, GS_S_FILE_PRIVATE_KEY, GS_ERROR,
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
	check_perms(c);
	check_identity_idx(c);
	check_keys(c);
	if (type != NULL)
		GS_CHECK(c, GS_S_FILE_PHONE_TYPE, GS_WARNING, type,
		    "phone_type must not be provisioned on new firmware");
	if (web != NULL &&
	    gs_span_starts(gs_doc_trim(web->value), GS_LIT("http")) &&
	    !gs_span_eq(gs_doc_trim(web->value), GS_LIT("https")))
		GS_CHECK(c, GS_S_FILE_WEB_PLAIN, GS_WARNING, web,
		    "webserver_type is %.*s: the phone's pages are served "
		    "without encryption", (int)gs_doc_trim(web->value).n,
		    gs_doc_trim(web->value).p);
	if (gs_word_of(quiet, false) == GS_WORD_ON)
		GS_CHECK(c, GS_S_FILE_QUIET, GS_NOTE, quiet,
		    "ignore_security_warning is on: the phone hides missing "
		    "passwords");
}
