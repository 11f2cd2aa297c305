/* SPDX-License-Identifier: MIT */
/* The links of signalling and media: each identity. */
#include "snom/check_priv.h"

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
		GS_CHECK(c, GS_S_SIP_TRANSPORT, GS_ERROR, s,
		    "identity %u: transport '%.*s' is none of udp, tcp, tls",
		    id->idx, (int)(p->transport.n < 64 ? p->transport.n : 64),
		    p->transport.p);
	else if (p->transport.p != NULL && !exact)
		GS_CHECK(c, GS_S_SIP_SPELLING, GS_WARNING, s,
		    "identity %u: the transport is not in lower case; write "
		    "transport=tls", id->idx);
	if (p->blank)
		GS_CHECK(c, GS_S_SIP_SPELLING, GS_WARNING, s,
		    "identity %u: a blank in the proxy; write "
		    "host:5061;transport=tls", id->idx);
	if (p->transport.p == NULL && p->port == 5061 && !id->tls)
		GS_CHECK(c, GS_S_SIP_TRANSPORT_MISSING, GS_ERROR, s,
		    "identity %u: port 5061 without transport=tls: the phone "
		    "sends UDP to the port of TLS", id->idx);
	else if (!id->tls && (p->transport.p == NULL || is_known))
		GS_CHECK(c, GS_S_SIP_NOT_TLS, GS_WARNING, s,
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
		GS_CHECK(c, GS_S_SIP_PORT, GS_ERROR, s,
		    "identity %u: the port is not 1 to 65535, or an IPv6 "
		    "address has no brackets", id->idx);
	else if (id->tls && p->port == 5060)
		GS_CHECK(c, GS_S_SIP_PORT, GS_ERROR, s,
		    "identity %u: transport=tls on port 5060, the port of UDP "
		    "and TCP", id->idx);
	else if (id->tls && p->port == 0)
		GS_CHECK(c, GS_S_SIP_PORT_MISSING, GS_NOTE, s,
		    "identity %u: TLS without a port; the phone takes 5061 or "
		    "asks DNS", id->idx);
}

static void
check_form(struct check *c, const struct gs_identity *id)
{
	const struct gs_setting *s = deciding(id);
	const struct gs_proxy *p = deciding_proxy(id);

	if (id->outbound_text.n > 0 && p->host.n == 0)
		GS_CHECK(c, GS_S_SIP_NO_HOST, GS_ERROR, s,
		    "identity %u: user_outbound has no host", id->idx);
	if (p->comma)
		GS_CHECK(c, GS_S_SIP_LIST, GS_NOTE, s,
		    "identity %u: the proxy is a list; its first entry is "
		    "judged", id->idx);
	if (p->prefix.n > 0)
		GS_CHECK(c, GS_S_SIP_PREFIX,
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
	bool named =
	    id->name != NULL && gs_doc_trim(id->name->value).n > 0;

	if (id->host_text.n == 0 || r->host.n == 0) {
		GS_CHECK(c, GS_S_SIP_REGISTRAR, named ? GS_ERROR : GS_WARNING,
		    id->host,
		    "identity %u is active and user_host is empty: it cannot "
		    "register", id->idx);
		return;
	}
	if (id->outbound_text.n > 0 && r->transport.p != NULL &&
	    id->proxy.transport.p != NULL &&
	    !gs_span_eqcase(r->transport, id->proxy.transport))
		GS_CHECK(c, GS_S_SIP_HOST_TRANSPORT, GS_WARNING, id->host,
		    "identity %u: user_host and user_outbound name different "
		    "transports", id->idx);
	else if (r->transport.p != NULL)
		GS_CHECK(c, GS_S_SIP_HOST_TRANSPORT, GS_WARNING, id->host,
		    "identity %u: the transport stands in user_host; it "
		    "belongs in user_outbound", id->idx);
	else if (r->port != 0)
		GS_CHECK(c, GS_S_SIP_HOST_TRANSPORT, GS_NOTE, id->host,
		    "identity %u: user_host has a port; it becomes part of "
		    "the domain", id->idx);
}

static void
check_word(struct check *c, const struct gs_identity *id,
    const struct gs_setting *s, enum gs_word word, bool savp)
{
	if (s == NULL)
		return;
	struct gs_span v = gs_doc_trim(s->value);
	const struct gs_node *n = gs_doc_node(c->doc, s);
	bool is_case = false;
	static const struct gs_span words[] = { { "off", 3 },
		{ "optional", 8 }, { "mandatory", 9 }, { "on", 2 } };

	for (size_t i = 0; i < 4; i++)
		is_case |= gs_span_eqcase(v, words[i]);
	if (word == GS_WORD_BAD)
		gs_check_at(c, GS_S_MEDIA_VALUE, GS_ERROR, n->tag,
		    "identity %u: %.*s has no value '%.*s', only %s%s",
		    id->idx, (int)n->name.n, n->name.p,
		    (int)(v.n < 64 ? v.n : 64), v.p,
		    savp ? "off, optional and mandatory" : "on and off",
		    savp && gs_span_eqcase(v, GS_LIT("on")) ?
			"; did you mean mandatory?" :
			is_case ? "; write it in lower case" : "");
	else if (v.n > 0 && v.n != s->value.n)
		gs_check_at(c, GS_S_MEDIA_BLANK, GS_NOTE, n->tag,
		    "identity %u: blanks around the value of %.*s", id->idx,
		    (int)n->name.n, n->name.p);
}

/* srtp is on. */
static void
check_srtp_on(struct check *c, const struct gs_identity *id)
{
	if (!id->tls && (id->host_text.n > 0 || id->outbound_text.n > 0))
		GS_CHECK(c, GS_S_MEDIA_KEY_CLEAR, GS_ERROR, id->srtp,
		    "identity %u: SRTP is on and signalling is not TLS: the "
		    "key is sent in clear", id->idx);
	if (id->savp_word == GS_WORD_OFF || id->savp_word == GS_WORD_UNSET)
		GS_CHECK(c, GS_S_MEDIA_SAVP_OFF, GS_ERROR,
		    id->savp != NULL ? id->savp : id->srtp,
		    "identity %u: user_srtp is on and user_savp is %s: "
		    "a=crypto in RTP/AVP, which FreeSWITCH refuses", id->idx,
		    id->savp_word == GS_WORD_OFF ? "off" :
						   "not set (off)");
	if (id->savp_word == GS_WORD_OPTIONAL)
		GS_CHECK(c, GS_S_MEDIA_OPTIONAL, GS_NOTE, id->savp,
		    "identity %u: encryption of the media is optional",
		    id->idx);
	if (id->tag_word == GS_WORD_ON || id->tag_word == GS_WORD_UNSET)
		GS_CHECK(c, GS_S_MEDIA_TAG_32, GS_WARNING,
		    id->tag != NULL ? id->tag : id->srtp,
		    "identity %u: user_auth_tag is %s: SRTP with 32 bit tags",
		    id->idx,
		    id->tag_word == GS_WORD_ON ? "on" : "not set (on)");
	if (gs_perm_is_writable(c->doc, id->srtp))
		GS_CHECK(c, GS_S_MEDIA_UNLOCKED, GS_WARNING, id->srtp,
		    "identity %u: the user can switch user_srtp off; use "
		    "perm R", id->idx);
	if (gs_perm_is_writable(c->doc, id->savp))
		GS_CHECK(c, GS_S_MEDIA_UNLOCKED, GS_WARNING, id->savp,
		    "identity %u: the user can switch user_savp off; use "
		    "perm R", id->idx);
}

static void
check_media(struct check *c, const struct gs_identity *id)
{
	check_word(c, id, id->srtp, id->srtp_word, false);
	check_word(c, id, id->savp, id->savp_word, true);
	check_word(c, id, id->tag, id->tag_word, false);
	if (id->srtp_word == GS_WORD_ON) {
		check_srtp_on(c, id);
	} else if (id->srtp_word == GS_WORD_UNSET) {
		GS_CHECK(c, GS_S_MEDIA_UNSET, GS_WARNING,
		    id->srtp != NULL ? id->srtp : id->host,
		    "identity %u: user_srtp is not set; its default differs "
		    "by firmware", id->idx);
	} else if (id->srtp_word == GS_WORD_OFF) {
		if (id->savp_word == GS_WORD_MANDATORY ||
		    id->savp_word == GS_WORD_OPTIONAL)
			GS_CHECK(c, GS_S_MEDIA_SAVP_NO_EFFECT, GS_WARNING,
			    id->savp,
			    "identity %u: user_savp has no effect while "
			    "user_srtp is off; the media is not encrypted",
			    id->idx);
		else
			GS_CHECK(c, GS_S_MEDIA_NOT_ENCRYPTED, GS_WARNING,
			    id->srtp,
			    "identity %u: user_srtp is off: the media is not "
			    "encrypted", id->idx);
	}
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
		    gs_span_find(s->value, GS_LIT(";transport=")) !=
			s->value.n)
			GS_CHECK(c, GS_S_SIP_STRAY, GS_WARNING, s,
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
	check_registrar(c, id);
	if (id->host_text.n > 0 || id->outbound_text.n > 0) {
		check_form(c, id);
		check_transport(c, id);
		check_port(c, id);
		if (id->tls && gs_perm_is_writable(c->doc, deciding(id)))
			GS_CHECK(c, GS_S_SIP_UNLOCKED, GS_WARNING,
			    deciding(id),
			    "identity %u: the user can switch TLS off; use "
			    "perm R", id->idx);
	}
	check_media(c, id);
	check_names(c, id->idx);
	if (idle != NULL && gs_doc_trim(idle->value).n == 0)
		GS_CHECK(c, GS_S_SIP_IDLE_TEXT, GS_NOTE, idle,
		    "identity %u is active and has no idle text", id->idx);
}

void
gs_check_identities(struct check *c)
{
	const struct gs_setting *first = NULL;
	unsigned hollow = 0;
	struct gs_identity id;

	for (uint32_t i = 1; i <= 12; i++) {
		if (!gs_identity_read(&id, c->doc, i))
			continue;
		if (id.active) {
			check_identity(c, &id);
		} else if (id.outbound_text.n > 0 && id.proxy.host.n == 0) {
			first = hollow++ == 0 ? id.outbound : first;
		}
	}
	if (hollow > 0)
		GS_CHECK(c, GS_S_SIP_INACTIVE, GS_NOTE, first,
		    "%u inactive identities have a user_outbound with an "
		    "empty host, this is the first", hollow);
}
