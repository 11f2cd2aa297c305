/* SPDX-License-Identifier: MIT */
/* An SDP, from its first line to its last. */
#ifndef GSPROV_TEXT_TEXTBLOCK_PRIV_H
#define GSPROV_TEXT_TEXTBLOCK_PRIV_H

#include "text/sink.h"

struct gs_text_reader;
struct text_meta;

/* An SDP that is being collected. Whoever opens it fills b. */
struct gs_text_pending {
	struct gs_text_block b;
	struct gs_buf text; /* the lines, without their ends */
	struct text_meta *meta; /* the place of each */
	size_t lines;
	size_t size;
	struct gs_pos blank; /* blank lines that may be inside it */
	unsigned blanks;
	enum gs_sdp_eol blank_eol;
	struct gs_buf held; /* a line that may not belong to it */
	struct gs_pos held_pos;
	enum gs_sdp_eol held_eol;
	bool open;
	bool trim; /* its first line ends in blanks, so all lines do */
	bool dot; /* a dot stands for each CR, as ngrep prints it */
	bool doubled; /* a blank line follows each line */
};

/* Begins a block without lines; head says what is known about it. k is zeroed,
 * or was closed. */
void gs_text_pending_open(struct gs_text_pending *k,
    const struct gs_text_block *head);

/* Adds a line, and the blank lines before it. A line beyond the limits
 * only marks the block truncated. */
void gs_text_pending_add(struct gs_text_reader *t, struct gs_text_pending *k,
    const struct gs_sdp_line *l);

/* Keeps a blank line, which belongs to the block if another line follows.
 * Returns false if there were too many. */
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

/* The bytes of memory that it uses. */
size_t gs_text_pending_cost(const struct gs_text_pending *k);

/* Passes its lines to the sink's rest: they belong to no block. */
void gs_text_pending_refuse(struct gs_text_reader *t,
    const struct gs_text_pending *k);

/* Wipes it without passing it on. */
void gs_text_pending_drop(struct gs_text_pending *k);
void gs_text_pending_free(struct gs_text_pending *k);

#endif
