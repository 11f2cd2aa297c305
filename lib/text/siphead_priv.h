/* SPDX-License-Identifier: MIT */
/* The header fields of a SIP message that matter here (RFC 3261). */
#ifndef GSPROV_TEXT_SIPHEAD_PRIV_H
#define GSPROV_TEXT_SIPHEAD_PRIV_H

#include "text/sink.h"

enum sip_field {
	SIP_NOT, /* not a header field */
	SIP_OTHER,
	SIP_VIA,
	SIP_CALL_ID,
	SIP_CSEQ,
	SIP_FROM,
	SIP_TO,
	SIP_CONTENT_TYPE,
	SIP_CONTENT_LENGTH,
};

/* The field that s is; *value is what follows its colon. */
enum sip_field gs_text_sip_field_parse(struct gs_span s, struct gs_span *value);

/* "TLS" of SIP/2.0/TLS in a Via's value. */
struct gs_span gs_text_sip_via_transport(struct gs_span value);

/* The branch of a Via. */
struct gs_span gs_text_sip_branch(struct gs_span value);

/* The tag of a From or To. */
struct gs_span gs_text_sip_tag(struct gs_span value);

/* USER@HOST of a From or To, without scheme and parameters. */
struct gs_span gs_text_sip_address(struct gs_span value);

/* The display name of a From or To, without quotes; n 0: none. */
struct gs_span gs_text_sip_name(struct gs_span value);

enum gs_text_sip_content {
	SIP_CONTENT_NONE, /* not said */
	SIP_CONTENT_SDP,
	SIP_CONTENT_MULTIPART,
	SIP_CONTENT_FRAGMENT, /* a part of a message (RFC 3420) */
	SIP_CONTENT_OTHER,
};

/* The body that a Content-Type announces. For multipart, *boundary is set; n 0:
 * it is not given. */
enum gs_text_sip_content gs_text_sip_content(struct gs_span value,
    struct gs_span *boundary);

/* The value of Content-Length; -1: it is invalid. */
int64_t gs_text_sip_length(struct gs_span value);

#endif
