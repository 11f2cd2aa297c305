/* SPDX-License-Identifier: MIT */
/* A JSON writer (RFC 8259) on a FILE *, safe for any bytes. */
#include "base/json.h"

#include <inttypes.h>
#include <math.h>

void
gs_json_init(struct gs_json *j, FILE *fp)
{
	*j = (struct gs_json){ .fp = fp };
}

static void
comma(struct gs_json *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->depth > 0 && (j->more & 1u << j->depth) != 0)
		(void)putc(',', j->fp);
	j->more |= 1u << j->depth;
}

void
gs_json_open(struct gs_json *j, char bracket)
{
	comma(j);
	(void)putc(bracket, j->fp);
	j->depth++;
	j->more &= ~(1u << j->depth);
}

void
gs_json_close(struct gs_json *j, char bracket)
{
	(void)putc(bracket, j->fp);
	j->depth--;
}

static void
put_string(struct gs_json *j, struct gs_span s)
{
	(void)putc('"', j->fp);
	while (s.n > 0) {
		uint32_t cp = 0;
		size_t n = gs_utf8_length(s, &cp);
		if (n == 0) {
			(void)fputs("\\ufffd", j->fp);
			n = 1;
		} else if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0)) {
			(void)fprintf(j->fp, "\\u%04" PRIx32, cp);
		} else {
			if (cp == '"' || cp == '\\')
				(void)putc('\\', j->fp);
			(void)fwrite(s.p, 1, n, j->fp);
		}
		s.p += n;
		s.n -= n;
	}
	(void)putc('"', j->fp);
}

void
gs_json_key(struct gs_json *j, const char *key)
{
	comma(j);
	put_string(j, gs_span_of(key));
	(void)putc(':', j->fp);
	j->after_key = true;
}

void
gs_json_span(struct gs_json *j, struct gs_span s)
{
	comma(j);
	put_string(j, s);
}

void
gs_json_str(struct gs_json *j, const char *s)
{
	gs_json_span(j, gs_span_of(s));
}

void
gs_json_u64(struct gs_json *j, uint64_t v)
{
	comma(j);
	(void)fprintf(j->fp, "%" PRIu64, v);
}

void
gs_json_i64(struct gs_json *j, int64_t v)
{
	comma(j);
	(void)fprintf(j->fp, "%" PRId64, v);
}

void
gs_json_double(struct gs_json *j, double v)
{
	comma(j);
	if (isfinite(v))
		(void)fprintf(j->fp, "%.3f", v);
	else
		(void)fputs("null", j->fp);
}

void
gs_json_bool(struct gs_json *j, bool v)
{
	comma(j);
	(void)fputs(v ? "true" : "false", j->fp);
}

void
gs_json_null(struct gs_json *j)
{
	comma(j);
	(void)fputs("null", j->fp);
}

void
gs_json_member_str(struct gs_json *j, const char *key, const char *s)
{
	gs_json_key(j, key);
	gs_json_str(j, s);
}

void
gs_json_member_span(struct gs_json *j, const char *key, struct gs_span s)
{
	gs_json_key(j, key);
	gs_json_span(j, s);
}

void
gs_json_member_u64(struct gs_json *j, const char *key, uint64_t v)
{
	gs_json_key(j, key);
	gs_json_u64(j, v);
}

void
gs_json_member_text(struct gs_json *j, const char *key, const char *s)
{
	gs_json_key(j, key);
	if (s != NULL && *s != '\0')
		gs_json_str(j, s);
	else
		gs_json_null(j);
}

void
gs_json_member_place(struct gs_json *j, const char *key, uint64_t v)
{
	gs_json_key(j, key);
	if (v > 0)
		gs_json_u64(j, v);
	else
		gs_json_null(j);
}

void
gs_json_member_bool(struct gs_json *j, const char *key, bool v)
{
	gs_json_key(j, key);
	gs_json_bool(j, v);
}

void
gs_json_newline(struct gs_json *j)
{
	(void)putc('\n', j->fp);
	j->more = 0;
}
