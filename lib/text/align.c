/* SPDX-License-Identifier: MIT */
/* What other programs put before and after the lines of an SDP or a SIP
 * message. It is found by the text that it surrounds, and followed from line
 * to line. */
#include "text/align_priv.h"

#include <ctype.h>

#include "base/bytes.h"
#include "text/textline_priv.h"

enum { KEY_LEAST = 16, WORD = 3 };

/* In a shape, stands for a word, or for all that is in a pair of brackets, that
 * changes from line to line. */
enum { ANY = 1 };

/* ---- shapes */

void
gs_text_shape_set(struct text_shape *p, struct gs_span s)
{
	p->n = s.n < sizeof(p->text) ? s.n : 0;
	if (p->n > 0)
		memcpy(p->text, s.p, p->n);
}

/* A UUID, such as 11111111-aaaa-4bbb-8ccc-dddddddddd01, at s.p[0]. */
bool
gs_text_is_uuid(struct gs_span s)
{
	unsigned digits = 0;

	if (s.n < TEXT_UUID || s.p[8] != '-' || s.p[13] != '-' ||
	    s.p[18] != '-' || s.p[23] != '-')
		return false;
	for (size_t i = 0; i < TEXT_UUID; i++)
		digits += isxdigit((unsigned char)s.p[i]) != 0;
	return digits == TEXT_UUID - 4;
}

/* Whether s is the name of a month or a day, which may change as numbers do. */
static bool
is_time_word(struct gs_span s)
{
	static const char words[] = "JanFebMarAprMayJunJulAugSepOctNovDec"
				    "MonTueWedThuFriSatSun";

	for (size_t i = 0; s.n == WORD && i < sizeof(words) - 1; i += WORD)
		if (memcmp(words + i, s.p, WORD) == 0)
			return true;
	return false;
}

/* Whether NAME[12] is at at, a process: its number stays the same. */
static bool
is_process(const struct text_shape *p, size_t at)
{
	return at >= 2 && p->text[at - 1] == '[' &&
	    gs_is_alnum(p->text[at - 2]);
}

static bool
is_separator(int c)
{
	return c == ':' || c == '-';
}

/* The length of the part that ANY stands for, at the beginning of s, after the
 * character before: what brackets contain, or a word. */
static size_t
any_of(char before, struct gs_span s)
{
	static const char brackets[] = "[](){}<>";
	const char *open = before != '\0' ? strchr(brackets, before) : NULL;

	if (open == NULL || (open - brackets) % 2 != 0)
		return gs_span_while(s, gs_is_alnum);
	size_t n = gs_span_find(s, gs_span(open + 1, 1));
	return n < s.n ? n : 0;
}

/* Moves over what is alike at p->text[*i] and s.p[*k]: the same UUID, digits,
 * the same letters, blanks, or one character. */
static bool
alike(const struct text_shape *p, size_t *i, struct gs_span s, size_t *k)
{
	struct gs_span a = gs_span(p->text + *i, p->n - *i);
	struct gs_span b = gs_span(s.p + *k, s.n - *k);
	bool (*is)(int c) = gs_is_digit(a.p[0]) ? gs_is_digit :
	    gs_is_alpha(a.p[0])                 ? gs_is_alpha :
	    gs_is_blank(a.p[0])                 ? gs_is_blank :
						  NULL;
	size_t na = is != NULL ? gs_span_while(a, is) : 1;
	size_t nb = is != NULL ? gs_span_while(b, is) : 1;

	if (gs_text_is_uuid(a))
		na = nb = TEXT_UUID;
	else if (a.p[0] == ANY)
		nb = any_of(*i > 0 ? p->text[*i - 1] : '\0', b);
	/* Blanks after the prefix belong to the text. */
	if (is == gs_is_blank && na == a.n && nb > na)
		nb = na;
	if (nb == 0 || nb > b.n)
		return false;
	*i += na;
	*k += nb;
	if (a.p[0] == ANY || (na == nb && memcmp(a.p, b.p, na) == 0))
		return true;
	/* grep -A prints ":" after the number of a matching line, and "-" after
	 * those of others. */
	if (is_separator(a.p[0]) && is_separator(b.p[0]))
		return true;
	if (is == gs_is_digit && na != TEXT_UUID)
		return !is_process(p, *i - na);
	return is == gs_is_blank ||
	    (is_time_word(gs_span(a.p, na)) && is_time_word(gs_span(b.p, nb)));
}

size_t
gs_text_shape_match(const struct text_shape *p, struct gs_span s)
{
	size_t i = 0, k = 0;

	if (p->n == 0 || s.n == 0)
		return 0;
	if (s.n >= p->n && memcmp(s.p, p->text, p->n) == 0)
		return p->n;
	while (i < p->n && k < s.n)
		if (!alike(p, &i, s, &k))
			return 0;
	/* The blanks before an empty text may have been lost. */
	while (i < p->n && gs_is_blank(p->text[i]))
		i++;
	return i == p->n ? k : 0;
}

/* Whether the na octets at p->text[i] are like the nb octets at s.p[k]. */
static bool
are_alike(const struct text_shape *p, size_t i, size_t na, struct gs_span s,
    size_t k, size_t nb)
{
	struct gs_span b = gs_span(s.p, k + nb);

	na += i;
	while (i < na && k < b.n)
		if (!alike(p, &i, b, &k))
			return false;
	return i == na && k == b.n;
}

/* How many c s begins with. */
static size_t
repeated(struct gs_span s, char c)
{
	size_t n = 0;

	while (n < s.n && s.p[n] == c)
		n++;
	return n;
}

/* Whether a and b, which follow two names, are the numbers of two processes:
 * "[812]" and "[813]". */
static bool
are_processes(struct gs_span a, struct gs_span b)
{
	if (a.n < 2 || b.n < 2 || *a.p != '[' || *b.p != '[' ||
	    !gs_is_digit(a.p[1]) || !gs_is_digit(b.p[1]))
		return false;
	a.n = gs_span_find(a, GS_LIT("]"));
	b.n = gs_span_find(b, GS_LIT("]"));
	return !gs_span_eq(a, b);
}

size_t
gs_text_shape_widen(struct text_shape *p, struct gs_span s)
{
	struct text_shape wide = { .n = 0 };
	/* Numbers may be aligned to the right. */
	size_t i = gs_span_while(gs_span(p->text, p->n), gs_is_blank);
	size_t k = gs_span_while(s, gs_is_blank);

	if (i == p->n)
		return 0;
	while (i < p->n && k < s.n) {
		struct gs_span a = gs_span(p->text + i, p->n - i);
		const char before = i > 0 ? p->text[i - 1] : '\0';
		size_t na = *a.p == ANY ? 1 : any_of(before, a), from = i;
		size_t nb = any_of(before, gs_span_skip(s, k));
		bool word = na > 0 && nb > 0 && !gs_text_is_uuid(a);
		if (word && !are_alike(p, i, na, s, k, nb)) {
			/* The line is of another program. */
			if (are_processes(gs_span_skip(a, na),
				gs_span_skip(s, k + nb)))
				return 0;
			wide.text[wide.n++] = ANY;
			i += na;
			k += nb;
			continue;
		}
		if (!alike(p, &i, s, &k))
			return 0;
		if (!gs_is_alnum(*a.p) && !gs_is_blank(*a.p) && *a.p != ANY) {
			i += repeated(gs_span(p->text + i, p->n - i), *a.p);
			k += repeated(gs_span_skip(s, k), *a.p);
		}
		memcpy(wide.text + wide.n, p->text + from, i - from);
		wide.n += i - from;
	}
	while (i < p->n && gs_is_blank(p->text[i]))
		wide.text[wide.n++] = p->text[i++];
	if (i < p->n)
		return 0;
	*p = wide;
	return k;
}

bool
gs_text_shape_is_wide(const struct text_shape *p)
{
	return memchr(p->text, ANY, p->n) != NULL;
}

/* The length of the tail of s that stands in a column of its own, behind some
 * blanks in p. A long line may leave none before it; a short tail is then the
 * line's own. */
static size_t
column_tail(const struct text_shape *p, size_t blanks, struct gs_span s)
{
	enum { SURE = 8, MOST = 2 * TEXT_SHAPE };
	struct text_shape own;
	size_t n = 0;

	gs_text_shape_set(&own, gs_span(p->text + blanks, p->n - blanks));
	for (size_t at = s.n; at-- > 0 && n == 0 && s.n - at <= MOST;)
		if (s.p[at] == p->text[blanks] &&
		    gs_text_shape_match(&own, gs_span_skip(s, at)) == s.n - at)
			n = s.n - at;
	const size_t all = n;
	while (n > 0 && n < s.n && gs_is_blank(s.p[s.n - n - 1]))
		n++;
	return n > all || own.n >= SURE ? n : 0;
}

size_t
gs_text_shape_tail(const struct text_shape *p, struct gs_span s)
{
	const size_t blanks =
	    gs_span_while(gs_span(p->text, p->n), gs_is_blank);

	if (p->n < 2)
		return p->n == 1 && s.n > 0 && s.p[s.n - 1] == p->text[0];
	if (blanks > 0 && blanks < p->n)
		return column_tail(p, blanks, s);
	for (size_t at = s.n; at-- > 0;)
		if (s.p[at] == p->text[0] && s.n - at > 1 &&
		    (s.p[at + 1] == p->text[1] || gs_is_digit(p->text[1])) &&
		    gs_text_shape_match(p, gs_span_skip(s, at)) == s.n - at)
			return s.n - at;
	return 0;
}

/* ---- where a text begins */

/* Whether s may follow the first line of a text on the same line: nothing, or a
 * blank without a word after it. */
static bool
is_tail(struct gs_span s)
{
	size_t n = gs_span_while(s, gs_is_blank);

	return s.n == 0 || gs_span_eq(s, GS_LIT(".")) || n == s.n ||
	    (n > 0 && !gs_is_alnum(s.p[n]) && s.p[n] != '/');
}

/* Finds v=0 where a word may begin; *at is its place. */
static bool
find_version(struct gs_span s, size_t *at)
{
	const struct gs_span version = GS_LIT("v=0");
	size_t from = 0;

	for (;;) {
		struct gs_span rest = gs_span_skip(s, from);
		size_t n = gs_span_find(rest, version);
		if (n == rest.n)
			return false;
		*at = from + n;
		from = *at + version.n;
		bool free = *at == 0 ||
		    (!gs_is_alnum(s.p[*at - 1]) &&
			strchr("?&;", s.p[*at - 1]) == NULL);
		if (free && is_tail(gs_span_skip(s, from)))
			return true;
	}
}

/* Finds "recv 512 bytes from …" after a prefix. */
static bool
find_siptrace(struct gs_span s, size_t *at)
{
	size_t n = gs_span_find(s, GS_LIT(" bytes "));
	struct text_trace tr;

	if (n == s.n || n < 6)
		return false;
	while (n > 0 && gs_is_digit(s.p[n - 1]))
		n--;
	if (n < 5)
		return false;
	*at = n - 5;
	return (TEXT_STARTS(gs_span_skip(s, *at), "recv ") ||
		   TEXT_STARTS(gs_span_skip(s, *at), "send ")) &&
	    gs_text_is_trace(gs_span_skip(s, *at), &tr);
}

/* Finds a start line, possibly with more text after it. */
static bool
find_start(struct gs_span s, struct text_anchor *a)
{
	const struct gs_span version = GS_LIT(" SIP/2.0 ");
	size_t n = gs_span_find(s, version);
	struct text_start st;

	if (n < s.n && is_tail(gs_span_skip(s, n + version.n - 1)))
		a->tail = s.n - n - version.n + 1;
	if (!gs_text_is_start(gs_span(s.p, s.n - a->tail), &st))
		return false;
	a->at = st.at;
	return true;
}

/* Finds the head of a listing, or the first line of a phone's entry. A header
 * field of SIP has one blank after its colon. */
static bool
find_listing(struct gs_span s, size_t *at)
{
	static const struct gs_span begins[] = { { "Registrations:", 14 },
		{ "Call-ID:    \t", 13 }, { "reg_user,", 9 },
		{ "reg_user|", 9 }, { "<registrations>", 15 },
		{ "<result row_count=", 18 }, { "{\"row_count\":", 13 },
		{ "\"row_count\":", 12 } };

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		*at = gs_span_find(s, begins[i]);
		if (*at < s.n)
			return true;
	}
	return false;
}

bool
gs_text_anchor(struct gs_span s, struct text_anchor *a)
{
	*a = (struct text_anchor){ .at = 0 };
	if (find_start(s, a)) {
		a->kind = TEXT_ANCHOR_SIP;
		return true;
	}
	a->tail = 0;
	if (find_version(s, &a->at)) {
		a->kind = TEXT_ANCHOR_SDP;
		a->tail = s.n - a->at - 3;
		return true;
	}
	a->kind = TEXT_ANCHOR_TRACE;
	return find_siptrace(s, &a->at) || find_listing(s, &a->at);
}

/* ---- what matters, wherever it is */

/* Whether a field of an SDP may begin at s.p[at]: not after a letter, unless
 * the letter belongs to an escaped line end. */
static bool
may_begin(struct gs_span s, size_t at)
{
	static const char *const ends[] = { "\\n", "%0A", "%0a", "#012", "=0A",
		"&#10;", "&#xA;", "&#xa;" };

	if (at == 0)
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t n = strlen(ends[i]);
		if (at >= n && memcmp(s.p + at - n, ends[i], n) == 0)
			return true;
	}
	return !gs_is_alnum(s.p[at - 1]) &&
	    strchr("?&;_-.", s.p[at - 1]) == NULL;
}

/* Whether s is "audio 5004 RTP/…". sure: it names the protocol, so it can be
 * nothing else. */
static bool
is_media(struct gs_span s, bool *sure)
{
	size_t n = gs_span_while(s, gs_is_alpha);
	struct gs_span rest = gs_span_skip(s, n);

	if (n < 4 || rest.n < 3 || rest.p[0] != ' ' || !gs_is_digit(rest.p[1]))
		return false;
	rest = gs_span_skip(rest, 1);
	rest = gs_span_skip(rest, gs_span_while(rest, gs_is_digit));
	*sure = gs_span_begins(rest, GS_LIT(" RTP/")) ||
	    gs_span_begins(rest, GS_LIT(" UDP/")) ||
	    gs_span_begins(rest, GS_LIT(" udptl"));
	return true;
}

/* Whether the "=" at s.p[at], which may have blanks around it, is that of a
 * field of an SDP that matters. */
static bool
is_field_that_matters(struct gs_span s, size_t at)
{
	struct gs_span v = gs_span_skip(s, at + 1);
	bool sure;

	v = gs_span_skip(v, gs_span_while(v, gs_is_blank));
	while (at > 0 && gs_is_blank(s.p[at - 1]))
		at--;
	if (at-- == 0)
		return false;
	if (s.p[at] == 'm' || s.p[at] == 'M')
		return is_media(v, &sure) && (sure || may_begin(s, at));
	/* The rest of an SDP whose m= line is missing. */
	return (s.p[at] == 'a' || s.p[at] == 'A') &&
	    (gs_span_begins(v, GS_LIT("crypto:")) ||
		gs_span_begins(v, GS_LIT("rtpmap:")) ||
		gs_span_begins(v, GS_LIT("fingerprint:"))) &&
	    may_begin(s, at);
}

/* The offset of the protocol whose last slash is at s.p[at], with the blank
 * before it; 0: it is not one of RTP. */
static size_t
protocol_before(struct gs_span s, size_t at)
{
	static const struct gs_span protocols[] = { { " RTP/", 5 },
		{ " UDP/TLS/RTP/", 13 } };

	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		const size_t n = protocols[i].n;
		if (at >= n &&
		    gs_span_begins(gs_span_skip(s, at + 1 - n), protocols[i]))
			return at + 1 - n;
	}
	return 0;
}

/* Whether the slash at s.p[at] is the last one of "5004 RTP/AVP 8", the rest of
 * an m= line. */
static bool
is_rest_of_media(struct gs_span s, size_t at)
{
	enum { PORT = 4 };
	static const struct gs_span profiles[] = { { "AVP ", 4 },
		{ "AVPF ", 5 }, { "SAVP ", 5 }, { "SAVPF ", 6 } };
	struct gs_span rest = gs_span_skip(s, at + 1);

	at = protocol_before(s, at);
	/* If a number was cut in two, "m=" and a digit are on the line before.
	 * "level 5 RTP/AVP 8" is prose. */
	size_t digits = 0;
	while (at > 0 && gs_is_digit(s.p[at - 1])) {
		digits++;
		at--;
	}
	if (digits == 0 ||
	    (digits < PORT && at > 1 && s.p[at - 1] == ' ' &&
		gs_is_alpha(s.p[at - 2])))
		return false;
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		if (gs_span_begins(rest, profiles[i]))
			return rest.n > profiles[i].n &&
			    gs_is_digit(rest.p[profiles[i].n]);
	return false;
}

/* Whether s ends in "Via:", or "v:". */
static bool
ends_in_via(struct gs_span s)
{
	enum { VIA = 3 };
	const size_t all = s.n;

	while (s.n > 0 && strchr(" \t:\"'", s.p[s.n - 1]) != NULL)
		s.n--;
	if (s.n == all ||
	    gs_span_chr(gs_span_skip(gs_span(s.p, all), s.n), ':') == NULL)
		return false;
	if (s.n >= VIA &&
	    gs_span_begins(gs_span_skip(s, s.n - VIA), GS_LIT("via")))
		return true;
	return s.n > 0 && (s.p[s.n - 1] == 'v' || s.p[s.n - 1] == 'V') &&
	    (s.n == 1 || !gs_is_alnum(s.p[s.n - 2]));
}

/* Whether the slash at s.p[at] is the last one of "Via: SIP/2.0/UDP
 * 192.0.2.1;branch=…": anyone can read the keys of its message. */
static bool
is_clear_hop(struct gs_span s, size_t at)
{
	enum { MOST = 1024 };
	const struct gs_span via = GS_LIT("SIP/2.0/");
	struct gs_span rest = gs_span_skip(s, at + 1);

	rest.n = rest.n < MOST ? rest.n : MOST;

	if (at + 1 < via.n ||
	    !gs_span_begins(gs_span_skip(s, at + 1 - via.n), via))
		return false;
	return (gs_span_begins(rest, GS_LIT("UDP ")) ||
		   gs_span_begins(rest, GS_LIT("TCP ")) ||
		   gs_span_begins(rest, GS_LIT("WS "))) &&
	    gs_span_has(rest, GS_LIT("branch=")) &&
	    ends_in_via(gs_span(s.p, at + 1 - via.n));
}

/* Whether s has "inline:" and what may be a key. */
static bool
has_key(struct gs_span s)
{
	const struct gs_span method = GS_LIT("inline:");
	size_t n = gs_span_find(s, method), k = 0;

	if (n == s.n)
		return false;
	s = gs_span_skip(s, n + method.n);
	while (
	    k < s.n && (gs_is_alnum(s.p[k]) || s.p[k] == '+' || s.p[k] == '/'))
		k++;
	return k >= KEY_LEAST;
}

/* Whether s has "METHOD sip:… SIP/2.0", whatever follows it, or begins with a
 * status line. */
static bool
has_start(struct gs_span s)
{
	const struct gs_span version = GS_LIT(" SIP/2.0");
	size_t n = gs_span_find(s, version);
	struct text_start st;

	if (n == s.n)
		return false;
	struct gs_span rest = gs_span_skip(s, n + version.n);
	if (rest.n > 0 && (gs_is_alnum(rest.p[0]) || rest.p[0] == '/'))
		return false;
	return gs_text_is_start(gs_span(s.p, n + version.n), &st);
}

/* Whether the slash at s.p[at] is that of "sip/2.0 488 …", where a status line
 * may begin. The version may have any case (RFC 3261 section 7.1); in capitals
 * it is read as SIP. */
static bool
is_status_in_other_case(struct gs_span s, size_t at)
{
	enum { NAME = 3, VERSION = 5 };
	struct gs_span rest = gs_span_skip(s, at);

	if (at < NAME || !gs_span_begins(rest, GS_LIT("/2.0 ")) ||
	    !gs_span_begins(gs_span_skip(s, at - NAME), GS_LIT("sip")) ||
	    TEXT_STARTS(gs_span_skip(s, at - NAME), "SIP") ||
	    gs_span_while(gs_span_skip(rest, VERSION), gs_is_digit) != 3)
		return false;
	struct gs_span before = gs_span_trim(gs_span(s.p, at - NAME));
	return before.n == 0 || strchr(":|>])\"'", before.p[before.n - 1]);
}

/* Whether s is the row of a phone in "show registrations": between two
 * delimiters a URL, "sofia/PROFILE/sip:…", whose last slash is at s.p[at], and
 * after it the time of its expiry. */
static bool
is_phone_row(struct gs_span s, size_t at)
{
	enum { TIME = 9, MOST = 1024 };
	size_t n = at;

	if (!gs_span_begins(gs_span_skip(s, at + 1), GS_LIT("sip:")))
		return false;
	while (n > 0 && at - n < MOST && strchr(",;|\t \"", s.p[n - 1]) == NULL)
		n--;
	if (n == 0 || s.p[n - 1] == ' ' ||
	    !gs_span_begins(gs_span_skip(s, n), GS_LIT("sofia/")))
		return false;
	const char delimiter = s.p[n - 1];
	s = gs_span_skip(s, at);
	for (s.n = s.n < MOST ? s.n : MOST; s.n > 0;) {
		const char *p = gs_span_chr(s, delimiter);
		if (p == NULL)
			break;
		s = gs_span_skip(s, (size_t)(p - s.p) + 1);
		n = gs_span_while(s, gs_is_digit);
		if (n >= TIME && n < s.n && s.p[n] == delimiter)
			return true;
	}
	return false;
}

bool
gs_text_has_phone(struct gs_span s)
{
	const struct gs_span status = GS_LIT("registered");

	for (size_t n; (n = gs_span_find(s, GS_LIT("("))) < s.n;
	     s = gs_span_skip(s, n + 1))
		if (n >= status.n &&
		    gs_span_begins(gs_span_skip(s, n - status.n), status))
			return true;
	return false;
}

/* Whether s has the heading of a listing in columns. */
static bool
has_columns(struct gs_span s)
{
	return gs_span_has(s, GS_LIT("reg_user,")) ||
	    gs_span_has(s, GS_LIT("network_proto"));
}

/* Whether FreeSWITCH says that it does not encrypt, in a line that is not
 * recognised as part of its log. */
static bool
has_message(struct gs_span s)
{
	static const struct gs_span says[] = { { "RE-Activating ", 14 },
		{ "SRTP NOT SUPPORTED", 18 }, { "SRTP protection failed", 22 },
		{ "RTCP protection failed", 22 },
		{ "Crypto not negotiated", 21 } };

	for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++)
		if (gs_span_has(s, says[i]))
			return true;
	return false;
}

bool
gs_text_matters(struct gs_span s)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end && (p = memchr(p, '=', (size_t)(end - p))) != NULL) {
		if (is_field_that_matters(s, (size_t)(p++ - s.p)))
			return true;
	}
	for (p = s.p;
	     p < end && (p = memchr(p, '/', (size_t)(end - p))) != NULL; p++) {
		size_t at = (size_t)(p - s.p);
		if (is_rest_of_media(s, at) || is_clear_hop(s, at) ||
		    is_status_in_other_case(s, at) || is_phone_row(s, at))
			return true;
	}
	return has_key(s) || has_start(s) || gs_text_has_phone(s) ||
	    has_columns(s) || has_message(s);
}
