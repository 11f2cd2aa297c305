/* SPDX-License-Identifier: MIT */
/* The report about a stream: made from a view, or read from a line of JSON;
 * written as such a line, or as a row of a table. */
#ifndef GSPROV_MEDIA_RECORD_H
#define GSPROV_MEDIA_RECORD_H

#include "srtp/stream.h"

struct gs_json;
struct gs_media_notes;
struct gs_media_notes_run;
struct gs_media_table;

enum {
	GS_RECORD_KEYS = 1024,
	GS_RECORD_TEXTS = 256, /* notes, addresses */
	GS_RECORD_TEXT = 64 * 1024, /* octets of one that is read */
	GS_RECORD_DEPTH = 30, /* of brackets in a line, */
	GS_RECORD_BRACKETS = 64 * 1024, /* and how many */
	GS_RECORD_COLUMNS = 15,
};

/* A number that is null in JSON. */
#define GS_RECORD_NONE UINT64_MAX

struct gs_media_texts {
	const char **text;
	size_t n;
};

/* A key, and what it opened. */
struct gs_media_record_key {
	const char *print;
	const char *suite;
	uint64_t tag_bits;
	const char *from; /* where it was seen */
	uint64_t start; /* ns */
	uint64_t end;
	struct gs_net_runs received;
};

enum gs_media_record_opinion { GS_OPINION_NONE, GS_CONFIRMED, GS_DISAGREED };

/* Texts live as long as the record; NULL is null. */
struct gs_media_record {
	const char *file;
	const char *src;
	const char *dst; /* the last one */
	const char *ssrc;
	uint64_t type;
	const char *codec;
	uint64_t clock; /* 0: not known */
	uint64_t format_end; /* ns: the end of the piece that told it */
	struct gs_media_record_key now; /* the newest key, without received */
	uint64_t roc_first;
	uint64_t roc_last;
	struct gs_srtp_stream_counts count; /* failed: for AUTH and for KEY */
	uint64_t rtcp_tag_bits; /* 0: not known */
	uint64_t lost;
	uint64_t duplicates;
	uint64_t late;
	double jitter_ms; /* not finite: not known */
	double jitter_mean_ms; /* these, too */
	double jitter_max_ms;
	double delta_max_ms;
	double gap_max_ms;
	enum gs_media_record_opinion opinion; /* of libsrtp2 */
	enum gs_srtp_verdict verdict;
	struct gs_media_texts notes; /* sentences */
	struct gs_media_texts lasting; /* those that are true of every piece */
	struct gs_media_texts
	    moved; /* where else it was sent to; once read, dst too */
	struct gs_media_record_key *key;
	size_t keys;
	bool keys_over; /* there were more: key is empty */
	struct gs_srtp_stretch stretch[GS_STREAM_STRETCHES];
	size_t stretches; /* 0: of a merge */
	struct gs_media_record *into; /* the record into which it was joined,
				       * or NULL */
	struct gs_media_kept *kept; /* its texts */
	bool no_memory; /* something is missing */
	bool full; /* too many keys or texts */
};

/* Fills r with v, which came from file. False if out of memory. */
bool gs_media_record_make(struct gs_media_record *r,
    const struct gs_srtp_stream_view *v, const char *file,
    const struct gs_media_notes *notes, const struct gs_media_notes_run *run);
void gs_media_record_free(struct gs_media_record *r);

/* Reads a line: the members that are joined, not those that follow from them.
 * Of members with one name, the last counts. Returns 0, or -1: malformed, too
 * much, or out of memory; r is then empty. */
int gs_media_record_read(struct gs_media_record *r, struct gs_span line,
    struct gs_err *err) GS_MUST;

/* Appends name and version of jansson. */
void gs_media_record_library(struct gs_buf *b);

/* Writes r as a line. */
void gs_media_record_write(const struct gs_media_record *r, struct gs_json *j);

/* The headings, for gs_media_table_new(), and r as the cells below. */
extern const char *const gs_media_record_columns[GS_RECORD_COLUMNS];
void gs_media_record_row(const struct gs_media_record *r,
    struct gs_media_table *t);

/* Adds b, of the same stream and read as r was, to r. Returns 0 or -1. */
int gs_media_record_join(struct gs_media_record *r,
    const struct gs_media_record *b, struct gs_err *err) GS_MUST;

/* Fills in what follows from a record that was read and joined: counts,
 * counters, notes. Returns 0 or -1. */
int gs_media_record_finish(struct gs_media_record *r,
    struct gs_err *err) GS_MUST;

/* ---- for joining records; r notes what could not be done */

/* A copy of text that lives as long as r. */
const char *gs_media_record_keep(struct gs_media_record *r, const char *text);

/* Adds a copy of text to t, a sorted set of r. */
void gs_media_record_insert(struct gs_media_record *r, struct gs_media_texts *t,
    const char *text);

/* Adds what k opened to the keys, which are sorted by print. */
void gs_media_record_add_key(struct gs_media_record *r,
    const struct gs_media_record_key *k);
void gs_media_record_forget_keys(struct gs_media_record *r);

/* The key in use last, or NULL. */
const struct gs_media_record_key *gs_media_record_newest_key(
    const struct gs_media_record *r);

/* Returns 0, or -1 if something did not fit in r. */
int gs_media_record_check(const struct gs_media_record *r,
    struct gs_err *err) GS_MUST;

#endif
