/* SPDX-License-Identifier: MIT */
/* RTP and RTCP: header views, what a datagram is, loss and jitter. */
#include "net/rtp.h"

#include <strings.h>

#include "base/bytes.h"

enum {
	RTP_FIXED = 12,
	RTCP_FIXED = 8,
	SHAPE_NEAR = 64, /* missing packets between two, */
	SHAPE_ROW = 4, /* if this many steps are no greater */
	CLOCK_JUMP_S = 5, /* then RTP's clock began anew, as after a hold */
	STUN_HEADER = 20,
	STUN_COOKIE = 0x2112a442,
	ZRTP_COOKIE = 0x5a525450,
	ZRTP_PREAMBLE = 0x505a,
	ZRTP_LEAST = 28, /* one message of three words */
	DTLS_HEADER = 13,
	DTLS_MOST = 16384 + 2048, /* octets of a record (RFC 6347 4.1) */
};

/* RFC 3551 6, tables 4 and 5. */
static const struct gs_net_rtp_static static_types[] = {
	[0] = { "PCMU", 8000, 1 },
	/* Reserved by RFC 3551; phones still send what it was before. */
	[2] = { "G726-32", 8000, 1 },
	[3] = { "GSM", 8000, 1 },
	[4] = { "G723", 8000, 1 },
	[5] = { "DVI4", 8000, 1 },
	[6] = { "DVI4", 16000, 1 },
	[7] = { "LPC", 8000, 1 },
	[8] = { "PCMA", 8000, 1 },
	[9] = { "G722", 8000, 1 },
	[10] = { "L16", 44100, 2 },
	[11] = { "L16", 44100, 1 },
	[12] = { "QCELP", 8000, 1 },
	[13] = { "CN", 8000, 1 },
	[14] = { "MPA", 90000, 1 },
	[15] = { "G728", 8000, 1 },
	[16] = { "DVI4", 11025, 1 },
	[17] = { "DVI4", 22050, 1 },
	[18] = { "G729", 8000, 1 },
	[25] = { "CelB", 90000, 1 },
	[26] = { "JPEG", 90000, 1 },
	[28] = { "nv", 90000, 1 },
	[31] = { "H261", 90000, 1 },
	[32] = { "MPV", 90000, 1 },
	[33] = { "MP2T", 90000, 1 },
	[34] = { "H263", 90000, 1 },
};

const struct gs_net_rtp_static *
gs_net_rtp_static(uint8_t pt)
{
	size_t n = sizeof(static_types) / sizeof(static_types[0]);

	return pt < n && static_types[pt].name != NULL ? &static_types[pt] :
							 NULL;
}

int
gs_net_rtp_beyond(uint8_t pt, size_t n)
{
	enum { PCMU = 0, PCMA = 8, G722 = 9, TEN_MS = 80 };

	return pt == PCMU || pt == PCMA || pt == G722 ? (int)(n % TEN_MS) : -1;
}

/* RFC 3551 section 4.5, of G.723 the shorter frame; RFC 3952 (iLBC), RFC 4298
 * (BroadVoice); L16 with one channel. */
static const struct {
	const char *name;
	uint8_t octets;
	uint8_t ticks;
} codecs[] = { { "PCMU", 1, 1 }, { "PCMA", 1, 1 }, { "G722", 1, 1 },
	{ "GSM", 33, 160 }, { "GSM-EFR", 31, 160 }, { "G723", 20, 240 },
	{ "LPC", 7, 160 }, { "G728", 1, 4 }, { "G729", 1, 8 },
	{ "iLBC", 38, 160 }, { "iLBC", 50, 240 }, { "G726-16", 1, 4 },
	{ "G726-24", 3, 8 }, { "G726-32", 1, 2 }, { "G726-40", 5, 8 },
	{ "AAL2-G726-32", 1, 2 }, { "BV16", 10, 40 }, { "BV32", 20, 80 },
	{ "L16", 2, 1 } };

enum { CODECS = sizeof(codecs) / sizeof(codecs[0]) };
_Static_assert(CODECS <= 24, "the upper bits of a set are others'");

uint32_t
gs_net_rtp_codecs(const char *name)
{
	uint32_t set = 0;

	for (size_t i = 0; i < CODECS; i++)
		if (strcasecmp(codecs[i].name, name) == 0)
			set |= UINT32_C(1) << i;
	return set;
}

uint32_t
gs_net_rtp_fits(size_t n, uint32_t ticks)
{
	uint32_t set = 0;

	for (size_t i = 0; n > 0 && i < CODECS; i++)
		if (n * codecs[i].ticks == (uint64_t)ticks * codecs[i].octets &&
		    n % codecs[i].octets == 0)
			set |= UINT32_C(1) << i;
	return set;
}

bool
gs_net_rtp_tiny(const uint8_t *p, size_t n)
{
	enum { TAG = 4, EVENTS = 17, RESERVED = 0x40 };

	/* An event is as long as a tag behind nothing. */
	return (n > 0 && n < TAG) ||
	    (n == TAG && p[0] < EVENTS && (p[1] & RESERVED) == 0);
}

/* STUN (RFC 8489 section 5): its length is the datagram's. Without the cookie
 * (RFC 3489), only the methods of that RFC. */
static bool
is_stun(const uint8_t *p, size_t n)
{
	if (n < STUN_HEADER || gs_be16(p + 2) != n - STUN_HEADER ||
	    gs_be16(p + 2) % 4 != 0)
		return false;
	return gs_be32(p + 4) == STUN_COOKIE ||
	    ((p[0] & ~1u) == 0 && (p[1] & 15) <= 2 && (p[1] & 15) > 0);
}

/* ZRTP (RFC 6189 section 5): the length counts words from the preamble on,
 * a checksum follows. */
static bool
is_zrtp(const uint8_t *p, size_t n)
{
	return n >= ZRTP_LEAST && p[0] == 16 && gs_be32(p + 4) == ZRTP_COOKIE &&
	    gs_be16(p + 12) == ZRTP_PREAMBLE &&
	    12 + 4 * (size_t)gs_be16(p + 14) + 4 == n;
}

/* A record of DTLS 1.0 or 1.2; handshake records of DTLS 1.3 look the same (RFC
 * 9147 section 4). In one with a connection ID, the length follows the ID. A
 * snaplen may have cut the last record. */
static bool
is_dtls(const uint8_t *p, size_t n)
{
	if (n < DTLS_HEADER || p[0] < 20 || p[0] > 25 || p[1] != 0xfe ||
	    (p[2] != 0xff && p[2] != 0xfd))
		return false;
	return p[0] == 25 ||
	    (gs_be16(p + 11) > 0 && gs_be16(p + 11) <= DTLS_MOST);
}

/* TURN (RFC 8656 section 12.4): up to three octets of padding. */
static bool
is_channel(const uint8_t *p, size_t n)
{
	size_t length = gs_be16(p + 2);

	return length + 4 <= n && n - 4 - length < 4;
}

enum gs_net_payload
gs_net_payload_classify(const uint8_t *p, size_t n)
{
	if (n < 4)
		return GS_MEDIA_OTHER;
	if (p[0] >= 128 && p[0] <= 191) {
		if (p[1] >= 192 && p[1] <= 223)
			return n >= RTCP_FIXED ? GS_MEDIA_RTCP : GS_MEDIA_OTHER;
		return n >= RTP_FIXED + (p[0] & 15u) * 4 ? GS_MEDIA_RTP :
							   GS_MEDIA_OTHER;
	}
	if (p[0] <= 3)
		return is_stun(p, n) ? GS_MEDIA_STUN : GS_MEDIA_OTHER;
	if (p[0] >= 16 && p[0] <= 19)
		return is_zrtp(p, n) ? GS_MEDIA_ZRTP : GS_MEDIA_OTHER;
	if (p[0] >= 20 && p[0] <= 63)
		return is_dtls(p, n) ? GS_MEDIA_DTLS : GS_MEDIA_OTHER;
	if (p[0] >= 64 && p[0] <= 79)
		return is_channel(p, n) ? GS_MEDIA_TURN : GS_MEDIA_OTHER;
	return GS_MEDIA_OTHER;
}

/* The DATA attribute of a message of STUN whose length is right. */
static struct gs_span
stun_data(const uint8_t *p, size_t n)
{
	enum { SEND = 0x16, DATA = 0x17, ATTRIBUTE = 0x13 };
	bool carries = gs_be16(p) == SEND || gs_be16(p) == DATA;
	size_t at = STUN_HEADER;

	while (carries && n - at >= 4 && gs_be16(p + at + 2) <= n - at - 4) {
		size_t length = gs_be16(p + at + 2);

		if (gs_be16(p + at) == ATTRIBUTE)
			return gs_span(p + at + 4, length);
		/* The length is a multiple of four, so this stays inside. */
		at += 4 + ((length + 3) & ~(size_t)3);
	}
	return gs_span(p, 0);
}

struct gs_span
gs_net_payload_unwrap(const uint8_t *p, size_t n)
{
	if (is_stun(p, n))
		return stun_data(p, n);
	if (n < 4 || gs_be16(p + 2) > n - 4)
		return gs_span(p, 0);
	return gs_span(p + 4, gs_be16(p + 2));
}

bool
gs_net_rtp_parse(struct gs_net_rtp *r, const uint8_t *p, size_t n)
{
	if (n < RTP_FIXED || p[0] >> 6 != 2)
		return false;
	size_t fixed = RTP_FIXED + (p[0] & 15u) * 4, header = fixed;
	bool extension = p[0] & 0x10;
	if (n < header)
		return false;
	if (extension) {
		if (n - header < 4)
			return false;
		size_t words = gs_be16(p + header + 2);
		header += 4;
		if (n - header < words * 4)
			return false;
		header += words * 4;
	}
	r->type = p[1] & 0x7f;
	r->csrcs = p[0] & 15;
	r->marker = p[1] & 0x80;
	r->padding = p[0] & 0x20;
	r->extension = extension;
	r->seq = gs_be16(p + 2);
	r->time = gs_be32(p + 4);
	r->ssrc = gs_be32(p + 8);
	r->profile = extension ? gs_be16(p + fixed) : 0;
	r->extension_at = extension ? (uint16_t)fixed : 0;
	r->header = (uint32_t)header;
	return true;
}

bool
gs_net_rtp_cryptex(const uint8_t *p, size_t header)
{
	size_t at = 12 + 4 * (size_t)(p[0] & 15);

	return (p[0] & 0x10) != 0 && at + 4 <= header &&
	    (p[at] == 0xc0 || p[at] == 0xc2) && p[at + 1] == 0xde;
}

bool
gs_net_rtp_payload(const struct gs_net_rtp *r, const uint8_t *p, size_t n,
    struct gs_span *payload)
{
	*payload = gs_span(p + r->header, n - r->header);
	if (!r->padding)
		return true;
	if (payload->n == 0 || p[n - 1] == 0 || p[n - 1] > payload->n)
		return false;
	payload->n -= p[n - 1];
	return true;
}

int
gs_net_rtcp_next(struct gs_net_rtcp *r, const uint8_t *p, size_t n, size_t *at)
{
	if (*at >= n)
		return 0;
	const uint8_t *h = p + *at;
	size_t left = n - *at;
	if (left < 4 || h[0] >> 6 != 2)
		return -1;
	size_t length = (gs_be16(h + 2) + 1u) * 4;
	if (length > left)
		return -1;
	*r = (struct gs_net_rtcp){
		.type = h[1],
		.count = h[0] & 31,
		.padding = h[0] & 0x20,
		.ssrc = length >= 8 ? gs_be32(h + 4) : 0,
		.bytes = gs_span(h, length),
	};
	*at += length;
	return 1;
}

bool
gs_net_rtp_shape_add(struct gs_net_rtp_shape *s, const struct gs_net_rtp *r)
{
	bool fits = s->seen && s->ssrc == r->ssrc;
	uint16_t step = (uint16_t)(r->seq - s->next);

	if (fits && s->sure)
		return true;
	fits = fits && s->type == r->type;
	s->near = !fits       ? 0 :
	    step < SHAPE_NEAR ? (uint8_t)(s->near + 1) :
				s->near;
	s->sure = fits && (step == 0 || s->near == SHAPE_ROW);
	s->seen = true;
	s->ssrc = r->ssrc;
	s->type = r->type;
	s->next = (uint16_t)(r->seq + 1);
	return s->sure;
}

/* ---- statistics */

static uint64_t *
word_of(struct gs_net_rtp_stats *s, uint64_t index)
{
	return &s->window[index % GS_RTP_WINDOW / 64];
}

/* Clears the bits of indexes that are now too old. */
static void
slide(struct gs_net_rtp_stats *s, uint64_t newest)
{
	if (newest - s->newest >= GS_RTP_WINDOW) {
		memset(s->window, 0, sizeof(s->window));
		s->newest = newest;
		return;
	}
	while (s->newest < newest) {
		s->newest++;
		*word_of(s, s->newest) &= ~(UINT64_C(1) << (s->newest % 64));
	}
}

/* Adds how much the time between two packets differs from their RTP times. */
static void
add_delta(struct gs_net_rtp_stats *s, double d, uint32_t rate)
{
	s->jitter += (d - s->jitter) / 16;
	double ms = s->jitter * 1000 / rate;
	s->jitter_sum += ms;
	s->jitters++;
	s->jitter_max = ms > s->jitter_max ? ms : s->jitter_max;
	d = d * 1000 / rate;
	s->delta_max = d > s->delta_max ? d : s->delta_max;
}

static void
add_jitter(struct gs_net_rtp_stats *s, uint32_t time, uint64_t ns,
    uint32_t rate)
{
	if (rate != 0 && s->rate == rate && s->received > 0) {
		double gone = (double)(int64_t)(ns - s->ns) * 1e-9 * rate;
		double d = gone - (double)(int32_t)(time - s->time);
		d = d < 0 ? -d : d;
		if (d <= (double)CLOCK_JUMP_S * rate)
			add_delta(s, d, rate);
	}
	if (s->received > 0 && ns > s->ns && ns - s->ns > s->gap_max)
		s->gap_max = ns - s->ns;
	s->rate = rate;
	s->time = time;
	s->ns = ns;
}

void
gs_net_rtp_stats_restart(struct gs_net_rtp_stats *s)
{
	s->rate = 0;
}

bool
gs_net_rtp_stats_came(const struct gs_net_rtp_stats *s, uint64_t index)
{
	return s->started && index <= s->newest &&
	    s->newest - index < GS_RTP_WINDOW &&
	    (s->window[index % GS_RTP_WINDOW / 64] >> (index % 64) & 1) != 0;
}

enum gs_net_rtp_order
gs_net_rtp_stats_add(struct gs_net_rtp_stats *s, uint64_t index, uint32_t time,
    uint64_t ns, uint32_t rate)
{
	enum gs_net_rtp_order order = GS_RTP_NEXT;

	if (!s->started) {
		s->started = true;
		s->first = s->newest = index;
	} else if (index > s->newest) {
		slide(s, index);
	} else {
		order = gs_net_rtp_stats_came(s, index) ? GS_RTP_DUPLICATE :
							  GS_RTP_LATE;
	}
	if (index < s->first)
		s->first = index;
	if (s->newest - index < GS_RTP_WINDOW)
		*word_of(s, index) |= UINT64_C(1) << (index % 64);
	if (order == GS_RTP_DUPLICATE)
		s->duplicates++;
	else
		add_jitter(s, time, ns, rate);
	s->late += order == GS_RTP_LATE;
	s->received++;
	return order;
}

uint64_t
gs_net_rtp_stats_lost(const struct gs_net_rtp_stats *s)
{
	uint64_t expected = s->started ? s->newest - s->first + 1 : 0;
	uint64_t came = s->received - s->duplicates;

	return expected > came ? expected - came : 0;
}

double
gs_net_rtp_stats_jitter_ms(const struct gs_net_rtp_stats *s)
{
	return s->rate == 0 ? 0 : s->jitter * 1000 / s->rate;
}
