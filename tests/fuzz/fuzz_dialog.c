/* SPDX-License-Identifier: MIT */
/* Fuzz target: any text as one file's calls. Nothing crashes, every finding
 * is given once, none shows a key of the SDP that it is about, and no verdict
 * has an octet that a terminal acts on. */
#include <stdlib.h>

#include "mutate.h"
#include "base/report.h"
#include "calls/dialog.h"
#include "calls/verdict.h"
#include "sdp/rules.h"
#include "sdp/sdes.h"
#include "text/textsrc.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

MUTATE(mutate_sdp)

static void
must_hide(const char *text, struct gs_span key)
{
	struct gs_span all = gs_span(text, text == NULL ? 0 : strlen(text));

	if (gs_span_find(all, key) < all.n)
		abort();
}

/* Keys that were decoded are long enough not to be met by chance. */
static void
check_line(const struct gs_sdp_line *line, const struct gs_diags *d)
{
	const struct gs_span name = GS_LIT("a=crypto:");
	struct gs_sdp_sdes s;

	if (!gs_span_starts(line->text, name))
		return;
	gs_sdp_sdes_parse(&s, line,
	    gs_span(line->text.p + name.n, line->text.n - name.n), NULL);
	for (size_t k = 0; k < s.keys; k++)
		for (size_t f = 0; s.key[k].n > 16 && f < d->n; f++) {
			must_hide(d->list[f].text, s.key[k].text);
			must_hide(d->list[f].source, s.key[k].text);
		}
	gs_sdp_sdes_wipe(&s);
}

static void
check_words(const struct gs_calls_result *r, const struct gs_diags *d)
{
	char *text = NULL;
	size_t n = 0;
	struct gs_report report = { .format = GS_TEXT,
		.fp = open_memstream(&text, &n) };

	if (report.fp == NULL)
		abort();
	gs_calls_verdict_report(&report, "f", r, d);
	/* A text that found no room lacks its end. */
	if (fclose(report.fp) != 0 || n == 0 || text[--n] != '\n')
		abort();
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			abort();
	free(text);
}

static void
on_result(void *arg, const struct gs_calls_result *r)
{
	struct gs_diags *d = arg;

	if (r->kind != GS_RESULT_EVENT)
		check_words(r, d);
	if (r->kind == GS_RESULT_BLOCK)
		for (size_t i = 0; i < r->block->lines; i++)
			check_line(&r->block->line[i], d);
	gs_diags_clear(d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_diags d;

	gs_diags_init(&d, gs_sdp_rules, NULL, 1000);
	d.sources = true;
	struct gs_calls_dialogs *calls = gs_calls_dialogs_new(
	    GS_REQUIRE_SRTP | GS_REQUIRE_TLS, &d, on_result, &d);
	if (calls == NULL)
		return 0;
	struct gs_text_sink sink = gs_calls_dialogs_sink(calls);
	struct gs_text_reader *t = gs_text_reader_new(GS_TEXT_AUTO, &sink);
	if (t != NULL &&
	    (gs_text_reader_feed(t, gs_span(p, n)) != 0 ||
		gs_text_reader_end(t) != 0))
		abort();
	if (gs_calls_dialogs_end(calls) != 0 || d.n > 0)
		abort();
	gs_text_reader_free(t);
	gs_calls_dialogs_free(calls);
	gs_diags_free(&d);
	return 0;
}
