/* SPDX-License-Identifier: MIT */
/* What the files that implement textsrc.h share: the reader's state and
 * parts. */
#ifndef GSPROV_TEXT_TEXTSRC_PRIV_H
#define GSPROV_TEXT_TEXTSRC_PRIV_H

#include "text/align_priv.h"
#include "text/textsrc.h"

struct text_meta;

/* An SDP that is being collected. b is filled by whoever opens it. */
struct gs_text_pending {
	struct gs_text_block b;
	struct gs_buf text; /* the lines, without their ends */
	struct text_meta *meta; /* the position of each */
	size_t lines;
	size_t size;
	struct gs_pos blank; /* blank lines that may lie inside */
	unsigned blanks;
	enum gs_sdp_eol blank_eol;
	struct gs_buf held; /* a line that may not belong to it */
	struct gs_pos held_pos;
	enum gs_sdp_eol held_eol;
	bool open;
	bool trim; /* its first line ends in blanks, so all do */
	bool dot; /* a dot stands for each CR, as ngrep prints it */
	bool doubled; /* a blank line follows each line */
};

struct text_sdp;
struct text_sip;
struct text_log;
struct text_reg;
struct text_lanes;
struct text_coded;
struct text_records;
struct text_soft;
struct text_pieces;

/* What grep put before each line. */
enum { GS_TEXT_GREP = 256 };
struct text_grep {
	bool on;
	bool numbered;
	size_t name_n;
	char name[GS_TEXT_GREP]; /* of the file, without the ":" */
};

struct gs_text_reader {
	enum gs_text_type forced;
	enum gs_text_type type;
	struct gs_text_sink sink;
	uint64_t line; /* number of the line that is read */
	enum gs_sdp_transport carried; /* known from another source */
	bool cut; /* the end of the current message is missing */
	char when[GS_TEXT_WHEN]; /* of the last dated line, or of the packet */
	char src[64]; /* of the packet */
	char dst[64];
	char about[64]; /* the UUID before the line that is read */
	char uuid[36]; /* the one that was recognised last; no NUL follows */
	struct gs_buf carry; /* its beginning, from the pieces before */
	struct gs_buf over; /* its part beyond the limit */
	bool cr; /* lines of carry that end in a CR were read */
	bool no_memory;
	size_t kept; /* lines that went into blocks, and keys */
	bool quick; /* log_boring() may reject lines unseen */
	size_t before; /* octets of the line before */
	size_t longest; /* of all lines so far, but for those passed over */
	size_t fold; /* where a terminal broke all lines; 0: not known */
	size_t mark; /* octets before the rest of such a line; 0: not known */
	struct gs_buf plain; /* a line as a reader sees it */
	struct gs_buf narrow; /* a line of UTF-16, as ASCII */
	struct gs_sdp_line *out; /* the lines of a block that is given */
	size_t out_size;
	struct text_grep grep;
	struct text_shape tail; /* the text that ends each line */
	struct gs_buf flat; /* a line without its escapes */
	bool others; /* no part took a line */
	struct gs_buf part; /* of a line that rtpengine goes on with "... " */
	struct gs_pos part_pos;
	uint64_t listed; /* the last line that was an element of a list */
	bool tshark; /* it contains output of tshark -V, which was reported */
	struct text_coded *coded; /* what is no text yet */
	struct text_records *records; /* whose strings are its lines */
	struct text_soft *soft; /* lines that go on in the next one */
	struct text_pieces *pieces; /* of lines that were cut */
	struct text_lanes *lanes; /* texts with a prefix, as they come */
	bool in_lane; /* sdp and sip are those of one of them */
	struct text_sdp *sdp; /* the parts, as they are needed */
	struct text_sip *sip;
	struct text_log *log;
	struct text_reg *reg;
};

/* ---- textblock.c */

/* Begins an empty block; k is zeroed, or was closed. */
void gs_text_pending_open(struct gs_text_pending *k, enum gs_text_type type,
    const char *label);

/* Adds a line, and the blank lines before it. A line beyond the limits
 * only marks the block truncated. */
void gs_text_pending_add(struct gs_text_reader *t, struct gs_text_pending *k,
    const struct gs_sdp_line *l);

/* Remembers a blank line, which belongs to the block if another line
 * follows. Returns false when there were too many. */
bool gs_text_pending_blank(struct gs_text_pending *k,
    const struct gs_sdp_line *l);

/* Holds a line that is not a field of the block: it belongs to the block if
 * another field follows. It replaces a line that was held before. */
void gs_text_pending_hold(struct gs_text_reader *t, struct gs_text_pending *k,
    const struct gs_sdp_line *l);

/* Whether l is the rest of the block's last line, which was broken in two. If
 * so, the two are joined. */
bool gs_text_pending_join(struct gs_text_reader *t, struct gs_text_pending *k,
    const struct gs_sdp_line *l);

/* Reports the first line of the block that may matter, as a gap: the block is
 * not judged. */
void gs_text_pending_tell(struct gs_text_reader *t,
    const struct gs_text_pending *k);

/* Passes the block to the sink and wipes it, if it is open. */
void gs_text_pending_close(struct gs_text_reader *t, struct gs_text_pending *k);

/* The bytes of memory that it needs. */
size_t gs_text_pending_cost(const struct gs_text_pending *k);

/* Passes its lines to the sink as the rest: they belong to no block. */
void gs_text_pending_refuse(struct gs_text_reader *t,
    const struct gs_text_pending *k);

/* Wipes it without passing it on. */
void gs_text_pending_drop(struct gs_text_pending *k);
void gs_text_pending_free(struct gs_text_pending *k);

/* ---- textline.c: what a line looks like; no state */

/* x=, as every line of an SDP begins. */
static inline bool
text_is_field(struct gs_span s)
{
	return s.n >= 2 && s.p[1] == '=' && s.p[0] >= 'a' && s.p[0] <= 'z';
}

/* Whether such a field is one of those that SDP has. */
static inline bool
text_is_known(struct gs_span s)
{
	return strchr("vosiuepcbtrzkam", s.p[0]) != NULL;
}

/* v=, also after a byte order mark, which the parser judges. */
static inline bool
text_is_version(struct gs_span s)
{
	return s.n >= 2 &&
	    ((s.p[0] == 'v' && s.p[1] == '=') ||
		gs_span_starts(s, GS_LIT("\xef\xbb\xbfv=")));
}

/* Whether s begins with a date and a blank, as lines of FreeSWITCH's log do:
 * 2026-11-27 22:16:01.271237 and a blank. */
static inline bool
text_is_logged(struct gs_span s)
{
	enum { DATE = 26 };

	return s.n > DATE && s.p[4] == '-' && s.p[10] == ' ' &&
	    s.p[19] == '.' && s.p[DATE] == ' ';
}

/* An x= line that is unlikely outside of an SDP. */
bool gs_text_is_evidence(struct gs_span s);

/* Nothing but blanks. */
bool gs_text_is_blank(struct gs_span s);

/* s begins with lit; lit is a string literal. */
#define TEXT_STARTS(s, lit) gs_span_starts((s), GS_LIT(lit))

/* How many blanks and tabs s begins with. */
static inline size_t
text_indent(struct gs_span s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t'))
		n++;
	return n;
}

/* How many octets of s, a line that goes on with the one before, were put there
 * to show it: blanks, or an arrow. */
size_t gs_text_fold_mark(struct gs_span s);

/* Takes the first word off *s, and the blanks after it. */
struct gs_span gs_text_word(struct gs_span *s);

/* Copies as much as fits, with a NUL behind it. */
void gs_text_copy(char *to, size_t size, struct gs_span s);

/* "TLS", "tls", "T", "U" … as a transport. */
enum gs_sdp_transport gs_text_transport(struct gs_span s);

/* The first time in s, with its date, to is filled; "": there is none. */
void gs_text_when(struct gs_span s, char to[GS_TEXT_WHEN]);

/* A line that traces print between messages: arrows, dashes, times. */
struct text_trace {
	enum gs_sdp_transport transport;
	struct gs_span where; /* the transport's place */
	enum gs_text_party party;
	bool cut; /* *** message truncated */
	bool head; /* it announces a SIP message */
	struct gs_span src; /* ADDRESS:PORT, as the line has them */
	struct gs_span dst;
};

/* Whether s is one; *tr is then filled. */
bool gs_text_is_trace(struct gs_span s, struct text_trace *tr);

/* The start line of a SIP message, RFC 3261 section 7.1 and 7.2. */
struct text_start {
	struct gs_span method; /* of a request */
	struct gs_span reason; /* of a response */
	unsigned status;
	size_t at; /* where it begins; blanks before it are indentation */
	bool dot; /* a dot stands for the CR, as ngrep prints it */
};

bool gs_text_is_start(struct gs_span s, struct text_start *st);

/* Whether the line that is read goes on with the one before: that is as long
 * as all lines are that were broken. */
static inline bool
text_goes_on(const struct gs_text_reader *t)
{
	return t->fold > 0 && t->before == t->fold;
}

/* The same, or no line so far was longer than the one before: a terminal may
 * have broken it, which takes no blank away. */
static inline bool
text_is_full(const struct gs_text_reader *t)
{
	return text_goes_on(t) || t->before >= t->longest;
}

/* ---- glyph.c */

/* Removes from l the colours and titles of a console and characters without
 * width, puts those of ASCII for other spaces, hyphens and "=", and outside of
 * fields takes back what backspaces did. Columns count from the first octet
 * that remains. */
void gs_text_glyphs(struct gs_text_reader *t, struct gs_sdp_line *l);

/* Whether s holds what gs_text_glyphs() may replace. */
bool gs_text_has_glyphs(struct gs_span s);

/* ---- textgap.c */

/* Reports l as a gap. */
void gs_text_gap(struct gs_text_reader *t, enum gs_text_gap_kind kind,
    const struct gs_sdp_line *l);

/* Whether s matters as it is, or under the escapes of other formats. */
bool gs_text_may_matter(struct gs_text_reader *t, struct gs_span s);

/* ---- coded.c: lines that no part took */

/* Reports l if it matters, as it is or decoded together with the lines right
 * before it. */
void gs_text_untaken(struct gs_text_reader *t, const struct gs_sdp_line *l);

void gs_text_coded_free(struct text_coded *c);

/* ---- record.c: strings in JSON, and columns */

/* Who reads the lines in records: each line, which may be changed, and the end
 * of lines that belong together. */
struct text_record_to {
	void (*line)(struct gs_text_reader *t, struct gs_sdp_line *l);
	void (*end)(struct gs_text_reader *t);
};

/* Passes the strings in l that are lines of a text to to, which lives as long
 * as t. Returns whether l is such a record. */
bool gs_text_record_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to);

/* Passes the lines of s, which stands in l, to to. The last one may have no end
 * of its own, and has l's. Returns how many there are, at least one. */
size_t gs_text_record_lines(struct gs_text_reader *t, struct gs_span s,
    const struct gs_sdp_line *l, const struct text_record_to *to);

void gs_text_records_free(struct text_records *r);

/* ---- soft.c: lines that end in a mark and go on */

/* Keeps l, or passes it to to with the lines kept before it. Returns whether it
 * did; if not, l is to be read as it is. */
bool gs_text_soft_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to);

/* Whether lines are kept; s may be NULL. */
bool gs_text_soft_keeps(const struct text_soft *s);

/* No line follows: passes on what is kept. */
void gs_text_soft_end(struct gs_text_reader *t,
    const struct text_record_to *to);

void gs_text_soft_free(struct text_soft *s);

/* ---- pieces.c: lines that a container's runtime or ngrep cut */

/* Keeps l, or passes it to to with the pieces kept before it. Returns whether
 * it did; if not, l is to be read as it is. */
bool gs_text_pieces_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to);

/* Whether the next line may belong to one that is kept, or be kept as it has a
 * tag. */
bool gs_text_pieces_waits(const struct text_pieces *p);

/* No line follows: passes on what is kept. */
void gs_text_pieces_end(struct gs_text_reader *t,
    const struct text_record_to *to);

void gs_text_pieces_free(struct text_pieces *p);

/* ---- lane.c: texts whose lines have a prefix. One of them may be open: then
 * t->sdp and t->sip are its own. */

/* Opens the lane to which l belongs, and removes the prefix. */
bool gs_text_lane_find(struct gs_text_reader *t, struct gs_sdp_line *l);

/* Opens a new lane. False: the prefix is too long, or no memory. */
bool gs_text_lane_new(struct gs_text_reader *t, struct gs_span prefix,
    uint64_t line);

void gs_text_lane_leave(struct gs_text_reader *t);

/* Whether l, which has no prefix, is the rest of a line that was broken. */
bool gs_text_lane_join(struct gs_text_reader *t, const struct gs_sdp_line *l);

/* l has no prefix. If it continues a text that had one in the line before, only
 * that line had it. */
void gs_text_lane_settle(struct gs_text_reader *t, const struct gs_sdp_line *l);

/* Ends the lanes whose prefix s begins with, all with n 0. */
void gs_text_lane_end(struct gs_text_reader *t, struct gs_span s);

/* Ends the lanes that were idle for long. Returns whether no lane is left. */
bool gs_text_lane_idle(struct gs_text_reader *t);
void gs_text_lane_free(struct text_lanes *s);

/* ---- grephead.c */

/* Learns from s, if grep printed this line of FreeSWITCH's log, how its
 * lines begin. Returns whether it did. */
bool gs_text_grep_learn(struct text_grep *g, struct gs_span s);

/* The length of grep's part of s; 0: grep did not print this line. */
size_t gs_text_grep_head(const struct text_grep *g, struct gs_span s);

/* ---- the parts. Each _line() returns true when the line was its own. */

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
void gs_text_sip_end(struct gs_text_reader *t);
void gs_text_sip_eof(struct gs_text_reader *t);
void gs_text_sip_free(struct text_sip *s);

/* fslog.c: FreeSWITCH's log */
bool gs_text_fslog_line(struct gs_text_reader *t, const struct gs_sdp_line *l);
bool gs_text_fslog_busy(const struct gs_text_reader *t);
/* Whether s is a dated line, or has the prefix of an SDP that is open. */
bool gs_text_fslog_knows(const struct gs_text_reader *t, struct gs_span s);
/* syslog's line is over; cut: before the message was. */
void gs_text_fslog_message_end(struct gs_text_reader *t, bool cut);
void gs_text_fslog_eof(struct gs_text_reader *t);
void gs_text_fslog_free(struct text_log *s);

/* Whether the line can be passed over without gs_text_fslog_line(), while no
 * part is busy. Quick: this is where the time goes. */
bool gs_text_fslog_boring(struct text_log *s, const char *p, size_t n);

/* The piece that boring lines were in is going away. */
void gs_text_fslog_settle(struct text_log *s);

/* reglist.c: registrations */
bool gs_text_reg_line(struct gs_text_reader *t, const struct gs_sdp_line *l);
void gs_text_reg_free(struct text_reg *s);

#endif
