/* SPDX-License-Identifier: MIT */
/* A JSON reader (RFC 8259) over one text in memory: token by token, strict,
 * without recursion. */
#ifndef GSPROV_BASE_JSONREAD_H
#define GSPROV_BASE_JSONREAD_H

#include "diag.h"

#pragma GCC visibility push(default)

enum {
	GS_JSONREAD_DEPTH = 30, /* of nested objects and arrays */
	GS_JSONREAD_STRING = 64 * 1024, /* octets of a string, decoded */
};

enum gs_json_kind {
	GS_JSON_OBJECT, /* begins */
	GS_JSON_ARRAY,
	GS_JSON_CLOSE, /* of either */
	GS_JSON_KEY,
	GS_JSON_STRING,
	GS_JSON_NUMBER,
	GS_JSON_TRUE,
	GS_JSON_FALSE,
	GS_JSON_NULL,
};

/* text: a key or string decoded, without NUL, in UTF-8; a number as it
 * stands. Borrowed until the next call. */
struct gs_json_token {
	enum gs_json_kind kind;
	struct gs_span text;
};

struct gs_jsonread {
	struct gs_span text;
	size_t at;
	unsigned depth;
	uint32_t objects; /* bit d: level d is an object */
	int expect;
	struct gs_buf string;
};

/* text is the caller's and outlives r. */
void gs_jsonread_init(struct gs_jsonread *r, struct gs_span text);
void gs_jsonread_free(struct gs_jsonread *r);

/* The next token. Returns 1, 0 after the only value of the text, -1: the
 * text is no JSON; err says why and at which column. Object members with one
 * name are not looked for. */
int gs_jsonread_next(struct gs_jsonread *r, struct gs_json_token *t,
    struct gs_err *err) GS_MUST;

/* After a token t that begins a value: reads on behind the value. Returns 0
 * or -1. */
int gs_jsonread_skip(struct gs_jsonread *r, const struct gs_json_token *t,
    struct gs_err *err) GS_MUST;

#pragma GCC visibility pop

#endif
