/* SPDX-License-Identifier: MIT */
/* A JSON writer (RFC 8259) on a FILE *, safe for any bytes. */
#ifndef GSPROV_BASE_JSON_H
#define GSPROV_BASE_JSON_H

#include "base/buf.h"

/* A writer. Commas are added by it. Write errors remain in the FILE, for
 * ferror(). Values may be nested 30 levels deep. */
struct gs_json {
	FILE *fp;
	uint32_t more; /* bit d: level d has had a member */
	unsigned depth;
	bool after_key;
};

void gs_json_init(struct gs_json *j, FILE *fp);

void gs_json_open(struct gs_json *j, char bracket);
void gs_json_close(struct gs_json *j, char bracket);
void gs_json_key(struct gs_json *j, const char *key);

/* Bytes that are not UTF-8 are written as U+FFFD. */
void gs_json_span(struct gs_json *j, struct gs_span s);
void gs_json_str(struct gs_json *j, const char *s);
void gs_json_u64(struct gs_json *j, uint64_t v);
void gs_json_i64(struct gs_json *j, int64_t v);
/* With three decimals. NaN and infinities, which JSON lacks, are null. */
void gs_json_double(struct gs_json *j, double v);
void gs_json_bool(struct gs_json *j, bool v);
void gs_json_null(struct gs_json *j);

/* A key and its value. */
void gs_json_member_str(struct gs_json *j, const char *key, const char *s);
void gs_json_member_span(struct gs_json *j, const char *key, struct gs_span s);
void gs_json_member_u64(struct gs_json *j, const char *key, uint64_t v);

/* The same, but unknown values (no text, an empty text, place 0) are null. */
void gs_json_member_text(struct gs_json *j, const char *key, const char *s);
void gs_json_member_place(struct gs_json *j, const char *key, uint64_t v);
void gs_json_member_bool(struct gs_json *j, const char *key, bool v);

/* Ends a line between top-level values (JSON Lines). */
void gs_json_newline(struct gs_json *j);

#endif
