/* SPDX-License-Identifier: MIT */
/* The keys of a text, and what its SDPs say about their media. */
#include "srtp/keytext.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "srtp/keyline_priv.h"
#include "sdp/media.h"
#include "text/textsrc.h"

/* Addresses of one m= section, and sections that share one; the first ones
 * stay. */
enum { PLACES = 16 };

struct gs_srtp_keytext {
	struct gs_srtp_keyline line;
	bool opened; /* the text being read was opened by a key of TLS */
	struct gs_srtp_announced *announced;
	struct gs_text_reader *reader; /* of the text, or of messages */
	uint64_t frame; /* frame of the text; 0: lines are counted */
	struct gs_sdp sdp;
	struct gs_net_addr place[PLACES]; /* those of the current section */
	size_t places;
};

struct gs_srtp_keytext *
gs_srtp_keytext_new(struct gs_srtp_keyring *ring,
    struct gs_srtp_announced *announced, struct gs_diags *diags,
    struct gs_err *err)
{
	struct gs_srtp_keytext *t = calloc(1, sizeof(*t));

	if (t != NULL) {
		t->line.ring = ring;
		t->line.diags = diags;
		t->announced = announced;
		if (gs_srtp_keyline_init(&t->line))
			return t;
	}
	gs_srtp_keytext_free(t);
	gs_err_set(err, "out of memory");
	return NULL;
}

void
gs_srtp_keytext_free(struct gs_srtp_keytext *t)
{
	if (t == NULL)
		return;
	gs_text_reader_free(t->reader);
	gs_srtp_keyline_free(&t->line);
	gs_sdp_free(&t->sdp);
	free(t);
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

/* ---- an SDP */

/* Notes that media is received at s, an address of this version, and port. Port
 * 9 means that there is none (RFC 8839 sections 4.3.1 and 5.1). */
static void
add_place(struct gs_srtp_keytext *t, struct gs_span s, uint8_t version,
    uint16_t port)
{
	struct gs_net_addr a = { .port = port, .version = version };
	char text[INET6_ADDRSTRLEN] = "";

	if (port == 0 || port == 9 || s.n >= sizeof(text))
		return;
	memcpy(text, s.p, s.n);
	if (inet_pton(version == 4 ? AF_INET : AF_INET6, text, a.ip) != 1)
		return;
	for (size_t i = 0; i < t->places; i++)
		if (gs_net_addr_eq(&t->place[i], &a))
			return;
	if (t->places < PLACES)
		t->place[t->places++] = a;
}

/* Notes that media is received at the address of m. */
static void
add_own(struct gs_srtp_keytext *t, const struct gs_sdp_media *m)
{
	struct gs_span s = m->connection.address;
	bool v4 = gs_span_eq(m->connection.addrtype, GS_LIT("IP4"));
	bool v6 = gs_span_eq(m->connection.addrtype, GS_LIT("IP6"));

	if (v4) /* with a TTL, as in 233.252.0.1/127 */
		s.n = gs_span_find(s, GS_LIT("/"));
	if (gs_span_eq(m->connection.nettype, GS_LIT("IN")) && (v4 || v6))
		add_place(t, s, v4 ? 4 : 6, m->port);
}

/* Reads a=candidate (RFC 8839 section 5.1): foundation, component, transport,
 * priority, address, port. */
static void
add_candidate(struct gs_srtp_keytext *t, struct gs_span value)
{
	struct gs_span word[6];
	uint64_t port;

	for (size_t i = 0; i < 6; i++) {
		size_t n = gs_span_find(value, GS_LIT(" "));

		word[i] = gs_span(value.p, n);
		n += n < value.n;
		value = gs_span(value.p + n, value.n - n);
	}
	if (gs_span_u64(word[5], &port) == 0 && port <= UINT16_MAX)
		add_place(t, word[4],
		    memchr(word[4].p, ':', word[4].n) != NULL ? 6 : 4,
		    (uint16_t)port);
}

static void
add_candidates(struct gs_srtp_keytext *t, const struct gs_sdp_media *m)
{
	const struct gs_sdp_attr *a;
	size_t at = 0;

	while ((a = gs_sdp_attr_next(&t->sdp, m, GS_LIT("candidate"), &at)) !=
	    NULL)
		add_candidate(t, a->value);
}

/* Collects the addresses at which the media of section i is received: its own,
 * those of sections in the same bundle, and candidates of ICE. */
static void
find_places(struct gs_srtp_keytext *t, size_t i)
{
	size_t n = t->sdp.medias < PLACES ? t->sdp.medias : PLACES;

	t->places = 0;
	add_own(t, &t->sdp.media[i]);
	for (size_t k = 0; i < n && k < n; k++)
		if (gs_sdp_media_share(&t->sdp, i, k))
			add_own(t, &t->sdp.media[k]);
	add_candidates(t, &t->sdp.media[i]);
	for (size_t k = 0; i < n && k < n; k++)
		if (k != i && gs_sdp_media_share(&t->sdp, i, k))
			add_candidates(t, &t->sdp.media[k]);
}

/* Begins m= section i: where its media goes, and how it is protected. */
static void
section(struct gs_srtp_keytext *t, const struct gs_sdp_media_facts *session,
    size_t i)
{
	struct gs_sdp_media_facts f;

	find_places(t, i);
	t->line.base.media =
	    t->places > 0 ? t->place[0] : (struct gs_net_addr){ 0 };
	if (t->announced == NULL)
		return;
	gs_sdp_media_facts(&t->sdp, session, i, &f);
	for (size_t k = 0; k < t->places; k++) {
		struct gs_srtp_announcement *a =
		    gs_srtp_announced_at(t->announced, &t->place[k]);

		a->shown |= t->line.frame && !t->opened;
		a->dtls |= f.proto == GS_PROTO_DTLS;
		a->secure |= f.proto == GS_PROTO_SRTP ||
		    (f.proto != GS_PROTO_DTLS && f.cryptos > 0);
		a->plain |= f.proto == GS_PROTO_RTP && f.cryptos == 0;
		if (t->line.base.call != 0)
			a->call = t->line.base.call;
	}
}

/* Notes what the attribute says about the media at a. */
static void
announce(struct gs_srtp_announcement *a, const struct gs_sdp_attr *attr,
    uint64_t ns)
{
	if (gs_span_eq(attr->name, GS_LIT("rtpmap")))
		gs_srtp_announcement_rtpmap(a, attr->value, ns);
	else if (gs_span_eq(attr->name, GS_LIT("fmtp")))
		gs_srtp_announcement_fmtp(a, attr->value);
	else if (gs_span_eq(attr->name, GS_LIT("extmap")))
		a->hidden |= gs_span_has(attr->value,
		    GS_LIT(" urn:ietf:params:rtp-hdrext:encrypt "));
}

/* Reads an attribute of interest. Returns false for any other, which is left to
 * the harvest. */
static bool
attribute(struct gs_srtp_keytext *t, const struct gs_sdp_attr *attr)
{
	for (size_t k = 0; t->announced != NULL && k < t->places; k++)
		announce(gs_srtp_announced_at(t->announced, &t->place[k]), attr,
		    t->line.base.ns);
	if (gs_span_eq(attr->name, GS_LIT("crypto")))
		gs_srtp_keyline_crypto(&t->line, attr->line, attr->value);
	else if (!gs_span_eq(attr->name, GS_LIT("rtpmap")) &&
	    !gs_span_eq(attr->name, GS_LIT("extmap")))
		return false;
	return true;
}

static uint64_t
place_of(const struct gs_srtp_keytext *t, const struct gs_sdp_line *l)
{
	return t->frame > 0 ? t->frame : l->pos.line;
}

/* Reads the lines of t->sdp in order. */
static void
each_line(struct gs_srtp_keytext *t)
{
	const struct gs_sdp *sdp = &t->sdp;
	struct gs_sdp_media_facts session;
	size_t media = 0, attr = 0;

	gs_sdp_session_facts(sdp, &session);
	t->places = 0;
	for (size_t i = 0; i < sdp->nlines; i++) {
		const struct gs_sdp_line *l = &sdp->lines[i];
		bool taken = false;

		t->line.base.line = place_of(t, l);
		if (l->text.n < 2 || l->text.p[1] != '=') /* the line is part of
							   * the SDP */
			t->line.base.media = (struct gs_net_addr){ 0 };
		if (media < sdp->medias && sdp->media[media].line == l)
			section(t, &session, media++);
		if (attr < sdp->attrs && sdp->attr[attr].line == l)
			taken = attribute(t, &sdp->attr[attr++]);
		if (!taken)
			gs_srtp_keyline_scan(&t->line, l->text);
	}
}

/* A number for a call; 0: unknown. In a log, only a UUID identifies a call:
 * names of channels are reused, and other prefixes change during a call. */
static uint32_t
call_number(const char *id, bool log)
{
	size_t n = strlen(id);

	if (n == 0 || (log && (n != 36 || id[8] != '-' || id[23] != '-')))
		return 0;
	return (uint32_t)gs_span_hash(gs_span(id, n)) | 1;
}

static void
on_block(void *arg, const struct gs_text_block *b)
{
	struct gs_srtp_keytext *t = arg;

	t->line.base.call = call_number(b->id, b->type == GS_TEXT_FSLOG);
	if (gs_sdp_parse(&t->sdp, b->line, b->lines, NULL) == -1)
		t->line.no_memory = true;
	else
		each_line(t);
	t->line.base.call = 0;
	t->line.base.media = (struct gs_net_addr){ 0 };
}

/* ---- other lines */

static void
on_key(void *arg, const struct gs_text_log_key *k)
{
	struct gs_srtp_keytext *t = arg;

	t->line.base.line = place_of(t, &k->line);
	t->line.base.call = k->id_guessed ? 0 : call_number(k->id, true);
	gs_srtp_keyline_crypto(&t->line, &k->line, k->crypto);
	t->line.base.call = 0;
}

static void
on_rest(void *arg, const struct gs_sdp_line *l)
{
	struct gs_srtp_keytext *t = arg;

	t->line.base.line = place_of(t, l);
	gs_srtp_keyline_scan(&t->line, l->text);
}

static struct gs_text_reader *
new_reader(struct gs_srtp_keytext *t)
{
	struct gs_text_sink sink = { .block = on_block,
		.key = on_key,
		.rest = on_rest,
		.arg = t };
	struct gs_text_reader *r = gs_text_reader_new(GS_TEXT_AUTO, &sink);

	if (r == NULL)
		t->line.no_memory = true;
	return r;
}

/* ---- texts and messages */

void
gs_srtp_keytext_begin(struct gs_srtp_keytext *t, uint16_t source)
{
	gs_text_reader_free(t->reader);
	t->reader = NULL;
	t->line.frame = false;
	t->line.base = (struct gs_srtp_key){ .source = source };
}

static int
end(struct gs_srtp_keytext *t, int r)
{
	gs_srtp_keyline_end(&t->line);
	return t->line.no_memory ? -1 : r;
}

int
gs_srtp_keytext_feed(struct gs_srtp_keytext *t, struct gs_span bytes)
{
	if (t->reader == NULL)
		t->reader = new_reader(t);
	if (t->reader == NULL || gs_text_reader_feed(t->reader, bytes) == -1)
		return -1;
	return t->line.no_memory ? -1 : 0;
}

int
gs_srtp_keytext_end(struct gs_srtp_keytext *t)
{
	int r = t->reader != NULL ? gs_text_reader_end(t->reader) : 0;

	gs_text_reader_free(t->reader);
	t->reader = NULL;
	return end(t, r);
}

void
gs_srtp_keytext_opened(struct gs_srtp_keytext *t, bool opened)
{
	t->opened = opened;
}

int
gs_srtp_keytext_message(struct gs_srtp_keytext *t, uint16_t source,
    struct gs_span bytes, uint64_t frame, uint64_t ns)
{
	t->line.frame = true;
	t->line.base = (struct gs_srtp_key){ .source = source, .ns = ns };
	if (t->reader == NULL)
		t->reader = new_reader(t);
	if (t->reader == NULL)
		return -1;
	return end(t,
	    gs_text_reader_message(t->reader, bytes, frame,
		GS_TRANSPORT_UNKNOWN, false));
}

int
gs_srtp_keytext_packet(struct gs_srtp_keytext *t, uint16_t source,
    struct gs_span bytes, uint64_t frame, uint64_t ns)
{
	gs_srtp_keytext_begin(t, source);
	t->line.frame = true;
	t->line.base.ns = ns;
	t->frame = frame;
	int r = gs_srtp_keytext_feed(t, bytes);

	if (gs_srtp_keytext_end(t) == -1)
		r = -1;
	t->frame = 0;
	return r;
}
