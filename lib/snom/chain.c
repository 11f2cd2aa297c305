/* SPDX-License-Identifier: MIT */
/* One identity's part of the secure chain: registrar, proxy, SRTP. */
#include "snom/chain.h"

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
	return s->perm.n == 0 ||
	    gs_span_find(s->perm, GS_LIT("W")) != s->perm.n ||
	    gs_span_find(s->perm, GS_LIT("$")) != s->perm.n ||
	    gs_span_find(s->perm, GS_LIT("!")) != s->perm.n;
}

/* On is the default (wiki.snom.com: Identities/Login), so everything but off
 * is judged. */
static void
read_state(struct gs_snom_identity *id)
{
	struct gs_span v = gs_snom_value(id->state);
	bool filled = id->host_text.n > 0 || id->proxy.host.n > 0 ||
	    gs_snom_value(id->name).n > 0;

	id->off = gs_snom_is_word_nocase("off false no 0", v);
	if (id->off)
		return;
	id->active = v.n > 0 || filled;
	id->state_bad = v.n > 0 && !gs_snom_is_word_nocase("on true", v);
	id->media_only = !id->active && id->outbound_text.n == 0;
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
	read_state(id);
	id->srtp_word = gs_snom_word_of(id->srtp, false);
	id->savp_word = gs_snom_word_of(id->savp, true);
	id->tag_word = gs_snom_word_of(id->tag, false);
	const struct gs_snom_proxy *p =
	    id->outbound_text.n > 0 ? &id->proxy : &id->registrar;
	id->tls = gs_span_eqcase(p->transport, GS_LIT("tls")) ||
	    (p->transport.p == NULL &&
		gs_span_eqcase(p->prefix, GS_LIT("sips:")));
	id->backup_plain = has_plain_backup(id->outbound_text);
	return id->state != NULL || id->srtp != NULL || id->host != NULL ||
	    id->outbound != NULL || id->name != NULL;
}
