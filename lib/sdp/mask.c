/* SPDX-License-Identifier: MIT */
/* Overwrites the secrets of SDP in any text. */
#include "sdp/mask.h"

#include "base/bytes.h"
#include "base/xml.h"
#include "sdp/words_priv.h"

/* The fewest characters of a run that may be a key, and of a long one; the most
 * octets of a nested escape. */
enum { RUN = 8, LONG_RUN = 20, ESCAPES = 8 };

/* The line being masked. */
struct masker {
	char *p;
	size_t n;
};

/* Whether word, given in lower case, is at i, in any case. */
static bool
stands_at(const struct masker *m, size_t i, struct gs_span word)
{
	if (m->n - i < word.n)
		return false;
	for (size_t k = 0; k < word.n; k++)
		if (gs_lower(m->p[i + k]) != word.p[k])
			return false;
	return true;
}

static bool
ends_token(char c)
{
	return c == '|' || c == ';' || c == ']' || c == '"' || c == '\'' ||
	    c == ' ' || c == '\t' || c == '\r' || c == '\0';
}

/* Masks the key from i. After "|", only the characters of a lifetime and an
 * MKI stay. Returns the token's end. */
static size_t
mask_key(struct masker *m, size_t i)
{
	while (i < m->n && !ends_token(m->p[i]))
		m->p[i++] = '*';
	if (i >= m->n || m->p[i] != '|')
		return i;
	for (; i < m->n; i++) {
		char c = m->p[i];
		if (c == '|' || c == '^' || c == ':' || (c >= '0' && c <= '9'))
			continue;
		if (ends_token(c))
			break;
		m->p[i] = '*';
	}
	return i;
}

static void
mask_from(struct masker *m, size_t i)
{
	for (; i < m->n; i++)
		if (m->p[i] != '\r')
			m->p[i] = '*';
}

/* Masks after "k=METHOD:" or "a=key-mgmt:METHOD ". */
static void
mask_value(struct masker *m, size_t i, char end)
{
	size_t method = i;

	while (method < m->n && method - i < 8 && m->p[method] != end)
		method++;
	if (method < m->n && m->p[method] == end)
		i = method + 1;
	mask_from(m, i);
}

/* A character of base64 (RFC 4648) in either alphabet, and so any hexadecimal
 * digit. */
static bool
is_base64(char c)
{
	return gs_is_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_' ||
	    c == '=';
}

/* Whether s has this form: 0 is a digit, x a hexadecimal digit, any other
 * character itself. */
static bool
has_form(struct gs_span s, const char *form)
{
	for (size_t i = 0; i < s.n; i++, form++)
		if (*form == '0'     ? !gs_is_digit(s.p[i]) :
			*form == 'x' ? gs_hex_value(s.p[i]) < 0 :
				       s.p[i] != *form)
			return false;
	return *form == '\0';
}

/* ---- runs of characters that a key may be made of */

/* The value of n hexadecimal digits at i, or -1. */
static int
hex_at(const struct masker *m, size_t i, size_t n)
{
	return m->n - i < n ? -1 : gs_hex_number(m->p + i, n);
}

/* The length of the escape at i that stands for a character of a key, or 0: in
 * URLs (%2B, %252B), JSON and C (\/, \u002b, \x2b), HTML (&#43;, &plus;). */
static size_t
escape_at(const struct masker *m, size_t i)
{
	size_t at = i + 1;
	int v = -1;

	if (m->p[i] == '&') {
		uint32_t cp = 0;
		size_t n = gs_xml_get(gs_span(m->p + i, m->n - i), &cp);

		return n > 0 && cp < 128 && is_base64((char)cp) ? n : 0;
	}
	if (m->p[i] == '\\') {
		while (at < m->n && at - i < ESCAPES && m->p[at] == '\\')
			at++;
		if (at < m->n && m->p[at] == '/')
			return at + 1 - i;
		size_t digits = at < m->n && m->p[at] == 'u' ? 4 :
		    at < m->n && m->p[at] == 'x'             ? 2 :
							       0;
		v = digits > 0 ? hex_at(m, at + 1, digits) : -1;
		at += 1 + digits;
	} else if (m->p[i] == '%') {
		while (m->n - at > 2 && at - i < ESCAPES && m->p[at] == '2' &&
		    m->p[at + 1] == '5')
			at += 2;
		v = hex_at(m, at, 2);
		at += 2;
	}
	return v > 0 && v < 128 && is_base64((char)v) ? at - i : 0;
}

/* Whether this is the fraction of a second and the time zone after 12:34:56. */
static bool
is_fraction(const struct masker *m, size_t from, size_t to)
{
	size_t i = from;

	if (from < 9 || (m->p[from - 1] != '.' && m->p[from - 1] != ',') ||
	    !has_form(gs_span(m->p + from - 9, 8), "00:00:00"))
		return false;
	while (i < to && i - from < 9 && gs_is_digit(m->p[i]))
		i++;
	struct gs_span zone = gs_span(m->p + i, to - i);
	return zone.n == 0 || has_form(zone, "Z") || has_form(zone, "+00") ||
	    has_form(zone, "-00") || has_form(zone, "+0000") ||
	    has_form(zone, "-0000");
}

/* Whether s consists of known words and short numbers, separated by anything
 * but letters and digits, or is a line of dashes. */
static bool
is_words(struct gs_span s)
{
	bool any = false, word = false;

	for (size_t i = 0, from = 0; i <= s.n; i++) {
		if (i < s.n && gs_is_alnum(s.p[i]))
			continue;
		struct gs_span w = gs_span(s.p + from, i - from);
		const size_t digits = gs_span_while(w, gs_is_digit);
		from = i + 1;
		if (w.n == 0)
			continue;
		any = true;
		if (gs_sdp_word_is_known(w))
			word |= w.n > 3;
		else if (digits < w.n || digits > 6)
			return false;
	}
	return word || !any;
}

/* Whether a long text is certainly not a key. */
static bool
is_harmless(const struct masker *m, size_t from, size_t to)
{
	struct gs_span s = gs_span(m->p + from, to - from);

	return is_words(s) || is_fraction(m, from, to) ||
	    has_form(s, "0000-00-00") || has_form(s, "0000-00-00T00") ||
	    has_form(s, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

/* Masks each run of at least least characters from i. */
static void
mask_runs(struct masker *m, size_t i, size_t least)
{
	while (i < m->n) {
		size_t from = i, count = 0, n;
		while (i < m->n &&
		    (n = is_base64(m->p[i]) ? 1 : escape_at(m, i)) > 0) {
			i += n;
			count++;
		}
		if (count >= least &&
		    (count != i - from || !is_harmless(m, from, i)))
			memset(m->p + from, '*', i - from);
		i += i == from;
	}
}

/* Groups of width hexadecimal digits. */
struct groups {
	size_t width, n;
	size_t end;
	char between;
	bool letter; /* not only decimal digits */
};

static struct groups
groups_at(const struct masker *m, size_t i)
{
	struct groups g = { .end = i };

	while (i + g.width < m->n && gs_hex_value(m->p[i + g.width]) >= 0)
		g.width++;
	while (g.width > 0 && hex_at(m, i, g.width) != -1) {
		for (size_t k = i; k < i + g.width; k++)
			g.letter |= gs_is_alpha(m->p[k]);
		g.n++;
		g.end = i + g.width;
		if (g.end >= m->n || (g.n > 1 && m->p[g.end] != g.between))
			break;
		g.between = m->p[g.end];
		i = g.end + 1;
	}
	return g;
}

/* Masks octets separated by ":", and dumps: groups separated by a blank,
 * except for a few decimal numbers. */
static void
mask_groups(struct masker *m)
{
	for (size_t i = 0; i < m->n; i++) {
		if (gs_hex_value(m->p[i]) < 0 ||
		    (i > 0 && gs_is_alpha(m->p[i - 1])))
			continue;
		struct groups g = groups_at(m, i);
		bool octets = g.width == 2 && g.between == ':';
		bool dump = (g.width == 2 || g.width == 4) &&
		    g.between == ' ' && (g.letter || g.n >= 8);
		if (g.n >= 4 && (octets || dump))
			memset(m->p + i, '*', g.end - i);
		i = g.n >= 4 ? g.end : i + g.width;
	}
}

/* ---- lines */

/* Whether a line of the SDP may begin at i, inside a line of a log. */
static bool
may_begin(const struct masker *m, size_t i)
{
	return i == 0 || m->p[i - 1] == ' ' || m->p[i - 1] == '\t';
}

/* Masks the keys that are marked as such. */
static void
mask_marked(struct masker *m)
{
	for (size_t i = 0; i < m->n; i++) {
		char c = gs_lower(m->p[i]);
		if (c == 'i' && stands_at(m, i, GS_LIT("inline:"))) {
			i = mask_key(m, i + 7) - 1;
		} else if (c == 'k' && stands_at(m, i, GS_LIT("key-mgmt:"))) {
			mask_value(m, i + 9, ' ');
			return;
		} else if (c == 'k' && stands_at(m, i, GS_LIT("k=")) &&
		    may_begin(m, i)) {
			mask_value(m, i + 2, ':');
			return;
		}
	}
}

/* The offset of word (in lower case), or m->n. */
static size_t
find(const struct masker *m, struct gs_span word)
{
	size_t i = 0;

	while (i < m->n && !stands_at(m, i, word))
		i++;
	return i;
}

static bool
consists_of(struct gs_span s, const char *characters)
{
	for (size_t i = 0; i < s.n; i++)
		if (memchr(characters, s.p[i], strlen(characters)) == NULL)
			return false;
	return true;
}

/* Whether s is NAME or NAME:VALUE. Most names are in lower case. */
static bool
is_attribute(struct gs_span s)
{
	size_t n = gs_span_find(s, GS_LIT(":"));

	if (gs_span_starts(s, GS_LIT("T38")) ||
	    gs_span_starts(s, GS_LIT("X-")) ||
	    gs_span_starts(s, GS_LIT("silenceSupp:")))
		return true;
	return n > 0 &&
	    (n < RUN ||
		consists_of(gs_span(s.p, n), "abcdefghijklmnopqrstuvwxyz-_.#"));
}

/* Whether s is exactly one line of an SDP (RFC 8866). */
static bool
is_field(struct gs_span s)
{
	if (s.n < 2 || s.p[1] != '=')
		return false;
	struct gs_span v = gs_span_skip(s, 2);
	if (gs_span_has(v, GS_LIT("%0")) || gs_span_has(v, GS_LIT("\\u0")))
		return false;
	switch (s.p[0]) {
	case 'v':
	case 't':
	case 'r':
	case 'z': return consists_of(v, "0123456789 -dhms");
	case 'o': return gs_span_has(v, GS_LIT(" IN IP"));
	case 'c': return gs_span_starts(v, GS_LIT("IN IP"));
	case 'a': return is_attribute(v);
	case 's':
	case 'i':
	case 'u':
	case 'e':
	case 'p':
	case 'b':
	case 'm':
	case 'k': return true;
	default: return false;
	}
}

/* The suite before the key may be unknown: it has "_" and no lower case
 * letters, unlike a key. Returns its end, or from. */
static size_t
skip_suite(const struct masker *m, size_t from, size_t key)
{
	size_t end = key, begin, n = 0;

	while (end > from && m->p[end - 1] == ' ')
		end--;
	for (begin = end; begin > from && m->p[begin - 1] != ' '; begin--)
		n += m->p[begin - 1] == '_';
	return n > 0 &&
		consists_of(gs_span(m->p + begin, end - begin),
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ?
	    end :
	    from;
}

/* Masks what follows the names of keys in a line of an SDP. */
static void
mask_field(struct masker *m)
{
	size_t crypto = find(m, GS_LIT("crypto"));
	size_t key = find(m, GS_LIT("inline:"));

	mask_marked(m);
	if (crypto < m->n)
		mask_runs(m, key < m->n ? skip_suite(m, crypto, key) : crypto,
		    RUN);
	else if (m->p[0] == 'm' || m->p[0] == 'b')
		mask_runs(m, 2, RUN);
	else
		mask_runs(m, find(m, GS_LIT("key")), LONG_RUN);
}

/* Masks one line, without its end. */
static void
mask_line(struct masker *m)
{
	if (is_field(gs_span(m->p, m->n))) {
		mask_field(m);
		return;
	}
	mask_marked(m);
	mask_runs(m, m->n > 2 && m->p[1] == '=' ? 2 : 0, RUN);
	mask_groups(m);
}

/* Whether a line ends at i; *n is the length of its end, also as escaped in
 * syslog and JSON. */
static bool
ends_line(const char *text, size_t size, size_t i, size_t *n)
{
	struct gs_span s = gs_span(text + i, size - i);

	*n = s.n == 0 || s.p[0] == '\n' || s.p[0] == '\r' ? 1 :
	    gs_span_starts(s, GS_LIT("#012")) ||
		gs_span_starts(s, GS_LIT("#015")) ?
							    4 :
	    gs_span_starts(s, GS_LIT("\\r\\n")) ? 4 :
	    gs_span_starts(s, GS_LIT("\\n"))    ? 2 :
						  0;
	return *n > 0;
}

void
gs_sdp_sdes_mask(char *text, size_t n)
{
	for (size_t i = 0, from = 0, end; i <= n; i++) {
		if (!ends_line(text, n, i, &end))
			continue;
		struct masker m = { text + from, i - from };
		mask_line(&m);
		from = i + end;
		i = from - 1;
	}
}

struct gs_span
gs_sdp_sdes_shown(struct gs_span word, char *to, size_t size)
{
	struct masker m = { to, word.n < size ? word.n : size };

	if (m.n > 0)
		memcpy(to, word.p, m.n);
	if (m.n >= RUN)
		mask_runs(&m, 0, RUN);
	return gs_span(to, m.n);
}

struct gs_sdp_sdes_word
gs_sdp_sdes_word(struct gs_span word)
{
	struct gs_sdp_sdes_word w;
	struct gs_span s = gs_sdp_sdes_shown(word, w.text, sizeof(w.text) - 1);

	w.text[s.n] = '\0';
	return w;
}

void
gs_sdp_sdes_mask_word(char *text, size_t n, struct gs_span secret)
{
	size_t at = 0;

	if (secret.n == 0)
		return;
	while ((at += gs_span_find(gs_span(text + at, n - at), secret)) < n) {
		memset(text + at, '*', secret.n);
		at += secret.n;
	}
}
