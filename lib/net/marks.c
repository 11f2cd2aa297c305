/* SPDX-License-Identifier: MIT */
/* Keys in text, by the words before them. */
#include "net/marks_priv.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/xml.h"
#include "net/hep_priv.h"

enum {
	WORD = 6, /* searched bytes of a mark */
	MARKS = 22, /* bits of 32 */
	TEXT_MIN = 12, /* shorter text contains no mark and key */
	NEAR = 64, /* greatest distance of a mark's value */
	HEADER = 8192, /* bytes of a header */
};

/* What a byte may be. */
enum kind { KIND_TEXT = 1, KIND_TEARS = 2 /* may begin an escape or joint */ };

struct gs_net_marks {
	struct gs_net_secrets *secrets;
	uint8_t skip[256]; /* how far a word can be when this is its last */
	uint32_t ends[256]; /* the marks whose word ends with it */
	uint32_t begins[256]; /* the marks whose word begins with it */
	uint8_t kind[256]; /* of enum kind */
	uint8_t *flat; /* text without folds, chunks and escapes */
	uint32_t *at; /* place of each letter: offset << 4 | length */
	size_t size;
};

/* A text to search. Its letters are in raw at the places in at, or at the same
 * places if at is NULL. */
struct text {
	struct gs_net_marks *m;
	const uint8_t *p;
	size_t n;
	const uint32_t *at;
	const uint8_t *raw; /* all bytes */
	size_t raw_n;
	size_t base; /* of p in raw */
	size_t end; /* where the text ends in raw */
	const struct gs_net_marks_sink *sink;
	struct gs_net_marks_found *found;
	bool websocket; /* what follows the header is no body */
	bool xml; /* may contain settings of a phone */
	bool encoded; /* the header says so */
	size_t encoded_at;
};

static bool
is_text(uint8_t c)
{
	return (c >= ' ' && c < 127) || c == '\n' || c == '\r' || c == '\t';
}

void
gs_net_marks_free(struct gs_net_marks *m)
{
	if (m == NULL)
		return;
	if (m->flat != NULL)
		explicit_bzero(m->flat, m->size);
	free(m->flat);
	free(m->at);
	free(m);
}

/* ---- what is text */

bool
gs_net_marks_is_text(const uint8_t *p, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		k += is_text(p[i]);
	return n > 0 && k >= n - n / 8;
}

/* The next run of at least TEXT_MIN letters from *to, as a whole. */
static bool
next_text(const struct gs_net_marks *m, const uint8_t *p, size_t n,
    size_t *from, size_t *to)
{
	size_t i = *to;

	while (n >= TEXT_MIN && i <= n - TEXT_MIN) {
		size_t k = i + TEXT_MIN;

		while (k > i && (m->kind[p[k - 1]] & KIND_TEXT) != 0)
			k--;
		if (k > i) {
			i = k;
			continue;
		}
		*from = i;
		i += TEXT_MIN;
		while (i < n && (m->kind[p[i]] & KIND_TEXT) != 0)
			i++;
		*to = i;
		return true;
	}
	return false;
}

/* ---- text without folds, chunks and escapes */

/* %41, and %2541 for what was escaped twice. Returns its length. */
static size_t
percent(const uint8_t *p, size_t n, uint8_t *c)
{
	size_t k = 1;

	while (n - k >= 4 && p[k] == '2' && p[k + 1] == '5' &&
	    gs_hex_number((const char *)p + k + 2, 2) >= 0 && k < 8)
		k += 2;
	int v = n - k >= 2 ? gs_hex_number((const char *)p + k, 2) : -1;
	if (v < 0)
		return 0;
	*c = (uint8_t)v;
	return k + 2;
}

/* \u0041, \x41, \/ and \n of JSON and of logs, #012 of syslog. */
static size_t
backslash(const uint8_t *p, size_t n, uint8_t *c)
{
	int v;

	if (p[0] == '#') {
		if (n < 4 || p[1] != '0' || p[2] != '1' ||
		    (p[3] != '2' && p[3] != '5'))
			return 0;
		*c = p[3] == '2' ? '\n' : '\r';
		return 4;
	}
	if (n < 2)
		return 0;
	if (p[1] == 'u' && n >= 6 &&
	    (v = gs_hex_number((const char *)p + 2, 4)) > 0 && v < 127) {
		*c = (uint8_t)v;
		return 6;
	}
	if (p[1] == 'x' && n >= 4 &&
	    (v = gs_hex_number((const char *)p + 2, 2)) > 0) {
		*c = (uint8_t)v;
		return 4;
	}
	*c = p[1] == 'n' ? '\n' : p[1] == 'r' ? '\r' : p[1];
	return p[1] == '\\' ? 1 : 2;
}

/* A line end at p that does not end the text: a fold (RFC 3261 7.3.1) or the
 * border of a chunk (RFC 9112 7.1). Returns its length. */
static size_t
joint(const uint8_t *p, size_t n)
{
	size_t k = p[0] == '\r' ? 1 : 0, digits = 0;

	if (k == n || p[k] != '\n')
		return 0;
	k++;
	size_t line = k;
	while (k < n && (p[k] == ' ' || p[k] == '\t'))
		k++;
	if (k > line)
		return k < n && p[k] != '\r' && p[k] != '\n' ? k : 0;
	while (k < n && digits < 9 && gs_hex_value(p[k]) >= 0) {
		k++;
		digits++;
	}
	if (digits == 0 || digits > 8)
		return 0;
	if (k < n && p[k] == ';')
		while (k < n && p[k] != '\r' && p[k] != '\n')
			k++;
	if (k < n && p[k] == '\r')
		k++;
	return k < n && p[k] == '\n' ? k + 1 : 0;
}

/* The letter at p; *k is the length of its escape, 0 if there is none. Returns
 * false if p is not a letter. */
static bool
unescape(const uint8_t *p, size_t n, uint8_t *c, size_t *k)
{
	uint32_t cp = 0;

	*k = 0;
	switch (p[0]) {
	case '%': *k = percent(p, n, c); return true;
	case '&':
		*k = gs_xml_get(gs_span((const char *)p, n), &cp);
		if (cp > 126)
			*k = 0;
		*c = (uint8_t)cp;
		return true;
	case '\\':
	case '#': *k = backslash(p, n, c); return true;
	case '\r':
	case '\n': *k = joint(p, n); return *k == 0;
	default: return true;
	}
}

/* Whether anything in p must be removed or unescaped. */
static bool
is_torn(const struct gs_net_marks *m, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t c = p[i];
		size_t k = 0;

		if ((m->kind[c] & KIND_TEARS) == 0)
			continue;
		(void)unescape(p + i, n - i, &c, &k);
		if (k > 0)
			return true;
	}
	return false;
}

static bool
make_room(struct gs_net_marks *m, size_t n)
{
	if (n <= m->size)
		return true;
	if (m->flat != NULL)
		explicit_bzero(m->flat, m->size);
	free(m->flat);
	free(m->at);
	n = n < 8192 ? 8192 : 2 * n;
	m->flat = malloc(n);
	m->at = calloc(n, sizeof(*m->at));
	m->size = m->flat != NULL && m->at != NULL ? n : 0;
	return m->size > 0;
}

/* Removes folds, chunks and escapes from t. */
static bool
flatten(struct text *t)
{
	struct gs_net_marks *m = t->m;
	size_t n = 0, k;

	if (!make_room(m, t->n))
		return false;
	for (size_t i = 0; i < t->n; i += k) {
		uint8_t c = t->p[i];
		bool letter = true;

		k = 0;
		if ((m->kind[c] & KIND_TEARS) != 0)
			letter = unescape(t->p + i, t->n - i, &c, &k);
		if (k == 0)
			k = 1;
		if (!letter)
			continue;
		m->flat[n] = c;
		m->at[n++] = (uint32_t)(i << 4 | (k & 15));
	}
	t->p = m->flat;
	t->n = n;
	t->at = m->at;
	return true;
}

/* ---- edits */

/* Blanks the letters [from, to) of t with c: all, or those of keys. */
static void
blank(const struct text *t, size_t from, size_t to, bool all, int c)
{
	size_t start = 0, n = 0;

	for (size_t i = from; i < to; i++) {
		size_t at = t->base + (t->at != NULL ? t->at[i] >> 4 : i);
		size_t k = t->at != NULL ? t->at[i] & 15 : 1;

		if (!all && !gs_net_secret_char(t->p[i]))
			continue;
		if (n > 0 && at == start + n) {
			n += k;
			continue;
		}
		if (n > 0)
			t->sink->edit(t->sink->arg, start, n, c);
		start = at;
		n = k;
	}
	if (n > 0)
		t->sink->edit(t->sink->arg, start, n, c);
}

/* A key in [from, to) of t: blanks it, and adds it to the secrets. */
static void
take_key(struct text *t, size_t from, size_t to)
{
	char value[1024];
	size_t n = 0;

	t->found->talks = true;
	blank(t, from, to, false, GS_MARKS_KEY);
	for (size_t i = from; i < to && n < sizeof(value); i++)
		if (gs_net_secret_char(t->p[i]))
			value[n++] = (char)t->p[i];
	gs_net_secrets_text(t->m->secrets, gs_span(value, n));
	explicit_bzero(value, sizeof(value));
}

/* ---- marks */

static size_t
skip_any(const struct text *t, size_t i, const char *set)
{
	while (i < t->n && t->p[i] != '\0' && strchr(set, t->p[i]) != NULL)
		i++;
	return i;
}

static size_t
skip_to(const struct text *t, size_t i, const char *set)
{
	while (i < t->n && strchr(set, t->p[i]) == NULL)
		i++;
	return i;
}

static bool
reads(const struct text *t, size_t i, const char *name)
{
	for (size_t k = 0; name[k] != '\0'; k++)
		if (i + k >= t->n || gs_lower(t->p[i + k]) != name[k])
			return false;
	return true;
}

/* After the mark, at i, there must be a character of set, possibly with quotes
 * and blanks around it. Returns where the value begins, or 0. */
static size_t
value_at(const struct text *t, size_t i, const char *sign)
{
	i = skip_any(t, i, " \t\"'\\");
	if (i >= t->n || strchr(sign, t->p[i]) == NULL)
		return 0;
	return skip_any(t, i + 1, " \t\"'\\");
}

static void
take_inline(struct text *t, size_t i)
{
	static const char end[] = " \t\r\n|;\"'<>,)]}&";
	size_t from = value_at(t, i + 6, ":");

	if (from > 0)
		take_key(t, from, skip_to(t, from, end));
}

/* RFC 4566 5.12. */
static void
take_k(struct text *t, size_t i)
{
	static const char *const method[] = { "clear:", "base64:", "uri:" };
	size_t k = 0;

	while (k < 3 && !reads(t, i + 2, method[k]))
		k++;
	if (k == 3 || (i > 0 && gs_is_alpha(t->p[i - 1])))
		return;
	size_t from = i + 2 + strlen(method[k]);
	size_t to = skip_to(t, from, "\r\n\"<");
	take_key(t, from, to);
	blank(t, from, to, true, GS_MARKS_KEY);
}

/* RFC 4567 3: the name of the protocol, then its data. */
static void
take_key_mgmt(struct text *t, size_t i)
{
	size_t from = reads(t, i, "key-mgmt") ? value_at(t, i + 8, ":") : 0;

	if (from == 0)
		return;
	from = skip_any(t, skip_to(t, from, " \t\r\n\""), " \t");
	take_key(t, from, skip_to(t, from, " \t\r\n\"'<>;"));
}

/* RFC 4567 4.2: KeyMgmt: prot=mikey; uri="..."; data="VALUE". */
static void
take_keymgmt(struct text *t, size_t i)
{
	size_t end = skip_to(t, i, "\r\n"), from = 0;

	if (!reads(t, i, "keymgmt"))
		return;
	for (size_t k = i; k < end; k++)
		if (reads(t, k, "data") && (from = value_at(t, k + 4, "=")) > 0)
			take_key(t, from, skip_to(t, from, " \t\r\n\"';,"));
}

static void
take_digest(struct text *t, size_t i)
{
	size_t n = reads(t, i, "response") ? 8 : reads(t, i, "rspauth") ? 7 : 0;
	size_t from = n > 0 ? value_at(t, i + n, "=:") : 0, to = from;

	while (from > 0 && to < t->n && gs_hex_value(t->p[to]) >= 0)
		to++;
	if (to - from >= GS_SECRET_RUN)
		take_key(t, from, to);
}

/* <user_pass idx="1" perm="">VALUE</user_pass>, user_pass1!: VALUE. */
static void
take_user_pass(struct text *t, size_t i)
{
	size_t from = i + 9, to;

	if (!reads(t, i, "user_pass"))
		return;
	if (i > 0 && t->p[i - 1] == '<') {
		from = skip_to(t, from, ">");
		if (from == t->n || from - i > 4 * NEAR)
			return;
		from++;
		to = skip_to(t, from, "<");
		if (reads(t, from, "<![cdata[")) {
			from += 9;
			to = skip_to(t, from, "]");
		}
	} else if (i > 1 && t->p[i - 1] == '/' && t->p[i - 2] == '<') {
		/* The beginning may be in another packet, as with TFTP. */
		for (from = to = i - 2; from > 0; from--)
			if (t->p[from - 1] == '>')
				break;
	} else {
		from = skip_to(t, from, " \t:=\r\n<>&");
		if (from - i > NEAR || (from = value_at(t, from, ":=")) == 0)
			return;
		to = skip_to(t, from, "\r\n&<\"");
	}
	take_key(t, from, to);
	blank(t, from, to, true, GS_MARKS_KEY);
}

/* Whether letter i is in an m= line, as far as the text shows. */
static bool
in_media_line(const struct text *t, size_t i)
{
	size_t k = i;

	while (k > 0 && i - k < NEAR && t->p[k - 1] != '\n')
		k--;
	return k == 0 || (t->p[k] == 'm' && t->p[k + 1] == '=');
}

/* " RTP/SAVP " becomes " RTP/AVP  ", " RTP/SAVPF " becomes " RTP/AVPF  ";
 * where the text ends, as far as it is there. */
static void
take_savp(struct text *t, size_t i)
{
	static const char name[] = " RTP/SAVP";
	size_t have = t->n - i < 9 ? t->n - i : 9;

	if (memcmp(t->p + i, name, have) != 0 || !in_media_line(t, i))
		return;
	bool f = i + 9 < t->n && t->p[i + 9] == 'F';
	for (size_t k = 5; k < (f ? 10 : 9) && i + k < t->n; k++)
		blank(t, i + k, i + k + 1, true,
		    k < 8           ? name[k + 1] :
			k == 8 && f ? 'F' :
				      ' ');
}

/* " UDP/TLS/RTP/SAVP" becomes " RTP/AVP", with an F or without, and blanks. */
static void
take_dtls_savp(struct text *t, size_t i)
{
	static const char from[] = " UDP/TLS/RTP/SAVP", to[] = "RTP/AVP";
	size_t n = sizeof(from) - 1, at = i - 8;

	if (i < 8 || t->n - at < n || memcmp(t->p + at, from, n) != 0 ||
	    !in_media_line(t, at))
		return;
	bool f = at + n < t->n && t->p[at + n] == 'F';
	for (size_t k = 0; k < n - 1 + f; k++)
		blank(t, at + 1 + k, at + 2 + k, true,
		    k < sizeof(to) - 1           ? to[k] :
			k == sizeof(to) - 1 && f ? 'F' :
						   ' ');
}

/* The header field tells that the body is encoded. */
static void
take_encoding(struct text *t, size_t i)
{
	static const char *const plain[] = { "identity", "7bit", "8bit",
		"binary" };
	size_t from = value_at(t, i + 8, ":");

	if (from == 0 ||
	    ((i < 8 || !reads(t, i - 8, "content-encoding")) &&
		(i < 17 || !reads(t, i - 17, "content-transfer-"))))
		return;
	for (size_t k = 0; k < 4; k++)
		if (reads(t, from, plain[k]))
			return;
	t->encoded = true;
	t->encoded_at = t->at != NULL ? t->at[i] >> 4 : i;
}

static void
take_talk(struct text *t, size_t i)
{
	(void)i;
	t->found->talks = true;
}

static void
take_websocket(struct text *t, size_t i)
{
	t->websocket = true;
	take_talk(t, i);
}

static void
take_xml(struct text *t, size_t i)
{
	(void)i;
	t->xml = true;
}

/* Every mark by its first letters. */
static const struct {
	char word[WORD + 1];
	void (*take)(struct text *t, size_t i);
} mark[MARKS] = {
	{ "inline", take_inline },
	{ "k=clea", take_k },
	{ "k=base", take_k },
	{ "k=uri:", take_k },
	{ "key-mg", take_key_mgmt },
	{ "keymgm", take_keymgmt },
	{ "respon", take_digest },
	{ "rspaut", take_digest },
	{ "user_p", take_user_pass },
	{ " rtp/s", take_savp },
	{ "/rtp/s", take_dtls_savp },
	{ "encodi", take_encoding },
	{ "sec-we", take_websocket },
	{ "on/xml", take_xml },
	{ "xt/xml", take_xml },
	{ "sip/2.", take_talk },
	{ "m=audi", take_talk },
	{ "m=vide", take_talk },
	{ "a=cryp", take_talk },
	{ "rtsp/1", take_talk },
	{ "; snom", take_talk },
	{ "on/sdp", take_talk },
};

/* Horspool's search, for all words at once. */
static void
find_marks(struct text *t)
{
	const struct gs_net_marks *m = t->m;

	for (size_t i = WORD - 1; i < t->n; i += m->skip[t->p[i]]) {
		uint32_t ends =
		    m->ends[t->p[i]] & m->begins[t->p[i - (WORD - 1)]];

		for (; ends != 0; ends &= ends - 1) {
			unsigned k = (unsigned)__builtin_ctz(ends);
			if (reads(t, i - (WORD - 1), mark[k].word))
				mark[k].take(t, i - (WORD - 1));
		}
	}
}

static void
find_secrets(const struct text *t)
{
	size_t from = 0, to = 0;

	while (gs_net_secrets_next(t->m->secrets, t->p, t->n, &from, &to))
		blank(t, from, to, false, GS_MARKS_KEY);
}

/* ---- bodies that are no text */

/* The offset in raw after the first empty line from at, or 0. */
static size_t
body_after(const struct text *t, size_t at)
{
	while (at < t->end) {
		const uint8_t *p = memchr(t->raw + at, '\n', t->end - at);
		if (p == NULL)
			return 0;
		at = (size_t)(p - t->raw) + 1;
		size_t k = at + (at < t->end && t->raw[at] == '\r');
		if (k < t->end && t->raw[k] == '\n')
			return k + 1;
	}
	return 0;
}

/* The same after the last one. */
static size_t
last_body(const struct text *t)
{
	size_t body = 0,
	       at = t->end - t->base > HEADER ? t->end - HEADER : t->base;

	while ((at = body_after(t, at)) != 0)
		body = at;
	return body;
}

/* Content-Length in the header before body. */
static bool
body_length(const struct text *t, size_t body, uint64_t *v)
{
	static const char name[] = "ontent-length";
	size_t at = body - t->base > HEADER ? body - HEADER : t->base;
	bool found = false;

	for (; at < body; at++) {
		const uint8_t *p = memchr(t->raw + at, '\n', body - at);
		if (p == NULL)
			break;
		at = (size_t)(p - t->raw);
		struct text h = *t;
		h.p = t->raw + at + 1;
		h.n = body - at - 1;
		size_t k = reads(&h, 1, name) ? 14 : reads(&h, 0, "l") ? 1 : 0;
		size_t from = k > 0 ? value_at(&h, k, ":") : 0;
		size_t to = from;
		while (from > 0 && to < h.n && h.p[to] >= '0' && h.p[to] <= '9')
			to++;
		if (from > 0 &&
		    gs_span_u64(gs_span(h.p + from, to - from), v) == 0)
			found = true;
	}
	return found;
}

/* Blanks what begins at body, up to its end or that of its part. */
static void
darken(const struct text *t, size_t body)
{
	size_t end = t->raw_n, room = end - body;
	uint64_t length;
	size_t next =
	    gs_span_find(gs_span(t->raw + body, room), GS_LIT("\n--"));

	t->found->dark = 0;
	if (next < room)
		end = body + next + 1;
	else if (!body_length(t, body, &length))
		t->found->dark = GS_MARKS_ENDLESS;
	else if (length <= room)
		end = body + (size_t)length;
	else
		t->found->dark = (int64_t)(length - room);
	if (end > body)
		t->sink->edit(t->sink->arg, body, end - body, GS_MARKS_DARK);
}

/* Whether a header of SIP, or of a phone's settings, precedes a body that is
 * not text. */
static void
find_dark(const struct text *t)
{
	size_t body = 0;
	uint64_t length;

	bool settings = t->xml && t->encoded;

	if ((!t->found->talks && !settings) || t->websocket)
		return;
	if (t->encoded)
		body = body_after(t, t->base + t->encoded_at);
	if (body > 0) {
		darken(t, body);
		return;
	}
	if (t->end == t->raw_n)
		return;
	body = last_body(t);
	if (body > 0 && t->end - body < 4 &&
	    (!body_length(t, body, &length) || length > t->end - body))
		darken(t, body);
}

/* ---- the whole */

int
gs_net_marks_scan(struct gs_net_marks *m, const uint8_t *p, size_t n,
    const struct gs_net_marks_sink *sink, struct gs_net_marks_found *found)
{
	size_t from = 0, to = 0;
	struct text all = { .m = m, .p = p, .n = n, .sink = sink };

	found->dark = 0;
	if (n > GS_MARKS_MAX)
		n = GS_MARKS_MAX;
	while (next_text(m, p, n, &from, &to)) {
		struct text t = { .m = m,
			.p = p + from,
			.n = to - from,
			.raw = p,
			.raw_n = n,
			.base = from,
			.end = to,
			.sink = sink,
			.found = found };
		bool torn = is_torn(m, t.p, t.n);

		if (torn && !flatten(&t))
			return -1;
		find_marks(&t);
		if (torn)
			find_secrets(&t);
		find_dark(&t);
	}
	find_secrets(&all);
	return 0;
}

void
gs_net_marks_hep(const uint8_t *p, size_t n,
    const struct gs_net_marks_sink *sink)
{
	struct gs_net_hep_chunk c;
	size_t at = 0;

	while (gs_net_hep_next(p, n, &at, &c))
		if (c.type == GS_HEP_COMPRESSED)
			sink->edit(sink->arg, c.at, c.n, GS_MARKS_DARK);
}

bool
gs_net_marks_begins(const uint8_t *p, size_t n)
{
	static const char *const known[] = { "SIP/2.", "HTTP/1", "RTSP/1",
		"HEP3" };
	size_t k = 0;

	for (size_t i = 0; i < 4; i++)
		if (gs_span_starts(gs_span(p, n), gs_span_of(known[i])))
			return true;
	/* After the end of a key, "=" would not be followed by a letter. */
	if (n > 2 && gs_is_alpha(p[0]) && p[1] == '=' &&
	    gs_net_secret_char(p[2]))
		return true;
	while (k < n && k < NEAR && p[k] >= 'A' && p[k] <= 'Z')
		k++;
	return k > 2 && k < n && p[k] == ' ';
}

bool
gs_net_marks_is_other(const uint8_t *p, size_t n)
{
	static const char *const other[] = { "GET ", "POST ", "PUT ", "HEAD ",
		"HTTP/1", "SSH-" };

	for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++)
		if (gs_span_starts(gs_span(p, n), gs_span_of(other[i])))
			return true;
	return !gs_net_marks_is_text(p, n < NEAR ? n : NEAR);
}

size_t
gs_net_marks_resume(const uint8_t *p, size_t n)
{
	size_t at = 0;

	while (at < n) {
		const uint8_t *end = memchr(p + at, '\n', n - at);
		size_t k;

		if (end == NULL)
			return n;
		at = k = (size_t)(end - p) + 1;
		if (gs_net_marks_begins(p + at, n - at))
			return at;
		while (k < n && k - at < NEAR &&
		    (gs_is_alpha(p[k]) || (p[k] == '-' && k > at)))
			k++;
		if (k > at && k < n &&
		    (p[k] == ':' || (p[k] == '=' && k - at == 1)))
			return at;
	}
	return n;
}

/* Notes where word k ends and begins, for both cases of its letters. */
static void
learn_word(struct gs_net_marks *m, unsigned k)
{
	for (unsigned i = 0; i < WORD; i++) {
		uint8_t c = (uint8_t)mark[k].word[i];
		uint8_t up = c >= 'a' && c <= 'z' ? c - 32 : c;
		uint8_t far = (uint8_t)(WORD - 1 - i);

		if (i == WORD - 1)
			m->ends[c] |= 1u << k;
		else if (far < m->skip[c])
			m->skip[c] = m->skip[up] = far;
		m->ends[up] = m->ends[c];
		if (i == 0)
			m->begins[c] |= 1u << k;
		m->begins[up] = m->begins[c];
	}
}

struct gs_net_marks *
gs_net_marks_new(struct gs_net_secrets *secrets)
{
	struct gs_net_marks *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->secrets = secrets;
	for (unsigned c = 0; c < 256; c++)
		m->kind[c] = is_text((uint8_t)c) ? KIND_TEXT : 0;
	for (const char *c = "%&\\#\r\n"; *c != '\0'; c++)
		m->kind[(uint8_t)*c] |= KIND_TEARS;
	memset(m->skip, WORD, sizeof(m->skip));
	for (unsigned k = 0; k < MARKS; k++)
		learn_word(m, k);
	return m;
}
