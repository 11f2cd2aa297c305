/* SPDX-License-Identifier: MIT */
/* The rules of the certificate wing: every finding of gs-certgen is one. */
#include "cert/rules.h"

#include <stdio.h>
#include <stdlib.h>

#include "rules_priv.h"

static const struct gs_rule rules[GS_CERT_R_COUNT] = {
	[GS_CERT_R_CERT_EXPIRED] = { "cert-expired", GS_ERROR,
	    "RFC 5280 4.1.2.5", "the certificate has expired",
	    "Phones and browsers refuse it.",
	    "Renew it; a certificate signed elsewhere is renewed by its "
	    "issuer." },
	[GS_CERT_R_CERT_NOT_YET_VALID] = { "cert-not-yet-valid", GS_ERROR,
	    "RFC 5280 4.1.2.5", "the certificate is not valid yet",
	    "Clients refuse it until that day.", "Set the clock, or wait." },
	[GS_CERT_R_CERT_EXPIRES_SOON] = { "cert-expires-soon", GS_WARNING,
	    "RFC 5280 4.1.2.5", "the certificate expires soon",
	    "After that day nobody can connect.",
	    "Renew it; a certificate signed elsewhere is renewed by its "
	    "issuer." },
	[GS_CERT_R_NAME_MISSING] = { "name-missing", GS_ERROR, "RFC 6125 6.4",
	    "the certificate is not good for a name that clients use",
	    "A client that verifies the server compares the name it called "
	    "with the alternative names, and refuses.",
	    "Renew it with the name; a certificate signed elsewhere needs a "
	    "new request." },
	[GS_CERT_R_ADDRESS_MISSING] = { "address-missing", GS_NOTE,
	    "RFC 5280 4.2.1.6",
	    "the certificate is not good for an address of this host",
	    "Phones that are configured with this address refuse it.",
	    "If phones use the address, add it with --san." },
	[GS_CERT_R_DIGEST_WEAK] = { "digest-weak", GS_ERROR, "RFC 8446 4.2.3",
	    "the certificate is signed with a weak digest",
	    "SHA-1 and MD5 signatures can be forged and are refused by "
	    "current TLS libraries.",
	    "Have it signed again with SHA-256." },
	[GS_CERT_R_KEY_WEAK] = { "key-weak", GS_ERROR, "RFC 7525 4.3",
	    "the key is too short",
	    "RSA below 2048 bits is refused by current TLS libraries.",
	    "Make a new key, or import a certificate for a longer one." },
	[GS_CERT_R_KEY_LARGE] = { "key-large", GS_WARNING, "-",
	    "the key is larger than old phones can use",
	    "Phones of that time need seconds for a handshake, or give up.",
	    "rsa:2048 is enough." },
	[GS_CERT_R_KEY_EC] = { "key-ec", GS_NOTE, "FreeSWITCH 1.2 tport_tls.c",
	    "an elliptic curve key",
	    "FreeSWITCH 1.2 and Snom 3xx/8xx cannot make a handshake with it.",
	    "Use rsa:2048 where FreeSWITCH 1.2 or such a phone is in use." },
	[GS_CERT_R_LEAF_IS_CA] = { "leaf-is-ca", GS_ERROR, "RFC 5280 4.2.1.9",
	    "the server's certificate is a CA",
	    "Whoever gets the server's key can make certificates that all "
	    "phones trust.",
	    "Replace it by a certificate for a server." },
	[GS_CERT_R_USAGE_SERVER] = { "usage-server", GS_ERROR,
	    "RFC 5280 4.2.1.12", "the certificate does not allow a TLS server",
	    "Clients look at keyUsage and extendedKeyUsage and refuse.",
	    "Replace it by a certificate for a server (serverAuth)." },
	[GS_CERT_R_SHARED_KEY] = { "shared-key", GS_ERROR, "-",
	    "a certificate whose private key everybody has",
	    "Gemeinschaft 4 came with this key in its source.",
	    "Make a new key." },
	[GS_CERT_R_CHAIN_INCOMPLETE] = { "chain-incomplete", GS_ERROR,
	    "RFC 5280 6.1", "an issuer is missing",
	    "FreeSWITCH sends what is in cafile.pem; clients that do not get "
	    "the intermediates refuse. For a set in service it is a warning "
	    "when only a root may be missing, which clients have.",
	    "Give the missing certificates with --chain, up to the root." },
	[GS_CERT_R_CHAIN_UNUSED] = { "chain-unused", GS_NOTE, "-",
	    "a certificate that is not in the chain",
	    "No client needs it, so it is left out of what FreeSWITCH sends.",
	    "Nothing need be done." },
	[GS_CERT_R_CHAIN_NOT_CA] = { "chain-not-ca", GS_ERROR,
	    "RFC 5280 4.2.1.9", "an issuer that is no CA",
	    "Clients refuse a chain through it.",
	    "Ask the CA for the right intermediate." },
	[GS_CERT_R_CHAIN_WEAK] = { "chain-weak", GS_ERROR, "RFC 8446 4.2.3",
	    "an issuer with a weak key or digest",
	    "Current TLS libraries refuse the chain.",
	    "Ask the CA for a newer intermediate." },
	[GS_CERT_R_CHAIN_REFUSED] = { "chain-refused", GS_ERROR, "RFC 5280 6.1",
	    "clients refuse the certificate for another reason",
	    "A path length, a name constraint or the like is not kept by the "
	    "chain.",
	    "Ask the CA for the right intermediate." },
	[GS_CERT_R_CHAIN_EXPIRED] = { "chain-expired", GS_ERROR,
	    "RFC 5280 4.1.2.5", "an issuer is expired or not valid yet",
	    "Clients refuse the chain.",
	    "Ask the CA for a newer intermediate; a local CA is made again "
	    "with --new-ca, and its DER goes to the phones." },
	[GS_CERT_R_CHAIN_EXPIRES_SOON] = { "chain-expires-soon", GS_WARNING,
	    "RFC 5280 4.1.2.5", "an issuer expires soon",
	    "After that day nobody can connect, and phones need the new CA "
	    "before it.",
	    "Plan the change: ask the CA for a newer intermediate; a local "
	    "CA is made again with --new-ca, and its DER goes to the phones." },
	[GS_CERT_R_IMPORT_NO_CERTIFICATE] = { "import-no-certificate", GS_ERROR,
	    "RFC 7468", "there is no certificate in the file",
	    "Nothing can be put in service.",
	    "Give the signed certificate as PEM, DER or PKCS #7." },
	[GS_CERT_R_IMPORT_DAMAGED] = { "import-damaged", GS_ERROR, "RFC 7468",
	    "a part of the file cannot be read",
	    "A certificate that is cut off would be missing in the chain.",
	    "Get the file again." },
	[GS_CERT_R_IMPORT_KEY_INSIDE] = { "import-key-inside", GS_ERROR, "-",
	    "a private key is in the file",
	    "Files with certificates are passed around; a key that was is "
	    "not secret any more.",
	    "Remove the key from the file; if others have seen it, make a "
	    "new one (--csr --new-key)." },
	[GS_CERT_R_IMPORT_NO_KEY] = { "import-no-key", GS_ERROR, "-",
	    "there is no key to import for",
	    "The key is made by gs-certgen and does not travel.",
	    "Make a request first (--csr)." },
	[GS_CERT_R_IMPORT_KEY_MISMATCH] = { "import-key-mismatch", GS_ERROR,
	    "-", "no certificate in the file belongs to the key",
	    "The server could not use it.",
	    "Import the answer to the last --csr, with the host name that it "
	    "was made for, or make a new request." },
	[GS_CERT_R_SET_MISSING] = { "set-missing", GS_ERROR, "-",
	    "a file is missing",
	    "A server that reads it does not start, or starts without TLS.",
	    "Make what is missing." },
	[GS_CERT_R_PAIR_MISMATCH] = { "pair-mismatch", GS_ERROR, "-",
	    "key and certificate do not belong together",
	    "No handshake succeeds.",
	    "Put the right file back, or make a new key and certificate." },
	[GS_CERT_R_KEY_LOCKED] = { "key-locked", GS_ERROR, "-",
	    "the private key is encrypted",
	    "FreeSWITCH and Apache start unattended and cannot ask.",
	    "Give its pass phrase once with --pass-file." },
	[GS_CERT_R_KEY_DAMAGED] = { "key-damaged", GS_ERROR, "-",
	    "the private key cannot be read", "No server can use it.",
	    "Put the right file back, or make a new key." },
	[GS_CERT_R_CERT_DAMAGED] = { "cert-damaged", GS_ERROR, "-",
	    "there is no readable certificate in a file",
	    "No server can use it.",
	    "Make the file again; a certificate signed elsewhere that is in "
	    "no other file must be imported again." },
	[GS_CERT_R_MODE_WIDE] = { "mode-wide", GS_ERROR, "-",
	    "a file with a private key can be read by others",
	    "Every user of the host can pretend to be this server.",
	    "Narrow the mode. If others may have read it, make a new key." },
	[GS_CERT_R_KEY_PUBLIC] = { "key-public", GS_ERROR, "-",
	    "a private key is in a file for certificates",
	    "cafile.pem, certificates and DER files are public.",
	    "Have the file written again. If others may have read it, make a "
	    "new key." },
	[GS_CERT_R_KEY_EXPOSED] = { "key-exposed", GS_WARNING, "-",
	    "everybody could read the key until now",
	    "The file is closed now, but whoever has read the key can "
	    "pretend to be this server.",
	    "Make a new key with --new-key, unless nobody else has used this "
	    "host." },
	[GS_CERT_R_COPY_DIFFERS] = { "copy-differs", GS_ERROR, "-",
	    "FreeSWITCH has another certificate than the one in service",
	    "After a renewal by hand one of them is the old one.",
	    "Make FreeSWITCH and the web server use the same certificate." },
	[GS_CERT_R_CAFILE_DIFFERS] = { "cafile-differs", GS_ERROR,
	    "sofia-sip tport_tls.c", "cafile.pem does not fit the certificate",
	    "FreeSWITCH sends the intermediates that are in cafile.pem, and "
	    "only those.",
	    "Have the file written again." },
	[GS_CERT_R_LINK_WRONG] = { "link-wrong", GS_ERROR, "-",
	    "a link is missing or leads elsewhere",
	    "The server reads another file than the one that is renewed.",
	    "Set the link." },
	[GS_CERT_R_LINK_BROKEN] = { "link-broken", GS_ERROR, "-",
	    "a link leads to nothing",
	    "The server that reads it does not start, or starts without TLS.",
	    "Set the link." },
	[GS_CERT_R_PLACE_IS_FOLDER] = { "place-is-folder", GS_ERROR, "-",
	    "a folder is where a file or link belongs",
	    "A folder, with all that is in it, cannot be replaced safely.",
	    "Move it away." },
	[GS_CERT_R_UNREADABLE] = { "unreadable", GS_ERROR,
	    "sofia-sip tport_type_tls.c",
	    "FreeSWITCH's user cannot read its files",
	    "FreeSWITCH 1.2 then listens without a certificate, newer ones "
	    "make their own.",
	    "Give the files to this user (--owner), or to one of its groups "
	    "(--key-group); open a folder that was there before with chown "
	    "or chmod." },
	[GS_CERT_R_UNFINISHED] = { "unfinished", GS_WARNING, "-",
	    "a run was interrupted",
	    "The set in service works, but the change that was begun is not "
	    "complete.",
	    "Finish the change." },
	[GS_CERT_R_CSR_PENDING] = { "csr-pending", GS_NOTE, "-",
	    "a request waits for its certificate",
	    "Its key is kept until the signed certificate comes.",
	    "Import the answer with --import." },
	[GS_CERT_R_CSR_KEY_NEEDED] = { "csr-key-needed", GS_ERROR, "-",
	    "the key has a request that waits",
	    "A new key would make the answer to the request useless.",
	    "Import the answer first, or use --force." },
	[GS_CERT_R_OWNER_UNKNOWN] = { "owner-unknown", GS_ERROR, "-",
	    "the user or group does not exist",
	    "The files stay with root and closed, and FreeSWITCH cannot read "
	    "them.",
	    "Create the user, or name another one." },
	[GS_CERT_R_OWNER_DENIED] = { "owner-denied", GS_ERROR, "-",
	    "only root can give files away",
	    "The files stay with you and closed, so FreeSWITCH cannot read "
	    "them.",
	    "Run as root." },
	[GS_CERT_R_SIGNED_BY_OTHERS] = { "signed-by-others", GS_ERROR, "-",
	    "the certificate was signed elsewhere and is not replaced",
	    "A certificate that somebody paid for is not thrown away. As a "
	    "note: it stays in service, and its issuer renews it.",
	    "Make a request for its issuer (--csr), or replace it with "
	    "--force." },
	[GS_CERT_R_CA_KEY_MISSING] = { "ca-key-missing", GS_ERROR, "-",
	    "the local CA has no key", "Nothing can be signed with it.",
	    "Put the key back; --new-ca makes a new CA, and all phones then "
	    "need its DER." },
	[GS_CERT_R_CA_MISMATCH] = { "ca-mismatch", GS_ERROR, "-",
	    "the local CA's key and certificate do not belong together",
	    "Nothing that is signed with it would verify.",
	    "Put the right file back; --new-ca makes a new CA, and all "
	    "phones then need its DER." },
	[GS_CERT_R_TRUST_CHANGED] = { "trust-changed", GS_NOTE, "-",
	    "phones need another certificate to trust",
	    "A phone that verifies the server compares it with what it was "
	    "given to trust.",
	    "Give the phones the new one (--der)." },
	[GS_CERT_R_CLOCK_WRONG] = { "clock-wrong", GS_ERROR, "-",
	    "the clock cannot be right",
	    "A certificate would be made for the wrong years.",
	    "Set the clock (NTP) first." },
	[GS_CERT_R_DTLS_KEY_SHORT] = { "dtls-key-short", GS_WARNING,
	    "FreeSWITCH switch_core_cert.c",
	    "FreeSWITCH wants 4096 bits in dtls-srtp.pem",
	    "It renames a file with a shorter key and makes its own.",
	    "Leave --dtls-pem out, or use --key rsa:4096." },
	[GS_CERT_R_OTHER_NAME] = { "other-name", GS_ERROR, "-",
	    "another set is in service",
	    "A name that was mistaken would take the set out of service that "
	    "phones know.",
	    "To take this name into service, use --switch." },
	[GS_CERT_R_LINKS_DISAGREE] = { "links-disagree", GS_ERROR, "-",
	    "links lead to the files of several names",
	    "FreeSWITCH and the web server use different certificates, and "
	    "only you know which one is right.",
	    "Use --switch with the name that is to be in service." },
	[GS_CERT_R_NOT_ADOPTED] = { "not-adopted", GS_NOTE, "-",
	    "the files in service were made by something else",
	    "They are judged like any other. Once adopted, gs-certgen keeps "
	    "copies and links in order.",
	    "Adopt them: the key and the certificate stay." },
};

const struct gs_rules gs_cert_rules = { rules, GS_CERT_R_COUNT };

/* A rule that is not here has no command. */
static const enum gs_cert_mend mends[GS_CERT_R_COUNT] = {
	[GS_CERT_R_CERT_EXPIRED] = GS_MEND_RENEW,
	[GS_CERT_R_CERT_NOT_YET_VALID] = GS_MEND_RENEW,
	[GS_CERT_R_CERT_EXPIRES_SOON] = GS_MEND_RENEW,
	[GS_CERT_R_NAME_MISSING] = GS_MEND_RENEW,
	[GS_CERT_R_ADDRESS_MISSING] = GS_MEND_ADDRESS,
	[GS_CERT_R_DIGEST_WEAK] = GS_MEND_RENEW,
	[GS_CERT_R_KEY_WEAK] = GS_MEND_NEW_KEY,
	[GS_CERT_R_KEY_LARGE] = GS_MEND_NEW_KEY_RSA,
	[GS_CERT_R_KEY_EC] = GS_MEND_NEW_KEY_RSA,
	[GS_CERT_R_LEAF_IS_CA] = GS_MEND_RENEW,
	[GS_CERT_R_USAGE_SERVER] = GS_MEND_RENEW,
	[GS_CERT_R_SHARED_KEY] = GS_MEND_NEW_KEY,
	[GS_CERT_R_CHAIN_WEAK] = GS_MEND_NEW_CA,
	[GS_CERT_R_CHAIN_EXPIRED] = GS_MEND_NEW_CA,
	[GS_CERT_R_CHAIN_EXPIRES_SOON] = GS_MEND_NEW_CA,
	[GS_CERT_R_SET_MISSING] = GS_MEND_RUN,
	[GS_CERT_R_PAIR_MISMATCH] = GS_MEND_NEW_KEY,
	[GS_CERT_R_KEY_DAMAGED] = GS_MEND_RUN,
	[GS_CERT_R_CERT_DAMAGED] = GS_MEND_RUN,
	[GS_CERT_R_MODE_WIDE] = GS_MEND_RUN,
	[GS_CERT_R_KEY_PUBLIC] = GS_MEND_RUN,
	[GS_CERT_R_COPY_DIFFERS] = GS_MEND_RUN,
	[GS_CERT_R_CAFILE_DIFFERS] = GS_MEND_RUN,
	[GS_CERT_R_LINK_WRONG] = GS_MEND_RUN,
	[GS_CERT_R_LINK_BROKEN] = GS_MEND_RUN,
	[GS_CERT_R_UNREADABLE] = GS_MEND_RUN,
	[GS_CERT_R_UNFINISHED] = GS_MEND_RUN,
	[GS_CERT_R_DTLS_KEY_SHORT] = GS_MEND_NEW_KEY_LONG,
	[GS_CERT_R_OTHER_NAME] = GS_MEND_SWITCH,
	[GS_CERT_R_LINKS_DISAGREE] = GS_MEND_SWITCH,
	[GS_CERT_R_NOT_ADOPTED] = GS_MEND_RUN,
};

enum gs_cert_mend
gs_cert_mend(enum gs_cert_rule r)
{
	return mends[r];
}

const char *
gs_cert_mend_options(enum gs_cert_mend mend)
{
	static const char *const options[GS_MENDS] = {
		[GS_MEND_NEW_KEY] = " --new-key",
		[GS_MEND_NEW_KEY_RSA] = " --new-key --key rsa:2048",
		[GS_MEND_NEW_KEY_LONG] = " --new-key --key rsa:4096",
		[GS_MEND_NEW_CA] = " --new-ca",
		[GS_MEND_SWITCH] = " --switch",
	};

	return options[mend] != NULL ? options[mend] : "";
}

static struct gs_finding *
add(struct gs_diags *d, enum gs_cert_rule r, enum gs_severity severity,
    const char *fmt, va_list ap)
{
	char text[700];

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	return gs_diag_as(d, &rules[r], severity, (struct gs_pos){ 0 },
	    "%s. %s", text, rules[r].fix);
}

struct gs_finding *
gs_cert_finding(struct gs_diags *d, enum gs_cert_rule r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct gs_finding *f = add(d, r, rules[r].severity, fmt, ap);
	va_end(ap);
	return f;
}

struct gs_finding *
gs_cert_finding_as(struct gs_diags *d, enum gs_cert_rule r,
    enum gs_severity severity, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct gs_finding *f = add(d, r, severity, fmt, ap);
	va_end(ap);
	return f;
}

void
gs_cert_finding_run(struct gs_finding *f, const char *command)
{
	struct gs_span s = gs_span(command, strlen(command));
	struct gs_buf b;

	if (f == NULL)
		return;
	gs_buf_init(&b, 4 * s.n + strlen(f->text) + 64);
	gs_buf_put_visible(&b, s);
	bool plain = gs_span_eq(gs_buf_span(&b), s);
	gs_buf_clear(&b);
	gs_buf_printf(&b, "%s Run: %s", f->text, command);
	gs_buf_putc(&b, '\0');
	if (plain && gs_buf_ok(&b)) {
		free(f->text);
		f->text = (char *)b.p;
		return;
	}
	gs_buf_free(&b);
}
