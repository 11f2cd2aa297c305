/* SPDX-License-Identifier: MIT */
/* A process that keeps the rights that another one gives up, and what the two
 * say to each other over a socket: the other asks for one thing at a time. What
 * may be asked for is the keeper's matter: base/outfile.h serves files. */
#ifndef GSPROV_BASE_KEEPER_H
#define GSPROV_BASE_KEEPER_H

#include <sys/types.h>

#include <limits.h>

#include "diag.h"

/* Its end of the socket (AF_UNIX, SOCK_SEQPACKET) for who asks. */
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

/* Asks the keeper at the other end of the socket, and waits. A signal that
 * is caught meanwhile ends what the keeper waits for, a pipe without a reader.
 * *fd, unless it is NULL, gets a descriptor that came with the answer, else
 * -1. Returns 0, or -1: reply->r is -1, or there is no keeper. */
int gs_keeper_ask(const struct gs_keeper *k, const struct gs_keeper_request *q,
    struct gs_keeper_reply *reply, int *fd, struct gs_err *err) GS_MUST;

/* The keeper's side: the next request, whose path has an end; false when the
 * other process has gone. */
bool gs_keeper_next(int socket, struct gs_keeper_request *q);

/* Answers, with the descriptor fd unless it is -1. */
void gs_keeper_answer(int socket, const struct gs_keeper_reply *reply, int fd);

#endif
