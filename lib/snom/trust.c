/* SPDX-License-Identifier: MIT */
/* The link trust: which server the phone believes. */
#include "snom/links_priv.h"

#include "base/bytes.h"
#include "snom/finding_priv.h"
#include "snom/params.h"
#include "snom/settings.h"
#include "snom/url.h"

/* ---- the outline of a certificate in DER */

enum {
	INTEGER = 0x02,
	BIT_STRING = 0x03,
	SEQUENCE = 0x30,
	VERSION = 0xa0,
	UTC_TIME = 0x17,
	GENERALIZED_TIME = 0x18
};

struct der {
	const uint8_t *p;
	size_t n;
};

/* Removes the first element from d (X.690 section 8.1): its tag and its
 * contents. Returns false if it is incomplete. */
static bool
take(struct der *d, uint8_t *tag, struct der *inside)
{
	size_t head = 2, length;

	if (d->n < 2)
		return false;
	*tag = d->p[0];
	length = d->p[1];
	if (length >= 0x80) {
		size_t more = length & 0x7f;
		if (more < 1 || more > 3 || d->n < 2 + more)
			return false;
		length = 0;
		for (size_t i = 0; i < more; i++)
			length = length << 8 | d->p[2 + i];
		head += more;
	}
	if (d->n - head < length)
		return false;
	*inside = (struct der){ d->p + head, length };
	*d = (struct der){ d->p + head + length, d->n - head - length };
	return true;
}

/* Removes an element with this tag, which must not be empty. */
static bool
take_one(struct der *d, uint8_t kind, struct der *inside)
{
	uint8_t tag;

	return take(d, &tag, inside) && tag == kind && inside->n > 0;
}

static bool
take_time(struct der *d)
{
	struct der inside;
	uint8_t tag;

	return take(d, &tag, &inside) &&
	    (tag == UTC_TIME || tag == GENERALIZED_TIME) && inside.n > 0;
}

/* What is signed: serial number, algorithm, issuer, validity, subject (which
 * may be empty), key. */
static bool
is_signed_part(struct der d)
{
	struct der inside, validity;
	uint8_t tag;

	if (d.n > 0 && *d.p == VERSION && !take(&d, &tag, &inside))
		return false;
	return take_one(&d, INTEGER, &inside) &&
	    take_one(&d, SEQUENCE, &inside) &&
	    take_one(&d, SEQUENCE, &inside) &&
	    take_one(&d, SEQUENCE, &validity) && take_time(&validity) &&
	    take_time(&validity) && validity.n == 0 &&
	    take(&d, &tag, &inside) && tag == SEQUENCE &&
	    take_one(&d, SEQUENCE, &inside);
}

/* Whether these octets are one X.509 certificate and nothing else, as far as
 * its outline says (RFC 5280 section 4.1): a request, a key, a list of
 * certificates or a cut one is none. Its signature is not verified. */
static bool
is_certificate(const uint8_t *p, size_t n)
{
	struct der d = { p, n }, all, part, inside;

	return take_one(&d, SEQUENCE, &all) && d.n == 0 &&
	    take_one(&all, SEQUENCE, &part) && is_signed_part(part) &&
	    take_one(&all, SEQUENCE, &inside) &&
	    take_one(&all, BIT_STRING, &inside) && all.n == 0;
}

/* ---- what the phone is told to trust */

struct rollout {
	unsigned certificates; /* that the phone fetches or accepts */
	const struct gs_snom_node
	    *https; /* the first from the settings' host */
	struct gs_snom_url server; /* setting_server */
	bool has_server;
};

/* Whether the path ends in .der or .cer. */
static bool
names_der(const struct gs_snom_url *u)
{
	struct gs_span path = u->rest;

	path = gs_span_until(&path, '#');
	path = gs_span_until(&path, '?');
	if (path.n < 4)
		return false;
	path = gs_span_skip(path, path.n - 4);
	return gs_span_eqcase(path, GS_LIT(".der")) ||
	    gs_span_eqcase(path, GS_LIT(".cer"));
}

static void
check_certificate_url(struct snom_check *c, const struct gs_snom_node *n,
    struct gs_span text, struct rollout *r)
{
	struct gs_snom_url u;

	if (gs_snom_url_parse(&u, text, NULL) == -1) {
		if (u.scheme.n == 0)
			CHECK_AT(c, GS_S_PROV_URL, n->tag,
			    "the certificate's url is not a URL with a scheme");
		return;
	}
	r->certificates++;
	if (!names_der(&u))
		CHECK_AT(c, GS_S_TRUST_FORMAT, n->tag,
		    "the certificate's URL does not end in .der: phones are "
		    "known to read DER only");
	if (!r->has_server)
		return;
	bool same = gs_snom_url_same_host(u.host, r->server.host);
	if (!same)
		CHECK_AT(c, GS_S_TRUST_HOST, n->tag,
		    "the certificate comes from %.*s, the settings from %.*s",
		    (int)u.host.n, u.host.p, (int)r->server.host.n,
		    r->server.host.p);
	else if (gs_snom_url_is_https(&u) && r->https == NULL)
		r->https = n;
}

/* <certificates url="..."> and <certificates>https://...</certificates>
 * look right and do nothing. */
static void
check_list(struct snom_check *c, const struct gs_snom_node *n)
{
	if (gs_snom_scan_attr(&c->doc->scan, n, "url") != NULL ||
	    (!n->children && gs_span_strip(gs_snom_doc_text(c->doc, n)).n > 0))
		CHECK_AT(c, GS_S_TRUST_ELEMENT, n->tag,
		    "<certificates> without <certificate url=\"...\"/> is "
		    "ignored by the phone");
}

/* Anything else in <certificates>, such as <Certificate>. */
static void
check_stranger(struct snom_check *c, const struct gs_snom_node *n)
{
	if (n->parent != GS_NO_NODE &&
	    gs_snom_node_is(&c->doc->scan.node[n->parent], "certificates"))
		CHECK_AT(c, GS_S_TRUST_ELEMENT, n->tag,
		    "<%.*s> in <certificates> is ignored by the phone; write "
		    "<certificate url=\"...\"/>",
		    GS_CUT(n->name, 64));
}

/* <certificate type="base64">, over lines as its author likes. */
static void
check_inline(struct snom_check *c, const struct gs_snom_node *n,
    struct rollout *r)
{
	struct gs_span text = gs_snom_doc_text(c->doc, n);
	struct gs_buf b, der;
	size_t length = 0, at;

	gs_buf_init(&b, text.n);
	gs_buf_init(&der, text.n);
	for (size_t i = 0; i < text.n; i++)
		if (!gs_is_white(text.p[i]))
			gs_buf_putc(&b, text.p[i]);
	uint8_t *to = gs_buf_space(&der, text.n);
	bool bad = to == NULL || !gs_buf_ok(&b) ||
	    (gs_base64_decode(gs_buf_span(&b), to, text.n, &length, &at) &
		GS_BASE64_BAD) != 0;
	if (bad || !is_certificate(to, length))
		CHECK_AT(c, GS_S_TRUST_FORMAT, n->tag,
		    "the certificate in the file is not a certificate in DER "
		    "and base64");
	else
		r->certificates++;
	gs_buf_free(&b);
	gs_buf_free(&der);
}

static void
check_certificates(struct snom_check *c, struct rollout *r)
{
	const struct gs_snom_scan *s = &c->doc->scan;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		if (gs_snom_node_is(n, "certificates"))
			check_list(c, n);
		if (gs_snom_node_is(n, "certificate_url")) {
			CHECK_AT(c, GS_S_TRUST_ELEMENT, n->tag,
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
			CHECK_AT(c, GS_S_TRUST_ELEMENT, n->tag,
			    "<certificate> is ignored by the phone unless it "
			    "is inside <certificates> of <settings>");
		else if (url != NULL)
			check_certificate_url(c, n,
			    gs_snom_doc_decode(c->doc, url->value), r);
		else if (gs_snom_scan_attr(s, n, "type") != NULL &&
		    gs_span_strip(gs_snom_scan_inner(s, n)).n > 0)
			check_inline(c, n, r);
		else
			CHECK_AT(c, GS_S_TRUST_ELEMENT, n->tag,
			    "<certificate> without url is ignored by the "
			    "phone");
	}
}

/* Whether the phone compares the name in the certificate. */
static bool
checks_name(const struct snom_check *c)
{
	const struct gs_snom_def *d =
	    gs_snom_def_find(GS_LIT("check_fqdn_against_server_cert"));
	const struct gs_snom_setting *s = gs_snom_check_get(c, d->name);
	struct gs_span v = gs_snom_value(s);

	return v.n > 0 ? gs_snom_is_sure(c->doc, s, gs_snom_is_on) &&
		!gs_snom_check_new(c, d) :
			 !gs_snom_check_absent(c, d);
}

static void
check_verified(struct snom_check *c, const struct rollout *r,
    const struct gs_snom_setting *auth)
{
	const struct gs_snom_setting *ntp = gs_snom_check_get(c, "ntp_server");

	c->chain->verified = gs_snom_is_sure(c->doc, auth, gs_snom_is_on);
	c->chain->any_name = !checks_name(c);
	gs_snom_check_lock(c, GS_S_TRUST_UNLOCKED, auth, NULL,
	    "tls_server_authentication");
	for (const struct gs_snom_setting *s = auth; s != NULL;
	     s = gs_snom_doc_earlier(c->doc, s))
		if (!gs_snom_is_on(s))
			CHECK(c, GS_S_TRUST_UNVERIFIED, s,
			    "tls_server_authentication is set twice, and not "
			    "on here");
	gs_snom_check_insecure(c, GS_LINK_TRUST);
	/* What goes out now would lock every phone out. */
	bool locked = c->how->served && c->how->site != NULL &&
	    !gs_snom_params_on(c->how->site, GS_P_BUILTIN_ROOT);
	if (r->certificates == 0)
		gs_snom_check_as(c, GS_S_TRUST_NO_ROLLOUT,
		    locked ? GS_ERROR : GS_WARNING, gs_snom_check_tag(c, auth),
		    "the server is verified and no certificate is rolled out: "
		    "roll the CA out in a first stage");
	if (r->https != NULL)
		CHECK_AT(c, GS_S_TRUST_TWO_STAGES, r->https->tag,
		    "the server is verified and its CA comes by https from "
		    "the same host: a phone without it cannot fetch it; roll "
		    "out in two stages");
	if (gs_snom_value(ntp).n == 0)
		CHECK(c, GS_S_TRUST_CLOCK, auth,
		    "the server is verified and ntp_server is not set: the "
		    "clock starts in 1970, before every certificate is valid");
}

void
gs_snom_check_rollout(struct snom_check *c)
{
	struct rollout r = { .certificates = 0 };

	check_certificates(c, &r);
}

/* Another way to distribute a CA. */
static void
check_custom_ca(struct snom_check *c, struct rollout *r)
{
	const struct gs_snom_setting *s =
	    gs_snom_check_get(c, "custom_ca_cert_url");

	if (gs_snom_value(s).n > 0)
		check_certificate_url(c, gs_snom_doc_node(c->doc, s),
		    gs_snom_value(s), r);
}

void
gs_snom_check_trust(struct snom_check *c)
{
	char state[32];
	struct rollout r = { .certificates = 0 };
	const struct gs_snom_setting *server =
	    gs_snom_check_get(c, "setting_server");
	const struct gs_snom_setting *auth =
	    gs_snom_check_get(c, "tls_server_authentication");
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
	gs_snom_check_as(c, GS_S_TRUST_UNVERIFIED,
	    c->how->stated ? GS_NOTE : GS_WARNING, gs_snom_check_tag(c, auth),
	    "tls_server_authentication is %s: the phone does not verify the "
	    "server",
	    word == GS_WORD_BAD ?
		"not on" :
		gs_snom_check_state(word, "tls_server_authentication", state));
	if (r.certificates == 0)
		gs_snom_check_as(c, GS_S_TRUST_NO_ROLLOUT, GS_NOTE,
		    gs_snom_check_tag(c, auth), "no certificate is rolled out");
}
