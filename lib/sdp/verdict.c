/* SPDX-License-Identifier: MIT */
/* Says in words how the media of an SDP is protected. */
#include "sdp/verdict.h"

const char *
gs_protection_name(enum gs_protection p)
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

void
gs_verdict_put_media(struct gs_buf *b, const struct gs_media_verdict *m)
{
	gs_buf_put_visible(b, m->type);
	gs_buf_putc(b, ' ');
	gs_buf_put_visible(b, m->proto);
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

static bool
encrypts(const struct gs_media_verdict *m)
{
	switch (m->protection) {
	case GS_SDES:
		return m->suites > 0 && !m->cleartext;
	case GS_DTLS:
	case GS_MIKEY:
		return true;
	default:
		return false;
	}
}

/* Whether some line with the same type of media is encrypted: then line i
 * is its alternative, for peers that cannot. */
static bool
is_alternative(const struct gs_verdict *v, size_t i)
{
	for (size_t k = 0; k < v->medias; k++)
		if (encrypts(&v->media[k]) &&
		    gs_span_eqcase(v->media[k].media->type,
			v->media[i].media->type))
			return true;
	return false;
}

const char *
gs_verdict_word(const struct gs_verdict *v)
{
	size_t secure = 0, plain = 0, choice = 0, broken = 0;
	bool cut = false;

	for (size_t i = 0; i < v->medias; i++) {
		const struct gs_media_verdict *m = &v->media[i];
		if (m->protection == GS_INACTIVE ||
		    m->protection == GS_OTHER)
			continue;
		if (m->protection == GS_CUT)
			cut = true;
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
	if (broken > 0)
		return "no usable key";
	if (cut)
		return "not known: the SDP is cut off";
	if (plain > 0)
		return secure + choice > 0 ? "partly encrypted" :
					     "not encrypted";
	if (choice > 0)
		return "encrypted if the peer agrees";
	return secure > 0 ? "encrypted" : "no active media";
}
