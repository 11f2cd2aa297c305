/* SPDX-License-Identifier: MIT */
/* What a file is that does not hold what it should. */
#include "cert/kind.h"

#include "cert/armour.h"
#include "cert/x509.h"

/* What there is to gain by converting a file. */
enum gain { NOTHING, CERTS, KEY, EITHER };

struct kind {
	const char *what, *convert;
	enum gain gain;
};

#define UTF16(order) "iconv -f UTF-16" order " -t UTF-8% >%.pem"
#define KEYTOOL(type)                                                          \
	"keytool -importkeystore" type " -srckeystore% -destkeystore%.p12 "    \
	"-deststoretype PKCS12"

/* By the beginning of the file. */
static const struct {
	struct gs_span begin;
	struct kind kind;
} magics[] = {
	{ { "\xfe\xed\xfe\xed", 4 },
	    { "a Java keystore", KEYTOOL(""), EITHER } },
	{ { "\xce\xce\xce\xce", 4 },
	    { "a Java keystore (JCEKS)", KEYTOOL(" -srcstoretype JCEKS"),
		EITHER } },
	{ { "PK\3\4", 4 }, { "a ZIP archive", "unzip -p% >%.pem", EITHER } },
	{ { "\x1f\x8b", 2 },
	    { "compressed with gzip", "gzip -dc% >%.pem", EITHER } },
	{ { "BZh", 3 },
	    { "compressed with bzip2", "bzip2 -dc% >%.pem", EITHER } },
	{ { "\xfd"
	    "7zXZ",
	      5 },
	    { "compressed with xz", "xz -dc% >%.pem", EITHER } },
	{ { "\x28\xb5\x2f\xfd", 4 }, { "compressed with zstd" } },
	{ { "7z\xbc\xaf", 4 }, { "a 7-Zip archive" } },
	{ { "%PDF", 4 }, { "a PDF document" } },
	{ { "\x1e\xf1\xb5\xb0", 4 },
	    { "a private key in Microsoft's PVK format",
		"openssl rsa -provider legacy -provider default -inform PVK "
		"-in% -out%.pem",
		KEY } },
	{ { "\7\2\0\0\0\xa4\0\0RSA2", 12 },
	    { "a private key in Microsoft's blob format",
		"openssl rsa -inform MSBLOB -in% -out%.pem", KEY } },
	{ { "PuTTY-User-Key-File", 19 },
	    { "a private key of PuTTY, which puttygen exports "
	      "(-O private-openssh)",
		NULL, NOTHING } },
	{ { "ssh-", 4 }, { "a public key for SSH" } },
	{ { "ecdsa-sha2-", 11 }, { "a public key for SSH" } },
};

/* In base64 without a label. */
static const struct kind bare[GS_DER_KINDS] = {
	[GS_DER_CERT] = { "a certificate in base64 without its BEGIN line",
	    "base64 -di% | openssl x509 -inform DER -out%.pem", CERTS },
	[GS_DER_KEY] = { "a private key in base64 without its BEGIN line",
	    "base64 -di% | openssl pkey -inform DER -out%.pem", KEY },
	[GS_DER_P12] = { "PKCS #12 in base64", "base64 -di% >%.p12", EITHER },
};

static const struct kind whole[GS_DER_KINDS] = {
	[GS_DER_CERT] = { "a certificate" },
	[GS_DER_KEY] = { "a private key" },
	[GS_DER_P12] = { "PKCS #12 without one" },
	[GS_DER_SIGNED] = { "PKCS #7 without one" },
	[GS_DER_SEALED] = { "an encrypted message (CMS)" },
	[GS_DER_REQUEST] = { "a certificate request, not its answer" },
	[GS_DER_CRL] = { "a list of revoked certificates (CRL)" },
	[GS_DER_PUBLIC] = { "a public key" },
};

static const struct kind ssh = { "a private key for SSH",
	"cat% >%.pem && ssh-keygen -p -N '' -m PKCS8 -f%.pem", KEY };
static const struct kind parameters = { "parameters" };
static const struct kind p12 = { "PKCS #12 in base64",
	"openssl base64 -d -in% -out%.p12", EITHER };
static const struct kind pgp_message = { "a message for PGP" };
static const struct kind pgp_key = { "a key for PGP" };

/* By the end of the first label. */
static const struct {
	struct gs_span end;
	const struct kind *kind;
} labels[] = {
	{ { "REQUEST", 7 }, &whole[GS_DER_REQUEST] },
	{ { "OPENSSH PRIVATE KEY", 19 }, &ssh },
	{ { "PRIVATE KEY", 11 }, &whole[GS_DER_KEY] },
	{ { "PUBLIC KEY", 10 }, &whole[GS_DER_PUBLIC] },
	{ { "CRL", 3 }, &whole[GS_DER_CRL] },
	{ { "PARAMETERS", 10 }, &parameters },
	{ { "PKCS12", 6 }, &p12 },
	{ { "PGP MESSAGE", 11 }, &pgp_message },
	{ { "KEY BLOCK", 9 }, &pgp_key },
};

static const struct kind *
der_kind(struct gs_span der, bool base64)
{
	enum gs_cert_der d = gs_cert_der(der);

	if (d == GS_DER_UNKNOWN)
		return NULL;
	return base64 && bare[d].what != NULL ? &bare[d] : &whole[d];
}

/* Text in base64 without a label. */
static const struct kind *
base64_kind(struct gs_span text)
{
	static const struct kind pem = { "PEM in base64, as Kubernetes has it",
		"base64 -di% >%.pem", EITHER };
	const struct kind *kind = NULL;
	struct gs_buf b;

	gs_buf_init(&b, text.n + 4);
	if (gs_cert_armour_decode(text, &b) == 0)
		kind = gs_cert_armour_in(gs_buf_span(&b)) ?
		    &pem :
		    der_kind(gs_buf_span(&b), true);
	gs_buf_free(&b);
	return kind;
}

/* Text with labels. */
static const struct kind *
label_kind(struct gs_span text, bool key)
{
	static const struct kind escaped = {
		"PEM whose line ends are written as \\n",
		"sed 's/\\\\n/\\n/g'% >%.pem", EITHER
	};
	const struct kind *kind = NULL;
	struct gs_span first = text;
	struct gs_cert_armour a;
	struct gs_buf b;

	if (gs_span_has(text, GS_LIT("-----\\n")))
		return &escaped;
	if (!gs_cert_armour_first(&text,
		key ? GS_LIT("PRIVATE KEY") : GS_LIT("CERTIFICATE"), &a) &&
	    !gs_cert_armour_next(&first, &a))
		return NULL;
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (gs_span_ends(a.label, labels[i].end))
			return labels[i].kind;
	gs_buf_init(&b, a.body.n + 4);
	if (a.whole && gs_cert_armour_decode(a.body, &b) == 0)
		kind = der_kind(gs_buf_span(&b), false);
	gs_buf_free(&b);
	return kind;
}

/* Other text. */
static const struct kind *
text_kind(struct gs_span text)
{
	static const struct kind
	    page = { "a web page" },
	    smime = { "a signed mail (S/MIME)",
		    "openssl smime -pk7out -in% -out%.pem", CERTS },
	    mail = { "a mail" }, json = { "JSON" },
	    jwk = { "a JSON Web Key (JWK), which openssl does not read" },
	    dump = { "what openssl prints of a certificate (-text), without "
		     "the certificate",
		    NULL, NOTHING },
	    dashes = { "PEM whose hyphens around BEGIN were changed" };

	(void)gs_span_take(&text, GS_LIT("\xef\xbb\xbf"));
	text = gs_span_strip(text);
	if (gs_span_begins(text, GS_LIT("<!DOCTYPE")) ||
	    gs_span_begins(text, GS_LIT("<HTML")))
		return &page;
	if (gs_span_begins(text, GS_LIT("MIME-Version:")))
		return gs_span_has(text, GS_LIT("pkcs7-")) ? &smime : &mail;
	if (gs_span_begins(text, GS_LIT("{")))
		return gs_span_has(text, GS_LIT("\"kty\"")) ? &jwk : &json;
	if (gs_span_begins(text, GS_LIT("Certificate:")))
		return &dump;
	return gs_span_has(text, GS_LIT("BEGIN CERTIFICATE")) ||
		gs_span_has(text, GS_LIT("PRIVATE KEY")) ?
	    &dashes :
	    NULL;
}

static const struct kind *
begin_kind(struct gs_span bytes)
{
	static const struct kind
	    empty = { "empty" },
	    utf32 = { "text in UTF-32", "iconv -f UTF-32 -t UTF-8% >%.pem",
		    EITHER },
	    utf16[] = {
		    { "text in UTF-16", UTF16(""), EITHER },
		    { "text in UTF-16", UTF16("LE"), EITHER },
		    { "text in UTF-16", UTF16("BE"), EITHER },
	    };

	if (bytes.n == 0)
		return &empty;
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (gs_span_starts(bytes, magics[i].begin))
			return &magics[i].kind;
	if (gs_span_is_utf32(bytes))
		return &utf32;
	if (gs_span_is_utf16(bytes))
		return &utf16[bytes.p[0] == 0 ? 2 : bytes.p[1] == 0];
	return NULL;
}

/* What was looked for is damaged, or it would have been found. */
static bool
is_damaged(const struct kind *kind, bool key)
{
	return kind == &whole[key ? GS_DER_KEY : GS_DER_CERT];
}

const char *
gs_cert_kind(struct gs_span bytes, bool key, const char **convert)
{
	bool labelled = gs_cert_armour_in(bytes);
	const struct kind *kind = begin_kind(bytes);

	*convert = NULL;
	if (kind == NULL && labelled)
		kind = label_kind(bytes, key);
	else if (kind == NULL)
		kind = der_kind(bytes, false);
	if (kind == NULL && !labelled)
		kind = base64_kind(bytes);
	if (kind == NULL && !labelled)
		kind = text_kind(bytes);
	if (kind == NULL || is_damaged(kind, key))
		return NULL;
	if (kind->gain == EITHER || kind->gain == (key ? KEY : CERTS))
		*convert = kind->convert;
	return kind->what;
}
