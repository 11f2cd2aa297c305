/* SPDX-License-Identifier: MIT */
/* The state of textsrc.h's reader, and the parts that read its lines. */
#ifndef GSPROV_TEXT_READER_PRIV_H
#define GSPROV_TEXT_READER_PRIV_H

#include <stdlib.h>

#include "text/align_priv.h"
#include "text/grephead_priv.h"
#include "text/sink.h"

struct text_coded;
struct text_lanes;
struct text_log;
struct text_mime;
struct text_pieces;
struct text_records;
struct text_reg;
struct text_sdp;
struct text_sip;
struct text_soft;
struct text_table;
struct text_trace;

struct gs_text_reader {
	enum gs_text_type forced;
	enum gs_text_type type;
	struct gs_text_sink sink;
	uint64_t line; /* number of the current line */
	enum gs_sdp_transport carried; /* known from another source */
	bool cut; /* the end of the current message is missing */
	char when[GS_TEXT_WHEN]; /* time of the last dated line, or of the
				  * packet */
	char src[64]; /* source and destination of the packet */
	char dst[64];
	char about[64]; /* the UUID before the current line */
	char uuid[TEXT_UUID]; /* the UUID recognised last, without a NUL */
	const char *end; /* end of the current piece */
	const char *equals; /* the next "=" in it, or its end; NULL: unknown */
	struct gs_buf carry; /* the line so far, from earlier pieces */
	struct gs_buf over; /* its part beyond the limit */
	bool doubled; /* each line so far came twice */
	struct gs_buf first; /* the first of two such lines, if it was the last
			      * line */
	bool cr; /* lines in carry that ended in a CR were read */
	bool no_memory;
	size_t kept; /* lines that went into blocks, and keys */
	bool quick; /* gs_text_fslog_boring() may reject lines unseen */
	size_t before; /* length of the previous line */
	size_t longest; /* length of the longest line so far, without those
			 * passed over */
	size_t fold; /* width at which a terminal broke all lines; 0: unknown */
	size_t mark; /* octets before the rest of a broken line; 0: unknown */
	struct gs_buf plain; /* a line as a reader sees it */
	struct gs_buf narrow; /* a line of UTF-16, as ASCII */
	struct gs_sdp_line *out; /* the lines of a block that is passed on */
	size_t out_size;
	struct text_grep grep;
	struct text_shape tail; /* the text that ends each line */
	struct gs_buf flat; /* a line without its escapes */
	bool others; /* there was a line that no part took */
	struct gs_buf part; /* a line that rtpengine continues after "... " */
	struct gs_pos part_pos;
	uint64_t listed; /* the last line that was an element of a list */
	bool tshark; /* output of tshark -V was found, and reported */
	struct text_coded *coded; /* lines that may be encoded */
	struct text_records *records; /* records whose strings are lines */
	struct text_mime *mime; /* a part of a mail in base64 */
	struct text_soft *soft; /* lines that continue on the next one */
	struct text_pieces *pieces; /* lines that were cut */
	struct text_table *table; /* a table with bars */
	struct text_lanes *lanes; /* texts with a prefix */
	bool in_lane; /* sdp and sip belong to one of them */
	struct text_sdp *sdp; /* the parts, created when needed */
	struct text_sip *sip;
	struct text_log *log;
	struct text_reg *reg;
};

/* at is the address of a pointer. If that is NULL, it gets size octets of
 * zeros. Returns false if out of memory. */
static inline bool
text_need(struct gs_text_reader *t, void *at, size_t size)
{
	void *p;

	memcpy(&p, at, sizeof(p));
	if (p == NULL)
		p = calloc(1, size);
	memcpy(at, &p, sizeof(p));
	t->no_memory |= p == NULL;
	return p != NULL;
}

/* Copies s, a line or a part of it, to b. */
static inline void
text_keep(struct gs_text_reader *t, struct gs_buf *b, struct gs_span s)
{
	b->max = GS_TEXT_LINE;
	gs_buf_clear(b);
	gs_buf_put(b, s.p, s.n);
	t->no_memory |= !gs_buf_ok(b);
}

/* Whether a message is read as it was sent: no line of a log or a trace is
 * between its own. */
static inline bool
text_is_packet(const struct gs_text_reader *t)
{
	return t->line == 0;
}

/* Whether the current line continues the previous one, which is as long as all
 * lines that were broken. */
static inline bool
text_goes_on(const struct gs_text_reader *t)
{
	return t->fold > 0 && t->before == t->fold;
}

/* The same, or no line so far was longer than the previous one: a terminal may
 * have broken it, without removing a blank. */
static inline bool
text_is_full(const struct gs_text_reader *t)
{
	return text_goes_on(t) || t->before >= t->longest;
}

/* gs_text_is_uuid() of s, which is usually the same as on the previous line. */
static inline bool
text_is_call(struct gs_text_reader *t, struct gs_span s)
{
	if (s.n < sizeof(t->uuid))
		return false;
	if (t->uuid[0] != '\0' && memcmp(t->uuid, s.p, sizeof(t->uuid)) == 0)
		return true;
	if (!gs_text_is_uuid(s))
		return false;
	memcpy(t->uuid, s.p, sizeof(t->uuid));
	return true;
}

/* ---- the parts. Each _line() returns true if it took the line. */

/* sdptext.c: bare SDP */
bool gs_text_sdp_line(struct gs_text_reader *t, const struct gs_sdp_line *l);
bool gs_text_sdp_busy(const struct gs_text_reader *t);
/* Whether l is the rest of a line of the SDP that is open. */
bool gs_text_sdp_join(struct gs_text_reader *t, const struct gs_sdp_line *l);
void gs_text_sdp_end(struct gs_text_reader *t); /* something else begins */
void gs_text_sdp_cut(struct gs_text_reader *t); /* before it was complete */
void gs_text_sdp_eof(struct gs_text_reader *t);
void gs_text_sdp_free(struct text_sdp *s);

/* siptext.c: SIP messages */
bool gs_text_sip_line(struct gs_text_reader *t, const struct gs_sdp_line *l);
bool gs_text_sip_busy(const struct gs_text_reader *t);
/* Whether an indented line cannot belong to a message, because its SDP has
 * ended. */
bool gs_text_sip_ends(const struct gs_text_reader *t);
bool gs_text_sip_join(struct gs_text_reader *t, const struct gs_sdp_line *l);
/* Whether the header of the message that is read has ended. */
bool gs_text_sip_in_body(const struct gs_text_reader *t);
/* Line l has the transport of tr, and the next message begins on it. If others
 * can read that transport, they could read the message. */
void gs_text_sip_carried(struct gs_text_reader *t, struct text_trace *tr,
    const struct gs_sdp_line *l);
void gs_text_sip_end(struct gs_text_reader *t);
void gs_text_sip_eof(struct gs_text_reader *t);
void gs_text_sip_free(struct text_sip *s);

/* fslog.c: FreeSWITCH's log */
bool gs_text_fslog_line(struct gs_text_reader *t, const struct gs_sdp_line *l);
bool gs_text_fslog_busy(const struct gs_text_reader *t);
/* Whether s is a dated line, or has the prefix of an SDP that is open. */
bool gs_text_fslog_knows(const struct gs_text_reader *t, struct gs_span s);
/* Ends a line of syslog; cut: the message was not complete. */
void gs_text_fslog_message_end(struct gs_text_reader *t, bool cut);
void gs_text_fslog_eof(struct gs_text_reader *t);
void gs_text_fslog_free(struct text_log *s);

/* Whether gs_text_fslog_boring() saw this line last, and found a message that
 * matters, with nothing odd in it or in its head. */
bool gs_text_fslog_saw(const struct text_log *s, struct gs_span line);

/* Whether the line can be skipped without gs_text_fslog_line(), while no part
 * is busy. It must be fast: most of the time is spent here. */
bool gs_text_fslog_boring(struct gs_text_reader *t, const char *p, size_t n);

/* Called before the piece that boring lines were in is released. */
void gs_text_fslog_settle(struct text_log *s);

/* reglist.c: registrations */
bool gs_text_reg_line(struct gs_text_reader *t, const struct gs_sdp_line *l);
void gs_text_reg_eof(struct gs_text_reader *t);
void gs_text_reg_free(struct text_reg *s);

#endif
