/* SPDX-License-Identifier: MIT */
/* Names in certificates: host names, alternative names, subjects. */
#ifndef GSPROV_CERT_NAME_H
#define GSPROV_CERT_NAME_H

#include "base/buf.h"

struct gs_err;

/* Caps: a DNS name (RFC 1035), alternative names of one certificate,
 * attributes of a subject, bytes of one attribute's value. */
enum {
	GS_HOST_MAX = 253,
	GS_SAN_SIZE = GS_HOST_MAX + 5, /* of an alternative name as text */
	GS_SANS_MAX = 100,
	GS_DN_MAX = 16,
	GS_DN_VALUE_MAX = 255
};

/* Whether name can stand in a certificate and in a file name: letters,
 * digits, hyphens and dots (RFC 1123 section 2.1), no wildcard, no address;
 * "_.example.com" stands for "*.example.com". Returns 0, or -1 and says what is
 * wrong. */
int gs_cert_host_check(const char *name, struct gs_err *err) GS_MUST;

enum gs_cert_san_kind { GS_SAN_DNS, GS_SAN_IP };

/* One alternative name (RFC 5280 section 4.2.1.6). text is "dns:NAME" or
 * "ip:ADDRESS" in one spelling only; ip has 4 or 16 bytes. */
struct gs_cert_san {
	enum gs_cert_san_kind kind;
	char text[GS_SAN_SIZE];
	uint8_t ip[16];
	size_t ip_len;
};

struct gs_cert_sans {
	struct gs_cert_san list[GS_SANS_MAX];
	size_t n;
	size_t dropped; /* for which there was no room */
};

/* Adds "dns:NAME" or "ip:ADDRESS", or either without its type; a name that is
 * there already is not added again. Returns 0 or -1. */
int gs_cert_sans_add(struct gs_cert_sans *s, const char *text,
    struct gs_err *err) GS_MUST;

/* Adds all of more, which may be NULL, as far as there is room. Returns 0, or
 * -1 if the room is used up. */
int gs_cert_sans_add_all(struct gs_cert_sans *s,
    const struct gs_cert_sans *more, struct gs_err *err);

/* The same for a host name, or a wildcard ("*.", "_."), and for the n (4 or
 * 16) bytes of an address. */
int gs_cert_sans_add_dns(struct gs_cert_sans *s, const char *name,
    struct gs_err *err) GS_MUST;
int gs_cert_sans_add_ip(struct gs_cert_sans *s, const uint8_t *ip, size_t n,
    struct gs_err *err) GS_MUST;

/* Whether no public CA may certify san: a name without a dot, or an address
 * that is reserved or not global (RFC 6890). */
bool gs_cert_san_is_private(const struct gs_cert_san *san);

/* The name without its "dns:" or "ip:". */
const char *gs_cert_san_name(const struct gs_cert_san *san);

/* Whether a certificate with the names s is good for san: the same name, or
 * a wildcard for its first label (RFC 6125 section 6.4.3). */
bool gs_cert_sans_cover(const struct gs_cert_sans *s,
    const struct gs_cert_san *san);

/* The first of want (NULL: none) for which it is not, or NULL. */
const char *gs_cert_sans_missing(const struct gs_cert_sans *s,
    const struct gs_cert_sans *want);

/* Whether it is that by a wildcard alone, or san is one. */
bool gs_cert_sans_wild(const struct gs_cert_sans *s,
    const struct gs_cert_san *san);

/* One attribute of a distinguished name; type is a short name such as "O"
 * or a dotted OID, value is UTF-8. */
struct gs_cert_attr {
	char type[64];
	char value[GS_DN_VALUE_MAX + 1];
	bool joined; /* in one RDN with the attribute before ("+") */
};

struct gs_cert_dn {
	struct gs_cert_attr attr[GS_DN_MAX];
	size_t n;
};

/* Reads a name in the syntax of RFC 4514 (escapes, hex pairs, quotes as in
 * RFC 2253, "+"), and keeps the order in which it is written: "C=DE,O=X"
 * has the country first. An attribute without a value is left out. CN is
 * refused, the host name goes there. Returns 0 or -1. */
int gs_cert_dn_parse(struct gs_cert_dn *dn, const char *text,
    struct gs_err *err) GS_MUST;

#endif
