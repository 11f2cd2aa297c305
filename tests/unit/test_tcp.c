/* SPDX-License-Identifier: MIT */
/* Tests of net/tcp: the table of flows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/addr.h"
#include "net/tcp_priv.h"

enum { CHOSEN = 200, BUCKETS = 4096, SHORT_CHAIN = 20 };

/* The next sender whose flow, in a table without a seed, would be in the same
 * chain as all others. */
static void
choose(struct gs_net_frame *g)
{
	do
		gs_put_be32(g->src.ip, gs_be32(g->src.ip) + 1);
	while (gs_net_addr_hash(&g->src, &g->dst, 0) % BUCKETS != 0);
}

static size_t
chain_of(const struct gs_net_tcp *t, const struct gs_net_frame *g)
{
	size_t n = 0;

	for (const struct gs_net_flow *f =
		 gs_net_tcp_chain(t, &g->src, &g->dst);
	     f != NULL; f = f->chain)
		n++;
	return n;
}

static void
chosen(void **state)
{
	const struct gs_net_tcp_reader reader = { .size = sizeof(
						      struct gs_net_flow),
		.flows = CHOSEN };
	struct gs_net_frame g = { .src = { .version = 4, .port = 5060 },
		.dst = { .version = 4, .port = 5060 } };
	struct gs_net_tcp *t = gs_net_tcp_new(&reader);

	(void)state;
	assert_non_null(t);
	for (unsigned i = 0; i < CHOSEN; i++) {
		choose(&g);
		assert_non_null(gs_net_tcp_open(t, &g, 0));
		assert_in_range(chain_of(t, &g), 1, SHORT_CHAIN);
	}
	gs_net_tcp_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
