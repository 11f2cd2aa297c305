/* SPDX-License-Identifier: MIT */
/* Candidate master keys, and where each was seen. */
#ifndef GSPROV_SRTP_KEYRING_H
#define GSPROV_SRTP_KEYRING_H

#include "../net/addr.h"
#include "transform.h"

struct gs_err;

enum {
	GS_KEYRING_MAX = 65536, /* keys; more are dropped */
	GS_KEYRING_HINTED = 8192, /* guesses that the text calls keys */
	GS_KEYRING_GUESSES = 4096, /* other guesses */
	GS_KEYRING_SOURCES = 1024, /* files; more share the last name */
};

/* A key. media, ns and call only order the tries: whose SDP it was in,
 * when, and in which dialog. */
struct gs_srtp_key {
	uint8_t keysalt[GS_SRTP_KEYSALT];
	uint8_t n; /* 28, 30, 38, 44 or 46 octets */
	uint8_t mki_n; /* octets of the MKI that was announced, 0: none */
	uint8_t kdr;
	bool guess; /* only looks like a key, until it opens a packet */
	bool hinted; /* a guess, but the text around it speaks of keys */
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

/* NULL without memory. */
struct gs_srtp_keyring *gs_srtp_keyring_new(struct gs_err *err) GS_MUST;

/* Wipes and frees; k may be NULL. */
void gs_srtp_keyring_free(struct gs_srtp_keyring *k);

/* The number for a file's name, for gs_srtp_key.source; frames says that lines
 * are frame numbers. */
uint16_t gs_srtp_keyring_source(struct gs_srtp_keyring *k, const char *name,
    bool frames);

/* Adds a copy of key (print is made here). One that is there already is
 * not added again, but lends it what was unknown of it; one that finds no
 * room is dropped. Returns 0, or -1 without memory. */
int gs_srtp_keyring_add(struct gs_srtp_keyring *k,
    const struct gs_srtp_key *key) GS_MUST;

/* Keys so far, guesses included: a number that only grows. Key i < size; the
 * pointer is good until the next gs_srtp_keyring_add(). */
size_t gs_srtp_keyring_size(const struct gs_srtp_keyring *k);
const struct gs_srtp_key *gs_srtp_keyring_at(const struct gs_srtp_keyring *k,
    size_t i);

/* Keys that SDP announced for a port: the one added last, the one before i;
 * SIZE_MAX: no more. */
size_t gs_srtp_keyring_of_port(const struct gs_srtp_keyring *k, uint16_t port);
size_t gs_srtp_keyring_of_port_before(const struct gs_srtp_keyring *k,
    size_t i);

/* Keys whose packets may have no tag. */
size_t gs_srtp_keyring_unsealed(const struct gs_srtp_keyring *k);

/* Key i opened a packet: it is no guess. */
void gs_srtp_keyring_prove(struct gs_srtp_keyring *k, size_t i);

/* Keys that are no guess. */
size_t gs_srtp_keyring_known(const struct gs_srtp_keyring *k);

/* Keys of suites that are not implemented. */
size_t gs_srtp_keyring_untried(const struct gs_srtp_keyring *k);

/* Where key was seen, "FILE:LINE" or "FILE frame N", in text (cut to fit).
 * Returns text. */
const char *gs_srtp_keyring_where(const struct gs_srtp_keyring *k,
    const struct gs_srtp_key *key, char *text, size_t size);

/* A way in which packets may be protected with a key. likely: its suite
 * says so, or all but says so. */
struct gs_srtp_scheme {
	struct gs_srtp_spec spec;
	struct gs_srtp_form form;
	bool likely;
};

enum { GS_SRTP_SCHEMES = 64 };

/* The ways to try key, the likely ones first: both tag lengths, the MKI
 * that was announced and none, both derivations of AES-192; then MKIs that
 * nobody announced. Authentication cannot tell AES-CM, F8 and NULL apart,
 * so the cipher is what the suite says. Ways without a tag are given only
 * where the key's suite or parameters say so. Returns how many: 0 when the
 * suite is not implemented. */
size_t gs_srtp_key_schemes(const struct gs_srtp_key *key,
    struct gs_srtp_scheme scheme[GS_SRTP_SCHEMES]);

/* Whether two ways protect alike. */
bool gs_srtp_scheme_same(const struct gs_srtp_scheme *a,
    const struct gs_srtp_scheme *b);

/* The registered or usual name of what opened a packet. */
const char *gs_srtp_scheme_suite(const struct gs_srtp_scheme *scheme);

#endif
