/* SPDX-License-Identifier: MIT */
/* gs-srtpdump: give it a capture and a key, hear the call. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/dump.h"
#include "media/merge.h"
#include "media/remarks.h"
#include "media/wav.h"
#include "net/live.h"
#include "progress.h"
#include "rights.h"
#include "srtp/cipher.h"
#include "srtp/reference.h"
#include "srtp/rules.h"
#include "srtpdump_opts.h"

static cli_library *const libraries[] = { gs_srtp_cipher_library,
	gs_srtp_reference_library, gs_net_live_library, gs_media_wav_library,
	gs_media_merge_library, NULL };

struct run {
	struct cli cli;
	struct gs_guard guard;
	struct gs_media_dump_options dump;
	struct gs_media_remarks remarks;
	struct cli_progress progress;
	struct cli_rights rights;
	struct cli_keys keys;
	unsigned stdins; /* inputs that are "-" */
	bool to_stdout; /* what is decrypted */
	bool findings; /* the format has only findings */
	const char *about; /* the file for findings about keys */
	struct gs_report report; /* of them */
	bool merge;
	bool wide; /* no line is broken */
	bool failed; /* for a reason other than missing SRTP */
	bool closed; /* standard output failed, which was reported */
};

/* Options about how streams are opened. */
static int
set_streams(struct run *r, int c)
{
	struct gs_srtp_streams_options *o = &r->dump.session.streams;
	bool fixed = c == OPT_ROC;
	long long v;

	if (c == OPT_ENGINE) {
		int engine = cli_word(&r->cli, c);
		o->engine = engine >= 0 ? (enum gs_srtp_engine)engine : 0;
		return engine >= 0 ? 0 : CLI_TROUBLE;
	}
	if (cli_num(&r->cli, fixed ? "--roc" : "--roc-max", 0, UINT32_MAX,
		&v) == -1)
		return CLI_TROUBLE;
	o->roc_fixed |= fixed;
	*(fixed ? &o->roc : &o->roc_max) = (uint32_t)v;
	return 0;
}

static int
set_option(struct run *r, int c)
{
	struct gs_media_dump_options *d = &r->dump;
	const char *arg = r->cli.arg;

	switch (c) {
	case 'K':
		r->stdins += strcmp(arg, "-") == 0;
		return cli_keys_add(&r->cli, &r->keys);
	case OPT_USER: r->rights.user = arg; return 0;
	case OPT_PASS_FILE: r->keys.pass_file = arg; return 0;
	case 'w':
		d->capture = strcmp(arg, "-") == 0 ? stdout : NULL;
		d->capture_path = d->capture == NULL ? arg : NULL;
		return 0;
	case 'a': d->wav = arg; return 0;
	case 'A': d->folder = arg; return 0;
	case 'g': d->svg = arg; return 0;
	case 'x': d->hex = stdout; return 0;
	case 'F': d->filter = arg; return 0;
	case 'i': d->interface = r->rights.interface = arg; return 0;
	case OPT_ONLY_RTP: d->only_rtp = true; return 0;
	case OPT_TLS: d->tls = true; return 0;
	case OPT_ADD_SDP: d->add_sdp = true; return 0;
	case OPT_DTMF: d->tones = true; return 0;
	case OPT_KEEP_SIP: d->keep_sip = true; return 0;
	case OPT_WIDE: r->wide = true; return 0;
	case OPT_NO_SIP: d->session.sip = false; return 0;
	case OPT_MERGE: r->cli.input = "a report"; return 0;
	default: return set_streams(r, c);
	}
}

/* Checks the operands and combinations of options. */
static int
check_options(struct run *r)
{
	static const char *const from_stdin[] = { "-" };
	struct gs_media_dump_options *d = &r->dump;
	const struct cli *cli = &r->cli;

	d->captures = (const char *const *)(cli->argv + optind);
	d->ncaptures = (size_t)(cli->argc - optind);
	d->keys = r->keys.path;
	d->nkeys = r->keys.n;
	d->pass_file = r->keys.pass_file;
	d->json = cli->format == GS_JSON;
	r->findings = cli->format > GS_JSON;
	r->cli.says_muted = !r->findings;
	r->remarks.fp = cli->err;
	r->remarks.quiet = cli->quiet;
	r->remarks.verbose = cli->verbose;
	r->merge = cli_given(cli, OPT_MERGE) != NULL;
	r->remarks.capture = d->capture != NULL || d->capture_path != NULL;
	if (r->merge && cli->mute.learn && !r->findings)
		return cli_usage(cli,
		    "--merge --write-baseline requires -f, as in -f sarif");
	if (d->interface == NULL && d->ncaptures == 0) {
		if (isatty(STDIN_FILENO))
			return cli_usage(cli,
			    "name %s, or '-' for standard input", cli->input);
		d->captures = from_stdin;
		d->ncaptures = 1;
	}
	r->about = d->ncaptures > 0 ? d->captures[0] : d->interface;
	for (size_t i = 0; i < d->ncaptures; i++)
		r->stdins += strcmp(d->captures[i], "-") == 0;
	if (r->stdins > 1)
		return cli_usage(cli, "only one input can be '-'");
	if (d->hex != NULL && d->capture != NULL)
		return cli_usage(cli, "-x cannot be combined with '-w -'");
	return 0;
}

/* No output is an input, and none is written twice. */
static int
open_outputs(struct run *r)
{
	struct gs_media_dump_options *d = &r->dump;
	const struct cli *c = &r->cli;
	struct gs_err err;
	int bad = 0;

	bool decrypted = d->capture != NULL || d->hex != NULL;
	bool taken = r->findings || decrypted;
	decrypted |= d->wav != NULL && strcmp(d->wav, "-") == 0;
	r->to_stdout =
	    decrypted || (d->svg != NULL && strcmp(d->svg, "-") == 0);
	if (r->findings)
		d->findings = &r->report;
	else if (!r->remarks.quiet)
		d->report = r->to_stdout ? c->err : c->out;
	d->look.width =
	    r->wide ? 0 : cli_width(r->to_stdout ? stderr : stdout, CLI_WIDTH);
	d->look.color = cli_report(c, r->to_stdout).color;
	for (size_t i = 0; !bad && i < d->ncaptures; i++)
		bad = cli_reads(c, NULL, d->captures[i]);
	bad = bad || cli_keys_reads(c, &r->keys);
	if (!bad && (taken || d->report == c->out))
		bad = cli_writes(c, NULL, "-");
	if (!bad && gs_media_dump_guard(d, c->guard, &err) == -1)
		bad = cli_complain(c, "%s", err.text);
	if (!bad && decrypted)
		cli_say_wide(c);
	return bad;
}

/* A reader that went away is not reported. */
static int
say_failed(struct run *r, const struct gs_err *err, bool written)
{
	r->failed = true;
	gs_report_trouble(&r->report, err->text);
	r->closed = r->dump.capture != NULL && ferror(stdout) != 0;
	if (r->to_stdout && err->sys == EPIPE)
		return CLI_TROUBLE;
	return cli_complain(&r->cli, "%s%s", err->text,
	    written ? "; the outputs contain everything before" : "");
}

/* Captures and files with keys are read later. */
static int
confine(void *run, struct gs_err *err)
{
	struct run *r = run;
	struct gs_confine c = { .reads = { r->dump.captures, r->dump.keys },
		.n = { r->dump.ncaptures, r->dump.nkeys } };

	return cli_rights_confine(&r->rights, &c, err);
}

static int
dump(struct run *r)
{
	struct gs_media_dump_hooks hooks = { cli_progress_tick,
		cli_progress_say, &r->progress, confine, r };
	struct gs_media_dump_result result;
	struct gs_media_dump *d = NULL;
	struct gs_err err;

	(void)setenv("NSS_DISABLE_UNLOAD", "1", 0); /* libsrtp2 starts faster */
	if (cli_rights_keep(&r->rights, &err) == 0) {
		r->dump.keeper = r->cli.keeper;
		d = gs_media_dump_new(&r->dump, &hooks, &err);
	}
	if (d == NULL)
		return say_failed(r, &err, false);
	int status = gs_media_dump_run(d, &result, &err);
	cli_progress_clear(&r->progress);
	if (r->findings)
		gs_report_findings(&r->report, r->about,
		    gs_media_dump_diags(d));
	else
		gs_media_remarks_keys(&r->remarks, gs_media_dump_diags(d));
	gs_media_remarks_tls(&r->remarks, d);
	r->remarks.signal = cli_progress_signal();
	status = status == -1 ? say_failed(r, &err, result.written) :
				gs_media_remarks_run(&r->remarks, &result);
	if (status == CLI_OK)
		status = cli_judge(&r->cli, gs_media_dump_diags(d));
	gs_media_dump_free(d);
	return status;
}

/* Reads reports, writes the report about whole calls. */
static int
merge(struct run *r)
{
	const struct gs_media_dump_options *d = &r->dump;
	const struct gs_media_merge q = { d->captures, d->ncaptures, d->report,
		d->look, d->json, d->findings, &r->cli.mute };
	uint64_t verdict[GS_VERDICTS];
	struct gs_err err;

	if (cli_rights_keep(&r->rights, &err) == -1 || confine(r, &err) == -1 ||
	    gs_media_merge_files(&q, verdict, &err) == -1)
		return say_failed(r, &err, false);
	return gs_media_remarks_merge(&r->remarks, verdict);
}

static int
run(struct run *r)
{
	int (*work)(struct run *) = r->merge ? merge : dump;

	if (!r->findings)
		return work(r);
	r->report = cli_report(&r->cli, r->to_stdout);
	gs_report_begin(&r->report);
	gs_report_file(&r->report, r->about);
	int status = work(r);
	if (status == CLI_TROUBLE && !r->failed)
		gs_report_trouble(&r->report, "no SRTP found");
	return cli_end_report(&r->cli, &r->report, status);
}

int
main(int argc, char **argv)
{
	struct run r = {
		.cli = { .tool = "gs-srtpdump",
		    .opts = opts,
		    .conflicts = conflicts,
		    .explained = EXPLAINED,
		    .argc = argc,
		    .argv = argv,
		    .rules = &gs_srtp_key_rules,
		    .input = "a capture",
		    .level = GS_ERROR,
		    .libraries = libraries,
		    .guard = &r.guard,
		    .synopsis = synopsis,
		    .examples = examples },
		.remarks.tool = "gs-srtpdump",
		.dump.guard = &r.guard,
		.rights.cli = &r.cli,
		.dump.session = { .sip = true,
		    .mute = &r.cli.mute,
		    .streams.roc_max = 4096 },
	};
	int c, status = CLI_TROUBLE;

	gs_guard_init(&r.guard);
	if (cli_begin(&r.cli) == -1)
		return CLI_TROUBLE;
	while ((c = cli_next(&r.cli)) > 0 && set_option(&r, c) == 0)
		continue;
	if (c == 0 && check_options(&r) == 0 && open_outputs(&r) == 0) {
		cli_progress_begin(&r.progress, &r.cli, !r.remarks.quiet);
		status = run(&r);
	}
	gs_guard_free(&r.guard);
	status = (r.closed ? cli_end : cli_close_stdout)(&r.cli, status);
	cli_rights_end(&r.rights);
	return status;
}
