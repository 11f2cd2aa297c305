/* SPDX-License-Identifier: MIT */
/* What a line of text looks like: SDP, SIP, or a trace's own words. */
#include "text/textline_priv.h"

#include "base/bytes.h"

enum { WORDS = 16, RULE = 8 };

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

bool
gs_text_is_blank(struct gs_span s)
{
	return gs_span_trim(s).n == 0;
}

bool
gs_text_is_evidence(struct gs_span s)
{
	if (!text_is_field(s))
		return false;
	switch (s.p[0]) {
	/* A CR alone is not accepted as a line end. */
	case 'v': return TEXT_STARTS(s, "v=0") && (s.n == 3 || s.p[3] == '\r');
	case 'm':
		return gs_span_has(s, GS_LIT("TP/")) ||
		    TEXT_STARTS(s, "m=audio ") || TEXT_STARTS(s, "m=video ");
	case 'o': return gs_span_has(s, GS_LIT(" IN "));
	case 'c': return TEXT_STARTS(s, "c=IN IP");
	case 'a':
		return TEXT_STARTS(s, "a=crypto:") ||
		    TEXT_STARTS(s, "a=rtpmap:");
	default: return false;
	}
}

/* Compilers translate it to what the processor has. */
typedef int8_t octets __attribute__((vector_size(16)));

/* Clears each octet of even if that at p is odd; those beyond ASCII are
 * negative. cell: also if it may end a column, or begin an escape of URLs.
 * Through a pointer, because i686 cannot return a vector. */
static inline void
keep_even(octets *even, const char *p, bool cell)
{
	octets v;

	memcpy(&v, p, sizeof(v));
	octets odd = (v == '#') | (v == '&') | (v == '\\');
	if (cell)
		odd |= (v == ',') | (v == ';') | (v == '%');
	*even &= (v > ' ' - 1) & ~odd;
}

static inline bool
is_odd(struct gs_span s, bool cell)
{
	enum { STEP = sizeof(octets) };
	char few[STEP];
	octets even = ~(octets){ 0 };
	uint64_t half[2];

	if (s.n < STEP) {
		memset(few, ' ', STEP);
		if (s.n > 0)
			memcpy(few, s.p, s.n);
		s = gs_span(few, STEP);
	}
	const char *last = s.p + s.n - STEP;
	for (keep_even(&even, last, cell); s.p < last; s.p += STEP)
		keep_even(&even, s.p, cell);
	memcpy(half, &even, sizeof(half));
	return (half[0] & half[1]) != UINT64_MAX;
}

bool
gs_text_is_odd(struct gs_span s)
{
	return is_odd(s, false);
}

bool
gs_text_is_odd_cell(struct gs_span s)
{
	return is_odd(s, true);
}

bool
gs_text_has_percent(struct gs_span s)
{
	const char *p = s.p, *end = s.p + s.n;

	for (; (p = memchr(p, '%', (size_t)(end - p))) != NULL; p++)
		if (end - p > 2 && gs_hex_value(p[1]) >= 0)
			return true;
	return false;
}

size_t
gs_text_fold_mark(struct gs_span s)
{
	static const struct gs_span marks[] = { GS_LIT("\xe2\x86\xb3"),
		GS_LIT("\xe2\x86\xaa"), GS_LIT("... ") };
	size_t n = text_indent(s);

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (gs_span_starts(gs_span_skip(s, n), marks[i]))
			return n + marks[i].n +
			    text_indent(gs_span_skip(s, n + marks[i].n));
	return n;
}

struct gs_span
gs_text_word(struct gs_span *s)
{
	const char *blank = gs_span_chr(*s, ' ');
	struct gs_span w = { s->p,
		blank != NULL ? (size_t)(blank - s->p) : s->n };
	const char *tab = gs_span_chr(w, '\t');

	w.n = tab != NULL ? (size_t)(tab - s->p) : w.n;
	*s = gs_span_skip(*s, w.n);
	*s = gs_span_skip(*s, text_indent(*s));
	return w;
}

void
gs_text_copy(char *to, size_t size, struct gs_span s)
{
	size_t n = s.n < size ? s.n : size - 1;

	if (n > 0)
		memcpy(to, s.p, n);
	to[n] = '\0';
}

enum gs_sdp_transport
gs_text_transport(struct gs_span s)
{
	static const struct {
		const char *name;
		enum gs_sdp_transport transport;
	} names[] = {
		{ "UDP", GS_TRANSPORT_UDP },
		{ "TCP", GS_TRANSPORT_TCP },
		{ "TLS", GS_TRANSPORT_TLS },
		{ "WS", GS_TRANSPORT_WS },
		{ "WSS", GS_TRANSPORT_WSS },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (gs_span_eqcase(s, gs_span_of(names[i].name)))
			return names[i].transport;
	return GS_TRANSPORT_UNKNOWN;
}

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
	/* The number of the protocol in IP, as HEP has it. */
	if (gs_span_eq(value, GS_LIT("17")))
		return GS_TRANSPORT_UDP;
	if (gs_span_eq(value, GS_LIT("6")))
		return GS_TRANSPORT_TCP;
	return gs_text_transport(value);
}

/* Finds UDP, udp/[IP]:PORT, UDP:IP:PORT, (udp); ngrep's U and T come first. */
static void
find_transport(struct gs_span s, struct text_trace *tr)
{
	for (int i = 0; i < WORDS && s.n > 0; i++) {
		struct gs_span w = gs_text_word(&s);
		if (w.n > 0 && w.p[0] == '(')
			w = gs_span_skip(w, 1);
		size_t n = gs_span_while(w, gs_is_alnum);
		w.n = n;
		tr->transport = gs_text_transport(w);
		if (i == 0 && n == 1 && (w.p[0] == 'U' || w.p[0] == 'T'))
			tr->transport =
			    w.p[0] == 'U' ? GS_TRANSPORT_UDP : GS_TRANSPORT_TCP;
		if (tr->transport != GS_TRANSPORT_UNKNOWN) {
			tr->where = w;
			return;
		}
	}
}

/* Whether s is recv 512 bytes from udp/[192.0.2.1]:5060 at 12:00:00.123456: */
static bool
is_siptrace(struct gs_span s, struct text_trace *tr)
{
	bool recv = TEXT_STARTS(s, "recv ");

	if (!recv && !TEXT_STARTS(s, "send "))
		return false;
	(void)gs_text_word(&s);
	struct gs_span count = gs_text_word(&s);
	if (count.n == 0 || !gs_is_digit(count.p[0]) ||
	    !TEXT_STARTS(s, "bytes "))
		return false;
	tr->party = recv ? GS_PARTY_REMOTE : GS_PARTY_LOCAL;
	return true;
}

/* Whether s has "a:p -> b:p", with digits on the left. */
static bool
has_arrow(struct gs_span s)
{
	size_t at = gs_span_find(s, GS_LIT("->"));

	if (at == s.n)
		return false;
	for (size_t i = 0; i < at; i++)
		if (gs_is_digit(s.p[i]))
			return true;
	return false;
}

/* Whether s is one repeated character, such as a dash or hash. */
static bool
is_rule(struct gs_span s)
{
	if (s.p[0] != '-' && s.p[0] != '#' && s.p[0] != '=' && s.p[0] != '_')
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i] != s.p[0])
			return false;
	return s.n >= RULE || s.p[0] == '#';
}

/* The length of the beginning of s that has this form, in which 0 stands for
 * any digit and "-" also for a slash; 0: it has not. */
static size_t
form(struct gs_span s, const char *f)
{
	size_t n = strlen(f);

	if (s.n < n)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (f[i] == '0'     ? !gs_is_digit(s.p[i]) :
			f[i] == '-' ? s.p[i] != '-' && s.p[i] != '/' :
			f[i] == ' ' ? s.p[i] != ' ' && s.p[i] != 'T' :
				      s.p[i] != f[i])
			return 0;
	return n;
}

/* Whether s begins with 2013-05-12, 2013/05/12 or 13:57:21, and is not part of
 * a fingerprint. */
static bool
is_time(struct gs_span s)
{
	return s.n >= 10 &&
	    (form(s, "0000-00-00") > 0 ||
		(form(s, "00:00:00") > 0 && s.p[8] != ':'));
}

/* Whether s begins as dated lines do: with 2013-05-12 13:57:21.271236. */
static bool
has_whole_time(struct gs_span s)
{
	static const char like[] = "0000-00-00 00:00:00.000000";
	enum { STEP = sizeof(octets), N = sizeof(like) - 1 };
	octets off = { 0 }, v, f;
	uint64_t half[2];

	if (s.n < N)
		return false;
	/* Two steps, which overlap, cover all octets. */
	for (size_t at = 0; at <= N - STEP; at += N - STEP) {
		memcpy(&v, s.p + at, STEP);
		memcpy(&f, like + at, STEP);
		off |= (v < f) | (v > f + ((f == '0') & 9));
	}
	memcpy(half, &off, sizeof(half));
	return (half[0] | half[1]) == 0;
}

void
gs_text_when(struct gs_span s, char to[GS_TEXT_WHEN])
{
	enum { NEAR = 160, FRACTION = 7 };
	size_t date = 0, n = 0, i;

	if (has_whole_time(s)) {
		gs_text_copy(to, GS_TEXT_WHEN, gs_span(s.p, GS_TEXT_WHEN - 1));
		return;
	}
	to[0] = '\0';
	for (i = 0; i < s.n && i < NEAR && n == 0; i++) {
		if (!gs_is_digit(s.p[i]) ||
		    (i > 0 && (gs_is_digit(s.p[i - 1]) || s.p[i - 1] == ':')))
			continue;
		date = form(gs_span_skip(s, i), "0000-00-00 ");
		n = form(gs_span_skip(s, i + date), "00:00:00");
	}
	if (n == 0)
		return;
	s = gs_span_skip(s, i - 1);
	n += date;
	size_t end = n + FRACTION < s.n ? n + FRACTION : s.n;
	if (n < end && s.p[n] == '.')
		for (n++; n < end && gs_is_digit(s.p[n]); n++)
			;
	gs_text_copy(to, GS_TEXT_WHEN, gs_span(s.p, n));
	if (date > 0) {
		to[4] = to[7] = '-';
		to[date - 1] = ' ';
	}
}

bool
gs_text_is_entry(struct gs_span s)
{
	char when[GS_TEXT_WHEN];

	if (text_is_field(s))
		return false;
	gs_text_when(s, when);
	return when[0] != '\0';
}

/* ADDRESS:PORT in a word of a trace: tls/[192.0.2.1]:5061 is 192.0.2.1:5061. n
 * is 0 if there is none. */
static struct gs_span
address_of(struct gs_span w)
{
	size_t slash = gs_span_find(w, GS_LIT("/"));

	if (slash < w.n)
		w = gs_span_skip(w, slash + 1);
	while (w.n > 0 && (w.p[w.n - 1] == ',' || w.p[w.n - 1] == ')'))
		w.n--;
	bool digit = false;
	for (size_t i = 0; i < w.n; i++)
		digit |= gs_is_digit(w.p[i]);
	if (!digit || !gs_span_has(w, GS_LIT(":")))
		return gs_span(NULL, 0);
	return w;
}

/* Finds the addresses around an arrow, or after "from" and "to". */
static void
find_ends(struct gs_span s, struct text_trace *tr)
{
	struct gs_span before = gs_span(NULL, 0);

	while (s.n > 0) {
		struct gs_span w = gs_text_word(&s), next = s;
		if (gs_span_eq(w, GS_LIT("->"))) {
			tr->src = address_of(before);
			tr->dst = address_of(gs_text_word(&next));
		} else if (gs_span_eq(w, GS_LIT("from"))) {
			tr->src = address_of(gs_text_word(&next));
		} else if (gs_span_eq(w, GS_LIT("to"))) {
			tr->dst = address_of(gs_text_word(&next));
		}
		before = w;
	}
}

bool
gs_text_is_trace(struct gs_span s, struct text_trace *tr)
{
	*tr = (struct text_trace){ .head = true };
	s = gs_span_trim(s);
	if (s.n == 0 || text_is_field(s))
		return false;
	if (is_rule(s)) {
		tr->head = false;
		return true;
	}
	if (TEXT_STARTS(s, "***")) {
		tr->head = false;
		tr->cut = gs_span_has(s, GS_LIT("truncated"));
		return true;
	}
	if (!is_siptrace(s, tr) && !TEXT_STARTS(s, "<--") && !is_time(s) &&
	    !has_arrow(s))
		return false;
	find_transport(s, tr);
	find_ends(s, tr);
	return true;
}

/* Whether s is "sent", "received" or the like. */
static bool
is_sent(struct gs_span s)
{
	static const char *const words[] = { "received", "receive", "recv",
		"sent", "send", "sending", "incoming", "outgoing", "rx", "tx",
		"transmitting" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (gs_span_eqcase(s, gs_span_of(words[i])))
			return true;
	return false;
}

/* Whether s names what is no message of SIP, and is carried as well. */
static bool
is_other_protocol(struct gs_span s)
{
	static const char *const words[] = { "rtp", "rtcp", "srtp", "srtcp",
		"rtpengine", "rtpproxy", "stun", "turn", "dns" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (gs_span_eqcase(s, gs_span_of(words[i])))
			return true;
	return false;
}

/* Whether s begins with three numbers with a dot behind each. */
static bool
is_address(struct gs_span s)
{
	enum { DIGITS = 3 };

	for (int i = 0; i < 3; i++) {
		size_t n = gs_span_while(s, gs_is_digit);
		if (n == 0 || n > DIGITS || n == s.n || s.p[n] != '.')
			return false;
		s = gs_span_skip(s, n + 1);
	}
	return s.n > 0 && gs_is_digit(*s.p);
}

/* Whether s may have the word UDP, TCP or WS. Most lines do not, and this is
 * fast. */
static bool
may_name_clear(struct gs_span s)
{
	static const char ends[] = "PpSs";

	for (size_t i = 0; i < sizeof(ends) - 1; i++) {
		struct gs_span x = s;
		for (const char *p; (p = gs_span_chr(x, ends[i])) != NULL;) {
			const size_t n = (size_t)(p - s.p);
			const int c = n > 0 ? p[-1] | 0x20 : 0;
			if (ends[i] == 'S' || ends[i] == 's' ?
				c == 'w' :
				n > 1 && (c == 'd' || c == 'c'))
				return true;
			x = gs_span_skip(s, n + 1);
		}
	}
	return false;
}

bool
gs_text_names_carrier(struct gs_span s, struct text_trace *tr)
{
	enum { MOST = 256 };
	bool sent = false, where = false;

	*tr = (struct text_trace){ .head = true, .unsure = true };
	if (s.n > MOST || text_is_field(s) || !may_name_clear(s) ||
	    gs_span_has(s, GS_LIT("SIP/2.0")))
		return false;
	while (s.n > 0) {
		struct gs_span w = gs_span(s.p, gs_span_while(s, gs_is_alnum));
		const enum gs_sdp_transport t = gs_text_transport(w);
		if (t == GS_TRANSPORT_TLS || t == GS_TRANSPORT_WSS ||
		    is_other_protocol(w))
			return false;
		if (t != GS_TRANSPORT_UNKNOWN) {
			tr->transport = t;
			tr->where = w;
		}
		sent |= is_sent(w);
		where |= gs_span_eqcase(w, GS_LIT("bytes")) || is_address(s) ||
		    TEXT_STARTS(s, "::");
		s = gs_span_skip(s, w.n > 0 ? w.n : 1);
	}
	return sent && where && tr->transport != GS_TRANSPORT_UNKNOWN;
}

/* Whether s has SIP/2.0 200 OK at at. */
static bool
is_status_line(struct gs_span s, size_t at, struct text_start *st)
{
	s = gs_span_skip(s, at);
	if (s.n < 11 || !TEXT_STARTS(s, "SIP/2.0 ") || s.p[8] < '1' ||
	    s.p[8] > '6' || !gs_is_digit(s.p[9]) || !gs_is_digit(s.p[10]) ||
	    (s.n > 11 && s.p[11] != ' '))
		return false;
	st->at = at;
	st->status = (unsigned)(s.p[8] - '0') * 100 +
	    (unsigned)(s.p[9] - '0') * 10 + (unsigned)(s.p[10] - '0');
	st->reason = gs_span_trim(gs_span_skip(s, 11));
	st->dot = st->reason.n > 0 && st->reason.p[st->reason.n - 1] == '.';
	return true;
}

/* The length of the known method at the end of m, or 0. */
static size_t
known_method(struct gs_span m)
{
	static const char *const known[] = { "INVITE", "PRACK", "ACK", "BYE",
		"CANCEL", "UPDATE", "OPTIONS", "REGISTER", "INFO", "REFER",
		"NOTIFY", "SUBSCRIBE", "MESSAGE", "PUBLISH" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i]);
		if (m.n >= n && memcmp(m.p + m.n - n, known[i], n) == 0)
			return n;
	}
	return 0;
}

/* Whether s has "INVITE sip:1000@192.0.2.1 SIP/2.0". A time, or bytes of lower
 * layers, may precede it. */
static bool
is_request_line(struct gs_span s, struct text_start *st)
{
	s = gs_span_trim(s);
	st->dot = s.n > 0 && s.p[s.n - 1] == '.';
	if (st->dot)
		s.n--;
	if (s.n < 12 || memcmp(s.p + s.n - 8, " SIP/2.0", 8) != 0)
		return false;
	s.n -= 8;
	size_t uri = s.n;
	while (uri > 0 && s.p[uri - 1] != ' ')
		uri--;
	size_t end = uri > 0 ? uri - 1 : 0, begin = end;
	while (begin > 0 && (is_upper(s.p[begin - 1]) || s.p[begin - 1] == '-'))
		begin--;
	while (begin < end && s.p[begin] == '-')
		begin++;
	if (begin > 0)
		begin = end - known_method(gs_span(s.p + begin, end - begin));
	st->method = gs_span(s.p + begin, end - begin);
	st->at = begin;
	return memchr(s.p + uri, ':', s.n - uri) != NULL && end > begin &&
	    st->method.n < 32;
}

bool
gs_text_is_start(struct gs_span s, struct text_start *st)
{
	const size_t blanks = text_indent(s);

	*st = (struct text_start){ .at = 0 };
	if (is_status_line(s, blanks, st))
		return true;
	if (is_request_line(s, st)) {
		st->at += blanks;
		return true;
	}
	st->method = gs_span(NULL, 0);
	if (text_is_field(s))
		return false;
	size_t at = gs_span_find(s, GS_LIT("SIP/2.0 "));
	return at < s.n && is_status_line(s, at, st);
}
