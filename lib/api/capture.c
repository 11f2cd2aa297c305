/* SPDX-License-Identifier: MIT */
/* The streams of a capture file, and the packets that could be opened. */
#include <stdlib.h>

#include "api/findings_priv.h"
#include "api/keys_priv.h"
#include "base/file.h"
#include "calls/holder.h"
#include "net/addr.h"
#include "net/capture.h"
#include "srtp/receiver.h"
#include "srtp/stream.h"

static const enum gsprov_verdict verdicts[GS_VERDICTS] = {
	[GS_VERDICT_DECRYPTED] = GSPROV_DECRYPTED,
	[GS_VERDICT_PARTLY] = GSPROV_PARTLY,
	[GS_VERDICT_NO_KEY] = GSPROV_NO_KEY,
	[GS_VERDICT_STOPPED] = GSPROV_STOPPED,
	[GS_VERDICT_PLAIN] = GSPROV_PLAIN,
};

enum { GSPROV_ROC_MAX = 4096 }; /* as gs-srtpdump searches */

struct stream {
	enum gsprov_verdict verdict;
	char source[GS_ADDR_TEXT];
	char destination[GS_ADDR_TEXT];
	uint32_t ssrc;
	char print[9];
	uint64_t packets;
	uint64_t opened;
	uint64_t lost;
};

struct gsprov_capture {
	struct stream *list;
	size_t n;
	size_t size;
};

/* A run over a file. */
struct run {
	struct gsprov_capture *c;
	gsprov_packet *packet;
	void *arg;
	bool stopped;
	bool no_memory;
};

/* The number of st, which it gets at the first call; 0 if out of memory. */
static uint32_t
number_of(struct run *run, struct gs_srtp_stream *st)
{
	struct gsprov_capture *c = run->c;
	void **tag = gs_srtp_stream_tag(st);

	if (*tag == NULL) {
		if (!gs_grow(&c->list, &c->size, c->n + 1, sizeof(*c->list))) {
			run->no_memory = true;
			return 0;
		}
		c->list[c->n] = (struct stream){ .verdict = GSPROV_NO_KEY };
		*tag = (void *)(uintptr_t)++c->n;
	}
	return (uint32_t)(uintptr_t)*tag;
}

static int
on_packet(void *arg, const struct gs_srtp_receiver_packet *p,
    struct gs_err *err)
{
	struct run *run = arg;
	const struct gs_srtp_unprotected *o = p->opened;

	if (p->media == NULL || o->unsure || p->media->rtcp)
		return 0;
	uint32_t stream = number_of(run, o->stream);
	if (stream == 0)
		return gs_err_set(err, "out of memory");
	if (run->packet == NULL || (!o->ok && (!o->plain || p->media->cut)))
		return 0;
	run->stopped =
	    run->packet(run->arg, stream, p->media->ns, o->p, o->n) != 0;
	return run->stopped ? gs_err_set(err, "stopped by the caller") : 0;
}

static void
on_stream(void *arg, struct gs_srtp_stream *st)
{
	struct run *run = arg;
	struct gs_srtp_stream_view v;

	gs_srtp_stream_look(st, &v);
	if (v.prot.state == GS_STREAM_UNSURE)
		return;
	uint32_t number = number_of(run, st);
	if (number == 0)
		return;
	struct stream *s = &run->c->list[number - 1];
	s->verdict = verdicts[gs_srtp_stream_verdict(&v)];
	(void)gs_net_addr_text(&v.id.src, s->source);
	(void)gs_net_addr_text(&v.id.dst, s->destination);
	s->ssrc = v.id.ssrc;
	if (v.key.n > 0)
		memcpy(s->print, v.key.print, sizeof(s->print));
	s->packets = v.count.packets;
	s->opened = v.count.opened;
	s->lost = v.lost;
	explicit_bzero(&v.key, sizeof(v.key));
}

/* Gives each packet of path to r: learn, when only its keys are wanted, and the
 * secrets in it to holder. */
static int
read_file(const char *path, struct gs_srtp_receiver *r, bool learn,
    struct gs_calls_holder *holder, struct gs_err *err)
{
	struct gs_net_capture *in = gs_net_capture_open(&path, 1, err);
	struct gs_net_packet p;
	int more = -1, ok = 0;

	if (in == NULL)
		return -1;
	gs_net_capture_secrets(in, gs_calls_holder_secrets, holder);
	while (ok == 0 && (more = gs_net_capture_next(in, &p, err)) == 1)
		ok = learn ? gs_srtp_receiver_learn(r, &p, path, err) :
			     gs_srtp_receiver_packet(r, &p, path, err);
	gs_net_capture_close(in);
	return ok == 0 ? more : -1;
}

static int
read_texts(const struct gsprov_keys *k, struct gs_srtp_receiver *r,
    struct gs_err *err)
{
	for (size_t i = 0; k != NULL && i < k->sources; i++) {
		gs_srtp_receiver_text_begin(r, k->source[i].name);
		if (gs_srtp_receiver_text(r, gsprov_keys_text(k, i), err) ==
			-1 ||
		    gs_srtp_receiver_text_end(r, err) == -1)
			return -1;
	}
	return 0;
}

static int
run_over(const char *path, const struct gsprov_keys *keys,
    struct gs_srtp_receiver *r, struct gs_calls_holder *holder,
    struct gs_err *err)
{
	if (read_texts(keys, r, err) == -1)
		return -1;
	/* Keys that come late open what came early. */
	if (gs_file_is_regular(path) &&
	    (read_file(path, r, true, holder, err) == -1 ||
		gs_srtp_receiver_learned(r, err) == -1))
		return -1;
	if (read_file(path, r, false, holder, err) == -1)
		return -1;
	return gs_srtp_receiver_end(r, err);
}

struct gsprov_capture *
gsprov_capture_read(const char *path, const struct gsprov_keys *keys,
    gsprov_packet *packet, void *arg, char *err)
{
	struct run run = { calloc(1, sizeof(*run.c)), packet, arg, false,
		false };
	struct gs_err e = { .text = "out of memory" };
	struct gs_calls_holder *holder = gsprov_keys_holder(keys, &e);
	struct gs_srtp_receiver_options options = {
		.sip = true,
		.holder = holder,
		.streams = { .roc_max = GSPROV_ROC_MAX,
		    .live = !gs_file_is_regular(path) },
	};
	struct gs_srtp_receiver_sink sink = { on_packet, on_stream, &run };
	struct gs_srtp_receiver *r = NULL;

	if (holder != NULL && run.c != NULL) {
		options.tls = gs_calls_holder_tls(holder);
		r = gs_srtp_receiver_new(&options, &sink, &e);
	}
	int ok = r != NULL ? run_over(path, keys, r, holder, &e) : -1;

	gs_srtp_receiver_free(r);
	if (keys == NULL)
		gs_calls_holder_free(holder);
	if (ok == 0 && !run.no_memory)
		return run.c;
	gsprov_capture_free(run.c);
	(void)(run.no_memory ? gsprov_fail_with(err, "out of memory") :
			       gsprov_fail(err, &e));
	return NULL;
}

void
gsprov_capture_free(struct gsprov_capture *c)
{
	if (c == NULL)
		return;
	free(c->list);
	free(c);
}

/* ---- reading it */

static const struct stream *
at(const struct gsprov_capture *c, uint32_t stream)
{
	static const struct stream none = { .verdict = GSPROV_NO_KEY };

	return stream > 0 && stream <= c->n ? &c->list[stream - 1] : &none;
}

static const char *
text_or_null(const char *s)
{
	return s[0] != '\0' ? s : NULL;
}

uint32_t
gsprov_capture_streams(const struct gsprov_capture *c)
{
	return (uint32_t)c->n;
}

enum gsprov_verdict
gsprov_stream_verdict(const struct gsprov_capture *c, uint32_t stream)
{
	return at(c, stream)->verdict;
}

const char *
gsprov_stream_source(const struct gsprov_capture *c, uint32_t stream)
{
	return text_or_null(at(c, stream)->source);
}

const char *
gsprov_stream_destination(const struct gsprov_capture *c, uint32_t stream)
{
	return text_or_null(at(c, stream)->destination);
}

uint32_t
gsprov_stream_ssrc(const struct gsprov_capture *c, uint32_t stream)
{
	return at(c, stream)->ssrc;
}

const char *
gsprov_stream_fingerprint(const struct gsprov_capture *c, uint32_t stream)
{
	return text_or_null(at(c, stream)->print);
}

uint64_t
gsprov_stream_packets(const struct gsprov_capture *c, uint32_t stream)
{
	return at(c, stream)->packets;
}

uint64_t
gsprov_stream_opened(const struct gsprov_capture *c, uint32_t stream)
{
	return at(c, stream)->opened;
}

uint64_t
gsprov_stream_lost(const struct gsprov_capture *c, uint32_t stream)
{
	return at(c, stream)->lost;
}
