/* SPDX-License-Identifier: MIT */
/* Host names, alternative names, subjects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/diag.h"
#include "cert/name.h"

static void
host_names(void **state)
{
	static const char *const good[] = { "pbx.example.com", "a", "PBX.lan",
		"1und1.de", "xn--exmple-cua.com", "3.example" };
	static const char *const bad[] = { "", ".", "a.", ".a", "a..b", "a b",
		"a/b", "..", "a_b", "-a", "a-", "*.a", "a.1", "1.2.3.4",
		"\xc3\xa4.de", "a\n" };
	struct gs_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_int_equal(gs_cert_host_check(good[i], &err), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(gs_cert_host_check(bad[i], &err), -1);
}

static void
host_name_lengths(void **state)
{
	char name[300];
	struct gs_err err;

	(void)state;
	memset(name, 'a', sizeof(name));
	for (size_t i = 63; i < 253; i += 64)
		name[i] = '.';
	name[253] = '\0';
	assert_int_equal(gs_cert_host_check(name, &err), 0);
	name[253] = 'a';
	name[254] = '\0';
	assert_int_equal(gs_cert_host_check(name, &err), -1);
	name[64] = '\0';
	name[63] = 'a';
	assert_int_equal(gs_cert_host_check(name, &err), -1);
}

static void
alternative_names(void **state)
{
	struct gs_cert_sans s = { 0 }, t = { 0 };
	struct gs_err err;

	(void)state;
	assert_int_equal(gs_cert_sans_add(&s, "dns:A.Example", &err), 0);
	assert_int_equal(gs_cert_sans_add(&s, "DNS:a.example", &err), 0);
	assert_int_equal(gs_cert_sans_add(&s, "ip:2001:DB8:0:0::1", &err), 0);
	assert_int_equal(gs_cert_sans_add(&s, "IP:2001:db8::1", &err), 0);
	assert_int_equal(gs_cert_sans_add(&s, "dns:*.b.example", &err), 0);
	assert_int_equal((int)s.n, 3);
	assert_string_equal(s.list[0].text, "dns:a.example");
	assert_string_equal(s.list[1].text, "ip:2001:db8::1");
	assert_string_equal(gs_cert_san_name(&s.list[1]), "2001:db8::1");
	/* RFC 6125 section 6.4.3: one label, the first. */
	assert_int_equal(gs_cert_sans_add(&t, "dns:x.b.example", &err), 0);
	assert_true(gs_cert_sans_cover(&s, &t.list[0]));
	t.n = 0;
	assert_int_equal(gs_cert_sans_add(&t, "dns:x.y.b.example", &err), 0);
	assert_false(gs_cert_sans_cover(&s, &t.list[0]));
	t.n = 0;
	assert_int_equal(gs_cert_sans_add(&t, "dns:b.example", &err), 0);
	assert_false(gs_cert_sans_cover(&s, &t.list[0]));
	/* No client takes a wildcard right below a top-level domain. */
	assert_int_equal(gs_cert_sans_add_dns(&s, "*.example", &err), 0);
	assert_false(gs_cert_sans_cover(&s, &t.list[0]));
	/* "_." is how the files of a wildcard are called. */
	t.n = 0;
	assert_int_equal(gs_cert_host_check("_.b.example", &err), 0);
	assert_int_equal(gs_cert_host_check("_.example", &err), -1);
	assert_int_equal(gs_cert_sans_add_dns(&t, "_.b.example", &err), 0);
	assert_string_equal(t.list[0].text, "dns:*.b.example");
}

static void
private_names(void **state)
{
	static const struct {
		const char *name;
		bool private;
	} list[] = {
		{ "pbx", true },
		{ "pbx.example.com", false },
		{ "10.0.0.1", true },
		{ "100.63.255.255", false },
		{ "100.64.0.0", true },
		{ "100.127.255.255", true },
		{ "100.128.0.0", false },
		{ "172.15.255.255", false },
		{ "172.31.255.255", true },
		{ "172.32.0.0", false },
		{ "192.168.0.1", true },
		{ "198.20.0.0", false },
		{ "198.19.255.255", true },
		{ "203.0.113.9", true },
		{ "203.0.114.9", false },
		{ "223.255.255.255", false },
		{ "224.0.0.1", true },
		{ "fd00::1", true },
		{ "fe80::1", true },
		{ "2001:db8::1", true },
		{ "2001:1::1", true },
		{ "2001:200::1", false },
		{ "2a00::1", false },
		{ "4000::1", true },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(list) / sizeof(*list); i++) {
		struct gs_cert_sans s = { 0 };
		struct gs_err err;
		assert_int_equal(gs_cert_sans_add(&s, list[i].name, &err), 0);
		assert_int_equal(gs_cert_san_is_private(&s.list[0]),
		    list[i].private);
	}
}

static void
too_many_names(void **state)
{
	struct gs_cert_sans s = { 0 };
	struct gs_err err;
	uint8_t ip[4] = { 192, 0, 2, 0 };

	(void)state;
	for (; ip[3] < GS_SANS_MAX; ip[3]++)
		assert_int_equal(gs_cert_sans_add_ip(&s, ip, 4, &err), 0);
	assert_int_equal(gs_cert_sans_add_ip(&s, ip, 4, &err), -1);
	assert_int_equal(gs_cert_sans_add_ip(&s, ip, 5, &err), -1);
}

struct subject {
	const char *text;
	const char *want; /* TYPE=VALUE| or TYPE=VALUE+, NULL: refused */
};

static void
subjects(void **state)
{
	/* The first of these are the examples of RFC 4514 section 4. */
	static const struct subject list[] = {
		{ "UID=jsmith,DC=example,DC=net",
		    "UID=jsmith|DC=example|DC=net|" },
		{ "OU=Sales+L=J.  Smith,DC=example",
		    "OU=Sales+L=J.  Smith|DC=example|" },
		{ "O=James \\\"Jim\\\" Smith\\, III",
		    "O=James \"Jim\" Smith, III|" },
		{ "O=Before\\0dAfter", "O=Before\rAfter|" },
		{ "1.3.6.1.4.1.1466.0=#04024869", NULL },
		{ "O=Lu\\C4\\8Di\\C4\\87", "O=Lu\xc4\x8di\xc4\x87|" },
		{ " O = \"a, b\" ; C=DE", "O=a, b|C=DE|" },
		{ "O=a\\ ,C=DE", "O=a |C=DE|" },
		{ "O=,C=DE", "C=DE|" },
		{ "O=+C=DE", "C=DE|" },
		{ "", "" },
		{ "O=a,", NULL },
		{ "O", NULL },
		{ "=a", NULL },
		{ "O=\\", NULL },
		{ "O=\\4", NULL },
		{ "O=\"a", NULL },
		{ "O=\"a\"b", NULL },
		{ "O=\\00", NULL },
		{ "O=\\ff", NULL },
		{ "cn=x", NULL },
		{ "2.5.4.3=x", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		struct gs_cert_dn dn;
		struct gs_err err;
		struct gs_buf b;
		int r = gs_cert_dn_parse(&dn, list[i].text, &err);
		if (list[i].want == NULL) {
			assert_int_equal(r, -1);
			continue;
		}
		assert_int_equal(r, 0);
		gs_buf_init(&b, 4096);
		for (size_t k = 0; k < dn.n; k++)
			gs_buf_printf(&b, "%s=%s%c", dn.attr[k].type,
			    dn.attr[k].value,
			    k + 1 < dn.n && dn.attr[k + 1].joined ? '+' : '|');
		gs_buf_putc(&b, '\0');
		assert_string_equal((char *)b.p, list[i].want);
		gs_buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_names),
		cmocka_unit_test(host_name_lengths),
		cmocka_unit_test(alternative_names),
		cmocka_unit_test(private_names),
		cmocka_unit_test(too_many_names),
		cmocka_unit_test(subjects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
