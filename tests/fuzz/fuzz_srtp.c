/* SPDX-License-Identifier: MIT */
/* Any datagrams through a session: the first octets say where they come
 * from, two octets before each its length. */
#include <stdlib.h>
#include <string.h>

#include "net/capture.h"
#include "srtp/receiver.h"
#include "srtp/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char keys[] =
    "AES_CM_128_HMAC_SHA1_80 inline:EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywt\n"
    "AES_CM_128_HMAC_SHA1_32 inline:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9\n"
    "AES_CM_128_NULL_AUTH inline:MCEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9\n"
    "AEAD_AES_128_GCM_8 inline:EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKw==\n";

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

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct gs_net_interface raw = { .link = GS_LINK_IPV4,
		.tsresol = 9 };
	struct gs_srtp_receiver_options o = { .sip = true,
		.scrub = true,
		.streams = { .engine = GS_ENGINE_LIBCRYPTO, .roc_max = 2 } };
	unsigned sum = 0;
	struct gs_srtp_receiver_sink sink = { take, done, &sum };
	struct gs_srtp_receiver *s = gs_srtp_receiver_new(&o, &sink, NULL);
	uint8_t f[28 + 65535] = { 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 192,
		0, 2, 1, 192, 0, 2, 2 };
	uint64_t frame = 0;

	if (s == NULL)
		abort();
	gs_srtp_receiver_text_begin(s, "keys");
	if (gs_srtp_receiver_text(s, gs_span(keys, sizeof(keys) - 1), NULL) ==
		-1 ||
	    gs_srtp_receiver_text_end(s, NULL) == -1)
		abort();
	while (n >= 3) {
		size_t len = (size_t)p[1] << 8 | p[2];
		struct gs_net_packet k = { .p = f, .interface = &raw };

		if (len > n - 3)
			len = n - 3;
		f[15] = p[0] & 3;
		f[21] = p[0] >> 4 & 1;
		f[2] = (uint8_t)((28 + len) >> 8);
		f[3] = (uint8_t)(28 + len);
		f[24] = (uint8_t)((8 + len) >> 8);
		f[25] = (uint8_t)(8 + len);
		memcpy(f + 28, p + 3, len);
		k.n = k.wire = (uint32_t)(28 + len);
		k.ns = frame * 20000000;
		k.frame = ++frame;
		if (gs_srtp_receiver_packet(s, &k, "x", NULL) == -1)
			abort();
		p += 3 + len;
		n -= 3 + len;
	}
	if (gs_srtp_receiver_end(s, NULL) == -1)
		abort();
	gs_srtp_receiver_free(s);
	return 0;
}
