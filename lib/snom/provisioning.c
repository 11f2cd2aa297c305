/* SPDX-License-Identifier: MIT */
/* The link provisioning: where settings come from, and every other URL of the
 * file. */
#include "snom/links_priv.h"

#include "base/bytes.h"
#include "snom/finding_priv.h"
#include "snom/params.h"
#include "snom/url.h"

/* The length of a scheme, backwards from "://". */
static size_t
scheme_start(struct gs_span s, size_t at)
{
	while (at > 0 && gs_snom_url_is_scheme_byte(s.p[at - 1]))
		at--;
	return at;
}

/* Whether s starts with a scheme and "://". */
static bool
scheme_at(struct gs_span s)
{
	const size_t n = gs_span_while(s, gs_snom_url_is_scheme_byte);

	return n > 0 && gs_span_starts(gs_span_skip(s, n), GS_LIT("://"));
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

bool
gs_snom_check_own_host(const struct snom_check *c, struct gs_span host)
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
check_foreign_url(struct snom_check *c, const struct gs_snom_node *n,
    const struct gs_snom_url *u)
{
	if (c->doc->dialect == GS_DIALECT_MENU ||
	    gs_snom_check_own_host(c, u->host))
		return;
	gs_snom_check_as(c, GS_S_URL_FOREIGN,
	    is_fetched_from(&c->doc->scan, n) ? GS_ERROR : GS_WARNING, n->tag,
	    "%.*s: the host %.*s is outside this site", GS_CUT(n->name, 64),
	    GS_CUT(u->host, 253));
}

/* Whether host is that of base_url, or may be: a name with letters beyond
 * ASCII and one in the form of DNS are not compared. */
static bool
is_of_base(const struct snom_check *c, struct gs_span host)
{
	struct gs_snom_url base;

	if (c->how->site == NULL)
		return false;
	const char *text = gs_snom_params_get(c->how->site, GS_P_BASE_URL);
	return gs_snom_url_parse(&base, gs_span_of(text), NULL) == 0 &&
	    (gs_snom_url_same_host(base.host, host) ||
		(gs_snom_url_is_wide(host) &&
		    gs_span_find(base.host, GS_LIT("xn--")) != base.host.n));
}

/* A page that a phone is about to receive may name any URL, but those of
 * base_url's host must be secure. */
static bool
is_left_alone(const struct snom_check *c, struct gs_span host)
{
	return c->how->served && c->how->site != NULL &&
	    gs_snom_doc_is_page(c->doc) && !is_of_base(c, host);
}

static void
check_plain(struct snom_check *c, const struct gs_snom_node *n,
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
	gs_snom_check_as(c, plain[w].rule,
	    w == SETTINGS || left ? GS_ERROR : GS_WARNING, n->tag,
	    "%.*s: %s is not encrypted: %s can be read and changed on the way",
	    GS_CUT(n->name, 64), shown, plain[w].risk);
}

static void
check_url(struct snom_check *c, const struct gs_snom_node *n,
    struct gs_span text)
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
			CHECK_AT(c, GS_S_PROV_URL, n->tag,
			    "%.*s: no phone fetches from %.*s://", name,
			    n->name.p, GS_CUT(u.scheme, 16));
		return;
	}
	if (bad == -1) {
		CHECK_AT(c, GS_S_PROV_URL, n->tag,
		    "%.*s: the URL cannot be read: %s", name, n->name.p,
		    why.text);
		return;
	}
	gs_buf_init(&shown, text.n + 16);
	gs_snom_url_put_masked(&shown, &u);
	gs_buf_putc(&shown, '\0');
	const char *s = gs_buf_ok(&shown) ? (const char *)shown.p : "(URL)";
	if (gs_snom_url_contradicts(&u))
		CHECK_AT(c, GS_S_PROV_SCHEME_PORT, n->tag,
		    "%.*s: %.300s: %.*s and port %u contradict each other",
		    name, n->name.p, s, (int)u.scheme.n, u.scheme.p, u.port);
	else
		check_plain(c, n, &u, s);
	check_foreign_url(c, n, &u);
	if (u.userinfo.p != NULL)
		CHECK_AT(c, GS_S_PROV_CREDENTIALS, n->tag,
		    "%.*s: %.300s contains a user name or password", name,
		    n->name.p, s);
	gs_buf_free(&shown);
}

/* If the whole text is one URL, a blank breaks it. */
static void
check_whole(struct snom_check *c, const struct gs_snom_node *n,
    struct gs_span raw)
{
	struct gs_span s = gs_span_strip(gs_snom_doc_decode(c->doc, raw));

	if (!scheme_at(s) || is_left_alone(c, gs_span(NULL, 0)))
		return;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ') {
			CHECK_AT(c, GS_S_PROV_URL, n->tag,
			    "%.*s: a blank inside the URL",
			    GS_CUT(n->name, 64));
			return;
		}
}

static void
check_text(struct snom_check *c, const struct gs_snom_node *n,
    struct gs_span raw)
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

void
gs_snom_check_urls(struct snom_check *c)
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

void
gs_snom_check_provisioning(struct snom_check *c)
{
	const struct gs_snom_setting *server =
	    gs_snom_check_get(c, "setting_server");
	struct gs_span v = gs_snom_value(server);

	if (v.n == 0)
		CHECK(c, GS_S_PROV_NO_SERVER, server,
		    "setting_server is %s: the phone keeps the address that "
		    "it has",
		    server == NULL ? "not set" : "empty");
	else if (!gs_span_has(v, GS_LIT("://")))
		CHECK(c, GS_S_PROV_URL, server,
		    "setting_server is not a URL with a scheme");
	else if (gs_snom_perm_is_kept(server))
		gs_snom_check_as(c, GS_S_PROV_NO_SERVER, GS_WARNING,
		    gs_snom_check_tag(c, server),
		    "setting_server has perm !, and the phone keeps what its "
		    "user chose; use perm RW");
	c->chain->homed = v.n > 0;
	gs_snom_check_insecure(c, GS_LINK_PROVISIONING);
}
