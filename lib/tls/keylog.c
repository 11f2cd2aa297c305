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
};

enum { LINE = 1024 /* octets of the longest line that is a secret */ };

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
	return (struct gs_tls_keylog_counts){ n, k->used, k->dropped };
}

/* ---- lines */

/* Cuts the first word off s. */
static struct gs_span
take_word(struct gs_span *s)
{
	size_t n = 0;

	while (n < s->n && s->p[n] != ' ' && s->p[n] != '\t')
		n++;
	struct gs_span word = gs_span(s->p, n);
	while (n < s->n && (s->p[n] == ' ' || s->p[n] == '\t'))
		n++;
	*s = gs_span(s->p + n, s->n - n);
	return word;
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
		struct gs_span label = gs_span(labels[i], strlen(labels[i]));

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

/* Returns 1 when a line, without its end, is a secret, 0 when it is something
 * else, such as a comment, -1 without memory. */
static int
read_line(struct gs_tls_keylog *k, struct gs_span line)
{
	struct gs_tls_secret s = { 0 };
	int r = 0;

	line = gs_span_trim(line);
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line = gs_span_trim(gs_span(line.p, line.n - 1));
	if (gs_span_starts(line, GS_LIT("\xef\xbb\xbf")))
		line = gs_span(line.p + 3, line.n - 3);
	if (!read_label(take_word(&line), &s))
		return 0;
	size_t random = read_hex(take_word(&line), s.random, sizeof(s.random));
	s.n = (uint8_t)read_hex(take_word(&line), s.bytes, sizeof(s.bytes));
	if (line.n == 0 && fits(&s, random))
		r = add(k, &s) == 0 ? 1 : -1;
	explicit_bzero(&s, sizeof(s));
	return r;
}

/* ---- texts in pieces */

/* Whether a line that begins like this may be a secret; it may have a byte
 * order mark. */
static bool
may_be_secret(struct gs_span s)
{
	if (s.p[0] == '\xef')
		return true;
	for (unsigned i = 0; i < GS_TLS_LABELS; i++) {
		size_t n = strlen(labels[i]);

		if (memcmp(labels[i], s.p, n < s.n ? n : s.n) == 0)
			return true;
	}
	return false;
}

static int
give_other(const struct gs_tls_keylines *l, struct gs_span s)
{
	return s.n > 0 && l->other != NULL ? l->other(l->arg, s) : 0;
}

/* Takes the line that waits: it is complete, or too long for a secret. */
static int
take_part(struct gs_tls_keylog *k, struct gs_tls_keylines *l, bool whole)
{
	struct gs_span line = gs_buf_span(&l->part);
	bool ends = line.n > 0 && line.p[line.n - 1] == '\n';
	int r = 0;

	if (!gs_buf_ok(&l->part))
		return -1;
	if (!whole && line.n <= LINE)
		return 0;
	if (whole)
		r = read_line(k, gs_span(line.p, line.n - ends));
	l->middle = !whole;
	if (r != -1)
		r = give_other(l, r == 0 ? line : GS_LIT("\n"));
	gs_buf_clear(&l->part);
	return r;
}

int
gs_tls_keylog_read(struct gs_tls_keylog *k, struct gs_tls_keylines *l,
    struct gs_span piece, bool end)
{
	struct gs_span other = gs_span(piece.p, 0);
	int r = 0;

	if (l->part.max == 0)
		gs_buf_init(&l->part, SIZE_MAX);
	while (r == 0 && piece.n > 0) {
		size_t at = gs_span_find(piece, GS_LIT("\n"));
		bool whole = at < piece.n;
		struct gs_span line = gs_span(piece.p, at + whole);

		piece = gs_span(piece.p + line.n, piece.n - line.n);
		if (l->part.n == 0 && (l->middle || !may_be_secret(line))) {
			other.n += line.n;
			l->middle = !whole;
			continue;
		}
		r = give_other(l, other);
		other = gs_span(piece.p, 0);
		gs_buf_put(&l->part, line.p, line.n);
		if (r == 0)
			r = take_part(k, l, whole);
	}
	if (r == 0)
		r = give_other(l, other);
	if (r == 0 && end && l->part.n > 0)
		r = take_part(k, l, true);
	if (end)
		gs_buf_free(&l->part);
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
