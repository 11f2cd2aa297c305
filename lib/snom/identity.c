/* SPDX-License-Identifier: MIT */
/* One identity's part of the secure chain: registrar, proxy, SRTP. */
#include "snom/identity.h"

#include "snom/doc.h"
#include "snom/settings.h"

enum gs_snom_word
gs_snom_word_of(const struct gs_snom_setting *s, bool savp)
{
	struct gs_span v = gs_snom_value(s);

	if (v.n == 0)
		return GS_WORD_UNSET;
	if (gs_span_eq(v, GS_LIT("off")))
		return GS_WORD_OFF;
	if (!savp)
		return gs_span_eq(v, GS_LIT("on")) ? GS_WORD_ON : GS_WORD_BAD;
	if (gs_span_eq(v, GS_LIT("optional")))
		return GS_WORD_OPTIONAL;
	return gs_span_eq(v, GS_LIT("mandatory")) ? GS_WORD_MANDATORY :
						    GS_WORD_BAD;
}

bool
gs_snom_perm_is_writable(const struct gs_snom_setting *s)
{
	if (s == NULL || s->perm.p == NULL)
		return false;
	return s->perm.n == 0 || gs_span_chr(s->perm, 'W') != NULL ||
	    gs_span_chr(s->perm, '$') != NULL || gs_snom_perm_is_kept(s);
}

bool
gs_snom_perm_is_kept(const struct gs_snom_setting *s)
{
	return s != NULL && gs_span_chr(s->perm, '!') != NULL;
}

bool
gs_snom_is_sure(const struct gs_snom_doc *d, const struct gs_snom_setting *s,
    bool (*is)(const struct gs_snom_setting *s))
{
	for (; s != NULL; s = gs_snom_doc_earlier(d, s))
		if (!is(s) || gs_snom_perm_is_kept(s))
			return false;
	return true;
}

bool
gs_snom_is_on(const struct gs_snom_setting *s)
{
	return gs_snom_word_of(s, false) == GS_WORD_ON;
}

static bool
is_off(const struct gs_snom_setting *s)
{
	return gs_snom_is_word_nocase("off false no 0", gs_snom_value(s));
}

static bool
is_savp(const struct gs_snom_setting *s)
{
	enum gs_snom_word w = gs_snom_word_of(s, true);

	return w == GS_WORD_OPTIONAL || w == GS_WORD_MANDATORY;
}

static bool
is_empty(const struct gs_snom_setting *s)
{
	return gs_snom_value(s).n == 0;
}

/* Whether the last one is empty, and the phone may have a value. */
static bool
is_doubtful(const struct gs_snom_doc *d, const struct gs_snom_setting *s)
{
	return s != NULL && is_empty(s) && !gs_snom_is_sure(d, s, is_empty);
}

/* On is the default (wiki.snom.com: Identities/Login), so everything but off
 * is judged. */
static void
read_state(struct gs_snom_identity *id, const struct gs_snom_doc *d)
{
	struct gs_span v = gs_snom_value(id->state);
	bool filled = id->host_text.n > 0 || id->proxy.host.n > 0 ||
	    gs_snom_value(id->name).n > 0 || is_doubtful(d, id->host) ||
	    is_doubtful(d, id->outbound) || is_doubtful(d, id->name);

	bool off = is_off(id->state);
	id->off = off && gs_snom_is_sure(d, id->state, is_off);
	if (id->off)
		return;
	id->active = (v.n > 0 && !off) || filled;
	id->state_bad =
	    v.n > 0 && !off && !gs_snom_is_word_nocase("on true", v);
	id->media_only = !id->active && !off && id->outbound_text.n == 0;
}

/* Whether all proxies after the first use TLS. */
static bool
has_plain_backup(struct gs_span list)
{
	struct gs_span one;
	struct gs_snom_proxy p;
	bool first = true, plain = false;

	while (gs_snom_proxy_next(&list, &one)) {
		gs_snom_proxy_parse(&p, one);
		plain = plain ||
		    (!first && !gs_span_eqcase(p.transport, GS_LIT("tls")));
		first = false;
	}
	return plain;
}

bool
gs_snom_proxy_is_tls(const struct gs_snom_proxy *p)
{
	return gs_span_eqcase(p->transport, GS_LIT("tls")) ||
	    (p->transport.p == NULL &&
		gs_span_eqcase(p->prefix, GS_LIT("sips:")));
}

/* Whether a registrar or proxy and all its backups use TLS: what a phone does
 * with sips: is not documented. */
static bool
names_tls(const struct gs_snom_setting *s)
{
	struct gs_snom_proxy p;

	gs_snom_proxy_parse(&p, gs_snom_value(s));
	return gs_span_eqcase(p.transport, GS_LIT("tls")) &&
	    !has_plain_backup(gs_snom_value(s));
}

bool
gs_snom_identity_read(struct gs_snom_identity *id, const struct gs_snom_doc *d,
    uint32_t idx)
{
	*id = (struct gs_snom_identity){
		.idx = idx,
		.state = gs_snom_doc_get(d, "user_active", idx),
		.host = gs_snom_doc_get(d, "user_host", idx),
		.outbound = gs_snom_doc_get(d, "user_outbound", idx),
		.name = gs_snom_doc_get(d, "user_name", idx),
		.srtp = gs_snom_doc_get(d, "user_srtp", idx),
		.savp = gs_snom_doc_get(d, "user_savp", idx),
		.tag = gs_snom_doc_get(d, "user_auth_tag", idx),
	};
	id->host_text = gs_snom_value(id->host);
	id->outbound_text = gs_snom_value(id->outbound);
	gs_snom_proxy_parse(&id->registrar, id->host_text);
	gs_snom_proxy_parse(&id->proxy, id->outbound_text);
	read_state(id, d);
	id->srtp_word = gs_snom_word_of(id->srtp, false);
	id->savp_word = gs_snom_word_of(id->savp, true);
	id->tag_word = gs_snom_word_of(id->tag, false);
	const struct gs_snom_proxy *p = gs_snom_identity_proxy(id);
	id->tls = gs_snom_proxy_is_tls(p);
	id->backup_plain = has_plain_backup(id->outbound_text);
	id->tls_sure = id->outbound_text.n > 0 ?
	    gs_snom_is_sure(d, id->outbound, names_tls) :
	    gs_snom_is_sure(d, id->outbound, is_empty) &&
		gs_snom_is_sure(d, id->host, names_tls);
	id->srtp_sure = gs_snom_is_sure(d, id->srtp, gs_snom_is_on) &&
	    gs_snom_is_sure(d, id->savp, is_savp);
	return id->state != NULL || id->srtp != NULL || id->host != NULL ||
	    id->outbound != NULL || id->name != NULL;
}

const struct gs_snom_setting *
gs_snom_identity_decides(const struct gs_snom_identity *id)
{
	return id->outbound_text.n > 0 ? id->outbound : id->host;
}

const struct gs_snom_proxy *
gs_snom_identity_proxy(const struct gs_snom_identity *id)
{
	return id->outbound_text.n > 0 ? &id->proxy : &id->registrar;
}
