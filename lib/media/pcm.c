/* SPDX-License-Identifier: MIT */
/* Payloads to linear 16-bit samples: G.711 and L16. */
#include "media/pcm_priv.h"

#include "base/bytes.h"

/* G.711 tables 1 and 2: sign, segment, step; even bits inverted (A-law) or
 * all bits inverted (mu-law). The result is shifted up to 16 bits. */
#define SEG(i) (((i) >> 4) & 7)
#define ASTEP(i) ((((i)&15) << 4) + (SEG(i) == 0 ? 8 : 0x108))
#define AMAG(i) (ASTEP(i) << (SEG(i) > 1 ? SEG(i) - 1 : 0))
#define ASIGN(i) (int16_t)((i)&0x80 ? AMAG(i) : -AMAG(i))
#define ALAW(i) ASIGN((i) ^ 0x55)
#define UMAG(i) ((((((i)&15) << 3) + 0x84) << SEG(i)) - 0x84)
#define USIGN(i) (int16_t)((i)&0x80 ? -UMAG(i) : UMAG(i))
#define ULAW(i) USIGN((i) ^ 0xff)

#define R4(f, i) f(i), f((i) + 1), f((i) + 2), f((i) + 3)
#define R16(f, i) R4(f, i), R4(f, (i) + 4), R4(f, (i) + 8), R4(f, (i) + 12)
#define R64(f, i)                                                              \
	R16(f, i), R16(f, (i) + 16), R16(f, (i) + 32), R16(f, (i) + 48)
#define R256(f) R64(f, 0), R64(f, 64), R64(f, 128), R64(f, 192)

static const int16_t alaw[256] = { R256(ALAW) };
static const int16_t ulaw[256] = { R256(ULAW) };

static size_t
decode_table(const int16_t *table, const uint8_t *p, size_t n, int16_t *out,
    size_t cap)
{
	if (n > cap)
		n = cap;
#pragma GCC unroll 8
	for (size_t i = 0; i < n; i++)
		out[i] = table[p[i]];
	return n;
}

/* RFC 3551 4.5.11: big-endian, channels interleaved. */
static size_t
decode_l16(unsigned channels, const uint8_t *p, size_t n, int16_t *out,
    size_t cap)
{
	n /= (size_t)2 * channels;
	if (n > cap)
		n = cap;
	for (size_t i = 0; i < n; i++, p += 2 * channels) {
		int sum = (int16_t)gs_be16(p);

		if (channels == 2)
			sum = (sum + (int16_t)gs_be16(p + 2)) / 2;
		out[i] = (int16_t)sum;
	}
	return n;
}

size_t
gs_media_pcm_octets(enum gs_media_codec_kind kind, unsigned channels)
{
	return kind == GS_CODEC_L16 ? (size_t)2 * channels : 1;
}

size_t
gs_media_pcm_decode(enum gs_media_codec_kind kind, unsigned channels,
    const uint8_t *p, size_t n, int16_t *out, size_t cap)
{
	switch (kind) {
	case GS_CODEC_PCMA: return decode_table(alaw, p, n, out, cap);
	case GS_CODEC_PCMU: return decode_table(ulaw, p, n, out, cap);
	case GS_CODEC_L16: return decode_l16(channels, p, n, out, cap);
	case GS_CODEC_G722:
	case GS_CODEC_OTHER: break;
	}
	return 0;
}
