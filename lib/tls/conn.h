/* SPDX-License-Identifier: MIT */
/* One connection of TLS 1.0 to 1.3: takes the bytes of both directions, gives
 * the plaintext. */
#ifndef GSPROV_TLS_CONN_H
#define GSPROV_TLS_CONN_H

#include "tls/handshake.h"

enum {
	/* Octets of a direction that wait for a secret or for the other
	 * direction. Beyond that, the oldest are dropped. */
	GS_TLS_WAITING = 1024 * 1024,
	GS_TLS_LOST_RECORDS = 64, /* records that may be missing in a gap */
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
	const char *why; /* why no secret opens it, or NULL */
};

struct gs_tls_conn;

/* holder and its parts must outlive the connection. data gets the plaintext of
 * a direction in pieces. NULL if out of memory. */
struct gs_tls_conn *gs_tls_conn_new(const struct gs_tls_holder *holder,
    void (*data)(void *arg, unsigned direction, struct gs_span plain),
    void *arg) GS_MUST;

/* Wipes and frees; c may be NULL. */
void gs_tls_conn_free(struct gs_tls_conn *c);

/* Whether a TCP stream that begins like this is TLS: a handshake record with a
 * ClientHello or ServerHello. */
bool gs_tls_conn_is(struct gs_span begin);

/* Whether a record with data may begin here, in the middle of a connection. */
bool gs_tls_conn_goes_on(struct gs_span bytes);

/* Takes the next bytes of a direction, 0 or 1. Which one is the server's is
 * detected. Returns 0, or -1 if out of memory. */
int gs_tls_conn_feed(struct gs_tls_conn *c, unsigned direction,
    struct gs_span bytes) GS_MUST;

/* Bytes are missing here. The next bytes may begin anywhere, even in a
 * record. */
void gs_tls_conn_gap(struct gs_tls_conn *c, unsigned direction);

/* The first function returns how many octets wait; the second drops them, which
 * counts as a gap. */
size_t gs_tls_conn_waiting(const struct gs_tls_conn *c);
void gs_tls_conn_let_go(struct gs_tls_conn *c);

/* Secrets were added, or no more will come: tries to open what waits. Returns 0
 * or -1. */
int gs_tls_conn_retry(struct gs_tls_conn *c) GS_MUST;

struct gs_tls_info gs_tls_conn_info(const struct gs_tls_conn *c);

#endif
