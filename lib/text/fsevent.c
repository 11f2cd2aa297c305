/* SPDX-License-Identifier: MIT */
/* What FreeSWITCH's log says of keys, errors and ends of calls. */
#include "text/fsevent_priv.h"

void
fs_give_key(struct gs_textsrc *t, const struct fs_message *m,
    const struct fs_about *a, struct gs_span rest, const struct gs_line *l)
{
	struct gs_log_key k = { .line = *l,
		.party = m->party,
		.changed = m->again,
		.id_guessed = a->guessed };
	struct gs_span media = rest, crypto = rest;

	crypto = text_skip(crypto, gs_span_find(crypto, GS_LIT("[")) + 1);
	while (crypto.n > 0 && crypto.p[crypto.n - 1] != ']')
		crypto.n--;
	if (crypto.n > 0)
		crypto.n--;
	else /* The line was cut. */
		crypto = text_skip(rest, gs_span_find(rest, GS_LIT("[")) + 1);
	k.crypto = crypto;
	media = text_word(&media);
	if (!gs_span_eqcase(media, GS_LIT("key")) &&
	    !gs_span_eqcase(media, GS_LIT("crypto")))
		text_copy(k.media, sizeof(k.media), media);
	memcpy(k.id, a->id, sizeof(k.id));
	if (t->sink.key != NULL)
		t->sink.key(t->sink.arg, &k);
}

/* The part of an event's line that tells what exactly. */
static struct gs_span
detail(enum gs_log_event_kind kind, struct gs_span rest)
{
	size_t at;

	switch (kind) {
	case GS_LOG_HANGUP:
	case GS_LOG_UNSUPPORTED:
		return fs_last_bracket(
		    rest.n > 0 ? gs_span(rest.p - 1, rest.n + 1) : rest);
	case GS_LOG_UNPROTECT:
		at = gs_span_find(rest, GS_LIT("code "));
		rest = at < rest.n ? text_skip(rest, at + 5) :
				     text_skip(rest, rest.n);
		return text_word(&rest);
	case GS_LOG_VALUE_INVALID: return text_word(&rest);
	case GS_LOG_CODEC_ERROR:
	case GS_LOG_CRYPTO_IN_AVP:
	case GS_LOG_SETUP_FAILED:
	case GS_LOG_NOT_NEGOTIATED:
	case GS_LOG_SECURE_DISABLED:
	case GS_LOG_SUITE_INVALID: return gs_span(rest.p, 0);
	case GS_LOG_PARSE_ERROR:
	case GS_LOG_MKI_ERROR:
	case GS_LOG_ACTIVATED: break;
	}
	return gs_span_trim(rest);
}

void
fs_give_event(struct gs_textsrc *t, const struct fs_message *m,
    const struct fs_about *a, struct gs_span rest, const struct gs_line *l)
{
	struct gs_log_event e = { .kind = m->event,
		.line = *l,
		.id_guessed = a->guessed,
		.detail = detail(m->event, rest) };

	memcpy(e.id, a->id, sizeof(e.id));
	if (t->sink.event != NULL)
		t->sink.event(t->sink.arg, &e);
}
