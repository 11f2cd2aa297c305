/* SPDX-License-Identifier: MIT */
/* gs-sdpcheck: is this call encrypted, and if not, why not? */
#include <getopt.h>
#include <stdlib.h>

#include "cli.h"

#include "base/file.h"
#include "net/capture.h"
#include "net/frame.h"
#include "net/sip.h"
#include "calls/dialog.h"
#include "calls/verdict.h"

enum {
	OPT_REQUIRE = 256,
	OPT_DISABLE,
	OPT_PEER,
	OPT_FOLLOW,
	OPT_OFFER,
	OPT_ANSWER,
};

enum { MAX_FINDINGS = 1000 }; /* of one SDP */

static const struct cli_opt opts[] = {
	{ 't', "type", "TYPE", "read as sdp, sip, fslog, reg or pcap" },
	{ 'f', "format", "FORMAT", "text, json or sarif" },
	{ 'j', "json", NULL, "the same as -f json" },
	{ 'W', "warn", "LEVEL", "exit 1 from error, warning or note on" },
	{ OPT_REQUIRE, "require", "WHAT",
	    "srtp, savp or tls: or it is an error" },
	{ OPT_PEER, "peer", "NAME",
	    "freeswitch freeswitch12 asterisk pjsip baresip" },
	{ OPT_DISABLE, "disable", "RULE", "do not report this rule" },
	{ OPT_OFFER, "offer", "FILE", "check the answer against this offer" },
	{ OPT_ANSWER, "answer", "FILE", "the answer to --offer" },
	{ OPT_FOLLOW, "follow", NULL,
	    "print while standard input still grows" },
	CLI_OPT_RULES, CLI_OPT_EXPLAIN, { 'q', "quiet", NULL, "findings only" },
	{ 'v', "verbose", NULL, "show the source line of each finding" }, { 0 }
};

static const struct cli_values values[] = { { 't',
						.words = "sdp sip fslog reg" },
	{ 'f', .words = "text json sarif" },
	{ 'W', .words = "error warning note" },
	{ OPT_REQUIRE, .words = "srtp savp tls" },
	{ OPT_PEER, .words = "freeswitch freeswitch12 asterisk pjsip baresip" },
	{ OPT_DISABLE, .rules = &gs_sdp_rules },
	{ CLI_EXPLAIN, .rules = &gs_sdp_rules }, { 0 } };

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
	enum gs_severity level;
	unsigned require;
	uint8_t policy[GS_R_COUNT];
	bool quiet;
	bool follow;
	const char *offer;
	const char *answer;
	const char *explain;
	bool rules;
	struct gs_report report;
	struct gs_diags diags;
	const char *file; /* the one that is read */
	struct gs_buf what; /* the verdict that is being said */
	uint64_t results; /* in this file, but for plain events */
};

/* A capture that is being read. */
struct feed {
	struct gs_textsrc *src;
	bool no_memory;
};

/* The worst severity among the findings at hand, GS_NOTE if none. */
static enum gs_severity
count(const struct gs_diags *d, unsigned n[3])
{
	enum gs_severity worst = GS_NOTE;

	for (size_t i = 0; i < d->n; i++) {
		n[d->list[i].severity]++;
		if (d->list[i].severity > worst)
			worst = d->list[i].severity;
	}
	return worst;
}

/* Says the verdict as one line, in front of what the report says. */
static void
print_text(struct run *run, const struct gs_result *r, const unsigned n[3])
{
	struct gs_buf *b = &run->what;

	gs_buf_put_visible(b, gs_span(run->file, strlen(run->file)));
	gs_buf_putc(b, ':');
	gs_buf_put_u64(b, r->pos.line);
	gs_buf_puts(b, ": ");
	gs_verdict_describe(b, r);
	gs_buf_puts(b, ", ");
	gs_buf_put_u64(b, n[GS_ERROR]);
	gs_buf_puts(b, n[GS_ERROR] == 1 ? " error, " : " errors, ");
	gs_buf_put_u64(b, n[GS_WARNING]);
	gs_buf_puts(b, n[GS_WARNING] == 1 ? " warning\n" : " warnings\n");
	(void)fwrite(b->p, 1, b->n, stdout);
}

static void
print_json(struct run *run, const struct gs_result *r, const unsigned n[3],
    enum gs_severity worst)
{
	struct gs_json *j = &run->report.json;

	gs_verdict_describe(&run->what, r);
	gs_json_open(j, '{');
	gs_json_member_str(j, "type", "block");
	gs_json_member_str(j, "file", run->file);
	gs_json_member_u64(j, "line", r->pos.line);
	gs_json_member_u64(j, "col", r->pos.col);
	gs_json_member_str(j, "severity", gs_severity_name(worst));
	gs_json_key(j, "rule");
	gs_json_null(j);
	gs_json_key(j, "ref");
	gs_json_null(j);
	gs_json_member_span(j, "message", gs_buf_span(&run->what));
	gs_verdict_json(j, r);
	gs_json_member_u64(j, "errors", n[GS_ERROR]);
	gs_json_member_u64(j, "warnings", n[GS_WARNING]);
	gs_json_member_u64(j, "notes", n[GS_NOTE]);
	gs_json_close(j, '}');
	gs_json_newline(j);
}

static void
on_result(void *arg, const struct gs_result *r)
{
	struct run *run = arg;
	unsigned n[3] = { 0 };
	enum gs_severity worst = count(&run->diags, n);

	if (r->kind != GS_RESULT_EVENT)
		run->results++;
	if (r->kind != GS_RESULT_EVENT && !run->quiet) {
		gs_buf_clear(&run->what);
		if (run->report.format == GS_TEXT)
			print_text(run, r, n);
		else if (run->report.format == GS_JSON)
			print_json(run, r, n, worst);
	}
	gs_report_findings(&run->report, run->file, &run->diags);
	gs_diags_clear(&run->diags);
}

/* Why a file that could be read told nothing. */
static int
nothing_found(struct run *run, enum gs_text_type type, bool empty, bool capture)
{
	const char *why = "no SDP, SIP message, FreeSWITCH log or list of "
			  "registrations in it";

	if (empty) {
		why = "the file is empty";
		(void)gs_diag(&run->diags, &gs_sdp_rules.rule[GS_R_SDP_VERSION],
		    (struct gs_pos){ 1, 1 }, "%s: no v=0 line", why);
		gs_report_findings(&run->report, run->file, &run->diags);
		gs_diags_clear(&run->diags);
	}
	if (capture)
		why = "no SIP in this capture: if it ran over TLS, check the "
		      "log of FreeSWITCH or a phone's trace";
	else if (type == GS_TEXT_FSLOG)
		why = "a FreeSWITCH log, but without SDP: it must be logged "
		      "at level debug (fs_cli: sofia loglevel all 9; "
		      "console loglevel debug)";
	else if (type == GS_TEXT_REG)
		why = "a list of registrations, but nobody is registered";
	return cli_complain(&run->cli, "%s: %s", run->file, why);
}

static int
feed_text(struct run *run, struct gs_textsrc *src, struct gs_reader *in,
    struct gs_span chunk)
{
	struct gs_err err;
	int more;

	do {
		if (gs_textsrc_feed(src, chunk) == -1)
			return cli_complain(&run->cli, "%s: no memory",
			    run->file);
		if (run->follow)
			(void)fflush(stdout);
		more = gs_reader_next(in, &chunk, &err);
	} while (more == 1);
	if (more == -1)
		return cli_complain(&run->cli, "%s: %s", run->file, err.text);
	if (gs_textsrc_end(src) == -1)
		return cli_complain(&run->cli, "%s: no memory", run->file);
	return CLI_OK;
}

static void
on_message(void *arg, const struct gs_sip_message *m)
{
	static const enum gs_transport transports[] = {
		[GS_SIP_UDP] = GS_TRANSPORT_UDP,
		[GS_SIP_TCP] = GS_TRANSPORT_TCP,
		[GS_SIP_TLS] = GS_TRANSPORT_TLS,
		[GS_SIP_SCTP] = GS_TRANSPORT_UNKNOWN,
	};
	struct feed *f = arg;

	if (gs_textsrc_message(f->src, m->bytes, m->first_frame,
		transports[m->transport]) == -1)
		f->no_memory = true;
}

/* Feeds the SIP messages of a capture; its frames are the lines. */
static int
feed_capture(struct run *run, struct gs_textsrc *src)
{
	struct feed f = { .src = src };
	struct gs_sip_sink sink = { .message = on_message, .arg = &f };
	struct gs_err err = { 0 };
	struct gs_capture *in = gs_capture_open(&run->file, 1, &err);
	struct gs_frames *frames = gs_frames_new(&err);
	struct gs_sip *sip = gs_sip_new(&sink, &err);
	struct gs_packet packet;
	struct gs_frame frame;
	int more = -1;

	if (in != NULL && frames != NULL && sip != NULL)
		while ((more = gs_capture_next(in, &packet, &err)) == 1) {
			gs_frame_parse(frames, &packet, &frame);
			(void)gs_sip_feed(sip, &packet, &frame);
			while (gs_frames_lost(frames, &packet))
				; /* nothing is written */
		}
	if (sip != NULL)
		gs_sip_end(sip);
	gs_sip_free(sip);
	gs_frames_free(frames);
	gs_capture_close(in);
	if (more == -1)
		return cli_complain(&run->cli, "%s", err.text);
	if (f.no_memory || gs_textsrc_end(src) == -1)
		return cli_complain(&run->cli, "%s: no memory", run->file);
	return CLI_OK;
}

/* Feeds run->file to src. *empty and *capture say what it turned out to
 * be. */
static int
feed(struct run *run, struct gs_textsrc *src, bool *empty, bool *capture)
{
	struct gs_reader in;
	struct gs_span chunk = { NULL, 0 };
	struct gs_err err;

	*empty = false;
	*capture = run->capture;
	if (run->capture)
		return feed_capture(run, src);
	if (gs_reader_open(&in, run->file, &err) == -1)
		return cli_complain(&run->cli, "%s", err.text);
	int more = gs_reader_next(&in, &chunk, &err);
	int status;
	*empty = more == 0;
	*capture = run->type == GS_TEXT_AUTO && gs_capture_is(chunk);
	const char *cat, *packer = gs_file_packer(chunk, &cat);
	if (more == -1)
		status = cli_complain(&run->cli, "%s: %s", run->file, err.text);
	else if (packer != NULL)
		status = cli_complain(&run->cli,
		    "%s: compressed by %s: use \"%s FILE | gs-sdpcheck\"",
		    run->file, packer, cat);
	else if (gs_span_is_utf16(chunk))
		status = cli_complain(&run->cli,
		    "%s: UTF-16: use "
		    "\"iconv -f UTF-16 -t UTF-8 FILE | gs-sdpcheck\"",
		    run->file);
	else if (!*capture)
		status = feed_text(run, src, &in, chunk);
	else if (strcmp(run->file, "-") == 0)
		status = cli_complain(&run->cli,
		    "standard input is a capture: say -t pcap");
	else
		status = feed_capture(run, src);
	gs_reader_close(&in);
	return status;
}

/* Checks one file; the status is CLI_NO when it has findings that count. */
static int
check_file(struct run *run, struct gs_dialogs *calls, const char *file)
{
	struct gs_text_sink sink = gs_dialogs_sink(calls);
	struct gs_textsrc *src = gs_textsrc_new(run->type, &sink);
	bool empty = false, capture = false;

	run->file = file;
	run->results = 0;
	if (!run->quiet)
		cli_say_stdin(&run->cli, file);
	if (src == NULL)
		return cli_complain(&run->cli, "no memory");
	int status = feed(run, src, &empty, &capture);
	if (gs_dialogs_end(calls) == -1 || run->diags.no_memory)
		status = cli_complain(&run->cli, "%s: no memory", file);
	if (status == CLI_OK && run->results == 0 &&
	    gs_textsrc_type(src) != GS_TEXT_SIP)
		status =
		    nothing_found(run, gs_textsrc_type(src), empty, capture);
	gs_textsrc_free(src);
	for (unsigned s = run->level; s <= GS_ERROR; s++)
		if (run->diags.total[s] > 0 && status == CLI_OK)
			status = CLI_NO;
	return status;
}

static int
check_files(struct run *run, char **files, int n)
{
	static char *standard_input[] = { "-" };
	int worst = CLI_OK;

	if (n == 0) {
		files = standard_input;
		n = 1;
	}
	for (int i = 0; i < n; i++) {
		struct gs_dialogs *calls =
		    gs_dialogs_new(run->require, &run->diags, on_result, run);
		if (calls == NULL)
			return cli_complain(&run->cli, "no memory");
		int status = check_file(run, calls, files[i]);
		gs_dialogs_free(calls);
		worst = status > worst ? status : worst;
	}
	return worst;
}

static int
check_pair(struct run *run)
{
	struct gs_dialogs *calls =
	    gs_dialogs_new(run->require, &run->diags, on_result, run);

	if (calls == NULL)
		return cli_complain(&run->cli, "no memory");
	gs_dialogs_force(calls, GS_ROLE_OFFER, run->offer);
	int status = check_file(run, calls, run->offer);
	gs_dialogs_force(calls, GS_ROLE_ANSWER, run->answer);
	int second = check_file(run, calls, run->answer);
	gs_dialogs_free(calls);
	return second > status ? second : status;
}

static int
set_require(struct run *run)
{
	static const char *const names[] = { "srtp", "savp", "tls" };

	for (unsigned i = 0; i < 3; i++)
		if (strcmp(run->cli.arg, names[i]) == 0) {
			run->require |= 1u << i;
			return CLI_OK;
		}
	return cli_usage(&run->cli,
	    "--require wants srtp, savp or tls, "
	    "not '%s'",
	    run->cli.arg);
}

static int
set_peer(struct run *run)
{
	enum gs_peer peer;

	if (gs_peer_parse(run->cli.arg, &peer) == -1)
		return cli_usage(&run->cli,
		    "--peer wants freeswitch, freeswitch12, asterisk, pjsip "
		    "or baresip, not '%s'",
		    run->cli.arg);
	gs_peer_raise(peer, run->policy);
	return CLI_OK;
}

static int
disable(struct run *run)
{
	const struct gs_rule *r =
	    cli_rule(&run->cli, gs_sdp_rules, run->cli.arg);

	if (r == NULL)
		return CLI_TROUBLE;
	run->policy[r - gs_sdp_rules.rule] = GS_POLICY_OFF;
	return CLI_OK;
}

static int
set_named(struct run *run, int c)
{
	if (c == 't' && strcmp(run->cli.arg, "pcap") == 0) {
		run->capture = true;
		return CLI_OK;
	}
	int r = c == 't' ? gs_text_type_parse(run->cli.arg, &run->type) :
	    c == 'W'     ? gs_severity_parse(run->cli.arg, &run->level) :
			   gs_format_parse(run->cli.arg, &run->report.format);

	if (r == 0)
		return CLI_OK;
	return cli_usage(&run->cli, "-%c wants %s, not '%s'", c,
	    c == 't'     ? "sdp, sip, fslog, reg or pcap" :
		c == 'W' ? "error, warning or note" :
			   "text, json or sarif",
	    run->cli.arg);
}

/* Takes one option. Returns CLI_OK or CLI_TROUBLE. */
static int
take(struct run *run, int c)
{
	switch (c) {
	case 't':
	case 'W':
	case 'f': return set_named(run, c);
	case 'j': run->report.format = GS_JSON; break;
	case 'q': run->quiet = true; break;
	case 'v': run->report.source = true; break;
	case OPT_FOLLOW: run->follow = true; break;
	case OPT_OFFER: run->offer = run->cli.arg; break;
	case OPT_ANSWER: run->answer = run->cli.arg; break;
	case CLI_RULES: run->rules = true; break;
	case CLI_EXPLAIN: run->explain = run->cli.arg; break;
	case OPT_REQUIRE: return set_require(run);
	case OPT_PEER: return set_peer(run);
	case OPT_DISABLE: return disable(run);
	default: return CLI_TROUBLE;
	}
	return CLI_OK;
}

/* What the options do not allow together. */
static int
wrong_together(const struct run *run, int operands)
{
	if ((run->offer == NULL) != (run->answer == NULL))
		return cli_usage(&run->cli, "--offer and --answer go together");
	if (run->offer != NULL && operands > 0)
		return cli_usage(&run->cli,
		    "--offer and --answer take no further FILE");
	if (run->follow && (operands > 0 || run->offer != NULL))
		return cli_usage(&run->cli,
		    "--follow reads standard input: tail -F FILE | "
		    "gs-sdpcheck --follow");
	return CLI_OK;
}

/* The report must not go into what it is about. */
static int
guard_files(const struct run *run)
{
	int bad = cli_writes(&run->cli, NULL, "-");

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
	int operands = run->cli.argc - optind;

	if (wrong_together(run, operands) != CLI_OK ||
	    guard_files(run) != CLI_OK)
		return CLI_TROUBLE;
	run->report.fp = stdout;
	run->report.color = run->report.format == GS_TEXT && cli_color(stdout);
	run->report.tool = run->cli.tool;
	run->report.version = CLI_VERSION;
	run->report.rules = gs_sdp_rules;
	gs_diags_init(&run->diags, gs_sdp_rules, run->policy, MAX_FINDINGS);
	run->diags.sources = run->report.source;
	gs_buf_init(&run->what, 1024 * 1024);
	gs_report_begin(&run->report);
	int status = run->offer != NULL ?
	    check_pair(run) :
	    check_files(run, run->cli.argv + optind, operands);
	gs_report_end(&run->report);
	gs_buf_free(&run->what);
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
			.values = values,
			.argc = argc,
			.argv = argv,
		},
		.level = GS_ERROR,
	};
	struct gs_guard guard;
	int c, status = CLI_OK;

	if (cli_forbid_core(&run.cli) == -1)
		return CLI_TROUBLE;
	gs_guard_init(&guard);
	run.cli.guard = &guard;
	gs_sdp_policy_usual(run.policy);
	while ((c = cli_next(&run.cli)) != 0)
		if (take(&run, c) != CLI_OK)
			return CLI_TROUBLE;
	if (run.rules || run.explain != NULL)
		status = cli_tell_rules(&run.cli, gs_sdp_rules,
		    run.rules ? NULL : run.explain, NULL);
	else
		status = check(&run);
	gs_guard_free(&guard);
	return cli_close_stdout(&run.cli, status);
}
