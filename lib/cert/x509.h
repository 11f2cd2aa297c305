/* SPDX-License-Identifier: MIT */
/* Keys, certificates and requests: made, read, written, compared. */
#ifndef GSPROV_CERT_X509_H
#define GSPROV_CERT_X509_H

#include "base/buf.h"
#include "cert/name.h"

/* A private key; libcrypto's object under our name. */
struct gs_cert_key;

enum { GS_FP_SIZE = 9 /* 8 hex digits of SHA-256 */ };

enum gs_cert_key_kind {
	GS_KEY_RSA_2048,
	GS_KEY_RSA_3072,
	GS_KEY_RSA_4096,
	GS_KEY_EC_P256,
	GS_KEY_EC_P384,
	GS_KEY_KINDS
};

/* Reads "rsa:2048" and so on. Returns 0, or -1 for another name. */
int gs_cert_key_kind_parse(const char *name, enum gs_cert_key_kind *k) GS_MUST;

/* Makes a key. Returns 0 (free with gs_cert_key_free()) or -1. */
int gs_cert_key_make(enum gs_cert_key_kind kind, struct gs_cert_key **key,
    struct gs_err *err) GS_MUST;

/* What gs_cert_key_read() found. */
enum gs_cert_key_found {
	GS_KEY_OK,
	GS_KEY_NONE, /* no private key in these bytes */
	GS_KEY_LOCKED, /* encrypted, and the pass phrase is missing or wrong */
	GS_KEY_DAMAGED, /* or its halves do not belong together */
	GS_KEY_LEGACY, /* needs OpenSSL's legacy provider, and that is not
			* there */
};

/* Reads the first private key of a PEM text, or one in DER. pass may be empty.
 * Old ciphers (DES, RC2) are opened in a library context of their own.
 * *key is set (free with gs_cert_key_free()) for GS_KEY_OK only; *was_locked,
 * which may be NULL, says whether it was encrypted. */
enum gs_cert_key_found gs_cert_key_read(struct gs_span bytes,
    struct gs_span pass, struct gs_cert_key **key, bool *was_locked);

enum { GS_KEYS_MAX = 100 };

struct gs_cert_keys {
	struct gs_cert_key **list;
	size_t n;
	size_t size; /* for which list has room */
};

/* Adds the private keys of a PEM text, or of a row in DER, to out, up to
 * GS_KEYS_MAX objects. If there is none, why the first could not be read. */
enum gs_cert_key_found gs_cert_keys_read(struct gs_span bytes,
    struct gs_span pass, struct gs_cert_keys *out);

void gs_cert_keys_free(struct gs_cert_keys *keys);

/* Appends the key as PEM (PKCS #8, RFC 5958), not encrypted. */
int gs_cert_key_write(const struct gs_cert_key *key, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

void gs_cert_key_free(struct gs_cert_key *key);

/* One more reference to key, to be freed as well; NULL stays NULL. */
struct gs_cert_key *gs_cert_key_ref(struct gs_cert_key *key);

bool gs_cert_key_same(const struct gs_cert_key *a, const struct gs_cert_key *b);

/* A public key: "rsa:2048", its bits, its fingerprint (8 hex digits of the
 * SHA-256 of the SubjectPublicKeyInfo). */
struct gs_cert_key_info {
	char name[48];
	char fp[GS_FP_SIZE];
	unsigned bits;
	bool rsa;
	bool weak; /* below 112 bits of security, such as RSA 1024 */
	bool unusable; /* kinds and curves that TLS does not have, as DSA */
};

void gs_cert_key_info(const struct gs_cert_key *key,
    struct gs_cert_key_info *info);

/* Makes libcrypto wipe all memory that it frees, in which it leaves pieces of
 * keys, and chooses a random generator that starts fast. For a program whose
 * libcrypto is its own, before anything else; without effect once libcrypto is
 * in use. */
void gs_cert_ossl_own(void);

/* A certificate; libcrypto's object under our name. */
struct gs_cert;

enum {
	GS_CERTS_MAX = 1000, /* certificates of one file or chain */
	GS_CERT_TEXT = 512, /* bytes of a subject as text */
	GS_SET_FILE_MAX = 1024 * 1024, /* bytes of a file of a set */
};

/* Certificates, in the order of their file. */
struct gs_cert_certs {
	struct gs_cert **list;
	size_t n;
	size_t size; /* for which list has room */
	size_t dropped; /* beyond GS_CERTS_MAX */
	size_t damaged; /* blocks that say CERTIFICATE and are none */
	size_t invalid; /* of these: with extensions that RFC 5280 forbids */
	bool key_inside; /* there is a private key, too */
	const struct gs_cert_certs *known; /* before reading: those that are
					    * decoded already, or NULL */
};

/* Reads PEM (text around it, CRLF, joined without line ends), DER, or PKCS #7
 * under any label, in base64 without one, or in DER (RFC 7468, RFC 2315); a
 * certificate whose key or extensions cannot be understood is damaged. Returns
 * 0, also when there is none; -1 only if out of memory. Adds to out. */
int gs_cert_certs_read(struct gs_span bytes, struct gs_cert_certs *out,
    struct gs_err *err) GS_MUST;

/* Whether a server finds in pem all of certs, which were read from it, and with
 * key its first private key, which is not encrypted. Servers use OpenSSL's own
 * reader: PEM only, each label alone on its line, and what stands under it. */
bool gs_cert_loads(struct gs_span pem, const struct gs_cert_certs *certs,
    bool key);

/* Whether a server that trusts what is in pem can parse its CRLs and trusted
 * certificates, too: X509_load_cert_crl_file() takes all of a file or nothing.
 * SSL_CTX_use_certificate_chain_file() does not look at them. */
bool gs_cert_loads_trust(struct gs_span pem);

/* Whether bytes are PKCS #12 (RFC 7292) in DER. */
bool gs_cert_p12_is(struct gs_span bytes);

/* Adds the certificates and private keys of PKCS #12 to out and keys. pass may
 * be empty. Old ciphers (RC2) are opened by OpenSSL's legacy provider, which is
 * loaded for that alone. GS_KEY_OK also if there is no key. */
enum gs_cert_key_found gs_cert_p12_read(struct gs_span bytes,
    struct gs_span pass, struct gs_cert_certs *out, struct gs_cert_keys *keys);

enum gs_cert_der {
	GS_DER_UNKNOWN, /* or no DER */
	GS_DER_CERT,
	GS_DER_P12,
	GS_DER_KEY, /* a private one, also an encrypted one */
	GS_DER_PUBLIC, /* key */
	GS_DER_REQUEST,
	GS_DER_CRL,
	GS_DER_SIGNED, /* PKCS #7 */
	GS_DER_SEALED, /* any other PKCS #7 or CMS */
	GS_DER_KINDS
};

/* What bytes begin with. */
enum gs_cert_der gs_cert_der(struct gs_span bytes);

/* Adds those of the system's trusted certificates to out that may have issued
 * cert: they have the right name. Returns 0, or -1 if out of memory. */
int gs_cert_certs_system(const struct gs_cert *cert, struct gs_cert_certs *out,
    struct gs_err *err) GS_MUST;

/* The same as gs_cert_certs_read() for all of a file ("-" is standard input).
 * Returns 0, or -1 with err->sys when it cannot be read. */
int gs_cert_certs_file(const char *path, struct gs_cert_certs *out,
    struct gs_err *err) GS_MUST;

/* Adds a reference to cert, unless an equal one is there; one that has no
 * room is counted as dropped. */
void gs_cert_certs_add(struct gs_cert_certs *c, const struct gs_cert *cert);

bool gs_cert_certs_hold(const struct gs_cert_certs *c,
    const struct gs_cert *cert);
void gs_cert_certs_free(struct gs_cert_certs *c);
void gs_cert_free(struct gs_cert *cert);

int gs_cert_write_pem(const struct gs_cert *cert, struct gs_buf *out,
    struct gs_err *err) GS_MUST;
int gs_cert_write_der(const struct gs_cert *cert, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

/* What stands in a certificate. Times are seconds since 1970. */
struct gs_cert_info {
	char subject[GS_CERT_TEXT]; /* RFC 4514, not vetted for printing */
	char issuer[GS_CERT_TEXT];
	char cn[GS_CERT_TEXT];
	char serial[64];
	char digest[32];
	char fp[65]; /* SHA-256 of the certificate, hex */
	int64_t not_before;
	int64_t not_after;
	struct gs_cert_key_info key;
	struct gs_cert_sans sans;
	bool self_signed;
	const char *ca; /* why clients take it for a CA, or NULL */
	bool usage_server; /* keyUsage and extendedKeyUsage allow a server */
	bool weak_digest; /* below 112 bits, such as SHA-1, or unknown */
};

void gs_cert_info(const struct gs_cert *cert, struct gs_cert_info *info);

/* Whether it is the one that came with Gemeinschaft 4, whose key everybody
 * has. */
bool gs_cert_is_shared(const struct gs_cert_info *info);

bool gs_cert_same(const struct gs_cert *a, const struct gs_cert *b);
bool gs_cert_has_key(const struct gs_cert *cert, const struct gs_cert_key *key);

/* Whether cert names issuer as its issuer, and issuer's key signed it. */
bool gs_cert_issued(const struct gs_cert *issuer, const struct gs_cert *cert);

bool gs_cert_self_signed(const struct gs_cert *cert);

/* What a client must trust: the last one of chain, or leaf when it is empty. */
const struct gs_cert *gs_cert_root(const struct gs_cert *leaf,
    const struct gs_cert_certs *chain);

/* Why a client that trusts the last one of chain (or leaf, when it is empty)
 * refuses the server certificate leaf; NULL when it does not. Names are
 * not looked at; with weak, keys and digests of any strength will do. */
const char *gs_cert_refusal(const struct gs_cert *leaf,
    const struct gs_cert_certs *chain, bool weak, int64_t now);

/* Puts into out what a server with OpenSSL sends after leaf when it has loaded
 * these certificates of CAs: where several issuers fit, the one that OpenSSL
 * takes. */
void gs_cert_sent(const struct gs_cert *leaf,
    const struct gs_cert_certs *loaded, int64_t now, struct gs_cert_certs *out);

/* Appends name and version of OpenSSL. */
void gs_cert_x509_library(struct gs_buf *b);

/* Puts leaf's issuers, found in pool in any order, into out: intermediates
 * upwards, the root last; nothing for a self-signed leaf. Where there are
 * several ways (cross-signed CAs), the shortest to a root whose
 * certificates are all valid at now wins, then the shortest to a root.
 * Returns whether it is complete: the last one (or leaf) is self-signed. */
bool gs_cert_chain(const struct gs_cert *leaf, const struct gs_cert_certs *pool,
    int64_t now, struct gs_cert_certs *out);

/* Puts all into out by which any way leads upwards from leaf. */
void gs_cert_above(const struct gs_cert *leaf, const struct gs_cert_certs *pool,
    struct gs_cert_certs *out);

enum { GS_CN_MAX = 64 }; /* RFC 5280 A.1 */

/* The contents of a certificate. issuer and issuer_key are NULL for a self-
 * signed one. */
struct gs_cert_issue {
	const struct gs_cert_dn *subject;
	const struct gs_cert *like; /* without subject: has it; or NULL */
	const char *cn; /* left out when longer than GS_CN_MAX */
	const struct gs_cert_sans *sans;
	const struct gs_cert_key *key;
	const struct gs_cert *issuer;
	const struct gs_cert_key *issuer_key;
	bool ca; /* a CA for leaves only: pathlen 0 */
	int64_t now;
	unsigned days;
};

/* Makes a certificate: v3, SHA-256, 127 random bits of serial number, valid
 * from a day before now, never longer than its issuer. Returns 0 (free
 * with gs_cert_free()) or -1. */
int gs_cert_issue(const struct gs_cert_issue *what, struct gs_cert **cert,
    struct gs_err *err) GS_MUST;

/* Appends a request (PKCS #10, RFC 2986) as PEM. */
int gs_cert_csr_make(const struct gs_cert_issue *what, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

#endif
