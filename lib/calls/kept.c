/* SPDX-License-Identifier: MIT */
/* A copy of an SDP that outlives its block. */
#include "calls/kept.h"

#include <stdlib.h>

#include "sdp/sdp.h"
#include "text/sink.h"

/* Larger SDPs are not kept for their answer. */
enum { LINES = 512, BYTES = 16 * 1024 };

void
gs_calls_kept_clear(struct gs_calls_kept *k)
{
	gs_buf_clear(&k->bytes);
	k->lines = 0;
	k->cryptos = 0;
	k->set = false;
}

void
gs_calls_kept_free(struct gs_calls_kept *k)
{
	gs_buf_free(&k->bytes);
	free(k->line);
	free(k->crypto);
	*k = (struct gs_calls_kept){ 0 };
}

/* Makes room for so many lines and for their bytes, which are returned; NULL if
 * out of memory. */
static uint8_t *
reserve(struct gs_calls_kept *k, size_t lines, size_t bytes)
{
	k->bytes.max = BYTES;
	if (lines > k->line_size) {
		struct gs_sdp_line *line =
		    reallocarray(k->line, lines, sizeof(*line));
		if (line == NULL)
			return NULL;
		k->line = line;
		k->line_size = lines;
	}
	return gs_buf_space(&k->bytes, bytes);
}

/* The value of an a=crypto line, without blanks around it; p is NULL when it
 * is none. */
static struct gs_span
crypto_of(const struct gs_sdp_line *line)
{
	struct gs_span s = line->text;

	return gs_span_take(&s, GS_LIT("a=crypto:")) ? gs_span_trim(s) :
						       gs_span(NULL, 0);
}

/* Notes the hashes of k's a=crypto values. */
static int
note_cryptos(struct gs_calls_kept *k)
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

/* Notes the message that b is a part of. */
static void
note_message(struct gs_calls_kept *k, const struct gs_text_block *b)
{
	k->cseq = b->cseq;
	k->status = b->status;
	memcpy(k->method, b->method, sizeof(k->method));
	memcpy(k->tag, b->to_tag, sizeof(k->tag));
	k->transport = b->transport;
	k->branch = b->branch;
	k->vias = b->vias;
}

int
gs_calls_kept_set(struct gs_calls_kept *k, const struct gs_text_block *b)
{
	size_t total = 0;

	gs_calls_kept_clear(k);
	note_message(k, b);
	for (size_t i = 0; i < b->lines; i++)
		total += b->line[i].text.n;
	if (b->lines > LINES || total > BYTES)
		return 0;
	uint8_t *to = reserve(k, b->lines, total);
	if (to == NULL)
		return -1;
	for (size_t i = 0; i < b->lines; i++) {
		struct gs_span text = b->line[i].text;
		k->line[i] = b->line[i];
		k->line[i].text.p = (const char *)to;
		if (text.n > 0)
			memcpy(to, text.p, text.n);
		to += text.n;
	}
	k->bytes.n = total;
	k->lines = b->lines;
	if (note_cryptos(k) == -1) {
		gs_calls_kept_clear(k);
		return -1;
	}
	k->set = true;
	return 0;
}

bool
gs_calls_kept_equals(const struct gs_calls_kept *k,
    const struct gs_text_block *b)
{
	if (!k->set || k->lines != b->lines)
		return false;
	for (size_t i = 0; i < b->lines; i++)
		if (!gs_span_eq(k->line[i].text, b->line[i].text))
			return false;
	return true;
}

bool
gs_calls_kept_has_crypto(const struct gs_calls_kept *k, struct gs_span crypto,
    uint32_t hash)
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

bool
gs_calls_kept_has_media(const struct gs_calls_kept *k, const char *media)
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

bool
gs_calls_kept_repeats(const struct gs_calls_kept *k,
    const struct gs_text_block *b)
{
	return b->type == GS_TEXT_SIP && gs_calls_kept_equals(k, b) &&
	    k->cseq == b->cseq && k->status == b->status &&
	    k->transport == b->transport && k->vias == b->vias &&
	    strcmp(k->method, b->method) == 0 && strcmp(k->tag, b->to_tag) == 0;
}
