/* SPDX-License-Identifier: MIT */
/* How a message was carried, as the text beside it tells: members of JSON, and
 * columns. Databases of HOMER, Kamailio and OpenSIPS have such, and Via does
 * not tell what a balancer did. */
#include "text/carrier_priv.h"

#include "base/bytes.h"
#include "text/reader_priv.h"
#include "text/textline_priv.h"

/* Whether s names a member or column with a transport: "proto", "transport",
 * "from_proto", "ip.protocol". */
static bool
names_transport(struct gs_span s)
{
	static const struct gs_span names[] = { GS_LIT("transport"),
		GS_LIT("proto"), GS_LIT("protocol") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (s.n >= names[i].n &&
		    gs_span_eqcase(gs_span_skip(s, s.n - names[i].n), names[i]))
			return true;
	return false;
}

enum gs_sdp_transport
gs_text_member_transport(struct gs_span name, struct gs_span value)
{
	const size_t n = gs_span_while(value, gs_is_alpha);

	if (n > 0 && n + 1 < value.n &&
	    (value.p[n] == ':' || value.p[n] == '/'))
		return gs_is_digit(value.p[n + 1]) || value.p[n + 1] == '[' ?
		    gs_text_transport(gs_span(value.p, n)) :
		    GS_TRANSPORT_UNKNOWN;
	if (!names_transport(name))
		return GS_TRANSPORT_UNKNOWN;
	/* The number of the protocol in IP, as HEP has it. Asterisk writes that
	 * of TCP for TLS, too. */
	if (gs_span_eq(value, GS_LIT("17")))
		return GS_TRANSPORT_UDP;
	return gs_text_transport(value);
}

/* The cell at the beginning of *s, without its quotes, which is taken off. */
static struct gs_span
take_cell(struct gs_span *s)
{
	static const char delimiters[] = ",;|\t";
	struct gs_span c = gs_span(s->p, 0);

	while (c.n < s->n && strchr(delimiters, s->p[c.n]) == NULL)
		c.n++;
	*s = gs_span_skip(*s, c.n + (c.n < s->n));
	c = gs_span_trim(c);
	while (c.n > 0 && strchr("\"'(", *c.p) != NULL)
		c = gs_span_skip(c, 1);
	while (c.n > 0 && strchr("\"'", c.p[c.n - 1]) != NULL)
		c.n--;
	return c;
}

static bool
is_clear(enum gs_sdp_transport t)
{
	return t == GS_TRANSPORT_UDP || t == GS_TRANSPORT_TCP ||
	    t == GS_TRANSPORT_WS;
}

/* The transport in "12:00:00 UDP 192.0.2.1:5060 > …": an address follows it. */
static struct gs_span
find_word(struct gs_span s)
{
	while (s.n > 0) {
		const struct gs_span w = gs_text_word(&s);
		if (s.n > 0 && (gs_is_digit(*s.p) || *s.p == '[') &&
		    is_clear(gs_text_transport(w)))
			return w;
	}
	return s;
}

/* Fills *tr with the cell of s that says that others could read the message.
 * Returns whether there is one. */
static bool
find_cell(struct gs_span s, struct text_trace *tr)
{
	*tr = (struct text_trace){ .head = true, .unsure = true };
	while (s.n > 0 && !is_clear(tr->transport)) {
		const struct gs_span c = take_cell(&s), w = find_word(c);
		tr->where = w.n > 0 ? w : c;
		if (c.n > 0 && !gs_is_digit(*tr->where.p))
			tr->transport = gs_text_member_transport(
			    GS_LIT("proto"), tr->where);
	}
	return is_clear(tr->transport);
}

void
gs_text_carrier_before(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct text_trace tr;

	if (find_cell(l->text, &tr))
		gs_text_sip_carried(t, &tr, l);
}

/* The value in "     fromip: udp:192.0.2.1:5060"; n is 0 if s is none. */
static struct gs_span
value_of(struct gs_span s)
{
	const size_t colon = gs_span_find(s, GS_LIT(": "));
	const struct gs_span none = gs_span(s.p, 0);

	if (colon == s.n)
		return none;
	s = gs_span_skip(s, colon + 2);
	return gs_text_member_transport(none, s) != GS_TRANSPORT_UNKNOWN ? s :
									   none;
}

void
gs_text_carrier_behind(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	struct gs_span s = l->text;
	struct text_trace tr;

	if (s.n < 2)
		return;
	const struct gs_span x = gs_span_trim(s);
	if (*s.p == ' ' && !gs_span_starts(x, GS_LIT("|"))) {
		s = value_of(s);
	} else {
		s = *s.p == ' ' ? x : gs_span_skip(s, *s.p != '\t');
		if (s.n == 0 || strchr(",;|\t", *s.p) == NULL)
			return;
		/* Another row may follow. */
		s.n = gs_span_find(s, GS_LIT(")"));
	}
	if (s.n > 0 && find_cell(s, &tr))
		gs_text_sip_late(t, &tr, l);
}
