/* SPDX-License-Identifier: MIT */
/* How a process without rights talks to its keeper. */
#include "base/keeper.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

enum { CANCEL = 0 }; /* a verb: stop waiting; it has no answer */

/* Room for a message's descriptor. */
union beside {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

static struct msghdr
message(struct iovec *v, union beside *b)
{
	return (struct msghdr){ .msg_iov = v,
		.msg_iovlen = 1,
		.msg_control = b->room,
		.msg_controllen = sizeof(b->room) };
}

/* Returns the length of a message, 0 at the end, -1 with errno. */
static ssize_t
receive(int socket, struct gs_keeper_reply *reply, int *fd)
{
	struct iovec v = { reply, sizeof(*reply) };
	union beside b;
	struct msghdr m = message(&v, &b);
	ssize_t n = recvmsg(socket, &m, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;

	*fd = -1;
	if (c != NULL && c->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	return n;
}

int
gs_keeper_ask(const struct gs_keeper *k, const struct gs_keeper_request *q,
    struct gs_keeper_reply *reply, int *fd, struct gs_err *err)
{
	const struct gs_keeper_request cancel = { .verb = CANCEL };
	size_t head = offsetof(struct gs_keeper_request, path);
	ssize_t n = write(k->socket, q, head + strlen(q->path) + 1);
	int got = -1;

	while (n != -1 && (n = receive(k->socket, reply, &got)) == -1 &&
	    errno == EINTR)
		n = write(k->socket, &cancel, head + 1);
	if (fd != NULL)
		*fd = n == sizeof(*reply) ? got : -1;
	else if (got != -1)
		(void)close(got);
	if (n != sizeof(*reply))
		return gs_err_set(err,
		    "%s: the process that writes files has ended", q->path);
	if (reply->r == -1 && err != NULL)
		*err = reply->err;
	return reply->r;
}

bool
gs_keeper_next(int socket, struct gs_keeper_request *q)
{
	const ssize_t head = offsetof(struct gs_keeper_request, path);
	ssize_t n;

	do {
		n = read(socket, q, sizeof(*q));
	} while (
	    (n == -1 && errno == EINTR) || (n > head && q->verb == CANCEL));
	if (n <= head)
		return false;
	q->path[n - head - 1] = '\0';
	return true;
}

void
gs_keeper_answer(int socket, const struct gs_keeper_reply *reply, int fd)
{
	struct iovec v = { (void *)(uintptr_t)reply, sizeof(*reply) };
	union beside b = { 0 };
	struct msghdr m = message(&v, &b);
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (fd == -1) {
		m.msg_control = NULL;
		m.msg_controllen = 0;
	}
	while (sendmsg(socket, &m, 0) == -1 && errno == EINTR)
		continue;
}
