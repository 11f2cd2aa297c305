/* SPDX-License-Identifier: MIT */
/* Any datagrams between four pairs of addresses as DTLS. The input is a key
 * log, an empty line, and a list of: direction and pair (1 octet), length (2
 * octets), datagram. */
#include <stdint.h>
#include <stdlib.h>

#include "mutate.h"
#include "base/bytes.h"
#include "srtp/dtls.h"
#include "srtp/keyring.h"
#include "tls/dtls.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

MUTATE(mutate_flights)

static void
take(struct gs_srtp_dtls *d, const uint8_t *p, size_t n)
{
	struct gs_net_addr addr[2] = { { .port = 1, .version = 4 },
		{ .port = 2, .version = 4 } };

	while (n >= 3) {
		unsigned side = p[0] & 1, pair = p[0] >> 1 & 3;
		size_t m = gs_be16(p + 1) < n - 3 ? gs_be16(p + 1) : n - 3;
		const struct gs_srtp_dtls_datagram g = { &addr[side],
			&addr[!side], gs_span(p + 3, m), 1, 1, 0 };

		addr[1].ip[0] = (uint8_t)pair;
		if (gs_srtp_dtls_take(d, &g) == -1)
			abort();
		(void)gs_srtp_dtls_why(d, &addr[0], &addr[1]);
		p += 3 + m;
		n -= 3 + m;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	size_t at = gs_span_find(gs_span(p, n), GS_LIT("\n\n"));
	struct gs_span text = gs_span(p, at < n ? at + 1 : 0);
	size_t datagrams = at < n ? at + 2 : 0;
	struct gs_tls_keylines l = { 0 };
	struct gs_tls_keylog *log = gs_tls_keylog_new();
	const struct gs_tls_holder holder = { .log = log };
	struct gs_srtp_keyring *ring = gs_srtp_keyring_new(NULL);
	struct gs_srtp_dtls *d = gs_srtp_dtls_new(ring, &holder, NULL);
	/* A log that begins with a blank comes when all was seen. */
	bool late = text.n > 0 && text.p[0] == ' ';

	if (log == NULL || ring == NULL || d == NULL)
		abort();
	if (!late && gs_tls_keylog_read(log, &l, text, true) == -1)
		abort();
	take(d, p + datagrams, n - datagrams);
	if (late && gs_tls_keylog_read(log, &l, text, true) == -1)
		abort();
	if (gs_srtp_dtls_retry(d) == -1)
		abort();
	gs_srtp_dtls_free(d);
	gs_srtp_keyring_free(ring);
	gs_tls_keylog_free(log);
	return 0;
}
