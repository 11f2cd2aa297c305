/* SPDX-License-Identifier: MIT */
/* What gs-sdpcheck does with a file: four octets say how, then come keys, which
 * may be a baseline as well, and the file. */
#include "work.h"

#include "mutate.h"

#include "base/baseline.h"
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

/* What the fourth octet chooses. */
enum {
	KNOWN = 1,
	PAIR = 2,
	SINCE = 4,
	UNTIL = 8,
	HOST = 16,
	LEARN = 32,
	BYTES = 64,
	DISABLE = 128
};

static void
check(struct gs_calls_view *v, const struct gs_calls_input *in, unsigned pick)
{
	static const enum gs_sdp_role roles[] = { GS_ROLE_OFFER,
		GS_ROLE_ANSWER };
	struct gs_calls_check *c = gs_calls_check_new(v);
	struct gs_err err;

	must(c != NULL);
	gs_report_file(v->report, in->path);
	for (unsigned i = 0; i <= ((pick & PAIR) != 0); i++) {
		struct gs_calls_input one = *in;
		enum gs_sdp_role role =
		    (pick & PAIR) != 0 ? roles[i] : GS_ROLE_UNKNOWN;

		if (gs_calls_check_read(c, &one, role, &err) == -1)
			gs_report_trouble(v->report, err.text);
	}
	gs_calls_check_free(c);
	(void)gs_calls_view_end(v);
}

/* What is not reported: findings of the baseline, and a rule. */
static void
mute(struct gs_mute *m, unsigned pick, const char *baseline)
{
	struct gs_err err;

	(void)gs_mute_comment(m, GS_LIT("gsprov: disable=sdp-line, x"), true);
	m->baseline = (pick & KNOWN) != 0;
	m->learn = (pick & LEARN) != 0;
	if (m->baseline && gs_baseline_read(m, baseline, &err) == -1)
		must(err.text[0] != '\0');
	gs_mute_file(m, "x");
	if ((pick & DISABLE) != 0)
		gs_mute_rule(m, &gs_sdp_rules.rule[GS_R_CRYPTO_IN_AVP]);
}

/* What was learnt is known then. */
static void
learnt(struct gs_mute *m, const char *path)
{
	struct gs_mute again = { .rules = m->rules };
	struct gs_err err;

	if (m->learn && gs_baseline_write(m, path, NULL, &err) == 0) {
		must(gs_baseline_read(&again, path, &err) == 0);
		must(again.known.n == m->known.n);
		gs_mute_free(&again);
		must(unlink(path) == 0);
	}
}

static void
run(const struct gs_calls_input *in, const unsigned how[3],
    struct work_output *o, struct gs_mute *m)
{
	uint8_t policy[GS_R_COUNT];
	struct gs_diags d;
	struct gs_calls_sums sums = { .files = 0 };
	struct gs_calls_view v = { .report = &o->report,
		.d = &d,
		.require = how[1] >> 5,
		.blocks = (how[0] & 1) != 0,
		.at_once = (how[0] & 2) != 0,
		.quiet = (how[0] & 4) != 0,
		.all = (how[0] & 8) != 0,
		.flow = o->report.format == GS_TEXT ? (how[0] >> 4) % 3 : 0,
		.status = (how[0] & 0x40) != 0,
		.filter = { .call = (how[1] & 0x10) != 0 ? "a" : NULL,
		    .since = (how[2] & SINCE) != 0 ? "2013-05-12 13" : NULL,
		    .until = (how[2] & UNTIL) != 0 ? "13:57:21" : NULL,
		    .host = (how[2] & HOST) != 0 ? "192.0.2.1" : NULL },
		.sums = &sums };

	gs_sdp_policy_usual(policy);
	gs_sdp_peer_raise((how[1] & 15) % 5, policy);
	gs_diags_init(&d, gs_sdp_rules, policy,
	    (how[2] & HOST) != 0 ? 2 : 1000);
	d.sources = o->report.source;
	d.mute = m;
	o->report.mute = m;
	gs_report_begin(&o->report);
	check(&v, in, how[2]);
	(void)gs_calls_sums_state(&sums, &d);
	must(gs_report_end(&o->report) == 0);
	gs_calls_sums_metrics(&sums, o->report.fp);
	gs_diags_free(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_span rest = gs_span(p, n);
	unsigned format = work_choice(&rest);
	const unsigned how[] = { work_choice(&rest), work_choice(&rest),
		work_choice(&rest) };
	struct gs_span keys = work_part(&rest);
	char keyfile[64], path[64];
	const char *const list[] = { keyfile };
	FILE *kp = text_file(keys, keyfile), *fp = text_file(rest, path);
	struct gs_calls_keyfiles k = { .say = say };
	struct gs_calls_input in = { .path = path,
		.bytes = (how[2] & BYTES) != 0 ? &rest : NULL,
		.reader = "gs-test",
		.type = format % 5,
		.capture = (how[0] & 0x80) != 0 && (how[2] & BYTES) == 0 };
	struct gs_mute m = { .rules = gs_sdp_rules };
	struct work_output o;
	struct gs_err err;

	(void)work_folder();
	mute(&m, how[2], keyfile);
	if (gs_calls_keyfiles_read(&k, list, keys.n > 0, NULL, &err) == 0)
		in.holder = k.holder;
	work_output(&o, format, gs_sdp_rules);
	run(&in, how, &o, &m);
	work_look(&o);
	learnt(&m, "baseline");
	gs_mute_free(&m);
	gs_calls_keyfiles_tell(&k);
	gs_calls_holder_free(k.holder);
	(void)fclose(kp);
	(void)fclose(fp);
	return 0;
}
