/* SPDX-License-Identifier: MIT */
/* DTLS 1.0, 1.2 and 1.3 between two addresses: datagrams in, the handshakes
 * that agreed on SRTP out. */
#ifndef GSPROV_TLS_DTLS_H
#define GSPROV_TLS_DTLS_H

#include "handshake.h"

enum {
	GS_TLS_DTLS_MESSAGE = 64 * 1024, /* octets of one handshake message */
	GS_TLS_DTLS_PARTS = 8, /* messages of a direction that are not whole */
	GS_TLS_DTLS_WAITING = 8, /* handshakes that wait for a secret; then
				  * the oldest is let go */
	GS_TLS_DTLS_SHUT = 32 * 1024, /* octets of handshakes inside of one
				       * that waits; then no more are kept */
};

/* Where a datagram is from; the caller says what it means. */
struct gs_tls_dtls_place {
	uint64_t frame;
	uint64_t ns;
	uint32_t file;
};

/* A handshake that agreed on SRTP (RFC 5764), and whose secret is known.
 * handshake says which profiles: one when it was chosen; all that the client
 * offers in DTLS 1.3, which hides the choice. */
struct gs_tls_dtls_srtp {
	struct gs_tls_handshake *handshake; /* for gs_tls_handshake_export() */
	unsigned client; /* the direction of what the client sends */
	struct gs_tls_dtls_place place; /* where it began */
};

struct gs_tls_dtls;

/* holder and its parts outlive it. agreed gets each such handshake once. NULL
 * without memory. */
struct gs_tls_dtls *gs_tls_dtls_new(const struct gs_tls_holder *holder,
    void (*agreed)(void *arg, const struct gs_tls_dtls_srtp *srtp),
    void *arg) GS_MUST;

/* Wipes and frees; d may be NULL. */
void gs_tls_dtls_free(struct gs_tls_dtls *d);

/* Whether a datagram is DTLS: it begins with a record that says its version.
 * What DTLS 1.3 encrypts says none. */
bool gs_tls_dtls_is(struct gs_span datagram);

/* The next datagram of a direction, 0 or 1. Returns 0, or -1 without
 * memory. */
int gs_tls_dtls_feed(struct gs_tls_dtls *d, unsigned direction,
    struct gs_span datagram, const struct gs_tls_dtls_place *place) GS_MUST;

/* Secrets were added: tries the handshakes that wait. Returns 0 or -1. */
int gs_tls_dtls_retry(struct gs_tls_dtls *d) GS_MUST;

/* Octets that it keeps. */
size_t gs_tls_dtls_size(const struct gs_tls_dtls *d);

/* Why the newest handshake gives no keys, and what would help; NULL: it
 * does. */
const char *gs_tls_dtls_why(const struct gs_tls_dtls *d);

#endif
