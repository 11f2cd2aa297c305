/* SPDX-License-Identifier: MIT */
/* The report about a stream, as JSON and as a row of a table. */
#include "media/record.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/json.h"
#include "base/diag.h"
#include "media/notes.h"
#include "media/table.h"
#include "net/rtp.h"
#include "srtp/receiver.h"

/* ---- the contents of a record */

/* A text that lives as long as its record. */
struct gs_media_kept {
	struct gs_media_kept *next;
	char text[];
};

const char *
gs_media_record_keep(struct gs_media_record *r, const char *text)
{
	size_t n = strlen(text) + 1;
	struct gs_media_kept *k = malloc(sizeof(*k) + n);

	if (k == NULL) {
		r->no_memory = true;
		return "";
	}
	k->next = r->kept;
	r->kept = k;
	return memcpy(k->text, text, n);
}

void
gs_media_record_forget_keys(struct gs_media_record *r)
{
	for (size_t i = 0; i < r->keys; i++)
		gs_net_runs_free(&r->key[i].received);
	free(r->key);
	r->key = NULL;
	r->keys = 0;
}

void
gs_media_record_free(struct gs_media_record *r)
{
	while (r->kept != NULL) {
		struct gs_media_kept *k = r->kept;

		r->kept = k->next;
		free(k);
	}
	free(r->notes.text);
	free(r->lasting.text);
	free(r->moved.text);
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

/* Makes room for one more at index at of n things of size octets, up to most;
 * NULL: none. */
static void *
make_place(struct gs_media_record *r, void *list, size_t n, size_t at,
    size_t size, size_t most)
{
	char *grown = n < most ? reallocarray(list, n + 1, size) : NULL;

	if (grown == NULL) {
		*(n < most ? &r->no_memory : &r->full) = true;
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
	const char **grown =
	    make_place(r, t->text, t->n, at, sizeof(*grown), GS_RECORD_TEXTS);

	if (grown == NULL)
		return;
	t->text = grown;
	grown[at] = gs_media_record_keep(r, text);
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

/* The texts of k without received. */
static struct gs_media_record_key
copy_key(struct gs_media_record *r, const struct gs_media_record_key *k)
{
	return (struct gs_media_record_key){
		.print = gs_media_record_keep(r, k->print),
		.suite = gs_media_record_keep(r, k->suite),
		.tag_bits = k->tag_bits,
		.from = gs_media_record_keep(r, k->from),
		.start = k->start,
		.end = k->end,
	};
}

static void
put_key(struct gs_media_record *r, size_t at,
    const struct gs_media_record_key *k)
{
	struct gs_media_record_key *grown =
	    make_place(r, r->key, r->keys, at, sizeof(*grown), GS_RECORD_KEYS);

	if (grown == NULL)
		return;
	r->key = grown;
	r->keys++;
	grown[at] = copy_key(r, k);
	gs_net_runs_join(&grown[at].received, &k->received);
}

/* Facts about a key from RTP replace those from RTCP. */
static void
join_key(struct gs_media_record *r, struct gs_media_record_key *k,
    const struct gs_media_record_key *b)
{
	bool anew = !opens_rtp(k) && opens_rtp(b);

	if (opens_rtp(k) && !opens_rtp(b))
		return;
	if (is_later(k, b)) {
		k->tag_bits = b->tag_bits;
		k->suite = gs_media_record_keep(r, b->suite);
	}
	if (anew || b->start < k->start ||
	    (b->start == k->start && strcmp(b->from, k->from) < 0))
		k->from = gs_media_record_keep(r, b->from);
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
	SOME, /* whether a number is not 0 */
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
	STRETCHES,
	STRETCH, /* its kind */
	PART, /* text in place, "" is null */
};

/* How a member is read. */
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
	const char *lacks; /* the error if a required one is missing */
};

#define OF(m) offsetof(struct gs_media_record, m)
#define OF_KEY(m) offsetof(struct gs_media_record_key, m)
#define LAYOUT(m, lacks)                                                       \
	{                                                                      \
		m, sizeof(m) / sizeof((m)[0]), lacks                           \
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
	{ "rejected", NUMBER, NIL, OF(count.rejected) },
	{ "receiver_would_reject", SOME, NIL, OF(count.rejected) },
	{ "jitter_mean_ms", SECONDS, NIL, OF(jitter_mean_ms) },
	{ "jitter_max_ms", SECONDS, NIL, OF(jitter_max_ms) },
	{ "delta_max_ms", SECONDS, NIL, OF(delta_max_ms) },
	{ "longest_gap_ms", SECONDS, NIL, OF(gap_max_ms) },
	{ "stretches", STRETCHES, NIL, 0 },
};

static const struct member rtcp_members[] = {
	{ "packets", NUMBER, READ, OF(count.rtcp_packets) },
	{ "decrypted", NUMBER, READ, OF(count.rtcp_opened) },
	{ "tag_bits", COUNT, READ | NIL, OF(rtcp_tag_bits) },
	{ "plain", NUMBER, READ, OF(count.rtcp_plain) },
};

static const struct member key_members[] = {
	{ "key", PRINT, MUST, OF_KEY(print) },
	{ "suite", TEXT, MUST, OF_KEY(suite) },
	{ "tag_bits", NUMBER, READ, OF_KEY(tag_bits) },
	{ "key_from", TEXT, MUST, OF_KEY(from) },
	{ "start_ns", NUMBER, READ, OF_KEY(start) },
	{ "end_ns", NUMBER, READ, OF_KEY(end) },
	{ "received", INDEXES, READ, OF_KEY(received) },
};

#define OF_STRETCH(m) offsetof(struct gs_srtp_stretch, m)
static const struct member stretch_members[] = {
	{ "kind", STRETCH, 0, OF_STRETCH(kind) },
	{ "key", PART, 0, OF_STRETCH(print) },
	{ "packets", NUMBER, 0, OF_STRETCH(packets) },
	{ "others", NUMBER, 0, OF_STRETCH(others) },
	{ "first_frame", NUMBER, 0, OF_STRETCH(first_frame) },
	{ "last_frame", NUMBER, 0, OF_STRETCH(last_frame) },
	{ "start_ns", NUMBER, 0, OF_STRETCH(start) },
	{ "end_ns", NUMBER, 0, OF_STRETCH(end) },
};

static const struct layout stream_layout = LAYOUT(stream_members,
    "not a stream as gs-srtpdump -j prints it: it needs type, file, src, dst, "
    "ssrc, verdict, start_ns, end_ns and keys");
static const struct layout rtcp_layout = LAYOUT(rtcp_members, NULL);
static const struct layout stretch_layout = LAYOUT(stretch_members, NULL);
static const struct layout key_layout =
    LAYOUT(key_members, "a key without fingerprint, suite or place");

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

static void write_list(struct gs_json *j, const struct layout *l,
    const void *list, size_t n, size_t size);
static void write_object(struct gs_json *j, const struct layout *l,
    const void *base);

static const char *const stretch_name[] = { "plain", "decrypted",
	"not opened" };

static void
write_value(struct gs_json *j, const struct member *m, const void *base)
{
	const void *p = (const char *)base + m->at;
	const struct gs_srtp_stream_counts *c = p;
	const struct gs_media_record *r = base;
	uint64_t v;

	switch (m->kind) {
	case STREAM: gs_json_str(j, "stream"); break;
	case TEXT:
	case PRINT: write_text(j, *(const char *const *)p); break;
	case NUMBER:
		v = *(const uint64_t *)p;
		write_number(j, v, (m->flags & NIL) && v == GS_RECORD_NONE);
		break;
	case COUNT:
		v = *(const uint64_t *)p;
		write_number(j, v, v == 0);
		break;
	case SOME:
		if (*(const uint64_t *)p == GS_RECORD_NONE)
			gs_json_null(j);
		else
			gs_json_bool(j, *(const uint64_t *)p > 0);
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
	case KEYS:
		if (r->keys_over)
			gs_json_null(j);
		else
			write_list(j, &key_layout, r->key, r->keys,
			    sizeof(*r->key));
		break;
	case STRETCHES:
		if (r->stretches == 0)
			gs_json_null(j);
		else
			write_list(j, &stretch_layout, r->stretch, r->stretches,
			    sizeof(*r->stretch));
		break;
	case STRETCH:
		gs_json_str(j,
		    stretch_name[*(const enum gs_srtp_stretch_kind *)p]);
		break;
	case PART: write_text(j, *(const char *)p != '\0' ? p : NULL); break;
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

/* An array of n objects, each of size octets. */
static void
write_list(struct gs_json *j, const struct layout *l, const void *list,
    size_t n, size_t size)
{
	gs_json_open(j, '[');
	for (size_t i = 0; i < n; i++)
		write_object(j, l, (const char *)list + i * size);
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
	const char *name; /* of the member */
	struct gs_err *err;
};

static int
wrong(const struct reading *g, const char *want)
{
	return gs_err_set(g->err, "\"%s\" must be %s", g->name, want);
}

static int
read_number(const struct reading *g, const json_t *v, uint64_t *to)
{
	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return wrong(g, "a whole number");
	*to = (uint64_t)json_integer_value(v);
	return 0;
}

static int
read_text(const struct reading *g, const json_t *v, const char **to)
{
	if (!json_is_string(v) || json_string_length(v) > GS_RECORD_TEXT)
		return wrong(g, "a string");
	*to = gs_media_record_keep(g->r, json_string_value(v));
	return 0;
}

static int
read_print(const struct reading *g, const json_t *v, const char **to)
{
	return read_text(g, v, to) == 0 && strlen(*to) == 8 &&
		strspn(*to, "0123456789abcdef") == 8 ?
	    0 :
	    wrong(g, "8 hexadecimal digits");
}

static int
read_stream(const struct reading *g, const json_t *v)
{
	return json_is_string(v) &&
		strcmp(json_string_value(v), "stream") == 0 ?
	    0 :
	    wrong(g, "\"stream\"");
}

static int
read_verdict(const struct reading *g, const json_t *v, enum gs_srtp_verdict *to)
{
	for (*to = GS_VERDICT_DECRYPTED; *to <= GS_VERDICT_PLAIN; ++*to)
		if (json_is_string(v) &&
		    strcmp(json_string_value(v), gs_srtp_verdict_name(*to)) ==
			0)
			return 0;
	return wrong(g, "a verdict");
}

static int
read_opinion(const struct reading *g, const json_t *v,
    enum gs_media_record_opinion *to)
{
	*to = json_is_true(v) ? GS_CONFIRMED :
	    json_is_false(v)  ? GS_DISAGREED :
				GS_OPINION_NONE;
	return json_is_boolean(v) || json_is_null(v) ?
	    0 :
	    wrong(g, "true, false or null");
}

static int
read_set(const struct reading *g, const json_t *v, struct gs_media_texts *to)
{
	const char *text;

	if (!json_is_array(v))
		return wrong(g, "an array of strings");
	for (size_t i = 0; i < json_array_size(v); i++) {
		if (read_text(g, json_array_get(v, i), &text) == -1)
			return -1;
		gs_media_record_insert(g->r, to, text);
	}
	return 0;
}

/* [first,last,first,last,…]; the packet index of SRTP has 48 bits (RFC 3711
 * section 3.3.1). */
static int
read_indexes(const struct reading *g, const json_t *v, struct gs_net_runs *to)
{
	uint64_t first = 0, last = 0;

	to->over = json_is_null(v);
	if (!to->over && !json_is_array(v))
		return wrong(g, "an array or null");
	for (size_t i = 0; i < json_array_size(v); i += 2) {
		if (read_number(g, json_array_get(v, i), &first) == -1 ||
		    read_number(g, json_array_get(v, i + 1), &last) == -1)
			return -1;
		if (first >> 48 != 0 || last >> 48 != 0)
			return wrong(g, "indexes of at most 48 bits");
		if (first > last)
			return wrong(g, "pairs of first and last index");
		gs_net_runs_add(to, first, last);
	}
	return 0;
}

static int read_object(struct reading *g, const struct layout *l,
    const json_t *v, void *base);

static int
read_keys(struct reading *g, const json_t *v)
{
	int r = 0;

	g->r->keys_over = json_is_null(v);
	if (!g->r->keys_over && !json_is_array(v))
		return wrong(g, "an array or null");
	for (size_t i = 0; r == 0 && i < json_array_size(v); i++) {
		struct gs_media_record_key k = { 0 };

		r = read_object(g, &key_layout, json_array_get(v, i), &k);
		if (r == 0)
			gs_media_record_add_key(g->r, &k);
		gs_net_runs_free(&k.received);
	}
	return r;
}

static int
read_value(struct reading *g, const struct member *m, const json_t *v,
    void *base)
{
	void *p = (char *)base + m->at;

	switch (m->kind) {
	case STREAM: return read_stream(g, v);
	case TEXT: return read_text(g, v, p);
	case PRINT: return read_print(g, v, p);
	case NUMBER:
	case COUNT: return read_number(g, v, p);
	case SOME: return 0; /* follows from the number */
	case OPINION: return read_opinion(g, v, p);
	case VERDICT: return read_verdict(g, v, p);
	case SET: return read_set(g, v, p);
	case INDEXES: return read_indexes(g, v, p);
	case RTCP: return read_object(g, &rtcp_layout, v, base);
	case KEYS: return read_keys(g, v);
	case START:
	case DURATION:
	case SECONDS:
	case STRETCHES:
	case STRETCH:
	case PART:
	case TEXTS: break; /* are not read */
	}
	return 0;
}

/* Goes no deeper than the layouts do. */
static int
read_object(struct reading *g, const struct layout *l, const json_t *v,
    void *base)
{
	if (!json_is_object(v))
		return wrong(g, "an object");
	for (size_t i = 0; i < l->n; i++) {
		const struct member *m = &l->member[i];
		const json_t *one = json_object_get(v, m->name);

		if (one == NULL && (m->flags & MUST) == MUST)
			return gs_err_set(g->err, "%s", l->lacks);
		if (one == NULL || (m->flags & READ) == 0 ||
		    ((m->flags & NIL) != 0 && json_is_null(one)))
			continue;
		g->name = m->name;
		if (read_value(g, m, one, base) == -1)
			return -1;
	}
	return 0;
}

/* Whether the tree of a line stays small: jansson takes about 250 octets for
 * each pair of brackets, and recurses for nested ones. */
static bool
is_bounded(struct gs_span line)
{
	size_t depth = 0, brackets = 0;
	bool string = false;

	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];

		if (c == '"')
			string = !string;
		else if (string)
			i += c == '\\';
		else if (c == ']' || c == '}')
			depth -= depth > 0;
		else if ((c == '[' || c == '{') &&
		    (++depth > GS_RECORD_DEPTH ||
			++brackets > GS_RECORD_BRACKETS))
			return false;
	}
	return true;
}

/* Describes the error of invalid JSON. */
static const char *
what(const json_error_t *e)
{
	switch (json_error_code(e)) {
	case json_error_premature_end_of_input:
		return "the text ends too early";
	case json_error_end_of_input_expected:
		return "unexpected text after the value";
	default:
		return strncmp(e->text, "string or", 9) == 0 ?
		    "expected a key in quotes" :
		    e->text;
	}
}

static int
read_tree(struct reading *g, const json_t *tree)
{
	const struct gs_srtp_stream_counts *c = &g->r->count;

	if (read_object(g, &stream_layout, tree, g->r) == -1)
		return -1;
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
	json_error_t e;
	json_t *tree = NULL;
	int status;

	*r = (struct gs_media_record){ .type = GS_RECORD_NONE };
	line = gs_span_trim(line);
	if (line.n == 0)
		return gs_err_set(err, "column 1: the text ends too early");
	if (line.p[0] != '{')
		return gs_err_set(err, "not a JSON object");
	if (!is_bounded(line))
		return gs_err_set(err, "nested too deeply, or too large");
	tree = json_loadb(line.p, line.n, 0, &e);
	if (tree == NULL)
		return gs_err_set(err, "column %d: %s",
		    e.column > 0 ? e.column : 1, what(&e));
	status = read_tree(&g, tree);
	json_decref(tree);
	if (status == -1)
		gs_media_record_free(r);
	return status;
}

void
gs_media_record_library(struct gs_buf *b)
{
	gs_buf_printf(b, "libjansson %s", jansson_version_str());
}

/* ---- the row */

const char *const gs_media_record_columns[GS_RECORD_COLUMNS] = { "FROM", "TO",
	"SSRC", "CODEC", "VERDICT", "|>PACKETS", ">LOST", ">LATE", ">DUP",
	">FAILED", ">JITTER ms", ">GAP ms", "SUITE", ">ROC", "LIBSRTP2" };

static void
cell(struct gs_media_table *t, uint64_t v)
{
	if (v == GS_RECORD_NONE)
		gs_media_table_str(t, "");
	else
		gs_media_table_u64(t, v);
}

/* A count that is mostly 0, and then no news. */
static void
rare(struct gs_media_table *t, uint64_t v)
{
	cell(t, v == 0 ? GS_RECORD_NONE : v);
}

/* Mean and highest jitter. */
static void
put_jitter(struct gs_media_table *t, const struct gs_media_record *r)
{
	if (isfinite(r->jitter_mean_ms) && isfinite(r->jitter_max_ms))
		gs_media_table_printf(t, "%.1f/%.1f", r->jitter_mean_ms,
		    r->jitter_max_ms);
	else
		gs_media_table_str(t, "");
	if (isfinite(r->gap_max_ms))
		gs_media_table_printf(t, "%.0f", r->gap_max_ms);
	else
		gs_media_table_str(t, "");
}

static void
put_verdict(struct gs_media_table *t, enum gs_srtp_verdict v)
{
	static const enum gs_media_tone tone[] = {
		[GS_VERDICT_DECRYPTED] = GS_TONE_GOOD,
		[GS_VERDICT_PARTLY] = GS_TONE_DOUBT,
		[GS_VERDICT_NO_KEY] = GS_TONE_BAD,
		[GS_VERDICT_STOPPED] = GS_TONE_DOUBT,
		[GS_VERDICT_PLAIN] = GS_TONE_BAD,
	};

	gs_media_table_str(t, gs_srtp_verdict_name(v));
	gs_media_table_tone(t, tone[v]);
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
	put_verdict(t, r->verdict);
	gs_media_table_u64(t, r->count.packets);
	cell(t, r->lost);
	rare(t, r->late);
	rare(t, r->duplicates);
	rare(t, r->count.failed[GS_FAIL_AUTH]);
	put_jitter(t, r);
	gs_media_table_str(t, r->now.suite != NULL ? r->now.suite : "");
	if (r->roc_first == r->roc_last)
		cell(t, r->roc_first);
	else
		gs_media_table_printf(t, "%llu-%llu",
		    (unsigned long long)r->roc_first,
		    (unsigned long long)r->roc_last);
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

	r->src = gs_media_record_keep(r, gs_net_addr_text(&id->src, text));
	r->dst = gs_media_record_keep(r, gs_net_addr_text(&id->dst, text));
	(void)snprintf(text, sizeof(text), "%08lx", (unsigned long)id->ssrc);
	r->ssrc = gs_media_record_keep(r, text);
	r->type = id->rtp ? id->type : GS_RECORD_NONE;
	if (id->rtp)
		r->codec = gs_media_record_keep(r, codec_name(id, text));
	r->clock = id->format.clock;
	if (id->moved_from.version != 0)
		put_text(r, &r->moved, 0,
		    gs_net_addr_text(&id->moved_from, text));
}

static void
make_jitter(struct gs_media_record *r, const struct gs_srtp_stream_view *v)
{
	const struct gs_net_rtp_stats *s = v->stats;
	bool known = v->id.format.clock > 0;

	r->jitter_ms = known ? gs_net_rtp_stats_jitter_ms(s) : (double)NAN;
	known = known && s->jitters > 0;
	r->jitter_mean_ms =
	    known ? s->jitter_sum / (double)s->jitters : (double)NAN;
	r->jitter_max_ms = known ? s->jitter_max : (double)NAN;
	r->delta_max_ms = known ? s->delta_max : (double)NAN;
	r->gap_max_ms =
	    s->received > 1 ? (double)s->gap_max / 1e6 : (double)NAN;
	memcpy(r->stretch, v->prot.stretch, sizeof(r->stretch));
	r->stretches = v->prot.stretches;
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
	make_jitter(r, v);
	r->format_end = v->count.end;
	if (v->count.rtcp_opened > 0)
		r->rtcp_tag_bits = 8u * v->prot.rtcp_scheme.form.tag;
}

/* What is known of a key with this use; its texts are borrowed, from is
 * written to where. */
static struct gs_media_record_key
key_of(const struct gs_srtp_key *key, const struct gs_srtp_scheme *scheme,
    const struct gs_media_notes_run *run, char where[512])
{
	(void)gs_srtp_keyring_where(gs_srtp_receiver_keyring(run->session), key,
	    where, 512);
	return (struct gs_media_record_key){ .print = key->print,
		.suite = gs_srtp_scheme_suite(scheme),
		.tag_bits = 8u * scheme->form.tag,
		.from = where };
}

/* What a merge needs to be exact. A key that opened only RTCP has no index of
 * RTP. */
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
	r->now = copy_key(r, &k);
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
	if (file != NULL)
		r->file = gs_media_record_keep(r, file);
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
