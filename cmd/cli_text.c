/* SPDX-License-Identifier: MIT */
/* Texts that fit the terminal: the help, and the version. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli_priv.h"

enum { WIDTH_LEAST = 40, HELP_AT = 27, HELP_AT_NARROW = 8 };

size_t
cli_width(FILE *fp, size_t otherwise)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	long n = columns != NULL ? strtol(columns, NULL, 10) : 0;

	if (n <= 0 && ioctl(fileno(fp), TIOCGWINSZ, &size) == 0)
		n = size.ws_col;
	if (n <= 0)
		return otherwise;
	return n < WIDTH_LEAST ? WIDTH_LEAST : (size_t)n;
}

void
cli_text_wrap(const char *text, size_t col, size_t indent)
{
	cli_text_wrap_at(text, col, indent, cli_width(stdout, CLI_WIDTH));
}

void
cli_text_wrap_at(const char *text, size_t col, size_t indent, size_t width)
{
	bool begun = true; /* the line has nothing to break */

	while (*text != '\0') {
		size_t blanks = strspn(text, " ");
		size_t n = strcspn(text + blanks, " ");

		if (indent + n > width) {
			n = strcspn(text + blanks, " |");
			n += text[blanks + n] == '|';
		}
		if (!begun && col + blanks + n > width) {
			(void)printf("\n%*s", (int)indent, "");
			col = indent;
		} else {
			(void)printf("%*s", (int)blanks, "");
			col += blanks;
		}
		for (size_t i = 0; i < n; i++)
			(void)putchar(text[blanks + i] == *CLI_GLUE ?
				' ' :
				text[blanks + i]);
		col += n;
		text += blanks + n;
		begun = false;
	}
	(void)putchar('\n');
}

/* Appends the option as typed: its letter, its name and, if it has one, its
 * argument. With words, those replace the argument's name. */
static void
put_option(struct gs_buf *b, const struct cli *cli, const struct cli_opt *o,
    bool words)
{
	const char *list = words ? cli_words(cli, o) : NULL;

	if (o->c < 256)
		gs_buf_printf(b, "-%c," CLI_GLUE, o->c);
	gs_buf_printf(b, "--%s", o->name);
	if (o->arg == NULL)
		return;
	if (!cli_arg_optional(o))
		gs_buf_puts(b, CLI_GLUE);
	if (list == NULL) {
		gs_buf_puts(b, o->arg);
		return;
	}
	gs_buf_puts(b, cli_arg_optional(o) ? "[=" : "");
	cli_put_words(b, list, "|", "|");
	gs_buf_puts(b, cli_arg_optional(o) ? "]" : "");
}

/* Prints the contents of b, as cli_text_wrap() does, and empties it. */
static void
flush_wrapped(struct gs_buf *b, size_t col, size_t indent)
{
	gs_buf_putc(b, '\0');
	if (gs_buf_ok(b))
		cli_text_wrap((const char *)b->p, col, indent);
	gs_buf_clear(b);
}

static void
put_explained(struct gs_buf *b, const struct cli *cli, const struct cli_opt *o)
{
	size_t at =
	    cli_width(stdout, CLI_WIDTH) < 60 ? HELP_AT_NARROW : HELP_AT;
	const char *words = cli_words(cli, o);
	char help[CLI_HELP];

	gs_buf_puts(b, o->c < 256 ? "  " : "      ");
	put_option(b, cli, o, false);
	size_t col = b->n;
	for (size_t i = 0; i < col; i++)
		b->p[i] = b->p[i] == *CLI_GLUE ? ' ' : b->p[i];
	if (col + 1 > at)
		(void)printf("%.*s\n%*s", (int)col, (const char *)b->p, (int)at,
		    "");
	else
		(void)printf("%-*.*s", (int)at, (int)col, (const char *)b->p);
	gs_buf_clear(b);
	gs_buf_puts(b, cli_help(cli, o, help));
	if (words != NULL) {
		gs_buf_puts(b, ": ");
		cli_put_words(b, words, ", ", " or ");
	}
	flush_wrapped(b, at, at);
}

/* Whether the synopsis shows the option. */
static bool
in_synopsis(const struct cli *cli, const struct cli_opt *o)
{
	const char *p = cli->synopsis;
	char word[64];
	size_t n;

	(void)snprintf(word, sizeof(word), "--%s", o->name);
	n = strlen(word);
	for (; (p = strstr(p, word)) != NULL; p += n)
		if (p > cli->synopsis && strchr(" [", p[-1]) != NULL &&
		    strchr(" ]\n", p[n]) != NULL)
			return true;
	return false;
}

/* Options from i up to end, which are only named. */
static void
put_named(struct gs_buf *b, const struct cli *cli, size_t i, size_t end)
{
	const struct cli_opt *o;
	size_t head = b->n;
	bool own = i < cli_options_own(cli);

	for (; i < end && (o = cli_option(cli, i)) != NULL; i++) {
		if (own && in_synopsis(cli, o))
			continue;
		gs_buf_puts(b, b->n > head ? "  " : "");
		put_option(b, cli, o, true);
	}
	if (b->n > head)
		flush_wrapped(b, 0, 4);
	gs_buf_clear(b);
}

/* Lines of a synopsis. */
static void
put_lines(struct gs_buf *b, const char *lines)
{
	while (*lines != '\0') {
		size_t n = strcspn(lines, "\n");

		gs_buf_put(b, lines, n);
		flush_wrapped(b, 0, 8);
		lines += n + (lines[n] == '\n');
	}
}

void
cli_text_help(const struct cli *cli)
{
	const size_t own = cli_options_own(cli);
	const size_t explained = cli->explained > 0 ? cli->explained : own;
	struct gs_buf b;

	gs_buf_init(&b, 64 * 1024);
	(void)printf("usage:\n");
	put_lines(&b, cli->synopsis);
	for (size_t i = 0; i < explained; i++)
		put_explained(&b, cli, cli_option(cli, i));
	gs_buf_printf(&b, "  other options, see %s(1): ", cli->tool);
	if (explained < own)
		put_named(&b, cli, explained, own);
	gs_buf_clear(&b);
	gs_buf_puts(&b, "  options of all commands: ");
	put_named(&b, cli, own, SIZE_MAX);
	(void)printf("examples:\n%s", cli->examples);
	gs_buf_free(&b);
}

void
cli_text_version(const struct cli *cli)
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
