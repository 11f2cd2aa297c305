/* SPDX-License-Identifier: MIT */
/* A connection to the first of a host's addresses that accepts one. */
#include "cert/dial.h"

#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
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

int
gs_cert_dial(const char *host, const char *port, int timer, char *why,
    size_t size)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	struct race r = { .n = 1 };
	int fault = getaddrinfo(host, port, &hints, &list);

	if (fault != 0) {
		(void)snprintf(why, size, "%s",
		    fault == EAI_SYSTEM ? strerror(errno) :
					  gai_strerror(fault));
		return -1;
	}
	r.p[0] = (struct pollfd){ .fd = timer, .events = POLLIN };
	r.next = list;
	int fd = run(&r);
	freeaddrinfo(list);
	if (fd == -1)
		(void)snprintf(why, size, "%s",
		    r.fault == ETIMEDOUT ? "no answer in time" :
					   strerror(r.fault));
	return fd;
}
