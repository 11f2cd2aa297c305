/* SPDX-License-Identifier: MIT */
/* What a handshake of TLS or DTLS agrees on, and the keys that follow. */
#ifndef GSPROV_TLS_HANDSHAKE_H
#define GSPROV_TLS_HANDSHAKE_H

#include "base/buf.h"
#include "tls/keylog.h"
#include "tls/secrets.h"

enum {
	GS_TLS_MESSAGE = 256 * 1024, /* octets of one handshake message */
	GS_TLS_FLIGHT = 512 * 1024, /* of all that a session hash is over */
	GS_TLS_PROFILES = 16, /* SRTP profiles that are kept */
};

/* Types of messages (RFC 8446 section 4, RFC 5246 section 7.4). */
enum gs_tls_message {
	GS_TLS_CLIENT_HELLO = 1,
	GS_TLS_SERVER_HELLO = 2,
	GS_TLS_HELLO_REQUEST = 0,
	GS_TLS_HELLO_VERIFY = 3, /* DTLS */
	GS_TLS_NEW_TICKET = 4,
	GS_TLS_SERVER_DONE = 14,
	GS_TLS_CLIENT_KEY = 16,
	GS_TLS_KEY_UPDATE = 24,
};

/* The secrets that are known; borrowed. */
struct gs_tls_holder {
	struct gs_tls_keylog *log;
	const struct gs_tls_rsa *const *rsa; /* the list may still grow */
};

/* A handshake, from its ClientHello on. */
struct gs_tls_handshake {
	const struct gs_tls_holder *holder;
	bool dtls;
	bool client_hello, server_hello;
	bool retry; /* HelloRetryRequest: a second ClientHello comes */
	uint16_t client_version; /* the version that the premaster secret
				  * repeats */
	uint16_t version; /* agreed; of DTLS 0xfeff, 0xfefd, 0xfefc */
	uint16_t suite_id;
	const struct gs_tls_suite *suite; /* NULL: not supported */
	uint8_t random[2][GS_TLS_RANDOM]; /* the client's, the server's */
	bool ems; /* extended master secret, RFC 7627 */
	bool etm; /* encrypt-then-mac, RFC 7366 */
	bool truncated; /* truncated HMAC, RFC 6066 section 7 */
	uint16_t profile[GS_TLS_PROFILES]; /* of SRTP, RFC 5764 4.1.2 */
	size_t profiles; /* offered, until the server has chosen */
	bool chosen;
	uint8_t mki_n; /* octets of the MKI of SRTP, and its last eight */
	uint64_t mki;
	bool sip; /* ALPN offers it */
	bool early; /* the client may send data with its hello */
	const struct gs_tls_rsa *tried; /* the RSA keys that failed to open
					 * encrypted */
	uint8_t session[32];
	size_t session_n;
	struct gs_buf ticket; /* the ticket that the client sent */
	struct gs_buf hello; /* the ClientHello */
	struct gs_buf flight[2]; /* the messages after it, up to the client's
				  * key */
	struct gs_buf encrypted; /* the premaster secret */
	bool full; /* keys are exchanged: no session is resumed */
	bool ready; /* the server sent all that precedes the client's key */
	bool keyed; /* the client's key was sent */
	bool known;
	uint8_t master[GS_TLS_MASTER];
};

void gs_tls_handshake_init(struct gs_tls_handshake *h,
    const struct gs_tls_holder *holder, bool dtls);
/* Wipes and frees. */
void gs_tls_handshake_free(struct gs_tls_handshake *h);

/* Takes a complete message, with its header as the session hash covers it (in
 * DTLS as if it had come in one piece). server: the server sent it. A malformed
 * message is ignored. Returns 0, or -1 if out of memory. */
int gs_tls_handshake_message(struct gs_tls_handshake *h, bool server,
    struct gs_span message) GS_MUST;

/* Whether it is TLS or DTLS 1.3. */
bool gs_tls_handshake_is_13(const struct gs_tls_handshake *h);

/* Looks for the master secret (up to 1.2). Returns whether it is known. */
bool gs_tls_handshake_master(struct gs_tls_handshake *h);

/* The keys of one direction (up to 1.2). NULL: the master secret is not
 * known, which NULL suites need not, or libcrypto lacks the cipher. */
struct gs_tls_cipher *gs_tls_handshake_cipher(struct gs_tls_handshake *h,
    bool server) GS_MUST;

/* The same from a traffic secret of TLS 1.3, which NULL suites (RFC 9150) need
 * not: their records are believed, as ends differ in the length of the IV. */
struct gs_tls_cipher *gs_tls_handshake_traffic(const struct gs_tls_handshake *h,
    struct gs_span secret) GS_MUST;

/* Fills the n octets at out with exported keying material for label, without a
 * context (RFC 5705, RFC 8446 section 7.5). Returns 0, or -1: the secret for it
 * is unknown. */
int gs_tls_handshake_export(struct gs_tls_handshake *h, const char *label,
    uint8_t *out, size_t n) GS_MUST;

/* The secret of this label for the client's random, or NULL. */
const struct gs_tls_secret *gs_tls_handshake_secret(
    const struct gs_tls_handshake *h, enum gs_tls_label label);

/* Why the private keys that are known do not open the handshake; NULL: one of
 * them can. */
const char *gs_tls_handshake_why(const struct gs_tls_handshake *h);

#endif
