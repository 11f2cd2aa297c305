/* SPDX-License-Identifier: MIT */
/* The link of signalling: each identity, its registrar and proxy. */
#include "snom/check_priv.h"

#include "snom/model.h"

/* Whichever setting decides about the proxy. */
static const struct gs_setting *
deciding(const struct gs_identity *id)
{
	return id->outbound_text.n > 0 ? id->outbound : id->host;
}

static const struct gs_proxy *
deciding_proxy(const struct gs_identity *id)
{
	return id->outbound_text.n > 0 ? &id->proxy : &id->registrar;
}

static void
check_transport(struct check *c, const struct gs_identity *id)
{
	const struct gs_setting *s = deciding(id);
	const struct gs_proxy *p = deciding_proxy(id);
	static const struct gs_span known[] = { { "udp", 3 }, { "tcp", 3 },
		{ "tls", 3 } };
	bool is_known = false, exact = false;

	for (size_t i = 0; i < 3; i++) {
		is_known |= gs_span_eqcase(p->transport, known[i]);
		exact |= gs_span_eq(p->transport, known[i]);
	}
	if (p->transport.p != NULL && !is_known)
		GS_CHECK(c, GS_S_SIP_TRANSPORT, s,
		    "identity %u: transport '%.*s' is none of udp, tcp, tls",
		    id->idx, (int)(p->transport.n < 64 ? p->transport.n : 64),
		    p->transport.p);
	else if (p->transport.p != NULL && (!exact || p->odd_case))
		GS_CHECK(c, GS_S_SIP_SPELLING, s,
		    "identity %u: the transport is not in lower case; write "
		    "transport=tls",
		    id->idx);
	if (p->blank)
		GS_CHECK(c, GS_S_SIP_SPELLING, s,
		    "identity %u: a blank in the proxy; write "
		    "host:5061;transport=tls",
		    id->idx);
	else if (s->value.n != gs_doc_trim(s->value).n)
		GS_CHECK_AS(c, GS_S_SIP_SPELLING, GS_NOTE, s,
		    "identity %u: blanks around the proxy", id->idx);
	if (p->transport.p == NULL && p->port == 5061 && !id->tls)
		GS_CHECK(c, GS_S_SIP_TRANSPORT_MISSING, s,
		    "identity %u: port 5061 without transport=tls: the phone "
		    "sends UDP to the port of TLS",
		    id->idx);
	else if (!id->tls && (p->transport.p == NULL || is_known))
		GS_CHECK(c, GS_S_SIP_NOT_TLS, s,
		    "identity %u: signalling is not encrypted%s", id->idx,
		    id->outbound == NULL || id->outbound_text.n == 0 ?
			" (user_outbound is empty)" :
			"");
}

static void
check_port(struct check *c, const struct gs_identity *id)
{
	const struct gs_setting *s = deciding(id);
	const struct gs_proxy *p = deciding_proxy(id);

	if (p->port_bad)
		GS_CHECK(c, GS_S_SIP_PORT, s,
		    "identity %u: the port is not 1 to 65535, or an IPv6 "
		    "address has no brackets",
		    id->idx);
	else if (id->tls && p->port == 5060)
		GS_CHECK(c, GS_S_SIP_PORT, s,
		    "identity %u: transport=tls on port 5060, the port of UDP "
		    "and TCP",
		    id->idx);
	else if (p->port == 5061 &&
	    (gs_span_eqcase(p->transport, GS_LIT("udp")) ||
		gs_span_eqcase(p->transport, GS_LIT("tcp"))))
		GS_CHECK(c, GS_S_SIP_PORT, s,
		    "identity %u: transport=%.*s on port 5061, the port of "
		    "TLS",
		    id->idx, (int)(p->transport.n < 64 ? p->transport.n : 64),
		    p->transport.p);
	else if (id->tls && p->port == 0)
		GS_CHECK(c, GS_S_SIP_PORT_MISSING, s,
		    "identity %u: TLS without a port; the phone takes 5061 or "
		    "asks DNS",
		    id->idx);
}

/* An address or a name, not what a template left behind. */
static void
check_host(struct check *c, uint32_t idx, const struct gs_setting *s,
    const struct gs_proxy *p)
{
	const struct gs_node *n = gs_doc_node(c->doc, s);

	if (!p->port_bad && !p->blank && p->host.n > 0 &&
	    gs_host_kind(p->host) == GS_HOST_BAD)
		gs_check_at(c, GS_S_SIP_HOST, n->tag,
		    "identity %u: %.*s: '%.*s' is no host name and no address",
		    idx, (int)n->name.n, n->name.p,
		    (int)(p->host.n < 64 ? p->host.n : 64), p->host.p);
}

static void
check_form(struct check *c, const struct gs_identity *id)
{
	const struct gs_setting *s = deciding(id);
	const struct gs_proxy *p = deciding_proxy(id);

	if (id->outbound_text.n > 0 && p->host.n == 0)
		GS_CHECK(c, GS_S_SIP_NO_HOST, s,
		    "identity %u: user_outbound has no host", id->idx);
	check_host(c, id->idx, s, p);
	if (id->tls && id->backup_plain)
		GS_CHECK_AS(c, GS_S_SIP_LIST, GS_WARNING, s,
		    "identity %u: a later proxy of the list has no "
		    "transport=tls: when it takes over, nothing is encrypted",
		    id->idx);
	else if (p->comma)
		GS_CHECK(c, GS_S_SIP_LIST, s,
		    "identity %u: the proxy is a list", id->idx);
	if (p->prefix.n > 0)
		GS_CHECK_AS(c, GS_S_SIP_PREFIX,
		    p->prefix.n == 5 ? GS_WARNING : GS_NOTE, s,
		    "identity %u: '%.*s' in front of the proxy%s", id->idx,
		    (int)p->prefix.n, p->prefix.p,
		    p->prefix.n == 5 ? "; use ;transport=tls" : "");
}

/* user_outbound against user_host. */
static void
check_registrar(struct check *c, const struct gs_identity *id)
{
	const struct gs_proxy *r = &id->registrar;
	bool named = id->name != NULL && gs_doc_trim(id->name->value).n > 0;

	if (id->host_text.n == 0 || r->host.n == 0) {
		GS_CHECK_AS(c, GS_S_SIP_REGISTRAR,
		    named ? GS_ERROR : GS_WARNING,
		    id->host != NULL         ? id->host :
			id->name != NULL     ? id->name :
			id->outbound != NULL ? id->outbound :
					       id->state,
		    "identity %u is active and user_host is %s: it cannot "
		    "register",
		    id->idx, id->host == NULL ? "not set" : "empty");
		return;
	}
	if (id->outbound_text.n > 0) {
		check_host(c, id->idx, id->host, r);
		if (r->blank || id->host->value.n != id->host_text.n)
			GS_CHECK_AS(c, GS_S_SIP_SPELLING,
			    r->blank ? GS_WARNING : GS_NOTE, id->host,
			    "identity %u: blanks in user_host", id->idx);
		if (r->prefix.n > 0)
			GS_CHECK(c, GS_S_SIP_PREFIX, id->host,
			    "identity %u: '%.*s' in user_host", id->idx,
			    (int)r->prefix.n, r->prefix.p);
		if (r->port_bad)
			GS_CHECK(c, GS_S_SIP_PORT, id->host,
			    "identity %u: the port in user_host is not 1 to "
			    "65535, or an IPv6 address has no brackets",
			    id->idx);
	}
	if (id->outbound_text.n > 0 && r->transport.p != NULL &&
	    id->proxy.transport.p != NULL &&
	    !gs_span_eqcase(r->transport, id->proxy.transport))
		GS_CHECK(c, GS_S_SIP_HOST_TRANSPORT, id->host,
		    "identity %u: user_host and user_outbound name different "
		    "transports",
		    id->idx);
	else if (r->transport.p != NULL)
		GS_CHECK(c, GS_S_SIP_HOST_TRANSPORT, id->host,
		    "identity %u: the transport stands in user_host; it "
		    "belongs in user_outbound",
		    id->idx);
	else if (r->port != 0)
		GS_CHECK_AS(c, GS_S_SIP_HOST_TRANSPORT, GS_NOTE, id->host,
		    "identity %u: user_host has a port; it becomes part of "
		    "the domain",
		    id->idx);
}

/* A template that put the proxy's parameters where a name should be. */
static void
check_names(struct check *c, uint32_t idx)
{
	static const char *const names[] = { "user_realname", "user_name",
		"user_pname", "user_idle_text" };

	for (size_t i = 0; i < 4; i++) {
		const struct gs_setting *s = gs_doc_get(c->doc, names[i], idx);
		if (s != NULL &&
		    gs_span_find(s->value, GS_LIT(";transport=")) != s->value.n)
			GS_CHECK(c, GS_S_SIP_STRAY, s,
			    "identity %u: a transport stands in %s", idx,
			    names[i]);
	}
}

static void
check_identity(struct check *c, const struct gs_identity *id)
{
	const struct gs_setting *idle =
	    gs_doc_get(c->doc, "user_idle_text", id->idx);

	c->chain->active++;
	c->chain->tls += id->tls;
	c->chain->encrypted += id->srtp_word == GS_WORD_ON &&
	    (id->savp_word == GS_WORD_OPTIONAL ||
		id->savp_word == GS_WORD_MANDATORY);
	if (id->state_bad)
		GS_CHECK(c, GS_S_SIP_ACTIVE, id->state,
		    "identity %u: user_active is neither on nor off; it is "
		    "taken as on",
		    id->idx);
	check_registrar(c, id);
	if (id->host_text.n > 0 || id->outbound_text.n > 0) {
		check_form(c, id);
		check_transport(c, id);
		check_port(c, id);
		if (id->tls)
			gs_check_lock(c, GS_S_SIP_UNLOCKED, deciding(id),
			    "identity", id->idx, "TLS");
	}
	gs_check_media(c, id);
	check_names(c, id->idx);
	if (idle != NULL && gs_doc_trim(idle->value).n == 0)
		GS_CHECK(c, GS_S_SIP_IDLE_TEXT, idle,
		    "identity %u is active and has no idle text", id->idx);
}

/* Wazo gives the backup identity another registrar and the proxy of the
 * first. */
static void
check_failover(struct check *c, const struct gs_identity *id)
{
	const struct gs_setting *s =
	    gs_doc_get(c->doc, "user_failover_identity", id->idx);
	struct gs_identity other;
	uint64_t to;

	if (s == NULL || gs_span_u64(gs_doc_trim(s->value), &to) == -1 ||
	    to < 1 || to > GS_SNOM_IDENTITIES || to == id->idx ||
	    !gs_identity_read(&other, c->doc, (uint32_t)to))
		return;
	if (id->outbound_text.n > 0 &&
	    gs_span_eqcase(id->outbound_text, other.outbound_text) &&
	    !gs_span_eqcase(id->host_text, other.host_text))
		GS_CHECK(c, GS_S_SIP_FAILOVER, other.outbound,
		    "identity %u stands in for %u and has its proxy: when "
		    "that fails, both do",
		    other.idx, id->idx);
}

static void
check_filter(struct check *c)
{
	const struct gs_setting *s =
	    gs_doc_get(c->doc, "filter_registrar", GS_NO_IDX);

	if (gs_word_of(s, false) == GS_WORD_OFF)
		GS_CHECK(c, GS_S_SIP_FILTER, s,
		    "filter_registrar is off: the phone answers SIP from "
		    "anybody");
}

void
gs_check_identities(struct check *c)
{
	const struct gs_setting *first = NULL;
	unsigned hollow = 0;
	struct gs_identity id;

	for (uint32_t i = 1; i <= GS_SNOM_IDENTITIES; i++) {
		if (!gs_identity_read(&id, c->doc, i))
			continue;
		if (id.active) {
			check_identity(c, &id);
			check_failover(c, &id);
		} else if (id.media_only) {
			gs_check_media(c, &id);
		} else if (id.outbound_text.n > 0 && id.proxy.host.n == 0) {
			first = hollow++ == 0 ? id.outbound : first;
		}
	}
	if (hollow > 0)
		GS_CHECK(c, GS_S_SIP_INACTIVE, first,
		    "%u inactive identities have a user_outbound with an "
		    "empty host, this is the first",
		    hollow);
	check_filter(c);
}
