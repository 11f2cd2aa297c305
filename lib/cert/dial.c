/* SPDX-License-Identifier: MIT */
/* A connection to the first of a host's addresses that accepts one. */
#define _GNU_SOURCE /* getaddrinfo_a() */

#include "cert/dial.h"

#include <sys/socket.h>
#include <sys/timerfd.h>

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAITING_MAX = 32, DELAY_MS = 250 /* RFC 8305, 5 */ };

struct race {
	struct pollfd p[1 + WAITING_MAX]; /* the timer, attempts under way */
	nfds_t n;
	const struct addrinfo *next;
	int fault; /* of the last attempt that failed */
};

/* An attempt that failed. */
static int
give_up(struct race *r, int fd, int fault)
{
	r->fault = fault;
	if (fd != -1)
		(void)close(fd);
	return -1;
}

/* Starts an attempt. Returns the socket if it is connected at once, or -1. */
static int
try_next(struct race *r)
{
	const struct addrinfo *to = r->next;
	int fd = socket(to->ai_family,
	    to->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to->ai_protocol);

	r->next = to->ai_next;
	if (fd == -1)
		return give_up(r, fd, errno);
	if (connect(fd, to->ai_addr, to->ai_addrlen) == 0)
		return fd;
	if (errno != EINPROGRESS)
		return give_up(r, fd, errno);
	r->p[r->n++] = (struct pollfd){ .fd = fd, .events = POLLOUT };
	return -1;
}

/* Attempt i has ended. Returns the socket if it is connected, or -1. */
static int
end_attempt(struct race *r, nfds_t i)
{
	int fd = r->p[i].fd, fault = 0;
	socklen_t n = sizeof(fault);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &n) == -1)
		fault = errno;
	r->p[i] = r->p[--r->n];
	return fault == 0 ? fd : give_up(r, fd, fault);
}

/* Returns the first connection, or -1 when there is none or time is up. */
static int
run(struct race *r)
{
	int fd = -1;

	for (bool turn = true; fd == -1 && (r->next != NULL || r->n > 1);) {
		bool more = r->next != NULL && r->n <= WAITING_MAX;
		if (more && (turn || r->n == 1)) {
			fd = try_next(r);
			turn = false;
			continue;
		}
		int k = poll(r->p, r->n, more ? DELAY_MS : -1);
		turn = k == 0;
		if (k > 0 && r->p[0].revents != 0) {
			r->fault = ETIMEDOUT;
			break;
		}
		for (nfds_t i = r->n; k > 0 && fd == -1 && i-- > 1;)
			if (r->p[i].revents != 0) {
				fd = end_attempt(r, i);
				turn = true;
			}
	}
	while (r->n > 1)
		(void)close(r->p[--r->n].fd);
	return fd;
}

static const char late[] = "no answer in time";

/* A question for name service, which a thread of the C library answers. */
struct question {
	struct gaicb gai;
	struct addrinfo hints;
	char host[NI_MAXHOST], port[NI_MAXSERV];
};

/* Asks q until time is up. Returns as getaddrinfo(), or EAI_INPROGRESS: then
 * the thread still uses q. */
static int
ask(struct question *q, const char *host, const char *port, int timer)
{
	const struct gaicb *const list[] = { &q->gai };
	struct gaicb *ours[] = { &q->gai };
	struct itimerspec left;
	int r;

	(void)snprintf(q->host, sizeof(q->host), "%s", host);
	(void)snprintf(q->port, sizeof(q->port), "%s", port);
	q->hints.ai_socktype = SOCK_STREAM;
	q->gai.ar_name = q->host;
	q->gai.ar_service = q->port;
	q->gai.ar_request = &q->hints;
	if ((r = getaddrinfo_a(GAI_NOWAIT, ours, 1, NULL)) != 0)
		return r;
	do
		r = timerfd_gettime(timer, &left) == -1 ?
		    EAI_AGAIN :
		    gai_suspend(list, 1, &left.it_value);
	while (
	    r == EAI_INTR || (r == 0 && gai_error(&q->gai) == EAI_INPROGRESS));
	return gai_error(&q->gai);
}

/* Returns the addresses, or NULL with the reason in why. */
static struct addrinfo *
resolve(const char *host, const char *port, int timer, char *why, size_t size)
{
	struct question *q = calloc(1, sizeof(*q));
	int fault = q == NULL ? EAI_MEMORY : ask(q, host, port, timer);

	if (fault == EAI_INPROGRESS) {
		(void)snprintf(why, size, "%s", late);
		/* Its thread may still have it. */
		if (gai_cancel(&q->gai) == EAI_NOTCANCELED)
			return NULL;
		if (q->gai.ar_result != NULL)
			freeaddrinfo(q->gai.ar_result);
		free(q);
		return NULL;
	}
	if (fault != 0)
		(void)snprintf(why, size, "%s", gai_strerror(fault));
	struct addrinfo *found = fault == 0 ? q->gai.ar_result : NULL;
	free(q);
	return found;
}

int
gs_cert_dial(const char *host, const char *port, int timer, char *why,
    size_t size)
{
	struct addrinfo *list = resolve(host, port, timer, why, size);
	struct race r = { .n = 1 };

	if (list == NULL)
		return -1;
	r.p[0] = (struct pollfd){ .fd = timer, .events = POLLIN };
	r.next = list;
	int fd = run(&r);
	freeaddrinfo(list);
	if (fd == -1)
		(void)snprintf(why, size, "%s",
		    r.fault == ETIMEDOUT ? late : strerror(r.fault));
	return fd;
}
