/* SPDX-License-Identifier: MIT */
/* Any datagrams through a session. The first octet says how it is done; then
 * come packets: where from and how protected (1 octet), length (2 octets), and
 * octets, which are protected here if that is asked for, so that some open. */
#include <stdlib.h>
#include <string.h>

#include "../unit/srtp_own.h"
#include "kept_srtp.h"
#include "mutate.h"

#include "base/bytes.h"
#include "net/capture.h"
#include "srtp/receiver.h"
#include "srtp/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static struct mutate_record
packet(const uint8_t *p, size_t n, size_t at)
{
	return at == 0 ? (struct mutate_record){ 0, 1 } :
			 mutate_datagram(p, n, at);
}

static const struct mutate_format datagrams = { packet, mutate_datagram_mend,
	NULL };
MUTATE(datagrams)

/* How a packet is protected: what its bits 5 to 7 choose. */
enum { KINDS = 8, PROTECT = 4, ROLL = 8, MKI = 6 };

static const char keys[] =
    "AES_CM_128_HMAC_SHA1_80 inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd\n"
    "AES_CM_128_HMAC_SHA1_32 inline:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0e\n"
    "F8_128_HMAC_SHA1_80 inline:AgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
    "AES_192_CM_HMAC_SHA1_80 "
    "inline:AwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJyg=\n"
    "AES_256_CM_HMAC_SHA1_80 "
    "inline:BAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMQ==\n"
    "AES_CM_128_HMAC_SHA1_80 inline:BQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEi "
    "KDR=8\n"
    "AES_CM_128_HMAC_SHA1_80 "
    "inline:BgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIj|1:1\n"
    "AES_CM_128_HMAC_SHA1_80 inline:BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMk\n"
    "AES_CM_128_NULL_AUTH inline:MCEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9\n"
    "AEAD_AES_128_GCM_8 inline:EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKw==\n";

/* The master key of a kind is the octets from its number on. */
static struct own_master
master(unsigned kind)
{
	struct own_master m = { .n = kind == 3 ? 24 :
		    kind == 4                  ? 32 :
						 16,
		.f8 = kind == 2,
		.kdr = kind == 5 ? 8 : 0 };

	for (size_t i = 0; i < sizeof(m.keysalt); i++)
		m.keysalt[i] = (uint8_t)(kind + i);
	return m;
}

/* Protects the n octets at p, which has room for 32 more; roc is the rollover
 * counter of the kind, and of RTCP the index. Returns the new length. */
static size_t
protect(uint8_t *p, size_t n, unsigned kind, uint32_t roc)
{
	struct own_master m = master(kind);
	size_t tag = kind == 1 ? 4 : 10;
	bool rtcp = n >= 12 && p[1] >= 192 && p[1] <= 223;

	if (n < 12)
		return n;
	n = rtcp ?
	    own_protect_rtcp(&m, 0x80000000U | roc, p, n, 10) :
	    own_protect(&m, (uint64_t)roc << 16 | gs_be16(p + 2), p, n, tag);
	if (kind == MKI) {
		memmove(p + n - 9, p + n - 10, 10);
		p[n++ - 10] = 1;
	}
	return n;
}

static int
take(void *arg, const struct gs_srtp_receiver_packet *p, struct gs_err *err)
{
	unsigned *sum = arg;

	(void)err;
	if (p->opened != NULL)
		for (size_t i = 0; i < p->opened->n; i++)
			*sum += p->opened->p[i];
	return 0;
}

static void
done(void *arg, struct gs_srtp_stream *st)
{
	struct gs_srtp_stream_view v;

	(void)arg;
	gs_srtp_stream_look(st, &v);
	if (gs_srtp_stream_verdict(&v) >= GS_VERDICTS)
		abort();
}

static struct gs_srtp_receiver *
begin(unsigned how, struct gs_srtp_receiver_sink *sink)
{
	struct gs_srtp_receiver_options o = { .sip = true,
		.scrub = true,
		.streams = { .engine = (enum gs_srtp_engine)((how + 1) % 3),
		    .roc_fixed = (how & 4) != 0,
		    .roc = how >> 6,
		    .roc_max = (how & 8) != 0 ? 0 : 2,
		    .tries = (how & 16) != 0 ? 100 : 0,
		    .live = (how & 32) != 0 } };

	keep_srtp();
	struct gs_srtp_receiver *s = gs_srtp_receiver_new(&o, sink, NULL);
	if (s == NULL)
		abort();
	gs_srtp_receiver_text_begin(s, "keys");
	if (gs_srtp_receiver_text(s, gs_span(keys, sizeof(keys) - 1), NULL) ==
		-1 ||
	    gs_srtp_receiver_text_end(s, NULL) == -1)
		abort();
	return s;
}

/* Headers of IPv4 and UDP, and room for a tag. */
static uint8_t f[28 + 65535] = { 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 192,
	0, 2, 1, 192, 0, 2, 2, 0, 0, 0x40 };

static void
put(struct gs_srtp_receiver *s, unsigned flags, size_t n)
{
	static const struct gs_net_interface raw = { .link = GS_LINK_IPV4,
		.tsresol = 9 };
	static uint64_t frame;
	struct gs_net_packet k = { .p = f, .interface = &raw };

	f[15] = flags & 3;
	f[21] = flags >> 4 & 1;
	f[2] = (uint8_t)((28 + n) >> 8);
	f[3] = (uint8_t)(28 + n);
	f[24] = (uint8_t)((8 + n) >> 8);
	f[25] = (uint8_t)(8 + n);
	k.n = k.wire = (uint32_t)(28 + n);
	k.ns = frame * 20000000;
	k.frame = ++frame;
	if (gs_srtp_receiver_packet(s, &k, "x", NULL) == -1)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	unsigned sum = 0;
	uint32_t roc[KINDS] = { 0 };
	struct gs_srtp_receiver_sink sink = { take, done, &sum };

	if (n == 0)
		return 0;
	struct gs_srtp_receiver *s = begin(*p++, &sink);
	for (n--; n >= 3;) {
		size_t len = (size_t)p[1] << 8 | p[2];
		unsigned kind = p[0] >> 5;

		if (len > n - 3)
			len = n - 3;
		size_t size =
		    len < sizeof(f) - 28 - 32 ? len : sizeof(f) - 28 - 32;
		memcpy(f + 28, p + 3, size);
		roc[kind] += (p[0] & ROLL) != 0;
		if ((p[0] & PROTECT) != 0)
			size = protect(f + 28, size, kind, roc[kind]);
		put(s, p[0], size);
		p += 3 + len;
		n -= 3 + len;
	}
	if (gs_srtp_receiver_end(s, NULL) == -1)
		abort();
	gs_srtp_receiver_free(s);
	return 0;
}
