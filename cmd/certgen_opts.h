/* SPDX-License-Identifier: MIT */
/* The options of gs-certgen, and what stands around them in its help. */
#ifndef GSPROV_CERTGEN_OPTS_H
#define GSPROV_CERTGEN_OPTS_H

#include "cli.h"

enum { EXPLAINED = 1 }; /* the help explains the first ones */

/* clang-format off */
/* Long options: action, details and places. */
enum {
	OPT_CSR = 256, OPT_IMPORT, OPT_CHECK, OPT_STATUS, OPT_SHOW, OPT_AUTO,
	OPT_CHAIN, OPT_WARN, OPT_CA, OPT_SUBJECT, OPT_SAN, OPT_KEY, OPT_DAYS,
	OPT_RENEW_BEFORE, OPT_NEW_KEY, OPT_FORCE, OPT_SWITCH, OPT_NO_AUTO_SAN,
	OPT_SELF_SIGNED, OPT_NEW_CA, OPT_PASS_FILE, OPT_ROOT, OPT_SSL_DIR,
	OPT_LINK_NAME, OPT_DER, OPT_FS, OPT_NO_FS, OPT_TLS_PEM, OPT_WSS_PEM,
	OPT_DTLS_PEM, OPT_OWNER, OPT_KEY_GROUP, OPT_RUN, OPT_WITH_KEY,
	OPT_TRUST, OPT_CONNECT, OPT_PHONE, OPT_CRIT, OPT_IDLE, OPT_IDLE_TIMEOUT,
	OPT_PRIVATE
};
/* clang-format on */

static const struct cli_opt opts[] = {
	{ OPT_CA, "ca", NULL, "sign with a local CA that phones trust" },
	{ OPT_DER, "der", "FILE", "write the certificate phones must trust" },
	{ OPT_SUBJECT, "subject", "NAME",
	    "such as 'C=DE,O=Example', without CN" },
	{ OPT_SAN, "san", "NAME", "add an alternative name or address" },
	{ OPT_KEY, "key", "KIND", "type of a new key",
	    "rsa:2048 rsa:3072 rsa:4096 ec:P-256 ec:P-384" },
	{ OPT_NEW_KEY, "new-key", NULL, "make a new key" },
	{ OPT_OWNER, "owner", "USER[:GROUP]", "owner of FreeSWITCH's files" },
	{ OPT_KEY_GROUP, "key-group", "GROUP",
	    "group that may read key files" },
	{ OPT_RUN, "run", "COMMAND", "run with sh after any change" },
	{ OPT_IDLE, "run-when-idle", "COMMAND", "run when no call is active" },
	{ OPT_IDLE_TIMEOUT, "idle-timeout", "SECONDS",
	    "longest wait for that moment (600)", NULL, OPT_IDLE },
	{ OPT_CSR, "csr", "FILE", "write a certificate request" },
	{ OPT_PRIVATE, "private", NULL, "include private names" },
	{ OPT_IMPORT, "import", "FILE", "use a signed certificate" },
	{ OPT_CHAIN, "chain", "FILE", "intermediates and root", NULL,
	    OPT_IMPORT },
	{ OPT_WITH_KEY, "with-key", "FILE", "private key of the certificate",
	    NULL, OPT_IMPORT },
	{ OPT_TRUST, "trust", "FILE", "trusted roots (default: the system's)" },
	{ OPT_CHECK, "check", NULL, "check the certificates in service" },
	{ OPT_STATUS, "status", NULL, "check as a monitoring plugin" },
	{ OPT_WARN, "warn-days", "DAYS", "warn DAYS before expiry (30)" },
	{ OPT_CRIT, "crit-days", "DAYS",
	    "report an error DAYS before expiry (0)" },
	{ OPT_CONNECT, "connect", "HOST", "check what a server serves" },
	{ OPT_PHONE, "phone", "MODEL", "connect as this phone model", NULL,
	    OPT_CONNECT },
	{ OPT_SHOW, "show", NULL, "show the certificates in service" },
	{ OPT_AUTO, "auto", NULL,
	    "use the set in service, or this host's name" },
	{ OPT_SWITCH, "switch", NULL, "put another name into service" },
	{ OPT_SELF_SIGNED, "self-signed", NULL, "do not use the local CA" },
	{ OPT_NEW_CA, "new-ca", NULL, "renew the local CA" },
	{ OPT_FORCE, "force", NULL, "replace what is otherwise kept" },
	{ OPT_NO_AUTO_SAN, "no-auto-san", NULL,
	    "leave out this host's addresses" },
	{ OPT_DAYS, "days", "N", "validity in days (825)" },
	{ OPT_RENEW_BEFORE, "renew-before", "DAYS",
	    "renew DAYS before expiry (30)" },
	{ OPT_PASS_FILE, "pass-file", "FILE",
	    "pass phrase of the key (or fd:N)" },
	{ OPT_ROOT, "root", "DIR", "put DIR before all paths" },
	{ OPT_SSL_DIR, "ssl-dir", "DIR", "SSL folder (/etc/ssl)" },
	{ OPT_LINK_NAME, "link-name", "NAME",
	    "name of the links (gemeinschaft)" },
	{ OPT_FS, "freeswitch-dir", "DIR",
	    "FreeSWITCH's folder for certificates" },
	{ OPT_NO_FS, "no-freeswitch", NULL, "write no files for FreeSWITCH" },
	{ OPT_TLS_PEM, "tls-pem", NULL, "also create tls.pem" },
	{ OPT_WSS_PEM, "wss-pem", NULL, "also create wss.pem" },
	{ OPT_DTLS_PEM, "dtls-pem", NULL, "also create dtls-srtp.pem" },
	{ 0 },
};

static const char synopsis[] =
    "  gs-certgen [options] [FQDN | --auto]         make or renew a set\n"
    "  gs-certgen --csr FILE ...                    request a signature\n"
    "  gs-certgen --import FILE [--with-key FILE] ...  use a signed certificate\n"
    "  gs-certgen --check | --status | --show | --connect HOST ...   inspect\n";

static const char examples[] =
    "  gs-certgen --ca --der /var/www/ca.der pbx.example.com\n"
    "  gs-certgen --status --warn-days 30\n";

static const struct cli_conflict conflicts[] = {
	{ OPT_SWITCH, CLI_OPERAND, true,
	    "--switch requires the name to put into service, as in: "
	    "gs-certgen --switch pbx.example.com" },
	{ OPT_SWITCH, OPT_AUTO, false },
	{ OPT_SELF_SIGNED, OPT_CA, false },
	{ OPT_SELF_SIGNED, OPT_NEW_CA, false },
	{ OPT_NO_FS, OPT_TLS_PEM, false },
	{ OPT_NO_FS, OPT_WSS_PEM, false },
	{ OPT_NO_FS, OPT_DTLS_PEM, false },
	{ CLI_WRITE_BASELINE, OPT_SHOW, false, ", which checks nothing" },
	{ 0 },
};

#endif
