/* SPDX-License-Identifier: MIT */
/* Private keys: made, read, written, compared. */
#include "cert/key.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "ossl_priv.h"

enum { RSA_BITS_MIN = 2048, EC_BITS_MIN = 253 /* Ed25519 */ };

static const struct {
	const char *name;
	unsigned bits;
	const char *curve;
} kinds[GS_KEY_KINDS] = {
	[GS_KEY_RSA_2048] = { "rsa:2048", 2048, NULL },
	[GS_KEY_RSA_3072] = { "rsa:3072", 3072, NULL },
	[GS_KEY_RSA_4096] = { "rsa:4096", 4096, NULL },
	[GS_KEY_EC_P256] = { "ec:P-256", 256, "P-256" },
	[GS_KEY_EC_P384] = { "ec:P-384", 384, "P-384" },
};

int
gs_key_kind_parse(const char *name, enum gs_key_kind *k)
{
	for (unsigned i = 0; i < GS_KEY_KINDS; i++)
		if (strcmp(name, kinds[i].name) == 0) {
			*k = (enum gs_key_kind)i;
			return 0;
		}
	return -1;
}

int
gs_key_make(enum gs_key_kind kind, struct gs_key **key, struct gs_err *err)
{
	EVP_PKEY *p;

	gs_ossl_start();
	p = kinds[kind].curve != NULL ?
	    EVP_PKEY_Q_keygen(NULL, NULL, "EC", kinds[kind].curve) :
	    EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)kinds[kind].bits);
	gs_ossl_wipe_stack();
	if (p == NULL)
		return gs_ossl_err(err, "cannot make a key");
	*key = (struct gs_key *)p;
	return 0;
}

static int
give_pass(char *buf, int size, int writing, void *arg)
{
	const struct gs_span *pass = arg;

	(void)writing;
	if (pass->n == 0 || size < 0 || pass->n > (size_t)size)
		return -1;
	memcpy(buf, pass->p, pass->n);
	return (int)pass->n;
}

enum gs_key_found
gs_key_read(struct gs_span pem, struct gs_span pass, struct gs_key **key,
    bool *was_locked)
{
	bool locked =
	    gs_span_find(pem, GS_LIT("BEGIN ENCRYPTED PRIVATE KEY")) < pem.n ||
	    gs_span_find(pem, GS_LIT("Proc-Type: 4,ENCRYPTED")) < pem.n;

	if (was_locked != NULL)
		*was_locked = locked;
	if (gs_span_find(pem, GS_LIT("PRIVATE KEY-----")) == pem.n)
		return GS_KEY_NONE;
	if (pem.n > INT32_MAX)
		return GS_KEY_DAMAGED;
	gs_ossl_start();
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *p = bio == NULL ?
	    NULL :
	    PEM_read_bio_PrivateKey(bio, NULL, give_pass, &pass);
	BIO_free(bio);
	gs_ossl_wipe_stack();
	ERR_clear_error();
	if (p == NULL)
		return locked ? GS_KEY_LOCKED : GS_KEY_DAMAGED;
	*key = (struct gs_key *)p;
	return GS_KEY_OK;
}

int
gs_key_write(const struct gs_key *key, struct gs_buf *out, struct gs_err *err)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	bool good = bio != NULL &&
	    PEM_write_bio_PKCS8PrivateKey(bio, gs_ossl_pkey(key), NULL, NULL, 0,
		NULL, NULL) == 1;

	gs_ossl_wipe_stack();
	return gs_ossl_take(bio, good, out, "cannot write the key", err);
}

void
gs_key_free(struct gs_key *key)
{
	EVP_PKEY_free(gs_ossl_pkey(key));
}

struct gs_key *
gs_key_ref(struct gs_key *key)
{
	if (key != NULL && EVP_PKEY_up_ref(gs_ossl_pkey(key)) != 1)
		return NULL;
	return key;
}

bool
gs_key_same(const struct gs_key *a, const struct gs_key *b)
{
	return EVP_PKEY_eq(gs_ossl_pkey(a), gs_ossl_pkey(b)) == 1;
}

/* 8 hex digits of the SHA-256 of a SubjectPublicKeyInfo. */
void
gs_ossl_fingerprint(unsigned char *der, int n, char *hex)
{
	uint8_t md[EVP_MAX_MD_SIZE] = { 0 };

	if (n > 0)
		(void)EVP_Digest(der, (size_t)n, md, NULL, EVP_sha256(), NULL);
	OPENSSL_free(der);
	gs_ossl_hex(md, 4, hex);
}

void
gs_ossl_key_info(EVP_PKEY *p, struct gs_key_info *info)
{
	char group[32] = "";
	const char *curve;
	int type = EVP_PKEY_get_base_id(p);
	int bits = EVP_PKEY_get_bits(p);

	*info = (struct gs_key_info){ 0 };
	info->bits = bits > 0 ? (unsigned)bits : 0;
	info->rsa = type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS;
	info->weak = info->bits <
	    (info->rsa || type == EVP_PKEY_DSA ? RSA_BITS_MIN : EC_BITS_MIN);
	if (info->rsa) {
		(void)snprintf(info->name, sizeof(info->name), "rsa:%u",
		    info->bits);
		return;
	}
	if (type == EVP_PKEY_EC &&
	    EVP_PKEY_get_group_name(p, group, sizeof(group), NULL) == 1)
		curve = strcmp(group, "prime256v1") == 0 ? "P-256" :
		    strcmp(group, "secp384r1") == 0      ? "P-384" :
							   group;
	else
		curve = OBJ_nid2sn(type);
	(void)snprintf(info->name, sizeof(info->name), "%s%s",
	    type == EVP_PKEY_EC ? "ec:" : "", curve);
}

void
gs_key_info(const struct gs_key *key, struct gs_key_info *info)
{
	unsigned char *der = NULL;

	gs_ossl_key_info(gs_ossl_pkey(key), info);
	int n = i2d_PUBKEY(gs_ossl_pkey(key), &der);
	gs_ossl_fingerprint(der, n, info->fp);
}

/* ---- memory that is wiped when it is freed */

union block {
	size_t n; /* bytes that follow */
	max_align_t align;
};

static void *
wiped_malloc(size_t n, const char *file, int line)
{
	union block *b =
	    n < SIZE_MAX - sizeof(*b) ? malloc(sizeof(*b) + n) : NULL;

	(void)file;
	(void)line;
	if (b == NULL)
		return NULL;
	b->n = n;
	return b + 1;
}

static void
wiped_free(void *p, const char *file, int line)
{
	union block *b = p;

	(void)file;
	(void)line;
	if (b == NULL)
		return;
	b--;
	explicit_bzero(b, sizeof(*b) + b->n);
	free(b);
}

static void *
wiped_realloc(void *p, size_t n, const char *file, int line)
{
	const union block *b = p;
	void *q = wiped_malloc(n, file, line);

	if (p == NULL || q == NULL)
		return q;
	b--;
	memcpy(q, p, b->n < n ? b->n : n);
	wiped_free(p, file, line);
	return q;
}

void
gs_key_wipe_freed(void)
{
	(void)CRYPTO_set_mem_functions(wiped_malloc, wiped_realloc, wiped_free);
}
