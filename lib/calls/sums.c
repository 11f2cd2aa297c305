/* SPDX-License-Identifier: MIT */
/* How many calls are encrypted, and over what phones are registered. */
#include "calls/sums.h"

const char *
gs_calls_proven_name(enum gs_calls_proven p)
{
	static const char *const names[] = {
		[GS_CALL_NO_MEDIA] = "no media",
		[GS_CALL_ENCRYPTED] = "encrypted",
		[GS_CALL_UNPROVEN] = "not proven",
		[GS_CALL_NOT] = "not encrypted",
	};

	return names[p];
}

static uint64_t
calls_of(const struct gs_calls_sums *s)
{
	uint64_t n = 0;

	for (unsigned i = 0; i <= GS_CALL_NOT; i++)
		n += s->calls[i];
	return n;
}

static uint64_t
registered_of(const struct gs_calls_sums *s)
{
	uint64_t n = 0;

	for (unsigned i = 0; i <= GS_TRANSPORT_WSS; i++)
		n += s->registered[i];
	return n;
}

static void
put_calls(const struct gs_calls_sums *s, struct gs_buf *b)
{
	gs_buf_put_u64(b, calls_of(s));
	gs_buf_puts(b, calls_of(s) == 1 ? " call, " : " calls, ");
	gs_buf_put_u64(b, s->calls[GS_CALL_ENCRYPTED]);
	gs_buf_puts(b, " encrypted on every leg, ");
	gs_buf_put_u64(b, s->calls[GS_CALL_NOT]);
	gs_buf_puts(b, " not, ");
	gs_buf_put_u64(b, s->calls[GS_CALL_UNPROVEN]);
	gs_buf_puts(b, " not proven");
	if (s->calls[GS_CALL_NO_MEDIA] == 0)
		return;
	gs_buf_puts(b, ", ");
	gs_buf_put_u64(b, s->calls[GS_CALL_NO_MEDIA]);
	gs_buf_puts(b, " without media");
}

void
gs_calls_sums_put(const struct gs_calls_sums *s, struct gs_buf *b)
{
	static const enum gs_sdp_transport order[] = { GS_TRANSPORT_UDP,
		GS_TRANSPORT_TCP, GS_TRANSPORT_WS, GS_TRANSPORT_TLS,
		GS_TRANSPORT_WSS, GS_TRANSPORT_UNKNOWN };
	bool first = true;

	if (calls_of(s) > 0)
		put_calls(s, b);
	if (registered_of(s) == 0)
		return;
	if (calls_of(s) > 0)
		gs_buf_puts(b, "; ");
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		uint64_t n = s->registered[order[i]];
		if (n == 0)
			continue;
		gs_buf_puts(b, first ? "" : ", ");
		gs_buf_put_u64(b, n);
		if (first)
			gs_buf_puts(b,
			    n == 1 ? " phone registered" :
				     " phones registered");
		gs_buf_puts(b, " over ");
		gs_buf_puts(b,
		    order[i] == GS_TRANSPORT_UNKNOWN ?
			"what is not shown" :
			gs_sdp_transport_name(order[i]));
		first = false;
	}
}
