/* SPDX-License-Identifier: MIT */
/* Signalling and media of a DECT base: its settings of a SIP server hold for
 * every handset that registers there (Wazo common_dect). */
#include "snom/links_priv.h"

#include "snom/finding_priv.h"

/* The bases support ten servers; a few more do no harm. */
enum { SERVERS = 32 };

static bool
is_tls(const struct gs_snom_setting *s)
{
	return gs_span_eqcase(gs_snom_value(s), GS_LIT("tls"));
}

/* Returns false if there is no such server. */
static bool
read_server(struct gs_snom_identity *s, const struct gs_snom_doc *d,
    uint32_t idx)
{
	const struct gs_snom_setting *transport =
	    gs_snom_doc_get(d, "srv_sip_transport", idx);

	(void)gs_snom_identity_read(s, d, idx);
	s->transport = transport;
	if (transport != NULL) {
		s->tls = is_tls(transport);
		s->tls_sure = gs_snom_is_sure(d, transport, is_tls);
	}
	return s->outbound_text.n > 0 || s->host_text.n > 0;
}

static enum gs_snom_word
srtp_of(const struct gs_snom_setting *s)
{
	static const struct {
		struct gs_span text;
		enum gs_snom_word word;
	} words[] = {
		{ { "on", 2 }, GS_WORD_ON },
		{ { "enabled", 7 }, GS_WORD_ON },
		{ { "mandatory", 9 }, GS_WORD_MANDATORY },
		{ { "optional", 8 }, GS_WORD_OPTIONAL },
		{ { "off", 3 }, GS_WORD_OFF },
		{ { "disabled", 8 }, GS_WORD_OFF },
	};
	struct gs_span v = gs_snom_value(s);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (gs_span_eqcase(v, words[i].text))
			return words[i].word;
	return v.n == 0 ? GS_WORD_UNSET : GS_WORD_BAD;
}

static bool
is_encrypting(const struct gs_snom_setting *s)
{
	enum gs_snom_word w = srtp_of(s);

	return w == GS_WORD_ON || w == GS_WORD_MANDATORY ||
	    w == GS_WORD_OPTIONAL;
}

static void
check_srtp(struct snom_check *c, const struct gs_snom_identity *s)
{
	switch (srtp_of(s->srtp)) {
	case GS_WORD_UNSET:
		CHECK_ID(c, s, GS_S_MEDIA_UNSET,
		    s->srtp != NULL ? s->srtp : s->host,
		    "user_srtp is not set");
		return;
	case GS_WORD_BAD:
		CHECK_ID(c, s, GS_S_MEDIA_VALUE, s->srtp,
		    "invalid value of user_srtp");
		return;
	case GS_WORD_OFF:
		CHECK_ID(c, s, GS_S_MEDIA_NOT_ENCRYPTED, s->srtp,
		    "user_srtp is off: the media is not encrypted");
		return;
	case GS_WORD_OPTIONAL:
		CHECK_ID(c, s, GS_S_MEDIA_OPTIONAL, s->srtp,
		    "encryption of the media is optional");
		break;
	case GS_WORD_ON:
	case GS_WORD_MANDATORY: break;
	}
	c->chain->encrypted += gs_snom_is_sure(c->doc, s->srtp, is_encrypting);
	if (!s->tls)
		CHECK_ID(c, s, GS_S_MEDIA_KEY_CLEAR, s->srtp,
		    "SRTP is on and signalling is not TLS: the key is sent in "
		    "the clear");
	gs_snom_check_lock(c, GS_S_MEDIA_UNLOCKED, s->srtp, s, "user_srtp");
}

void
gs_snom_check_dect(struct snom_check *c)
{
	struct gs_snom_identity s;

	for (uint32_t i = 1; i <= SERVERS; i++) {
		if (!read_server(&s, c->doc, i))
			continue;
		c->chain->active++;
		c->chain->tls += s.tls && s.tls_sure;
		gs_snom_check_proxies(c, &s);
		const struct gs_snom_setting *by = s.transport != NULL ?
		    s.transport :
		    gs_snom_identity_decides(&s);
		if (s.tls)
			gs_snom_check_lock(c, GS_S_SIP_UNLOCKED, by, &s, "TLS");
		else
			CHECK_ID(c, &s, GS_S_SIP_NOT_TLS, by,
			    "signalling is not encrypted%s",
			    s.transport != NULL ?
				"" :
				" (srv_sip_transport is not set)");
		check_srtp(c, &s);
	}
	c->chain->stated = c->chain->active > 0;
	gs_snom_check_stated(c, NULL);
}
