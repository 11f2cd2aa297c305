/* SPDX-License-Identifier: MIT */
/* Candidate master keys, and where they were seen. */
#ifndef GSPROV_SRTP_KEYRING_H
#define GSPROV_SRTP_KEYRING_H

#include "net/addr.h"
#include "srtp/transform.h"

struct gs_err;

enum {
	GS_KEYRING_MAX = 65536, /* keys at most; further ones are dropped */
	GS_KEYRING_HINTED = 8192, /* guesses that the text calls keys */
	GS_KEYRING_GUESSES = 4096, /* other guesses */
	GS_KEYRING_SOURCES = 1024, /* names of files; further files share the
				    * last one */
};

/* A key. media, ns and call (the address, time and dialog of its SDP) only
 * decide which keys are tried first. */
struct gs_srtp_key {
	uint8_t keysalt[GS_SRTP_KEYSALT];
	uint8_t n; /* 28, 30, 38, 44 or 46 octets */
	uint8_t mki_n; /* octets of the announced MKI; 0: none */
	uint8_t kdr;
	bool guess; /* looks like a key, until it opens a packet */
	bool hinted; /* the same, but its text mentions keys */
	uint16_t params; /* of enum gs_sdp_sdes_param */
	uint16_t source; /* index of gs_srtp_keyring_source() */
	const struct gs_sdp_suite *suite; /* NULL: unknown */
	uint64_t mki;
	uint64_t line; /* line of the file, or frame of the capture */
	uint64_t ns; /* 0: unknown */
	uint32_t call; /* hash of Call-ID or channel UUID, 0: unknown */
	struct gs_net_addr media; /* version 0: unknown */
	char print[9]; /* fingerprint */
};

struct gs_srtp_keyring;

/* NULL if out of memory. */
struct gs_srtp_keyring *gs_srtp_keyring_new(struct gs_err *err) GS_MUST;

/* Wipes and frees; k may be NULL. */
void gs_srtp_keyring_free(struct gs_srtp_keyring *k);

/* The number of a file's name, for gs_srtp_key.source. frames: its lines are
 * frame numbers. */
uint16_t gs_srtp_keyring_source(struct gs_srtp_keyring *k, const char *name,
    bool frames);

/* Adds a copy of key, and computes print. If the key is known, what was unknown
 * about it is completed. A key without room is dropped. Returns 0, or -1 if out
 * of memory. */
int gs_srtp_keyring_add(struct gs_srtp_keyring *k,
    const struct gs_srtp_key *key) GS_MUST;

/* The number of keys so far, including guesses; it never decreases. Key i <
 * size; the pointer is valid until the next gs_srtp_keyring_add(). */
size_t gs_srtp_keyring_size(const struct gs_srtp_keyring *k);
const struct gs_srtp_key *gs_srtp_keyring_at(const struct gs_srtp_keyring *k,
    size_t i);

/* The keys that SDP announced for a port: the one added last, and the one
 * before key i. SIZE_MAX: there are no more. */
size_t gs_srtp_keyring_of_port(const struct gs_srtp_keyring *k, uint16_t port);
size_t gs_srtp_keyring_of_port_before(const struct gs_srtp_keyring *k,
    size_t i);

/* The number of keys that SDP announced for some port. */
size_t gs_srtp_keyring_placed(const struct gs_srtp_keyring *k);

/* The number of keys whose packets may have no tag. */
size_t gs_srtp_keyring_unsealed(const struct gs_srtp_keyring *k);

/* The number of keys whose packets may be authenticated, but not encrypted. */
size_t gs_srtp_keyring_bare(const struct gs_srtp_keyring *k);

/* Notes that key i opened a packet: it is no longer a guess. */
void gs_srtp_keyring_prove(struct gs_srtp_keyring *k, size_t i);

/* The number of keys that are not guesses. */
size_t gs_srtp_keyring_known(const struct gs_srtp_keyring *k);

/* The number of keys whose suites are not implemented. */
size_t gs_srtp_keyring_untried(const struct gs_srtp_keyring *k);

/* Where key was seen: "FILE:LINE" or "FILE frame N", in text (cut to fit).
 * Returns text. */
const char *gs_srtp_keyring_where(const struct gs_srtp_keyring *k,
    const struct gs_srtp_key *key, char *text, size_t size);

/* A way in which packets may be protected with a key. likely: it is what the
 * suite says, or close to it. */
struct gs_srtp_scheme {
	struct gs_srtp_spec spec;
	struct gs_srtp_form form;
	bool likely;
};

enum { GS_SRTP_SCHEMES = 64 };

/* The ways to try key, likely ones first: both tag lengths, with the announced
 * MKI and without, with the announced derivation rate and without, both
 * derivations of AES-192, and GCM that encrypts despite UNENCRYPTED_SRTP; then
 * MKIs that were not announced. Authentication cannot distinguish AES-CM, F8
 * and NULL, so the cipher is that of the suite. Ways without a tag are tried
 * only if the key's suite or parameters name them. Returns how many: 0 if the
 * suite is not implemented. */
size_t gs_srtp_key_schemes(const struct gs_srtp_key *key,
    struct gs_srtp_scheme scheme[GS_SRTP_SCHEMES]);

/* Whether both ways protect packets alike. */
bool gs_srtp_scheme_same(const struct gs_srtp_scheme *a,
    const struct gs_srtp_scheme *b);

/* The registered or usual name of the suite that opened a packet. */
const char *gs_srtp_scheme_suite(const struct gs_srtp_scheme *scheme);

#endif
