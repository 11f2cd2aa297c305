/* SPDX-License-Identifier: MIT */
/* The value of a=crypto: security descriptions for media (RFC 4568). */
#ifndef GSPROV_SDP_SDES_H
#define GSPROV_SDP_SDES_H

#include "base/buf.h"
#include "sdp/suite.h"

struct gs_diags;
struct gs_sdp_line;
struct gs_sdp;
struct gs_sdp_attr;
struct gs_sdp_media;

enum { GS_SDES_KEYS = 20, GS_SDES_KEYSALT = 64, GS_SDES_MKI = 128 };

/* One key-param. The octets are secret: gs_sdp_sdes_wipe() wipes them. */
struct gs_sdp_sdes_key {
	struct gs_span text; /* key||salt as written, or the mask */
	uint8_t keysalt[GS_SDES_KEYSALT]; /* the first n octets are set */
	size_t n; /* at most GS_SDES_KEYSALT; 0: masked or not base64 */
	bool masked;
	uint64_t lifetime; /* packets; 0: not given */
	struct gs_span mki; /* decimal digits; n 0: not given */
	uint8_t mki_length; /* octets */
};

/* Session parameters (RFC 4568 section 6.3), a set. */
enum gs_sdp_sdes_param {
	GS_SDES_KDR = 1,
	GS_SDES_UNENCRYPTED_SRTP = 2,
	GS_SDES_UNENCRYPTED_SRTCP = 4,
	GS_SDES_UNAUTHENTICATED_SRTP = 8,
	GS_SDES_FEC_ORDER = 16,
	GS_SDES_FEC_KEY = 32,
	GS_SDES_WSH = 64,
	GS_SDES_OPTIONAL = 128, /* some "-name" */
	GS_SDES_UNKNOWN = 256, /* some unknown name without "-" */
};

/* One crypto attribute. */
struct gs_sdp_sdes {
	const struct gs_sdp_line *line;
	struct gs_span value;
	struct gs_span tag_text;
	uint32_t tag;
	bool tag_valid;
	struct gs_span suite_name;
	const struct gs_sdp_suite *suite; /* NULL: unknown */
	struct gs_sdp_sdes_key key[GS_SDES_KEYS]; /* keys are set */
	size_t keys;
	struct gs_sdp_sdes_key
	    fec; /* set if params has GS_SDES_FEC_KEY; its first key */
	unsigned params; /* set of enum gs_sdp_sdes_param */
	uint32_t kdr; /* log2 of the rate; 0: no derivation */
	uint32_t wsh;
	bool valid; /* no error was found */
};

/* Parses value, a piece of line's text: what follows "a=crypto:". Findings go
 * to d, which may be NULL. out is always filled as far as possible. Keys beyond
 * GS_SDES_KEYS are checked, but not kept. A key after a blank, as FreeSWITCH
 * accepts it, is an error, and is kept. Nothing is allocated. RFC 4568 sections
 * 4, 6 and 9. */
void gs_sdp_sdes_parse(struct gs_sdp_sdes *out, const struct gs_sdp_line *line,
    struct gs_span value, struct gs_diags *d);

/* The same for a key elsewhere: value begins with "inline:"; suite is the name
 * that was found for it, or empty. Both are in line's text. */
void gs_sdp_sdes_parse_inline(struct gs_sdp_sdes *out,
    const struct gs_sdp_line *line, struct gs_span suite, struct gs_span value);

/* Parses the next a=crypto line of media (NULL: of the session) at or after
 * *at, which moves past it. Returns its attribute; NULL: there are no more,
 * and out is unchanged. */
const struct gs_sdp_attr *gs_sdp_sdes_next(const struct gs_sdp *sdp,
    const struct gs_sdp_media *media, size_t *at, struct gs_sdp_sdes *out,
    struct gs_diags *d);

/* Key i of s, with its FEC_KEY last; NULL: there are no more. */
const struct gs_sdp_sdes_key *gs_sdp_sdes_key_at(const struct gs_sdp_sdes *s,
    size_t i);

/* The suite's name for display. An unknown name that may be a misplaced key is
 * shown as "unknown suite". */
struct gs_span gs_sdp_sdes_shown_suite(const struct gs_sdp_sdes *s);

/* Wipes the key octets. */
void gs_sdp_sdes_wipe(struct gs_sdp_sdes *s);

#endif
