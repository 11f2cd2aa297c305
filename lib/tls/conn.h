/* SPDX-License-Identifier: MIT */
/* One connection of TLS 1.0 to 1.3: bytes of its two directions in, what was
 * said in it out. */
#ifndef GSPROV_TLS_CONN_H
#define GSPROV_TLS_CONN_H

#include "handshake.h"

enum {
	/* Octets of a direction that wait for a secret, or for the other
	 * direction; then the oldest are let go. */
	GS_TLS_WAITING = 1024 * 1024,
	GS_TLS_LOST_RECORDS = 64, /* records that a gap may have swallowed */
};

/* What a connection turned out to be. */
struct gs_tls_info {
	bool hello; /* its ClientHello and ServerHello were seen */
	uint16_t version; /* 0x0301 … 0x0304; 0: not known */
	uint16_t suite_id;
	const struct gs_tls_suite *suite; /* NULL: not supported */
	uint64_t opened; /* records with data that were opened */
	uint64_t unread; /* records that were not, and gaps */
	bool sip; /* its client offers SIP by ALPN */
	const char *why; /* why not, when no secret was there; or NULL */
};

struct gs_tls_conn;

/* holder and its parts outlive it. data gets what was said in a direction, in
 * pieces. NULL without memory. */
struct gs_tls_conn *gs_tls_conn_new(const struct gs_tls_holder *holder,
    void (*data)(void *arg, unsigned direction, struct gs_span plain),
    void *arg) GS_MUST;

/* Wipes and frees; c may be NULL. */
void gs_tls_conn_free(struct gs_tls_conn *c);

/* Whether a TCP stream that begins so is TLS: a handshake record with a
 * ClientHello or ServerHello. */
bool gs_tls_conn_is(struct gs_span begin);

/* Whether a record with data may begin here, in the middle of a connection. */
bool gs_tls_conn_goes_on(struct gs_span bytes);

/* The next bytes of a direction, 0 or 1: who is the server is found out.
 * Returns 0, or -1 without memory. */
int gs_tls_conn_feed(struct gs_tls_conn *c, unsigned direction,
    struct gs_span bytes) GS_MUST;

/* Bytes are missing here; what is fed next may begin anywhere. */
void gs_tls_conn_gap(struct gs_tls_conn *c, unsigned direction);

/* Octets that wait; and lets go of them, as records that are missing. */
size_t gs_tls_conn_waiting(const struct gs_tls_conn *c);
void gs_tls_conn_let_go(struct gs_tls_conn *c);

/* Secrets were added, or nothing more will come: tries what waits. Returns 0
 * or -1. */
int gs_tls_conn_retry(struct gs_tls_conn *c) GS_MUST;

struct gs_tls_info gs_tls_conn_info(const struct gs_tls_conn *c);

#endif
