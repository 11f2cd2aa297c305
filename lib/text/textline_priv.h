/* SPDX-License-Identifier: MIT */
/* What a line of text looks like: SDP, SIP, or a trace's own words. */
#ifndef GSPROV_TEXT_TEXTLINE_PRIV_H
#define GSPROV_TEXT_TEXTLINE_PRIV_H

#include "base/bytes.h"
#include "text/sink.h"

/* Whether s begins with x=, like every line of an SDP. */
static inline bool
text_is_field(struct gs_span s)
{
	return s.n >= 2 && s.p[1] == '=' && s.p[0] >= 'a' && s.p[0] <= 'z';
}

/* Whether such a field is one of those that SDP has. */
static inline bool
text_is_known(struct gs_span s)
{
	switch (s.p[0]) {
	case 'v':
	case 'o':
	case 's':
	case 'i':
	case 'u':
	case 'e':
	case 'p':
	case 'c':
	case 'b':
	case 't':
	case 'r':
	case 'z':
	case 'k':
	case 'a':
	case 'm': return true;
	default: return false;
	}
}

/* Whether s begins with v=, also after a byte order mark, which the parser
 * judges. */
static inline bool
text_is_version(struct gs_span s)
{
	return s.n >= 2 &&
	    ((s.p[0] == 'v' && s.p[1] == '=') ||
		gs_span_starts(s, GS_LIT("\xef\xbb\xbfv=")));
}

/* Whether s begins with a date and a blank, like lines of FreeSWITCH's log:
 * 2026-11-27 22:16:01.271237. */
static inline bool
text_is_logged(struct gs_span s)
{
	enum { DATE = 26 };

	return s.n > DATE && s.p[4] == '-' && s.p[10] == ' ' &&
	    s.p[19] == '.' && s.p[DATE] == ' ';
}

/* The same, with only a date and a blank. */
static inline bool
text_is_dated(struct gs_span s)
{
	return s.n > 10 && s.p[4] == '-' && s.p[7] == '-' && s.p[10] == ' ';
}

/* Whether s has a control character, anything beyond ASCII, or an octet that
 * most escapes begin with: "#", "&" or a backslash. Most lines have none. */
bool gs_text_is_odd(struct gs_span s);
/* The same, or a comma, a semicolon or a "%". */
bool gs_text_is_odd_cell(struct gs_span s);

/* Whether s may have an escape of URLs. */
bool gs_text_has_percent(struct gs_span s);

/* Whether s is an x= line that is unlikely outside of an SDP. */
bool gs_text_is_evidence(struct gs_span s);

/* Whether s is empty, or only blanks. */
bool gs_text_is_blank(struct gs_span s);

/* Whether s begins with lit, a string literal. */
#define TEXT_STARTS(s, lit) gs_span_starts((s), GS_LIT(lit))

/* The number of blanks and tabs at the beginning of s. */
static inline size_t
text_indent(struct gs_span s)
{
	return gs_span_while(s, gs_is_blank);
}

/* The number of octets of s, a line that continues the previous one, that mark
 * this: blanks, or an arrow. */
size_t gs_text_fold_mark(struct gs_span s);

/* Takes the first word off *s, and the blanks after it. */
struct gs_span gs_text_word(struct gs_span *s);

/* Copies as much as fits, and a NUL. */
void gs_text_copy(char *to, size_t size, struct gs_span s);

/* "TLS", "tls", "T", "U" … as a transport. */
enum gs_sdp_transport gs_text_transport(struct gs_span s);

/* The transport that a member of JSON, or a column, tells of the message beside
 * it: "udp" or 17 if its name is such as "proto", or "udp:192.0.2.1:5060". */
enum gs_sdp_transport gs_text_member_transport(struct gs_span name,
    struct gs_span value);

/* Writes the first time in s, with its date, to to; "" if there is none. */
void gs_text_when(struct gs_span s, char to[GS_TEXT_WHEN]);

/* Whether s, between lines of an SDP, is none of them but an entry of a log: it
 * has a time. */
bool gs_text_is_entry(struct gs_span s);

/* A line that traces print between messages: arrows, dashes, times. */
struct text_trace {
	enum gs_sdp_transport transport;
	struct gs_span where; /* place of the transport */
	enum gs_text_party party;
	bool cut; /* *** message truncated */
	bool head; /* it announces a SIP message */
	bool unsure; /* it may be another line that names a transport */
	struct gs_span src; /* ADDRESS:PORT, as the line has them */
	struct gs_span dst;
};

/* Whether s is one; if so, *tr is filled. */
bool gs_text_is_trace(struct gs_span s, struct text_trace *tr);

/* Whether s, which is no such line, may say of the next message that others
 * could read it: it was received or sent by UDP, TCP or WS, with an address or
 * a number of bytes. If so, *tr is filled. */
bool gs_text_names_carrier(struct gs_span s, struct text_trace *tr);

/* The start line of a SIP message (RFC 3261 sections 7.1 and 7.2). */
struct text_start {
	struct gs_span method; /* for a request */
	struct gs_span reason; /* for a response */
	unsigned status;
	size_t at; /* where it begins; blanks before it are indentation */
	bool dot; /* a dot stands for the CR, as ngrep prints it */
};

bool gs_text_is_start(struct gs_span s, struct text_start *st);

#endif
