/* SPDX-License-Identifier: MIT */
/* What a handshake of TLS or DTLS agrees on, and the keys that follow. */
#include "tls/handshake.h"

/* Extensions (IANA, TLS ExtensionType Values). */
enum {
	EXT_TRUNCATED_HMAC = 4,
	EXT_USE_SRTP = 14,
	EXT_ALPN = 16,
	EXT_ENCRYPT_THEN_MAC = 22,
	EXT_EXTENDED_MASTER_SECRET = 23,
	EXT_SESSION_TICKET = 35,
	EXT_EARLY_DATA = 42,
	EXT_SUPPORTED_VERSIONS = 43,
};

void
gs_tls_handshake_init(struct gs_tls_handshake *h,
    const struct gs_tls_holder *holder, bool dtls)
{
	*h = (struct gs_tls_handshake){ .holder = holder, .dtls = dtls };
	gs_buf_init(&h->ticket, UINT16_MAX);
	gs_buf_init(&h->hello, GS_TLS_MESSAGE + 16);
	gs_buf_init(&h->flight[0], GS_TLS_FLIGHT);
	gs_buf_init(&h->flight[1], GS_TLS_FLIGHT);
	gs_buf_init(&h->encrypted, UINT16_MAX);
}

void
gs_tls_handshake_free(struct gs_tls_handshake *h)
{
	gs_buf_free(&h->ticket);
	gs_buf_free(&h->hello);
	gs_buf_free(&h->flight[0]);
	gs_buf_free(&h->flight[1]);
	gs_buf_free(&h->encrypted);
	explicit_bzero(h, sizeof(*h));
}

bool
gs_tls_handshake_is_13(const struct gs_tls_handshake *h)
{
	return h->version == (h->dtls ? 0xfefc : 0x0304);
}

/* ---- reading */

/* Takes n octets off s. False: s is shorter. */
static bool
take(struct gs_span *s, size_t n, struct gs_span *out)
{
	if (s->n < n)
		return false;
	*out = gs_span(s->p, n);
	*s = gs_span(s->p + n, s->n - n);
	return true;
}

/* The same for a number of 1 to 3 octets. */
static bool
take_number(struct gs_span *s, size_t octets, size_t *v)
{
	struct gs_span p;

	if (!take(s, octets, &p))
		return false;
	*v = 0;
	for (size_t i = 0; i < octets; i++)
		*v = *v << 8 | (uint8_t)p.p[i];
	return true;
}

/* The same for a vector that follows its length. */
static bool
take_vector(struct gs_span *s, size_t octets, struct gs_span *out)
{
	size_t n;

	return take_number(s, octets, &n) && take(s, n, out);
}

/* use_srtp (RFC 5764 section 4.1): the profiles that are offered, or the one
 * that was chosen, and the MKI. */
static void
read_profiles(struct gs_tls_handshake *h, bool server, struct gs_span s)
{
	struct gs_span list, mki;
	size_t profile;

	if (!take_vector(&s, 2, &list) || !take_vector(&s, 1, &mki))
		return;
	h->mki_n = (uint8_t)mki.n;
	h->mki = 0;
	for (size_t i = 0; i < mki.n; i++)
		h->mki = h->mki << 8 | (uint8_t)mki.p[i];
	h->profiles = 0;
	h->chosen = server;
	while (h->profiles < GS_TLS_PROFILES && take_number(&list, 2, &profile))
		h->profile[h->profiles++] = (uint16_t)profile;
}

/* Application protocols (RFC 7301). */
static void
read_protocols(struct gs_tls_handshake *h, struct gs_span s)
{
	struct gs_span list, name;

	if (!take_vector(&s, 2, &list))
		return;
	while (take_vector(&list, 1, &name))
		h->sip |= gs_span_starts(name, GS_LIT("sip"));
}

static int
read_extension(struct gs_tls_handshake *h, bool server, size_t type,
    struct gs_span s)
{
	size_t v;

	switch (type) {
	case EXT_USE_SRTP: read_profiles(h, server, s); break;
	case EXT_ALPN: read_protocols(h, s); break;
	case EXT_TRUNCATED_HMAC: h->truncated = server; break;
	case EXT_ENCRYPT_THEN_MAC: h->etm = server; break;
	case EXT_EXTENDED_MASTER_SECRET: h->ems = server; break;
	case EXT_EARLY_DATA: h->early |= !server; break;
	case EXT_SUPPORTED_VERSIONS:
		if (server && take_number(&s, 2, &v))
			h->version = (uint16_t)v;
		break;
	case EXT_SESSION_TICKET:
		if (!server)
			gs_buf_put(&h->ticket, s.p, s.n);
		break;
	default: break;
	}
	return gs_buf_ok(&h->ticket) ? 0 : -1;
}

static int
read_extensions(struct gs_tls_handshake *h, bool server, struct gs_span s)
{
	struct gs_span list, body;
	size_t type;
	int r = 0;

	if (!take_vector(&s, 2, &list))
		return 0;
	while (r == 0 && take_number(&list, 2, &type) &&
	    take_vector(&list, 2, &body))
		r = read_extension(h, server, type, body);
	return r;
}

/* Reads the part with which both hellos begin. */
static bool
take_head(struct gs_span *s, size_t *version, struct gs_span *random,
    struct gs_span *session)
{
	return take_number(s, 2, version) && take(s, GS_TLS_RANDOM, random) &&
	    take_vector(s, 1, session) && session->n <= 32;
}

/* A new handshake begins, perhaps in the same connection. */
static int
read_client_hello(struct gs_tls_handshake *h, struct gs_span message,
    struct gs_span s)
{
	const struct gs_tls_holder *holder = h->holder;
	bool dtls = h->dtls, retry = h->retry;
	struct gs_span random, session, skipped;
	size_t version;

	if (!take_head(&s, &version, &random, &session) ||
	    (dtls && !take_vector(&s, 1, &skipped)) ||
	    !take_vector(&s, 2, &skipped) || !take_vector(&s, 1, &skipped))
		return 0;
	/* The ClientHello of this handshake was sent again because of a
	 * HelloRetryRequest, which is missing. */
	if (h->server_hello && memcmp(random.p, h->random[0], random.n) == 0)
		return 0;
	gs_tls_handshake_free(h);
	gs_tls_handshake_init(h, holder, dtls);
	h->client_hello = true;
	h->retry = retry;
	h->client_version = (uint16_t)version;
	memcpy(h->random[0], random.p, random.n);
	gs_buf_put(&h->hello, message.p, message.n);
	return gs_buf_ok(&h->hello) ? read_extensions(h, false, s) : -1;
}

static bool
is_retry(struct gs_span random)
{
	/* SHA-256 of "HelloRetryRequest", RFC 8446 section 4.1.3. */
	static const uint8_t retry[] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a,
		0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
		0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e,
		0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

	return memcmp(random.p, retry, sizeof(retry)) == 0;
}

static int
read_server_hello(struct gs_tls_handshake *h, struct gs_span s)
{
	struct gs_span random, session, skipped;
	size_t version, suite;

	/* A second ServerHello without a ClientHello changes nothing: the
	 * master secret may be known already. */
	if (!h->client_hello || h->server_hello ||
	    !take_head(&s, &version, &random, &session) ||
	    !take_number(&s, 2, &suite) || !take(&s, 1, &skipped))
		return 0;
	h->retry |= is_retry(random);
	if (is_retry(random))
		return 0;
	h->server_hello = true;
	h->version = (uint16_t)version;
	h->suite_id = (uint16_t)suite;
	h->suite = gs_tls_suite_find(h->suite_id);
	memcpy(h->random[1], random.p, random.n);
	if (session.n > 0)
		memcpy(h->session, session.p, session.n);
	h->session_n = session.n;
	return read_extensions(h, true, s);
}

static int
read_client_key(struct gs_tls_handshake *h, struct gs_span s)
{
	struct gs_span encrypted;

	h->full = h->keyed = true;
	if (!take_vector(&s, 2, &encrypted))
		return 0;
	gs_buf_clear(&h->encrypted);
	h->tried = NULL;
	gs_buf_put(&h->encrypted, encrypted.p, encrypted.n);
	return gs_buf_ok(&h->encrypted) ? 0 : -1;
}

/* Up to TLS 1.2: the session can be resumed by this ticket. */
static int
read_ticket(struct gs_tls_handshake *h, struct gs_span s)
{
	struct gs_span skipped, ticket;

	if (gs_tls_handshake_is_13(h) || !take(&s, 4, &skipped) ||
	    !take_vector(&s, 2, &ticket) || !gs_tls_handshake_master(h))
		return 0;
	return gs_tls_session_add(h->holder->log, ticket, h->master);
}

/* Adds to the messages that the session hash covers (RFC 7627 section 3),
 * except the ClientHello: what each side sent until then, in either order. If
 * there is too much, the hash is unknown. */
static void
keep_flight(struct gs_tls_handshake *h, bool server, struct gs_span message)
{
	bool closed = server ? h->ready : h->keyed;

	if (!closed && !h->known && h->client_hello)
		gs_buf_put(&h->flight[server], message.p, message.n);
}

int
gs_tls_handshake_message(struct gs_tls_handshake *h, bool server,
    struct gs_span message)
{
	size_t header = h->dtls ? 12 : 4;

	if (message.n < header)
		return 0;
	struct gs_span s = gs_span(message.p + header, message.n - header);
	switch ((uint8_t)message.p[0]) {
	case GS_TLS_CLIENT_HELLO:
		return server ? 0 : read_client_hello(h, message, s);
	case GS_TLS_HELLO_REQUEST: /* RFC 5246 7.4.1.1: no part of the hash */
	case GS_TLS_HELLO_VERIFY: return 0;
	case GS_TLS_NEW_TICKET: return server ? read_ticket(h, s) : 0;
	default: keep_flight(h, server, message);
	}
	switch ((uint8_t)message.p[0]) {
	case GS_TLS_SERVER_HELLO: return server ? read_server_hello(h, s) : 0;
	case GS_TLS_SERVER_DONE:
		h->full |= server;
		h->ready |= server;
		return 0;
	case GS_TLS_CLIENT_KEY: return server ? 0 : read_client_key(h, s);
	default: return 0;
	}
}

/* ---- secrets */

/* The hash of the PRF. */
static enum gs_tls_hash
prf_hash(const struct gs_tls_handshake *h)
{
	bool old = h->dtls ? h->version == 0xfeff : h->version < 0x0303;

	return old ? GS_TLS_MD5_SHA1 : (enum gs_tls_hash)h->suite->prf;
}

/* The hash of the handshake up to the client's key: the seed of the extended
 * master secret. */
static bool
session_hash(const struct gs_tls_handshake *h, struct gs_span *seed,
    uint8_t hash[GS_TLS_SECRET])
{
	struct gs_buf all;
	bool ok = gs_buf_ok(&h->flight[0]) && gs_buf_ok(&h->flight[1]);

	gs_buf_init(&all, 2 * GS_TLS_FLIGHT + GS_TLS_MESSAGE + 16);
	gs_buf_put(&all, h->hello.p, h->hello.n);
	gs_buf_put(&all, h->flight[1].p, h->flight[1].n);
	gs_buf_put(&all, h->flight[0].p, h->flight[0].n);
	ok = ok && gs_buf_ok(&all) &&
	    gs_tls_digest(prf_hash(h), gs_buf_span(&all), hash) == 0;
	gs_buf_free(&all);
	*seed = gs_span(hash, gs_tls_hash_size(prf_hash(h)));
	return ok;
}

static bool
from_premaster(struct gs_tls_handshake *h, struct gs_span premaster)
{
	uint8_t seed[2 * GS_TLS_RANDOM] = { 0 };
	struct gs_tls_prf p = { .hash = prf_hash(h),
		.secret = premaster,
		.label = h->ems ? "extended master secret" : "master secret",
		.seed = gs_span(seed, sizeof(seed)) };

	memcpy(seed, h->random, sizeof(seed));
	if (h->ems && !session_hash(h, &p.seed, seed))
		return false;
	return gs_tls_prf(&p, h->master, sizeof(h->master)) == 0;
}

static bool
take_master(struct gs_tls_handshake *h, const uint8_t *master)
{
	if (master != NULL)
		memcpy(h->master, master, sizeof(h->master));
	return master != NULL;
}

/* Finds the secret in what the client encrypted for the server's key. */
static bool
by_exchange(struct gs_tls_handshake *h)
{
	struct gs_span sent = gs_buf_span(&h->encrypted);
	const struct gs_tls_secret *s =
	    gs_tls_handshake_secret(h, GS_TLS_PREMASTER);
	uint8_t premaster[GS_TLS_MASTER];
	bool ok;

	if (h->ems && !(h->ready && h->keyed))
		return false;
	if (s != NULL)
		return from_premaster(h, gs_span(s->bytes, s->n));
	if (h->suite->exchange != GS_TLS_RSA || sent.n < 8)
		return false;
	s = gs_tls_keylog_find(h->holder->log, GS_TLS_PREMASTER_RSA,
	    gs_span(sent.p, 8));
	if (s != NULL)
		return from_premaster(h, gs_span(s->bytes, s->n));
	const struct gs_tls_rsa *keys =
	    h->holder->rsa != NULL ? *h->holder->rsa : NULL;
	if (keys == h->tried)
		return false;
	h->tried = keys;
	ok = gs_tls_rsa_open(keys, sent, h->client_version, premaster) == 0 &&
	    from_premaster(h, gs_span(premaster, sizeof(premaster)));
	explicit_bzero(premaster, sizeof(premaster));
	return ok;
}

bool
gs_tls_handshake_master(struct gs_tls_handshake *h)
{
	const struct gs_tls_secret *s;
	struct gs_tls_keylog *log = h->holder->log;

	if (h->known || !h->server_hello || h->suite == NULL ||
	    gs_tls_handshake_is_13(h))
		return h->known;
	s = gs_tls_handshake_secret(h, GS_TLS_MASTER_SECRET);
	h->known = s != NULL && take_master(h, s->bytes);
	if (!h->known && h->full)
		h->known = by_exchange(h);
	else if (!h->known)
		h->known =
		    take_master(h,
			gs_tls_session_find(log, gs_buf_span(&h->ticket))) ||
		    take_master(h,
			gs_tls_session_find(log,
			    gs_span(h->session, h->session_n)));
	/* Without memory, the next session cannot be resumed. */
	if (h->known)
		(void)!gs_tls_session_add(log,
		    gs_span(h->session, h->session_n), h->master);
	return h->known;
}

const struct gs_tls_secret *
gs_tls_handshake_secret(const struct gs_tls_handshake *h,
    enum gs_tls_label label)
{
	return gs_tls_keylog_find(h->holder->log, label,
	    gs_span(h->random[0], GS_TLS_RANDOM));
}

const char *
gs_tls_handshake_why(const struct gs_tls_handshake *h)
{
	if (gs_tls_handshake_is_13(h))
		return "TLS 1.3 has ephemeral keys: a key log opens it";
	if (h->suite == NULL)
		return GS_TLS_SUITE_UNSUPPORTED;
	if (h->suite->exchange == GS_TLS_RSA)
		return h->full ? NULL :
				 "it resumes a session whose first handshake "
				 "is not in the capture, or was not opened";
	if (h->suite->exchange == GS_TLS_FIXED)
		return "its key exchange (ECDH) uses no RSA key: a key log "
		       "opens it";
	return h->suite->exchange == GS_TLS_PSK ?
	    "it needs a key that both ends share (PSK): a key log opens it" :
	    "its keys are ephemeral (Diffie-Hellman): a key log opens it";
}

/* ---- keys */

/* What opens records that are not encrypted, without a key. */
static struct gs_tls_cipher *
bare_cipher(const struct gs_tls_handshake *h)
{
	struct gs_tls_keys keys = { .suite = h->suite,
		.version = h->version,
		.truncated = h->truncated };

	return h->suite != NULL && h->suite->mode == GS_TLS_CLEAR ?
	    gs_tls_cipher_new(&keys) :
	    NULL;
}

struct gs_tls_cipher *
gs_tls_handshake_cipher(struct gs_tls_handshake *h, bool server)
{
	uint8_t seed[2 * GS_TLS_RANDOM], block[2 * (48 + 32 + 16)];
	unsigned mac, key, iv;

	if (!gs_tls_handshake_master(h))
		return bare_cipher(h);
	bool aead = h->suite->tag > 0;
	mac = aead ? 0 : gs_tls_hash_size(h->suite->mac);
	key = h->suite->key;
	iv = gs_tls_iv_size(h->suite, h->version);
	struct gs_tls_prf p = { .hash = prf_hash(h),
		.secret = gs_span(h->master, sizeof(h->master)),
		.label = "key expansion",
		.seed = gs_span(seed, sizeof(seed)) };
	memcpy(seed, h->random[1], GS_TLS_RANDOM);
	memcpy(seed + GS_TLS_RANDOM, h->random[0], GS_TLS_RANDOM);
	struct gs_tls_keys keys = {
		.suite = h->suite,
		.version = h->version,
		.etm = h->etm,
		.truncated = h->truncated,
		.mac = block + server * mac,
		.key = block + 2 * mac + server * key,
		.iv = block + 2 * (mac + key) + server * iv,
	};
	struct gs_tls_cipher *c =
	    gs_tls_prf(&p, block, 2 * (size_t)(mac + key + iv)) == 0 ?
	    gs_tls_cipher_new(&keys) :
	    NULL;
	explicit_bzero(block, sizeof(block));
	return c;
}

struct gs_tls_cipher *
gs_tls_handshake_traffic(const struct gs_tls_handshake *h,
    struct gs_span secret)
{
	struct gs_tls_expand e = { .hash = h->suite->prf,
		.secret = secret,
		.label = "key" };
	uint8_t key[32], iv[12];
	struct gs_tls_keys keys = { .suite = h->suite,
		.version = 0x0304,
		.key = key,
		.iv = iv };
	struct gs_tls_cipher *c = NULL;

	if (h->suite->mode == GS_TLS_CLEAR)
		return bare_cipher(h);
	if (gs_tls_expand(&e, key, h->suite->key) == 0) {
		e.label = "iv";
		if (gs_tls_expand(&e, iv, sizeof(iv)) == 0)
			c = gs_tls_cipher_new(&keys);
	}
	explicit_bzero(key, sizeof(key));
	explicit_bzero(iv, sizeof(iv));
	return c;
}

/* ---- exporters */

/* RFC 8446 section 7.5, with an empty context. */
static int
export_13(const struct gs_tls_handshake *h, const char *label, uint8_t *out,
    size_t n)
{
	const struct gs_tls_secret *s =
	    gs_tls_handshake_secret(h, GS_TLS_EXPORTER);
	enum gs_tls_hash hash = h->suite != NULL ? h->suite->prf : GS_TLS_SHA1;
	size_t size = gs_tls_hash_size(hash);
	uint8_t empty[GS_TLS_SECRET], secret[GS_TLS_SECRET];
	struct gs_tls_expand e = { .hash = hash,
		.dtls = h->dtls,
		.label = label };
	int r = -1;

	if (s == NULL || s->n != size ||
	    gs_tls_digest(hash, GS_LIT(""), empty) == -1)
		return -1;
	e.secret = gs_span(s->bytes, size);
	e.context = gs_span(empty, size);
	if (gs_tls_expand(&e, secret, size) == 0) {
		e.secret = gs_span(secret, size);
		e.label = "exporter";
		r = gs_tls_expand(&e, out, n);
	}
	explicit_bzero(secret, sizeof(secret));
	return r;
}

int
gs_tls_handshake_export(struct gs_tls_handshake *h, const char *label,
    uint8_t *out, size_t n)
{
	struct gs_tls_prf p = { .label = label };

	if (gs_tls_handshake_is_13(h))
		return export_13(h, label, out, n);
	if (!gs_tls_handshake_master(h))
		return -1;
	/* RFC 5705 section 4: the client's random, then the server's. */
	p.hash = prf_hash(h);
	p.secret = gs_span(h->master, sizeof(h->master));
	p.seed = gs_span(h->random, sizeof(h->random));
	return gs_tls_prf(&p, out, n);
}
