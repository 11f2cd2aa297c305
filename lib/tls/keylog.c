/* SPDX-License-Identifier: MIT */
/* Known secrets of TLS: lines of key logs, and the master secrets of sessions
 * that may be resumed. */
#include "tls/keylog.h"

#include <stdlib.h>

#include "base/bytes.h"

/* A session, by a hash of its name. Names may be long, and a wrong master
 * secret does no harm: nothing authenticates with it. */
struct session {
	uint64_t name;
	uint64_t name2; /* another hash of it */
	uint8_t master[GS_TLS_MASTER];
};

/* Secrets in the order in which they came; a table of 1 + their places. */
struct gs_tls_keylog {
	struct gs_buf secrets; /* of struct gs_tls_secret */
	uint32_t *slot;
	size_t slots; /* a power of two, or 0 */
	struct gs_buf sessions; /* of struct session */
	uint64_t used;
	uint64_t dropped;
	uint64_t damaged;
};

enum {
	LABEL = 40, /* most characters of a label */
	SEPARATOR = 8, /* the same between a label and its digits */
	ENTRY = 512, /* of all */
	FEWEST = 16, /* digits of its first number */
};

static const char *const labels[GS_TLS_LABELS] = {
	[GS_TLS_MASTER_SECRET] = "CLIENT_RANDOM",
	[GS_TLS_PREMASTER] = "PMS_CLIENT_RANDOM",
	[GS_TLS_PREMASTER_RSA] = "RSA",
	[GS_TLS_CLIENT_EARLY] = "CLIENT_EARLY_TRAFFIC_SECRET",
	[GS_TLS_CLIENT_HANDSHAKE] = "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
	[GS_TLS_SERVER_HANDSHAKE] = "SERVER_HANDSHAKE_TRAFFIC_SECRET",
	[GS_TLS_CLIENT_TRAFFIC] = "CLIENT_TRAFFIC_SECRET_",
	[GS_TLS_SERVER_TRAFFIC] = "SERVER_TRAFFIC_SECRET_",
	[GS_TLS_EXPORTER] = "EXPORTER_SECRET",
	[GS_TLS_EARLY_EXPORTER] = "EARLY_EXPORTER_SECRET",
};

struct gs_tls_keylog *
gs_tls_keylog_new(void)
{
	struct gs_tls_keylog *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	gs_buf_init(&k->secrets,
	    GS_TLS_KEYLOG_MAX * sizeof(struct gs_tls_secret));
	gs_buf_init(&k->sessions, GS_TLS_SESSIONS_MAX * sizeof(struct session));
	return k;
}

void
gs_tls_keylog_free(struct gs_tls_keylog *k)
{
	if (k == NULL)
		return;
	gs_buf_free(&k->secrets);
	gs_buf_free(&k->sessions);
	free(k->slot);
	free(k);
}

/* ---- the table */

static struct gs_tls_secret *
secrets(const struct gs_tls_keylog *k, size_t *n)
{
	*n = k->secrets.n / sizeof(struct gs_tls_secret);
	return (struct gs_tls_secret *)(void *)k->secrets.p;
}

/* The slot of s, or a free one for it. There is always a free slot. */
static size_t
find_slot(const struct gs_tls_keylog *k, const struct gs_tls_secret *s)
{
	size_t n;
	const struct gs_tls_secret *all = secrets(k, &n);
	size_t i = (size_t)gs_hash_add(
	    gs_span_hash(gs_span(s->random, sizeof(s->random))),
	    (uint64_t)s->label << 8 | s->generation);

	for (;; i++) {
		i &= k->slots - 1;
		if (k->slot[i] == 0)
			return i;
		const struct gs_tls_secret *old = &all[k->slot[i] - 1];
		if (old->label == s->label &&
		    old->generation == s->generation &&
		    memcmp(old->random, s->random, sizeof(s->random)) == 0)
			return i;
	}
}

/* Room for one more in the table. */
static int
grow(struct gs_tls_keylog *k)
{
	size_t n, slots = k->slots == 0 ? 256 : 2 * k->slots;
	const struct gs_tls_secret *all = secrets(k, &n);
	uint32_t *slot;

	if (2 * (n + 1) <= k->slots)
		return 0;
	slot = calloc(slots, sizeof(*slot));
	if (slot == NULL)
		return -1;
	free(k->slot);
	k->slot = slot;
	k->slots = slots;
	for (size_t i = 0; i < n; i++)
		k->slot[find_slot(k, &all[i])] = (uint32_t)(i + 1);
	return 0;
}

static int
add(struct gs_tls_keylog *k, const struct gs_tls_secret *s)
{
	size_t n, at;

	if (grow(k) == -1)
		return -1;
	at = find_slot(k, s);
	if (k->slot[at] != 0)
		return 0;
	(void)secrets(k, &n);
	if (n == GS_TLS_KEYLOG_MAX) {
		k->dropped++;
		return 0;
	}
	gs_buf_put(&k->secrets, s, sizeof(*s));
	if (!gs_buf_ok(&k->secrets))
		return -1;
	k->slot[at] = (uint32_t)(n + 1);
	return 0;
}

const struct gs_tls_secret *
gs_tls_keylog_find(struct gs_tls_keylog *k, enum gs_tls_label label,
    struct gs_span random)
{
	struct gs_tls_secret s = { .label = (uint8_t)label };
	size_t n, at;

	if (k->slots == 0 || random.n == 0 || random.n > sizeof(s.random))
		return NULL;
	memcpy(s.random, random.p, random.n);
	at = find_slot(k, &s);
	if (k->slot[at] == 0)
		return NULL;
	struct gs_tls_secret *found = &secrets(k, &n)[k->slot[at] - 1];
	k->used += !found->used;
	found->used = true;
	return found;
}

struct gs_tls_keylog_counts
gs_tls_keylog_counts(const struct gs_tls_keylog *k)
{
	size_t n;

	(void)secrets(k, &n);
	return (
	    struct gs_tls_keylog_counts){ n, k->used, k->dropped, k->damaged };
}

/* ---- lines */

static bool
in_label(char c)
{
	return (c >= 'A' && c <= 'Z') || gs_is_digit(c) || c == '_';
}

/* Takes the next hexadecimal digits off s, and what separates them from what
 * was before. */
static struct gs_span
take_digits(struct gs_span *s)
{
	size_t from = 0, n;

	while (from < s->n && from < SEPARATOR && !gs_is_alnum(s->p[from]))
		from++;
	for (n = from; n < s->n && gs_hex_value(s->p[n]) >= 0;)
		n++;
	struct gs_span digits = gs_span(s->p + from, n - from);
	*s = gs_span_skip(*s, n);
	return digits;
}

/* Decodes hexadecimal of at most size octets. Returns how many, or 0. */
static size_t
read_hex(struct gs_span s, uint8_t *out, size_t size)
{
	if (s.n % 2 != 0 || s.n / 2 > size)
		return 0;
	for (size_t i = 0; i < s.n / 2; i++) {
		int high = gs_hex_value(s.p[2 * i]);
		int low = gs_hex_value(s.p[2 * i + 1]);

		if (high == -1 || low == -1)
			return 0;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return s.n / 2;
}

/* The label that word names, and the generation that follows it in a traffic
 * secret. */
static bool
read_label(struct gs_span word, struct gs_tls_secret *s)
{
	uint64_t generation;

	for (unsigned i = 0; i < GS_TLS_LABELS; i++) {
		struct gs_span label = gs_span_of(labels[i]);

		s->label = (uint8_t)i;
		if (gs_span_eq(word, label))
			return true;
		if (label.p[label.n - 1] != '_' ||
		    !gs_span_starts(word, label) ||
		    gs_span_u64(gs_span(word.p + label.n, word.n - label.n),
			&generation) == -1 ||
		    generation > UINT8_MAX)
			continue;
		s->generation = (uint8_t)generation;
		return true;
	}
	return false;
}

/* Whether a secret with this label may have these lengths. */
static bool
fits(const struct gs_tls_secret *s, size_t random)
{
	switch (s->label) {
	case GS_TLS_MASTER_SECRET:
		return random == GS_TLS_RANDOM && s->n == GS_TLS_MASTER;
	case GS_TLS_PREMASTER: return random == GS_TLS_RANDOM && s->n > 0;
	case GS_TLS_PREMASTER_RSA: return random == 8 && s->n == GS_TLS_MASTER;
	default: return random == GS_TLS_RANDOM && (s->n == 32 || s->n == 48);
	}
}

/* A label in a text, and what follows it. */
struct entry {
	struct gs_span label;
	struct gs_span all; /* with the digits behind it */
	bool cut; /* the text ends within it */
};

/* The entry around a mark at at in s, not before begin. */
static struct entry
find_entry(struct gs_span s, size_t begin, size_t at)
{
	size_t from = at, to = at;

	while (from > begin && in_label(s.p[from - 1]))
		from--;
	while (to < s.n && in_label(s.p[to]))
		to++;
	struct gs_span rest = gs_span_skip(s, to);
	(void)take_digits(&rest);
	(void)take_digits(&rest);
	struct gs_span all = gs_span(s.p + from, s.n - rest.n - from);
	return (struct entry){ gs_span(s.p + from, to - from), all,
		rest.n == 0 && all.n <= ENTRY };
}

/* Adds the secret of e, or counts it as damaged. Returns 1; 0 if e is something
 * else, -1 if out of memory. */
static int
add_entry(struct gs_tls_keylog *k, const struct entry *e)
{
	struct gs_tls_secret s = { 0 };
	struct gs_span rest = gs_span_skip(e->all, e->label.n);
	struct gs_span name = take_digits(&rest), secret = take_digits(&rest);
	int r = 0;

	if (name.n < FEWEST || !read_label(e->label, &s))
		return 0;
	size_t random = read_hex(name, s.random, sizeof(s.random));
	s.n = (uint8_t)read_hex(secret, s.bytes, sizeof(s.bytes));
	if (fits(&s, random))
		r = add(k, &s);
	else
		k->damaged++;
	explicit_bzero(&s, sizeof(s));
	return r == 0 ? 1 : -1;
}

/* ---- texts in pieces */

enum { MARKS = 3 };

/* The next place from from on in s of what every label contains. next has that
 * of each mark, which is looked for when it is behind or SIZE_MAX. */
static size_t
next_mark(struct gs_span s, size_t from, size_t next[MARKS])
{
	static const struct gs_span marks[MARKS] = { { "_RANDOM", 7 },
		{ "_SECRET", 7 }, { "RSA", 3 } };
	size_t nearest = s.n;

	for (size_t i = 0; i < MARKS; i++) {
		if (next[i] == SIZE_MAX || next[i] < from)
			next[i] = from +
			    gs_span_find(gs_span_skip(s, from), marks[i]);
		if (next[i] < nearest)
			nearest = next[i];
	}
	return nearest;
}

static int
give_other(const struct gs_tls_keylines *l, const char *from, const char *to)
{
	struct gs_span s = gs_span(from, (size_t)(to - from));

	return s.n > 0 && l->other != NULL ? l->other(l->arg, s) : 0;
}

/* The first character of the label that may go on behind s, or its end. */
static const char *
open_label(struct gs_span s)
{
	const char *p = s.p + s.n;

	while (p > s.p && in_label(p[-1]))
		p--;
	return s.p + s.n - p <= LABEL ? p : s.p + s.n;
}

/* Reads s. *taken gets how much of it; the rest is to be read again with what
 * follows it. Returns 0 or -1. */
static int
read_text(struct gs_tls_keylog *k, const struct gs_tls_keylines *l,
    struct gs_span s, bool end, size_t *taken)
{
	size_t next[MARKS] = { SIZE_MAX, SIZE_MAX, SIZE_MAX }, from = 0, at;
	const char *given = s.p, *stop = end ? s.p + s.n : open_label(s);

	while ((at = next_mark(s, from, next)) < s.n) {
		struct entry e = find_entry(s, from, at);

		if (e.cut && !end) {
			stop = e.all.p;
			break;
		}
		int r = add_entry(k, &e);
		struct gs_span over = r == 0 ? e.label : e.all;
		if (r == -1 || (r == 1 && give_other(l, given, e.all.p) == -1))
			return -1;
		from = (size_t)(over.p + over.n - s.p);
		given = r == 1 ? s.p + from : given;
	}
	if (stop < given)
		stop = given;
	*taken = (size_t)(stop - s.p);
	return give_other(l, given, stop);
}

int
gs_tls_keylog_read(struct gs_tls_keylog *k, struct gs_tls_keylines *l,
    struct gs_span piece, bool end)
{
	struct gs_buf *b = &l->part;
	bool open = b->n > 0;
	size_t taken = 0;

	if (b->max == 0)
		gs_buf_init(b, SIZE_MAX);
	if (piece.p == NULL)
		piece = GS_LIT("");
	if (open)
		gs_buf_put(b, piece.p, piece.n);
	struct gs_span all = open ? gs_buf_span(b) : piece;
	int r = gs_buf_ok(b) ? read_text(k, l, all, end, &taken) : -1;

	if (r == 0 && open) {
		b->n -= taken;
		memmove(b->p, b->p + taken, b->n);
		explicit_bzero(b->p + b->n, taken);
	} else if (r == 0) {
		gs_buf_put(b, piece.p + taken, piece.n - taken);
		r = gs_buf_ok(b) ? 0 : -1;
	}
	if (end)
		gs_buf_free(b);
	return r;
}

/* ---- sessions */

static struct session *
find_session(const struct gs_tls_keylog *k, const struct session *name)
{
	struct session *s = (struct session *)(void *)k->sessions.p;
	size_t n = k->sessions.n / sizeof(*s);

	/* The newest first: that is the one to be resumed. */
	while (n-- > 0)
		if (s[n].name == name->name && s[n].name2 == name->name2)
			return &s[n];
	return NULL;
}

static struct session
session_name(struct gs_span name)
{
	uint64_t h = UINT64_C(0x51ab2e70c3d94f86);

	for (size_t i = 0; i < name.n; i++)
		h = gs_hash_add(h, (uint8_t)name.p[i]);
	return (struct session){ .name = gs_span_hash(name), .name2 = h };
}

int
gs_tls_session_add(struct gs_tls_keylog *k, struct gs_span name,
    const uint8_t master[GS_TLS_MASTER])
{
	struct session s = session_name(name);
	struct session *old = find_session(k, &s);

	if (name.n == 0)
		return 0;
	memcpy(s.master, master, sizeof(s.master));
	if (old != NULL)
		*old = s;
	else if (k->sessions.n + sizeof(s) <= k->sessions.max)
		gs_buf_put(&k->sessions, &s, sizeof(s));
	explicit_bzero(&s, sizeof(s));
	return gs_buf_ok(&k->sessions) ? 0 : -1;
}

const uint8_t *
gs_tls_session_find(const struct gs_tls_keylog *k, struct gs_span name)
{
	struct session s = session_name(name);
	const struct session *found = find_session(k, &s);

	return name.n > 0 && found != NULL ? found->master : NULL;
}
