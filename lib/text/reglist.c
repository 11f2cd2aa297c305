/* SPDX-License-Identifier: MIT */
/* Listings of registrations: of "sofia status profile P reg", as text and as
 * XML, and of "show registrations", as columns, JSON and XML. */
#include "text/reader_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/xml.h"
#include "text/align_priv.h"
#include "text/coded_priv.h"
#include "text/textgap_priv.h"
#include "text/textline_priv.h"

/* The phone that is being read. */
struct text_reg {
	struct gs_text_registration r;
	struct gs_buf status; /* its status line, the text of r.line */
	bool registered; /* its status was read */
	bool listing; /* it is certainly a phone */
	uint64_t shown; /* phones of this listing so far */
	uint64_t told; /* how many it should have; 0: unknown */
	/* A phone whose members are on lines of their own. */
	char user[256];
	bool given;
	struct gs_pos pos; /* its last line */
	/* Columns: their delimiter, their number, and which is the
	 * protocol. */
	char delimiter; /* NUL: there are none */
	size_t columns;
	size_t proto;
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
	REG_HEAD, /* part of a listing, but not of a phone */
	REG_CALL_ID, /* the first line of a phone */
	REG_USER,
	REG_CONTACT,
	REG_AGENT,
	REG_STATUS,
	REG_END, /* the phone's entry is complete */
	REG_TOTAL, /* the number of phones */
	/* The same listing in rows with members. */
	REG_ROWS, /* their number */
	REG_ROW_USER,
	REG_ROW_PROTO,
	REG_ROW_END,
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
	{ "Total items returned:", "</registrations>", REG_TOTAL },
	{ "Name", "<registration>", REG_END },
	{ "Name", "</registration>", REG_END },
	{ "\"row_count\"", "<result row_count=", REG_ROWS },
	{ "\"reg_user\"", "<reg_user>", REG_ROW_USER },
	{ "\"network_proto\"", "<network_proto>", REG_ROW_PROTO },
	{ "}", "</row>", REG_ROW_END },
};

/* Which field line s contains; *value is its value, still encoded in XML. */
static enum reg_field
field_of(struct gs_span s, struct gs_span *value, bool *xml)
{
	s = gs_span_trim(s);
	*xml = s.n > 0 && s.p[0] == '<';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *name = *xml ? names[i].xml : names[i].text;
		if (!gs_span_starts(s, gs_span_of(name)))
			continue;
		*value = gs_span_skip(s, strlen(name));
		if (*xml)
			value->n = gs_span_find(*value, GS_LIT("</"));
		*value = gs_span_trim(*value);
		return names[i].field;
	}
	return REG_NONE;
}

static void
copy(char *to, size_t size, struct gs_span s, bool xml)
{
	size_t n = 0;

	if (!xml) {
		gs_text_copy(to, size, s);
		return;
	}
	while (s.n > 0 && n < size - 1) {
		uint32_t cp = 0;
		size_t k = gs_xml_get(s, &cp);
		bool ascii = k > 0 && cp < 128;

		to[n++] = ascii ? (char)cp : s.p[0];
		s = gs_span_skip(s, ascii ? k : 1);
	}
	to[n] = '\0';
}

/* The word after the first name in contact. */
static enum gs_sdp_transport
transport_after(struct gs_span contact, struct gs_span name)
{
	for (size_t i = 0; i + name.n <= contact.n; i++) {
		struct gs_span at = { contact.p + i, name.n };
		if (!gs_span_eqcase(at, name))
			continue;
		struct gs_span v = gs_span_skip(contact, i + name.n);
		v.n = gs_span_while(v, gs_is_alpha);
		return gs_text_transport(v);
	}
	return GS_TRANSPORT_UNKNOWN;
}

/* The transport in a Contact (RFC 3261 section 19.1.1), or in FreeSWITCH's
 * fs_path in it. sips without a parameter is TLS (section 26.2.2). */
static enum gs_sdp_transport
contact_transport(struct gs_span contact)
{
	enum gs_sdp_transport t =
	    transport_after(contact, GS_LIT("transport="));

	if (t == GS_TRANSPORT_UNKNOWN)
		t = transport_after(contact, GS_LIT("transport%3D"));
	if (t == GS_TRANSPORT_UNKNOWN && gs_span_has(contact, GS_LIT("<sips:")))
		t = GS_TRANSPORT_TLS;
	return t;
}

/* Judges what FreeSWITCH writes into the first bracket of the status. WebSocket
 * without NAT is shown as UDP there, so a Contact with WS or WSS takes
 * precedence. AUTO-NAT, or no bracket, hides the transport. */
static void
judge(struct gs_text_registration *r, struct gs_span bracket)
{
	struct gs_span b = bracket;
	enum gs_sdp_transport c = contact_transport(gs_span_of(r->contact));

	b.n = gs_span_find(b, GS_LIT("-NAT"));
	r->transport = gs_text_transport(b);
	if (gs_span_eqcase(b, GS_LIT("TLSHACK")))
		r->transport = GS_TRANSPORT_TLS;
	r->hidden = r->transport == GS_TRANSPORT_UNKNOWN;
	bool ws = c == GS_TRANSPORT_WS || c == GS_TRANSPORT_WSS;
	if (r->hidden || (r->transport == GS_TRANSPORT_UDP && ws))
		r->transport = c;
	/* RFC 7118 section 4: ws in a URI stands for both. */
	if (ws && r->transport == GS_TRANSPORT_WS && b.n != 2)
		r->transport = GS_TRANSPORT_UNKNOWN;
}

/* Reads "Registered(TLS-NAT)(unknown) EXP(…": the name and its first bracket,
 * unless that is already the date. */
static void
status(struct text_reg *s, struct gs_span value, const struct gs_sdp_line *l)
{
	size_t n = 0;
	struct gs_span bracket = { NULL, 0 };

	while (n < value.n && value.p[n] != '(' && value.p[n] != ' ')
		n++;
	if (n < value.n && value.p[n] == '(') {
		bracket = gs_span_skip(value, n + 1);
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

/* Passes the phone on; what follows its status does not matter. */
static void
give(struct gs_text_reader *t, struct text_reg *s)
{
	if (s->registered && t->sink.registration != NULL)
		t->sink.registration(t->sink.arg, &s->r);
	s->shown += s->registered;
	s->registered = false;
	s->r = (struct gs_text_registration){ .hidden = false };
}

/* Ends the listing at l; told is how many phones it should have. */
static void
end_listing(struct gs_text_reader *t, struct text_reg *s, uint64_t told,
    const struct gs_sdp_line *l)
{
	if (told > s->shown && t->sink.gap != NULL)
		t->sink.gap(t->sink.arg,
		    &(struct gs_text_gap){
			.kind = GS_GAP_LISTING,
			.line = *l,
			.told = told - s->shown,
		    });
	s->shown = s->told = 0;
}

/* Ends the listing with its count of phones; text may be cut off. */
static void
total(struct gs_text_reader *t, struct text_reg *s, struct gs_span v,
    const struct gs_sdp_line *l)
{
	uint64_t told;

	/* Text that other programs append to each line may follow. */
	v.n = gs_span_while(v, gs_is_digit);
	end_listing(t, s, gs_span_u64(v, &told) == 0 ? told : 0, l);
}

/* Begins a listing with its count of phones. */
static void
count(struct gs_text_reader *t, struct text_reg *s, struct gs_span v,
    const struct gs_sdp_line *l)
{
	end_listing(t, s, s->told, l);
	v.n = gs_span_while(v, gs_is_digit);
	s->listing |= gs_span_u64(v, &s->told) == 0;
}

static void
give_proto(struct gs_text_reader *t, struct text_reg *s, struct gs_span user,
    struct gs_span proto, const struct gs_sdp_line *l)
{
	s->r = (struct gs_text_registration){ .line = *l,
		.status_pos = l->pos,
		.transport = gs_text_transport(proto) };
	s->r.hidden = s->r.transport == GS_TRANSPORT_UNKNOWN;
	s->r.status_pos.col += (uint32_t)(proto.p - l->text.p);
	gs_text_copy(s->r.user, sizeof(s->r.user), user);
	gs_text_copy(s->r.status, sizeof(s->r.status), proto);
	s->registered = true;
	give(t, s);
}

/* Ends a row. If its protocol is missing, it is given as hidden. */
static void
end_row(struct gs_text_reader *t, struct text_reg *s,
    const struct gs_sdp_line *l)
{
	if (s->user[0] != '\0' && !s->given)
		give_proto(t, s, gs_span_of(s->user), gs_span(l->text.p, 0), l);
	s->user[0] = '\0';
	s->given = false;
}

/* Takes a member of a row, whose value begins v. */
static void
take_member(struct gs_text_reader *t, struct text_reg *s, enum reg_field f,
    struct gs_span v, const struct gs_sdp_line *l)
{
	while (v.n > 0 && strchr(": \"", *v.p) != NULL)
		v = gs_span_skip(v, 1);
	s->pos = l->pos;
	if (f == REG_ROW_END) {
		end_row(t, s, l);
	} else if (f == REG_ROWS) {
		count(t, s, v, l);
	} else if (f == REG_ROW_USER) {
		if (s->user[0] != '\0')
			end_row(t, s, l);
		v.n = gs_span_find(v, GS_LIT("\""));
		gs_text_copy(s->user, sizeof(s->user), v);
		s->listing = true;
	} else {
		v.n = gs_span_while(v, gs_is_alnum);
		give_proto(t, s,
		    s->user[0] != '\0' ? gs_span_of(s->user) :
					 GS_LIT("a phone"),
		    v, l);
		s->listing = s->given = true;
	}
}

void
gs_text_reg_eof(struct gs_text_reader *t)
{
	struct text_reg *s = t->reg;
	struct gs_sdp_line l = { .eol = GS_EOL_NONE };

	if (s == NULL)
		return;
	l.pos = s->pos;
	end_row(t, s, &l);
	end_listing(t, s, s->told, &l);
}

/* Takes a field. Returns whether the line belongs to a listing. */
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
		if (!gs_span_begins(v, GS_LIT("registered")))
			break;
		status(s, v, l);
		give(t, s);
		s->listing = true;
		break;
	case REG_HEAD:
		s->listing |= v.n == 0;
		s->shown = 0;
		break;
	case REG_TOTAL:
		if (s->listing)
			total(t, s, v, l);
		break;
	case REG_ROWS:
	case REG_ROW_USER:
	case REG_ROW_PROTO:
	case REG_ROW_END: take_member(t, s, f, v, l); break;
	case REG_NONE: break;
	}
	/* If the lines of a phone were joined, it follows another field. */
	struct gs_span rest = l->text;
	if (f == REG_STATUS)
		rest = gs_span_skip(rest, (size_t)(v.p - rest.p) + (v.n > 0));
	return f != REG_NONE && s->listing && !gs_text_has_phone(rest);
}

/* The length of s up to a "<" that follows a ">", and maybe blanks. */
static size_t
element_of(struct gs_span s)
{
	for (size_t n = 0;
	     (n += gs_span_find(gs_span_skip(s, n), GS_LIT(">"))) < s.n;) {
		const size_t blanks =
		    gs_span_while(gs_span_skip(s, ++n), gs_is_blank);
		if (n + blanks < s.n && s.p[n + blanks] == '<')
			return n + blanks;
	}
	return s.n;
}

/* Takes a line of XML, which may have several elements. A phone in an element
 * that is not read is reported as unread. */
static bool
elements(struct gs_text_reader *t, struct text_reg *s,
    const struct gs_sdp_line *l)
{
	struct gs_sdp_line x = *l, lost = *l;
	bool any = false;

	lost.text.n = 0;
	while (x.text.n > 0) {
		struct gs_span rest = x.text;
		size_t n = element_of(rest);
		x.text.n = n;
		if (field(t, s, &x))
			any = true;
		else if (gs_text_has_phone(x.text))
			lost = x;
		x.text = gs_span_skip(rest, n);
		x.pos.col += (uint32_t)n;
	}
	if (any && lost.text.n > 0)
		gs_text_untaken(t, &lost);
	return any;
}

/* ---- show registrations */

/* Column i of s; n is 0 after the last one. */
static struct gs_span
column(struct gs_span s, char delimiter, size_t i)
{
	const char d[] = { delimiter, '\0' };

	for (; i > 0 && s.n > 0; i--) {
		size_t n = gs_span_find(s, gs_span(d, 1));
		s = gs_span_skip(s, n + (n < s.n));
	}
	s.n = gs_span_find(s, gs_span(d, 1));
	return s;
}

static size_t
columns(struct gs_span s, char delimiter)
{
	size_t n = 1;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == delimiter;
	return n;
}

/* Takes reg_user,realm,token,… */
static bool
heading(struct text_reg *s, struct gs_span x)
{
	const struct gs_span first = GS_LIT("reg_user");

	/* A phone follows: the whole listing is on one line. */
	if (!gs_span_starts(x, first) || x.n < first.n + 2 ||
	    gs_span_chr(GS_LIT(",;|\t"), x.p[first.n]) == NULL ||
	    gs_span_has(x, GS_LIT("sip:")))
		return false;
	s->delimiter = x.p[first.n];
	s->columns = columns(x, s->delimiter);
	s->shown = 0;
	for (s->proto = 0; x.n > 0; s->proto++) {
		struct gs_span name = column(x, s->delimiter, 0);
		if (gs_span_eq(name, GS_LIT("network_proto")))
			return s->listing = true;
		x = gs_span_skip(x, name.n + (name.n < x.n));
	}
	s->delimiter = '\0';
	return false;
}

/* A row without its heading. */
struct bare_row {
	struct gs_span user;
	struct gs_span proto; /* or what was read last of the row */
	size_t columns; /* columns from the phone's URL on; 0: not there yet */
	bool timed; /* the URL's time follows: it is a row */
	bool port; /* the previous column is a number */
	bool given;
};

/* Ends a row. If its protocol is unknown, it is given as hidden. */
static bool
bare_row_end(struct gs_text_reader *t, struct text_reg *s,
    const struct bare_row *b, const struct gs_sdp_line *l)
{
	if (b->timed && !b->given)
		give_proto(t, s, b->user, b->proto, l);
	return b->timed || b->given;
}

/* Takes a column that is not a URL: the protocol follows the port. */
static void
bare_column(struct gs_text_reader *t, struct text_reg *s, struct bare_row *b,
    struct gs_span c, const struct gs_sdp_line *l)
{
	enum { PORT = 3, PROTO };
	const bool number = c.n > 0 && gs_span_while(c, gs_is_digit) == c.n;

	if (b->columns == 0 || b->given)
		return;
	b->timed |= b->columns == 1 && number;
	b->given = b->columns > PORT && b->port &&
	    gs_text_transport(c) != GS_TRANSPORT_UNKNOWN;
	if (b->given)
		give_proto(t, s, b->user, c, l);
	b->port = number;
	if (b->columns++ <= PROTO)
		b->proto = c;
}

/* Takes rows without their heading, as grep leaves them, or several that were
 * joined: user, realm, token, URL, time, address, port, protocol. */
static bool
bare_rows(struct gs_text_reader *t, struct text_reg *s,
    const struct gs_sdp_line *l, char delimiter)
{
	enum { BEFORE = 3 }; /* columns between a user's name and the URL */
	struct gs_span x = l->text, c = column(x, delimiter, 0);
	struct gs_span user[BEFORE] = { c, c, c };
	struct bare_row b = { .columns = 0 };
	bool any = false;

	for (size_t i = 0; x.n > 0; i = (i + 1) % BEFORE) {
		c = column(x, delimiter, 0);
		if (TEXT_STARTS(c, "sofia/") &&
		    gs_span_has(c, GS_LIT("/sip:"))) {
			any |= bare_row_end(t, s, &b, l);
			b = (struct bare_row){ .user = gs_span_trim(user[i]),
				.proto = c,
				.columns = 1 };
		} else {
			bare_column(t, s, &b, c, l);
		}
		user[i] = c;
		x = gs_span_skip(x, c.n + (c.n < x.n));
	}
	return bare_row_end(t, s, &b, l) || any;
}

/* Takes a row of columns. Columns before the protocol may contain delimiters,
 * so columns are counted from the end. */
static bool
row(struct gs_text_reader *t, struct text_reg *s, const struct gs_sdp_line *l)
{
	size_t n = columns(l->text, s->delimiter);

	if (gs_span_has(l->text, GS_LIT(" total."))) {
		total(t, s, l->text, l);
		s->delimiter = '\0';
		return true;
	}
	if (n < s->columns)
		return false;
	if (n + 1 >= 2 * s->columns && bare_rows(t, s, l, s->delimiter))
		return true;
	give_proto(t, s, column(l->text, s->delimiter, 0),
	    column(l->text, s->delimiter, s->proto + n - s->columns), l);
	return true;
}

/* The string after "name": in s. Returns false if there is none. */
static bool
member(struct gs_span s, struct gs_span name, struct gs_span *value)
{
	size_t n = gs_span_find(s, name);

	if (n == s.n)
		return false;
	*value = gs_span_skip(s, n + name.n);
	while (value->n > 0 && strchr(": \"", value->p[0]) != NULL)
		*value = gs_span_skip(*value, 1);
	value->n = gs_span_find(*value, GS_LIT("\""));
	return true;
}

/* Takes {"row_count":1,"rows":[{"reg_user":"1000",… The members of a phone may
 * have any order, and a line may end inside it. */
static bool
objects(struct gs_text_reader *t, struct text_reg *s,
    const struct gs_sdp_line *l)
{
	struct gs_span x = l->text, user, proto, told;
	bool any = false;

	if (member(x, GS_LIT("\"row_count\""), &told)) {
		count(t, s, told, l);
		any = true;
	}
	while (x.n > 0) {
		struct gs_span object =
		    gs_span(x.p, gs_span_find(x, GS_LIT("}")));
		x = gs_span_skip(x, object.n + (object.n < x.n));
		if (!member(object, GS_LIT("\"reg_user\""), &user))
			continue;
		if (!member(object, GS_LIT("\"network_proto\""), &proto))
			proto = gs_span(user.p, 0);
		give_proto(t, s, user, proto, l);
		any = true;
	}
	s->listing |= any;
	s->pos = l->pos;
	return any;
}

/* Whether the line shows that this is a listing, if nothing else did. */
static bool
may_be(const struct text_reg *s, struct gs_span x)
{
	x = gs_span_trim(x);
	if (s != NULL && x.n > 0 &&
	    (s->delimiter != '\0' || (s->user[0] != '\0' && *x.p == '}') ||
		(s->shown > 0 && gs_span_ends(x, GS_LIT(" total.")))))
		return true;
	if (x.n < 5)
		return false;
	if (*x.p == '"')
		return TEXT_STARTS(x, "\"row_count\"") ||
		    TEXT_STARTS(x, "\"reg_user\"") ||
		    TEXT_STARTS(x, "\"network_proto\"");
	return memchr("<CUASRTNr{", x.p[0], 10) != NULL ||
	    gs_span_has(x, GS_LIT(",sofia/"));
}

static bool
any_line(struct gs_text_reader *t, struct text_reg *s,
    const struct gs_sdp_line *l)
{
	struct gs_span x = gs_span_trim(l->text);

	if (s->delimiter != '\0')
		return row(t, s, l);
	if (x.p[0] == '{')
		return objects(t, s, l);
	/* The heading of these columns is missing. */
	const size_t digits = gs_span_while(x, gs_is_digit);
	if (s->shown > 0 &&
	    gs_span_eq(gs_span_skip(x, digits), GS_LIT(" total."))) {
		total(t, s, x, l);
		return true;
	}
	if (x.p[0] == '<')
		return elements(t, s, l);
	return heading(s, x) || field(t, s, l) || bare_rows(t, s, l, ',');
}

bool
gs_text_reg_line(struct gs_text_reader *t, const struct gs_sdp_line *l)
{
	if (!may_be(t->reg, l->text))
		return false;
	if (!text_need(t, &t->reg, sizeof(*t->reg)) || !any_line(t, t->reg, l))
		return false;
	if (t->type == GS_TEXT_AUTO)
		t->type = GS_TEXT_REG;
	return true;
}
