/* SPDX-License-Identifier: MIT */
/* Any text, in pieces of any size, through the search for keys. */
#include <stdlib.h>

#include "mutate.h"
#include "srtp/keytext.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

MUTATE(mutate_log)

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n == 0)
		return 0;
	struct gs_srtp_keyring *ring = gs_srtp_keyring_new(NULL);
	struct gs_srtp_announced *a = gs_srtp_announced_new(NULL);
	struct gs_srtp_scheme scheme[GS_SRTP_SCHEMES];
	struct gs_diags d;

	gs_diags_init(&d, gs_srtp_key_rules, NULL, 16);
	struct gs_srtp_keytext *t = gs_srtp_keytext_new(ring, a, &d, NULL);

	if (ring == NULL || a == NULL || t == NULL)
		abort();
	size_t piece = (size_t)p[0] + 1;

	gs_srtp_keytext_begin(t, gs_srtp_keyring_source(ring, "f", false));
	for (size_t at = 1; at < n; at += piece)
		if (gs_srtp_keytext_feed(t,
			gs_span(p + at, n - at < piece ? n - at : piece)) == -1)
			abort();
	if (gs_srtp_keytext_end(t) == -1 ||
	    gs_srtp_keytext_message(t, 0, gs_span(p, n), 1, 1) == -1)
		abort();
	for (size_t i = 0; i < gs_srtp_keyring_size(ring); i++) {
		const struct gs_srtp_key *key = gs_srtp_keyring_at(ring, i);
		bool other =
		    key->suite != NULL && key->suite->cipher == GS_SRTP_OTHER;

		if ((gs_srtp_key_schemes(key, scheme) == 0) != other)
			abort();
	}
	gs_srtp_keytext_free(t);
	gs_diags_free(&d);
	gs_srtp_announced_free(a);
	gs_srtp_keyring_free(ring);
	return 0;
}
