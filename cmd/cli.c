/* SPDX-License-Identifier: MIT */
/* What the commands share: options, usage, exit status, standard output. */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "completion.h"

enum { MAX_RULES = 256, HELP_INDENT = 26 };

enum { OPT_COMPLETION = 0x7fff };

static void
put_explained(const struct cli_opt *o)
{
	char left[80];

	(void)snprintf(left, sizeof(left), "  %s%c%s%s%s%s%s",
	    o->c < 256 ? "-" : " ", o->c < 256 ? o->c : ' ',
	    o->name == NULL ? "" :
		o->c < 256  ? ", " :
			      "  ",
	    o->name != NULL ? "--" : "", o->name != NULL ? o->name : "",
	    o->arg != NULL && !cli_arg_optional(o) ? " " : "",
	    o->arg != NULL ? o->arg : "");
	(void)fprintf(stdout, "%-*s %s\n", HELP_INDENT, left, o->help);
}

/* Prints text in lines of at most 76 columns, each indented by so many
 * blanks. */
static void
wrap(const char *text, unsigned indent)
{
	size_t col = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, " ");
		if (col > 0 && col + 1 + n > 76) {
			(void)putchar('\n');
			col = 0;
		}
		if (col == 0) {
			(void)printf("%*s", (int)indent, "");
			col = indent;
		} else {
			(void)putchar(' ');
			col++;
		}
		(void)fwrite(text, 1, n, stdout);
		col += n;
		text += n + (text[n] == ' ');
	}
	(void)putchar('\n');
}

/* Whether the synopsis shows the option, and so what it is for. */
static bool
in_synopsis(const struct cli *cli, const struct cli_opt *o)
{
	const char *p = cli->synopsis;
	char word[64];
	size_t n;

	if (o->name != NULL)
		(void)snprintf(word, sizeof(word), "--%s", o->name);
	else
		(void)snprintf(word, sizeof(word), "-%c", o->c);
	n = strlen(word);
	for (; (p = strstr(p, word)) != NULL; p += n)
		if (p > cli->synopsis && strchr(" [", p[-1]) != NULL &&
		    strchr(" ]\n", p[n]) != NULL)
			return true;
	return false;
}

/* The rest, which has no room on a screen. */
static void
put_named(const struct cli *cli, const struct cli_opt *o)
{
	struct gs_buf b;

	gs_buf_init(&b, 4096);
	gs_buf_printf(&b, "more, see %s(1):", cli->tool);
	size_t head = b.n;
	for (; o->c != 0; o++) {
		if (in_synopsis(cli, o))
			continue;
		if (o->name != NULL)
			gs_buf_printf(&b, " --%s", o->name);
		else
			gs_buf_printf(&b, " -%c", o->c);
		if (o->arg != NULL)
			gs_buf_printf(&b, " %s", o->arg);
	}
	bool any = b.n > head;
	gs_buf_putc(&b, '\0');
	if (any && gs_buf_ok(&b))
		wrap((const char *)b.p, 2);
	gs_buf_free(&b);
}

static void
put_help(const struct cli *cli)
{
	const struct cli_opt *o = cli->opts;
	size_t n = cli->explained;

	(void)fprintf(stdout, "usage:\n%s", cli->synopsis);
	for (; o->c != 0 && (n == 0 || o < cli->opts + n); o++)
		put_explained(o);
	if (o->c != 0)
		put_named(cli, o);
	(void)fprintf(stdout, "examples:\n%s", cli->examples);
}

static void
put_version(const struct cli *cli)
{
	(void)printf("%s (gsprov) %s\n", cli->tool, CLI_VERSION);
	for (cli_library *const *l = cli->libraries; l != NULL && *l != NULL;
	     l++) {
		struct gs_buf b;
		gs_buf_init(&b, 1024);
		(*l)(&b);
		(void)printf("%.*s\n", (int)b.n, (const char *)b.p);
		gs_buf_free(&b);
	}
}

static int
complain(const struct cli *cli, const char *fmt, va_list ap)
{
	char raw[1024];
	struct gs_buf b;

	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	gs_buf_init(&b, 8 * sizeof(raw));
	gs_buf_put_visible(&b, gs_span(raw, strlen(raw)));
	(void)fprintf(stderr, "%s: %.*s\n", cli->tool, (int)b.n,
	    (const char *)b.p);
	gs_buf_free(&b);
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

/* Levenshtein's distance, for words of at most 31 letters. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned row[32];
	size_t n = strlen(b);

	if (n > 31 || strlen(a) > 31)
		return 99;
	for (unsigned k = 0; k <= n; k++)
		row[k] = k;
	for (unsigned i = 1; a[i - 1] != '\0'; i++) {
		unsigned diagonal = row[0];
		row[0] = i;
		for (size_t k = 1; k <= n; k++) {
			unsigned d = diagonal + (a[i - 1] != b[k - 1]);
			diagonal = row[k];
			if (row[k] + 1 < d)
				d = row[k] + 1;
			if (row[k - 1] + 1 < d)
				d = row[k - 1] + 1;
			row[k] = d;
		}
	}
	return row[n];
}

const char *
cli_nearest(const char *word, const char *const *names, size_t n)
{
	const char *best = NULL;
	unsigned least = 1 + (unsigned)strlen(word) / 3;

	for (size_t i = 0; i < n; i++) {
		unsigned d = distance(word, names[i]);
		if (d <= least && (best == NULL || d < least)) {
			best = names[i];
			least = d;
		}
	}
	return best;
}

const struct gs_rule *
cli_rule(const struct cli *cli, struct gs_rules rules, const char *id)
{
	const char *names[MAX_RULES];
	const struct gs_rule *r = gs_rules_find(rules, id);
	size_t n = 0;

	if (r != NULL)
		return r;
	while (n < rules.n && n < MAX_RULES) {
		names[n] = rules.rule[n].id;
		n++;
	}
	const char *near = cli_nearest(id, names, n);
	(void)cli_usage(cli, "no rule '%s'%s%s%s --rules lists them", id,
	    near != NULL ? "; did you mean '" : ";", near != NULL ? near : "",
	    near != NULL ? "'?" : "");
	return NULL;
}

int
cli_tell_rules(const struct cli *cli, struct gs_rules rules, const char *id,
    cli_rule_link *link)
{
	for (size_t i = 0; id == NULL && i < rules.n; i++)
		(void)printf("%-27s %-8s %s\n", rules.rule[i].id,
		    gs_severity_name(rules.rule[i].severity),
		    rules.rule[i].brief);
	if (id == NULL)
		return CLI_OK;
	const struct gs_rule *r = cli_rule(cli, rules, id);
	if (r == NULL)
		return CLI_TROUBLE;
	(void)printf("%s (%s): %s\n", r->id, gs_severity_name(r->severity),
	    r->brief);
	if (strcmp(r->ref, "-") != 0)
		(void)printf("Reference: %s\n", r->ref);
	if (link != NULL)
		(void)printf("Link: %s\n", link(r));
	(void)printf("\nWhy it matters\n");
	wrap(r->why, 2);
	(void)printf("\nWhat to do\n");
	wrap(r->fix, 2);
	return CLI_OK;
}

static int
wrong_option(const struct cli *cli, const char *word)
{
	const char *names[CLI_OPTS_MAX + 2] = { "help", "version" };
	char bare[64];
	size_t n = 2;

	for (const struct cli_opt *o = cli->opts; o->c != 0; o++)
		if (o->name != NULL)
			names[n++] = o->name;
	(void)snprintf(bare, sizeof(bare), "%s", word + strspn(word, "-"));
	bare[strcspn(bare, "=")] = '\0';
	const char *near = word[1] == '-' ? cli_nearest(bare, names, n) : NULL;
	/* An argument may hold a secret: only the option's name is shown. */
	(void)cli_usage(cli, "unknown option '%s%s'%s%s%s",
	    word[1] == '-' ? "--" : "-", bare,
	    near != NULL ? "; did you mean '--" : "", near != NULL ? near : "",
	    near != NULL ? "'?" : "");
	return -1;
}

static const struct cli_opt *
find(const struct cli *cli, int c)
{
	const struct cli_opt *o = cli->opts;

	while (o->c != 0 && o->c != c)
		o++;
	return o;
}

static int
bad_option(const struct cli *cli, int why)
{
	char letter[3] = { '-', (char)optopt, '\0' };
	const struct cli_opt *o = find(cli, optopt);
	const char *word = cli->argv[optind - 1];

	if (why == ':') {
		(void)cli_usage(cli, "option '%s' needs an argument%s%s",
		    word[0] == '-' && word[1] == '-' ? word : letter,
		    o->arg != NULL ? ": " : "", o->arg != NULL ? o->arg : "");
		return -1;
	}
	if (optopt == 0)
		return wrong_option(cli, word);
	const char *name = optopt == 'h' ? "help" :
	    optopt == 'V'                ? "version" :
					   o->name;
	if (name != NULL) {
		(void)cli_usage(cli, "option '--%s' takes no argument", name);
		return -1;
	}
	return wrong_option(cli, letter);
}

/* getopt's two tables, made from ours. */
static void
make_tables(const struct cli *cli, char *letters, struct option *longs)
{
	*letters++ = ':';
	*letters++ = 'h';
	*letters++ = 'V';
	*longs++ = (struct option){ "help", no_argument, NULL, 'h' };
	*longs++ = (struct option){ "version", no_argument, NULL, 'V' };
	*longs++ = (struct option){ "completion", required_argument, NULL,
		OPT_COMPLETION };
	for (const struct cli_opt *o = cli->opts; o->c != 0; o++) {
		if (o->c < 256) {
			*letters++ = (char)o->c;
			if (o->arg != NULL)
				*letters++ = ':';
		}
		if (o->name != NULL)
			*longs++ = (struct option){ o->name,
				cli_arg_optional(o) ? optional_argument :
				    o->arg != NULL  ? required_argument :
						      no_argument,
				NULL, o->c };
	}
	*letters = '\0';
	*longs = (struct option){ 0 };
}

int
cli_next(struct cli *cli)
{
	char letters[2 * CLI_OPTS_MAX + 4];
	struct option longs[CLI_OPTS_MAX + 4];

	make_tables(cli, letters, longs);
	opterr = 0;
	int c = getopt_long(cli->argc, cli->argv, letters, longs, NULL);
	cli->arg = optarg;
	switch (c) {
	case -1: return 0;
	case 'h': put_help(cli); exit(cli_close_stdout(cli, CLI_OK));
	case 'V': put_version(cli); exit(cli_close_stdout(cli, CLI_OK));
	case OPT_COMPLETION:
		if (cli_completion(cli, cli->arg) == 0)
			exit(cli_close_stdout(cli, CLI_OK));
		(void)cli_usage(cli,
		    "--completion wants bash, zsh or fish, not '%s'", cli->arg);
		return -1;
	case ':':
	case '?': return bad_option(cli, c);
	default:
		cli->given[find(cli, c) - cli->opts] =
		    optarg != NULL ? optarg : "";
		return c;
	}
}

const char *
cli_given(const struct cli *cli, int c)
{
	const struct cli_opt *o = find(cli, c);

	if (c == CLI_OPERAND)
		return cli->argv[optind];
	return o->c != 0 ? cli->given[o - cli->opts] : NULL;
}

int
cli_conflicts(const struct cli *cli, const struct cli_conflict *list)
{
	for (; list->c != 0; list++)
		if (cli_given(cli, list->c) != NULL &&
		    (cli_given(cli, list->other) == NULL) == list->requires)
			return cli_usage(cli, "%s", list->why);
	return CLI_OK;
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
		(void)cli_usage(cli, "%s wants a number from %lld to %lld",
		    option, lo, hi);
		return -1;
	}
	*v = r;
	return 0;
}

/* "a b c" as "a, b or c". */
static void
put_choice(struct gs_buf *b, const char *words)
{
	for (const char *p = words; *p != '\0';) {
		size_t n = strcspn(p, " ");
		const char *rest = p + n + (p[n] == ' ');

		gs_buf_put(b, p, n);
		if (*rest != '\0')
			gs_buf_puts(b,
			    strchr(rest, ' ') != NULL ? ", " : " or ");
		p = rest;
	}
	gs_buf_putc(b, '\0');
}

int
cli_word(const struct cli *cli, int c)
{
	const struct cli_values *v = cli->values;
	struct gs_buf b;
	int i = 0;

	while (v->c != 0 && v->c != c)
		v++;
	if (v->words == NULL)
		return 0;
	for (const char *p = v->words; *p != '\0'; i++) {
		size_t n = strcspn(p, " ");

		if (strlen(cli->arg) == n && memcmp(cli->arg, p, n) == 0)
			return i;
		p += n + (p[n] == ' ');
	}
	const struct cli_opt *o = find(cli, c);
	const char letter[] = { (char)c, '\0' };
	gs_buf_init(&b, 1024);
	put_choice(&b, v->words);
	(void)cli_usage(cli, "%s%s wants %s, not '%s'", c < 256 ? "-" : "--",
	    c < 256 ? letter : o->name, gs_buf_ok(&b) ? (char *)b.p : "",
	    cli->arg);
	gs_buf_free(&b);
	return -1;
}

int
cli_reads(const struct cli *cli, const char *what, const char *path)
{
	struct gs_err err;

	/* Not even the complaint may go there. */
	if (gs_guard_is_fd(path, STDERR_FILENO)) {
		if (!gs_guard_is_fd(path, STDOUT_FILENO))
			(void)printf("%s: standard error is an input: "
				     "nothing was written\n",
			    cli->tool);
		return CLI_TROUBLE;
	}
	if (gs_guard_read(cli->guard, what, path, &err) == 0)
		return CLI_OK;
	return cli_complain(cli, "%s", err.text);
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

bool
cli_color(FILE *fp)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (no != NULL && *no != '\0')
		return false;
	if (term == NULL || strcmp(term, "dumb") == 0)
		return false;
	return isatty(fileno(fp)) == 1;
}

void
cli_say_stdin(const struct cli *cli, const char *file)
{
	if (strcmp(file, "-") == 0 && isatty(STDIN_FILENO) == 1)
		(void)cli_complain(cli,
		    "reading standard input; end with Ctrl-D");
}

void
cli_say_wide(const struct cli *cli)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & (S_IRGRP | S_IROTH)) != 0)
		(void)cli_complain(cli,
		    "standard output is a file of mode %04o: others can read "
		    "what is decrypted",
		    (unsigned)(st.st_mode & 0777));
}

int
cli_forbid_core(const struct cli *cli)
{
	if (prctl(PR_SET_DUMPABLE, 0) == 0)
		return 0;
	(void)cli_complain(cli, "cannot switch core files off: %s",
	    strerror(errno));
	return -1;
}

int
cli_close_stdout(const struct cli *cli, int status)
{
	bool bad = ferror(stdout) != 0;

	errno = 0;
	if (fclose(stdout) == 0 && !bad)
		return status;
	if (errno == EPIPE)
		return status;
	return cli_complain(cli, "standard output: %s",
	    errno != 0 ? strerror(errno) : "not everything was written");
}
