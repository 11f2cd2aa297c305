/* SPDX-License-Identifier: MIT */
/* The link of trust: which server the phone believes. */
#include "snom/check_priv.h"

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
	    gs_span_eqcase(gs_span(s.p + s.n - n, n), gs_span(end, n));
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

	if (gs_url_parse(&u, text, NULL) == -1) {
		if (u.scheme.n == 0)
			gs_check_at(c, GS_S_PROV_URL, n->tag,
			    "the certificate's url is no URL with a scheme");
		return;
	}
	r->certificates++;
	struct gs_span path = path_of(&u);
	if (!ends_with(path, ".der") && !ends_with(path, ".cer"))
		gs_check_at(c, GS_S_TRUST_FORMAT, n->tag,
		    "the certificate's URL does not end in .der: phones were "
		    "seen to take DER only");
	if (!r->has_server)
		return;
	bool same = gs_span_eqcase(u.host, r->server.host);
	if (!same)
		gs_check_at(c, GS_S_TRUST_HOST, n->tag,
		    "the certificate comes from %.*s, the settings from %.*s",
		    (int)u.host.n, u.host.p, (int)r->server.host.n,
		    r->server.host.p);
	else if (gs_url_is_https(&u) && r->https == NULL)
		r->https = n;
}

/* <certificates url="..."> and <certificates>https://...</certificates>
 * look right and do nothing. */
static void
check_list(struct check *c, const struct gs_node *n)
{
	if (gs_scan_attr(&c->doc->scan, n, "url") != NULL ||
	    (!n->children && gs_doc_trim(gs_doc_text(c->doc, n)).n > 0))
		gs_check_at(c, GS_S_TRUST_ELEMENT, n->tag,
		    "<certificates> without <certificate url=\"...\"/> is "
		    "ignored by the phone");
}

/* Anything else in <certificates>, such as <Certificate>. */
static void
check_stranger(struct check *c, const struct gs_node *n)
{
	if (n->parent != GS_NO_NODE &&
	    gs_node_is(&c->doc->scan.node[n->parent], "certificates"))
		gs_check_at(c, GS_S_TRUST_ELEMENT, n->tag,
		    "<%.*s> in <certificates> is ignored by the phone; write "
		    "<certificate url=\"...\"/>",
		    (int)(n->name.n < 64 ? n->name.n : 64), n->name.p);
}

static void
check_certificates(struct check *c, struct rollout *r)
{
	const struct gs_scan *s = &c->doc->scan;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		if (gs_node_is(n, "certificates"))
			check_list(c, n);
		if (gs_node_is(n, "certificate_url")) {
			gs_check_at(c, GS_S_TRUST_ELEMENT, n->tag,
			    "<certificate_url> is ignored by the phone; write "
			    "<certificates><certificate url=\"...\"/>"
			    "</certificates>");
			continue;
		}
		if (!gs_node_is(n, "certificate")) {
			check_stranger(c, n);
			continue;
		}
		const struct gs_attr *url = gs_scan_attr(s, n, "url");
		if (!gs_doc_is_listed(c->doc, n))
			gs_check_at(c, GS_S_TRUST_ELEMENT, n->tag,
			    "<certificate> is ignored by the phone unless it "
			    "stands in <certificates> of <settings>");
		else if (url != NULL)
			check_certificate_url(c, n,
			    gs_doc_decode(c->doc, url->value), r);
		else if (gs_scan_attr(s, n, "type") != NULL &&
		    gs_doc_trim(gs_scan_inner(s, n)).n > 0)
			r->certificates++;
		else
			gs_check_at(c, GS_S_TRUST_ELEMENT, n->tag,
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

	const struct gs_setting *names =
	    gs_doc_get(c->doc, "check_fqdn_against_server_cert", GS_NO_IDX);

	c->chain->verified = true;
	gs_check_lock(c, GS_S_TRUST_UNLOCKED, auth, NULL, 0,
	    "tls_server_authentication");
	if (gs_word_of(names, false) == GS_WORD_OFF)
		GS_CHECK(c, GS_S_TRUST_NAME, names,
		    "check_fqdn_against_server_cert is off: a certificate of "
		    "any other name is taken, too");
	if (r->certificates == 0)
		GS_CHECK(c, GS_S_TRUST_NO_ROLLOUT, auth,
		    "the server is verified and no certificate is rolled out: "
		    "roll the CA out in a first stage");
	if (r->https != NULL)
		gs_check_at(c, GS_S_TRUST_TWO_STAGES, r->https->tag,
		    "the server is verified and its CA comes by https from "
		    "the same host: a phone without it cannot fetch it; roll "
		    "out in two stages");
	if (ntp == NULL || gs_doc_trim(ntp->value).n == 0)
		GS_CHECK(c, GS_S_TRUST_CLOCK, auth,
		    "the server is verified and ntp_server is not set: the "
		    "clock starts in 1970, before every certificate is valid");
}

void
gs_check_rollout(struct check *c)
{
	struct rollout r = { .certificates = 0 };

	check_certificates(c, &r);
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
	    gs_url_parse(&r.server, gs_doc_trim(server->value), NULL) == 0;
	check_certificates(c, &r);
	if (word == GS_WORD_BAD)
		GS_CHECK(c, GS_S_TRUST_VALUE, auth,
		    "tls_server_authentication is neither on nor off");
	if (word == GS_WORD_ON) {
		check_verified(c, &r, auth);
		return;
	}
	GS_CHECK_AS(c, GS_S_TRUST_UNVERIFIED, c->stated ? GS_NOTE : GS_WARNING,
	    auth,
	    "tls_server_authentication is %s: the phone does not verify the "
	    "server",
	    word == GS_WORD_UNSET   ? "not set (off)" :
		word == GS_WORD_OFF ? "off" :
				      "not on");
	if (r.certificates == 0)
		GS_CHECK_AS(c, GS_S_TRUST_NO_ROLLOUT, GS_NOTE, auth,
		    "no certificate is rolled out");
}
