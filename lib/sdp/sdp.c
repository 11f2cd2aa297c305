/* SPDX-License-Identifier: MIT */
/* SDP (RFC 8866): turns lines into a structure with the place of each part. */
#include "sdp/sdp.h"

#include <stdio.h>
#include <stdlib.h>

#include "sdp/mask.h"
#include "sdp/rules.h"

/* The state of the parser. */
struct parser {
	struct gs_sdp *sdp;
	struct gs_diags *d;
	struct gs_sdp_media *media; /* the open m= section */
	unsigned rank; /* of the section's last line */
	char last; /* type of that line */
	bool disordered; /* the section's order was reported */
	bool eol_told;
	enum gs_sdp_eol eol; /* of the first line */
	bool seen_o, seen_s, seen_t;
};

/* The place of a type in its section (RFC 8866 section 5); 0: unknown. t, r and
 * z repeat together. */
static unsigned
rank_of(char type)
{
	switch (type) {
	case 'v': return 1;
	case 'o': return 2;
	case 's': return 3;
	case 'i': return 4;
	case 'u': return 5;
	case 'e': return 6;
	case 'p': return 7;
	case 'c': return 8;
	case 'b': return 9;
	case 't':
	case 'r':
	case 'z': return 10;
	case 'k': return 11;
	case 'a': return 12;
	case 'm': return 13;
	default: return 0;
	}
}

static bool
stands_in_media(char type)
{
	return type == 'i' || type == 'c' || type == 'b' || type == 'k' ||
	    type == 'a';
}

static bool
repeats(char type, bool in_media)
{
	switch (type) {
	case 'a':
	case 'b':
	case 'e':
	case 'p':
	case 'r':
	case 't':
	case 'z': return true;
	case 'c': return in_media; /* layers of a multicast */
	default: return false;
	}
}

static struct gs_span
value_of(const struct gs_sdp_line *line)
{
	return gs_span_skip(line->text, 2);
}

static void
check_order(struct parser *ps, const struct gs_sdp_line *line)
{
	char type = line->text.p[0];
	bool in_media = ps->media != NULL;
	unsigned rank = rank_of(type);
	bool known = !in_media || stands_in_media(type);

	if (known &&
	    (rank > ps->rank ||
		(rank == ps->rank && repeats(type, in_media)))) {
		ps->rank = rank;
		ps->last = type;
		return;
	}
	if (ps->disordered)
		return;
	ps->disordered = true;
	if (known && type == ps->last)
		gs_sdp_diag(ps->d, GS_R_SDP_ORDER, line, line->text,
		    "duplicate %c= line", type);
	else
		gs_sdp_diag(ps->d, GS_R_SDP_ORDER, line, line->text,
		    "%c= after %c=: the order of the lines is fixed", type,
		    ps->last);
}

/* The next field after single blanks; *rest moves past it. */
static struct gs_span
next_field(struct gs_span *rest)
{
	const char *end = rest->n == 0 ? NULL : memchr(rest->p, ' ', rest->n);
	size_t n = end == NULL ? rest->n : (size_t)(end - rest->p);
	struct gs_span field = gs_span(rest->p, n);

	while (n < rest->n && rest->p[n] == ' ')
		n++;
	*rest = gs_span(rest->p + n, rest->n - n);
	return field;
}

/* RFC 8866 section 5.7. */
static void
parse_connection(struct parser *ps, const struct gs_sdp_line *line)
{
	struct gs_sdp_connection *c = &ps->sdp->connection;
	struct gs_span rest = value_of(line);

	if (ps->media != NULL) {
		c = &ps->media->connection;
		if (c->line != NULL && c->line > ps->media->line)
			return; /* the address of a further layer: the first
				 * counts */
	}
	c->line = line;
	c->nettype = next_field(&rest);
	c->addrtype = next_field(&rest);
	c->address = next_field(&rest);
	if (c->address.n == 0 || rest.n != 0) {
		gs_sdp_diag(ps->d, GS_R_SDP_CONNECTION, line, value_of(line),
		    "c= requires a network type, an address type and an "
		    "address, such as \"c=IN IP4 192.0.2.1\"");
		return;
	}
	if (!gs_span_eq(c->nettype, GS_LIT("IN")))
		gs_sdp_diag_as(ps->d, GS_R_SDP_CONNECTION, GS_WARNING, line,
		    c->nettype, "network type \"%s\" is not IN",
		    gs_sdp_sdes_word(c->nettype).text);
	else if (!gs_span_eq(c->addrtype, GS_LIT("IP4")) &&
	    !gs_span_eq(c->addrtype, GS_LIT("IP6")))
		gs_sdp_diag_as(ps->d, GS_R_SDP_CONNECTION, GS_WARNING, line,
		    c->addrtype, "address type \"%s\" is neither IP4 nor IP6",
		    gs_sdp_sdes_word(c->addrtype).text);
}

static int
parse_attr(struct parser *ps, const struct gs_sdp_line *line)
{
	struct gs_sdp *sdp = ps->sdp;
	struct gs_span v = value_of(line);

	if (!gs_grow(&sdp->attr, &sdp->attr_size, sdp->attrs + 1,
		sizeof(*sdp->attr)))
		return -1;
	const char *colon = v.n == 0 ? NULL : memchr(v.p, ':', v.n);
	size_t n = colon == NULL ? v.n : (size_t)(colon - v.p);
	struct gs_sdp_attr *a = &sdp->attr[sdp->attrs++];
	a->line = line;
	a->name = gs_span(v.p, n);
	a->has_value = colon != NULL;
	a->value = colon == NULL ? gs_span(v.p + n, 0) :
				   gs_span(colon + 1, v.n - n - 1);
	if (ps->media != NULL)
		ps->media->attrs++;
	else
		sdp->session_attrs++;
	return 0;
}

/* port ["/" integer] (RFC 8866 section 9). */
static bool
parse_port(struct gs_span text, uint16_t *port)
{
	size_t slash = gs_span_find(text, GS_LIT("/"));
	uint64_t v, count;

	if (gs_span_u64(gs_span(text.p, slash), &v) != 0 || v > UINT16_MAX)
		return false;
	if (slash < text.n) {
		struct gs_span n =
		    gs_span(text.p + slash + 1, text.n - slash - 1);
		if (gs_span_u64(n, &count) != 0 || n.p[0] == '0')
			return false;
	}
	*port = (uint16_t)v;
	return true;
}

static void
check_media(struct gs_diags *d, const struct gs_sdp_media *m,
    struct gs_span port)
{
	if (port.n == 0)
		gs_sdp_diag(d, GS_R_MEDIA_LINE, m->line, value_of(m->line),
		    "m= requires a medium, a port, a protocol and formats, as "
		    "in \"m=audio 49170 RTP/SAVP 0\"");
	else if (!m->port_valid)
		gs_sdp_diag(d, GS_R_MEDIA_LINE, m->line, port,
		    "\"%s\" is not a port (0 to 65535, or PORT/COUNT)",
		    gs_sdp_sdes_word(port).text);
	else if (m->proto.n == 0 || m->formats.n == 0)
		gs_sdp_diag(d, GS_R_MEDIA_LINE, m->line, value_of(m->line),
		    "m= has no %s",
		    m->proto.n == 0 ? "protocol" :
				      "format: at least one is required");
}

static int
parse_media(struct parser *ps, const struct gs_sdp_line *line)
{
	struct gs_sdp *sdp = ps->sdp;
	struct gs_span rest = value_of(line);

	if (!gs_grow(&sdp->media, &sdp->media_size, sdp->medias + 1,
		sizeof(*sdp->media)))
		return -1;
	struct gs_sdp_media *m = &sdp->media[sdp->medias++];
	*m = (struct gs_sdp_media){ .line = line,
		.connection = sdp->connection,
		.first_attr = sdp->attrs };
	ps->media = m;
	ps->rank = 0;
	ps->last = 'm';
	ps->disordered = false;
	m->type = next_field(&rest);
	struct gs_span port = next_field(&rest);
	m->proto = next_field(&rest);
	m->formats = gs_span_trim(rest);
	m->port_valid = parse_port(port, &m->port);
	check_media(ps->d, m, port);
	return 0;
}

static int
parse_typed(struct parser *ps, const struct gs_sdp_line *line)
{
	struct gs_sdp *sdp = ps->sdp;

	switch (line->text.p[0]) {
	case 'm': return parse_media(ps, line);
	case 'a': return parse_attr(ps, line);
	case 'c': parse_connection(ps, line); break;
	case 'o':
		sdp->origin = line;
		ps->seen_o = true;
		break;
	case 's':
		ps->seen_s = true;
		if (line->text.n == 2)
			gs_sdp_diag(ps->d, GS_R_SDP_SESSION_NAME, line,
			    line->text,
			    "the session name is empty: write \"s=-\"");
		break;
	case 't': ps->seen_t = true; break;
	case 'k':
		if (ps->media != NULL)
			ps->media->key = line;
		else
			sdp->key = line;
		break;
	default: break;
	}
	return 0;
}

static void
not_a_line(struct parser *ps, const struct gs_sdp_line *line)
{
	if (line->text.n > 0 &&
	    (line->text.p[0] == ' ' || line->text.p[0] == '\t'))
		gs_sdp_diag(ps->d, GS_R_SDP_LINE, line, line->text,
		    "the line begins with a space: SDP has no continuation "
		    "lines, join it to the line before");
	else
		gs_sdp_diag(ps->d, GS_R_SDP_LINE, line, line->text,
		    "the line is not TYPE=VALUE");
}

static void
check_eol(struct parser *ps, const struct gs_sdp_line *line)
{
	if (ps->eol_told || line->eol == ps->eol || line->eol == GS_EOL_NONE)
		return;
	ps->eol_told = true;
	gs_sdp_diag(ps->d, GS_R_EOL_MIXED, line, line->text,
	    "this line ends in %s, the first line in %s",
	    line->eol == GS_EOL_CRLF ? "CR LF" : "LF",
	    ps->eol == GS_EOL_CRLF ? "CR LF" : "LF");
}

static int
parse_line(struct parser *ps, const struct gs_sdp_line *line)
{
	struct gs_span t = line->text;

	if (line->eol != ps->eol)
		check_eol(ps, line);
	const char *nul = t.n == 0 ? NULL : memchr(t.p, '\0', t.n);
	if (nul != NULL) {
		gs_sdp_diag(ps->d, GS_R_SDP_NUL, line, gs_span(nul, 1),
		    "the line contains a NUL octet");
		if (nul == t.p)
			return 0; /* a NUL that ended a program's string */
	}
	if (t.n < 2 || t.p[1] != '=' || t.p[0] <= ' ' || t.p[0] > '~') {
		not_a_line(ps, line);
		return 0;
	}
	if (rank_of(t.p[0]) == 0) {
		gs_sdp_diag(ps->d, GS_R_SDP_UNKNOWN_TYPE, line, t,
		    "unknown line type \"%c\"", t.p[0]);
		return 0;
	}
	if (t.p[0] != 'm')
		check_order(ps, line);
	return parse_typed(ps, line);
}

static bool
has_bom(struct gs_span text)
{
	return gs_span_starts(text, GS_LIT("\xef\xbb\xbf"));
}

static void
check_version(struct gs_diags *d, const struct gs_sdp_line *line)
{
	if (gs_span_eq(line->text, GS_LIT("v=0")))
		return;
	gs_sdp_diag(d, GS_R_SDP_VERSION, line, line->text, "%s",
	    has_bom(line->text) ?
		"a byte order mark before v=0: remove it" :
		gs_span_starts(line->text, GS_LIT("v=0\r")) ?
		"a CR without LF after v=0: end lines in CR LF" :
		"the first line is not \"v=0\"");
}

static void
check_missing(const struct parser *ps)
{
	const struct gs_sdp_line *first = ps->sdp->lines;

	if (ps->seen_o && ps->seen_s && ps->seen_t)
		return;
	gs_sdp_diag(ps->d, GS_R_SDP_MISSING_LINE, first, first->text,
	    "the SDP has no%s%s%s line", ps->seen_o ? "" : " o=",
	    ps->seen_s ? "" : " s=", ps->seen_t ? "" : " t=");
}

static void
check_medias(const struct parser *ps)
{
	const struct gs_sdp *sdp = ps->sdp;

	if (sdp->medias == 0)
		gs_sdp_diag(ps->d, GS_R_SDP_NO_MEDIA, sdp->lines,
		    sdp->lines->text, "the SDP has no m= line");
	for (size_t i = 0; i < sdp->medias; i++) {
		const struct gs_sdp_media *m = &sdp->media[i];
		if (m->connection.line == NULL && m->port_valid && m->port != 0)
			gs_sdp_diag(ps->d, GS_R_SDP_CONNECTION, m->line,
			    m->line->text,
			    "neither this m= line nor the session has a c= "
			    "line: the address is missing");
	}
}

static void
forget(struct gs_sdp *sdp, const struct gs_sdp_line *lines, size_t n)
{
	sdp->lines = lines;
	sdp->nlines = n;
	sdp->origin = NULL;
	sdp->key = NULL;
	sdp->connection = (struct gs_sdp_connection){ 0 };
	sdp->session_attrs = 0;
	sdp->attrs = 0;
	sdp->medias = 0;
}

int
gs_sdp_parse(struct gs_sdp *sdp, const struct gs_sdp_line *lines, size_t n,
    struct gs_diags *d)
{
	struct parser ps = { .sdp = sdp, .d = d };

	while (n > 0 && gs_span_trim(lines[n - 1].text).n == 0)
		n--;
	forget(sdp, lines, n);
	if (n == 0) {
		(void)gs_diag(d, &gs_sdp_rules.rule[GS_R_SDP_VERSION],
		    (struct gs_pos){ 1, 1 },
		    "the SDP is empty: its first line must be \"v=0\"");
		return 0;
	}
	ps.eol = lines[0].eol;
	check_version(d, &lines[0]);
	for (size_t i = has_bom(lines[0].text); i < n; i++)
		if (parse_line(&ps, &lines[i]) != 0)
			return -1;
	check_missing(&ps);
	check_medias(&ps);
	return 0;
}

void
gs_sdp_free(struct gs_sdp *sdp)
{
	free(sdp->attr);
	free(sdp->media);
	*sdp = (struct gs_sdp){ 0 };
}

const struct gs_sdp_attr *
gs_sdp_attr_next(const struct gs_sdp *sdp, const struct gs_sdp_media *media,
    struct gs_span name, size_t *i)
{
	size_t first = media == NULL ? 0 : media->first_attr;
	size_t n = media == NULL ? sdp->session_attrs : media->attrs;

	while (*i < n) {
		const struct gs_sdp_attr *a = &sdp->attr[first + (*i)++];
		if (gs_span_eq(a->name, name))
			return a;
	}
	return NULL;
}
