/* SPDX-License-Identifier: MIT */
/* gs-sdpcheck: is this call encrypted, and if not, why not? */
#include <getopt.h>

#include "cli.h"

#include "calls/dialog.h"
#include "calls/input.h"
#include "calls/keyfile.h"
#include "calls/verdict.h"
#include "sdp/rules.h"
#include "text/textsrc.h"

enum { OPT_REQUIRE = 256, OPT_PEER, OPT_FOLLOW, OPT_OFFER, OPT_ANSWER };

enum { OPT_PASS_FILE = OPT_ANSWER + 1, MAX_FINDINGS = 1000 /* of one SDP */ };

static const struct cli_opt opts[] = {
	{ 't', "type", "TYPE", "read every FILE as TYPE",
	    "sdp sip fslog reg pcap" },
	{ 'K', "keys", "FILE",
	    "file with keys of TLS: key log, agent.pem (repeatable)", NULL },
	{ OPT_PASS_FILE, "pass-file", "FILE",
	    "read the pass phrase of a private key", NULL },
	{ OPT_REQUIRE, "require", "WHAT",
	    "report an error unless the call uses WHAT", "srtp savp tls" },
	{ OPT_PEER, "peer", "NAME", "report problems with NAME",
	    "freeswitch freeswitch12 asterisk pjsip baresip" },
	{ OPT_OFFER, "offer", "FILE", "check the answer against this offer",
	    NULL },
	{ OPT_ANSWER, "answer", "FILE", "the answer to the offer", NULL },
	{ OPT_FOLLOW, "follow", NULL,
	    "report each SDP as soon as it is complete", NULL },
	{ 0 },
};

static const char synopsis[] =
    "  gs-sdpcheck [options] [FILE ...]\n"
    "  gs-sdpcheck [options] --offer FILE --answer FILE\n";

static const char examples[] =
    "  gs-sdpcheck --require savp /var/log/freeswitch/freeswitch.log\n"
    "  fs_cli -x 'sofia status profile gemeinschaft reg' |\n"
    "      gs-sdpcheck --require tls\n";

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
	const char *file; /* the one that is read */
	bool found; /* in a folder */
	bool told; /* the report knows of it */
};

/* The file is part of the report from here on. */
static void
tell_file(struct run *run)
{
	if (!run->told)
		gs_report_file(&run->report, run->file);
	run->told = true;
}

static void
report(struct run *run)
{
	tell_file(run);
	gs_report_findings(&run->report, run->file, &run->diags);
	gs_diags_clear(&run->diags);
}

static void
on_result(void *arg, const struct gs_calls_result *r)
{
	struct run *run = arg;

	tell_file(run);
	if (r->kind != GS_RESULT_EVENT && !run->cli.quiet)
		gs_calls_verdict_report(&run->report, run->file, r,
		    &run->diags);
	report(run);
}

static void
flush(void)
{
	(void)fflush(NULL);
}

enum { NOTHING = -1 };

/* Checks one file; the status is CLI_NO when it has findings that count, and
 * NOTHING when it was found in a folder and holds nothing to judge. */
static int
check_file(struct run *run, struct gs_calls_dialogs *calls, const char *file)
{
	struct gs_calls_input in = {
		.path = file,
		.reader = run->cli.tool,
		.type = run->type,
		.capture = run->capture,
		.holder = run->keyfiles.holder,
		.piece = run->follow ? flush : NULL,
	};
	struct gs_err err;

	run->file = file;
	run->told = false;
	if (!run->found)
		tell_file(run);
	gs_mute_file(&run->cli.mute, file);
	if (!run->cli.quiet)
		cli_say_stdin(&run->cli, file);
	int bad = gs_calls_read(&in, calls, &err);
	if (bad == 0 && run->diags.no_memory)
		bad = gs_err_set(&err, "%s: out of memory", file);
	else if (bad == 0 && run->found && !run->told &&
	    gs_calls_holds_nothing(&in, calls))
		return NOTHING;
	else if (bad == 0 && !gs_calls_dialogs_judged(calls))
		bad = gs_err_set(&err, "%s: %s", file,
		    gs_calls_nothing(&in, calls, &run->diags));
	report(run);
	if (bad == -1)
		return cli_unchecked(&run->cli, &run->report, &err);
	return cli_judge(&run->cli, &run->diags);
}

static int
check_alone(struct run *run, const char *file)
{
	struct gs_calls_dialogs *calls =
	    gs_calls_dialogs_new(run->require, &run->diags, on_result, run);

	if (calls == NULL)
		return cli_complain(&run->cli, "out of memory");
	int status = check_file(run, calls, file);
	gs_calls_dialogs_free(calls);
	return status;
}

static int
check_files(struct run *run)
{
	int worst = optind == run->cli.argc ? check_alone(run, "-") : CLI_OK;

	for (int i = optind; i < run->cli.argc; i++) {
		run->found = cli_was_found(&run->cli, i);
		int status = check_alone(run, run->cli.argv[i]);
		worst = status > worst ? status : worst;
		if (status == NOTHING)
			cli_leave_out(&run->cli, i);
	}
	return cli_end_files(&run->cli, worst);
}

static int
check_pair(struct run *run)
{
	struct gs_calls_dialogs *calls =
	    gs_calls_dialogs_new(run->require, &run->diags, on_result, run);

	if (calls == NULL)
		return cli_complain(&run->cli, "out of memory");
	gs_calls_dialogs_force(calls, GS_ROLE_OFFER, run->offer);
	int status = check_file(run, calls, run->offer);
	gs_calls_dialogs_force(calls, GS_ROLE_ANSWER, run->answer);
	int second = check_file(run, calls, run->answer);
	gs_calls_dialogs_free(calls);
	return second > status ? second : status;
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
		run->type = run->capture ? GS_TEXT_AUTO : word + 1;
		break;
	case OPT_FOLLOW: run->follow = true; break;
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

/* What the options do not allow together. */
static int
wrong_together(const struct run *run)
{
	bool operands = optind < run->cli.argc;

	if ((run->offer == NULL) != (run->answer == NULL))
		return cli_usage(&run->cli, "--offer and --answer go together");
	if (run->offer != NULL && operands)
		return cli_usage(&run->cli,
		    "--offer and --answer take no further FILE");
	if (run->follow && (operands || run->offer != NULL))
		return cli_usage(&run->cli,
		    "--follow reads standard input: tail -F FILE | "
		    "gs-sdpcheck --follow");
	return CLI_OK;
}

/* The report must not go into what it is about. */
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

static int
check(struct run *run)
{
	struct gs_err err;

	if (wrong_together(run) != CLI_OK ||
	    cli_files(&run->cli, NULL) != CLI_OK || guard_files(run) != CLI_OK)
		return CLI_TROUBLE;
	if (gs_calls_keyfiles_read(&run->keyfiles, run->keys.path, run->keys.n,
		run->keys.pass_file, &err) == -1)
		return cli_complain(&run->cli, "%s", err.text);
	run->cli.mute.keep_errors = run->require != 0;
	run->report = cli_report(&run->cli, false);
	run->report.sums = run->offer == NULL;
	gs_diags_init(&run->diags, gs_sdp_rules, run->policy, MAX_FINDINGS);
	run->diags.sources = run->report.source;
	run->diags.mute = &run->cli.mute;
	gs_report_begin(&run->report);
	int status = run->offer != NULL ? check_pair(run) : check_files(run);
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
			.rules = &gs_sdp_rules,
			.level = GS_ERROR,
			.argc = argc,
			.argv = argv,
		},
		.keyfiles = { .say = cli_remark, .arg = &run.cli },
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
	return cli_close_stdout(&run.cli, status);
}
