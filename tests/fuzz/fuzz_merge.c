/* SPDX-License-Identifier: MIT */
/* What gs-srtpdump --merge does: an octet for the format, and two reports. */
#include "work.h"

#include "mutate.h"

#include "media/merge.h"
#include "srtp/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char *const words[] = { "{\"type\":\"stream\"", "1e308",
	"\"ssrc\":", "null", "[", "-1", NULL };
static const struct mutate_format lines = { mutate_line, NULL, words };
MUTATE(lines)

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_span rest = gs_span(p, n);
	unsigned format = work_choice(&rest);
	struct gs_span first = work_part(&rest);
	char a[64], b[64];
	const char *const paths[] = { a, b };
	FILE *fa = text_file(first, a), *fb = text_file(rest, b);
	struct gs_media_merge q = { .paths = paths, .n = 1 + (rest.n > 0) };
	struct work_output o;
	uint64_t verdict[GS_VERDICTS];
	struct gs_err err;

	work_output(&o, format, gs_srtp_key_rules);
	q.json = o.report.format == GS_JSON;
	q.findings = o.report.format > GS_JSON ? &o.report : NULL;
	q.fp = q.findings == NULL ? o.report.fp : NULL;
	gs_report_begin(&o.report);
	gs_report_file(&o.report, "x");
	(void)!gs_media_merge_files(&q, verdict, &err);
	must(gs_report_end(&o.report) == 0);
	work_look(&o);
	(void)fclose(fa);
	(void)fclose(fb);
	return 0;
}
