/* SPDX-License-Identifier: MIT */
/* The rules over an offer and its answer, and over two offers. */
#include "calls/pair.h"

#include <inttypes.h>
#include <stdio.h>

#include "sdp/mask.h"
#include "sdp/media.h"
#include "sdp/rules.h"
#include "sdp/sdp.h"

enum { LINE_TEXT = 320 };

/* An offer and its answer, while they are compared. */
struct pair {
	const struct gs_sdp *offer;
	const struct gs_sdp *answer;
	const char *offer_file;
	struct gs_diags *d;
	struct gs_sdp_media_facts offer_session;
	struct gs_sdp_media_facts answer_session;
	struct gs_sdp_key_set offered; /* keys of the whole offer */
};

/* "line 7", or "line 7 of FILE". */
static const char *
line_text(const struct pair *p, const struct gs_sdp_line *line,
    char text[LINE_TEXT])
{
	if (p->offer_file == NULL)
		(void)snprintf(text, LINE_TEXT, "line %" PRIu64,
		    line->pos.line);
	else
		(void)snprintf(text, LINE_TEXT, "line %" PRIu64 " of %.256s",
		    line->pos.line, p->offer_file);
	return text;
}

/* All keys of the a=crypto lines of media i. */
static void
collect_keys(const struct gs_sdp *sdp, size_t i, struct gs_sdp_key_set *set)
{
	const struct gs_sdp_sdes_key *key;
	struct gs_sdp_sdes s;
	size_t at = 0;

	while (gs_sdp_sdes_next(sdp, &sdp->media[i], &at, &s, NULL) != NULL) {
		for (size_t k = 0; (key = gs_sdp_sdes_key_at(&s, k)) != NULL;
		     k++)
			gs_sdp_key_set_add(set, key, s.line, i);
		gs_sdp_sdes_wipe(&s);
	}
}

/* Finds media i's a=crypto line with this tag. Returns whether there is one,
 * and fills in s. */
static bool
find_tag(const struct gs_sdp *sdp, size_t i, uint32_t tag,
    struct gs_sdp_sdes *s, size_t *place)
{
	size_t at = 0;

	*place = 0;
	while (gs_sdp_sdes_next(sdp, &sdp->media[i], &at, s, NULL) != NULL) {
		if (s->tag_valid && s->tag == tag)
			return true;
		gs_sdp_sdes_wipe(s);
		++*place;
	}
	return false;
}

static void
check_suite(const struct pair *p, const struct gs_sdp_sdes *offered,
    const struct gs_sdp_sdes *chosen)
{
	char where[LINE_TEXT];

	if (gs_span_eqcase(offered->suite_name, chosen->suite_name))
		return;
	const char *line = line_text(p, offered->line, where);
	if (chosen->suite != NULL)
		gs_sdp_diag(p->d, GS_R_OA_SUITE, chosen->line,
		    chosen->suite_name,
		    "%s, and tag %" PRIu32 " was offered with %s in %s: the "
		    "answer must repeat the suite",
		    chosen->suite->name, chosen->tag,
		    offered->suite != NULL ? offered->suite->name :
					     "another suite",
		    line);
	else
		gs_sdp_diag(p->d, GS_R_OA_SUITE, chosen->line,
		    chosen->suite_name,
		    "not the suite that tag %" PRIu32 " was offered with "
		    "in %s",
		    chosen->tag, line);
}

/* RFC 4568 section 5.1.2: negotiated parameters are repeated, and no others are
 * added. */
static void
check_params(const struct pair *p, const struct gs_sdp_sdes *offered,
    const struct gs_sdp_sdes *chosen)
{
	static const struct {
		enum gs_sdp_sdes_param param;
		const char *name;
	} negotiated[] = {
		{ GS_SDES_UNENCRYPTED_SRTP, "UNENCRYPTED_SRTP" },
		{ GS_SDES_UNENCRYPTED_SRTCP, "UNENCRYPTED_SRTCP" },
		{ GS_SDES_UNAUTHENTICATED_SRTP, "UNAUTHENTICATED_SRTP" },
	};
	char where[LINE_TEXT];

	for (size_t i = 0; i < 3; i++) {
		bool was = (offered->params & negotiated[i].param) != 0;
		bool is = (chosen->params & negotiated[i].param) != 0;
		if (was != is)
			gs_sdp_diag(p->d, GS_R_OA_PARAM, chosen->line,
			    chosen->value, "%s is %s %s: both must agree on it",
			    negotiated[i].name,
			    is ? "here and not in" : "missing, and is in",
			    line_text(p, offered->line, where));
	}
	if ((chosen->params & ~offered->params & GS_SDES_UNKNOWN) != 0)
		gs_sdp_diag(p->d, GS_R_OA_PARAM_NEW, chosen->line,
		    chosen->value,
		    "the answer adds a mandatory session parameter that the "
		    "offer does not have");
}

static void
check_key(const struct pair *p, const struct gs_sdp_sdes *s,
    const struct gs_sdp_sdes_key *key)
{
	const struct gs_sdp_key_seen *seen =
	    gs_sdp_key_set_find(&p->offered, key);
	char where[LINE_TEXT];

	if (seen != NULL)
		gs_sdp_diag(p->d, GS_R_OA_KEY_SAME, s->line, key->text,
		    "same key as %s: the answer needs a key of its own",
		    line_text(p, seen->line, where));
}

/* Checks one a=crypto line of the answer's media i. With a=acfg, the offered
 * ones are capabilities, a=acap (RFC 5939 section 3.5.2), which are not
 * read. */
static void
check_crypto(const struct pair *p, size_t i, const struct gs_sdp_sdes *s,
    bool acfg)
{
	const struct gs_sdp_sdes_key *key;
	struct gs_sdp_sdes offered;
	size_t place;

	for (size_t k = 0; (key = gs_sdp_sdes_key_at(s, k)) != NULL; k++)
		check_key(p, s, key);
	if (!s->tag_valid)
		return;
	if (!find_tag(p->offer, i, s->tag, &offered, &place)) {
		if (acfg)
			return;
		gs_sdp_diag(p->d, GS_R_OA_TAG, s->line, s->tag_text,
		    "tag %" PRIu32 " was not offered for this m= line", s->tag);
		return;
	}
	check_suite(p, &offered, s);
	check_params(p, &offered, s);
	if (place > 0)
		gs_sdp_diag(p->d, GS_R_OA_NOT_PREFERRED, s->line, s->tag_text,
		    "tag %" PRIu32 " was not the first offered, which the "
		    "offerer prefers",
		    s->tag);
	gs_sdp_sdes_wipe(&offered);
}

static void
check_cryptos(const struct pair *p, size_t i,
    const struct gs_sdp_media_facts *f)
{
	const struct gs_sdp_media *m = &p->answer->media[i];
	const struct gs_sdp_attr *a;
	struct gs_sdp_sdes s;
	size_t at = 0;

	/* More than two add nothing, and cost quadratic time. */
	for (size_t n = 0; n < 2 &&
	     (a = gs_sdp_sdes_next(p->answer, m, &at, &s, NULL)) != NULL;
	     n++) {
		if (n == 1)
			gs_sdp_diag(p->d, GS_R_OA_MULTIPLE_CRYPTO, a->line,
			    a->name,
			    "a second a=crypto line: the answer must choose "
			    "one");
		check_crypto(p, i, &s, f->acfg);
		if (f->fec_apart && (s.params & GS_SDES_FEC_KEY) == 0)
			gs_sdp_diag(p->d, GS_R_OA_FEC_KEY, a->line, a->value,
			    "the FEC goes to another address or "
			    "port: the answer needs a FEC_KEY");
		gs_sdp_sdes_wipe(&s);
	}
}

/* Checks what the answer has besides a=crypto (RFC 4568 section 7.5). */
static void
check_beside(const struct pair *p, const struct gs_sdp_media_facts *f)
{
	if (f->key_mgmt != NULL)
		gs_sdp_diag(p->d, GS_R_OA_CRYPTO_AND_KEYMGMT, f->key_mgmt->line,
		    f->key_mgmt->name,
		    "the answer has a=key-mgmt beside a=crypto: it must "
		    "choose one");
	if (f->key != NULL)
		gs_sdp_diag(p->d, GS_R_OA_CRYPTO_AND_K, f->key,
		    gs_span(f->key->text.p, 2),
		    "the answer has k= beside a=crypto: it must choose one");
}

/* FreeSWITCH's SIP library writes UDP/TLS/RTP/SAVP as RTP/SAVP. */
static bool
same_proto(struct gs_span a, struct gs_span b, bool fingerprint)
{
	const struct gs_span dtls = GS_LIT("UDP/TLS/");

	if (fingerprint) {
		(void)gs_span_take(&a, dtls);
		(void)gs_span_take(&b, dtls);
	}
	return gs_span_eqcase(a, b);
}

static void
check_proto(const struct pair *p, const struct gs_sdp_media *offer,
    const struct gs_sdp_media *answer, const struct gs_sdp_media_facts *f)
{
	char where[LINE_TEXT];

	if (f->acfg ||
	    same_proto(offer->proto, answer->proto, f->fingerprint != NULL))
		return;
	gs_sdp_diag(p->d, GS_R_OA_PROTO, answer->line, answer->proto,
	    "%s answers %s of %s: the answer may not change the profile",
	    gs_sdp_sdes_word(answer->proto).text,
	    gs_sdp_sdes_word(offer->proto).text,
	    line_text(p, offer->line, where));
}

/* RFC 3264 section 6. Returns whether the stream was accepted. */
static bool
check_accepted(const struct pair *p, const struct gs_sdp_media *offer,
    const struct gs_sdp_media_facts *fo, const struct gs_sdp_media *answer,
    const struct gs_sdp_media_facts *fa)
{
	char where[LINE_TEXT];

	if (fo->active && !fa->active)
		gs_sdp_diag(p->d, GS_R_OA_REJECTED, answer->line,
		    answer->line->text, "the answer rejects the %s of %s (%s)",
		    gs_sdp_sdes_word(offer->type).text,
		    line_text(p, offer->line, where),
		    gs_sdp_sdes_word(offer->proto).text);
	if (!fo->active && fa->active && !fo->bundle_only)
		gs_sdp_diag_as(p->d, GS_R_OA_REJECTED, GS_ERROR, answer->line,
		    answer->line->text,
		    "the answer has a port, but %s offered none (port 0)",
		    line_text(p, offer->line, where));
	return fo->active && fa->active;
}

static bool
is_role(const struct gs_sdp_media_facts *f, struct gs_span role)
{
	return gs_span_eqcase(f->setup, role);
}

/* Checks who begins the handshake (RFC 5763 section 5, RFC 4145 section 4.1):
 * exactly one side. */
static void
check_setup(const struct pair *p, const struct gs_sdp_media *answer,
    const struct gs_sdp_media_facts *fo, const struct gs_sdp_media_facts *fa)
{
	const struct gs_span active = GS_LIT("active");
	const struct gs_span passive = GS_LIT("passive");
	bool both = (is_role(fo, active) && is_role(fa, active)) ||
	    (is_role(fo, passive) && is_role(fa, passive));

	if (fo->fingerprint == NULL || fa->fingerprint == NULL)
		return;
	if (is_role(fa, GS_LIT("actpass")))
		gs_sdp_diag(p->d, GS_R_OA_SETUP, answer->line, answer->proto,
		    "a=setup:actpass in an answer: it must choose active or "
		    "passive");
	else if (both)
		gs_sdp_diag(p->d, GS_R_OA_SETUP, answer->line, answer->proto,
		    "offer and answer are both %s: there will be no DTLS "
		    "handshake",
		    is_role(fa, active) ? "active" : "passive");
}

static void
check_media(const struct pair *p, size_t i)
{
	const struct gs_sdp_media *offer = &p->offer->media[i];
	const struct gs_sdp_media *answer = &p->answer->media[i];
	struct gs_sdp_media_facts fo, fa;
	char where[LINE_TEXT];

	if (!gs_span_eqcase(offer->type, answer->type)) {
		gs_sdp_diag(p->d, GS_R_OA_MEDIA_TYPE, answer->line,
		    answer->type,
		    "m= line %zu of the answer has a different medium from "
		    "%s: keep the order",
		    i + 1, line_text(p, offer->line, where));
		return;
	}
	gs_sdp_media_facts(p->offer, &p->offer_session, i, &fo);
	gs_sdp_media_facts(p->answer, &p->answer_session, i, &fa);
	if (!check_accepted(p, offer, &fo, answer, &fa))
		return;
	check_proto(p, offer, answer, &fa);
	check_setup(p, answer, &fo, &fa);
	bool common = (fo.fingerprint != NULL && fa.fingerprint != NULL) ||
	    (fo.key_mgmt != NULL && fa.key_mgmt != NULL);
	if (fa.cryptos > 0 && !fa.bundled) {
		check_cryptos(p, i, &fa);
		check_beside(p, &fa);
	} else if (fo.cryptos > 0 && fa.cryptos == 0 &&
	    fo.proto == GS_PROTO_SRTP && !common) {
		gs_sdp_diag(p->d, GS_R_OA_NO_CRYPTO, answer->line,
		    answer->proto,
		    "the answer accepts the %s of %s without a=crypto%s: the "
		    "media cannot be decrypted",
		    gs_sdp_sdes_word(offer->proto).text,
		    line_text(p, offer->line, where),
		    fa.fingerprint != NULL || fa.key_mgmt != NULL ?
			", and with a type of keys that was not offered" :
			"");
	}
}

static void
check_count(const struct pair *p)
{
	const struct gs_sdp *a = p->answer;

	if (p->offer->medias == a->medias || a->nlines == 0)
		return;
	const struct gs_sdp_line *line =
	    a->medias > 0 ? a->media[a->medias - 1].line : &a->lines[0];
	gs_sdp_diag(p->d, GS_R_OA_MEDIA_COUNT, line, line->text,
	    "the answer has %zu m= lines, the offer has %zu: keep rejected "
	    "ones, with port 0",
	    a->medias, p->offer->medias);
}

void
gs_calls_check_pair(const struct gs_sdp *offer, const struct gs_sdp *answer,
    const char *offer_file, struct gs_diags *d)
{
	struct pair p;
	size_t n =
	    offer->medias < answer->medias ? offer->medias : answer->medias;

	p.offer = offer;
	p.answer = answer;
	p.offer_file = offer_file;
	p.d = d;
	p.offered = (struct gs_sdp_key_set){ .key = NULL };
	gs_sdp_session_facts(offer, &p.offer_session);
	gs_sdp_session_facts(answer, &p.answer_session);
	check_count(&p);
	for (size_t i = 0; i < offer->medias; i++)
		collect_keys(offer, i, &p.offered);
	for (size_t i = 0; i < n; i++)
		check_media(&p, i);
	gs_sdp_key_set_wipe(&p.offered);
}

/* An old-style hold has no address (RFC 3264 8.4). */
static bool
is_hold(struct gs_span address)
{
	return gs_span_eq(address, GS_LIT("0.0.0.0")) ||
	    gs_span_eq(address, GS_LIT("::"));
}

static bool
has_moved(const struct gs_sdp_media *a, const struct gs_sdp_media *b)
{
	if (a->port == 0 || b->port == 0 || a->connection.line == NULL ||
	    b->connection.line == NULL || is_hold(a->connection.address) ||
	    is_hold(b->connection.address))
		return false;
	return a->port != b->port ||
	    !gs_span_eqcase(a->connection.address, b->connection.address);
}

static size_t
check_kept_keys(const struct gs_sdp *after, size_t i,
    const struct gs_sdp_key_set *old, struct gs_diags *d)
{
	struct gs_sdp_sdes s;
	size_t at = 0, kept = 0;

	while (
	    gs_sdp_sdes_next(after, &after->media[i], &at, &s, NULL) != NULL) {
		for (size_t k = 0; k < s.keys; k++) {
			const struct gs_sdp_key_seen *seen =
			    gs_sdp_key_set_find(old, &s.key[k]);
			if (seen == NULL)
				continue;
			kept++;
			gs_sdp_diag(d, GS_R_REOFFER_SAME_KEY, s.line,
			    s.key[k].text,
			    "the address or port changed, but the key is "
			    "still that of line %" PRIu64 ": use a new key",
			    seen->line->pos.line);
			break;
		}
		gs_sdp_sdes_wipe(&s);
	}
	return kept;
}

size_t
gs_calls_check_reoffer(const struct gs_sdp *before, const struct gs_sdp *after,
    struct gs_diags *d)
{
	struct gs_sdp_key_set old = { .key = NULL };
	size_t kept = 0;

	for (size_t i = 0; i < before->medias && i < after->medias; i++) {
		if (!has_moved(&before->media[i], &after->media[i]))
			continue;
		collect_keys(before, i, &old);
		kept += check_kept_keys(after, i, &old, d);
		gs_sdp_key_set_wipe(&old);
	}
	return kept;
}
