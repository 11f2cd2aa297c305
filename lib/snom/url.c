/* SPDX-License-Identifier: MIT */
/* URLs and hosts as phones and PBXs write them. */
#include "snom/url.h"

#include <arpa/inet.h>

#include <ctype.h>

#include "base/bytes.h"

enum { LONGEST_HOST = 253, SECRET_LENGTH = 13 };

/* Removes n bytes from the beginning of s, and returns them. */
static struct gs_span
take(struct gs_span *s, size_t n)
{
	struct gs_span head = gs_span(s->p, n);

	/* An empty span may have no address to add to. */
	if (n > 0)
		*s = gs_span(s->p + n, s->n - n);
	return head;
}

static int
read_port(struct gs_span s, unsigned *port)
{
	uint64_t v;

	if (gs_span_u64(s, &v) == -1 || v < 1 || v > 65535)
		return -1;
	*port = (unsigned)v;
	return 0;
}

/* "[v6]:port", "host:port" or "host". Returns what is wrong, or NULL. */
static const char *
split_host(struct gs_span s, struct gs_span *host, unsigned *port,
    bool *bracketed)
{
	const char *close = gs_span_chr(s, ']');

	*port = 0;
	*bracketed = s.n > 0 && s.p[0] == '[';
	if (*bracketed) {
		if (close == NULL)
			return "\"[\" without \"]\"";
		(void)take(&s, 1);
		*host = take(&s, (size_t)(close - s.p));
		(void)take(&s, 1);
	} else {
		*host = take(&s, gs_span_find(s, GS_LIT(":")));
		if (s.n > 0 && gs_span_chr(gs_span_skip(s, 1), ':') != NULL)
			return "an IPv6 address must be in brackets";
	}
	if (s.n == 0)
		return NULL;
	(void)take(&s, 1);
	return read_port(s, port) == -1 ? "the port is not 1 to 65535" : NULL;
}

static bool
has_blank(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((uint8_t)s.p[i] <= ' ' || s.p[i] == 127 || s.p[i] == '"')
			return true;
	return false;
}

bool
gs_snom_url_is_scheme_byte(int c)
{
	return gs_is_alnum(c) || c == '+' || c == '-' || c == '.';
}

static bool
is_scheme(struct gs_span s)
{
	return s.n > 0 && gs_is_alpha(s.p[0]) &&
	    gs_span_while(s, gs_snom_url_is_scheme_byte) == s.n;
}

static const char *
last_at(struct gs_span s)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == '@')
			return s.p + i - 1;
	return NULL;
}

int
gs_snom_url_parse(struct gs_snom_url *u, struct gs_span s, struct gs_err *err)
{
	*u = (struct gs_snom_url){ .text = s };
	size_t at = gs_span_find(s, GS_LIT("://"));
	if (at == s.n || !is_scheme(gs_span(s.p, at)))
		return gs_err_set(err, "no \"://\" after a scheme");
	if (has_blank(s))
		return gs_err_set(err, "a blank, quote or control byte");
	u->scheme = take(&s, at);
	(void)take(&s, 3);
	size_t n = 0;
	while (n < s.n && memchr("/?#", s.p[n], 3) == NULL)
		n++;
	u->authority = take(&s, n);
	u->rest = s;
	struct gs_span hostport = u->authority;
	/* The last one: the text before it may contain others, unescaped. */
	const char *where = last_at(hostport);
	if (where != NULL) {
		u->userinfo = take(&hostport, (size_t)(where - hostport.p));
		(void)take(&hostport, 1);
	}
	const char *why =
	    split_host(hostport, &u->host, &u->port, &u->bracketed);
	if (why == NULL && u->host.n == 0)
		why = "the host is empty";
	/* Some read it as "/": two readers would see two hosts. */
	if (why == NULL && gs_span_chr(u->authority, '\\') != NULL)
		why = "a backslash before the path";
	if (why == NULL && gs_snom_url_is_wide(u->host))
		why = "letters beyond ASCII in the host: write it as in DNS "
		      "(xn--...)";
	if (why == NULL && u->bracketed &&
	    gs_snom_url_host_kind(u->host) != GS_HOST_IPV6)
		why = "no IPv6 address in the brackets";
	return why == NULL ? 0 : gs_err_set(err, "%s", why);
}

bool
gs_snom_url_is_https(const struct gs_snom_url *u)
{
	return gs_span_eqcase(u->scheme, GS_LIT("https"));
}

bool
gs_snom_url_is_http(const struct gs_snom_url *u)
{
	return gs_span_eqcase(u->scheme, GS_LIT("http"));
}

bool
gs_snom_url_contradicts(const struct gs_snom_url *u)
{
	bool http = gs_snom_url_is_http(u), https = gs_snom_url_is_https(u);

	return (http && u->port == 443) || (https && u->port == 80) ||
	    ((http || https) && (u->port == 5060 || u->port == 5061));
}

/* The number of letters and digits in a row; *digit: one of them is a
 * digit. */
static size_t
word_run(struct gs_span s, bool *digit)
{
	size_t n = 0;

	for (*digit = false; n < s.n && isalnum((unsigned char)s.p[n]); n++)
		*digit = *digit || isdigit((unsigned char)s.p[n]);
	return n;
}

/* The length of a UUID-like token at the start of s: three or more groups
 * of hexadecimal digits; 0 when there is none. */
static size_t
groups_run(struct gs_span s)
{
	size_t end = 0, digits = 0, groups = 0;

	for (size_t at = 0; at <= s.n; at = end + 1) {
		size_t n = gs_span_while(gs_span_skip(s, at), gs_is_hex);
		if (n == 0 ||
		    (at + n < s.n && isalnum((unsigned char)s.p[at + n])))
			break;
		end = at + n;
		digits += n;
		groups++;
		if (end == s.n || s.p[end] != '-')
			break;
	}
	return groups >= 3 && digits >= SECRET_LENGTH ? end : 0;
}

void
gs_snom_url_put_masked(struct gs_buf *b, const struct gs_snom_url *u)
{
	struct gs_span s = u->rest;

	gs_buf_put(b, u->scheme.p, u->scheme.n);
	gs_buf_puts(b, u->userinfo.p != NULL ? "://***@" : "://");
	struct gs_span host = u->authority;
	if (u->userinfo.p != NULL)
		(void)take(&host, u->userinfo.n + 1);
	gs_buf_put(b, host.p, host.n);
	while (s.n > 0) {
		bool digit;
		size_t n = word_run(s, &digit), groups = groups_run(s);
		if (groups > 0 || (n >= SECRET_LENGTH && digit)) {
			gs_buf_puts(b, "***");
			(void)take(&s, groups > 0 ? groups : n);
		} else if (s.p[0] == '?') {
			gs_buf_puts(b, "?***");
			break;
		} else {
			n = n > 0 ? n : 1;
			gs_buf_put(b, s.p, n);
			(void)take(&s, n);
		}
	}
}

uint64_t
gs_snom_url_fronts(uint64_t h, struct gs_span s)
{
	size_t at;

	if (s.n == 0 || memchr(s.p, ':', s.n) == NULL)
		return h;
	while ((at = gs_span_find(s, GS_LIT("://"))) != s.n) {
		size_t from = at, to = at + 3;
		while (from > 0 && isalnum((unsigned char)s.p[from - 1]))
			from--;
		while (to < s.n && memchr("/ ?#", s.p[to], 4) == NULL)
			to++;
		h = gs_hash_add(h,
		    gs_span_hash(gs_span(s.p + from, to - from)));
		s = gs_span_skip(s, to);
	}
	return h;
}

enum gs_snom_url_host
gs_snom_url_host_kind(struct gs_span s)
{
	char text[LONGEST_HOST + 1];
	unsigned char address[16];

	if (s.n == 0 || s.n > LONGEST_HOST || memchr(s.p, '\0', s.n) != NULL)
		return GS_HOST_BAD;
	if (memchr(s.p, ':', s.n) != NULL || isdigit((unsigned char)s.p[0])) {
		memcpy(text, s.p, s.n);
		text[s.n] = '\0';
		if (inet_pton(AF_INET, text, address) == 1)
			return GS_HOST_IPV4;
		if (inet_pton(AF_INET6, text, address) == 1)
			return GS_HOST_IPV6;
	}
	bool letter = false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool edge = i == 0 || s.p[i - 1] == '.' || i + 1 == s.n;
		if (c >= 128 ||
		    !(isalnum(c) || c == '_' || (c == '-' && !edge) ||
			(c == '.' && i > 0 && s.p[i - 1] != '.')))
			return GS_HOST_BAD;
		letter = letter || isalpha(c) || c == '_';
	}
	/* Digits and dots only is a mistyped address. */
	return letter ? GS_HOST_NAME : GS_HOST_BAD;
}

/* A host in the form in which hosts are compared. */
struct place {
	char name[LONGEST_HOST + 1]; /* empty for an address */
	struct in6_addr address; /* of IPv4 mapped to IPv6 */
};

/* Removes the percent signs (RFC 3986 section 3.2.2) and the dot of the root
 * (RFC 1034 section 3.1). Returns false if it is not a host. */
static bool
spell_out(struct gs_span s, char name[LONGEST_HOST + 1])
{
	size_t n = 0;

	while (s.n > 0 && n < LONGEST_HOST) {
		bool coded = s.p[0] == '%';
		int byte = !coded ? (unsigned char)s.p[0] :
		    s.n < 3       ? -1 :
				    gs_hex_number(s.p + 1, 2);
		if (byte <= ' ')
			return false;
		name[n++] = (char)byte;
		(void)take(&s, coded ? 3 : 1);
	}
	n -= n > 1 && name[n - 1] == '.';
	name[n] = '\0';
	return n > 0 && s.n == 0;
}

static bool
read_place(struct place *p, struct gs_span s)
{
	struct in_addr v4;

	*p = (struct place){ .name = "" };
	if (!spell_out(s, p->name))
		return false;
	bool is_v4 = inet_aton(p->name, &v4) != 0;
	if (is_v4) {
		memset(p->address.s6_addr + 10, 0xff, 2);
		memcpy(p->address.s6_addr + 12, &v4.s_addr, 4);
	}
	if (is_v4 || inet_pton(AF_INET6, p->name, &p->address) == 1)
		p->name[0] = '\0';
	return true;
}

bool
gs_snom_url_same_host(struct gs_span a, struct gs_span b)
{
	struct place first, second;

	return read_place(&first, a) && read_place(&second, b) &&
	    gs_span_eqcase(gs_span_of(first.name), gs_span_of(second.name)) &&
	    memcmp(&first.address, &second.address, sizeof(first.address)) == 0;
}

bool
gs_snom_url_is_wide(struct gs_span host)
{
	char name[LONGEST_HOST + 1];

	return !gs_span_is_ascii(host) ||
	    (gs_span_chr(host, '%') != NULL && spell_out(host, name) &&
		!gs_span_is_ascii(gs_span_of(name)));
}

bool
gs_snom_url_is_srv(struct gs_span host)
{
	size_t at = gs_span_find(host, GS_LIT("._"));

	return host.n > 4 && at < host.n &&
	    gs_span_eqcase(gs_span(host.p, 4), GS_LIT("_sip"));
}

struct gs_span
gs_snom_url_domain_of(struct gs_span host)
{
	if (gs_snom_url_is_srv(host)) {
		size_t at = gs_span_find(host, GS_LIT("._"));
		struct gs_span rest = gs_span(host.p + at + 1, host.n - at - 1);
		const char *dot = gs_span_chr(rest, '.');
		if (dot == NULL)
			return host;
		host = gs_span_skip(rest, (size_t)(dot + 1 - rest.p));
	}
	return host;
}

void
gs_snom_url_host_put(struct gs_buf *b, struct gs_span host)
{
	bool v6 = gs_span_chr(host, ':') != NULL;

	if (v6)
		gs_buf_putc(b, '[');
	gs_buf_put(b, host.p, host.n);
	if (v6)
		gs_buf_putc(b, ']');
}

static void
take_prefix(struct gs_snom_proxy *p, struct gs_span *s)
{
	static const struct gs_span prefixes[] = { { "sip:", 4 },
		{ "sips:", 5 } };

	for (size_t i = 0; i < 2; i++)
		if (gs_span_begins(*s, prefixes[i])) {
			p->prefix = take(s, prefixes[i].n);
			return;
		}
}

bool
gs_snom_proxy_next(struct gs_span *list, struct gs_span *one)
{
	while (list->n > 0) {
		*one = gs_span_trim(gs_span_until(list, ','));
		if (one->n > 0)
			return true;
	}
	return false;
}

/* A parameter's value. If it appears twice, it is the text of both, which is
 * no value that a phone knows. */
static struct gs_span
value_of(struct gs_span before, struct gs_span value)
{
	return before.p == NULL ?
	    value :
	    gs_span(before.p, (size_t)(value.p - before.p) + value.n);
}

/* Whether one is maddr=HOST, with percent signs or not, and the host. */
static bool
read_maddr(struct gs_span one, struct gs_span *host)
{
	char name[LONGEST_HOST + 1];
	struct gs_span key = gs_span_trim(gs_span_until(&one, '='));

	*host = gs_span_trim(one);
	if (host->n > 2 && host->p[0] == '[' && host->p[host->n - 1] == ']')
		*host = gs_span(host->p + 1, host->n - 2);
	return spell_out(key, name) &&
	    gs_span_eqcase(gs_span_of(name), GS_LIT("maddr"));
}

void
gs_snom_proxy_parse(struct gs_snom_proxy *p, struct gs_span s)
{
	bool bracketed;
	struct gs_span name = GS_LIT("transport=");

	*p = (struct gs_snom_proxy){ .prefix = { NULL, 0 } };
	s = gs_span_trim(s);
	p->blank = has_blank(s);
	take_prefix(p, &s);
	p->comma = gs_span_chr(s, ',') != NULL;
	s = gs_span_until(&s, ',');
	struct gs_span host = gs_span_trim(gs_span_until(&s, ';'));
	p->port_bad = split_host(host, &p->host, &p->port, &bracketed) != NULL;
	p->host = gs_span_trim(p->host);
	while (s.n > 0) {
		struct gs_span one = gs_span_trim(gs_span_until(&s, ';'));
		struct gs_span other;
		if (read_maddr(one, &other))
			p->maddr = value_of(p->maddr, other);
		if (!gs_span_begins(one, name))
			continue;
		p->transport = value_of(p->transport,
		    gs_span_trim(gs_span_skip(one, name.n)));
		p->odd_case = p->odd_case || !gs_span_starts(one, name);
	}
}
