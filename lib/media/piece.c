/* SPDX-License-Identifier: MIT */
/* Pieces of streams: joining them, and what they then say. */
#include "media/piece.h"

#include <errno.h>
#include <stdlib.h>

#include "piece_priv.h"

/* ---- sets of texts */

void
gs_texts_free(struct gs_texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->text[i]);
	free(t->text);
	*t = (struct gs_texts){ 0 };
}

int
gs_texts_add(struct gs_texts *t, const char *text, struct gs_err *err)
{
	size_t at = 0;
	char **grown = NULL, *copy = NULL;

	while (at < t->n && strcmp(t->text[at], text) < 0)
		at++;
	if (at < t->n && strcmp(t->text[at], text) == 0)
		return 0;
	if (t->n == GS_PIECE_TEXTS)
		return gs_err_set(err,
		    "more than %d notes or addresses of "
		    "one stream",
		    GS_PIECE_TEXTS);
	copy = strdup(text);
	grown = reallocarray(t->text, t->n + 1, sizeof(*grown));
	if (grown != NULL)
		t->text = grown;
	if (grown == NULL || copy == NULL) {
		free(copy);
		return gs_err_sys(err, ENOMEM, "stream");
	}
	memmove(grown + at + 1, grown + at, (t->n - at) * sizeof(*grown));
	grown[at] = copy;
	t->n++;
	return 0;
}

static int
join_texts(struct gs_texts *t, const struct gs_texts *b, struct gs_err *err)
{
	for (size_t i = 0; i < b->n; i++)
		if (gs_texts_add(t, b->text[i], err) == -1)
			return -1;
	return 0;
}

static int add_note(struct gs_texts *t, struct gs_err *err, const char *fmt,
    ...) GS_PRINTF(3, 4);

static int
add_note(struct gs_texts *t, struct gs_err *err, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return gs_texts_add(t, text, err);
}

/* ---- keys */

void
gs_piece_key_free(struct gs_piece_key *k)
{
	free(k->suite);
	free(k->from);
	gs_runs_free(&k->received);
	*k = (struct gs_piece_key){ 0 };
}

static void
forget_keys(struct gs_piece *p)
{
	for (size_t i = 0; i < p->keys; i++)
		gs_piece_key_free(&p->key[i]);
	free(p->key);
	p->key = NULL;
	p->keys = 0;
}

/* Replaces *to by a copy of from. */
static int
set_text(char **to, const char *from, struct gs_err *err)
{
	char *copy = NULL;

	if (from != NULL && (copy = strdup(from)) == NULL)
		return gs_err_sys(err, ENOMEM, "stream");
	free(*to);
	*to = copy;
	return 0;
}

static int
compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static bool
opens_rtp(const struct gs_piece_key *k)
{
	return k->received.n > 0 || k->received.over;
}

/* Whether b was in use later than a; RTP counts more than RTCP. */
static bool
is_later(const struct gs_piece_key *a, const struct gs_piece_key *b)
{
	int c;

	if (opens_rtp(a) != opens_rtp(b))
		return opens_rtp(b);
	if ((c = compare(a->end, b->end)) == 0 &&
	    (c = strcmp(a->suite, b->suite)) == 0)
		c = compare(a->tag_bits, b->tag_bits);
	return c < 0;
}

static int
set_suite(struct gs_piece_key *k, const struct gs_piece_key *b,
    struct gs_err *err)
{
	k->tag_bits = b->tag_bits;
	return set_text(&k->suite, b->suite, err);
}

/* What only RTCP said of a key is forgotten once RTP says it. */
static int
join_key(struct gs_piece_key *k, const struct gs_piece_key *b,
    struct gs_err *err)
{
	bool anew = !opens_rtp(k) && opens_rtp(b);
	int c = compare(b->start, k->start);

	if (opens_rtp(k) && !opens_rtp(b))
		return 0;
	if (is_later(k, b) && set_suite(k, b, err) == -1)
		return -1;
	if (anew || c < 0 || (c == 0 && strcmp(b->from, k->from) < 0))
		if (set_text(&k->from, b->from, err) == -1)
			return -1;
	k->start = anew || c < 0 ? b->start : k->start;
	k->end = anew || b->end > k->end ? b->end : k->end;
	gs_runs_join(&k->received, &b->received);
	return 0;
}

int
gs_piece_add_key(struct gs_piece *p, const struct gs_piece_key *b,
    struct gs_err *err)
{
	struct gs_piece_key new = { .tag_bits = b->tag_bits,
		.start = b->start,
		.end = b->end };
	struct gs_piece_key *grown;
	size_t at = 0;

	while (at < p->keys && strcmp(p->key[at].print, b->print) < 0)
		at++;
	if (at < p->keys && strcmp(p->key[at].print, b->print) == 0)
		return join_key(&p->key[at], b, err);
	if (p->keys == GS_PIECE_KEYS)
		return gs_err_set(err, "more than %d keys of one stream",
		    GS_PIECE_KEYS);
	grown = reallocarray(p->key, p->keys + 1, sizeof(*grown));
	if (grown == NULL)
		return gs_err_sys(err, ENOMEM, "stream");
	p->key = grown;
	if (set_text(&new.suite, b->suite, err) == -1 ||
	    set_text(&new.from, b->from, err) == -1) {
		gs_piece_key_free(&new);
		return -1;
	}
	memcpy(new.print, b->print, sizeof(new.print));
	gs_runs_join(&new.received, &b->received);
	memmove(grown + at + 1, grown + at, (p->keys - at) * sizeof(*grown));
	grown[at] = new;
	p->keys++;
	return 0;
}

static int
join_keys(struct gs_piece *p, const struct gs_piece *b, struct gs_err *err)
{
	if (p->keys_over || b->keys_over) {
		forget_keys(p);
		p->keys_over = true;
		return 0;
	}
	for (size_t i = 0; i < b->keys; i++)
		if (gs_piece_add_key(p, &b->key[i], err) == -1)
			return -1;
	return 0;
}

const struct gs_piece_key *
gs_piece_newest_key(const struct gs_piece *p)
{
	const struct gs_piece_key *k = p->keys > 0 ? p->key : NULL;

	for (size_t i = 1; i < p->keys; i++)
		if (is_later(k, &p->key[i]))
			k = &p->key[i];
	return k;
}

/* ---- pieces */

void
gs_piece_free(struct gs_piece *p)
{
	free(p->file);
	free(p->src);
	free(p->dst);
	free(p->codec);
	gs_texts_free(&p->moved);
	gs_texts_free(&p->lasting);
	forget_keys(p);
	*p = (struct gs_piece){ 0 };
}

/* The newest format; one whose codec is known is better than one that a
 * capture without the SDP knows by number. */
static int
join_format(struct gs_piece *p, const struct gs_piece *b, struct gs_err *err)
{
	static const struct gs_span number = { "PT ", 3 };
	const char *x = p->codec != NULL ? p->codec : "";
	const char *y = b->codec != NULL ? b->codec : "";
	bool known = *x != '\0' && strncmp(x, number.p, number.n) != 0;
	bool b_known = *y != '\0' && strncmp(y, number.p, number.n) != 0;
	int c = (int)known - (int)b_known;

	if (c == 0)
		c = (*x != '\0') - (*y != '\0');
	if (c == 0)
		c = compare(p->format_end, b->format_end);
	if (c == 0)
		c = compare(p->type, b->type);
	if (c == 0)
		c = strcmp(x, y);
	if (c == 0)
		c = compare(p->clock, b->clock);
	if (c >= 0)
		return 0;
	p->type = b->type;
	p->clock = b->clock;
	p->format_end = b->format_end;
	return set_text(&p->codec, b->codec, err);
}

static bool
has_key(const struct gs_piece *p)
{
	return p->decrypted + p->rtcp_decrypted > 0;
}

static void
join_counts(struct gs_piece *p, const struct gs_piece *b)
{
	if (has_key(p) && has_key(b))
		p->confirmed &= b->confirmed;
	else if (has_key(b))
		p->confirmed = b->confirmed;
	p->disagreed |= b->disagreed;
	p->shut = b->shut > p->shut ? b->shut : p->shut;
	p->packets += b->packets;
	p->decrypted += b->decrypted;
	p->failed += b->failed;
	p->no_key += b->no_key;
	p->rtcp_packets += b->rtcp_packets;
	p->rtcp_decrypted += b->rtcp_decrypted;
	p->rtcp_plain += b->rtcp_plain;
	if (b->rtcp_tag_bits > p->rtcp_tag_bits)
		p->rtcp_tag_bits = b->rtcp_tag_bits;
}

int
gs_piece_join(struct gs_piece *p, const struct gs_piece *b, struct gs_err *err)
{
	int first = compare(b->start, p->start), last = compare(p->end, b->end);

	if (first == 0)
		first = strcmp(b->file, p->file);
	if (last == 0)
		last = strcmp(p->dst, b->dst);
	if (join_format(p, b, err) == -1 || join_keys(p, b, err) == -1 ||
	    join_texts(&p->lasting, &b->lasting, err) == -1 ||
	    join_texts(&p->moved, &b->moved, err) == -1 ||
	    (first < 0 && set_text(&p->file, b->file, err) == -1) ||
	    (last < 0 && set_text(&p->dst, b->dst, err) == -1))
		return -1;
	join_counts(p, b);
	p->start = b->start < p->start ? b->start : p->start;
	p->end = b->end > p->end ? b->end : p->end;
	return 0;
}

/* ---- what it says */

bool
gs_piece_is_known(const struct gs_piece *p)
{
	bool any = false;

	for (size_t i = 0; i < p->keys; i++) {
		if (p->key[i].received.over)
			return false;
		any |= p->key[i].received.n > 0;
	}
	return any;
}

uint64_t
gs_piece_lost(const struct gs_piece *p)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->keys; i++)
		n += gs_runs_missing(&p->key[i].received);
	return n > p->failed ? n - p->failed : 0;
}

uint64_t
gs_piece_duplicates(const struct gs_piece *p)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->keys; i++)
		n += gs_runs_count(&p->key[i].received);
	return p->decrypted > n ? p->decrypted - n : 0;
}

bool
gs_piece_rocs(const struct gs_piece *p, uint64_t *first, uint64_t *last)
{
	const struct gs_piece_key *a = NULL, *z = gs_piece_newest_key(p);

	if (!gs_piece_is_known(p))
		return false;
	for (size_t i = 0; i < p->keys; i++)
		if (p->key[i].received.n > 0 &&
		    (a == NULL || p->key[i].start < a->start))
			a = &p->key[i];
	*first = a->received.run[0].first >> 16;
	*last = z->received.run[z->received.n - 1].last >> 16;
	return true;
}

const char *
gs_piece_verdict(const struct gs_piece *p)
{
	uint64_t all = p->packets + p->rtcp_packets;
	uint64_t opened = p->decrypted + p->rtcp_decrypted;

	if (opened > 0 && opened + p->rtcp_plain == all && !p->disagreed)
		return "decrypted";
	if (opened > 0)
		return "partly";
	return p->shut == GS_PIECE_PLAIN ? "plain" : "no key";
}

static const char *
were(uint64_t n)
{
	return n == 1 ? " was" : "s were";
}

static int
count_notes(const struct gs_piece *p, struct gs_texts *notes,
    struct gs_err *err)
{
	const struct {
		uint64_t n;
		const char *what, *text;
	} count[] = {
		{ p->failed, "packet",
		    "not opened (damaged, cut, or from "
		    "another key)" },
		{ p->no_key, "packet", "captured where no key was known" },
		{ p->rtcp_packets - p->rtcp_decrypted - p->rtcp_plain,
		    "RTCP packet", "not opened" },
		{ p->rtcp_plain, "RTCP packet", "not encrypted" },
	};

	for (size_t i = 0; i < sizeof(count) / sizeof(*count); i++)
		if (count[i].n > 0 &&
		    add_note(notes, err, "%llu %s%s %s",
			(unsigned long long)count[i].n, count[i].what,
			were(count[i].n), count[i].text) == -1)
			return -1;
	return 0;
}

int
gs_piece_notes(const struct gs_piece *p, struct gs_texts *notes,
    struct gs_err *err)
{
	uint64_t first, last;

	*notes = (struct gs_texts){ 0 };
	if (join_texts(notes, &p->lasting, err) == -1)
		goto out;
	for (size_t i = 0; i < p->moved.n; i++)
		if (strcmp(p->moved.text[i], p->dst) != 0 &&
		    add_note(notes, err, "sent to %s, too", p->moved.text[i]) ==
			-1)
			goto out;
	if (!has_key(p))
		return 0;
	if (count_notes(p, notes, err) == -1)
		goto out;
	if (p->keys > 1 &&
	    add_note(notes, err, "%zu keys were in use", p->keys) == -1)
		goto out;
	if (gs_piece_rocs(p, &first, &last) && first > 0 &&
	    add_note(notes, err,
		"the stream was running already: the first "
		"capture begins at ROC %llu",
		(unsigned long long)first) == -1)
		goto out;
	if (p->decrypted > 0 && !gs_piece_is_known(p) &&
	    add_note(notes, err,
		"too many gaps or keys to count what was "
		"lost") == -1)
		goto out;
	return 0;
out:
	gs_texts_free(notes);
	return -1;
}
