/* SPDX-License-Identifier: MIT */
/* Runs gs-certgen, hit at each of its file-system calls, and judges what is
 * then in place with OpenSSL. */
#define _XOPEN_SOURCE 700
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "warm.h"

/* certfault fail|kill[:STEP] ERRNO SHIMS BASE FQDN PROGRAM ARG...
 * hits every call, or every STEP-th. SHIMS is where shim_fault.so is.
 * In the current folder: copies BASE (a folder) to "root" before each run;
 * ARGs say --root root.
 *
 * fail: one run for each call, which fails. kill: one run that stops before
 * each call that changes something. What is in place then is what would be
 * there if it died, and is judged in a copy (trial/root), unless it is what
 * was there at the stop before. One more run really dies, halfway. */

enum { PATH_SIZE = 1024, CALLS_MAX = 2000, FILE_SIZE = 65536, ARGS_MAX = 31 };

#define PRIVATE "root/etc/ssl/private/"
#define CERTS "root/etc/ssl/certs/"
#define SSL_DIR "root/etc/ssl/"
#define FS "root/var/opt/GS5/freeswitch/conf/ssl/"

static pid_t
start(char *const argv[])
{
	pid_t pid = fork();

	if (pid == 0) {
		int fd = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		(void)dup2(fd, 1);
		(void)dup2(fd, 2);
		(void)execvp(argv[0], argv);
		_exit(126);
	}
	return pid;
}

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

static int
status_of(int how)
{
	return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

/* ---- runs of a program that is started once */

struct warm {
	char *argv[ARGS_MAX + 1];
	int link; /* to it; 0: it is not started yet */
};

static void
start_warm(struct warm *w)
{
	char text[16];
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == -1)
		die("socketpair");
	(void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	(void)snprintf(text, sizeof(text), "%d", ends[1]);
	(void)setenv(WARM_LINK, text, 1);
	if (start(w->argv) == -1)
		die(w->argv[0]);
	(void)unsetenv(WARM_LINK);
	(void)close(ends[1]);
	w->link = ends[0];
}

/* Runs it in this folder; its status. */
static int
run(struct warm *w, const char *mode, const char *at)
{
	struct warm_run r;
	int how;

	if (w->link == 0)
		start_warm(w);
	memset(&r, 0, sizeof(r));
	if (getcwd(r.folder, sizeof(r.folder)) == NULL)
		die("getcwd");
	(void)snprintf(r.mode, sizeof(r.mode), "%s", mode);
	(void)snprintf(r.at, sizeof(r.at), "%s", at);
	if (send(w->link, &r, sizeof(r), 0) != sizeof(r) ||
	    recv(w->link, &how, sizeof(how), 0) != sizeof(how))
		die("the program that is kept ready");
	return status_of(how);
}

static int
wipe(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static size_t
content(const char *path, const struct stat *st, char *to)
{
	ssize_t n;

	if (S_ISLNK(st->st_mode)) {
		n = readlink(path, to, FILE_SIZE);
	} else {
		int fd = open(path, O_RDONLY);
		n = read(fd, to, FILE_SIZE);
		(void)close(fd);
	}
	return n < 0 ? 0 : (size_t)n;
}

static const char *copy_to;

/* One entry of a tree: nftw() gives folders before what is in them. */
static int
copy(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	static size_t base_length;
	char to[PATH_SIZE], text[FILE_SIZE + 1];

	(void)type;
	if (ftw->level == 0)
		base_length = strlen(path);
	(void)snprintf(to, sizeof(to), "%s%s", copy_to, path + base_length);
	if (S_ISDIR(st->st_mode))
		return mkdir(to, st->st_mode & 07777);
	size_t n = content(path, st, text);
	if (S_ISLNK(st->st_mode)) {
		text[n] = '\0';
		return symlink(text, to);
	}
	int fd = open(to, O_WRONLY | O_CREAT | O_EXCL, st->st_mode & 07777);
	bool bad = fd == -1 || write(fd, text, n) != (ssize_t)n;
	if (fd != -1)
		(void)close(fd);
	return bad ? -1 : 0;
}

/* Makes the tree to one like from. */
static void
copy_tree(const char *from, const char *to)
{
	copy_to = to;
	(void)umask(0);
	if (nftw(to, wipe, 16, FTW_DEPTH | FTW_PHYS) == -1 && errno != ENOENT)
		die(to);
	if (nftw(from, copy, 16, FTW_PHYS) == -1)
		die(from);
	(void)umask(022);
}

/* ---- the judge */

static X509 *
cert_at(const char *path)
{
	FILE *fp = fopen(path, "r");
	X509 *x = fp == NULL ? NULL : PEM_read_X509(fp, NULL, NULL, NULL);

	if (fp != NULL)
		(void)fclose(fp);
	return x;
}

/* A key is decoded once for each text of a file: that takes most of the time of
 * a judgement, and from stop to stop most files stay what they are. */
static EVP_PKEY *
key_at(const char *path)
{
	static struct {
		char text[FILE_SIZE];
		size_t n;
		EVP_PKEY *key;
	} known[8], *k;
	static char text[FILE_SIZE];
	static size_t turn;
	const size_t most = sizeof(known) / sizeof(known[0]);
	struct stat st;

	if (stat(path, &st) == -1)
		return NULL;
	size_t n = content(path, &st, text);
	for (k = known; k < known + most; k++)
		if (k->n == n && memcmp(k->text, text, n) == 0)
			break;
	if (k == known + most) {
		BIO *b = BIO_new_mem_buf(text, (int)n);
		k = &known[turn++ % most];
		EVP_PKEY_free(k->key);
		memcpy(k->text, text, n);
		k->n = n;
		k->key = PEM_read_bio_PrivateKey(b, NULL, NULL, NULL);
		BIO_free(b);
	}
	if (k->key != NULL)
		(void)EVP_PKEY_up_ref(k->key);
	return k->key;
}

static bool
exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* Two names that a server loads together. With neither (or one) there, no
 * server can load them; whole says that they must be. */
static const char *
judge_pair(const char *key, const char *crt, bool whole)
{
	if (!whole && (!exists(key) || !exists(crt)))
		return NULL;
	EVP_PKEY *k = key_at(key);
	X509 *x = cert_at(crt);
	const char *fault = NULL;
	if (k == NULL)
		fault = "a key cannot be loaded";
	else if (x == NULL)
		fault = "a certificate cannot be loaded";
	else if (X509_check_private_key(x, k) != 1)
		fault = "key and certificate do not match";
	EVP_PKEY_free(k);
	X509_free(x);
	return fault;
}

/* agent.pem and cafile.pem as FreeSWITCH loads them, and a client that
 * trusts what is in cafile.pem. What is loaded replaces what was loaded
 * before: a new context each time would take most of a judgement's time. */
static const char *
judge_freeswitch(SSL_CTX *ctx, bool whole)
{
	const char *agent = FS "agent.pem", *ca = FS "cafile.pem";
	const char *fault = NULL;

	if (!whole && !exists(agent))
		return NULL;
	SSL_CTX_set_cert_store(ctx, X509_STORE_new());
	X509_STORE_CTX *v = X509_STORE_CTX_new();
	EVP_PKEY *key = key_at(agent);
	if (SSL_CTX_use_certificate_file(ctx, agent, SSL_FILETYPE_PEM) != 1 ||
	    key == NULL || SSL_CTX_use_PrivateKey(ctx, key) != 1 ||
	    SSL_CTX_check_private_key(ctx) != 1)
		fault = "agent.pem cannot be loaded";
	else if (SSL_CTX_load_verify_locations(ctx, ca, NULL) != 1)
		fault = "cafile.pem cannot be loaded";
	else if (X509_STORE_CTX_init(v, SSL_CTX_get_cert_store(ctx),
		     SSL_CTX_get0_certificate(ctx), NULL) != 1 ||
	    X509_verify_cert(v) != 1)
		fault = "cafile.pem does not verify agent.pem";
	X509_STORE_CTX_free(v);
	EVP_PKEY_free(key);
	return fault;
}

/* Whether two names lead to files of the same content. */
static bool
alike(const char *a, const char *b)
{
	static char x[FILE_SIZE], y[FILE_SIZE];
	struct stat s, t;

	if (stat(a, &s) == -1 || stat(b, &t) == -1)
		return false;
	if (s.st_dev == t.st_dev && s.st_ino == t.st_ino)
		return true;
	size_t n = content(a, &s, x);
	return n == content(b, &t, y) && memcmp(x, y, n) == 0;
}

static const char *
judge(SSL_CTX *ctx, const char *fqdn, bool whole)
{
	char key[PATH_SIZE], crt[PATH_SIZE], pem[PATH_SIZE], fs[PATH_SIZE];
	const char *fault;
	const char *pairs[][2] = {
		{ key, crt },
		{ pem, pem },
		{ fs, fs },
		{ SSL_DIR "gemeinschaft.key", SSL_DIR "gemeinschaft.crt" },
		{ SSL_DIR "gemeinschaft.pem", SSL_DIR "gemeinschaft.pem" },
	};

	(void)snprintf(key, sizeof(key), PRIVATE "%s.key", fqdn);
	(void)snprintf(crt, sizeof(crt), CERTS "%s.crt", fqdn);
	(void)snprintf(pem, sizeof(pem), PRIVATE "%s.pem", fqdn);
	(void)snprintf(fs, sizeof(fs), FS "%s.pem", fqdn);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		bool judged = false;
		for (size_t k = 0; k < i && !judged; k++)
			judged = alike(pairs[k][0], pairs[i][0]) &&
			    alike(pairs[k][1], pairs[i][1]);
		if (!judged &&
		    (fault = judge_pair(pairs[i][0], pairs[i][1], whole)) !=
			NULL)
			return fault;
	}
	return judge_freeswitch(ctx, whole);
}

/* ---- is it as it was? */

static bool
same_entry(const char *a, const char *b)
{
	static char x[FILE_SIZE], y[FILE_SIZE];
	struct stat s, t;

	if (lstat(a, &s) == -1 || lstat(b, &t) == -1 ||
	    s.st_mode != t.st_mode || s.st_uid != t.st_uid)
		return false;
	if (S_ISDIR(s.st_mode))
		return true;
	size_t n = content(a, &s, x);
	return n == content(b, &t, y) && memcmp(x, y, n) == 0;
}

/* Whether everything below a is below b, too; verbose: says what is not. */
static bool
same_below(const char *a, const char *b, bool verbose)
{
	DIR *dir = opendir(a);
	struct dirent *e;
	bool same = dir != NULL;

	while (same && (e = readdir(dir)) != NULL) {
		char x[PATH_SIZE], y[PATH_SIZE];
		struct stat st;
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		(void)snprintf(x, sizeof(x), "%s/%s", a, e->d_name);
		(void)snprintf(y, sizeof(y), "%s/%s", b, e->d_name);
		same = same_entry(x, y) && lstat(x, &st) == 0 &&
		    (!S_ISDIR(st.st_mode) || same_below(x, y, verbose));
		if (!same && verbose)
			(void)fprintf(stderr, "differs: %s\n", x);
	}
	if (dir != NULL)
		(void)closedir(dir);
	return same;
}

static int
is_hidden(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return path[ftw->base] == '.';
}

static bool
has_leftovers(void)
{
	return nftw("root", is_hidden, 16, FTW_PHYS) != 0;
}

/* ---- one round */

struct test {
	bool kill;
	bool cold;
	char *base;
	const char *fqdn;
	struct warm hit;
	struct warm next; /* the run after it: the same, nothing forced */
	struct warm check; /* what monitoring runs meanwhile */
	bool whole; /* base has a set of this name */
	bool good; /* what FreeSWITCH has in base is not critical */
	SSL_CTX *ctx; /* what judges */
	bool as_before; /* the last round changed nothing */
	bool base_judged; /* such a round was judged once */
	bool next_seen; /* the next run after that was judged once */
	long judged; /* stops at which something was new */
};

static const char *
judge_round(struct test *t, int status)
{
	t->as_before = !t->kill && status == 2 &&
	    same_below("root", t->base, true) &&
	    same_below(t->base, "root", true);
	/* The same files are judged alike. */
	if (t->as_before && t->base_judged)
		return NULL;
	t->base_judged = t->base_judged || t->as_before;
	const char *fault = judge(t->ctx, t->fqdn, t->whole);
	if (fault != NULL)
		return fault;
	/* The pair is right, so nothing is critical that was not before. */
	if (t->kill && t->good && run(&t->check, "", "") == 2)
		return "--check says CRITICAL";
	if (t->kill)
		return NULL;
	if (status != 0 && status != 2)
		return "the exit status is neither 0 nor 2";
	if (has_leftovers())
		return "something was left behind";
	if (status == 2 && !t->as_before)
		return "the run failed, and the old set is not in place";
	return NULL;
}

static const char *
judge_next(struct test *t)
{
	const char *fault;

	/* From the same files it does the same. */
	if (t->as_before && t->next_seen)
		return NULL;
	t->next_seen = t->next_seen || t->as_before;
	if (run(&t->next, "", "") != 0)
		return "the next run does not complete";
	fault = judge(t->ctx, t->fqdn, true);
	if (fault == NULL && has_leftovers())
		fault = "the next run leaves something behind";
	return fault;
}

static long
calls_of_last_run(void)
{
	char text[32] = "";
	int fd = open("count", O_RDONLY);

	if (fd == -1)
		return -1;
	ssize_t n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	return n <= 0 ? -1 : strtol(text, NULL, 10);
}

static pid_t
start_hit(const struct test *t, const char *mode, long at)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%ld", at);
	(void)setenv("GS_FAULT_MODE", mode, 1);
	(void)setenv("GS_FAULT_AT", text, 1);
	pid_t pid = start(t->hit.argv);
	(void)unsetenv("GS_FAULT_MODE");
	return pid;
}

static int
hit_run(struct test *t, const char *mode, long at)
{
	char text[32];
	int how;

	(void)unlink("count");
	(void)unlink("hit");
	(void)snprintf(text, sizeof(text), "%ld", at);
	if (!t->cold)
		return run(&t->hit, mode, text);
	pid_t pid = start_hit(t, mode, at);
	if (pid == -1 || waitpid(pid, &how, 0) != pid)
		return 127;
	return status_of(how);
}

/* ---- ladders */

static int
report(long n, int status, const char *fault)
{
	char name[64] = "?\n";
	FILE *fp = fopen("hit", "r");

	if (fp == NULL)
		fp = fopen("../hit", "r");
	(void)(fp != NULL && fgets(name, sizeof(name), fp));
	(void)printf("call %ld (exit %d): %s: %s", n, status, fault, name);
	(void)fflush(stdout);
	(void)unsetenv("LD_PRELOAD");
	return system("cat out") != 0 ? 2 : 1;
}

/* One run for each call. Returns how many there were, or -1. */
static long
fail_each(struct test *t, long step)
{
	for (long n = 1; n < CALLS_MAX; n += step) {
		copy_tree(t->base, "root");
		int status = hit_run(t, "fail", n);
		if (exists("count") && calls_of_last_run() < n)
			return calls_of_last_run();
		const char *fault = judge_round(t, status);
		if (fault == NULL)
			fault = judge_next(t);
		if (fault != NULL) {
			(void)report(n, status, fault);
			return -1;
		}
	}
	return -1;
}

/* Judges what a run that died now would leave. The run itself has the
 * locks, of folders that are not those of the copy. */
static int
judge_stop(struct test *t, long n)
{
	if (exists("seen") && same_below("root", "seen", false) &&
	    same_below("seen", "root", false))
		return 0;
	copy_tree("root", "seen");
	copy_tree("root", "trial/root");
	if (chdir("trial") == -1)
		die("trial");
	const char *fault = judge_round(t, 0);
	if (fault == NULL)
		fault = judge_next(t);
	int r = fault == NULL ? 0 : report(n, 0, fault);
	if (chdir("..") == -1)
		die("..");
	t->judged++;
	return r;
}

/* One run that stops before each call. */
static long
stop_at_each(struct test *t, long step)
{
	int status, r = 0;
	long n = 0;

	copy_tree(t->base, "root");
	(void)mkdir("trial", 0700);
	pid_t pid = start_hit(t, "stop", 0);
	while (waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
		if (n++ % step == 0 && r == 0)
			r = judge_stop(t, n);
		(void)kill(pid, SIGCONT);
	}
	if (r == 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
		r = report(n, status, "the run does not complete");
	return r == 0 ? n : -1;
}

static long
kill_at_each(struct test *t, long step)
{
	long n = stop_at_each(t, step);

	if (n == -1)
		return -1;
	copy_tree(t->base, "root");
	int status = hit_run(t, "kill", n / 2);
	const char *fault =
	    status != 128 ? "the run is not killed" : judge_round(t, status);
	if (fault == NULL)
		fault = judge_next(t);
	if (fault == NULL)
		return n;
	(void)report(n / 2, status, fault);
	return -1;
}

static void
end_warm(struct warm *w)
{
	if (w->link > 0 && (close(w->link) == -1 || wait(NULL) == -1))
		die(w->argv[0]);
}

static void
preload(const char *shims)
{
	char text[2 * PATH_SIZE];

	(void)snprintf(text, sizeof(text), "%s/shim_fault.so:%s/shim_warm.so",
	    shims, shims);
	(void)setenv("LD_PRELOAD", text, 1);
}

int
main(int argc, char **argv)
{
	if (argc < 8)
		return 2;
	struct test t = {
		.kill = strncmp(argv[1], "kill", 4) == 0,
		.cold = getenv("GS_FAULT_COLD") != NULL,
		.base = argv[4],
		.fqdn = argv[5],
		.check = { .argv = { argv[6], "--root", "root", "--no-auto-san",
			       "--check" } },
		.ctx = SSL_CTX_new(TLS_method()),
	};
	const char *colon = strchr(argv[1], ':');
	long step = colon == NULL ? 1 : strtol(colon + 1, NULL, 10);

	for (int i = 6, k = 0; i < argc && i < 6 + ARGS_MAX; i++) {
		t.hit.argv[i - 6] = argv[i];
		if (strcmp(argv[i], "--new-key") != 0 &&
		    strcmp(argv[i], "--force") != 0)
			t.next.argv[k++] = argv[i];
	}
	preload(argv[3]);
	(void)setenv("GS_FAULT_ERRNO", argv[2], 1);
	(void)setenv("GS_FAULT_COUNT", "count", 1);
	(void)setenv("GS_FAULT_LOG", "hit", 1);
	copy_tree(t.base, "root");
	char key[PATH_SIZE];
	(void)snprintf(key, sizeof(key), PRIVATE "%s.key", t.fqdn);
	t.whole = exists(key) && exists(FS "agent.pem");
	t.good = exists(FS "agent.pem") && run(&t.check, "", "") != 2;
	long n = t.kill ? kill_at_each(&t, step) : fail_each(&t, step);
	end_warm(&t.hit);
	end_warm(&t.next);
	end_warm(&t.check);
	if (n == -1)
		return 1;
	(void)printf("%ld calls\n", n);
	if (t.kill)
		(void)printf("%ld states\n", t.judged);
	return n < 20;
}
