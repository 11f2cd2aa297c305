/* SPDX-License-Identifier: MIT */
/* What a misspelt word may mean. */
#include "base/near.h"

#include <string.h>

enum { LONGEST = 63 };

/* How many letters are wrong, missing, too many, or have changed places with
 * the next one (the distance of Damerau and Levenshtein, in its simple form),
 * for words of at most 63 letters. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned row[3][LONGEST + 1];
	size_t n = strlen(b);

	if (n > LONGEST || strlen(a) > LONGEST)
		return 99;
	for (unsigned k = 0; k <= n; k++)
		row[0][k] = k;
	for (unsigned i = 1; i <= strlen(a); i++) {
		const unsigned *last = row[(i - 1) % 3];
		unsigned *now = row[i % 3];
		now[0] = i;
		for (size_t k = 1; k <= n; k++) {
			unsigned d = last[k - 1] + (a[i - 1] != b[k - 1]);
			d = last[k] + 1 < d ? last[k] + 1 : d;
			d = now[k - 1] + 1 < d ? now[k - 1] + 1 : d;
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
			    a[i - 2] == b[k - 1] &&
			    row[(i - 2) % 3][k - 2] + 1 < d)
				d = row[(i - 2) % 3][k - 2] + 1;
			now[k] = d;
		}
	}
	return row[strlen(a) % 3][n];
}

const char *
gs_nearest_within(const char *word, const char *const *names, size_t n,
    unsigned most)
{
	const char *best = NULL;

	for (size_t i = 0; i < n; i++) {
		unsigned d = distance(word, names[i]);
		if (d <= most && (best == NULL || d < most)) {
			best = names[i];
			most = d;
		}
	}
	return best;
}

const char *
gs_nearest(const char *word, const char *const *names, size_t n)
{
	return gs_nearest_within(word, names, n,
	    1 + (unsigned)strlen(word) / 3);
}
