/* SPDX-License-Identifier: MIT */
/* Operands that are folders: the files in them, and those left out. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli_priv.h"

/* Reports the files of the folder that were left out for their names. */
static void
say_others(const struct cli *cli, const char *name, const char *suffixes)
{
	const struct gs_tree *t = &cli->files;
	struct gs_buf b;

	if (t->others == 0 || cli->quiet)
		return;
	gs_buf_init(&b, 1024);
	cli_put_words(&b, suffixes, ", ", " or ");
	(void)cli_complain(cli,
	    "%s: %" PRIu64 " %s not end in %.*s %s left out%s: %s", name,
	    t->others,
	    t->others == 1 ? "file whose name does" : "files whose names do",
	    (int)b.n, (const char *)b.p, t->others == 1 ? "was" : "were",
	    t->others == 1 ? "" : ", the first", t->other);
	gs_buf_free(&b);
}

static int
add_folder(struct cli *cli, const char *name, const char *suffixes,
    struct gs_err *err)
{
	size_t first = cli->files.n;
	int bad = gs_tree_files(&cli->files, name, suffixes, err);

	if (bad == 0)
		say_others(cli, name, suffixes);
	cli->files.others = 0;
	free(cli->files.other);
	cli->files.other = NULL;
	if (bad == -1)
		return -1;
	if (!gs_grow(&cli->folder, &cli->folders_size, cli->folders + 1,
		sizeof(*cli->folder)))
		return gs_err_set(err, "out of memory");
	cli->folder[cli->folders++] = (struct cli_folder){ .name = name,
		.first = first,
		.n = cli->files.n - first };
	/* An empty one stays an operand, and cli_unchecked() tells of it. */
	return cli->files.n > first ? 0 : gs_tree_add(&cli->files, name, err);
}

static int
add_operand(struct cli *cli, const char *name, const char *suffixes,
    struct gs_err *err)
{
	struct stat st;

	if (stat(name, &st) == -1 || !S_ISDIR(st.st_mode))
		return gs_tree_add(&cli->files, name, err);
	return add_folder(cli, name, suffixes, err);
}

int
cli_files(struct cli *cli, const char *suffixes)
{
	struct gs_err err;
	size_t first = (size_t)optind;

	for (int i = optind; i < cli->argc; i++)
		if (add_operand(cli, cli->argv[i], suffixes, &err) == -1)
			return cli_complain(cli, "%s", err.text);
	cli->operands = calloc(first + cli->files.n + 1, sizeof(char *));
	if (cli->operands == NULL)
		return cli_complain(cli, "out of memory");
	memcpy(cli->operands, cli->argv, first * sizeof(char *));
	if (cli->files.n > 0)
		memcpy(cli->operands + first, cli->files.name,
		    cli->files.n * sizeof(char *));
	cli->argv = cli->operands;
	cli->argc = (int)(first + cli->files.n);
	return CLI_OK;
}

/* The folder in which operand i was found, or NULL. */
static struct cli_folder *
folder_of(const struct cli *cli, int i)
{
	size_t at = (size_t)(i - optind);

	for (size_t k = 0; k < cli->folders; k++)
		if (at - cli->folder[k].first < cli->folder[k].n)
			return &cli->folder[k];
	return NULL;
}

/* Whether name, which may be NULL, is a folder without files to read. */
static bool
is_empty(const struct cli *cli, const char *name)
{
	for (size_t k = 0; k < cli->folders; k++)
		if (name != NULL && cli->folder[k].n == 0 &&
		    strcmp(cli->folder[k].name, name) == 0)
			return true;
	return false;
}

int
cli_unchecked(const struct cli *cli, struct gs_report *r,
    const struct gs_err *why)
{
	struct gs_err err = *why;

	if (is_empty(cli, r->file))
		(void)gs_err_set(&err, "%s: no file to read in this folder",
		    r->file);
	gs_report_trouble(r, err.text);
	return cli_complain(cli, "%s", err.text);
}

bool
cli_was_found(const struct cli *cli, int i)
{
	return folder_of(cli, i) != NULL;
}

void
cli_leave_out(struct cli *cli, int i)
{
	struct cli_folder *f = folder_of(cli, i);

	if (f != NULL && f->left++ == 0)
		f->left_first = cli->argv[i];
}

int
cli_end_files(const struct cli *cli, int status)
{
	for (size_t k = 0; k < cli->folders; k++) {
		const struct cli_folder *f = &cli->folder[k];

		if (f->left == f->n)
			status = CLI_TROUBLE;
		if (f->left == 0 || (cli->quiet && f->left < f->n))
			continue;
		(void)cli_complain(cli,
		    "%s: %zu %s nothing to judge and %s left out%s: %s",
		    f->name, f->left,
		    f->left == 1 ? "file contains" : "files contain",
		    f->left == 1 ? "was" : "were",
		    f->left == 1 ? "" : ", the first", f->left_first);
	}
	return status;
}
