/* SPDX-License-Identifier: MIT */
/* URLs, hosts, proxies and MAC addresses. */
#include "snom/url.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/diag.h"
#include "snom/macset.h"
#include "snom/model.h"

static struct gs_span
span(const char *s)
{
	return gs_span(s, strlen(s));
}

static void
test_url(void **state)
{
	static const struct {
		const char *text;
		const char *host; /* NULL: cannot be read */
		unsigned port;
		bool contradicts;
	} list[] = {
		{ "http://h:443/x", "h", 443, true },
		{ "https://h:80", "h", 80, true },
		{ "HTTP://h:443", "h", 443, true },
		{ "https://h:443/", "h", 443, false },
		{ "http://h:80/", "h", 80, false },
		{ "https://h:8443/p?x#y", "h", 8443, false },
		{ "https://h:5061/", "h", 5061, true },
		{ "http://h:5060/", "h", 5060, true },
		{ "https://[2001:db8::1]:443/", "2001:db8::1", 443, false },
		{ "https://u:p@h/", "h", 0, false },
		{ "https://h/{mac}.xml", "h", 0, false },
		{ "https://h/a\\b", "h", 0, false },
		{ "https://h\\@i/", NULL, 0, false },
		{ "https://h\\/", NULL, 0, false },
		{ "https://m\xc3\xbcller.de/", NULL, 0, false },
		{ "https://m%c3%bcller.de/", NULL, 0, false },
		{ "https://2001:db8::1/", NULL, 0, false },
		{ "https://[h]/", NULL, 0, false },
		{ "https://[2001:db8::1/", NULL, 0, false },
		{ "https:///x", NULL, 0, false },
		{ "https://h:/x", NULL, 0, false },
		{ "https://h:0/", NULL, 0, false },
		{ "https://h:65536/", NULL, 0, false },
		{ "https://h: 80/", NULL, 0, false },
		{ "://h", NULL, 0, false },
		{ "h", NULL, 0, false },
		{ "", NULL, 0, false },
	};
	struct gs_snom_url u;
	struct gs_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		int r = gs_snom_url_parse(&u, span(list[i].text), &err);
		assert_int_equal(r, list[i].host == NULL ? -1 : 0);
		if (r == -1)
			continue;
		assert_true(gs_span_eq(u.host, span(list[i].host)));
		assert_int_equal(u.port, list[i].port);
		assert_int_equal(gs_snom_url_contradicts(&u),
		    list[i].contradicts);
	}
}

static void
test_masked(void **state)
{
	static const char *const list[][2] = {
		{ "https://u:p@h:1/a", "https://***@h:1/a" },
		{ "http://h/snom-a9170af083fed2bae9bb92df.xml",
		    "http://h/snom-***.xml" },
		{ "http://h/settings-000413262AFE.xml",
		    "http://h/settings-000413262AFE.xml" },
		{ "http://h/phone_book.xml?key=1",
		    "http://h/phone_book.xml?***" },
		{ "http://[::1]:2/advancedsettings",
		    "http://[::1]:2/advancedsettings" },
		{ "https://h/p/550e8400-e29b-41d4-a716-446655440000/x-1",
		    "https://h/p/***/x-1" },
		{ "https://h/550e8400-e29b-41d4-a716-446655440000-x",
		    "https://h/***-x" },
		{ "https://h/D785-000413AABBCC/00-04-13-26-2A-FE",
		    "https://h/D785-000413AABBCC/00-04-13-26-2A-FE" },
		{ "https://u:p@ss@h/", "https://***@h/" },
	};
	struct gs_snom_url u;
	struct gs_buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		gs_buf_init(&b, 1024);
		assert_int_equal(gs_snom_url_parse(&u, span(list[i][0]), NULL),
		    0);
		gs_snom_url_put_masked(&b, &u);
		gs_buf_putc(&b, '\0');
		assert_string_equal((char *)b.p, list[i][1]);
		gs_buf_free(&b);
	}
}

static void
test_host(void **state)
{
	(void)state;
	assert_int_equal(gs_snom_url_host_kind(span("gs5.lan")), GS_HOST_NAME);
	assert_int_equal(gs_snom_url_host_kind(span("a_b-c.d")), GS_HOST_NAME);
	assert_int_equal(gs_snom_url_host_kind(span("10.0.0.1")), GS_HOST_IPV4);
	assert_int_equal(gs_snom_url_host_kind(span("2001:db8::1")),
	    GS_HOST_IPV6);
	static const char *const bad[] = { "", "1.2.3", "256.1.1.1", "a b",
		"a:1", "-a", "a-", "a..b", ".a", "a;b", "[::1]", "\xc3\xa4" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(gs_snom_url_host_kind(span(bad[i])),
		    GS_HOST_BAD);
}

static void
test_same_host(void **state)
{
	(void)state;
	assert_true(gs_snom_url_same_host(span("GS5.lan"), span("gs5.LAN")));
	assert_true(gs_snom_url_same_host(span("2001:db8::1"),
	    span("2001:0DB8:0:0::1")));
	assert_false(
	    gs_snom_url_same_host(span("2001:db8::1"), span("2001:db8::2")));
	static const struct {
		const char *a, *b;
		bool same;
	} pairs[] = {
		{ "gs5.lan", "gs5.lan.", true },
		{ "gs5.lan", "gs5.lan..", false },
		{ "gs5.lan", "gs5.lan.x", false },
		{ "gs5.lan", "gs5%2Elan", true },
		{ "gs5.lan", "g%535.lan", true },
		{ "gs5.lan", "gs5.lan%00", false },
		{ "gs5.lan", "gs5.lan%2", false },
		{ "gs5.lan", "gs5.lan%20", false },
		{ "192.0.2.7", "3221225991", true },
		{ "192.0.2.7", "0xc0.0.2.7", true },
		{ "192.0.2.7", "0300.0.0.0x207", false },
		{ "192.0.2.7", "192.0.519", true },
		{ "192.0.2.7", "192.0.2.7.", true },
		{ "192.0.2.7", "::ffff:192.0.2.7", true },
		{ "192.0.2.7", "::ffff:c000:207", true },
		{ "192.0.2.7", "::192.0.2.7", false },
		{ "192.0.2.7", "192.0.2.70", false },
		{ "", "", false },
		{ ".", ".", true },
		{ "xn--mller-kva.de", "XN--MLLER-KVA.de", true },
		{ "xn--mller-kva.de", "m\xc3\xbcller.de", false },
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct gs_span a = span(pairs[i].a), b = span(pairs[i].b);
		assert_int_equal(gs_snom_url_same_host(a, b), pairs[i].same);
		assert_int_equal(gs_snom_url_same_host(b, a), pairs[i].same);
	}
	assert_true(gs_snom_url_is_srv(span("_sips._tcp.gs5.lan")));
	assert_false(gs_snom_url_is_srv(span("_sip.gs5.lan")));
	assert_false(gs_snom_url_is_srv(span("a._sip._tcp.gs5.lan")));
	struct gs_span d = gs_snom_url_domain_of(span("_sips._tcp.gs5.lan"));
	assert_true(gs_span_eq(d, span("gs5.lan")));
	d = gs_snom_url_domain_of(span("_sips._tcp"));
	assert_true(gs_span_eq(d, span("_sips._tcp")));
}

static void
test_proxy(void **state)
{
	struct gs_snom_proxy p;

	(void)state;
	gs_snom_proxy_parse(&p,
	    span(" sip:[2001:db8::1]:5061 ; transport=TLS ;lr,x"));
	assert_int_equal(p.prefix.n, 4);
	assert_true(gs_span_eq(p.host, span("2001:db8::1")));
	assert_int_equal(p.port, 5061);
	assert_true(gs_span_eq(p.transport, span("TLS")));
	assert_true(p.blank);
	assert_true(p.comma);
	gs_snom_proxy_parse(&p, span(":5061;transport=tls"));
	assert_int_equal(p.host.n, 0);
	assert_int_equal(p.port, 5061);
	gs_snom_proxy_parse(&p, span(""));
	assert_null(p.transport.p);
	assert_false(p.blank);
	gs_snom_proxy_parse(&p, span("h;transport="));
	assert_non_null(p.transport.p);
	assert_int_equal(p.transport.n, 0);
	gs_snom_proxy_parse(&p, span("h:x"));
	assert_true(p.port_bad);
}

static void
test_mac(void **state)
{
	static const char *const good[] = { "000413262AFE", "00:04:13:26:2a:fe",
		"00-04-13-26-2A-fe", "0004.1326.2afe", " 000413262afe " };
	static const char *const bad[] = { "", "000413262AF", "000413262AFEE",
		"00:04:13:26:2a-fe", "00:04:13:26:2a:fg", "0:04:13:26:2a:fe0",
		"00:04:13:26:2a:", "+00413262AFE" };
	uint64_t mac = 0;
	char text[13];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(gs_snom_mac_parse(span(good[i]), &mac), 0);
		gs_snom_mac_format(mac, text);
		assert_string_equal(text, "000413262AFE");
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(gs_snom_mac_parse(span(bad[i]), &mac), -1);
}

static void
test_model(void **state)
{
	struct gs_snom_model m;
	struct gs_err err;

	(void)state;
	assert_int_equal(gs_snom_model_parse(&m, "D785 92,93 12 24", &err), 0);
	assert_true(gs_snom_model_is(&m, span("snomD785")));
	assert_true(gs_snom_model_is(&m, span("Snom d785")));
	assert_true(gs_snom_model_is(&m, span("snom-D785")));
	assert_false(gs_snom_model_is(&m, span("D78")));
	assert_true(gs_snom_model_has_mac(&m, 0x000413930000));
	assert_false(gs_snom_model_has_mac(&m, 0x000413940000));
	assert_false(gs_snom_model_has_mac(&m, 0x010413930000));
	static const char *const bad[] = { "", "X", "X 92", "X 92 12",
		"X 9 1 1", "X 92, 1 1", "X 92 13 1", "X 92 1 139", "X 92 1 1 1",
		"X zz 1 1", "ANameThatIsMuchTooLongForIt 92 1 1" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(gs_snom_model_parse(&m, bad[i], &err), -1);
}

static void
test_macset(void **state)
{
	struct gs_snom_macset s = { .n = 0 };
	bool is_new;

	(void)state;
	assert_null(gs_snom_macset_get(&s, 0));
	for (uint64_t i = 0; i < 5000; i++) {
		uint64_t *v = gs_snom_macset_put(&s, i * 3, &is_new);
		assert_non_null(v);
		assert_true(is_new);
		*v = i;
	}
	for (uint64_t i = 0; i < 5000; i++) {
		assert_int_equal(*gs_snom_macset_get(&s, i * 3), i);
		assert_null(gs_snom_macset_get(&s, i * 3 + 1));
	}
	assert_non_null(gs_snom_macset_put(&s, 0, &is_new));
	assert_false(is_new);
	gs_snom_macset_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_masked),
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_same_host),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_mac),
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_macset),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
