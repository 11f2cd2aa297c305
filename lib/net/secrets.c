/* SPDX-License-Identifier: MIT */
/* Eight characters in a row of every key, as a table of their hashes. */
#include "net/secrets_priv.h"

#include <stdlib.h>

#include "base/bytes.h"

enum { FIRST_SLOTS = 4096, LONGEST = 4096, KEY_MIN = 12, KEY_MAX = 64 };

struct gs_net_secrets {
	uint64_t *slot; /* 0: free */
	size_t slots; /* a power of two, at least twice n */
	size_t n;
	bool over;
};

static const char standard[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool
gs_net_secret_char(uint8_t c)
{
	/* A bit for each octet: + - / 0-9 A-Z _ a-z. */
	static const uint64_t set[4] = { UINT64_C(0x03ffa80000000000),
		UINT64_C(0x07fffffe87fffffe), 0, 0 };

	return (set[c >> 6] >> (c & 63) & 1) != 0;
}

struct gs_net_secrets *
gs_net_secrets_new(void)
{
	struct gs_net_secrets *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->slots = FIRST_SLOTS;
	t->slot = calloc(t->slots, sizeof(*t->slot));
	if (t->slot != NULL)
		return t;
	free(t);
	return NULL;
}

void
gs_net_secrets_free(struct gs_net_secrets *t)
{
	if (t == NULL)
		return;
	explicit_bzero(t->slot, t->slots * sizeof(*t->slot));
	free(t->slot);
	free(t);
}

bool
gs_net_secrets_over(const struct gs_net_secrets *t)
{
	return t->over;
}

/* A bijection, so that equal hashes mean equal characters. */
static uint64_t
hash(const uint8_t *p)
{
	uint64_t h;

	memcpy(&h, p, sizeof(h));
	return gs_hash_add(gs_hash_add(0, h), 0);
}

static size_t
place(const struct gs_net_secrets *t, uint64_t h)
{
	size_t i = (size_t)h & (t->slots - 1);

	while (t->slot[i] != 0 && t->slot[i] != h)
		i = (i + 1) & (t->slots - 1);
	return i;
}

static bool
grow(struct gs_net_secrets *t)
{
	struct gs_net_secrets old = *t;
	uint64_t *slot = calloc(2 * t->slots, sizeof(*slot));

	if (slot == NULL)
		return false;
	t->slot = slot;
	t->slots *= 2;
	for (size_t i = 0; i < old.slots; i++)
		if (old.slot[i] != 0)
			t->slot[place(t, old.slot[i])] = old.slot[i];
	explicit_bzero(old.slot, old.slots * sizeof(*old.slot));
	free(old.slot);
	return true;
}

/* Adds every run of text. */
static void
add(struct gs_net_secrets *t, const char *text, size_t n)
{
	for (size_t i = 0; n - i >= GS_SECRET_RUN && i < n; i++) {
		uint64_t h = hash((const uint8_t *)text + i);
		size_t at = place(t, h);

		if (h == 0 || t->slot[at] != 0)
			continue;
		if (t->n == GS_SECRETS_MAX ||
		    (2 * t->n >= t->slots && !grow(t))) {
			t->over = true;
			return;
		}
		t->slot[place(t, h)] = h;
		t->n++;
	}
}

static void
add_base64(struct gs_net_secrets *t, const char *alphabet, const uint8_t *p,
    size_t n)
{
	char text[(KEY_MAX * 8 + 5) / 6];
	size_t k = 0;

	for (size_t bit = 0; bit < n * 8; bit += 6) {
		unsigned two = (unsigned)p[bit / 8] << 8 |
		    (bit / 8 + 1 < n ? p[bit / 8 + 1] : 0u);
		text[k++] = alphabet[two >> (10 - bit % 8) & 63];
	}
	add(t, text, k);
	explicit_bzero(text, sizeof(text));
}

static void
add_hex(struct gs_net_secrets *t, bool capital, const uint8_t *p, size_t n)
{
	char text[2 * KEY_MAX];

	gs_hex_put(text, p, n, capital);
	add(t, text, 2 * n);
	explicit_bzero(text, sizeof(text));
}

void
gs_net_secrets_key(struct gs_net_secrets *t, const uint8_t *p, size_t n)
{
	if (n > KEY_MAX)
		return;
	add_base64(t, standard, p, n);
	add_base64(t, for_urls, p, n);
	if (t->n > GS_SECRETS_FORMS)
		return;
	add_hex(t, false, p, n);
	add_hex(t, true, p, n);
}

static size_t
from_hex(struct gs_span s, uint8_t *to)
{
	if (s.n % 2 != 0 || s.n > 2 * KEY_MAX)
		return 0;
	for (size_t i = 0; i < s.n; i += 2) {
		int a = gs_hex_value(s.p[i]), b = gs_hex_value(s.p[i + 1]);

		if (a < 0 || b < 0)
			return 0;
		to[i / 2] = (uint8_t)(a << 4 | b);
	}
	return s.n / 2;
}

static size_t
from_base64(struct gs_span s, uint8_t *to)
{
	char text[(KEY_MAX * 8 + 5) / 6];
	size_t n = 0, at;

	if (s.n > sizeof(text))
		return 0;
	for (size_t i = 0; i < s.n; i++)
		text[i] = s.p[i] == '-' ? '+' : s.p[i] == '_' ? '/' : s.p[i];
	unsigned bad =
	    gs_base64_decode(gs_span(text, s.n), to, KEY_MAX, &n, &at);
	explicit_bzero(text, sizeof(text));
	return (bad & (GS_BASE64_BAD | GS_BASE64_SPACE)) == 0 ? n : 0;
}

void
gs_net_secrets_text(struct gs_net_secrets *t, struct gs_span s)
{
	uint8_t key[KEY_MAX];

	if (s.n > LONGEST)
		s.n = LONGEST;
	add(t, s.p, s.n);
	size_t n = from_hex(s, key);
	if (n == 0)
		n = from_base64(s, key);
	if (n >= KEY_MIN)
		gs_net_secrets_key(t, key, n);
	explicit_bzero(key, sizeof(key));
}

/* The next run of at least GS_SECRET_RUN such letters from *to, as a whole, in
 * [*from, *to). False: there is none. */
static bool
next_run(const uint8_t *p, size_t n, size_t *from, size_t *to)
{
	size_t i = *to;

	while (n >= GS_SECRET_RUN && i <= n - GS_SECRET_RUN) {
		size_t k = i + GS_SECRET_RUN;

		while (k > i && gs_net_secret_char(p[k - 1]))
			k--;
		if (k > i) {
			i = k;
			continue;
		}
		*from = i;
		for (i += GS_SECRET_RUN; i < n && gs_net_secret_char(p[i]); i++)
			continue;
		*to = i;
		return true;
	}
	return false;
}

/* The first secret in a run of letters. */
static bool
first_in(const struct gs_net_secrets *t, const uint8_t *p, size_t i, size_t n,
    size_t *from, size_t *to)
{
	bool found = false;

	for (; i + GS_SECRET_RUN <= n; i++) {
		uint64_t h = hash(p + i);

		if (found && i > *to)
			break;
		if (t->slot[place(t, h)] == 0)
			continue;
		if (!found)
			*from = i;
		found = true;
		*to = i + GS_SECRET_RUN;
	}
	return found;
}

bool
gs_net_secrets_next(const struct gs_net_secrets *t, const uint8_t *p, size_t n,
    size_t *from, size_t *to)
{
	size_t a, b = *to;

	if (t->n == 0)
		return false;
	/* A search continues within a run where the last one ended. */
	while (next_run(p, n, &a, &b))
		if (first_in(t, p, a, b, from, to))
			return true;
	return false;
}
