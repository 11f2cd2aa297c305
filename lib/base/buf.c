/* SPDX-License-Identifier: MIT */
/* Bytes: borrowed spans, and owned buffers with a limit that are wiped. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"

enum { MIN_SIZE = 64, FIRST_SIZE = 16 };

bool
gs_span_eqcase(struct gs_span a, struct gs_span b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (gs_lower(a.p[i]) != gs_lower(b.p[i]))
			return false;
	return true;
}

struct gs_span
gs_span_strip(struct gs_span s)
{
	while (s.n > 0 && gs_is_white(s.p[s.n - 1]))
		s.n--;
	while (s.n > 0 && gs_is_white(s.p[0]))
		s = gs_span_skip(s, 1);
	return s;
}

bool
gs_span_line(struct gs_span *s, struct gs_span *line)
{
	if (s->n == 0)
		return false;
	const char *nl = memchr(s->p, '\n', s->n);
	size_t n = nl == NULL ? s->n : (size_t)(nl - s->p);
	*line = gs_span(s->p, n);
	n += nl != NULL;
	*s = gs_span(s->p + n, s->n - n);
	return true;
}

size_t
gs_span_find(struct gs_span s, struct gs_span needle)
{
	size_t at = 0;

	if (needle.n == 0)
		return 0;
	while (s.n - at >= needle.n) {
		const char *hit =
		    memchr(s.p + at, needle.p[0], s.n - at - needle.n + 1);
		if (hit == NULL)
			return s.n;
		/* The last octet distinguishes most; two have no others. */
		if (hit[needle.n - 1] == needle.p[needle.n - 1] &&
		    (needle.n <= 2 || memcmp(hit, needle.p, needle.n) == 0))
			return (size_t)(hit - s.p);
		at = (size_t)(hit - s.p) + 1;
	}
	return s.n;
}

bool
gs_span_is_any(struct gs_span s, const struct gs_span *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (gs_span_eq(s, list[i]))
			return true;
	return false;
}

bool
gs_span_has_any(struct gs_span s, const struct gs_span *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (gs_span_has(s, list[i]))
			return true;
	return false;
}

bool
gs_span_is_ascii(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

size_t
gs_span_run(struct gs_span s, char first, char last)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= first && s.p[n] <= last)
		n++;
	return n;
}

uint64_t
gs_span_hash(struct gs_span s)
{
	const size_t n = s.n;
	uint64_t h = n, w = 0;

	/* A size that is known here needs no call of memcpy(). */
	for (; s.n >= sizeof(w); s = gs_span_skip(s, sizeof(w))) {
		memcpy(&w, s.p, sizeof(w));
		h = gs_hash_add(h, w);
	}
	if (s.n == 0)
		return h;
	/* The last octets, some of them once more. */
	if (n >= sizeof(w))
		memcpy(&w, s.p + s.n - sizeof(w), sizeof(w));
	else
		memcpy(&w, s.p, s.n);
	return gs_hash_add(h, w);
}

bool
gs_span_is_utf16(struct gs_span begin)
{
	return gs_span_starts(begin, GS_LIT("\xff\xfe")) ||
	    gs_span_starts(begin, GS_LIT("\xfe\xff")) ||
	    (begin.n >= 2 && (begin.p[0] == 0) != (begin.p[1] == 0));
}

bool
gs_span_is_utf32(struct gs_span begin)
{
	const char *p = begin.p;

	return gs_span_starts(begin, GS_LIT("\xff\xfe\0\0")) ||
	    gs_span_starts(begin, GS_LIT("\0\0\xfe\xff")) ||
	    (begin.n >= 4 && p[1] == 0 && p[2] == 0 &&
		(p[0] == 0) != (p[3] == 0));
}

int
gs_span_u64(struct gs_span s, uint64_t *v)
{
	uint64_t r = 0;

	if (s.n == 0)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		unsigned d = (unsigned)(s.p[i] - '0');
		if (r > (UINT64_MAX - d) / 10)
			return -1;
		r = r * 10 + d;
	}
	*v = r;
	return 0;
}

/* The one thing that is known of the whole process, like errno: what was left
 * out for want of memory can be anywhere, and no result is whole then. */
static atomic_bool lost;

bool
gs_memory_lose(void)
{
	atomic_store(&lost, true);
	return false;
}

bool
gs_memory_lost(void)
{
	return atomic_load(&lost);
}

bool
gs_memory_end(FILE *fp, char *const *text)
{
	bool whole = ferror(fp) == 0;

	/* glibc's fclose() gives no text back, and succeeds. */
	whole = fclose(fp) == 0 && whole && *text != NULL;
	return whole || gs_memory_lose();
}

bool
gs_grow(void *list, size_t *size, size_t need, size_t one)
{
	size_t more = *size < FIRST_SIZE ? FIRST_SIZE : *size;
	void *p;

	if (need <= *size)
		return true;
	if (need > SIZE_MAX / 4 / one)
		return false;
	while (more < need)
		more *= 2;
	memcpy(&p, list, sizeof(p));
	p = reallocarray(p, more, one);
	if (p == NULL)
		return gs_memory_lose();
	memcpy(list, &p, sizeof(p));
	*size = more;
	return true;
}

void
gs_buf_init(struct gs_buf *b, size_t max)
{
	*b = (struct gs_buf){ .max = max };
}

void
gs_buf_free(struct gs_buf *b)
{
	if (b->p != NULL)
		explicit_bzero(b->p, b->size);
	free(b->p);
	gs_buf_init(b, b->max);
}

void
gs_buf_clear(struct gs_buf *b)
{
	if (b->n > 0)
		explicit_bzero(b->p, b->n);
	b->n = 0;
	b->failed = false;
}

/* realloc() may leave a copy, so the old block is wiped here. */
static bool
grow(struct gs_buf *b, size_t need)
{
	size_t size = b->size < MIN_SIZE ? MIN_SIZE : b->size;

	while (size < need)
		size = size > b->max / 2 ? b->max : size * 2;
	uint8_t *p = malloc(size);
	if (p == NULL)
		return gs_memory_lose();
	if (b->n > 0)
		memcpy(p, b->p, b->n);
	if (b->p != NULL)
		explicit_bzero(b->p, b->n);
	free(b->p);
	b->p = p;
	b->size = size;
	return true;
}

static inline uint8_t *
space(struct gs_buf *b, size_t n)
{
	if (b->failed)
		return NULL;
	if (n > b->max - b->n || (n > b->size - b->n && !grow(b, b->n + n))) {
		b->failed = true;
		return NULL;
	}
	return b->p != NULL ? b->p + b->n : NULL;
}

uint8_t *
gs_buf_space(struct gs_buf *b, size_t n)
{
	return space(b, n);
}

void
gs_buf_put(struct gs_buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	uint8_t *to = space(b, n);
	if (to == NULL)
		return;
	memcpy(to, p, n);
	b->n += n;
}

void
gs_buf_puts(struct gs_buf *b, const char *s)
{
	gs_buf_put(b, s, strlen(s));
}

void
gs_buf_putc(struct gs_buf *b, int c)
{
	uint8_t *to = gs_buf_space(b, 1);

	if (to == NULL)
		return;
	*to = (uint8_t)c;
	b->n++;
}

void
gs_buf_put_u64(struct gs_buf *b, uint64_t v)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	gs_buf_put(b, digits + at, sizeof(digits) - at);
}

void
gs_buf_printf(struct gs_buf *b, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	/* vsnprintf writes a NUL after the text: it needs room, but is not
	 * kept. */
	uint8_t *to = n < 0 ? NULL : gs_buf_space(b, (size_t)n + 1);
	if (to != NULL) {
		(void)vsnprintf((char *)to, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	} else {
		b->failed = true;
	}
	va_end(again);
}

void
gs_buf_put_utf8(struct gs_buf *b, uint32_t cp)
{
	if (cp < 0x80) {
		gs_buf_putc(b, (int)cp);
		return;
	}
	if (cp < 0x800) {
		gs_buf_putc(b, (int)(0xc0 | cp >> 6));
	} else if (cp < 0x10000) {
		gs_buf_putc(b, (int)(0xe0 | cp >> 12));
		gs_buf_putc(b, (int)(0x80 | (cp >> 6 & 0x3f)));
	} else {
		gs_buf_putc(b, (int)(0xf0 | cp >> 18));
		gs_buf_putc(b, (int)(0x80 | (cp >> 12 & 0x3f)));
		gs_buf_putc(b, (int)(0x80 | (cp >> 6 & 0x3f)));
	}
	gs_buf_putc(b, (int)(0x80 | (cp & 0x3f)));
}

size_t
gs_utf8_length(struct gs_span s, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const uint8_t *u = (const uint8_t *)s.p;

	if (s.n == 0 || (u[0] >= 0x80 && (u[0] < 0xc2 || u[0] > 0xf4)))
		return 0;
	size_t n = u[0] < 0x80 ? 1 : u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
	if (n > s.n)
		return 0;
	*cp = n == 1 ? u[0] : u[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (u[i] & 0x3fu);
	}
	if (*cp < least[n] || (*cp >= 0xd800 && *cp <= 0xdfff) ||
	    *cp > 0x10ffff)
		return 0;
	return n;
}

static bool
acts_on_terminal(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x200e ||
	    cp == 0x200f || (cp >= 0x2028 && cp <= 0x202e) ||
	    (cp >= 0x2066 && cp <= 0x2069);
}

enum { SHOWN = 4 * 4 + 1 };

/* Takes off s what is shown as it is, or a character that is not, whose octets
 * become \xNN in shown. */
static struct gs_span
take_visible(struct gs_span *s, char shown[SHOWN])
{
	uint32_t cp = ' ';
	size_t n = gs_span_run(*s, ' ', '~');
	struct gs_span v = { s->p, n };

	if (n == 0)
		v.n = n = gs_utf8_length(*s, &cp);
	if (n == 0 || acts_on_terminal(cp)) {
		n = n > 0 ? n : 1;
		for (size_t i = 0; i < n; i++)
			(void)snprintf(shown + 4 * i, SHOWN - 4 * i, "\\x%02x",
			    (unsigned char)s->p[i]);
		v = gs_span(shown, 4 * n);
	}
	*s = gs_span_skip(*s, n);
	return v;
}

void
gs_buf_put_visible(struct gs_buf *b, struct gs_span s)
{
	char shown[SHOWN];

	while (s.n > 0) {
		struct gs_span v = take_visible(&s, shown);
		gs_buf_put(b, v.p, v.n);
	}
}

void
gs_print_visible(FILE *fp, const char *text)
{
	struct gs_span s = gs_span_of(text);
	char shown[SHOWN];

	while (s.n > 0) {
		struct gs_span v = take_visible(&s, shown);
		(void)fwrite(v.p, 1, v.n, fp);
	}
}

void
gs_cut_visible(char *text)
{
	char *escape = strrchr(text, '\\');

	if (escape != NULL && strlen(escape) < strlen("\\xNN") &&
	    (escape[1] == '\0' || escape[1] == 'x'))
		*escape = '\0';
}

void
gs_copy_visible(char *to, size_t size, const char *text)
{
	struct gs_span s = gs_span_of(text);
	char shown[SHOWN];
	size_t n = 0;
	bool cut = false;

	while (s.n > 0 && !cut) {
		struct gs_span v = take_visible(&s, shown);
		cut = v.n > size - 1 - n;
		if (cut) /* between characters */
			v.n = gs_span_run(v, ' ', '~') == v.n && v.p != shown ?
			    size - 1 - n :
			    0;
		memcpy(to + n, v.p, v.n);
		n += v.n;
	}
	to[n] = '\0';
	if (cut)
		gs_cut_visible(to);
}

/* One more than the value of each character from "+" to "z". A table, because
 * the characters of keys cannot be predicted. */
static const int8_t base64_values[] = { 63, 0, 0, 0, 64, 53, 54, 55, 56, 57, 58,
	59, 60, 61, 62, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
	12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 0, 0, 0, 0,
	0, 0, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42,
	43, 44, 45, 46, 47, 48, 49, 50, 51, 52 };

static int
base64_value(char c)
{
	size_t i = (size_t)(unsigned char)c - '+';

	return i < sizeof(base64_values) ? base64_values[i] - 1 : -1;
}

unsigned
gs_base64_decode(struct gs_span s, uint8_t *out, size_t cap, size_t *n,
    size_t *at)
{
	size_t chars = s.n, pads = 0, k = 0;
	uint32_t bits = 0;
	unsigned have = 0, what = GS_BASE64_OK;

	while (chars > 0 && s.p[chars - 1] == '=') {
		chars--;
		pads++;
	}
	*n = 0;
	*at = chars;
	for (size_t i = 0; i < chars; i++) {
		int v = base64_value(s.p[i]);
		if (v < 0) {
			*at = i;
			return s.p[i] == '=' ? GS_BASE64_PAD : GS_BASE64_CHAR;
		}
		bits = (bits << 6 | (uint32_t)v) & 0xffffu;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (k < cap)
			out[k] = (uint8_t)(bits >> have);
		k++;
	}
	if (chars % 4 == 1)
		return GS_BASE64_LENGTH;
	if (pads > 0 && (chars + pads) % 4 != 0)
		return GS_BASE64_PAD;
	if (pads > 2)
		return GS_BASE64_PAD;
	if (pads == 0 && chars % 4 != 0)
		what |= GS_BASE64_UNPADDED;
	if ((bits & ((1u << have) - 1)) != 0)
		what |= GS_BASE64_TRAILING;
	if (k > cap)
		what |= GS_BASE64_SPACE;
	*n = k;
	return what;
}

void
gs_buf_put_path(struct gs_buf *b, const char *path)
{
	size_t n;

	/* A leading "-" would be an option. */
	gs_buf_puts(b, path[0] == '-' ? "'./" : "'");
	while (*path != '\0') {
		n = strcspn(path, "'");
		gs_buf_put_visible(b, gs_span(path, n));
		path += n;
		if (*path == '\'') {
			gs_buf_puts(b, "'\\''");
			path++;
		}
	}
	gs_buf_putc(b, '\'');
}
