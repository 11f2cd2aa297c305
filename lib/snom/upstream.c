/* SPDX-License-Identifier: MIT */
/* HTTP to Rails. */
#include "snom/upstream.h"

#include <curl/curl.h>

#include <stdlib.h>

#include "base/diag.h"
#include "snom/params.h"
#include "snom/url.h"

enum { CONNECT_SECONDS = 5, LONGEST = 50 };

/* A name that begins with 127 may be any host. */
static bool
is_loopback(struct gs_span host)
{
	return (gs_snom_url_host_kind(host) == GS_HOST_IPV4 &&
		   gs_span_starts(host, GS_LIT("127."))) ||
	    gs_span_eq(host, GS_LIT("::1")) ||
	    gs_span_eqcase(host, GS_LIT("localhost"));
}

int
gs_snom_upstream_can(const struct gs_snom_params *p, struct gs_err *err)
{
	const char *base = gs_snom_params_get(p, GS_P_BASE_URL);
	const char *text = gs_snom_params_get(p, GS_P_UPSTREAM);
	const char *wait = gs_snom_params_get(p, GS_P_UPSTREAM_TIMEOUT);
	struct gs_snom_url u;

	if (*base == '\0' || *text == '\0')
		return gs_err_set(err, "%s is not set",
		    *base == '\0' ? "base_url" : "upstream");
	if (strncmp(base, "https://", 8) != 0)
		return gs_err_set(err, "base_url must be https");
	if (gs_snom_params_profile(p) == GS_LEGACY ||
	    strcmp(gs_snom_params_get(p, GS_P_TRANSPORT), "tls") != 0 ||
	    !gs_snom_params_on(p, GS_P_SRTP))
		return gs_err_set(err,
		    "gsprov-filter requires transport tls and srtp on");
	if (gs_snom_url_parse(&u, gs_span_of(text), err) == -1)
		return -1;
	if (!gs_snom_url_is_http(&u) ||
	    (u.rest.n > 0 && !gs_span_eq(u.rest, GS_LIT("/"))))
		return gs_err_set(err, "upstream must be http://HOST:PORT");
	if (!is_loopback(u.host))
		return gs_err_set(err,
		    "upstream must be on this machine (127.0.0.1, ::1, "
		    "localhost): passwords are sent unencrypted");
	if (strlen(wait) > 2 || strtol(wait, NULL, 10) > LONGEST)
		return gs_err_set(err, "upstream_timeout must be 1 to %d",
		    LONGEST);
	return 0;
}

/* The state of a transfer. */
struct transfer {
	CURL *curl;
	struct curl_slist *headers;
	struct gs_buf text; /* of the texts passed to libcurl */
	struct gs_snom_raw_answer *a;
	bool bad; /* an option was refused, or out of memory */
};

static size_t
on_head(char *p, size_t one, size_t n, void *arg)
{
	struct gs_snom_raw_answer *a = arg;

	(void)one;
	/* The head before it was 100 Continue or similar. */
	if (n >= 5 && memcmp(p, "HTTP/", 5) == 0)
		gs_buf_clear(&a->head);
	gs_buf_put(&a->head, p, n);
	return gs_buf_ok(&a->head) ? n : 0;
}

static size_t
on_body(char *p, size_t one, size_t n, void *arg)
{
	struct gs_snom_raw_answer *a = arg;

	(void)one;
	gs_buf_put(&a->body, p, n);
	return gs_buf_ok(&a->body) ? n : 0;
}

/* Sets an option of libcurl. */
#define SET(t, option, value)                                                  \
	((t)->bad |= curl_easy_setopt((t)->curl, (option), (value)) != CURLE_OK)

/* The text since from bytes, as libcurl requires it; borrowed. */
static const char *
end_text(struct transfer *t, size_t from)
{
	gs_buf_putc(&t->text, '\0');
	t->bad |= !gs_buf_ok(&t->text);
	return t->bad ? "" : (const char *)t->text.p + from;
}

static void
add_header(struct transfer *t, const char *name, struct gs_span value)
{
	size_t from = t->text.n;

	gs_buf_printf(&t->text, "%s:", name);
	if (value.n > 0)
		gs_buf_putc(&t->text, ' ');
	gs_buf_put(&t->text, value.p, value.n);
	struct curl_slist *more =
	    curl_slist_append(t->headers, end_text(t, from));
	t->bad |= more == NULL;
	t->headers = more != NULL ? more : t->headers;
}

/* The request headers for Rails; of the phone's, only those that pass. libcurl
 * does not send a header without a value. */
static void
set_headers(struct transfer *t, const struct gs_snom_request *rq,
    const struct gs_snom_params *p)
{
	const char *base = gs_snom_params_get(p, GS_P_BASE_URL);
	struct gs_snom_url u;

	if (gs_snom_url_parse(&u, gs_span_of(base), NULL) == -1)
		t->bad = true;
	add_header(t, "Host", u.authority);
	add_header(t, "X-Forwarded-For", rq->peer);
	add_header(t, "X-Forwarded-Proto", GS_LIT("https"));
	add_header(t, "Expect", gs_span(NULL, 0));
	for (size_t i = 0; i < GS_PASS_COUNT; i++)
		add_header(t, gs_snom_passing_names[i],
		    i == GS_PASS_CONTENT_TYPE && rq->method != GS_METHOD_POST ?
			gs_span(NULL, 0) :
			rq->header[i]);
	SET(t, CURLOPT_HTTPHEADER, t->headers);
}

static void
set_target(struct transfer *t, const struct gs_snom_request *rq,
    const struct gs_snom_params *p)
{
	size_t from = t->text.n;

	gs_buf_put(&t->text, rq->target.p, rq->target.n);
	SET(t, CURLOPT_REQUEST_TARGET, end_text(t, from));
	SET(t, CURLOPT_URL, gs_snom_params_get(p, GS_P_UPSTREAM));
	SET(t, CURLOPT_PROTOCOLS_STR, "http");
	SET(t, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(t, CURLOPT_FOLLOWLOCATION, 0L);
	SET(t, CURLOPT_PROXY, "");
	SET(t, CURLOPT_NOSIGNAL, 1L);
	SET(t, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	SET(t, CURLOPT_TIMEOUT,
	    strtol(gs_snom_params_get(p, GS_P_UPSTREAM_TIMEOUT), NULL, 10));
}

static void
set_body(struct transfer *t, const struct gs_snom_request *rq,
    struct gs_span body)
{
	if (rq->method == GS_METHOD_HEAD)
		SET(t, CURLOPT_NOBODY, 1L);
	if (rq->method == GS_METHOD_POST) {
		SET(t, CURLOPT_POST, 1L);
		SET(t, CURLOPT_POSTFIELDSIZE, (long)body.n);
		SET(t, CURLOPT_POSTFIELDS, body.n > 0 ? body.p : "");
	}
	SET(t, CURLOPT_HEADERFUNCTION, on_head);
	SET(t, CURLOPT_HEADERDATA, t->a);
	SET(t, CURLOPT_WRITEFUNCTION, on_body);
	SET(t, CURLOPT_WRITEDATA, t->a);
}

static int
perform(struct transfer *t, struct gs_err *err)
{
	if (t->bad)
		return gs_err_set(err, "libcurl: out of memory");
	CURLcode got = curl_easy_perform(t->curl);
	if (!gs_buf_ok(&t->a->head) || !gs_buf_ok(&t->a->body))
		return gs_err_set(err,
		    "Rails: the answer is longer than 4 MiB, or its head "
		    "than 64 KiB");
	return got == CURLE_OK ?
	    0 :
	    gs_err_set(err, "Rails: %s", curl_easy_strerror(got));
}

int
gs_snom_upstream_fetch(const struct gs_snom_request *rq, struct gs_span body,
    const struct gs_snom_params *p, struct gs_snom_raw_answer *a,
    struct gs_err *err)
{
	struct transfer t = { .a = a };
	int bad = -1;

	if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK ||
	    (t.curl = curl_easy_init()) == NULL)
		return gs_err_set(err, "libcurl: out of memory");
	gs_buf_init(&t.text, 16 * GS_REQUEST_VALUE);
	/* libcurl borrows the texts passed to it. */
	if (gs_buf_space(&t.text, t.text.max) != NULL) {
		set_target(&t, rq, p);
		set_headers(&t, rq, p);
		set_body(&t, rq, body);
		bad = perform(&t, err);
	} else {
		(void)gs_err_set(err, "out of memory");
	}
	curl_slist_free_all(t.headers);
	curl_easy_cleanup(t.curl);
	gs_buf_free(&t.text);
	curl_global_cleanup();
	return bad;
}
