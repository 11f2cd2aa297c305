/* SPDX-License-Identifier: MIT */
/* The rights of a run over captures. */
#include "rights.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/outfile.h"

static void
wake(int sig)
{
	(void)sig;
}

/* Signals are the other process's matter: its end is the keeper's. Those that
 * are caught only end what may wait forever, a pipe without a reader: SIGIO
 * says that the other one has asked, or has gone. */
static void
be_keeper(const struct cli *cli, int fd, bool live)
{
	const struct sigaction soft = { .sa_handler = wake };
	struct gs_outset s = { .guard = cli->guard, .live = live };

	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGQUIT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigaction(SIGIO, &soft, NULL);
	(void)fcntl(fd, F_SETOWN, getpid());
	(void)fcntl(fd, F_SETFL, O_ASYNC);
	gs_outset_serve(&s, fd);
}

int
cli_rights_keep(struct cli_rights *r, struct gs_err *err)
{
	int both[2] = { -1, -1 };
	pid_t pid = -1;

	if (r->pid != 0 || !gs_guard_writes_files(r->cli->guard))
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, both) == 0)
		pid = fork();
	if (pid == 0) {
		(void)close(both[0]);
		be_keeper(r->cli, both[1], r->interface != NULL);
		_exit(0);
	}
	int why = errno;
	if (both[1] != -1)
		(void)close(both[1]);
	if (pid == -1) {
		if (both[0] != -1)
			(void)close(both[0]);
		return gs_err_sys(err, why,
		    "cannot start a process that writes files");
	}
	r->pid = pid;
	r->keeper.socket = both[0];
	r->cli->keeper = &r->keeper;
	return 0;
}

static void
say(void *arg, const char *text)
{
	const struct cli *cli = arg;

	if (cli->verbose)
		(void)cli_complain(cli, "%s", text);
}

int
cli_rights_confine(struct cli_rights *r, struct gs_confine *c,
    struct gs_err *err)
{
	char counts[256] = ""; /* the kernel's, of the interface */
	const char *const live[] = { counts };

	if (r->confined)
		return 0;
	r->confined = true;
	c->say = say;
	c->arg = r->cli;
	tzset();
	if (r->interface != NULL) {
		(void)snprintf(counts, sizeof(counts),
		    "/sys/class/net/%s/statistics", r->interface);
		c->reads[GS_CONFINE_LISTS - 1] = live;
		c->n[GS_CONFINE_LISTS - 1] = 1;
		if (gs_confine_user(c, r->user, err) == -1)
			return -1;
	}
	return gs_confine(c, err);
}

void
cli_rights_end(struct cli_rights *r)
{
	if (r->pid == 0)
		return;
	(void)close(r->keeper.socket);
	while (waitpid(r->pid, NULL, 0) == -1 && errno == EINTR)
		continue;
	r->pid = 0;
	r->cli->keeper = NULL;
}
