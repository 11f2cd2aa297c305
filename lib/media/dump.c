/* SPDX-License-Identifier: MIT */
/* A run over captures: reads them, and gives each packet to all outputs. */
#include "media/dump.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "media/audio.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/guard.h"
#include "media/decoder.h"
#include "media/dtmf.h"
#include "media/hex.h"
#include "media/keyfiles_priv.h"
#include "net/frame.h"
#include "net/live.h"
#include "net/writer.h"
#include "media/notes.h"
#include "media/picture.h"
#include "media/sap.h"
#include "srtp/announced.h"
#include "srtp/keyring.h"
#include "srtp/reference.h"
#include "srtp/stream.h"
#include "media/summary.h"

enum { TICK = 1024, TEXTS = 16 };

/* The data kept with a stream. */
struct tag {
	struct tag *next;
	struct tag **at; /* what points to it */
	struct gs_media_audio_lane *audio;
	struct gs_media_picture_lane *picture;
	struct gs_media_dtmf *dtmf; /* NULL until it sends a digit */
	struct gs_net_addr told; /* where SDP was added for */
};

struct gs_media_dump {
	struct gs_media_dump_options options;
	struct gs_media_dump_hooks hooks;
	struct gs_srtp_receiver *session;
	struct gs_calls_holder *holder;
	struct gs_net_capture *capture;
	struct gs_net_live *live;
	struct gs_srtp_reference *reference; /* live: keeps libsrtp2 started */
	struct gs_net_filter *filter;
	struct gs_outset out;
	struct gs_outfile *file; /* of the capture */
	struct gs_net_writer *writer;
	struct gs_media_audio *audio;
	struct gs_media_picture *picture;
	struct gs_media_summary *summary;
	struct gs_media_keyfiles keyfiles;
	struct tag *tags; /* of all current streams */
	uint8_t *frame; /* GS_FRAME_MAX octets: a rewritten frame */
	struct gs_err stream_err; /* of a callback without a result */
	bool stream_failed;
	uint64_t passed; /* bytes of earlier passes */
	uint64_t packets;
	uint64_t unsaid; /* streams without SDP for all to read */
	uint64_t added; /* announcements in the capture */
	struct gs_media_sap *sap; /* NULL: none is added */
	uint64_t whole; /* octets of the capture written without error */
	bool stopped;
	bool flush; /* packets wait in the writer, in live use */
	bool late; /* the file is made with the first packet */
	bool to_stream; /* capture_path is no regular file */
};

/* ---- packets out */

/* err, after what could not be written. A live capture ends with the last
 * whole packet. */
static int
capture_failed(const struct gs_media_dump *d, struct gs_err *err)
{
	if (d->live != NULL && d->file != NULL)
		gs_outfile_cut(d->file, d->whole);
	return gs_err_at(err,
	    d->file != NULL ? gs_outfile_path(d->file) : "standard output");
}

/* Corrects the lengths that TURN has at h, before bytes before n bytes of
 * payload: of channel data, or of a DATA attribute and the STUN message around
 * it, in which it is now the last one. Returns the length of both, and of the
 * padding. */
static size_t
rewrap(uint8_t *h, size_t before, size_t n)
{
	enum { CHANNEL = 4, STUN = 20, ATTRIBUTE = 4 };
	size_t padding = before > CHANNEL ? -n % ATTRIBUTE : 0;

	if (before >= CHANNEL)
		gs_put_be16(h + before - 2, (unsigned)n);
	if (before >= STUN + ATTRIBUTE)
		gs_put_be16(h + 2, (unsigned)(before + n + padding - STUN));
	memset(h + before + n, 0, padding);
	return before + n + padding;
}

/* Sets *frame, of *n bytes, to the frame of p with its decrypted payload, if it
 * was decrypted. With a writer, it is made where that will have it. */
static int
rewrite(struct gs_media_dump *d, const struct gs_srtp_receiver_packet *p,
    const uint8_t **frame, size_t *n, struct gs_err *err)
{
	const struct gs_net_frame *f = p->frame;
	const struct gs_srtp_unprotected *o = p->opened;
	uint8_t *to = d->frame;

	if (o == NULL || !o->ok ||
	    (d->writer == NULL && d->options.hex == NULL))
		return 0;
	size_t head = (size_t)(p->media->p - f->p), before = head - f->payload;

	enum { PADDING = 3 };
	size_t most = head + o->n + PADDING;

	if (most > GS_FRAME_MAX)
		return 0;
	if (d->writer != NULL &&
	    (to = gs_net_writer_room(d->writer, p->packet, most, err)) == NULL)
		return capture_failed(d, err);
	memcpy(to, f->p, head);
	memcpy(to + head, o->p, o->n);
	*n = gs_net_frame_seal(f, to, rewrap(to + f->payload, before, o->n));
	*frame = to;
	return 0;
}

static int
write_capture(struct gs_media_dump *d, const struct gs_srtp_receiver_packet *p,
    const uint8_t *frame, size_t n, struct gs_err *err)
{
	const struct gs_net_packet *from = p->packet;
	size_t wire = n;

	if (d->writer == NULL || (d->options.only_rtp && p->media == NULL))
		return 0;
	/* A cut after the payload was there before. */
	if (frame == p->frame->p && !p->frame->reassembled)
		wire = from->wire;
	else if (p->frame->length < p->frame->wire)
		wire = n + p->frame->wire - p->frame->length;
	d->flush = true;
	return gs_net_writer_put(d->writer, from, frame, n, wire, err) == 0 ?
	    0 :
	    capture_failed(d, err);
}

static void
write_hex(struct gs_media_dump *d, const struct gs_srtp_receiver_packet *p,
    const uint8_t *frame, size_t n)
{
	char src[GS_ADDR_TEXT], dst[GS_ADDR_TEXT], text[160];
	int k = snprintf(text, sizeof(text), "frame %llu %s > %s SSRC %08lx %s",
	    (unsigned long long)p->packet->frame,
	    gs_net_addr_text(&p->media->src, src),
	    gs_net_addr_text(&p->media->dst, dst),
	    (unsigned long)p->media->ssrc, p->media->rtcp ? "RTCP" : "RTP");
	gs_media_hex_packet(d->options.hex, p->packet->ns,
	    gs_span(text, (size_t)k), frame, n);
}

static struct tag *
tag_of(struct gs_media_dump *d, struct gs_srtp_stream *st)
{
	void **tag = gs_srtp_stream_tag(st);
	struct tag *t = *tag;

	if (t != NULL || (t = calloc(1, sizeof(*t))) == NULL)
		return t;
	t->next = d->tags;
	t->at = &d->tags;
	if (t->next != NULL)
		t->next->at = &t->next;
	d->tags = t;
	*tag = t;
	return t;
}

/* t may be NULL. */
static void
drop_tag(struct tag *t)
{
	if (t == NULL)
		return;
	*t->at = t->next;
	if (t->next != NULL)
		t->next->at = t->at;
	free(t->dtmf);
	free(t);
}

/* Whether the written capture has SDP for an address of the stream that every
 * program can read. */
static bool
has_sdp(const struct gs_media_dump *d, const struct gs_net_addr *src,
    const struct gs_net_addr *dst)
{
	const struct gs_srtp_announced *known =
	    gs_srtp_receiver_announced(d->session);
	const struct gs_srtp_announcement *to, *from;

	to = gs_srtp_announced_find(known, dst);
	from = gs_srtp_announced_find(known, src);
	return !d->options.only_rtp &&
	    ((to != NULL && to->shown) || (from != NULL && from->shown));
}

/* Writes SDP before the first packet of a stream that has none. */
static int
add_sdp(struct gs_media_dump *d, const struct gs_srtp_receiver_packet *p,
    struct gs_err *err)
{
	const struct gs_srtp_media_packet *m = p->media;
	struct tag *tag;

	if (d->sap == NULL || d->writer == NULL || m == NULL || m->rtcp ||
	    p->opened->unsure)
		return 0;
	if ((tag = tag_of(d, p->opened->stream)) == NULL)
		return gs_err_set(err, "out of memory");
	if (gs_net_addr_eq(&tag->told, &m->dst))
		return 0;
	tag->told = m->dst;
	if (has_sdp(d, &m->src, &m->dst))
		return 0;
	if (gs_media_sap_make(d->sap, d->session, p, err) == -1)
		return -1;
	gs_net_writer_comment(d->writer, "SDP added by gsprov");
	d->added++;
	return gs_net_writer_put(d->writer, p->packet, d->sap->frame.p,
		   d->sap->frame.n, d->sap->frame.n, err) == 0 ?
	    0 :
	    capture_failed(d, err);
}

/* A digit, which is a short packet. */
static int
take_digit(struct gs_media_dump *d, const struct gs_srtp_receiver_packet *p,
    struct gs_err *err)
{
	enum { SHORT = 80 };
	const struct gs_srtp_unprotected *o = p->opened;
	const struct gs_net_rtp *rtp = &p->media->rtp;
	const struct gs_sdp_rtpmap *f;
	struct gs_span payload;
	struct tag *tag;

	if (p->media->rtcp || o->unsure || o->n > SHORT ||
	    !(o->ok || (o->plain && !p->media->cut)) ||
	    !gs_net_rtp_payload(rtp, o->p, o->n, &payload))
		return 0;
	f = gs_srtp_stream_format(o->stream, rtp->type);
	if (!gs_media_dtmf_is(f != NULL ? f->name : NULL, rtp->type, payload))
		return 0;
	tag = tag_of(d, o->stream);
	if (tag != NULL && tag->dtmf == NULL)
		tag->dtmf = calloc(1, sizeof(*tag->dtmf));
	if (tag == NULL || tag->dtmf == NULL)
		return gs_err_set(err, "out of memory");
	tag->dtmf->clock = f != NULL && f->clock > 0 ? f->clock : GS_DTMF_CLOCK;
	(void)gs_media_dtmf_put(tag->dtmf, payload, rtp->time, p->media->ns);
	return 0;
}

static int
take_media(struct gs_media_dump *d, const struct gs_srtp_receiver_packet *p,
    struct gs_err *err)
{
	const struct gs_srtp_unprotected *o = p->opened;
	struct tag *tag;

	if (take_digit(d, p, err) == -1)
		return -1;

	if ((d->audio == NULL && d->picture == NULL) || o->unsure)
		return 0;
	tag = tag_of(d, o->stream);
	if (tag == NULL)
		return gs_err_set(err, "out of memory");
	if (d->audio != NULL && (o->ok || !p->media->cut) &&
	    gs_media_audio_put(d->audio, &tag->audio, p->media, o, err) == -1)
		return -1;
	if (d->picture != NULL && !p->media->rtcp)
		return gs_media_picture_put(d->picture, &tag->picture, p->media,
		    o, err);
	return 0;
}

static int
take_packet(void *arg, const struct gs_srtp_receiver_packet *p,
    struct gs_err *err)
{
	struct gs_media_dump *d = arg;
	const uint8_t *frame = p->frame->p;
	size_t n = p->frame->n;

	/* What is added goes before the packet is made in the writer. */
	if (add_sdp(d, p, err) == -1 || rewrite(d, p, &frame, &n, err) == -1)
		return -1;
	if (d->options.hex != NULL && p->media != NULL && p->opened->ok)
		write_hex(d, p, frame, n);
	if (write_capture(d, p, frame, n, err) == -1)
		return -1;
	return p->media != NULL ? take_media(d, p, err) : 0;
}

static void
take_stream(void *arg, struct gs_srtp_stream *st)
{
	struct gs_media_dump *d = arg;
	struct tag *tag = *gs_srtp_stream_tag(st);
	struct gs_media_notes_run run = { .session = d->session,
		.roc_max = d->options.session.streams.roc_max,
		.roc_fixed = d->options.session.streams.roc_fixed,
		.dtmf = tag != NULL ? tag->dtmf : NULL };
	struct gs_srtp_stream_view v;

	gs_srtp_stream_look(st, &v);
	d->unsaid += v.prot.state != GS_STREAM_UNSURE && v.id.rtp &&
	    !has_sdp(d, &v.id.src, &v.id.dst);
	if (v.prot.state != GS_STREAM_UNSURE)
		gs_media_summary_add(d->summary, &v, &run);
	if (tag != NULL && d->audio != NULL &&
	    gs_media_audio_done(d->audio, tag->audio, v.prot.plain,
		&d->stream_err) == -1)
		d->stream_failed = true;
	if (tag != NULL && d->picture != NULL)
		gs_media_picture_done(tag->picture, &v);
	drop_tag(tag);
	*gs_srtp_stream_tag(st) = NULL;
	explicit_bzero(&v, sizeof(v));
}

static void
take_message(void *arg, const struct gs_net_sip_message *m)
{
	struct gs_media_dump *d = arg;

	if (d->picture != NULL)
		gs_media_picture_message(d->picture, m);
}

static const char *
file_name(void *arg, uint32_t file)
{
	struct gs_media_dump *d = arg;

	return d->capture != NULL ? gs_net_capture_path(d->capture, file) :
				    d->options.interface;
}

/* ---- files */

static void
say_wide(void *arg, const char *path, mode_t mode)
{
	struct gs_media_dump *d = arg;
	char text[PATH_MAX + 128];

	/* A picture makes no sound; of standard output the caller speaks. */
	if (d->hooks.say == NULL || path == d->options.svg ||
	    strcmp(path, "-") == 0)
		return;
	(void)snprintf(text, sizeof(text),
	    "%s: the existing file keeps its mode (%04o): others can read the "
	    "decrypted data",
	    path, (unsigned)mode);
	d->hooks.say(d->hooks.arg, text);
}

/* Begins the capture; its header need not wait for a packet. */
static int
begin_capture(struct gs_media_dump *d, struct gs_err *err)
{
	FILE *fp = d->options.capture;

	d->late = false;
	if (fp == NULL) {
		if (gs_outset_open(&d->out, d->options.capture_path, &d->file,
			err) == -1)
			return -1;
		fp = gs_outfile_stream(d->file);
	}
	d->writer = gs_net_writer_new(fp,
	    d->live != NULL ? gs_net_live_format(d->live) :
			      gs_net_capture_format(d->capture),
	    err);
	if (d->writer == NULL)
		return -1;
	if (gs_net_writer_flush(d->writer, err) == -1)
		return capture_failed(d, err);
	d->whole = gs_net_writer_bytes(d->writer);
	return d->live != NULL && d->file != NULL ?
	    gs_outfile_show(d->file, err) :
	    0;
}

static int
flush(struct gs_media_dump *d, struct gs_err *err)
{
	if (!d->flush || d->writer == NULL)
		return 0;
	d->flush = false;
	if (gs_net_writer_flush(d->writer, err) == -1)
		return capture_failed(d, err);
	d->whole = gs_net_writer_bytes(d->writer);
	return 0;
}

static int
end_capture(struct gs_media_dump *d, struct gs_err *err)
{
	if (d->late && begin_capture(d, err) == -1)
		return -1;
	if (d->writer == NULL)
		return 0;
	if (flush(d, err) == -1)
		return -1;
	return d->file == NULL ? 0 : gs_outset_finish(&d->out, d->file, err);
}

static int
write_picture(struct gs_media_dump *d, struct gs_err *err)
{
	struct gs_outfile *o;

	if (gs_outset_open(&d->out, d->options.svg, &o, err) == -1)
		return -1;
	if (gs_media_picture_write(d->picture, gs_outfile_stream(o), err) == -1)
		return gs_err_at(err, gs_outfile_path(o));
	return gs_outset_finish(&d->out, o, err);
}

/* ---- reading */

static bool
tick(struct gs_media_dump *d)
{
	const struct gs_net_capture *c = d->capture;
	uint64_t total = c != NULL ? gs_net_capture_size(c) : 0;

	if (d->hooks.tick == NULL)
		return true;
	return d->hooks.tick(d->hooks.arg,
	    d->passed + (c != NULL ? gs_net_capture_position(c) : 0),
	    d->passed > 0 ? 2 * total : total, d->packets);
}

/* Whether all captures can be read twice. */
static bool
can_learn(const struct gs_media_dump *d)
{
	const struct gs_srtp_receiver_options *o = &d->options.session;

	if ((!o->sip && !o->scrub) || d->capture == NULL)
		return false;
	for (size_t i = 0; i < d->options.ncaptures; i++)
		if (!gs_file_is_regular(d->options.captures[i]))
			return false;
	return true;
}

/* The next packet that passes the filter. Returns 1, 0, -1. */
static int
next_packet(struct gs_media_dump *d, struct gs_net_capture *c,
    struct gs_net_packet *p, struct gs_err *err)
{
	int more;

	while ((more = gs_net_capture_next(c, p, err)) == 1) {
		int match = d->filter == NULL ?
		    1 :
		    gs_net_filter_match(d->filter, p, err);

		if (match != 0)
			return match;
	}
	return more;
}

/* First pass: all keys of the capture. The second pass will find an error
 * again. */
static int
learn(struct gs_media_dump *d, struct gs_err *err)
{
	struct gs_net_capture *c =
	    gs_net_capture_open(d->options.captures, d->options.ncaptures, err);
	struct gs_net_packet p;
	struct gs_err ignored;
	int more = 0;

	if (c == NULL)
		return -1;
	gs_net_capture_secrets(c, gs_calls_holder_secrets, d->holder);
	while (!d->stopped && (more = next_packet(d, c, &p, &ignored)) == 1) {
		if (gs_srtp_receiver_learn(d->session, &p,
			gs_net_capture_path(c, p.file), err) == -1)
			break;
		if (p.frame % TICK == 0 && d->hooks.tick != NULL)
			d->stopped = !d->hooks.tick(d->hooks.arg,
			    gs_net_capture_position(c),
			    2 * gs_net_capture_size(c), 0);
	}
	d->passed = gs_net_capture_position(c);
	gs_net_capture_close(c);
	return more == 1 && !d->stopped ?
	    -1 :
	    gs_srtp_receiver_learned(d->session, err);
}

/* Returns 0, or -1; *damaged if the capture is at fault. */
static int
run_files(struct gs_media_dump *d, bool *damaged, struct gs_err *err)
{
	struct gs_net_packet p;
	int more = 0;

	if (d->stopped)
		return 0;
	while ((more = next_packet(d, d->capture, &p, err)) == 1) {
		d->packets++;
		if (d->late && begin_capture(d, err) == -1)
			return -1;
		if (gs_srtp_receiver_packet(d->session, &p,
			gs_net_capture_path(d->capture, p.file), err) == -1)
			return -1;
		bool idle = gs_net_capture_idle(d->capture);

		if (idle && flush(d, err) == -1)
			return -1;
		if (!d->stopped && (idle || d->packets % TICK == 0) &&
		    !tick(d)) {
			d->stopped = true;
			gs_net_capture_drain(d->capture);
		}
	}
	*damaged = more == -1;
	return more;
}

static int
run_live(struct gs_media_dump *d, struct gs_media_dump_result *result,
    struct gs_err *err)
{
	struct gs_net_packet p;
	uint64_t received;
	int more;

	while (
	    !d->stopped && (more = gs_net_live_next(d->live, &p, err)) != -1) {
		if (gs_media_keyfiles_follow(&d->keyfiles, d->live, err) == -1)
			return -1;
		if (more == 1) {
			d->packets++;
			if (gs_srtp_receiver_packet(d->session, &p,
				d->options.interface, err) == -1)
				return -1;
		} else if (gs_srtp_receiver_idle(d->session,
			       GS_LIVE_WAIT_MS * UINT64_C(1000000),
			       err) == -1) {
			return -1;
		}
		if (flush(d, err) == -1)
			return -1;
		d->stopped = !tick(d);
	}
	if (!d->stopped)
		return -1;
	return gs_net_live_counts(d->live, &received, &result->dropped, err);
}

/* ---- the whole */

/* The folder of the first call's file, for later ones. */
static int
guard_calls(struct gs_guard *guard, const char *path, struct gs_err *err)
{
	char folder[PATH_MAX] = ".";
	const char *slash = strrchr(path, '/');

	if (slash != NULL)
		(void)snprintf(folder, sizeof(folder), "%.*s",
		    (int)(slash - path) + 1, path);
	/* A missing folder is reported with the file. */
	return access(folder, F_OK) == -1 ?
	    0 :
	    gs_guard_write_in(guard, "-a", folder, gs_media_audio_is_call, path,
		err);
}

int
gs_media_dump_guard(const struct gs_media_dump_options *o,
    struct gs_guard *guard, struct gs_err *err)
{
	const char *const written[3][2] = { { "-w", o->capture_path },
		{ "-g", o->svg }, { "-a", o->wav } };

	for (size_t i = 0; i < 3; i++)
		if (written[i][1] != NULL &&
		    gs_guard_write(guard, written[i][0], written[i][1], err) ==
			-1)
			return -1;
	if (o->wav != NULL && guard_calls(guard, o->wav, err) == -1)
		return -1;
	return o->folder == NULL ? 0 :
				   gs_guard_write_in(guard, "-A", o->folder,
				       gs_media_audio_is_stream, NULL, err);
}

static int
open_outputs(struct gs_media_dump *d, struct gs_err *err)
{
	const struct gs_media_dump_options *o = &d->options;

	d->summary =
	    gs_media_summary_new(o->report, o->json, file_name, d, err);
	if (d->summary == NULL)
		return -1;
	gs_media_summary_show(d->summary, o->look, o->findings,
	    o->session.mute);
	d->late = o->capture_path != NULL;
	if ((o->capture != NULL ||
		(d->late && (d->live != NULL || d->to_stream))) &&
	    begin_capture(d, err) == -1)
		return -1;
	if ((o->wav != NULL || o->folder != NULL) &&
	    gs_media_audio_new(&d->audio, o->wav, o->folder, &d->out,
		d->summary, err) == -1)
		return -1;
	if (o->add_sdp && (d->sap = calloc(1, sizeof(*d->sap))) == NULL)
		return gs_err_set(err, "out of memory");
	if (o->tones && d->audio != NULL)
		gs_media_audio_tones(d->audio);
	if (o->svg != NULL &&
	    gs_media_picture_new(&d->picture,
		o->ncaptures > 0 ? o->captures[0] : o->interface, err) == -1)
		return -1;
	return 0;
}

/* Reports errors of outputs before anything is read. */
static int
look_at_outputs(struct gs_media_dump *d, struct gs_err *err)
{
	const struct gs_media_dump_options *o = &d->options;
	const char *const paths[] = { o->wav, o->svg, o->capture_path };

	/* Before anything from outside is read. */
	if (o->wav != NULL || o->svg != NULL)
		gs_media_decoder_load();
	d->out = (struct gs_outset){ .guard = o->guard,
		.keeper = o->keeper,
		.live = o->ncaptures == 0,
		.wide = say_wide,
		.arg = d };
	for (int i = 0; i < 3; i++)
		if (paths[i] != NULL &&
		    gs_outfile_check(paths[i], &d->to_stream, err) == -1)
			return -1;
	return 0;
}

/* Everything that requires rights, or sockets, as names in a filter do, before
 * they are given up. A library that is searched by name (a codec's) is loaded
 * before this, too. */
static int
open_early(struct gs_media_dump *d, struct gs_err *err)
{
	const struct gs_media_dump_options *o = &d->options;
	bool live = o->ncaptures == 0;

	if (live &&
	    (d->live = gs_net_live_open(o->interface, o->filter, err)) == NULL)
		return -1;
	/* Starts now what a run over files starts on demand. */
	if (live && o->session.streams.engine != GS_ENGINE_LIBCRYPTO &&
	    (d->reference = gs_srtp_reference_new(err)) == NULL)
		return -1;
	if (!live && o->filter != NULL &&
	    (d->filter = gs_net_filter_new(o->filter, err)) == NULL)
		return -1;
	if (o->pass_file != NULL &&
	    gs_file_read_pass(o->pass_file, o->pass_file, &d->keyfiles.pass,
		err) == -1)
		return -1;
	return live ?
	    gs_media_keyfiles_open(&d->keyfiles, o->keys, o->nkeys, err) :
	    0;
}

static int
open_inputs(struct gs_media_dump *d, struct gs_err *err)
{
	const struct gs_media_dump_options *o = &d->options;

	if (open_early(d, err) == -1)
		return -1;
	if (d->hooks.confine != NULL &&
	    d->hooks.confine(d->hooks.confine_arg, err) == -1)
		return -1;
	if (d->live != NULL)
		return 0;
	d->capture = gs_net_capture_open(o->captures, o->ncaptures, err);
	return d->capture != NULL ? 0 : -1;
}

static int
read_keys(struct gs_media_dump *d, struct gs_err *err)
{
	const struct gs_media_dump_options *o = &d->options;

	d->keyfiles.session = d->session;
	d->keyfiles.holder = d->holder;
	/* A quiet run reports nothing. */
	d->keyfiles.say = o->report != NULL ? d->hooks.say : NULL;
	d->keyfiles.arg = d->hooks.arg;
	if (d->capture != NULL && !can_learn(d))
		gs_net_capture_secrets(d->capture, gs_calls_holder_secrets,
		    d->holder);
	if (d->live == NULL)
		gs_calls_holder_settle(d->holder);
	return gs_media_keyfiles_read(&d->keyfiles, o->keys, o->nkeys,
	    d->live != NULL, err);
}

static bool
wants_capture(const struct gs_media_dump *d)
{
	return d->options.capture != NULL || d->options.capture_path != NULL;
}

struct gs_media_dump *
gs_media_dump_new(const struct gs_media_dump_options *options,
    const struct gs_media_dump_hooks *hooks, struct gs_err *err)
{
	struct gs_srtp_receiver_sink sink = { .packet = take_packet,
		.stream = take_stream,
		.message = take_message };
	struct gs_media_dump *d = calloc(1, sizeof(*d));

	if (d == NULL || (d->frame = malloc(GS_FRAME_MAX)) == NULL) {
		free(d);
		gs_err_set(err, "out of memory");
		return NULL;
	}
	d->options = *options;
	d->hooks = *hooks;
	gs_media_keyfiles_init(&d->keyfiles);
	sink.arg = d;
	if (look_at_outputs(d, err) == -1 || open_inputs(d, err) == -1)
		goto out;
	d->options.session.scrub = wants_capture(d) && !options->keep_sip;
	d->options.session.clear = wants_capture(d) && options->tls;
	d->options.session.streams.live =
	    !d->options.session.sip || !can_learn(d);
	d->holder = gs_calls_holder_new(err);
	d->options.session.holder = options->session.sip ? d->holder : NULL;
	if (d->holder != NULL)
		d->options.session.tls = gs_calls_holder_tls(d->holder);
	if (d->holder != NULL)
		d->session =
		    gs_srtp_receiver_new(&d->options.session, &sink, err);
	if (d->session != NULL && read_keys(d, err) == 0 &&
	    open_outputs(d, err) == 0)
		return d;
out:
	gs_media_dump_free(d);
	return NULL;
}

/* Says how to see the streams that have no SDP in Wireshark. */
static void
say_unsaid(struct gs_media_dump *d)
{
	const struct gs_media_dump_options *o = &d->options;
	bool plain =
	    gs_media_summary_verdicts(d->summary)[GS_VERDICT_DECRYPTED] == 0 &&
	    gs_media_summary_verdicts(d->summary)[GS_VERDICT_PARTLY] == 0;
	const char *path = o->capture_path;
	struct gs_buf file;

	if (d->added > 0)
		gs_media_summary_say(d->summary,
		    "SDP was added for %llu stream%s (--add-sdp).",
		    (unsigned long long)d->added, gs_plural(d->added));
	if (d->unsaid == 0 || d->sap != NULL)
		return;
	if (path == NULL && o->capture == NULL && plain && o->ncaptures == 1)
		path = o->captures[0];
	gs_buf_init(&file, (size_t)4 * PATH_MAX);
	gs_buf_put_path(&file, path != NULL ? path : "-");
	gs_buf_putc(&file, '\0');
	gs_media_summary_say(d->summary,
	    "The capture has no SDP for %llu of the streams. %s"
	    "wireshark --enable-heuristic rtp_udp %s%s",
	    (unsigned long long)d->unsaid,
	    path == NULL && o->capture == NULL ?
		"Write the decrypted one with -w FILE --add-sdp, or open FILE "
		"with: " :
		"Wireshark shows them as RTP if written with --add-sdp, or with: ",
	    path == NULL && o->capture != NULL ? "-k -i " : "-r ",
	    path == NULL && o->capture == NULL ? "FILE" :
		gs_buf_ok(&file)               ? (const char *)file.p :
						 "");
	gs_buf_free(&file);
}

/* Ends all outputs, in any case; they are not in place yet. */
static int
finish(struct gs_media_dump *d, struct gs_err *err)
{
	int r = 0;

	if (d->audio != NULL)
		r = gs_media_audio_end(d->audio, err);
	if (d->stream_failed && r == 0) {
		*err = d->stream_err;
		r = -1;
	}
	if (r == 0)
		r = end_capture(d, err);
	if (r == 0 && d->picture != NULL)
		r = write_picture(d, err);
	say_unsaid(d);
	if (r == 0)
		r = gs_media_summary_end(d->summary, err);
	return r;
}

/* The files take their places, unless the run has failed. */
static int
put_in_place(struct gs_media_dump *d, struct gs_media_dump_result *result,
    bool failed, struct gs_err *err)
{
	if (failed || (result->damaged && d->packets == 0)) {
		gs_outset_drop(&d->out);
		return 0;
	}
	if (gs_outset_commit(&d->out, d->packets > 0, err) == -1)
		return -1;
	result->written = true;
	return 0;
}

int
gs_media_dump_run(struct gs_media_dump *d, struct gs_media_dump_result *result,
    struct gs_err *err)
{
	struct gs_err late;
	int r = 0, end;

	*result = (struct gs_media_dump_result){ 0 };
	if (can_learn(d))
		r = learn(d, err);
	if (r == 0)
		r = d->live != NULL ? run_live(d, result, err) :
				      run_files(d, &result->damaged, err);
	end = r == 0 || result->damaged ?
	    gs_srtp_receiver_end(d->session, r == 0 ? err : &late) :
	    0;
	if (finish(d, r == 0 && end == 0 ? err : &late) == -1)
		end = -1;
	bool failed =
	    (r == -1 && !result->damaged) || end == -1 || gs_memory_lost();
	if (put_in_place(d, result, failed, r == 0 ? err : &late) == -1)
		end = -1;
	memcpy(result->verdict, gs_media_summary_verdicts(d->summary),
	    sizeof(result->verdict));
	result->counts = gs_srtp_receiver_counts(d->session);
	result->keys =
	    gs_srtp_keyring_known(gs_srtp_receiver_keyring(d->session));
	result->masked = gs_srtp_receiver_masked(d->session);
	if (result->keys == 0 && result->counts.sip == 0)
		gs_calls_holder_expect(d->holder);
	return r == 0 && end == 0 ? 0 : -1;
}

const char *
gs_media_dump_found(const struct gs_media_dump *d, char *text, size_t size)
{
	if (d->options.nkeys == 0 &&
	    gs_calls_holder_counts(d->holder).log.secrets == 0)
		return NULL;
	uint64_t keys =
	    gs_srtp_keyring_known(gs_srtp_receiver_keyring(d->session));
	return gs_calls_keyfile_found(keys -
		gs_srtp_receiver_counts(d->session).dtls_keys,
	    d->holder, text, size);
}

const char *
gs_media_dump_shut(const struct gs_media_dump *d, size_t i)
{
	const struct gs_calls_unopened *u =
	    gs_calls_holder_unopened(d->holder, i);

	return u != NULL ? u->text : NULL;
}

struct gs_diags *
gs_media_dump_diags(struct gs_media_dump *d)
{
	return gs_srtp_receiver_diags(d->session);
}

void
gs_media_dump_free(struct gs_media_dump *d)
{
	if (d == NULL)
		return;
	gs_srtp_receiver_free(d->session);
	gs_srtp_reference_free(d->reference);
	gs_calls_holder_free(d->holder);
	for (struct tag *t = d->tags, *next; t != NULL; t = next) {
		next = t->next;
		free(t->dtmf);
		free(t);
	}
	gs_media_keyfiles_close(&d->keyfiles);
	gs_media_audio_free(d->audio);
	gs_outset_drop(&d->out);
	gs_media_picture_free(d->picture);
	gs_media_summary_free(d->summary);
	gs_net_writer_free(d->writer);
	free(d->sap);
	gs_net_capture_close(d->capture);
	gs_net_live_close(d->live);
	gs_net_filter_free(d->filter);
	explicit_bzero(d->frame, GS_FRAME_MAX);
	free(d->frame);
	free(d);
}
