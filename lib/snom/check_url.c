/* SPDX-License-Identifier: MIT */
/* The provisioning link: every URL of the file, and who may redirect. */
#include "snom/check_priv.h"

static bool
is_scheme_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/* Bytes of a scheme, backwards from "://". */
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

/* The next URL in *s, which moves behind it. Returns false at the end. */
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
	/* A list, or a sentence: its comma is not the URL's. */
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

/* What hangs on a URL: settings with passwords, a CA, or less. */
enum weight { SETTINGS, CERTIFICATE, OTHER };

static enum weight
weight_of(const struct gs_scan *s, const struct gs_node *n)
{
	if (gs_node_is(n, "setting_server"))
		return SETTINGS;
	if (gs_node_is(n, "certificate") || gs_node_is(n, "certificate_url") ||
	    gs_node_is(n, "certificates"))
		return CERTIFICATE;
	if (gs_node_is(n, "file") && n->parent != GS_NO_NODE &&
	    gs_node_is(&s->node[n->parent], "setting-files"))
		return SETTINGS;
	return OTHER;
}

static bool
is_fetched(const struct gs_url *u)
{
	return gs_url_is_http(u) || gs_url_is_https(u) ||
	    gs_span_eqcase(u->scheme, GS_LIT("tftp")) ||
	    gs_span_eqcase(u->scheme, GS_LIT("ftp"));
}

static void
check_plain(struct check *c, const struct gs_node *n, const struct gs_url *u,
    const char *shown)
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

	if (gs_url_is_https(u))
		return;
	gs_check_as(c, plain[w].rule, w == SETTINGS ? GS_ERROR : GS_WARNING,
	    n->tag,
	    "%.*s: %s is not encrypted: %s can be read and changed on the way",
	    (int)n->name.n, n->name.p, shown, plain[w].risk);
}

static void
check_url(struct check *c, const struct gs_node *n, struct gs_span text)
{
	struct gs_buf shown;
	struct gs_err why;
	struct gs_url u;
	int name = (int)(n->name.n < 64 ? n->name.n : 64);

	int bad = gs_url_parse(&u, text, &why);
	if (u.scheme.n == 0 || !is_fetched(&u))
		return;
	if (bad == -1) {
		gs_check_at(c, GS_S_PROV_URL, n->tag,
		    "%.*s: the URL cannot be read: %s", name, n->name.p,
		    why.text);
		return;
	}
	gs_buf_init(&shown, text.n + 16);
	gs_url_put_masked(&shown, &u);
	gs_buf_putc(&shown, '\0');
	const char *s = gs_buf_ok(&shown) ? (const char *)shown.p : "(URL)";
	if (gs_url_contradicts(&u))
		gs_check_at(c, GS_S_PROV_SCHEME_PORT, n->tag,
		    "%.*s: %.300s: %.*s and port %u contradict each other",
		    name, n->name.p, s, (int)u.scheme.n, u.scheme.p, u.port);
	else
		check_plain(c, n, &u, s);
	if (u.userinfo.p != NULL)
		gs_check_at(c, GS_S_PROV_CREDENTIALS, n->tag,
		    "%.*s: %.300s holds a user name or password", name,
		    n->name.p, s);
	gs_buf_free(&shown);
}

/* Where all of the text is one URL, a blank breaks it. */
static void
check_whole(struct check *c, const struct gs_node *n, struct gs_span raw)
{
	struct gs_span s = gs_doc_trim(gs_doc_decode(c->doc, raw));

	if (!scheme_at(s))
		return;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ') {
			gs_check_at(c, GS_S_PROV_URL, n->tag,
			    "%.*s: a blank inside the URL",
			    (int)(n->name.n < 64 ? n->name.n : 64), n->name.p);
			return;
		}
}

static void
check_text(struct check *c, const struct gs_node *n, struct gs_span raw)
{
	struct gs_span url;

	if (raw.n < 4 || memchr(raw.p, ':', raw.n) == NULL)
		return;
	struct gs_span s = gs_doc_decode(c->doc, raw);
	while (next_url(&s, &url))
		check_url(c, n, url);
}

static void
check_content(struct check *c, size_t at)
{
	const struct gs_scan *s = &c->doc->scan;
	const struct gs_node *n = &s->node[at];
	struct gs_pieces p = { .at = at };
	struct gs_span piece;

	while (gs_scan_piece(s, &p, &piece))
		check_text(c, n, piece);
	if (gs_node_is(n, "setting_server"))
		check_whole(c, n, gs_scan_inner(s, n));
}

void
gs_check_urls(struct check *c)
{
	const struct gs_scan *s = &c->doc->scan;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		for (uint32_t k = n->attr; k < n->attr + n->attrs; k++) {
			const struct gs_attr *a = &s->attr[k];
			if (gs_span_starts(a->name, GS_LIT("xmlns")) ||
			    gs_span_starts(a->name, GS_LIT("xsi:")))
				continue;
			check_text(c, n, a->value);
			if (gs_span_eq(a->name, GS_LIT("url")))
				check_whole(c, n, a->value);
		}
		check_content(c, i);
	}
}

void
gs_check_provisioning(struct check *c)
{
	const struct gs_setting *server =
	    gs_doc_get(c->doc, "setting_server", GS_NO_IDX);
	static const struct {
		const char *name, *who;
	} pushed[] = {
		{ "pnp_config",
		    "any machine in the network can redirect the "
		    "phone" },
		{ "subscribe_config",
		    "whoever answers its SUBSCRIBE can "
		    "redirect the phone" },
		{ "allow_sip_settings", "a SIP message changes settings" },
	};
	static const char *const notify[] = { "challenge_reboot",
		"challenge_checksync" };
	struct gs_span v =
	    server == NULL ? gs_span(NULL, 0) : gs_doc_trim(server->value);

	if (v.n == 0)
		GS_CHECK(c, GS_S_PROV_NO_SERVER, server,
		    "setting_server is %s: the phone keeps the address that "
		    "it has",
		    server == NULL ? "not set" : "empty");
	else if (gs_span_find(v, GS_LIT("://")) == v.n)
		GS_CHECK(c, GS_S_PROV_URL, server,
		    "setting_server is no URL with a scheme");
	for (size_t i = 0; i < sizeof(pushed) / sizeof(pushed[0]); i++) {
		const struct gs_setting *s =
		    gs_doc_get(c->doc, pushed[i].name, GS_NO_IDX);
		if (gs_word_of(s, false) == GS_WORD_ON)
			GS_CHECK(c, GS_S_PROV_PNP, s, "%s is on: %s",
			    pushed[i].name, pushed[i].who);
	}
	for (size_t i = 0; i < 2; i++) {
		const struct gs_setting *s =
		    gs_doc_get(c->doc, notify[i], GS_NO_IDX);
		if (gs_word_of(s, false) == GS_WORD_OFF)
			GS_CHECK(c, GS_S_PROV_NOTIFY, s,
			    "%s is off: anybody's NOTIFY is obeyed", notify[i]);
	}
}
