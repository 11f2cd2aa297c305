/* SPDX-License-Identifier: MIT */
/* One line of FreeSWITCH's log: its head and its message. */
#include "text/fsline_priv.h"

#include <endian.h>
#include <limits.h>

#include "base/bytes.h"
#include "text/align_priv.h"
#include "text/textline_priv.h"

/* FIRST: the first octets of a message, by which most can be told apart. */
enum {
	DATE = 26,
	IDLE = 8,
	LEVEL = 8,
	PREFIX = 512,
	FILE_NAME = 80,
	FIRST = 5,
};

/* 2013-05-12 13:57:21.271236; only a few of its bytes are checked. */
static bool
is_date(const char *p, size_t n)
{
	return n > DATE && p[4] == '-' && p[10] == ' ' && p[13] == ':' &&
	    p[19] == '.' && gs_is_digit(p[0]) && gs_is_digit(p[3]) &&
	    gs_is_digit(p[25]);
}

/* The number of digits at the end of the eight octets before end. The highest
 * bit of each octet of odd tells whether it is no digit: below '0', above '9',
 * or beyond ASCII. */
static inline size_t
digits_before(const char *end)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t w, low, odd;

	memcpy(&w, end - sizeof(w), sizeof(w));
	w = be64toh(w);
	low = w & 0x7f * each;
	odd = w | ~(low + (0x80 - '0') * each) | (low + (0x7f - '9') * each);
	odd &= 0x80 * each;
	return odd != 0 ? (size_t)__builtin_ctzll(odd) / 8 : sizeof(w);
}

/* Reads "[LEVEL] " at p[at]. Returns the offset of what follows, or 0. */
static size_t
skip_level(const char *p, size_t n, size_t at)
{
	size_t i = at + 1, end = n - at > LEVEL + 2 ? at + LEVEL + 2 : n;

	while (i < end && p[i] >= 'A' && p[i] <= 'Z')
		i++;
	return i >= end || p[i] != ']' || i + 2 >= n || p[i + 1] != ' ' ? 0 :
									  i + 2;
}

/* Reads a date and a blank at p[at], and the idle time of version 1.10.
 * Returns the offset of what follows, or 0. */
static inline size_t
skip_date(const char *p, size_t n, size_t at)
{
	if (at >= n || !is_date(p + at, n - at))
		return 0;
	size_t i = at + DATE + 1;
	if (i < n && gs_is_digit(p[i])) {
		size_t end = n - i > IDLE ? i + IDLE : n;
		const char *c = memchr(p + i, '%', end - i);
		if (c == NULL)
			return 0;
		i = (size_t)(c - p) + 2;
	}
	return i < n ? i : 0;
}

/* Reads "[LEVEL] file.c:NNN func()" at p[at], if dated behind a date. Returns
 * the offset of the message, or 0. switch_log.c writes a blank or byte 128
 * after the number. */
static size_t
skip_head(const char *p, size_t n, size_t at, bool dated)
{
	const struct gs_span most = GS_LIT("[DEBUG] ");
	size_t i = dated ? skip_date(p, n, at) : at;

	if ((dated && i == 0) || p[i] != '[')
		return 0;
	if (n - i > most.n && gs_span_starts(gs_span(p + i, n - i), most))
		i += most.n;
	else if ((i = skip_level(p, n, i)) == 0)
		return 0;
	size_t end = n - i > FILE_NAME ? i + FILE_NAME : n;
	const char *blank = memchr(p + i, ' ', end - i);
	size_t stop = blank != NULL ? (size_t)(blank - p) : n;
	size_t colon =
	    stop < sizeof(uint64_t) ? stop : stop - digits_before(p + stop);
	while (colon > i && gs_is_digit(p[colon - 1]))
		colon--;
	if (colon == stop || colon <= i || p[colon - 1] != ':')
		return 0;
	if (blank == NULL)
		return n;
	i = stop + 1;
	/* Names of functions are in lower case. */
	if (i == n || p[i] < '_')
		return i;
	blank = memchr(p + i, ' ', n - i);
	if (blank != NULL && blank - (p + i) > 2 && blank[-1] == ')' &&
	    blank[-2] == '(')
		i = (size_t)(blank - p) + 1;
	return i;
}

size_t
gs_text_fs_head_quick(const char *p, size_t n, size_t at)
{
	return skip_head(p, n, at, true);
}

bool
gs_text_fs_head_parse(struct gs_span s, struct fs_head *h)
{
	enum { YEAR = 4 };
	size_t at = 0, message = 0;

	if (s.n > 8 && s.p[0] == '[')
		message = skip_head(s.p, s.n, 0, false);
	for (size_t from = YEAR; message == 0 && from < s.n;) {
		const char *dash = memchr(s.p + from, '-', s.n - from);
		if (dash == NULL || dash - s.p > PREFIX)
			return false;
		from = (size_t)(dash - s.p) + 1;
		at = from - 1 - YEAR;
		if (at == 0 || !gs_is_alnum(s.p[at - 1]))
			message = skip_head(s.p, s.n, at, true);
	}
	if (message == 0)
		return false;
	h->prefix = gs_span(s.p, at);
	h->message = gs_span_skip(s, message);
	return true;
}

struct gs_span
gs_text_fs_prefix_id(struct gs_span prefix)
{
	enum { LEAST = 8 };
	size_t at;

	prefix = gs_span_trim(prefix);
	if (prefix.n >= TEXT_UUID &&
	    gs_text_is_uuid(gs_span_skip(prefix, prefix.n - TEXT_UUID)))
		return gs_span_skip(prefix, prefix.n - TEXT_UUID);
	for (at = prefix.n; at > 0 && prefix.p[at - 1] != ' '; at--)
		;
	prefix = gs_span_skip(prefix, at);
	/* A tag, a prompt, a time or a number does not name a call. */
	for (at = 0; at < prefix.n; at++)
		if (!gs_is_alnum(prefix.p[at]) && prefix.p[at] != '-')
			return gs_span(NULL, 0);
	bool named = prefix.n >= LEAST && gs_span_chr(prefix, '-') != NULL;
	return named ? prefix : gs_span(NULL, 0);
}

#define TEXT(s)                                                                \
	{                                                                      \
		(s), sizeof(s) - 1                                             \
	}
#define LIST(a)                                                                \
	{                                                                      \
		(a), sizeof(a) / sizeof((a)[0])                                \
	}
#define SDP(b, l, p, r)                                                        \
	{                                                                      \
		.kind = FS_SDP, .begin = TEXT(b), .label = (l),                \
		.party = GS_PARTY_##p, .role = GS_ROLE_##r                     \
	}
#define SDP_OF(b, l, p)                                                        \
	{                                                                      \
		.kind = FS_SDP, .begin = TEXT(b), .label = (l),                \
		.party = GS_PARTY_##p, .named = true                           \
	}
#define SDP_WITH(b, w, l, p)                                                   \
	{                                                                      \
		.kind = FS_SDP, .begin = TEXT(b), .word = TEXT(w),             \
		.label = (l), .party = GS_PARTY_##p                            \
	}
#define KEY(b, p, a)                                                           \
	{                                                                      \
		.kind = FS_KEY, .begin = TEXT(b), .party = GS_PARTY_##p,       \
		.again = (a)                                                   \
	}
#define EVENT_WITH(b, w, e)                                                    \
	{                                                                      \
		.kind = FS_EVENT, .begin = TEXT(b), .word = TEXT(w),           \
		.event = GS_LOG_##e                                            \
	}
#define EVENT(b, e)                                                            \
	{                                                                      \
		.kind = FS_EVENT, .begin = TEXT(b), .event = GS_LOG_##e        \
	}

/* switch_rtp.c, usually after a type of media */
#define NO_MATCH "Fingerprint Verification Failed"
#define NO_PEER "No peer certificate presented"
#define NO_HANDSHAKE "Handshake failure "
#define DTLS(type)                                                             \
	EVENT(type " " NO_MATCH, DTLS_FAILED),                                 \
	    EVENT(type " " NO_PEER, DTLS_FAILED),                              \
	    EVENT(type " " NO_HANDSHAKE, DTLS_FAILED)

/* switch_core_media.c, mod_sofia.c, sofia.c, sofia_glue.c and switch_rtp.c of
 * 1.2 to 1.10. Where a message says that a call is not encrypted, its first
 * words are enough: a terminal may have broken the line. */
static const struct fs_message on_3[] = {
	SDP("3PCC-PROXY nomedia - sending ack, SDP:", "3PCC-PROXY SDP", LOCAL,
	    UNKNOWN),
};

static const struct fs_message on_A[] = {
	EVENT("Activating ", ACTIVATED),
};

static const struct fs_message on_B[] = {
	EVENT("Bad MKI found in", MKI_ERROR),
};

static const struct fs_message on_C[] = {
	EVENT_WITH("Channel [", "] has been answered", UP),
	{ .kind = FS_STATE, .begin = TEXT("Channel ") },
	EVENT_WITH("Channel ", " hanging up, cause: ", HANGUP),
	{ .kind = FS_SDP,
	    .begin = TEXT("Codec Error! "),
	    .label = "Codec Error SDP",
	    .begun = true },
	{ .kind = FS_EVENT,
	    .begin = TEXT("CODEC NEGOTIATION ERROR"),
	    .label = "CODEC NEGOTIATION ERROR SDP",
	    .event = GS_LOG_CODEC_ERROR },
	KEY("Change Remote ", REMOTE, true),
	EVENT("Crypto Setup Failed", SETUP_FAILED),
	EVENT("Crypto invalid: ", MKI_ERROR),
	EVENT("Crypto not negotiated but required", NOT_NEGOTIATED),
	EVENT("Cannot find a c= line", NO_MEDIA),
};

static const struct fs_message on_D[] = {
	{ .kind = FS_SDP,
	    .begin = TEXT("Duplicate SDP"),
	    .label = "Duplicate SDP",
	    .party = GS_PARTY_REMOTE,
	    .again = true },
};

static const struct fs_message on_E[] = {
	EVENT("Error! SRTP: ", PARSE_ERROR),
	EVENT_WITH("Error! RE-Activating ", " SEND", SRTP_OFF),
	EVENT("Error! RE-Activating ", SRTP_FAILED),
	EVENT("Error! RE-Act", SRTP_FAILED),
	EVENT_WITH("Error: SRTP ", "protection", SRTP_OFF),
	EVENT_WITH("Error: ", " SRTP pro", SRTP_OFF),
	EVENT("Error: SRTP prot", SRTP_OFF),
	EVENT("Error allocating srtp", SRTP_FAILED),
	EVENT("Error allocating SRTP", SRTP_FAILED),
	EVENT("Error! No crypto to parse", PARSE_ERROR),
	EVENT("Error: SRTP ", UNPROTECT),
};

static const struct fs_message on_F[] = {
	EVENT(NO_MATCH, DTLS_FAILED),
};

static const struct fs_message on_H[] = {
	EVENT(NO_HANDSHAKE, DTLS_FAILED),
	EVENT("Hangup ", HANGUP),
};

static const struct fs_message on_I[] = {
	SDP_WITH("Indicating ", "to other leg.", "SDP to the other leg",
	    UNKNOWN),
	EVENT("INVALID SUITE SUPPLIED", SUITE_INVALID),
	EVENT("INVALID VALUE FOR ", VALUE_INVALID),
	EVENT("Ignoring unacceptable key", REKEY_REFUSED),
};

static const struct fs_message on_L[] = {
	SDP("Local SDP:", "Local SDP", LOCAL, OFFER),
	SDP_OF("Local SDP ", "Local SDP", LOCAL),
	SDP_WITH("Local ", " SDP ", "Local SDP", LOCAL),
};

static const struct fs_message on_M[] = {
	EVENT("MKI bad key size", MKI_ERROR),
};

static const struct fs_message on_N[] = {
	EVENT("New Channel ", CHANNEL),
	EVENT(NO_PEER, DTLS_FAILED),
	EVENT("No SDP in INVITE and 3pcc not enabled", NO_MEDIA),
};

static const struct fs_message on_O[] = {
	EVENT("Originate Resulted in Success: [", PEER),
};

static const struct fs_message on_P[] = {
	EVENT_WITH("Processing ", " in context ", ROUTED),
	SDP("Passing 200 OK to other leg", "SDP to the other leg", UNKNOWN,
	    UNKNOWN),
	SDP("Passing SDP to other leg.", "SDP to the other leg", UNKNOWN,
	    UNKNOWN),
	SDP("Passing T38 req to other leg.", "SDP to the other leg", UNKNOWN,
	    UNKNOWN),
	EVENT("Parse Error near ", PARSE_ERROR),
};

static const struct fs_message on_R[] = {
	EVENT("Responding to INVITE with: ", REFUSED),
	SDP("Remote SDP:", "Remote SDP", REMOTE, UNKNOWN),
	SDP("Ring SDP:", "Ring SDP", LOCAL, UNKNOWN),
	SDP("RESTABLISH MEDIA SDP:", "RESTABLISH MEDIA SDP", LOCAL, UNKNOWN),
	SDP_OF("Remote SDP ", "Remote SDP", REMOTE),
	EVENT("Received invite with SAVP but secure media is ",
	    SECURE_DISABLED),
};

static const struct fs_message on_S[] = {
	KEY("Set Local ", LOCAL, false),
	KEY("Set Remote ", REMOTE, false),
	EVENT_WITH("SRTP ", "RTCP protection", SRTP_OFF),
	EVENT("SRTP NOT SUPPORTED IN THIS BUILD", SRTP_MISSING),
	EVENT("SRTP NOT SUPPORTED", SRTP_MISSING),
	EVENT("SRTP ", UNPROTECT),
};

static const struct fs_message on_T[] = {
	EVENT("Tried to negotiate a blank SDP", NO_MEDIA),
};

static const struct fs_message on_U[] = {
	EVENT("Unsupported Crypto [", UNSUPPORTED),
};

static const struct fs_message on_a[] = {
	EVENT("a=crypto in RTP/AVP", CRYPTO_IN_AVP),
	DTLS("audio"),
};

static const struct fs_message on_t[] = {
	DTLS("text"),
};

static const struct fs_message on_u[] = {
	SDP("updateMedia: Remote SDP", "Remote SDP", UNKNOWN, UNKNOWN),
	SDP("updateMedia: Local SDP", "Local SDP", UNKNOWN, UNKNOWN),
};

static const struct fs_message on_v[] = {
	DTLS("video"),
};

/* The same, by their first octet: most lines are none of them. */
static const struct {
	const struct fs_message *first;
	size_t n;
} messages[UCHAR_MAX + 1] = {
	['3'] = LIST(on_3),
	['A'] = LIST(on_A),
	['B'] = LIST(on_B),
	['C'] = LIST(on_C),
	['D'] = LIST(on_D),
	['E'] = LIST(on_E),
	['F'] = LIST(on_F),
	['H'] = LIST(on_H),
	['I'] = LIST(on_I),
	['L'] = LIST(on_L),
	['M'] = LIST(on_M),
	['N'] = LIST(on_N),
	['O'] = LIST(on_O),
	['P'] = LIST(on_P),
	['R'] = LIST(on_R),
	['S'] = LIST(on_S),
	['T'] = LIST(on_T),
	['U'] = LIST(on_U),
	['a'] = LIST(on_a),
	['t'] = LIST(on_t),
	['u'] = LIST(on_u),
	['v'] = LIST(on_v),
};

/* These follow the name of a channel. */
static const struct fs_message named[] = {
	{ .kind = FS_INVITE,
	    .begin = TEXT("sending invite version:"),
	    .label = "Local SDP",
	    .party = GS_PARTY_LOCAL,
	    .role = GS_ROLE_OFFER },
	/* FreeSWITCH offers T.38. */
	SDP("image media sdp:", "image media SDP", LOCAL, OFFER),
	SDP("Patched SDP", "SDP before patching", UNKNOWN, UNKNOWN),
	SDP("SDP has no audio in it.", "SDP without audio", UNKNOWN, UNKNOWN),
};

static bool
may_matter(struct gs_span s)
{
	const unsigned char c = (unsigned char)s.p[0];

	for (size_t i = 0; i < messages[c].n; i++)
		if (memcmp(messages[c].first[i].begin.p, s.p, FIRST) == 0)
			return true;
	return false;
}

/* Whether colours begin within the first octets of p. */
static inline bool
has_colour(const char *p)
{
	return p[0] == '\033' || p[1] == '\033' || p[2] == '\033' ||
	    p[3] == '\033' || p[4] == '\033';
}

bool
gs_text_fs_message_may_be(struct gs_span s)
{
	return s.n <= FIRST || may_matter(s) || TEXT_STARTS(s, "sofia/") ||
	    has_colour(s.p);
}

static bool
begins(struct gs_span s, const struct fs_message *m, struct gs_span *rest)
{
	*rest = s;
	return gs_span_take(rest, m->begin);
}

static bool
has_word(const struct fs_message *m, struct gs_span rest)
{
	return gs_span_has(rest, m->word);
}

struct gs_span
gs_text_fs_states(struct gs_span rest)
{
	const struct gs_span before = GS_LIT(" entering state [");
	const char *blank = gs_span_chr(rest, ' ');
	struct gs_span s = gs_span_skip(rest,
	    blank != NULL ? (size_t)(blank - rest.p) : rest.n);

	/* Names of channels rarely have a blank. */
	if (!gs_span_starts(s, before))
		s = gs_span_skip(s, gs_span_find(s, before));
	return s.n > 0 ? gs_span_skip(s, before.n - 2) : s;
}

/* Confirms a message by what follows its first words. Syslog writes the SDP on
 * the same line, with "#012" or "#015#012" as line end. */
static bool
fits(const struct fs_message *m, struct gs_span rest)
{
	switch (m->kind) {
	case FS_SDP:
		if (m->begun)
			return text_is_version(rest);
		if (m->word.n > 0)
			return has_word(m, rest) && rest.p[rest.n - 1] != ']';
		rest.n = gs_span_find(rest, GS_LIT("#01"));
		rest = gs_span_trim(rest);
		return m->named ? rest.n > 1 && rest.p[rest.n - 1] == ':' :
				  rest.n == 0;
	case FS_STATE: return gs_text_fs_states(rest).n > 0;
	case FS_KEY:
		return gs_span_has(rest, GS_LIT("ey [")) ||
		    gs_span_has(rest, GS_LIT("ey to ["));
	case FS_EVENT:
		if (m->word.n > 0)
			return has_word(m, rest);
		if (m->event == GS_LOG_UNPROTECT)
			return gs_span_has(rest, GS_LIT("unprotect failed"));
		return m->event != GS_LOG_ACTIVATED ||
		    gs_span_has(rest, GS_LIT("Secure "));
	case FS_INVITE:
	case FS_NONE: break;
	}
	return true;
}

const struct fs_message gs_text_fs_unknown = {
	.kind = FS_SDP,
	.begin = TEXT(""),
	.label = "SDP",
};

static const struct fs_message *
find_named(struct gs_span s, struct gs_span *rest, struct gs_span *channel)
{
	const char *blank = memchr(s.p, ' ', s.n);
	if (blank == NULL || s.p + s.n - blank < 3 ||
	    memchr("siSP", blank[1], 4) == NULL)
		return NULL;
	*channel = gs_span(s.p, (size_t)(blank - s.p));
	s = gs_span_skip(s, channel->n + 1);
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (named[i].begin.p[0] == s.p[0] &&
		    named[i].begin.p[1] == blank[2] &&
		    begins(s, &named[i], rest) && fits(&named[i], *rest))
			return &named[i];
	return NULL;
}

const struct fs_message *
gs_text_fs_message_find(struct gs_span s, struct gs_span *rest,
    struct gs_span *channel)
{
	*channel = gs_span(NULL, 0);
	if (s.n < 6)
		return NULL;
	if (memcmp(s.p, "sofia/", 6) == 0)
		return find_named(s, rest, channel);
	const unsigned char c = (unsigned char)s.p[0];
	for (size_t i = 0; i < messages[c].n; i++) {
		const struct fs_message *m = &messages[c].first[i];
		if (memcmp(m->begin.p, s.p, FIRST) != 0 ||
		    !begins(s, m, rest) || !fits(m, *rest))
			continue;
		struct gs_span r = *rest;
		if (m->kind == FS_STATE || m->named ||
		    (m->kind == FS_EVENT &&
			(m->event == GS_LOG_HANGUP ||
			    m->event == GS_LOG_CHANNEL))) {
			*channel = gs_text_word(&r);
			if (m->named && channel->n > 0)
				channel->n--;
		}
		if (m->kind == FS_EVENT && m->event == GS_LOG_UP)
			*channel =
			    gs_span(rest->p, gs_span_find(*rest, GS_LIT("]")));
		return m;
	}
	return NULL;
}

/* Whether a message of this kind ends in a bracket. */
static bool
is_bracketed(const struct fs_message *m)
{
	return m->kind == FS_STATE || m->kind == FS_KEY ||
	    (m->kind == FS_EVENT &&
		(m->event == GS_LOG_HANGUP || m->event == GS_LOG_CHANNEL));
}

/* Whether s ends with the beginning of word. */
static bool
ends_inside(struct gs_span s, struct gs_span word)
{
	for (size_t k = 1; k < word.n && k <= s.n; k++)
		if (gs_span_ends(s, gs_span(word.p, k)))
			return true;
	return false;
}

/* Whether s ends in [STATE] [CAUSE]. */
static bool
has_two_brackets(struct gs_span s)
{
	size_t n = gs_span_find(s, GS_LIT("] ["));

	return n < s.n && s.p[s.n - 1] == ']';
}

bool
gs_text_fs_message_is_half(struct gs_span s, const struct fs_message *known)
{
	struct gs_span rest;

	if (s.n > 0 && s.p[0] == 'H' && TEXT_STARTS(s, "Hangup "))
		return !has_two_brackets(s);
	/* Most messages that matter end this way. */
	if (s.n == 0 || s.p[s.n - 1] == ']' || s.p[s.n - 1] == ':' ||
	    TEXT_STARTS(s, "Channel ["))
		return false;
	const unsigned char c = (unsigned char)s.p[0];
	for (size_t i = 0; i < messages[c].n; i++) {
		const struct fs_message *m = &messages[c].first[i];
		const size_t n = m->begin.n;
		if (m == known)
			return is_bracketed(m);
		if (memcmp(m->begin.p, s.p, s.n < n ? s.n : n) != 0)
			continue;
		if (s.n < n || is_bracketed(m))
			return true;
		rest = gs_span_skip(s, n);
		if (fits(m, rest))
			return false;
		if (m->named || (m->word.n > 0 && ends_inside(rest, m->word)))
			return true;
	}
	return false;
}

/* Whether s, which follows a date, ends inside a head: " 95.87% [DEBUG]
 * file.c:12". */
static bool
is_half_head(struct gs_span s)
{
	size_t i = 0;

	while (
	    i < s.n && (gs_is_digit(s.p[i]) || strchr(" .%", s.p[i]) != NULL))
		i++;
	if (i < s.n && s.p[i] != '[')
		return false;
	for (i++; i < s.n && s.p[i] >= 'A' && s.p[i] <= 'Z'; i++)
		;
	if (i < s.n && s.p[i] != ']')
		return false;
	return i + 2 >= s.n || memchr(s.p + i + 2, ' ', s.n - i - 2) == NULL;
}

/* Whether s is the beginning of a date. */
static bool
is_half_date(struct gs_span s)
{
	static const char form[] = "0000-00-00 00:00:00.000000";

	for (size_t i = 0; i < s.n; i++)
		if (i == sizeof(form) - 1 ||
		    (form[i] == '0' ? !gs_is_digit(s.p[i]) : s.p[i] != form[i]))
			return false;
	return s.n > 0;
}

bool
gs_text_fs_head_is_half(struct gs_span s)
{
	if (gs_text_is_uuid(s)) {
		s = gs_span_skip(s, TEXT_UUID + (s.n > TEXT_UUID));
		if (is_half_date(s))
			return true;
	}
	return is_date(s.p, s.n) && is_half_head(gs_span_skip(s, DATE));
}

struct gs_span
gs_text_fs_last_bracket(struct gs_span s)
{
	size_t end = s.n, begin;

	while (end > 0 && s.p[end - 1] != ']')
		end--;
	for (begin = end; begin > 0 && s.p[begin - 1] != '['; begin--)
		;
	if (begin == 0)
		return gs_span(NULL, 0);
	return gs_span(s.p + begin, end - 1 - begin);
}

struct gs_span
gs_text_fs_mention(struct gs_span s)
{
	if (s.n > 0 && s.p[0] == '(')
		s = gs_span_skip(s, 1);
	if (!TEXT_STARTS(s, "sofia/"))
		return gs_span(NULL, 0);
	struct gs_span w = gs_text_word(&s);
	while (w.n > 0 && strchr("):!", w.p[w.n - 1]) != NULL)
		w.n--;
	return w;
}
