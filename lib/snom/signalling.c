/* SPDX-License-Identifier: MIT */
/* The link signalling: each identity, its registrar and proxy. */
#include "snom/links_priv.h"

#include "snom/finding_priv.h"
#include "snom/model.h"
#include "snom/settings.h"
#include "snom/url.h"

static void
check_transport(struct snom_check *c, const struct gs_snom_identity *id)
{
	const struct gs_snom_setting *s = gs_snom_identity_decides(id);
	const struct gs_snom_proxy *p = gs_snom_identity_proxy(id);
	bool is_known = gs_snom_is_word_nocase("udp tcp tls", p->transport);
	bool exact = gs_snom_is_word("udp tcp tls", p->transport);

	if (p->transport.p != NULL && !is_known)
		CHECK_ID(c, id, GS_S_SIP_TRANSPORT, s,
		    "unknown transport '%.*s'; expected udp, tcp or tls",
		    GS_CUT(p->transport, 64));
	else if (p->transport.p != NULL && (!exact || p->odd_case))
		CHECK_ID(c, id, GS_S_SIP_SPELLING, s,
		    "the transport is not in lower case; write transport=tls");
	if (p->blank)
		CHECK_ID(c, id, GS_S_SIP_SPELLING, s,
		    "a blank in the proxy; write host:5061;transport=tls");
	else if (s->value.n != gs_snom_value(s).n)
		gs_snom_check_id(c, id, GS_S_SIP_SPELLING, GS_NOTE, s,
		    "blanks around the proxy");
	if (p->transport.p == NULL && p->port == 5061 && !id->tls)
		CHECK_ID(c, id, GS_S_SIP_TRANSPORT_MISSING, s,
		    "port 5061 without transport=tls: the phone sends UDP to "
		    "the TLS port");
	else if (!id->tls && (p->transport.p == NULL || is_known))
		CHECK_ID(c, id, GS_S_SIP_NOT_TLS, s,
		    "signalling is not encrypted%s",
		    id->outbound == NULL || id->outbound_text.n == 0 ?
			" (user_outbound is empty)" :
			"");
}

static void
check_port(struct snom_check *c, const struct gs_snom_identity *id)
{
	const struct gs_snom_setting *s = gs_snom_identity_decides(id);
	const struct gs_snom_proxy *p = gs_snom_identity_proxy(id);

	if (p->port_bad)
		CHECK_ID(c, id, GS_S_SIP_PORT, s,
		    "the port is not 1 to 65535, or an IPv6 address has no "
		    "brackets");
	else if (id->tls && p->port == 5060)
		CHECK_ID(c, id, GS_S_SIP_PORT, s,
		    "transport=tls on port 5060, the port for UDP and TCP");
	else if (p->port == 5061 &&
	    (gs_span_eqcase(p->transport, GS_LIT("udp")) ||
		gs_span_eqcase(p->transport, GS_LIT("tcp"))))
		CHECK_ID(c, id, GS_S_SIP_PORT, s,
		    "transport=%.*s on port 5061, the port for TLS",
		    GS_CUT(p->transport, 64));
	else if (id->tls && p->port == 0)
		CHECK_ID(c, id, GS_S_SIP_PORT_MISSING, s,
		    "TLS without a port; the phone uses 5061 or asks DNS");
}

/* An address or a name, not the rest of a template. */
static void
check_host(struct snom_check *c, const struct gs_snom_identity *id,
    const struct gs_snom_setting *s, const struct gs_snom_proxy *p)
{
	const struct gs_snom_node *n = gs_snom_doc_node(c->doc, s);

	if (!p->port_bad && p->host.n > 0 &&
	    gs_snom_url_host_kind(p->host) == GS_HOST_BAD)
		CHECK_ID(c, id, GS_S_SIP_HOST, s,
		    "%.*s: '%.*s' is neither a host name nor an address",
		    GS_CUT(n->name, 64), GS_CUT(p->host, 64));
	if (gs_snom_url_is_srv(p->host))
		gs_snom_check_id(c, id, GS_S_SIP_HOST, GS_WARNING, s,
		    "%.*s: %.*s is the name of an SRV record; write the "
		    "domain and ;transport=tls, without a port",
		    GS_CUT(n->name, 64), GS_CUT(p->host, 64));
}

static void
check_form(struct snom_check *c, const struct gs_snom_identity *id)
{
	const struct gs_snom_setting *s = gs_snom_identity_decides(id);
	const struct gs_snom_proxy *p = gs_snom_identity_proxy(id);

	if (id->outbound_text.n > 0 && p->host.n == 0)
		CHECK_ID(c, id, GS_S_SIP_NO_HOST, s,
		    "user_outbound has no host");
	check_host(c, id, s, p);
	if (id->tls && id->backup_plain)
		gs_snom_check_id(c, id, GS_S_SIP_LIST, GS_WARNING, s,
		    "a later proxy of the list has no transport=tls: when it "
		    "takes over, nothing is encrypted");
	else if (p->comma)
		CHECK_ID(c, id, GS_S_SIP_LIST, s, "the proxy is a list");
	if (p->prefix.n > 0)
		gs_snom_check_id(c, id, GS_S_SIP_PREFIX,
		    p->prefix.n == 5 ? GS_WARNING : GS_NOTE, s,
		    "'%.*s' before the proxy%s", (int)p->prefix.n, p->prefix.p,
		    p->prefix.n == 5 ? "; use ;transport=tls" : "");
}

/* Compares user_outbound with user_host. */
static void
check_registrar(struct snom_check *c, const struct gs_snom_identity *id)
{
	const struct gs_snom_proxy *r = &id->registrar;
	bool named = gs_snom_value(id->name).n > 0;

	if (id->host_text.n == 0 || r->host.n == 0) {
		const struct gs_snom_setting *s = id->host != NULL ? id->host :
		    id->name != NULL                               ? id->name :
		    id->outbound != NULL ? id->outbound :
					   id->state;
		gs_snom_check_as(c, GS_S_SIP_REGISTRAR,
		    named ? GS_ERROR : GS_WARNING, gs_snom_check_tag(c, s),
		    "identity %u is active and user_host is %s: it cannot "
		    "register",
		    id->idx, id->host == NULL ? "not set" : "empty");
		return;
	}
	if (id->outbound_text.n > 0) {
		check_host(c, id, id->host, r);
		if (r->blank || id->host->value.n != id->host_text.n)
			gs_snom_check_id(c, id, GS_S_SIP_SPELLING,
			    r->blank ? GS_WARNING : GS_NOTE, id->host,
			    "blanks in user_host");
		if (r->prefix.n > 0)
			CHECK_ID(c, id, GS_S_SIP_PREFIX, id->host,
			    "'%.*s' in user_host", (int)r->prefix.n,
			    r->prefix.p);
		if (r->port_bad)
			CHECK_ID(c, id, GS_S_SIP_PORT, id->host,
			    "user_host has a port that is not 1 to 65535, or "
			    "an IPv6 address without brackets");
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
		gs_snom_check_id(c, id, GS_S_SIP_HOST_TRANSPORT, GS_NOTE,
		    id->host,
		    "user_host has a port; it becomes part of the domain");
}

/* A template that wrote the proxy's parameters in place of a name. */
static void
check_names(struct snom_check *c, const struct gs_snom_identity *id)
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

static void
check_foreign_host(struct snom_check *c, const struct gs_snom_identity *id,
    const struct gs_snom_setting *s, struct gs_span host)
{
	if (!gs_snom_check_own_host(c, gs_snom_url_domain_of(host)))
		gs_snom_check_id(c, id, GS_S_URL_FOREIGN, GS_ERROR, s,
		    "%.*s: the host %.*s is outside this site",
		    GS_CUT(gs_snom_doc_node(c->doc, s)->name, 64),
		    GS_CUT(host, 253));
}

/* Every proxy in a list, and where its maddr sends requests. */
static void
check_foreign_proxies(struct snom_check *c, const struct gs_snom_identity *id,
    const struct gs_snom_setting *s, struct gs_span list)
{
	struct gs_span one;
	struct gs_snom_proxy p;

	while (gs_snom_proxy_next(&list, &one)) {
		gs_snom_proxy_parse(&p, one);
		if (!p.port_bad)
			check_foreign_host(c, id, s, p.host);
		check_foreign_host(c, id, s, p.maddr);
	}
}

void
gs_snom_check_proxies(struct snom_check *c, const struct gs_snom_identity *id)
{
	check_foreign_proxies(c, id, id->host, id->host_text);
	check_foreign_proxies(c, id, id->outbound, id->outbound_text);
}

static bool
is_encrypted(const struct gs_snom_identity *id)
{
	return id->srtp_word == GS_WORD_ON &&
	    (id->savp_word == GS_WORD_OPTIONAL ||
		id->savp_word == GS_WORD_MANDATORY);
}

static void
check_identity(struct snom_check *c, const struct gs_snom_identity *id)
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
	gs_snom_check_proxies(c, id);
	if (id->host_text.n > 0 || id->outbound_text.n > 0) {
		check_form(c, id);
		check_transport(c, id);
		check_port(c, id);
		if (id->tls)
			gs_snom_check_lock(c, GS_S_SIP_UNLOCKED,
			    gs_snom_identity_decides(id), id, "TLS");
	}
	gs_snom_check_media(c, id);
	check_names(c, id);
	if (idle != NULL && gs_snom_value(idle).n == 0)
		CHECK(c, GS_S_SIP_IDLE_TEXT, idle,
		    "identity %u is active and has no idle text", id->idx);
}

/* Wazo gives the backup identity another registrar and the proxy of the
 * first. */
static void
check_failover(struct snom_check *c, const struct gs_snom_identity *id)
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

void
gs_snom_check_stated(struct snom_check *c, const struct gs_snom_setting *vague)
{
	if (vague != NULL) {
		CHECK(c, GS_S_SIP_NO_IDENTITY, vague,
		    "identity %u: media settings without SRTP, and nothing "
		    "says whether the phone uses it",
		    vague->idx);
		c->chain->stated = false;
	} else if (!c->chain->stated)
		CHECK_AT(c, GS_S_SIP_NO_IDENTITY, SIZE_MAX,
		    "no %s is set: the phone keeps those that it has",
		    c->chain->dect ? "server" : "identity");
}

void
gs_snom_check_identities(struct snom_check *c)
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
			gs_snom_check_media(c, &id);
		} else if (id.outbound_text.n > 0 && id.proxy.host.n == 0) {
			first = hollow++ == 0 ? id.outbound : first;
		}
	}
	if (hollow > 0)
		CHECK(c, GS_S_SIP_INACTIVE, first,
		    "%u inactive identities have a user_outbound with an empty "
		    "host; this is the first",
		    hollow);
	gs_snom_check_stated(c, vague);
	gs_snom_check_insecure(c, GS_LINK_SIGNALLING);
}
