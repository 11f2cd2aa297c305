/* SPDX-License-Identifier: MIT */
/* The scrubber: every frame that is written is judged as a whole. */
#include "net/scrub.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "net/capture.h"
#include "net/flows_priv.h"
#include "net/frame_priv.h"

enum {
	UNREAD_RUN = 4, /* letters of a key where nothing else is known */
	PORT_SIP = 5060,
	PORT_IKE = 500,
	PORT_NATT = 4500,
	SCTP_HEAD = 12,
	SCTP_DATA = 16, /* header of a DATA chunk */
};

struct gs_net_scrub {
	struct gs_net_secrets *secrets;
	struct gs_net_marks *marks;
	struct gs_net_flows *flows;
	struct gs_net_scrub_counts counts;
	uint64_t learned; /* the last frame of the first pass */
};

/* The target of edits. */
struct target {
	uint8_t *frame; /* NULL: nowhere */
	size_t base; /* from which edits count */
	uint64_t keys;
	uint64_t unread;
	bool changed;
};

struct gs_net_scrub *
gs_net_scrub_new(struct gs_err *err)
{
	struct gs_net_scrub *s = calloc(1, sizeof(*s));

	if (s != NULL && (s->secrets = gs_net_secrets_new()) != NULL &&
	    (s->marks = gs_net_marks_new(s->secrets)) != NULL &&
	    (s->flows = gs_net_flows_new(s->marks)) != NULL)
		return s;
	gs_net_scrub_free(s);
	(void)gs_err_sys(err, ENOMEM, "looking for keys");
	return NULL;
}

void
gs_net_scrub_free(struct gs_net_scrub *s)
{
	if (s == NULL)
		return;
	gs_net_flows_free(s->flows);
	gs_net_marks_free(s->marks);
	gs_net_secrets_free(s->secrets);
	free(s);
}

void
gs_net_scrub_key(struct gs_net_scrub *s, const uint8_t *p, size_t n)
{
	gs_net_secrets_key(s->secrets, p, n);
}

struct gs_net_scrub_counts
gs_net_scrub_counts(const struct gs_net_scrub *s)
{
	struct gs_net_scrub_counts c = s->counts;

	c.over = gs_net_secrets_over(s->secrets);
	return c;
}

static void
apply(void *arg, size_t at, size_t n, int c)
{
	struct target *t = arg;

	if (t->frame == NULL)
		return;
	for (uint8_t *p = t->frame + t->base + at; n > 0; p++, n--) {
		/* Line ends stay, so that a message after them is found. */
		if (*p == (uint8_t)c ||
		    (c == GS_MARKS_DARK && (*p == '\r' || *p == '\n')))
			continue;
		*p = (uint8_t)c;
		t->changed = true;
		t->keys += c == GS_MARKS_KEY;
		t->unread += c == GS_MARKS_DARK;
	}
}

/* ---- what cannot be judged */

/* The offset of n letters of keys in a row, or SIZE_MAX. */
static size_t
letters(const uint8_t *p, size_t n, size_t run)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		k = gs_net_secret_char(p[i]) ? k + 1 : 0;
		if (k == run)
			return i + 1 - run;
	}
	return SIZE_MAX;
}

static void
darken(struct target *t, size_t n)
{
	apply(t, 0, n, GS_MARKS_DARK);
}

static bool
is_piece(const struct gs_net_frame *f)
{
	return f->kind == GS_FRAME_PIECE ||
	    (f->ip && f->kind != GS_FRAME_OTHER);
}

/* A piece of a datagram. */
static bool
is_dark_piece(const struct gs_net_frame *f)
{
	return f->protocol != GS_IP_ESP &&
	    (f->seq > 0 || f->protocol != GS_IP_UDP) &&
	    letters(f->p + f->payload, f->length, GS_SECRET_RUN) != SIZE_MAX;
}

static bool
has_port(const struct gs_net_frame *f, unsigned port)
{
	return f->src.port == port || f->dst.port == port;
}

/* A compressed datagram: gzip (RFC 1952), zlib (RFC 1950) or SigComp (RFC 3320
 * 7). */
static bool
is_compressed(const struct gs_net_frame *f)
{
	const uint8_t *p = f->p + f->payload;

	if (f->length < 10 || has_port(f, PORT_IKE) || has_port(f, PORT_NATT))
		return false;
	return (p[0] == 0x1f && p[1] == 0x8b && p[2] == 8) ||
	    (p[0] == 0x78 && gs_be16(p) % 31 == 0) ||
	    (p[0] >= 0xf8 && has_port(f, PORT_SIP));
}

/* DATA chunks (RFC 9260 3.3.1) with part of a message. */
static void
read_sctp(const struct gs_net_frame *f, struct target *t)
{
	size_t at = SCTP_HEAD;
	const uint8_t *p = f->p + f->payload;

	while (at <= f->length && f->length - at >= SCTP_DATA) {
		size_t n = gs_be16(p + at + 2), room = f->length - at;

		if (n < 4)
			return;
		if (n > room)
			n = room;
		t->base = f->payload + at + SCTP_DATA;
		if (p[at] == 0 && (p[at + 1] & 3) != 3 && n > SCTP_DATA &&
		    letters(p + at + SCTP_DATA, n - SCTP_DATA, GS_SECRET_RUN) !=
			SIZE_MAX)
			darken(t, n - SCTP_DATA);
		at += (n + 3) & ~(size_t)3;
	}
}

/* ---- frames */

static int
scan(struct gs_net_scrub *s, const uint8_t *p, size_t from, size_t to,
    struct target *t)
{
	struct gs_net_marks_sink sink = { apply, t };
	struct gs_net_marks_found found = { 0 };

	t->base = from;
	return to > from ?
	    gs_net_marks_scan(s->marks, p + from, to - from, &sink, &found) :
	    0;
}

static int
read_datagram(struct gs_net_scrub *s, const struct gs_net_frame *f,
    struct target *t)
{
	struct gs_net_marks_sink sink = { apply, t };
	const uint8_t *p = f->p + f->payload;

	t->base = f->payload;
	if (is_compressed(f))
		darken(t, f->length);
	if (f->length > 6 && memcmp(p, "HEP3", 4) == 0)
		gs_net_marks_hep(p, f->length, &sink);
	return scan(s, f->p, f->payload, f->payload + f->length, t);
}

/* If the frame can be taken apart, each part is judged alone. */
static int
read_frame(struct gs_net_scrub *s, const struct gs_net_frame *f,
    struct target *t)
{
	size_t end = f->payload + f->length, at;
	bool parts = f->kind >= GS_FRAME_PIECE || f->ip;

	if (f->unread) {
		at = letters(f->p, f->n, UNREAD_RUN);
		t->base = at;
		if (at != SIZE_MAX)
			darken(t, f->n - at);
		return scan(s, f->p, 0, f->n, &(struct target){ 0 });
	}
	if (!parts)
		return scan(s, f->p, 0, f->n, t);
	if (is_piece(f) && is_dark_piece(f)) {
		t->base = f->payload;
		darken(t, f->length);
	} else if (f->kind == GS_FRAME_UDP) {
		if (read_datagram(s, f, t) == -1)
			return -1;
	} else {
		at = f->payload;
		if (f->ip && f->protocol == GS_IP_SCTP)
			read_sctp(f, t);
		if (f->ip && f->protocol == GS_IP_UDPLITE && f->length >= 8)
			at += 8;
		if (scan(s, f->p, at, end, t) == -1)
			return -1;
	}
	if (scan(s, f->p, 0, f->payload, t) == -1)
		return -1;
	return scan(s, f->p, end, f->n, t);
}

/* Most packets are RTP, from which nothing is learned. */
static bool
is_media(const struct gs_net_frame *f)
{
	return f->kind == GS_FRAME_UDP && f->length > 0 &&
	    f->p[f->payload] >> 6 == 2;
}

static int
no_memory(struct gs_err *err)
{
	return gs_err_sys(err, ENOMEM, "looking for keys");
}

int
gs_net_scrub_learn(struct gs_net_scrub *s, const struct gs_net_packet *p,
    const struct gs_net_frame *f, struct gs_err *err)
{
	struct target nowhere = { 0 };
	int r = 0;

	if (p->frame > s->learned) /* pieces come late */
		s->learned = p->frame;
	if (f->kind == GS_FRAME_TCP)
		r = gs_net_flows_read(s->flows, p, f, false);
	else if (f->kind != GS_FRAME_HELD && !is_media(f))
		r = read_frame(s, f, &nowhere);
	return r == -1 ? no_memory(err) : 0;
}

int
gs_net_scrub_learned(struct gs_net_scrub *s, struct gs_err *err)
{
	return gs_net_flows_end(s->flows) == -1 ? no_memory(err) : 0;
}

/* Counts what was blanked of a frame. */
static void
count(struct gs_net_scrub *s, const struct target *t)
{
	s->counts.keys += t->keys;
	s->counts.key_frames += t->keys > 0;
	s->counts.unread += t->unread;
	s->counts.unread_frames += t->unread > 0;
}

int
gs_net_scrub_text(struct gs_net_scrub *s, struct gs_span text, uint8_t *to,
    struct gs_err *err)
{
	struct target t = { .frame = to };

	if (scan(s, (const uint8_t *)text.p, 0, text.n, &t) == -1)
		return no_memory(err);
	count(s, &t);
	return 0;
}

int
gs_net_scrub_frame(struct gs_net_scrub *s, const struct gs_net_packet *p,
    const struct gs_net_frame *f, uint8_t *frame, bool *changed,
    struct gs_err *err)
{
	struct target t = { .frame = frame };

	if (f->kind == GS_FRAME_TCP && p->frame > s->learned &&
	    gs_net_flows_read(s->flows, p, f, true) == -1)
		return no_memory(err);
	if (f->kind == GS_FRAME_TCP) {
		struct gs_net_marks_sink sink = { apply, &t };

		t.base = f->payload;
		gs_net_flows_edits(s->flows, p, f, &sink);
	}
	if (read_frame(s, f, &t) == -1)
		return no_memory(err);
	count(s, &t);
	*changed = t.changed;
	if (!t.changed || is_piece(f))
		return 0;
	if (f->kind == GS_FRAME_UDP || f->kind == GS_FRAME_TCP)
		(void)gs_net_frame_seal(f, frame, f->length);
	else if (f->ip && f->length == f->wire)
		gs_net_frame_reseal(f, frame);
	return 0;
}
