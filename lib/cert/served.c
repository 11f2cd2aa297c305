/* SPDX-License-Identifier: MIT */
/* What a running server serves, as a phone judges it and compared with the set
 * in place. */
#include "cert/served.h"

#include <arpa/inet.h>

#include <stdio.h>

#include "cert/date.h"
#include "cert/idn.h"
#include "cert/phone.h"
#include "cert/trust.h"
#include "cert/rules_priv.h"

enum { SECONDS = 5 };

/* ---- where */

static const struct {
	const char *suffix, *port, *alpn;
} kinds[] = {
	{ "/sip", "5061", "sip/2" },
	{ "/https", "443", "http/1.1" },
	{ "/wss", "7443", "http/1.1" },
};

/* Host and port of s, which has no suffix any more. */
static bool
split(struct gs_span s, struct gs_span *host, struct gs_span *port)
{
	const char *close = gs_span_chr(s, ']');
	const char *colon;

	*host = s;
	*port = gs_span(NULL, 0);
	if (s.n > 0 && s.p[0] == '[' && close != NULL) {
		*host = gs_span(s.p + 1, (size_t)(close - s.p) - 1);
		s = gs_span(close + 1, s.n - host->n - 2);
		colon = s.p;
		if (s.n == 0)
			return true;
		if (*colon != ':')
			return false;
	} else {
		colon = gs_span_chr(s, ':');
		/* More than one: an IPv6 address. */
		if (colon == NULL ||
		    memchr(colon + 1, ':', s.n - (size_t)(colon - s.p) - 1) !=
			NULL)
			return true;
		host->n = (size_t)(colon - s.p);
	}
	*port = gs_span(colon + 1, s.n - (size_t)(colon - s.p) - 1);
	return port->n > 0;
}

int
gs_cert_endpoint_parse(struct gs_cert_endpoint *e, const char *text,
    struct gs_err *err)
{
	struct gs_span s = gs_span_of(text), host, port;
	const char *slash = strchr(text, '/');
	unsigned kind = 0;
	uint64_t n = 1;

	*e = (struct gs_cert_endpoint){ .days = INT64_MAX };
	if (slash != NULL) {
		while (kind < 3 && strcmp(slash, kinds[kind].suffix) != 0)
			kind++;
		s.n = (size_t)(slash - text);
		e->alpn = kind < 3 ? kinds[kind].alpn : NULL;
	}
	if (kind == 3 || !split(s, &host, &port) || host.n == 0 ||
	    gs_span_chr(host, '[') != NULL || gs_span_chr(host, ']') != NULL ||
	    host.n >= sizeof(e->host) || port.n >= sizeof(e->port) ||
	    (port.n > 0 &&
		(gs_span_u64(port, &n) == -1 || n == 0 || n > UINT16_MAX)))
		return gs_err_set(err,
		    "--connect %s: write HOST[:PORT][/sip|/https|/wss]", text);
	char name[sizeof(e->host)];
	(void)snprintf(name, sizeof(name), "%.*s", (int)host.n, host.p);
	if (gs_cert_idn_ascii(name, e->host, sizeof(e->host), err) == -1)
		return -1;
	(void)snprintf(e->port, sizeof(e->port), "%.*s", (int)port.n,
	    port.n > 0 ? port.p : "");
	if (port.n == 0)
		(void)snprintf(e->port, sizeof(e->port), "%s",
		    kinds[kind].port);
	/* Another port may be that of anything. */
	e->sip =
	    kind == 0 && (slash != NULL || strcmp(e->port, kinds[0].port) == 0);
	bool v6 = strchr(e->host, ':') != NULL;
	(void)snprintf(e->shown, sizeof(e->shown), "%s%s%s:%s", v6 ? "[" : "",
	    e->host, v6 ? "]" : "", e->port);
	return 0;
}

static bool
is_address(const char *host)
{
	uint8_t ip[16];

	return inet_pton(AF_INET, host, ip) == 1 ||
	    inet_pton(AF_INET6, host, ip) == 1;
}

/* ---- the phone's judgement */

/* One handshake and its verdict. */
struct visit {
	const struct gs_cert_served *s;
	struct gs_cert_endpoint *e;
	struct gs_diags *d;
	struct gs_cert_tls_seen seen;
	struct gs_cert_info info; /* of what is served */
	struct gs_cert_certs chain;
};

/* What is served is the certificate of the set, which is judged with it. */
static bool
is_own(const struct visit *v)
{
	return v->s->leaf != NULL &&
	    gs_cert_same(v->s->leaf, v->seen.sent.list[0]);
}

static void
compare(const struct visit *v)
{
	const struct gs_cert *leaf = v->s->leaf;
	char served[GS_DATE_SIZE], ours[GS_DATE_SIZE];
	struct gs_cert_info info;

	if (leaf == NULL || is_own(v))
		return;
	gs_cert_info(leaf, &info);
	(void)gs_cert_date_text(v->info.not_after, GS_DATE_WORDS, served);
	(void)gs_cert_date_text(info.not_after, GS_DATE_WORDS, ours);
	FIND(v->d, SERVED_DIFFERS,
	    "%s serves a certificate of '%s' that ends on %s; the one in place "
	    "ends on %s",
	    v->e->shown, v->info.subject, served, ours);
}

static void
check_names(const struct visit *v, const struct gs_cert_sans *names)
{
	for (size_t i = 0; names != NULL && i < names->n; i++)
		if (!gs_cert_sans_cover(&v->info.sans, &names->list[i]))
			FIND(v->d, SERVED_NAME,
			    "the certificate of %s has no alternative name %s",
			    v->e->shown, names->list[i].text);
		else if (v->e->sip && !is_own(v) &&
		    gs_cert_sans_wild(&v->info.sans, &names->list[i]))
			FIND(v->d, NAME_WILDCARD,
			    "only a wildcard in the certificate of %s covers "
			    "%s",
			    v->e->shown, names->list[i].text);
}

/* Alone, the name is that of the host. */
static void
check_host(const struct visit *v)
{
	struct gs_cert_sans one = { 0 };
	char text[sizeof(v->e->host) + 8];

	if (v->s->leaf != NULL) {
		check_names(v, v->s->check->names);
		return;
	}
	(void)snprintf(text, sizeof(text), "%s:%s",
	    is_address(v->e->host) ? "ip" : "dns", v->e->host);
	if (gs_cert_sans_add(&one, text, NULL) == 0)
		check_names(v, &one);
	else
		FIND(v->d, SERVED_NAME, "no certificate can have the name %s",
		    v->e->host);
}

/* The set's root, or the certificate itself, is what phones were given. */
static const struct gs_cert *
own_root(const struct gs_cert_served *s)
{
	if (s->leaf == NULL)
		return NULL;
	return s->chain != NULL ? gs_cert_root(s->leaf, s->chain) : s->leaf;
}

static bool
is_trusted(const struct visit *v, const struct gs_cert *root)
{
	const struct gs_cert *own = own_root(v->s);

	return (own != NULL && gs_cert_same(own, root)) ||
	    gs_cert_trust_has(v->s->check->trust, root);
}

/* The certificates sent, and those that the phone has. */
static bool
find_chain(struct visit *v)
{
	const struct gs_cert_certs *own = v->s->chain;
	struct gs_cert_certs pool = { 0 };

	for (size_t i = 1; i < v->seen.sent.n; i++)
		gs_cert_certs_add(&pool, v->seen.sent.list[i]);
	if (own != NULL && own->n > 0 &&
	    gs_cert_self_signed(own->list[own->n - 1]))
		gs_cert_certs_add(&pool, own->list[own->n - 1]);
	bool complete = gs_cert_check_best(v->s->check, v->seen.sent.list[0],
	    own_root(v->s), &pool, &v->chain);
	gs_cert_certs_free(&pool);
	return complete;
}

/* Why a client that trusts root refuses what is sent in the order in which it
 * is sent: it may take the wrong one of two issuers. */
static const char *
refusal(const struct visit *v, const struct gs_cert *root)
{
	struct gs_cert_certs sent = { 0 };
	const char *why = "more certificates than can be checked";

	for (size_t i = 1; i < v->seen.sent.n; i++)
		if (!gs_cert_same(v->seen.sent.list[i], root))
			gs_cert_certs_add(&sent, v->seen.sent.list[i]);
	for (size_t i = 0; i + 1 < v->chain.n; i++)
		gs_cert_certs_add(&sent, v->chain.list[i]);
	gs_cert_certs_add(&sent, root);
	if (sent.n > 0 && gs_cert_same(sent.list[sent.n - 1], root))
		why = gs_cert_refusal(v->seen.sent.list[0], &sent, false,
		    v->s->check->now);
	gs_cert_certs_free(&sent);
	return why;
}

static void
check_chain(struct visit *v)
{
	const struct gs_cert *leaf = v->seen.sent.list[0];
	struct gs_cert_info top;
	const char *why;

	if (!find_chain(v)) {
		gs_cert_info(gs_cert_root(leaf, &v->chain), &top);
		FIND(v->d, SERVED_CHAIN_INCOMPLETE,
		    "%s does not send the certificate of '%s'", v->e->shown,
		    top.issuer);
		return;
	}
	const struct gs_cert *root = gs_cert_root(leaf, &v->chain);
	if (!is_trusted(v, root)) {
		gs_cert_info(root, &top);
		FIND(v->d, SERVED_UNTRUSTED,
		    "the certificate of %s leads to '%s', which is not trusted",
		    v->e->shown, top.subject);
		return;
	}
	why = refusal(v, root);
	if (why != NULL)
		FIND(v->d, SERVED_REFUSED,
		    "a client refuses the certificate of %s: %s", v->e->shown,
		    why);
}

static void
check_days(struct visit *v)
{
	const struct gs_cert_check *c = v->s->check;
	char date[GS_DATE_SIZE];

	v->e->days = gs_cert_check_days(c, v->seen.sent.list[0], &v->chain);
	/* That of the set has been reported already. */
	if (v->e->days < 0 || v->e->days > (int64_t)c->warn_days || is_own(v))
		return;
	(void)gs_cert_date_text(v->info.not_after, GS_DATE_WORDS, date);
	(void)gs_cert_finding_as(v->d, GS_CERT_R_SERVED_EXPIRES_SOON,
	    c->crit_days > 0 && v->e->days <= (int64_t)c->crit_days ?
		GS_ERROR :
		GS_WARNING,
	    "the certificate of %s expires on %s, or an issuer before it: %lld "
	    "day%s left",
	    v->e->shown, date, (long long)v->e->days,
	    gs_plural((uint64_t)v->e->days));
}

static int
look(struct visit *v, const struct gs_cert_phone *phone, struct gs_err *err)
{
	const char *name = v->s->name != NULL ? v->s->name : v->e->host;
	struct gs_cert_tls_look l = {
		.host = v->e->host,
		.port = v->e->port,
		.name = is_address(name) ? NULL : name,
		.alpn = v->e->alpn,
		.client = &phone->client,
		.seconds = SECONDS,
	};

	gs_cert_certs_free(&v->seen.sent);
	return gs_cert_tls_look(&l, &v->seen, err);
}

/* As a present phone. Returns whether there is more to check. */
static int
visit(struct visit *v, struct gs_err *err)
{
	if (look(v, &gs_cert_phone_today, err) == -1)
		return -1;
	if (!v->seen.reached) {
		FIND(v->d, SERVED_UNREACHABLE, "%s cannot be reached: %s",
		    v->e->shown, v->seen.why);
		return 0;
	}
	if (v->seen.refuses)
		FIND(v->d, SERVED_CLIENT,
		    "%s requires a certificate of its clients", v->e->shown);
	if (v->seen.sent.n == 0 || !(v->seen.done || v->seen.refuses)) {
		FIND(v->d, SERVED_HANDSHAKE,
		    "a client with %s cannot connect to %s: %s",
		    gs_cert_phone_today.speaks, v->e->shown,
		    v->seen.done ? "no certificate was sent" : v->seen.why);
		return 0;
	}
	gs_cert_info(v->seen.sent.list[0], &v->info);
	if (v->seen.done)
		FIND(v->d, SERVED, "%s serves '%s' with %s, %s", v->e->shown,
		    v->info.subject, v->seen.protocol, v->seen.cipher);
	compare(v);
	check_host(v);
	check_chain(v);
	check_days(v);
	return 0;
}

static int
visit_as(struct visit *v, struct gs_err *err)
{
	const struct gs_cert_phone *phone = v->s->phone;

	if (phone == NULL || !v->seen.reached)
		return 0;
	if (look(v, phone, err) == -1)
		return -1;
	if (v->seen.refuses)
		return 0; /* It refuses every client. */
	if (!v->seen.done)
		FIND(v->d, SERVED_PHONE,
		    "a phone %s, which has %s, cannot connect to %s: %s",
		    v->s->model, phone->speaks, v->e->shown, v->seen.why);
	else
		FIND(v->d, SERVED, "a phone %s gets %s, %s from %s",
		    v->s->model, v->seen.protocol, v->seen.cipher, v->e->shown);
	return 0;
}

int
gs_cert_served_check(const struct gs_cert_served *s, struct gs_cert_endpoint *e,
    struct gs_diags *d, struct gs_err *err)
{
	struct visit v = { .s = s, .e = e, .d = d };
	int r = visit(&v, err);

	if (r == 0)
		r = visit_as(&v, err);
	gs_cert_certs_free(&v.seen.sent);
	gs_cert_certs_free(&v.chain);
	return r;
}
