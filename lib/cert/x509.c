/* SPDX-License-Identifier: MIT */
/* Keys, certificates, requests and the TLS self-test, on libcrypto. */
#include "cert/x509.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/file.h"

enum {
	DAY = 86400,
	CN_MAX = 64,
	SERIAL_BYTES = 16,
	HANDSHAKE_TURNS = 20,
	AGENT_MAX = 4 * 1024 * 1024,
	RSA_BITS_MIN = 2048,
	EC_BITS_MIN = 253 /* Ed25519 */
};

static EVP_PKEY *
pkey_of(const struct gs_key *key)
{
	return (EVP_PKEY *)(uintptr_t)key;
}

static X509 *
x509_of(const struct gs_cert *cert)
{
	return (X509 *)(uintptr_t)cert;
}

/* openssl.cnf belongs to other programs: what this one makes and accepts
 * is not to depend on it. */
static void
start(void)
{
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	ERR_clear_error();
}

static int
ossl_err(struct gs_err *err, const char *what)
{
	const char *why;

	/* A run without errors does not need their texts. */
	(void)OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS |
		OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL);
	why = ERR_reason_error_string(ERR_peek_last_error());
	ERR_clear_error();
	return gs_err_set(
	    err, "%s: %s", what, why != NULL ? why : "no reason given");
}

/* ---- keys */

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

	start();
	p = kinds[kind].curve != NULL ?
	    EVP_PKEY_Q_keygen(NULL, NULL, "EC", kinds[kind].curve) :
	    EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)kinds[kind].bits);
	if (p == NULL)
		return ossl_err(err, "cannot make a key");
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

static bool
holds(struct gs_span s, struct gs_span what)
{
	return gs_span_find(s, what) < s.n;
}

enum gs_key_found
gs_key_read(struct gs_span pem, struct gs_span pass, struct gs_key **key,
    bool *was_locked)
{
	bool locked = holds(pem, GS_LIT("BEGIN ENCRYPTED PRIVATE KEY")) ||
	    holds(pem, GS_LIT("Proc-Type: 4,ENCRYPTED"));

	if (was_locked != NULL)
		*was_locked = locked;
	if (!holds(pem, GS_LIT("PRIVATE KEY-----")))
		return GS_KEY_NONE;
	if (pem.n > INT32_MAX)
		return GS_KEY_DAMAGED;
	start();
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *p = bio == NULL ?
	    NULL :
	    PEM_read_bio_PrivateKey(bio, NULL, give_pass, &pass);
	BIO_free(bio);
	ERR_clear_error();
	if (p == NULL)
		return locked ? GS_KEY_LOCKED : GS_KEY_DAMAGED;
	*key = (struct gs_key *)p;
	return GS_KEY_OK;
}

/* Appends what a writer left in bio; BIO_free() wipes it there. */
static int
take(BIO *bio, bool good, struct gs_buf *out, const char *what,
    struct gs_err *err)
{
	char *p = NULL;
	long n = good ? BIO_get_mem_data(bio, &p) : -1;

	if (n > 0)
		gs_buf_put(out, p, (size_t)n);
	BIO_free(bio);
	if (n <= 0)
		return ossl_err(err, what);
	if (!gs_buf_ok(out))
		return gs_err_set(err, "%s: no room", what);
	return 0;
}

int
gs_key_write(
    const struct gs_key *key, struct gs_buf *out, struct gs_err *err)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	bool good = bio != NULL &&
	    PEM_write_bio_PKCS8PrivateKey(
		bio, pkey_of(key), NULL, NULL, 0, NULL, NULL) == 1;

	return take(bio, good, out, "cannot write the key", err);
}

void
gs_key_free(struct gs_key *key)
{
	EVP_PKEY_free(pkey_of(key));
}

struct gs_key *
gs_key_ref(struct gs_key *key)
{
	if (key != NULL && EVP_PKEY_up_ref(pkey_of(key)) != 1)
		return NULL;
	return key;
}

bool
gs_key_same(const struct gs_key *a, const struct gs_key *b)
{
	return EVP_PKEY_eq(pkey_of(a), pkey_of(b)) == 1;
}

static void
to_hex(const uint8_t *p, size_t n, char *hex)
{
	for (size_t i = 0; i < n; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", p[i]);
}

/* 8 hex digits of the SHA-256 of a SubjectPublicKeyInfo. */
static void
key_fingerprint(unsigned char *der, int n, char *hex)
{
	uint8_t md[EVP_MAX_MD_SIZE] = { 0 };

	if (n > 0)
		(void)EVP_Digest(
		    der, (size_t)n, md, NULL, EVP_sha256(), NULL);
	OPENSSL_free(der);
	to_hex(md, 4, hex);
}

static void
pkey_info(EVP_PKEY *p, struct gs_key_info *info)
{
	char group[32] = "";
	const char *curve;
	int type = EVP_PKEY_get_base_id(p);
	int bits = EVP_PKEY_get_bits(p);

	*info = (struct gs_key_info){ 0 };
	info->bits = bits > 0 ? (unsigned)bits : 0;
	info->rsa = type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS;
	info->weak = info->bits < (info->rsa || type == EVP_PKEY_DSA ?
			RSA_BITS_MIN : EC_BITS_MIN);
	if (info->rsa) {
		(void)snprintf(
		    info->name, sizeof(info->name), "rsa:%u", info->bits);
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

	pkey_info(pkey_of(key), info);
	int n = i2d_PUBKEY(pkey_of(key), &der);
	key_fingerprint(der, n, info->fp);
}

/* ---- reading certificates */

static void
certs_take(struct gs_certs *c, X509 *x)
{
	if (c->n == GS_CERTS_MAX) {
		c->dropped++;
		X509_free(x);
		return;
	}
	c->list[c->n++] = (struct gs_cert *)x;
}

/* Whether x is written as it was read: what is put in place must be what
 * was checked (DER has one way to write it, X.690 section 10). */
static bool
is_der(X509 *x, const unsigned char *p, const unsigned char *end)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);
	bool same = n > 0 && n <= end - p && memcmp(der, p, (size_t)n) == 0;

	OPENSSL_free(der);
	return same;
}

static void
take_x509(struct gs_certs *c, const unsigned char *p, long n, bool aux)
{
	const unsigned char *at = p;
	X509 *x = aux ? d2i_X509_AUX(NULL, &at, n) : d2i_X509(NULL, &at, n);

	/* Extensions are parsed late; a certificate whose extensions
	 * cannot be read is none. */
	if (x == NULL || X509_get0_pubkey(x) == NULL ||
	    (X509_get_extension_flags(x) & EXFLAG_INVALID) != 0 ||
	    !is_der(x, p, p + n)) {
		c->damaged++;
		X509_free(x);
		return;
	}
	certs_take(c, x);
}

static void
take_pkcs7(struct gs_certs *c, const unsigned char *p, long n)
{
	PKCS7 *p7 = d2i_PKCS7(NULL, &p, n);
	STACK_OF(X509) *sk = NULL;

	if (p7 != NULL && PKCS7_type_is_signed(p7) && p7->d.sign != NULL)
		sk = p7->d.sign->cert;
	if (p7 == NULL)
		c->damaged++;
	for (int i = 0; sk != NULL && i < sk_X509_num(sk); i++) {
		unsigned char *der = NULL;
		int k = i2d_X509(sk_X509_value(sk, i), &der);
		take_x509(c, der, k > 0 ? k : 0, false);
		OPENSSL_free(der);
	}
	PKCS7_free(p7);
}

static void
take_block(
    struct gs_certs *c, const char *name, const unsigned char *p, long n)
{
	size_t len = strlen(name);

	if (len >= 11 && strcmp(name + len - 11, "PRIVATE KEY") == 0)
		c->key_inside = true;
	else if (strcmp(name, PEM_STRING_X509) == 0 ||
	    strcmp(name, PEM_STRING_X509_OLD) == 0)
		take_x509(c, p, n, false);
	else if (strcmp(name, PEM_STRING_X509_TRUSTED) == 0)
		take_x509(c, p, n, true);
	else if (strcmp(name, PEM_STRING_PKCS7) == 0 ||
	    strcmp(name, PEM_STRING_PKCS7_SIGNED) == 0 ||
	    strcmp(name, PEM_STRING_CMS) == 0)
		take_pkcs7(c, p, n);
}

static int
read_pem(struct gs_span bytes, struct gs_certs *c, struct gs_err *err)
{
	BIO *bio = BIO_new_mem_buf(bytes.p, (int)bytes.n);

	if (bio == NULL)
		return ossl_err(err, "no memory");
	while (!BIO_eof(bio)) {
		char *name = NULL, *header = NULL;
		unsigned char *data = NULL;
		long n = 0;
		if (PEM_read_bio(bio, &name, &header, &data, &n) == 1) {
			take_block(c, name, data, n);
		} else if (ERR_GET_REASON(ERR_peek_last_error()) !=
		    PEM_R_NO_START_LINE) {
			c->damaged++;
		}
		ERR_clear_error();
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_clear_free(data, n > 0 ? (size_t)n : 0);
	}
	BIO_free(bio);
	return 0;
}

int
gs_certs_read(
    struct gs_span bytes, struct gs_certs *out, struct gs_err *err)
{
	size_t before = out->n;

	if (bytes.n == 0)
		return 0;
	if (bytes.n > INT32_MAX)
		return gs_err_set(err, "too long for certificates");
	start();
	if (holds(bytes, GS_LIT("PRIVATE KEY-----")))
		out->key_inside = true;
	if (holds(bytes, GS_LIT("-----BEGIN ")))
		return read_pem(bytes, out, err);
	if ((unsigned char)bytes.p[0] != 0x30)
		return 0;
	take_x509(out, (const unsigned char *)bytes.p, (long)bytes.n, false);
	if (out->n == before) {
		out->damaged--;
		take_pkcs7(out, (const unsigned char *)bytes.p,
		    (long)bytes.n);
	}
	ERR_clear_error();
	return 0;
}

int
gs_certs_add(struct gs_certs *c, struct gs_cert *cert, struct gs_err *err)
{
	for (size_t i = 0; i < c->n; i++)
		if (gs_cert_same(c->list[i], cert))
			return 0;
	if (c->n == GS_CERTS_MAX)
		return gs_err_set(
		    err, "more than %d certificates", GS_CERTS_MAX);
	if (X509_up_ref(x509_of(cert)) != 1)
		return ossl_err(err, "no memory");
	c->list[c->n++] = cert;
	return 0;
}

void
gs_certs_free(struct gs_certs *c)
{
	for (size_t i = 0; i < c->n; i++)
		gs_cert_free(c->list[i]);
	*c = (struct gs_certs){ 0 };
}

void
gs_cert_free(struct gs_cert *cert)
{
	X509_free(x509_of(cert));
}

int
gs_cert_write_pem(
    const struct gs_cert *cert, struct gs_buf *out, struct gs_err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool good =
	    bio != NULL && PEM_write_bio_X509(bio, x509_of(cert)) == 1;

	return take(bio, good, out, "cannot write the certificate", err);
}

int
gs_cert_write_der(
    const struct gs_cert *cert, struct gs_buf *out, struct gs_err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool good = bio != NULL && i2d_X509_bio(bio, x509_of(cert)) == 1;

	return take(bio, good, out, "cannot write the certificate", err);
}

/* ---- looking into certificates */

/* seconds since 1970; an unreadable time counts as long ago. */
static int64_t
seconds(const ASN1_TIME *t)
{
	struct tm tm = { 0 };

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return INT64_MIN;
	return (int64_t)timegm(&tm);
}

static void
name_text(const X509_NAME *name, char *text, size_t size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p = NULL;

	text[0] = '\0';
	if (bio != NULL &&
	    X509_NAME_print_ex(bio, name, 0,
		XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
		long n = BIO_get_mem_data(bio, &p);
		if (n > 0)
			(void)snprintf(text, size, "%.*s", (int)n, p);
	}
	BIO_free(bio);
}

static void
cn_text(const X509_NAME *name, char *text, size_t size)
{
	unsigned char *utf8 = NULL;
	int i = X509_NAME_get_index_by_NID(name, NID_commonName, -1);

	text[0] = '\0';
	if (i < 0)
		return;
	const ASN1_STRING *s =
	    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
	if (ASN1_STRING_to_UTF8(&utf8, s) >= 0)
		(void)snprintf(text, size, "%s", (const char *)utf8);
	OPENSSL_free(utf8);
}

static void
serial_text(X509 *x, char *text, size_t size)
{
	BIGNUM *bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = bn == NULL ? NULL : BN_bn2hex(bn);

	(void)snprintf(text, size, "%s", hex != NULL ? hex : "?");
	OPENSSL_free(hex);
	BN_free(bn);
}

/* Names that cannot be ours (with a NUL, not a host name) are left out. */
static void
read_sans(X509 *x, struct gs_sans *sans)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);
		char dns[GS_HOST_MAX + 1];
		if (g->type == GEN_IPADD) {
			const ASN1_STRING *s = g->d.iPAddress;
			if (gs_sans_add_ip(sans, ASN1_STRING_get0_data(s),
				(size_t)ASN1_STRING_length(s), NULL) == -1)
				continue;
		} else if (g->type == GEN_DNS) {
			const ASN1_STRING *s = g->d.dNSName;
			size_t n = (size_t)ASN1_STRING_length(s);
			if (n >= sizeof(dns))
				continue;
			memcpy(dns, ASN1_STRING_get0_data(s), n);
			dns[n] = '\0';
			if (strlen(dns) != n ||
			    gs_sans_add_dns(sans, dns, NULL) == -1)
				continue;
		}
	}
	GENERAL_NAMES_free(names);
}

static void
digest_info(X509 *x, struct gs_cert_info *info)
{
	int md = NID_undef, key = NID_undef, bits = 0;

	(void)X509_get_signature_info(x, &md, &key, &bits, NULL);
	const char *name = md != NID_undef ? OBJ_nid2sn(md) :
					     OBJ_nid2sn(key);
	(void)snprintf(info->digest, sizeof(info->digest), "%s",
	    name != NULL ? name : "unknown");
	/* 112 bits: SHA-224 and up; EdDSA has no digest of its own. */
	info->weak_digest =
	    md == NID_sha1 || md == NID_md5 || md == NID_sha224 || bits < 112;
}

int
gs_cert_info(const struct gs_cert *cert, struct gs_cert_info *info,
    struct gs_err *err)
{
	X509 *x = x509_of(cert);
	uint8_t md[EVP_MAX_MD_SIZE] = { 0 };
	unsigned char *der = NULL;

	start();
	*info = (struct gs_cert_info){ 0 };
	if (X509_get0_pubkey(x) == NULL)
		return ossl_err(err, "the certificate's key is not readable");
	pkey_info(X509_get0_pubkey(x), &info->key);
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
	key_fingerprint(der, n, info->key.fp);
	name_text(X509_get_subject_name(x), info->subject,
	    sizeof(info->subject));
	name_text(
	    X509_get_issuer_name(x), info->issuer, sizeof(info->issuer));
	cn_text(X509_get_subject_name(x), info->cn, sizeof(info->cn));
	serial_text(x, info->serial, sizeof(info->serial));
	digest_info(x, info);
	if (X509_digest(x, EVP_sha256(), md, NULL) == 1)
		to_hex(md, 32, info->fp);
	info->not_before = seconds(X509_get0_notBefore(x));
	info->not_after = seconds(X509_get0_notAfter(x));
	read_sans(x, &info->sans);
	info->self_signed = gs_cert_self_signed(cert);
	info->ca = X509_check_ca(x) > 0;
	info->usage_server =
	    X509_check_purpose(x, X509_PURPOSE_SSL_SERVER, 0) == 1;
	ERR_clear_error();
	return 0;
}

bool
gs_cert_same(const struct gs_cert *a, const struct gs_cert *b)
{
	return X509_cmp(x509_of(a), x509_of(b)) == 0;
}

bool
gs_cert_has_key(const struct gs_cert *cert, const struct gs_key *key)
{
	EVP_PKEY *p = X509_get0_pubkey(x509_of(cert));

	return p != NULL && EVP_PKEY_eq(p, pkey_of(key)) == 1;
}

bool
gs_cert_issued(const struct gs_cert *issuer, const struct gs_cert *cert)
{
	X509 *i = x509_of(issuer), *x = x509_of(cert);
	bool yes;

	if (X509_NAME_cmp(X509_get_subject_name(i),
		X509_get_issuer_name(x)) != 0 ||
	    X509_get0_pubkey(i) == NULL)
		return false;
	yes = X509_verify(x, X509_get0_pubkey(i)) == 1;
	ERR_clear_error();
	return yes;
}

bool
gs_cert_self_signed(const struct gs_cert *cert)
{
	bool yes = X509_self_signed(x509_of(cert), 1) == 1;

	ERR_clear_error();
	return yes;
}

static bool
set_up_store(X509_STORE *store, STACK_OF(X509) *between,
    const struct gs_cert *leaf, const struct gs_certs *chain, int64_t now)
{
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
	const struct gs_cert *root =
	    chain->n > 0 ? chain->list[chain->n - 1] : leaf;

	X509_VERIFY_PARAM_set_time(param, (time_t)now);
	for (size_t i = 0; i + 1 < chain->n; i++)
		if (sk_X509_push(between, x509_of(chain->list[i])) <= 0)
			return false;
	return X509_VERIFY_PARAM_set_purpose(
		   param, X509_PURPOSE_SSL_SERVER) == 1 &&
	    X509_STORE_add_cert(store, x509_of(root)) == 1;
}

const char *
gs_cert_refusal(const struct gs_cert *leaf, const struct gs_certs *chain,
    int64_t now)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *between = sk_X509_new_null();
	int fault = X509_V_ERR_OUT_OF_MEM;

	start();
	if (store != NULL && ctx != NULL && between != NULL &&
	    set_up_store(store, between, leaf, chain, now) &&
	    X509_STORE_CTX_init(ctx, store, x509_of(leaf), between) == 1)
		fault = X509_verify_cert(ctx) == 1 ?
		    X509_V_OK :
		    X509_STORE_CTX_get_error(ctx);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_free(between);
	ERR_clear_error();
	return fault == X509_V_OK ? NULL :
				    X509_verify_cert_error_string(fault);
}

/* ---- issuing */

static int
put_subject(X509_NAME *name, const struct gs_issue *what, struct gs_err *err)
{
	const struct gs_dn *dn = what->subject;

	for (size_t i = 0; dn != NULL && i < dn->n; i++) {
		const struct gs_attr *a = &dn->attr[i];
		if (X509_NAME_add_entry_by_txt(name, a->type, MBSTRING_UTF8,
			(const unsigned char *)a->value, -1, -1,
			a->joined ? -1 : 0) != 1) {
			(void)ossl_err(err, "reason");
			return gs_err_set(err,
			    "'%s=%s' cannot stand in a subject: the type is "
			    "unknown, or the value has a wrong length or "
			    "letter for it", a->type, a->value);
		}
	}
	if (what->cn == NULL || strlen(what->cn) > CN_MAX)
		return 0;
	if (X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
		(const unsigned char *)what->cn, -1, -1, 0) != 1)
		return ossl_err(err, "cannot make the subject");
	return 0;
}

static GENERAL_NAME *
general_name(const struct gs_san *san)
{
	bool dns = san->kind == GS_SAN_DNS;
	const void *p = dns ? (const void *)gs_san_name(san) : san->ip;
	size_t n = dns ? strlen(gs_san_name(san)) : san->ip_len;
	GENERAL_NAME *g = GENERAL_NAME_new();
	ASN1_STRING *s =
	    ASN1_STRING_type_new(dns ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);

	if (g == NULL || s == NULL || ASN1_STRING_set(s, p, (int)n) != 1) {
		GENERAL_NAME_free(g);
		ASN1_STRING_free(s);
		return NULL;
	}
	GENERAL_NAME_set0_value(g, dns ? GEN_DNS : GEN_IPADD, s);
	return g;
}

/* critical when there is no subject: RFC 5280 section 4.2.1.6. */
static bool
add_sans(STACK_OF(X509_EXTENSION) **to, const struct gs_sans *sans,
    bool critical)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	bool good = names != NULL;

	for (size_t i = 0; good && i < sans->n; i++) {
		GENERAL_NAME *g = general_name(&sans->list[i]);
		good = g != NULL && sk_GENERAL_NAME_push(names, g) > 0;
		if (!good)
			GENERAL_NAME_free(g);
	}
	good = good &&
	    X509V3_add1_i2d(to, NID_subject_alt_name, names, critical,
		X509V3_ADD_APPEND) == 1;
	sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
	return good;
}

static bool
add_ext(STACK_OF(X509_EXTENSION) **to, X509V3_CTX *ctx, int nid,
    const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, ctx, nid, value);

	if (e == NULL)
		return false;
	bool good = X509v3_add_ext(to, e, -1) != NULL;
	X509_EXTENSION_free(e);
	return good;
}

/* What a leaf says about itself, in a certificate and in a request. */
static bool
add_leaf_exts(STACK_OF(X509_EXTENSION) **to, X509V3_CTX *ctx,
    const struct gs_issue *what, bool no_subject)
{
	bool rsa = EVP_PKEY_get_base_id(pkey_of(what->key)) == EVP_PKEY_RSA;

	/* keyEncipherment is for RSA key transport only: RFC 5480 3. */
	return add_ext(
		   to, ctx, NID_basic_constraints, "critical,CA:FALSE") &&
	    add_ext(to, ctx, NID_key_usage,
		rsa ? "critical,digitalSignature,keyEncipherment" :
		      "critical,digitalSignature") &&
	    add_ext(to, ctx, NID_ext_key_usage, "serverAuth") &&
	    add_sans(to, what->sans, no_subject);
}

static bool
add_exts(X509 *x, const struct gs_issue *what)
{
	STACK_OF(X509_EXTENSION) *exts = NULL;
	X509V3_CTX ctx;
	X509 *issuer = what->issuer != NULL ? x509_of(what->issuer) : x;
	bool no_subject = X509_NAME_entry_count(X509_get_subject_name(x)) == 0;
	bool good;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	good = what->ca ?
	    add_ext(&exts, &ctx, NID_basic_constraints,
		"critical,CA:TRUE,pathlen:0") &&
		add_ext(&exts, &ctx, NID_key_usage,
		    "critical,keyCertSign,cRLSign") :
	    add_leaf_exts(&exts, &ctx, what, no_subject);
	good = good &&
	    add_ext(&exts, &ctx, NID_subject_key_identifier, "hash");
	for (int i = 0; good && i < sk_X509_EXTENSION_num(exts); i++)
		good = X509_add_ext(
			   x, sk_X509_EXTENSION_value(exts, i), -1) == 1;
	sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
	/* Needs the subject's identifier in place when both are one. */
	exts = NULL;
	good = good &&
	    add_ext(&exts, &ctx, NID_authority_key_identifier,
		"keyid:always") &&
	    X509_add_ext(x, sk_X509_EXTENSION_value(exts, 0), -1) == 1;
	sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
	return good;
}

static bool
set_serial(X509 *x)
{
	uint8_t raw[SERIAL_BYTES];
	BIGNUM *bn = NULL;
	bool good = RAND_bytes(raw, sizeof(raw)) == 1;

	/* Positive, of full length: RFC 5280 section 4.1.2.2. */
	raw[0] = (uint8_t)((raw[0] & 0x7f) | 0x40);
	good = good && (bn = BN_bin2bn(raw, sizeof(raw), NULL)) != NULL &&
	    BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)) != NULL;
	BN_free(bn);
	return good;
}

static bool
set_times(X509 *x, const struct gs_issue *what)
{
	int64_t from = what->now - DAY;
	int64_t to = what->now + (int64_t)what->days * DAY;

	if (what->issuer != NULL) {
		X509 *i = x509_of(what->issuer);
		int64_t first = seconds(X509_get0_notBefore(i));
		int64_t last = seconds(X509_get0_notAfter(i));
		from = from < first ? first : from;
		to = to > last ? last : to;
	}
	return ASN1_TIME_set(X509_getm_notBefore(x), (time_t)from) != NULL &&
	    ASN1_TIME_set(X509_getm_notAfter(x), (time_t)to) != NULL;
}

/* EdDSA brings its own digest. */
static const EVP_MD *
digest_for(EVP_PKEY *p)
{
	int id = EVP_PKEY_get_base_id(p);

	return id == EVP_PKEY_ED25519 || id == EVP_PKEY_ED448 ? NULL :
								EVP_sha256();
}

static int
fill_cert(X509 *x, const struct gs_issue *what, struct gs_err *err)
{
	const struct gs_key *signer =
	    what->issuer != NULL ? what->issuer_key : what->key;

	if (put_subject(X509_get_subject_name(x), what, err) == -1)
		return -1;
	X509_NAME *issuer = X509_get_subject_name(
	    what->issuer != NULL ? x509_of(what->issuer) : x);
	if (X509_set_version(x, X509_VERSION_3) != 1 || !set_serial(x) ||
	    !set_times(x, what) || X509_set_issuer_name(x, issuer) != 1 ||
	    X509_set_pubkey(x, pkey_of(what->key)) != 1 ||
	    !add_exts(x, what) ||
	    X509_sign(x, pkey_of(signer), digest_for(pkey_of(signer))) <= 0)
		return ossl_err(err, "cannot make the certificate");
	return 0;
}

int
gs_cert_issue(const struct gs_issue *what, struct gs_cert **cert,
    struct gs_err *err)
{
	start();
	X509 *x = X509_new();
	if (x == NULL)
		return ossl_err(err, "no memory");
	if (fill_cert(x, what, err) == -1) {
		X509_free(x);
		return -1;
	}
	/* Encoded and read again: what is checked later is what others
	 * will read, not what was put together here. */
	struct gs_buf der;
	struct gs_certs read = { 0 };
	gs_buf_init(&der, 64 * 1024);
	int r = gs_cert_write_der((struct gs_cert *)x, &der, err);
	X509_free(x);
	if (r == 0)
		r = gs_certs_read(gs_buf_span(&der), &read, err);
	gs_buf_free(&der);
	if (r == 0 && read.n != 1)
		r = gs_err_set(err, "the new certificate cannot be read");
	if (r == 0)
		*cert = read.list[0];
	return r;
}

static bool
fill_csr(X509_REQ *req, const struct gs_issue *what)
{
	STACK_OF(X509_EXTENSION) *exts = NULL;
	X509V3_CTX ctx;
	X509_NAME *name = X509_REQ_get_subject_name(req);
	EVP_PKEY *p = pkey_of(what->key);

	X509V3_set_ctx(&ctx, NULL, NULL, req, NULL, 0);
	bool good = X509_REQ_set_version(req, X509_REQ_VERSION_1) == 1 &&
	    X509_REQ_set_pubkey(req, p) == 1 &&
	    add_leaf_exts(&exts, &ctx, what,
		X509_NAME_entry_count(name) == 0) &&
	    X509_REQ_add_extensions(req, exts) == 1 &&
	    X509_REQ_sign(req, p, digest_for(p)) > 0;
	sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
	return good;
}

int
gs_csr_make(
    const struct gs_issue *what, struct gs_buf *out, struct gs_err *err)
{
	start();
	X509_REQ *req = X509_REQ_new();
	int r = 0;

	if (req == NULL)
		return ossl_err(err, "no memory");
	r = put_subject(X509_REQ_get_subject_name(req), what, err);
	if (r == 0 && !fill_csr(req, what))
		r = ossl_err(err, "cannot make the request");
	if (r == 0) {
		BIO *bio = BIO_new(BIO_s_mem());
		bool good =
		    bio != NULL && PEM_write_bio_X509_REQ(bio, req) == 1;
		r = take(bio, good, out, "cannot write the request", err);
	}
	X509_REQ_free(req);
	return r;
}

/* ---- the self-test */

static int
file_err(struct gs_err *err, const char *path, const char *what)
{
	char text[256];

	(void)snprintf(text, sizeof(text), "self-test: %s cannot %s", path,
	    what);
	return ossl_err(err, text);
}

/* SSL_CTX_use_certificate_chain_file(), from memory. */
static bool
use_chain(SSL_CTX *ctx, BIO *bio)
{
	X509 *x;

	while ((x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		int r = SSL_CTX_get0_certificate(ctx) == NULL ?
		    SSL_CTX_use_certificate(ctx, x) :
		    SSL_CTX_add1_chain_cert(ctx, x) == 1;
		X509_free(x);
		if (r != 1)
			return false;
	}
	ERR_clear_error();
	return SSL_CTX_get0_certificate(ctx) != NULL;
}

/* What SSL_CTX_use_certificate_file() and SSL_CTX_use_PrivateKey_file() do,
 * except that they read through a FILE, which leaves the key in its buffer. */
static int
load_agent(SSL_CTX *ctx, const struct gs_tls_test *t, struct gs_span bytes,
    struct gs_err *err)
{
	BIO *bio = BIO_new_mem_buf(bytes.p, (int)bytes.n);
	X509 *x = NULL;
	EVP_PKEY *key = NULL;
	int r = 0;

	if (bio == NULL)
		return ossl_err(err, "no memory");
	if (t->cafile == NULL ?
		!use_chain(ctx, bio) :
		(x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) == NULL ||
		    SSL_CTX_use_certificate(ctx, x) != 1)
		r = file_err(err, t->agent, "be loaded as certificate");
	else if (BIO_reset(bio) != 1 ||
	    (key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL)) == NULL ||
	    SSL_CTX_use_PrivateKey(ctx, key) != 1)
		r = file_err(err, t->agent, "be loaded as key");
	else if (SSL_CTX_check_private_key(ctx) != 1)
		r = file_err(err, t->agent, "serve: its key is another's");
	X509_free(x);
	EVP_PKEY_free(key);
	BIO_free(bio);
	return r;
}

static int
load_server(
    SSL_CTX *ctx, const struct gs_tls_test *t, struct gs_err *err)
{
	struct gs_buf agent;

	/* Strength is judged by the rules; here it is whether it works. */
	SSL_CTX_set_security_level(ctx, 0);
	gs_buf_init(&agent, AGENT_MAX);
	int r = gs_file_read(t->agent, &agent, err);
	if (r == 0)
		r = load_agent(ctx, t, gs_buf_span(&agent), err);
	gs_buf_free(&agent);
	if (r == -1 || t->cafile == NULL)
		return r;
	if (SSL_CTX_load_verify_locations(ctx, t->cafile, NULL) != 1)
		return file_err(err, t->cafile, "be loaded for verifying");
	STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(t->cafile);
	if (names == NULL)
		return file_err(err, t->cafile, "be loaded for clients");
	SSL_CTX_set_client_CA_list(ctx, names);
	return 0;
}

static int
load_client(
    SSL_CTX *ctx, const struct gs_tls_test *t, struct gs_err *err)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);

	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	X509_VERIFY_PARAM_set_time(param, (time_t)t->now);
	/* What is trusted need not be a root: a phone takes what it gets. */
	if (X509_VERIFY_PARAM_set_flags(
		param, X509_V_FLAG_PARTIAL_CHAIN) != 1)
		return ossl_err(err, "self-test");
	for (size_t i = 0; i < t->trust->n; i++)
		if (X509_STORE_add_cert(
			store, x509_of(t->trust->list[i])) != 1)
			return ossl_err(err, "self-test");
	if (t->host != NULL &&
	    X509_VERIFY_PARAM_set1_host(param, t->host, 0) != 1)
		return ossl_err(err, "self-test");
	return 0;
}

static int
handshake(SSL *server, SSL *client, struct gs_err *err)
{
	for (unsigned i = 0; i < HANDSHAKE_TURNS; i++) {
		int c = SSL_do_handshake(client);
		long verdict = SSL_get_verify_result(client);
		if (c != 1 && SSL_get_error(client, c) != SSL_ERROR_WANT_READ)
			return verdict != X509_V_OK ?
			    gs_err_set(err,
				"self-test: a client refuses the "
				"certificate: %s",
				X509_verify_cert_error_string(verdict)) :
			    ossl_err(err, "self-test: TLS client");
		int s = SSL_do_handshake(server);
		if (s != 1 && SSL_get_error(server, s) != SSL_ERROR_WANT_READ)
			return ossl_err(err, "self-test: TLS server");
		if (c == 1 && s == 1)
			return 0;
	}
	return gs_err_set(err, "self-test: the TLS handshake does not end");
}

static int
check_names(SSL *client, const struct gs_tls_test *t, struct gs_err *err)
{
	X509 *peer = SSL_get1_peer_certificate(client);
	int r = peer == NULL ?
	    gs_err_set(err, "self-test: no certificate was sent") :
	    0;

	for (size_t i = 0; r == 0 && t->sans != NULL && i < t->sans->n; i++) {
		const struct gs_san *san = &t->sans->list[i];
		const char *name = gs_san_name(san);
		if (name[0] == '*')
			continue;
		int good = san->kind == GS_SAN_DNS ?
		    X509_check_host(peer, name, 0, 0, NULL) :
		    X509_check_ip(peer, san->ip, san->ip_len, 0);
		if (good != 1)
			r = gs_err_set(err,
			    "self-test: the certificate is not good for %s",
			    san->text);
	}
	X509_free(peer);
	return r;
}

/* The two ends of a TLS connection that never leaves this process. */
static int
connect_ends(SSL_CTX *sctx, SSL_CTX *cctx, const struct gs_tls_test *t,
    struct gs_err *err)
{
	SSL *server = SSL_new(sctx), *client = SSL_new(cctx);
	BIO *up = BIO_new(BIO_s_mem()), *down = BIO_new(BIO_s_mem());
	int r;

	if (server == NULL || client == NULL || up == NULL || down == NULL ||
	    BIO_up_ref(up) != 1 || BIO_up_ref(down) != 1) {
		BIO_free(up);
		BIO_free(down);
		r = ossl_err(err, "self-test");
	} else {
		SSL_set_bio(server, up, down);
		SSL_set_bio(client, down, up);
		SSL_set_accept_state(server);
		SSL_set_connect_state(client);
		r = handshake(server, client, err);
		if (r == 0)
			r = check_names(client, t, err);
	}
	SSL_free(server);
	SSL_free(client);
	return r;
}

int
gs_tls_selftest(const struct gs_tls_test *test, struct gs_err *err)
{
	start();
	SSL_CTX *server = SSL_CTX_new(TLS_method());
	SSL_CTX *client = SSL_CTX_new(TLS_client_method());
	int r = -1;

	if (server == NULL || client == NULL)
		r = ossl_err(err, "self-test");
	else if (load_server(server, test, err) == 0 &&
	    load_client(client, test, err) == 0)
		r = connect_ends(server, client, test, err);
	SSL_CTX_free(server);
	SSL_CTX_free(client);
	ERR_clear_error();
	return r;
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
gs_x509_wipe(void)
{
	(void)CRYPTO_set_mem_functions(
	    wiped_malloc, wiped_realloc, wiped_free);
}

void
gs_x509_library(struct gs_buf *b)
{
	gs_buf_puts(b, OpenSSL_version(OPENSSL_VERSION));
}
