/* SPDX-License-Identifier: MIT */
/* Certificates: read, written, compared, and what stands in them. */
#include "cert/x509.h"

#include <stdio.h>
#include <time.h>

#include "ossl_priv.h"

/* ---- reading */

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
take_block(struct gs_certs *c, const char *name, const unsigned char *p, long n)
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
		return gs_ossl_err(err, "no memory");
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
gs_certs_read(struct gs_span bytes, struct gs_certs *out, struct gs_err *err)
{
	size_t before = out->n;

	if (bytes.n == 0)
		return 0;
	if (bytes.n > INT32_MAX)
		return gs_err_set(err, "too long for certificates");
	gs_ossl_start();
	if (gs_span_find(bytes, GS_LIT("PRIVATE KEY-----")) < bytes.n)
		out->key_inside = true;
	if (gs_span_find(bytes, GS_LIT("-----BEGIN ")) < bytes.n)
		return read_pem(bytes, out, err);
	if ((unsigned char)bytes.p[0] != 0x30)
		return 0;
	take_x509(out, (const unsigned char *)bytes.p, (long)bytes.n, false);
	if (out->n == before) {
		out->damaged--;
		take_pkcs7(out, (const unsigned char *)bytes.p, (long)bytes.n);
	}
	ERR_clear_error();
	return 0;
}

bool
gs_certs_hold(const struct gs_certs *c, const struct gs_cert *cert)
{
	for (size_t i = 0; i < c->n; i++)
		if (gs_cert_same(c->list[i], cert))
			return true;
	return false;
}

int
gs_certs_add(struct gs_certs *c, struct gs_cert *cert, struct gs_err *err)
{
	if (gs_certs_hold(c, cert))
		return 0;
	if (c->n == GS_CERTS_MAX)
		return gs_err_set(err, "more than %d certificates",
		    GS_CERTS_MAX);
	if (X509_up_ref(gs_ossl_x509(cert)) != 1)
		return gs_ossl_err(err, "no memory");
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
	X509_free(gs_ossl_x509(cert));
}

int
gs_cert_write_pem(const struct gs_cert *cert, struct gs_buf *out,
    struct gs_err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool good =
	    bio != NULL && PEM_write_bio_X509(bio, gs_ossl_x509(cert)) == 1;

	return gs_ossl_take(bio, good, out, "cannot write the certificate",
	    err);
}

int
gs_cert_write_der(const struct gs_cert *cert, struct gs_buf *out,
    struct gs_err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool good = bio != NULL && i2d_X509_bio(bio, gs_ossl_x509(cert)) == 1;

	return gs_ossl_take(bio, good, out, "cannot write the certificate",
	    err);
}

/* ---- looking into them */

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
	const char *name = md != NID_undef ? OBJ_nid2sn(md) : OBJ_nid2sn(key);
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
	X509 *x = gs_ossl_x509(cert);
	uint8_t md[EVP_MAX_MD_SIZE] = { 0 };
	unsigned char *der = NULL;

	gs_ossl_start();
	*info = (struct gs_cert_info){ 0 };
	if (X509_get0_pubkey(x) == NULL)
		return gs_ossl_err(err,
		    "the certificate's key is not readable");
	gs_ossl_key_info(X509_get0_pubkey(x), &info->key);
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
	gs_ossl_fingerprint(der, n, info->key.fp);
	name_text(X509_get_subject_name(x), info->subject,
	    sizeof(info->subject));
	name_text(X509_get_issuer_name(x), info->issuer, sizeof(info->issuer));
	cn_text(X509_get_subject_name(x), info->cn, sizeof(info->cn));
	serial_text(x, info->serial, sizeof(info->serial));
	digest_info(x, info);
	if (X509_digest(x, EVP_sha256(), md, NULL) == 1)
		gs_ossl_hex(md, 32, info->fp);
	info->not_before = gs_ossl_seconds(X509_get0_notBefore(x));
	info->not_after = gs_ossl_seconds(X509_get0_notAfter(x));
	read_sans(x, &info->sans);
	info->self_signed = gs_cert_self_signed(cert);
	info->ca = X509_check_ca(x) > 0;
	info->usage_server =
	    X509_check_purpose(x, X509_PURPOSE_SSL_SERVER, 0) == 1;
	ERR_clear_error();
	return 0;
}

bool
gs_cert_is_shared(const struct gs_cert_info *info)
{
	size_t n = strlen(info->subject);

	return gs_span_find(gs_span(info->subject, n),
		   GS_LIT("Gemeinschaft 4")) < n;
}

bool
gs_cert_same(const struct gs_cert *a, const struct gs_cert *b)
{
	return X509_cmp(gs_ossl_x509(a), gs_ossl_x509(b)) == 0;
}

bool
gs_cert_has_key(const struct gs_cert *cert, const struct gs_key *key)
{
	EVP_PKEY *p = X509_get0_pubkey(gs_ossl_x509(cert));

	return p != NULL && EVP_PKEY_eq(p, gs_ossl_pkey(key)) == 1;
}

bool
gs_cert_issued(const struct gs_cert *issuer, const struct gs_cert *cert)
{
	X509 *i = gs_ossl_x509(issuer), *x = gs_ossl_x509(cert);
	bool yes;

	if (X509_NAME_cmp(X509_get_subject_name(i), X509_get_issuer_name(x)) !=
		0 ||
	    X509_get0_pubkey(i) == NULL)
		return false;
	yes = X509_verify(x, X509_get0_pubkey(i)) == 1;
	ERR_clear_error();
	return yes;
}

bool
gs_cert_self_signed(const struct gs_cert *cert)
{
	bool yes = X509_self_signed(gs_ossl_x509(cert), 1) == 1;

	ERR_clear_error();
	return yes;
}

static bool
set_up_store(X509_STORE *store, STACK_OF(X509) * between,
    const struct gs_cert *leaf, const struct gs_certs *chain, int64_t now)
{
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
	const struct gs_cert *root =
	    chain->n > 0 ? chain->list[chain->n - 1] : leaf;

	X509_VERIFY_PARAM_set_time(param, (time_t)now);
	for (size_t i = 0; i + 1 < chain->n; i++)
		if (sk_X509_push(between, gs_ossl_x509(chain->list[i])) <= 0)
			return false;
	return X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER) ==
	    1 &&
	    X509_STORE_add_cert(store, gs_ossl_x509(root)) == 1;
}

const char *
gs_cert_refusal(const struct gs_cert *leaf, const struct gs_certs *chain,
    int64_t now)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *between = sk_X509_new_null();
	int fault = X509_V_ERR_OUT_OF_MEM;

	gs_ossl_start();
	if (store != NULL && ctx != NULL && between != NULL &&
	    set_up_store(store, between, leaf, chain, now) &&
	    X509_STORE_CTX_init(ctx, store, gs_ossl_x509(leaf), between) == 1)
		fault = X509_verify_cert(ctx) == 1 ?
		    X509_V_OK :
		    X509_STORE_CTX_get_error(ctx);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_free(between);
	ERR_clear_error();
	return fault == X509_V_OK ? NULL : X509_verify_cert_error_string(fault);
}

void
gs_x509_library(struct gs_buf *b)
{
	gs_buf_puts(b, OpenSSL_version(OPENSSL_VERSION));
}
