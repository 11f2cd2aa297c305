/* SPDX-License-Identifier: MIT */
/* The crypto suites of SRTP: the one table that all commands read. */
#ifndef GSPROV_SDP_SUITE_H
#define GSPROV_SDP_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gs_span;

/* The ciphers of SRTP. */
enum gs_sdp_srtp_cipher {
	GS_SRTP_CM, /* AES in counter mode, RFC 3711 section 4.1.1 */
	GS_SRTP_GCM, /* RFC 7714 */
	GS_SRTP_F8, /* RFC 3711 section 4.1.2 */
	GS_SRTP_NULL, /* authenticated only, RFC 3711 section 4.1.3 */
	GS_SRTP_OTHER, /* known by name, not implemented: never tried */
};

enum gs_sdp_suite_kind {
	GS_SUITE_REGISTERED, /* IANA, SRTP crypto suites */
	GS_SUITE_ALIAS, /* an older name of a registered one */
	GS_SUITE_VENDOR, /* used by products, not registered */
	GS_SUITE_FOREIGN, /* not a name of SDP: of DTLS and MIKEY, or ours */
};

/* A crypto suite. key and salt are octets of the master key and salt; 0 if
 * sources disagree: the length is then not checked. The session keys of all
 * implemented suites are derived by AES-CM with the length of the key (RFC
 * 3711 section 4.3.3, RFC 6188 section 3, RFC 7714 section 11). */
struct gs_sdp_suite {
	const char *name;
	size_t n; /* length of name */
	const char *registered; /* alias: the name to use */
	enum gs_sdp_suite_kind kind;
	enum gs_sdp_srtp_cipher cipher;
	uint8_t key;
	uint8_t salt;
	uint8_t tag_bits; /* SRTP's; 0 without authentication */
	uint8_t profile; /* of DTLS-SRTP (IANA), 0: none */
	bool encrypts;
	bool aead;
	bool common; /* FreeSWITCH 1.2 and every phone support it */
	const char *ref;
};

/* Finds a suite by name, ignoring case (RFC 4568 section 4). NULL: unknown. */
const struct gs_sdp_suite *gs_sdp_suite_find(struct gs_span name);

/* The first suite with this cipher, key length and tag; if none has the tag,
 * the first with cipher and key length. NULL: no such key length. */
const struct gs_sdp_suite *gs_sdp_suite_of(enum gs_sdp_srtp_cipher cipher,
    uint8_t key, unsigned tag_bits);

/* The suite of a protection profile of DTLS-SRTP (RFC 5764 section 4.1.2, RFC
 * 7714 section 14.2). NULL: unknown. */
const struct gs_sdp_suite *gs_sdp_suite_profile(uint16_t profile);

/* Whether some suite's master key and salt have n octets together; *salt is
 * the length of the salt. */
bool gs_sdp_suite_length(size_t n, uint8_t *salt);

#endif
