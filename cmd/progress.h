/* SPDX-License-Identifier: MIT */
/* A long run at a terminal: a bar that shows how far it is, and signals that
 * ask it to end. */
#ifndef GSPROV_PROGRESS_H
#define GSPROV_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct cli;

struct cli_progress {
	const struct cli *cli;
	bool bar; /* there is to be one */
	bool drawn;
	struct timespec began;
	double last;
};

/* Begins the run, with a bar where standard error is a terminal. From here on
 * SIGINT, SIGTERM and SIGHUP end it, unless it is to go on without its
 * terminal, as under nohup(1); SIGPIPE is ignored. */
void cli_progress_begin(struct cli_progress *p, const struct cli *cli,
    bool bar);

/* done of total octets were read (total 0: unknown). Draws the bar after the
 * first second, four times a second. False once the run is to end. progress
 * is a struct cli_progress. */
bool cli_progress_tick(void *progress, uint64_t done, uint64_t total,
    uint64_t packets);

/* Complains. */
void cli_progress_say(void *progress, const char *text);

/* Takes the bar away, before something else is written. */
void cli_progress_clear(struct cli_progress *p);

/* The name of the signal that ends the run, or NULL. */
const char *cli_progress_signal(void);

#endif
