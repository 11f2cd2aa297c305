/* SPDX-License-Identifier: MIT */
/* The rules over one SDP, and over an offer and its answer. */
#ifndef GSPROV_SDP_CHECK_H
#define GSPROV_SDP_CHECK_H

#include "base/diag.h"

struct gs_sdp;
struct gs_sdp_media;
struct gs_sdp_sdes;
struct gs_sdp_suite;

/* How the SDP was carried. */
enum gs_sdp_transport {
	GS_TRANSPORT_UNKNOWN,
	GS_TRANSPORT_UDP,
	GS_TRANSPORT_TCP,
	GS_TRANSPORT_TLS,
	GS_TRANSPORT_WS,
	GS_TRANSPORT_WSS,
};

/* "UDP" and so on; "?" if unknown. */
const char *gs_sdp_transport_name(enum gs_sdp_transport t);

/* What the user requires; values can be combined. */
enum gs_sdp_require {
	GS_REQUIRE_SRTP = 1, /* every active audio and video is encrypted */
	GS_REQUIRE_SAVP = 2, /* and none of it is opportunistic */
	GS_REQUIRE_TLS = 4, /* keys and registrations travel over TLS */
};

enum gs_sdp_role { GS_ROLE_UNKNOWN, GS_ROLE_OFFER, GS_ROLE_ANSWER };

/* What is known about an SDP from its context. */
struct gs_sdp_check {
	unsigned require; /* set of enum gs_sdp_require */
	enum gs_sdp_role role;
	enum gs_sdp_transport transport;
	bool truncated; /* the text ended inside the SDP */
	struct gs_pos signalling; /* where the transport is named; may be 0 */
};

/* How one m= line is protected. */
enum gs_sdp_protection {
	GS_PLAIN, /* RTP/AVP without keys */
	GS_OPPORTUNISTIC, /* a=crypto in RTP/AVP */
	GS_SDES, /* SAVP with a=crypto */
	GS_DTLS, /* keyed by a fingerprint */
	GS_MIKEY, /* keyed by a=key-mgmt */
	GS_UNKEYED, /* SAVP without any key: no call */
	GS_CUT, /* SAVP, and the SDP ends before a key was seen */
	GS_INACTIVE, /* port 0 */
	GS_OTHER, /* not RTP */
};

/* The verdict on one m= line. */
struct gs_sdp_media_verdict {
	const struct gs_sdp_media *media;
	struct gs_span type; /* for display: the beginning of media's */
	struct gs_span proto;
	enum gs_sdp_protection protection;
	const struct gs_sdp_suite *suite; /* SDES: the first valid line's */
	struct gs_span suite_name; /* for display; n 0: none */
	unsigned suites; /* valid a=crypto lines */
	bool known; /* one of them has a known suite */
	bool masked; /* its keys were masked */
	bool cleartext; /* SDES: that line does not encrypt */
	bool weak; /* DTLS: the fingerprint uses a broken hash */
};

enum { GS_VERDICT_MEDIA = 64 };

/* The verdict on one SDP: its first GS_VERDICT_MEDIA m= lines. */
struct gs_sdp_verdict {
	struct gs_sdp_media_verdict media[GS_VERDICT_MEDIA];
	size_t medias;
};

/* Checks one parsed SDP; findings go to d, the verdict to v. At most 256 keys
 * of the SDP and 64 tags of an m= line are kept: later ones are only compared
 * with these; repeated keys are reported 64 times. */
void gs_sdp_check_sdp(const struct gs_sdp *sdp, const struct gs_sdp_check *c,
    struct gs_diags *d, struct gs_sdp_verdict *v);

/* Checks the key of a single line, as in an SDP: one that does not encrypt is
 * an error if encryption is required. */
void gs_sdp_check_key(const struct gs_sdp_sdes *s, unsigned require,
    struct gs_diags *d);

/* Overwrites sdp's keys in the source lines of d's findings: a key may be
 * where it is not expected, as in s=. */
void gs_sdp_check_hide_keys(const struct gs_sdp *sdp, struct gs_diags *d);

#endif
