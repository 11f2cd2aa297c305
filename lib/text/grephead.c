/* SPDX-License-Identifier: MIT */
/* What grep puts before the lines of a log: "NAME:", "NUMBER:" or both, with
 * "-" instead of ":" before the lines of context. */
#include "text/grephead_priv.h"

#include "base/bytes.h"
#include "text/align_priv.h"
#include "text/fsline_priv.h"
#include "text/textline_priv.h"

/* The offset of the log's own line in s, which begins with a date or with a
 * UUID and a date; 0 if grep put nothing before it. */
static size_t
own_line(struct gs_span s)
{
	for (size_t i = 1; i < s.n && i <= GS_TEXT_GREP; i++) {
		if (s.p[i - 1] == ' ')
			return 0;
		if (s.p[i - 1] != ':')
			continue;
		if (gs_text_fs_head_quick(s.p, s.n, i) != 0)
			return i;
		if (s.n - i > TEXT_UUID && s.p[i + TEXT_UUID] == ' ' &&
		    gs_text_fs_head_quick(s.p, s.n, i + TEXT_UUID + 1) != 0)
			return i;
	}
	return 0;
}

static bool
is_mark(struct gs_span s, size_t at)
{
	return at < s.n && (s.p[at] == ':' || s.p[at] == '-');
}

bool
gs_text_grep_learn(struct text_grep *g, struct gs_span s)
{
	/* Most lines belong to an SDP, and must be fast. */
	size_t n = text_is_field(s) ? 0 : own_line(s);

	if (n == 0)
		return false;
	struct gs_span head = gs_span(s.p, n - 1);
	size_t number = head.n;
	while (number > 0 && gs_is_digit(head.p[number - 1]))
		number--;
	g->numbered =
	    number < head.n && (number == 0 || head.p[number - 1] == ':');
	g->name_n = !g->numbered ? head.n : number > 0 ? number - 1 : 0;
	memcpy(g->name, s.p, g->name_n);
	g->on = true;
	return true;
}

size_t
gs_text_grep_head(const struct text_grep *g, struct gs_span s)
{
	size_t n = g->name_n;

	if (s.n < n || memcmp(s.p, g->name, n) != 0)
		return 0;
	if (n > 0) {
		if (!is_mark(s, n))
			return 0;
		n++;
	}
	if (!g->numbered)
		return n;
	size_t number = gs_span_run(gs_span_skip(s, n), '0', '9');
	return number > 0 && is_mark(s, n + number) ? n + number + 1 : 0;
}
