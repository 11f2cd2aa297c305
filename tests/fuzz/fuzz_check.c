/* SPDX-License-Identifier: MIT */
/* What gs-sdpcheck does with a file: three octets say how, then come keys,
 * and the file. */
#include "work.h"

#include "mutate.h"

#include "calls/check.h"
#include "calls/keyfile.h"
#include "calls/sums.h"
#include "sdp/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

MUTATE(mutate_parts)

static void
say(void *arg, const char *text)
{
	(void)arg;
	must(text[0] != '\0');
}

static void
check(struct gs_calls_view *v, struct gs_calls_input *in)
{
	struct gs_calls_check *c = gs_calls_check_new(v);
	struct gs_err err;

	must(c != NULL);
	gs_report_file(v->report, in->path);
	if (gs_calls_check_read(c, in, GS_ROLE_UNKNOWN, &err) == -1)
		gs_report_trouble(v->report, err.text);
	gs_calls_check_free(c);
	(void)gs_calls_view_end(v);
}

static void
run(struct gs_calls_input *in, unsigned how, unsigned more,
    struct work_output *o)
{
	uint8_t policy[GS_R_COUNT];
	struct gs_diags d;
	struct gs_calls_sums sums = { .files = 0 };
	struct gs_calls_view v = { .report = &o->report,
		.d = &d,
		.require = more >> 5,
		.blocks = (how & 1) != 0,
		.at_once = (how & 2) != 0,
		.quiet = (how & 4) != 0,
		.all = (how & 8) != 0,
		.flow = o->report.format == GS_TEXT ? (how >> 4) % 3 : 0,
		.status = (how & 0x40) != 0,
		.filter.call = (more & 0x10) != 0 ? "a" : NULL,
		.sums = &sums };

	gs_sdp_policy_usual(policy);
	gs_sdp_peer_raise((more & 15) % 5, policy);
	gs_diags_init(&d, gs_sdp_rules, policy, 1000);
	d.sources = o->report.source;
	gs_report_begin(&o->report);
	check(&v, in);
	(void)gs_calls_sums_state(&sums, &d);
	must(gs_report_end(&o->report) == 0);
	gs_calls_sums_metrics(&sums, o->report.fp);
	gs_diags_free(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_span rest = gs_span(p, n);
	unsigned format = work_choice(&rest), how = work_choice(&rest),
		 more = work_choice(&rest);
	struct gs_span keys = work_part(&rest);
	char keyfile[64], path[64];
	const char *const list[] = { keyfile };
	FILE *kp = text_file(keys, keyfile), *fp = text_file(rest, path);
	struct gs_calls_keyfiles k = { .say = say };
	struct gs_calls_input in = { .path = path,
		.reader = "gs-test",
		.type = format % 5,
		.capture = (how & 0x80) != 0 };
	struct work_output o;
	struct gs_err err;

	if (gs_calls_keyfiles_read(&k, list, keys.n > 0, NULL, &err) == 0)
		in.holder = k.holder;
	work_output(&o, format, gs_sdp_rules);
	run(&in, how, more, &o);
	work_look(&o);
	gs_calls_keyfiles_tell(&k);
	gs_calls_holder_free(k.holder);
	(void)fclose(kp);
	(void)fclose(fp);
	return 0;
}
