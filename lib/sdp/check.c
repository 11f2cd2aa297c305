/* SPDX-License-Identifier: MIT */
/* The rules over one SDP. */
#include "sdp/check.h"

#include <inttypes.h>
#include <stdio.h>

#include "sdp/mask.h"
#include "sdp/media.h"
#include "sdp/rules.h"
#include "sdp/sdp.h"

/* Limits of one SDP; more tags or repeated keys would tell nothing new. */
enum { TAGS = 64, REUSES = 64 };

/* A shorter text is not a key. Only so many keys are searched. */
enum { SECRET_LEAST = 16, SECRETS = 256 };

/* The SDP being checked. */
struct checker {
	const struct gs_sdp *sdp;
	const struct gs_sdp_check *c;
	struct gs_diags *d;
	struct gs_sdp_media_facts session;
	struct gs_sdp_key_set keys;
	unsigned reuses; /* reused keys that were reported */
	const struct gs_sdp_line *first_crypto; /* of the active media with a
						 * key */
	const struct gs_sdp_line *first_mikey;
	unsigned plain; /* set of media types seen in RTP/AVP */
	unsigned secure; /* the same, seen in SAVP */
	unsigned dual; /* those in both that were reported */
};

/* The a=crypto lines of one m= line together. */
struct lines {
	struct {
		uint32_t tag;
		const struct gs_sdp_line *line;
	} tag[TAGS];
	size_t tags;
	size_t n;
	bool common; /* one of the lines has a common suite */
};

const char *
gs_sdp_transport_name(enum gs_sdp_transport t)
{
	static const char *const names[] = {
		[GS_TRANSPORT_UNKNOWN] = "?",
		[GS_TRANSPORT_UDP] = "UDP",
		[GS_TRANSPORT_TCP] = "TCP",
		[GS_TRANSPORT_TLS] = "TLS",
		[GS_TRANSPORT_WS] = "WS",
		[GS_TRANSPORT_WSS] = "WSS",
	};

	return names[t];
}

/* The case of the attribute's name matters, that of its values does not (RFC
 * 4568 section 4). Checks attributes first to first + n - 1. */
static void
check_names(struct checker *ck, size_t first, size_t n)
{
	for (size_t k = first; k < first + n; k++) {
		const struct gs_sdp_attr *a = &ck->sdp->attr[k];
		if (a->name.n < 6 || a->name.n > 8 ||
		    gs_span_eq(a->name, GS_LIT("crypto")) ||
		    !gs_span_eqcase(gs_span_trim(a->name), GS_LIT("crypto")))
			continue;
		gs_sdp_diag(ck->d, GS_R_CRYPTO_NAME_CASE, a->line, a->name,
		    "the attribute \"%.*s\" is not \"crypto\", so peers "
		    "ignore it",
		    (int)a->name.n, a->name.p);
	}
}

/* Checks the contents of fingerprints and MIKEY messages in attributes first to
 * first + n - 1. */
static void
check_contents(struct checker *ck, size_t first, size_t n)
{
	for (size_t k = first; k < first + n; k++) {
		const struct gs_sdp_attr *a = &ck->sdp->attr[k];
		if (gs_span_eq(a->name, GS_LIT("key-mgmt")) &&
		    !gs_sdp_has_mikey(a->value))
			gs_sdp_diag(ck->d, GS_R_KEYING_EMPTY, a->line, a->name,
			    "a=key-mgmt without a MIKEY message contains no "
			    "key");
		if (!gs_span_eq(a->name, GS_LIT("fingerprint")))
			continue;
		switch (gs_sdp_fingerprint_of(a->value)) {
		case GS_FINGERPRINT_GOOD: break;
		case GS_FINGERPRINT_WEAK:
			gs_sdp_diag(ck->d, GS_R_FINGERPRINT_WEAK, a->line,
			    a->name,
			    "the fingerprint uses MD5 or MD2, which are "
			    "broken: it proves nothing");
			break;
		case GS_FINGERPRINT_BAD:
			gs_sdp_diag(ck->d, GS_R_FINGERPRINT_SYNTAX, a->line,
			    a->name,
			    "the fingerprint is empty, has an unknown hash or "
			    "the wrong number of octets: no certificate can "
			    "match it");
			break;
		}
	}
}

static void
check_session(struct checker *ck)
{
	size_t i = 0;
	const struct gs_sdp_attr *a;

	check_names(ck, 0, ck->sdp->session_attrs);
	check_contents(ck, 0, ck->sdp->session_attrs);
	if (ck->session.cryptos == 0)
		return;
	while (
	    (a = gs_sdp_attr_next(ck->sdp, NULL, GS_LIT("crypto"), &i)) != NULL)
		gs_sdp_diag(ck->d, GS_R_CRYPTO_SESSION_LEVEL, a->line, a->name,
		    "a=crypto before the first m= line: it belongs below "
		    "the m= line that it protects");
}

static void
check_tag(struct checker *ck, struct lines *l, const struct gs_sdp_sdes *s)
{
	if (!s->tag_valid)
		return;
	for (size_t i = 0; i < l->tags; i++)
		if (l->tag[i].tag == s->tag) {
			gs_sdp_diag(ck->d, GS_R_CRYPTO_TAG_DUP, s->line,
			    s->tag_text,
			    "tag %" PRIu32 " was already used in line %" PRIu64
			    " for the same m= line",
			    s->tag, l->tag[i].line->pos.line);
			return;
		}
	if (l->tags == TAGS)
		return;
	l->tag[l->tags].tag = s->tag;
	l->tag[l->tags++].line = s->line;
}

static void
check_reuse(struct checker *ck, const struct gs_sdp_sdes *s, size_t media,
    const struct gs_sdp_sdes_key *key)
{
	const struct gs_sdp_key_seen *seen =
	    gs_sdp_key_set_find(&ck->keys, key);

	if (seen == NULL) {
		gs_sdp_key_set_add(&ck->keys, key, s->line, media);
		return;
	}
	if (ck->reuses++ >= REUSES)
		return;
	uint64_t line = seen->line->pos.line;
	if (key == &s->fec)
		gs_sdp_diag(ck->d, GS_R_FEC_KEY, s->line, key->text,
		    "the FEC key is the same as a key of line %" PRIu64
		    ": each must be unique",
		    line);
	else if (gs_sdp_media_share(ck->sdp, media, seen->media))
		gs_sdp_diag(ck->d, GS_R_CRYPTO_KEY_REUSE_LINE, s->line,
		    key->text, "same key as line %" PRIu64 ", on the same port",
		    line);
	else
		gs_sdp_diag(ck->d, GS_R_CRYPTO_KEY_REUSE_MEDIA, s->line,
		    key->text,
		    "same key as line %" PRIu64
		    ", for another stream: each stream needs its own",
		    line);
}

/* RFC 4568 section 6.3.5: a FEC_KEY is given if and only if FEC goes to another
 * address or port. */
static void
check_fec(struct checker *ck, const struct gs_sdp_sdes *s,
    const struct gs_sdp_media_facts *f)
{
	bool has = (s->params & GS_SDES_FEC_KEY) != 0;

	if (!f->fec || has == f->fec_apart)
		return;
	gs_sdp_diag(ck->d, GS_R_FEC_KEY, s->line, s->value, "%s",
	    has ? "FEC_KEY, but the FEC goes to the address and port of the "
		  "media: omit it" :
		  "the FEC goes to another address or port: add a FEC_KEY");
}

static void
check_weak_suite(struct checker *ck, const struct gs_sdp_sdes *s)
{
	if (s->suite == NULL || (s->suite->encrypts && s->suite->tag_bits != 0))
		return;
	gs_sdp_diag_as(ck->d, GS_R_CRYPTO_SUITE_WEAK,
	    ck->c->role == GS_ROLE_ANSWER ? GS_WARNING : GS_NOTE, s->line,
	    s->suite_name, "%s does not %s", s->suite->name,
	    s->suite->encrypts ? "authenticate" : "encrypt");
}

static bool
is_common(const struct gs_sdp_suite *s)
{
	return s != NULL && s->common;
}

static bool
encrypts(const struct gs_sdp_sdes *s)
{
	return (s->suite == NULL || s->suite->encrypts) &&
	    (s->params & GS_SDES_UNENCRYPTED_SRTP) == 0;
}

static void
take_verdict(struct gs_sdp_media_verdict *v, const struct gs_sdp_sdes *s)
{
	if (!s->valid)
		return;
	v->known |= s->suite != NULL;
	if (v->suites++ == 0) {
		v->suite = s->suite;
		v->suite_name = gs_sdp_sdes_shown_suite(s);
		v->masked = s->key[0].masked;
		v->cleartext = !encrypts(s);
	}
}

static void
check_line(struct checker *ck, const struct gs_sdp_sdes *s, size_t media,
    const struct gs_sdp_media_facts *f, struct lines *l,
    struct gs_sdp_media_verdict *v)
{
	const struct gs_sdp_sdes_key *key;

	check_tag(ck, l, s);
	for (size_t i = 0; (key = gs_sdp_sdes_key_at(s, i)) != NULL; i++)
		check_reuse(ck, s, media, key);
	check_fec(ck, s, f);
	check_weak_suite(ck, s);
	l->common |= is_common(s->suite);
	if (l->n++ == 0 && s->suite_name.n > 0 && !is_common(s->suite) &&
	    ck->c->role != GS_ROLE_ANSWER)
		gs_sdp_diag(ck->d, GS_R_CRYPTO_FIRST_LINE, s->line,
		    s->suite_name,
		    "FreeSWITCH 1.2 reads only the first a=crypto line and "
		    "does not know its suite");
	take_verdict(v, s);
}

static bool
is_multicast(const struct gs_sdp_connection *c)
{
	struct gs_span a = c->address;
	size_t dot = gs_span_find(a, GS_LIT("."));
	uint64_t first;

	if (c->line == NULL)
		return false;
	if (gs_span_eq(c->addrtype, GS_LIT("IP6")))
		return a.n > 2 && gs_span_eqcase(gs_span(a.p, 2), GS_LIT("ff"));
	return dot < a.n && gs_span_u64(gs_span(a.p, dot), &first) == 0 &&
	    first >= 224 && first <= 239;
}

/* Checks all a=crypto lines of an m= line with RTP. */
static void
check_cryptos(struct checker *ck, size_t media,
    const struct gs_sdp_media_facts *f, struct gs_sdp_media_verdict *v)
{
	const struct gs_sdp_media *m = &ck->sdp->media[media];
	struct lines l;
	struct gs_sdp_sdes s;
	const struct gs_sdp_attr *a, *first = NULL;
	size_t i = 0;

	l.tags = l.n = 0;
	l.common = false;
	while ((a = gs_sdp_sdes_next(ck->sdp, m, &i, &s, ck->d)) != NULL) {
		first = first == NULL ? a : first;
		check_line(ck, &s, media, f, &l, v);
		gs_sdp_sdes_wipe(&s);
	}
	if (first == NULL)
		return;
	if (ck->first_crypto == NULL)
		ck->first_crypto = first->line;
	if (!l.common && v->suites > 0 && ck->c->role != GS_ROLE_ANSWER)
		gs_sdp_diag(ck->d, GS_R_SUITE_UNCOMMON, first->line,
		    first->value,
		    "no line has AES_CM_128_HMAC_SHA1_80 or _32, the suites "
		    "that every product supports");
	if (is_multicast(&m->connection))
		gs_sdp_diag(ck->d, GS_R_CRYPTO_MULTICAST, first->line,
		    first->name,
		    "a=crypto for a multicast address: it is defined for "
		    "unicast only");
}

/* The type of media as a set with one element. --require is about audio, video,
 * and types that RFC 8866 section 8.2.2 does not have, which may be either. */
static unsigned
class_of(const struct gs_sdp_media *m)
{
	static const struct gs_span others[] = { GS_LIT("text"),
		GS_LIT("application"), GS_LIT("message"), GS_LIT("image"),
		GS_LIT("control"), GS_LIT("data") };

	if (gs_span_eqcase(m->type, GS_LIT("audio")))
		return 1;
	if (gs_span_eqcase(m->type, GS_LIT("video")))
		return 2;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (gs_span_eqcase(m->type, others[i]))
			return 0;
	return 4;
}

static bool
wants_srtp(const struct checker *ck, const struct gs_sdp_media *m)
{
	return (ck->c->require & (GS_REQUIRE_SRTP | GS_REQUIRE_SAVP)) != 0 &&
	    class_of(m) != 0;
}

/* Whether this offer also has RTP/SAVP for the same type of media: then the
 * answer decides. */
static bool
is_choice(const struct checker *ck, const struct gs_sdp_media *m)
{
	if (ck->c->role != GS_ROLE_OFFER)
		return false;
	for (size_t i = 0; i < ck->sdp->medias; i++) {
		const struct gs_sdp_media *other = &ck->sdp->media[i];
		if (gs_span_eqcase(other->type, m->type) && other->port != 0 &&
		    gs_sdp_is_savp(other->proto))
			return true;
	}
	return false;
}

static void
plain_media(struct checker *ck, const struct gs_sdp_media *m)
{
	gs_sdp_diag_as(ck->d, GS_R_MEDIA_PLAIN,
	    wants_srtp(ck, m) && !is_choice(ck, m) ? GS_ERROR : GS_NOTE,
	    m->line, m->proto, "%s without a key: the %s is not encrypted",
	    gs_sdp_sdes_word(m->proto).text, gs_sdp_sdes_word(m->type).text);
}

/* Checks RTP/AVP. RFC 4568 section 6 forbids keys in it, RFC 8643 allows them,
 * and in RFC 5939 they are for the SAVP that may be chosen instead. */
static void
check_avp(struct checker *ck, const struct gs_sdp_media *m,
    const struct gs_sdp_media_facts *f, struct gs_sdp_media_verdict *v)
{
	bool strict =
	    (ck->c->require & GS_REQUIRE_SAVP) != 0 && class_of(m) != 0;
	/* RFC 5939 3.6: in an answer, they are capabilities only. */
	bool savp = f->pcfg && f->tcap_savp && ck->c->role != GS_ROLE_ANSWER;

	v->protection = GS_PLAIN;
	if (f->cryptos == 0 && f->fingerprint == NULL && f->key_mgmt == NULL &&
	    !(savp && f->acap_crypto != NULL)) {
		plain_media(ck, m);
		return;
	}
	if (f->cryptos == 0 || v->suites > 0)
		v->protection = GS_OPPORTUNISTIC;
	if (f->cryptos > 0 && !savp)
		gs_sdp_diag_as(ck->d, GS_R_CRYPTO_IN_AVP,
		    strict ? GS_ERROR : GS_WARNING, m->line, m->proto,
		    "a=crypto in %.*s: offer RTP/SAVP; FreeSWITCH refuses "
		    "this call with 488",
		    (int)m->proto.n, m->proto.p);
	else
		gs_sdp_diag_as(ck->d, GS_R_CRYPTO_IN_AVP,
		    strict ? GS_ERROR : GS_NOTE, m->line, m->proto,
		    "a key exchange is offered in %.*s: encryption is "
		    "optional for the peer",
		    (int)m->proto.n, m->proto.p);
}

static void
check_savp(struct checker *ck, const struct gs_sdp_media *m,
    const struct gs_sdp_media_facts *f, struct gs_sdp_media_verdict *v)
{
	bool dtls = f->proto == GS_PROTO_DTLS;

	if (f->cryptos > 0 && dtls)
		gs_sdp_diag(ck->d, GS_R_CRYPTO_IN_DTLS, m->line, m->proto,
		    "a=crypto in %.*s, which gets its keys from DTLS: peers "
		    "ignore it",
		    (int)m->proto.n, m->proto.p);
	else if (f->cryptos > 0 && f->fingerprint != NULL)
		gs_sdp_diag(ck->d, GS_R_CRYPTO_AND_FINGERPRINT, m->line,
		    m->proto, "a=crypto and a=fingerprint: the peer chooses");
	if (v->suites > 0 && !(dtls && f->fingerprint != NULL))
		v->protection = GS_SDES;
	else if (f->fingerprint != NULL)
		v->protection = GS_DTLS;
	else if (f->key_mgmt != NULL)
		v->protection = GS_MIKEY;
	else if (ck->c->truncated && m == &ck->sdp->media[ck->sdp->medias - 1])
		v->protection = GS_CUT;
	else
		v->protection = GS_UNKEYED;
	if (v->protection == GS_UNKEYED && f->cryptos == 0)
		gs_sdp_diag(ck->d, GS_R_SAVP_NO_KEYING, m->line, m->proto,
		    "%.*s without a=%s: there is no key, so the call will fail",
		    (int)m->proto.n, m->proto.p,
		    dtls ? "fingerprint" : "crypto or a=fingerprint");
}

/* Reports a suite or parameter without encryption, or an unknown suite, where
 * encryption is required. */
static void
check_cleartext(struct checker *ck, const struct gs_sdp_media *m,
    const struct gs_sdp_media_verdict *v)
{
	if (!wants_srtp(ck, m) ||
	    (v->protection != GS_SDES && v->protection != GS_OPPORTUNISTIC) ||
	    v->suites == 0)
		return;
	if (v->cleartext)
		gs_sdp_diag_as(ck->d, GS_R_MEDIA_PLAIN, GS_ERROR, m->line,
		    m->proto, "the first valid a=crypto line does not encrypt");
	else if (!v->known)
		gs_sdp_diag(ck->d, GS_R_UNPROVEN, m->line, m->proto,
		    "no a=crypto line has a known suite: nothing proves "
		    "encryption");
}

void
gs_sdp_check_key(const struct gs_sdp_sdes *s, unsigned require,
    struct gs_diags *d)
{
	if (encrypts(s))
		return;
	gs_sdp_diag_as(d, GS_R_MEDIA_PLAIN,
	    (require & (GS_REQUIRE_SRTP | GS_REQUIRE_SAVP)) != 0 ? GS_ERROR :
								   GS_WARNING,
	    s->line, s->suite_name, "the key is used without encryption");
}

static void
check_weak(struct checker *ck, const struct gs_sdp_media *m,
    const struct gs_sdp_media_verdict *v)
{
	if (wants_srtp(ck, m) && v->weak && v->protection == GS_DTLS)
		gs_sdp_diag(ck->d, GS_R_UNPROVEN, m->line, m->proto,
		    "the fingerprint uses a broken hash and does not prove "
		    "who has the key. Use sha-256");
}

static void
check_dual(struct checker *ck, const struct gs_sdp_media *m, bool secure)
{
	unsigned class = class_of(m);

	*(secure ? &ck->secure : &ck->plain) |= class;
	if ((ck->secure & ck->plain & class & ~ck->dual) == 0)
		return;
	ck->dual |= class;
	gs_sdp_diag(ck->d, GS_R_DUAL_PROFILE, m->line, m->proto,
	    "%s is offered as RTP/AVP and as RTP/SAVP: the peer may choose "
	    "the one without encryption",
	    gs_sdp_sdes_word(m->type).text);
}

/* Reads the suites of the section with the bundle's keys, where they are
 * checked. */
static void
read_tagged(struct checker *ck, const struct gs_sdp_media_facts *f,
    struct gs_sdp_media_verdict *v)
{
	struct gs_diags *d = ck->d;

	ck->d = NULL;
	check_cryptos(ck, f->tagged, f, v);
	ck->d = d;
}

static void
check_rtp(struct checker *ck, size_t i, const struct gs_sdp_media_facts *f,
    struct gs_sdp_media_verdict *v)
{
	const struct gs_sdp_media *m = &ck->sdp->media[i];

	if (f->cryptos > 0 && !f->bundled)
		check_cryptos(ck, i, f, v);
	else if (f->cryptos > 0)
		read_tagged(ck, f, v);
	if (ck->first_crypto == NULL && f->acap_crypto != NULL)
		ck->first_crypto = f->acap_crypto->line;
	if (ck->first_crypto == NULL && f->key != NULL &&
	    !gs_span_starts(f->key->text, GS_LIT("k=prompt")))
		ck->first_crypto = f->key;
	if (ck->first_mikey == NULL && f->key_mgmt != NULL)
		ck->first_mikey = f->key_mgmt->line;
	v->weak = f->fingerprint_weak;
	if (f->proto == GS_PROTO_RTP)
		check_avp(ck, m, f, v);
	else
		check_savp(ck, m, f, v);
	check_cleartext(ck, m, v);
	check_weak(ck, m, v);
	check_dual(ck, m, f->proto != GS_PROTO_RTP);
}

static void
check_other(struct checker *ck, const struct gs_sdp_media *m,
    const struct gs_sdp_media_facts *f)
{
	if (f->proto == GS_PROTO_UNKNOWN && m->proto.n > 0)
		gs_sdp_diag(ck->d, GS_R_MEDIA_PROTO_UNKNOWN, m->line, m->proto,
		    "unknown protocol %s: this m= line was not checked",
		    gs_sdp_sdes_word(m->proto).text);
	else if (f->proto == GS_PROTO_OTHER && f->cryptos > 0)
		gs_sdp_diag(ck->d, GS_R_CRYPTO_NON_SRTP, m->line, m->proto,
		    "a=crypto for %s, which is not RTP",
		    gs_sdp_sdes_word(m->proto).text);
	if (wants_srtp(ck, m))
		plain_media(ck, m);
}

/* The beginning of name: as long as the longest registered one, and too short
 * for a key. */
static struct gs_span
begin_of(struct gs_span name)
{
	return gs_span(name.p, name.n < 21 ? name.n : 21);
}

static void
check_media(struct checker *ck, size_t i, struct gs_sdp_media_verdict *v)
{
	const struct gs_sdp_media *m = &ck->sdp->media[i];
	struct gs_sdp_media_facts f;

	*v = (struct gs_sdp_media_verdict){ .media = m,
		.type = begin_of(m->type),
		.proto = begin_of(m->proto) };
	gs_sdp_media_facts(ck->sdp, &ck->session, i, &f);
	if (!f.active) {
		v->protection = GS_INACTIVE; /* RFC 3264 6 */
		return;
	}
	check_names(ck, m->first_attr, m->attrs);
	check_contents(ck, m->first_attr, m->attrs);
	if (f.proto == GS_PROTO_UNKNOWN || f.proto == GS_PROTO_OTHER) {
		v->protection = GS_OTHER;
		check_other(ck, m, &f);
	} else {
		check_rtp(ck, i, &f, v);
	}
}

/* Reports unencrypted signalling without keys, which others can read and
 * change. */
static void
check_clear(struct checker *ck, bool wanted)
{
	const struct gs_sdp_check *c = ck->c;

	if (c->transport == GS_TRANSPORT_UNKNOWN ||
	    (!wanted && ck->first_mikey == NULL))
		return;
	(void)gs_diag_as(ck->d, &gs_sdp_rules.rule[GS_R_SIGNALLING_CLEAR],
	    wanted ? GS_ERROR : GS_NOTE, c->signalling,
	    "%s over SIP/%s: anyone on the network path can read and change it",
	    ck->first_mikey != NULL ? "a MIKEY key exchange" : "an SDP",
	    gs_sdp_transport_name(c->transport));
}

/* RFC 4568 section 8: the signalling must protect the keys. */
static void
check_signalling(struct checker *ck)
{
	const struct gs_sdp_check *c = ck->c;
	const struct gs_sdp_line *line = ck->first_crypto;
	struct gs_pos pos = c->signalling;
	bool wanted = (c->require & GS_REQUIRE_TLS) != 0;
	char where[32] = ""; /* stays so if the message is on this line */

	if (c->transport == GS_TRANSPORT_TLS ||
	    c->transport == GS_TRANSPORT_WSS)
		return;
	if (line == NULL) {
		check_clear(ck, wanted);
		return;
	}
	if (pos.line == 0)
		pos = line->pos;
	if (line->pos.line != pos.line)
		(void)snprintf(where, sizeof(where), " of line %" PRIu64,
		    line->pos.line);
	if (c->transport != GS_TRANSPORT_UNKNOWN)
		(void)gs_diag_as(ck->d,
		    &gs_sdp_rules.rule[GS_R_CRYPTO_CLEARTEXT_SIGNALLING],
		    wanted ? GS_ERROR : GS_WARNING, pos,
		    "the keys%s were sent over SIP/%s, where anyone can read "
		    "them: use TLS",
		    where, gs_sdp_transport_name(c->transport));
	else if (wanted)
		(void)gs_diag(ck->d,
		    &gs_sdp_rules.rule[GS_R_SIGNALLING_UNKNOWN], pos,
		    "the transport of SIP is unknown: check a SIP trace or "
		    "the registrations");
}

void
gs_sdp_check_sdp(const struct gs_sdp *sdp, const struct gs_sdp_check *c,
    struct gs_diags *d, struct gs_sdp_verdict *v)
{
	struct checker ck;
	struct gs_sdp_media_verdict spare;

	ck.sdp = sdp;
	ck.c = c;
	ck.d = d;
	ck.keys = (struct gs_sdp_key_set){ .key = NULL };
	ck.reuses = 0;
	ck.first_crypto = ck.first_mikey = NULL;
	ck.plain = ck.secure = ck.dual = 0;
	gs_sdp_session_facts(sdp, &ck.session);
	check_session(&ck);
	v->medias = 0;
	for (size_t i = 0; i < sdp->medias; i++)
		check_media(&ck, i,
		    v->medias < GS_VERDICT_MEDIA ? &v->media[v->medias++] :
						   &spare);
	check_signalling(&ck);
	gs_sdp_key_set_wipe(&ck.keys);
}

static void
hide_key(struct gs_diags *d, const struct gs_sdp_sdes_key *key)
{
	if (key->masked || key->text.n < SECRET_LEAST)
		return;
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].source != NULL)
			gs_sdp_sdes_mask_word(d->list[i].source,
			    strlen(d->list[i].source), key->text);
}

void
gs_sdp_check_hide_keys(const struct gs_sdp *sdp, struct gs_diags *d)
{
	const struct gs_sdp_sdes_key *key;
	struct gs_sdp_sdes s;
	size_t secrets = 0;

	if (d == NULL || !d->sources || d->n == 0)
		return;
	for (size_t i = 0; i < sdp->attrs && secrets < SECRETS; i++) {
		const struct gs_sdp_attr *a = &sdp->attr[i];
		if (!gs_span_eqcase(a->name, GS_LIT("crypto")))
			continue;
		gs_sdp_sdes_parse(&s, a->line, a->value, NULL);
		for (size_t k = 0; (key = gs_sdp_sdes_key_at(&s, k)) != NULL;
		     k++, secrets++)
			hide_key(d, key);
		gs_sdp_sdes_wipe(&s);
	}
}
