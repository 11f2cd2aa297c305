/* SPDX-License-Identifier: MIT */
/* gs-srtpdump: give it a capture and a key, hear the call. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "net/live.h"
#include "media/audio.h"
#include "media/dump.h"
#include "media/merge.h"
#include "media/wav.h"
#include "srtp/cipher.h"
#include "srtp/reference.h"
#include "srtp/rules.h"

enum {
	OPT_ROC = 256,
	OPT_ROC_MAX,
	OPT_ENGINE,
	OPT_ONLY_RTP,
	OPT_KEEP_SIP,
	OPT_NO_SIP,
	OPT_MERGE,
	MAX_KEY_FILES = 64,
};

static const struct cli_opt opts[] = {
	{ 'K', "keys", "FILE", "text that holds keys (log, SDP, CDR); again" },
	{ 'w', "write", "FILE", "write the decrypted capture ('-': stdout)" },
	{ 'a', "audio", "FILE", "write the call as stereo WAV" },
	{ 'A', "audio-dir", "DIR", "write a file for each stream" },
	{ 'g', "graph", "FILE", "draw the streams as SVG" },
	{ 'x', "hex", NULL, "hex dump of the packets, for text2pcap" },
	{ 'f', "filter", "FILTER", "only packets that pass (pcap-filter(7))" },
	{ 'i', "interface", "NAME", "capture live" },
	{ 'j', "json", NULL, "one JSON object per stream" },
	{ 'q', "quiet", NULL, "no report, only the exit status" },
	{ 'v', "verbose", NULL, "say more about keys and the run" },
	{ OPT_ROC, "roc", "N", "the capture begins at this ROC" },
	{ OPT_ROC_MAX, "roc-max", "N", "search the ROC up to N (4096)" },
	{ OPT_ENGINE, "engine", "NAME", "auto, libcrypto or libsrtp2" },
	{ OPT_ONLY_RTP, "only-rtp", NULL, "-w: drop all but RTP and RTCP" },
	{ OPT_KEEP_SIP, "keep-sip", NULL,
	    "-w: leave keys in all frames alone" },
	{ OPT_NO_SIP, "no-sip", NULL, "take no keys from the capture" },
	{ OPT_MERGE, "merge", NULL, "[-jq] [FILE ...]: join reports of -j" },
	CLI_OPT_RULES,
	CLI_OPT_EXPLAIN,
	{ 0, NULL, NULL, NULL },
};

/* The first ones, by the help; the synopsis shows the others. */
enum { EXPLAINED = 17 };

static const struct cli_values values[] = {
	{ OPT_ENGINE, .words = "auto libcrypto libsrtp2" },
	{ CLI_EXPLAIN, .rules = &gs_key_rules }, { 0 }
};

static cli_library *const libraries[] = { gs_cipher_library,
	gs_reference_library, gs_live_library, gs_wav_library, NULL };

/* What the options say, and what was opened for them. */
struct run {
	struct cli cli;
	struct gs_guard guard;
	struct gs_dump_options dump;
	const char *keys[MAX_KEY_FILES];
	bool to_stdout; /* -w - */
	bool hex;
	bool quiet;
	bool verbose;
	bool merge;
	bool rules;
	const char *rule; /* of --explain */
	bool shut; /* standard output failed: all is said about it */
	/* The progress bar. */
	bool bar;
	bool drawn;
	struct timespec began;
	double last;
};

static volatile sig_atomic_t stopped;

static void
on_signal(int sig)
{
	stopped = sig;
}

/* A run that is to go on without its terminal, as under nohup(1), does. */
static void
catch_signals(void)
{
	struct sigaction stop = { .sa_handler = on_signal }, was;

	(void)sigaction(SIGINT, &stop, NULL);
	(void)sigaction(SIGTERM, &stop, NULL);
	if (sigaction(SIGHUP, NULL, &was) == 0 && was.sa_handler != SIG_IGN)
		(void)sigaction(SIGHUP, &stop, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

/* ---- options */

static int
set_engine(struct run *r, const char *name)
{
	static const char *const names[] = { "auto", "libcrypto", "libsrtp2" };

	for (size_t i = 0; i < 3; i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		r->dump.session.streams.engine = (enum gs_engine)i;
		return 0;
	}
	return cli_usage(&r->cli, "--engine is auto, libcrypto or libsrtp2");
}

static int
set_roc(struct run *r, int c)
{
	struct gs_streams_options *o = &r->dump.session.streams;
	long long v;

	if (cli_num(&r->cli, c == OPT_ROC ? "--roc" : "--roc-max", 0,
		UINT32_MAX, &v) == -1)
		return CLI_TROUBLE;
	if (c == OPT_ROC) {
		o->roc_fixed = true;
		o->roc = (uint32_t)v;
	} else {
		o->roc_max = (uint32_t)v;
	}
	return 0;
}

static int
set_option(struct run *r, int c)
{
	struct gs_dump_options *d = &r->dump;
	const char *arg = r->cli.arg;

	switch (c) {
	case 'K':
		if (d->nkeys == MAX_KEY_FILES)
			return cli_usage(&r->cli, "more than %d -K",
			    MAX_KEY_FILES);
		r->keys[d->nkeys++] = arg;
		return 0;
	case 'w':
		r->to_stdout = strcmp(arg, "-") == 0;
		d->capture_path = r->to_stdout ? NULL : arg;
		return 0;
	case 'a': d->wav = arg; return 0;
	case 'A': d->folder = arg; return 0;
	case 'g': d->svg = arg; return 0;
	case 'x': r->hex = true; return 0;
	case 'f': d->filter = arg; return 0;
	case 'i': d->interface = arg; return 0;
	case 'j': d->json = true; return 0;
	case 'q': r->quiet = true; return 0;
	case 'v': r->verbose = true; return 0;
	case OPT_ENGINE: return set_engine(r, arg);
	case OPT_ONLY_RTP: d->only_rtp = true; return 0;
	case OPT_KEEP_SIP: d->keep_sip = true; return 0;
	case OPT_NO_SIP: d->session.sip = false; return 0;
	case OPT_MERGE: r->merge = true; return 0;
	case CLI_RULES: r->rules = true; return 0;
	case CLI_EXPLAIN:
		r->rules = true;
		r->rule = arg;
		return 0;
	default: return set_roc(r, c);
	}
}

static size_t
count_stdin(const char *const *path, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += strcmp(path[i], "-") == 0;
	return found;
}

/* Operands, and what goes together. */
static int
check_options(struct run *r)
{
	static const char *const from_stdin[] = { "-" };
	struct gs_dump_options *d = &r->dump;

	d->captures = (const char *const *)(r->cli.argv + optind);
	d->ncaptures = (size_t)(r->cli.argc - optind);
	if (d->interface != NULL && d->ncaptures > 0)
		return cli_usage(&r->cli, "either -i or captures, not both");
	if (r->merge &&
	    (d->nkeys > 0 || r->to_stdout || d->capture_path != NULL ||
		d->wav != NULL || d->folder != NULL || d->svg != NULL ||
		r->hex || d->filter != NULL || d->interface != NULL))
		return cli_usage(&r->cli,
		    "--merge reads reports, it goes "
		    "with -j and -q only");
	if (d->interface == NULL && d->ncaptures == 0) {
		if (isatty(STDIN_FILENO))
			return cli_usage(&r->cli,
			    r->merge ? "which reports?" : "which capture?");
		d->captures = from_stdin;
		d->ncaptures = 1;
	}
	if (count_stdin(d->captures, d->ncaptures) +
		count_stdin(r->keys, d->nkeys) >
	    1)
		return cli_usage(&r->cli, "only one input can be '-'");
	if (r->hex && r->to_stdout)
		return cli_usage(&r->cli,
		    "-x and '-w -' both write to "
		    "standard output");
	d->keys = r->keys;
	return 0;
}

/* ---- outputs */

/* The folder around path, for a second call's file. */
static int
guard_calls(const struct cli *cli, const char *path)
{
	char folder[PATH_MAX] = ".";
	const char *slash = strrchr(path, '/');

	if (slash != NULL)
		(void)snprintf(folder, sizeof(folder), "%.*s",
		    (int)(slash - path) + 1, path);
	/* That it is missing is said when the file is looked at. */
	return access(folder, F_OK) == -1 ?
	    CLI_OK :
	    cli_writes_in(cli, "-a", folder, gs_audio_is_call, path);
}

/* No output is an input, and none is written twice. */
static int
guard_files(const struct run *r)
{
	const struct gs_dump_options *d = &r->dump;
	const struct cli *c = &r->cli;
	int bad = 0;

	for (size_t i = 0; !bad && i < d->ncaptures; i++)
		bad = cli_reads(c, NULL, d->captures[i]);
	for (size_t i = 0; !bad && i < d->nkeys; i++)
		bad = cli_reads(c, "-K", d->keys[i]);
	if (!bad && (!r->quiet || r->hex || r->to_stdout))
		bad = cli_writes(c, NULL, "-");
	if (!bad && d->capture_path != NULL)
		bad = cli_writes(c, "-w", d->capture_path);
	if (!bad && d->svg != NULL)
		bad = cli_writes(c, "-g", d->svg);
	if (!bad && d->wav != NULL)
		bad = cli_writes(c, "-a", d->wav);
	if (!bad && d->wav != NULL)
		bad = guard_calls(c, d->wav);
	if (!bad && d->folder != NULL)
		bad =
		    cli_writes_in(c, "-A", d->folder, gs_audio_is_stream, NULL);
	return bad;
}

/* What is decrypted goes into a file that the shell has made. */
static void
say_wide_stdout(const struct run *r)
{
	struct stat st;

	if ((r->to_stdout || r->hex) && fstat(STDOUT_FILENO, &st) == 0 &&
	    S_ISREG(st.st_mode) && (st.st_mode & (S_IRGRP | S_IROTH)) != 0)
		(void)cli_complain(&r->cli,
		    "standard output is a file of "
		    "mode %04o: others can read what is decrypted",
		    (unsigned)(st.st_mode & 0777));
}

static int
open_outputs(struct run *r)
{
	struct gs_dump_options *d = &r->dump;

	if (guard_files(r) != 0)
		return CLI_TROUBLE;
	d->guard = &r->guard;
	if (r->to_stdout)
		d->capture = stdout;
	if (r->hex)
		d->hex = stdout;
	if (!r->quiet)
		d->report = r->to_stdout || r->hex ? stderr : stdout;
	say_wide_stdout(r);
	return 0;
}

/* ---- the run */

static double
seconds_since(const struct timespec *t)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - t->tv_sec) +
	    (double)(now.tv_nsec - t->tv_nsec) / 1e9;
}

/* A bar after the first second, four times a second. */
static bool
tick(void *arg, uint64_t done, uint64_t total, uint64_t packets)
{
	struct run *r = arg;
	double t;

	if (!r->bar || total == 0)
		return stopped == 0;
	t = seconds_since(&r->began);
	if (t < 1 || t < r->last + 0.25 || done == 0)
		return stopped == 0;
	r->last = t;
	r->drawn = true;
	double part = (double)done / (double)total;
	int full = (int)(part * 30);

	(void)fprintf(stderr,
	    "\r[%.*s%*s] %3.0f%%  %.0f MB/s  %llu packets  "
	    "%.0f s left ",
	    full, "##############################", 30 - full, "", part * 100,
	    (double)done / t / 1e6, (unsigned long long)packets, t / part - t);
	return stopped == 0;
}

static void
clear_bar(struct run *r)
{
	if (r->drawn)
		(void)fprintf(stderr, "\r%79s\r", "");
	r->drawn = false;
}

static void
say(void *arg, const char *text)
{
	struct run *r = arg;

	clear_bar(r);
	(void)cli_complain(&r->cli, "%s", text);
}

static void
say_findings(const struct run *r, struct gs_diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct gs_finding *f = &d->list[i];

		if (f->severity > GS_NOTE || r->verbose)
			(void)fprintf(stderr, "%s: %s: %s [%s]\n", r->cli.tool,
			    gs_severity_name(f->severity), f->text,
			    f->rule->id);
	}
	if (d->dropped > 0)
		(void)fprintf(stderr, "%s: and %zu more about keys\n",
		    r->cli.tool, d->dropped);
}

/* What -w blanked. */
static void
say_blanked(const struct run *r, const struct gs_scrub_counts *c)
{
	if (c->unread > 0 && !r->quiet)
		(void)fprintf(stderr,
		    "%s: -w: blanked %llu octets that could "
		    "not be checked for keys (frames: %llu); --keep-sip keeps "
		    "them\n",
		    r->cli.tool, (unsigned long long)c->unread,
		    (unsigned long long)c->unread_frames);
	if (c->over && !r->quiet)
		(void)fprintf(stderr,
		    "%s: -w: too many keys to look for all "
		    "of them everywhere\n",
		    r->cli.tool);
	if (r->verbose &&
	    (r->dump.capture != NULL || r->dump.capture_path != NULL))
		(void)fprintf(stderr,
		    "%s: -w: blanked %llu octets of keys "
		    "(frames: %llu)\n",
		    r->cli.tool, (unsigned long long)c->keys,
		    (unsigned long long)c->key_frames);
}

static void
say_run(const struct run *r, const struct gs_dump_result *result)
{
	const struct gs_session_counts *c = &result->counts;

	say_blanked(r, &c->scrub);
	if (!r->verbose)
		return;
	(void)fprintf(stderr,
	    "%s: %llu packets, %llu UDP, %llu RTP, %llu "
	    "RTCP, %llu SIP messages, %zu keys\n",
	    r->cli.tool, (unsigned long long)c->packets,
	    (unsigned long long)c->udp, (unsigned long long)c->rtp,
	    (unsigned long long)c->rtcp, (unsigned long long)c->sip,
	    result->keys);
	(void)fprintf(stderr,
	    "%s: %llu fragments, %llu datagrams made of "
	    "them, %llu incomplete, %llu cut by the snaplen, %llu "
	    "malformed\n",
	    r->cli.tool, (unsigned long long)c->frames.fragments,
	    (unsigned long long)c->frames.reassembled,
	    (unsigned long long)c->frames.incomplete,
	    (unsigned long long)c->cut, (unsigned long long)c->malformed);
}

/* That all of the capture was not read is said, whoever ended the run. */
static void
say_stopped(const struct run *r, const struct gs_dump_result *result)
{
	int sig = stopped;

	if (sig != 0)
		(void)cli_complain(&r->cli,
		    "ended by %s after %llu packets: "
		    "the outputs hold what came before",
		    sig == SIGINT     ? "SIGINT" :
			sig == SIGHUP ? "SIGHUP" :
					"SIGTERM",
		    (unsigned long long)result->counts.packets);
}

/* What the streams say: 0 all open, 1 not all, 2 nothing encrypted. */
static int
judge(const struct run *r, const struct gs_dump_result *result)
{
	const uint64_t *v = result->verdict;

	if (result->dropped > 0)
		(void)cli_complain(&r->cli, "the kernel dropped %llu packets",
		    (unsigned long long)result->dropped);
	if (v[GS_VERDICT_NO_KEY] + v[GS_VERDICT_PARTLY] > 0)
		return CLI_NO;
	if (v[GS_VERDICT_DECRYPTED] > 0)
		return CLI_OK;
	if (v[GS_VERDICT_PLAIN] > 0)
		return cli_complain(&r->cli,
		    "no SRTP: all RTP in the capture "
		    "is plain");
	return cli_complain(&r->cli,
	    "no SRTP: %llu packets, %llu of them "
	    "UDP, none of them RTP",
	    (unsigned long long)result->counts.packets,
	    (unsigned long long)result->counts.udp);
}

/* A reader that went away is no complaint. */
static int
say_failed(struct run *r, const struct gs_err *err, bool written)
{
	r->shut = r->dump.capture == stdout && ferror(stdout) != 0;
	if (r->shut && err->sys == EPIPE)
		return CLI_TROUBLE;
	return cli_complain(&r->cli, "%s%s", err->text,
	    written ? "; the outputs hold what came before" : "");
}

static int
run(struct run *r)
{
	struct gs_dump_hooks hooks = { .tick = tick, .say = say, .arg = r };
	struct gs_dump_result result;
	struct gs_err err;
	struct gs_dump *d = gs_dump_new(&r->dump, &hooks, &err);
	int status;

	if (d == NULL)
		return say_failed(r, &err, false);
	status = gs_dump_run(d, &result, &err);
	clear_bar(r);
	say_findings(r, gs_dump_diags(d));
	if (status == 0) {
		say_run(r, &result);
		say_stopped(r, &result);
		status = judge(r, &result);
	} else {
		status = say_failed(r, &err, result.written);
	}
	gs_dump_free(d);
	return status;
}

/* Reports in, the report about whole calls out. */
static int
merge(const struct run *r)
{
	const struct gs_dump_options *d = &r->dump;
	struct gs_merge_counts n = { 0 };
	struct gs_err err;
	struct gs_merge *m = gs_merge_new(&err);
	int status = m != NULL ? 0 : -1;

	for (size_t i = 0; status == 0 && i < d->ncaptures; i++)
		status = gs_merge_read(m, d->captures[i], &err);
	if (status == 0)
		status = gs_merge_write(m, d->json, d->report, &n, &err);
	gs_merge_free(m);
	if (status == -1)
		return cli_complain(&r->cli, "%s", err.text);
	if (n.shut > 0)
		return CLI_NO;
	if (n.plain < n.streams)
		return CLI_OK;
	return cli_complain(&r->cli,
	    n.streams > 0 ? "no SRTP: all RTP in the reports is plain" :
			    "no streams in the reports");
}

int
main(int argc, char **argv)
{
	struct run r = {
		.cli = { .tool = "gs-srtpdump",
		    .opts = opts,
		    .explained = EXPLAINED,
		    .argc = argc,
		    .argv = argv,
		    .values = values,
		    .libraries = libraries,
		    .synopsis =
			"  gs-srtpdump [options] [CAPTURE ...]\n"
			"  gs-srtpdump [options] -i INTERFACE [-f FILTER]\n"
			"  gs-srtpdump --merge [-jq] [FILE ...] | --rules | "
			"--explain RULE\n",
		    .examples = "  gs-srtpdump -a call.wav call.pcap\n"
				"  gs-srtpdump -K freeswitch.log -w plain.pcap "
				"call.pcap\n" },
		.dump.session = { .sip = true, .streams.roc_max = 4096 },
	};
	int c, status;

	gs_guard_init(&r.guard);
	r.cli.guard = &r.guard;
	if (cli_forbid_core(&r.cli) == -1)
		return CLI_TROUBLE;
	while ((c = cli_next(&r.cli)) > 0)
		if (set_option(&r, c) != 0)
			return CLI_TROUBLE;
	if (c == 0 && r.rules) {
		status = cli_tell_rules(&r.cli, gs_key_rules, r.rule, NULL);
		gs_guard_free(&r.guard);
		return cli_close_stdout(&r.cli, status);
	}
	if (c == -1 || check_options(&r) != 0 || open_outputs(&r) != 0) {
		gs_guard_free(&r.guard);
		return CLI_TROUBLE;
	}
	catch_signals();
	r.bar = isatty(STDERR_FILENO) && !r.quiet;
	(void)clock_gettime(CLOCK_MONOTONIC, &r.began);
	status = r.merge ? merge(&r) : run(&r);
	gs_guard_free(&r.guard);
	return r.shut ? status : cli_close_stdout(&r.cli, status);
}
