/* SPDX-License-Identifier: MIT */
/* A set of MAC addresses with a number for each. */
#include "snom/macset.h"

#include <stdlib.h>

#include "base/bytes.h"

void
gs_snom_macset_free(struct gs_snom_macset *s)
{
	free(s->slot);
	*s = (struct gs_snom_macset){ .n = 0 };
}

static struct gs_snom_macset_entry *
find(const struct gs_snom_macset *s, uint64_t mac)
{
	size_t h = (size_t)gs_hash_add(0, mac);

	for (;; h++) {
		struct gs_snom_macset_entry *e = &s->slot[h & (s->size - 1)];
		if (e->mac == 0 || e->mac == mac + 1)
			return e;
	}
}

static bool
grow(struct gs_snom_macset *s)
{
	struct gs_snom_macset bigger = { .n = s->n,
		.size = s->size == 0 ? 64 : s->size * 2 };

	bigger.slot = calloc(bigger.size, sizeof(*bigger.slot));
	if (bigger.slot == NULL)
		return false;
	for (size_t i = 0; i < s->size; i++)
		if (s->slot[i].mac != 0)
			*find(&bigger, s->slot[i].mac - 1) = s->slot[i];
	free(s->slot);
	*s = bigger;
	return true;
}

uint64_t *
gs_snom_macset_put(struct gs_snom_macset *s, uint64_t mac, bool *is_new)
{
	if (s->n == GS_MACSET_MAX)
		return NULL;
	if (s->n >= s->size / 2 && !grow(s))
		return NULL;
	struct gs_snom_macset_entry *e = find(s, mac);
	*is_new = e->mac == 0;
	if (*is_new) {
		*e = (struct gs_snom_macset_entry){ .mac = mac + 1 };
		s->n++;
	}
	return &e->value;
}

const uint64_t *
gs_snom_macset_get(const struct gs_snom_macset *s, uint64_t mac)
{
	if (s->size == 0)
		return NULL;
	const struct gs_snom_macset_entry *e = find(s, mac);
	return e->mac == 0 ? NULL : &e->value;
}
