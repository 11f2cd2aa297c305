/* SPDX-License-Identifier: MIT */
/* Finds lines that none of the cleaning steps would change. Most lines are like
 * that, and these steps together took as long as everything else, with UUIDs
 * twice as long. */
#include "text/plain_priv.h"

#include "base/bytes.h"
#include "text/fsline_priv.h"
#include "text/reader_priv.h"
#include "text/table_priv.h"
#include "text/textline_priv.h"

enum { MOST = 200 };

/* Whether s has the end of a text's first line, "v=0", " SIP/2.0" or "SDP:",
 * before something else, which separates its lines or follows each of them. */
static bool
has_first(struct gs_span s)
{
	const struct gs_span version = GS_LIT("v=0"), line = s;

	for (const char *p; (p = gs_span_chr(s, 'P')) != NULL;) {
		s = gs_span_skip(s, (size_t)(p - s.p) + 1);
		if (TEXT_STARTS(s, "/2.0"))
			return true;
		if (TEXT_STARTS(s, ":"))
			return s.n > 1 || gs_span_has(line, version);
	}
	return false;
}

/* Whether no step would change the field s. What follows v=0 may follow each
 * line; quoted-printable begins with "=3D". */
static bool
is_plain_field(struct gs_span s)
{
	return (s.p[0] != 'v' || s.n == 3) &&
	    !TEXT_STARTS(gs_span_skip(s, 2), "3D");
}

/* Whether s begins with 2013-05-12. grep's numbers are followed by ":". */
static bool
begins_with_day(struct gs_span s)
{
	return text_is_dated(s) && gs_is_digit(s.p[0]) && s.p[1] != ':' &&
	    s.p[2] != ':' && s.p[3] != ':' && s.p[5] != ':' && s.p[6] != ':' &&
	    s.p[8] != ':' && s.p[9] != ':';
}

/* Whether no step would change s, an entry of a log. even: it is known that it
 * has nothing odd. */
static bool
is_plain_entry(struct gs_span s, bool even)
{
	return text_is_logged(s) && begins_with_day(s) && !has_first(s) &&
	    (even || !gs_text_is_odd(s));
}

/* The same for what follows a UUID. No step takes it for columns, either. */
static bool
is_plain_behind(struct gs_text_reader *t, struct gs_span line)
{
	struct gs_span s = gs_span_skip(line, TEXT_UUID + 1);

	if (!text_is_call(t, line))
		return false;
	if (s.n == 0)
		return true;
	if (text_is_field(s))
		return is_plain_field(s) && !gs_text_is_odd_cell(s) &&
		    !has_first(s) &&
		    (gs_span_chr(gs_span_skip(s, 2), '=') == NULL ||
			!gs_span_has(gs_span_skip(s, 1), GS_LIT("v=0")));
	const bool seen = gs_text_fslog_saw(t->log, line);
	return is_plain_entry(s, seen) && gs_span_chr(s, '=') == NULL &&
	    !gs_text_has_percent(s) &&
	    (seen || gs_text_fs_head_quick(line.p, line.n, TEXT_UUID + 1) > 0);
}

bool
gs_text_is_plain(struct gs_text_reader *t, struct gs_span s)
{
	/* No part waits for what follows, or puts something before it. */
	if (t->soft != NULL || t->pieces != NULL || t->records != NULL ||
	    t->mime != NULL || t->grep.on || t->part.n > 0 || t->tail.n > 0 ||
	    t->listed + 1 == t->line ||
	    (t->table != NULL && gs_text_table_waits(t->table)))
		return false;
	if (s.n == 0)
		return true;
	if (s.n > MOST || s.p[s.n - 1] == '=' || s.p[s.n - 1] == '.')
		return false;
	if (text_is_field(s))
		return is_plain_field(s) && !gs_text_is_odd(s) &&
		    gs_span_chr(s, '%') == NULL;
	if (s.n <= TEXT_UUID || s.p[TEXT_UUID] != ' ' || text_is_logged(s))
		return is_plain_entry(s, gs_text_fslog_saw(t->log, s));
	return is_plain_behind(t, s);
}
