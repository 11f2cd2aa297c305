/* SPDX-License-Identifier: MIT */
/* The stream table's memory stays bounded: how much is kept of gaps and of
 * old keys; and a sender cannot make its chains long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "srtp/stream_priv.h"

enum { STREAMS = 60, GAPS = 10000, KEYS = 8 };

/* Every other packet is lost, everywhere. */
static void
gaps(void **state)
{
	struct gs_srtp_streams *s = calloc(1, sizeof(*s));
	struct gs_srtp_stream *st = calloc(STREAMS + 1, sizeof(*st));
	struct gs_srtp_slot slot = { 0 };
	unsigned kept = 0;

	(void)state;
	assert_non_null(s);
	assert_non_null(st);
	for (uint64_t i = 0; i < GAPS; i++)
		for (unsigned k = 0; k < STREAMS; k++)
			gs_srtp_key_span_add(s, &st[k], &slot, 2 * i, i);
	assert_in_range(s->runs, GS_STREAMS_RUNS / 2, GS_STREAMS_RUNS);
	/* A stream with few gaps is not the one that suffers. */
	for (uint64_t i = 0; i < 3000; i++)
		gs_srtp_key_span_add(s, &st[STREAMS], &slot, i + i / 200, i);
	for (unsigned k = 0; k <= STREAMS; k++) {
		const struct gs_net_runs *r = &st[k].prot.key_span[0].received;

		assert_int_equal(st[k].prot.key_spans, 1);
		assert_int_equal(r->n == 0, r->over);
		kept += !r->over;
	}
	assert_in_range(kept, 2, STREAMS);
	assert_int_equal(st[STREAMS].prot.key_span[0].received.n, 15);
	for (unsigned k = 0; k <= STREAMS; k++)
		gs_srtp_slots_free(s, &st[k]);
	assert_int_equal(s->runs, 0);
	free(st);
	free(s);
}

static void
key_spans(void **state)
{
	struct gs_srtp_streams *s = calloc(1, sizeof(*s));
	struct gs_srtp_stream st = { 0 };

	(void)state;
	assert_non_null(s);
	for (size_t i = 0; i < GS_STREAM_SPELLS + 3; i++) {
		struct gs_srtp_slot slot = { .index = i };

		gs_srtp_key_span_add(s, &st, &slot, 7, 50 + i);
		gs_srtp_key_span_add(s, &st, &slot, 8, 40);
	}
	assert_int_equal(st.prot.key_spans, GS_STREAM_SPELLS);
	assert_true(st.prot.spells_dropped);
	assert_int_equal(st.prot.key_span[3].key, 3);
	assert_int_equal(st.prot.key_span[3].start, 40);
	assert_int_equal(st.prot.key_span[3].end, 53);
	assert_int_equal(gs_net_runs_count(&st.prot.key_span[3].received), 2);
	gs_srtp_slots_free(s, &st);
	free(s);
}

/* How many keys a stream holds when there are n streams. */
static unsigned
held(size_t n)
{
	struct gs_srtp_streams_options o = { .engine = GS_ENGINE_LIBCRYPTO };
	struct gs_srtp_keyring *ring = gs_srtp_keyring_new(NULL);
	struct gs_srtp_streams *s =
	    gs_srtp_streams_new(&o, ring, NULL, NULL, NULL, NULL);
	struct gs_srtp_stream st = { 0 };
	struct gs_srtp_scheme scheme[GS_SRTP_SCHEMES];
	unsigned slots;

	assert_non_null(s);
	for (uint8_t i = 0; i < KEYS; i++) {
		struct gs_srtp_key k = { .keysalt = { i }, .n = 30 };
		struct gs_srtp_search_hit hit = { .key = i };

		assert_int_equal(gs_srtp_keyring_add(ring, &k), 0);
		assert_true(gs_srtp_key_schemes(gs_srtp_keyring_at(ring, i),
				scheme) > 0);
		hit.scheme = scheme[0];
		s->n = n;
		assert_int_equal(gs_srtp_slot_add(s, &st, &hit, 100, NULL), 0);
		/* The newest first. */
		for (unsigned j = 0; j < st.slots; j++)
			assert_int_equal(st.slot[j].index, i - j);
	}
	slots = st.slots;
	gs_srtp_slots_free(s, &st);
	gs_srtp_streams_free(s);
	gs_srtp_keyring_free(ring);
	return slots;
}

static void
keys(void **state)
{
	(void)state;
	assert_int_equal(held(1), GS_STREAM_KEYS);
	assert_int_equal(held(GS_STREAMS_MAX), 2);
}

enum { CHOSEN = 200, SHORT_CHAIN = 20 };

/* Fills m with the next packet that somebody chose after m. */
typedef void choose(struct gs_srtp_media_packet *m, uint32_t i);

/* Without the seed, all of them would be in the same chain. */
static void
choose_slot(struct gs_srtp_media_packet *m, uint32_t i)
{
	uint64_t h;

	(void)i;
	m->src.version = m->dst.version = 4;
	do {
		gs_put_be32(m->src.ip, gs_be32(m->src.ip) + 1);
		h = gs_net_addr_hash(&m->src, &m->dst, gs_hash_add(0, m->ssrc));
	} while (h % GS_STREAM_SLOTS != 0);
}

/* The words of the hash would cancel out if they were combined at once. */
static void
choose_words(struct gs_srtp_media_packet *m, uint32_t i)
{
	uint64_t rotated = (uint64_t)i << 32, word = i;

	m->src.version = m->dst.version = 6;
	memcpy(m->src.ip, &word, sizeof(word));
	memcpy(m->dst.ip, &rotated, sizeof(rotated));
}

static void
choose_halves(struct gs_srtp_media_packet *m, uint32_t i)
{
	uint64_t rotated = (uint64_t)i << 32, word = i;

	m->src.version = m->dst.version = 6;
	memcpy(m->src.ip + 8, &word, sizeof(word));
	memcpy(m->dst.ip + 8, &rotated, sizeof(rotated));
}

static void
choose_port(struct gs_srtp_media_packet *m, uint32_t i)
{
	uint64_t ports = (uint64_t)i << 16;

	m->src.version = m->dst.version = 6;
	m->src.port = (uint16_t)i;
	memcpy(m->src.ip + 8, &ports, sizeof(ports));
}

static void
choose_ssrc(struct gs_srtp_media_packet *m, uint32_t i)
{
	m->src.version = m->dst.version = 4;
	m->ssrc = i;
	memcpy(m->src.ip, &i, sizeof(i));
}

static size_t
longest_chain(const struct gs_srtp_streams *s)
{
	size_t most = 0;

	for (size_t i = 0; i < GS_STREAM_SLOTS; i++) {
		const struct gs_srtp_stream *st = s->slot[i];
		size_t n = 0;

		for (; st != NULL; st = st->next)
			n++;
		most = n > most ? n : most;
	}
	return most;
}

static void
chosen(void **state)
{
	static choose *const how[] = { choose_slot, choose_words, choose_halves,
		choose_port, choose_ssrc };
	struct gs_srtp_streams_options o = { .engine = GS_ENGINE_LIBCRYPTO };

	(void)state;
	for (size_t k = 0; k < sizeof(how) / sizeof(how[0]); k++) {
		struct gs_srtp_keyring *ring = gs_srtp_keyring_new(NULL);
		struct gs_srtp_streams *s =
		    gs_srtp_streams_new(&o, ring, NULL, NULL, NULL, NULL);
		struct gs_srtp_media_packet m = { .frame = 1 };

		assert_non_null(s);
		for (uint32_t i = 0; i < CHOSEN; i++) {
			how[k](&m, i);
			assert_non_null(gs_srtp_flow_find(s, &m));
		}
		assert_int_equal(s->n, CHOSEN);
		assert_in_range(longest_chain(s), 1, SHORT_CHAIN);
		gs_srtp_streams_free(s);
		gs_srtp_keyring_free(ring);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gaps),
		cmocka_unit_test(key_spans),
		cmocka_unit_test(keys),
		cmocka_unit_test(chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
