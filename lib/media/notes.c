/* SPDX-License-Identifier: MIT */
/* Sentences about a stream. */
#include "media/notes.h"

#include <stdarg.h>
#include <stdio.h>

#include "media/dtmf.h"
#include "srtp/receiver.h"
#include "srtp/stream.h"

static void add(struct gs_media_notes *notes, const char *fmt, ...)
    GS_PRINTF(2, 3);

static void
add(struct gs_media_notes *notes, const char *fmt, ...)
{
	va_list ap;

	if (notes->n == GS_NOTES)
		return;
	notes->lasting[notes->n] = false;
	va_start(ap, fmt);
	(void)vsnprintf(notes->text[notes->n++], GS_NOTE_TEXT, fmt, ap);
	va_end(ap);
}

/* Notes from number from are true of every piece of the stream. */
static void
mark_lasting(struct gs_media_notes *notes, size_t from)
{
	for (size_t i = from; i < notes->n; i++)
		notes->lasting[i] = true;
}

static unsigned long long
ull(uint64_t v)
{
	return v;
}

/* ---- why no key was found */

/* ns: a stream that begins this long after the capture began in it. */
static const uint64_t STARTED = 1000000000;

/* Why no key could be tried. */
static const char *
without_keys(const struct gs_media_notes_run *run)
{
	struct gs_srtp_receiver_counts c =
	    gs_srtp_receiver_counts(run->session);

	if (gs_srtp_keyring_untried(gs_srtp_receiver_keyring(run->session)) > 0)
		return "the keys found belong to suites that are not supported";
	if (gs_srtp_receiver_masked(run->session) > 0)
		return "the keys in the text are masked; save the log or "
		       "trace again with its keys";
	if (c.texts > 0 && c.sip == 0 && c.tls > 0)
		return "the text given with -K contains none, and SIP uses TLS";
	if (c.texts > 0)
		return "the text given with -K contains none, and neither "
		       "does the capture";
	if (c.sip == 0 && c.tls > 0)
		return "SIP uses TLS, so the capture contains none; add a TLS "
		       "key log, the server's agent.pem, the PBX's log or a "
		       "phone's SIP trace with -K";
	if (c.sip_counts.compressed > 0)
		return "the HEP packets are compressed; add a log or a SIP "
		       "trace with -K";
	if (c.zrtp > 0)
		return "the capture contains no SIP with a=crypto, but ZRTP, "
		       "which negotiates keys that only the phones know";
	return "the capture contains no SIP with a=crypto; add a log or a SIP "
	       "trace with -K";
}

/* Where the key is that none of those found is. */
static const char *
without_this_key(const struct gs_srtp_stream_view *v, bool texts)
{
	if (texts)
		return "the text has no key of this call, or of this leg";
	if (v->prot.announced_secure)
		return "SDP announced another key for these addresses; a later "
		       "offer or another leg is missing";
	return "SIP of this leg is not in the capture";
}

/* Whether the stream began in the capture: later than that, or with SIP of it
 * that announces its address. */
static bool
began_inside(const struct gs_srtp_stream_view *v,
    const struct gs_srtp_receiver_counts *c)
{
	bool announced = v->prot.announced_plain || v->prot.announced_secure ||
	    v->prot.announced_dtls;

	return v->count.start > c->start + STARTED || (c->sip > 0 && announced);
}

/* None of the keys opens it. */
static void
none_opens(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v,
    const struct gs_media_notes_run *run, size_t keys)
{
	struct gs_srtp_receiver_counts c =
	    gs_srtp_receiver_counts(run->session);

	if (run->roc_fixed)
		add(notes,
		    "none of %zu key%s opens this stream at the given ROC",
		    keys, gs_plural(keys));
	else if (v->prot.gave_up)
		add(notes,
		    "the search stopped before all of %zu key%s and ROCs were "
		    "tried (search-stopped)",
		    keys, gs_plural(keys));
	else
		add(notes,
		    "none of %zu key%s opens this stream (ROC 0 to %lu): %s%s",
		    keys, gs_plural(keys), (unsigned long)run->roc_max,
		    without_this_key(v, c.texts > 0),
		    began_inside(v, &c) ?
			"" :
			"; if the call is older than the capture, raise "
			"--roc-max");
}

static void
relayed(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v)
{
	char from[GS_ADDR_TEXT];

	add(notes,
	    "relayed under another header: from frame %llu on, the ciphertext "
	    "is that of SSRC %08lx from %s, so no receiver can open it "
	    "(FreeSWITCH's proxy_media does that)",
	    ull(v->prot.relay_frame), (unsigned long)v->prot.relay_ssrc,
	    gs_net_addr_text(&v->prot.relay_src, from));
}

static void
no_key(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v,
    const struct gs_media_notes_run *run)
{
	const struct gs_srtp_keyring *ring =
	    gs_srtp_receiver_keyring(run->session);
	size_t keys =
	    gs_srtp_keyring_known(ring) - gs_srtp_keyring_untried(ring);
	bool dtls = v->prot.announced_dtls && !v->prot.announced_secure;

	if (v->prot.announced_plain && !v->prot.announced_secure && !dtls) {
		add(notes,
		    "encrypted, although SDP announces RTP/AVP for these "
		    "addresses");
		if (keys == 0)
			return;
	}
	if (v->prot.relay_src.version != 0) {
		relayed(notes, v);
		return;
	}
	const char *why = dtls ?
	    gs_srtp_receiver_dtls(run->session, &v->id.src, &v->id.dst) :
	    NULL;

	if (why != NULL)
		add(notes, "no key: DTLS negotiated it; %s", why);
	else if (keys == 0)
		add(notes, "no key: %s", without_keys(run));
	else
		none_opens(notes, v, run, keys);
}

static void
failures(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v)
{
	const uint64_t *f = v->count.failed;

	if (f[GS_FAIL_AUTH] > 0)
		add(notes,
		    "%llu packet%s not authenticate (damaged, or from "
		    "another key); the first failure is frame %llu",
		    ull(f[GS_FAIL_AUTH]),
		    f[GS_FAIL_AUTH] == 1 ? " does" : "s do",
		    ull(v->count.first_failed_frame));
	if (f[GS_FAIL_KEY] > 0 && v->count.opened + v->count.rtcp_opened > 0)
		add(notes,
		    "%llu packet%s came before the first that a key opens",
		    ull(f[GS_FAIL_KEY]), gs_plural(f[GS_FAIL_KEY]));
	if (v->prot.gave_up && v->count.opened + v->count.rtcp_opened > 0)
		add(notes,
		    "the search stopped before all keys and ROCs were tried on "
		    "them (search-stopped)");
	if (f[GS_FAIL_CUT] > 0)
		add(notes,
		    "%llu packet%s cut by the snaplen: capture whole "
		    "packets (tcpdump -s 0)",
		    ull(f[GS_FAIL_CUT]),
		    f[GS_FAIL_CUT] == 1 ? " was" : "s were");
	if (f[GS_FAIL_SHORT] > 0)
		add(notes,
		    "%llu packet%s shorter than header and tag; the "
		    "first failure is frame %llu",
		    ull(f[GS_FAIL_SHORT]),
		    f[GS_FAIL_SHORT] == 1 ? " is" : "s are",
		    ull(v->count.first_failed_frame));
	uint64_t rtcp =
	    v->count.rtcp_packets - v->count.rtcp_opened - v->count.rtcp_plain;

	if (rtcp > 0)
		add(notes, "%llu RTCP packet%s not opened", ull(rtcp),
		    rtcp == 1 ? " was" : "s were");
	if (v->prot.disagreed)
		add(notes,
		    "libcrypto and libsrtp2 DISAGREE about frame %llu: the "
		    "rest was not decrypted; please report this",
		    ull(v->count.first_failed_frame));
}

/* ---- how it was protected */

static const char *
tail(unsigned bits)
{
	return bits == 32 ? "_32" : bits == 80 ? "_80" : bits == 64 ? "_8" : "";
}

static void
suite(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v)
{
	const struct gs_sdp_suite *said = v->key.suite;
	unsigned bits = 8u * v->scheme.form.tag;

	if (!v->id.rtp)
		return;
	if (bits == 0)
		add(notes,
		    "without authentication: the key is a guess "
		    "from what the payload looks like");
	else if (said != NULL && said->key == v->scheme.spec.key &&
	    said->salt == v->scheme.spec.salt && said->tag_bits != bits &&
	    !said->aead)
		add(notes, "the SDP says %s, the packets carry %u-bit tags",
		    said->tag_bits == 0 ? "NULL_AUTH" : tail(said->tag_bits),
		    bits);
	else if (said != NULL && said->tag_bits != bits && said->aead &&
	    said->key == v->scheme.spec.key)
		add(notes, "the SDP says %s, the packets carry %u-bit tags",
		    said->name, bits);
	else if (said != NULL &&
	    (said->key != v->scheme.spec.key ||
		said->salt != v->scheme.spec.salt))
		add(notes,
		    "the SDP says %s, the key's length and the packets say %s",
		    said->name, gs_srtp_scheme_suite(&v->scheme));
	if (v->scheme.spec.legacy192)
		add(notes,
		    "the session keys are those of libsrtp before 2.8, "
		    "not those of RFC 6188: other products cannot open it");
	if (v->scheme.spec.salt_left)
		add(notes,
		    "the key derivation padded the salt on the left; other "
		    "products pad it on the right");
	if (v->scheme.spec.cipher == GS_SRTP_NULL || v->scheme.form.clear)
		add(notes,
		    "the payload was not encrypted, only authenticated (%s)",
		    v->scheme.form.clear ? "UNENCRYPTED_SRTP" :
					   gs_srtp_scheme_suite(&v->scheme));
	if (v->prot.cryptex)
		add(notes,
		    "header extensions and CSRCs were encrypted, too "
		    "(RFC 9335)");
	if (v->hidden)
		add(notes,
		    "the SDP announces encrypted header extensions (RFC 6904): "
		    "they are left as they are");
}

static void
mki(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v)
{
	unsigned said = v->key.mki_n, seen = v->scheme.form.mki;

	if (!v->id.rtp)
		return;
	if (said > 0 && seen == 0)
		add(notes,
		    "the SDP announces an MKI of %u octet%s, the "
		    "packets carry none",
		    said, gs_plural(said));
	else if (said == 0 && seen > 0)
		add(notes,
		    "the packets carry an MKI of %u octet%s that the "
		    "SDP does not announce",
		    seen, gs_plural(seen));
	else if (v->prot.mki_wrong)
		add(notes,
		    "the packets carry a different MKI from the SDP's: a "
		    "receiver finds no key for it");
	else if (v->prot.mki_host_order)
		add(notes,
		    "the MKI is sent in the byte order of the sender's "
		    "processor (FreeSWITCH), not big-endian");
}

/* About the key, and how SRTCP is protected. */
static void
habits(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v)
{
	if (v->id.rtp && v->key.kdr > v->scheme.spec.kdr)
		add(notes,
		    "the SDP announces KDR=%u, but the sender derives its keys "
		    "only once",
		    v->key.kdr);
	if (v->key.media.version != 0 &&
	    gs_net_addr_eq(&v->key.media, &v->id.dst) &&
	    !gs_net_addr_eq(&v->id.src, &v->id.dst))
		add(notes,
		    "the sender uses the key that the receiver "
		    "announced, not its own");
	if (v->count.rtcp_opened > 0 && v->prot.rtcp_scheme.form.tag == 4)
		add(notes,
		    "SRTCP carries 32-bit tags (FreeSWITCH); RFC 3711 section "
		    "5.2 requires 80 bits");
	if (v->prot.cannot_confirm)
		add(notes,
		    "unconfirmed: the installed libsrtp2 lacks this "
		    "suite or parameter");
}

static void
plain_before(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v)
{
	uint64_t n = v->count.plain_before;

	if (n > 0)
		add(notes, "%llu packet%s not encrypted, until frame %llu",
		    ull(n), n == 1 ? " was" : "s were",
		    ull(v->count.plain_until));
}

/* About this capture. */
static void
course(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v)
{
	char from[GS_ADDR_TEXT];

	if (v->id.moved_from.version != 0)
		add(notes,
		    "sent to %s before frame %llu: the sender then switched to "
		    "the address that packets came from",
		    gs_net_addr_text(&v->id.moved_from, from),
		    ull(v->id.moved_frame));
	if (v->prot.began_before && v->id.rtp)
		add(notes,
		    "the stream started before the capture: ROC %lu, found "
		    "with %llu tr%s",
		    (unsigned long)v->prot.roc_first, ull(v->prot.tries),
		    v->prot.tries == 1 ? "y" : "ies");
	if (v->prot.odd_frame > 0)
		add(notes,
		    "a receiver that follows the SDP rejects packets from "
		    "frame %llu on: their tag, MKI or key derivation differs",
		    ull(v->prot.odd_frame));
	plain_before(notes, v);
	if (v->count.plain_behind > 0)
		add(notes, "from frame %llu on %llu packet%s not encrypted",
		    ull(v->count.plain_from), ull(v->count.plain_behind),
		    v->count.plain_behind == 1 ? " was" : "s were");
	if (v->count.rtcp_plain > 0 && v->count.opened > 0)
		add(notes, "%llu RTCP packet%s not encrypted",
		    ull(v->count.rtcp_plain),
		    v->count.rtcp_plain == 1 ? " was" : "s were");
}

static void
event(struct gs_media_notes *notes, const struct gs_srtp_stream_event *e)
{
	unsigned long roc = e->roc, old = e->old_roc;

	switch (e->kind) {
	case GS_EVENT_KEY:
		if (roc == 0)
			add(notes,
			    "from frame %llu a new key (%s), at ROC 0 "
			    "as before",
			    ull(e->frame), e->print);
		else
			add(notes,
			    "from frame %llu a new key (%s); ROC %lu is kept, "
			    "as RFC 3711 section 3.3.1 requires",
			    ull(e->frame), e->print, roc);
		break;
	case GS_EVENT_KEY_RESET:
		add(notes,
		    "from frame %llu a new key (%s); the ROC was %lu and "
		    "restarted at 0 (FreeSWITCH), but RFC 3711 section 3.3.1 "
		    "keeps it",
		    ull(e->frame), e->print, old);
		break;
	case GS_EVENT_ROC:
		add(notes,
		    "at frame %llu the ROC is %lu after a gap, found by trial",
		    ull(e->frame), roc);
		break;
	case GS_EVENT_ROC_JUMP:
		add(notes,
		    "at frame %llu the ROC jumps from %lu to %lu without a "
		    "pause: a receiver rejects what follows",
		    ull(e->frame), old, roc);
		break;
	case GS_EVENT_ROC_RESET:
		add(notes,
		    "from frame %llu the sender counts from ROC %lu "
		    "again, %lu before, under the same key: a receiver rejects "
		    "it (replay), and two packets share a keystream",
		    ull(e->frame), roc, old);
		break;
	case GS_EVENT_RESTART:
		add(notes,
		    "from frame %llu the sequence numbers start afresh under "
		    "the same key: a receiver rejects it (replay), and two "
		    "packets share a keystream",
		    ull(e->frame));
		break;
	case GS_EVENT_FORM:
		add(notes,
		    "from frame %llu the packets have a different tag length "
		    "or MKI",
		    ull(e->frame));
		break;
	}
}

static void
stretches(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v)
{
	static const char *const what[] = { "in the clear", "under key ",
		"not opened" };

	for (size_t i = 0; i < v->prot.stretches && v->prot.stretches > 1;
	     i++) {
		const struct gs_srtp_stretch *x = &v->prot.stretch[i];

		char others[40] = "";

		if (x->others > 0)
			(void)snprintf(others, sizeof(others),
			    ", and %llu other%s", ull(x->others),
			    gs_plural(x->others));
		add(notes, "frames %llu to %llu, %.1f s: %llu packet%s %s%s%s",
		    ull(x->first_frame), ull(x->last_frame),
		    x->end > x->start ? (double)(x->end - x->start) / 1e9 : 0,
		    ull(x->packets), gs_plural(x->packets), what[x->kind],
		    x->print, others);
	}
	if (v->prot.stretches_dropped > 0)
		add(notes, "%llu more runs of packets before the last one",
		    ull(v->prot.stretches_dropped));
}

/* The jitter at the end may not be that of the call. */
static void
jitter(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v)
{
	const struct gs_net_rtp_stats *r = v->stats;

	if (v->id.format.clock > 0 && r->jitters > 0 && r->jitter_max >= 30 &&
	    r->jitter_max > 4 * gs_net_rtp_stats_jitter_ms(r))
		add(notes, "jitter was %.1f ms on average and %.1f ms at most",
		    r->jitter_sum / (double)r->jitters, r->jitter_max);
}

static void
digits(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v,
    const struct gs_media_dtmf *d)
{
	char text[GS_NOTE_TEXT];
	size_t at = 0;

	while (gs_media_dtmf_say(d, &at, v->count.start, text, sizeof(text)))
		add(notes, "%s", text);
	if (d->more > 0)
		add(notes, "more DTMF after the first %d digits",
		    GS_DTMF_EVENTS);
}

static void
about_stream(struct gs_media_notes *notes, const struct gs_srtp_stream_view *v,
    const struct gs_media_notes_run *run)
{
	enum gs_srtp_verdict verdict = gs_srtp_stream_verdict(v);
	size_t from;

	notes->n = 0;
	if (v->prot.disagreed || verdict == GS_VERDICT_PARTLY)
		failures(notes, v);
	if (verdict == GS_VERDICT_NO_KEY || verdict == GS_VERDICT_STOPPED) {
		from = notes->n;
		no_key(notes, v, run);
		mark_lasting(notes, from);
		if (v->count.failed[GS_FAIL_CUT] > 0)
			failures(notes, v);
		if (v->prot.sealed && v->prot.stretches > 1)
			stretches(notes, v);
		else
			plain_before(notes, v);
		return;
	}
	if (verdict == GS_VERDICT_PLAIN) {
		if (v->prot.announced_secure)
			add(notes,
			    "the SDP announces SRTP%s, the packets are "
			    "plain RTP",
			    v->prot.announced_plain ? " and RTP/AVP" : "");
		if (v->prot.by_size)
			add(notes,
			    "in the clear by the sizes of its packets alone, "
			    "which are those of iLBC or G.726");
		mark_lasting(notes, 0);
		return;
	}
	from = notes->n;
	suite(notes, v);
	mki(notes, v);
	habits(notes, v);
	mark_lasting(notes, from);
	course(notes, v);
	stretches(notes, v);
	jitter(notes, v);
	for (size_t i = 0; i < v->prot.events; i++)
		event(notes, &v->prot.event[i]);
	if (v->prot.events_dropped > 0)
		add(notes, "and %llu more changes of key or ROC",
		    ull(v->prot.events_dropped));
	if (!v->id.rtp)
		add(notes, "only its RTCP is in the capture");
}

void
gs_media_notes_make(struct gs_media_notes *notes,
    const struct gs_srtp_stream_view *v, const struct gs_media_notes_run *run)
{
	about_stream(notes, v, run);
	if (run->dtmf != NULL)
		digits(notes, v, run->dtmf);
}
