/* SPDX-License-Identifier: MIT */
/* The SRTP keys from DTLS, for the addresses that spoke it. */
#ifndef GSPROV_SRTP_DTLS_H
#define GSPROV_SRTP_DTLS_H

#include "net/addr.h"

struct gs_err;
struct gs_srtp_keyring;
struct gs_tls_holder;

enum {
	GS_SRTP_DTLS_PAIRS = 4096, /* pairs of addresses; after that, the idlest
				    * is freed */
	GS_SRTP_DTLS_BYTES = 64 * 1024 * 1024, /* octets kept by all of them */
};

struct gs_srtp_dtls;

/* Creates the table; its keys go to ring. ring, holder and its parts must
 * outlive it. Returns NULL if out of memory. */
struct gs_srtp_dtls *gs_srtp_dtls_new(struct gs_srtp_keyring *ring,
    const struct gs_tls_holder *holder, struct gs_err *err) GS_MUST;

/* Wipes and frees; d may be NULL. */
void gs_srtp_dtls_free(struct gs_srtp_dtls *d);

/* A datagram. */
struct gs_srtp_dtls_datagram {
	const struct gs_net_addr *src;
	const struct gs_net_addr *dst;
	struct gs_span bytes;
	uint64_t frame;
	uint64_t ns;
	uint16_t source; /* the number of its file in the ring */
};

/* Takes a datagram of DTLS. Returns 0, or -1 if out of memory. */
int gs_srtp_dtls_take(struct gs_srtp_dtls *d,
    const struct gs_srtp_dtls_datagram *g) GS_MUST;

/* Tries waiting handshakes again if secrets were added. Returns 0 or -1. */
int gs_srtp_dtls_retry(struct gs_srtp_dtls *d) GS_MUST;

/* The number of keys that only DTLS added to the ring. */
uint64_t gs_srtp_dtls_keys(const struct gs_srtp_dtls *d);

/* Why the packets from src to dst have no key from DTLS, and what would help;
 * NULL if they have one. */
const char *gs_srtp_dtls_why(const struct gs_srtp_dtls *d,
    const struct gs_net_addr *src, const struct gs_net_addr *dst);

#endif
