/* SPDX-License-Identifier: MIT */
/* What another end of a connection sends: two octets say what and how. To
 * --connect of gs-certgen, bytes in the place of TLS, or the certificates and
 * the key in PEM that a server of TLS has; to gsprov-filter, the answer of
 * Rails. */
#include "work.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "cert/check.h"
#include "cert/phone.h"
#include "cert/rules.h"
#include "cert/served.h"
#include "cert/trust.h"
#include "snom/answer.h"
#include "snom/params.h"
#include "snom/upstream.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { NOW = 1800000000, TURNS = 3 };

/* The other end, in a thread: it takes connections until it is closed. Each
 * input has a port of its own: with one for all, the addresses of connections
 * would run out. */
static struct {
	int fd;
	char port[8];
	struct gs_span bytes; /* what is sent, or certificates and a key */
	bool tls;
	unsigned how;
} far;

static void
open_far(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);
	const int yes = 1;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	far.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(far.fd != -1 &&
	    setsockopt(far.fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) ==
		0 &&
	    bind(far.fd, (struct sockaddr *)&a, n) == 0 &&
	    listen(far.fd, 8) == 0 &&
	    getsockname(far.fd, (struct sockaddr *)&a, &n) == 0);
	(void)snprintf(far.port, sizeof(far.port), "%u", ntohs(a.sin_port));
}

/* Whether there was what a server needs. */
static bool
load(SSL_CTX *ctx)
{
	BIO *bio = BIO_new_mem_buf(far.bytes.p, (int)far.bytes.n);
	X509 *x;
	EVP_PKEY *key;
	bool has = false, good;

	must(bio != NULL);
	while ((x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		good = has ? SSL_CTX_add1_chain_cert(ctx, x) == 1 :
			     SSL_CTX_use_certificate(ctx, x) == 1;
		has |= good;
		X509_free(x);
	}
	(void)BIO_reset(bio);
	key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	good = has && key != NULL && SSL_CTX_use_PrivateKey(ctx, key) == 1;
	EVP_PKEY_free(key);
	BIO_free(bio);
	return good;
}

static void
serve_tls(int fd)
{
	static const int most[] = { 0, TLS1_2_VERSION, TLS1_1_VERSION, 0 };
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	must(ctx != NULL);
	SSL_CTX_set_security_level(ctx, 0);
	(void)SSL_CTX_set_max_proto_version(ctx, most[far.how & 3]);
	SSL *ssl = load(ctx) ? SSL_new(ctx) : NULL;
	if (ssl != NULL && SSL_set_fd(ssl, fd) == 1)
		(void)SSL_accept(ssl);
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	ERR_clear_error();
}

static void *
serve(void *arg)
{
	char got[4096];
	int fd;

	while ((fd = accept(far.fd, NULL, NULL)) != -1) {
		if (far.tls) {
			serve_tls(fd);
		} else {
			(void)!recv(fd, got, sizeof(got), 0);
			(void)!send(fd, far.bytes.p, far.bytes.n, MSG_NOSIGNAL);
		}
		(void)shutdown(fd, SHUT_WR);
		/* What is unread would turn the end into a reset. */
		while (recv(fd, got, sizeof(got), 0) > 0)
			;
		(void)close(fd);
	}
	return arg;
}

/* ---- the two that connect */

static void
look(unsigned how)
{
	static const char *const models[] = { NULL, "370", "760", "D785" };
	struct gs_cert_trust trust;
	const struct gs_cert_check c = { .now = NOW,
		.trust = &trust,
		.warn_days = 30,
		.crit_days = 10,
		.in_place = true };
	struct gs_cert_served s = { .check = &c,
		.model = models[how >> 2 & 3],
		.name = (how & 0x10) != 0 ? "pbx.example.com" : NULL };
	struct gs_cert_endpoint e;
	struct gs_diags d;
	struct gs_err err;
	char place[32];

	(void)snprintf(place, sizeof(place), "127.0.0.1:%s%s", far.port,
	    (how & 0x20) != 0 ? "/sip" : "");
	must(gs_cert_endpoint_parse(&e, place, &err) == 0);
	s.phone = s.model != NULL ? gs_cert_phone_find(s.model) : NULL;
	gs_diags_init(&d, gs_cert_rules, NULL, 100);
	/* What cannot be read has no certificates. */
	(void)!gs_cert_trust_read(&trust, "trust", &err);
	must(gs_cert_served_check(&s, &e, &d, &err) == 0);
	must(d.n > 0);
	gs_cert_certs_free(&trust.certs);
	gs_diags_free(&d);
}

static void
set(struct gs_snom_params *p, struct gs_span name, const char *value)
{
	struct gs_err err;

	must(gs_snom_params_set(p, name, gs_span(value, strlen(value)), false,
		 &err) == 0);
}

static void
ask(unsigned how)
{
	struct gs_snom_request rq = { .method = (enum gs_snom_method)(how % 3),
		.route = (how & 4) != 0 ? GS_ROUTE_PAGE : GS_ROUTE_SETTINGS,
		.target = GS_LIT("/settings-000413260001.xml"),
		.peer = GS_LIT("192.0.2.7"),
		.host = GS_LIT("h.example") };
	struct gs_snom_raw_answer a;
	struct gs_snom_params params;
	struct gs_buf out;
	struct gs_err err;
	char url[64];

	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%s", far.port);
	gs_snom_params_init(&params);
	set(&params, GS_LIT("base_url"), "https://h.example");
	set(&params, GS_LIT("upstream"), url);
	must(gs_snom_params_finish(&params, true, &err) == 0 &&
	    gs_snom_upstream_can(&params, &err) == 0);
	gs_snom_raw_answer_init(&a);
	gs_buf_init(&out, 4 * GS_ANSWER_BODY);
	if (gs_snom_upstream_fetch(&rq, GS_LIT("a=b"), &params, &a, &err) == 0)
		(void)!gs_snom_answer_put(&a, &rq, &params, &out, &err);
	else
		gs_snom_answer_put_refusal(&out, 502, true);
	must(out.n > 0 || err.text[0] != '\0');
	gs_snom_raw_answer_free(&a);
	gs_snom_params_free(&params);
	gs_buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_span rest = gs_span(p, n);
	unsigned what = work_choice(&rest), how = work_choice(&rest);
	struct gs_span trust = work_part(&rest);
	pthread_t thread;

	(void)work_folder();
	work_file("trust", trust, 0600);
	open_far();
	far.tls = what % TURNS == 1;
	far.bytes = rest;
	far.how = how >> 6;
	must(pthread_create(&thread, NULL, serve, NULL) == 0);
	if (what % TURNS == 2)
		ask(how);
	else
		look(how);
	must(shutdown(far.fd, SHUT_RDWR) == 0 &&
	    pthread_join(thread, NULL) == 0 && close(far.fd) == 0);
	return 0;
}
