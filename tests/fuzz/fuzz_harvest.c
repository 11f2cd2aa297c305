/* SPDX-License-Identifier: MIT */
/* Any lines through the harvest: what it gives is as long as some suite's
 * key and salt, and is the same when the text is read again. */
#include <stdlib.h>

#include "mutate.h"
#include "sdp/suite.h"
#include "text/harvest.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

MUTATE(mutate_log)

struct sum {
	size_t keys;
	uint64_t hash;
};

static void
take(void *arg, const struct gs_text_key *key)
{
	struct sum *s = arg;
	uint8_t salt;

	if (!gs_sdp_suite_length(key->n, &salt) || key->line == 0)
		abort();
	s->keys++;
	s->hash = s->hash * 31 + gs_span_hash(gs_span(key->keysalt, key->n));
}

static void
read_all(struct gs_text_harvest *h, struct gs_span s)
{
	for (uint64_t line = 1; s.n > 0; line++) {
		const char *end = memchr(s.p, '\n', s.n);
		size_t n = end != NULL ? (size_t)(end - s.p) : s.n;

		/* A copy of its own: a byte too far is seen. */
		char *copy = malloc(n > 0 ? n : 1);

		if (copy == NULL)
			abort();
		memcpy(copy, s.p, n);
		gs_text_harvest_line(h, gs_span(copy, n), line);
		free(copy);
		n += end != NULL;
		s = gs_span(s.p + n, s.n - n);
	}
	gs_text_harvest_end(h);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sum sum = { 0 }, first;
	struct gs_text_harvest *h = gs_text_harvest_new(take, &sum);

	if (h == NULL)
		abort();
	read_all(h, gs_span(p, n));
	first = sum;
	sum = (struct sum){ 0 };
	read_all(h, gs_span(p, n));
	if (sum.keys != first.keys || sum.hash != first.hash)
		abort();
	gs_text_harvest_free(h);
	return 0;
}
