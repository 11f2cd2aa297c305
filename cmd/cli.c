/* SPDX-License-Identifier: MIT */
/* What the commands share: options, usage, exit status, standard output. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/baseline.h"
#include "base/near.h"
#include "base/wiped.h"
#include "cli_priv.h"
#include "completion.h"

static int GS_PRINTF(2, 0)
    complain(const struct cli *cli, const char *fmt, va_list ap)
{
	char raw[1024], text[4 * sizeof(raw)];

	if (vsnprintf(raw, sizeof(raw), fmt, ap) >= (int)sizeof(raw))
		gs_cut_visible(raw);
	gs_copy_visible(text, sizeof(text), raw);
	(void)fprintf(cli->err != NULL ? cli->err : stderr, "%s: %s\n",
	    cli->tool, text);
	return CLI_TROUBLE;
}

int
cli_complain(const struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int r = complain(cli, fmt, ap);
	va_end(ap);
	return r;
}

int
cli_usage(const struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int r = complain(cli, fmt, ap);
	va_end(ap);
	(void)fprintf(stderr, "Try '%s -h'.\n", cli->tool);
	return r;
}

/* Reports an unknown rule, and names the one most like it. */
static int
no_rule(const struct cli *cli, const char *id)
{
	const char *near = cli_rules_nearest(id);

	return cli_usage(cli, "no rule '%s'%s%s%s --rules lists them", id,
	    near != NULL ? "; did you mean '" : ";", near != NULL ? near : "",
	    near != NULL ? "'?" : "");
}

/* Returns 0, or -1 after an error message. */
static int
disable(struct cli *cli)
{
	const struct gs_rule *r = gs_rules_find(*cli->rules, cli->arg);

	if (r == NULL) {
		(void)no_rule(cli, cli->arg);
		return -1;
	}
	gs_mute_rule(&cli->mute, r);
	return 0;
}

static int
wrong_option(const struct cli *cli, const char *word)
{
	const char *names[CLI_OPTS_MAX];
	const struct cli_opt *o;
	char bare[64];
	size_t n = 0;

	for (; n < CLI_OPTS_MAX && (o = cli_option(cli, n)) != NULL; n++)
		names[n] = o->name;
	(void)snprintf(bare, sizeof(bare), "%s", word + strspn(word, "-"));
	bare[strcspn(bare, "=")] = '\0';
	const char *near = word[1] == '-' ? gs_nearest(bare, names, n) : NULL;
	/* An argument may contain a secret: only the option's name is
	 * shown. */
	(void)cli_usage(cli, "unknown option '%s%s'%s%s%s",
	    word[1] == '-' ? "--" : "-", bare,
	    near != NULL ? "; did you mean '--" : "", near != NULL ? near : "",
	    near != NULL ? "'?" : "");
	return -1;
}

static int
bad_option(const struct cli *cli, int why)
{
	const char letter[3] = { '-', (char)optopt, '\0' };
	const struct cli_opt *o = cli_option_find(cli, optopt, NULL);
	const char *word = cli->argv[optind - 1];

	if (optopt == 0 || o == NULL)
		return wrong_option(cli, optopt == 0 ? word : letter);
	if (why == ':')
		(void)cli_usage(cli, "option '%s' requires an argument: %s",
		    word[0] == '-' && word[1] == '-' ? word : letter, o->arg);
	else
		(void)cli_usage(cli, "option '--%s' takes no argument",
		    o->name);
	return -1;
}

/* The two tables of getopt, made from ours. */
static void
make_tables(const struct cli *cli, char *letters, struct option *longs)
{
	const struct cli_opt *o;

	*letters++ = ':';
	for (size_t i = 0; (o = cli_option(cli, i)) != NULL; i++) {
		if (o->c < 256) {
			*letters++ = (char)o->c;
			if (o->arg != NULL)
				*letters++ = ':';
		}
		*longs++ = (struct option){ o->name,
			cli_arg_optional(o) ? optional_argument :
			    o->arg != NULL  ? required_argument :
					      no_argument,
			NULL, o->c };
	}
	*letters = '\0';
	*longs = (struct option){ 0 };
}

/* Answers an option that prints a text. Returns -1 after an error message. */
static int
answer(struct cli *cli, int c, int word)
{
	switch (c) {
	case 'h': cli_text_help(cli); break;
	case 'V': cli_text_version(cli); break;
	case CLI_RULES: cli_rules_list(cli); break;
	case CLI_EXPLAIN:
		if (cli_rules_explain(cli, cli->arg) == 0)
			break;
		(void)no_rule(cli, cli->arg);
		return -1;
	default: cli_completion(cli, word);
	}
	cli->mute.learn = false; /* nothing was checked */
	exit(cli_close_stdout(cli, CLI_OK));
}

/* Takes an option of all commands. Returns 0, 1 if it is the command's own, or
 * -1 after an error message. */
static int
take_common(struct cli *cli, int c)
{
	size_t index;
	int word = 0;

	(void)cli_option_find(cli, c, &index);
	if (index < cli_options_own(cli))
		return 1;
	if ((word = cli_word(cli, c)) == -1)
		return -1;
	switch (c) {
	case 'f': cli->format = (enum gs_format)word; return 0;
	case 'j': cli->format = GS_JSON; return 0;
	case 'W': cli->level = GS_ERROR - (unsigned)word; return 0;
	case 'q': cli->quiet = true; return 0;
	case 'v': cli->verbose = true; return 0;
	case 'n': cli->dry = true; return 0;
	case CLI_DISABLE:
	case CLI_BASELINE:
	case CLI_WRITE_BASELINE: return 0; /* taken by scan() */
	case CLI_COLOR:
		cli->color =
		    cli->arg != NULL ? (enum cli_when)word : CLI_ALWAYS;
		return 0;
	default: return answer(cli, c, word);
	}
}

/* Reads the baseline, or checks that it can be written. */
static int
settle_baseline(struct cli *cli)
{
	struct gs_mute *m = &cli->mute;
	struct gs_err err;

	m->baseline = cli->baseline != NULL;
	if (m->learn && !m->baseline)
		return cli_usage(cli,
		    "--write-baseline requires --baseline FILE");
	if (!m->baseline)
		return CLI_OK;
	if (m->learn)
		return cli_writes(cli, "--baseline", cli->baseline);
	if (cli_reads(cli, "--baseline", cli->baseline) != CLI_OK)
		return CLI_TROUBLE;
	if (gs_baseline_read(m, cli->baseline, &err) == 0)
		return CLI_OK;
	return cli_complain(cli, "%s", err.text);
}

/* Notes which options are given, and reads those about suppressed findings
 * before all others, some of which read files with findings. Errors in others
 * are reported later. */
static int
scan(struct cli *cli, const char *letters, const struct option *longs)
{
	int c, bad = 0;
	size_t index;

	cli->scanned = true;
	while ((c = getopt_long(cli->argc, cli->argv, letters, longs, NULL)) !=
	    -1) {
		cli->arg = optarg;
		if (cli_option_find(cli, c, &index) != NULL)
			cli->given[index] = optarg != NULL ? optarg : "";
		if (c == CLI_DISABLE && bad == 0)
			bad = disable(cli);
		else if (c == CLI_BASELINE)
			cli->baseline = optarg;
		else if (c == CLI_WRITE_BASELINE)
			cli->mute.learn = true;
	}
	optind = 0; /* from the start, see getopt(3) */
	return bad != 0 || settle_baseline(cli) != CLI_OK ? -1 : 0;
}

/* Reports two options that cannot be combined. */
static void
refuse(const struct cli *cli, const struct cli_conflict *no)
{
	char one[CLI_NAME], other[CLI_NAME];
	const bool operand = no->other == CLI_OPERAND;

	(void)cli_usage(cli, "%s cannot be combined with %s%s%s%s",
	    cli_name(cli, no->c, one), operand ? "'" : "",
	    operand ? cli_given(cli, CLI_OPERAND) :
		      cli_name(cli, no->other, other),
	    operand ? "'" : "", no->why != NULL ? no->why : "");
}

/* Looks for options that cannot be combined, and for one without the option
 * that it requires. */
static int
check_together(const struct cli *cli)
{
	const struct cli_conflict *no = cli->conflicts;
	const struct cli_opt *o;
	char name[CLI_NAME];

	for (; no != NULL && no->c != 0; no++)
		if (cli_given(cli, no->c) != NULL &&
		    (cli_given(cli, no->other) == NULL) == no->requires) {
			if (no->requires)
				(void)cli_usage(cli, "%s", no->why);
			else
				refuse(cli, no);
			return -1;
		}

	for (size_t i = 0; (o = cli_option(cli, i)) != NULL; i++) {
		if (o->with == 0 || cli->given[i] == NULL ||
		    cli_given(cli, o->with) != NULL)
			continue;
		(void)cli_usage(cli, "--%s requires %s", o->name,
		    cli_name(cli, o->with, name));
		return -1;
	}
	return 0;
}

/* Reports that use requires one of the options that select its modes. */
static void
require_mode(const struct cli *cli, const struct cli_use *use, const int *by)
{
	char name[CLI_NAME], words[16 * CLI_NAME] = "";
	struct gs_buf b;
	size_t n = 0;

	for (unsigned i = 0; use->modes >> i != 0; i++)
		if ((use->modes & 1u << i) != 0 && n < sizeof(words))
			n += (size_t)snprintf(words + n, sizeof(words) - n,
			    "%s%s", n > 0 ? " " : "",
			    cli_name(cli, by[i], name));
	gs_buf_init(&b, 1024);
	cli_put_words(&b, words, ", ", " or ");
	(void)cli_usage(cli, "%s requires %.*s", cli_name(cli, use->c, name),
	    (int)b.n, (const char *)b.p);
	gs_buf_free(&b);
}

int
cli_check_uses(const struct cli *cli, const struct cli_use *uses, unsigned mode,
    const int *by)
{
	for (; uses->c != 0; uses++) {
		if (cli_given(cli, uses->c) == NULL ||
		    (uses->modes & 1u << mode) != 0)
			continue;
		if (by[mode] == 0)
			require_mode(cli, uses, by);
		else
			refuse(cli,
			    &(struct cli_conflict){ uses->c, by[mode] });
		return CLI_TROUBLE;
	}
	return CLI_OK;
}

int
cli_next(struct cli *cli)
{
	char letters[2 * CLI_OPTS_MAX + 2];
	struct option longs[CLI_OPTS_MAX + 1];
	int c, taken;

	make_tables(cli, letters, longs);
	opterr = 0;
	if (!cli->scanned && scan(cli, letters, longs) == -1)
		return -1;
	do {
		c = getopt_long(cli->argc, cli->argv, letters, longs, NULL);
		cli->arg = optarg;
		if (c == -1)
			return check_together(cli);
		if (c == ':' || c == '?')
			return bad_option(cli, c);
		taken = take_common(cli, c);
	} while (taken == 0);
	return taken == 1 ? c : -1;
}

const char *
cli_given(const struct cli *cli, int c)
{
	size_t index;

	if (c == CLI_OPERAND)
		return cli->argv[optind];
	return cli_option_find(cli, c, &index) != NULL ? cli->given[index] :
							 NULL;
}

int
cli_num(const struct cli *cli, const char *option, long long lo, long long hi,
    long long *v)
{
	char *end;

	errno = 0;
	long long r = strtoll(cli->arg, &end, 10);
	if (*cli->arg == '\0' || *end != '\0' || errno != 0 || r < lo ||
	    r > hi) {
		(void)cli_usage(cli, "%s requires a number from %lld to %lld",
		    option, lo, hi);
		return -1;
	}
	*v = r;
	return 0;
}

/* Reports the words that o takes, and what else may have been meant. */
static void
wrong_word(const struct cli *cli, const struct cli_opt *o, const char *words)
{
	struct gs_buf b;

	gs_buf_init(&b, 1024);
	cli_put_words(&b, words, ", ", " or ");
	(void)cli_usage(cli, "--%s requires %.*s, not '%s'%s", o->name,
	    (int)b.n, (const char *)b.p, cli->arg, cli_hint(cli, o));
	gs_buf_free(&b);
}

int
cli_word(const struct cli *cli, int c)
{
	const struct cli_opt *o = cli_option_find(cli, c, NULL);
	const char *words = o != NULL ? cli_words(cli, o) : NULL;
	int i = 0;

	if (words == NULL || cli->arg == NULL)
		return 0;
	for (const char *p = words; *p != '\0'; i++) {
		size_t n = strcspn(p, " ");

		if (strlen(cli->arg) == n && memcmp(cli->arg, p, n) == 0)
			return i;
		p += n + (p[n] == ' ');
	}
	wrong_word(cli, o, words);
	return -1;
}

void
cli_remark(void *cli, const char *text)
{
	const struct cli *c = cli;

	if (!c->quiet)
		(void)cli_complain(c, "%s", text);
}

int
cli_keys_add(const struct cli *cli, struct cli_keys *k)
{
	if (k->n == CLI_KEYS_MAX)
		return cli_usage(cli, "-K was given more than %d times",
		    CLI_KEYS_MAX);
	k->path[k->n++] = cli->arg;
	return CLI_OK;
}

int
cli_keys_reads(const struct cli *cli, const struct cli_keys *k)
{
	int bad = k->pass_file == NULL ?
	    CLI_OK :
	    cli_reads(cli, "--pass-file", k->pass_file);

	for (size_t i = 0; bad == CLI_OK && i < k->n; i++)
		bad = cli_reads(cli, "-K", k->path[i]);
	return bad;
}

/* A command that waits for a terminal looks busy otherwise. */
static void
say_stdin(const struct cli *cli, const char *what)
{
	if (cli_given(cli, 'q') == NULL && isatty(STDIN_FILENO) == 1)
		(void)cli_complain(cli,
		    "reading %s from standard input; end with Ctrl-D",
		    what != NULL ? what : cli->input);
}

int
cli_reads(const struct cli *cli, const char *what, const char *path)
{
	struct gs_err err;

	/* Not even the error message may go there. */
	if (gs_guard_is_fd(path, STDERR_FILENO)) {
		if (!gs_guard_is_fd(path, STDOUT_FILENO))
			(void)printf("%s: standard error is an input: "
				     "nothing was written\n",
			    cli->tool);
		return CLI_TROUBLE;
	}
	if (gs_guard_read(cli->guard, what, path, &err) == -1)
		return cli_complain(cli, "%s", err.text);
	if (strcmp(path, "-") == 0)
		say_stdin(cli, what);
	return CLI_OK;
}

int
cli_writes(const struct cli *cli, const char *what, const char *path)
{
	struct gs_err err;

	if (gs_guard_write(cli->guard, what, path, &err) == 0)
		return CLI_OK;
	return cli_complain(cli, "%s", err.text);
}

int
cli_writes_in(const struct cli *cli, const char *what, const char *folder,
    gs_guard_match *match, const void *arg)
{
	struct gs_err err;

	if (gs_guard_write_in(cli->guard, what, folder, match, arg, &err) == 0)
		return CLI_OK;
	return cli_complain(cli, "%s", err.text);
}

/* An environment variable, "" if it is not set. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL ? value : "";
}

/* Whether output to fp is colored: by --color, else by the environment and by
 * whether fp is a terminal. */
static bool
is_colored(const struct cli *cli, FILE *fp)
{
	const char *force = variable("FORCE_COLOR"), *term = variable("TERM");

	if (cli->color != CLI_AUTO)
		return cli->color == CLI_ALWAYS;
	if (*variable("NO_COLOR") != '\0')
		return false;
	if (*force != '\0')
		return strcmp(force, "0") != 0;
	return *term != '\0' && strcmp(term, "dumb") != 0 &&
	    isatty(fileno(fp)) == 1;
}

struct gs_report
cli_report(const struct cli *cli, bool on_stderr)
{
	FILE *fp = on_stderr ? stderr : stdout;

	return (struct gs_report){
		.fp = cli->format == GS_GITHUB ? fp :
		    on_stderr                  ? cli->err :
						 cli->out,
		.format = cli->format,
		.level = cli->level,
		.quiet = cli->quiet,
		.mute = &cli->mute,
		.color = is_colored(cli, fp),
		.source = cli->verbose,
		.width = isatty(fileno(fp)) == 1 ? cli_width(fp, 0) : 0,
		.ascii = cli_ascii_wanted(),
		.tool = cli->tool,
		.version = CLI_VERSION,
		.rules = *cli->rules,
	};
}

int
cli_plugin(const struct cli *cli, int c, bool critical, int status)
{
	return status == CLI_TROUBLE && !critical && cli_given(cli, c) != NULL ?
	    (int)GS_PLUGIN_UNKNOWN :
	    status;
}

int
cli_judge(const struct cli *cli, const struct gs_diags *d)
{
	for (unsigned s = cli->level; s <= GS_ERROR; s++)
		if (d->total[s] > 0)
			return CLI_NO;
	return CLI_OK;
}

int
cli_end_report(const struct cli *cli, struct gs_report *r, int status)
{
	if (gs_report_end(r) == 0)
		return status;
	return cli_complain(cli, "out of memory: the report is incomplete");
}

void
cli_say_wide(const struct cli *cli)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & (S_IRGRP | S_IROTH)) != 0)
		(void)cli_complain(cli,
		    "standard output is a file of mode %04o: others can read "
		    "the decrypted data",
		    (unsigned)(st.st_mode & 0777));
}

int
cli_begin(struct cli *cli)
{
	cli->out = stdout;
	cli->err = stderr;
	cli->mute.rules = *cli->rules;
	gs_wiped_allow();
	if (prctl(PR_SET_DUMPABLE, 0) == -1) {
		(void)cli_complain(cli, "cannot switch core files off: %s",
		    strerror(errno));
		return -1;
	}
	if (cli_ascii_wanted()) {
		cli->out = cli_ascii_open(stdout);
		cli->err = cli_ascii_open(stderr);
	}
	if (cli->out != NULL && cli->err != NULL)
		return 0;
	cli->out = stdout;
	cli->err = stderr;
	(void)cli_complain(cli, "out of memory");
	return -1;
}

/* Writes the baseline, and reports the number of suppressed findings. */
static int
end_mute(struct cli *cli, int status)
{
	struct gs_mute *m = &cli->mute;
	struct gs_err err;

	if (gs_mute_total(m) > 0 &&
	    (cli->format == GS_CODEQUALITY || (cli->says_muted && !cli->quiet)))
		(void)cli_complain(cli, "suppressed findings: %llu",
		    (unsigned long long)gs_mute_total(m));
	if (m->no_memory)
		return cli_complain(cli, "out of memory");
	if (!m->learn || cli->dry || status == CLI_TROUBLE)
		return status;
	if (gs_baseline_write(m, cli->baseline, cli->keeper, &err) == 0)
		return status;
	return cli_complain(cli, "%s", err.text);
}

int
cli_end(struct cli *cli, int status)
{
	gs_mute_free(&cli->mute);
	gs_tree_free(&cli->files);
	free(cli->folder);
	free(cli->operands);
	if (cli->err != stderr)
		(void)fclose(cli->err);
	cli->err = stderr;
	return status;
}

int
cli_close_stdout(struct cli *cli, int status)
{
	status = end_mute(cli, status);
	if (gs_memory_lost() && status != CLI_TROUBLE)
		status = cli_complain(cli,
		    "out of memory: what was printed or written is incomplete");
	errno = 0;
	bool bad = cli->out != stdout && fclose(cli->out) != 0;

	if (ferror(stdout) != 0) {
		bad = true;
		/* Why is forgotten by now: one more octet tells. */
		(void)fputc('\n', stdout);
	}
	if ((fclose(stdout) != 0 || bad) && errno != EPIPE)
		status = cli_complain(cli, "standard output: %s",
		    errno != 0 ? strerror(errno) :
				 "not everything was written");
	return cli_end(cli, status);
}
