/* SPDX-License-Identifier: MIT */
/* How often each of many texts was seen. */
#include "base/tally.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 256, MOST_TEXT = 1024 * 1024 * 1024 };

struct gs_span
gs_tally_text(const struct gs_tally *t, const struct gs_tally_entry *e)
{
	return gs_span(t->text.p + e->at, e->n);
}

/* The slot of text: its own, or the empty one for it. */
static size_t *
find_slot(const struct gs_tally *t, struct gs_span text)
{
	size_t i = (size_t)gs_span_hash(text) & (t->slots - 1);

	while (t->slot[i] != 0 &&
	    !gs_span_eq(gs_tally_text(t, &t->entry[t->slot[i] - 1]), text))
		i = (i + 1) & (t->slots - 1);
	return &t->slot[i];
}

/* Keeps a quarter of the slots empty. */
static bool
make_slots(struct gs_tally *t)
{
	size_t *old = t->slot, n = t->slots;

	if (t->n + t->n / 3 < n)
		return true;
	t->slots = n == 0 ? FIRST_SLOTS : 2 * n;
	t->slot = calloc(t->slots, sizeof(*t->slot));
	if (t->slot == NULL) {
		t->slot = old;
		t->slots = n;
		return false;
	}
	for (size_t i = 0; i < t->n; i++)
		*find_slot(t, gs_tally_text(t, &t->entry[i])) = i + 1;
	free(old);
	return true;
}

static uint64_t *
add_entry(struct gs_tally *t, struct gs_span text, size_t *slot)
{
	size_t at = t->text.n;

	if (!gs_grow(&t->entry, &t->size, t->n + 1, sizeof(*t->entry)))
		return NULL;
	gs_buf_put(&t->text, text.p, text.n);
	if (!gs_buf_ok(&t->text))
		return NULL;
	t->entry[t->n] = (struct gs_tally_entry){ .at = at, .n = text.n };
	*slot = ++t->n;
	return &t->entry[t->n - 1].count;
}

uint64_t *
gs_tally_count(struct gs_tally *t, struct gs_span text, bool add)
{
	if (t->slots == 0)
		gs_buf_init(&t->text, MOST_TEXT);
	if (!make_slots(t))
		return NULL;
	size_t *slot = find_slot(t, text);
	if (*slot != 0)
		return &t->entry[*slot - 1].count;
	return add ? add_entry(t, text, slot) : NULL;
}

/* Entries are in the order of their texts. The texts are laid out anew, so
 * that the comparison needs no other data. */
struct line {
	struct gs_span text;
	struct gs_tally_entry entry;
};

static int
compare(const void *x, const void *y)
{
	const struct line *a = x, *b = y;
	size_t n = a->text.n < b->text.n ? a->text.n : b->text.n;
	int c = n > 0 ? memcmp(a->text.p, b->text.p, n) : 0;

	return c != 0 ? c : (a->text.n > b->text.n) - (a->text.n < b->text.n);
}

void
gs_tally_sort(struct gs_tally *t)
{
	struct line *line = reallocarray(NULL, t->n + 1, sizeof(*line));

	if (line == NULL)
		return;
	for (size_t i = 0; i < t->n; i++)
		line[i] = (struct line){ gs_tally_text(t, &t->entry[i]),
			t->entry[i] };
	qsort(line, t->n, sizeof(*line), compare);
	for (size_t i = 0; i < t->n; i++)
		t->entry[i] = line[i].entry;
	free(line);
}

void
gs_tally_free(struct gs_tally *t)
{
	gs_buf_free(&t->text);
	free(t->entry);
	free(t->slot);
	*t = (struct gs_tally){ 0 };
}
