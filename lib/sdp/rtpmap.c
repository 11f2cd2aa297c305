/* SPDX-License-Identifier: MIT */
/* The value of a=rtpmap: the codec of a payload type (RFC 8866). */
#include "sdp/rtpmap.h"

/* Removes the part of *s before the first c, and c, and returns it. */
static struct gs_span
cut(struct gs_span *s, struct gs_span c)
{
	size_t n = gs_span_find(*s, c);
	struct gs_span part = gs_span(s->p, n);

	n += n < s->n;
	*s = gs_span(n > 0 ? s->p + n : s->p, s->n - n);
	return part;
}

bool
gs_sdp_rtpmap_parse(struct gs_sdp_rtpmap *map, struct gs_span value)
{
	struct gs_span type = cut(&value, GS_LIT(" "));
	struct gs_span name = cut(&value, GS_LIT("/"));
	struct gs_span clock = cut(&value, GS_LIT("/"));
	uint64_t pt, rate, channels = 0;

	if (gs_span_u64(type, &pt) == -1 || pt > 127 ||
	    gs_span_u64(gs_span_trim(clock), &rate) == -1 || rate == 0 ||
	    rate > 1000000 || name.n == 0)
		return false;
	if (gs_span_u64(gs_span_trim(value), &channels) == -1 || channels > 255)
		channels = 0;
	*map = (struct gs_sdp_rtpmap){ .type = (uint8_t)pt,
		.channels = (uint8_t)channels,
		.clock = (uint32_t)rate };
	for (size_t i = 0; i < name.n && i < sizeof(map->name) - 1; i++) {
		char c = name.p[i];

		map->name[i] =
		    (char)(c > ' ' && c < 127 && c != '\\' ? c : '?');
	}
	return true;
}

bool
gs_sdp_rtpmap_fmtp(struct gs_sdp_rtpmap *map, struct gs_span value)
{
	struct gs_span type = cut(&value, GS_LIT(" "));
	uint64_t pt;
	size_t length;

	if (gs_span_u64(type, &pt) == -1 || map->type != pt)
		return false;
	value = gs_span_trim(value);
	length = value.n;
	while (length >= sizeof(map->params) ||
	    (length < value.n && length > 0 && value.p[length] != ';'))
		length--;
	memset(map->params, 0, sizeof(map->params));
	if (length > 0)
		memcpy(map->params, value.p, length);
	return true;
}
