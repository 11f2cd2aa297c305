/* SPDX-License-Identifier: MIT */
/* How streams are to be opened. */
#ifndef GSPROV_SRTP_OPTIONS_H
#define GSPROV_SRTP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum gs_srtp_engine {
	GS_ENGINE_AUTO, /* libcrypto, and libsrtp2's second opinion */
	GS_ENGINE_LIBCRYPTO,
	GS_ENGINE_LIBSRTP2,
};

struct gs_srtp_streams_options {
	enum gs_srtp_engine engine;
	bool roc_fixed; /* start at roc, search nothing else */
	uint32_t roc;
	uint32_t roc_max; /* search 0 … roc_max */
	uint64_t tries; /* of all streams to begin with; 0: 2^21 */
	bool live; /* keys may still come: streams wait for them */
};

struct gs_srtp_stream;

/* A stream has ended, or made room: look at it for the last time. Those in
 * state GS_STREAM_UNSURE come, too. */
typedef void gs_stream_done(void *arg, struct gs_srtp_stream *s);

#endif
