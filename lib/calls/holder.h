/* SPDX-License-Identifier: MIT */
/* Who holds keys of TLS: opens the connections of a capture in which SIP is
 * hidden, and knows those that stayed shut. */
#ifndef GSPROV_CALLS_HOLDER_H
#define GSPROV_CALLS_HOLDER_H

#include "../tls/keylog.h"

struct gs_err;
struct gs_tls_holder;
struct gs_net_sip_layer;

enum {
	/* Octets of all connections that wait for secrets; then the one that
	 * has most lets go of them. */
	GS_HOLDER_WAITING = 64 * 1024 * 1024,
};

struct gs_calls_holder;

/* NULL without memory. */
struct gs_calls_holder *gs_calls_holder_new(struct gs_err *err) GS_MUST;

/* Wipes and frees; h may be NULL. The readers with its layer went before. */
void gs_calls_holder_free(struct gs_calls_holder *h);

/* What net/sip hands TLS to. */
const struct gs_net_sip_layer *gs_calls_holder_layer(
    const struct gs_calls_holder *h);

/* The secrets, for what else is opened by them. */
const struct gs_tls_holder *gs_calls_holder_tls(
    const struct gs_calls_holder *h);

/* Takes the next piece of a text that may have lines of a key log; see
 * tls/keylog.h. Returns 0 or -1 without memory. */
int gs_calls_holder_text(struct gs_calls_holder *h, struct gs_tls_keylines *l,
    struct gs_span piece, bool end) GS_MUST;

/* Takes secrets out of the capture; as the callback of
 * gs_net_capture_secrets(). */
int gs_calls_holder_secrets(void *h, struct gs_span piece, bool end,
    struct gs_err *err) GS_MUST;

/* Takes the RSA keys of a file's bytes; see gs_tls_rsa_read(). Returns how
 * many, or -1. */
int gs_calls_holder_key(struct gs_calls_holder *h, struct gs_span bytes,
    struct gs_span pass, struct gs_err *err) GS_MUST;

/* No secrets come any more but those of the capture: connections wait with a
 * sixteenth of the octets. */
void gs_calls_holder_settle(struct gs_calls_holder *h);

struct gs_calls_holder_counts {
	uint64_t rsa; /* private keys */
	struct gs_tls_keylog_counts log;
	uint64_t unopened; /* that look like SIP and were not opened, or not
			    * as a whole */
};
struct gs_calls_holder_counts gs_calls_holder_counts(
    const struct gs_calls_holder *h);

/* A connection that looks like SIP and of which something was not opened. */
struct gs_calls_unopened {
	uint64_t frame; /* of its first segment */
	bool anonymous; /* TLS proves nothing: nobody said who he is */
	char text[256]; /* which, and why */
};

/* Number i of them, until the next one is asked for, or NULL: known when all
 * connections were closed, or their reader freed, for what one of them holds
 * tells of others of its server. 4096 are kept; more are counted. Forgetting
 * begins anew. */
const struct gs_calls_unopened *gs_calls_holder_unopened(
    struct gs_calls_holder *h, size_t i);
void gs_calls_holder_forget(struct gs_calls_holder *h);

#endif
