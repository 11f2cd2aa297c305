/* SPDX-License-Identifier: MIT */
/* What a misspelt word may mean. */
#include "base/near.h"

#include <string.h>

/* Levenshtein's distance, for words of at most 31 letters. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned row[32];
	size_t n = strlen(b);

	if (n > 31 || strlen(a) > 31)
		return 99;
	for (unsigned k = 0; k <= n; k++)
		row[k] = k;
	for (unsigned i = 1; a[i - 1] != '\0'; i++) {
		unsigned diagonal = row[0];
		row[0] = i;
		for (size_t k = 1; k <= n; k++) {
			unsigned d = diagonal + (a[i - 1] != b[k - 1]);
			diagonal = row[k];
			if (row[k] + 1 < d)
				d = row[k] + 1;
			if (row[k - 1] + 1 < d)
				d = row[k - 1] + 1;
			row[k] = d;
		}
	}
	return row[n];
}

const char *
gs_nearest(const char *word, const char *const *names, size_t n)
{
	const char *best = NULL;
	unsigned least = 1 + (unsigned)strlen(word) / 3;

	for (size_t i = 0; i < n; i++) {
		unsigned d = distance(word, names[i]);
		if (d <= least && (best == NULL || d < least)) {
			best = names[i];
			least = d;
		}
	}
	return best;
}
