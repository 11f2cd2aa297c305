/* SPDX-License-Identifier: MIT */
/* Text in pieces to lines, and what lines before a key say of it. */
#include "srtp/keytext.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "keyline_priv.h"

/* What was read of the SDP that the text is in. */
struct context {
	struct gs_net_addr session; /* c= before the first m= */
	struct gs_net_addr media; /* version 0: none open */
	bool secure; /* the m= line says SAVP */
	bool dtls;
	bool crypto; /* a=crypto was seen */
	bool in_media;
};

struct gs_srtp_keytext {
	struct gs_srtp_keyline line;
	struct gs_srtp_announced *announced;
	struct context sdp;
	size_t n;
	char *unescaped; /* GS_KEYTEXT_LINE, when first needed */
	char text[GS_KEYTEXT_LINE];
};

struct gs_srtp_keytext *
gs_srtp_keytext_new(struct gs_srtp_keyring *ring,
    struct gs_srtp_announced *announced, struct gs_diags *diags,
    struct gs_err *err)
{
	struct gs_srtp_keytext *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		gs_err_set(err, "no memory for keys");
		return NULL;
	}
	t->line.ring = ring;
	t->line.diags = diags;
	t->announced = announced;
	if (!gs_srtp_keyline_init(&t->line)) {
		gs_err_set(err, "no memory for keys");
		gs_srtp_keytext_free(t);
		return NULL;
	}
	return t;
}

void
gs_srtp_keytext_free(struct gs_srtp_keytext *t)
{
	if (t == NULL)
		return;
	if (t->unescaped != NULL)
		explicit_bzero(t->unescaped, GS_KEYTEXT_LINE);
	free(t->unescaped);
	gs_text_harvest_free(t->line.harvest);
	explicit_bzero(t, sizeof(*t));
	free(t);
}

void
gs_srtp_keytext_begin(struct gs_srtp_keytext *t, uint16_t source, uint64_t line,
    bool frame, uint64_t ns)
{
	t->n = 0;
	t->line.frame = frame;
	t->sdp = (struct context){ 0 };
	t->line.base =
	    (struct gs_srtp_key){ .source = source, .line = line, .ns = ns };
}

uint64_t
gs_srtp_keytext_masked(const struct gs_srtp_keytext *t)
{
	return t->line.masked;
}

void
gs_srtp_keytext_readable(struct gs_srtp_keytext *t, const char *file, bool all)
{
	gs_srtp_keyline_readable(&t->line, file, all);
}

/* ---- the SDP around a key */

/* The announcement of the open m= section is complete. */
static void
close_media(struct gs_srtp_keytext *t)
{
	struct context *c = &t->sdp;

	if (c->media.version != 0 && c->media.port != 0 &&
	    t->announced != NULL) {
		struct gs_srtp_announcement *a =
		    gs_srtp_announced_at(t->announced, &c->media);

		a->dtls |= c->dtls;
		a->secure |= !c->dtls && (c->secure || c->crypto);
		a->plain |= !c->dtls && !c->secure && !c->crypto;
	}
	c->in_media = false;
	c->secure = c->dtls = c->crypto = false;
	c->media = (struct gs_net_addr){ 0 };
	t->line.base.media = c->media;
}

/* Takes s as "NAME" and what follows. */
static bool
value_of(struct gs_span s, struct gs_span name, struct gs_span *value)
{
	if (!gs_span_starts(s, name))
		return false;
	*value = gs_span(s.p + name.n, s.n - name.n);
	return true;
}

/* The address behind "IN IP4 " or "IN IP6 ", and maybe a TTL behind it. */
static bool
address(struct gs_span s, int family, uint8_t ip[16])
{
	char text[INET6_ADDRSTRLEN];

	s = gs_span_trim(s);
	if (family == AF_INET)
		s.n = gs_span_find(s, GS_LIT("/"));
	if (s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return inet_pton(family, text, ip) == 1;
}

static void
connection(struct gs_srtp_keytext *t, struct gs_span s)
{
	struct gs_net_addr a = { 0 };
	struct gs_span v;

	if (value_of(s, GS_LIT("IN IP4 "), &v) && address(v, AF_INET, a.ip))
		a.version = 4;
	else if (value_of(s, GS_LIT("IN IP6 "), &v) &&
	    address(v, AF_INET6, a.ip))
		a.version = 6;
	if (!t->sdp.in_media) {
		t->sdp.session = a;
		return;
	}
	a.port = t->sdp.media.port;
	t->sdp.media = a;
	t->line.base.media = a;
}

/* "audio 5004 RTP/SAVP 8 0". */
static void
media(struct gs_srtp_keytext *t, struct gs_span s)
{
	size_t type = gs_span_find(s, GS_LIT(" "));
	uint64_t port;

	close_media(t);
	if (type >= s.n)
		return;
	s = gs_span(s.p + type + 1, s.n - type - 1);
	size_t n = 0;

	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	if (gs_span_u64(gs_span(s.p, n), &port) == -1 || port > 65535)
		return;
	t->sdp.in_media = true;
	t->sdp.media = t->sdp.session;
	t->sdp.media.port = (uint16_t)port;
	t->sdp.dtls = gs_span_find(s, GS_LIT("TLS/RTP/SAVP")) < s.n;
	t->sdp.secure = gs_span_find(s, GS_LIT("RTP/SAVP")) < s.n;
	t->line.base.media = t->sdp.media;
}

static bool
open_media(const struct gs_srtp_keytext *t)
{
	return t->announced != NULL && t->sdp.media.version != 0 &&
	    t->sdp.media.port != 0;
}

static void
rtpmap(struct gs_srtp_keytext *t, struct gs_span s)
{
	if (open_media(t))
		gs_srtp_announcement_rtpmap(
		    gs_srtp_announced_at(t->announced, &t->sdp.media), s);
}

static void
extmap(struct gs_srtp_keytext *t, struct gs_span s)
{
	if (open_media(t) &&
	    gs_span_find(s, GS_LIT(" urn:ietf:params:rtp-hdrext:encrypt ")) <
		s.n)
		gs_srtp_announced_at(t->announced, &t->sdp.media)->hidden =
		    true;
}

static uint32_t
call_hash(struct gs_span s)
{
	return (uint32_t)gs_span_hash(s) | 1;
}

/* "8-4-4-4-12 " of hexadecimal digits, FreeSWITCH's channel. */
static bool
starts_with_uuid(struct gs_span s)
{
	if (s.n < 37 || s.p[36] != ' ')
		return false;
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : gs_hex_value(s.p[i]) < 0)
			return false;
	}
	return true;
}

static void
one_line(struct gs_srtp_keytext *t, struct gs_span s)
{
	struct gs_span v;

	while (s.n > 0 && (s.p[s.n - 1] == '\r' || s.p[s.n - 1] == ' '))
		s.n--;
	if (starts_with_uuid(s)) {
		t->line.base.call = call_hash(gs_span(s.p, 36));
		s = gs_span(s.p + 37, s.n - 37);
	}
	if (s.n < 4)
		return;
	if (s.p[1] != '=' && t->sdp.in_media)
		close_media(t); /* a log line: the SDP has ended */
	if (value_of(s, GS_LIT("c="), &v))
		connection(t, v);
	else if (value_of(s, GS_LIT("m="), &v))
		media(t, v);
	else if (value_of(s, GS_LIT("a=rtpmap:"), &v))
		rtpmap(t, v);
	else if (value_of(s, GS_LIT("a=extmap:"), &v))
		extmap(t, v);
	else if (value_of(s, GS_LIT("v=0"), &v)) {
		close_media(t);
		t->sdp.session = (struct gs_net_addr){ 0 };
	} else if (value_of(s, GS_LIT("Call-ID:"), &v) ||
	    value_of(s, GS_LIT("i:"), &v))
		t->line.base.call = call_hash(gs_span_trim(v));
	if (value_of(s, GS_LIT("a=crypto:"), &v))
		t->sdp.crypto = true;
	gs_srtp_keyline_scan(&t->line, s);
}

/* ---- lines, escaped or not */

static void
each_line(struct gs_srtp_keytext *t, struct gs_span s)
{
	while (s.n > 0) {
		const char *end = memchr(s.p, '\n', s.n);
		size_t n = end != NULL ? (size_t)(end - s.p) : s.n;

		one_line(t, gs_span(s.p, n));
		n += end != NULL;
		s = gs_span(s.p + n, s.n - n);
	}
}

static bool
is_escaped(struct gs_span s)
{
	if (gs_span_find(s, GS_LIT("inline")) >= s.n)
		return false;
	return gs_span_find(s, GS_LIT("inline%3")) < s.n ||
	    memchr(s.p, '\\', s.n) != NULL ||
	    gs_span_find(s, GS_LIT("#012")) < s.n ||
	    gs_span_find(s, GS_LIT("=3D")) < s.n ||
	    gs_span_find(s, GS_LIT("&#")) < s.n ||
	    gs_span_find(s, GS_LIT("&apos;")) < s.n ||
	    gs_span_find(s, GS_LIT("&quot;")) < s.n;
}

static int
raw_line(struct gs_srtp_keytext *t, struct gs_span s)
{
	if (!is_escaped(s)) {
		one_line(t, s);
	} else {
		if (t->unescaped == NULL &&
		    (t->unescaped = malloc(GS_KEYTEXT_LINE)) == NULL)
			return -1;
		each_line(t,
		    gs_span(t->unescaped, gs_text_unescape(s, t->unescaped)));
	}
	if (!t->line.frame)
		t->line.base.line++;
	return t->line.no_memory ? -1 : 0;
}

int
gs_srtp_keytext_feed(struct gs_srtp_keytext *t, struct gs_span bytes)
{
	while (bytes.n > 0) {
		const char *end = memchr(bytes.p, '\n', bytes.n);
		size_t n = end != NULL ? (size_t)(end - bytes.p) : bytes.n;

		if (t->n == 0 && end != NULL && n <= GS_KEYTEXT_LINE) {
			if (raw_line(t, gs_span(bytes.p, n)) == -1)
				return -1;
			bytes = gs_span(bytes.p + n + 1, bytes.n - n - 1);
			continue;
		}
		if (n > GS_KEYTEXT_LINE - t->n)
			n = GS_KEYTEXT_LINE - t->n;
		memcpy(t->text + t->n, bytes.p, n);
		t->n += n;
		bytes = gs_span(bytes.p + n, bytes.n - n);
		if (bytes.n > 0 && bytes.p[0] == '\n')
			bytes = gs_span(bytes.p + 1, bytes.n - 1);
		else if (t->n < GS_KEYTEXT_LINE)
			continue;
		if (raw_line(t, gs_span(t->text, t->n)) == -1)
			return -1;
		t->n = 0;
	}
	return 0;
}

int
gs_srtp_keytext_end(struct gs_srtp_keytext *t)
{
	int r = t->n > 0 ? raw_line(t, gs_span(t->text, t->n)) : 0;

	explicit_bzero(t->text, t->n);
	t->n = 0;
	close_media(t);
	gs_text_harvest_end(t->line.harvest);
	return t->line.no_memory ? -1 : r;
}
