/* SPDX-License-Identifier: MIT */
/* What an m= line says about its protection, and sets of keys. */
#include "sdp/media.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "sdp/sdp.h"

/* Protocols of RTP come first. A name that is not listed is unknown. */
static const struct {
	struct gs_span name;
	enum gs_sdp_proto proto;
} protos[] = {
#define P(name, proto)                                                         \
	{                                                                      \
		{ name, sizeof(name) - 1 }, proto                              \
	}
	P("RTP/AVP", GS_PROTO_RTP),
	P("RTP/SAVP", GS_PROTO_SRTP),
	P("RTP/SAVPF", GS_PROTO_SRTP),
	P("RTP/AVPF", GS_PROTO_RTP),
	P("UDP/TLS/RTP/SAVP", GS_PROTO_DTLS),
	P("UDP/TLS/RTP/SAVPF", GS_PROTO_DTLS),
	P("TCP/RTP/AVP", GS_PROTO_RTP),
	P("TCP/RTP/AVPF", GS_PROTO_RTP),
	P("TCP/RTP/SAVP", GS_PROTO_SRTP),
	P("TCP/RTP/SAVPF", GS_PROTO_SRTP),
	P("TCP/DTLS/RTP/SAVP", GS_PROTO_DTLS),
	P("TCP/DTLS/RTP/SAVPF", GS_PROTO_DTLS),
	P("TCP/TLS/RTP/AVP", GS_PROTO_RTP),
	P("TCP/TLS/RTP/AVPF", GS_PROTO_RTP),
	P("DCCP/RTP/AVP", GS_PROTO_RTP),
	P("DCCP/RTP/AVPF", GS_PROTO_RTP),
	P("DCCP/RTP/SAVP", GS_PROTO_SRTP),
	P("DCCP/RTP/SAVPF", GS_PROTO_SRTP),
	P("DCCP/TLS/RTP/SAVP", GS_PROTO_DTLS),
	P("DCCP/TLS/RTP/SAVPF", GS_PROTO_DTLS),
	P("UDP/MBMS-FEC/RTP/AVP", GS_PROTO_RTP),
	P("UDP/MBMS-FEC/RTP/SAVP", GS_PROTO_SRTP),
	P("udp", GS_PROTO_OTHER),
	P("udptl", GS_PROTO_OTHER),
	P("UDP/TLS/UDPTL", GS_PROTO_OTHER),
	P("TCP", GS_PROTO_OTHER),
	P("TCP/TLS", GS_PROTO_OTHER),
	P("vat", GS_PROTO_OTHER),
	P("rtp", GS_PROTO_OTHER),
	P("TCP/MSRP", GS_PROTO_OTHER),
	P("TCP/TLS/MSRP", GS_PROTO_OTHER),
	P("TCP/BFCP", GS_PROTO_OTHER),
	P("UDP/BFCP", GS_PROTO_OTHER),
	P("TCP/TLS/BFCP", GS_PROTO_OTHER),
	P("TCP/DTLS/BFCP", GS_PROTO_OTHER),
	P("UDP/TLS/BFCP", GS_PROTO_OTHER),
	P("TCP/WS/BFCP", GS_PROTO_OTHER),
	P("TCP/WSS/BFCP", GS_PROTO_OTHER),
	P("TCP/MRCPv2", GS_PROTO_OTHER),
	P("TCP/TLS/MRCPv2", GS_PROTO_OTHER),
	P("DTLS/SCTP", GS_PROTO_OTHER),
	P("SCTP", GS_PROTO_OTHER),
	P("SCTP/DTLS", GS_PROTO_OTHER),
	P("UDP/DTLS/SCTP", GS_PROTO_OTHER),
	P("TCP/DTLS/SCTP", GS_PROTO_OTHER),
	P("DCCP", GS_PROTO_OTHER),
	P("FLUTE/UDP", GS_PROTO_OTHER),
	P("FEC/UDP", GS_PROTO_OTHER),
	P("UDP/FEC", GS_PROTO_OTHER),
	P("UDP/MBMS-REPAIR", GS_PROTO_OTHER),
	P("PSTN", GS_PROTO_OTHER),
#undef P
};

static enum gs_sdp_proto
proto_of(struct gs_span proto)
{
	for (size_t i = 0; i < sizeof(protos) / sizeof(protos[0]); i++)
		if (protos[i].name.n == proto.n &&
		    gs_span_eqcase(protos[i].name, proto))
			return protos[i].proto;
	return GS_PROTO_UNKNOWN;
}

bool
gs_sdp_is_savp(struct gs_span proto)
{
	enum gs_sdp_proto p = proto_of(proto);

	return p == GS_PROTO_SRTP || p == GS_PROTO_DTLS;
}

/* Whether FEC goes elsewhere (RFC 2733 section 11.1): "a=fmtp:78 49172 IN IP4
 * 224.2.17.12/127". */
static bool
fmtp_is_apart(struct gs_span value, uint16_t port)
{
	size_t blank = gs_span_find(value, GS_LIT(" "));
	struct gs_span rest = gs_span_skip(value, blank);
	uint64_t v;

	rest = gs_span_trim(rest);
	size_t n = gs_span_find(rest, GS_LIT(" "));
	return gs_span_u64(gs_span(rest.p, n), &v) == 0 &&
	    (v != port || n < rest.n);
}

/* Reads the fmtp of a payload type that is parity FEC. */
static void
read_fec(const struct gs_sdp *sdp, const struct gs_sdp_media *m,
    struct gs_span map, struct gs_sdp_media_facts *f)
{
	const struct gs_span type = gs_span_until(&map, ' ');
	const struct gs_span name = gs_span_trim(map);
	const struct gs_span fec = GS_LIT("parityfec");
	size_t at = 0;

	if (f->fec || !gs_span_begins(name, fec) ||
	    gs_span_find(name, GS_LIT("/")) != fec.n)
		return;
	f->fec = true;
	for (;;) {
		const struct gs_sdp_attr *a =
		    gs_sdp_attr_next(sdp, m, GS_LIT("fmtp"), &at);
		if (a == NULL)
			return;
		size_t n = gs_span_find(a->value, GS_LIT(" "));
		if (gs_span_eq(gs_span(a->value.p, n), type))
			f->fec_apart = fmtp_is_apart(a->value, m->port);
	}
}

/* Whether s is this many octets in hexadecimal, separated by colons. */
static bool
is_octets(struct gs_span s, size_t octets)
{
	if (octets == 0 || s.n != 3 * octets - 1)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (i % 3 == 2 ? s.p[i] != ':' : gs_hex_value(s.p[i]) < 0)
			return false;
	return true;
}

enum gs_sdp_fingerprint
gs_sdp_fingerprint_of(struct gs_span value)
{
	static const struct {
		struct gs_span name;
		size_t octets;
		enum gs_sdp_fingerprint worth;
	} hashes[] = {
		{ { "sha-1", 5 }, 20, GS_FINGERPRINT_GOOD },
		{ { "sha-224", 7 }, 28, GS_FINGERPRINT_GOOD },
		{ { "sha-256", 7 }, 32, GS_FINGERPRINT_GOOD },
		{ { "sha-384", 7 }, 48, GS_FINGERPRINT_GOOD },
		{ { "sha-512", 7 }, 64, GS_FINGERPRINT_GOOD },
		{ { "md5", 3 }, 16, GS_FINGERPRINT_WEAK },
		{ { "md2", 3 }, 16, GS_FINGERPRINT_WEAK },
	};
	struct gs_span s = gs_span_trim(value);
	size_t n = gs_span_find(s, GS_LIT(" "));
	struct gs_span rest = gs_span_trim(gs_span_skip(s, n));

	for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++)
		if (gs_span_eqcase(gs_span(s.p, n), hashes[i].name) &&
		    (is_octets(rest, hashes[i].octets) ||
			(rest.n > 0 && strchr("*<[", rest.p[0]) != NULL)))
			return hashes[i].worth;
	return GS_FINGERPRINT_BAD;
}

/* The shortest message of RFC 3830: its header alone has 10 octets. */
bool
gs_sdp_has_mikey(struct gs_span value)
{
	enum { LEAST = 14 };
	struct gs_span s = gs_span_trim(value);
	size_t n = gs_span_find(s, GS_LIT(" "));
	struct gs_span rest = gs_span_trim(gs_span_skip(s, n));

	return gs_span_eqcase(gs_span(s.p, n), GS_LIT("mikey")) &&
	    (rest.n >= LEAST ||
		(rest.n > 0 && strchr("*<[", rest.p[0]) != NULL));
}

/* Keeps the strongest fingerprint: one counts even beside a weak one. */
static void
read_fingerprint(const struct gs_sdp_attr *a, struct gs_sdp_media_facts *f)
{
	enum gs_sdp_fingerprint worth = gs_sdp_fingerprint_of(a->value);

	if (worth == GS_FINGERPRINT_BAD)
		return;
	bool weak = worth == GS_FINGERPRINT_WEAK;
	if (f->fingerprint == NULL || !weak) {
		f->fingerprint = a;
		f->fingerprint_weak = weak;
	}
}

/* Compares lengths first, because most attributes have other names. */
static void
read_attr(const struct gs_sdp *sdp, const struct gs_sdp_media *m,
    const struct gs_sdp_attr *a, struct gs_sdp_media_facts *f)
{
	switch (a->name.n) {
	case 3:
		if (gs_span_eq(a->name, GS_LIT("mid")))
			f->mid = a->value;
		break;
	case 4:
		if (gs_span_eq(a->name, GS_LIT("acfg")))
			f->acfg = true;
		else if (gs_span_eq(a->name, GS_LIT("pcfg")))
			f->pcfg = true;
		else if (gs_span_eq(a->name, GS_LIT("tcap")))
			f->tcap_savp |= gs_span_has(a->value, GS_LIT("SAVP"));
		else if (gs_span_eq(a->name, GS_LIT("acap")) &&
		    gs_span_has(a->value, GS_LIT(" crypto:")))
			f->acap_crypto = a;
		break;
	case 5:
		if (gs_span_eq(a->name, GS_LIT("setup")))
			f->setup = gs_span_trim(a->value);
		break;
	case 6:
		if (gs_span_eq(a->name, GS_LIT("crypto")))
			f->cryptos++;
		else if (m != NULL && a->value.n > 9 &&
		    gs_span_eq(a->name, GS_LIT("rtpmap")))
			read_fec(sdp, m, a->value, f);
		break;
	case 8:
		if (gs_span_eq(a->name, GS_LIT("key-mgmt")) &&
		    gs_sdp_has_mikey(a->value))
			f->key_mgmt = a;
		break;
	case 11:
		if (gs_span_eq(a->name, GS_LIT("fingerprint")))
			read_fingerprint(a, f);
		else if (gs_span_eq(a->name, GS_LIT("bundle-only")))
			f->bundle_only = true;
		break;
	default: break;
	}
}

void
gs_sdp_session_facts(const struct gs_sdp *sdp, struct gs_sdp_media_facts *f)
{
	*f = (struct gs_sdp_media_facts){ .key = sdp->key };
	for (size_t k = 0; k < sdp->session_attrs; k++)
		read_attr(sdp, NULL, &sdp->attr[k], f);
}

static struct gs_span
mid_of(const struct gs_sdp *sdp, const struct gs_sdp_media *m)
{
	size_t at = 0;
	const struct gs_sdp_attr *a =
	    gs_sdp_attr_next(sdp, m, GS_LIT("mid"), &at);

	return a == NULL ? gs_span(NULL, 0) : a->value;
}

static bool
has_word(struct gs_span s, struct gs_span word)
{
	while (s.n > 0) {
		size_t n = gs_span_find(s, GS_LIT(" "));
		if (gs_span_eq(gs_span(s.p, n), word))
			return true;
		n += n < s.n;
		s = gs_span_skip(s, n);
	}
	return false;
}

/* The BUNDLE group with mid x; NULL: none. */
static const struct gs_sdp_attr *
bundle_of(const struct gs_sdp *sdp, struct gs_span x)
{
	const struct gs_sdp_attr *g;
	size_t at = 0;

	do
		g = gs_sdp_attr_next(sdp, NULL, GS_LIT("group"), &at);
	while (g != NULL &&
	    !(gs_span_starts(g->value, GS_LIT("BUNDLE ")) &&
		has_word(g->value, x)));
	return g;
}

/* Finds the section with the keys of a bundle, which its group names first. */
static void
read_tagged(const struct gs_sdp *sdp, size_t i, struct gs_sdp_media_facts *f)
{
	const struct gs_sdp_attr *g = bundle_of(sdp, f->mid);
	struct gs_sdp_media_facts t = { .active = false };

	if (g == NULL)
		return;
	struct gs_span first = gs_span_trim(gs_span_skip(g->value, 6));
	first.n = gs_span_find(first, GS_LIT(" "));
	for (size_t k = 0; k < sdp->medias; k++) {
		const struct gs_sdp_media *m = &sdp->media[k];
		if (k == i || !gs_span_eq(mid_of(sdp, m), first))
			continue;
		for (size_t n = 0; n < m->attrs; n++)
			read_attr(sdp, m, &sdp->attr[m->first_attr + n], &t);
		f->bundled = true;
		f->tagged = k;
		f->cryptos = t.cryptos;
		f->fingerprint = t.fingerprint;
		f->fingerprint_weak = t.fingerprint_weak;
		f->key_mgmt = t.key_mgmt;
		f->setup = t.setup;
		return;
	}
}

void
gs_sdp_media_facts(const struct gs_sdp *sdp,
    const struct gs_sdp_media_facts *session, size_t i,
    struct gs_sdp_media_facts *f)
{
	const struct gs_sdp_media *m = &sdp->media[i];

	*f = (struct gs_sdp_media_facts){ .proto = proto_of(m->proto),
		.active = m->port != 0 || !m->port_valid,
		.fingerprint = session->fingerprint,
		.fingerprint_weak = session->fingerprint_weak,
		.key_mgmt = session->key_mgmt,
		.setup = session->setup,
		.tcap_savp = session->tcap_savp,
		.acap_crypto = session->acap_crypto,
		.key = m->key != NULL ? m->key : session->key };
	for (size_t k = 0; k < m->attrs; k++)
		read_attr(sdp, m, &sdp->attr[m->first_attr + k], f);
	if (f->cryptos == 0 && f->fingerprint == NULL && f->key_mgmt == NULL &&
	    f->mid.n > 0)
		read_tagged(sdp, i, f);
}

static bool
same_address(const struct gs_sdp_media *a, const struct gs_sdp_media *b)
{
	return a->port == b->port &&
	    gs_span_eqcase(a->connection.address, b->connection.address);
}

bool
gs_sdp_media_share(const struct gs_sdp *sdp, size_t a, size_t b)
{
	const struct gs_sdp_media *ma = &sdp->media[a], *mb = &sdp->media[b];

	if (a == b || same_address(ma, mb))
		return true;
	struct gs_span x = mid_of(sdp, ma), y = mid_of(sdp, mb);
	if (x.n == 0 || y.n == 0)
		return false;
	const struct gs_sdp_attr *g = bundle_of(sdp, x);
	return g != NULL && has_word(g->value, y);
}

const struct gs_sdp_key_seen *
gs_sdp_key_set_find(const struct gs_sdp_key_set *set,
    const struct gs_sdp_sdes_key *key)
{
	if (key->n == 0 || set->n == 0)
		return NULL;
	uint64_t hash = gs_span_hash(gs_span(key->keysalt, key->n));
	for (size_t i = 0; i < set->n; i++)
		if (set->key[i].hash == hash && set->key[i].n == key->n &&
		    memcmp(set->key[i].keysalt, key->keysalt, key->n) == 0)
			return &set->key[i];
	return NULL;
}

void
gs_sdp_key_set_add(struct gs_sdp_key_set *set,
    const struct gs_sdp_sdes_key *key, const struct gs_sdp_line *line,
    size_t media)
{
	if (key->n == 0 || set->n == GS_KEY_SET)
		return;
	if (set->key == NULL)
		set->key = malloc(GS_KEY_SET * sizeof(set->key[0]));
	if (set->key == NULL) {
		(void)gs_memory_lose();
		return;
	}
	struct gs_sdp_key_seen *seen = &set->key[set->n++];
	seen->hash = gs_span_hash(gs_span(key->keysalt, key->n));
	seen->line = line;
	seen->media = media;
	seen->n = key->n;
	memcpy(seen->keysalt, key->keysalt, key->n);
}

void
gs_sdp_key_set_wipe(struct gs_sdp_key_set *set)
{
	if (set->key != NULL)
		explicit_bzero(set->key, set->n * sizeof(set->key[0]));
	free(set->key);
	*set = (struct gs_sdp_key_set){ .key = NULL };
}
