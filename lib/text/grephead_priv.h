/* SPDX-License-Identifier: MIT */
/* What grep put before each line. */
#ifndef GSPROV_TEXT_GREPHEAD_PRIV_H
#define GSPROV_TEXT_GREPHEAD_PRIV_H

#include "base/buf.h"

enum { GS_TEXT_GREP = 256 };
struct text_grep {
	bool on;
	bool numbered;
	size_t name_n;
	char name[GS_TEXT_GREP]; /* of the file, without the ":" */
};

/* Learns from s, if grep printed this line of FreeSWITCH's log, how its
 * lines begin. Returns whether it did. */
bool gs_text_grep_learn(struct text_grep *g, struct gs_span s);

/* The length of what grep put before s; 0: grep did not print this line. */
size_t gs_text_grep_head(const struct text_grep *g, struct gs_span s);

#endif
