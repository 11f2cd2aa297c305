/* SPDX-License-Identifier: MIT */
/* What a report says of a stream, as JSON and as a row. */
#include "media/record.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/jsonread.h"
#include "base/diag.h"
#include "media/notes.h"
#include "media/table.h"
#include "net/rtp.h"
#include "srtp/receiver.h"

/* ---- what a record holds */

void
gs_media_record_set(struct gs_media_record *r, char **to, const char *from)
{
	char *copy = from != NULL ? strdup(from) : NULL;

	r->no_memory |= from != NULL && copy == NULL;
	free(*to);
	*to = copy;
}

static void
free_key(struct gs_media_record_key *k)
{
	free(k->print);
	free(k->suite);
	free(k->from);
	gs_net_runs_free(&k->received);
	*k = (struct gs_media_record_key){ 0 };
}

static void
free_texts(struct gs_media_texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->text[i]);
	free(t->text);
	*t = (struct gs_media_texts){ 0 };
}

void
gs_media_record_forget_keys(struct gs_media_record *r)
{
	for (size_t i = 0; i < r->keys; i++)
		free_key(&r->key[i]);
	free(r->key);
	r->key = NULL;
	r->keys = 0;
}

void
gs_media_record_free(struct gs_media_record *r)
{
	free(r->file);
	free(r->src);
	free(r->dst);
	free(r->ssrc);
	free(r->codec);
	free_key(&r->now);
	free_texts(&r->notes);
	free_texts(&r->lasting);
	free_texts(&r->moved);
	gs_media_record_forget_keys(r);
	*r = (struct gs_media_record){ 0 };
}

int
gs_media_record_check(const struct gs_media_record *r, struct gs_err *err)
{
	if (r->full)
		return gs_err_set(err,
		    "more than %d keys, or %d notes or addresses, of one "
		    "stream",
		    GS_RECORD_KEYS, GS_RECORD_TEXTS);
	return r->no_memory ? gs_err_sys(err, ENOMEM, "stream") : 0;
}

/* Room for one more at place at of n things of size octets; NULL: none. */
static void *
make_place(struct gs_media_record *r, void *list, size_t n, size_t at,
    size_t size)
{
	char *grown = reallocarray(list, n + 1, size);

	if (grown == NULL) {
		r->no_memory = true;
		return NULL;
	}
	memmove(grown + (at + 1) * size, grown + at * size, (n - at) * size);
	memset(grown + at * size, 0, size);
	return grown;
}

static void
put_text(struct gs_media_record *r, struct gs_media_texts *t, size_t at,
    const char *text)
{
	char **grown;

	if (t->n == GS_RECORD_TEXTS) {
		r->full = true;
		return;
	}
	grown = make_place(r, t->text, t->n, at, sizeof(*grown));
	if (grown == NULL)
		return;
	t->text = grown;
	gs_media_record_set(r, &grown[at], text);
	t->n++;
}

void
gs_media_record_insert(struct gs_media_record *r, struct gs_media_texts *t,
    const char *text)
{
	size_t at = 0;

	while (at < t->n && strcmp(t->text[at], text) < 0)
		at++;
	if (at == t->n || strcmp(t->text[at], text) != 0)
		put_text(r, t, at, text);
}

void
gs_media_record_remove(struct gs_media_texts *t, const char *text)
{
	size_t at = 0;

	while (at < t->n && strcmp(t->text[at], text) != 0)
		at++;
	if (at == t->n)
		return;
	free(t->text[at]);
	t->n--;
	memmove(t->text + at, t->text + at + 1, (t->n - at) * sizeof(*t->text));
}

/* ---- keys */

static bool
opens_rtp(const struct gs_media_record_key *k)
{
	return k->received.n > 0 || k->received.over;
}

/* Whether b was in use later than a; RTP counts more than RTCP. */
static bool
is_later(const struct gs_media_record_key *a,
    const struct gs_media_record_key *b)
{
	int c;

	if (opens_rtp(a) != opens_rtp(b))
		return opens_rtp(b);
	if (a->end != b->end)
		return a->end < b->end;
	c = strcmp(a->suite, b->suite);
	return c != 0 ? c < 0 : a->tag_bits < b->tag_bits;
}

const struct gs_media_record_key *
gs_media_record_newest_key(const struct gs_media_record *r)
{
	const struct gs_media_record_key *k = r->key;

	for (size_t i = 1; i < r->keys; i++)
		if (is_later(k, &r->key[i]))
			k = &r->key[i];
	return k;
}

static void
copy_key(struct gs_media_record *r, struct gs_media_record_key *to,
    const struct gs_media_record_key *k)
{
	gs_media_record_set(r, &to->print, k->print);
	gs_media_record_set(r, &to->suite, k->suite);
	gs_media_record_set(r, &to->from, k->from);
	to->tag_bits = k->tag_bits;
	to->start = k->start;
	to->end = k->end;
	gs_net_runs_join(&to->received, &k->received);
}

static void
put_key(struct gs_media_record *r, size_t at,
    const struct gs_media_record_key *k)
{
	struct gs_media_record_key *grown;

	if (r->keys == GS_RECORD_KEYS) {
		r->full = true;
		return;
	}
	grown = make_place(r, r->key, r->keys, at, sizeof(*grown));
	if (grown == NULL)
		return;
	r->key = grown;
	r->keys++;
	copy_key(r, &grown[at], k);
}

/* What only RTCP said of a key is forgotten once RTP says it. */
static void
join_key(struct gs_media_record *r, struct gs_media_record_key *k,
    const struct gs_media_record_key *b)
{
	bool anew = !opens_rtp(k) && opens_rtp(b);

	if (opens_rtp(k) && !opens_rtp(b))
		return;
	if (is_later(k, b)) {
		k->tag_bits = b->tag_bits;
		gs_media_record_set(r, &k->suite, b->suite);
	}
	if (anew || b->start < k->start ||
	    (b->start == k->start && strcmp(b->from, k->from) < 0))
		gs_media_record_set(r, &k->from, b->from);
	k->start = anew || b->start < k->start ? b->start : k->start;
	k->end = anew || b->end > k->end ? b->end : k->end;
	gs_net_runs_join(&k->received, &b->received);
}

void
gs_media_record_add_key(struct gs_media_record *r,
    const struct gs_media_record_key *k)
{
	size_t at = 0;

	if (r->no_memory)
		return;
	while (at < r->keys && strcmp(r->key[at].print, k->print) < 0)
		at++;
	if (at < r->keys && strcmp(r->key[at].print, k->print) == 0)
		join_key(r, &r->key[at], k);
	else
		put_key(r, at, k);
}

/* ---- the object */

enum kind {
	STREAM, /* its own name */
	TEXT,
	PRINT, /* 8 hexadecimal digits */
	NUMBER,
	COUNT, /* a number; 0 is null */
	START, /* seconds, of counts */
	DURATION,
	SECONDS,
	OPINION,
	VERDICT,
	TEXTS,
	SET, /* the same, sorted when it is read */
	INDEXES,
	RTCP,
	KEYS,
};

/* What a member is for one who reads. */
enum { READ = 1, MUST = 3, NIL = 4 /* it may be null */ };

struct member {
	const char *name;
	enum kind kind;
	unsigned flags;
	size_t at;
};

struct layout {
	const struct member *member;
	size_t n;
};

#define OF(m) offsetof(struct gs_media_record, m)
#define OF_KEY(m) offsetof(struct gs_media_record_key, m)
#define LAYOUT(m)                                                              \
	{                                                                      \
		m, sizeof(m) / sizeof((m)[0])                                  \
	}

static const struct member stream_members[] = {
	{ "type", STREAM, MUST, 0 },
	{ "file", TEXT, MUST, OF(file) },
	{ "src", TEXT, MUST, OF(src) },
	{ "dst", TEXT, MUST, OF(dst) },
	{ "ssrc", PRINT, MUST, OF(ssrc) },
	{ "payload_type", NUMBER, READ | NIL, OF(type) },
	{ "codec", TEXT, READ | NIL, OF(codec) },
	{ "clock_rate", COUNT, READ | NIL, OF(clock) },
	{ "suite", TEXT, NIL, OF(now.suite) },
	{ "tag_bits", NUMBER, NIL, OF(now.tag_bits) },
	{ "key", TEXT, NIL, OF(now.print) },
	{ "key_from", TEXT, NIL, OF(now.from) },
	{ "roc_first", NUMBER, NIL, OF(roc_first) },
	{ "roc_last", NUMBER, NIL, OF(roc_last) },
	{ "packets", NUMBER, READ, OF(count.packets) },
	{ "decrypted", NUMBER, READ, OF(count.opened) },
	{ "lost", NUMBER, NIL, OF(lost) },
	{ "duplicates", NUMBER, NIL, OF(duplicates) },
	{ "late", NUMBER, NIL, OF(late) },
	{ "auth_failed", NUMBER, READ, OF(count.failed[GS_FAIL_AUTH]) },
	{ "no_key", NUMBER, READ, OF(count.failed[GS_FAIL_KEY]) },
	{ "first_frame", NUMBER, NIL, OF(count.first_frame) },
	{ "last_frame", NUMBER, NIL, OF(count.last_frame) },
	{ "start", START, 0, OF(count) },
	{ "duration", DURATION, 0, OF(count) },
	{ "jitter_ms", SECONDS, NIL, OF(jitter_ms) },
	{ "rtcp", RTCP, READ, 0 },
	{ "confirmed", OPINION, READ, OF(opinion) },
	{ "verdict", VERDICT, MUST, OF(verdict) },
	{ "notes", TEXTS, 0, OF(notes) },
	{ "start_ns", NUMBER, MUST, OF(count.start) },
	{ "end_ns", NUMBER, MUST, OF(count.end) },
	{ "format_ns", NUMBER, READ, OF(format_end) },
	{ "moved_from", SET, READ, OF(moved) },
	{ "keys", KEYS, MUST, 0 },
	{ "lasting", SET, READ, OF(lasting) },
};

static const struct member rtcp_members[] = {
	{ "packets", NUMBER, READ, OF(count.rtcp_packets) },
	{ "decrypted", NUMBER, READ, OF(count.rtcp_opened) },
	{ "tag_bits", COUNT, READ | NIL, OF(rtcp_tag_bits) },
	{ "plain", NUMBER, READ, OF(count.rtcp_plain) },
};

static const struct member key_members[] = {
	{ "key", PRINT, READ, OF_KEY(print) },
	{ "suite", TEXT, READ, OF_KEY(suite) },
	{ "tag_bits", NUMBER, READ, OF_KEY(tag_bits) },
	{ "key_from", TEXT, READ, OF_KEY(from) },
	{ "start_ns", NUMBER, READ, OF_KEY(start) },
	{ "end_ns", NUMBER, READ, OF_KEY(end) },
	{ "received", INDEXES, READ, OF_KEY(received) },
};

static const struct layout stream_layout = LAYOUT(stream_members);
static const struct layout rtcp_layout = LAYOUT(rtcp_members);
static const struct layout key_layout = LAYOUT(key_members);

/* ---- writing */

static void
write_text(struct gs_json *j, const char *text)
{
	if (text != NULL)
		gs_json_str(j, text);
	else
		gs_json_null(j);
}

static void
write_number(struct gs_json *j, uint64_t v, bool none)
{
	if (none)
		gs_json_null(j);
	else
		gs_json_u64(j, v);
}

static void
write_texts(struct gs_json *j, const struct gs_media_texts *t)
{
	gs_json_open(j, '[');
	for (size_t i = 0; i < t->n; i++)
		gs_json_str(j, t->text[i]);
	gs_json_close(j, ']');
}

static void
write_indexes(struct gs_json *j, const struct gs_net_runs *r)
{
	if (r->over) {
		gs_json_null(j);
		return;
	}
	gs_json_open(j, '[');
	for (size_t i = 0; i < r->n; i++) {
		gs_json_u64(j, r->run[i].first);
		gs_json_u64(j, r->run[i].last);
	}
	gs_json_close(j, ']');
}

static void
write_opinion(struct gs_json *j, enum gs_media_record_opinion o)
{
	if (o == GS_OPINION_NONE)
		gs_json_null(j);
	else
		gs_json_bool(j, o == GS_CONFIRMED);
}

static double
duration(const struct gs_srtp_stream_counts *c)
{
	return c->end > c->start ? (double)(c->end - c->start) / 1e9 : 0;
}

static void write_keys(struct gs_json *j, const struct gs_media_record *r);
static void write_object(struct gs_json *j, const struct layout *l,
    const void *base);

static void
write_value(struct gs_json *j, const struct member *m, const void *base)
{
	const void *p = (const char *)base + m->at;
	const struct gs_srtp_stream_counts *c = p;
	uint64_t v;

	switch (m->kind) {
	case STREAM: gs_json_str(j, "stream"); break;
	case TEXT:
	case PRINT: write_text(j, *(char *const *)p); break;
	case NUMBER:
		v = *(const uint64_t *)p;
		write_number(j, v, (m->flags & NIL) && v == GS_RECORD_NONE);
		break;
	case COUNT:
		v = *(const uint64_t *)p;
		write_number(j, v, v == 0);
		break;
	case START: gs_json_double(j, (double)c->start / 1e9); break;
	case DURATION: gs_json_double(j, duration(c)); break;
	case SECONDS: gs_json_double(j, *(const double *)p); break;
	case OPINION:
		write_opinion(j, *(const enum gs_media_record_opinion *)p);
		break;
	case VERDICT:
		gs_json_str(j,
		    gs_srtp_verdict_name(*(const enum gs_srtp_verdict *)p));
		break;
	case TEXTS:
	case SET: write_texts(j, p); break;
	case INDEXES: write_indexes(j, p); break;
	case RTCP: write_object(j, &rtcp_layout, base); break;
	case KEYS: write_keys(j, base); break;
	}
}

/* Goes no deeper than the layouts do. */
static void
write_object(struct gs_json *j, const struct layout *l, const void *base)
{
	gs_json_open(j, '{');
	for (size_t i = 0; i < l->n; i++) {
		gs_json_key(j, l->member[i].name);
		write_value(j, &l->member[i], base);
	}
	gs_json_close(j, '}');
}

static void
write_keys(struct gs_json *j, const struct gs_media_record *r)
{
	if (r->keys_over) {
		gs_json_null(j);
		return;
	}
	gs_json_open(j, '[');
	for (size_t i = 0; i < r->keys; i++)
		write_object(j, &key_layout, &r->key[i]);
	gs_json_close(j, ']');
}

void
gs_media_record_write(const struct gs_media_record *r, struct gs_json *j)
{
	write_object(j, &stream_layout, r);
	gs_json_newline(j);
}

/* ---- reading */

struct reading {
	struct gs_media_record *r;
	struct gs_jsonread json;
	struct gs_json_token t;
	const char *name; /* of the member */
	struct gs_err *err;
};

static int
next(struct reading *g)
{
	int more = gs_jsonread_next(&g->json, &g->t, g->err);

	if (more == 0)
		return gs_err_set(g->err, "the text ends too early");
	return more == 1 ? 0 : -1;
}

static int
wrong(const struct reading *g, const char *want)
{
	return gs_err_set(g->err, "column %zu: \"%s\" must be %s", g->json.at,
	    g->name, want);
}

static int
read_number(const struct reading *g, uint64_t *v)
{
	if (g->t.kind == GS_JSON_NUMBER && gs_span_u64(g->t.text, v) == 0)
		return 0;
	return wrong(g, "a whole number");
}

static int
read_text(const struct reading *g, char **text)
{
	struct gs_span s = g->t.text;

	if (g->t.kind != GS_JSON_STRING)
		return wrong(g, "a string");
	free(*text);
	*text = strndup(s.n > 0 ? s.p : "", s.n);
	return *text != NULL ? 0 : gs_err_sys(g->err, ENOMEM, "stream");
}

static int
read_print(const struct reading *g, char **text)
{
	if (g->t.kind == GS_JSON_STRING && g->t.text.n == 8 &&
	    read_text(g, text) == 0 && strspn(*text, "0123456789abcdef") == 8)
		return 0;
	return wrong(g, "8 hexadecimal digits");
}

static int
read_set(struct reading *g, struct gs_media_texts *set)
{
	char *text = NULL;
	int r;

	if (g->t.kind != GS_JSON_ARRAY)
		return wrong(g, "an array of strings");
	while ((r = next(g)) == 0 && g->t.kind != GS_JSON_CLOSE &&
	    (r = read_text(g, &text)) == 0)
		gs_media_record_insert(g->r, set, text);
	free(text);
	return r;
}

static int
read_verdict(const struct reading *g, enum gs_srtp_verdict *v)
{
	for (*v = GS_VERDICT_DECRYPTED; *v <= GS_VERDICT_PLAIN; ++*v) {
		const char *name = gs_srtp_verdict_name(*v);

		if (g->t.kind == GS_JSON_STRING &&
		    gs_span_eq(g->t.text, gs_span(name, strlen(name))))
			return 0;
	}
	return wrong(g, "a verdict");
}

static int
read_opinion(const struct reading *g, enum gs_media_record_opinion *o)
{
	*o = g->t.kind == GS_JSON_TRUE ? GS_CONFIRMED :
	    g->t.kind == GS_JSON_FALSE ? GS_DISAGREED :
					 GS_OPINION_NONE;
	if (*o == GS_OPINION_NONE && g->t.kind != GS_JSON_NULL)
		return wrong(g, "true, false or null");
	return 0;
}

/* The packet index of SRTP has 48 bits (RFC 3711 section 3.3.1). */
static int
read_index(const struct reading *g, uint64_t *v)
{
	if (read_number(g, v) == -1)
		return -1;
	return *v >> 48 == 0 ? 0 : wrong(g, "indexes of at most 48 bits");
}

/* [first,last,first,last,…] */
static int
read_indexes(struct reading *g, struct gs_net_runs *runs)
{
	uint64_t first = 0, last = 0;

	if (g->t.kind == GS_JSON_NULL) {
		runs->over = true;
		return 0;
	}
	if (g->t.kind != GS_JSON_ARRAY)
		return wrong(g, "an array or null");
	while (next(g) == 0) {
		if (g->t.kind == GS_JSON_CLOSE)
			return 0;
		if (read_index(g, &first) == -1 || next(g) == -1 ||
		    read_index(g, &last) == -1)
			return -1;
		if (first > last)
			return wrong(g, "pairs of first and last index");
		gs_net_runs_add(runs, first, last);
	}
	return -1;
}

static int read_object(struct reading *g, const struct layout *l, void *base,
    uint64_t *has);

static int
read_keys(struct reading *g)
{
	g->r->keys_over = g->t.kind == GS_JSON_NULL;
	if (g->r->keys_over)
		return 0;
	if (g->t.kind != GS_JSON_ARRAY)
		return wrong(g, "an array or null");
	while (next(g) == 0) {
		struct gs_media_record_key k = { 0 };
		uint64_t has = 0;
		int r;

		if (g->t.kind == GS_JSON_CLOSE)
			return 0;
		r = g->t.kind == GS_JSON_OBJECT ?
		    read_object(g, &key_layout, &k, &has) :
		    wrong(g, "objects");
		if (r == 0 &&
		    (k.print == NULL || k.suite == NULL || k.from == NULL))
			r = gs_err_set(g->err,
			    "column %zu: a key without fingerprint, suite or "
			    "place",
			    g->json.at);
		if (r == 0)
			gs_media_record_add_key(g->r, &k);
		free_key(&k);
		if (r == -1)
			return -1;
	}
	return -1;
}

static int
read_value(struct reading *g, const struct member *m, void *base)
{
	void *p = (char *)base + m->at;
	uint64_t has = 0;

	if ((m->flags & NIL) != 0 && g->t.kind == GS_JSON_NULL)
		return 0;
	switch (m->kind) {
	case STREAM:
		return g->t.kind == GS_JSON_STRING &&
			gs_span_eq(g->t.text, GS_LIT("stream")) ?
		    0 :
		    wrong(g, "\"stream\"");
	case TEXT: return read_text(g, p);
	case PRINT: return read_print(g, p);
	case NUMBER:
	case COUNT: return read_number(g, p);
	case OPINION: return read_opinion(g, p);
	case VERDICT: return read_verdict(g, p);
	case SET: return read_set(g, p);
	case INDEXES: return read_indexes(g, p);
	case RTCP:
		return g->t.kind == GS_JSON_OBJECT ?
		    read_object(g, &rtcp_layout, base, &has) :
		    wrong(g, "an object");
	case KEYS: return read_keys(g);
	case START:
	case DURATION:
	case SECONDS:
	case TEXTS: break; /* are not read */
	}
	return gs_jsonread_skip(&g->json, &g->t, g->err);
}

/* Behind the '{'; bit i of *has: member i was there. Goes no deeper than the
 * layouts do. */
static int
read_object(struct reading *g, const struct layout *l, void *base,
    uint64_t *has)
{
	while (next(g) == 0) {
		size_t i = 0;
		int r;

		if (g->t.kind == GS_JSON_CLOSE)
			return 0;
		while (i < l->n &&
		    !gs_span_eq(g->t.text,
			gs_span(l->member[i].name, strlen(l->member[i].name))))
			i++;
		if (next(g) == -1)
			return -1;
		if (i == l->n || (l->member[i].flags & READ) == 0) {
			r = gs_jsonread_skip(&g->json, &g->t, g->err);
		} else {
			g->name = l->member[i].name;
			*has |= UINT64_C(1) << i;
			r = read_value(g, &l->member[i], base);
		}
		if (r == -1)
			return -1;
	}
	return -1;
}

static int
read_line(struct reading *g)
{
	const struct gs_srtp_stream_counts *c = &g->r->count;
	uint64_t has = 0;

	if (next(g) == -1)
		return -1;
	if (g->t.kind != GS_JSON_OBJECT)
		return gs_err_set(g->err, "not a JSON object");
	if (read_object(g, &stream_layout, g->r, &has) == -1 ||
	    gs_jsonread_next(&g->json, &g->t, g->err) == -1)
		return -1;
	for (size_t i = 0; i < stream_layout.n; i++)
		if ((stream_members[i].flags & MUST) == MUST &&
		    (has >> i & 1) == 0)
			return gs_err_set(g->err,
			    "not a stream as gs-srtpdump -j prints it: it "
			    "needs type, file, src, dst, ssrc, verdict, "
			    "start_ns, end_ns and keys");
	if (c->rtcp_packets < c->rtcp_opened ||
	    c->rtcp_packets - c->rtcp_opened < c->rtcp_plain)
		return gs_err_set(g->err, "more RTCP opened than there is");
	gs_media_record_insert(g->r, &g->r->moved, g->r->dst);
	return gs_media_record_check(g->r, g->err);
}

int
gs_media_record_read(struct gs_media_record *r, struct gs_span line,
    struct gs_err *err)
{
	struct reading g = { .r = r, .err = err };
	int status;

	*r = (struct gs_media_record){ .type = GS_RECORD_NONE };
	gs_jsonread_init(&g.json, line);
	status = read_line(&g);
	gs_jsonread_free(&g.json);
	if (status == -1)
		gs_media_record_free(r);
	return status;
}

/* ---- the row */

const char *const gs_media_record_columns[GS_RECORD_COLUMNS] = { "FROM", "TO",
	"SSRC", "CODEC", "SUITE", ">ROC", ">PACKETS", ">LOST", ">LATE", ">DUP",
	">FAILED", ">JITTER", "VERDICT", "LIBSRTP2" };

static void
cell(struct gs_media_table *t, uint64_t v)
{
	if (v == GS_RECORD_NONE)
		gs_media_table_str(t, "");
	else
		gs_media_table_u64(t, v);
}

void
gs_media_record_row(const struct gs_media_record *r, struct gs_media_table *t)
{
	static const char *const opinion[] = { "unconfirmed", "confirmed",
		"DISAGREES" };
	bool keyed = r->count.opened + r->count.rtcp_opened > 0;

	gs_media_table_str(t, r->src);
	gs_media_table_str(t, r->dst);
	gs_media_table_str(t, r->ssrc);
	gs_media_table_str(t, r->codec != NULL ? r->codec : "");
	gs_media_table_str(t, r->now.suite != NULL ? r->now.suite : "");
	if (r->roc_first == r->roc_last)
		cell(t, r->roc_first);
	else
		gs_media_table_printf(t, "%llu-%llu",
		    (unsigned long long)r->roc_first,
		    (unsigned long long)r->roc_last);
	gs_media_table_u64(t, r->count.packets);
	cell(t, r->lost);
	cell(t, r->late);
	cell(t, r->duplicates);
	gs_media_table_u64(t, r->count.failed[GS_FAIL_AUTH]);
	if (isfinite(r->jitter_ms))
		gs_media_table_printf(t, "%.1f ms", r->jitter_ms);
	else
		gs_media_table_str(t, "");
	gs_media_table_str(t, gs_srtp_verdict_name(r->verdict));
	gs_media_table_str(t, keyed ? opinion[r->opinion] : "");
}

/* ---- of a view */

/* The codec's name, or "PT 96" in text. */
static const char *
codec_name(const struct gs_srtp_stream_identity *id, char text[32])
{
	const struct gs_net_rtp_static *known = gs_net_rtp_static(id->type);

	if (id->format.name[0] != '\0')
		return id->format.name;
	if (known != NULL)
		return known->name;
	(void)snprintf(text, 32, "PT %u", id->type);
	return text;
}

static void
make_identity(struct gs_media_record *r,
    const struct gs_srtp_stream_identity *id)
{
	char text[GS_ADDR_TEXT];

	gs_media_record_set(r, &r->src, gs_net_addr_text(&id->src, text));
	gs_media_record_set(r, &r->dst, gs_net_addr_text(&id->dst, text));
	(void)snprintf(text, sizeof(text), "%08lx", (unsigned long)id->ssrc);
	gs_media_record_set(r, &r->ssrc, text);
	r->type = id->rtp ? id->type : GS_RECORD_NONE;
	if (id->rtp)
		gs_media_record_set(r, &r->codec, codec_name(id, text));
	r->clock = id->format.clock;
	if (id->moved_from.version != 0)
		put_text(r, &r->moved, 0,
		    gs_net_addr_text(&id->moved_from, text));
}

static void
make_counts(struct gs_media_record *r, const struct gs_srtp_stream_view *v)
{
	const uint64_t *f = v->count.failed;

	r->count = v->count;
	r->count.failed[GS_FAIL_AUTH] = f[GS_FAIL_AUTH] + f[GS_FAIL_CUT] +
	    f[GS_FAIL_SHORT] + f[GS_FAIL_REFERENCE];
	if (r->verdict == GS_VERDICT_PLAIN)
		r->count.failed[GS_FAIL_KEY] = 0;
	r->lost = v->lost;
	r->duplicates = v->stats->duplicates;
	r->late = v->stats->late;
	r->jitter_ms = v->id.format.clock > 0 ?
	    gs_net_rtp_stats_jitter_ms(v->stats) :
	    (double)NAN;
	r->format_end = v->count.end;
	if (v->count.rtcp_opened > 0)
		r->rtcp_tag_bits = 8u * v->prot.rtcp_scheme.form.tag;
}

/* What is known of a key that was in use in some way; its texts are
 * borrowed, from is put into where. */
static struct gs_media_record_key
key_of(const struct gs_srtp_key *key, const struct gs_srtp_scheme *scheme,
    const struct gs_media_notes_run *run, char where[512])
{
	(void)gs_srtp_keyring_where(gs_srtp_receiver_keyring(run->session), key,
	    where, 512);
	return (struct gs_media_record_key){ .print = (char *)key->print,
		.suite = (char *)gs_srtp_scheme_suite(scheme),
		.tag_bits = 8u * scheme->form.tag,
		.from = where };
}

/* What a merge needs to be exact. A key that opened only RTCP has opened no
 * index of RTP. */
static void
make_keys(struct gs_media_record *r, const struct gs_srtp_stream_view *v,
    const struct gs_media_notes_run *run)
{
	const struct gs_srtp_stream_protection *p = &v->prot;
	const struct gs_srtp_keyring *ring =
	    gs_srtp_receiver_keyring(run->session);
	struct gs_media_record_key k;
	char where[512];

	if (v->count.opened > 0) {
		r->roc_first = p->roc_first;
		r->roc_last = v->roc_last;
	}
	r->keys_over = p->spells_dropped;
	for (size_t i = 0; i < p->key_spans && !r->keys_over; i++) {
		const struct gs_srtp_key_span *s = &p->key_span[i];

		k = key_of(gs_srtp_keyring_at(ring, s->key), &s->scheme, run,
		    where);
		k.start = s->start;
		k.end = s->end;
		k.received = s->received;
		put_key(r, r->keys, &k);
	}
	if (v->count.opened + v->count.rtcp_opened == 0)
		return;
	k = key_of(&v->key, v->id.rtp ? &v->scheme : &p->rtcp_scheme, run,
	    where);
	copy_key(r, &r->now, &k);
	if (p->key_spans > 0 || r->keys_over)
		return;
	k = key_of(&v->key, &p->rtcp_scheme, run, where);
	k.start = v->count.start;
	k.end = v->count.end;
	put_key(r, 0, &k);
}

bool
gs_media_record_make(struct gs_media_record *r,
    const struct gs_srtp_stream_view *v, const char *file,
    const struct gs_media_notes *notes, const struct gs_media_notes_run *run)
{
	*r = (struct gs_media_record){ .verdict = gs_srtp_stream_verdict(v),
		.roc_first = GS_RECORD_NONE,
		.roc_last = GS_RECORD_NONE,
		.now.tag_bits = GS_RECORD_NONE };
	gs_media_record_set(r, &r->file, file);
	make_identity(r, &v->id);
	make_counts(r, v);
	make_keys(r, v, run);
	r->opinion = v->prot.disagreed                       ? GS_DISAGREED :
	    v->prot.confirmed > 0 && !v->prot.cannot_confirm ? GS_CONFIRMED :
							       GS_OPINION_NONE;
	for (size_t i = 0; i < notes->n; i++) {
		put_text(r, &r->notes, r->notes.n, notes->text[i]);
		if (notes->lasting[i])
			put_text(r, &r->lasting, r->lasting.n, notes->text[i]);
	}
	return !r->no_memory && !r->full;
}
