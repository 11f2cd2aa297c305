/* SPDX-License-Identifier: MIT */
/* Any bytes of two directions as a connection of TLS. The input is a key log,
 * an empty line, and a list of: direction and what comes first (1 octet),
 * length (2 octets), bytes. */
#include <stdint.h>
#include <stdlib.h>

#include "mutate.h"
#include "base/bytes.h"
#include "tls/conn.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

MUTATE(mutate_flights)

static void
on_data(void *arg, unsigned direction, struct gs_span plain)
{
	size_t *said = arg;

	if (direction > 1 || plain.n == 0 || plain.n > GS_TLS_RECORD)
		abort();
	*said += (uint8_t)plain.p[plain.n - 1];
}

static void
take(struct gs_tls_conn *c, const uint8_t *p, size_t n)
{
	while (n >= 3) {
		unsigned side = p[0] & 1;
		size_t m = gs_be16(p + 1) < n - 3 ? gs_be16(p + 1) : n - 3;

		if ((p[0] & 2) != 0)
			gs_tls_conn_gap(c, side);
		if ((p[0] & 12) == 12)
			gs_tls_conn_let_go(c);
		if (gs_tls_conn_feed(c, side, gs_span(p + 3, m)) == -1)
			abort();
		(void)gs_tls_conn_info(c);
		p += 3 + m;
		n -= 3 + m;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	size_t at = gs_span_find(gs_span(p, n), GS_LIT("\n\n")), said = 0;
	struct gs_span text = gs_span(p, at < n ? at + 1 : 0);
	size_t bytes = at < n ? at + 2 : 0;
	struct gs_tls_keylines l = { 0 };
	struct gs_tls_keylog *log = gs_tls_keylog_new();
	const struct gs_tls_holder holder = { .log = log };
	struct gs_tls_conn *c = gs_tls_conn_new(&holder, on_data, &said);
	/* A log that begins with a blank comes when all was seen. */
	bool late = text.n > 0 && text.p[0] == ' ';

	if (log == NULL || c == NULL)
		abort();
	if (!late && gs_tls_keylog_read(log, &l, text, true) == -1)
		abort();
	take(c, p + bytes, n - bytes);
	if (late && gs_tls_keylog_read(log, &l, text, true) == -1)
		abort();
	if (gs_tls_conn_retry(c) == -1)
		abort();
	gs_tls_conn_free(c);
	gs_tls_keylog_free(log);
	return 0;
}
