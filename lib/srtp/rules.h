/* SPDX-License-Identifier: MIT */
/* The rules of the SRTP wing, which cover all findings of gs-srtpdump. */
#ifndef GSPROV_SRTP_RULES_H
#define GSPROV_SRTP_RULES_H

#include "base/diag.h"

/* Index into gs_srtp_key_rules.rule; GS_SRTP_R_X_Y is the rule "x-y". */
enum gs_srtp_rule {
	GS_SRTP_R_KEY_MASKED,
	GS_SRTP_R_KEY_LENGTH,
	GS_SRTP_R_KEY_TEXT,
	GS_SRTP_R_KEY_SUITE,
	GS_SRTP_R_KEY_SUITE_UNSUPPORTED,
	GS_SRTP_R_KEY_MKI,
	GS_SRTP_R_KEY_WEAK,
	GS_SRTP_R_KEY_READABLE,
	GS_SRTP_R_SEARCH_STOPPED,
	GS_SRTP_R_STREAMS_LET_GO,
	GS_SRTP_R_STREAM_NO_KEY,
	GS_SRTP_R_STREAM_PARTLY,
	GS_SRTP_R_STREAM_PLAIN,
	GS_SRTP_R_STREAM_NOTE,
	GS_SRTP_R_COUNT
};

extern const struct gs_rules gs_srtp_key_rules;

#endif
