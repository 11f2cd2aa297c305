/* SPDX-License-Identifier: MIT */
/* Messages about a run, beside its report. */
#include "media/remarks.h"

#include "base/diag.h"
#include "media/dump.h"
#include "net/frame.h"
#include "srtp/stream.h"

static void say(const struct gs_media_remarks *m, const char *fmt, ...)
    GS_PRINTF(2, 3);

static void
say(const struct gs_media_remarks *m, const char *fmt, ...)
{
	va_list ap;

	(void)fprintf(m->fp, "%s: ", m->tool);
	va_start(ap, fmt);
	(void)vfprintf(m->fp, fmt, ap);
	va_end(ap);
	(void)fputc('\n', m->fp);
}

static unsigned long long
ull(uint64_t v)
{
	return v;
}

void
gs_media_remarks_keys(const struct gs_media_remarks *m,
    const struct gs_diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct gs_finding *f = &d->list[i];

		if (f->severity > GS_NOTE || m->verbose)
			say(m, "%s: %s [%s]", gs_severity_name(f->severity),
			    f->text, f->rule->id);
	}
	if (gs_diags_dropped(d) > 0)
		say(m, "and %zu more about keys", gs_diags_dropped(d));
}

void
gs_media_remarks_tls(const struct gs_media_remarks *m,
    const struct gs_media_dump *dump)
{
	enum { MANY = 10 };
	char found[128];
	const char *text;
	size_t i = 0;

	if (m->quiet)
		return;
	if (gs_media_dump_found(dump, found, sizeof(found)) != NULL)
		say(m, "%s", found);
	for (; (text = gs_media_dump_shut(dump, i)) != NULL; i++)
		if (i < MANY || m->verbose)
			say(m, "%s", text);
	if (i > MANY && !m->verbose)
		say(m, "and %zu more TLS connections (-v lists them)",
		    i - MANY);
}

/* What -w blanked. */
static void
say_blanked(const struct gs_media_remarks *m,
    const struct gs_net_scrub_counts *c)
{
	if (c->unread > 0 && !m->quiet)
		say(m,
		    "-w: blanked %llu octets that could not be checked for "
		    "keys (frames: %llu); --keep-sip keeps them",
		    ull(c->unread), ull(c->unread_frames));
	if (c->over && !m->quiet)
		say(m,
		    "-w: too many keys to search for all of them everywhere");
	if (m->verbose && m->capture)
		say(m, "-w: blanked %llu octets of keys (frames: %llu)",
		    ull(c->keys), ull(c->key_frames));
}

static void
say_counts(const struct gs_media_remarks *m,
    const struct gs_media_dump_result *r)
{
	const struct gs_srtp_receiver_counts *c = &r->counts;

	say(m,
	    "%llu packet%s, %llu UDP, %llu RTP, %llu RTCP, %llu SIP "
	    "message%s, %zu key%s",
	    ull(c->packets), gs_plural(c->packets), ull(c->udp), ull(c->rtp),
	    ull(c->rtcp), ull(c->sip), gs_plural(c->sip), r->keys,
	    gs_plural(r->keys));
	say(m,
	    "%llu fragment%s, %llu datagrams made of them, %llu incomplete, "
	    "%llu cut by the snaplen, %llu malformed",
	    ull(c->frames.fragments), gs_plural(c->frames.fragments),
	    ull(c->frames.reassembled), ull(c->frames.incomplete), ull(c->cut),
	    ull(c->malformed));
}

/* The exit status; 3: there are no streams. */
static int
judge(const struct gs_media_remarks *m, const uint64_t *verdict,
    const char *where)
{
	if (verdict[GS_VERDICT_NO_KEY] + verdict[GS_VERDICT_STOPPED] +
		verdict[GS_VERDICT_PARTLY] >
	    0)
		return 1;
	if (verdict[GS_VERDICT_DECRYPTED] > 0)
		return 0;
	if (verdict[GS_VERDICT_PLAIN] == 0)
		return 3;
	say(m, "no SRTP found: all RTP in the %s is unencrypted", where);
	return 2;
}

/* There is no RTP: tells what there is, or what could not be read. */
static void
say_none(const struct gs_media_remarks *m,
    const struct gs_srtp_receiver_counts *c, const char *unread)
{
	if (unread != NULL && c->udp == 0)
		say(m, "no SRTP found: %llu packet%s, and %s", ull(c->packets),
		    gs_plural(c->packets), unread);
	else
		say(m,
		    "no SRTP found: %llu packet%s, %llu of them UDP, none of "
		    "them RTP",
		    ull(c->packets), gs_plural(c->packets), ull(c->udp));
}

int
gs_media_remarks_run(const struct gs_media_remarks *m,
    const struct gs_media_dump_result *r)
{
	const struct gs_srtp_receiver_counts *c = &r->counts;
	char text[GS_UNREAD_TEXT];
	const char *unread = gs_net_unread_text(&c->frames, text);
	int status;

	say_blanked(m, &r->counts.scrub);
	if (r->counts.unwritten > 0 && !m->quiet)
		say(m,
		    "--tls: SIP messages in HEP that were not written, because "
		    "their version of IP is not that of the capture: %llu",
		    ull(r->counts.unwritten));
	if (m->verbose)
		say_counts(m, r);
	/* An incomplete run is always reported. */
	if (m->signal != NULL)
		say(m,
		    "ended by %s after %llu packet%s: the outputs contain "
		    "everything before",
		    m->signal, ull(r->counts.packets),
		    gs_plural(r->counts.packets));
	if (r->dropped > 0)
		say(m, "dropped by the kernel: %llu packet%s", ull(r->dropped),
		    gs_plural(r->dropped));
	if (unread != NULL && c->udp > 0 && !m->quiet)
		say(m, "%llu packet%s skipped: %s", ull(c->frames.unread),
		    gs_plural(c->frames.unread), unread);
	status = judge(m, r->verdict, "capture");
	if (status <= 2)
		return status;
	say_none(m, c, unread);
	return 2;
}

int
gs_media_remarks_merge(const struct gs_media_remarks *m,
    const uint64_t verdict[GS_VERDICTS])
{
	int status = judge(m, verdict, "reports");

	if (status <= 2)
		return status;
	say(m, "the reports contain no streams");
	return 2;
}
