/* SPDX-License-Identifier: MIT */
/* What gs-srtpdump does with a capture: three octets say which outputs, then
 * come keys, and the capture. */
#include "work.h"

#include "kept_srtp.h"
#include "mutate.h"

#include "base/guard.h"
#include "base/wiped.h"
#include "media/dump.h"
#include "media/remarks.h"
#include "srtp/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

MUTATE(mutate_parts)

static void
run(const struct gs_media_dump_options *o, FILE *said)
{
	static const struct gs_media_dump_hooks hooks = { 0 };
	struct gs_media_remarks remarks = { .fp = said,
		.tool = "gs-test",
		.verbose = true,
		.capture = true };
	struct gs_media_dump_result result = { .written = false };
	struct gs_guard guard;
	struct gs_err err;
	struct gs_media_dump *d = gs_media_dump_new(o, &hooks, &err);

	gs_guard_init(&guard);
	if (gs_media_dump_guard(o, &guard, &err) == -1)
		must(err.text[0] != '\0');
	gs_guard_free(&guard);
	if (d == NULL)
		return;
	int r = gs_media_dump_run(d, &result, &err);
	gs_media_remarks_keys(&remarks, gs_media_dump_diags(d));
	gs_media_remarks_tls(&remarks, d);
	if (r == 0)
		(void)gs_media_remarks_run(&remarks, &result);
	if (o->findings != NULL)
		gs_report_findings(o->findings, "x", gs_media_dump_diags(d));
	gs_media_dump_free(d);
}

/* The outputs that the octets choose. */
static void
choose(struct gs_media_dump_options *o, unsigned what, unsigned more)
{
	o->wav = (what & 1) != 0 ? "a.wav" : NULL;
	o->folder = (what & 2) != 0 ? "." : NULL;
	o->svg = (what & 4) != 0 ? "g.svg" : NULL;
	o->capture_path = (what & 8) != 0 ? "w.pcap" : NULL;
	o->tls = o->capture_path != NULL && (what & 0x10) != 0;
	o->only_rtp = (what & 0x20) != 0;
	o->tones = (what & 0x40) != 0;
	o->keep_sip = (what & 0x80) != 0;
	o->session.sip = (more & 1) == 0;
	o->session.streams.engine = (enum gs_srtp_engine)((more >> 1) % 3);
	o->session.streams.roc_fixed = (more & 8) != 0;
	o->filter = (more & 0x10) != 0 ? "udp" : NULL;
	o->add_sdp = (more & 0x40) != 0 && o->capture_path != NULL;
	o->ncaptures = (more & 0x80) != 0 ? 2 : 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_span rest = gs_span(p, n);
	unsigned format = work_choice(&rest), what = work_choice(&rest),
		 more = work_choice(&rest);
	struct gs_span keys = work_part(&rest);
	/* The same twice, side by side. */
	const char *const captures[] = { "in.pcap", "in.pcap" };
	const char *const list[] = { "k" };
	struct work_output out;
	struct gs_media_dump_options o = { .captures = captures,
		.look.width = (format & 0x40) != 0 ? 80 : 0,
		.keys = list,
		.nkeys = keys.n > 0,
		.session.streams.roc_max = 3 };

	keep_srtp();
	gs_wiped_allow();
	(void)work_folder();
	work_file(captures[0], rest, 0600);
	work_file(list[0], keys, 0600);
	choose(&o, what, more);
	work_output(&out, format, gs_srtp_key_rules);
	o.json = out.report.format == GS_JSON;
	o.findings = out.report.format > GS_JSON ? &out.report : NULL;
	o.report = o.findings == NULL ? out.report.fp : NULL;
	o.hex = (more & 0x20) != 0 ? out.report.fp : NULL;
	gs_report_begin(&out.report);
	gs_report_file(&out.report, "x");
	run(&o, out.report.fp);
	must(gs_report_end(&out.report) == 0);
	work_look(&out);
	return 0;
}
