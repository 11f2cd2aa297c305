/* SPDX-License-Identifier: MIT */
/* How to open streams. */
#ifndef GSPROV_SRTP_OPTIONS_H
#define GSPROV_SRTP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum gs_srtp_engine {
	GS_ENGINE_AUTO, /* libcrypto, verified by libsrtp2 */
	GS_ENGINE_LIBCRYPTO,
	GS_ENGINE_LIBSRTP2,
};

struct gs_srtp_streams_options {
	enum gs_srtp_engine engine;
	bool roc_fixed; /* start at roc, and try no other */
	uint32_t roc;
	uint32_t roc_max; /* try ROCs from 0 to roc_max */
	uint64_t tries; /* tries of all streams together, at first; 0: 2^21 */
	bool live; /* more keys may come: streams wait for them */
};

struct gs_srtp_stream;

/* Called when a stream ends, or is removed to make room: the last look at it.
 * Also called for streams in state GS_STREAM_UNSURE. */
typedef void gs_stream_done(void *arg, struct gs_srtp_stream *s);

#endif
