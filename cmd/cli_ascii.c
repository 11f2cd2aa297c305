/* SPDX-License-Identifier: MIT */
/* Output in ASCII only, for locales without UTF-8. */
#define _GNU_SOURCE /* fopencookie */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli_priv.h"

enum { BUFFER = 64 * 1024 };

/* A character may arrive in pieces. */
struct ascii {
	FILE *fp;
	uint8_t held[4];
	size_t n;
};

bool
cli_ascii_wanted(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale = NULL;

	for (size_t i = 0; i < 3 && (locale == NULL || *locale == '\0'); i++)
		locale = getenv(names[i]);
	return locale == NULL ||
	    (strcasestr(locale, "utf-8") == NULL &&
		strcasestr(locale, "utf8") == NULL);
}

/* The length of the character that begins with c; 0: none does. */
static size_t
length_by(uint8_t c)
{
	return c < 0x80 ? 1 :
	    c < 0xc2    ? 0 :
	    c < 0xe0    ? 2 :
	    c < 0xf0    ? 3 :
	    c < 0xf5    ? 4 :
			  0;
}

static void
put_character(FILE *fp, uint32_t c)
{
	if (c < 0x10000) {
		(void)fprintf(fp, "\\u%04x", c);
		return;
	}
	c -= 0x10000;
	(void)fprintf(fp, "\\u%04x\\u%04x", 0xd800 + (c >> 10),
	    0xdc00 + (c & 0x3ff));
}

/* Writes what is held, if it is a character or cannot become one. */
static void
settle(struct ascii *a)
{
	while (a->n > 0) {
		struct gs_span held = gs_span(a->held, a->n);
		size_t want = length_by(a->held[0]), done = 1;
		uint32_t c;

		if (want > a->n &&
		    (a->n < 2 || (a->held[a->n - 1] & 0xc0) == 0x80))
			return;
		if (want > 1 && want <= a->n &&
		    gs_utf8_length(held, &c) == want) {
			put_character(a->fp, c);
			done = want;
		} else if (a->held[0] < 0x80) {
			(void)putc(a->held[0], a->fp);
		} else {
			(void)fprintf(a->fp, "\\x%02x", a->held[0]);
		}
		a->n -= done;
		memmove(a->held, a->held + done, a->n);
	}
}

static ssize_t
put(void *cookie, const char *text, size_t n)
{
	struct ascii *a = cookie;

	for (size_t i = 0; i < n;) {
		size_t run = 0;

		while (
		    a->n == 0 && i + run < n && (uint8_t)text[i + run] < 0x80)
			run++;
		if (run > 0) {
			(void)fwrite(text + i, 1, run, a->fp);
			i += run;
			continue;
		}
		a->held[a->n++] = (uint8_t)text[i++];
		settle(a);
	}
	/* Such a function fails with 0. */
	return fflush(a->fp) == 0 && ferror(a->fp) == 0 ? (ssize_t)n : 0;
}

static int
end(void *cookie)
{
	struct ascii *a = cookie;

	for (size_t i = 0; i < a->n; i++)
		(void)fprintf(a->fp, "\\x%02x", a->held[i]);
	return 0;
}

FILE *
cli_ascii_open(FILE *fp)
{
	/* They live as long as the two streams, until the process ends. */
	static struct ascii streams[2];
	struct ascii *a = &streams[fp == stderr];
	FILE *stream = fopencookie(a, "w",
	    (cookie_io_functions_t){ .write = put, .close = end });

	if (stream == NULL)
		return NULL;
	a->fp = fp;
	(void)setvbuf(stream, NULL, fp == stderr ? _IONBF : _IOFBF, BUFFER);
	return stream;
}
