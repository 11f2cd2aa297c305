/* SPDX-License-Identifier: MIT */
/* What FreeSWITCH's log says of keys, errors and ends of calls. */
#ifndef GSPROV_TEXT_FSEVENT_PRIV_H
#define GSPROV_TEXT_FSEVENT_PRIV_H

#include "fscall_priv.h"
#include "fsline_priv.h"

/* What a message is about: the UUID before it, the channel in it, or the
 * channel that the lines before it named. */
struct fs_about {
	char id[FS_ID];
	bool guessed;
};

/* Give the key or event of message l to the sink; rest is what is behind
 * the first words of m. */
void fs_give_key(struct gs_textsrc *t, const struct fs_message *m,
    const struct fs_about *a, struct gs_span rest, const struct gs_line *l);
void fs_give_event(struct gs_textsrc *t, const struct fs_message *m,
    const struct fs_about *a, struct gs_span rest, const struct gs_line *l);

#endif
