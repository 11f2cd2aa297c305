/* SPDX-License-Identifier: MIT */
/* Any bytes, in pieces, as a text in gzip, xz or UTF-16. The first octet is the
 * length of pieces. */
#include <stdint.h>
#include <stdlib.h>

#include "base/diag.h"
#include "text/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static int
take(void *arg, struct gs_span s, struct gs_err *err)
{
	uint64_t *most = arg;

	(void)err;
	*most += s.n;
	/* UTF-16 grows by half as UTF-8. */
	if (*most > 2 * (uint64_t)GS_UNPACK_MAX)
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint64_t came = 0;
	struct gs_text_unpack *u = gs_text_unpack_new(take, &came);
	struct gs_err err;
	int r = 0;

	if (u == NULL)
		abort();
	for (size_t at = 1; r == 0 && at < n;) {
		size_t m = n - at < p[0] + 1u ? n - at : p[0] + 1u;

		r = gs_text_unpack_feed(u, gs_span(p + at, m), &err);
		at += m;
	}
	if (r == 0)
		(void)!gs_text_unpack_end(u, &err);
	gs_text_unpack_free(u);
	return 0;
}
