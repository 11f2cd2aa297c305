/* SPDX-License-Identifier: MIT */
/* What gs-snomcfg does: two octets say what, then come parameters, what a
 * folder has already, and a file of settings or rows. */
#include "work.h"

#include "base/tree.h"
#include "snom/fleet.h"
#include "snom/outdir.h"
#include "snom/params.h"
#include "snom/report.h"
#include "snom/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
complain(const void *arg, bool usage, const char *text)
{
	(void)arg;
	(void)usage;
	must(text[0] != '\0');
}

static void
unchecked(const void *arg, struct gs_report *out, const struct gs_err *why)
{
	(void)arg;
	gs_report_trouble(out, why->text);
}

static void
set(struct gs_snom_params *p, struct gs_span name, struct gs_span value)
{
	struct gs_err err;

	must(gs_snom_params_set(p, name, value, false, &err) == 0);
}

static void
work(struct gs_snom_report *r, struct gs_snom_params *p, unsigned what)
{
	static char name[] = "in";
	char *const files[] = { name };
	struct gs_snom_fleet f = { .params = p,
		.accounts = name,
		.links = (what & 0x10) != 0,
		.prune = (what & 0x20) != 0,
		.prune_all = (what & 0x40) != 0,
		.keys = (what & 0x80) != 0 ? "keys" : NULL };
	struct gs_tree t = { .n = 0 };
	struct gs_err err;

	if (gs_snom_params_finish(p, true, &err) == -1)
		return;
	switch (what & 7) {
	case 0: (void)gs_snom_report_check(r, p, files, 1); break;
	case 1:
		/* What is in a folder, and below it. */
		must(gs_tree_files(&t, ".", ".xml .htm", &err) == 0);
		must(gs_tree_add(&t, name, &err) == 0);
		r->require = what >> 4;
		(void)gs_snom_report_check(r, p, t.name, (int)t.n);
		gs_tree_free(&t);
		break;
	case 2: (void)gs_snom_report_harden(r, p, name); break;
	case 3: (void)gs_snom_report_phone(r, &f, "000413260001"); break;
	case 4: (void)gs_snom_report_dhcp(r, p, "dnsmasq"); break;
	case 5: gs_snom_report_models(r, p); break;
	default: (void)gs_snom_report_folder(r, &f, "out");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_span rest = gs_span(p, n);
	unsigned format = work_choice(&rest), what = work_choice(&rest);
	struct gs_span given = work_part(&rest), there = work_part(&rest);
	struct work_output out, err;
	struct gs_snom_report r = { .verbose = (what & 8) != 0,
		.dry = (format & 0x10) != 0,
		.complain = complain,
		.unchecked = unchecked };
	struct gs_snom_params params;

	(void)work_folder();
	work_file("in", rest, 0600);
	work_file("params", given, 0600);
	work_file("keys", there, 0600);
	must(mkdir("out", 0755) == 0);
	work_file("out/.gs-snomcfg", there, 0640);
	work_file("out/settings-000413260001.xml", there, 0640);
	work_output(&out, format, gs_snom_rules);
	work_output(&err, format, gs_snom_rules);
	r.out = out.report;
	r.err = err.report;
	gs_snom_params_init(&params);
	set(&params, GS_LIT("base_url"), GS_LIT("https://h.example"));
	if (gs_snom_report_params(&r, &params, "params") != -1)
		work(&r, &params, what);
	gs_snom_params_free(&params);
	(void)fclose(out.report.fp);
	free(out.text);
	work_look(&err);
	return 0;
}
