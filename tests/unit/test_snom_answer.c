/* SPDX-License-Identifier: MIT */
/* What gsprov-filter takes from a phone, and lets through of an answer. */
#include "snom/answer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/diag.h"
#include "snom/params.h"

static struct gs_span
span(const char *s)
{
	return gs_span(s, strlen(s));
}

static void
set(struct gs_snom_params *p, const char *name, const char *value)
{
	assert_int_equal(
	    gs_snom_params_set(p, span(name), span(value), false, NULL), 0);
}

static unsigned
read_request(struct gs_snom_request *rq, const char *target)
{
	static char method[] = "REQUEST_METHOD=GET";
	static char peer[] = "REMOTE_ADDR=192.0.2.7";
	static char host[] = "HTTP_HOST=phones.example:444"; /* borrowed, too */
	char uri[512];
	char *env[] = { uri, method, peer, host, NULL };

	(void)snprintf(uri, sizeof(uri), "REQUEST_URI=%s", target);
	unsigned status = gs_snom_request_read(rq, env, NULL);
	/* Its target is borrowed from uri. */
	rq->target = gs_span(NULL, 0);
	return status;
}

struct outcome {
	unsigned status;
	char text[65536]; /* as it goes out */
};

/* An answer of Rails to a request. */
static void
answer(struct outcome *o, const char *base, const char *target,
    const char *head, struct gs_span body)
{
	struct gs_snom_raw_answer a;
	struct gs_snom_params p;
	struct gs_snom_request rq;
	struct gs_buf out;
	struct gs_err err = { .sys = 0 };

	gs_snom_params_init(&p);
	set(&p, "base_url", base);
	set(&p, "upstream", "http://127.0.0.1:3000");
	set(&p, "sip_host", "gs5.example");
	assert_int_equal(gs_snom_params_finish(&p, true, &err), 0);
	assert_int_equal(read_request(&rq, target), 0);
	gs_snom_raw_answer_init(&a);
	gs_buf_puts(&a.head, head);
	gs_buf_put(&a.body, body.p, body.n);
	gs_buf_init(&out, sizeof(o->text));
	o->status = gs_snom_answer_put(&a, &rq, &p, &out, &err);
	(void)snprintf(o->text, sizeof(o->text), "%.*s", (int)out.n,
	    out.p == NULL ? "" : (const char *)out.p);
	/* What is refused leaves nothing to send. */
	if (o->status == 502)
		assert_int_equal(out.n, 0);
	gs_buf_free(&out);
	gs_snom_raw_answer_free(&a);
	gs_snom_params_free(&p);
}

static const char page_path[] = "/config_snom/1/2/phone_book.xml";

/* ---- redirects */

static unsigned
redirect(struct outcome *o, const char *base, const char *location)
{
	char head[1024];

	(void)snprintf(head, sizeof(head),
	    "HTTP/1.1 302 Found\r\nLocation: %s\r\n\r\n", location);
	answer(o, base, page_path, head, gs_span(NULL, 0));
	return o->status;
}

static void
test_location(void **state)
{
	static const char *const same[][2] = {
		{ "https://gs5.example:444", "http://gs5.example/x?y" },
		{ "https://gs5.example:444", "http://gs5.example:443/x?y" },
		{ "https://gs5.example:444", "HTTP://GS5.Example/x?y" },
		{ "https://gs5.example:444", "https://gs5.example./x?y" },
		{ "https://gs5.example:444", "https://gs5%2eexample/x?y" },
		{ "https://gs5.example:444", "https://a:b@gs5.example/x?y" },
		{ "https://gs5.example:444", "http://phones.example./x?y" },
		{ "https://gs5.example:444", "http://127.1:3000/x?y" },
		{ "https://gs5.example:444", "/x?y" },
		{ "https://gs5.example.:444", "http://gs5.example/x?y" },
		{ "https://192.0.2.253:444", "http://3221226237/x?y" },
		{ "https://192.0.2.253:444", "http://0xC00002FD/x?y" },
		{ "https://192.0.2.253:444", "http://0300.0.02.0375/x?y" },
		{ "https://192.0.2.253:444", "http://192.0.765/x?y" },
		{ "https://192.0.2.253:444",
		    "http://[::ffff:192.0.2.253]/x?y" },
		{ "https://[2001:db8::1]:444", "http://[2001:DB8:0::1]/x?y" },
		{ "https://xn--mller-kva.example:444",
		    "http://XN--mller-kva.example/x?y" },
	};
	static const char *const foreign[] = { "https://evil.example/",
		"https://gs5.example.evil.example/",
		"https://gs5.example@evil/",
		"https://evil.example\\@gs5.example/",
		"https://gs5.example\\.evil.example/", "https://gs5.exampl/",
		"https://gs5.example../", "//evil.example/",
		"ftp://gs5.example/", "https://evil%2Eexample/",
		"https://gs5.example%2f.evil.example/",
		"https://gs5.example%00.evil.example/", "https://134744072/",
		"https://gs5\343\200\202example/", "https:/gs5.example/",
		"https:gs5.example", "javascript:x", "x", "", "https://",
		"https://[::1", "https://gs5.example:0/",
		"https://gs5.example/ x", "http://[::1]/", "/x\xc3\xa4" };
	struct outcome o;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		char want[128];
		(void)snprintf(want, sizeof(want), "\r\nLocation: %s/x?y\r\n",
		    same[i][0]);
		assert_int_equal(redirect(&o, same[i][0], same[i][1]), 302);
		assert_non_null(strstr(o.text, want));
	}
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		assert_int_equal(
		    redirect(&o, "https://gs5.example", foreign[i]), 502);
}

/* ---- heads */

static const char secure[] =
    "<?xml version=\"1.0\"?>\n<settings><phone-settings>"
    "<user_active idx=\"1\" perm=\"R\">off</user_active>"
    "</phone-settings></settings>\n";

static unsigned
settings(struct outcome *o, const char *head)
{
	answer(o, "https://gs5.example", "/settings-000413260001.xml", head,
	    span(secure));
	return o->status;
}

static unsigned
field(struct outcome *o, const char *line)
{
	char head[1024];

	(void)snprintf(head, sizeof(head),
	    "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n%s\r\n\r\n",
	    line);
	return settings(o, head);
}

static void
test_status(void **state)
{
	static const char *const none[] = { "", "\r\n", "200 OK\r\n\r\n",
		"HTTP/2 200\r\n\r\n", "http/1.1 200 OK\r\n\r\n",
		"HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
		"HTTP/1.1 200OK\r\n\r\n", "HTTP/1.1 +20 OK\r\n\r\n",
		"HTTP/1.1 099 x\r\n\r\n", "HTTP/1.1 100 x\r\n\r\n",
		"HTTP/1.1 600 x\r\n\r\n", "HTTP/1.1 200 \1\r\n\r\n",
		"HTTP/1.1 201 x\r\n\r\n", "HTTP/1.1 204 x\r\n\r\n",
		"HTTP/1.1 206 x\r\n\r\n", "HTTP/1.1 226 x\r\n\r\n",
		"HTTP/1.1 300 x\r\n\r\n", "HTTP/1.1 304 x\r\n\r\n",
		"HTTP/1.1 305 x\r\n\r\n" };
	struct outcome o;
	char head[64];

	(void)state;
	assert_int_equal(settings(&o, "HTTP/1.1 200 OK\r\n\r\n"), 200);
	assert_int_equal(settings(&o, "HTTP/1.0 200\r\n\r\n"), 200);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(settings(&o, none[i]), 502);
	for (unsigned status = 400; status < 600; status += 33) {
		(void)snprintf(head, sizeof(head), "HTTP/1.1 %u x\r\n\r\n",
		    status);
		assert_int_equal(settings(&o, head), status);
		assert_null(strstr(o.text, "<settings>"));
	}
}

static void
test_fields(void **state)
{
	static const char *const bad[] = { "Content-Length: x",
		"Content-Length: -1", "Content-Length: +9",
		"Content-Length: 5, 5", "Content-Length: 5;",
		"Content-Length:", "Content-Length: 99999999999999999999",
		"Content-Length: 5\r\nContent-Length: 5",
		"Content-Length: 5\r\nTransfer-Encoding: chunked",
		"Transfer-Encoding: gzip", "Transfer-Encoding: chunked, gzip",
		"Content-Encoding: gzip", "Content-Encoding: identity, br",
		"TE: x", "Upgrade: h2c", "Trailer: x", "Connection: upgrade",
		"Connection: close, x", "Proxy-Authenticate: x",
		"Proxy-Connection: x", "X: a\1b", "X: a\177b", "X\1: b",
		"X y: b", ": b", "X", "X : b", "X(: b", "X: a\r\n b",
		"Content-Type: a",
		"WWW-Authenticate: a\r\nWWW-Authenticate: b" };
	static const char *const dropped[] = { "ETag: \"x\"",
		"Last-Modified: x", "Expires: x", "Digest: x",
		"Cache-Control: public", "Refresh: 0;url=http://evil/",
		"Link: <http://evil/>", "Content-Location: http://evil/",
		"X-Sendfile: /etc/shadow", "X-Accel-Redirect: /x", "Vary: *",
		"Access-Control-Allow-Origin: *", "Keep-Alive: x",
		"Connection: Keep-Alive", "Content-Encoding: identity" };
	struct outcome o;
	char name[64];

	(void)state;
	assert_int_equal(field(&o, "X: y"), 200);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(field(&o, bad[i]), 502);
	for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++) {
		assert_int_equal(field(&o, dropped[i]), 200);
		(void)snprintf(name, sizeof(name), "%s", dropped[i]);
		assert_null(strstr(o.text, strchr(name, ':')));
		assert_non_null(
		    strstr(o.text, "\r\nCache-Control: no-store\r\n"));
	}
	assert_int_equal(field(&o, "Set-Cookie: a=b\r\nSet-Cookie: c=d"), 200);
	assert_non_null(
	    strstr(o.text, "\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_location),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_fields),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
