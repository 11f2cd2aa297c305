/* SPDX-License-Identifier: MIT */
/* A TLS handshake with a running server. */
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
	    line > 0 ? "it does not speak TLS: it answers '%.*s'" :
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
		    n == 0 ? "it closed the connection" : strerror(errno));
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
	/* Silence is not a refusal. */
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
