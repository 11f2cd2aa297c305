/* SPDX-License-Identifier: MIT */
/* Keys of TLS: opens the connections of a capture that carry SIP, and lists
 * those that it could not open. */
#ifndef GSPROV_CALLS_HOLDER_H
#define GSPROV_CALLS_HOLDER_H

#include "tls/keylog.h"

struct gs_err;
struct gs_tls_holder;
struct gs_net_sip_layer;

enum {
	/* Octets of all connections that wait for secrets; beyond it, the
	 * connection with the most drops its own. */
	GS_HOLDER_WAITING = 64 * 1024 * 1024,
};

struct gs_calls_holder;

/* NULL if out of memory. */
struct gs_calls_holder *gs_calls_holder_new(struct gs_err *err) GS_MUST;

/* Wipes and frees; h may be NULL. Free the readers that use its layer first. */
void gs_calls_holder_free(struct gs_calls_holder *h);

/* The layer that net/sip passes TLS to. */
const struct gs_net_sip_layer *gs_calls_holder_layer(
    const struct gs_calls_holder *h);

/* The secrets, for other users such as DTLS. */
const struct gs_tls_holder *gs_calls_holder_tls(
    const struct gs_calls_holder *h);

/* Reads the next piece of a text that may contain a key log, see tls/keylog.h.
 * Returns 0, or -1 if out of memory. */
int gs_calls_holder_text(struct gs_calls_holder *h, struct gs_tls_keylines *l,
    struct gs_span piece, bool end) GS_MUST;

/* Reads secrets in a capture: the callback of gs_net_capture_secrets(). */
int gs_calls_holder_secrets(void *h, struct gs_span piece, bool end,
    struct gs_err *err) GS_MUST;

/* Reads the RSA keys in the bytes of a file, see gs_tls_rsa_read(). Returns
 * their number, or -1. */
int gs_calls_holder_key(struct gs_calls_holder *h, struct gs_span bytes,
    struct gs_span pass, struct gs_err *err) GS_MUST;

/* From now on, new secrets come only from the capture: connections may wait
 * with only a sixteenth of the octets. */
void gs_calls_holder_settle(struct gs_calls_holder *h);

struct gs_calls_holder_counts {
	uint64_t rsa; /* number of private keys */
	struct gs_tls_keylog_counts log;
	uint64_t unopened; /* connections that look like SIP and were not
			    * opened, or only partly */
	bool anonymous; /* one for which gs_calls_holder_unopened() has no room
			 * is anonymous */
};
struct gs_calls_holder_counts gs_calls_holder_counts(
    const struct gs_calls_holder *h);

/* A connection that looks like SIP and of which something was not opened. */
struct gs_calls_unopened {
	uint64_t frame; /* frame of its first segment */
	bool anonymous; /* its suite has no certificate: TLS proves nothing */
	char text[256]; /* which connection, and why */
};

/* Connection number i of these, or NULL; valid until the next call. Call it
 * after all connections were closed, or their reader was freed, because one
 * connection may show what others of its server carry. 4096 are kept, more are
 * counted. The last function forgets all of them. */
const struct gs_calls_unopened *gs_calls_holder_unopened(
    struct gs_calls_holder *h, size_t i);
void gs_calls_holder_forget(struct gs_calls_holder *h);

/* Call this if nothing else in the capture was SIP. If there are TLS keys, SIP
 * is expected in TLS, so every connection that no key opened is then listed,
 * whatever its port. */
void gs_calls_holder_expect(struct gs_calls_holder *h);

#endif
