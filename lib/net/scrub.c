/* SPDX-License-Identifier: MIT */
/* Same-length changes of SIP in a capture: RTP/SAVP and keys. */
#include "net/sip_priv.h"

enum { REST_MIN = 8 };

/* Still base64: Wireshark gives up on an SDP with another key, and then
 * does not find the media. */
static const char BLANK = 'X';

static const char tail[] = "AVP";

static bool
is_key(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '-' ||
	       c == '_';
}

/* Behind " RTP/S": does "AVP" follow, as far as can be seen? */
static bool
savp_follows(const uint8_t *p, size_t n)
{
	size_t k = n < sizeof(tail) - 1 ? n : sizeof(tail) - 1;

	return memcmp(p, tail, k) == 0;
}

/* What becomes of the byte at p[0], the next of " RTP/SAVP" or the one
 * behind it; 0: nothing. Words move to the left by one byte. */
static char
savp_step(struct gs_scrub *s, const uint8_t *p, size_t n)
{
	unsigned k = s->savp;

	s->savp = 0;
	if (k == sizeof(tail))
		return p[0] == 'F' ? ' ' : '\0';
	if (p[0] != (uint8_t)tail[k - 1])
		return '\0';
	s->savp = (uint8_t)(k + 1);
	if (k < sizeof(tail) - 1)
		return tail[k];
	return n > 1 && p[1] == 'F' ? 'F' : ' ';
}

static bool
key_step(struct gs_scrub *s, uint8_t c)
{
	if (s->key == GS_SCRUB_BEFORE_KEY && (c == ' ' || c == '\t'))
		return false;
	s->key = is_key(c) ? GS_SCRUB_IN_KEY : GS_SCRUB_TEXT;
	return s->key == GS_SCRUB_IN_KEY;
}

/* What p[0] becomes, 0: it stays. */
static char
scrub_byte(struct gs_scrub *s, const uint8_t *p, size_t n)
{
	const uint64_t rtp_s = UINT64_C(0x205254502f53); /* " RTP/S" */
	const uint64_t inline_key = UINT64_C(0x696e6c696e653a);
	const uint64_t lower = UINT64_C(0x20202020202020);
	const uint64_t six = UINT64_C(0xffffffffffff);

	s->last = s->last << 8 | p[0];
	if (s->savp > 0)
		return savp_step(s, p, n);
	if (s->key != GS_SCRUB_TEXT && key_step(s, p[0]))
		return BLANK;
	if (p[0] == 'S' && (s->last & six) == rtp_s &&
	    savp_follows(p + 1, n - 1)) {
		s->savp = 1;
		return tail[0];
	}
	if (p[0] == ':' &&
	    ((s->last | lower) & UINT64_C(0xffffffffffffff)) == inline_key)
		s->key = GS_SCRUB_BEFORE_KEY;
	return '\0';
}

void
gs_scrub_run(struct gs_scrub *s, const uint8_t *p, size_t n, uint32_t at,
    void (*edit)(void *arg, const struct gs_edit *e), void *arg)
{
	struct gs_edit e = { 0 };

	for (size_t i = 0; i < n; i++) {
		char c = scrub_byte(s, p + i, n - i);
		if (e.n > 0 && (c != e.c || e.n == UINT16_MAX)) {
			edit(arg, &e);
			e.n = 0;
		}
		if (c != '\0' && e.n == 0)
			e = (struct gs_edit){ .at = at + (uint32_t)i, .c = c };
		e.n = (uint16_t)(e.n + (c != '\0'));
	}
	if (e.n > 0)
		edit(arg, &e);
}

/* p continues what nobody saw: as if the beginning of "inline:" had been
 * there when p has its end. */
static void
assume(struct gs_scrub *s, const uint8_t *p, size_t n)
{
	static const char word[] = "inline:";

	for (size_t k = 1; k < sizeof(word) - 1; k++) {
		size_t rest = sizeof(word) - 1 - k;
		if (rest <= n && memcmp(p, word + k, rest) == 0)
			for (size_t i = 0; i < k; i++)
				s->last = s->last << 8 | (uint8_t)word[i];
	}
}

/* How many bytes at the beginning of p could be the rest of a key. */
static size_t
rest_of_key(const uint8_t *p, size_t n)
{
	size_t k = 0;

	while (k < n && is_key(p[k]))
		k++;
	return k >= REST_MIN ? k : 0;
}

struct whole {
	uint8_t *p;
	size_t changed;
};

static void
apply(void *arg, const struct gs_edit *e)
{
	struct whole *w = arg;

	memset(w->p + e->at, e->c, e->n);
	w->changed += e->n;
}

size_t
gs_scrub_whole(uint8_t *payload, size_t n, bool rest)
{
	struct gs_scrub s = { 0 };
	struct whole w = { .p = payload };

	if (rest) {
		w.changed = rest_of_key(payload, n);
		memset(payload, BLANK, w.changed);
		assume(&s, payload, n);
	}
	gs_scrub_run(&s, payload, n, 0, apply, &w);
	return w.changed;
}
