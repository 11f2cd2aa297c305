/* SPDX-License-Identifier: MIT */
/* The transform against published vectors, and against an encoder of its
 * own for what libsrtp2 lacks. */
#include "srtp_own.h"
#include "base/sha256.h"
#include "srtp_peer.h"

#include <stdbool.h>
#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/diag.h"
#include "net/rtp.h"
#include "srtp/cipher.h"
#include "srtp/transform.c" /* for session keys, which vectors name */

static const struct gs_srtp_spec cm128 = { GS_SRTP_CM, 16, 14, 0, 0, 0 };
static const struct gs_srtp_spec cm192 = { GS_SRTP_CM, 24, 14, 0, 0, 0 };
static const struct gs_srtp_spec cm256 = { GS_SRTP_CM, 32, 14, 0, 0, 0 };
static const struct gs_srtp_spec f8 = { GS_SRTP_F8, 16, 14, 0, 0, 0 };
static const struct gs_srtp_spec gcm128 = { GS_SRTP_GCM, 16, 12, 0, 0, 0 };
static const struct gs_srtp_spec gcm256 = { GS_SRTP_GCM, 32, 12, 0, 0, 0 };

static struct gs_srtp *
session(void)
{
	struct gs_srtp *s = gs_srtp_new();

	assert_non_null(s);
	return s;
}

static struct gs_srtp *
keyed(const struct gs_srtp_spec *spec, const char *keysalt)
{
	struct gs_srtp *s = session();
	uint8_t k[64];

	assert_int_equal(hex(keysalt, k), spec->key + spec->salt);
	assert_int_equal(gs_srtp_set_key(s, spec, k, NULL), 0);
	return s;
}

static void
opens(struct gs_srtp *s, const char *packet, uint32_t roc,
    struct gs_srtp_form form, const char *plain)
{
	uint8_t p[256], want[256], out[256];
	size_t n = hex(packet, p), m = hex(plain, want), k = 0;
	struct gs_net_rtp rtp;

	assert_true(gs_net_rtp_parse(&rtp, p, n));
	assert_int_equal(gs_srtp_load(s, p, n, rtp.header, form), GS_SRTP_OK);
	assert_int_equal(gs_srtp_verify(s, roc), GS_SRTP_OK);
	assert_int_equal(gs_srtp_unprotect(s, roc, out, &k), GS_SRTP_OK);
	assert_int_equal(k, m);
	assert_memory_equal(out, want, m);
	if (form.tag == 0)
		return;
	assert_int_equal(gs_srtp_verify(s, roc + 1), GS_SRTP_FAIL);
	assert_int_equal(gs_srtp_unprotect(s, roc + 1, out, &k), GS_SRTP_FAIL);
	assert_int_equal(gs_srtp_verify(s, roc), GS_SRTP_OK);
	for (size_t bit = 0; bit < 8 * n; bit++) {
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(gs_srtp_load(s, p, n, rtp.header, form),
		    GS_SRTP_OK);
		assert_int_equal(gs_srtp_unprotect(s, roc, out, &k),
		    GS_SRTP_FAIL);
		/* The second one tried may be tried in another way. */
		assert_int_equal(gs_srtp_verify(s, roc + 1), GS_SRTP_FAIL);
		assert_int_equal(gs_srtp_verify(s, roc), GS_SRTP_FAIL);
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void
opens_rtcp(struct gs_srtp *s, const char *packet, struct gs_srtp_form form,
    const char *plain)
{
	uint8_t p[256], want[256], out[256];
	size_t n = hex(packet, p), m = hex(plain, want), k = 0;

	assert_int_equal(gs_srtp_unprotect_rtcp(s, p, n, form, out, &k),
	    GS_SRTP_OK);
	assert_int_equal(k, m);
	assert_memory_equal(out, want, m);
	for (size_t bit = 0; bit < 8 * n; bit++) {
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(gs_srtp_unprotect_rtcp(s, p, n, form, out, &k),
		    GS_SRTP_FAIL);
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

/* Session keys for RTP and RTCP alike, below the derivation: published
 * vectors name them. */
static int
set_session(struct gs_srtp *s, const struct gs_srtp_spec *spec,
    const uint8_t *cipher, const uint8_t *auth, const uint8_t *salt)
{
	struct half *h[] = { &s->rtp, &s->rtcp };

	if (take_spec(s, spec, NULL) == -1)
		return -1;
	for (int i = 0; i < 2; i++) {
		h[i]->r = 0;
		gs_srtp_hmac_set_key(h[i]->hmac, auth);
		h[i]->auth_ready = true;
		h[i]->ready = use_keys(spec, h[i], cipher, salt);
		if (!h[i]->ready)
			return -1;
	}
	return 0;
}

/* A packet of zeros, unauthenticated, comes out as the keystream. */
static void
keystream(const struct gs_srtp_spec *spec, const char *key, const char *want)
{
	struct gs_srtp *s = session();
	uint8_t k[32], salt[14], a[20] = { 0 }, p[12 + 48] = { 0x80 };
	uint8_t out[sizeof(p)], ks[48];
	size_t n;

	hex(key, k);
	hex("f0f1f2f3f4f5f6f7f8f9fafbfcfd", salt);
	assert_int_equal(set_session(s, spec, k, a, salt), 0);
	assert_int_equal(
	    gs_srtp_load(s, p, sizeof(p), 12, (struct gs_srtp_form){ 0 }),
	    GS_SRTP_OK);
	assert_int_equal(gs_srtp_unprotect(s, 0, out, &n), GS_SRTP_OK);
	assert_int_equal(hex(want, ks), 48);
	assert_memory_equal(out + 12, ks, 48);
	gs_srtp_free(s);
}

/* RFC 3711 B.2, RFC 6188 sections 7.1 and 7.3. */
static void
counter_keystreams(void **state)
{
	(void)state;
	keystream(&cm128, "2b7e151628aed2a6abf7158809cf4f3c",
	    "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab"
	    "41e95b3bb0a2e8dd477901e4fca894c0");
	keystream(&cm256,
	    "57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98",
	    "92bdd28a93c3f52511c677d08b5515a49da71b2378a854f67050756ded165bac"
	    "63c4868b7096d88421b563b8c94c9a31");
	keystream(&cm192, "eab234764e517b2d3d160d587d8c86219740f65f99b6bcf7",
	    "35096cba4610028dc1b57503804ce37c5de986291dcce161d5165ec4568f5c9a"
	    "474a40c77894bc17180202272a4c264d");
}

/* Builds a packet from stated session keys with libcrypto's one-shot
 * calls, and opens it with the master key: RFC 3711 B.3, RFC 6188 sections
 * 7.2 and 7.4 name both. */
static void
derived(const struct gs_srtp_spec *spec, const char *master, const char *cipher,
    const char *auth, const char *salt)
{
	uint8_t ke[32], ka[20], iv[16] = { 0 }, p[12 + 20 + 4 + 10], md[20];
	uint8_t out[64], plain[12 + 20];
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	const EVP_CIPHER *mode = spec->key == 16 ? EVP_aes_128_ctr() :
	    spec->key == 24                      ? EVP_aes_192_ctr() :
						   EVP_aes_256_ctr();
	int len;
	size_t n;

	hex(cipher, ke);
	hex(auth, ka);
	hex(salt, iv);
	hex("8008fffe00000010cafebabe", plain);
	memset(plain + 12, 0xab, 20);
	memcpy(p, plain, 12);
	static const uint8_t x[16] = { 0, 0, 0, 0, 0xca, 0xfe, 0xba, 0xbe, 0, 0,
		0, 7, 0xff, 0xfe };
	for (int i = 0; i < 16; i++)
		iv[i] ^= x[i];
	EVP_EncryptInit_ex(c, mode, NULL, ke, iv);
	EVP_EncryptUpdate(c, p + 12, &len, plain + 12, 20);
	memcpy(p + 32, "\0\0\0\7", 4);
	HMAC(EVP_sha1(), ka, 20, p, 36, md, NULL);
	memcpy(p + 32, md, 10);
	EVP_CIPHER_CTX_free(c);

	struct gs_srtp *s = keyed(spec, master);
	assert_int_equal(
	    gs_srtp_load(s, p, 42, 12, (struct gs_srtp_form){ .tag = 10 }),
	    GS_SRTP_OK);
	assert_int_equal(gs_srtp_unprotect(s, 7, out, &n), GS_SRTP_OK);
	assert_int_equal(n, 32);
	assert_memory_equal(out, plain, 32);
	gs_srtp_free(s);
}

static void
derivations(void **state)
{
	(void)state;
	derived(&cm128,
	    "E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6",
	    "C61E7A93744F39EE10734AFE3FF7A087",
	    "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4",
	    "30CBBC08863D8C85D49DB34A9AE1");
	derived(&cm256,
	    "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6"
	    "3b04803de51ee7c96423ab5b78d2",
	    "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4",
	    "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05",
	    "fa31791685ca444a9e07c6c64e93");
	derived(&cm192,
	    "73edc66c4fa15776fb57f9505c17136550ffda71f3e8e5f1"
	    "c8522f3acd4ce86d5add78edbb11",
	    "31874736a8f1143870c26e4857d8a5b2c4a354407faadabb",
	    "355b10973cd95b9eacf4061c7e1a7151e7cfbfcb",
	    "2372b82d639b6d8503a47adc0a6c");
}

/* RFC 3711 B.1; its salt has 32 bits, the mask's padding stands for the
 * rest. */
static void
f8_vector(void **state)
{
	struct gs_srtp *s = session();
	uint8_t k[16], salt[14], a[20] = { 0 }, p[64], out[64];
	size_t n;

	(void)state;
	hex("234829008467be186c3de14aae72d62c", k);
	hex("32f2870d55555555555555555555", salt);
	assert_int_equal(set_session(s, &f8, k, a, salt), 0);
	n = hex("806e5cba50681de55c621599"
		"019ce7a26e7854014a6366aa95d4eefd1ad4172a14f9faf455b7f1d4b62b"
		"d08f562c0eef7c4802",
	    p);
	assert_int_equal(gs_srtp_load(s, p, n, 12, (struct gs_srtp_form){ 0 }),
	    GS_SRTP_OK);
	assert_int_equal(gs_srtp_unprotect(s, 0xd462564a, out, &n), GS_SRTP_OK);
	assert_int_equal(n, 12 + 39);
	assert_memory_equal(out + 12, "pseudorandomness is the next best thing",
	    39);
	gs_srtp_free(s);
}

/* RFC 7714 sections 16 and 17. */
static void
gcm_vectors(void **state)
{
	static const char *rtp = "8040f17b8041f8d35501a0b2"
				 "47616c6c696120657374206f6d6e697320646976"
				 "69736120696e207061727465732074726573";
	static const char *rtcp =
	    "81c8000d4d617273"
	    "4e5450314e545032525450200000042a0000e9304c756e61"
	    "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
	const struct gs_srtp_form t16 = { .tag = 16 };
	const struct gs_srtp_form open = { .tag = 16, .clear = true };
	struct gs_srtp *s = session();
	uint8_t k[32], salt[12], a[20] = { 0 };

	(void)state;
	for (int i = 0; i < 32; i++)
		k[i] = (uint8_t)i;
	memcpy(salt, "Quid pro quo", 12);
	assert_int_equal(set_session(s, &gcm128, k, a, salt), 0);
	opens(s,
	    "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bca"
	    "be633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
	    "899d7f27beb16a9152cf765ee4390cce",
	    0, t16, rtp);
	opens(s,
	    "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e6973"
	    "2064697669736120696e207061727465732074726573"
	    "22493f82d2bce397e9d79e3b19aa4216",
	    0, open, rtp);
	opens_rtcp(s,
	    "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e99"
	    "7ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
	    "c84aa45896cf4d2fc5abf87245d9eade800005d4",
	    t16, rtcp);
	opens_rtcp(s,
	    "81c8000d4d6172734e5450314e545032525450200000042a"
	    "0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"
	    "841dd9683dd78ec92ae58790125f62b3000005d4",
	    t16, rtcp);
	assert_int_equal(set_session(s, &gcm256, k, a, salt), 0);
	opens(s,
	    "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aa"
	    "b18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
	    "7aa3db36dfffd6b0f9bb7878d7a76c13",
	    0, t16, rtp);
	opens_rtcp(s,
	    "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c28"
	    "2c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad"
	    "1d1eb30c4446839f57ff6f6cb26ac3be800005d4",
	    t16, rtcp);
	gs_srtp_free(s);
}

/* libsrtp's srtp_validate() and the sheet's AES-192 packets, both with
 * their master keys. */
static void
published_packets(void **state)
{
	static const char *ab = "abababababababababababababababab";
	const struct gs_srtp_form t10 = { .tag = 10 };
	struct gs_srtp_spec legacy = cm192;
	char plain[128];
	struct gs_srtp *s = keyed(&cm128,
	    "e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6");

	(void)state;
	snprintf(plain, sizeof(plain), "800f1234decafbadcafebabe%s", ab);
	opens(s,
	    "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402"
	    "b78d6acc99ea179b8dbb",
	    0, t10, plain);
	snprintf(plain, sizeof(plain), "81c8000bcafebabe%s", ab);
	opens_rtcp(s,
	    "81c8000bcafebabe7128035be487b9bdbef89041f977a5a8"
	    "80000001993e08cd54d6c1230798",
	    t10, plain);
	gs_srtp_free(s);

	snprintf(plain, sizeof(plain), "800f0000decafbad00000000%s", ab);
	s = keyed(&cm192,
	    "73edc66c4fa15776fb57f9505c17136550ffda71f3e8e5f1"
	    "c8522f3acd4ce86d5add78edbb11");
	opens(s,
	    "800f0000decafbad00000000d98865552f2762c3ef37f837acfdb712"
	    "2d6bc4dc84c76f74aea5",
	    0, t10, plain);
	gs_srtp_free(s);
	legacy.legacy192 = true;
	s = keyed(&legacy,
	    "73edc66c4fa15776fb57f9505c17136550ffda71f3e8e5f1"
	    "c8522f3acd4ce86d5add78edbb11");
	opens(s,
	    "800f0000decafbad0000000000d4ca92d8e69ee8a33c29a6dbdf8b1f"
	    "7bbd186703c08a53153e",
	    0, t10, plain);
	gs_srtp_free(s);
}

/* ---- an encoder that shares nothing with the transform */

static void
own_encoder(void **state)
{
	(void)state;
	assert_null(own_check());
}

static struct own_master
own_master(const struct gs_srtp_spec *spec)
{
	return (struct own_master){ .n = spec->key,
		.f8 = spec->cipher == GS_SRTP_F8,
		.kdr = spec->kdr };
}

/* Protects 100 octets as spec says and opens them again. */
static void
own_rtp(const struct gs_srtp_spec *spec, uint64_t index, unsigned seed)
{
	struct own_master m = own_master(spec);
	uint8_t plain[112] = { 0x80, 8 }, p[112 + 20], out[128];
	struct gs_srtp *s = session();
	size_t k;

	for (size_t i = 0; i < sizeof(m.keysalt); i++)
		m.keysalt[i] = (uint8_t)(seed * 31 + i * 7);
	for (size_t i = 12; i < sizeof(plain); i++)
		plain[i] = (uint8_t)(i * seed);
	plain[2] = (uint8_t)(index >> 8);
	plain[3] = (uint8_t)index;
	own_put32(plain + 8, 0xdeadbeef);
	memcpy(p, plain, 112);
	size_t n = own_protect(&m, index, p, 112, 10);
	assert_int_equal(gs_srtp_set_key(s, spec, m.keysalt, NULL), 0);
	assert_int_equal(
	    gs_srtp_load(s, p, n, 12, (struct gs_srtp_form){ .tag = 10 }),
	    GS_SRTP_OK);
	/* Other counters before, as in a search. */
	for (uint32_t roc = 0; roc < 3; roc++)
		if (roc != index >> 16)
			assert_int_equal(gs_srtp_verify(s, roc), GS_SRTP_FAIL);
	assert_int_equal(gs_srtp_unprotect(s, (uint32_t)(index >> 16), out, &k),
	    GS_SRTP_OK);
	assert_int_equal(k, 112);
	assert_memory_equal(out, plain, 112);
	gs_srtp_free(s);
}

/* RFC 9335 appendix A: CSRCs and header extensions encrypted, too. */
static void
hidden_headers(void **state)
{
	static const struct {
		const char *plain, *cm, *gcm;
	} v[] = {
		{ "900f1235decafbadcafebabebede000151000200",
		    "900f1235decafbadcafebabec0de0001eb92365251c3e036f8de27e9"
		    "c27ee3e0b4651d9fbc4218a70244522f34a5",
		    "900f1235decafbadcafebabec0de000139972dc9572c4d99e8fc355d"
		    "e743fb2e94f9d8ff54e72f4193bbc5c74ffab0fa9fa0fbeb" },
		{ "900f1236decafbadcafebabe1000000105020002",
		    "900f1236decafbadcafebabec2de00014ed9cc4e6a712b3096c5ca77"
		    "339d4204ce0d77396cab69585fbce38194a5",
		    "900f1236decafbadcafebabec2de0001bb75a4c545cd1f413bdb7daa"
		    "2b1e3263de313667c963249081b35a65f5cb6c88b394235f" },
		{ "920f1238decafbadcafebabe0001e2400000b26ebede000151000200",
		    "920f1238decafbadcafebabe8bb6e12b5cff16ddc0de000192838c8c"
		    "09e58393e1de3a9a74734d6745671338c3acf11da2df8423bee0",
		    "920f1238decafbadcafebabe63bbccc4a7f695c4c0de00018ad7c71f"
		    "ac70a80c92866b4c6ba98546ef913586e95ffaaffe956885bb0647a8"
		    "bc094ac8" },
		{ "920f1239decafbadcafebabe0001e2400000b26e1000000105020002",
		    "920f1239decafbadcafebabef70e513eb90b9b25c2de0001bbed4848"
		    "faa644665f3d7f34125914e9f4d0ae923c6f479b95a0f7b53133",
		    "920f1239decafbadcafebabe3680524f8d312b00c2de0001c78d1200"
		    "38422bc111a7187a18246f980c059cc6bc9df8b626394eca344e4b05"
		    "d80fea83" },
		{ "920f123adecafbadcafebabe0001e2400000b26ebede0000",
		    "920f123adecafbadcafebabe7130b6abfe2ab0e3c0de0000e3d9f64b"
		    "25c9e74cb4cf8e43fb92e3781c2c0ceab6b3a499a14c",
		    "920f123adecafbadcafebabe15b6bb4337906fffc0de0000b7b96453"
		    "7a2b03ab7ba5389ce93317126b5d974df30c6884dcb651c5e120c1da" },
		{ "920f123bdecafbadcafebabe0001e2400000b26e10000000",
		    "920f123bdecafbadcafebabecbf24c124330e1c8c2de0000599dd45b"
		    "c9d687b603e8b59d771fd38e88b170e0cd31e125eabe",
		    "920f123bdecafbadcafebabedcb38c9e48bf95f4c2de000061ee432c"
		    "f920317076613258d3ce4236c06ac429681ad08413512dc98b5207d8" },
	};
	struct gs_srtp *cm = keyed(&cm128,
	    "e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6");
	struct gs_srtp *gcm = keyed(&gcm128,
	    "000102030405060708090a0b0c0d0e0fa0a1a2a3a4a5a6a7a8a9aaab");
	char plain[128];

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		snprintf(plain, sizeof(plain), "%s%s", v[i].plain,
		    "abababababababababababababababab");
		opens(cm, v[i].cm, 0, (struct gs_srtp_form){ .tag = 10 },
		    plain);
		opens(gcm, v[i].gcm, 0, (struct gs_srtp_form){ .tag = 16 },
		    plain);
	}
	gs_srtp_free(cm);
	gs_srtp_free(gcm);
}

/* On both sides of each change of the session keys. */
static void
key_derivation_rates(void **state)
{
	static const uint8_t rates[] = { 1, 8, 16, 24 };

	(void)state;
	for (size_t i = 0; i < sizeof(rates); i++) {
		struct gs_srtp_spec spec = cm128;
		uint64_t edge = UINT64_C(3) << rates[i];

		spec.kdr = rates[i];
		for (uint64_t at = edge - 2; at < edge + 2; at++)
			own_rtp(&spec, at, (unsigned)(at % 50) + 1);
		if (rates[i] <= 16)
			own_rtp(&spec, UINT64_C(0x12345678) << rates[i], 3);
		spec.cipher = GS_SRTP_F8;
		own_rtp(&spec, edge - 1, 5);
		own_rtp(&spec, edge, 5);
	}
}

static void
f8_and_aes192_of_the_rfc(void **state)
{
	(void)state;
	for (unsigned i = 1; i < 20; i++) {
		own_rtp(&f8, UINT64_C(0x12345) * i * i, i);
		own_rtp(&cm192, UINT64_C(0x12345) * i * i, i);
		own_rtp(&cm256, UINT64_C(0x12345) * i * i, i);
	}
	own_rtp(&cm128, (UINT64_C(1) << 48) - 1, 9);
}

/* SRTCP, encrypted or not, as the first bit of word says. */
static void
own_rtcp(const struct gs_srtp_spec *spec, uint32_t word, unsigned tag)
{
	struct own_master m = own_master(spec);
	uint8_t plain[36] = { 0x80, 200, 0, 8 }, p[36 + 4 + 20], out[64];
	struct gs_srtp *s = session();
	size_t k;

	for (size_t i = 0; i < sizeof(m.keysalt); i++)
		m.keysalt[i] = (uint8_t)(i * 9 + 1);
	for (size_t i = 4; i < sizeof(plain); i++)
		plain[i] = (uint8_t)(i * 3);
	memcpy(p, plain, 36);
	size_t n = own_protect_rtcp(&m, word, p, 36, tag);
	assert_int_equal(gs_srtp_set_key(s, spec, m.keysalt, NULL), 0);
	assert_int_equal(gs_srtp_unprotect_rtcp(s, p, n,
			     (struct gs_srtp_form){ .tag = (uint8_t)tag }, out,
			     &k),
	    GS_SRTP_OK);
	assert_int_equal(k, 36);
	assert_memory_equal(out, plain, 36);
	gs_srtp_free(s);
}

static void
rtcp_forms(void **state)
{
	struct gs_srtp_spec rate = cm128;

	(void)state;
	for (unsigned tag = 4; tag <= 10; tag += 6) {
		own_rtcp(&cm128, 0x80000001, tag);
		own_rtcp(&cm128, 0x00000001, tag); /* E = 0 */
		own_rtcp(&cm128, 0xffffffff, tag);
		own_rtcp(&cm128, 0x80000000, tag); /* wrapped */
		own_rtcp(&f8, 0x80001234, tag);
		for (uint8_t kdr = 1; kdr < 25; kdr++) {
			rate.kdr = kdr;
			own_rtcp(&rate, 0x80000000 | ((1u << kdr) - 1), tag);
			own_rtcp(&rate, 0x80000000 | 1u << kdr, tag);
		}
	}
}

/* Seals n octets behind a header and searches their counter, which is roc: other
 * ones before, of other keys with a rate, and one bit of it wrong. */
static void
searched(const struct gs_srtp_spec *spec, struct gs_srtp_form form, size_t n,
    uint32_t roc)
{
	struct own_master m = own_master(spec);
	const uint64_t index = (uint64_t)roc << 16 | 0xfffe;
	uint8_t p[12 + 4096 + 16 + 8] = { 0x80, 8, 0xff, 0xfe };
	struct gs_srtp *s = session();
	struct own_keys k;

	for (size_t i = 0; i < spec->key + 12U; i++)
		m.keysalt[i] = (uint8_t)(n + i * 7);
	for (size_t i = 4; i < 12 + n; i++)
		p[i] = (uint8_t)(i * 11);
	own_derive(&m, 0, index, &k);
	own_seal(&k, spec->key, index, p, 12 + n, form.clear);
	assert_int_equal(gs_srtp_set_key(s, spec, m.keysalt, NULL), 0);
	assert_int_equal(
	    gs_srtp_load(s, p, 12 + n + form.tag + form.mki, 12, form),
	    GS_SRTP_OK);
	for (int bit = 31; bit >= 0; bit--) {
		assert_int_equal(gs_srtp_verify(s, roc ^ 1U << bit),
		    GS_SRTP_FAIL);
		if (bit % 3 == 0)
			assert_int_equal(gs_srtp_verify(s, roc), GS_SRTP_OK);
	}
	/* What was hashed of another packet does not count. */
	p[11 + n + form.tag] ^= 1;
	assert_int_equal(
	    gs_srtp_load(s, p, 12 + n + form.tag + form.mki, 12, form),
	    GS_SRTP_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(gs_srtp_verify(s, roc), GS_SRTP_FAIL);
	gs_srtp_free(s);
}

static void
gcm_counters(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 160, 1400, 2047, 2048,
		2049, 4096 };
	static const uint8_t tags[] = { 4, 8, 16 }, rates[] = { 0, 17, 24 };

	(void)state;
	for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (unsigned k = 0; k < 36; k++) {
			struct gs_srtp_spec spec = k % 2 == 0 ? gcm128 : gcm256;
			const struct gs_srtp_form form = {
				.tag = tags[k / 2 % 3],
				.mki = k / 6 % 2 == 0 ? 0 : 8,
				.clear = i % 2 == k / 12 % 2,
			};

			spec.kdr = rates[k / 12];
			searched(&spec, form, sizes[i], 0x01020304);
			searched(&spec, form, sizes[i], 0);
		}
}

/* What is too short for its form is said to be, and nothing is read. */
static void
short_packets(void **state)
{
	struct gs_srtp *s = keyed(&cm128,
	    "e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6");
	struct gs_srtp *g = keyed(&gcm128,
	    "e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3a");
	const struct gs_srtp_form t10 = { .tag = 10 };
	const struct gs_srtp_form mki = { .tag = 10, .mki = 128 };
	uint8_t out[64];
	size_t k;

	(void)state;
	assert_int_equal(gs_srtp_verify(s, 0), GS_SRTP_SHORT);
	for (size_t n = 0; n < 48; n++) {
		uint8_t *p = calloc(1, n + 1);

		assert_non_null(p);
		assert_int_equal(gs_srtp_load(s, p, n, 12, t10),
		    n < 22 ? GS_SRTP_SHORT : GS_SRTP_OK);
		assert_int_equal(gs_srtp_load(s, p, n, 12, mki), GS_SRTP_SHORT);
		assert_int_equal(gs_srtp_unprotect(s, 0, out, &k),
		    GS_SRTP_SHORT);
		assert_int_equal(gs_srtp_unprotect_rtcp(s, p, n, t10, out, &k),
		    n < 22 ? GS_SRTP_SHORT : GS_SRTP_FAIL);
		assert_int_equal(gs_srtp_load(g, p, n, 12,
				     (struct gs_srtp_form){ .tag = 16 }),
		    n < 28 ? GS_SRTP_SHORT : GS_SRTP_OK);
		assert_int_equal(gs_srtp_load(g, p, n, 12,
				     (struct gs_srtp_form){ .tag = 0 }),
		    GS_SRTP_SHORT);
		free(p);
	}
	gs_srtp_free(s);
	gs_srtp_free(g);
}

static void
impossible_specs(void **state)
{
	static const struct gs_srtp_spec bad[] = {
		{ GS_SRTP_CM, 20, 14, 0, 0, 0 },
		{ GS_SRTP_CM, 16, 12, 0, 0, 0 },
		{ GS_SRTP_CM, 16, 14, 25, 0, 0 },
		{ GS_SRTP_CM, 16, 14, 0, 1, 0 },
		{ GS_SRTP_GCM, 24, 12, 0, 0, 0 },
		{ GS_SRTP_GCM, 16, 14, 0, 0, 0 },
		{ GS_SRTP_F8, 32, 14, 0, 0, 0 },
	};
	struct gs_srtp *s = session();
	uint8_t k[64] = { 0 };
	struct gs_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(gs_srtp_set_key(s, &bad[i], k, &err), -1);
	assert_non_null(strstr(err.text, "256-bit"));
	gs_srtp_free(s);
}

static void
fingerprints(void **state)
{
	char f[9];

	(void)state;
	gs_sha256_print((const uint8_t *)"abc", 3, f);
	assert_string_equal(f, "ba7816bf");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counter_keystreams),
		cmocka_unit_test(derivations),
		cmocka_unit_test(f8_vector),
		cmocka_unit_test(gcm_vectors),
		cmocka_unit_test(published_packets),
		cmocka_unit_test(hidden_headers),
		cmocka_unit_test(own_encoder),
		cmocka_unit_test(key_derivation_rates),
		cmocka_unit_test(f8_and_aes192_of_the_rfc),
		cmocka_unit_test(rtcp_forms),
		cmocka_unit_test(gcm_counters),
		cmocka_unit_test(short_packets),
		cmocka_unit_test(impossible_specs),
		cmocka_unit_test(fingerprints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
