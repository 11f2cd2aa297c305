/* SPDX-License-Identifier: MIT */
/* The rules of the SDP wing: every finding of gs-sdpcheck is one of these. */
#ifndef GSPROV_SDP_RULES_H
#define GSPROV_SDP_RULES_H

#include "base/diag.h"

struct gs_sdp_line;

/* Index into gs_sdp_rules.rule; GS_R_X_Y is the rule "x-y". */
enum gs_sdp_rule {
	GS_R_SDP_VERSION,
	GS_R_SDP_LINE,
	GS_R_SDP_NUL,
	GS_R_SDP_UNKNOWN_TYPE,
	GS_R_SDP_ORDER,
	GS_R_SDP_MISSING_LINE,
	GS_R_SDP_SESSION_NAME,
	GS_R_SDP_CONNECTION,
	GS_R_SDP_NO_MEDIA,
	GS_R_SDP_TRUNCATED,
	GS_R_MEDIA_LINE,
	GS_R_MEDIA_PROTO_UNKNOWN,
	GS_R_MEDIA_PLAIN,
	GS_R_EOL_MIXED,

	GS_R_CRYPTO_SESSION_LEVEL,
	GS_R_CRYPTO_NAME_CASE,
	GS_R_CRYPTO_SYNTAX,
	GS_R_CRYPTO_TAG,
	GS_R_CRYPTO_TAG_ZERO,
	GS_R_CRYPTO_TAG_DUP,
	GS_R_CRYPTO_SUITE_CASE,
	GS_R_CRYPTO_SUITE_UNKNOWN,
	GS_R_CRYPTO_SUITE_ALIAS,
	GS_R_CRYPTO_SUITE_VENDOR,
	GS_R_CRYPTO_SUITE_WEAK,
	GS_R_CRYPTO_KEY_METHOD,
	GS_R_CRYPTO_KEY_MISSING,
	GS_R_CRYPTO_KEY_BASE64,
	GS_R_CRYPTO_KEY_LENGTH,
	GS_R_KEY_UNPADDED,
	GS_R_KEY_NONCANONICAL,
	GS_R_KEY_MASKED,
	GS_R_CRYPTO_KEY_WEAK,
	GS_R_CRYPTO_KEY_HEX,
	GS_R_KEY_PRINTABLE,
	GS_R_CRYPTO_KEY_REUSE_MEDIA,
	GS_R_CRYPTO_KEY_REUSE_LINE,
	GS_R_CRYPTO_LIFETIME,
	GS_R_LIFETIME_SRTCP,
	GS_R_LIFETIME_SHORT,
	GS_R_LIFETIME_DECIMAL,
	GS_R_CRYPTO_MKI,
	GS_R_CRYPTO_MKI_LENGTH,
	GS_R_MKI_REQUIRED,
	GS_R_MKI_LENGTH_DIFFERS,
	GS_R_MKI_DUP,
	GS_R_MKI_PEER,
	GS_R_CRYPTO_WHITESPACE,
	GS_R_SESSION_PARAM_UNKNOWN,
	GS_R_SESSION_PARAM_OPTIONAL,
	GS_R_SESSION_PARAM_DUP,
	GS_R_KDR_RANGE,
	GS_R_WSH_RANGE,
	GS_R_FEC_ORDER,
	GS_R_FEC_KEY,
	GS_R_PARAM_UNENCRYPTED,
	GS_R_PARAM_UNENCRYPTED_RTCP,
	GS_R_PARAM_UNAUTHENTICATED,
	GS_R_GCM_PARAM,
	/* From here to SESSION_PARAM_PEER: rules that matter with one peer
	 * only. */
	GS_R_CRYPTO_FIRST_LINE,
	GS_R_SUITE_UNCOMMON,
	GS_R_KEYS_SEVERAL,
	GS_R_MKI_NO_LIFETIME,
	GS_R_MKI_IGNORED,
	GS_R_SESSION_PARAM_PEER,

	GS_R_SAVP_NO_KEYING,
	GS_R_CRYPTO_IN_AVP,
	GS_R_CRYPTO_NON_SRTP,
	GS_R_CRYPTO_IN_DTLS,
	GS_R_CRYPTO_AND_FINGERPRINT,
	GS_R_DUAL_PROFILE,
	GS_R_CRYPTO_MULTICAST,
	GS_R_CRYPTO_CLEARTEXT_SIGNALLING,
	GS_R_SIGNALLING_CLEAR,
	GS_R_SIGNALLING_UNKNOWN,
	GS_R_FINGERPRINT_SYNTAX,
	GS_R_FINGERPRINT_WEAK,
	GS_R_KEYING_EMPTY,

	GS_R_OA_MEDIA_COUNT,
	GS_R_OA_MEDIA_TYPE,
	GS_R_OA_PROTO,
	GS_R_OA_NO_CRYPTO,
	GS_R_OA_MULTIPLE_CRYPTO,
	GS_R_OA_TAG,
	GS_R_OA_SUITE,
	GS_R_OA_KEY_SAME,
	GS_R_OA_PARAM,
	GS_R_OA_PARAM_NEW,
	GS_R_OA_FEC_KEY,
	GS_R_OA_CRYPTO_AND_KEYMGMT,
	GS_R_OA_CRYPTO_AND_K,
	GS_R_OA_SETUP,
	GS_R_OA_NOT_PREFERRED,
	GS_R_OA_REJECTED,
	GS_R_REFUSED,
	GS_R_REOFFER_SAME_KEY,
	GS_R_OA_FORKED,

	GS_R_REG_NOT_TLS,
	GS_R_REG_TRANSPORT_HIDDEN,
	GS_R_SIP_NO_SDP,
	GS_R_REG_INCOMPLETE,

	GS_R_UNREAD,
	GS_R_UNPROVEN,
	GS_R_SIP_INCOMPLETE,
	GS_R_LINE_BROKEN,

	GS_R_LOG_CRYPTO_IN_AVP,
	GS_R_LOG_CRYPTO_FAILED,
	GS_R_LOG_CRYPTO_PARSE,
	GS_R_LOG_CRYPTO_REQUIRED,
	GS_R_LOG_SRTP_DISABLED,
	GS_R_LOG_SUITE_INVALID,
	GS_R_LOG_UNPROTECT,
	GS_R_LOG_KEY_UNMATCHED,
	GS_R_LOG_HANGUP,
	GS_R_LOG_SRTP_OFF,
	GS_R_LOG_SRTP_FAILED,
	GS_R_LOG_DTLS_FAILED,
	GS_R_LOG_REKEY_REFUSED,
	GS_R_LOG_NO_MEDIA,
	GS_R_MEDIA_RELAYED,
	GS_R_MEDIA_CLEAR,
	GS_R_COUNT
};

extern const struct gs_rules gs_sdp_rules;

/* The products whose quirks --peer can ask for. */
enum gs_sdp_peer {
	GS_PEER_FREESWITCH,
	GS_PEER_FREESWITCH12,
	GS_PEER_ASTERISK,
	GS_PEER_PJSIP,
	GS_PEER_BARESIP,
};

/* Fills policy (GS_R_COUNT bytes) with the default: everything is reported
 * except the notes that matter with one peer only. */
void gs_sdp_policy_usual(uint8_t *policy);

/* Sets the rules that concern this peer to GS_POLICY_RAISED in policy
 * (GS_R_COUNT bytes); disabled rules stay disabled. */
void gs_sdp_peer_raise(enum gs_sdp_peer p, uint8_t *policy);

/* Adds a finding of rule, with its usual severity, at part of line, with the
 * first 1024 octets of the line's text (keys masked) as its source. What the
 * text quotes from the input must be too short to be a key: below 22
 * octets. */
void gs_sdp_diag(struct gs_diags *d, enum gs_sdp_rule rule,
    const struct gs_sdp_line *line, struct gs_span part, const char *fmt, ...)
    GS_PRINTF(5, 6);

/* The same with another severity. */
void gs_sdp_diag_as(struct gs_diags *d, enum gs_sdp_rule rule,
    enum gs_severity severity, const struct gs_sdp_line *line,
    struct gs_span part, const char *fmt, ...) GS_PRINTF(6, 7);

#endif
