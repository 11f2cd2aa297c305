/* SPDX-License-Identifier: MIT */
/* The rights of a run over captures, which are given up before the first byte
 * of one is read. */
#ifndef GSPROV_RIGHTS_H
#define GSPROV_RIGHTS_H

#include <sys/types.h>

#include "base/confine.h"
#include "base/keeper.h"
#include "cli.h"

/* Zeroed but for cli. */
struct cli_rights {
	struct cli *cli;
	struct gs_keeper keeper;
	pid_t pid; /* of the keeper; 0: there is none */
};

/* Starts the keeper, which writes the files that cli->guard knows, and sets
 * cli->keeper; live: what is finished takes its place at once. To be called
 * after all cli_writes(), and before anything secret is read. Returns 0 or
 * -1. */
int cli_rights_keep(struct cli_rights *r, bool live, struct gs_err *err);

/* Gives up what c says, after a keeper was started if writes says so; and root
 * for user (NULL: the usual one). Both set c's say: what the kernel refuses is
 * said with -v. Return 0 or -1. */
int cli_rights_confine(struct cli_rights *r, struct gs_confine *c, bool writes,
    struct gs_err *err);
int cli_rights_become(struct cli_rights *r, struct gs_confine *c,
    const char *user, struct gs_err *err);

/* Ends the keeper, after all that it writes. */
void cli_rights_end(struct cli_rights *r);

#endif
