/* SPDX-License-Identifier: MIT */
/* Signalling and media of a DECT base: its settings of a SIP server hold for
 * every handset that registers there (Wazo common_dect). */
#include "snom/check_priv.h"

#include <stdio.h>

/* The bases take ten servers; a few more do no harm. */
enum { SERVERS = 32 };

struct server {
	uint32_t idx;
	const struct gs_setting *host, *outbound, *transport, *srtp;
	bool tls;
};

static struct gs_span
text_of(const struct gs_setting *s)
{
	return s == NULL ? gs_span(NULL, 0) : gs_doc_trim(s->value);
}

static bool
is_tls(struct gs_span s)
{
	return gs_span_eqcase(s, GS_LIT("tls"));
}

/* Returns false when there is no such server. */
static bool
read_server(struct server *s, const struct gs_doc *d, uint32_t idx)
{
	struct gs_proxy proxy;

	*s = (struct server){
		.idx = idx,
		.host = gs_doc_get(d, "user_host", idx),
		.outbound = gs_doc_get(d, "user_outbound", idx),
		.transport = gs_doc_get(d, "srv_sip_transport", idx),
		.srtp = gs_doc_get(d, "user_srtp", idx),
	};
	struct gs_span out = text_of(s->outbound);
	gs_proxy_parse(&proxy, out.n > 0 ? out : text_of(s->host));
	s->tls = s->transport != NULL ? is_tls(text_of(s->transport)) :
					is_tls(proxy.transport);
	return out.n > 0 || text_of(s->host).n > 0;
}

static enum gs_word
srtp_of(const struct server *s)
{
	static const struct {
		struct gs_span text;
		enum gs_word word;
	} words[] = {
		{ { "on", 2 }, GS_WORD_ON },
		{ { "enabled", 7 }, GS_WORD_ON },
		{ { "mandatory", 9 }, GS_WORD_MANDATORY },
		{ { "optional", 8 }, GS_WORD_OPTIONAL },
		{ { "off", 3 }, GS_WORD_OFF },
		{ { "disabled", 8 }, GS_WORD_OFF },
	};
	struct gs_span v = text_of(s->srtp);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (gs_span_eqcase(v, words[i].text))
			return words[i].word;
	return v.n == 0 ? GS_WORD_UNSET : GS_WORD_BAD;
}

static void
check_srtp(struct check *c, const struct server *s)
{
	enum gs_word word = srtp_of(s);

	switch (word) {
	case GS_WORD_UNSET:
		GS_CHECK(c, GS_S_MEDIA_UNSET,
		    s->srtp != NULL ? s->srtp : s->host,
		    "server %u: user_srtp is not set", s->idx);
		return;
	case GS_WORD_BAD:
		GS_CHECK(c, GS_S_MEDIA_VALUE, s->srtp,
		    "server %u: user_srtp has no such value", s->idx);
		return;
	case GS_WORD_OFF:
		GS_CHECK(c, GS_S_MEDIA_NOT_ENCRYPTED, s->srtp,
		    "server %u: user_srtp is off: the media is not encrypted",
		    s->idx);
		return;
	case GS_WORD_OPTIONAL:
		GS_CHECK(c, GS_S_MEDIA_OPTIONAL, s->srtp,
		    "server %u: encryption of the media is optional", s->idx);
		break;
	case GS_WORD_ON:
	case GS_WORD_MANDATORY: break;
	}
	c->chain->encrypted++;
	if (!s->tls)
		GS_CHECK(c, GS_S_MEDIA_KEY_CLEAR, s->srtp,
		    "server %u: SRTP is on and signalling is not TLS: the key "
		    "is sent in clear",
		    s->idx);
	gs_check_lock(c, GS_S_MEDIA_UNLOCKED, s->srtp, "server", s->idx,
	    "user_srtp");
}

void
gs_check_dect(struct check *c)
{
	struct server s;

	c->chain->dect = true;
	for (uint32_t i = 1; i <= SERVERS; i++) {
		if (!read_server(&s, c->doc, i))
			continue;
		c->chain->active++;
		c->chain->tls += s.tls;
		if (!s.tls)
			GS_CHECK(c, GS_S_SIP_NOT_TLS,
			    s.transport != NULL           ? s.transport :
				text_of(s.outbound).n > 0 ? s.outbound :
							    s.host,
			    "server %u: signalling is not encrypted%s", s.idx,
			    s.transport != NULL ?
				"" :
				" (srv_sip_transport is not set)");
		check_srtp(c, &s);
	}
}
