/* SPDX-License-Identifier: MIT */
/* Bytes: borrowed spans, and owned buffers with a limit that are wiped. */
#ifndef GSPROV_BASE_BUF_H
#define GSPROV_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Attributes that the headers share. */
#define GS_MUST __attribute__((warn_unused_result))
#define GS_PRINTF(f, a) __attribute__((format(printf, f, a)))
/* Of what is called only when something failed: the compiler then puts the
 * calls behind the code that runs for each packet or line, which fits better
 * into the processor's cache. */
#define GS_COLD __attribute__((cold))

/* Bytes that belong to something else; p may be NULL if n is 0. */
struct gs_span {
	const char *p;
	size_t n;
};

#define GS_LIT(s) ((struct gs_span){ (s), sizeof(s) - 1 })

/* The ending of a noun after the number n: "1 packet", "2 packets". */
static inline const char *
gs_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* The arguments for "%.*s": at most this many bytes of s. */
#define GS_CUT(s, most) (int)((s).n < (most) ? (s).n : (most)), (s).p

static inline struct gs_span
gs_span(const void *p, size_t n)
{
	return (struct gs_span){ p, n };
}

/* The text, without its NUL. */
static inline struct gs_span
gs_span_of(const char *text)
{
	return gs_span(text, strlen(text));
}

static inline bool
gs_span_eq(struct gs_span a, struct gs_span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
gs_span_starts(struct gs_span s, struct gs_span prefix)
{
	return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

static inline bool
gs_span_ends(struct gs_span s, struct gs_span suffix)
{
	return s.n >= suffix.n &&
	    memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0;
}

/* s without its first n bytes. */
static inline struct gs_span
gs_span_skip(struct gs_span s, size_t n)
{
	/* p may be NULL: not even 0 may be added to that. */
	return gs_span(n > 0 ? s.p + n : s.p, s.n - n);
}

/* Removes word from the beginning of s, if it is there. */
static inline bool
gs_span_take(struct gs_span *s, struct gs_span word)
{
	if (!gs_span_starts(*s, word))
		return false;
	*s = gs_span_skip(*s, word.n);
	return true;
}

/* The first c in s, or NULL. */
static inline const char *
gs_span_chr(struct gs_span s, char c)
{
	return s.n == 0 ? NULL : memchr(s.p, c, s.n);
}

/* Removes what is in front of the first c from s, and this c, and returns it;
 * without c, it is all of s. */
static inline struct gs_span
gs_span_until(struct gs_span *s, char c)
{
	const char *end = gs_span_chr(*s, c);
	struct gs_span head =
	    gs_span(s->p, end == NULL ? s->n : (size_t)(end - s->p));

	*s = gs_span_skip(*s, head.n + (end != NULL));
	return head;
}

/* Equal, ignoring the case of ASCII letters. */
bool gs_span_eqcase(struct gs_span a, struct gs_span b);

/* The same for the beginning of s. */
static inline bool
gs_span_begins(struct gs_span s, struct gs_span word)
{
	return s.n >= word.n && gs_span_eqcase(gs_span(s.p, word.n), word);
}

/* s without blanks and tabs at both ends. */
static inline struct gs_span
gs_span_trim(struct gs_span s)
{
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = gs_span_skip(s, 1);
	return s;
}

/* s without white space at both ends, line ends included. */
struct gs_span gs_span_strip(struct gs_span s);

/* Removes the first line from s and returns it without its newline. Returns
 * false if s is empty. */
bool gs_span_line(struct gs_span *s, struct gs_span *line);

/* Offset of the first needle in s, or s.n if there is none. */
size_t gs_span_find(struct gs_span s, struct gs_span needle);

static inline bool
gs_span_has(struct gs_span s, struct gs_span needle)
{
	return gs_span_find(s, needle) < s.n;
}

/* A list of spans, as arguments of the next ones. */
#define GS_ALL(list) (list), sizeof(list) / sizeof((list)[0])

/* Whether s is one of n spans, or has one of them. */
bool gs_span_is_any(struct gs_span s, const struct gs_span *list, size_t n);
bool gs_span_has_any(struct gs_span s, const struct gs_span *list, size_t n);

/* The number of octets from first to last that s begins with. */
size_t gs_span_run(struct gs_span s, char first, char last);

/* The same of octets for which is() is true, such as gs_is_digit(). */
static inline size_t
gs_span_while(struct gs_span s, bool (*is)(int c))
{
	size_t n = 0;

	while (n < s.n && is(s.p[n]))
		n++;
	return n;
}

/* A hash of the bytes, for tables whose entries are then compared. */
uint64_t gs_span_hash(struct gs_span s);

/* Whether no octet is above 0x7f: such text is the same in all encodings that
 * extend ASCII. */
bool gs_span_is_ascii(struct gs_span s);

/* Whether text that begins with s is UTF-16: by its byte order mark, or
 * because it is ASCII in two octets each. */
bool gs_span_is_utf16(struct gs_span begin);

/* The same for UTF-32, with four octets. Its little-endian mark begins like
 * that of UTF-16, so ask this first. */
bool gs_span_is_utf32(struct gs_span begin);

/* Reads s, which must be 1 to n decimal digits and nothing else. Returns 0, or
 * -1 if it is not, or does not fit 64 bits (*v is then unchanged). */
int gs_span_u64(struct gs_span s, uint64_t *v) GS_MUST;

/* Makes room for need entries of one octets each in an array. list is the
 * address of the pointer to the array, *size its capacity in entries; both
 * change if more is needed. Returns false if out of memory; all is unchanged
 * then. */
bool gs_grow(void *list, size_t *size, size_t need, size_t one) GS_MUST;

/* Whether an allocation has failed anywhere in this process, at any time: its
 * output may then be incomplete. */
bool gs_memory_lost(void);

/* Notes that an allocation failed; returns false. */
bool gs_memory_lose(void) GS_COLD;

/* Closes a stream of open_memstream(3). Returns whether all that was written
 * is in its text. */
bool gs_memory_end(FILE *fp, char *const *text);

/* An owned buffer of at most max bytes. All its memory is wiped before it is
 * freed. A put that does not fit or is out of memory sets failed and changes
 * nothing else, and so do all puts after it: a writer may check gs_buf_ok()
 * once, at the end. */
struct gs_buf {
	uint8_t *p;
	size_t n;
	size_t size;
	size_t max;
	bool failed;
};

void gs_buf_init(struct gs_buf *b, size_t max);

/* Wipes and frees; b is then empty and can be used again. */
void gs_buf_free(struct gs_buf *b);

/* Wipes the contents, keeps the memory, and clears failed. */
void gs_buf_clear(struct gs_buf *b);

/* Room for n more bytes after the contents, to be filled and then added with
 * b->n += n. NULL if they do not fit. */
uint8_t *gs_buf_space(struct gs_buf *b, size_t n) GS_MUST;

void gs_buf_put(struct gs_buf *b, const void *p, size_t n);
void gs_buf_puts(struct gs_buf *b, const char *s);
void gs_buf_putc(struct gs_buf *b, int c);
/* In decimal; many times faster than gs_buf_printf(). */
void gs_buf_put_u64(struct gs_buf *b, uint64_t v);
void gs_buf_printf(struct gs_buf *b, const char *fmt, ...) GS_PRINTF(2, 3);
/* A path as a word of sh(1): quoted, and never an option. */
void gs_buf_put_path(struct gs_buf *b, const char *path);

static inline bool
gs_buf_ok(const struct gs_buf *b)
{
	return !b->failed;
}

/* The contents, borrowed until the next call that changes b. */
static inline struct gs_span
gs_buf_span(const struct gs_buf *b)
{
	return (struct gs_span){ b->p != NULL ? (const char *)b->p : "", b->n };
}

/* Length of the UTF-8 sequence at the beginning of s (RFC 3629), with its code
 * point in *cp; 0 if there is none. */
size_t gs_utf8_length(struct gs_span s, uint32_t *cp);

/* Appends a code point as UTF-8. */
void gs_buf_put_utf8(struct gs_buf *b, uint32_t cp);

/* Appends s, with every byte visible on which a terminal or a log could act:
 * control bytes, bytes that are not UTF-8 and bidirectional controls become
 * \xNN. A backslash remains as it is. */
void gs_buf_put_visible(struct gs_buf *b, struct gs_span s);

/* Writes text in the same way to fp, or as many whole characters as fit, and a
 * NUL, to the size octets at to. Neither allocates: errors of allocation use
 * them. */
void gs_print_visible(FILE *fp, const char *text);
void gs_copy_visible(char *to, size_t size, const char *text);

/* text was cut off: removes what is left of an escape (\xNN) at its end. */
void gs_cut_visible(char *text);

/* What is wrong with a base64 text (RFC 4648 section 4). */
enum gs_base64 {
	GS_BASE64_OK = 0,
	GS_BASE64_UNPADDED = 1, /* only "=" is missing */
	GS_BASE64_TRAILING = 2, /* bits beyond the last octet are not zero */
	GS_BASE64_CHAR = 4, /* a character outside the alphabet */
	GS_BASE64_PAD = 8, /* "=" in the middle, or too many */
	GS_BASE64_LENGTH = 16, /* 4n+1 characters */
	GS_BASE64_SPACE = 32, /* more than cap octets */
};

#define GS_BASE64_BAD (GS_BASE64_CHAR | GS_BASE64_PAD | GS_BASE64_LENGTH)

/* Decodes s into out. Returns a set of enum gs_base64 bits. If none of
 * GS_BASE64_BAD is set, *n octets were decoded, of which at most cap were
 * written. *at is the offset of the first wrong character. */
unsigned gs_base64_decode(struct gs_span s, uint8_t *out, size_t cap, size_t *n,
    size_t *at);

#endif
