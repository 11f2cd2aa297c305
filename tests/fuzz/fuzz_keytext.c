/* SPDX-License-Identifier: MIT */
/* Any text, in pieces of any size, through the search for keys. */
#include <stdlib.h>

#include "srtp/keytext.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n == 0)
		return 0;
	struct gs_keyring *ring = gs_keyring_new(NULL);
	struct gs_announced *a = gs_announced_new(NULL);
	struct gs_way way[GS_WAYS];
	struct gs_diags d;

	gs_diags_init(&d, gs_key_rules, NULL, 16);
	struct gs_keytext *t = gs_keytext_new(ring, a, &d, NULL);

	if (ring == NULL || a == NULL || t == NULL)
		abort();
	size_t piece = (size_t)p[0] + 1;

	gs_keytext_begin(t, gs_keyring_source(ring, "f", false), 1, false, 0);
	for (size_t at = 1; at < n; at += piece)
		if (gs_keytext_feed(t,
			gs_span(p + at, n - at < piece ? n - at : piece)) == -1)
			abort();
	if (gs_keytext_end(t) == -1)
		abort();
	for (size_t i = 0; i < gs_keyring_size(ring); i++) {
		const struct gs_key *key = gs_keyring_at(ring, i);
		bool other =
		    key->suite != NULL && key->suite->cipher == GS_SRTP_OTHER;

		if ((gs_key_ways(key, way) == 0) != other)
			abort();
	}
	gs_keytext_free(t);
	gs_diags_free(&d);
	gs_announced_free(a);
	gs_keyring_free(ring);
	return 0;
}
