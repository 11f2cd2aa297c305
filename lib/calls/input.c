/* SPDX-License-Identifier: MIT */
/* Reads a file, whatever it is, into the calls that are in it. */
#include "calls/input.h"

#include "base/file.h"
#include "calls/dialog.h"
#include "net/capture.h"
#include "net/frame.h"
#include "net/sip.h"
#include "sdp/rules.h"
#include "text/textsrc.h"

/* A capture that is being read. */
struct feed {
	struct gs_text_reader *src;
	bool no_memory;
};

static void
on_message(void *arg, const struct gs_net_sip_message *m)
{
	static const enum gs_sdp_transport transports[] = {
		[GS_SIP_UDP] = GS_TRANSPORT_UDP,
		[GS_SIP_TCP] = GS_TRANSPORT_TCP,
		[GS_SIP_TLS] = GS_TRANSPORT_TLS,
		[GS_SIP_SCTP] = GS_TRANSPORT_UNKNOWN,
	};
	struct feed *f = arg;

	if (gs_text_reader_message(f->src, m->bytes, m->first_frame,
		transports[m->transport]) == -1)
		f->no_memory = true;
}

static int
no_memory(const char *path, struct gs_err *err)
{
	return gs_err_set(err, "%s: no memory", path);
}

/* Feeds the SIP messages of a capture; its frames are the lines. */
static int
read_capture(const char *path, struct gs_text_reader *src, struct gs_err *err)
{
	struct feed f = { .src = src };
	struct gs_net_sip_sink sink = { .message = on_message, .arg = &f };
	struct gs_net_capture *in = gs_net_capture_open(&path, 1, err);
	struct gs_net_frames *frames =
	    in != NULL ? gs_net_frames_new(err) : NULL;
	struct gs_net_sip *sip =
	    frames != NULL ? gs_net_sip_new(&sink, err) : NULL;
	struct gs_net_packet packet;
	struct gs_net_frame frame;
	int more = -1;

	while (sip != NULL &&
	    (more = gs_net_capture_next(in, &packet, err)) == 1) {
		gs_net_frame_parse(frames, &packet, &frame);
		(void)gs_net_sip_feed(sip, &packet, &frame);
		while (gs_net_frames_lost(frames, &packet))
			; /* nothing is written */
	}
	if (sip != NULL)
		gs_net_sip_end(sip);
	gs_net_sip_free(sip);
	gs_net_frames_free(frames);
	gs_net_capture_close(in);
	return more == 0 && f.no_memory ? no_memory(path, err) : more;
}

static int
read_text(const struct gs_calls_input *in, struct gs_text_reader *src,
    struct gs_reader *from, struct gs_span chunk, struct gs_err *err)
{
	int more;

	do {
		if (gs_text_reader_feed(src, chunk) == -1)
			return no_memory(in->path, err);
		if (in->piece != NULL)
			in->piece();
		more = gs_reader_next(from, &chunk, err);
	} while (more == 1);
	return more == -1 ? gs_err_at(err, in->path) : 0;
}

/* What begins with chunk, if it is to be read at all. */
static int
read_known(struct gs_calls_input *in, struct gs_text_reader *src,
    struct gs_reader *from, struct gs_span chunk, struct gs_err *err)
{
	const char *cat, *packer = gs_file_packer(chunk, &cat);

	in->capture = in->type == GS_TEXT_AUTO && gs_net_capture_is(chunk);
	if (packer != NULL)
		return gs_err_set(err,
		    "%s: compressed by %s: use \"%s FILE | %s\"", in->path,
		    packer, cat, in->reader);
	if (gs_span_is_utf16(chunk))
		return gs_err_set(err,
		    "%s: UTF-16: use \"iconv -f UTF-16 -t UTF-8 FILE | %s\"",
		    in->path, in->reader);
	if (!in->capture)
		return read_text(in, src, from, chunk, err);
	if (strcmp(in->path, "-") == 0)
		return gs_err_set(err,
		    "standard input is a capture: say -t pcap");
	return read_capture(in->path, src, err);
}

/* Reads in->path into src, but for its end. */
static int
read_into(struct gs_calls_input *in, struct gs_text_reader *src,
    struct gs_err *err)
{
	struct gs_reader from;
	struct gs_span chunk = { NULL, 0 };

	if (in->capture)
		return read_capture(in->path, src, err);
	if (gs_reader_open(&from, in->path, err) == -1)
		return -1;
	int more = gs_reader_next(&from, &chunk, err);
	in->empty = more == 0;
	int r = more == -1 ? gs_err_at(err, in->path) :
			     read_known(in, src, &from, chunk, err);
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
		return gs_err_set(err, "no memory");
	int r = read_into(in, src, err);
	if (r == 0 && gs_text_reader_end(src) == -1)
		r = no_memory(in->path, err);
	if (gs_calls_dialogs_end(calls) == -1)
		r = no_memory(in->path, err);
	in->type = gs_text_reader_type(src);
	gs_text_reader_free(src);
	return r;
}

const char *
gs_calls_nothing(const struct gs_calls_input *in, struct gs_diags *d)
{
	if (in->empty)
		(void)gs_diag(d, &gs_sdp_rules.rule[GS_R_SDP_VERSION],
		    (struct gs_pos){ 1, 1 }, "the file is empty: no v=0 line");
	if (in->capture)
		return "no SIP in this capture: if it ran over TLS, check the "
		       "log of FreeSWITCH or a phone's trace";
	if (in->type == GS_TEXT_FSLOG)
		return "a FreeSWITCH log, but without SDP: it must be logged "
		       "at level debug (fs_cli: sofia loglevel all 9; "
		       "console loglevel debug)";
	if (in->type == GS_TEXT_REG)
		return "a list of registrations, but nobody is registered";
	if (in->empty)
		return "the file is empty";
	return "no SDP, SIP message, FreeSWITCH log or list of registrations "
	       "in it";
}
