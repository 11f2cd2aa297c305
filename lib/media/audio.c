/* SPDX-License-Identifier: MIT */
/* Calls as stereo WAV files, streams as files in a folder. */
#include "media/audio.h"

#include <errno.h>
#include <stdlib.h>

#include "base/outfile.h"
#include "media/decoder.h"
#include "media/dtmf.h"
#include "media/raw.h"
#include "media/rtpdump.h"
#include "srtp/stream.h"
#include "media/summary.h"
#include "media/wav.h"

static const uint64_t GAP = (uint64_t)GS_AUDIO_GAP_S * 1000000000;

enum {
	UNHEARD = 4, /* reported codecs of a side */
	PARTS = 4, /* codecs of a stream that get files */
	TONE_RATE = 8000,
	TONE = TONE_RATE / 2, /* samples of a tone added at once */
	DYNAMIC = 96, /* dynamic payload types from here (RFC 3551 section
		       * 6) */
};

/* Packets of a codec that are in no file, and why. */
struct unheard {
	char codec[GS_CODEC_NAME];
	char why[128];
	bool plays; /* in a file of -A */
	uint64_t n;
};

/* One of the two that talk to each other. */
struct side {
	struct gs_net_addr first; /* its address, */
	struct gs_net_addr now; /* and the one where it has moved to */
	uint32_t call; /* in which SDP named first, 0: unknown */
};

struct call {
	bool used;
	struct side side[2]; /* of the two channels */
	uint64_t last;
	struct gs_media_wav *wav; /* NULL: nothing decoded yet */
	struct gs_outfile *file;
	struct unheard unheard[2][UNHEARD];
};

/* A file of a stream, with its packets of one codec; a WAV, with those of all
 * that need no library. */
struct part {
	struct gs_media_codec codec;
	double begin; /* seconds after the stream's first packet */
	struct gs_outfile *file; /* of wav or raw */
	struct gs_media_wav *wav;
	struct gs_media_raw *raw;
};

/* A waiting packet. */
struct doubt {
	struct gs_srtp_media_packet m;
	struct gs_srtp_unprotected o;
	uint8_t *p;
};

struct gs_media_audio_lane {
	struct gs_media_audio_lane *next;
	struct doubt *doubt; /* its first, which seem to be unencrypted, */
	size_t doubts; /* or of which nothing is known */
	bool sure; /* no packet waits any more */
	struct gs_media_dtmf *digits; /* with sound */
	uint16_t tones; /* pieces of them so far */
	struct call *call; /* NULL: none, or it was closed */
	unsigned channel;
	uint32_t ssrc;
	struct gs_media_codec codec;
	uint8_t type; /* payload type of codec */
	bool has_codec;
	bool said; /* the codec, by SDP or because its type is fixed */
	char why[128]; /* why it cannot be decoded; "": it can */
	uint64_t last;
	char *stem; /* of its files in the folder */
	uint64_t begin; /* capture time of the first packet in them */
	struct gs_outfile *dump_file;
	struct gs_media_rtpdump dump;
	struct part part[PARTS]; /* in the order of its codecs */
	size_t parts;
	struct unheard other[UNHEARD]; /* packets that are in none of them */
	bool closed; /* closed to make room for another */
	bool left_out; /* of the calls */
};

struct gs_media_audio {
	const char *wav;
	const char *folder;
	struct gs_outset *out;
	struct gs_media_summary *summary;
	struct gs_media_wav_budget budget;
	bool tones;
	struct call call[GS_AUDIO_CALLS];
	size_t calls; /* in all */
	bool single; /* there is no room for another */
	size_t left_out;
	struct gs_media_audio_lane *lanes;
	size_t open; /* lanes with files in the folder */
	size_t streams;
};

int
gs_media_audio_new(struct gs_media_audio **a, const char *wav,
    const char *folder, struct gs_outset *out, struct gs_media_summary *summary,
    struct gs_err *err)
{
	*a = calloc(1, sizeof(**a));
	if (*a == NULL)
		return gs_err_set(err, "out of memory");
	(*a)->wav = wav;
	(*a)->folder = folder;
	(*a)->budget.limit = (size_t)GS_AUDIO_HELD_MB * 1024 * 1024;
	(*a)->out = out;
	(*a)->summary = summary;
	return 0;
}

/* Finishes *file. Returns r, or -1 if that fails, with the file's name in
 * err. */
static int
shut(struct gs_media_audio *a, struct gs_outfile **file, int r,
    struct gs_err *err)
{
	struct gs_outfile *f = *file;

	*file = NULL;
	if (r == -1)
		return gs_err_at(err, gs_outfile_path(f));
	return gs_outset_finish(a->out, f, err);
}

/* ---- calls */

/* The length of a path before ".wav". */
static size_t
stem_length(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(slash != NULL ? slash : path, '.');

	return dot != NULL ? (size_t)(dot - path) : strlen(path);
}

/* "dir/call.wav", "dir/call-2.wav" and so on: file n, from 1, of a stem, which
 * has length bytes, a dot or nothing, and a suffix. */
static char *
join(const char *stem, size_t length, size_t n, const char *dot,
    const char *suffix)
{
	size_t size = length + strlen(suffix) + 24;
	char *path = malloc(size), number[22] = "";

	if (path == NULL)
		return NULL;
	if (n > 1)
		(void)snprintf(number, sizeof(number), "-%zu", n);
	(void)snprintf(path, size, "%.*s%s%s%s", (int)length, stem, number, dot,
	    suffix);
	return path;
}

bool
gs_media_audio_is_call(const void *wav, const char *name)
{
	const char *slash = strrchr(wav, '/');
	const char *first = slash != NULL ? slash + 1 : wav;
	size_t stem = stem_length(first), n = strlen(name);

	if (n < stem + 2 || strncmp(name, first, stem) != 0 ||
	    name[stem] != '-')
		return false;
	size_t digits = strspn(name + stem + 1, "0123456789");
	return digits > 0 &&
	    strcmp(name + stem + 1 + digits, first + stem) == 0;
}

/* What is not in the file, or not as it was, and why. */
static void
tell_missing(struct gs_media_audio *a, const char *path,
    const struct gs_media_wav_stats *stats)
{
	if (stats->malformed > 0)
		gs_media_summary_say(a->summary,
		    "%s: left out %llu malformed packet%s", path,
		    (unsigned long long)stats->malformed,
		    gs_plural(stats->malformed));
	if (stats->longer > 0)
		gs_media_summary_say(a->summary,
		    "%s: %llu packet%s longer than %d ms cut to that length",
		    path, (unsigned long long)stats->longer,
		    gs_plural(stats->longer), GS_WAV_PACKET_MS);
	if (stats->beyond > 0)
		gs_media_summary_say(a->summary,
		    "%s: left out %llu packet%s that came too late", path,
		    (unsigned long long)stats->beyond,
		    gs_plural(stats->beyond));
	if (stats->cuts > 0)
		gs_media_summary_say(a->summary,
		    "%s: %llu pause%s without any packet, cut to a second",
		    path, (unsigned long long)stats->cuts,
		    gs_plural(stats->cuts));
	if (stats->huge)
		gs_media_summary_say(a->summary,
		    "%s: over 4 GiB, more than its header can tell: ffmpeg "
		    "reads all of it, and sox with --ignore-length",
		    path);
}

/* Reports what a side of c sent and cannot be heard. */
static void
tell_unheard(struct gs_media_audio *a, const struct call *c, unsigned channel)
{
	const struct gs_net_addr *from = &c->side[channel].first;
	const struct gs_net_addr *to = &c->side[1 - channel].first;
	char x[GS_ADDR_TEXT], y[GS_ADDR_TEXT];

	for (size_t i = 0; i < UNHEARD; i++) {
		const struct unheard *u = &c->unheard[channel][i];

		if (u->n > 0)
			gs_media_summary_say(a->summary,
			    "%s > %s: %llu packet%s of %s cannot be decoded: "
			    "%s; -A writes them to a file%s",
			    gs_net_addr_text(from, x), gs_net_addr_text(to, y),
			    (unsigned long long)u->n, gs_plural(u->n), u->codec,
			    u->why, u->plays ? " that ffplay plays" : "");
	}
}

enum { SIDE_TEXT = 2 * GS_ADDR_TEXT + 8 };

/* "192.0.2.1:4000", and where it has moved to. */
static const char *
side_text(const struct side *s, char text[SIDE_TEXT])
{
	char x[GS_ADDR_TEXT], y[GS_ADDR_TEXT];
	bool moved = !gs_net_addr_eq(&s->first, &s->now);

	(void)snprintf(text, SIDE_TEXT, "%s%s%s",
	    gs_net_addr_text(&s->first, x), moved ? ", then " : "",
	    moved ? gs_net_addr_text(&s->now, y) : "");
	return text;
}

static void
tell_call(struct gs_media_audio *a, const struct call *c, const char *path,
    const struct gs_media_wav_stats *stats)
{
	char x[SIDE_TEXT], y[SIDE_TEXT];
	unsigned left = stats->left;

	gs_media_summary_say(a->summary,
	    "%s: %s left, %s right, %.1f s at %lu Hz", path,
	    side_text(&c->side[left], x), side_text(&c->side[!left], y),
	    stats->rate == 0 ? 0 : (double)stats->frames / stats->rate,
	    (unsigned long)stats->rate);
	tell_missing(a, path, stats);
}

static int
close_call(struct gs_media_audio *a, struct call *c, struct gs_err *err)
{
	struct gs_media_wav_stats stats;
	int r = 0;

	if (!c->used)
		return 0;
	for (struct gs_media_audio_lane *l = a->lanes; l != NULL; l = l->next)
		if (l->call == c)
			l->call = NULL;
	if (c->wav != NULL) {
		r = gs_media_wav_close(c->wav, &stats, err);
		if (r == 0)
			tell_call(a, c, gs_outfile_path(c->file), &stats);
		r = shut(a, &c->file, r, err);
	}
	tell_unheard(a, c, 0);
	tell_unheard(a, c, 1);
	*c = (struct call){ 0 };
	return r;
}

/* Opens c's file. If this fails, c has none. */
static int
open_call(struct gs_media_audio *a, struct call *c, struct gs_err *err)
{
	size_t stem = stem_length(a->wav);
	char *path = join(a->wav, stem, ++a->calls, "", a->wav + stem);

	if (path == NULL)
		return gs_err_set(err, "out of memory");
	int r = gs_outset_open(a->out, path, &c->file, err);
	free(path);
	if (r == 0) {
		a->single = gs_outfile_is_stream(c->file);
		r = gs_media_wav_open(&c->wav, gs_outfile_stream(c->file), 2, 0,
		    &a->budget, err);
	}
	if (r == -1)
		c->wav = NULL;
	return r;
}

/* A place for a call: a free one, or that of a call that has ended. *call
 * stays NULL if there is none. numbers: what SDP knows of its sides. */
static int
new_call(struct gs_media_audio *a, const struct gs_srtp_media_packet *m,
    const uint32_t numbers[2], struct call **call, struct gs_err *err)
{
	struct call *c = &a->call[0];

	for (size_t i = 0; i < GS_AUDIO_CALLS && c->used; i++)
		if (!a->call[i].used || a->call[i].last < c->last)
			c = &a->call[i];
	*call = NULL;
	if (a->single || (c->used && m->ns < c->last + GAP)) {
		a->left_out++;
		return 0;
	}
	if (close_call(a, c, err) == -1)
		return -1;
	c->used = true;
	c->side[0] = (struct side){ m->src, m->src, numbers[0] };
	c->side[1] = (struct side){ m->dst, m->dst, numbers[1] };
	*call = c;
	return 0;
}

static bool
is_at(const struct side *s, const struct gs_net_addr *addr)
{
	return gs_net_addr_eq(&s->first, addr) || gs_net_addr_eq(&s->now, addr);
}

static bool
has_port(const struct side *s, const struct gs_net_addr *addr)
{
	return s->first.port == addr->port || s->now.port == addr->port;
}

/* Whether m goes from side from of c to the other one: one address is equal,
 * the other at least by its port, as a NAT may be between SDP's address and the
 * real one. */
static bool
talks(const struct call *c, unsigned from, const struct gs_srtp_media_packet *m)
{
	const struct side *s = &c->side[from], *d = &c->side[1 - from];

	return has_port(s, &m->src) && has_port(d, &m->dst) &&
	    (is_at(s, &m->src) || is_at(d, &m->dst));
}

/* Whether side of c sent this SSRC, too. */
static bool
sent(const struct gs_media_audio *a, const struct call *c, unsigned side,
    uint32_t ssrc)
{
	for (const struct gs_media_audio_lane *l = a->lanes; l != NULL;
	     l = l->next)
		if (l->call == c && l->channel == side && l->ssrc == ssrc)
			return true;
	return false;
}

/* Whether m goes from side from of c to the other one, and one of them is at
 * another address than before, which is noted then: SDP of the same call names
 * that address, or the sender goes on with its SSRC. */
static bool
moves(const struct gs_media_audio *a, struct call *c, unsigned from,
    const struct gs_srtp_media_packet *m, const uint32_t numbers[2])
{
	struct side *s = &c->side[from], *d = &c->side[1 - from];
	bool goes_on = sent(a, c, from, m->ssrc);

	if (is_at(d, &m->dst) && !is_at(s, &m->src) &&
	    (goes_on || (numbers[0] != 0 && numbers[0] == s->call))) {
		s->now = m->src;
		return true;
	}
	if (is_at(s, &m->src) && !is_at(d, &m->dst) &&
	    (goes_on || (numbers[1] != 0 && numbers[1] == d->call))) {
		d->now = m->dst;
		return true;
	}
	return false;
}

/* Looks for m in c; with moved, at another address. Returns the side that sent
 * it, or -1. */
static int
side_of(const struct gs_media_audio *a, struct call *c, bool moved,
    const struct gs_srtp_media_packet *m, const uint32_t numbers[2])
{
	for (unsigned from = 0; from < 2; from++)
		if (moved ? moves(a, c, from, m, numbers) : talks(c, from, m))
			return (int)from;
	return -1;
}

/* Finds the call of l, by its addresses, or else one that has moved to them. */
static int
find_call(struct gs_media_audio *a, struct gs_media_audio_lane *l,
    const struct gs_srtp_media_packet *m, const uint32_t numbers[2],
    struct gs_err *err)
{
	for (size_t i = 0; i < 2 * (size_t)GS_AUDIO_CALLS; i++) {
		struct call *c = &a->call[i % GS_AUDIO_CALLS];
		bool moved = i >= GS_AUDIO_CALLS;
		bool ended = m->ns > c->last + GAP;
		int side = !c->used || (moved && ended) ?
		    -1 :
		    side_of(a, c, moved, m, numbers);

		if (side == -1)
			continue;
		if (ended) {
			if (close_call(a, c, err) == -1)
				return -1;
			break;
		}
		l->call = c;
		l->channel = (unsigned)side;
		return 0;
	}
	l->channel = 0;
	return new_call(a, m, numbers, &l->call, err);
}

/* ---- files of a stream */

/* "NNN-SSRC.suffix", or "NNN-SSRC-2.suffix" and so on for another codec, as
 * open_dump() and open_part() name them. */
bool
gs_media_audio_is_stream(const void *arg, const char *name)
{
	size_t n = strspn(name, "0123456789");

	(void)arg;
	if (n < 3 || name[n] != '-' ||
	    strspn(name + n + 1, "0123456789abcdef") != 8)
		return false;
	n += 9;
	if (name[n] == '-' && name[n + 1] >= '2' && name[n + 1] <= '0' + PARTS)
		n += 2;
	if (name[n] != '.')
		return false;
	const char *suffix = name + n + 1;
	return strcmp(suffix, "rtpdump") == 0 || strcmp(suffix, "wav") == 0 ||
	    gs_media_codec_is_suffix(suffix);
}

static int
open_dump(struct gs_media_audio *a, struct gs_media_audio_lane *l,
    const struct gs_srtp_media_packet *m, struct gs_err *err)
{
	size_t size = strlen(a->folder) + 64;
	char to[GS_ADDR_TEXT], *path;

	l->stem = malloc(size);
	if (l->stem == NULL)
		return gs_err_set(err, "out of memory");
	l->begin = m->ns;
	(void)snprintf(l->stem, size, "%s/%03zu-%08lx", a->folder, ++a->streams,
	    (unsigned long)m->ssrc);
	path = join(l->stem, strlen(l->stem), 1, ".", "rtpdump");
	if (path == NULL)
		return gs_err_set(err, "out of memory");
	int r = gs_outset_open(a->out, path, &l->dump_file, err);
	free(path);
	if (r == -1)
		return -1;
	/* The address without port and brackets. */
	(void)gs_net_addr_text(&m->dst, to);
	*strrchr(to, ':') = '\0';
	to[strcspn(to, "]")] = '\0';
	gs_media_rtpdump_begin(&l->dump, gs_outfile_stream(l->dump_file), m->ns,
	    to + (to[0] == '['), m->dst.port);
	a->open++;
	return 0;
}

/* Begins the lane's file for codec c. */
static int
open_part(struct gs_media_audio *a, struct gs_media_audio_lane *l,
    const struct gs_media_codec *c, struct gs_err *err)
{
	struct part *part = &l->part[l->parts];
	bool wav = gs_media_codec_octets(c->kind, c->channels) > 0;
	char *path = join(l->stem, strlen(l->stem), l->parts + 1, ".",
	    wav ? "wav" : gs_media_codec_suffix(c));

	if (path == NULL)
		return gs_err_set(err, "out of memory");
	int r = gs_outset_open(a->out, path, &part->file, err);
	free(path);
	if (r == -1)
		return -1;
	FILE *fp = gs_outfile_stream(part->file);

	part->codec = *c;
	part->begin = (double)(l->last - l->begin) / 1e9;
	l->parts++;
	return wav ? gs_media_wav_open(&part->wav, fp, 1, 0, &a->budget, err) :
		     gs_media_raw_open(&part->raw, fp, c, err);
}

static int
close_wav(struct gs_media_audio *a, struct part *part, struct gs_err *err)
{
	const char *path = gs_outfile_path(part->file);
	struct gs_media_wav_stats stats;
	int r = gs_media_wav_close(part->wav, &stats, err);

	part->wav = NULL;
	if (r == -1)
		return -1;
	gs_media_summary_say(a->summary, "%s: %.1f s", path,
	    stats.rate == 0 ? 0 : (double)stats.frames / stats.rate);
	tell_missing(a, path, &stats);
	return 0;
}

static int
close_raw(struct gs_media_audio *a, struct part *part, struct gs_err *err)
{
	const char *path = gs_outfile_path(part->file);
	struct gs_media_wav_stats stats = { 0 };
	struct gs_buf how;
	int r = gs_media_raw_close(part->raw, &stats.malformed, err);

	part->raw = NULL;
	gs_buf_init(&how, 4096);
	gs_media_codec_how_to_play(&how, &part->codec, path);
	gs_buf_putc(&how, '\0');
	if (r == 0 && gs_buf_ok(&how))
		gs_media_summary_say(a->summary, "%s: %s", path,
		    (const char *)how.p);
	gs_buf_free(&how);
	tell_missing(a, path, &stats);
	return r;
}

/* Packets that are only in the lane's rtpdump. */
static void
tell_other(struct gs_media_audio *a, const struct gs_media_audio_lane *l)
{
	for (size_t i = 0; i < UNHEARD && l->other[i].n > 0; i++)
		gs_media_summary_say(a->summary,
		    "%s.rtpdump: only here: %llu packet%s of %s, %s", l->stem,
		    (unsigned long long)l->other[i].n, gs_plural(l->other[i].n),
		    l->other[i].codec, l->other[i].why);
}

static int
close_part(struct gs_media_audio *a, struct part *part, struct gs_err *err)
{
	int r = 0;

	if (part->wav != NULL)
		r = close_wav(a, part, err);
	if (part->raw != NULL)
		r = close_raw(a, part, err);
	return shut(a, &part->file, r, err);
}

/* Which file has what, if there are several. */
static void
tell_parts(struct gs_media_audio *a, const struct gs_media_audio_lane *l)
{
	for (size_t i = 0; i < l->parts && l->parts > 1; i++)
		gs_media_summary_say(a->summary,
		    "%s: the packets of %s, the first of them at %.1f s of "
		    "the stream",
		    gs_outfile_path(l->part[i].file), l->part[i].codec.name,
		    l->part[i].begin);
}

/* Closes the files of the lane; err tells why the first could not be closed. */
static int
close_files(struct gs_media_audio *a, struct gs_media_audio_lane *l,
    struct gs_err *err)
{
	int r = 0;

	if (!l->closed) {
		tell_parts(a, l);
		tell_other(a, l);
	}
	for (size_t i = 0; i < PARTS; i++)
		if (l->part[i].file != NULL &&
		    close_part(a, &l->part[i], r == 0 ? err : NULL) == -1)
			r = -1;
	if (l->dump_file != NULL) {
		a->open--;
		if (shut(a, &l->dump_file, 0, r == 0 ? err : NULL) == -1)
			r = -1;
	}
	l->closed = true;
	return r;
}

/* Limits the number of open files: closes those of the idlest stream. */
static int
make_room(struct gs_media_audio *a, struct gs_err *err)
{
	struct gs_media_audio_lane *idlest = NULL;

	if (a->open < GS_AUDIO_STREAMS)
		return 0;
	for (struct gs_media_audio_lane *l = a->lanes; l != NULL; l = l->next)
		if (l->dump_file != NULL &&
		    (idlest == NULL || l->last < idlest->last))
			idlest = l;
	if (idlest == NULL)
		return 0;
	gs_media_summary_say(a->summary,
	    "%s.*: ends early, more than %d streams are written at a time",
	    idlest->stem, GS_AUDIO_STREAMS);
	return close_files(a, idlest, err);
}

/* ---- packets */

static bool
is_event(const struct gs_media_audio_lane *l,
    const struct gs_media_wav_packet *p)
{
	return gs_media_dtmf_is(l->said ? l->codec.name : NULL, l->type,
	    gs_span(p->payload, p->n));
}

/* Events and comfort noise come between the audio packets. */
static bool
is_aside(const struct gs_media_audio_lane *l,
    const struct gs_media_wav_packet *p)
{
	return strcmp(l->codec.name, "telephone-event") == 0 ||
	    strcmp(l->codec.name, "CN") == 0 || is_event(l, p);
}

bool
gs_media_audio_codec(struct gs_media_codec *c, const struct gs_sdp_rtpmap *f,
    uint8_t type)
{
	if (f != NULL && f->name[0] != '\0') {
		gs_media_codec_rtpmap(c, gs_span_of(f->name), f->clock,
		    f->channels);
		gs_media_codec_fmtp(c, gs_span_of(f->params));
		return true;
	}
	return gs_media_codec_static(c, type);
}

static int
put_dump(struct gs_media_audio_lane *l, const struct gs_srtp_media_packet *m,
    const struct gs_srtp_unprotected *o, struct gs_err *err)
{
	FILE *fp = gs_outfile_stream(l->dump_file);

	(void)gs_media_rtpdump_put(&l->dump, m->ns, m->rtcp, o->p, o->n);
	if (ferror(fp) == 0)
		return 0;
	return gs_err_sys(err, errno, "%s: cannot write",
	    gs_outfile_path(l->dump_file));
}

/* Counts a packet of codec c. */
static void
count_unheard(struct unheard *u, const struct gs_media_codec *c,
    const char *why)
{
	for (size_t i = 0; i < UNHEARD; i++, u++) {
		if (u->n > 0 && strcmp(u->codec, c->name) != 0)
			continue;
		if (u->n++ > 0)
			return;
		(void)snprintf(u->codec, sizeof(u->codec), "%s", c->name);
		(void)snprintf(u->why, sizeof(u->why), "%s", why);
		u->plays = gs_media_codec_plays(c);
		return;
	}
}

static bool
same_codec(const struct gs_media_codec *a, const struct gs_media_codec *b)
{
	return strcmp(a->name, b->name) == 0 && a->clock == b->clock &&
	    a->channels == b->channels && a->kind == b->kind;
}

/* The lane's file for the packets of its codec, which may begin with this one.
 * *part stays NULL: none. */
static int
find_part(struct gs_media_audio *a, struct gs_media_audio_lane *l,
    struct part **part, struct gs_err *err)
{
	const struct gs_media_codec *c = &l->codec;
	bool bare = gs_media_codec_octets(c->kind, c->channels) > 0;

	*part = NULL;
	for (size_t i = 0; i < l->parts && *part == NULL; i++)
		if (same_codec(&l->part[i].codec, c) ||
		    (l->part[i].wav != NULL && bare))
			*part = &l->part[i];
	if (*part != NULL || l->parts == PARTS)
		return 0;
	*part = &l->part[l->parts];
	return open_part(a, l, c, err);
}

static int
put_files(struct gs_media_audio *a, struct gs_media_audio_lane *l,
    const struct gs_srtp_media_packet *m, const struct gs_srtp_unprotected *o,
    const struct gs_media_wav_packet *p, struct gs_err *err)
{
	struct part *part;
	int r;

	if (l->closed)
		return 0;
	if (l->stem == NULL &&
	    (make_room(a, err) == -1 || open_dump(a, l, m, err) == -1))
		return -1;
	if (put_dump(l, m, o, err) == -1)
		return -1;
	if (m->rtcp || is_aside(l, p) || o->order == GS_RTP_DUPLICATE)
		return 0;
	if (find_part(a, l, &part, err) == -1)
		return -1;
	if (part == NULL) {
		count_unheard(l->other, p->codec,
		    "as the stream has more codecs than files");
		return 0;
	}
	r = part->wav != NULL ?
	    gs_media_wav_put(part->wav, 0, p, err) :
	    gs_media_raw_put(part->raw, p->seq, p->timestamp,
		gs_span(p->payload, p->n), err);
	return r == 0 ? 0 : gs_err_at(err, gs_outfile_path(part->file));
}

static struct gs_media_audio_lane *
new_lane(struct gs_media_audio *a)
{
	struct gs_media_audio_lane *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->next = a->lanes;
	a->lanes = l;
	return l;
}

/* Adds p to the call of l, which has a file. */
static int
sound(struct gs_media_audio_lane *l, const struct gs_media_wav_packet *p,
    struct gs_err *err)
{
	return gs_media_wav_put(l->call->wav, l->channel, p, err) == 0 ?
	    0 :
	    gs_err_at(err, gs_outfile_path(l->call->file));
}

/* Adds the new part of a digit by p, if the call has begun. */
static int
put_tone(struct gs_media_audio_lane *l, const struct gs_media_wav_packet *p,
    struct gs_err *err)
{
	static const char name[] = "L16";
	uint8_t tone[2 * TONE];
	struct gs_span event = gs_span(p->payload, p->n);
	struct gs_media_wav_packet t = *p;
	struct gs_media_codec codec;
	uint64_t clock = l->codec.clock > 0 ? l->codec.clock : GS_DTMF_CLOCK;
	uint64_t length;
	uint32_t more, from, n;

	if (l->call->wav == NULL || !is_event(l, p))
		return 0;
	if (l->digits == NULL &&
	    (l->digits = calloc(1, sizeof(*l->digits))) == NULL)
		return gs_err_set(err, "out of memory");
	l->digits->clock = (uint32_t)clock;
	more = gs_media_dtmf_put(l->digits, event, p->timestamp, p->time);
	length =
	    l->digits->n > 0 ? l->digits->event[l->digits->n - 1].length : 0;
	from = (uint32_t)((length - more) * TONE_RATE / clock);
	n = (uint32_t)(length * TONE_RATE / clock) - from;
	n = n < TONE ? n : TONE;
	if (more == 0 || n == 0)
		return 0;
	gs_media_codec_rtpmap(&codec, gs_span(name, sizeof(name) - 1),
	    TONE_RATE, 1);
	gs_media_dtmf_tone(l->digits->event[l->digits->n - 1].digit, from, n,
	    tone);
	t.codec = &codec;
	t.ssrc = ~p->ssrc; /* a source of its own, beside the voice */
	t.timestamp =
	    (uint32_t)((uint64_t)p->timestamp * TONE_RATE / clock) + from;
	t.seq = l->tones++;
	t.payload = tone;
	t.n = (size_t)2 * n;
	return sound(l, &t, err);
}

/* Adds p to the call of l, which may begin with it. A stream that goes on after
 * a long hold is still in its call. */
static int
put_call(struct gs_media_audio *a, struct gs_media_audio_lane *l,
    const struct gs_srtp_media_packet *m, const struct gs_srtp_unprotected *o,
    const struct gs_media_wav_packet *p, struct gs_err *err)
{
	if (!l->left_out && l->call == NULL &&
	    find_call(a, l, m, gs_srtp_stream_identity(o->stream)->call, err) ==
		-1)
		return -1;
	l->left_out = l->call == NULL;
	if (l->left_out)
		return 0;
	l->call->last = m->ns;
	if (is_aside(l, p))
		return a->tones ? put_tone(l, p, err) : 0;
	if (l->why[0] != '\0') {
		count_unheard(l->call->unheard[l->channel], &l->codec, l->why);
		return 0;
	}
	if (l->call->wav == NULL && open_call(a, l->call, err) == -1)
		return -1;
	return sound(l, p, err);
}

/* Determines the codec of m. */
static void
set_codec(struct gs_media_audio_lane *l, const struct gs_srtp_media_packet *m,
    const struct gs_srtp_unprotected *o)
{
	char text[sizeof(l->why)];
	const char *why;

	l->said = gs_media_audio_codec(&l->codec,
	    gs_srtp_stream_format(o->stream, m->rtp.type), m->rtp.type);
	why = l->said ?
	    gs_media_decoder_lacks(&l->codec, text, sizeof(text)) :
	    "no SDP for its addresses names the codec: give one with -K";
	(void)snprintf(l->why, sizeof(l->why), "%s", why != NULL ? why : "");
	l->type = m->rtp.type;
	l->has_codec = true;
}

/* Adds a packet to its call and its file. */
static int
put_packet(struct gs_media_audio *a, struct gs_media_audio_lane *l,
    const struct gs_srtp_media_packet *m, const struct gs_srtp_unprotected *o,
    struct gs_err *err)
{
	struct gs_media_wav_packet p = { .time = m->ns,
		.ssrc = m->ssrc,
		.timestamp = m->rtp.time,
		.seq = m->rtp.seq };
	struct gs_span payload = { 0 };

	if (!m->rtcp && (!l->has_codec || l->type != m->rtp.type))
		set_codec(l, m, o);
	if (!m->rtcp)
		(void)gs_net_rtp_payload(&m->rtp, o->p, o->n, &payload);
	p.codec = &l->codec;
	p.payload = (const uint8_t *)payload.p;
	p.n = payload.n;
	l->last = m->ns;
	l->ssrc = m->ssrc;
	if (a->folder != NULL && put_files(a, l, m, o, &p, err) == -1)
		return -1;
	return a->wav == NULL || m->rtcp ? 0 : put_call(a, l, m, o, &p, err);
}

/* What is known of l's first packets in the end. */
enum nature {
	PLAIN, /* they are audio, */
	SEEMS, /* those of which it seemed so, */
	CIPHER, /* or none */
};

static int
settle(struct gs_media_audio *a, struct gs_media_audio_lane *l,
    enum nature nature, struct gs_err *err)
{
	int r = 0;

	l->sure = true;
	for (size_t i = 0; i < l->doubts; i++) {
		struct doubt *d = &l->doubt[i];

		if (r == 0 && !d->o.sealed &&
		    (nature == PLAIN || (nature == SEEMS && d->o.plain)))
			r = put_packet(a, l, &d->m, &d->o, err);
		free(d->p);
	}
	free(l->doubt);
	l->doubt = NULL;
	l->doubts = 0;
	return r;
}

/* Holds a packet that was not opened. */
static int
keep(struct gs_media_audio_lane *l, const struct gs_srtp_media_packet *m,
    const struct gs_srtp_unprotected *o, struct gs_err *err)
{
	struct doubt *d;

	if (l->doubt == NULL)
		l->doubt = calloc(GS_AUDIO_DOUBT, sizeof(*l->doubt));
	if (l->doubt == NULL)
		return gs_err_set(err, "out of memory");
	d = &l->doubt[l->doubts];
	d->p = malloc(o->n + 1);
	if (d->p == NULL)
		return gs_err_set(err, "out of memory");
	memcpy(d->p, o->p, o->n);
	d->m = *m;
	d->o = *o;
	d->m.p = d->o.p = d->p;
	l->doubts++;
	return 0;
}

/* Whether m, of a stream whose nature is not known, is to be held. Fixed types
 * are recognised by the size of their frames. */
static bool
is_doubtful(const struct gs_media_audio_lane *l,
    const struct gs_srtp_media_packet *m, const struct gs_srtp_unprotected *o)
{
	return !o->ok && !m->rtcp && !l->sure && l->doubts < GS_AUDIO_DOUBT &&
	    (!o->plain || m->rtp.type >= DYNAMIC);
}

int
gs_media_audio_put(struct gs_media_audio *a, struct gs_media_audio_lane **lane,
    const struct gs_srtp_media_packet *m, const struct gs_srtp_unprotected *o,
    struct gs_err *err)
{
	enum nature nature = o->ok ? SEEMS : o->plain ? PLAIN : CIPHER;

	if (*lane == NULL && (*lane = new_lane(a)) == NULL)
		return gs_err_set(err, "out of memory");
	struct gs_media_audio_lane *l = *lane;

	if (is_doubtful(l, m, o))
		return keep(l, m, o, err);
	if (!m->rtcp && !l->sure && settle(a, l, nature, err) == -1)
		return -1;
	return nature == CIPHER ? 0 : put_packet(a, l, m, o, err);
}

void
gs_media_audio_tones(struct gs_media_audio *a)
{
	a->tones = true;
}

int
gs_media_audio_done(struct gs_media_audio *a, struct gs_media_audio_lane *lane,
    bool plain, struct gs_err *err)
{
	struct gs_media_audio_lane **at = &a->lanes;
	int r;

	if (lane == NULL)
		return 0;
	r = settle(a, lane, plain ? PLAIN : CIPHER, err);
	if (close_files(a, lane, r == 0 ? err : NULL) == -1)
		r = -1;
	while (*at != lane)
		at = &(*at)->next;
	*at = lane->next;
	free(lane->stem);
	free(lane->digits);
	free(lane);
	return r;
}

int
gs_media_audio_end(struct gs_media_audio *a, struct gs_err *err)
{
	int r = 0;

	while (a->lanes != NULL)
		if (gs_media_audio_done(a, a->lanes, false,
			r == 0 ? err : NULL) == -1)
			r = -1;
	for (size_t i = 0; i < GS_AUDIO_CALLS; i++)
		if (close_call(a, &a->call[i], r == 0 ? err : NULL) == -1)
			r = -1;
	if (a->left_out > 0 && a->single)
		gs_media_summary_say(a->summary,
		    "%s: contains only the first call, without %zu more "
		    "stream%s: write to a regular file",
		    a->wav, a->left_out, gs_plural(a->left_out));
	else if (a->left_out > 0)
		gs_media_summary_say(a->summary,
		    "%zu stream%s without a WAV file: more than %d calls at a "
		    "time; use -F, or -A",
		    a->left_out, gs_plural(a->left_out), GS_AUDIO_CALLS);
	a->left_out = 0;
	return r;
}

void
gs_media_audio_free(struct gs_media_audio *a)
{
	if (a == NULL)
		return;
	int r = gs_media_audio_end(a, NULL);

	(void)r; /* the run has already failed */
	free(a);
}
