/* SPDX-License-Identifier: MIT */
/* Memory that is wiped when it is freed: what it holds, and that compilers with
 * every check for overflows take no size for one ("make compilers"). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/wiped.h"

static void
every_size(void **state)
{
	char text[300], *p, *q;

	(void)state;
	for (size_t n = 1; n < sizeof(text); n++) {
		memset(text, 'x', n - 1);
		text[n - 1] = '\0';
		assert_non_null(p = gs_wiped_malloc(n));
		memcpy(p, text, n);
		assert_non_null(p = gs_wiped_realloc(p, 3 * n));
		assert_string_equal(p, text);
		assert_non_null(p = gs_wiped_realloc(p, n));
		assert_string_equal(p, text);
		assert_non_null(q = gs_wiped_strdup(p));
		assert_string_equal(q, text);
		gs_wiped_free(p);
		gs_wiped_free(q);
	}
	gs_wiped_free(NULL);
	/* Of libc, and to libc. */
	gs_wiped_free(malloc(1));
	free(gs_wiped_realloc(NULL, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_size) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
