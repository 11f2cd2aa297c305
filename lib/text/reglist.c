/* SPDX-License-Identifier: MIT */
/* The listing of sofia status profile P reg, as text and as XML. */
#include "text/textsrc_priv.h"

#include <stdlib.h>

/* The phone that is being read. */
struct text_reg {
	struct gs_text_registration r;
	struct gs_buf status; /* its status line, for r.line */
	bool registered; /* a status was read */
	bool listing; /* it is known to be one */
};

void
gs_text_reg_free(struct text_reg *s)
{
	if (s != NULL)
		gs_buf_free(&s->status);
	free(s);
}

enum reg_field {
	REG_NONE,
	REG_HEAD, /* a listing, but nothing of a phone */
	REG_CALL_ID, /* the first of a phone's */
	REG_USER,
	REG_CONTACT,
	REG_AGENT,
	REG_STATUS,
	REG_END, /* the phone's entry is complete */
};

static const struct {
	const char *text;
	const char *xml;
	enum reg_field field;
} names[] = {
	{ "Call-ID:", "<call-id>", REG_CALL_ID },
	{ "User:", "<user>", REG_USER },
	{ "Contact:", "<contact>", REG_CONTACT },
	{ "Agent:", "<agent>", REG_AGENT },
	{ "Status:", "<status>", REG_STATUS },
	{ "Registrations:", "<registrations>", REG_HEAD },
	{ "Total items returned:", "</registration>", REG_END },
	{ "Name", "<registration>", REG_END },
};

/* Which field line s holds; *value is its value, still encoded in XML. */
static enum reg_field
field_of(struct gs_span s, struct gs_span *value, bool *xml)
{
	s = gs_span_trim(s);
	*xml = s.n > 0 && s.p[0] == '<';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *name = *xml ? names[i].xml : names[i].text;
		if (!gs_span_starts(s, gs_span(name, strlen(name))))
			continue;
		*value = text_skip(s, strlen(name));
		if (*xml)
			value->n = gs_span_find(*value, GS_LIT("</"));
		*value = gs_span_trim(*value);
		return names[i].field;
	}
	return REG_NONE;
}

/* One &…; at s.p[0], or the byte itself. Returns how long it is. */
static size_t
entity(struct gs_span s, char *c)
{
	static const struct {
		const char *name;
		char c;
	} known[] = {
		{ "&lt;", '<' },
		{ "&gt;", '>' },
		{ "&amp;", '&' },
		{ "&quot;", '"' },
		{ "&apos;", '\'' },
		{ "&#34;", '"' },
		{ "&#39;", '\'' },
		{ "&#38;", '&' },
		{ "&#60;", '<' },
		{ "&#62;", '>' },
	};

	*c = s.p[0];
	if (s.p[0] != '&')
		return 1;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i].name);
		if (s.n >= n && memcmp(s.p, known[i].name, n) == 0) {
			*c = known[i].c;
			return n;
		}
	}
	return 1;
}

static void
copy(char *to, size_t size, struct gs_span s, bool xml)
{
	size_t n = 0;

	if (!xml) {
		gs_text_copy(to, size, s);
		return;
	}
	while (s.n > 0 && n < size - 1)
		s = text_skip(s, entity(s, &to[n++]));
	to[n] = '\0';
}

/* The word behind the first name in contact. */
static enum gs_sdp_transport
transport_after(struct gs_span contact, struct gs_span name)
{
	for (size_t i = 0; i + name.n <= contact.n; i++) {
		struct gs_span at = { contact.p + i, name.n };
		if (!gs_span_eqcase(at, name))
			continue;
		struct gs_span v = text_skip(contact, i + name.n);
		size_t n = 0;
		while (n < v.n && ((v.p[n] | 0x20) >= 'a') &&
		    (v.p[n] | 0x20) <= 'z')
			n++;
		return gs_text_transport(gs_span(v.p, n));
	}
	return GS_TRANSPORT_UNKNOWN;
}

/* The transport in a Contact, RFC 3261 section 19.1.1, or in FreeSWITCH's
 * fs_path there; sips and no parameter is TLS (section 26.2.2). */
static enum gs_sdp_transport
contact_transport(struct gs_span contact)
{
	enum gs_sdp_transport t =
	    transport_after(contact, GS_LIT("transport="));

	if (t == GS_TRANSPORT_UNKNOWN)
		t = transport_after(contact, GS_LIT("transport%3D"));
	if (t == GS_TRANSPORT_UNKNOWN &&
	    gs_span_find(contact, GS_LIT("<sips:")) < contact.n)
		t = GS_TRANSPORT_TLS;
	return t;
}

/* What FreeSWITCH puts in the first bracket of the status. WebSocket
 * without NAT is shown there as UDP, so a Contact that says WS or WSS is
 * believed; AUTO-NAT and no bracket hide the transport. */
static void
judge(struct gs_text_registration *r, struct gs_span bracket)
{
	struct gs_span b = bracket;
	enum gs_sdp_transport c =
	    contact_transport(gs_span(r->contact, strlen(r->contact)));

	b.n = gs_span_find(b, GS_LIT("-NAT"));
	r->transport = gs_text_transport(b);
	if (gs_span_eqcase(b, GS_LIT("TLSHACK")))
		r->transport = GS_TRANSPORT_TLS;
	r->hidden = r->transport == GS_TRANSPORT_UNKNOWN;
	bool ws = c == GS_TRANSPORT_WS || c == GS_TRANSPORT_WSS;
	if (r->hidden || (r->transport == GS_TRANSPORT_UDP && ws))
		r->transport = c;
}

/* Registered(TLS-NAT)(unknown) EXP(…: the name and its first bracket,
 * unless that is already the date. */
static void
status(struct text_reg *s, struct gs_span value, const struct gs_sdp_line *l)
{
	size_t n = 0;
	struct gs_span bracket = { NULL, 0 };

	while (n < value.n && value.p[n] != '(' && value.p[n] != ' ')
		n++;
	if (n < value.n && value.p[n] == '(') {
		bracket = text_skip(value, n + 1);
		bracket.n = gs_span_find(bracket, GS_LIT(")"));
		if (!gs_span_eqcase(bracket, GS_LIT("unknown")))
			n += bracket.n + 2;
		else
			bracket.n = 0;
	}
	gs_text_copy(s->r.status, sizeof(s->r.status),
	    gs_span(value.p, n < value.n ? n : value.n));
	judge(&s->r, bracket);
	s->r.status_pos = l->pos;
	s->r.status_pos.col += (uint32_t)(value.p - l->text.p);
	s->status.max = GS_TEXT_LINE;
	gs_buf_clear(&s->status);
	gs_buf_put(&s->status, l->text.p, l->text.n);
	s->r.line = *l;
	s->r.line.text = gs_buf_span(&s->status);
	s->registered = true;
}

/* Gives the phone; what is behind its status is of no interest. */
static void
give(struct gs_text_reader *t, struct text_reg *s)
{
	if (s->registered && t->sink.registration != NULL)
		t->sink.registration(t->sink.arg, &s->r);
	s->registered = false;
	s->r = (struct gs_text_registration){ .hidden = false };
}

/* Returns whether the line is one of a listing. */
static bool
field(struct gs_text_reader *t, struct text_reg *s, const struct gs_sdp_line *l)
{
	struct gs_span v = { NULL, 0 };
	bool xml = false;
	enum reg_field f = field_of(l->text, &v, &xml);

	switch (f) {
	case REG_CALL_ID:
	case REG_END:
		s->r = (struct gs_text_registration){ .hidden = false };
		break;
	case REG_USER: copy(s->r.user, sizeof(s->r.user), v, xml); break;
	case REG_CONTACT:
		copy(s->r.contact, sizeof(s->r.contact), v, xml);
		break;
	case REG_AGENT: copy(s->r.agent, sizeof(s->r.agent), v, xml); break;
	case REG_STATUS:
		/* A profile has a status too. */
		if (!TEXT_STARTS(v, "Registered"))
			break;
		status(s, v, l);
		give(t, s);
		s->listing = true;
		break;
	case REG_HEAD: s->listing |= v.n == 0; break;
	case REG_NONE: break;
	}
	return f != REG_NONE && s->listing;
}

/* Whether the line shows that this is a listing, when nothing else did. */
static bool
may_be(struct gs_span s)
{
	s = gs_span_trim(s);
	if (s.n < 5)
		return false;
	return memchr("<CUASRTN", s.p[0], 8) != NULL;
}

bool
gs_text_reg_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	if (!may_be(l->text))
		return false;
	if (t->reg == NULL)
		t->reg = calloc(1, sizeof(*t->reg));
	if (t->reg == NULL) {
		t->no_memory = true;
		return false;
	}
	if (!field(t, t->reg, l))
		return false;
	if (t->type == GS_TEXT_AUTO)
		t->type = GS_TEXT_REG;
	return true;
}
