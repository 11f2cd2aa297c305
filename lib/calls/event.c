/* SPDX-License-Identifier: MIT */
/* What FreeSWITCH's own messages mean for a call. */
#include "calls/event.h"

#include "sdp/rules.h"
#include "text/sink.h"

struct event_rule {
	enum gs_sdp_rule rule;
	const char *text; /* for GS_LOG_HANGUP, its detail follows */
};

static const struct event_rule rules[] = {
	[GS_LOG_CRYPTO_IN_AVP] = { GS_R_LOG_CRYPTO_IN_AVP,
	    "FreeSWITCH refused the call: a=crypto in RTP/AVP. Make the phone "
	    "offer RTP/SAVP (Snom: user_savp optional or mandatory), or "
	    "make FreeSWITCH accept it (rtp_allow_crypto_in_avp=true, in "
	    "1.2 sip_allow_crypto_in_avp)" },
	[GS_LOG_SETUP_FAILED] = { GS_R_LOG_CRYPTO_FAILED,
	    "FreeSWITCH could not set up SRTP with this key" },
	[GS_LOG_PARSE_ERROR] = { GS_R_LOG_CRYPTO_PARSE,
	    "FreeSWITCH could not read an a=crypto line" },
	[GS_LOG_MKI_ERROR] = { GS_R_LOG_CRYPTO_PARSE,
	    "FreeSWITCH refused the MKI of an a=crypto line" },
	[GS_LOG_NOT_NEGOTIATED] = { GS_R_LOG_CRYPTO_REQUIRED,
	    "FreeSWITCH requires SRTP, but the other side offered no key, or "
	    "no suite that rtp_secure_media allows. Switch SRTP on there, "
	    "or compare the suites" },
	[GS_LOG_SECURE_DISABLED] = { GS_R_LOG_SRTP_DISABLED,
	    "RTP/SAVP was offered, but SRTP is switched off for this call "
	    "(rtp_secure_media=forbidden)" },
	[GS_LOG_UNSUPPORTED] = { GS_R_LOG_CRYPTO_FAILED,
	    "FreeSWITCH knows none of the suites, or rtp_secure_media allows "
	    "none of them" },
	[GS_LOG_SUITE_INVALID] = { GS_R_LOG_SUITE_INVALID,
	    "rtp_secure_media_suites contains an unknown suite (older names "
	    "such as AES_CM_256_HMAC_SHA1_80 are written "
	    "AES_256_CM_HMAC_SHA1_80 today)" },
	[GS_LOG_VALUE_INVALID] = { GS_R_LOG_SUITE_INVALID,
	    "invalid value of rtp_secure_media: FreeSWITCH uses 'forbidden', "
	    "so the call is not encrypted" },
	[GS_LOG_UNPROTECT] = { GS_R_LOG_UNPROTECT,
	    "FreeSWITCH could not decrypt received SRTP" },
	[GS_LOG_HANGUP] = { GS_R_LOG_HANGUP, "the call ended here with " },
	[GS_LOG_SRTP_OFF] = { GS_R_LOG_SRTP_OFF,
	    "FreeSWITCH could not encrypt: from here on it sends RTP in the "
	    "clear" },
	[GS_LOG_SRTP_MISSING] = { GS_R_LOG_SRTP_OFF,
	    "this FreeSWITCH was built without SRTP: it sends RTP in the "
	    "clear" },
	[GS_LOG_SRTP_FAILED] = { GS_R_LOG_SRTP_FAILED,
	    "FreeSWITCH could not set up SRTP: received media cannot be "
	    "decrypted" },
	[GS_LOG_DTLS_FAILED] = { GS_R_LOG_DTLS_FAILED,
	    "DTLS failed, so there is no key and no media" },
	[GS_LOG_REKEY_REFUSED] = { GS_R_LOG_REKEY_REFUSED,
	    "FreeSWITCH refused the other side's new key: packets that use it "
	    "cannot be decrypted" },
	[GS_LOG_NO_MEDIA] = { GS_R_LOG_NO_MEDIA,
	    "FreeSWITCH found no media in the SDP, or no SDP: there is no "
	    "call" },
};

/* What is wrong with packets that libsrtp refuses with each code. */
static const struct {
	struct gs_span code;
	const char *text;
} refused[] = {
	{ { "7", 1 }, /* srtp_err_status_auth_fail */
	    "FreeSWITCH could not decrypt received SRTP: the other side uses "
	    "a different key, suite or ROC" },
	{ { "9", 1 }, /* srtp_err_status_replay_fail */
	    "FreeSWITCH dropped received SRTP as a replay: the packet came "
	    "twice, or the other side used its sequence number before" },
	{ { "10", 2 }, /* srtp_err_status_replay_old */
	    "FreeSWITCH dropped received SRTP as too old: the packet came "
	    "late, or the other side's sequence numbers went back" },
};

static bool
is_media_cause(struct gs_span cause)
{
	return gs_span_eq(cause, GS_LIT("INCOMPATIBLE_DESTINATION")) ||
	    gs_span_eq(cause, GS_LIT("SRTP_READ_ERROR"));
}

/* The rule that an event breaks; NULL: none. */
static const struct event_rule *
rule_of(const struct gs_text_log_event *e)
{
	switch (e->kind) {
	case GS_LOG_CHANNEL:
	case GS_LOG_ROUTED:
	case GS_LOG_PEER:
	case GS_LOG_ACTIVATED:
	case GS_LOG_REFUSED:
	case GS_LOG_ANSWERED:
	case GS_LOG_UP:
	case GS_LOG_CODEC_ERROR: return NULL; /* its SDP is judged instead */
	case GS_LOG_HANGUP:
		return is_media_cause(e->detail) ? &rules[e->kind] : NULL;
	default: return &rules[e->kind];
	}
}

static const char *
text_of(const struct gs_text_log_event *e, const struct event_rule *r)
{
	if (e->kind == GS_LOG_UNPROTECT)
		for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
			if (gs_span_eq(e->detail, refused[i].code))
				return refused[i].text;
	return r->text;
}

void
gs_calls_event_tell(const struct gs_text_log_event *e, struct gs_diags *d)
{
	const struct event_rule *r = rule_of(e);

	if (r == NULL)
		return;
	/* "Unsupported Crypto" alone does not mean that the call failed. */
	gs_sdp_diag_as(d, r->rule,
	    e->kind == GS_LOG_UNSUPPORTED ? GS_WARNING :
					    gs_sdp_rules.rule[r->rule].severity,
	    &e->line, e->detail, "%s%.*s", text_of(e, r),
	    e->kind == GS_LOG_HANGUP ? (int)e->detail.n : 0, e->detail.p);
}
