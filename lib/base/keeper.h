/* SPDX-License-Identifier: MIT */
/* A process that keeps the rights that another one gives up. The other process
 * asks over a socket, for one thing at a time. What it may ask for is up to
 * the keeper: base/outfile.h serves files. */
#ifndef GSPROV_BASE_KEEPER_H
#define GSPROV_BASE_KEEPER_H

#include <sys/types.h>

#include <limits.h>

#include "base/diag.h"

/* The asking process's end of the socket (AF_UNIX, SOCK_SEQPACKET). */
struct gs_keeper {
	int socket;
};

struct gs_keeper_request {
	unsigned verb; /* not 0 */
	uint32_t id;
	bool flag;
	char path[PATH_MAX];
};

struct gs_keeper_reply {
	int r; /* 0, or -1 with err */
	uint32_t id;
	bool stream, alone, purge, wide; /* see base/outfile.c */
	mode_t mode;
	struct gs_err err;
};

/* Asks the keeper at the other end of the socket, and waits. If a signal is
 * caught, the keeper stops waiting for the reader of a pipe. *fd, unless fd is
 * NULL, receives a descriptor that came with the answer, or -1. Returns 0, or
 * -1: reply->r is -1, or the keeper has gone. */
int gs_keeper_ask(const struct gs_keeper *k, const struct gs_keeper_request *q,
    struct gs_keeper_reply *reply, int *fd, struct gs_err *err) GS_MUST;

/* The keeper's side: the next request, whose path ends with a NUL. Returns
 * false if the other process has gone. */
bool gs_keeper_next(int socket, struct gs_keeper_request *q);

/* Answers, with descriptor fd unless it is -1. */
void gs_keeper_answer(int socket, const struct gs_keeper_reply *reply, int fd);

#endif
