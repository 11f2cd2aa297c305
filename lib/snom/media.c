/* SPDX-License-Identifier: MIT */
/* The link media: SRTP, its profile and its tag, of each identity. */
#include "snom/links_priv.h"

#include "snom/finding_priv.h"
#include "snom/settings.h"
#include "snom/url.h"

static void
check_word(struct snom_check *c, const struct gs_snom_identity *id,
    const struct gs_snom_setting *s, enum gs_snom_word word, bool savp)
{
	if (s == NULL)
		return;
	struct gs_span v = gs_snom_value(s);
	const struct gs_snom_node *n = gs_snom_doc_node(c->doc, s);
	bool is_case = gs_snom_is_word_nocase("on off optional mandatory", v);

	if (word == GS_WORD_BAD)
		CHECK_ID(c, id, GS_S_MEDIA_VALUE, s,
		    "%.*s cannot be '%.*s', only %s%s", GS_CUT(n->name, 64),
		    GS_CUT(v, 64),
		    savp ? "off, optional or mandatory" : "on or off",
		    savp && gs_span_eqcase(v, GS_LIT("on")) ?
			"; did you mean mandatory?" :
			is_case ? "; write it in lower case" :
				  "");
	else if (v.n > 0 && v.n != s->value.n)
		CHECK_ID(c, id, GS_S_MEDIA_BLANK, s,
		    "blanks around the value of %.*s", GS_CUT(n->name, 64));
}

/* Whether DNS may choose TLS (RFC 3263 section 4.1): for a domain without port
 * and transport, not for an address. In user_outbound, a name is a host unless
 * it is that of an SRV record. */
static bool
is_left_to_dns(const struct gs_snom_identity *id)
{
	const struct gs_snom_proxy *p = gs_snom_identity_proxy(id);

	return p->transport.p == NULL && p->port == 0 && !p->port_bad &&
	    gs_snom_url_host_kind(p->host) == GS_HOST_NAME &&
	    (id->outbound_text.n == 0 || gs_snom_url_is_srv(p->host));
}

/* srtp is on. */
static void
check_srtp_on(struct snom_check *c, const struct gs_snom_identity *id)
{
	char state[32];

	bool named = id->host_text.n > 0 || id->outbound_text.n > 0;

	if (!id->tls && is_left_to_dns(id))
		gs_snom_check_id(c, id, GS_S_MEDIA_KEY_CLEAR, GS_WARNING,
		    id->srtp,
		    "SRTP is on and nothing says TLS: the key is sent in the "
		    "clear unless DNS (NAPTR, SRV) chooses TLS");
	else if (!id->tls && named)
		CHECK_ID(c, id, GS_S_MEDIA_KEY_CLEAR, id->srtp,
		    "SRTP is on and signalling is not TLS: the key is sent in "
		    "the clear");
	if (id->savp_word == GS_WORD_OFF || id->savp_word == GS_WORD_UNSET)
		CHECK_ID(c, id, GS_S_MEDIA_SAVP_OFF,
		    id->savp != NULL ? id->savp : id->srtp,
		    "user_srtp is on and user_savp is %s: a=crypto in RTP/AVP, "
		    "which FreeSWITCH refuses",
		    gs_snom_check_state(id->savp_word, "user_savp", state));
	if (id->savp_word == GS_WORD_OPTIONAL)
		CHECK_ID(c, id, GS_S_MEDIA_OPTIONAL, id->savp,
		    "encryption of the media is optional");
	if (id->tag_word == GS_WORD_ON || id->tag_word == GS_WORD_UNSET)
		CHECK_ID(c, id, GS_S_MEDIA_TAG_32,
		    id->tag != NULL ? id->tag : id->srtp,
		    "user_auth_tag is %s: SRTP with 32-bit tags",
		    gs_snom_check_state(id->tag_word, "user_auth_tag", state));
	gs_snom_check_lock(c, GS_S_MEDIA_UNLOCKED, id->srtp, id, "user_srtp");
	gs_snom_check_lock(c, GS_S_MEDIA_UNLOCKED, id->savp, id, "user_savp");
}

void
gs_snom_check_media(struct snom_check *c, const struct gs_snom_identity *id)
{
	check_word(c, id, id->srtp, id->srtp_word, false);
	check_word(c, id, id->savp, id->savp_word, true);
	check_word(c, id, id->tag, id->tag_word, false);
	if (id->media_only && id->srtp_word != GS_WORD_ON)
		return;
	if (id->srtp_word == GS_WORD_ON) {
		check_srtp_on(c, id);
	} else if (id->srtp_word == GS_WORD_UNSET) {
		CHECK_ID(c, id, GS_S_MEDIA_UNSET,
		    id->srtp != NULL     ? id->srtp :
			id->host != NULL ? id->host :
					   id->name,
		    "user_srtp is not set; its default differs by firmware");
	} else if (id->srtp_word == GS_WORD_OFF) {
		if (id->savp_word == GS_WORD_MANDATORY ||
		    id->savp_word == GS_WORD_OPTIONAL)
			CHECK_ID(c, id, GS_S_MEDIA_SAVP_NO_EFFECT, id->savp,
			    "user_savp has no effect while user_srtp is off: "
			    "the media is not encrypted");
		else
			CHECK_ID(c, id, GS_S_MEDIA_NOT_ENCRYPTED, id->srtp,
			    "user_srtp is off: the media is not encrypted");
	}
}
