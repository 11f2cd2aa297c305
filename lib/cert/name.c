/* SPDX-License-Identifier: MIT */
/* Names in certificates: host names, alternative names, subjects. */
#include "cert/name.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <stdio.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/diag.h"

enum { LABEL_MAX = 63 };

/* Why a label is invalid, or NULL. */
static const char *
label_fault(const char *p, size_t n)
{
	if (n == 0)
		return "it has two dots in a row, or one at an end";
	if (n > LABEL_MAX)
		return "a part is longer than 63 characters";
	if (p[0] == '-' || p[n - 1] == '-')
		return "a part begins or ends with a hyphen";
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)p[i] >= 0x80)
			return "it has letters beyond ASCII: "
			       "write it as DNS does (xn--...)";
		if (p[i] == '*')
			return "a wildcard cannot name a host";
		if (!gs_is_alnum(p[i]) && p[i] != '-')
			return "it may contain only letters, digits, hyphens "
			       "and dots";
	}
	return NULL;
}

static const char *
host_fault(const char *name)
{
	size_t n = strlen(name);
	const char *p = name, *fault = NULL;
	bool numeric = true;

	/* The files of a wildcard. */
	if (n > 2 && name[0] == '_' && name[1] == '.' &&
	    strchr(name + 2, '.') != NULL)
		p += 2;
	if (n == 0)
		return "it is empty";
	if (n > GS_HOST_MAX)
		return "it is longer than 253 characters";
	while (fault == NULL) {
		size_t k = strcspn(p, ".");
		fault = label_fault(p, k);
		numeric = true;
		for (size_t i = 0; i < k; i++)
			numeric = numeric && gs_is_digit(p[i]);
		if (p[k] == '\0')
			break;
		p += k + 1;
	}
	if (fault == NULL && numeric)
		return "its last part is a number; give an address as --san "
		       "ip:ADDRESS";
	return fault;
}

int
gs_cert_host_check(const char *name, struct gs_err *err)
{
	const char *fault = host_fault(name);

	if (fault == NULL)
		return 0;
	return gs_err_set(err, "the host name '%s' cannot be used: %s", name,
	    fault);
}

static int
add(struct gs_cert_sans *s, const struct gs_cert_san *san, struct gs_err *err)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->list[i].text, san->text) == 0)
			return 0;
	if (s->n == GS_SANS_MAX) {
		s->dropped++;
		return gs_err_set(err, "more than %d alternative names",
		    GS_SANS_MAX);
	}
	s->list[s->n++] = *san;
	return 0;
}

int
gs_cert_sans_add_dns(struct gs_cert_sans *s, const char *name,
    struct gs_err *err)
{
	struct gs_cert_san san = { .kind = GS_SAN_DNS };
	bool wild = (name[0] == '*' || name[0] == '_') && name[1] == '.';
	const char *rest = wild ? name + 2 : name;

	if (gs_cert_host_check(rest, err) == -1)
		return -1;
	int n = snprintf(san.text, sizeof(san.text), "dns:%s%s",
	    wild ? "*." : "", rest);
	if (n < 0 || (size_t)n >= sizeof(san.text))
		return gs_err_set(err, "'%s' is too long", name);
	for (char *p = san.text; *p != '\0'; p++)
		*p = gs_lower(*p);
	return add(s, &san, err);
}

int
gs_cert_sans_add_ip(struct gs_cert_sans *s, const uint8_t *ip, size_t n,
    struct gs_err *err)
{
	struct gs_cert_san san = { .kind = GS_SAN_IP, .ip_len = n };

	if (n != 4 && n != 16)
		return gs_err_set(err, "an address of %zu bytes", n);
	memcpy(san.ip, ip, n);
	memcpy(san.text, "ip:", 3);
	if (inet_ntop(n == 4 ? AF_INET : AF_INET6, ip, san.text + 3,
		(socklen_t)(sizeof(san.text) - 3)) == NULL)
		return gs_err_set(err, "an address cannot be written");
	return add(s, &san, err);
}

int
gs_cert_sans_add(struct gs_cert_sans *s, const char *text, struct gs_err *err)
{
	uint8_t ip[16];

	bool typed = strncasecmp(text, "ip:", 3) == 0;
	const char *address = typed ? text + 3 : text;

	if (strncasecmp(text, "dns:", 4) == 0)
		return gs_cert_sans_add_dns(s, text + 4, err);
	if (inet_pton(AF_INET, address, ip) == 1)
		return gs_cert_sans_add_ip(s, ip, 4, err);
	if (inet_pton(AF_INET6, address, ip) == 1)
		return gs_cert_sans_add_ip(s, ip, 16, err);
	if (!typed)
		return gs_cert_sans_add_dns(s, text, err);
	return gs_err_set(err, "'%s' is not an IPv4 or IPv6 address", address);
}

int
gs_cert_sans_add_all(struct gs_cert_sans *s, const struct gs_cert_sans *more,
    struct gs_err *err)
{
	for (size_t i = 0; more != NULL && i < more->n; i++)
		if (add(s, &more->list[i], err) == -1)
			return -1;
	return 0;
}

/* The special addresses of IANA's registry that are not global. */
static bool
is_special_v4(const uint8_t *p)
{
	static const struct {
		uint8_t net[4], bits;
	} nets[] = {
		{ { 0 }, 8 },
		{ { 10 }, 8 },
		{ { 100, 64 }, 10 },
		{ { 127 }, 8 },
		{ { 169, 254 }, 16 },
		{ { 172, 16 }, 12 },
		{ { 192, 0, 0 }, 24 },
		{ { 192, 0, 2 }, 24 },
		{ { 192, 168 }, 16 },
		{ { 198, 18 }, 15 },
		{ { 198, 51, 100 }, 24 },
		{ { 203, 0, 113 }, 24 },
		{ { 224 }, 3 },
	};
	uint32_t ip = gs_be32(p);

	for (size_t i = 0; i < sizeof(nets) / sizeof(*nets); i++)
		if ((ip ^ gs_be32(nets[i].net)) >> (32 - nets[i].bits) == 0)
			return true;
	return false;
}

bool
gs_cert_san_is_private(const struct gs_cert_san *san)
{
	const uint8_t *p = san->ip;

	if (san->kind == GS_SAN_DNS)
		return strchr(san->text, '.') == NULL;
	if (san->ip_len == 4)
		return is_special_v4(p);
	/* Global unicast is 2000::/3, without protocols' own and examples. */
	return (p[0] & 0xe0) != 0x20 ||
	    (p[0] == 0x20 && p[1] == 0x01 && (p[2] & 0xfe) == 0) ||
	    (p[0] == 0x20 && p[1] == 0x01 && p[2] == 0x0d && p[3] == 0xb8);
}

const char *
gs_cert_san_name(const struct gs_cert_san *san)
{
	return san->text + (san->kind == GS_SAN_DNS ? 4 : 3);
}

bool
gs_cert_sans_cover(const struct gs_cert_sans *s, const struct gs_cert_san *san)
{
	const char *dot = strchr(san->text, '.');

	for (size_t i = 0; i < s->n; i++) {
		const char *have = s->list[i].text;
		if (strcmp(have, san->text) == 0)
			return true;
		/* No client accepts a wildcard for a whole top-level
		 * domain. */
		if (san->kind == GS_SAN_DNS && dot != NULL &&
		    strncmp(have, "dns:*.", 6) == 0 &&
		    strchr(have + 6, '.') != NULL && strcmp(have + 5, dot) == 0)
			return true;
	}
	return false;
}

const char *
gs_cert_sans_missing(const struct gs_cert_sans *s,
    const struct gs_cert_sans *want)
{
	for (size_t i = 0; want != NULL && i < want->n; i++)
		if (!gs_cert_sans_cover(s, &want->list[i]))
			return want->list[i].text;
	return NULL;
}

bool
gs_cert_sans_wild(const struct gs_cert_sans *s, const struct gs_cert_san *san)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->list[i].text, san->text) == 0)
			return strncmp(san->text, "dns:*", 5) == 0;
	return gs_cert_sans_cover(s, san);
}

/* The attribute's type, up to "=". */
static int
dn_type(const char **text, struct gs_cert_attr *a, struct gs_err *err)
{
	const char *p = *text + strspn(*text, " ");
	size_t n = strcspn(p, "=,+;");
	size_t end = n;

	if (p[n] != '=')
		return gs_err_set(err,
		    "the subject requires TYPE=VALUE at '%s'", p);
	while (end > 0 && p[end - 1] == ' ')
		end--;
	if (end == 0 || end >= sizeof(a->type))
		return gs_err_set(err, "the subject has no type at '%s'", p);
	for (size_t i = 0; i < end; i++)
		if (!gs_is_alnum(p[i]) && p[i] != '.' && p[i] != '-')
			return gs_err_set(err,
			    "'%.*s' is not a type of attribute in a subject",
			    (int)end, p);
	memcpy(a->type, p, end);
	a->type[end] = '\0';
	*text = p + n + 1;
	return 0;
}

/* The text after a backslash, RFC 4514 section 2.4. Returns the number of
 * characters used, 0 if it is not an escape. */
static size_t
dn_escape(const char *p, char *c)
{
	int hi = gs_hex_value(p[0]);
	int lo = hi < 0 ? -1 : gs_hex_value(p[1]);

	if (lo >= 0) {
		*c = (char)(hi << 4 | lo);
		return 2;
	}
	if (p[0] == '\0' || strchr(" \"#+,;<=>\\", p[0]) == NULL)
		return 0;
	*c = p[0];
	return 1;
}

struct dn_value {
	char *to;
	size_t n;
	size_t keep; /* trailing blanks before here were escaped */
};

static int
dn_put(struct dn_value *v, char c, bool keep, struct gs_err *err)
{
	if (c == '\0')
		return gs_err_set(err, "the subject contains a NUL character");
	if (v->n == GS_DN_VALUE_MAX)
		return gs_err_set(err,
		    "a value in the subject is longer than %d bytes",
		    GS_DN_VALUE_MAX);
	v->to[v->n++] = c;
	if (keep)
		v->keep = v->n;
	return 0;
}

static int
dn_value(const char **text, struct dn_value *v, struct gs_err *err)
{
	const char *p = *text + strspn(*text, " ");
	bool quoted = *p == '"';

	if (*p == '#')
		return gs_err_set(err,
		    "the subject has a value in hexadecimal BER (#...), which "
		    "is not supported: write it as text");
	if (quoted)
		p++;
	while (*p != '\0' && (quoted ? *p != '"' : strchr(",;+", *p) == NULL)) {
		char c = *p;
		size_t took = 1;
		bool escaped = c == '\\';
		if (escaped && (took = 1 + dn_escape(p + 1, &c)) == 1)
			return gs_err_set(err,
			    "invalid escape in the subject at '%s'", p);
		if (dn_put(v, c, escaped || quoted || c != ' ', err) == -1)
			return -1;
		p += took;
	}
	if (quoted && *p++ != '"')
		return gs_err_set(err, "the subject has an unclosed quote");
	v->n = v->keep;
	v->to[v->n] = '\0';
	*text = p + strspn(p, " ");
	return 0;
}

static bool
is_utf8(const char *text)
{
	struct gs_span s = gs_span_of(text);
	uint32_t cp;

	while (s.n > 0) {
		size_t n = gs_utf8_length(s, &cp);
		if (n == 0)
			return false;
		s.p += n;
		s.n -= n;
	}
	return true;
}

static int
dn_attr(const char **text, struct gs_cert_attr *a, struct gs_err *err)
{
	struct dn_value v = { .to = a->value };
	struct gs_span type;

	if (dn_type(text, a, err) == -1 || dn_value(text, &v, err) == -1)
		return -1;
	if (!is_utf8(a->value))
		return gs_err_set(err, "%s in the subject is not UTF-8",
		    a->type);
	type = gs_span_of(a->type);
	if (gs_span_eqcase(type, GS_LIT("CN")) ||
	    gs_span_eq(type, GS_LIT("2.5.4.3")))
		return gs_err_set(err,
		    "omit CN from the subject: it is always the host name");
	return 0;
}

int
gs_cert_dn_parse(struct gs_cert_dn *dn, const char *text, struct gs_err *err)
{
	bool joined = false;

	dn->n = 0;
	while (*text != '\0') {
		struct gs_cert_attr a = { .joined = joined };
		if (dn_attr(&text, &a, err) == -1)
			return -1;
		if (*text != '\0' && strchr(",;+", *text) == NULL)
			return gs_err_set(err,
			    "a comma is missing in the subject at '%s'", text);
		joined = *text == '+';
		if (*text != '\0' && *++text == '\0')
			return gs_err_set(err,
			    "the subject ends with a separator");
		if (a.value[0] == '\0') {
			joined = joined && a.joined;
			continue;
		}
		if (dn->n == GS_DN_MAX)
			return gs_err_set(err,
			    "the subject has more than %d attributes",
			    GS_DN_MAX);
		dn->attr[dn->n++] = a;
	}
	return 0;
}
