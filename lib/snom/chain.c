/* SPDX-License-Identifier: MIT */
/* One identity's part of the secure chain: registrar, proxy, SRTP. */
#include "snom/chain.h"

static struct gs_span
value_of(const struct gs_setting *s)
{
	return s == NULL ? gs_span(NULL, 0) : gs_doc_trim(s->value);
}

enum gs_word
gs_word_of(const struct gs_setting *s, bool savp)
{
	struct gs_span v = value_of(s);

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
gs_perm_is_writable(const struct gs_doc *d, const struct gs_setting *s)
{
	if (s == NULL)
		return false;
	const struct gs_attr *a =
	    gs_scan_attr(&d->scan, gs_doc_node(d, s), "perm");
	if (a == NULL)
		return false;
	return a->value.n == 0 ||
	    gs_span_find(a->value, GS_LIT("W")) != a->value.n ||
	    gs_span_find(a->value, GS_LIT("$")) != a->value.n ||
	    gs_span_find(a->value, GS_LIT("!")) != a->value.n;
}

static bool
is_active(const struct gs_identity *id, const struct gs_setting *active)
{
	struct gs_span v = value_of(active);

	if (v.n > 0)
		return gs_span_eqcase(v, GS_LIT("on")) ||
		    gs_span_eqcase(v, GS_LIT("true"));
	return active == NULL &&
	    (id->host_text.n > 0 || value_of(id->name).n > 0);
}

bool
gs_identity_read(
    struct gs_identity *id, const struct gs_doc *d, uint32_t idx)
{
	const struct gs_setting *active = gs_doc_get(d, "user_active", idx);

	*id = (struct gs_identity){
		.idx = idx,
		.host = gs_doc_get(d, "user_host", idx),
		.outbound = gs_doc_get(d, "user_outbound", idx),
		.name = gs_doc_get(d, "user_name", idx),
		.srtp = gs_doc_get(d, "user_srtp", idx),
		.savp = gs_doc_get(d, "user_savp", idx),
		.tag = gs_doc_get(d, "user_auth_tag", idx),
	};
	id->host_text = value_of(id->host);
	id->outbound_text = value_of(id->outbound);
	id->active = is_active(id, active);
	gs_proxy_parse(&id->registrar, id->host_text);
	gs_proxy_parse(&id->proxy, id->outbound_text);
	id->srtp_word = gs_word_of(id->srtp, false);
	id->savp_word = gs_word_of(id->savp, true);
	id->tag_word = gs_word_of(id->tag, false);
	const struct gs_proxy *p =
	    id->outbound_text.n > 0 ? &id->proxy : &id->registrar;
	id->tls = gs_span_eqcase(p->transport, GS_LIT("tls")) ||
	    (p->transport.p == NULL &&
		gs_span_eqcase(p->prefix, GS_LIT("sips:")));
	return active != NULL || id->host != NULL || id->outbound != NULL ||
	    id->name != NULL;
}
