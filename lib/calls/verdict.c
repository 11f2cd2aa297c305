/* SPDX-License-Identifier: MIT */
/* Says what was found, and how the media is protected. */
#include "calls/verdict.h"

#include "base/report.h"
#include "sdp/mask.h"
#include "sdp/sdes.h"
#include "sdp/sdp.h"
#include "text/textsrc.h"
#include "calls/dialog.h"

/* The names in JSON. */
static const char *
protection_name(enum gs_sdp_protection p)
{
	static const char *const names[] = {
		[GS_PLAIN] = "plain",
		[GS_OPPORTUNISTIC] = "opportunistic",
		[GS_SDES] = "sdes",
		[GS_DTLS] = "dtls",
		[GS_MIKEY] = "mikey",
		[GS_UNKEYED] = "no key",
		[GS_CUT] = "cut",
		[GS_INACTIVE] = "inactive",
		[GS_OTHER] = "other",
	};

	return names[p];
}

static void
put_text(struct gs_buf *b, const char *s)
{
	gs_buf_put_visible(b, gs_span_of(s));
}

/* Appends one m= line: "audio RTP/SAVP AES_CM_128_HMAC_SHA1_80". */
static void
put_media(struct gs_buf *b, const struct gs_sdp_media_verdict *m)
{
	put_text(b, gs_sdp_sdes_word(m->type).text);
	gs_buf_putc(b, ' ');
	put_text(b, gs_sdp_sdes_word(m->proto).text);
	switch (m->protection) {
	case GS_SDES:
	case GS_OPPORTUNISTIC:
		if (m->suite_name.n > 0) {
			gs_buf_putc(b, ' ');
			gs_buf_put_visible(b, m->suite_name);
		}
		if (m->suites > 1)
			gs_buf_printf(b, " (+%u)", m->suites - 1);
		if (m->masked)
			gs_buf_puts(b, " (key masked)");
		break;
	case GS_DTLS: gs_buf_puts(b, " DTLS"); break;
	case GS_MIKEY: gs_buf_puts(b, " MIKEY"); break;
	case GS_INACTIVE: gs_buf_puts(b, " (off)"); break;
	case GS_PLAIN:
	case GS_UNKEYED:
	case GS_CUT:
	case GS_OTHER: break;
	}
}

void
gs_calls_verdict_media(struct gs_buf *b, const struct gs_sdp_verdict *v)
{
	for (size_t i = 0; i < v->medias; i++) {
		if (i > 0)
			gs_buf_puts(b, "; ");
		put_media(b, &v->media[i]);
	}
}

static bool
encrypts(const struct gs_sdp_media_verdict *m)
{
	switch (m->protection) {
	case GS_SDES: return m->suites > 0 && !m->cleartext;
	case GS_DTLS:
	case GS_MIKEY: return true;
	default: return false;
	}
}

/* Whether some line with the same type of media is encrypted: then line i
 * is its alternative, for peers that cannot. */
static bool
is_alternative(const struct gs_sdp_verdict *v, size_t i)
{
	for (size_t k = 0; k < v->medias; k++)
		if (encrypts(&v->media[k]) &&
		    gs_span_eqcase(v->media[k].media->type,
			v->media[i].media->type))
			return true;
	return false;
}

/* The verdict on all m= lines in a few words. */
const char *
gs_calls_verdict_word(const struct gs_calls_result *r)
{
	const struct gs_sdp_verdict *v = r->verdict;
	size_t secure = 0, plain = 0, choice = 0, broken = 0, unknown = 0;
	bool cut = false, other = false;

	for (size_t i = 0; i < v->medias; i++) {
		const struct gs_sdp_media_verdict *m = &v->media[i];
		other |= m->protection == GS_OTHER;
		if (m->protection == GS_INACTIVE || m->protection == GS_OTHER)
			continue;
		if (m->protection == GS_CUT)
			cut = true;
		else if (m->protection == GS_SDES && !m->known && !m->cleartext)
			unknown++;
		else if (encrypts(m))
			secure++;
		else if (m->cleartext)
			plain++;
		else if (m->protection == GS_OPPORTUNISTIC ||
		    (m->protection == GS_PLAIN && is_alternative(v, i)))
			choice++;
		else if (m->protection == GS_PLAIN)
			plain++;
		else
			broken++;
	}
	if (r->capability)
		return "capabilities only, no media";
	if (broken > 0)
		return "no usable key";
	if (cut)
		return "unknown: the SDP is cut off";
	if (unknown > 0)
		return "unknown: no known suite";
	if (plain > 0)
		return secure + choice > 0 ? "partly encrypted" :
					     "not encrypted";
	if (choice > 0)
		return "encrypted if the peer agrees";
	if (secure > 0)
		return "encrypted";
	if (r->block->truncated)
		return "unknown: the SDP is cut off";
	return other ? "not judged" : "no active media";
}

struct gs_span
gs_calls_verdict_id(const char *text, bool log, char *to, size_t size)
{
	struct gs_span id = gs_span_of(text);

	/* What precedes the date of a log's line is not always a UUID. */
	return log && gs_span_chr(id, '/') == NULL ?
	    gs_sdp_sdes_shown(id, to, size) :
	    id;
}

static struct gs_span
block_id(const struct gs_text_block *b, char *to, size_t size)
{
	return gs_calls_verdict_id(b->id, b->type == GS_TEXT_FSLOG, to, size);
}

/* Where only ASCII may be printed, "-" is used instead. */
#define DASH "\xe2\x80\x94"

const char *
gs_calls_verdict_dash(const struct gs_report *r)
{
	return r->ascii ? "-" : DASH;
}

static void
describe_block(struct gs_buf *b, const struct gs_calls_result *r,
    const char *dash)
{
	char id[sizeof(r->block->id)];

	put_text(b, r->block->label);
	if (r->block->id[0] != '\0') {
		gs_buf_puts(b, " of ");
		gs_buf_put_visible(b, block_id(r->block, id, sizeof(id)));
	}
	gs_buf_puts(b, ": ");
	gs_calls_verdict_media(b, r->verdict);
	if (r->verdict->medias > 0)
		gs_buf_printf(b, " %s ", dash);
	gs_buf_puts(b, gs_calls_verdict_word(r));
}

/* Appends r in a few words, safe to print: "Remote SDP of 1c73: audio
 * RTP/SAVP AES_CM_128_HMAC_SHA1_80 — encrypted". Not for an event. */
static void
describe(struct gs_buf *b, const struct gs_calls_result *r, const char *dash)
{
	if (r->kind == GS_RESULT_BLOCK) {
		describe_block(b, r, dash);
	} else if (r->kind == GS_RESULT_KEY) {
		gs_buf_printf(b, "%s without its SDP: ", r->key_label);
		gs_buf_put_visible(b, gs_sdp_sdes_shown_suite(r->key));
	} else {
		gs_buf_puts(b, "registration of ");
		put_text(b, r->registration->user);
		gs_buf_puts(b, ": ");
		put_text(b, r->registration->status);
	}
}

static void
json_media(struct gs_json *j, const struct gs_sdp_verdict *v)
{
	gs_json_key(j, "media");
	gs_json_open(j, '[');
	for (size_t i = 0; i < v->medias; i++) {
		const struct gs_sdp_media_verdict *m = &v->media[i];
		gs_json_open(j, '{');
		gs_json_member_str(j, "media", gs_sdp_sdes_word(m->type).text);
		gs_json_member_u64(j, "port", m->media->port);
		gs_json_member_str(j, "proto", gs_sdp_sdes_word(m->proto).text);
		gs_json_member_str(j, "protection",
		    protection_name(m->protection));
		gs_json_key(j, "suite");
		if (m->suite_name.n > 0)
			gs_json_span(j, m->suite_name);
		else
			gs_json_null(j);
		gs_json_member_u64(j, "suites", m->suites);
		gs_json_member_bool(j, "masked", m->masked);
		gs_json_close(j, '}');
	}
	gs_json_close(j, ']');
}

void
gs_calls_verdict_transport(struct gs_json *j, enum gs_sdp_transport t)
{
	gs_json_member_text(j, "transport",
	    t != GS_TRANSPORT_UNKNOWN ? gs_sdp_transport_name(t) : NULL);
}

static void
json_block(struct gs_json *j, const struct gs_calls_result *r)
{
	static const char *const parties[] = { NULL, "remote", "local" };
	static const char *const roles[] = { NULL, "offer", "answer" };
	char id[sizeof(r->block->id)], text[sizeof(r->block->id)];
	struct gs_span shown = block_id(r->block, id, sizeof(id));

	gs_json_member_str(j, "source", gs_text_type_name(r->block->type));
	gs_json_member_str(j, "label", r->block->label);
	(void)snprintf(text, sizeof(text), "%.*s", (int)shown.n, shown.p);
	gs_json_member_text(j, "id", text);
	gs_json_member_text(j, "party", parties[r->block->party]);
	gs_json_member_text(j, "role", roles[r->role]);
	gs_calls_verdict_transport(j, r->block->transport);
	gs_json_member_str(j, "verdict", gs_calls_verdict_word(r));
	json_media(j, r->verdict);
}

static void
json_result(struct gs_json *j, const struct gs_calls_result *r)
{
	if (r->kind == GS_RESULT_BLOCK) {
		json_block(j, r);
	} else if (r->kind == GS_RESULT_REGISTRATION) {
		gs_json_member_str(j, "source", "reg");
		gs_json_member_str(j, "user", r->registration->user);
		gs_json_member_str(j, "status", r->registration->status);
		gs_calls_verdict_transport(j, r->registration->transport);
	} else {
		gs_json_member_str(j, "source", "fslog");
		gs_json_member_str(j, "label", r->key_label);
	}
}

/* The worst severity among the current findings; GS_NOTE if there are none. */
static enum gs_severity
count(const struct gs_diags *d, unsigned n[3])
{
	enum gs_severity worst = GS_NOTE;

	for (size_t i = 0; i < d->n; i++) {
		n[d->list[i].severity]++;
		if (d->list[i].severity > worst)
			worst = d->list[i].severity;
	}
	return worst;
}

static void
report_text(struct gs_buf *b, const char *file, const struct gs_calls_result *r,
    const char *dash, const unsigned n[3])
{
	put_text(b, file);
	gs_buf_putc(b, ':');
	gs_buf_put_u64(b, r->pos.line);
	gs_buf_puts(b, ": ");
	describe(b, r, dash);
	gs_buf_puts(b, ", ");
	gs_buf_put_u64(b, n[GS_ERROR]);
	gs_buf_puts(b, n[GS_ERROR] == 1 ? " error, " : " errors, ");
	gs_buf_put_u64(b, n[GS_WARNING]);
	gs_buf_puts(b, n[GS_WARNING] == 1 ? " warning\n" : " warnings\n");
}

void
gs_calls_verdict_report(struct gs_report *report, const char *file,
    const struct gs_calls_result *r, const struct gs_diags *d)
{
	struct gs_json *j = &report->json;
	struct gs_buf b;
	unsigned n[3] = { 0 };
	enum gs_severity worst = count(d, n);

	gs_buf_init(&b, 1024 * 1024);
	if (report->format == GS_TEXT) {
		report_text(&b, file, r, gs_calls_verdict_dash(report), n);
		(void)fwrite(b.p, 1, b.n, report->fp);
	} else if (report->format == GS_JSON) {
		describe(&b, r, DASH);
		gs_report_open_object(j,
		    &(struct gs_report_head){ .type = "block",
			.file = file,
			.pos = r->pos,
			.severity = worst,
			.message = gs_buf_span(&b) });
		json_result(j, r);
		gs_json_member_u64(j, "errors", n[GS_ERROR]);
		gs_json_member_u64(j, "warnings", n[GS_WARNING]);
		gs_json_member_u64(j, "notes", n[GS_NOTE]);
		if (report->members != NULL)
			report->members(j, report->about);
		gs_json_close(j, '}');
		gs_json_newline(j);
	}
	gs_buf_free(&b);
}
