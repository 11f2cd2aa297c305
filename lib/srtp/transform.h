/* SPDX-License-Identifier: MIT */
/* Opens one protected packet with one master key, at a given rollover counter:
 * plain RTP or RTCP (RFC 3711, RFC 6188, RFC 7714, RFC 9335). */
#ifndef GSPROV_SRTP_TRANSFORM_H
#define GSPROV_SRTP_TRANSFORM_H

#include "base/buf.h"
#include "sdp/suite.h"

struct gs_err;

enum { GS_SRTP_KEYSALT = 46 };

/* How a master key is used. key and salt are the octets of the master key (16,
 * 24, 32) and of the salt (14, GCM 12). */
struct gs_srtp_spec {
	enum gs_sdp_srtp_cipher cipher;
	uint8_t key;
	uint8_t salt;
	uint8_t kdr; /* log2 of the key derivation rate; 0: derived once */
	bool legacy192; /* session keys are those of libsrtp before 2.8 */
	bool salt_left; /* GCM: zeros are before the short salt, not after it */
};

/* How a packet is laid out. */
struct gs_srtp_form {
	uint8_t tag; /* octets of the authentication tag; 0: none */
	uint8_t mki; /* octets of the MKI; 0: none */
	bool clear; /* RTP: not encrypted (UNENCRYPTED_SRTP) */
};

enum gs_srtp_result {
	GS_SRTP_OK,
	GS_SRTP_FAIL, /* it is not authentic */
	GS_SRTP_SHORT, /* too short for the form */
	GS_SRTP_TROUBLE, /* libcrypto failed */
};

/* A master key in use: session keys, and the packet being tried. Everything is
 * wiped when it is replaced or freed. */
struct gs_srtp;

/* A session without a key. NULL if out of memory. */
struct gs_srtp *gs_srtp_new(void) GS_MUST;

/* s may be NULL. */
void gs_srtp_free(struct gs_srtp *s);

/* Sets the master key of s. keysalt has spec->key + spec->salt octets, which
 * are copied. Returns 0, or -1 if spec is impossible or libcrypto fails. */
int gs_srtp_set_key(struct gs_srtp *s, const struct gs_srtp_spec *spec,
    const uint8_t *keysalt, struct gs_err *err) GS_MUST;

/* Loads the n octets at p for gs_srtp_verify() and gs_srtp_unprotect(): an RTP
 * packet whose header, with CSRC and extension, has header octets. p stays
 * borrowed until then. Returns GS_SRTP_SHORT if n or header is impossible. */
enum gs_srtp_result gs_srtp_load(struct gs_srtp *s, const uint8_t *p, size_t n,
    size_t header, struct gs_srtp_form form) GS_MUST;

/* Whether the loaded packet authenticates at roc. The packet was hashed once;
 * each call costs two blocks of SHA-1 (a whole decryption with GCM). Without a
 * tag, the result is GS_SRTP_OK. */
enum gs_srtp_result gs_srtp_verify(struct gs_srtp *s, uint32_t roc) GS_MUST;

/* Verifies and decrypts the loaded packet at roc. out, which must not overlap
 * it, gets header and payload: *n octets, never more than were loaded. Use out
 * only after GS_SRTP_OK. */
enum gs_srtp_result gs_srtp_unprotect(struct gs_srtp *s, uint32_t roc,
    uint8_t *out, size_t *n) GS_MUST;

/* The same for a compound RTCP packet at p, which carries its own index.
 * form.clear is ignored: each packet tells it (the E bit). */
enum gs_srtp_result gs_srtp_unprotect_rtcp(struct gs_srtp *s, const uint8_t *p,
    size_t n, struct gs_srtp_form form, uint8_t *out, size_t *out_n) GS_MUST;

/* The offset of the MKI in a packet of n octets; it has form.mki octets. The
 * packet was loaded or opened with this form. */
size_t gs_srtp_mki_at(const struct gs_srtp *s, size_t n,
    struct gs_srtp_form form);

#endif
