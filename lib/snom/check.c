/* SPDX-License-Identifier: MIT */
/* The rules of the secure chain over one settings file. */
#include "snom/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/xml.h"
#include "snom/chain.h"
#include "snom/comment.h"
#include "snom/der.h"
#include "snom/doc.h"
#include "snom/model.h"
#include "snom/params.h"
#include "snom/settings.h"
#include "snom/url.h"

struct check {
	struct gs_snom_doc *doc;
	struct gs_diags *d;
	struct gs_snom_chain *chain;
	bool partial;
	const struct gs_snom_check_options *how;
	unsigned firmware; /* the lowest that the file names (GS_FIRMWARE),
			    * 0: none */
	/* Nothing says that the phone keeps the firmware it has. */
	bool updates;
};

/* Adds a finding at an offset of the file; SIZE_MAX: about all of it. */
static void check_as(struct check *c, enum gs_snom_rule rule,
    enum gs_severity severity, size_t offset, const char *fmt, ...)
    GS_PRINTF(5, 6);

static void
check_as(struct check *c, enum gs_snom_rule rule, enum gs_severity severity,
    size_t offset, const char *fmt, ...)
{
	const struct gs_rule *r = &gs_snom_rules.rule[rule];
	struct gs_pos pos = { 0, 0 };
	char text[768];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (offset != SIZE_MAX)
		pos = gs_snom_scan_pos(&c->doc->scan, offset);
	(void)gs_diag_as(c->d, r, severity, pos, "%s%s", text,
	    !c->partial                        ? "" :
		c->doc->xml.what == GS_XML_BAD ? " (partial: the file is not "
						 "well-formed)" :
						 " (partial)");
	c->chain->found[gs_snom_link_of(r)][severity]++;
}

/* The same with the rule's usual severity. */
#define check_at(c, r, ...)                                                    \
	check_as(c, r, gs_snom_rules.rule[r].severity, __VA_ARGS__)

/* Where a setting's start tag is; s may be NULL. */
static size_t
tag_of(const struct check *c, const struct gs_snom_setting *s)
{
	return s == NULL ? SIZE_MAX : gs_snom_doc_node(c->doc, s)->tag;
}

#define CHECK(c, r, s, ...) check_at(c, r, tag_of(c, s), __VA_ARGS__)

/* The same about an identity, or a base's server, which the text begins
 * with. */
static void check_id(struct check *c, const struct gs_snom_identity *id,
    enum gs_snom_rule rule, enum gs_severity severity,
    const struct gs_snom_setting *s, const char *fmt, ...) GS_PRINTF(6, 7);

static void
check_id(struct check *c, const struct gs_snom_identity *id,
    enum gs_snom_rule rule, enum gs_severity severity,
    const struct gs_snom_setting *s, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	check_as(c, rule, severity, tag_of(c, s), "%s %u: %s",
	    c->chain->dect ? "server" : "identity", id->idx, text);
}

#define CHECK_ID(c, id, r, ...)                                                \
	check_id(c, id, r, gs_snom_rules.rule[r].severity, __VA_ARGS__)

/* A setting of the phone, or NULL. */
static const struct gs_snom_setting *
find(const struct check *c, const char *name)
{
	return gs_snom_doc_get(c->doc, name, GS_NO_IDX);
}

/* "on", "off", or "not set" with the phone's default. */
static const char *
state_of(enum gs_snom_word w, const char *name, char text[32])
{
	if (w != GS_WORD_UNSET)
		return w == GS_WORD_ON ? "on" : "off";
	(void)snprintf(text, 32, "not set (%s)",
	    gs_snom_def_find(gs_span(name, strlen(name)))->unset);
	return text;
}

/* Adds a finding if perm lets the user change s, and so switch off what is
 * named; id is NULL for a setting of the phone. */
static void
check_lock(struct check *c, enum gs_snom_rule rule,
    const struct gs_snom_setting *s, const struct gs_snom_identity *id,
    const char *what)
{
	const char *how = gs_snom_perm_is_kept(s) ?
	    "; perm ! keeps that, whatever this file says" :
	    "";

	if (!gs_snom_perm_is_writable(s))
		return;
	if (id != NULL)
		CHECK_ID(c, id, rule, s,
		    "the user can switch %s off%s; use perm R", what, how);
	else
		CHECK(c, rule, s, "the user can switch %s off%s; use perm R",
		    what, how);
}

/* Whether a setting, each time it is there, has a value. */
static bool
is_given(const struct check *c, const char *name)
{
	const struct gs_snom_setting *s = find(c, name);
	bool given = s != NULL;

	for (; s != NULL; s = gs_snom_doc_earlier(c->doc, s))
		given = given && gs_snom_value(s).n > 0;
	return given;
}

static bool
is_word_off(const struct gs_snom_setting *s)
{
	return gs_span_eq(gs_snom_value(s), GS_LIT("off"));
}

/* Whether the phone's default is the one in the table. */
static bool
is_absent(const struct check *c, const struct gs_snom_def *d)
{
	const struct gs_snom_setting *web = find(c, "webserver_type");

	if (d->absent == NULL || is_given(c, d->name) ||
	    (d->safe_from > 0 && c->updates && c->firmware >= d->safe_from))
		return false;
	if ((d->marks & GS_MARK_WEB) != 0 && web != NULL &&
	    gs_snom_is_sure(c->doc, web, is_word_off))
		return false;
	return d->instead == NULL || gs_snom_value(find(c, d->instead)).n == 0;
}

/* Whether the firmware named in the file lacks a setting. */
static bool
is_too_new(const struct check *c, const struct gs_snom_def *d)
{
	return c->firmware > 0 && c->firmware < d->since;
}

/* A value of d, or one that its perm does not bring to the phone. */
static void
check_value(struct check *c, const struct gs_snom_def *d,
    const struct gs_snom_setting *s)
{
	struct gs_span v = gs_snom_value(s);

	if (v.n > 0 && gs_snom_is_word(d->insecure, v))
		CHECK(c, d->rule, s, "%s is %.*s: %s", d->name, GS_CUT(v, 64),
		    d->risk);
	else if (v.n > 0 && is_too_new(c, d))
		CHECK(c, d->rule, s,
		    "%s is unknown to the firmware of this file: %s", d->name,
		    d->risk);
	else if (d->insecure != NULL && gs_snom_perm_is_kept(s))
		CHECK(c, d->rule, s,
		    "%s has perm !, and the phone keeps what its user chose; "
		    "use perm R",
		    d->name);
}

/* Insecure values by the table of settings, for the rules of one link. */
static void
check_insecure(struct check *c, enum gs_snom_link link)
{
	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		if ((d->insecure == NULL && d->absent == NULL) ||
		    gs_snom_link_of(&gs_snom_rules.rule[d->rule]) != link)
			continue;
		const struct gs_snom_setting *s = find(c, d->name);
		for (const struct gs_snom_setting *each = s; each != NULL;
		     each = gs_snom_doc_earlier(c->doc, each))
			check_value(c, d, each);
		/* check_passwords() reports an empty password. */
		if (c->chain->judged && !c->chain->dect && is_absent(c, d) &&
		    (s == NULL || (d->marks & GS_MARK_PASSWORD) == 0))
			CHECK(c, d->rule, s, "%s is not set (%s)", d->name,
			    d->absent);
	}
}

/* ---- URLs: every one of the file, and who may redirect */

static bool
is_scheme_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/* The length of a scheme, backwards from "://". */
static size_t
scheme_start(struct gs_span s, size_t at)
{
	while (at > 0 && is_scheme_byte(s.p[at - 1]))
		at--;
	return at;
}

/* Whether s starts with a scheme and "://". */
static bool
scheme_at(struct gs_span s)
{
	size_t n = 0;

	while (n < s.n && is_scheme_byte(s.p[n]))
		n++;
	return n > 0 &&
	    gs_span_starts(gs_span(s.p + n, s.n - n), GS_LIT("://"));
}

/* The next URL in *s, which moves past it. Returns false at the end. */
static bool
next_url(struct gs_span *s, struct gs_span *url)
{
	if (s->n == 0 || memchr(s->p, ':', s->n) == NULL)
		return false;
	size_t at = gs_span_find(*s, GS_LIT("://"));
	if (at == s->n)
		return false;
	size_t from = scheme_start(*s, at), to = at;
	while (to < s->n && (unsigned char)s->p[to] > ' ' &&
	    memchr("\"<>|", s->p[to], 4) == NULL)
		to++;
	/* A list, or a sentence: the comma is not part of the URL. */
	for (size_t i = at + 3; i < to; i++)
		if (s->p[i] == ',' || s->p[i] == ';')
			if (scheme_at(gs_span(s->p + i + 1, to - i - 1)))
				to = i;
	while (to > at + 3 && memchr(",;)", s->p[to - 1], 3) != NULL)
		to--;
	*url = gs_span(s->p + from, to - from);
	*s = gs_span(s->p + to, s->n - to);
	return true;
}

/* What is fetched from a URL: settings with passwords, a CA, or less. */
enum weight { SETTINGS, CERTIFICATE, OTHER };

static enum weight
weight_of(const struct gs_snom_scan *s, const struct gs_snom_node *n)
{
	if (gs_snom_node_is(n, "setting_server") ||
	    gs_snom_node_is(n, "provisioning_server"))
		return SETTINGS;
	if (gs_snom_node_is(n, "certificate") ||
	    gs_snom_node_is(n, "custom_ca_cert_url") ||
	    gs_snom_node_is(n, "certificate_url") ||
	    gs_snom_node_is(n, "certificates"))
		return CERTIFICATE;
	if (gs_snom_node_is(n, "file") && n->parent != GS_NO_NODE &&
	    gs_snom_node_is(&s->node[n->parent], "setting-files"))
		return SETTINGS;
	return OTHER;
}

static bool
is_fetched(const struct gs_snom_url *u)
{
	return gs_snom_url_is_http(u) || gs_snom_url_is_https(u) ||
	    gs_span_eqcase(u->scheme, GS_LIT("tftp")) ||
	    gs_span_eqcase(u->scheme, GS_LIT("ftp"));
}

/* ---- hosts that are not the site's */

/* Whether the phone fills in the whole host: after a dot, it is a foreign
 * one. */
static bool
is_filled_in(struct gs_span host)
{
	bool other = false;

	for (size_t i = 0; i < host.n; i++)
		other |= !gs_is_alnum(host.p[i]) &&
		    memchr("${}()_-", host.p[i], 7) == NULL;
	return (host.p[0] == '$' || host.p[0] == '{') && !other;
}

/* The phone's own name for itself. */
static bool
is_phone(struct gs_span host)
{
	static const struct gs_span names[] = { { "phone", 5 },
		{ "localhost", 9 }, { "127.0.0.1", 9 }, { "::1", 3 } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (gs_snom_url_same_host(host, names[i]))
			return true;
	return false;
}

static bool
is_own_host(const struct check *c, struct gs_span host)
{
	return c->how->site == NULL || host.n == 0 || is_filled_in(host) ||
	    is_phone(host) || gs_snom_params_trusts(c->how->site, host);
}

/* Whether the phone fetches this URL on its own. */
static bool
is_fetched_from(const struct gs_snom_scan *s, const struct gs_snom_node *n)
{
	return weight_of(s, n) != OTHER ||
	    gs_span_starts(n->name, GS_LIT("firmware")) ||
	    gs_snom_node_is(n, "vision_provisioning_url") ||
	    (gs_snom_node_is(n, "file") && n->parent != GS_NO_NODE &&
		gs_snom_node_is(&s->node[n->parent], "uploads"));
}

static void
check_foreign_url(struct check *c, const struct gs_snom_node *n,
    const struct gs_snom_url *u)
{
	if (c->doc->dialect == GS_DIALECT_MENU || is_own_host(c, u->host))
		return;
	check_as(c, GS_S_URL_FOREIGN,
	    is_fetched_from(&c->doc->scan, n) ? GS_ERROR : GS_WARNING, n->tag,
	    "%.*s: the host %.*s is not one of this site's",
	    GS_CUT(n->name, 64), GS_CUT(u->host, 253));
}

/* Registrar and every proxy of an identity. */
static void
check_foreign_proxies(struct check *c, const struct gs_snom_identity *id,
    const struct gs_snom_setting *s, struct gs_span list)
{
	struct gs_span one;
	struct gs_snom_proxy p;

	while (gs_snom_proxy_next(&list, &one)) {
		gs_snom_proxy_parse(&p, one);
		if (p.port_bad || is_own_host(c, gs_snom_url_domain_of(p.host)))
			continue;
		check_id(c, id, GS_S_URL_FOREIGN, GS_ERROR, s,
		    "%.*s: the host %.*s is not one of this site's",
		    GS_CUT(gs_snom_doc_node(c->doc, s)->name, 64),
		    GS_CUT(p.host, 253));
	}
}

/* Whether host is that of base_url, or may be: a name with letters beyond
 * ASCII and one in the form of DNS are not compared. */
static bool
is_of_base(const struct check *c, struct gs_span host)
{
	struct gs_snom_url base;

	if (c->how->site == NULL)
		return false;
	const char *text = gs_snom_params_get(c->how->site, GS_P_BASE_URL);
	return gs_snom_url_parse(&base, gs_span(text, strlen(text)), NULL) ==
	    0 &&
	    (gs_snom_url_same_host(base.host, host) ||
		(gs_snom_url_is_wide(host) &&
		    gs_span_find(base.host, GS_LIT("xn--")) != base.host.n));
}

/* A page that a phone is about to receive may name any URL, but those of
 * base_url's host must be secure. */
static bool
is_left_alone(const struct check *c, struct gs_span host)
{
	return c->how->served && c->how->site != NULL &&
	    gs_snom_doc_is_page(c->doc) && !is_of_base(c, host);
}

static void
check_plain(struct check *c, const struct gs_snom_node *n,
    const struct gs_snom_url *u, const char *shown)
{
	static const struct {
		enum gs_snom_rule rule;
		const char *risk;
	} plain[] = {
		[SETTINGS] = { GS_S_PROV_PLAIN,
		    "the settings with all passwords" },
		[CERTIFICATE] = { GS_S_TRUST_PLAIN, "the certificate" },
		[OTHER] = { GS_S_PROV_PLAIN, "what it fetches" },
	};
	enum weight w = weight_of(&c->doc->scan, n);
	/* What is about to go out was hardened, or cannot be. */
	bool left = c->how->served && w == OTHER && gs_snom_url_is_http(u) &&
	    is_of_base(c, u->host);

	if (gs_snom_url_is_https(u))
		return;
	check_as(c, plain[w].rule,
	    w == SETTINGS || left ? GS_ERROR : GS_WARNING, n->tag,
	    "%.*s: %s is not encrypted: %s can be read and changed on the way",
	    GS_CUT(n->name, 64), shown, plain[w].risk);
}

static void
check_url(struct check *c, const struct gs_snom_node *n, struct gs_span text)
{
	struct gs_buf shown;
	struct gs_err why;
	struct gs_snom_url u;
	int name = (int)(n->name.n < 64 ? n->name.n : 64);

	int bad = gs_snom_url_parse(&u, text, &why);
	if (u.scheme.n == 0 || is_left_alone(c, u.host))
		return;
	if (!is_fetched(&u)) {
		if (weight_of(&c->doc->scan, n) != OTHER)
			check_at(c, GS_S_PROV_URL, n->tag,
			    "%.*s: no phone fetches from %.*s://", name,
			    n->name.p, GS_CUT(u.scheme, 16));
		return;
	}
	if (bad == -1) {
		check_at(c, GS_S_PROV_URL, n->tag,
		    "%.*s: the URL cannot be read: %s", name, n->name.p,
		    why.text);
		return;
	}
	gs_buf_init(&shown, text.n + 16);
	gs_snom_url_put_masked(&shown, &u);
	gs_buf_putc(&shown, '\0');
	const char *s = gs_buf_ok(&shown) ? (const char *)shown.p : "(URL)";
	if (gs_snom_url_contradicts(&u))
		check_at(c, GS_S_PROV_SCHEME_PORT, n->tag,
		    "%.*s: %.300s: %.*s and port %u contradict each other",
		    name, n->name.p, s, (int)u.scheme.n, u.scheme.p, u.port);
	else
		check_plain(c, n, &u, s);
	check_foreign_url(c, n, &u);
	if (u.userinfo.p != NULL)
		check_at(c, GS_S_PROV_CREDENTIALS, n->tag,
		    "%.*s: %.300s holds a user name or password", name,
		    n->name.p, s);
	gs_buf_free(&shown);
}

/* If the whole text is one URL, a blank breaks it. */
static void
check_whole(struct check *c, const struct gs_snom_node *n, struct gs_span raw)
{
	struct gs_span s = gs_snom_doc_trim(gs_snom_doc_decode(c->doc, raw));

	if (!scheme_at(s) || is_left_alone(c, gs_span(NULL, 0)))
		return;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ') {
			check_at(c, GS_S_PROV_URL, n->tag,
			    "%.*s: a blank inside the URL",
			    GS_CUT(n->name, 64));
			return;
		}
}

static void
check_text(struct check *c, const struct gs_snom_node *n, struct gs_span raw)
{
	struct gs_span url;

	/* A reference may stand for the colon. */
	if (raw.n < 4 ||
	    (memchr(raw.p, ':', raw.n) == NULL &&
		memchr(raw.p, '&', raw.n) == NULL))
		return;
	struct gs_span s = gs_snom_doc_decode(c->doc, raw);
	while (next_url(&s, &url))
		check_url(c, n, url);
}

static void
check_urls(struct check *c)
{
	const struct gs_snom_scan *s = &c->doc->scan;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		struct gs_snom_pieces p = { .at = i };
		struct gs_span piece;
		while (gs_snom_scan_piece(s, &p, &piece)) {
			check_text(c, n, piece);
			if (p.attr != NULL &&
			    gs_span_eq(p.attr->name, GS_LIT("url")))
				check_whole(c, n, piece);
		}
		if (gs_snom_node_is(n, "setting_server"))
			check_whole(c, n, gs_snom_scan_inner(s, n));
	}
}

static void
check_provisioning(struct check *c)
{
	const struct gs_snom_setting *server = find(c, "setting_server");
	struct gs_span v = gs_snom_value(server);

	if (v.n == 0)
		CHECK(c, GS_S_PROV_NO_SERVER, server,
		    "setting_server is %s: the phone keeps the address that "
		    "it has",
		    server == NULL ? "not set" : "empty");
	else if (gs_span_find(v, GS_LIT("://")) == v.n)
		CHECK(c, GS_S_PROV_URL, server,
		    "setting_server is no URL with a scheme");
	else if (gs_snom_perm_is_kept(server))
		check_as(c, GS_S_PROV_NO_SERVER, GS_WARNING, tag_of(c, server),
		    "setting_server has perm !, and the phone keeps what its "
		    "user chose; use perm RW");
	c->chain->homed = v.n > 0;
	check_insecure(c, GS_LINK_PROVISIONING);
}

/* ---- media: SRTP, its profile and its tag, of each identity */

static void
check_word(struct check *c, const struct gs_snom_identity *id,
    const struct gs_snom_setting *s, enum gs_snom_word word, bool savp)
{
	if (s == NULL)
		return;
	struct gs_span v = gs_snom_value(s);
	const struct gs_snom_node *n = gs_snom_doc_node(c->doc, s);
	bool is_case = gs_snom_is_word_nocase("on off optional mandatory", v);

	if (word == GS_WORD_BAD)
		CHECK_ID(c, id, GS_S_MEDIA_VALUE, s,
		    "%.*s has no value '%.*s', only %s%s", GS_CUT(n->name, 64),
		    GS_CUT(v, 64),
		    savp ? "off, optional and mandatory" : "on and off",
		    savp && gs_span_eqcase(v, GS_LIT("on")) ?
			"; did you mean mandatory?" :
			is_case ? "; write it in lower case" :
				  "");
	else if (v.n > 0 && v.n != s->value.n)
		CHECK_ID(c, id, GS_S_MEDIA_BLANK, s,
		    "blanks around the value of %.*s", GS_CUT(n->name, 64));
}

/* Whether DNS may choose TLS (RFC 3263 section 4.1): for a domain without port
 * and transport, not for an address. In user_outbound, a name is a host unless
 * it is that of an SRV record. */
static bool
is_left_to_dns(const struct gs_snom_identity *id)
{
	const struct gs_snom_proxy *p =
	    id->outbound_text.n > 0 ? &id->proxy : &id->registrar;

	return p->transport.p == NULL && p->port == 0 && !p->port_bad &&
	    gs_snom_url_host_kind(p->host) == GS_HOST_NAME &&
	    (id->outbound_text.n == 0 || gs_snom_url_is_srv(p->host));
}

/* srtp is on. */
static void
check_srtp_on(struct check *c, const struct gs_snom_identity *id)
{
	char state[32];

	bool named = id->host_text.n > 0 || id->outbound_text.n > 0;

	if (!id->tls && is_left_to_dns(id))
		check_id(c, id, GS_S_MEDIA_KEY_CLEAR, GS_WARNING, id->srtp,
		    "SRTP is on and nothing says TLS: the key is sent in clear "
		    "unless DNS (NAPTR, SRV) chooses TLS");
	else if (!id->tls && named)
		CHECK_ID(c, id, GS_S_MEDIA_KEY_CLEAR, id->srtp,
		    "SRTP is on and signalling is not TLS: the key is sent in "
		    "clear");
	if (id->savp_word == GS_WORD_OFF || id->savp_word == GS_WORD_UNSET)
		CHECK_ID(c, id, GS_S_MEDIA_SAVP_OFF,
		    id->savp != NULL ? id->savp : id->srtp,
		    "user_srtp is on and user_savp is %s: a=crypto in RTP/AVP, "
		    "which FreeSWITCH refuses",
		    state_of(id->savp_word, "user_savp", state));
	if (id->savp_word == GS_WORD_OPTIONAL)
		CHECK_ID(c, id, GS_S_MEDIA_OPTIONAL, id->savp,
		    "encryption of the media is optional");
	if (id->tag_word == GS_WORD_ON || id->tag_word == GS_WORD_UNSET)
		CHECK_ID(c, id, GS_S_MEDIA_TAG_32,
		    id->tag != NULL ? id->tag : id->srtp,
		    "user_auth_tag is %s: SRTP with 32 bit tags",
		    state_of(id->tag_word, "user_auth_tag", state));
	check_lock(c, GS_S_MEDIA_UNLOCKED, id->srtp, id, "user_srtp");
	check_lock(c, GS_S_MEDIA_UNLOCKED, id->savp, id, "user_savp");
}

static void
check_media(struct check *c, const struct gs_snom_identity *id)
{
	check_word(c, id, id->srtp, id->srtp_word, false);
	check_word(c, id, id->savp, id->savp_word, true);
	check_word(c, id, id->tag, id->tag_word, false);
	if (id->media_only && id->srtp_word != GS_WORD_ON)
		return;
	if (id->srtp_word == GS_WORD_ON) {
		check_srtp_on(c, id);
	} else if (id->srtp_word == GS_WORD_UNSET) {
		CHECK_ID(c, id, GS_S_MEDIA_UNSET,
		    id->srtp != NULL     ? id->srtp :
			id->host != NULL ? id->host :
					   id->name,
		    "user_srtp is not set; its default differs by firmware");
	} else if (id->srtp_word == GS_WORD_OFF) {
		if (id->savp_word == GS_WORD_MANDATORY ||
		    id->savp_word == GS_WORD_OPTIONAL)
			CHECK_ID(c, id, GS_S_MEDIA_SAVP_NO_EFFECT, id->savp,
			    "user_savp has no effect while user_srtp is off; the media "
			    "is not encrypted");
		else
			CHECK_ID(c, id, GS_S_MEDIA_NOT_ENCRYPTED, id->srtp,
			    "user_srtp is off: the media is not encrypted");
	}
}

/* ---- signalling: each identity, its registrar and proxy */

/* Whichever setting decides about the proxy. */
static const struct gs_snom_setting *
deciding(const struct gs_snom_identity *id)
{
	return id->outbound_text.n > 0 ? id->outbound : id->host;
}

static const struct gs_snom_proxy *
deciding_proxy(const struct gs_snom_identity *id)
{
	return id->outbound_text.n > 0 ? &id->proxy : &id->registrar;
}

static void
check_transport(struct check *c, const struct gs_snom_identity *id)
{
	const struct gs_snom_setting *s = deciding(id);
	const struct gs_snom_proxy *p = deciding_proxy(id);
	bool is_known = gs_snom_is_word_nocase("udp tcp tls", p->transport);
	bool exact = gs_snom_is_word("udp tcp tls", p->transport);

	if (p->transport.p != NULL && !is_known)
		CHECK_ID(c, id, GS_S_SIP_TRANSPORT, s,
		    "transport '%.*s' is none of udp, tcp, tls",
		    GS_CUT(p->transport, 64));
	else if (p->transport.p != NULL && (!exact || p->odd_case))
		CHECK_ID(c, id, GS_S_SIP_SPELLING, s,
		    "the transport is not in lower case; write transport=tls");
	if (p->blank)
		CHECK_ID(c, id, GS_S_SIP_SPELLING, s,
		    "a blank in the proxy; write host:5061;transport=tls");
	else if (s->value.n != gs_snom_value(s).n)
		check_id(c, id, GS_S_SIP_SPELLING, GS_NOTE, s,
		    "blanks around the proxy");
	if (p->transport.p == NULL && p->port == 5061 && !id->tls)
		CHECK_ID(c, id, GS_S_SIP_TRANSPORT_MISSING, s,
		    "port 5061 without transport=tls: the phone sends UDP to "
		    "the port of TLS");
	else if (!id->tls && (p->transport.p == NULL || is_known))
		CHECK_ID(c, id, GS_S_SIP_NOT_TLS, s,
		    "signalling is not encrypted%s",
		    id->outbound == NULL || id->outbound_text.n == 0 ?
			" (user_outbound is empty)" :
			"");
}

static void
check_port(struct check *c, const struct gs_snom_identity *id)
{
	const struct gs_snom_setting *s = deciding(id);
	const struct gs_snom_proxy *p = deciding_proxy(id);

	if (p->port_bad)
		CHECK_ID(c, id, GS_S_SIP_PORT, s,
		    "the port is not 1 to 65535, or an IPv6 address has no "
		    "brackets");
	else if (id->tls && p->port == 5060)
		CHECK_ID(c, id, GS_S_SIP_PORT, s,
		    "transport=tls on port 5060, the port of UDP and TCP");
	else if (p->port == 5061 &&
	    (gs_span_eqcase(p->transport, GS_LIT("udp")) ||
		gs_span_eqcase(p->transport, GS_LIT("tcp"))))
		CHECK_ID(c, id, GS_S_SIP_PORT, s,
		    "transport=%.*s on port 5061, the port of TLS",
		    GS_CUT(p->transport, 64));
	else if (id->tls && p->port == 0)
		CHECK_ID(c, id, GS_S_SIP_PORT_MISSING, s,
		    "TLS without a port; the phone takes 5061 or asks DNS");
}

/* An address or a name, not the rest of a template. */
static void
check_host(struct check *c, const struct gs_snom_identity *id,
    const struct gs_snom_setting *s, const struct gs_snom_proxy *p)
{
	const struct gs_snom_node *n = gs_snom_doc_node(c->doc, s);

	if (!p->port_bad && p->host.n > 0 &&
	    gs_snom_url_host_kind(p->host) == GS_HOST_BAD)
		CHECK_ID(c, id, GS_S_SIP_HOST, s,
		    "%.*s: '%.*s' is neither a host name nor an address",
		    GS_CUT(n->name, 64), GS_CUT(p->host, 64));
	if (gs_snom_url_is_srv(p->host))
		check_id(c, id, GS_S_SIP_HOST, GS_WARNING, s,
		    "%.*s: %.*s is the name of an SRV record; write the "
		    "domain and ;transport=tls, without a port",
		    GS_CUT(n->name, 64), GS_CUT(p->host, 64));
}

static void
check_form(struct check *c, const struct gs_snom_identity *id)
{
	const struct gs_snom_setting *s = deciding(id);
	const struct gs_snom_proxy *p = deciding_proxy(id);

	if (id->outbound_text.n > 0 && p->host.n == 0)
		CHECK_ID(c, id, GS_S_SIP_NO_HOST, s,
		    "user_outbound has no host");
	check_host(c, id, s, p);
	if (id->tls && id->backup_plain)
		check_id(c, id, GS_S_SIP_LIST, GS_WARNING, s,
		    "a later proxy of the list has no transport=tls: when it "
		    "takes over, nothing is encrypted");
	else if (p->comma)
		CHECK_ID(c, id, GS_S_SIP_LIST, s, "the proxy is a list");
	if (p->prefix.n > 0)
		check_id(c, id, GS_S_SIP_PREFIX,
		    p->prefix.n == 5 ? GS_WARNING : GS_NOTE, s,
		    "'%.*s' in front of the proxy%s", (int)p->prefix.n,
		    p->prefix.p,
		    p->prefix.n == 5 ? "; use ;transport=tls" : "");
}

/* Compares user_outbound with user_host. */
static void
check_registrar(struct check *c, const struct gs_snom_identity *id)
{
	const struct gs_snom_proxy *r = &id->registrar;
	bool named = gs_snom_value(id->name).n > 0;

	if (id->host_text.n == 0 || r->host.n == 0) {
		const struct gs_snom_setting *s = id->host != NULL ? id->host :
		    id->name != NULL                               ? id->name :
		    id->outbound != NULL ? id->outbound :
					   id->state;
		check_as(c, GS_S_SIP_REGISTRAR, named ? GS_ERROR : GS_WARNING,
		    tag_of(c, s),
		    "identity %u is active and user_host is %s: it cannot "
		    "register",
		    id->idx, id->host == NULL ? "not set" : "empty");
		return;
	}
	if (id->outbound_text.n > 0) {
		check_host(c, id, id->host, r);
		if (r->blank || id->host->value.n != id->host_text.n)
			check_id(c, id, GS_S_SIP_SPELLING,
			    r->blank ? GS_WARNING : GS_NOTE, id->host,
			    "blanks in user_host");
		if (r->prefix.n > 0)
			CHECK_ID(c, id, GS_S_SIP_PREFIX, id->host,
			    "'%.*s' in user_host", (int)r->prefix.n,
			    r->prefix.p);
		if (r->port_bad)
			CHECK_ID(c, id, GS_S_SIP_PORT, id->host,
			    "the port in user_host is not 1 to 65535, or an IPv6 "
			    "address has no brackets");
	}
	if (id->outbound_text.n > 0 && r->transport.p != NULL &&
	    id->proxy.transport.p != NULL &&
	    !gs_span_eqcase(r->transport, id->proxy.transport))
		CHECK_ID(c, id, GS_S_SIP_HOST_TRANSPORT, id->host,
		    "user_host and user_outbound name different transports");
	else if (r->transport.p != NULL)
		CHECK_ID(c, id, GS_S_SIP_HOST_TRANSPORT, id->host,
		    "user_host contains a transport; it belongs in "
		    "user_outbound");
	else if (r->port != 0)
		check_id(c, id, GS_S_SIP_HOST_TRANSPORT, GS_NOTE, id->host,
		    "user_host has a port; it becomes part of the domain");
}

/* A template that wrote the proxy's parameters in place of a name. */
static void
check_names(struct check *c, const struct gs_snom_identity *id)
{
	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		const struct gs_snom_setting *s = d->marks & GS_MARK_SHOWN ?
		    gs_snom_doc_get(c->doc, d->name, id->idx) :
		    NULL;
		if (s != NULL &&
		    gs_span_find(s->value, GS_LIT(";transport=")) != s->value.n)
			CHECK_ID(c, id, GS_S_SIP_STRAY, s,
			    "%s contains a transport", d->name);
	}
}

static bool
is_encrypted(const struct gs_snom_identity *id)
{
	return id->srtp_word == GS_WORD_ON &&
	    (id->savp_word == GS_WORD_OPTIONAL ||
		id->savp_word == GS_WORD_MANDATORY);
}

static void
check_identity(struct check *c, const struct gs_snom_identity *id)
{
	const struct gs_snom_setting *idle =
	    gs_snom_doc_get(c->doc, "user_idle_text", id->idx);

	c->chain->active++;
	c->chain->tls += id->tls && !id->backup_plain && id->tls_sure;
	c->chain->encrypted += is_encrypted(id) && id->srtp_sure;
	if (id->state_bad)
		CHECK_ID(c, id, GS_S_SIP_ACTIVE, id->state,
		    "user_active is neither on nor off; treated as on");
	check_registrar(c, id);
	check_foreign_proxies(c, id, id->host, id->host_text);
	check_foreign_proxies(c, id, id->outbound, id->outbound_text);
	if (id->host_text.n > 0 || id->outbound_text.n > 0) {
		check_form(c, id);
		check_transport(c, id);
		check_port(c, id);
		if (id->tls)
			check_lock(c, GS_S_SIP_UNLOCKED, deciding(id), id,
			    "TLS");
	}
	check_media(c, id);
	check_names(c, id);
	if (idle != NULL && gs_snom_value(idle).n == 0)
		CHECK(c, GS_S_SIP_IDLE_TEXT, idle,
		    "identity %u is active and has no idle text", id->idx);
}

/* Wazo gives the backup identity another registrar and the proxy of the
 * first. */
static void
check_failover(struct check *c, const struct gs_snom_identity *id)
{
	const struct gs_snom_setting *s =
	    gs_snom_doc_get(c->doc, "user_failover_identity", id->idx);
	struct gs_snom_identity other;
	uint64_t to;

	if (s == NULL || gs_span_u64(gs_snom_value(s), &to) == -1 || to < 1 ||
	    to > GS_SNOM_IDENTITIES || to == id->idx ||
	    !gs_snom_identity_read(&other, c->doc, (uint32_t)to))
		return;
	if (id->outbound_text.n > 0 &&
	    gs_span_eqcase(id->outbound_text, other.outbound_text) &&
	    !gs_span_eqcase(id->host_text, other.host_text))
		CHECK(c, GS_S_SIP_FAILOVER, other.outbound,
		    "identity %u is the backup of %u and has the same proxy: "
		    "if it fails, both fail",
		    other.idx, id->idx);
}

/* Whether the phone knows from the file what becomes of an identity: it is
 * used, or off, or without a registrar. */
static bool
is_stated(const struct gs_snom_identity *id)
{
	return id->active || id->off || id->host != NULL;
}

/* Media settings of an identity that may be active, without SRTP. */
static bool
is_vague(const struct gs_snom_identity *id)
{
	return id->media_only && !is_stated(id) && id->srtp_word != GS_WORD_ON;
}

static void
check_stated(struct check *c, const struct gs_snom_setting *vague)
{
	if (vague != NULL) {
		CHECK(c, GS_S_SIP_NO_IDENTITY, vague,
		    "identity %u: media settings without SRTP, and nothing "
		    "says whether the phone uses it",
		    vague->idx);
		c->chain->stated = false;
	} else if (!c->chain->stated)
		check_at(c, GS_S_SIP_NO_IDENTITY, SIZE_MAX,
		    "no %s is set: those that the phone has stay as they are",
		    c->chain->dect ? "server" : "identity");
}

static void
check_identities(struct check *c)
{
	const struct gs_snom_setting *first = NULL, *vague = NULL;
	unsigned hollow = 0;
	struct gs_snom_identity id;

	for (uint32_t i = 1; i <= GS_SNOM_IDENTITIES; i++) {
		if (!gs_snom_identity_read(&id, c->doc, i))
			continue;
		c->chain->stated |= is_stated(&id);
		vague = vague == NULL && is_vague(&id) ? id.srtp : vague;
		if (id.active) {
			check_identity(c, &id);
			check_failover(c, &id);
		} else if (id.media_only) {
			check_media(c, &id);
		} else if (id.outbound_text.n > 0 && id.proxy.host.n == 0) {
			first = hollow++ == 0 ? id.outbound : first;
		}
	}
	if (hollow > 0)
		CHECK(c, GS_S_SIP_INACTIVE, first,
		    "%u inactive identities have a user_outbound with an "
		    "empty host, this is the first",
		    hollow);
	check_stated(c, vague);
	check_insecure(c, GS_LINK_SIGNALLING);
}

/* ---- a DECT base: its settings of a SIP server hold for every handset that
 * registers there (Wazo common_dect) */

/* The bases support ten servers; a few more do no harm. */
enum { SERVERS = 32 };

static bool
is_tls(const struct gs_snom_setting *s)
{
	return gs_span_eqcase(gs_snom_value(s), GS_LIT("tls"));
}

/* Returns false if there is no such server. */
static bool
read_server(struct gs_snom_identity *s, const struct gs_snom_doc *d,
    uint32_t idx)
{
	const struct gs_snom_setting *transport =
	    gs_snom_doc_get(d, "srv_sip_transport", idx);

	(void)gs_snom_identity_read(s, d, idx);
	s->transport = transport;
	if (transport != NULL) {
		s->tls = is_tls(transport);
		s->tls_sure = gs_snom_is_sure(d, transport, is_tls);
	}
	return s->outbound_text.n > 0 || s->host_text.n > 0;
}

static enum gs_snom_word
srtp_of(const struct gs_snom_setting *s)
{
	static const struct {
		struct gs_span text;
		enum gs_snom_word word;
	} words[] = {
		{ { "on", 2 }, GS_WORD_ON },
		{ { "enabled", 7 }, GS_WORD_ON },
		{ { "mandatory", 9 }, GS_WORD_MANDATORY },
		{ { "optional", 8 }, GS_WORD_OPTIONAL },
		{ { "off", 3 }, GS_WORD_OFF },
		{ { "disabled", 8 }, GS_WORD_OFF },
	};
	struct gs_span v = gs_snom_value(s);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (gs_span_eqcase(v, words[i].text))
			return words[i].word;
	return v.n == 0 ? GS_WORD_UNSET : GS_WORD_BAD;
}

static bool
is_encrypting(const struct gs_snom_setting *s)
{
	enum gs_snom_word w = srtp_of(s);

	return w == GS_WORD_ON || w == GS_WORD_MANDATORY ||
	    w == GS_WORD_OPTIONAL;
}

static void
check_srtp(struct check *c, const struct gs_snom_identity *s)
{
	switch (srtp_of(s->srtp)) {
	case GS_WORD_UNSET:
		CHECK_ID(c, s, GS_S_MEDIA_UNSET,
		    s->srtp != NULL ? s->srtp : s->host,
		    "user_srtp is not set");
		return;
	case GS_WORD_BAD:
		CHECK_ID(c, s, GS_S_MEDIA_VALUE, s->srtp,
		    "user_srtp has no such value");
		return;
	case GS_WORD_OFF:
		CHECK_ID(c, s, GS_S_MEDIA_NOT_ENCRYPTED, s->srtp,
		    "user_srtp is off: the media is not encrypted");
		return;
	case GS_WORD_OPTIONAL:
		CHECK_ID(c, s, GS_S_MEDIA_OPTIONAL, s->srtp,
		    "encryption of the media is optional");
		break;
	case GS_WORD_ON:
	case GS_WORD_MANDATORY: break;
	}
	c->chain->encrypted += gs_snom_is_sure(c->doc, s->srtp, is_encrypting);
	if (!s->tls)
		CHECK_ID(c, s, GS_S_MEDIA_KEY_CLEAR, s->srtp,
		    "SRTP is on and signalling is not TLS: the key is sent in "
		    "clear");
	check_lock(c, GS_S_MEDIA_UNLOCKED, s->srtp, s, "user_srtp");
}

static void
check_dect(struct check *c)
{
	struct gs_snom_identity s;

	for (uint32_t i = 1; i <= SERVERS; i++) {
		if (!read_server(&s, c->doc, i))
			continue;
		c->chain->active++;
		c->chain->tls += s.tls && s.tls_sure;
		const struct gs_snom_setting *by =
		    s.transport != NULL ? s.transport : deciding(&s);
		if (s.tls)
			check_lock(c, GS_S_SIP_UNLOCKED, by, &s, "TLS");
		else
			CHECK_ID(c, &s, GS_S_SIP_NOT_TLS, by,
			    "signalling is not encrypted%s",
			    s.transport != NULL ?
				"" :
				" (srv_sip_transport is not set)");
		check_srtp(c, &s);
	}
	c->chain->stated = c->chain->active > 0;
	check_stated(c, NULL);
}

/* ---- trust: which server the phone believes */

struct rollout {
	unsigned certificates; /* that the phone fetches or accepts */
	const struct gs_snom_node
	    *https; /* the first from the settings' host */
	struct gs_snom_url server; /* setting_server */
	bool has_server;
};

static bool
ends_with(struct gs_span s, const char *end)
{
	size_t n = strlen(end);

	return s.n >= n &&
	    gs_span_eqcase(gs_span(s.p + s.n - n, n), gs_span(end, n));
}

static struct gs_span
path_of(const struct gs_snom_url *u)
{
	size_t n = 0;

	while (n < u->rest.n && u->rest.p[n] != '?' && u->rest.p[n] != '#')
		n++;
	return gs_span(u->rest.p, n);
}

static void
check_certificate_url(struct check *c, const struct gs_snom_node *n,
    struct gs_span text, struct rollout *r)
{
	struct gs_snom_url u;

	if (gs_snom_url_parse(&u, text, NULL) == -1) {
		if (u.scheme.n == 0)
			check_at(c, GS_S_PROV_URL, n->tag,
			    "the certificate's url is no URL with a scheme");
		return;
	}
	r->certificates++;
	struct gs_span path = path_of(&u);
	if (!ends_with(path, ".der") && !ends_with(path, ".cer"))
		check_at(c, GS_S_TRUST_FORMAT, n->tag,
		    "the certificate's URL does not end in .der: phones were "
		    "seen to take DER only");
	if (!r->has_server)
		return;
	bool same = gs_snom_url_same_host(u.host, r->server.host);
	if (!same)
		check_at(c, GS_S_TRUST_HOST, n->tag,
		    "the certificate comes from %.*s, the settings from %.*s",
		    (int)u.host.n, u.host.p, (int)r->server.host.n,
		    r->server.host.p);
	else if (gs_snom_url_is_https(&u) && r->https == NULL)
		r->https = n;
}

/* <certificates url="..."> and <certificates>https://...</certificates>
 * look right and do nothing. */
static void
check_list(struct check *c, const struct gs_snom_node *n)
{
	if (gs_snom_scan_attr(&c->doc->scan, n, "url") != NULL ||
	    (!n->children &&
		gs_snom_doc_trim(gs_snom_doc_text(c->doc, n)).n > 0))
		check_at(c, GS_S_TRUST_ELEMENT, n->tag,
		    "<certificates> without <certificate url=\"...\"/> is "
		    "ignored by the phone");
}

/* Anything else in <certificates>, such as <Certificate>. */
static void
check_stranger(struct check *c, const struct gs_snom_node *n)
{
	if (n->parent != GS_NO_NODE &&
	    gs_snom_node_is(&c->doc->scan.node[n->parent], "certificates"))
		check_at(c, GS_S_TRUST_ELEMENT, n->tag,
		    "<%.*s> in <certificates> is ignored by the phone; write "
		    "<certificate url=\"...\"/>",
		    GS_CUT(n->name, 64));
}

/* <certificate type="base64">, over lines as its author likes. */
static void
check_inline(struct check *c, const struct gs_snom_node *n, struct rollout *r)
{
	struct gs_span text = gs_snom_doc_text(c->doc, n);
	struct gs_buf b, der;
	size_t length = 0, at;

	gs_buf_init(&b, text.n);
	gs_buf_init(&der, text.n);
	for (size_t i = 0; i < text.n; i++)
		if (strchr(" \t\r\n", text.p[i]) == NULL)
			gs_buf_putc(&b, text.p[i]);
	uint8_t *to = gs_buf_space(&der, text.n);
	bool bad = to == NULL || !gs_buf_ok(&b) ||
	    (gs_base64_decode(gs_buf_span(&b), to, text.n, &length, &at) &
		GS_BASE64_BAD) != 0;
	if (bad || !gs_snom_der_is_certificate(to, length))
		check_at(c, GS_S_TRUST_FORMAT, n->tag,
		    "the certificate in the file is not a certificate in DER "
		    "and base64");
	else
		r->certificates++;
	gs_buf_free(&b);
	gs_buf_free(&der);
}

static void
check_certificates(struct check *c, struct rollout *r)
{
	const struct gs_snom_scan *s = &c->doc->scan;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		if (gs_snom_node_is(n, "certificates"))
			check_list(c, n);
		if (gs_snom_node_is(n, "certificate_url")) {
			check_at(c, GS_S_TRUST_ELEMENT, n->tag,
			    "<certificate_url> is ignored by the phone; write "
			    "<certificates><certificate url=\"...\"/>"
			    "</certificates>");
			continue;
		}
		if (!gs_snom_node_is(n, "certificate")) {
			check_stranger(c, n);
			continue;
		}
		const struct gs_snom_attr *url = gs_snom_scan_attr(s, n, "url");
		if (!gs_snom_doc_is_listed(c->doc, n))
			check_at(c, GS_S_TRUST_ELEMENT, n->tag,
			    "<certificate> is ignored by the phone unless it "
			    "stands in <certificates> of <settings>");
		else if (url != NULL)
			check_certificate_url(c, n,
			    gs_snom_doc_decode(c->doc, url->value), r);
		else if (gs_snom_scan_attr(s, n, "type") != NULL &&
		    gs_snom_doc_trim(gs_snom_scan_inner(s, n)).n > 0)
			check_inline(c, n, r);
		else
			check_at(c, GS_S_TRUST_ELEMENT, n->tag,
			    "<certificate> without url is ignored by the "
			    "phone");
	}
}

/* Whether the phone compares the name in the certificate. */
static bool
checks_name(const struct check *c)
{
	const struct gs_snom_def *d =
	    gs_snom_def_find(GS_LIT("check_fqdn_against_server_cert"));
	const struct gs_snom_setting *s = find(c, d->name);
	struct gs_span v = gs_snom_value(s);

	return v.n > 0 ?
	    gs_snom_is_sure(c->doc, s, gs_snom_is_on) && !is_too_new(c, d) :
	    !is_absent(c, d);
}

static void
check_verified(struct check *c, const struct rollout *r,
    const struct gs_snom_setting *auth)
{
	const struct gs_snom_setting *ntp = find(c, "ntp_server");

	c->chain->verified = gs_snom_is_sure(c->doc, auth, gs_snom_is_on);
	c->chain->any_name = !checks_name(c);
	check_lock(c, GS_S_TRUST_UNLOCKED, auth, NULL,
	    "tls_server_authentication");
	for (const struct gs_snom_setting *s = auth; s != NULL;
	     s = gs_snom_doc_earlier(c->doc, s))
		if (!gs_snom_is_on(s))
			CHECK(c, GS_S_TRUST_UNVERIFIED, s,
			    "tls_server_authentication is set twice, and here "
			    "not on");
	check_insecure(c, GS_LINK_TRUST);
	/* What goes out now would lock every phone out. */
	bool locked = c->how->served && c->how->site != NULL &&
	    !gs_snom_params_on(c->how->site, GS_P_BUILTIN_ROOT);
	if (r->certificates == 0)
		check_as(c, GS_S_TRUST_NO_ROLLOUT,
		    locked ? GS_ERROR : GS_WARNING, tag_of(c, auth),
		    "the server is verified and no certificate is rolled out: "
		    "roll the CA out in a first stage");
	if (r->https != NULL)
		check_at(c, GS_S_TRUST_TWO_STAGES, r->https->tag,
		    "the server is verified and its CA comes by https from "
		    "the same host: a phone without it cannot fetch it; roll "
		    "out in two stages");
	if (gs_snom_value(ntp).n == 0)
		CHECK(c, GS_S_TRUST_CLOCK, auth,
		    "the server is verified and ntp_server is not set: the "
		    "clock starts in 1970, before every certificate is valid");
}

/* Certificates of a file without phone settings. */
static void
check_rollout(struct check *c)
{
	struct rollout r = { .certificates = 0 };

	check_certificates(c, &r);
}

/* Another way to distribute a CA. */
static void
check_custom_ca(struct check *c, struct rollout *r)
{
	const struct gs_snom_setting *s = find(c, "custom_ca_cert_url");

	if (gs_snom_value(s).n > 0)
		check_certificate_url(c, gs_snom_doc_node(c->doc, s),
		    gs_snom_value(s), r);
}

static void
check_trust(struct check *c)
{
	char state[32];
	struct rollout r = { .certificates = 0 };
	const struct gs_snom_setting *server = find(c, "setting_server");
	const struct gs_snom_setting *auth =
	    find(c, "tls_server_authentication");
	enum gs_snom_word word = gs_snom_word_of(auth, false);

	r.has_server = server != NULL &&
	    gs_snom_url_parse(&r.server, gs_snom_value(server), NULL) == 0;
	check_certificates(c, &r);
	check_custom_ca(c, &r);
	if (word == GS_WORD_BAD)
		CHECK(c, GS_S_TRUST_VALUE, auth,
		    "tls_server_authentication is neither on nor off");
	if (word == GS_WORD_ON) {
		check_verified(c, &r, auth);
		return;
	}
	check_as(c, GS_S_TRUST_UNVERIFIED,
	    c->how->stated ? GS_NOTE : GS_WARNING, tag_of(c, auth),
	    "tls_server_authentication is %s: the phone does not verify the "
	    "server",
	    word == GS_WORD_BAD ?
		"not on" :
		state_of(word, "tls_server_authentication", state));
	if (r.certificates == 0)
		check_as(c, GS_S_TRUST_NO_ROLLOUT, GS_NOTE, tag_of(c, auth),
		    "no certificate is rolled out");
}

/* ---- hygiene: passwords, permissions, duplicates, indices */

static bool
is_default_password(struct gs_span v)
{
	return v.n == 0 ||
	    gs_snom_is_word_nocase("0000 000000 1111 1234 12345 123456 admin "
				   "password snom secret guest",
		v);
}

static void
check_passwords(struct check *c)
{
	const struct gs_snom_setting *admin = find(c, "admin_mode_password");
	const struct gs_snom_setting *http = find(c, "http_pass");

	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		const struct gs_snom_setting *s =
		    d->marks & GS_MARK_PASSWORD ? find(c, d->name) : NULL;
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
check_sip_passwords(struct check *c)
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

/* "10.1.198" at the start of s. */
static bool
read_version(const char *s, unsigned v[3])
{
	for (int i = 0; i < 3; i++) {
		char *end;
		if (!gs_is_digit(*s))
			return false;
		unsigned long n = strtoul(s, &end, 10);
		v[i] = n < 1000 ? (unsigned)n : 999;
		if (i < 2 && *end != '.')
			return false;
		s = end + 1;
	}
	return true;
}

/* The version in the last part of a URL, such as
 * snomD785-10.1.198.14-SIP-r.bin; 0: none. */
static unsigned
version_in(struct gs_span s)
{
	unsigned v[3];
	char text[64];

	for (const char *slash; (slash = gs_span_chr(s, '/')) != NULL;)
		s = gs_span(slash + 1, s.n - (size_t)(slash + 1 - s.p));
	for (const char *dash; (dash = gs_span_chr(s, '-')) != NULL;) {
		s = gs_span(dash + 1, s.n - (size_t)(dash + 1 - s.p));
		(void)snprintf(text, sizeof(text), "%.*s", GS_CUT(s, 63));
		if (read_version(text, v))
			return GS_FIRMWARE(v[0], v[1], v[2]);
	}
	return 0;
}

/* Whether the phone loads the firmware that the file names. */
static bool
loads_firmware(const struct gs_snom_setting *policy)
{
	return !gs_snom_is_word(
	    "settings_only never_update never_update_firm ask_for_update",
	    gs_snom_value(policy));
}

/* What the file says of the firmware. */
static void
read_firmware(struct check *c)
{
	const struct gs_snom_scan *s = &c->doc->scan;
	for (size_t i = 0; i < s->nodes; i++) {
		if (!gs_snom_node_is(&s->node[i], "firmware"))
			continue;
		unsigned v = version_in(gs_snom_doc_text(c->doc, &s->node[i]));
		if (v > 0 && (c->firmware == 0 || v < c->firmware))
			c->firmware = v;
	}
	c->updates = !gs_snom_perm_is_kept(find(c, "firmware")) &&
	    gs_snom_is_sure(c->doc, find(c, "update_policy"), loads_firmware);
}

/* <firmware> in <firmware-settings> is the setting firmware. */
static void
check_firmware(struct check *c)
{
	const struct gs_snom_scan *s = &c->doc->scan;
	const struct gs_snom_setting *also = find(c, "firmware");

	for (size_t i = 0; also != NULL && i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		if (n->depth == 2 && gs_snom_node_is(n, "firmware") &&
		    gs_snom_node_is(&s->node[n->parent], "firmware-settings"))
			check_at(c, GS_S_FILE_DUPLICATE, n->tag,
			    "firmware stands in <phone-settings>, too, in "
			    "line %llu",
			    (unsigned long long)gs_snom_scan_pos(&c->doc->scan,
				gs_snom_doc_node(c->doc, also)->tag)
				.line);
	}
}

static void
check_duplicates(struct check *c)
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
		check_at(c,
		    c->how->served && secures ? GS_S_FILE_INJECTED :
						GS_S_FILE_DUPLICATE,
		    n->tag, "%.*s%s is already set in line %llu%s",
		    GS_CUT(n->name, 64), idx, (unsigned long long)first.line,
		    gs_span_eq(gs_snom_value(s), gs_snom_value(before)) ?
			"" :
			"; which one the phone takes is not known");
	}
}

/* R, RW, &, $, !, empty, one blank; V alone or with one of them. */
static bool
is_perm(struct gs_span v)
{
	if (v.n > 0 && v.p[v.n - 1] == 'V')
		v.n--;
	else if (v.n > 1 && v.p[0] == 'V')
		v = gs_span(v.p + 1, v.n - 1);
	return v.n == 0 || gs_span_eq(v, GS_LIT(" ")) ||
	    gs_snom_is_word("R RW & $ !", v);
}

static void
check_perms(struct check *c)
{
	size_t missing = 0, first = 0, kept = 0, first_kept = 0;

	for (size_t i = 0; i < c->doc->settings; i++) {
		const struct gs_snom_setting *s = &c->doc->setting[i];
		const struct gs_snom_node *n = gs_snom_doc_node(c->doc, s);
		if (s->perm.p == NULL)
			first = missing++ == 0 ? n->tag : first;
		else if (!is_perm(s->perm))
			check_at(c, GS_S_FILE_PERM, n->tag,
			    "%.*s: perm '%.*s' is unknown", GS_CUT(n->name, 64),
			    GS_CUT(s->perm, 16));
		else if (gs_snom_perm_is_kept(s) &&
		    gs_snom_def_is(n->name, GS_MARK_CREDENTIAL))
			first_kept = kept++ == 0 ? n->tag : first_kept;
	}
	if (missing > 0)
		check_at(c, GS_S_FILE_PERM_MISSING, first,
		    "%zu setting%s without perm; this is the first", missing,
		    gs_plural(missing));
	if (kept > 0)
		check_at(c, GS_S_FILE_PERM_KEPT, first_kept,
		    "%zu credential%s with perm !; this is the first: a later "
		    "change is refused",
		    kept, gs_plural(kept));
}

static void
check_identity_idx(struct check *c)
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
			check_at(c, GS_S_FILE_INDEX, n->tag, "%.*s: %s",
			    GS_CUT(n->name, 64),
			    a == NULL ? "idx is missing" :
					"idx is not 1 to 12");
	}
}

static void
check_keys(struct check *c)
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
			check_at(c, GS_S_FILE_INDEX, n->tag,
			    "fkey: idx is not 0 to %d", GS_SNOM_KEYS - 1);
		else if (seen[v]++ == 1)
			check_at(c, GS_S_FILE_DUPLICATE, n->tag,
			    "duplicate fkey %u", (unsigned)v);
	}
	if (locked > 0)
		check_at(c, GS_S_FILE_KEY_LOCKED, first,
		    "%zu function keys have perm R, this is the first: the "
		    "phone logs that it may not write them",
		    locked);
}

static void
check_sections(struct check *c)
{
	static const char known[] =
	    "phone-settings functionKeys tbook dialplan ReplacementPlan "
	    "uploads certificates firmware-settings gui-languages "
	    "web-languages setting-files";
	const struct gs_snom_scan *s = &c->doc->scan;

	if (c->doc->dialect != GS_DIALECT_SETTINGS ||
	    !gs_snom_node_is(&s->node[0], "settings"))
		return;
	for (size_t i = 1; i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		if (n->depth == 1 && !gs_snom_is_word(known, n->name))
			check_at(c, GS_S_FILE_SECTION, n->tag,
			    "unknown section <%.*s>%s", GS_CUT(n->name, 64),
			    gs_snom_node_is(n, "function-keys") ?
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
		check_at(c, GS_S_FILE_PRIVATE_KEY,
		    (size_t)(rest.p - c->doc->scan.text.p) + at,
		    "a private key in the settings: anyone who fetches them "
		    "has it");
		/* One finding for BEGIN and END. */
		rest = gs_span(rest.p + at + mark.n, rest.n - at - mark.n);
		at = gs_span_find(rest, mark);
		if (at == rest.n)
			break;
		rest = gs_span(rest.p + at + mark.n, rest.n - at - mark.n);
	}
}

/* Settings with few values. */
static void
check_values(struct check *c)
{
	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		const struct gs_snom_setting *s =
		    d->words != NULL ? find(c, d->name) : NULL;
		struct gs_span v = gs_snom_value(s);
		if (s != NULL && v.n > 0 && !gs_snom_is_word(d->words, v))
			CHECK(c, GS_S_FILE_VALUE, s,
			    "%s has no value '%.*s', only: %s", d->name,
			    GS_CUT(s->value, 40), d->words);
	}
}

/* A name that is almost one of those that secure a phone: it secures
 * nothing. */
static void
check_misspelt(struct check *c)
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
		s = gs_span(p, s.n - (size_t)(p - s.p));
		if (gs_xml_get(s, &c) > 0 && c > 255)
			return true;
		s = gs_span(s.p + 1, s.n - 1);
	}
	return false;
}

/* The attribute e of the sections that phones read settings and keys from. */
static void
check_references(struct check *c)
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
			check_as(c, GS_S_FILE_E, GS_NOTE, n->tag,
			    "<%.*s e=\"%.*s\">: only 1 and 2 are known",
			    GS_CUT(n->name, 64), GS_CUT(e, 16));
		if (!gs_span_eq(e, GS_LIT("2")) &&
		    has_wide_reference(gs_snom_scan_inner(s, n)))
			check_at(c, GS_S_FILE_E, n->tag,
			    "a reference to a character above 255 requires "
			    "<%.*s e=\"2\">",
			    GS_CUT(n->name, 64));
	}
}

static void
check_injected(struct check *c)
{
	const char *why;
	size_t at;

	if (c->doc->xml.what == GS_XML_OK &&
	    gs_snom_comment_is_broken(c->doc, &at, &why))
		check_at(c, GS_S_FILE_INJECTED, at,
		    "not as GS5's view writes it: %s", why);
}

static void
check_hygiene(struct check *c)
{
	const struct gs_snom_setting *type = find(c, "phone_type");

	check_private_key(c);
	check_sections(c);
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
	check_insecure(c, GS_LINK_HYGIENE);
}

/* ---- the file */

/* The error of libxml2, with its line and column. */
static void
check_xml(struct check *c)
{
	const struct gs_snom_xml_verdict *v = &c->doc->xml;
	const struct gs_rule *r = &gs_snom_rules.rule[GS_S_FILE_XML];

	if (c->doc->encoding_bad)
		check_at(c, GS_S_FILE_ENCODING, 0,
		    "the declared encoding is none that contains ASCII");
	if (v->what == GS_XML_BAD) {
		(void)gs_diag(c->d, r, v->pos,
		    "not well-formed: %s; the phone drops the whole file",
		    v->why);
		c->chain->found[GS_LINK_HYGIENE][GS_ERROR]++;
	}
	if (v->what == GS_XML_DOCTYPE)
		check_at(c, GS_S_FILE_DOCTYPE,
		    c->doc->scan.doctype.p == NULL ?
			0 :
			(size_t)(c->doc->scan.doctype.p - c->doc->scan.text.p),
		    "a document type declaration, which is not read");
	if (c->doc->scan.limit)
		check_at(c, GS_S_FILE_XML, c->doc->scan.stopped,
		    "too many or too deep elements, or too many attributes; "
		    "the rest is not read");
	c->partial =
	    v->what != GS_XML_OK || c->doc->scan.limit || c->doc->encoding_bad;
}

/* Whether the file is for what signals and sends media. */
static bool
is_of_phone(const struct gs_snom_doc *d)
{
	return d->dialect == GS_DIALECT_SETTINGS ||
	    d->dialect == GS_DIALECT_DECT || d->dialect == GS_DIALECT_KLE;
}

static bool
is_judged(const struct gs_snom_doc *d)
{
	return d->dialect == GS_DIALECT_SETTINGS ||
	    d->dialect == GS_DIALECT_DECT;
}

static void
check_dialect(struct check *c)
{
	size_t at = c->doc->scan.node[0].tag;

	if (is_judged(c->doc))
		check_at(c, GS_S_FILE_DIALECT, at,
		    "there is no setting inside <phone-settings>, so "
		    "signalling and media cannot be judged");
	else
		check_at(c, GS_S_FILE_DIALECT, at,
		    "this is %s: it holds no phone settings, so signalling "
		    "and media cannot be judged",
		    gs_snom_dialect_name(c->doc->dialect));
}

void
gs_snom_check(struct gs_snom_doc *d,
    const struct gs_snom_check_options *options, struct gs_diags *diags,
    struct gs_snom_chain *chain)
{
	struct check c = { .doc = d,
		.d = diags,
		.chain = chain,
		.how = options };

	*chain = (struct gs_snom_chain){ .dect = d->dialect == GS_DIALECT_DECT,
		.other = !is_of_phone(d) };
	read_firmware(&c);
	check_xml(&c);
	chain->partial = c.partial;
	check_urls(&c);
	if (!is_judged(d) || d->settings == 0) {
		check_dialect(&c);
		check_rollout(&c);
		check_hygiene(&c);
	} else {
		chain->judged = true;
		check_provisioning(&c);
		if (d->dialect == GS_DIALECT_DECT)
			check_dect(&c);
		else
			check_identities(&c);
		check_trust(&c);
		check_hygiene(&c);
	}
	gs_diags_sort(diags);
}
