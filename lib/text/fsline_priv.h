/* SPDX-License-Identifier: MIT */
/* One line of FreeSWITCH's log: its head, and which message it is. */
#ifndef GSPROV_TEXT_FSLINE_PRIV_H
#define GSPROV_TEXT_FSLINE_PRIV_H

#include "text/sink.h"

/* A dated line, taken apart. */
struct fs_head {
	struct gs_span prefix; /* before the date, with its blank */
	struct gs_span message; /* after file.c:NNN and func() */
};

/* Whether s begins with a head, or has one behind a prefix. */
bool gs_text_fs_head_parse(struct gs_span s, struct fs_head *h);

/* A cheap check of p[n] for a prefix of at octets. Returns the offset of the
 * message, or 0. */
size_t gs_text_fs_head_quick(const char *p, size_t n, size_t at);

/* Whether s, which has no head, may begin a line that a terminal broke inside
 * its head. */
bool gs_text_fs_head_is_half(struct gs_span s);

/* The UUID of the call, or another name, in a prefix; n 0: there is none. */
struct gs_span gs_text_fs_prefix_id(struct gs_span prefix);

enum fs_kind {
	FS_NONE,
	FS_SDP, /* an SDP follows */
	FS_INVITE, /* "Local SDP:" and an SDP follow */
	FS_STATE, /* Channel … entering state [ ][ ] */
	FS_KEY,
	FS_EVENT,
};

/* What the words of a message say. */
struct fs_message {
	enum fs_kind kind;
	struct gs_span begin; /* its first words, at least five octets */
	const char *label; /* label of the SDP that follows, or NULL */
	enum gs_text_party party;
	enum gs_sdp_role role;
	struct gs_span word; /* these words follow; n 0: none */
	bool again; /* it repeats an SDP */
	bool named; /* the name of a channel and a colon follow */
	bool begun; /* the SDP begins on this line */
	enum gs_text_log_event_kind event;
};

/* Whether s may be a message that matters, or the first half of one, with or
 * without colours. Most lines of a log are not, and need no further look. */
bool gs_text_fs_message_may_be(struct gs_span s);

/* Which message s is, or NULL if it does not matter. *rest is the text after
 * its first words, *channel the channel name in it. */
const struct fs_message *gs_text_fs_message_find(struct gs_span s,
    struct gs_span *rest, struct gs_span *channel);

/* Whether s may be the first half of a message that matters. known: what
 * gs_text_fs_message_find() said of s, or NULL. */
bool gs_text_fs_message_is_half(struct gs_span s,
    const struct fs_message *known);

/* An SDP under an unknown header. */
extern const struct fs_message gs_text_fs_unknown;

/* The states in Channel … entering state [received][100], whose text from the
 * channel on is rest: " [received][100]"; n 0: none. */
struct gs_span gs_text_fs_states(struct gs_span rest);

/* The text in the last [ ] of s; n 0: none. */
struct gs_span gs_text_fs_last_bracket(struct gs_span s);

/* The channel at the beginning of any other message: sofia/… or (sofia/…);
 * n 0: none. */
struct gs_span gs_text_fs_mention(struct gs_span s);

#endif
