/* SPDX-License-Identifier: MIT */
/* gs-sdpcheck: is this call encrypted, and if not, why not? */
#include <getopt.h>
#include <time.h>

#include "calls/check.h"
#include "calls/keyfile.h"
#include "calls/sums.h"
#include "rights.h"
#include "sdp/rules.h"
#include "sdpcheck_opts.h"
#include "text/sink.h"

struct run {
	struct cli cli;
	enum gs_text_type type;
	bool capture; /* -t pcap */
	unsigned require;
	uint8_t policy[GS_R_COUNT];
	bool follow;
	const char *offer;
	const char *answer;
	struct cli_keys keys;
	struct gs_calls_keyfiles keyfiles;
	struct gs_report report;
	struct gs_diags diags;
	struct gs_calls_view view;
	struct gs_calls_sums sums;
	bool critical; /* the answer to --status */
	struct cli_rights rights;
};

static void
flush(void)
{
	(void)fflush(NULL);
}

/* For captures and files with keys only: texts start in a millisecond. */
static int
confine(void *arg, struct gs_err *err)
{
	struct run *run = arg;
	const char *const more[] = { run->offer, run->answer,
		run->keys.pass_file };
	struct gs_confine c = {
		.reads = { (const char *const *)run->cli.argv + optind,
		    run->keys.path, more },
		.n = { (size_t)(run->cli.argc - optind), run->keys.n, 3 },
	};

	return cli_rights_keep(&run->rights, err) == -1 ?
	    -1 :
	    cli_rights_confine(&run->rights, &c, err);
}

enum { NOTHING = -1 };

/* Checks one file. The status is CLI_NO if it has findings that count, and
 * NOTHING if it was found in a folder and contains nothing to judge. */
static int
check_file(struct run *run, struct gs_calls_check *check, const char *file,
    enum gs_sdp_role role)
{
	struct gs_calls_input in = {
		.path = file,
		.reader = run->cli.tool,
		.type = run->type,
		.capture = run->capture,
		.local = localtime_r,
		.holder = run->keyfiles.holder,
		.piece = run->follow ? flush : NULL,
		.confine = confine,
		.confine_arg = run,
	};
	struct gs_err err;

	if (!run->view.found)
		gs_report_file(&run->report, file);
	gs_mute_file(&run->cli.mute, file);
	int r = gs_calls_check_read(check, &in, role, &err);
	if (r == -1)
		return cli_unchecked(&run->cli, &run->report, &err);
	return r == 1 ? NOTHING : cli_judge(&run->cli, &run->diags);
}

/* A file, or an offer and its answer (else NULL). */
static int
check_calls(struct run *run, const char *file, const char *answer)
{
	struct gs_calls_check *check = gs_calls_check_new(&run->view);
	int second = NOTHING;

	if (check == NULL)
		return cli_complain(&run->cli, "out of memory");
	int status = check_file(run, check, file,
	    answer != NULL ? GS_ROLE_OFFER : GS_ROLE_UNKNOWN);
	if (answer != NULL)
		second = check_file(run, check, answer, GS_ROLE_ANSWER);
	gs_calls_check_free(check);
	return second > status ? second : status;
}

static int
check_files(struct run *run)
{
	int worst = CLI_OK;

	if (run->offer != NULL)
		return check_calls(run, run->offer, run->answer);
	if (optind == run->cli.argc)
		return check_calls(run, "-", NULL);
	for (int i = optind; i < run->cli.argc; i++) {
		run->view.found = cli_was_found(&run->cli, i);
		int status = check_calls(run, run->cli.argv[i], NULL);
		worst = status > worst ? status : worst;
		if (status == NOTHING)
			cli_leave_out(&run->cli, i);
	}
	return cli_end_files(&run->cli, worst);
}

static int
take_time(const struct run *run, const char **time)
{
	if (!gs_calls_time_valid(run->cli.arg))
		return cli_usage(&run->cli,
		    "%s: write a time as 2026-11-27, \"2026-11-27 22:42\" or "
		    "22:42:20",
		    run->cli.arg);
	*time = run->cli.arg;
	return CLI_OK;
}

/* Takes one option. Returns CLI_OK or CLI_TROUBLE. */
static int
take(struct run *run, int c)
{
	int word = cli_word(&run->cli, c);

	if (word == -1)
		return CLI_TROUBLE;
	switch (c) {
	case 't':
		run->capture = word + 1 > GS_TEXT_REG;
		run->type =
		    run->capture ? GS_TEXT_AUTO : (enum gs_text_type)(word + 1);
		break;
	case OPT_FOLLOW: run->follow = true; break;
	case OPT_BLOCKS: run->view.blocks = true; break;
	case OPT_STATUS: run->view.status = true; break;
	case OPT_FLOW:
		run->view.flow = (enum gs_calls_draw)(word + GS_DRAW_TEXT);
		break;
	case OPT_CALL: run->view.filter.call = run->cli.arg; break;
	case OPT_HOST: run->view.filter.host = run->cli.arg; break;
	case OPT_SINCE: return take_time(run, &run->view.filter.since);
	case OPT_UNTIL: return take_time(run, &run->view.filter.until);
	case OPT_PASS_FILE: run->keys.pass_file = run->cli.arg; break;
	case 'K': return cli_keys_add(&run->cli, &run->keys);
	case OPT_OFFER: run->offer = run->cli.arg; break;
	case OPT_ANSWER: run->answer = run->cli.arg; break;
	case OPT_REQUIRE: run->require |= 1u << word; break;
	case OPT_PEER: gs_sdp_peer_raise((unsigned)word, run->policy); break;
	default: return CLI_TROUBLE;
	}
	return CLI_OK;
}

/* The report must not be written to an input. */
static int
guard_files(const struct run *run)
{
	int bad = cli_keys_reads(&run->cli, &run->keys) ||
	    cli_writes(&run->cli, NULL, "-");

	if (run->offer != NULL)
		return bad || cli_reads(&run->cli, "--offer", run->offer) ||
		    cli_reads(&run->cli, "--answer", run->answer);
	if (optind == run->cli.argc)
		return bad || cli_reads(&run->cli, NULL, "-");
	for (int i = optind; !bad && i < run->cli.argc; i++)
		bad = cli_reads(&run->cli, NULL, run->cli.argv[i]);
	return bad;
}

/* Which calls are reported. */
static void
look(struct run *run)
{
	struct gs_calls_view *v = &run->view;
	bool chosen = cli_given(&run->cli, 'W') != NULL;

	v->report = &run->report;
	v->d = &run->diags;
	v->require = run->require;
	v->sums = &run->sums;
	v->quiet = run->cli.quiet;
	v->at_once = run->follow;
	v->all = run->cli.verbose || (chosen && run->cli.level == GS_NOTE);
	v->few = !chosen;
	v->least = chosen ? run->cli.level : GS_WARNING;
	if (chosen)
		run->report.shown = run->cli.level;
}

static int
check(struct run *run)
{
	const struct gs_calls_filter *f = &run->view.filter;
	struct gs_err err;
	bool alone = run->view.status || run->view.flow != GS_DRAW_NOTHING;

	if (alone && run->cli.format != GS_TEXT)
		return cli_usage(&run->cli,
		    "%s cannot be combined with a format other than text",
		    run->view.status ? "--status" : "--flow");
	if (run->view.blocks && run->cli.format > GS_JSON)
		return cli_usage(&run->cli,
		    "--blocks cannot be combined with a format that has only "
		    "findings: use text or json");
	if (gs_calls_filter_is_empty(f))
		return cli_usage(&run->cli,
		    "--since %s is later than --until %s; across midnight, "
		    "give both with their dates",
		    f->since, f->until);
	if (cli_files(&run->cli, NULL) != CLI_OK || guard_files(run) != CLI_OK)
		return CLI_TROUBLE;
	if ((run->keys.n > 0 && confine(run, &err) == -1) ||
	    gs_calls_keyfiles_read(&run->keyfiles, run->keys.path, run->keys.n,
		run->keys.pass_file, &err) == -1)
		return cli_complain(&run->cli, "%s", err.text);
	run->cli.mute.keep_errors = run->require != 0;
	run->report = cli_report(&run->cli, false);
	run->report.sums = run->offer == NULL;
	gs_diags_init(&run->diags, gs_sdp_rules, run->policy, MAX_FINDINGS);
	run->diags.sources = run->report.source;
	run->diags.mute = &run->cli.mute;
	look(run);
	gs_report_begin(&run->report);
	int status = check_files(run);
	const char *why = gs_calls_view_end(&run->view);
	enum gs_plugin state = gs_calls_sums_state(&run->sums, &run->diags);
	if (why != NULL && status != CLI_TROUBLE)
		status = cli_complain(&run->cli, "%s", why);
	else if (run->view.status && status != CLI_TROUBLE)
		status = (int)state;
	run->critical = run->view.status && state == GS_PLUGIN_CRITICAL;
	status = cli_end_report(&run->cli, &run->report, status);
	gs_calls_keyfiles_tell(&run->keyfiles);
	gs_diags_free(&run->diags);
	return status;
}

int
main(int argc, char **argv)
{
	struct run run = {
		.cli = {
			.tool = "gs-sdpcheck",
			.synopsis = synopsis,
			.examples = examples,
			.opts = opts,
			.conflicts = conflicts,
			.explained = EXPLAINED,
			.formats = gs_format_words_figures,
			.input = "an SDP, SIP, a log or a capture",
			.rules = &gs_sdp_rules,
			.level = GS_ERROR,
			.argc = argc,
			.argv = argv,
		},
		.keyfiles = { .say = cli_remark, .arg = &run.cli },
		.rights.cli = &run.cli,
	};
	struct gs_guard guard;
	int c, status = CLI_OK;

	if (cli_begin(&run.cli) == -1)
		return CLI_TROUBLE;
	gs_guard_init(&guard);
	run.cli.guard = &guard;
	gs_sdp_policy_usual(run.policy);
	while (status == CLI_OK && (c = cli_next(&run.cli)) != 0)
		status = take(&run, c);
	if (status == CLI_OK)
		status = check(&run);
	gs_calls_holder_free(run.keyfiles.holder);
	gs_guard_free(&guard);
	status = cli_close_stdout(&run.cli, status);
	cli_rights_end(&run.rights);
	return cli_plugin(&run.cli, OPT_STATUS, run.critical, status);
}
