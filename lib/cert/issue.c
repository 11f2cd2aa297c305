/* SPDX-License-Identifier: MIT */
/* Making certificates and requests. */
#include "cert/issue.h"

#include <time.h>

#include "cert/date.h"
#include "ossl_priv.h"

enum { SERIAL_BYTES = 16 };

/* All of the certificate's subject but CN, in the same order. */
static bool
copy_subject(X509_NAME *name, const struct gs_cert *like)
{
	const X509_NAME *from = X509_get_subject_name(gs_ossl_x509(like));
	int before = -1;

	for (int i = 0; i < X509_NAME_entry_count(from); i++) {
		const X509_NAME_ENTRY *e = X509_NAME_get_entry(from, i);
		int rdn = X509_NAME_ENTRY_set(e);
		if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(e)) ==
		    NID_commonName)
			continue;
		if (X509_NAME_add_entry(name, e, -1, rdn == before ? -1 : 0) !=
		    1)
			return false;
		before = rdn;
	}
	return true;
}

static int
put_subject(X509_NAME *name, const struct gs_issue *what, struct gs_err *err)
{
	const struct gs_dn *dn = what->subject;

	if ((dn == NULL || dn->n == 0) && what->like != NULL &&
	    !copy_subject(name, what->like))
		return gs_ossl_err(err, "cannot copy the subject");
	for (size_t i = 0; dn != NULL && i < dn->n; i++) {
		const struct gs_attr *a = &dn->attr[i];
		if (X509_NAME_add_entry_by_txt(name, a->type, MBSTRING_UTF8,
			(const unsigned char *)a->value, -1, -1,
			a->joined ? -1 : 0) != 1) {
			(void)gs_ossl_err(err, "reason");
			return gs_err_set(err,
			    "'%s=%s' cannot stand in a subject: the type is "
			    "unknown, or the value has a wrong length or "
			    "letter for it",
			    a->type, a->value);
		}
	}
	if (what->cn == NULL || strlen(what->cn) > GS_CN_MAX)
		return 0;
	if (X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
		(const unsigned char *)what->cn, -1, -1, 0) != 1)
		return gs_ossl_err(err, "cannot make the subject");
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
add_sans(STACK_OF(X509_EXTENSION) * *to, const struct gs_sans *sans,
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
add_ext(STACK_OF(X509_EXTENSION) * *to, X509V3_CTX *ctx, int nid,
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
add_leaf_exts(STACK_OF(X509_EXTENSION) * *to, X509V3_CTX *ctx,
    const struct gs_issue *what, bool no_subject)
{
	bool rsa =
	    EVP_PKEY_get_base_id(gs_ossl_pkey(what->key)) == EVP_PKEY_RSA;

	/* keyEncipherment is for RSA key transport only: RFC 5480 3. */
	return add_ext(to, ctx, NID_basic_constraints, "critical,CA:FALSE") &&
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
	X509 *issuer = what->issuer != NULL ? gs_ossl_x509(what->issuer) : x;
	bool no_subject = X509_NAME_entry_count(X509_get_subject_name(x)) == 0;
	bool good;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	good = what->ca ? add_ext(&exts, &ctx, NID_basic_constraints,
			      "critical,CA:TRUE,pathlen:0") &&
		add_ext(&exts, &ctx, NID_key_usage,
		    "critical,keyCertSign,cRLSign") :
			  add_leaf_exts(&exts, &ctx, what, no_subject);
	good = good && add_ext(&exts, &ctx, NID_subject_key_identifier, "hash");
	for (int i = 0; good && i < sk_X509_EXTENSION_num(exts); i++)
		good =
		    X509_add_ext(x, sk_X509_EXTENSION_value(exts, i), -1) == 1;
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
	int64_t from = what->now - GS_DAY;
	int64_t to = what->now + (int64_t)what->days * GS_DAY;

	if (what->issuer != NULL) {
		X509 *i = gs_ossl_x509(what->issuer);
		int64_t first = gs_ossl_seconds(X509_get0_notBefore(i));
		int64_t last = gs_ossl_seconds(X509_get0_notAfter(i));
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
	EVP_PKEY *signer =
	    gs_ossl_pkey(what->issuer != NULL ? what->issuer_key : what->key);

	if (put_subject(X509_get_subject_name(x), what, err) == -1)
		return -1;
	X509_NAME *issuer = X509_get_subject_name(
	    what->issuer != NULL ? gs_ossl_x509(what->issuer) : x);
	if (X509_set_version(x, X509_VERSION_3) != 1 || !set_serial(x) ||
	    !set_times(x, what) || X509_set_issuer_name(x, issuer) != 1 ||
	    X509_set_pubkey(x, gs_ossl_pkey(what->key)) != 1 ||
	    !add_exts(x, what) || X509_sign(x, signer, digest_for(signer)) <= 0)
		return gs_ossl_err(err, "cannot make the certificate");
	return 0;
}

int
gs_cert_issue(const struct gs_issue *what, struct gs_cert **cert,
    struct gs_err *err)
{
	gs_ossl_start();
	X509 *x = X509_new();
	if (x == NULL)
		return gs_ossl_err(err, "no memory");
	int filled = fill_cert(x, what, err);
	gs_ossl_wipe_stack();
	if (filled == -1) {
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
	EVP_PKEY *p = gs_ossl_pkey(what->key);

	X509V3_set_ctx(&ctx, NULL, NULL, req, NULL, 0);
	bool good = X509_REQ_set_version(req, X509_REQ_VERSION_1) == 1 &&
	    X509_REQ_set_pubkey(req, p) == 1 &&
	    add_leaf_exts(&exts, &ctx, what,
		X509_NAME_entry_count(name) == 0) &&
	    X509_REQ_add_extensions(req, exts) == 1 &&
	    X509_REQ_sign(req, p, digest_for(p)) > 0;
	gs_ossl_wipe_stack();
	sk_X509_EXTENSION_pop_free(exts, X509_EXTENSION_free);
	return good;
}

int
gs_csr_make(const struct gs_issue *what, struct gs_buf *out, struct gs_err *err)
{
	gs_ossl_start();
	X509_REQ *req = X509_REQ_new();
	int r = 0;

	if (req == NULL)
		return gs_ossl_err(err, "no memory");
	r = put_subject(X509_REQ_get_subject_name(req), what, err);
	if (r == 0 && !fill_csr(req, what))
		r = gs_ossl_err(err, "cannot make the request");
	if (r == 0) {
		BIO *bio = BIO_new(BIO_s_mem());
		bool good =
		    bio != NULL && PEM_write_bio_X509_REQ(bio, req) == 1;
		r = gs_ossl_take(bio, good, out, "cannot write the request",
		    err);
	}
	X509_REQ_free(req);
	return r;
}
