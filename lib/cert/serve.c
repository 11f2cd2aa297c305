/* SPDX-License-Identifier: MIT */
/* TLS handshakes: in memory with the files that FreeSWITCH loads, and with a
 * running server. */
#include "cert/serve.h"

#include <sys/socket.h>
#include <sys/timerfd.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/diag.h"
#include "cert/dial.h"
#include "cert/ossl_priv.h"

enum { HANDSHAKE_TURNS = 20 };

static int
file_err(struct gs_err *err, const char *path, const char *what)
{
	char text[256];

	(void)snprintf(text, sizeof(text), "self-test: %s cannot %s", path,
	    what);
	return gs_cert_ossl_err(err, text);
}

/* SSL_CTX_use_certificate_chain_file(), from memory. */
static bool
use_chain(SSL_CTX *ctx, BIO *bio)
{
	X509 *x;

	while ((x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		int r = SSL_CTX_get0_certificate(ctx) == NULL ?
		    SSL_CTX_use_certificate(ctx, x) :
		    SSL_CTX_add1_chain_cert(ctx, x) == 1;
		X509_free(x);
		if (r != 1)
			return false;
	}
	ERR_clear_error();
	return SSL_CTX_get0_certificate(ctx) != NULL;
}

/* What SSL_CTX_use_certificate_file() and SSL_CTX_use_PrivateKey_file() do,
 * from memory: they would leave the key in the buffer of a FILE. */
static int
load_agent(SSL_CTX *ctx, const struct gs_cert_tls_test *t, struct gs_err *err)
{
	const struct gs_cert_tls_file *f = &t->agent;
	BIO *bio = BIO_new_mem_buf(f->bytes.p, (int)f->bytes.n);
	X509 *x = NULL;
	EVP_PKEY *key = NULL;
	int r = 0;

	if (bio == NULL)
		return gs_cert_ossl_err(err, "out of memory");
	if (t->cafile.path == NULL ?
		!use_chain(ctx, bio) :
		(x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) == NULL ||
		    SSL_CTX_use_certificate(ctx, x) != 1)
		r = file_err(err, f->path, "be loaded as certificate");
	else if (BIO_reset(bio) != 1 ||
	    (key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL)) == NULL ||
	    SSL_CTX_use_PrivateKey(ctx, key) != 1)
		r = file_err(err, f->path, "be loaded as key");
	else if (SSL_CTX_check_private_key(ctx) != 1)
		r = file_err(err, f->path, "serve: its key is another's");
	X509_free(x);
	EVP_PKEY_free(key);
	BIO_free(bio);
	return r;
}

/* What SSL_CTX_load_verify_locations() and SSL_load_client_CA_file() do, which
 * both read the file: 1.6 million instructions for each certificate. */
static int
load_cafile(SSL_CTX *ctx, const struct gs_cert_tls_file *f, struct gs_err *err)
{
	BIO *bio = BIO_new_mem_buf(f->bytes.p, (int)f->bytes.n);
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	size_t n = 0;
	X509 *x;

	while (bio != NULL &&
	    (x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		bool good = X509_STORE_add_cert(store, x) == 1 &&
		    SSL_CTX_add_client_CA(ctx, x) == 1;
		X509_free(x);
		if (!good)
			break;
		n++;
	}
	BIO_free(bio);
	bool end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
	if (n == 0 || !end)
		return file_err(err, f->path, "be loaded for verifying");
	ERR_clear_error();
	return 0;
}

static int
load_server(SSL_CTX *ctx, const struct gs_cert_tls_test *t, struct gs_err *err)
{
	/* The rules judge strength; this tests whether it works. */
	SSL_CTX_set_security_level(ctx, 0);
	if (load_agent(ctx, t, err) == -1)
		return -1;
	return t->cafile.path != NULL ? load_cafile(ctx, &t->cafile, err) : 0;
}

static int
load_client(SSL_CTX *ctx, const struct gs_cert_tls_test *t, struct gs_err *err)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);

	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	if (t->now != GS_TLS_ANY_TIME)
		X509_VERIFY_PARAM_set_time(param, (time_t)t->now);
	else if (X509_VERIFY_PARAM_set_flags(param,
		     X509_V_FLAG_NO_CHECK_TIME) != 1)
		return gs_cert_ossl_err(err, "self-test");
	/* What is trusted need not be a root: a phone accepts what it has. */
	if (X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) != 1)
		return gs_cert_ossl_err(err, "self-test");
	for (size_t i = 0; i < t->trust->n; i++)
		if (X509_STORE_add_cert(store,
			gs_cert_ossl_x509(t->trust->list[i])) != 1)
			return gs_cert_ossl_err(err, "self-test");
	if (t->host != NULL &&
	    X509_VERIFY_PARAM_set1_host(param, t->host, 0) != 1)
		return gs_cert_ossl_err(err, "self-test");
	return 0;
}

static int
handshake(SSL *server, SSL *client, struct gs_err *err)
{
	for (unsigned i = 0; i < HANDSHAKE_TURNS; i++) {
		int c = SSL_do_handshake(client);
		long verdict = SSL_get_verify_result(client);
		if (c != 1 && SSL_get_error(client, c) != SSL_ERROR_WANT_READ)
			return verdict != X509_V_OK ?
			    gs_err_set(err,
				"self-test: a client refuses the certificate: "
				"%s",
				X509_verify_cert_error_string(verdict)) :
			    gs_cert_ossl_err(err, "self-test: TLS client");
		int s = SSL_do_handshake(server);
		if (s != 1 && SSL_get_error(server, s) != SSL_ERROR_WANT_READ)
			return gs_cert_ossl_err(err, "self-test: TLS server");
		if (c == 1 && s == 1)
			return 0;
	}
	return gs_err_set(err,
	    "self-test: the TLS handshake does not complete");
}

static int
check_names(SSL *client, const struct gs_cert_tls_test *t, struct gs_err *err)
{
	X509 *peer = SSL_get1_peer_certificate(client);
	int r = peer == NULL ?
	    gs_err_set(err, "self-test: no certificate was sent") :
	    0;

	for (size_t i = 0; r == 0 && t->sans != NULL && i < t->sans->n; i++) {
		const struct gs_cert_san *san = &t->sans->list[i];
		const char *name = gs_cert_san_name(san);
		if (name[0] == '*')
			continue;
		int good = san->kind == GS_SAN_DNS ?
		    X509_check_host(peer, name, 0, 0, NULL) :
		    X509_check_ip(peer, san->ip, san->ip_len, 0);
		if (good != 1)
			r = gs_err_set(err,
			    "self-test: the certificate is not good for %s",
			    san->text);
	}
	X509_free(peer);
	return r;
}

/* The two ends of a TLS connection that never leaves this process. */
static int
connect_ends(SSL_CTX *sctx, SSL_CTX *cctx, const struct gs_cert_tls_test *t,
    bool *refused, struct gs_err *err)
{
	SSL *server = SSL_new(sctx), *client = SSL_new(cctx);
	BIO *up = BIO_new(BIO_s_mem()), *down = BIO_new(BIO_s_mem());
	int r;

	if (server == NULL || client == NULL || up == NULL || down == NULL ||
	    BIO_up_ref(up) != 1 || BIO_up_ref(down) != 1) {
		BIO_free(up);
		BIO_free(down);
		r = gs_cert_ossl_err(err, "self-test");
	} else {
		SSL_set_bio(server, up, down);
		SSL_set_bio(client, down, up);
		SSL_set_accept_state(server);
		SSL_set_connect_state(client);
		r = handshake(server, client, err);
		*refused = r == -1;
		if (r == 0)
			r = check_names(client, t, err);
	}
	SSL_free(server);
	SSL_free(client);
	return r;
}

int
gs_cert_tls_selftest(const struct gs_cert_tls_test *test, bool *refused,
    struct gs_err *err)
{
	*refused = false;
	gs_cert_ossl_start();
	SSL_CTX *server = SSL_CTX_new(TLS_method());
	SSL_CTX *client = SSL_CTX_new(TLS_client_method());
	int r = -1;

	if (server == NULL || client == NULL)
		r = gs_cert_ossl_err(err, "self-test");
	else if (load_server(server, test, err) == 0 &&
	    load_client(client, test, err) == 0)
		r = connect_ends(server, client, test, refused, err);
	SSL_CTX_free(server);
	SSL_CTX_free(client);
	gs_cert_ossl_wipe_stack();
	ERR_clear_error();
	return r;
}

/* ---- a running server */

enum { CHUNK = 16 * 1024, PLAIN_SHOWN = 60 };

/* A connection, and the timer that ends all waiting. */
struct link {
	int fd;
	int timer;
	bool late; /* time was up */
	bool asked; /* for a certificate, which the client has not */
	struct gs_cert_tls_seen *seen;
};

static void
say(struct gs_cert_tls_seen *seen, const char *why)
{
	(void)snprintf(seen->why, sizeof(seen->why), "%s", why);
}

static int
start_timer(unsigned seconds)
{
	struct itimerspec t = { .it_value = { .tv_sec = (time_t)seconds } };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	if (fd != -1 && timerfd_settime(fd, 0, &t, NULL) == -1) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* Waits for events. Returns false with the error when time is up. */
static bool
await(struct link *l, short events)
{
	struct pollfd p[] = { { .fd = l->fd, .events = events },
		{ .fd = l->timer, .events = POLLIN } };
	int n;

	while ((n = poll(p, 2, -1)) == -1 && errno == EINTR)
		;
	if (n > 0 && p[1].revents == 0)
		return true;
	l->late = true;
	say(l->seen, "no answer in time");
	return false;
}

static bool
send_all(struct link *l, BIO *from)
{
	uint8_t chunk[CHUNK];
	int n;

	while ((n = BIO_read(from, chunk, sizeof(chunk))) > 0)
		for (int done = 0; done < n;) {
			ssize_t k = send(l->fd, chunk + done,
			    (size_t)(n - done), MSG_NOSIGNAL);
			if (k > 0)
				done += (int)k;
			else if (errno != EAGAIN && errno != EINTR) {
				say(l->seen, strerror(errno));
				return false;
			} else if (!await(l, POLLOUT))
				return false;
		}
	return true;
}

/* The beginning of what a server says that does not speak TLS. */
static void
say_plain(struct gs_cert_tls_seen *seen, const uint8_t *p, size_t n)
{
	size_t line = 0;

	while (
	    line < n && line < PLAIN_SHOWN && p[line] >= ' ' && p[line] <= '~')
		line++;
	(void)snprintf(seen->why, sizeof(seen->why),
	    line > 0 ? "it does not speak TLS, but says '%.*s'" :
		       "it does not speak TLS%.*s",
	    (int)line, (const char *)p);
}

/* Whether p can begin what a server says in TLS: a record (RFC 8446 5.1). */
static bool
is_tls(const uint8_t *p)
{
	return p[0] >= SSL3_RT_CHANGE_CIPHER_SPEC &&
	    p[0] <= SSL3_RT_APPLICATION_DATA;
}

static bool
receive(struct link *l, BIO *to)
{
	uint8_t chunk[CHUNK];
	ssize_t n;

	do {
		if (!await(l, POLLIN))
			return false;
		n = recv(l->fd, chunk, sizeof(chunk), 0);
	} while (n == -1 && (errno == EAGAIN || errno == EINTR));
	if (n <= 0) {
		say(l->seen,
		    n == 0 ? "it closes the connection" : strerror(errno));
		return false;
	}
	if (BIO_number_written(to) == 0 && !is_tls(chunk)) {
		say_plain(l->seen, chunk, (size_t)n);
		return false;
	}
	return BIO_write(to, chunk, (int)n) == (int)n;
}

/* The two BIOs are memory: what is written to a socket that was closed would
 * end the process by a signal. */
static bool
shake_hands(SSL *ssl, struct link *l)
{
	BIO *in = SSL_get_rbio(ssl), *out = SSL_get_wbio(ssl);
	struct gs_err why;

	for (;;) {
		int r = SSL_do_handshake(ssl);
		int fault = SSL_get_error(ssl, r);
		if (!send_all(l, out))
			return r == 1;
		if (r == 1)
			return true;
		if (fault != SSL_ERROR_WANT_READ) {
			(void)gs_cert_ossl_err(&why, "TLS");
			say(l->seen, why.text);
			return false;
		}
		if (!receive(l, in))
			return false;
	}
}

/* The server asks for a certificate: there is none. */
static int
give_none(SSL *ssl, X509 **cert, EVP_PKEY **key)
{
	struct link *l = SSL_get_app_data(ssl);

	*cert = NULL;
	*key = NULL;
	l->asked = true;
	return 0;
}

/* Whether a server that asked for a certificate does without one. In TLS 1.3
 * its refusal comes after the handshake; one that says nothing has none. */
static bool
does_without(SSL *ssl, struct link *l)
{
	uint8_t octet;

	if (SSL_version(ssl) != TLS1_3_VERSION)
		return true;
	if (!receive(l, SSL_get_rbio(ssl)))
		return l->late;
	int r = SSL_read(ssl, &octet, sizeof(octet));
	return r > 0 || SSL_get_error(ssl, r) != SSL_ERROR_SSL;
}

static void
take_seen(SSL *ssl, struct gs_cert_tls_seen *seen)
{
	STACK_OF(X509) *sk = SSL_get_peer_cert_chain(ssl);

	for (int i = 0; sk != NULL && i < sk_X509_num(sk); i++)
		gs_cert_certs_add(&seen->sent,
		    (struct gs_cert *)sk_X509_value(sk, i));
	(void)snprintf(seen->protocol, sizeof(seen->protocol), "%s",
	    SSL_get_version(ssl));
	(void)snprintf(seen->cipher, sizeof(seen->cipher), "%s",
	    SSL_get_cipher_name(ssl));
}

static bool
set_up_client(SSL_CTX *ctx, const struct gs_cert_tls_client *c)
{
	static const int versions[] = {
		[GS_TLS_1_0] = TLS1_VERSION,
		[GS_TLS_1_1] = TLS1_1_VERSION,
		[GS_TLS_1_2] = TLS1_2_VERSION,
		[GS_TLS_1_3] = TLS1_3_VERSION,
	};

	SSL_CTX_set_security_level(ctx, c->security);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_client_cert_cb(ctx, give_none);
	return SSL_CTX_set_min_proto_version(ctx, versions[c->least]) == 1 &&
	    SSL_CTX_set_max_proto_version(ctx, versions[c->most]) == 1 &&
	    (c->ciphers == NULL ||
		SSL_CTX_set_cipher_list(ctx, c->ciphers) == 1);
}

static bool
set_up_names(SSL *ssl, const struct gs_cert_tls_look *look)
{
	uint8_t wire[256];
	size_t n = look->alpn == NULL ? 0 : strlen(look->alpn);

	if (n > 0 && n < sizeof(wire)) {
		wire[0] = (uint8_t)n;
		memcpy(wire + 1, look->alpn, n);
		if (SSL_set_alpn_protos(ssl, wire, (unsigned)n + 1) != 0)
			return false;
	}
	return look->name == NULL ||
	    SSL_set_tlsext_host_name(ssl, look->name) == 1;
}

static int
talk(SSL_CTX *ctx, const struct gs_cert_tls_look *look, struct link *l,
    struct gs_err *err)
{
	SSL *ssl = SSL_new(ctx);
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	if (ssl == NULL || in == NULL || out == NULL ||
	    !set_up_names(ssl, look)) {
		BIO_free(in);
		BIO_free(out);
		SSL_free(ssl);
		return gs_cert_ossl_err(err, "TLS");
	}
	SSL_set_bio(ssl, in, out);
	SSL_set_connect_state(ssl);
	(void)SSL_set_app_data(ssl, l);
	l->seen->done =
	    shake_hands(ssl, l) && (!l->asked || does_without(ssl, l));
	/* Silence is no refusal. */
	l->seen->refuses = l->asked && !l->seen->done && !l->late;
	if (l->seen->done || l->seen->refuses)
		take_seen(ssl, l->seen);
	SSL_free(ssl);
	return 0;
}

int
gs_cert_tls_look(const struct gs_cert_tls_look *look,
    struct gs_cert_tls_seen *seen, struct gs_err *err)
{
	struct link l = { .fd = -1, .seen = seen };
	int r = -1;

	*seen = (struct gs_cert_tls_seen){ 0 };
	gs_cert_ossl_start();
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	l.timer = start_timer(look->seconds);
	if (l.timer == -1)
		r = gs_err_sys(err, errno, "a timer");
	else if (ctx == NULL || !set_up_client(ctx, look->client))
		r = gs_cert_ossl_err(err, "TLS");
	else {
		l.fd = gs_cert_dial(look->host, look->port, l.timer, seen->why,
		    sizeof(seen->why));
		seen->reached = l.fd != -1;
		r = seen->reached ? talk(ctx, look, &l, err) : 0;
	}
	if (l.fd != -1)
		(void)close(l.fd);
	if (l.timer != -1)
		(void)close(l.timer);
	SSL_CTX_free(ctx);
	ERR_clear_error();
	return r;
}
