/* SPDX-License-Identifier: MIT */
/* Reads a file, whatever it is, into the calls that are in it. */
#include "calls/input.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/utc.h"
#include "calls/dialog.h"
#include "calls/heard.h"
#include "calls/holder.h"
#include "calls/ladder.h"
#include "calls/relayed.h"
#include "calls/stray.h"
#include "net/capture.h"
#include "net/frame.h"
#include "net/sip.h"
#include "sdp/rules.h"
#include "text/textsrc.h"
#include "text/unpack.h"

/* A capture that is being read. */
struct feed {
	struct gs_text_reader *src;
	struct gs_calls_dialogs *calls;
	struct gs_net_frames *frames;
	struct gs_net_sip *sip;
	struct gs_calls_relayed *relayed;
	struct gs_calls_heard *heard;
	struct gs_calls_stray stray;
	bool message; /* the frame had one */
	struct tm *(*local)(const time_t *t, struct tm *tm);
	bool no_memory;
};

/* Converts a time of a capture to a date. Returns whether it can: the rules of
 * a time zone end with time_t. */
static bool
date_of(const struct feed *f, uint64_t ns, struct tm *tm)
{
	int64_t seconds = (int64_t)(ns / 1000000000);
	time_t s = (time_t)seconds;

	if (f->local == NULL)
		return gs_utc(seconds, tm);
	return s == seconds && f->local(&s, tm) != NULL;
}

/* Writes ns of a capture as text: "2026-11-27 22:42:20.742378". */
static void
put_when(const struct feed *f, uint64_t ns, char to[GS_TEXT_WHEN])
{
	struct tm tm;
	size_t n = 0;

	if (date_of(f, ns, &tm))
		n = strftime(to, GS_TEXT_WHEN, "%Y-%m-%d %H:%M:%S", &tm);
	to[n] = '\0';
	if (n > 0)
		(void)snprintf(to + n, GS_TEXT_WHEN - n, ".%06" PRIu64,
		    ns % 1000000000 / 1000);
}

static void
on_message(void *arg, const struct gs_net_sip_message *m)
{
	struct feed *f = arg;
	char when[GS_TEXT_WHEN];

	f->message = true;
	put_when(f, m->ns, when);
	if (gs_calls_ladder_read(f->src, m, when) == -1)
		f->no_memory = true;
}

/* Takes a frame that belongs to no SIP message. */
static void
pass_over(struct feed *f, const struct gs_net_packet *p,
    const struct gs_net_frame *g)
{
	struct gs_span s = gs_span(g->p + g->payload, g->length);

	if (g->kind == GS_FRAME_UDP && g->length == g->wire)
		gs_calls_relayed_feed(f->relayed, s, p->frame);
	if (g->kind == GS_FRAME_UDP)
		gs_calls_heard_feed(f->heard, &g->src, &g->dst, s, g->wire,
		    p->frame);
	gs_calls_stray_frame(&f->stray, p, g);
}

static void
on_stray(void *arg, struct gs_span bytes, uint64_t frame)
{
	const struct feed *f = arg;

	gs_calls_stray_bytes(&f->stray, bytes, frame);
}

/* Takes fragments whose datagram stayed incomplete. */
static void
take_lost(struct feed *f)
{
	struct gs_net_packet p;
	struct gs_net_frame g;

	while (gs_net_frames_lost(f->frames, &p)) {
		gs_net_frames_lost_place(f->frames, &g);
		gs_calls_stray_fragment(&f->stray, &p, &g);
	}
}

static int
no_memory(const char *path, struct gs_err *err)
{
	return gs_err_set(err, "%s: out of memory", path);
}

/* Reports what the readers counted without showing it. */
static void
tell_counts(const struct feed *f, uint64_t frame)
{
	struct gs_net_sip_counts c = gs_net_sip_counts(f->sip);
	const struct {
		enum gs_text_gap_kind kind;
		uint64_t n;
	} gaps[] = {
		{ GS_GAP_SEGMENT, c.gaps },
		{ GS_GAP_SNAPLEN, c.truncated },
		{ GS_GAP_PACKED, c.compressed },
		/* If there was no message, the reason is reported instead. */
		{ GS_GAP_FRAME,
		    c.messages > 0 ? gs_net_frames_counts(f->frames).unread :
				     0 },
	};

	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++)
		if (gaps[i].n > 0)
			gs_calls_dialogs_gap(f->calls,
			    &(struct gs_text_gap){ .kind = gaps[i].kind,
				.line.pos = { frame, 0 },
				.told = gaps[i].n });
	uint64_t relayed = gs_calls_relayed_count(f->relayed, &frame);
	if (relayed > 0)
		gs_calls_dialogs_relayed(f->calls, frame, relayed);
}

/* Reports the streams in the clear of a capture with calls. */
static void
tell_heard(const struct feed *f)
{
	struct gs_calls_heard_stream s;
	size_t i = 0;

	while (f->message && gs_calls_heard_next(f->heard, &i, &s))
		gs_calls_dialogs_clear(f->calls, &s);
}

/* Reports the TLS connections that may carry calls. */
static uint64_t
tell_shut(const struct feed *f, struct gs_calls_holder *h)
{
	const struct gs_calls_unopened *u;
	struct gs_calls_holder_counts c = gs_calls_holder_counts(h);
	size_t told = 0;
	uint64_t frame = 1;
	char more[96];

	for (; (u = gs_calls_holder_unopened(h, told)) != NULL; told++) {
		gs_calls_dialogs_shut(f->calls, u->frame, u->text,
		    u->anonymous);
		frame = u->frame;
	}
	(void)snprintf(more, sizeof(more),
	    "more connections that were not opened: %" PRIu64,
	    c.unopened - told);
	if (told < c.unopened)
		gs_calls_dialogs_shut(f->calls, frame, more, c.anonymous);
	gs_calls_holder_forget(h);
	return c.unopened;
}

/* Reads the SIP messages of a capture. Its frames are the lines. */
static int
read_packets(struct gs_net_capture *in, struct feed *f, struct gs_err *err)
{
	struct gs_net_packet packet = { .frame = 0 };
	struct gs_net_frame frame;
	uint64_t last = 0;
	int more;

	while ((more = gs_net_capture_next(in, &packet, err)) == 1) {
		last = packet.frame;
		gs_net_frame_parse(f->frames, &packet, &frame);
		if (!gs_net_sip_feed(f->sip, &packet, &frame))
			pass_over(f, &packet, &frame);
		take_lost(f);
	}
	gs_net_frames_end(f->frames);
	take_lost(f);
	gs_net_sip_end(f->sip);
	tell_counts(f, last);
	tell_heard(f);
	return more;
}

/* Where the input is read to. */
struct target {
	struct gs_text_reader *src;
	struct gs_calls_dialogs *calls;
};

static void
tell_unread(const struct feed *f, struct gs_calls_input *in)
{
	struct gs_net_frame_counts c = gs_net_frames_counts(f->frames);
	char text[GS_UNREAD_TEXT];

	if (gs_net_unread_text(&c, text) != NULL)
		(void)snprintf(in->unread, sizeof(in->unread), "%s", text);
}

static int
read_capture(struct gs_calls_input *in, struct target to, struct gs_err *err)
{
	struct feed f = { .src = to.src,
		.calls = to.calls,
		.stray = { to.src, to.calls },
		.local = in->local };
	struct gs_net_sip_sink sink = { .message = on_message,
		.stray = on_stray,
		.arg = &f,
		.layer = in->holder != NULL ?
		    gs_calls_holder_layer(in->holder) :
		    NULL };
	struct gs_net_capture *c;
	int more = -1;

	if (in->confine != NULL && in->confine(in->confine_arg, err) == -1)
		return -1;
	c = gs_net_capture_open(&in->path, 1, err);
	f.frames = c != NULL ? gs_net_frames_new(err) : NULL;
	f.sip = f.frames != NULL ? gs_net_sip_new(&sink, err) : NULL;
	if (f.sip != NULL && in->holder != NULL)
		gs_net_capture_secrets(c, gs_calls_holder_secrets, in->holder);
	f.relayed = f.sip != NULL ? gs_calls_relayed_new() : NULL;
	f.heard = f.sip != NULL ? gs_calls_heard_new() : NULL;
	gs_calls_dialogs_listen(to.calls, f.heard);
	if (f.relayed != NULL && f.heard != NULL)
		more = read_packets(c, &f, err);
	else if (f.sip != NULL)
		(void)no_memory(in->path, err);
	if (more == 0)
		tell_unread(&f, in);
	gs_calls_dialogs_listen(to.calls, NULL);
	gs_calls_heard_free(f.heard);
	gs_calls_relayed_free(f.relayed);
	gs_net_sip_free(f.sip);
	gs_net_frames_free(f.frames);
	gs_net_capture_close(c);
	if (in->holder != NULL && !f.message)
		gs_calls_holder_expect(in->holder);
	if (in->holder != NULL)
		in->shut = tell_shut(&f, in->holder);
	return more == 0 && f.no_memory ? no_memory(in->path, err) : more;
}

/* The reader of a text, and whether it has begun. */
struct text {
	const struct gs_calls_input *in;
	struct gs_text_reader *src;
	bool begun;
};

/* Takes the next bytes, unpacked and in UTF-8. */
static int
take_text(void *arg, struct gs_span bytes, struct gs_err *err)
{
	struct text *x = arg;
	const char *cat;

	if (!x->begun && gs_net_capture_is(bytes))
		return gs_err_set(err,
		    "a capture that is compressed: unpack it first");
	if (!x->begun && gs_file_packer(bytes, &cat) != NULL)
		return gs_err_set(err, "compressed twice: unpack it first");
	x->begun = true;
	if (gs_text_reader_feed(x->src, bytes) == -1)
		return gs_err_set(err, "out of memory");
	if (x->in->piece != NULL)
		x->in->piece();
	return 0;
}

static int
read_pieces(struct text *x, struct gs_text_unpack *u, struct gs_reader *from,
    struct gs_span chunk, struct gs_err *err)
{
	int more;

	do {
		if ((u != NULL ? gs_text_unpack_feed(u, chunk, err) :
				 take_text(x, chunk, err)) == -1)
			return -1;
		more = from != NULL ? gs_reader_next(from, &chunk, err) : 0;
	} while (more == 1);
	return more == 0 && u != NULL ? gs_text_unpack_end(u, err) : more;
}

/* Reads a text. packed: also UTF-16 and UTF-32. */
static int
read_text(const struct gs_calls_input *in, struct gs_text_reader *src,
    struct gs_reader *from, struct gs_span chunk, bool packed,
    struct gs_err *err)
{
	struct text x = { .in = in, .src = src, .begun = !packed };
	struct gs_text_unpack *u = NULL;

	if (packed && in->confine != NULL &&
	    in->confine(in->confine_arg, err) == -1)
		return -1;
	if (packed && (u = gs_text_unpack_new(take_text, &x)) == NULL)
		return no_memory(in->path, err);
	int r = read_pieces(&x, u, from, chunk, err);
	gs_text_unpack_free(u);
	return r == -1 ? gs_err_at(err, in->path) : 0;
}

/* Detects the type of the input, which begins with chunk, and reads it. from:
 * the rest of it, or NULL. */
static int
read_known(struct gs_calls_input *in, struct target to, struct gs_reader *from,
    struct gs_span chunk, struct gs_err *err)
{
	const char *cat, *packer = gs_file_packer(chunk, &cat);
	const bool known = gs_text_unpack_is(chunk);

	in->capture = in->type == GS_TEXT_AUTO && gs_net_capture_is(chunk);
	if (packer != NULL && !known)
		return gs_err_set(err,
		    "%s: compressed by %s: use \"%s FILE | %s\"", in->path,
		    packer, cat, in->reader);
	if (!in->capture)
		return read_text(in, to.src, from, chunk, known, err);
	if (in->bytes != NULL)
		return gs_err_set(err, "%s: a capture, not a text", in->path);
	if (strcmp(in->path, "-") == 0)
		return gs_err_set(err,
		    "standard input is a capture: add -t pcap");
	return read_capture(in, to, err);
}

/* Reads the input, but does not end it. */
static int
read_into(struct gs_calls_input *in, struct target to, struct gs_err *err)
{
	struct gs_reader from;
	struct gs_span chunk = { NULL, 0 };

	if (in->bytes != NULL) {
		in->empty = in->bytes->n == 0;
		return read_known(in, to, NULL, *in->bytes, err);
	}
	if (in->capture)
		return read_capture(in, to, err);
	if (gs_reader_open(&from, in->path, err) == -1)
		return -1;
	int more = gs_reader_next(&from, &chunk, err);
	in->empty = more == 0;
	int r = more == -1 ? gs_err_at(err, in->path) :
			     read_known(in, to, &from, chunk, err);
	gs_reader_close(&from);
	return r;
}

int
gs_calls_read(struct gs_calls_input *in, struct gs_calls_dialogs *calls,
    struct gs_err *err)
{
	struct gs_text_sink sink = gs_calls_dialogs_sink(calls);
	struct gs_text_reader *src =
	    gs_text_reader_new((enum gs_text_type)in->type, &sink);

	in->empty = false;
	if (src == NULL)
		return gs_err_set(err, "out of memory");
	int r = read_into(in, (struct target){ src, calls }, err);
	if (r == 0 && gs_text_reader_end(src) == -1)
		r = no_memory(in->path, err);
	if (gs_calls_dialogs_end(calls) == -1)
		r = no_memory(in->path, err);
	in->type = gs_text_reader_type(src);
	gs_text_reader_free(src);
	return r;
}

bool
gs_calls_holds_nothing(const struct gs_calls_input *in,
    const struct gs_calls_dialogs *calls)
{
	return !in->capture && in->type == GS_TEXT_AUTO &&
	    !gs_calls_dialogs_judged(calls) &&
	    gs_calls_dialogs_gaps(calls) == 0;
}

const char *
gs_calls_nothing(const struct gs_calls_input *in,
    const struct gs_calls_dialogs *calls, struct gs_diags *d)
{
	if (in->empty)
		(void)gs_diag(d, &gs_sdp_rules.rule[GS_R_SDP_VERSION],
		    (struct gs_pos){ 1, 1 }, "the file is empty: no v=0 line");
	if (in->type == GS_TEXT_SIP)
		return "SIP messages, but none with an SDP: nothing to check";
	if (in->capture && in->unread[0] != '\0')
		return in->unread;
	if (in->capture && gs_calls_dialogs_gaps(calls) > 0)
		return "no whole SIP message in this capture: capture with "
		       "\"udp or tcp\", not with \"port 5060\"";
	if (in->capture && in->shut > 0)
		return "SIP uses TLS: see above for what opens it, or check "
		       "FreeSWITCH's log or a phone's trace";
	if (in->capture)
		return "no SIP in this capture. If SIP uses TLS, add a TLS key "
		       "log or the server's agent.pem with -K, or check "
		       "FreeSWITCH's log or a phone's trace";
	if (in->type == GS_TEXT_FSLOG)
		return "a FreeSWITCH log without SDP. Log at level debug "
		       "(fs_cli: fsctl loglevel debug; console loglevel "
		       "affects only the console)";
	if (in->type == GS_TEXT_REG)
		return gs_calls_dialogs_registrations(calls) == 0 ?
		    "a list of registrations, but no phone is registered" :
		    "a list of registrations, which says nothing about media. "
		    "Check a log, a trace or a capture of a call";
	if (in->empty)
		return "the file is empty";
	if (gs_calls_dialogs_gaps(calls) > 0)
		return "nothing in this file could be read, although it may "
		       "contain a call: see the warnings";
	return "no SDP, SIP message, FreeSWITCH log or list of registrations "
	       "found";
}
