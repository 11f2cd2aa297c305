/* SPDX-License-Identifier: MIT */
/* Which rule an event of FreeSWITCH's log breaks. */
#include "calls/logevent_priv.h"

static const struct log_event_rule event_rules[] = {
	[GS_LOG_CRYPTO_IN_AVP] = { GS_R_LOG_CRYPTO_IN_AVP,
	    "FreeSWITCH refused the call: a=crypto in RTP/AVP. Make the "
	    "phone offer RTP/SAVP (Snom: user_savp optional or mandatory), "
	    "or let FreeSWITCH take it (rtp_allow_crypto_in_avp=true, in "
	    "1.2 sip_allow_crypto_in_avp)" },
	[GS_LOG_SETUP_FAILED] = { GS_R_LOG_CRYPTO_FAILED,
	    "FreeSWITCH could not set up SRTP with this key" },
	[GS_LOG_PARSE_ERROR] = { GS_R_LOG_CRYPTO_PARSE,
	    "FreeSWITCH could not read an a=crypto line" },
	[GS_LOG_MKI_ERROR] = { GS_R_LOG_CRYPTO_PARSE,
	    "FreeSWITCH refused the MKI of an a=crypto line" },
	[GS_LOG_NOT_NEGOTIATED] = { GS_R_LOG_CRYPTO_REQUIRED,
	    "FreeSWITCH demands SRTP and the other side offered none: "
	    "switch SRTP on there, or rtp_secure_media off" },
	[GS_LOG_SECURE_DISABLED] = { GS_R_LOG_SRTP_DISABLED,
	    "FreeSWITCH has SRTP switched off for this call "
	    "(rtp_secure_media=forbidden) but was offered RTP/SAVP" },
	[GS_LOG_UNSUPPORTED] = { GS_R_LOG_CRYPTO_FAILED,
	    "FreeSWITCH knows none of the offered suites" },
	[GS_LOG_SUITE_INVALID] = { GS_R_LOG_SUITE_INVALID,
	    "rtp_secure_media_suites names a suite that FreeSWITCH does "
	    "not know (older names such as AES_CM_256_HMAC_SHA1_80 are "
	    "written AES_256_CM_HMAC_SHA1_80 today)" },
	[GS_LOG_VALUE_INVALID] = { GS_R_LOG_SUITE_INVALID,
	    "a value of rtp_secure_media is not understood: FreeSWITCH "
	    "takes 'forbidden', so the call is not encrypted" },
	[GS_LOG_UNPROTECT] = { GS_R_LOG_UNPROTECT,
	    "FreeSWITCH could not decrypt received SRTP: the other side "
	    "sends with another key, suite or ROC" },
	[GS_LOG_HANGUP] = { GS_R_LOG_HANGUP, "the call ended here with " },
};

static bool
is_media_cause(struct gs_span cause)
{
	return gs_span_eq(cause, GS_LIT("INCOMPATIBLE_DESTINATION")) ||
	    gs_span_eq(cause, GS_LIT("SRTP_READ_ERROR"));
}

const struct log_event_rule *
log_event_rule(const struct gs_log_event *e)
{
	switch (e->kind) {
	case GS_LOG_ACTIVATED:
	case GS_LOG_CODEC_ERROR: return NULL; /* its SDP is judged */
	case GS_LOG_HANGUP:
		return is_media_cause(e->detail) ? &event_rules[e->kind] : NULL;
	default: return &event_rules[e->kind];
	}
}
