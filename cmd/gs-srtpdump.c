/* SPDX-License-Identifier: MIT */
/* gs-srtpdump: give it a capture and a key, hear the call. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "net/live.h"
#include "out/dump.h"
#include "out/merge.h"
#include "out/wav.h"
#include "srtp/cipher.h"
#include "srtp/reference.h"

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
	{ OPT_KEEP_SIP, "keep-sip", NULL, "-w: leave keys in all frames alone" },
	{ OPT_NO_SIP, "no-sip", NULL, "take no keys from the capture" },
	{ OPT_MERGE, "merge", NULL, "[-jq] [FILE ...]: join reports of -j" },
	{ 0, NULL, NULL, NULL },
};

static const struct cli_values values[] = {
	{ OPT_ENGINE, .words = "auto libcrypto libsrtp2" },
	{ 0 }
};

static cli_library *const libraries[] = { gs_cipher_library,
	gs_reference_library, gs_live_library, gs_wav_library, NULL };

/* What the options say, and what was opened for them. */
struct run {
	struct cli cli;
	struct gs_dump_options dump;
	const char *keys[MAX_KEY_FILES];
	const char *capture_path;
	const char *svg_path;
	bool hex;
	bool quiet;
	bool verbose;
	bool merge;
	bool gone; /* who read our standard output */
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
	(void)sig;
	stopped = 1;
}

/* Keys must not survive in a core file. */
static int
forbid_core(const struct cli *cli)
{
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) == 0 &&
	    prctl(PR_SET_DUMPABLE, 0) == 0)
		return 0;
	(void)cli_complain(cli, "cannot switch core files off: %s",
	    strerror(errno));
	return -1;
}

/* ---- options */

static int
set_engine(struct run *r, const char *name)
{
	static const char *const names[] = { "auto", "libcrypto",
		"libsrtp2" };

	for (size_t i = 0; i < 3; i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		r->dump.session.streams.engine = (enum gs_engine)i;
		return 0;
	}
	return cli_usage(&r->cli,
	    "--engine is auto, libcrypto or libsrtp2");
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
		r->capture_path = arg;
		return 0;
	case 'a':
		d->wav = arg;
		return 0;
	case 'A':
		d->folder = arg;
		return 0;
	case 'g':
		r->svg_path = arg;
		return 0;
	case 'x':
		r->hex = true;
		return 0;
	case 'f':
		d->filter = arg;
		return 0;
	case 'i':
		d->interface = arg;
		return 0;
	case 'j':
		d->json = true;
		return 0;
	case 'q':
		r->quiet = true;
		return 0;
	case 'v':
		r->verbose = true;
		return 0;
	case OPT_ENGINE:
		return set_engine(r, arg);
	case OPT_ONLY_RTP:
		d->only_rtp = true;
		return 0;
	case OPT_KEEP_SIP:
		d->keep_sip = true;
		return 0;
	case OPT_NO_SIP:
		d->session.sip = false;
		return 0;
	case OPT_MERGE:
		r->merge = true;
		return 0;
	default:
		return set_roc(r, c);
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
	if (r->merge && (d->nkeys > 0 || r->capture_path != NULL ||
	    d->wav != NULL || d->folder != NULL || r->svg_path != NULL ||
	    r->hex || d->filter != NULL || d->interface != NULL))
		return cli_usage(&r->cli, "--merge reads reports, it goes "
		    "with -j and -q only");
	if (d->interface == NULL && d->ncaptures == 0) {
		if (isatty(STDIN_FILENO))
			return cli_usage(&r->cli, r->merge ?
			    "which reports?" : "which capture?");
		d->captures = from_stdin;
		d->ncaptures = 1;
	}
	if (count_stdin(d->captures, d->ncaptures) +
	    count_stdin(r->keys, d->nkeys) > 1)
		return cli_usage(&r->cli, "only one input can be '-'");
	if (r->hex && r->capture_path != NULL &&
	    strcmp(r->capture_path, "-") == 0)
		return cli_usage(&r->cli, "-x and '-w -' both write to "
		    "standard output");
	d->keys = r->keys;
	return 0;
}

/* ---- outputs */

static FILE *
create(const struct run *r, const char *path)
{
	FILE *fp = fopen(path, "wb");

	if (fp == NULL)
		(void)cli_complain(&r->cli, "%s: cannot create: %s", path,
		    strerror(errno));
	return fp;
}

static int
open_outputs(struct run *r)
{
	struct gs_dump_options *d = &r->dump;
	bool to_stdout = r->capture_path != NULL &&
	    strcmp(r->capture_path, "-") == 0;

	if (to_stdout)
		d->capture = stdout;
	else if (r->capture_path != NULL &&
	    (d->capture = create(r, r->capture_path)) == NULL)
		return CLI_TROUBLE;
	if (r->svg_path != NULL &&
	    (d->svg = create(r, r->svg_path)) == NULL)
		return CLI_TROUBLE;
	if (r->hex)
		d->hex = stdout;
	if (!r->quiet)
		d->report = to_stdout || r->hex ? stderr : stdout;
	return 0;
}

static int
close_output(const struct run *r, FILE *fp, const char *path, int status)
{
	if (fp == NULL || fp == stdout)
		return status;
	bool failed = ferror(fp) != 0;

	if (fclose(fp) != 0 || failed)
		return cli_complain(&r->cli, "%s: cannot write: %s", path,
		    strerror(errno));
	return status;
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

	(void)fprintf(stderr, "\r[%.*s%*s] %3.0f%%  %.0f MB/s  %llu packets  "
	    "%.0f s left ", full, "##############################", 30 - full,
	    "", part * 100, (double)done / t / 1e6,
	    (unsigned long long)packets, t / part - t);
	return stopped == 0;
}

static void
say_findings(const struct run *r, struct gs_diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct gs_finding *f = &d->list[i];

		if (f->severity > GS_NOTE || r->verbose)
			(void)fprintf(stderr, "%s: %s: %s [%s]\n",
			    r->cli.tool, gs_severity_name(f->severity),
			    f->text, f->rule->id);
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
		(void)fprintf(stderr, "%s: -w: blanked %llu octets that could "
		    "not be checked for keys (frames: %llu); --keep-sip keeps "
		    "them\n", r->cli.tool, (unsigned long long)c->unread,
		    (unsigned long long)c->unread_frames);
	if (c->over && !r->quiet)
		(void)fprintf(stderr, "%s: -w: too many keys to look for all "
		    "of them everywhere\n", r->cli.tool);
	if (r->verbose && r->dump.capture != NULL)
		(void)fprintf(stderr, "%s: -w: blanked %llu octets of keys "
		    "(frames: %llu)\n", r->cli.tool,
		    (unsigned long long)c->keys,
		    (unsigned long long)c->key_frames);
}

static void
say_run(const struct run *r, const struct gs_dump_result *result)
{
	const struct gs_session_counts *c = &result->counts;

	say_blanked(r, &c->scrub);
	if (!r->verbose)
		return;
	(void)fprintf(stderr, "%s: %llu packets, %llu UDP, %llu RTP, %llu "
	    "RTCP, %llu SIP messages, %zu keys\n", r->cli.tool,
	    (unsigned long long)c->packets, (unsigned long long)c->udp,
	    (unsigned long long)c->rtp, (unsigned long long)c->rtcp,
	    (unsigned long long)c->sip, result->keys);
	(void)fprintf(stderr, "%s: %llu fragments, %llu datagrams made of "
	    "them, %llu incomplete, %llu cut by the snaplen, %llu "
	    "malformed\n", r->cli.tool,
	    (unsigned long long)c->frames.fragments,
	    (unsigned long long)c->frames.reassembled,
	    (unsigned long long)c->frames.incomplete,
	    (unsigned long long)c->cut, (unsigned long long)c->malformed);
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
		return cli_complain(&r->cli, "no SRTP: all RTP in the capture "
		    "is plain");
	return cli_complain(&r->cli, "no SRTP: %llu packets, %llu of them "
	    "UDP, none of them RTP",
	    (unsigned long long)result->counts.packets,
	    (unsigned long long)result->counts.udp);
}

static int
run(struct run *r)
{
	struct gs_dump_hooks hooks = { .tick = tick, .arg = r };
	struct gs_dump_result result;
	struct gs_err err;
	struct gs_dump *d = gs_dump_new(&r->dump, &hooks, &err);
	int status;

	if (d == NULL)
		return cli_complain(&r->cli, "%s", err.text);
	status = gs_dump_run(d, &result, &err);
	if (r->drawn)
		(void)fprintf(stderr, "\r%79s\r", "");
	say_findings(r, gs_dump_diags(d));
	if (status == 0) {
		say_run(r, &result);
		status = judge(r, &result);
	} else {
		r->gone = err.sys == EPIPE && r->dump.capture == stdout;
		status = r->gone ? CLI_TROUBLE :
				   cli_complain(&r->cli, "%s", err.text);
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
	return cli_complain(&r->cli, n.streams > 0 ?
	    "no SRTP: all RTP in the reports is plain" :
	    "no streams in the reports");
}

int
main(int argc, char **argv)
{
	struct run r = {
		.cli = { .tool = "gs-srtpdump", .opts = opts, .argc = argc,
		    .argv = argv, .values = values, .libraries = libraries,
		    .synopsis =
			"  gs-srtpdump [options] [CAPTURE ...]\n"
			"  gs-srtpdump [options] -i INTERFACE [-f FILTER]\n",
		    .examples =
			"  gs-srtpdump -a call.wav call.pcap\n"
			"  gs-srtpdump -K freeswitch.log -w plain.pcap "
			"call.pcap\n" },
		.dump.session = { .sip = true, .streams.roc_max = 4096 },
	};
	struct sigaction stop = { .sa_handler = on_signal };
	int c, status;

	if (forbid_core(&r.cli) == -1)
		return CLI_TROUBLE;
	while ((c = cli_next(&r.cli)) > 0)
		if (set_option(&r, c) != 0)
			return CLI_TROUBLE;
	if (c == -1 || check_options(&r) != 0 || open_outputs(&r) != 0)
		return CLI_TROUBLE;
	(void)sigaction(SIGINT, &stop, NULL);
	(void)sigaction(SIGTERM, &stop, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	r.bar = isatty(STDERR_FILENO) && !r.quiet;
	(void)clock_gettime(CLOCK_MONOTONIC, &r.began);
	status = r.merge ? merge(&r) : run(&r);
	status = close_output(
	    &r, r.dump.capture, r.capture_path, status);
	status = close_output(&r, r.dump.svg, r.svg_path, status);
	return r.gone ? status : cli_close_stdout(&r.cli, status);
}
