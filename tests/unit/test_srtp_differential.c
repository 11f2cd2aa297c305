/* SPDX-License-Identifier: MIT */
/* libsrtp2 protects 100,000 random packets, the transform opens them: the
 * same bytes, and none with a flipped bit. */
#include "srtp_peer.h"

#include <stdbool.h>
#include <stdlib.h>

#include "srtp/transform.h"

enum { SESSIONS = 5000, PACKETS = 20, ROOM = 2048 };

struct run {
	uint64_t rnd;
	const struct peer_suite *suite;
	srtp_t peer;
	struct gs_srtp *ours;
	uint8_t keysalt[64];
	uint8_t mki[128];
	unsigned mki_n;
	uint32_t ssrc;
	uint64_t index;
};

/* A random RTP packet; returns its length, *header that of its header. */
static size_t
make_rtp(struct run *r, uint8_t *p, size_t *header)
{
	unsigned cc = rnd(&r->rnd) % 4 == 0 ? rnd(&r->rnd) % 16 : 0;
	size_t n = 12 + 4 * cc;

	rnd_fill(&r->rnd, p, n);
	p[0] = (uint8_t)(0x80 | cc | (rnd(&r->rnd) % 8 == 0 ? 0x20 : 0));
	p[2] = (uint8_t)(r->index >> 8);
	p[3] = (uint8_t)r->index;
	for (int i = 0; i < 4; i++)
		p[8 + i] = (uint8_t)(r->ssrc >> (24 - 8 * i));
	if (rnd(&r->rnd) % 4 == 0) {
		unsigned words = rnd(&r->rnd) % 6;

		p[0] |= 0x10;
		memcpy(p + n, "\xbe\xde\0", 3);
		p[n + 3] = (uint8_t)words;
		rnd_fill(&r->rnd, p + n + 4, 4 * words);
		n += 4 + 4 * words;
	}
	*header = n;
	size_t len = rnd(&r->rnd) % (rnd(&r->rnd) % 8 == 0 ? 1400 : 180);

	rnd_fill(&r->rnd, p + n, len);
	return n + len;
}

static void
one_rtp(struct run *r)
{
	uint8_t plain[ROOM], p[ROOM], out[ROOM];
	size_t header, k = 0, n = make_rtp(r, plain, &header);
	int len = (int)n;
	uint32_t roc = (uint32_t)(r->index >> 16);
	struct gs_srtp_form form = { .tag = (uint8_t)r->suite->tag,
		.mki = (uint8_t)r->mki_n };

	memcpy(p, plain, n);
	assert_int_equal(srtp_protect_mki(r->peer, p, &len, r->mki_n > 0, 0),
	    srtp_err_status_ok);
	assert_int_equal(gs_srtp_load(r->ours, p, (size_t)len, header, form),
	    GS_SRTP_OK);
	assert_int_equal(gs_srtp_unprotect(r->ours, roc, out, &k), GS_SRTP_OK);
	assert_int_equal(k, n);
	assert_memory_equal(out, plain, n);
	if (r->mki_n > 0)
		assert_memory_equal(p +
			gs_srtp_mki_at(r->ours, (size_t)len, form),
		    r->mki, r->mki_n);
	if (form.tag == 0)
		return;
	assert_int_equal(gs_srtp_verify(r->ours, roc ^ 1), GS_SRTP_FAIL);
	assert_int_equal(gs_srtp_verify(r->ours, roc), GS_SRTP_OK);
	size_t bit = rnd(&r->rnd) % (8 * (size_t)len);
	size_t mki = gs_srtp_mki_at(r->ours, (size_t)len, form);

	if (bit / 8 >= mki && bit / 8 < mki + r->mki_n)
		return; /* not authenticated, RFC 3711 section 3.1 */
	p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	assert_int_equal(gs_srtp_load(r->ours, p, (size_t)len, header, form),
	    GS_SRTP_OK);
	assert_int_equal(gs_srtp_unprotect(r->ours, roc, out, &k),
	    GS_SRTP_FAIL);
	assert_int_equal(gs_srtp_verify(r->ours, roc ^ 1), GS_SRTP_FAIL);
	assert_int_equal(gs_srtp_verify(r->ours, roc), GS_SRTP_FAIL);
}

static void
one_rtcp(struct run *r)
{
	uint8_t plain[ROOM], p[ROOM], out[ROOM];
	size_t k = 0, n = 8 + 4 * (rnd(&r->rnd) % 60);
	int len = (int)n;
	struct gs_srtp_form form = { .tag = (uint8_t)r->suite->rtcp_tag,
		.mki = (uint8_t)r->mki_n };

	rnd_fill(&r->rnd, plain, n);
	memcpy(plain, "\x81\xc8", 2);
	for (int i = 0; i < 4; i++)
		plain[4 + i] = (uint8_t)(r->ssrc >> (24 - 8 * i));
	memcpy(p, plain, n);
	assert_int_equal(
	    srtp_protect_rtcp_mki(r->peer, p, &len, r->mki_n > 0, 0),
	    srtp_err_status_ok);
	assert_int_equal(
	    gs_srtp_unprotect_rtcp(r->ours, p, (size_t)len, form, out, &k),
	    GS_SRTP_OK);
	assert_int_equal(k, n);
	assert_memory_equal(out, plain, n);
	size_t bit = rnd(&r->rnd) % (8 * (size_t)len);
	size_t mki = r->suite->salt == 12 ? (size_t)len - r->mki_n :
					    (size_t)len - r->mki_n - form.tag;

	if (bit / 8 >= mki && bit / 8 < mki + r->mki_n)
		return;
	p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	assert_int_equal(
	    gs_srtp_unprotect_rtcp(r->ours, p, (size_t)len, form, out, &k),
	    GS_SRTP_FAIL);
}

static void
start(struct run *r, unsigned i)
{
	struct gs_srtp_spec spec = { .cipher = GS_SRTP_CM };

	r->suite = &peer_suites[i % PEER_SUITES];
	rnd_fill(&r->rnd, r->keysalt, sizeof(r->keysalt));
	/* libsrtp 2.5 sends _32 with an MKI, and SRTCP with it, but reads
	 * it wrongly: no matter here. */
	r->mki_n = rnd(&r->rnd) % 3 == 0 ? 1 + rnd(&r->rnd) % 128 : 0;
	rnd_fill(&r->rnd, r->mki, r->mki_n);
	r->ssrc = rnd(&r->rnd);
	r->index = (uint64_t)(rnd(&r->rnd) >> (rnd(&r->rnd) % 32)) << 16;
	r->index |= rnd(&r->rnd) % 0x8000 * (rnd(&r->rnd) % 2) + 0x7f00;
	r->peer = peer_sender(r->suite, r->keysalt, r->ssrc,
	    (uint32_t)(r->index >> 16), r->mki, r->mki_n);
	spec.key = (uint8_t)r->suite->key;
	spec.salt = (uint8_t)r->suite->salt;
	spec.legacy192 = spec.key == 24;
	if (spec.salt == 12)
		spec.cipher = GS_SRTP_GCM;
	else if (r->suite->cipher == SRTP_NULL_CIPHER)
		spec.cipher = GS_SRTP_NULL;
	assert_int_equal(gs_srtp_set_key(r->ours, &spec, r->keysalt, NULL), 0);
}

static void
differential(void **state)
{
	struct run r = { .rnd = 0x5eed5eed5eed5eed };

	(void)state;
	r.ours = gs_srtp_new();
	assert_non_null(r.ours);
	for (unsigned i = 0; i < SESSIONS; i++) {
		start(&r, i);
		for (unsigned k = 0; k < PACKETS; k++) {
			one_rtp(&r);
			r.index += 1 + rnd(&r.rnd) % 2000;
		}
		one_rtcp(&r);
		assert_int_equal(srtp_dealloc(r.peer), srtp_err_status_ok);
	}
	gs_srtp_free(r.ours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(differential) };

	/* NSS would be loaded again for each session. */
	(void)setenv("NSS_DISABLE_UNLOAD", "1", 0);
	if (srtp_init() != srtp_err_status_ok)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
