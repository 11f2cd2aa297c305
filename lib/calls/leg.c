/* SPDX-License-Identifier: MIT */
/* The legs of calls: the SDPs and keys that each has seen. */
#include "calls/leg_priv.h"

#include <stdlib.h>

/* Forgets the SDP and keeps the memory for the next one. */
void
kept_clear(struct kept *k)
{
	gs_buf_clear(&k->bytes);
	k->lines = 0;
	k->cryptos = 0;
	k->set = false;
}

void
kept_free(struct kept *k)
{
	gs_buf_free(&k->bytes);
	free(k->line);
	free(k->crypto);
	*k = (struct kept){ 0 };
}

static int
kept_reserve(struct kept *k, size_t lines, size_t bytes)
{
	k->bytes.max = GS_DIALOG_BYTES;
	if (lines > k->line_size) {
		struct gs_line *line =
		    reallocarray(k->line, lines, sizeof(*line));
		if (line == NULL)
			return -1;
		k->line = line;
		k->line_size = lines;
	}
	return gs_buf_space(&k->bytes, bytes) == NULL ? -1 : 0;
}

/* The value of an a=crypto line, without blanks around it; p is NULL when it
 * is none. */
static struct gs_span
crypto_of(const struct gs_line *line)
{
	const struct gs_span name = GS_LIT("a=crypto:");

	if (!gs_span_starts(line->text, name))
		return gs_span(NULL, 0);
	return gs_span_trim(
	    gs_span(line->text.p + name.n, line->text.n - name.n));
}

/* Notes the hashes of k's a=crypto values. */
static int
kept_note_cryptos(struct kept *k)
{
	for (size_t i = 0; i < k->lines; i++) {
		struct gs_span crypto = crypto_of(&k->line[i]);
		if (crypto.p == NULL)
			continue;
		if (k->cryptos == k->crypto_size) {
			size_t size =
			    k->crypto_size == 0 ? 8 : k->crypto_size * 2;
			uint32_t *hash =
			    reallocarray(k->crypto, size, sizeof(*hash));
			if (hash == NULL)
				return -1;
			k->crypto = hash;
			k->crypto_size = size;
		}
		k->crypto[k->cryptos++] = (uint32_t)gs_span_hash(crypto);
	}
	return 0;
}

/* Copies b's lines, unless they are too many: then, and on failure, k is
 * empty. */
int
kept_set(struct kept *k, const struct gs_block *b)
{
	size_t total = 0;

	kept_clear(k);
	for (size_t i = 0; i < b->lines; i++)
		total += b->line[i].text.n;
	if (b->lines > GS_DIALOG_LINES || total > GS_DIALOG_BYTES)
		return 0;
	if (kept_reserve(k, b->lines, total) == -1)
		return -1;
	for (size_t i = 0; i < b->lines; i++) {
		struct gs_span text = b->line[i].text;
		k->line[i] = b->line[i];
		k->line[i].text = gs_span(k->bytes.p + k->bytes.n, text.n);
		gs_buf_put(&k->bytes, text.p, text.n);
	}
	k->lines = b->lines;
	if (kept_note_cryptos(k) == -1) {
		kept_clear(k);
		return -1;
	}
	k->set = true;
	k->cseq = b->cseq;
	k->status = b->status;
	memcpy(k->method, b->method, sizeof(k->method));
	memcpy(k->tag, b->to_tag, sizeof(k->tag));
	return 0;
}

bool
kept_equals(const struct kept *k, const struct gs_block *b)
{
	if (!k->set || k->lines != b->lines)
		return false;
	for (size_t i = 0; i < b->lines; i++)
		if (!gs_span_eq(k->line[i].text, b->line[i].text))
			return false;
	return true;
}

bool
kept_has_crypto(const struct kept *k, struct gs_span crypto, uint32_t hash)
{
	bool maybe = false;

	for (size_t i = 0; i < k->cryptos && !maybe; i++)
		maybe = k->crypto[i] == hash;
	for (size_t i = 0; maybe && i < k->lines; i++) {
		struct gs_span value = crypto_of(&k->line[i]);
		if (value.p != NULL && gs_span_eq(value, crypto))
			return true;
	}
	return false;
}

/* Whether k has an m= line of this type; FreeSWITCH makes keys for audio,
 * video and text whether they are in the call or not. */
bool
kept_has_media(const struct kept *k, const char *media)
{
	size_t n = strlen(media);

	for (size_t i = 0; i < k->lines; i++) {
		struct gs_span text = k->line[i].text;
		if (gs_span_starts(text, GS_LIT("m=")) &&
		    (n == 0 ||
			(text.n > 2 + n && memcmp(text.p + 2, media, n) == 0 &&
			    text.p[2 + n] == ' ')))
			return true;
	}
	return false;
}

void
leg_key_remove(struct leg *l, size_t i)
{
	l->key_bytes -= l->key[i].text.n;
	gs_buf_free(&l->key[i].text);
	l->keys--;
	memmove(&l->key[i], &l->key[i + 1], (l->keys - i) * sizeof(l->key[0]));
}

void
leg_clear(struct leg *l)
{
	for (size_t i = 0; i < 3; i++)
		kept_clear(&l->last[i]);
	l->first_tag[0] = '\0';
	l->offerer = GS_PARTY_UNKNOWN;
	l->offered = l->answered = false;
}

void
leg_free(struct leg *l)
{
	if (l == NULL)
		return;
	while (l->keys > 0)
		leg_key_remove(l, 0);
	for (size_t i = 0; i < 3; i++)
		kept_free(&l->last[i]);
	free(l->key);
	free(l);
}

/* Most ids are told apart by it, without a look at them. */
static uint64_t
hash_of_id(const char *id)
{
	return gs_span_hash(gs_span(id, strlen(id)));
}

static bool
is_leg(const struct legs *t, size_t i, uint64_t hash, const char *id)
{
	return t->hash[i] == hash && t->used[i] > 0 &&
	    strcmp(t->leg[i]->id, id) == 0;
}

size_t
legs_find(struct legs *t, const char *id, bool *known)
{
	uint64_t hash = hash_of_id(id);
	size_t oldest = 0;

	*known = is_leg(t, t->recent, hash, id);
	if (*known)
		return t->recent;
	for (size_t i = 0; i < GS_DIALOGS; i++) {
		*known = is_leg(t, i, hash, id);
		if (*known)
			return i;
		if (t->used[i] < t->used[oldest])
			oldest = i;
	}
	return oldest;
}

struct leg *
legs_take(struct legs *t, size_t i, const char *id, bool known)
{
	if (t->leg[i] == NULL)
		t->leg[i] = calloc(1, sizeof(*t->leg[i]));
	struct leg *l = t->leg[i];
	if (l == NULL)
		return NULL;
	if (!known) {
		memcpy(l->id, id, strnlen(id, sizeof(l->id) - 1) + 1);
		l->id[sizeof(l->id) - 1] = '\0';
		t->hash[i] = hash_of_id(id);
	}
	t->used[i] = ++t->clock;
	t->recent = i;
	return l;
}

/* Who sent b: in SIP, whoever spoke first in the dialog counts as remote. */
enum gs_party
leg_sender(struct leg *l, const struct gs_block *b)
{
	if (b->type != GS_TEXT_SIP)
		return b->party;
	if (l->first_tag[0] == '\0')
		memcpy(l->first_tag, b->status == 0 ? b->from_tag : b->to_tag,
		    sizeof(l->first_tag));
	bool by_from = strcmp(b->from_tag, l->first_tag) == 0;
	return by_from == (b->status == 0) ? GS_PARTY_REMOTE : GS_PARTY_LOCAL;
}

/* RFC 3264: an SDP is an answer when the other side's offer is open, or
 * (a provisional answer, then the final one) was answered in this
 * transaction. */
enum gs_role
leg_role(const struct leg *l, const struct gs_block *b, enum gs_party from)
{
	if (b->role != GS_ROLE_UNKNOWN)
		return b->role;
	if (!l->offered || l->offerer == from)
		return GS_ROLE_OFFER;
	if (b->type == GS_TEXT_SIP && l->answered)
		return l->last[l->offerer].cseq == b->cseq ? GS_ROLE_ANSWER :
							     GS_ROLE_OFFER;
	return l->answered ? GS_ROLE_OFFER : GS_ROLE_ANSWER;
}

bool
kept_repeats(const struct kept *k, const struct gs_block *b)
{
	return b->type == GS_TEXT_SIP && kept_equals(k, b) &&
	    k->cseq == b->cseq && k->status == b->status &&
	    strcmp(k->method, b->method) == 0 && strcmp(k->tag, b->to_tag) == 0;
}
