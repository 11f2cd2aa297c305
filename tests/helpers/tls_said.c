/* SPDX-License-Identifier: MIT */
/* tls_said CAPTURE KEYLOG: prints the SIP messages that are in TLS. */
#include <stdio.h>

#include "base/diag.h"
#include "base/file.h"
#include "calls/holder.h"
#include "net/capture.h"
#include "net/frame.h"
#include "net/sip.h"

static void
print(void *arg, const struct gs_net_sip_message *m)
{
	(void)arg;
	(void)fwrite(m->bytes.p, 1, m->bytes.n, stdout);
}

int
main(int argc, char **argv)
{
	struct gs_err err = { .text = "CAPTURE KEYLOG" };
	struct gs_calls_holder *h = gs_calls_holder_new(&err);
	struct gs_net_sip_sink sink = { print, NULL, gs_calls_holder_layer(h) };
	struct gs_tls_keylines lines = { .other = NULL };
	struct gs_net_packet p;
	struct gs_net_frame f;
	struct gs_buf keys;
	int more = -1;

	gs_buf_init(&keys, SIZE_MAX);
	struct gs_net_capture *c = argc != 3 ?
	    NULL :
	    gs_net_capture_open((const char *const *)argv + 1, 1, &err);
	struct gs_net_frames *frames = gs_net_frames_new(&err);
	struct gs_net_sip *sip = gs_net_sip_new(&sink, &err);
	if (c != NULL && gs_file_read(argv[2], &keys, &err) == 0 &&
	    gs_calls_holder_text(h, &lines, gs_buf_span(&keys), true) == 0)
		while ((more = gs_net_capture_next(c, &p, &err)) == 1) {
			gs_net_frame_parse(frames, &p, &f);
			(void)gs_net_sip_feed(sip, &p, &f);
		}
	gs_net_sip_end(sip);
	gs_net_sip_free(sip);
	gs_net_frames_free(frames);
	gs_net_capture_close(c);
	gs_calls_holder_free(h);
	gs_buf_free(&keys);
	if (more != 0)
		(void)fprintf(stderr, "tls_said: %s\n", err.text);
	return more != 0;
}
