/* SPDX-License-Identifier: MIT */
/* A JSON reader (RFC 8259) over one text in memory. */
#include "base/jsonread.h"

enum {
	VALUE,
	VALUE_OR_CLOSE,
	KEY,
	KEY_OR_CLOSE,
	COMMA_OR_CLOSE,
	DONE,
};

void
gs_jsonread_init(struct gs_jsonread *r, struct gs_span text)
{
	*r = (struct gs_jsonread){ .text = text, .expect = VALUE };
	gs_buf_init(&r->string, GS_JSONREAD_STRING);
}

void
gs_jsonread_free(struct gs_jsonread *r)
{
	gs_buf_free(&r->string);
}

static int
bad(const struct gs_jsonread *r, struct gs_err *err, const char *what)
{
	return gs_err_set(err, "column %zu: %s", r->at + 1, what);
}

/* The octet at hand, -1 at the end. */
static int
peek(const struct gs_jsonread *r)
{
	return r->at < r->text.n ? (unsigned char)r->text.p[r->at] : -1;
}

static void
skip_blanks(struct gs_jsonread *r)
{
	int c;

	while ((c = peek(r)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		r->at++;
}

/* ---- strings */

static int
hex4(struct gs_jsonread *r, uint32_t *v)
{
	*v = 0;
	for (int i = 0; i < 4; i++, r->at++) {
		int c = peek(r);
		int digit = c >= '0' && c <= '9' ? c - '0' :
		    c >= 'a' && c <= 'f'         ? c - 'a' + 10 :
		    c >= 'A' && c <= 'F'         ? c - 'A' + 10 :
						   -1;
		if (digit < 0)
			return -1;
		*v = *v << 4 | (uint32_t)digit;
	}
	return 0;
}

/* Behind "\u". Surrogates must come in pairs; NUL is refused, because the
 * strings end up in C. */
static int
read_unicode(struct gs_jsonread *r, struct gs_err *err)
{
	uint32_t cp, low;

	if (hex4(r, &cp) == -1)
		return bad(r, err, "\\u needs four hexadecimal digits");
	if (cp == 0 || (cp >= 0xdc00 && cp <= 0xdfff))
		return bad(r, err, "this \\u is no character");
	if (cp >= 0xd800 && cp <= 0xdbff) {
		if (r->text.n - r->at < 6 || r->text.p[r->at] != '\\' ||
		    r->text.p[r->at + 1] != 'u')
			return bad(r, err, "half of a surrogate pair");
		r->at += 2;
		if (hex4(r, &low) == -1 || low < 0xdc00 || low > 0xdfff)
			return bad(r, err, "half of a surrogate pair");
		cp = 0x10000 + ((cp & 0x3ff) << 10 | (low & 0x3ff));
	}
	gs_buf_put_utf8(&r->string, cp);
	return 0;
}

static int
read_escape(struct gs_jsonread *r, struct gs_err *err)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	int c = peek(r);
	const char *p = c > 0 ? strchr(from, c) : NULL;

	if (c == 'u') {
		r->at++;
		return read_unicode(r, err);
	}
	if (p == NULL)
		return bad(r, err, "no such escape");
	r->at++;
	gs_buf_putc(&r->string, to[p - from]);
	return 0;
}

/* At the opening quote. */
static int
read_string(struct gs_jsonread *r, struct gs_span *s, struct gs_err *err)
{
	gs_buf_clear(&r->string);
	r->at++;
	while (peek(r) != '"') {
		struct gs_span rest =
		    gs_span(r->text.p + r->at, r->text.n - r->at);
		uint32_t cp;
		size_t n = gs_utf8_length(rest, &cp);

		if (rest.n == 0)
			return bad(r, err, "the string does not end");
		if (n == 0 || cp < 0x20)
			return bad(r, err, "a control byte, or not UTF-8");
		if (cp != '\\') {
			gs_buf_put(&r->string, rest.p, n);
			r->at += n;
			continue;
		}
		r->at++;
		if (read_escape(r, err) == -1)
			return -1;
	}
	r->at++;
	*s = gs_buf_span(&r->string);
	return gs_buf_ok(&r->string) ? 0 :
				       bad(r, err, "the string is too long");
}

/* ---- numbers and names */

static bool
digits(struct gs_jsonread *r)
{
	size_t from = r->at;
	int c;

	while ((c = peek(r)) >= '0' && c <= '9')
		r->at++;
	return r->at > from;
}

static int
read_number(struct gs_jsonread *r, struct gs_span *s, struct gs_err *err)
{
	size_t from = r->at;
	bool ok;

	if (peek(r) == '-')
		r->at++;
	if (peek(r) == '0') {
		r->at++;
		ok = true;
	} else {
		ok = digits(r);
	}
	if (ok && peek(r) == '.') {
		r->at++;
		ok = digits(r);
	}
	if (ok && (peek(r) == 'e' || peek(r) == 'E')) {
		r->at++;
		if (peek(r) == '+' || peek(r) == '-')
			r->at++;
		ok = digits(r);
	}
	*s = gs_span(r->text.p + from, r->at - from);
	return ok ? 0 : bad(r, err, "no JSON value");
}

static bool
read_name(struct gs_jsonread *r, struct gs_span name)
{
	struct gs_span rest = gs_span(r->text.p + r->at, r->text.n - r->at);

	if (!gs_span_starts(rest, name))
		return false;
	r->at += name.n;
	return true;
}

/* ---- tokens */

static int
after_value(const struct gs_jsonread *r)
{
	return r->depth == 0 ? DONE : COMMA_OR_CLOSE;
}

static bool
in_object(const struct gs_jsonread *r)
{
	return (r->objects >> r->depth & 1) != 0;
}

static int
open_level(struct gs_jsonread *r, struct gs_json_token *t, struct gs_err *err)
{
	bool object = peek(r) == '{';

	if (r->depth == GS_JSONREAD_DEPTH)
		return bad(r, err, "nested too deeply");
	r->at++;
	r->depth++;
	r->objects &= ~(UINT32_C(1) << r->depth);
	r->objects |= (uint32_t)object << r->depth;
	r->expect = object ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
	t->kind = object ? GS_JSON_OBJECT : GS_JSON_ARRAY;
	return 1;
}

static int
read_value(struct gs_jsonread *r, struct gs_json_token *t, struct gs_err *err)
{
	int c = peek(r);

	if (c == '{' || c == '[')
		return open_level(r, t, err);
	r->expect = after_value(r);
	if (c == '"') {
		t->kind = GS_JSON_STRING;
		return read_string(r, &t->text, err) == -1 ? -1 : 1;
	}
	if (read_name(r, GS_LIT("true")))
		t->kind = GS_JSON_TRUE;
	else if (read_name(r, GS_LIT("false")))
		t->kind = GS_JSON_FALSE;
	else if (read_name(r, GS_LIT("null")))
		t->kind = GS_JSON_NULL;
	else {
		t->kind = GS_JSON_NUMBER;
		return read_number(r, &t->text, err) == -1 ? -1 : 1;
	}
	return 1;
}

static int
read_key(struct gs_jsonread *r, struct gs_json_token *t, struct gs_err *err)
{
	if (peek(r) != '"')
		return bad(r, err, "a key in quotes must stand here");
	t->kind = GS_JSON_KEY;
	if (read_string(r, &t->text, err) == -1)
		return -1;
	skip_blanks(r);
	if (peek(r) != ':')
		return bad(r, err, "a colon must stand here");
	r->at++;
	r->expect = VALUE;
	return 1;
}

static int
close_level(struct gs_jsonread *r, struct gs_json_token *t)
{
	r->at++;
	r->depth--;
	r->expect = after_value(r);
	t->kind = GS_JSON_CLOSE;
	return 1;
}

int
gs_jsonread_next(struct gs_jsonread *r, struct gs_json_token *t,
    struct gs_err *err)
{
	bool object = in_object(r);

	*t = (struct gs_json_token){ 0 };
	skip_blanks(r);
	if (r->expect == DONE)
		return r->at == r->text.n ?
		    0 :
		    bad(r, err, "something stands behind the value");
	if (r->at == r->text.n)
		return bad(r, err, "the text ends too early");
	if (r->expect >= KEY_OR_CLOSE || r->expect == VALUE_OR_CLOSE)
		if (peek(r) == (object ? '}' : ']'))
			return close_level(r, t);
	if (r->expect == COMMA_OR_CLOSE) {
		if (peek(r) != ',')
			return bad(r, err, "a comma must stand here");
		r->at++;
		skip_blanks(r);
		r->expect = object ? KEY : VALUE;
	}
	return r->expect == KEY || r->expect == KEY_OR_CLOSE ?
	    read_key(r, t, err) :
	    read_value(r, t, err);
}

int
gs_jsonread_skip(struct gs_jsonread *r, const struct gs_json_token *t,
    struct gs_err *err)
{
	unsigned depth = r->depth;
	struct gs_json_token next;

	if (t->kind != GS_JSON_OBJECT && t->kind != GS_JSON_ARRAY)
		return 0;
	while (r->depth >= depth)
		if (gs_jsonread_next(r, &next, err) != 1)
			return -1;
	return 0;
}
