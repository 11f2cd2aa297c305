/* SPDX-License-Identifier: MIT */
/* Lines that another program cut into pieces: the log of a container, whose
 * runtime marks pieces that continue, and packets that ngrep prints. */
#include "text/pieces_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "text/align_priv.h"
#include "text/reader_priv.h"
#include "text/textline_priv.h"

enum { INDENT = 2, UNENDED = 64, DATE = 10 };

enum form { FORM_NONE, FORM_CRI, FORM_DOCKER, FORM_NGREP };

struct piece {
	enum form form;
	struct gs_span text; /* in its line */
	struct gs_span stream; /* stdout or stderr; n 0: there is only one */
	bool more; /* it continues */
};

struct text_pieces {
	enum form form; /* the form of the line that is kept; FORM_NONE: none */
	struct gs_buf kept; /* its pieces, an LF between those of Docker */
	struct gs_buf line; /* the same with what surrounds it */
	struct gs_sdp_line first;
	char stream[8];
	size_t width; /* width of the first piece of ngrep */
	size_t last; /* width of the last one */
	unsigned pieces;
	bool tagged; /* lines have tags */
	bool ends; /* Docker's strings end where their lines did, */
	bool whole; /* or each of them is a line */
	uint64_t packet; /* the line that announced a packet; 0: none */
};

void
gs_text_pieces_free(struct text_pieces *p)
{
	if (p == NULL)
		return;
	gs_buf_free(&p->kept);
	gs_buf_free(&p->line);
	free(p);
}

bool
gs_text_pieces_waits(const struct text_pieces *p)
{
	return p->form != FORM_NONE || p->tagged;
}

static bool
is_stream(struct gs_span s)
{
	return gs_span_eq(s, GS_LIT("stdout")) ||
	    gs_span_eq(s, GS_LIT("stderr"));
}

/* Whether s is TIME STREAM TAG TEXT, where the tag is P for a piece that
 * continues and F for the last one (the log format of Kubernetes' container
 * runtime interface). */
static bool
is_cri(struct gs_span s, struct piece *p)
{
	if (s.n <= DATE || !gs_is_digit(*s.p) || s.p[DATE] != 'T')
		return false;
	(void)gs_text_word(&s);
	p->stream = gs_text_word(&s);
	if (!is_stream(p->stream) || s.n == 0 || (*s.p != 'P' && *s.p != 'F') ||
	    (s.n > 1 && s.p[1] != ' '))
		return false;
	p->form = FORM_CRI;
	p->more = *s.p == 'P';
	p->text = gs_span_skip(s, s.n > 1 ? 2 : 1);
	return true;
}

/* Takes name off *s, with the blanks and the punctuation before it. */
static bool
take_name(struct gs_span *s, char before, struct gs_span name)
{
	if (s->n == 0 || *s->p != before)
		return false;
	*s = gs_span_trim(gs_span_skip(*s, 1));
	return gs_span_take(s, name);
}

/* Takes a string after a colon off *s. */
static bool
take_string(struct gs_span *s, struct gs_span *string)
{
	size_t n = 0;

	if (!take_name(s, ':', GS_LIT("\"")))
		return false;
	while (n < s->n && s->p[n] != '"')
		n += s->p[n] == '\\' ? 2 : 1;
	if (n >= s->n)
		return false;
	*string = gs_span(s->p, n);
	*s = gs_span_trim(gs_span_skip(*s, n + 1));
	return true;
}

/* Whether s, the rest of an object, holds no text besides a time: that of
 * another member would be lost. */
static bool
is_time_only(struct gs_span s)
{
	enum { MOST = 40 };
	struct gs_span time = { NULL, 0 };

	if (take_name(&s, ',', GS_LIT("\"time\"")) &&
	    (!take_string(&s, &time) || time.n > MOST))
		return false;
	return gs_span_eq(s, GS_LIT("}"));
}

/* Whether s is {"log":"TEXT","stream":"stdout","time":"TIME"}. Docker keeps the
 * line end of each line, so a string without one continues. Other programs may
 * have removed all of them. */
static bool
is_docker(struct text_pieces *k, struct gs_span s, struct piece *p)
{
	if (k->whole || !take_name(&s, '{', GS_LIT("\"log\"")) ||
	    !take_string(&s, &p->text) ||
	    !take_name(&s, ',', GS_LIT("\"stream\"")) ||
	    !take_string(&s, &p->stream) || !is_stream(p->stream) ||
	    !is_time_only(s))
		return false;
	p->form = FORM_DOCKER;
	p->more = !gs_span_ends(p->text, GS_LIT("\\n"));
	k->ends |= !p->more;
	return true;
}

/* Whether s is a line of a packet, after two blanks. All but the last have the
 * same width. */
static bool
is_ngrep(const struct text_pieces *k, const struct gs_sdp_line *l,
    struct piece *p)
{
	const bool first = k->packet + 1 == l->pos.line;

	if (!gs_span_starts(l->text, GS_LIT("  ")) ||
	    (!first && (k->form != FORM_NGREP || k->last != k->width)))
		return false;
	p->form = FORM_NGREP;
	p->text = gs_span_skip(l->text, INDENT);
	p->more = true;
	return first || p->text.n <= k->width;
}

/* Whether s is U 192.0.2.1:5060 -> 192.0.2.2:5060 #7. */
static bool
is_packet(struct gs_span s)
{
	struct text_trace tr;

	return s.n > 2 && (*s.p == 'U' || *s.p == 'T') && s.p[1] == ' ' &&
	    gs_text_is_trace(s, &tr) && tr.src.n > 0 && tr.dst.n > 0;
}

static struct piece
piece_of(struct text_pieces *k, const struct gs_sdp_line *l)
{
	struct piece p = { .form = FORM_NONE };

	if (!is_cri(l->text, &p) && !is_docker(k, l->text, &p) &&
	    !is_ngrep(k, l, &p))
		p.form = FORM_NONE;
	return p;
}

/* Passes on the lines of a packet. ngrep prints dots for its CR and LF; if it
 * is no message, the lines stay as printed. */
static void
give_packet(struct gs_text_reader *t, const struct text_record_to *to)
{
	const struct gs_span end = GS_LIT("..");
	struct text_pieces *k = t->pieces;
	struct gs_span s = gs_buf_span(&k->kept);
	struct gs_sdp_line x = k->first;
	struct text_start st;
	bool message = text_is_version(s) ||
	    gs_text_is_start(gs_span(s.p, gs_span_find(s, end)), &st);

	x.eol = GS_EOL_CRLF;
	x.pos.col += INDENT;
	for (size_t n; s.n > 0; x.pos.line += !message) {
		n = message        ? gs_span_find(s, end) :
		    s.n > k->width ? k->width :
				     s.n;
		x.text = gs_span(s.p, n);
		s = gs_span_skip(s, n);
		if (message && s.n > 0)
			s = gs_span_skip(s, end.n);
		to->line(t, &x);
	}
	if (message)
		to->end(t);
}

/* Passes on Docker's pieces as one string, or each as one. */
static void
give_strings(struct gs_text_reader *t, const struct text_record_to *to)
{
	struct text_pieces *k = t->pieces;
	struct gs_span s = gs_buf_span(&k->kept), piece;
	struct gs_sdp_line x = k->first;

	k->whole = !k->ends;
	gs_buf_clear(&k->line);
	while (gs_span_line(&s, &piece)) {
		if (k->line.n == 0)
			gs_buf_puts(&k->line, "{\"log\":\"");
		gs_buf_put(&k->line, piece.p, piece.n);
		if (s.n > 0 && k->ends)
			continue;
		gs_buf_puts(&k->line, "\"}");
		t->no_memory |= !gs_buf_ok(&k->line);
		x.text = gs_buf_span(&k->line);
		to->line(t, &x);
		gs_buf_clear(&k->line);
		x.pos.line++;
	}
}

static void
give(struct gs_text_reader *t, const struct text_record_to *to)
{
	struct text_pieces *k = t->pieces;
	struct gs_sdp_line l = k->first;
	const enum form form = k->form;

	k->form = FORM_NONE;
	l.text = gs_buf_span(&k->kept);
	if (form == FORM_NGREP)
		give_packet(t, to);
	else if (form == FORM_DOCKER)
		give_strings(t, to);
	else
		to->line(t, &l);
}

/* Begins with p, a piece of l. With tags, what precedes it stays, as it does on
 * other lines. */
static void
begin(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct piece *p)
{
	struct text_pieces *k = t->pieces;
	const size_t head = (size_t)(p->text.p - l->text.p);

	k->form = p->form;
	k->first = *l;
	k->width = k->last = p->text.n;
	k->pieces = 1;
	gs_text_copy(k->stream, sizeof(k->stream), p->stream);
	gs_buf_clear(&k->kept);
	if (p->form == FORM_CRI) {
		gs_buf_put(&k->kept, l->text.p, head - 2);
		gs_buf_puts(&k->kept, "F ");
	}
	gs_buf_put(&k->kept, p->text.p, p->text.n);
	t->no_memory |= !gs_buf_ok(&k->kept);
}

/* Adds the next piece. */
static bool
add(struct gs_text_reader *t, const struct piece *p)
{
	struct text_pieces *k = t->pieces;

	if (p->text.n >= k->kept.max - k->kept.n ||
	    (p->form == FORM_DOCKER && !k->ends && k->pieces == UNENDED))
		return false;
	if (p->form == FORM_DOCKER)
		gs_buf_putc(&k->kept, '\n');
	gs_buf_put(&k->kept, p->text.p, p->text.n);
	t->no_memory |= !gs_buf_ok(&k->kept);
	k->last = p->text.n;
	k->pieces++;
	return true;
}

/* Most lines are entries of a log, and must be fast. */
static bool
may_be_piece(const struct gs_text_reader *t, struct gs_span s)
{
	if (t->pieces != NULL || s.n == 0)
		return t->pieces != NULL;
	return (gs_is_digit(*s.p) && s.n > DATE && s.p[DATE] == 'T') ||
	    *s.p == '{' || *s.p == 'U' || *s.p == 'T';
}

/* Appends p, a piece of l, to what is kept, or passes that on. Returns whether
 * l is done. */
static bool
go_on(struct gs_text_reader *t, const struct piece *p,
    const struct text_record_to *to)
{
	bool added = p->form == t->pieces->form && add(t, p);

	if (!added || !p->more)
		give(t, to);
	return added;
}

static bool
need(struct gs_text_reader *t, const struct text_pieces *begun)
{
	if (t->pieces != NULL)
		return true;
	if (!text_need(t, &t->pieces, sizeof(*t->pieces)))
		return false;
	*t->pieces = *begun;
	t->pieces->kept.max = GS_TEXT_LINE;
	t->pieces->line.max = GS_TEXT_LINE + INDENT * GS_TEXT_GREP;
	return true;
}

bool
gs_text_pieces_line(struct gs_text_reader *t, const struct gs_sdp_line *l,
    const struct text_record_to *to)
{
	struct text_pieces none = { .form = FORM_NONE };
	struct text_pieces *k = t->pieces != NULL ? t->pieces : &none;

	if (t->sink.rest != NULL || t->forced == GS_TEXT_SDP ||
	    !may_be_piece(t, l->text))
		return false;
	struct piece p = piece_of(k, l);
	k->tagged |= p.form == FORM_CRI;
	if (is_packet(l->text))
		k->packet = l->pos.line;
	if (!k->tagged && !k->ends && !p.more && k->packet == 0)
		return false;
	if (!need(t, k))
		return false;
	k = t->pieces;
	if (k->form != FORM_NONE) {
		/* Lines of the other stream may be between the pieces. */
		if (p.form == k->form &&
		    !gs_span_eq(p.stream, gs_span_of(k->stream)))
			return false;
		if (go_on(t, &p, to))
			return true;
		/* Docker's strings may be known to be whole. */
		p.more &= p.form != FORM_DOCKER || !k->whole;
	}
	if (p.more)
		begin(t, l, &p);
	return p.more;
}

void
gs_text_pieces_end(struct gs_text_reader *t, const struct text_record_to *to)
{
	if (t->pieces != NULL && t->pieces->form != FORM_NONE)
		give(t, to);
}
