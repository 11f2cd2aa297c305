/* SPDX-License-Identifier: MIT */
/* A long run at a terminal. */
#include "progress.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli.h"

static volatile sig_atomic_t stopped;

static void
on_signal(int sig)
{
	stopped = sig;
}

void
cli_progress_begin(struct cli_progress *p, const struct cli *cli, bool bar)
{
	struct sigaction stop = { .sa_handler = on_signal }, was;

	(void)sigaction(SIGINT, &stop, NULL);
	(void)sigaction(SIGTERM, &stop, NULL);
	if (sigaction(SIGHUP, NULL, &was) == 0 && was.sa_handler != SIG_IGN)
		(void)sigaction(SIGHUP, &stop, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	*p = (struct cli_progress){ .cli = cli,
		.bar = bar && isatty(STDERR_FILENO) == 1 };
	(void)clock_gettime(CLOCK_MONOTONIC, &p->began);
}

static double
seconds_since(const struct timespec *t)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - t->tv_sec) +
	    (double)(now.tv_nsec - t->tv_nsec) / 1e9;
}

bool
cli_progress_tick(void *progress, uint64_t done, uint64_t total,
    uint64_t packets)
{
	struct cli_progress *p = progress;
	double t;

	if (!p->bar || total == 0)
		return stopped == 0;
	t = seconds_since(&p->began);
	if (t < 1 || t < p->last + 0.25 || done == 0)
		return stopped == 0;
	p->last = t;
	p->drawn = true;
	double part = (double)done / (double)total;
	int full = (int)(part * 30);

	(void)fprintf(stderr,
	    "\r[%.*s%*s] %3.0f%%  %.0f MB/s  %llu packets  %.0f s left ", full,
	    "##############################", 30 - full, "", part * 100,
	    (double)done / t / 1e6, (unsigned long long)packets, t / part - t);
	return stopped == 0;
}

void
cli_progress_clear(struct cli_progress *p)
{
	if (p->drawn)
		(void)fprintf(stderr, "\r%79s\r", "");
	p->drawn = false;
}

void
cli_progress_say(void *progress, const char *text)
{
	struct cli_progress *p = progress;

	cli_progress_clear(p);
	(void)cli_complain(p->cli, "%s", text);
}

const char *
cli_progress_signal(void)
{
	int sig = stopped;

	return sig == 0   ? NULL :
	    sig == SIGINT ? "SIGINT" :
	    sig == SIGHUP ? "SIGHUP" :
			    "SIGTERM";
}
