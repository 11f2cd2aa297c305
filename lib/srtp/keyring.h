/* SPDX-License-Identifier: MIT */
/* Candidate master keys, and where they were seen. */
#ifndef GSPROV_SRTP_KEYRING_H
#define GSPROV_SRTP_KEYRING_H

#include "net/addr.h"
#include "srtp/transform.h"

struct gs_err;

enum {
	GS_KEYRING_MAX = 65536, /* most keys; further ones are dropped */
	GS_KEYRING_HINTED = 8192, /* guesses that the text calls keys */
	GS_KEYRING_GUESSES = 4096, /* other guesses */
	GS_KEYRING_SOURCES = 1024, /* files; more share the last name */
};

/* A key. media, ns and call only order the tries: the address, time and dialog
 * of its SDP. */
struct gs_srtp_key {
	uint8_t keysalt[GS_SRTP_KEYSALT];
	uint8_t n; /* 28, 30, 38, 44 or 46 octets */
	uint8_t mki_n; /* octets of the announced MKI, 0: none */
	uint8_t kdr;
	bool guess; /* looks like a key, until it opens a packet */
	bool hinted; /* a guess, but its text mentions keys */
	uint16_t params; /* of enum gs_sdp_sdes_param */
	uint16_t source; /* index of gs_srtp_keyring_source() */
	const struct gs_sdp_suite *suite; /* NULL: not named */
	uint64_t mki;
	uint64_t line; /* of the file, or the frame of the capture */
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

/* The number for a file's name, for gs_srtp_key.source; frames says that lines
 * are frame numbers. */
uint16_t gs_srtp_keyring_source(struct gs_srtp_keyring *k, const char *name,
    bool frames);

/* Adds a copy of key (print is computed here). A known key is not added again,
 * but completed with what was unknown of it. A key for which there is no room
 * is dropped. Returns 0, or -1 if out of memory. */
int gs_srtp_keyring_add(struct gs_srtp_keyring *k,
    const struct gs_srtp_key *key) GS_MUST;

/* The number of keys so far, with guesses; it only grows. Key i < size; the
 * pointer is valid until the next gs_srtp_keyring_add(). */
size_t gs_srtp_keyring_size(const struct gs_srtp_keyring *k);
const struct gs_srtp_key *gs_srtp_keyring_at(const struct gs_srtp_keyring *k,
    size_t i);

/* The keys that SDP announced for a port: the one added last, or the one
 * before i; SIZE_MAX: no more. */
size_t gs_srtp_keyring_of_port(const struct gs_srtp_keyring *k, uint16_t port);
size_t gs_srtp_keyring_of_port_before(const struct gs_srtp_keyring *k,
    size_t i);

/* Keys whose packets may have no tag. */
size_t gs_srtp_keyring_unsealed(const struct gs_srtp_keyring *k);

/* Keys whose packets may be authenticated only, and not encrypted. */
size_t gs_srtp_keyring_bare(const struct gs_srtp_keyring *k);

/* Key i opened a packet: it is no longer a guess. */
void gs_srtp_keyring_prove(struct gs_srtp_keyring *k, size_t i);

/* Keys that are not guesses. */
size_t gs_srtp_keyring_known(const struct gs_srtp_keyring *k);

/* Keys of suites that are not implemented. */
size_t gs_srtp_keyring_untried(const struct gs_srtp_keyring *k);

/* Where key was seen: "FILE:LINE" or "FILE frame N", in text (cut to fit).
 * Returns text. */
const char *gs_srtp_keyring_where(const struct gs_srtp_keyring *k,
    const struct gs_srtp_key *key, char *text, size_t size);

/* A way in which packets may be protected with a key. likely: as its suite
 * tells, or nearly so. */
struct gs_srtp_scheme {
	struct gs_srtp_spec spec;
	struct gs_srtp_form form;
	bool likely;
};

enum { GS_SRTP_SCHEMES = 64 };

/* The ways to try key, likely ones first: both tag lengths, with the announced
 * MKI and without, both derivations of AES-192; then MKIs that were not
 * announced. Authentication cannot distinguish AES-CM, F8 and NULL, so the
 * cipher is that of the suite. Ways without a tag are tried only if the key's
 * suite or parameters name them. Returns how many: 0 if the suite is not
 * implemented. */
size_t gs_srtp_key_schemes(const struct gs_srtp_key *key,
    struct gs_srtp_scheme scheme[GS_SRTP_SCHEMES]);

/* Whether two ways protect alike. */
bool gs_srtp_scheme_same(const struct gs_srtp_scheme *a,
    const struct gs_srtp_scheme *b);

/* The registered or usual name of the suite that opened a packet. */
const char *gs_srtp_scheme_suite(const struct gs_srtp_scheme *scheme);

#endif
