/* SPDX-License-Identifier: MIT */
/* Finds what may be a master key in any text. */
#include "text/harvest.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "sdp/suite.h"
#include "text/align_priv.h"
#include "text/counted_priv.h"
#include "text/dump_priv.h"
#include "text/literal.h"
#include "text/sink.h"

enum {
	SHORTEST = 16, /* fewest characters of a part in base64 */
	SHORTEST_PART = 12, /* fewest octets of a part */
	WORD = 4, /* fewest characters of words that are one token */
	TOKEN = 256, /* most characters of a run */
	OCTETS = GS_TEXT_KEY, /* most octets of groups or of a dump */
	PARTS = 4, /* keys and salts that wait for the other part */
	NEAR = 12, /* most lines between them */
	SUITE_NEAR = 4, /* most lines from a suite to its key */
	DUMP_LINE = 32, /* most octets on a line of a dump */
	DUMP_LEAST = 8, /* fewest octets on its first line */
	BEFORE = 64, /* characters before its octets that are compared */
	ENCODED = 32, /* fewest characters of a text in base64 */
	DECODED = 64 * 1024, /* most octets of such a text */
};

/* A run has room for all octets of these. */
_Static_assert((int)TEXT_DUMP_GROUPS <= (int)OCTETS &&
	(int)TEXT_COUNTED <= (int)OCTETS,
    "a run is too short");

/* What a character may be part of, as a set. */
enum class { IS_TOKEN = 1, IS_HEX = 2, IS_DIGIT = 4, IS_SPECIAL = 8 };

/* A key without its salt, or a salt without its key. */
struct part {
	uint8_t octet[32];
	size_t n;
	uint64_t first; /* the lines of the part */
	uint64_t line;
};

/* Octets that are written in groups. */
struct run {
	uint8_t octet[OCTETS];
	size_t n; /* OCTETS: there are too many */
	size_t line_from; /* index of the first octet of its last line */
	size_t groups; /* number of groups on that line */
	size_t last_n; /* octets of the last group */
	bool open; /* it may continue on the next line */
	char separator; /* what is between its groups; 0: none yet */
	size_t width; /* for a dump: octets of its groups */
	size_t column; /* for a dump: where they begin in a line */
	char before[BEFORE]; /* for a dump: the beginning of its first line */
	uint64_t first; /* the lines of the run */
	uint64_t line;
};

/* How the numbers of a run are written. */
enum radix { HEX, DECIMAL, OCTAL, BINARY, RADICES };

/* Words of equal length with a blank between them; the last may be shorter. */
struct words {
	struct gs_span all;
	size_t n; /* their number; 0: none */
	size_t width; /* characters of each */
	bool ended; /* a shorter one ended them */
};

struct gs_text_harvest {
	gs_text_key_sink *sink;
	void *arg;
	uint8_t class[256]; /* the classes of each character */
	uint8_t salt_of[OCTETS]; /* for each number of octets of key and salt,
				  * those of the salt; 0: no key */
	bool useful[OCTETS]; /* for each number of octets, whether it may be a
			      * part */
	uint64_t line;
	struct gs_span text; /* the line, with or without escapes */
	size_t at; /* where the candidate begins */
	uint64_t from; /* the first line of the candidate; 0: h->line */
	bool alone; /* nothing else is on the line */
	const struct gs_sdp_suite *suite; /* the suite named last */
	uint64_t suite_line;
	uint64_t hint_line; /* the lines whose hint is known */
	bool hint; /* it mentions keys */
	struct part key[PARTS];
	struct part salt[PARTS];
	size_t keys; /* number of keys so far; modulo PARTS, the place of the
		      * next one */
	size_t salts;
	struct run run[RADICES];
	struct run dump;
	struct run strings;
	struct text_dump words;
	struct text_counted counted;
	size_t grouped; /* most octets of a run in HEX on this line */
	bool pem; /* the next line is the first one inside PEM */
	size_t der; /* octets of the DER in it that remain */
	char tail[TOKEN]; /* a token at the end of the previous line */
	size_t tail_n;
	uint64_t tail_line;
	struct gs_buf plain; /* the line without escapes */
	struct gs_buf decoded; /* text that was in base64 */
	bool decoding; /* the decoded text is being read */
	bool first; /* the line is scanned for the first time */
};

static bool
is_key(size_t n)
{
	return n == 16 || n == 24 || n == 32;
}

static bool
is_part(size_t n)
{
	return is_key(n) || n == 12 || n == 14;
}

static inline bool
in_token(char c)
{
	return gs_is_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

static uint8_t
class_of(char c)
{
	return (uint8_t)((in_token(c) ? IS_TOKEN : 0) |
	    (gs_hex_value(c) >= 0 ? IS_HEX : 0) |
	    (gs_is_digit(c) ? IS_DIGIT : 0) |
	    (c != '\0' && strchr("%&\\#=", c) != NULL ? IS_SPECIAL : 0));
}

struct gs_text_harvest *
gs_text_harvest_new(gs_text_key_sink *sink, void *arg)
{
	struct gs_text_harvest *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	h->sink = sink;
	h->arg = arg;
	gs_buf_init(&h->plain, GS_TEXT_LINE);
	gs_buf_init(&h->decoded, DECODED);
	for (size_t n = 12; n < OCTETS; n++) {
		(void)gs_sdp_suite_length(n, &h->salt_of[n]);
		h->useful[n] = is_part(n) || h->salt_of[n] != 0 ||
		    (n % 2 == 0 && h->salt_of[n / 2] != 0);
	}
	for (int c = 0; c < 256; c++)
		h->class[c] = class_of((char)c);
	return h;
}

void
gs_text_harvest_free(struct gs_text_harvest *h)
{
	if (h == NULL)
		return;
	gs_buf_free(&h->plain);
	gs_buf_free(&h->decoded);
	explicit_bzero(h, sizeof(*h));
	free(h);
}

/* ---- octets to keys */

static bool
speaks_of_keys(struct gs_span s)
{
	static const struct gs_span words[] = { GS_LIT("key"), GS_LIT("Key"),
		GS_LIT("KEY"), GS_LIT("salt"), GS_LIT("Salt"), GS_LIT("SALT"),
		GS_LIT("srtp"), GS_LIT("SRTP"), GS_LIT("crypto"),
		GS_LIT("inline"), GS_LIT("master") };

	return gs_span_has_any(s, GS_ALL(words));
}

static bool
is_hinted(struct gs_text_harvest *h)
{
	if (h->hint_line != h->line)
		h->hint = speaks_of_keys(h->text);
	h->hint_line = h->line;
	return h->hint;
}

/* Passes on a key whose parts are on line first and on this one. */
static void
give(struct gs_text_harvest *h, const uint8_t *p, size_t n, uint64_t first)
{
	const struct gs_sdp_suite *s = h->suite;
	struct gs_text_key k = { .keysalt = p, .n = n, .line = h->line };

	if (s != NULL && first >= h->suite_line &&
	    h->line - h->suite_line <= SUITE_NEAR &&
	    (s->key == 0 || (size_t)s->key + s->salt == n))
		k.suite = s;
	/* The key of a suite that is not implemented must not be tried. */
	k.sure = h->alone ||
	    (k.suite != NULL &&
		(h->suite_line == h->line || s->cipher == GS_SRTP_OTHER));
	k.hinted = k.suite != NULL || is_hinted(h);
	h->sink(h->arg, &k);
}

static void
pair(struct gs_text_harvest *h, const struct part *key, const struct part *salt)
{
	uint8_t both[32 + 14];
	const struct part *a = key->line < salt->line ? key : salt;
	const struct part *b = a == key ? salt : key;

	if ((b->first > a->line && b->first - a->line > NEAR) ||
	    h->salt_of[key->n + salt->n] != salt->n)
		return;
	memcpy(both, key->octet, key->n);
	memcpy(both + key->n, salt->octet, salt->n);
	give(h, both, key->n + salt->n, a->first);
	explicit_bzero(both, sizeof(both));
}

static void
part(struct gs_text_harvest *h, const uint8_t *p, size_t n)
{
	bool key = is_key(n);
	struct part *x =
	    key ? &h->key[h->keys++ % PARTS] : &h->salt[h->salts++ % PARTS];

	h->alone = false;
	x->n = n;
	x->first = h->from > 0 ? h->from : h->line;
	x->line = h->line;
	memcpy(x->octet, p, n);
	for (size_t i = 0; i < PARTS; i++) {
		const struct part *other = key ? &h->salt[i] : &h->key[i];

		if (other->n > 0)
			pair(h, key ? x : other, key ? other : x);
	}
}

/* Looks for two keys and two salts, or twice a key and a salt. */
static void
exporter(struct gs_text_harvest *h, const uint8_t *p, size_t n)
{
	uint8_t both[OCTETS / 2];
	size_t half = n / 2, salt = h->salt_of[half], key = half - salt;

	h->alone = false;
	if (n % 2 != 0 || salt == 0)
		return;

	for (size_t i = 0; i < 2; i++) {
		memcpy(both, p + i * key, key);
		memcpy(both + key, p + 2 * key + i * salt, salt);
		give(h, both, half, h->line);
		give(h, p + i * half, half, h->line);
	}
	explicit_bzero(both, sizeof(both));
}

static void
octets(struct gs_text_harvest *h, const uint8_t *p, size_t n)
{
	if (n >= OCTETS || !h->useful[n])
		return;
	if (h->salt_of[n] != 0)
		give(h, p, n, h->line);
	else if (is_part(n))
		part(h, p, n);
	else
		exporter(h, p, n);
}

/* ---- characters to octets */

static size_t
count_digits(struct gs_span s)
{
	return gs_span_while(s, gs_is_hex);
}

/* The number of digits before the first "-", "_", "/" or "+" that separates
 * groups of equally many digits; 0: there is none. */
static size_t
group_width(struct gs_span s)
{
	size_t n = count_digits(s);

	return n > 0 && n % 2 == 0 && n < s.n &&
		strchr("-_/+", s.p[n]) != NULL ?
	    n :
	    0;
}

/* Hexadecimal digits, possibly in groups. Returns the number of octets; 0 if s
 * is something else. */
static size_t
decode_hex(struct gs_span s, uint8_t out[OCTETS])
{
	size_t width = group_width(s), n = 0;

	for (size_t at = 0; at < s.n; at += 2) {
		if (width > 0 && at % (width + 1) == width &&
		    s.p[at++] != s.p[width])
			return 0;
		int v = s.n - at >= 2 ? gs_hex_number(s.p + at, 2) : -1;

		if (v < 0 || n == OCTETS - 1)
			return 0;
		out[n++] = (uint8_t)v;
	}
	return n;
}

/* Decodes either alphabet: one has "-" and "_", the other "+" and "/". */
static bool
decode_base64(struct gs_span s, uint8_t out[OCTETS], size_t *n)
{
	char text[TOKEN];
	size_t at;

	if (s.n > sizeof(text))
		return false;
	for (size_t i = 0; i < s.n; i++)
		text[i] = s.p[i] == '-' ? '+' : s.p[i] == '_' ? '/' : s.p[i];
	unsigned bad =
	    gs_base64_decode(gs_span(text, s.n), out, OCTETS, n, &at);

	explicit_bzero(text, s.n);
	return (bad & (GS_BASE64_BAD | GS_BASE64_SPACE)) == 0;
}

size_t
gs_text_key_decode(struct gs_span s, uint8_t out[GS_TEXT_KEY])
{
	size_t n = decode_hex(s, out);
	uint8_t salt;

	if (gs_sdp_suite_length(n, &salt))
		return n;
	return decode_base64(s, out, &n) ? n : 0;
}

/* Random base64 of n octets has letters of both cases and, when it is long,
 * other characters of one alphabet. Most words and paths do not. */
static bool
is_random(struct gs_span s, size_t n)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		kinds |= c >= 'a' && c <= 'z' ? 1 :
		    c >= 'A' && c <= 'Z'      ? 2 :
		    c == '+' || c == '/'      ? 4 | 16 :
		    c == '-' || c == '_'      ? 8 | 16 :
						16;
	}
	return (kinds & 3) == 3 && (kinds & 12) != 12 &&
	    ((kinds & 16) != 0 || n <= 16);
}

/* Takes a token that may be a key or a part of one. */
static void
whole(struct gs_text_harvest *h, struct gs_span s)
{
	uint8_t p[OCTETS];
	size_t n = s.n;

	while (n > 0 && s.p[n - 1] == '=')
		n--;
	if (s.n >= 2 * OCTETS)
		return;
	size_t width = group_width(s), pairs = n;

	if (width > 0)
		pairs = n - (n - 1) / (width + 1);
	bool hex = h->useful[pairs / 2];
	bool base64 = n * 3 / 4 < OCTETS && h->useful[n * 3 / 4];

	if (!hex && !base64)
		return;
	n = decode_hex(s, p);
	if (n > 0 || (base64 && decode_base64(s, p, &n) && is_random(s, n)))
		octets(h, p, n);
	explicit_bzero(p, sizeof(p));
}

/* ---- groups of a few octets */

/* Judges the run r at the end of a line. Alone, the octets of this line may be
 * a key even if r continues; all of them only when it does not. */
static void
judge(struct gs_text_harvest *h, const struct run *r, bool end)
{
	uint64_t now = h->line;
	size_t n = r->n - r->line_from;
	struct gs_span text = h->text;

	if (r->n == OCTETS || (!h->useful[r->n] && h->salt_of[n] == 0))
		return;
	h->line = r->line;
	h->from = r->first;
	h->text = gs_span(NULL, 0);
	h->alone = false;
	if (end || h->salt_of[r->n] != 0)
		octets(h, r->octet, r->n);
	if (n < r->n && h->salt_of[n] != 0)
		octets(h, r->octet + r->line_from, n);
	h->line = now;
	h->from = 0;
	h->text = text;
}

/* The same, also without up to spare octets at the end. */
static void
judge_trimmed(struct gs_text_harvest *h, const struct run *r, size_t spare)
{
	struct run shorter = *r;

	judge(h, r, true);
	for (; spare > 0 && shorter.n > r->line_from; spare--) {
		shorter.n--;
		judge(h, &shorter, true);
	}
	explicit_bzero(&shorter, sizeof(shorter));
}

/* Judges r. At its end, octets of words are also taken in the other order, as
 * od -x and hexdump write them, and without those that fill the last word. */
static void
look(struct gs_text_harvest *h, const struct run *r, bool end)
{
	struct run swapped;

	if (!end || (r->width != 2 && r->width != 4 && r->width != 8)) {
		judge(h, r, end);
		return;
	}
	judge_trimmed(h, r, r->width - 1);
	swapped = *r;
	for (size_t i = 0; i < r->n; i++)
		swapped.octet[i] = r->octet[i ^ (r->width - 1)];
	judge_trimmed(h, &swapped, r->width - 1);
	explicit_bzero(&swapped, sizeof(swapped));
}

static void
end_run(struct gs_text_harvest *h, struct run *r)
{
	if (r->n == 0)
		return;
	look(h, r, true);
	explicit_bzero(r, sizeof(*r));
}

static void
extend(struct gs_text_harvest *h, struct run *r, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n && r->n < OCTETS; i++)
		r->octet[r->n++] = p[i];
	r->groups++;
	r->last_n = n;
	if (r == &h->run[HEX] && r->n - r->line_from > h->grouped)
		h->grouped = r->n - r->line_from;
	if (r->first == 0)
		r->first = h->line;
	r->line = h->line;
}

/* The separator of two groups as one character; 0: other text is between
 * them. */
static char
separator(struct gs_span s)
{
	char c = '\0';

	for (size_t i = 0; i < s.n; i++)
		if (memchr(",:;.\\", s.p[i], 5) != NULL) {
			if (c != '\0')
				return '\0';
			c = s.p[i];
		} else if (memchr(" \t\"'", s.p[i], 4) == NULL) {
			return '\0';
		}
	return c != '\0' || s.n == 0 || s.n > 4 ? c : ' ';
}

/* Continues r on this line, or ends it. */
static void
next_line(struct gs_text_harvest *h, struct run *r)
{
	if (!r->open || h->line - r->line != 1 || r->n > OCTETS - DUMP_LINE) {
		end_run(h, r);
		return;
	}
	look(h, r, false);
	r->line_from = r->n;
	r->groups = 0;
	r->separator = '\0';
}

/* Adds a group to r, or begins a new run. gap is what precedes it on its line;
 * begin: nothing does. */
static void
add_group(struct gs_text_harvest *h, struct run *r, const uint8_t *p, size_t n,
    struct gs_span gap, bool begin)
{
	char c = begin ? '\0' : separator(gap);

	if (begin) {
		next_line(h, r);
	} else if (r->n > 0 && (r->line != h->line || c == '\0')) {
		end_run(h, r);
	} else if (r->n > 0 && r->separator != '\0' && r->separator != c) {
		/* "16: cd 07": the first was a number, not an octet. */
		uint8_t last[8] = { 0 };
		size_t k = r->groups == 2 && r->last_n <= 8 ? r->last_n : 0;

		memcpy(last, r->octet + r->n - k, k);
		end_run(h, r);
		if (k > 0)
			extend(h, r, last, k);
		explicit_bzero(last, sizeof(last));
	}
	if (r->n > 0 && c != '\0')
		r->separator = c;
	extend(h, r, p, n);
}

/* Reads a token that may be a group: 07, 0x07, 0x7, cd072cd8, x07 after a
 * backslash, or 7 before a comma. */
static size_t
hex_group(const struct gs_text_harvest *h, struct gs_span s, uint8_t p[OCTETS])
{
	const char *end = h->text.p + h->text.n;
	bool c = s.n > 2 && s.p[0] == '0' && (s.p[1] | 32) == 'x';

	if (c)
		s = gs_span_skip(s, 2);
	else if (s.n > 2 && s.p[0] == 'x')
		s = gs_span_skip(s, 1);
	if (s.n == 1 && gs_hex_value(s.p[0]) >= 0 &&
	    (c || s.p + 1 == end || s.p[1] == ',' || s.p[1] == ']')) {
		p[0] = (uint8_t)gs_hex_value(s.p[0]);
		return 1;
	}
	size_t n = s.n <= 16 && s.n % 2 == 0 ? decode_hex(s, p) : 0;

	return n == 1 || n == 2 || n == 4 || n == 6 || n == 8 ? n : 0;
}

/* Reads an octet in digits of a base that is a power of 2. */
static size_t
digits_group(struct gs_span s, unsigned shift, uint8_t *p)
{
	unsigned v = 0;

	for (size_t i = 0; i < s.n; i++) {
		int digit = gs_hex_value(s.p[i]);

		if (digit < 0 || digit >> shift != 0)
			return 0;
		v = v << shift | (unsigned)digit;
	}
	*p = (uint8_t)v;
	return v < 256 ? 1 : 0;
}

/* Reads 361, or as in C, 0361. */
static size_t
octal_group(struct gs_span s, uint8_t *p)
{
	return s.n == 3 || (s.n <= 4 && s.p[0] == '0') ? digits_group(s, 3, p) :
							 0;
}

/* Reads 11110001 or 0b11110001. */
static size_t
binary_group(struct gs_span s, uint8_t *p)
{
	(void)gs_span_take(&s, GS_LIT("0b"));
	return s.n == 8 ? digits_group(s, 1, p) : 0;
}

/* ---- dumps: "00000010: 5594 aa6b  U..k" */

/* Takes a group of a dump off *s (07, 0x07, cd07 or cd072cd8), and the blank or
 * dash after it. Returns its octets; 0: there is none. more: another one may
 * follow. */
static size_t
take_group(struct gs_span *s, uint8_t out[OCTETS], size_t before, bool *more)
{
	if (s->n > 2 && s->p[0] == '0' && s->p[1] == 'x')
		*s = gs_span_skip(*s, 2);
	size_t k = count_digits(*s);
	size_t n = k <= 8 ? decode_hex(gs_span(s->p, k), out) : 0;

	if (n == 0 || (k < s->n && gs_is_alnum(s->p[k])))
		return 0;
	*s = gs_span_skip(*s, k);
	k = s->n > 0 && (s->p[0] == ' ' || s->p[0] == '\t');
	bool half = before + n == 8;

	if (half && s->n > 1 && (s->p[0] == '-' || s->p[1] == ' '))
		k = s->p[0] == '-' ? 1 : 2;
	*more = k > 0 && k < s->n;
	*s = gs_span_skip(*s, k);
	return n;
}

/* Reads the octets at the beginning of s, in groups of *width, of which the
 * last may be shorter. */
static size_t
dump_groups(struct gs_span s, uint8_t out[DUMP_LINE], size_t *width)
{
	uint8_t p[OCTETS];
	size_t n = 0;
	bool more = true, whole = true;

	*width = 0;
	while (more && whole) {
		size_t k = take_group(&s, p, n, &more);

		if (*width == 0)
			*width = k;
		whole = k == *width;
		if (k == 0 || k > *width || n + k > DUMP_LINE)
			break;
		memcpy(out + n, p, k);
		n += k;
	}
	explicit_bzero(p, sizeof(p));
	return n;
}

/* Finds the octets of a dump in s, which begin at *at. */
static size_t
find_dump(struct gs_span s, uint8_t out[DUMP_LINE], size_t *width, size_t *at)
{
	for (*at = 0; *at < s.n; ++*at) {
		if ((*at > 0 && gs_is_alnum(s.p[*at - 1])) ||
		    gs_hex_value(s.p[*at]) < 0)
			continue;
		size_t n = dump_groups(gs_span_skip(s, *at), out, width);
		if (n >= DUMP_LEAST)
			return n;
	}
	return 0;
}

/* Whether s continues the dump d at its column: with the same text before it,
 * if that never changes, and without an offset that restarts. */
static bool
goes_on(const struct gs_text_harvest *h, const struct run *d, struct gs_span s)
{
	size_t n = d->column < BEFORE ? d->column : BEFORE;

	return d->n > 0 && d->open && h->line == d->line + 1 &&
	    s.n > d->column && gs_hex_value(s.p[d->column]) >= 0 &&
	    (count_digits(gs_span_trim(gs_span(d->before, n))) == 0 ||
		memcmp(d->before, s.p + d->column - n, n) != 0);
}

/* Takes a line of a dump, "00000010: 5594 aa6b  U..k": octets at the same
 * column of consecutive lines, whatever is before and after them. */
static void
dump_line(struct gs_text_harvest *h, struct gs_span s)
{
	uint8_t out[DUMP_LINE];
	struct run *d = &h->dump;
	size_t at = d->column, width, n = 0;
	bool next = goes_on(h, d, s);

	if (next)
		n = dump_groups(gs_span_skip(s, at), out, &width);
	if (n == 0 || n > d->last_n) {
		end_run(h, d);
		next = false;
		n = h->grouped >= DUMP_LEAST / 2 ?
		    find_dump(s, out, &width, &at) :
		    0;
	}
	if (n == 0) {
		explicit_bzero(out, sizeof(out));
		return;
	}
	if (!next) {
		d->column = at;
		d->width = width;
		size_t k = at < BEFORE ? at : BEFORE;
		memcpy(d->before, s.p + at - k, k);
	}
	d->open = !next || n == d->last_n;
	extend(h, d, out, n);
	explicit_bzero(out, sizeof(out));
}

/* ---- octets with an index */

static void
end_dump(struct gs_text_harvest *h)
{
	struct text_dump *d = &h->words;
	struct run r = { .first = d->first, .line = d->line };
	size_t spare = 0;

	if (d->lines == 0)
		return;
	for (unsigned way = 0; way < TEXT_DUMP_WAYS; way++) {
		r.n = gs_text_dump_octets(d, way, r.octet, &spare);
		judge_trimmed(h, &r, spare);
	}
	explicit_bzero(&r, sizeof(r));
	explicit_bzero(d, sizeof(*d));
}

static void
add_dump(struct gs_text_harvest *h, struct gs_span line)
{
	if (!gs_text_dump_line(&h->words, line, h->line)) {
		end_dump(h);
		(void)gs_text_dump_line(&h->words, line, h->line);
	}
}

static void
end_counted(struct gs_text_harvest *h)
{
	struct text_counted *c = &h->counted;
	struct run r = { .n = c->n, .first = c->first, .line = c->line };

	memcpy(r.octet, c->hex, c->n);
	if (c->is_hex)
		judge(h, &r, true);
	memcpy(r.octet, c->decimal, c->n);
	if (c->is_decimal)
		judge(h, &r, true);
	explicit_bzero(&r, sizeof(r));
	explicit_bzero(c, sizeof(*c));
}

static void
add_counted(struct gs_text_harvest *h, struct gs_span gap, struct gs_span s)
{
	if (!gs_text_counted(&h->counted, gap, s, h->line)) {
		end_counted(h);
		(void)gs_text_counted(&h->counted, gap, s, h->line);
	}
}

/* ---- lines to tokens */

/* Whether s is a UUID: logs name calls by it, and a line may begin with one. */
static bool
is_uuid(struct gs_span s)
{
	return s.n == TEXT_UUID && gs_text_is_uuid(s);
}

/* Whether s names a suite: a token with "_". */
static bool
names_suite(struct gs_text_harvest *h, struct gs_span s)
{
	const struct gs_sdp_suite *suite =
	    s.n < 12 || s.n > 40 || memchr(s.p, '_', s.n) == NULL ?
	    NULL :
	    gs_sdp_suite_find(s);

	if (suite == NULL)
		return false;
	h->suite = suite;
	h->suite_line = h->line;
	return true;
}

/* Whether s has a digit; most paths do not. */
static bool
has_digit(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (gs_is_digit(s.p[i]))
			return true;
	return false;
}

/* Takes hexadecimal pieces of a token, as in KEY/SALT. */
static void
pieces(struct gs_text_harvest *h, struct gs_span s)
{
	uint8_t p[OCTETS];

	while (s.n > 0) {
		size_t n = count_digits(s);

		if (n >= 24 && (n == s.n || !gs_is_alnum(s.p[n]))) {
			size_t k = decode_hex(gs_span(s.p, n), p);

			octets(h, p, k);
		}
		n += gs_span_while(gs_span_skip(s, n), gs_is_alnum);
		s = gs_span_skip(s, n < s.n ? n + 1 : n);
	}
	explicit_bzero(p, sizeof(p));
}

static bool
is_text(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < ' ' || s.p[i] > '~') && s.p[i] != '\t' &&
		    s.p[i] != '\r' && s.p[i] != '\n')
			return false;
	return true;
}

/* Keeps the text that s encodes in base64. If s is all of its line, the text
 * may continue on the next line. Keys are not text: their octets are random. */
static void
encoded(struct gs_text_harvest *h, struct gs_span s, bool alone)
{
	struct gs_buf *b = &h->decoded;
	bool goes_on = alone && b->n > 0;
	size_t n, at;

	if (h->decoding || (s.n < ENCODED && !goes_on) || s.n >= b->max - b->n)
		return;
	uint8_t *room = gs_buf_space(b, s.n + 1);
	if (room == NULL ||
	    (gs_base64_decode(s, room, s.n, &n, &at) &
		(GS_BASE64_BAD | GS_BASE64_SPACE)) != 0 ||
	    !is_text(gs_span(room, n)))
		return;
	b->n += n;
	if (!alone)
		gs_buf_putc(b, '\n');
}

/* Takes a token with its padding. It may follow an option of a command (-kKEY,
 * --KEY), the + of a diff, the \x of PostgreSQL or the 'h of Verilog; an h may
 * follow it. */
static void
token(struct gs_text_harvest *h, struct gs_span s)
{
	if (s.n < SHORTEST || s.n > TOKEN || is_uuid(s) || names_suite(h, s))
		return;
	if (s.p[0] == '0' && (s.p[1] | 32) == 'x')
		s = gs_span_skip(s, 2);
	whole(h, s);
	h->alone = false;
	for (size_t i = 1; i <= 2 && strchr("-/+xXhH", s.p[0]) != NULL; i++)
		whole(h, gs_span_skip(s, i));
	if ((s.p[s.n - 1] | 32) == 'h')
		for (size_t i = 0; i < 2; i++)
			whole(h, gs_span_skip(gs_span(s.p, s.n - 1), i));
	if (count_digits(s) < s.n)
		pieces(h, s);
}

/* Whether s, the rest of a line, allows its token to continue on the next
 * line: it is empty, or the sign of a continuation. */
static bool
ends_wrapped(struct gs_span s)
{
	if (s.n > 4)
		return false;
	s = gs_span_trim(s);
	return s.n == 0 || (s.n == 1 && strchr("=\\\"'", s.p[0]) != NULL);
}

/* Joins the first token of a line to the last one of the previous line, and
 * keeps the last one of this line. */
static void
wrapped(struct gs_text_harvest *h, struct gs_span s, bool first, bool last)
{
	size_t n = first ? h->tail_n : 0;

	if (n > 0 && n + s.n <= TOKEN) {
		memcpy(h->tail + n, s.p, s.n);
		h->tail_n = n + s.n;
		whole(h, gs_span(h->tail, h->tail_n));
	} else if (last && s.n >= SHORTEST / 2 && s.n <= TOKEN &&
	    memcmp(s.p + s.n - 2, "--", 2) != 0) { /* "KEY-----" of PEM */
		memcpy(h->tail, s.p, s.n);
		h->tail_n = s.n;
	} else {
		last = false;
	}
	if (!last)
		h->tail_n = 0;
}

/* The length of the padding after a token of n characters. */
static size_t
padding(const struct gs_text_harvest *h, struct gs_span behind, size_t n)
{
	size_t k = 0;

	while (k < behind.n && k < 2 && behind.p[k] == '=')
		k++;
	return (n + k) % 4 == 0 &&
		(k == behind.n ||
		    (h->class[(uint8_t)behind.p[k]] & IS_TOKEN) == 0) ?
	    k :
	    0;
}

/* Whether s, after a group, shows that more follow on the next line. */
static bool
ends_open(struct gs_span s)
{
	if (s.n > 4)
		return false;
	s = gs_span_trim(s);
	return s.n == 0 || (s.n <= 2 && strchr(",:;\\\"", s.p[0]) != NULL);
}

/* Takes the words as one token. */
static void
end_words(struct gs_text_harvest *h, struct words *w)
{
	char text[TOKEN];
	size_t n = 0;

	if (w->n > 1 && w->all.n >= SHORTEST && w->all.n <= TOKEN) {
		for (size_t i = 0; i < w->all.n; i++)
			if (i % (w->width + 1) != w->width)
				text[n++] = w->all.p[i];
		/* Two words may just be words. */
		if (w->n > 2 || count_digits(gs_span(text, n)) == n)
			whole(h, gs_span(text, n));
		explicit_bzero(text, n);
	}
	w->n = 0;
}

/* Adds the token s to the words, or begins new ones with it. */
static void
add_word(struct gs_text_harvest *h, struct words *w, struct gs_span s)
{
	bool next = w->n > 0 && !w->ended && s.n <= w->width &&
	    s.p == w->all.p + w->all.n + 1 && s.p[-1] == ' ';

	if (next) {
		w->all.n += 1 + s.n;
		w->ended = s.n < w->width;
		w->n++;
		return;
	}
	if (w->n > 0)
		end_words(h, w);
	if (s.n >= WORD)
		*w = (struct words){ .all = s, .n = 1, .width = s.n };
}

/* Whether only blanks, or the beginning of a string of \xNN, precede the first
 * token of a line. */
static bool
begins_line(struct gs_span before)
{
	static const struct gs_span may[] = { GS_LIT(""), GS_LIT("\"\\"),
		GS_LIT("."), GS_LIT("-"), GS_LIT(">"), GS_LIT("["),
		GS_LIT("\"") };

	return gs_span_is_any(gs_span_trim(before), GS_ALL(may));
}

/* Adds the token s to each run as a group, or ends the run. all is the set of
 * classes that its characters have in common. */
static void
groups(struct gs_text_harvest *h, struct gs_span s, unsigned all,
    struct gs_span gap, bool begin)
{
	enum { WIDEST = 8 }; /* octets in a group */
	uint8_t p[RADICES][OCTETS];
	size_t n[RADICES] = { 0 };
	struct gs_span number = gs_text_unsuffixed(s);

	if (number.n < s.n) {
		s = number;
		all = h->class[(uint8_t)s.p[0]];
		for (size_t i = 1; i < s.n; i++)
			all &= h->class[(uint8_t)s.p[i]];
	}
	bool digits = (all & IS_DIGIT) != 0, c = s.n > 2 && s.p[0] == '0';

	if ((all & IS_HEX) != 0 || s.p[0] == 'x' || (c && (s.p[1] | 32) == 'x'))
		n[HEX] = hex_group(h, s, p[HEX]);
	if (n[HEX] == 0) /* it may have read some digits */
		explicit_bzero(p[HEX], WIDEST);
	if (digits || s.p[0] == '-')
		n[DECIMAL] = gs_text_decimal(s, p[DECIMAL]) ? 1 : 0;
	if (digits)
		n[OCTAL] = octal_group(s, p[OCTAL]);
	if (digits || (c && s.p[1] == 'b'))
		n[BINARY] = binary_group(s, p[BINARY]);
	for (size_t i = 0; i < RADICES; i++)
		if (n[i] > 0) {
			add_group(h, &h->run[i], p[i], n[i], gap, begin);
			explicit_bzero(p[i], WIDEST);
		} else if (h->run[i].n > 0) {
			end_run(h, &h->run[i]);
		}
}

/* Whether s, the first token of a line, only introduces what follows it: the
 * offset of a dump, the directive of an assembler. */
static bool
is_lead(struct gs_span s, unsigned all, struct gs_span behind)
{
	static const struct gs_span words[] = { GS_LIT("byte"), GS_LIT("db"),
		GS_LIT("DB"), GS_LIT("long"), GS_LIT("word"), GS_LIT("int") };

	if (s.n == 1 && s.p[0] == '-')
		return true;
	if (s.n == 7 && (all & IS_HEX) != 0)
		return gs_span_starts(behind, GS_LIT(" "));
	if (s.n > 6 && gs_span_starts(s, GS_LIT("0x")))
		return gs_span_starts(behind, GS_LIT(":"));
	return gs_span_is_any(s, GS_ALL(words)) &&
	    (behind.n == 0 || gs_is_blank(*behind.p));
}

/* The token that begins at line.p[at]; *all is the set of classes that its
 * characters have in common. */
static struct gs_span
token_at(const struct gs_text_harvest *h, struct gs_span line, size_t at,
    unsigned *all)
{
	size_t n = at;

	*all = IS_TOKEN | IS_HEX | IS_DIGIT | IS_SPECIAL;
	for (; n < line.n; n++) {
		uint8_t c = h->class[(uint8_t)line.p[n]];
		if ((c & IS_TOKEN) == 0)
			break;
		*all &= c;
	}
	return gs_span(line.p + at, n - at);
}

/* Scans the line. Returns whether it contains what may begin an escape. */
static bool
scan(struct gs_text_harvest *h, struct gs_span line)
{
	struct gs_span trimmed = gs_span_trim(line);
	struct words words = { .n = 0 };
	size_t at = 0, end = 0, from = 0;
	unsigned seen = 0;
	bool first = true;

	h->text = line;
	while (at < line.n) {
		uint8_t c = h->class[(uint8_t)line.p[at]];
		unsigned all;

		if ((c & IS_TOKEN) == 0) {
			seen |= c;
			at++;
			continue;
		}
		struct gs_span s = token_at(h, line, at, &all);
		size_t n = at + s.n;
		struct gs_span behind = gs_span_skip(line, n);
		size_t k = padding(h, behind, s.n);

		if (h->first)
			add_counted(h, gs_span(line.p + from, at - from), s);
		from = n;
		bool begin =
		    first && begins_line(gs_span(line.p + end, at - end));
		if (begin && is_lead(s, all, behind)) {
			at = end = n;
			continue;
		}
		bool last = ends_wrapped(gs_span_skip(behind, k)) && k == 0;

		groups(h, s, all, gs_span(line.p + end, at - end), begin);
		for (size_t i = 0; i < RADICES; i++)
			h->run[i].open = ends_open(behind);
		s.n += k;
		encoded(h, s, s.n == trimmed.n);
		add_word(h, &words, s);
		h->alone = s.n == trimmed.n && has_digit(s);
		token(h, s);
		h->alone = false;
		if (((first && h->tail_n > 0) || last) && !is_uuid(s))
			wrapped(h, s,
			    first && (begin || strchr("\"'", *trimmed.p)),
			    last);
		else
			h->tail_n = 0;
		first = false;
		at = end = at + s.n;
	}
	if (h->first)
		add_counted(h, gs_span_skip(line, from), gs_span(NULL, 0));
	h->first = false;
	end_words(h, &words);
	return (seen & IS_SPECIAL) != 0;
}

static void
give_string(struct gs_text_harvest *h, const struct gs_text_octets *o)
{
	if (o->numbers && o->n >= SHORTEST_PART)
		octets(h, o->octet, o->n);
}

/* Takes the strings that go together, unless they are text. */
static void
end_strings(struct gs_text_harvest *h)
{
	struct run *r = &h->strings;

	if (r->open && r->groups > 1)
		end_run(h, r);
	explicit_bzero(r, sizeof(*r));
}

/* Adds the octets of a string. Strings go together if they are next to each
 * other on consecutive lines, or have one octet each. */
static void
string(struct gs_text_harvest *h, const struct gs_text_octets *o, bool first)
{
	struct run *r = &h->strings;
	bool next = first ? h->line == r->line + 1 :
			    h->line == r->line && o->n == 1 && r->last_n == 1;

	give_string(h, o);
	if (!next)
		end_strings(h);
	extend(h, r, o->octet, o->n);
	r->open |= o->numbers;
}

/* Takes the strings in quotes, or the line if it has none. */
static void
strings(struct gs_text_harvest *h, struct gs_span s)
{
	struct gs_text_octets o, decimal;
	bool first = true;
	struct gs_span all = gs_span_trim(s);

	if (all.n > 0 && all.p[0] != '"' && all.p[0] != '\'' &&
	    gs_text_string(all, GS_TEXT_STRING_C, '\0', &o) == all.n)
		give_string(h, &o);
	while (s.n > 0) {
		char end = s.p[0];

		s = gs_span_skip(s, 1);
		if (end != '"' && end != '\'')
			continue;
		(void)gs_text_string(s, GS_TEXT_STRING_DECIMAL, end, &decimal);
		size_t n = gs_text_string(s, GS_TEXT_STRING_C, end, &o);
		string(h, &o, first);
		give_string(h, &decimal);
		s = gs_span_skip(s, n < s.n ? n + 1 : n);
		first = false;
	}
	explicit_bzero(&o, sizeof(o));
	explicit_bzero(&decimal, sizeof(decimal));
}

/* Takes the words of a URL that have octets. */
static void
url_words(struct gs_text_harvest *h, struct gs_span s)
{
	struct gs_text_octets o;

	while (s.n > 0) {
		size_t n = gs_text_string(s, GS_TEXT_STRING_URL, '\0', &o);

		give_string(h, &o);
		s = gs_span_skip(s, n > 0 ? n : 1);
	}
	explicit_bzero(&o, sizeof(o));
}

/* A URL in XML or XML in JSON is escaped twice. */
static void
scan_unescaped(struct gs_text_harvest *h, struct gs_span line,
    struct gs_span tail)
{
	struct gs_buf *b = &h->plain;

	gs_buf_clear(b);
	if (gs_text_escape(line) == line.n || gs_text_is_octets(line))
		return;
	char *room = (char *)gs_buf_space(b, line.n);

	b->n = room != NULL ? line.n : 0;
	for (int i = 0; i < 3 && room != NULL; i++) {
		size_t n = gs_text_unescape(line, room);

		if (n == line.n)
			return;
		if (tail.n > 0)
			memcpy(h->tail, tail.p, tail.n);
		h->tail_n = tail.n;
		line = gs_span(room, n);
		(void)scan(h, line);
	}
}

/* Scans the line as rewrite leaves it. Returns false if there is nothing to
 * rewrite. */
static bool
scan_rewritten(struct gs_text_harvest *h, struct gs_span line,
    size_t (*rewrite)(struct gs_span line, char *out))
{
	gs_buf_clear(&h->plain);
	char *room = (char *)gs_buf_space(&h->plain, line.n);
	size_t n = room != NULL ? rewrite(line, room) : 0;

	h->plain.n = room != NULL ? line.n : 0;
	if (n > 0)
		(void)scan(h, gs_span(room, n));
	return n > 0;
}

/* Reads the text that was in base64, unless it grew on this line and may
 * continue on the next one. */
static void
read_decoded(struct gs_text_harvest *h, bool open)
{
	struct gs_span all = gs_buf_span(&h->decoded), line;

	if (all.n == 0 || (open && all.p[all.n - 1] != '\n'))
		return;
	h->decoding = true;
	while (gs_span_line(&all, &line))
		if (scan(h, line))
			scan_unescaped(h, line, gs_span(NULL, 0));
	h->decoding = false;
	gs_buf_clear(&h->decoded);
}

static bool
begins_pem(struct gs_span line)
{
	line = gs_span_trim(line);
	return gs_span_starts(line, GS_LIT("-----BEGIN ")) &&
	    (gs_span_ends(line, GS_LIT("CERTIFICATE-----")) ||
		gs_span_ends(line, GS_LIT("PRIVATE KEY-----")));
}

/* The length of the sequence that begins at p (X.690 section 8.1), as in all
 * certificates and private keys; 0: none begins. */
static size_t
der_length(const uint8_t p[4])
{
	if (p[0] != 0x30)
		return 0;
	return p[1] == 0x82 ? gs_be16(p + 2) + 4u :
	    p[1] == 0x81    ? p[2] + 3u :
	    p[1] < 0x80     ? p[1] + 2u :
			      0;
}

/* Whether the line is part of a certificate or private key in PEM (RFC 7468).
 * Its text is as random as a key, and a slash may cut it to any length.
 * Exactly its own lines are skipped, as its length tells. */
static bool
in_pem(struct gs_text_harvest *h, struct gs_span line)
{
	enum { LINE = 64, FULL = 48, HEAD = 4 };
	uint8_t p[OCTETS];
	size_t n = 0;

	if (h->pem || h->der > 0) {
		struct gs_span body = gs_span_trim(line);
		if (body.n > LINE || !decode_base64(body, p, &n))
			n = 0;
		if (h->pem)
			h->der = n >= HEAD ? der_length(p) : 0;
		explicit_bzero(p, sizeof(p));
	}
	bool is = n > 0 && (n == h->der || (n == FULL && n < h->der));
	h->der = is ? h->der - n : 0;
	h->pem = !is && begins_pem(line);
	return is;
}

void
gs_text_harvest_line(struct gs_text_harvest *h, struct gs_span line,
    uint64_t number)
{
	char tail[TOKEN];

	if (in_pem(h, line))
		return;
	if (number - h->tail_line > 1)
		h->tail_n = 0;
	size_t n = h->tail_n, decoded = h->decoded.n;

	h->line = h->tail_line = number;
	h->text = line;
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (gs_span_ends(line, GS_LIT("*/"))) /* of octets of a C array */
		line.n = gs_span_find(line, GS_LIT(" /*"));
	memcpy(tail, h->tail, n);
	h->grouped = 0;
	h->first = true;
	if (!scan_rewritten(h, line, gs_text_literals) &&
	    !scan_rewritten(h, line, gs_text_strides) && scan(h, line)) {
		if (memchr(line.p, '\\', line.n) != NULL)
			strings(h, line);
		if (memchr(line.p, '%', line.n) != NULL)
			url_words(h, line);
		scan_unescaped(h, line, gs_span(tail, n));
	}
	if (h->grouped >= DUMP_LEAST / 2 || h->dump.n > 0)
		dump_line(h, line);
	add_dump(h, line);
	explicit_bzero(tail, n);
	read_decoded(h, h->decoded.n > decoded);
	h->text = gs_span(NULL, 0);
}

void
gs_text_harvest_end(struct gs_text_harvest *h)
{
	for (size_t i = 0; i < RADICES; i++)
		end_run(h, &h->run[i]);
	end_run(h, &h->dump);
	end_dump(h);
	end_counted(h);
	end_strings(h);
	read_decoded(h, false);
	explicit_bzero(h->key, sizeof(h->key));
	explicit_bzero(h->salt, sizeof(h->salt));
	explicit_bzero(h->tail, sizeof(h->tail));
	gs_buf_clear(&h->plain);
	h->keys = h->salts = h->tail_n = 0;
	h->pem = false;
	h->der = 0;
	h->suite = NULL;
	h->suite_line = h->hint_line = 0;
}
