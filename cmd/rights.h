/* SPDX-License-Identifier: MIT */
/* The rights of a run over captures, which are given up before the first byte
 * of one is read. */
#ifndef GSPROV_RIGHTS_H
#define GSPROV_RIGHTS_H

#include <sys/types.h>

#include "base/confine.h"
#include "base/keeper.h"
#include "cli.h"

/* Zeroed but for cli and, in a live capture, what stands there. */
struct cli_rights {
	struct cli *cli;
	const char *interface; /* captured from; or NULL */
	const char *user; /* root becomes this one then; NULL: the usual one */
	struct gs_keeper keeper;
	pid_t pid; /* of the keeper; 0: there is none */
	bool confined;
};

/* If cli->guard knows files that the run writes, starts the keeper, which
 * writes them, and sets cli->keeper; in a live capture what is finished takes
 * its place at once. To be called after all cli_writes(), and before anything
 * secret is read. Returns 0 or -1. */
int cli_rights_keep(struct cli_rights *r, struct gs_err *err);

/* Gives up all but what c says: root, too, in a live capture, and what it reads
 * then is added to c. Sets c's say: what the kernel refuses is said with -v.
 * Does nothing the second time. Returns 0 or -1. */
int cli_rights_confine(struct cli_rights *r, struct gs_confine *c,
    struct gs_err *err);

/* Ends the keeper, after all that it writes. */
void cli_rights_end(struct cli_rights *r);

#endif
