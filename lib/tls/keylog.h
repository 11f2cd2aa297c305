/* SPDX-License-Identifier: MIT */
/* Known secrets of TLS: entries of key logs (RFC 9850), and the master secrets
 * of sessions that may be resumed. */
#ifndef GSPROV_TLS_KEYLOG_H
#define GSPROV_TLS_KEYLOG_H

#include "base/buf.h"

enum {
	GS_TLS_RANDOM = 32,
	GS_TLS_MASTER = 48,
	GS_TLS_SECRET = 48, /* octets of the longest secret */
	GS_TLS_KEYLOG_MAX = 262144, /* secrets; more are dropped */
	GS_TLS_SESSIONS_MAX = 16384, /* sessions; more are dropped */
};

/* What a secret belongs to. */
enum gs_tls_label {
	GS_TLS_MASTER_SECRET, /* CLIENT_RANDOM */
	GS_TLS_PREMASTER, /* PMS_CLIENT_RANDOM */
	GS_TLS_PREMASTER_RSA, /* RSA: by 8 octets of what was encrypted */
	GS_TLS_CLIENT_EARLY,
	GS_TLS_CLIENT_HANDSHAKE,
	GS_TLS_SERVER_HANDSHAKE,
	GS_TLS_CLIENT_TRAFFIC,
	GS_TLS_SERVER_TRAFFIC,
	GS_TLS_EXPORTER,
	GS_TLS_EARLY_EXPORTER,
	GS_TLS_LABELS
};

/* A secret. n is 32 or 48 (a premaster secret by a key exchange may have
 * another length up to 48). */
struct gs_tls_secret {
	uint8_t bytes[GS_TLS_SECRET];
	uint8_t n;
	uint8_t generation; /* of traffic secrets: 0 is the first */
	uint8_t label;
	bool used;
	uint8_t random[GS_TLS_RANDOM]; /* the client's; RSA: 8 octets */
};

struct gs_tls_keylog;

/* NULL if out of memory. Wipes and frees; k may be NULL. */
struct gs_tls_keylog *gs_tls_keylog_new(void) GS_MUST;
void gs_tls_keylog_free(struct gs_tls_keylog *k);

/* A text in pieces. Zero it before the first piece and keep it until the
 * end. */
struct gs_tls_keylines {
	/* Gets the text in pieces, without the secrets; returns 0 or -1. May
	 * be NULL. */
	int (*other)(void *arg, struct gs_span text);
	void *arg;
	struct gs_buf part; /* what may be the beginning of a secret */
};

/* Reads the next piece of a text, such as a Decryption Secrets Block. An entry
 * is a label and two numbers in hexadecimal, wherever it stands: a log, a mail
 * or a program may have written something before, behind and between them. end:
 * this is the last piece. A second entry for the same secret changes nothing.
 * Returns 0 or -1. */
int gs_tls_keylog_read(struct gs_tls_keylog *k, struct gs_tls_keylines *l,
    struct gs_span piece, bool end) GS_MUST;

/* The secret with this label for a client's random, marked as used, or NULL.
 * It is valid until the next line is read. */
const struct gs_tls_secret *gs_tls_keylog_find(struct gs_tls_keylog *k,
    enum gs_tls_label label, struct gs_span random);

/* Secrets that were read, used, dropped for lack of room, and entries whose
 * numbers have a wrong length. The first number only grows: if it has changed,
 * it is worth trying again. */
struct gs_tls_keylog_counts {
	uint64_t secrets;
	uint64_t used;
	uint64_t dropped;
	uint64_t damaged;
};
struct gs_tls_keylog_counts gs_tls_keylog_counts(const struct gs_tls_keylog *k);

/* Remembers the master secret of a session by its ID or ticket, which may be
 * of any length; an empty one is not remembered. A later one with the same
 * name takes its place. Returns 0 or -1. */
int gs_tls_session_add(struct gs_tls_keylog *k, struct gs_span name,
    const uint8_t master[GS_TLS_MASTER]) GS_MUST;

/* The master secret of a session, or NULL. */
const uint8_t *gs_tls_session_find(const struct gs_tls_keylog *k,
    struct gs_span name);

#endif
