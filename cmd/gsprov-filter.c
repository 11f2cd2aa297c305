/* SPDX-License-Identifier: MIT */
/* gsprov-filter: a CGI program between a web server and GS5 that passes on
 * only hardened settings. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/file.h"
#include "snom/answer.h"
#include "snom/params.h"
#include "snom/request.h"
#include "snom/upstream.h"

#define SITE "/etc/gsprov/site.conf"
#define USER "www-data"

enum { MOST_SITE = 1024 * 1024 };

extern char **environ;

/* The last resort, without any allocation. */
static const char broken[] =
    "Status: 502 Bad Gateway\r\nContent-Type: text/plain\r\n"
    "Cache-Control: no-store\r\n\r\n502 Bad Gateway\n";

static const char *
site_path(void)
{
	const char *path = getenv("GSPROV_SITE");

	return path != NULL && *path != '\0' ? path : SITE;
}

/* It names the hosts that may receive passwords, so only root may write it;
 * and it contains one. */
static int
judge_site(int fd, const char *path, struct gs_err *err)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return gs_err_sys(err, errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return gs_err_set(err, "%s is not a regular file", path);
	if (st.st_uid != 0 || (st.st_mode & 027) != 0)
		return gs_err_set(err,
		    "%s has mode %04o and owner %u: it must belong to root and "
		    "have mode 0640 or less (chown root:%s, chmod 0640)",
		    path, (unsigned)st.st_mode & 07777, (unsigned)st.st_uid,
		    USER);
	return 0;
}

static int
take_site(struct gs_snom_params *p, const char *path, struct gs_span text,
    struct gs_err *err)
{
	if (gs_snom_params_read(p, text, NULL, err) == -1 ||
	    gs_snom_params_finish(p, true, err) == -1 ||
	    gs_snom_upstream_can(p, err) == -1)
		return gs_err_at(err, path);
	return 0;
}

static int
read_site(struct gs_snom_params *p, struct gs_err *err)
{
	const char *path = site_path();
	struct gs_reader r;
	struct gs_buf b;

	if (gs_reader_open(&r, path, err) == -1)
		return -1;
	gs_buf_init(&b, MOST_SITE);
	int bad = judge_site(r.fd, path, err);
	if (bad == 0)
		bad = gs_reader_rest(&r, path, &b, err);
	if (bad == 0)
		bad = take_site(p, path, gs_buf_span(&b), err);
	gs_buf_free(&b);
	gs_reader_close(&r);
	return bad;
}

static void
say(void *arg, const char *text)
{
	(void)arg;
	(void)fprintf(stderr, "gsprov-filter: %s\n", text);
}

static int
say_errno(const char *what)
{
	(void)fprintf(stderr, "gsprov-filter: %s: %s\n", what, strerror(errno));
	return -1;
}

/* Nothing that follows requires root. */
static int
drop_root(struct gs_err *err)
{
	const struct gs_confine c = { .say = say };

	return gs_confine_user(&c, geteuid() == 0 ? USER : NULL, err);
}

/* The whole body, with the announced length. */
static unsigned
read_body(const struct gs_snom_request *rq, struct gs_buf *body,
    struct gs_err *err)
{
	uint64_t left = rq->length;

	while (left > 0) {
		uint8_t *to = gs_buf_space(body, (size_t)left);
		if (to == NULL)
			return gs_err_set(err, "out of memory"), 502;
		ssize_t n = read(STDIN_FILENO, to, (size_t)left);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return gs_err_set(err,
				   "the body of the request is incomplete"),
			       400;
		body->n += (size_t)n;
		left -= (uint64_t)n;
	}
	return 0;
}

/* One request to Rails; returns the status of the answer in out. */
static unsigned
ask(const struct gs_snom_request *rq, struct gs_span body,
    const struct gs_snom_params *p, struct gs_buf *out, struct gs_err *err)
{
	const struct gs_confine c = { .say = say };
	struct gs_snom_raw_answer a;
	unsigned status = 502;

	gs_snom_raw_answer_init(&a);
	/* The answer of Rails is read with few rights. */
	if (gs_snom_upstream_fetch(rq, body, p, &a, err) == 0 &&
	    gs_confine(&c, err) == 0)
		status = gs_snom_answer_put(&a, rq, p, out, err);
	gs_snom_raw_answer_free(&a);
	return status;
}

static unsigned
serve(struct gs_snom_request *rq, struct gs_buf *out, struct gs_err *err)
{
	struct gs_snom_params p;
	struct gs_buf body;
	unsigned status = gs_snom_request_read(rq, environ, err);

	gs_snom_params_init(&p);
	gs_buf_init(&body, GS_REQUEST_BODY);
	if (status == 0 && (read_site(&p, err) == -1 || drop_root(err) == -1))
		status = 502;
	if (status == 0)
		status = read_body(rq, &body, err);
	if (status == 0)
		status = ask(rq, gs_buf_span(&body), &p, out, err);
	gs_buf_free(&body);
	gs_snom_params_free(&p);
	return status;
}

/* Started by hand: tests the configuration, as web servers do. */
static int
test_site(void)
{
	struct gs_snom_params p;
	struct gs_err err;

	gs_snom_params_init(&p);
	int bad = read_site(&p, &err);
	gs_snom_params_free(&p);
	if (bad == -1)
		(void)fprintf(stderr, "gsprov-filter: %s\n", err.text);
	else
		(void)printf("%s is good; web servers run gsprov-filter, see "
			     "gsprov-filter(8)\n",
		    site_path());
	if (bad == 0 && fflush(stdout) != 0)
		bad = say_errno("standard output");
	return bad == 0 ? 0 : 2;
}

/* A web server passes a query without "=" as arguments (RFC 3875 section 4.4):
 * they are ignored. */
int
main(int argc, char **argv)
{
	struct gs_snom_request rq = { .route = GS_ROUTE_NONE };
	struct gs_err err = { .sys = 0 };
	struct gs_buf out;

	(void)argv;
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (getenv("REQUEST_METHOD") == NULL) {
		if (argc == 1)
			return test_site();
		say(NULL, "takes no arguments, see gsprov-filter(8)");
		return 2;
	}
	gs_buf_init(&out, 4 * GS_ANSWER_BODY);
	unsigned status = serve(&rq, &out, &err);
	if (out.n == 0)
		gs_snom_answer_put_refusal(&out, status,
		    rq.method != GS_METHOD_HEAD);
	bool good = gs_buf_ok(&out);
	struct gs_span peer = rq.peer.n > 0 ? rq.peer : GS_LIT("-");
	if (status >= 400 || !good)
		(void)fprintf(stderr, "gsprov-filter: %.*s %s: %u: %s\n",
		    GS_CUT(peer, 64), gs_snom_route_name(rq.route),
		    good ? status : 502, good ? err.text : "out of memory");
	int bad = good ?
	    gs_file_put_all(STDOUT_FILENO, out.p, out.n) :
	    gs_file_put_all(STDOUT_FILENO, broken, sizeof(broken) - 1);
	if (bad == -1)
		(void)say_errno("writing the answer");
	gs_buf_free(&out);
	return bad == 0 ? 0 : 2;
}
