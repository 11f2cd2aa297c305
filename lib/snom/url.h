/* SPDX-License-Identifier: MIT */
/* URLs and hosts as phones and PBXs write them. */
#ifndef GSPROV_SNOM_URL_H
#define GSPROV_SNOM_URL_H

#include "base/diag.h"

/* The parts of an absolute http, https or other hierarchical URL (RFC 3986
 * section 3), borrowed from the text. */
struct gs_snom_url {
	struct gs_span text;
	struct gs_span scheme; /* without ":" */
	struct gs_span userinfo; /* without "@" */
	struct gs_span host; /* an IPv6 address without its brackets */
	bool bracketed;
	unsigned port; /* 0: not given */
	struct gs_span authority; /* userinfo, host and port as written */
	struct gs_span rest; /* from the "/" or "?" after the authority */
};

/* Splits s. Returns 0, or -1 with the reason: no "://", no host, an invalid
 * port, a blank or control byte, an IPv6 address without brackets, a
 * backslash before the path, a host with letters beyond ASCII.
 * Placeholders in braces are allowed. */
int gs_snom_url_parse(struct gs_snom_url *u, struct gs_span s,
    struct gs_err *err) GS_MUST;

/* Whether a scheme may contain c (RFC 3986 section 3.1). */
bool gs_snom_url_is_scheme_byte(int c);

bool gs_snom_url_is_https(const struct gs_snom_url *u);
bool gs_snom_url_is_http(const struct gs_snom_url *u);

/* Whether a web server cannot answer at this scheme and port: http on 443,
 * https on 80, either on the ports of SIP. */
bool gs_snom_url_contradicts(const struct gs_snom_url *u);

/* Appends the URL for a message: user, password and what may be a secret
 * key (13 or more letters and digits in a row in the path, longer than a
 * MAC; a UUID; the query) become "***". */
void gs_snom_url_put_masked(struct gs_buf *b, const struct gs_snom_url *u);

/* Adds each "scheme://host:port" in a text to a hash. */
uint64_t gs_snom_url_fronts(uint64_t h, struct gs_span s);

/* The kind of a host. */
enum gs_snom_url_host { GS_HOST_BAD, GS_HOST_NAME, GS_HOST_IPV4, GS_HOST_IPV6 };

/* A name (RFC 1123 section 2.1, and "_"), an IPv4 address, or an IPv6
 * address without brackets. */
enum gs_snom_url_host gs_snom_url_host_kind(struct gs_span s);

/* Whether two hosts are the same, however they are written: names without
 * regard to case and to a dot at the end, addresses in any of the forms of
 * inet_aton(3) and RFC 4291 section 2.2, either with percent signs. False if
 * one is no host. A name with letters beyond ASCII is not compared with its
 * form in DNS. */
bool gs_snom_url_same_host(struct gs_span a, struct gs_span b);

/* Whether a host has letters beyond ASCII, which phones cannot look up. */
bool gs_snom_url_is_wide(struct gs_span host);

/* Whether a host is the name of an SRV record of SIP (RFC 2782), such as
 * _sips._tcp.example.com: phones derive it from the domain themselves. */
bool gs_snom_url_is_srv(struct gs_span host);

/* The domain of such a name; any other host is unchanged. */
struct gs_span gs_snom_url_domain_of(struct gs_span host);

/* Appends a host as in a URL or a SIP URI: IPv6 in brackets. */
void gs_snom_url_host_put(struct gs_buf *b, struct gs_span host);

/* A SIP proxy or registrar in the phone's form:
 * [sip:]HOST[:PORT][;transport=NAME][;maddr=HOST]. */
struct gs_snom_proxy {
	struct gs_span prefix; /* "sip:" or "sips:", as written */
	struct gs_span host; /* without brackets; may be empty */
	unsigned port; /* 0: not given */
	bool port_bad;
	struct gs_span transport; /* trimmed; p is NULL if not given */
	struct gs_span maddr; /* where requests go instead (RFC 3261 section
			       * 19.1.1); p is NULL if not given */
	bool blank; /* a blank inside */
	bool comma; /* a list: the text after the first comma is ignored */
	bool odd_case; /* "Transport=" instead of "transport=" */
};

/* The next entry of a list of proxies, trimmed; *list moves past it, and empty
 * ones are skipped. Returns false at the end. */
bool gs_snom_proxy_next(struct gs_span *list, struct gs_span *one);

/* Splits s. Never fails; what it cannot read stays empty. */
void gs_snom_proxy_parse(struct gs_snom_proxy *p, struct gs_span s);

#endif
