/* SPDX-License-Identifier: MIT */
/* Finds SDP in text: splits it into lines, and gives each to a part. */
#include "text/textsrc.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "text/align_priv.h"
#include "text/carrier_priv.h"
#include "text/coded_priv.h"
#include "text/fsline_priv.h"
#include "text/glyph_priv.h"
#include "text/harvest.h"
#include "text/lane_priv.h"
#include "text/mime_priv.h"
#include "text/pieces_priv.h"
#include "text/plain_priv.h"
#include "text/reader_priv.h"
#include "text/record_priv.h"
#include "text/soft_priv.h"
#include "text/table_priv.h"
#include "text/textgap_priv.h"
#include "text/textline_priv.h"

enum { LOGFILE_LINE = 2047, UUID_LEAST = 9 };

static const char *const type_names[] = {
	[GS_TEXT_AUTO] = "auto",
	[GS_TEXT_SDP] = "sdp",
	[GS_TEXT_SIP] = "sip",
	[GS_TEXT_FSLOG] = "fslog",
	[GS_TEXT_REG] = "reg",
};

const char *
gs_text_type_name(enum gs_text_type t)
{
	return type_names[t];
}

struct gs_text_reader *
gs_text_reader_new(enum gs_text_type forced, const struct gs_text_sink *sink)
{
	struct gs_text_reader *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->forced = forced;
	t->sink = *sink;
	if (forced == GS_TEXT_SDP)
		t->type = GS_TEXT_SDP;
	t->doubled = true;
	gs_buf_init(&t->carry, GS_TEXT_LINE + 2);
	gs_buf_init(&t->over, GS_TEXT_LINE);
	gs_buf_init(&t->first, GS_TEXT_LINE);
	return t;
}

void
gs_text_reader_free(struct gs_text_reader *t)
{
	if (t == NULL)
		return;
	gs_buf_free(&t->carry);
	gs_buf_free(&t->over);
	gs_buf_free(&t->first);
	gs_buf_free(&t->plain);
	gs_buf_free(&t->narrow);
	gs_buf_free(&t->flat);
	gs_buf_free(&t->part);
	free(t->out);
	gs_text_coded_free(t->coded);
	gs_text_records_free(t->records);
	gs_text_mime_free(t->mime);
	gs_text_soft_free(t->soft);
	gs_text_pieces_free(t->pieces);
	gs_text_table_free(t->table);
	gs_text_lane_free(t->lanes);
	gs_text_sdp_free(t->sdp);
	gs_text_sip_free(t->sip);
	gs_text_fslog_free(t->log);
	gs_text_reg_free(t->reg);
	explicit_bzero(&t->tail, sizeof(t->tail));
	free(t);
}

enum gs_text_type
gs_text_reader_type(const struct gs_text_reader *t)
{
	return t->type;
}

static void
rest(struct gs_text_reader *t, struct gs_span text, struct gs_pos pos)
{
	if (t->sink.rest == NULL || text.n == 0)
		return;
	const struct gs_sdp_line l = { .text = text, .pos = pos };
	t->sink.rest(t->sink.arg, &l);
}

/* The parts other than the log, in order. */
static bool
is_taken(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	bool any = t->forced == GS_TEXT_AUTO;

	if (t->forced != GS_TEXT_SDP && gs_text_sip_line(t, l))
		return true;
	if (any && gs_text_reg_line(t, l))
		return true;
	return gs_text_sdp_line(t, l);
}

static void
take(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	const char c = l->text.n > 0 ? *l->text.p : '\0';

	if (t->sip != NULL && (c == '"' || c == '\'' || c == ' ' || c == '\t'))
		gs_text_carrier_behind(t, l);
	if (!is_taken(t, l))
		gs_text_untaken(t, l);
}

/* Removes from *l, whose prefix was removed, the words before an SDP that
 * begins on it: only its first line has them. */
static void
skip_words(struct gs_text_reader *t, struct gs_sdp_line *l)
{
	struct text_anchor a;

	if (text_is_field(l->text) || gs_text_sip_busy(t) ||
	    !gs_span_has(l->text, GS_LIT("v=0")) ||
	    !gs_text_anchor(l->text, &a) || a.kind != TEXT_ANCHOR_SDP)
		return;
	const struct gs_sdp_line words = { .text = gs_span(l->text.p, a.at),
		.pos = l->pos };
	gs_text_beside(t, &words);
	l->text = gs_span_skip(l->text, a.at);
	l->pos.col += (uint32_t)a.at;
}

/* Reads the columns of l before x, its rest, if a message begins there. */
static void
note_prefix(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct gs_sdp_line *x)
{
	struct gs_sdp_line before = *l;
	struct text_start st;

	before.text.n -= x->text.n;
	if (gs_text_is_start(x->text, &st) && st.at == 0)
		gs_text_carrier_before(t, &before);
}

/* Whether l has a prefix: it is then read in the lane of the lines with the
 * same prefix. Removes from *l what precedes or follows a single line. */
static bool
in_lane(struct gs_text_reader *t, struct gs_sdp_line *l)
{
	struct gs_sdp_line x = *l;
	struct text_anchor a;

	if (gs_text_lane_find(t, &x)) {
		note_prefix(t, l, &x);
		skip_words(t, &x);
		take(t, &x);
		gs_text_lane_leave(t);
		return true;
	}
	if (!text_is_field(l->text) && gs_text_lane_join(t, l))
		return true;
	bool plain = text_is_field(l->text) ?
	    l->text.p[0] != 'v' && text_is_known(l->text) :
	    text_is_version(l->text);
	if (plain || !gs_text_anchor(l->text, &a)) {
		gs_text_lane_settle(t, l);
		return false;
	}
	bool blank = gs_text_is_blank(gs_span(l->text.p, a.at));
	if (a.at == 0)
		gs_text_lane_settle(t, l);
	if (a.at == 0 ||
	    (blank && (a.kind != TEXT_ANCHOR_SDP || !gs_text_sip_ends(t))))
		return false;
	x = *l;
	x.text = gs_span_skip(l->text, a.at);
	x.pos.col += (uint32_t)a.at;
	const struct gs_sdp_line before = { .text = gs_span(l->text.p, a.at),
		.pos = l->pos };
	if (!gs_text_lane_new(t, before.text, l->pos.line)) {
		gs_text_beside(t, &before);
		note_prefix(t, l, &x);
		*l = x;
		t->others = true;
		return false;
	}
	note_prefix(t, l, &x);
	take(t, &x);
	gs_text_lane_leave(t);
	return true;
}

/* A log may contain SIP traces, and both contain SDP. A listing is alone, or
 * between lines of the log in a saved session of fs_cli. Later lines may give
 * the file a better type. */
static void
offer(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	enum gs_text_type f = t->forced;
	bool any = f == GS_TEXT_AUTO;

	/* After v=0, which alone had a prefix. */
	if (TEXT_STARTS(l->text, "o=") && gs_text_sdp_busy(t))
		gs_text_lane_settle(t, l);
	/* Only an SDP is open, and this can only be its next line. */
	if (text_is_field(l->text)) {
		if (gs_text_sdp_busy(t)) {
			(void)gs_text_sdp_line(t, l);
			return;
		}
		if (gs_text_fslog_field(t, l))
			return;
	}
	if (f == GS_TEXT_REG) {
		(void)gs_text_reg_line(t, l);
		return;
	}
	if ((any || f == GS_TEXT_FSLOG) && gs_text_fslog_line(t, l))
		return;
	struct gs_sdp_line x = *l;
	if (f != GS_TEXT_SDP && l->text.n > 0 && in_lane(t, &x))
		return;
	take(t, &x);
}

static void
dispatch(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	size_t kept = t->kept;

	offer(t, l);
	if (t->kept == kept)
		rest(t, l->text, l->pos);
}

/* Whether no part waits for the next line. */
static bool
idle(struct gs_text_reader *t)
{
	return t->type == GS_TEXT_FSLOG && t->log != NULL && t->mime == NULL &&
	    !gs_text_fslog_busy(t) && !t->grep.on && t->part.n == 0 &&
	    (t->soft == NULL || !gs_text_soft_keeps(t->soft)) &&
	    (t->pieces == NULL || !gs_text_pieces_waits(t->pieces)) &&
	    (t->table == NULL || !gs_text_table_waits(t->table)) &&
	    (t->sip == NULL || !gs_text_sip_busy(t)) &&
	    (t->sdp == NULL || !gs_text_sdp_busy(t)) &&
	    (t->lanes == NULL || gs_text_lane_idle(t));
}

static bool
has_line_end(struct gs_span s)
{
	return gs_span_chr(s, '#') != NULL && gs_span_has(s, GS_LIT("#012"));
}

/* Whether s is a message of a log in one line, although it has a #012. */
static bool
is_split(struct gs_span s)
{
	struct fs_head h;

	return !gs_span_has(s, GS_LIT("v=0#01")) &&
	    gs_text_fs_head_parse(s, &h) &&
	    gs_text_fs_message_may_be(h.message);
}

/* Whether each #012 in s is a line end that syslog escaped. */
static bool
is_syslog(struct gs_span s, enum gs_text_type f)
{
	static const struct gs_span begins[] = { GS_LIT("v=0#01"),
		GS_LIT("Registrations:#01"), GS_LIT(" SIP/2.0#01"),
		GS_LIT("#012Via: SIP/2.0/") };
	struct gs_span first = gs_span(s.p, gs_span_find(s, GS_LIT("#01")));
	struct text_trace tr;
	struct text_start st;

	return f != GS_TEXT_SDP &&
	    (gs_span_has_any(s, GS_ALL(begins)) || gs_text_is_trace(s, &tr) ||
		gs_text_is_start(first, &st));
}

/* The end of a line with a whole message; cut: the message was not
 * complete. */
static void
end_message(struct gs_text_reader *t, bool cut)
{
	gs_text_sip_eof(t);
	if (cut)
		gs_text_sdp_cut(t);
	else
		gs_text_sdp_end(t);
}

/* No line follows that belongs to what was read so far. */
static void
end_text(struct gs_text_reader *t)
{
	gs_text_fslog_message_end(t, false);
	end_message(t, false);
}

/* The lines of one syslog message: #015#012 is CRLF, #012 is LF. An SDP ends
 * with one, so a message without it was cut by a limit of syslog. */
static void
syslog_lines(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_sdp_line x = *l;
	struct gs_span s = l->text;
	size_t n;

	for (;;) {
		n = gs_span_find(s, GS_LIT("#012"));
		x.text = gs_span(s.p, n);
		x.eol = GS_EOL_LF;
		while (gs_span_ends(x.text, GS_LIT("#015"))) {
			x.text.n -= 4;
			x.eol = GS_EOL_CRLF;
		}
		x.pos.col = l->pos.col + (uint32_t)(s.p - l->text.p);
		if (n == s.n)
			x.eol = n > 0 ? GS_EOL_NONE : l->eol;
		/* What rtpengine writes when the rest of the line follows. */
		if (n < s.n || !gs_span_eq(x.text, GS_LIT(" ...")))
			dispatch(t, &x);
		if (n == s.n)
			break;
		s = gs_span_skip(s, n + 4);
	}
	gs_text_fslog_message_end(t, n > 0);
	end_message(t, n > 0);
}

/* The length of p[n] without the CRs at its end: FTP and editors add one to
 * lines that already have one. */
static size_t
without_cr(const char *p, size_t n)
{
	while (n > 0 && p[n - 1] == '\r')
		n--;
	return n;
}

/* Whether the lines in s, whose ends are escaped, should be read one by one:
 * an SDP or a message begins there, or continues. */
static bool
is_escaped(struct gs_text_reader *t, struct gs_span s)
{
	struct text_anchor a;
	struct gs_sdp_line first = { .text = s, .pos.line = t->line };

	first.text.n = gs_span_find(s, GS_LIT("\n"));
	if (gs_text_fslog_knows(t, first.text) ||
	    (first.text.n + 1 == s.n &&
		(gs_text_sip_busy(t) || gs_text_sdp_busy(t))))
		return true;
	if (gs_text_lane_find(t, &first)) {
		gs_text_lane_leave(t);
		return true;
	}
	while (s.n > 0) {
		size_t n = gs_span_find(s, GS_LIT("\n"));
		struct gs_span x = gs_span(s.p, without_cr(s.p, n));
		if (n < s.n && gs_text_anchor(x, &a))
			return true;
		s = gs_span_skip(s, n + (n < s.n));
	}
	return false;
}

/* One of these lines. What precedes an SDP on its line may matter. */
static void
escaped_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	size_t kept = t->kept;
	struct text_anchor a;

	dispatch(t, l);
	if (t->kept > kept && !text_is_field(l->text) &&
	    gs_text_anchor(l->text, &a))
		rest(t, gs_span(l->text.p, a.at), l->pos);
}

/* What follows the escaped lines: mostly the end of JSON. */
static void
behind_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	gs_text_untaken(t, l);
	rest(t, l->text, l->pos);
}

/* s without escapes, valid until the next call; p is NULL if out of memory. */
static struct gs_span
flat(struct gs_text_reader *t, struct gs_span s)
{
	struct gs_buf *b = &t->flat;

	b->max = GS_TEXT_LINE + 1;
	if (!gs_text_decode(s, b)) {
		t->no_memory = true;
		return gs_span(NULL, 0);
	}
	return gs_buf_span(b);
}

/* Whether s, which has no line ends, has escapes for characters that SDP and
 * SIP write plainly: "=", ":", a slash, a blank or a tab. A URL in a line with
 * blanks may have its own. A string of octets is no text at all. */
static bool
is_encoded(struct gs_span s)
{
	bool blanks = gs_span_chr(s, ' ') != NULL;

	if (gs_text_is_octets(s))
		return false;
	while (s.n > 0) {
		char c = '\0';
		size_t n = gs_text_escape(s);
		if (n == s.n)
			break;
		s = gs_span_skip(s, n);
		bool counts = s.p[0] == '&' || s.p[0] == '\\' ||
		    (s.p[0] == '%' && !blanks);
		/* Markdown has a backslash before "_". */
		const bool mark = s.p[0] == '\\';
		s = gs_span_skip(s, gs_text_escape_at(s, &c));
		if (counts && c != '\0' &&
		    (strchr("=:/ \t", c) != NULL || (mark && c == '_')))
			return true;
	}
	return false;
}

/* Whether s has octets as keys do, which no text has: control characters, and
 * what is not UTF-8. One or two may be letters of an old character set. */
static bool
is_binary(struct gs_span s)
{
	enum { FEWEST = 4 };
	size_t n = 0;
	uint32_t cp;

	while (s.n > 0 && n < FEWEST) {
		size_t k = gs_utf8_length(s, &cp);

		n += k == 0 ||
		    (cp < ' ' && cp != '\t' && cp != '\r' && cp != '\n');
		s = gs_span_skip(s, k > 0 ? k : 1);
	}
	return n == FEWEST;
}

/* Reads a line with the line ends of JSON, URLs or C: \n, %0A and the like.
 * Returns whether it has any. Columns count from the beginning of the line. */
static bool
escaped_lines(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_buf *b = &t->flat;
	struct gs_sdp_line x = *l;
	struct gs_span s = flat(t, l->text);

	if (s.p == NULL)
		return false;
	size_t n = gs_span_find(s, GS_LIT("\n"));
	/* JSON in JSON has its escapes escaped. */
	for (int i = 0; i < 2 && n == s.n && gs_text_escape(s) < s.n; i++) {
		b->n = gs_text_unescape(s, (char *)b->p);
		s = gs_buf_span(b);
		n = gs_span_find(s, GS_LIT("\n"));
	}
	if (n == s.n && is_encoded(l->text) && !is_binary(s)) {
		x.text = s;
		dispatch(t, &x);
		return true;
	}
	if (n == s.n || !is_escaped(t, s))
		return false;
	/* Docker writes each line of a text as one line of JSON. */
	bool one =
	    gs_span_find(gs_span_skip(s, n + 1), GS_LIT("\n")) == s.n - n - 1;
	while (s.n > 0) {
		n = gs_span_find(s, GS_LIT("\n"));
		x.text = gs_span(s.p, without_cr(s.p, n));
		x.eol = n == x.text.n ? GS_EOL_LF : GS_EOL_CRLF;
		if (n < s.n || !one)
			escaped_line(t, &x);
		else
			behind_line(t, &x);
		s = gs_span_skip(s, n + (n < s.n));
	}
	if (!one)
		end_text(t);
	return true;
}

/* Whether s, between quotes, is one string: a member of JSON is two. */
static bool
is_one_string(struct gs_span s, char quote)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == quote)
			return false;
	return true;
}

/* The string that fills s except for blanks and a comma: an element of a list
 * in JSON or Python. */
static bool
is_element(struct gs_span s, struct gs_span *string)
{
	s = gs_span_trim(s);
	if (s.n > 0 && s.p[s.n - 1] == ',')
		s.n--;
	/* Some programs put the brackets of the list beside them. */
	const bool first = gs_span_take(&s, GS_LIT("["));
	const bool last = gs_span_ends(s, GS_LIT("]"));
	s.n -= last;
	if (s.n < 2 || (*s.p != '"' && *s.p != '\'') || s.p[s.n - 1] != *s.p)
		return false;
	*string = gs_span(s.p + 1, s.n - 2);
	return !gs_span_has(*string, GS_LIT("\\n")) &&
	    ((!first && !last) || is_one_string(*string, *s.p));
}

/* Whether s stands between elements when each is in a list of its own, behind
 * a time: Loki's answers have such. */
static bool
is_between(struct gs_span s)
{
	enum { LEAST = 10 }; /* digits of a time */
	static const struct gs_span brackets[] = { GS_LIT("["), GS_LIT("]"),
		GS_LIT("],"), GS_LIT("[]"), GS_LIT("") };
	struct gs_span time;

	s = gs_span_trim(s);
	return gs_span_is_any(s, GS_ALL(brackets)) ||
	    (is_element(s, &time) && time.n >= LEAST &&
		gs_span_while(time, gs_is_digit) == time.n);
}

/* Reads a line of a text whose lines are elements of a list. Returns whether l
 * is one. */
static bool
listed_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_sdp_line x = *l;
	struct text_anchor a;
	bool goes_on = t->listed > 0 && t->listed + 1 == l->pos.line;

	if (goes_on && is_between(l->text)) {
		t->listed = l->pos.line;
		rest(t, l->text, l->pos);
		return true;
	}
	if (!is_element(l->text, &x.text)) {
		if (goes_on)
			end_message(t, false);
		return false;
	}
	x.pos.col += (uint32_t)(x.text.p - l->text.p);
	const bool one = is_one_string(x.text, x.text.p[-1]);
	x.text = flat(t, x.text);
	if (x.text.p == NULL)
		return false;
	x.text.n = without_cr(x.text.p, x.text.n);
	gs_text_glyphs(t, &x);
	if (!goes_on && !gs_text_fslog_knows(t, x.text) &&
	    (!gs_text_anchor(x.text, &a) || (a.at > 0 && !one)))
		return false;
	t->listed = l->pos.line;
	dispatch(t, &x);
	return true;
}

/* Whether s is worth a call of listed_line(), which is slow. */
static bool
may_be_listed(const struct gs_text_reader *t, struct gs_span s)
{
	char first = *s.p, last = s.p[s.n - 1];

	return t->listed + 1 == t->line ||
	    (gs_span_chr(GS_LIT("\"' \t["), first) != NULL &&
		gs_span_chr(GS_LIT(",\"']"), last) != NULL);
}

static bool
has_escape(struct gs_span s)
{
	const char *p;

	/* Most lines belong to an SDP or are dated; they must be fast. */
	if (text_is_field(s) && s.p[0] != 'v')
		return (memchr(s.p, '%', s.n) != NULL &&
			   (gs_span_has(s, GS_LIT("%0A")) ||
			       gs_span_has(s, GS_LIT("%0a")))) ||
		    gs_span_has(s, GS_LIT("\\_")) ||
		    gs_span_has(s, GS_LIT("&nbsp;"));
	if (text_is_dated(s))
		return gs_span_has(s, GS_LIT("v=0\\"));
	if ((p = memchr(s.p, '\\', s.n)) != NULL && p + 1 < s.p + s.n)
		return true;
	return memchr(s.p, '&', s.n) != NULL || gs_text_has_percent(s);
}

/* mod_logfile cuts a line at 2047 bytes and loses its end: the next line,
 * which begins with the same UUID, follows at once. */
static size_t
logfile_cut(struct gs_span s)
{
	if (s.n <= LOGFILE_LINE)
		return 0;
	size_t n = gs_span_find(s, GS_LIT(" ")) + 1;
	if (n < UUID_LEAST || n > s.n - LOGFILE_LINE ||
	    memcmp(s.p, s.p + LOGFILE_LINE, n) != 0)
		return 0;
	return LOGFILE_LINE;
}

/* Removes what grep put before the line. Returns false if nothing remains:
 * "--" marks lines that were left out. */
static bool
strip_grep(struct gs_text_reader *t, struct gs_sdp_line *l)
{
	bool log = t->forced == GS_TEXT_AUTO || t->forced == GS_TEXT_FSLOG;

	if (!log ||
	    (!t->grep.on &&
		(text_is_field(l->text) ||
		    !gs_text_grep_learn(&t->grep, l->text))))
		return true;
	if (gs_span_eq(l->text, GS_LIT("--"))) {
		gs_text_fslog_message_end(t, true);
		return false;
	}
	size_t n = gs_text_grep_head(&t->grep, l->text);
	if (n == 0 && gs_text_grep_learn(&t->grep, l->text))
		n = gs_text_grep_head(&t->grep, l->text);
	l->text = gs_span_skip(l->text, n);
	l->pos.col += (uint32_t)n;
	return true;
}

/* What follows the first line of a text on its line, without the dot with which
 * ngrep ends it. n is 0 if s is not such a line, or nothing follows. */
static struct gs_span
behind_first(struct gs_span s)
{
	static const struct gs_span ends[] = { GS_LIT("v=0"),
		GS_LIT(" SIP/2.0"), GS_LIT("SDP:") };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t n = gs_span_find(s, ends[i]);
		if (n == s.n)
			continue;
		s = gs_span_skip(s, n + ends[i].n);
		(void)gs_span_take(&s, GS_LIT("."));
		return s;
	}
	return gs_span(NULL, 0);
}

/* Whether s, after the first line of a text, may follow each line: the end of
 * an element, a string or a column, or a visible line end. It may not if the
 * line continues or contains other lines. */
static bool
is_tail(struct gs_span s)
{
	enum { MOST = 200 };
	static const struct gs_span ends[] = { GS_LIT("\\r"), GS_LIT("\\"),
		GS_LIT("&#13;"), GS_LIT("&#xD;") };
	static const struct gs_span none[] = { GS_LIT("]"), GS_LIT("}"),
		GS_LIT(")"), GS_LIT(">"), GS_LIT(","), GS_LIT(";"), GS_LIT("."),
		GS_LIT("\","), GS_LIT("',") };

	if (gs_span_is_any(s, GS_ALL(ends)))
		return true;
	if (s.n == 0 || s.n > MOST || gs_is_alnum(s.p[0]) ||
	    (s.p[0] == ' ' && gs_text_is_blank(s)) ||
	    gs_span_is_any(s, GS_ALL(none)) ||
	    gs_span_chr(GS_LIT(".?&%#=/-!:\\\r"), s.p[0]) != NULL)
		return false;
	return (s.p[0] != ' ' || !gs_is_alnum(s.p[1])) &&
	    !gs_span_has(s, GS_LIT("o=")) && !gs_text_matters(s);
}

/* Removes what follows each line, as the first line of a text shows it.
 * Returns whether l was a string, which has no escapes then. */
static bool
strip_tail(struct gs_text_reader *t, struct gs_sdp_line *l)
{
	struct gs_span s = l->text;
	/* Most lines belong to an SDP or are dated; they must be fast. */
	bool may = text_is_field(s) ?
	    s.p[0] == 'v' :
	    !text_is_dated(s) || gs_span_has(s, GS_LIT("SDP:"));
	struct gs_span tail = may ? behind_first(s) : gs_span(NULL, 0);

	if (is_tail(tail))
		gs_text_shape_set(&t->tail, tail);
	if (t->tail.n == 0)
		return false;
	l->text.n -= gs_text_shape_tail(&t->tail, s);
	if (l->text.n == s.n || t->tail.text[0] != '"')
		return false;
	l->text = flat(t, l->text);
	return true;
}

/* ---- texts that are all on one line */

/* What separates their lines, as the first two of them show; n is 0 if s is
 * not such a text. */
static struct gs_span
separator_of(struct gs_span s)
{
	enum { LEAST = 3, MOST = 64 };
	static const struct {
		struct gs_span first, second;
	} pairs[] = { { { "v=0", 3 }, { "o=", 2 } },
		{ { " SIP/2.0", 8 }, { "Via:", 4 } },
		{ { " SIP/2.0", 8 }, { "Max-Forwards:", 13 } },
		{ { " SIP/2.0", 8 }, { "From:", 5 } },
		{ { "Registrations:", 14 }, { "=====", 5 } } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		size_t at = gs_span_find(s, pairs[i].first);
		if (at == s.n)
			continue;
		struct gs_span rest = gs_span_skip(s, at + pairs[i].first.n);
		rest.n = rest.n < MOST ? rest.n : MOST;
		struct gs_span sep =
		    gs_span(rest.p, gs_span_find(rest, pairs[i].second));
		size_t found = 0, n;
		/* A log has a UUID before each line. */
		if (sep.n == rest.n)
			continue;
		for (size_t k = 0; k < sep.n; k++)
			if (gs_text_is_uuid(gs_span_skip(sep, k)))
				sep.n = k;
		/* Escapes are removed elsewhere; a CR alone is a fault, and
		 * addresses contain dots as well. */
		if (sep.n == 0 || gs_span_eq(sep, GS_LIT(".")) ||
		    *sep.p == '/' || *sep.p == '\r' ||
		    gs_text_escape(sep) == 0 ||
		    (*sep.p == ' ' && gs_text_is_blank(sep)))
			continue;
		for (rest = s; rest.n > 0 && found < LEAST;
		     found += n < rest.n) {
			n = gs_span_find(rest, sep);
			rest = gs_span_skip(rest, n < rest.n ? n + sep.n : n);
		}
		if (found == LEAST)
			return sep;
	}
	return gs_span(NULL, 0);
}

/* Inside quotes or an element, nothing outside them belongs to the first or
 * the last line. */
static struct gs_span
between(struct gs_span s, struct gs_span sep)
{
	enum { NEAR = 24 };
	const char open = sep.p[sep.n - 1], close = sep.p[0];
	const char *at = gs_span_chr(gs_span(s.p, gs_span_find(s, sep)), open);

	if (strchr("\"'>", open) == NULL || (open == '>' && *s.p != '<'))
		return s;
	if (at != NULL && at - s.p < NEAR)
		s = gs_span_skip(s, (size_t)(at - s.p) + 1);
	for (size_t n = s.n; n > 0 && n + NEAR > s.n; n--)
		if (s.p[n - 1] == close)
			return gs_span(s.p, n - 1);
	return s;
}

/* Whether s is worth a call of separated_lines(), which is slow. */
static bool
may_be_separated(struct gs_span s)
{
	enum { LEAST = 60, DATED = 200 };

	return text_is_field(s) ? s.p[0] == 'v' && s.n > LEAST :
	    text_is_dated(s)    ? s.n > DATED :
				  s.n > LEAST;
}

/* Returns whether l was read so. */
static bool
separated_lines(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_span sep = separator_of(l->text);
	struct gs_sdp_line x = *l;

	if (sep.n == 0)
		return false;
	struct gs_span s = between(l->text, sep);
	bool quoted = sep.p[sep.n - 1] == '"';
	x.eol = GS_EOL_LF;
	while (s.n > 0) {
		size_t n = gs_span_find(s, sep);
		x.text = gs_span(s.p, n);
		x.pos.col = l->pos.col + (uint32_t)(s.p - l->text.p);
		if (quoted && gs_text_escape(x.text) < n)
			x.text = flat(t, x.text);
		escaped_line(t, &x);
		s = gs_span_skip(s, n < s.n ? n + sep.n : n);
	}
	end_text(t);
	return true;
}

/* Reads l, a message of a log that syslog broke, with a blank for each line
 * end. */
static void
split_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_buf *b = &t->flat;
	struct gs_sdp_line x = *l;
	struct gs_span s = l->text;

	b->max = GS_TEXT_LINE;
	gs_buf_clear(b);
	while (s.n > 0) {
		size_t n = gs_span_find(s, GS_LIT("#012"));
		gs_buf_put(b, s.p, n);
		if (n < s.n)
			gs_buf_putc(b, ' ');
		s = gs_span_skip(s, n < s.n ? n + 4 : n);
	}
	t->no_memory |= !gs_buf_ok(b);
	x.text = gs_buf_span(b);
	dispatch(t, &x);
}

/* A line with a #012. Returns whether that was a line end. */
static bool
syslog_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	if (is_split(l->text))
		split_line(t, l);
	else if (is_syslog(l->text, t->forced))
		syslog_lines(t, l);
	else
		return false;
	return true;
}

static void whole_line(struct gs_text_reader *t, struct gs_sdp_line *l);

static const struct text_record_to lines = { whole_line, end_text };

/* A line without what grep and the console added; it is not empty. */
static void
clean_line(struct gs_text_reader *t, struct gs_sdp_line *l)
{
	size_t cut;

	if (gs_text_record_line(t, l, &lines))
		return;
	if (may_be_separated(l->text) && t->forced != GS_TEXT_SDP &&
	    separated_lines(t, l))
		return;
	while (l->text.n > LOGFILE_LINE && (cut = logfile_cut(l->text)) > 0) {
		struct gs_sdp_line x = *l;
		x.text.n = cut;
		dispatch(t, &x);
		l->text = gs_span_skip(l->text, cut);
		l->pos.col += (uint32_t)cut;
	}
	if (t->forced != GS_TEXT_SDP && l->text.n > 0 &&
	    may_be_listed(t, l->text) && listed_line(t, l))
		return;
	if (strip_tail(t, l) || l->text.n == 0)
		dispatch(t, l);
	else if (has_line_end(l->text) && syslog_line(t, l))
		return;
	else if (has_escape(l->text) && t->forced != GS_TEXT_SDP &&
	    escaped_lines(t, l))
		return;
	else
		dispatch(t, l);
}

/* ---- long lines of rtpengine: "PREFIX text ...", "PREFIX ... and the rest" */

static bool
is_part(const struct gs_text_reader *t, struct gs_span s)
{
	return t->sink.rest == NULL && gs_span_ends(s, GS_LIT(" ...")) &&
	    gs_span_has(s, GS_LIT("#012"));
}

/* The part of s that continues the line that is kept: it has the same prefix.
 * n is 0 if there is none. */
static struct gs_span
next_part(const struct gs_text_reader *t, struct gs_span s)
{
	const struct gs_span dots = GS_LIT("... ");
	size_t at = gs_span_find(s, dots);
	struct text_shape prefix;

	if (at == s.n || at == 0)
		return gs_span(NULL, 0);
	gs_text_shape_set(&prefix, gs_span(s.p, at));
	return gs_text_shape_match(&prefix, gs_buf_span(&t->part)) > 0 ?
	    gs_span_skip(s, at + dots.n) :
	    gs_span(NULL, 0);
}

/* The line that is kept does not continue. */
static void
end_part(struct gs_text_reader *t)
{
	struct gs_sdp_line l = { .text = gs_buf_span(&t->part),
		.pos = t->part_pos,
		.eol = GS_EOL_LF };

	if (l.text.n > 0)
		clean_line(t, &l);
	gs_buf_clear(&t->part);
}

/* Returns whether l is part of a longer line. */
static bool
take_part(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	enum { DOTS = 4 };
	struct gs_buf *b = &t->part;
	struct gs_span s = next_part(t, l->text);
	bool first = b->n == 0 || s.n == 0 || s.n > b->max - b->n;
	bool more = is_part(t, first ? l->text : s);

	if (first) {
		end_part(t);
		if (!more)
			return false;
		s = l->text;
		b->max = GS_TEXT_LINE;
		t->part_pos = l->pos;
	}
	/* The dots of the last part stay: it was cut. */
	b->n -= first ? 0 : DOTS;
	gs_buf_put(b, s.p, s.n);
	t->no_memory |= !gs_buf_ok(b);
	if (!more)
		end_part(t);
	return true;
}

static void
whole_line(struct gs_text_reader *t, struct gs_sdp_line *l)
{
	if (l->text.n == 0) {
		dispatch(t, l);
		return;
	}
	gs_text_glyphs(t, l);
	if (!strip_grep(t, l))
		return;
	if (l->text.n == 0)
		dispatch(t, l);
	else if ((t->part.n == 0 && l->text.p[l->text.n - 1] != '.') ||
	    !take_part(t, l))
		clean_line(t, l);
}

/* Whether s is binary data, or has a hole that a crash or a rotation left in a
 * log. */
static bool
is_binary_line(struct gs_span s)
{
	enum { PAGE = 4096 };

	if (s.n <= PAGE)
		return s.n > 0 && *s.p == '\0';
	return s.n > GS_TEXT_LINE || *s.p == '\0' ||
	    gs_span_has(s, GS_LIT("\0\0\0\0\0\0\0\0"));
}

/* What follows the last NUL of such a line. What precedes it is searched for
 * evidence. */
static struct gs_span
skip_binary(struct gs_text_reader *t, struct gs_span s)
{
	const char *nul;

	while (s.n > 0 && (nul = memchr(s.p, '\0', s.n)) != NULL) {
		struct gs_sdp_line l = {
			.text = gs_span(s.p, (size_t)(nul - s.p)),
			.pos = { t->line, 1 },
		};
		if (l.text.n > GS_TEXT_LINE)
			gs_text_gap(t, GS_GAP_LONG, &l);
		else if (l.text.n > 0)
			gs_text_untaken(t, &l);
		rest(t, l.text, l.pos);
		s = gs_span_skip(s, l.text.n + 1);
	}
	return s;
}

/* Whether all octets were of UTF-16 or UTF-32, if n are none of NUL: one of
 * two or four, and a byte order mark. */
static bool
are_wide(size_t all, size_t n)
{
	return (n <= all / 2 + 1 && n + 1 >= all / 2) ||
	    (n <= all / 4 + 2 && n + 1 >= all / 4);
}

/* UTF-16 or UTF-32 inside a text in UTF-8, as a shell of Windows appends it:
 * all but every second or fourth octet are NUL. Returns s without them, or as
 * it is. */
static struct gs_span
narrow(struct gs_text_reader *t, struct gs_span s)
{
	enum { LEAST = 6 };
	struct gs_buf *b = &t->narrow;

	if (s.n < LEAST || s.n > GS_TEXT_LINE ||
	    memchr(s.p, '\0', LEAST) == NULL)
		return s;
	b->max = GS_TEXT_LINE;
	gs_buf_clear(b);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\0')
			gs_buf_putc(b, s.p[i]);
	t->no_memory |= !gs_buf_ok(b);
	return gs_buf_ok(b) && b->n > 0 && are_wide(s.n, b->n) ?
	    gs_buf_span(b) :
	    s;
}

/* The message of syslog at the beginning of s, if its length precedes it (RFC
 * 6587 section 3.4.1): "83 <134>1 …". n is 0 if there is none. */
static struct gs_span
counted_message(struct gs_span s)
{
	enum { DIGITS = 6 };
	const size_t digits = gs_span_while(s, gs_is_digit);
	struct gs_span m = gs_span_skip(s, digits);
	uint64_t n;

	if (digits > DIGITS || !gs_span_take(&m, GS_LIT(" ")) || m.n < 3 ||
	    *m.p != '<' || !gs_is_digit(m.p[1]) ||
	    gs_span_u64(gs_span(s.p, digits), &n) != 0 || n > m.n)
		return gs_span(NULL, 0);
	return gs_span(m.p, (size_t)n);
}

/* Reads a line of such messages, which nothing separates. Returns false if l
 * does not have two of them. */
static bool
counted_lines(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_sdp_line x = *l;
	struct gs_span s = l->text, m = counted_message(s);

	if (m.n == 0)
		return false;
	const size_t first = (size_t)(m.p - s.p) + m.n;
	if (counted_message(gs_span_skip(s, first)).n == 0)
		return false;
	while (s.n > 0) {
		m = counted_message(s);
		x.text = m.n > 0 ? m : s;
		x.pos.col = l->pos.col + (uint32_t)(x.text.p - l->text.p);
		s = gs_span_skip(s, (size_t)(x.text.p - s.p) + x.text.n);
		whole_line(t, &x);
	}
	return true;
}

/* A line of n octets is read, */
static void
line_begins(struct gs_text_reader *t, size_t n)
{
	if (n > t->fold)
		t->fold = 0;
	if (t->before > t->longest)
		t->longest = t->before;
}

/* and was read. */
static void
line_ends(struct gs_text_reader *t, size_t n)
{
	t->before = n;
	t->quick = idle(t);
}

/* p[n] is the line's LF, or CR, unless it is the last. */
static void
one_line(struct gs_text_reader *t, const char *p, size_t n, bool last)
{
	struct gs_sdp_line l = { .eol = last ? GS_EOL_NONE : GS_EOL_LF };
	struct gs_span s = narrow(t, gs_span(p, n));

	p = s.p;
	n = s.n;
	if (is_binary_line(s)) {
		s = skip_binary(t, s);
		if (s.n > 0 || n > GS_TEXT_LINE) {
			p = s.p;
			n = s.n;
		}
	}
	bool longer = n > GS_TEXT_LINE;
	if (longer) {
		if (p != (const char *)t->carry.p)
			rest(t, gs_span(p + GS_TEXT_LINE, n - GS_TEXT_LINE),
			    (struct gs_pos){ t->line, GS_TEXT_LINE + 1 });
		n = GS_TEXT_LINE;
	} else if (n > 0 && p[n - 1] == '\r') {
		n = without_cr(p, n);
		if (!last)
			l.eol = GS_EOL_CRLF;
	}
	l.text = gs_span(p, n);
	if (t->line == 1 && TEXT_STARTS(l.text, "\xef\xbb\xbf") &&
	    !text_is_version(l.text))
		l.text = gs_span_skip(l.text, 3);
	l.pos = (struct gs_pos){ t->line, 1 };
	if (longer)
		gs_text_gap(t, GS_GAP_LONG, &l);
	line_begins(t, n);
	if (!counted_lines(t, &l) && !gs_text_mime_line(t, &l, &lines) &&
	    !gs_text_pieces_line(t, &l, &lines) &&
	    !gs_text_soft_line(t, &l, &lines) &&
	    !gs_text_table_line(t, &l, &lines))
		whole_line(t, &l);
	line_ends(t, n);
}

/* Reads a line that is plain, with its LF or CRLF. Returns whether it is. */
static bool
plain_line(struct gs_text_reader *t, const char *p, size_t n)
{
	const bool cr = n > 1 && p[n - 1] == '\r';
	const struct gs_sdp_line l = { .text = gs_span(p, n - cr),
		.eol = cr ? GS_EOL_CRLF : GS_EOL_LF,
		.pos = { t->line, 1 } };

	if (!gs_text_is_plain(t, l.text))
		return false;
	line_begins(t, l.text.n);
	dispatch(t, &l);
	line_ends(t, l.text.n);
	return true;
}

/* Whether a CR alone ends lines in s: it precedes something else at least three
 * times. */
static bool
has_cr_lines(struct gs_span s)
{
	enum { LEAST = 3 };
	size_t found = 0;

	while (s.n > 1 && found < LEAST) {
		const char *cr = memchr(s.p, '\r', s.n - 1);
		if (cr == NULL)
			break;
		/* mysql leaves the CR before an LF that it escapes. */
		found += cr[1] != '\r' && cr[1] != '\\';
		s = gs_span_skip(s, (size_t)(cr - s.p) + 1);
	}
	return found == LEAST;
}

/* Reads the lines in s that end in a CR, and returns the rest. They count as
 * lines unless an LF follows them: a terminal may have drawn a line again. */
static struct gs_span
cr_lines(struct gs_text_reader *t, struct gs_span s, bool count)
{
	const char *cr;

	while ((cr = s.n > 0 ? memchr(s.p, '\r', s.n) : NULL) != NULL) {
		size_t n = (size_t)(cr - s.p);
		one_line(t, s.p, n, false);
		s = gs_span_skip(s, n + 1);
		t->line += count;
	}
	return s;
}

/* A line of the file, or several that end in a CR alone. */
static void
file_line(struct gs_text_reader *t, const char *p, size_t n, bool last)
{
	struct gs_span s = gs_span(p, n);

	if (!last && !t->cr && plain_line(t, p, n))
		return;
	/* Some programs write the CR behind the LF. One octet beyond the limit
	 * shows that the line is too long: it stays. */
	while (n <= GS_TEXT_LINE && s.n > 0 && *s.p == '\r')
		s = gs_span_skip(s, 1);
	if (n <= GS_TEXT_LINE && (t->cr || has_cr_lines(s)))
		s = cr_lines(t, s, last);
	one_line(t, s.p, s.n, last);
}

/* Whether only the caller's rest() may need the line, which then gets it. Most
 * lines of a log end here: inline saves a call for each. */
static inline bool
is_boring(struct gs_text_reader *t, const char *p, size_t n)
{
	if (!t->quick || n == t->fold || !gs_text_fslog_boring(t, p, n))
		return false;
	t->before = 0;
	if (t->sink.rest != NULL)
		rest(t, gs_span(p, n), (struct gs_pos){ t->line, 1 });
	return true;
}

static void
give_rest(struct gs_text_reader *t)
{
	rest(t, gs_buf_span(&t->over),
	    (struct gs_pos){ t->line, GS_TEXT_LINE + 1 });
	gs_buf_clear(&t->over);
}

/* The part of a line beyond the limit, in pieces of that length. */
static void
keep_rest(struct gs_text_reader *t, struct gs_span s)
{
	while (s.n > 0 && t->sink.rest != NULL && !t->no_memory) {
		size_t room = GS_TEXT_LINE - t->over.n;
		size_t n = s.n < room ? s.n : room;

		gs_buf_put(&t->over, s.p, n);
		t->no_memory |= !gs_buf_ok(&t->over);
		s = gs_span_skip(s, n);
		if (t->over.n == GS_TEXT_LINE)
			give_rest(t);
	}
}

/* Keeps the beginning of a line that continues in the next piece. One byte
 * more than the limit shows that the line is too long. */
static void
keep(struct gs_text_reader *t, const char *p, size_t n)
{
	struct gs_buf *b = &t->carry;
	size_t before, room;

	do {
		before = b->n;
		room = GS_TEXT_LINE + 1 - before;
		room = n < room ? n : room;
		gs_buf_put(b, p, room);
		t->no_memory |= !gs_buf_ok(b);
		if (b->n <= GS_TEXT_LINE || before > GS_TEXT_LINE)
			break;
		struct gs_span s = skip_binary(t, gs_buf_span(b));
		t->cr |= has_cr_lines(s);
		if (t->cr) {
			t->line++;
			s = cr_lines(t, s, true);
			t->line--;
		}
		if (s.n == b->n)
			break;
		memmove(b->p, s.p, s.n);
		explicit_bzero(b->p + s.n, b->n - s.n);
		b->n = s.n;
		p += room;
		n -= room;
	} while (!t->no_memory);
	size_t read = before > GS_TEXT_LINE ? 0 : GS_TEXT_LINE - before;
	if (n > read)
		keep_rest(t, gs_span(p + read, n - read));
}

/* The lines that are read next lie before end. */
static void
piece_begins(struct gs_text_reader *t, const char *end)
{
	t->end = end;
	t->equals = NULL;
}

/* Whether the line repeats the one before it, because two programs wrote one
 * log; asked while t->doubled. After a line that appears alone, equal lines
 * need not be copies, and all are read. */
static bool
is_second(struct gs_text_reader *t, const char *p, size_t n)
{
	struct gs_buf *b = &t->first;
	const struct gs_span s = gs_span(p, n);

	/* Where an SDP lacks its beginning, nothing tells copies apart. */
	if (t->line == 1 && text_is_field(s) && !text_is_version(s))
		return t->doubled = false;
	const bool waits = b->n > 0;
	const bool second = waits && gs_span_eq(gs_buf_span(b), s);
	t->doubled = second || !waits;
	gs_buf_clear(b);
	if (t->doubled && !second && n <= b->max)
		gs_buf_put(b, p, n);
	t->no_memory |= !gs_buf_ok(b);
	return second;
}

static void
carried_line(struct gs_text_reader *t, bool last)
{
	const char *p = (const char *)t->carry.p;

	piece_begins(t, p + t->carry.n);
	t->line++;
	if (!(t->doubled && is_second(t, p, t->carry.n)) &&
	    (last || !is_boring(t, p, t->carry.n)))
		file_line(t, p, t->carry.n, last);
	if (t->log != NULL)
		gs_text_fslog_settle(t->log);
	gs_buf_clear(&t->carry);
	t->cr = false;
	give_rest(t);
}

int
gs_text_reader_feed(struct gs_text_reader *t, struct gs_span bytes)
{
	const char *p = bytes.p, *nl;

	if (bytes.n == 0)
		return t->no_memory ? -1 : 0;
	const char *end = p + bytes.n;
	if (t->carry.n > 0) {
		nl = memchr(p, '\n', bytes.n);
		keep(t, p, (size_t)((nl != NULL ? nl : end) - p));
		if (nl == NULL)
			return t->no_memory ? -1 : 0;
		carried_line(t, false);
		p = nl + 1;
	}
	piece_begins(t, end);
	while (!t->no_memory && p < end &&
	    (nl = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		size_t n = (size_t)(nl - p);
		t->line++;
		if (!(t->doubled && is_second(t, p, n)) && !is_boring(t, p, n))
			file_line(t, p, n, false);
		p = nl + 1;
	}
	if (p < end)
		keep(t, p, (size_t)(end - p));
	if (t->log != NULL)
		gs_text_fslog_settle(t->log);
	return t->no_memory ? -1 : 0;
}

void
gs_text_reader_place(struct gs_text_reader *t, const char *when,
    const char *src, const char *dst)
{
	gs_text_copy(t->when, sizeof(t->when), gs_span_of(when));
	gs_text_copy(t->src, sizeof(t->src), gs_span_of(src));
	gs_text_copy(t->dst, sizeof(t->dst), gs_span_of(dst));
}

int
gs_text_reader_message(struct gs_text_reader *t, struct gs_span bytes,
    uint64_t number, enum gs_sdp_transport transport, bool cut)
{
	bool first = true;

	t->carried = transport;
	t->cut = cut;
	while (bytes.n > 0) {
		const char *nl = memchr(bytes.p, '\n', bytes.n);
		size_t n = nl != NULL ? (size_t)(nl - bytes.p) : bytes.n;
		bool crlf = nl != NULL && n > 0 && nl[-1] == '\r';
		struct gs_sdp_line l = {
			.text = gs_span(bytes.p, n - crlf),
			.pos = { number, 1 },
			.eol = nl == NULL ? GS_EOL_NONE :
			    crlf          ? GS_EOL_CRLF :
					    GS_EOL_LF,
		};
		size_t kept = t->kept;
		/* A start line that only the capture's reader knows, or what
		 * follows the SDP. */
		if (!gs_text_sip_line(t, &l) &&
		    (first || gs_text_matters(l.text)))
			gs_text_gap(t, GS_GAP_PACKET, &l);
		first = false;
		if (t->kept == kept)
			rest(t, l.text, l.pos);
		bytes = gs_span_skip(bytes, n + (nl != NULL));
	}
	gs_text_sip_eof(t);
	return t->no_memory ? -1 : 0;
}

void
gs_text_reader_packet(struct gs_text_reader *t, struct gs_span bytes,
    uint64_t number, enum gs_text_gap_kind why)
{
	struct text_start st;

	for (struct gs_span line; gs_span_line(&bytes, &line);) {
		const struct gs_sdp_line l = {
			.text = gs_span(line.p, without_cr(line.p, line.n)),
			.pos = { number, 1 },
		};
		if (gs_text_matters(l.text) || gs_text_is_start(l.text, &st)) {
			gs_text_gap(t, why, &l);
			return;
		}
	}
}

int
gs_text_reader_end(struct gs_text_reader *t)
{
	if (t->carry.n > 0)
		carried_line(t, true);
	gs_text_mime_end(t, &lines);
	gs_text_pieces_end(t, &lines);
	gs_text_soft_end(t, &lines);
	gs_text_table_end(t, &lines);
	end_part(t);
	gs_text_fslog_eof(t);
	gs_text_lane_end(t, gs_span(NULL, 0));
	gs_text_sip_eof(t);
	gs_text_sdp_eof(t);
	gs_text_reg_eof(t);
	return t->no_memory ? -1 : 0;
}
