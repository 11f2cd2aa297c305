/* SPDX-License-Identifier: MIT */
/* The link of media: SRTP, its profile and its tag, of each identity. */
#include "snom/check_priv.h"

static void
check_word(struct check *c, const struct gs_identity *id,
    const struct gs_setting *s, enum gs_word word, bool savp)
{
	if (s == NULL)
		return;
	struct gs_span v = gs_doc_trim(s->value);
	const struct gs_node *n = gs_doc_node(c->doc, s);
	bool is_case = false;
	static const struct gs_span words[] = { { "off", 3 }, { "optional", 8 },
		{ "mandatory", 9 }, { "on", 2 } };

	for (size_t i = 0; i < 4; i++)
		is_case |= gs_span_eqcase(v, words[i]);
	if (word == GS_WORD_BAD)
		gs_check_at(c, GS_S_MEDIA_VALUE, n->tag,
		    "identity %u: %.*s has no value '%.*s', only %s%s", id->idx,
		    (int)n->name.n, n->name.p, (int)(v.n < 64 ? v.n : 64), v.p,
		    savp ? "off, optional and mandatory" : "on and off",
		    savp && gs_span_eqcase(v, GS_LIT("on")) ?
			"; did you mean mandatory?" :
			is_case ? "; write it in lower case" :
				  "");
	else if (v.n > 0 && v.n != s->value.n)
		gs_check_at(c, GS_S_MEDIA_BLANK, n->tag,
		    "identity %u: blanks around the value of %.*s", id->idx,
		    (int)n->name.n, n->name.p);
}

/* srtp is on. */
static void
check_srtp_on(struct check *c, const struct gs_identity *id)
{
	if (!id->tls && (id->host_text.n > 0 || id->outbound_text.n > 0))
		GS_CHECK(c, GS_S_MEDIA_KEY_CLEAR, id->srtp,
		    "identity %u: SRTP is on and signalling is not TLS: the "
		    "key is sent in clear",
		    id->idx);
	if (id->savp_word == GS_WORD_OFF || id->savp_word == GS_WORD_UNSET)
		GS_CHECK(c, GS_S_MEDIA_SAVP_OFF,
		    id->savp != NULL ? id->savp : id->srtp,
		    "identity %u: user_srtp is on and user_savp is %s: "
		    "a=crypto in RTP/AVP, which FreeSWITCH refuses",
		    id->idx,
		    id->savp_word == GS_WORD_OFF ? "off" : "not set (off)");
	if (id->savp_word == GS_WORD_OPTIONAL)
		GS_CHECK(c, GS_S_MEDIA_OPTIONAL, id->savp,
		    "identity %u: encryption of the media is optional",
		    id->idx);
	if (id->tag_word == GS_WORD_ON || id->tag_word == GS_WORD_UNSET)
		GS_CHECK(c, GS_S_MEDIA_TAG_32,
		    id->tag != NULL ? id->tag : id->srtp,
		    "identity %u: user_auth_tag is %s: SRTP with 32 bit tags",
		    id->idx,
		    id->tag_word == GS_WORD_ON ? "on" : "not set (on)");
	gs_check_lock(c, GS_S_MEDIA_UNLOCKED, id->srtp, "identity", id->idx,
	    "user_srtp");
	gs_check_lock(c, GS_S_MEDIA_UNLOCKED, id->savp, "identity", id->idx,
	    "user_savp");
}

void
gs_check_media(struct check *c, const struct gs_identity *id)
{
	check_word(c, id, id->srtp, id->srtp_word, false);
	check_word(c, id, id->savp, id->savp_word, true);
	check_word(c, id, id->tag, id->tag_word, false);
	if (id->media_only && id->srtp_word != GS_WORD_ON)
		return;
	if (id->srtp_word == GS_WORD_ON) {
		check_srtp_on(c, id);
	} else if (id->srtp_word == GS_WORD_UNSET) {
		GS_CHECK(c, GS_S_MEDIA_UNSET,
		    id->srtp != NULL     ? id->srtp :
			id->host != NULL ? id->host :
					   id->name,
		    "identity %u: user_srtp is not set; its default differs "
		    "by firmware",
		    id->idx);
	} else if (id->srtp_word == GS_WORD_OFF) {
		if (id->savp_word == GS_WORD_MANDATORY ||
		    id->savp_word == GS_WORD_OPTIONAL)
			GS_CHECK(c, GS_S_MEDIA_SAVP_NO_EFFECT, id->savp,
			    "identity %u: user_savp has no effect while "
			    "user_srtp is off; the media is not encrypted",
			    id->idx);
		else
			GS_CHECK(c, GS_S_MEDIA_NOT_ENCRYPTED, id->srtp,
			    "identity %u: user_srtp is off: the media is not "
			    "encrypted",
			    id->idx);
	}
}
