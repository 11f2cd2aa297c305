/* SPDX-License-Identifier: MIT */
/* The rules of the certificate wing: every finding of gs-certgen is one. */
#include "cert/rules.h"

#include <stdio.h>
#include <stdlib.h>

#include "rules_priv.h"

static const struct gs_rule rules[GS_CERT_R_COUNT] = {
	[GS_CERT_R_CERT_EXPIRED] = {
		.id = "cert-expired",
		.severity = GS_ERROR,
		.ref = "RFC 5280 4.1.2.5",
		.brief = "the certificate has expired",
		.why = "Phones and browsers refuse it.",
		.fix = "Renew it; a certificate signed elsewhere is "
		    "renewed by its issuer.",
	},
	[GS_CERT_R_CERT_NOT_YET_VALID] = {
		.id = "cert-not-yet-valid",
		.severity = GS_ERROR,
		.ref = "RFC 5280 4.1.2.5",
		.brief = "the certificate is not valid yet",
		.why = "Clients refuse it until that day.",
		.fix = "Set the clock, or wait.",
	},
	[GS_CERT_R_CERT_EXPIRES_SOON] = {
		.id = "cert-expires-soon",
		.severity = GS_WARNING,
		.ref = "RFC 5280 4.1.2.5",
		.brief = "the certificate expires soon",
		.why = "After that day nobody can connect.",
		.fix = "Renew it; a certificate signed elsewhere is "
		    "renewed by its issuer.",
	},
	[GS_CERT_R_NAME_MISSING] = {
		.id = "name-missing",
		.severity = GS_ERROR,
		.ref = "RFC 6125 6.4",
		.brief = "the certificate is not good for a name that "
		    "clients use",
		.why = "A client that verifies the server compares the "
		    "name it called with the alternative names, and "
		    "refuses.",
		.fix = "Renew it with the name; a certificate signed "
		    "elsewhere needs a new request.",
	},
	[GS_CERT_R_ADDRESS_MISSING] = {
		.id = "address-missing",
		.severity = GS_NOTE,
		.ref = "RFC 5280 4.2.1.6",
		.brief = "the certificate is not good for an address of this "
		    "host",
		.why = "Phones that are configured with this address "
		    "refuse it.",
		.fix = "If phones use the address, add it with --san.",
	},
	[GS_CERT_R_DIGEST_WEAK] = {
		.id = "digest-weak",
		.severity = GS_ERROR,
		.ref = "RFC 8446 4.2.3",
		.brief = "the certificate is signed with a weak digest",
		.why = "SHA-1 and MD5 signatures can be forged and are "
		    "refused by current TLS libraries.",
		.fix = "Have it signed again with SHA-256.",
	},
	[GS_CERT_R_KEY_WEAK] = {
		.id = "key-weak",
		.severity = GS_ERROR,
		.ref = "RFC 7525 4.3",
		.brief = "the key is too short",
		.why = "RSA below 2048 bits is refused by current TLS "
		    "libraries.",
		.fix = "Make a new key, or import a certificate for a "
		    "longer one.",
	},
	[GS_CERT_R_KEY_LARGE] = {
		.id = "key-large",
		.severity = GS_WARNING,
		.ref = "-",
		.brief = "the key is larger than old phones can use",
		.why = "Phones of that time need seconds for a handshake, "
		    "or give up.",
		.fix = "rsa:2048 is enough.",
	},
	[GS_CERT_R_KEY_EC] = {
		.id = "key-ec",
		.severity = GS_NOTE,
		.ref = "FreeSWITCH 1.2 tport_tls.c",
		.brief = "an elliptic curve key",
		.why = "FreeSWITCH 1.2 and Snom 3xx/8xx cannot make a "
		    "handshake with it.",
		.fix = "Use rsa:2048 where FreeSWITCH 1.2 or such a "
		    "phone is in use.",
	},
	[GS_CERT_R_LEAF_IS_CA] = {
		.id = "leaf-is-ca",
		.severity = GS_ERROR,
		.ref = "RFC 5280 4.2.1.9",
		.brief = "the server's certificate is a CA",
		.why = "Whoever gets the server's key can make "
		    "certificates that all phones trust.",
		.fix = "Replace it by a certificate for a server.",
	},
	[GS_CERT_R_USAGE_SERVER] = {
		.id = "usage-server",
		.severity = GS_ERROR,
		.ref = "RFC 5280 4.2.1.12",
		.brief = "the certificate does not allow a TLS server",
		.why = "Clients look at keyUsage and extendedKeyUsage and "
		    "refuse.",
		.fix = "Replace it by a certificate for a server "
		    "(serverAuth).",
	},
	[GS_CERT_R_SHARED_KEY] = {
		.id = "shared-key",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "a certificate whose private key everybody has",
		.why = "Gemeinschaft 4 came with this key in its source.",
		.fix = "Make a new key.",
	},
	[GS_CERT_R_CHAIN_INCOMPLETE] = {
		.id = "chain-incomplete",
		.severity = GS_ERROR,
		.ref = "RFC 5280 6.1",
		.brief = "an issuer is missing",
		.why = "FreeSWITCH sends what is in cafile.pem; clients "
		    "that do not get the intermediates refuse.",
		.fix = "Give the missing certificates with --chain, up to "
		    "the root.",
	},
	[GS_CERT_R_CHAIN_UNUSED] = {
		.id = "chain-unused",
		.severity = GS_NOTE,
		.ref = "-",
		.brief = "a certificate that is not in the chain",
		.why = "No client needs it, so it is left out of what "
		    "FreeSWITCH sends.",
		.fix = "Nothing need be done.",
	},
	[GS_CERT_R_CHAIN_NOT_CA] = {
		.id = "chain-not-ca",
		.severity = GS_ERROR,
		.ref = "RFC 5280 4.2.1.9",
		.brief = "an issuer that is no CA",
		.why = "Clients refuse a chain through it.",
		.fix = "Ask the CA for the right intermediate.",
	},
	[GS_CERT_R_CHAIN_WEAK] = {
		.id = "chain-weak",
		.severity = GS_ERROR,
		.ref = "RFC 8446 4.2.3",
		.brief = "an issuer with a weak key or digest",
		.why = "Current TLS libraries refuse the chain.",
		.fix = "Ask the CA for a newer intermediate.",
	},
	[GS_CERT_R_CHAIN_REFUSED] = {
		.id = "chain-refused",
		.severity = GS_ERROR,
		.ref = "RFC 5280 6.1",
		.brief = "clients refuse the certificate for another reason",
		.why = "A path length, a name constraint or the like is "
		    "not kept by the chain.",
		.fix = "Ask the CA for the right intermediate.",
	},
	[GS_CERT_R_CHAIN_EXPIRED] = {
		.id = "chain-expired",
		.severity = GS_ERROR,
		.ref = "RFC 5280 4.1.2.5",
		.brief = "an issuer is expired or not valid yet",
		.why = "Clients refuse the chain.",
		.fix = "Ask the CA for a newer intermediate; a local CA "
		    "is made again with --new-ca, and its DER goes to "
		    "the phones.",
	},
	[GS_CERT_R_CHAIN_EXPIRES_SOON] = {
		.id = "chain-expires-soon",
		.severity = GS_WARNING,
		.ref = "RFC 5280 4.1.2.5",
		.brief = "an issuer expires soon",
		.why = "After that day nobody can connect, and phones need "
		    "the new CA before it.",
		.fix = "Plan the change: ask the CA for a newer "
		    "intermediate; a local CA is made again with "
		    "--new-ca, and its DER goes to the phones.",
	},
	[GS_CERT_R_IMPORT_NO_CERTIFICATE] = {
		.id = "import-no-certificate",
		.severity = GS_ERROR,
		.ref = "RFC 7468",
		.brief = "there is no certificate in the file",
		.why = "Nothing can be put in service.",
		.fix = "Give the signed certificate as PEM, DER or PKCS "
		    "#7.",
	},
	[GS_CERT_R_IMPORT_DAMAGED] = {
		.id = "import-damaged",
		.severity = GS_ERROR,
		.ref = "RFC 7468",
		.brief = "a part of the file cannot be read",
		.why = "A certificate that is cut off would be missing in "
		    "the chain.",
		.fix = "Get the file again.",
	},
	[GS_CERT_R_IMPORT_KEY_INSIDE] = {
		.id = "import-key-inside",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "a private key is in the file",
		.why = "Files with certificates are passed around; a key "
		    "that was is not secret any more.",
		.fix = "Remove the key from the file; if others have seen "
		    "it, make a new one (--csr --new-key).",
	},
	[GS_CERT_R_IMPORT_NO_KEY] = {
		.id = "import-no-key",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "there is no key to import for",
		.why = "The key is made by gs-certgen and does not travel.",
		.fix = "Make a request first (--csr).",
	},
	[GS_CERT_R_IMPORT_KEY_MISMATCH] = {
		.id = "import-key-mismatch",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "no certificate in the file belongs to the key",
		.why = "The server could not use it.",
		.fix = "Import the answer to the last --csr, with the host "
		    "name that it was made for, or make a new request.",
	},
	[GS_CERT_R_SET_MISSING] = {
		.id = "set-missing",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "a file is missing",
		.why = "A server that reads it does not start, or starts "
		    "without TLS.",
		.fix = "Make what is missing.",
	},
	[GS_CERT_R_PAIR_MISMATCH] = {
		.id = "pair-mismatch",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "key and certificate do not belong together",
		.why = "No handshake succeeds.",
		.fix = "Put the right file back, or make a new key and "
		    "certificate.",
	},
	[GS_CERT_R_KEY_LOCKED] = {
		.id = "key-locked",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "the private key is encrypted",
		.why = "FreeSWITCH and Apache start unattended and cannot "
		    "ask.",
		.fix = "Give its pass phrase once with --pass-file.",
	},
	[GS_CERT_R_KEY_DAMAGED] = {
		.id = "key-damaged",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "the private key cannot be read",
		.why = "No server can use it.",
		.fix = "Put the right file back, or make a new key.",
	},
	[GS_CERT_R_CERT_DAMAGED] = {
		.id = "cert-damaged",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "there is no readable certificate in a file",
		.why = "No server can use it.",
		.fix = "Make the file again; a certificate signed "
		    "elsewhere that is in no other file must be "
		    "imported again.",
	},
	[GS_CERT_R_MODE_WIDE] = {
		.id = "mode-wide",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "a file with a private key can be read by others",
		.why = "Every user of the host can pretend to be this "
		    "server.",
		.fix = "Narrow the mode. If others may have read it, "
		    "make a new key.",
	},
	[GS_CERT_R_KEY_PUBLIC] = {
		.id = "key-public",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "a private key is in a file for certificates",
		.why = "cafile.pem, certificates and DER files are public.",
		.fix = "Have the file written again. If others may have "
		    "read it, make a new key.",
	},
	[GS_CERT_R_KEY_EXPOSED] = {
		.id = "key-exposed",
		.severity = GS_WARNING,
		.ref = "-",
		.brief = "everybody could read the key until now",
		.why = "The file is closed now, but whoever has read the key "
		    "can pretend to be this server.",
		.fix = "Make a new key with --new-key, unless nobody else "
		    "has used this host.",
	},
	[GS_CERT_R_COPY_DIFFERS] = {
		.id = "copy-differs",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "FreeSWITCH has another certificate than the one "
		    "in service",
		.why = "After a renewal by hand one of them is the old "
		    "one.",
		.fix = "Make FreeSWITCH and the web server use the same "
		    "certificate.",
	},
	[GS_CERT_R_CAFILE_DIFFERS] = {
		.id = "cafile-differs",
		.severity = GS_ERROR,
		.ref = "sofia-sip tport_tls.c",
		.brief = "cafile.pem does not fit the certificate",
		.why = "FreeSWITCH sends the intermediates that are in "
		    "cafile.pem, and only those.",
		.fix = "Have the file written again.",
	},
	[GS_CERT_R_LINK_WRONG] = {
		.id = "link-wrong",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "a link is missing or leads elsewhere",
		.why = "The server reads another file than the one that is "
		    "renewed.",
		.fix = "Set the link.",
	},
	[GS_CERT_R_LINK_BROKEN] = {
		.id = "link-broken",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "a link leads to nothing",
		.why = "The server that reads it does not start, or starts "
		    "without TLS.",
		.fix = "Set the link.",
	},
	[GS_CERT_R_PLACE_IS_FOLDER] = {
		.id = "place-is-folder",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "a folder is where a file or link belongs",
		.why = "A folder, with all that is in it, cannot be replaced "
		    "safely.",
		.fix = "Move it away.",
	},
	[GS_CERT_R_UNREADABLE] = {
		.id = "unreadable",
		.severity = GS_ERROR,
		.ref = "sofia-sip tport_type_tls.c",
		.brief = "FreeSWITCH's user cannot read its files",
		.why = "FreeSWITCH 1.2 then listens without a certificate, "
		    "newer ones make their own.",
		.fix = "Give the files to this user (--owner), or to one "
		    "of its groups (--key-group); open a folder that "
		    "was there before with chown or chmod.",
	},
	[GS_CERT_R_UNFINISHED] = {
		.id = "unfinished",
		.severity = GS_WARNING,
		.ref = "-",
		.brief = "a run was interrupted",
		.why = "The set in service works, but the change that was "
		    "begun is not complete.",
		.fix = "Finish the change.",
	},
	[GS_CERT_R_CSR_PENDING] = {
		.id = "csr-pending",
		.severity = GS_NOTE,
		.ref = "-",
		.brief = "a request waits for its certificate",
		.why = "Its key is kept until the signed certificate comes.",
		.fix = "Import the answer with --import.",
	},
	[GS_CERT_R_CSR_KEY_NEEDED] = {
		.id = "csr-key-needed",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "the key has a request that waits",
		.why = "A new key would make the answer to the request "
		    "useless.",
		.fix = "Import the answer first, or use --force.",
	},
	[GS_CERT_R_OWNER_UNKNOWN] = {
		.id = "owner-unknown",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "the user or group does not exist",
		.why = "The files stay with root and closed, and "
		    "FreeSWITCH cannot read them.",
		.fix = "Create the user, or name another one.",
	},
	[GS_CERT_R_OWNER_DENIED] = {
		.id = "owner-denied",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "only root can give files away",
		.why = "The files stay with you and closed, so FreeSWITCH "
		    "cannot read them.",
		.fix = "Run as root.",
	},
	[GS_CERT_R_SIGNED_BY_OTHERS] = {
		.id = "signed-by-others",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "the certificate was signed elsewhere and is not "
		    "replaced",
		.why = "A certificate that somebody paid for is not thrown "
		    "away. As a note: it stays in service, and its "
		    "issuer renews it.",
		.fix = "Make a request for its issuer (--csr), or "
		    "replace it with --force.",
	},
	[GS_CERT_R_CA_KEY_MISSING] = {
		.id = "ca-key-missing",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "the local CA has no key",
		.why = "Nothing can be signed with it.",
		.fix = "Put the key back; --new-ca makes a new CA, and "
		    "all phones then need its DER.",
	},
	[GS_CERT_R_CA_MISMATCH] = {
		.id = "ca-mismatch",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "the local CA's key and certificate do not belong "
		    "together",
		.why = "Nothing that is signed with it would verify.",
		.fix = "Put the right file back; --new-ca makes a new "
		    "CA, and all phones then need its DER.",
	},
	[GS_CERT_R_TRUST_CHANGED] = {
		.id = "trust-changed",
		.severity = GS_NOTE,
		.ref = "-",
		.brief = "phones need another certificate to trust",
		.why = "A phone that verifies the server compares it with "
		    "what it was given to trust.",
		.fix = "Give the phones the new one (--der).",
	},
	[GS_CERT_R_CLOCK_WRONG] = {
		.id = "clock-wrong",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "the clock cannot be right",
		.why = "A certificate would be made for the wrong years.",
		.fix = "Set the clock (NTP) first.",
	},
	[GS_CERT_R_DTLS_KEY_SHORT] = {
		.id = "dtls-key-short",
		.severity = GS_WARNING,
		.ref = "FreeSWITCH switch_core_cert.c",
		.brief = "FreeSWITCH wants 4096 bits in dtls-srtp.pem",
		.why = "It renames a file with a shorter key and makes its "
		    "own.",
		.fix = "Leave --dtls-pem out, or use --key rsa:4096.",
	},
	[GS_CERT_R_OTHER_NAME] = {
		.id = "other-name",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "another set is in service",
		.why = "A name that was mistaken would take the set out of "
		    "service that phones know.",
		.fix = "To take this name into service, use --switch.",
	},
	[GS_CERT_R_LINKS_DISAGREE] = {
		.id = "links-disagree",
		.severity = GS_ERROR,
		.ref = "-",
		.brief = "links lead to the files of several names",
		.why = "FreeSWITCH and the web server use different "
		    "certificates, and only you know which one is right.",
		.fix = "Use --switch with the name that is to be in "
		    "service.",
	},
	[GS_CERT_R_NOT_ADOPTED] = {
		.id = "not-adopted",
		.severity = GS_NOTE,
		.ref = "-",
		.brief = "the files in service were made by something else",
		.why = "They are judged like any other. Once adopted, "
		    "gs-certgen keeps copies and links in order.",
		.fix = "Adopt them: the key and the certificate stay.",
	},
};

const struct gs_rules gs_cert_rules = { rules, GS_CERT_R_COUNT };

/* A rule that is not here has no command. */
static const enum gs_mend mends[GS_CERT_R_COUNT] = {
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

enum gs_mend
gs_cert_mend(enum gs_cert_rule r)
{
	return mends[r];
}

const char *
gs_cert_mend_options(enum gs_mend mend)
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
