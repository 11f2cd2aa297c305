/* SPDX-License-Identifier: MIT */
/* DTLS 1.0, 1.2 and 1.3 between two addresses: datagrams in, the handshakes
 * that agreed on SRTP out. */
#ifndef GSPROV_TLS_DTLS_H
#define GSPROV_TLS_DTLS_H

#include "tls/handshake.h"

enum {
	GS_TLS_DTLS_MESSAGE = 64 * 1024, /* octets of one handshake message */
	GS_TLS_DTLS_PARTS = 8, /* messages of a direction that are not whole */
	GS_TLS_DTLS_WAITING = 8, /* handshakes that wait for a secret; beyond
				  * that, the oldest is dropped */
	GS_TLS_DTLS_SHUT = 32 * 1024, /* octets of encrypted handshakes within
				       * one that waits; no more are kept */
};

/* Where a datagram comes from; its meaning is the caller's. */
struct gs_tls_dtls_place {
	uint64_t frame;
	uint64_t ns;
	uint32_t file;
};

/* A handshake that agreed on SRTP (RFC 5764), and whose secret is known.
 * handshake contains the profile that was chosen; in DTLS 1.3, which encrypts
 * the choice, all that the client offered. */
struct gs_tls_dtls_srtp {
	struct gs_tls_handshake *handshake; /* for gs_tls_handshake_export() */
	unsigned client; /* the direction of what the client sends */
	struct gs_tls_dtls_place place; /* where it began */
};

struct gs_tls_dtls;

/* holder and its parts must outlive it. agreed is called once for each such
 * handshake. NULL if out of memory. */
struct gs_tls_dtls *gs_tls_dtls_new(const struct gs_tls_holder *holder,
    void (*agreed)(void *arg, const struct gs_tls_dtls_srtp *srtp),
    void *arg) GS_MUST;

/* Wipes and frees; d may be NULL. */
void gs_tls_dtls_free(struct gs_tls_dtls *d);

/* Whether a datagram is DTLS: it begins with a record that has a version.
 * Encrypted records of DTLS 1.3 have none. */
bool gs_tls_dtls_is(struct gs_span datagram);

/* Takes the next datagram of a direction, 0 or 1. Returns 0, or -1 if out of
 * memory. */
int gs_tls_dtls_feed(struct gs_tls_dtls *d, unsigned direction,
    struct gs_span datagram, const struct gs_tls_dtls_place *place) GS_MUST;

/* Secrets were added: tries to open the handshakes that wait. Returns 0 or
 * -1. */
int gs_tls_dtls_retry(struct gs_tls_dtls *d) GS_MUST;

/* Octets that it keeps. */
size_t gs_tls_dtls_size(const struct gs_tls_dtls *d);

/* Why the newest handshake gives no keys, and what would help; NULL: it gives
 * keys. */
const char *gs_tls_dtls_why(const struct gs_tls_dtls *d);

#endif
