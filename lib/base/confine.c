/* SPDX-License-Identifier: MIT */
/* Few rights for a process that reads what strangers wrote. */
#define _GNU_SOURCE /* O_PATH: a rule of Landlock requires no right to read */
#include "base/confine.h"

#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include <seccomp.h>

#include "base/library.h"

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static void
say(const struct gs_confine *c, const char *text)
{
	if (c->say != NULL)
		c->say(c->arg, text);
}

/* ---- libseccomp, loaded only when needed: checking texts does without it */

#define LIBSECCOMP(X)                                                          \
	X(seccomp_init)                                                        \
	X(seccomp_attr_set)                                                    \
	X(seccomp_syscall_resolve_name)                                        \
	X(seccomp_rule_add_array)                                              \
	X(seccomp_load)                                                        \
	X(seccomp_release)

struct calls {
	LIBSECCOMP(GS_LIBRARY_CALL)
};

static const char *const names[] = { LIBSECCOMP(GS_LIBRARY_NAME) };

/* ---- the filter of system calls */

/* What a run does, and libraries do while they are loaded. Everything else
 * fails with EPERM. Calls that this machine lacks are skipped. */
static const char *const allowed[] = { "read", "readv", "pread64", "write",
	"writev", "pwrite64", "lseek", "_llseek", "close", "fstat", "fstat64",
	"newfstatat", "fstatat64", "stat", "stat64", "lstat", "lstat64",
	"statx", "statfs", "fstatfs", "access", "faccessat", "faccessat2",
	"readlink", "readlinkat", "getcwd", "getdents", "getdents64",
	"ftruncate", "ftruncate64", "fsync", "fdatasync", "fadvise64",
	"readahead", "dup", "fcntl", "fcntl64", "poll", "ppoll", "ppoll_time64",
	"select", "_newselect", "pselect6", "mmap", "mmap2", "mprotect",
	"munmap", "mremap", "madvise", "mlock", "mlock2", "munlock", "brk",
	"futex", "futex_time64", "membarrier", "rseq", "set_robust_list",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn",
	"sigaltstack", "restart_syscall", "getrandom", "clock_gettime",
	"clock_gettime64", "clock_getres", "gettimeofday", "time", "times",
	"clock_nanosleep", "clock_nanosleep_time64", "nanosleep", "getpid",
	"getppid", "gettid", "getuid", "geteuid", "getgid", "getegid",
	"getuid32", "geteuid32", "getgid32", "getegid32", "getpgrp", "uname",
	"sysinfo", "getrlimit", "ugetrlimit", "getrusage", "sched_getaffinity",
	"sched_yield", "getsockopt", "recvmsg", "recvfrom", "wait4", "exit",
	"exit_group" };

/* What only an attacker does: it kills the process. */
static const char *const deadly[] = { "execve", "execveat", "ptrace",
	"process_vm_readv", "process_vm_writev" };

/* A call that is allowed with one value of an argument, after a mask. */
struct narrow {
	const char *name;
	unsigned arg;
	uint64_t mask;
	uint64_t value;
};

/* *bad keeps the first error of libseccomp. */
static void
add(const struct calls *l, scmp_filter_ctx f, uint32_t action,
    const struct narrow *n, int *bad)
{
	int number = l->seccomp_syscall_resolve_name(n->name);
	struct scmp_arg_cmp cmp = { .arg = n->arg,
		.op = SCMP_CMP_MASKED_EQ,
		.datum_a = n->mask,
		.datum_b = n->value };

	/* Less than that are parts of other calls: recvmsg of socketcall. */
	if (number == __NR_SCMP_ERROR)
		return;
	int r =
	    l->seccomp_rule_add_array(f, action, number, n->mask != 0, &cmp);
	if (r < 0 && *bad == 0)
		*bad = r;
}

static void
add_rules(const struct calls *l, scmp_filter_ctx f, int *bad)
{
	enum { WRITES = O_ACCMODE | O_CREAT | O_TRUNC };
	const struct narrow narrow[] = {
		{ "open", 1, WRITES, O_RDONLY },
		{ "openat", 2, WRITES, O_RDONLY },
		{ "ioctl", 1, UINT32_MAX, TCGETS },
		{ "ioctl", 1, UINT32_MAX, TIOCGWINSZ },
		{ "ioctl", 1, UINT32_MAX, FIONREAD },
		{ "ioctl", 1, UINT32_MAX, SIOCGIFFLAGS },
		{ "prctl", 0, UINT32_MAX, PR_GET_DUMPABLE },
		{ "prlimit64", 0, UINT32_MAX, 0 },
		{ "tgkill", 0, UINT32_MAX, (uint64_t)getpid() },
	};

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		add(l, f, SCMP_ACT_ALLOW,
		    &(struct narrow){ allowed[i], 0, 0, 0 }, bad);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		add(l, f, SCMP_ACT_KILL_PROCESS,
		    &(struct narrow){ deadly[i], 0, 0, 0 }, bad);
	for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++)
		add(l, f, SCMP_ACT_ALLOW, &narrow[i], bad);
}

static int
filter_calls(const struct gs_confine *c, struct gs_err *err)
{
	struct calls l;
	int bad = 0;

	if (!gs_library_load("libseccomp.so.2", GS_ALL(names), &l))
		return gs_err_set(err,
		    "libseccomp.so.2 cannot be loaded: install libseccomp2");
	scmp_filter_ctx f = l.seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (f == NULL)
		return gs_err_sys(err, ENOMEM, "libseccomp");
	/* Keep the processor fast: by default, a filter switches off
	 * speculative store bypass. */
	(void)l.seccomp_attr_set(f, SCMP_FLTATR_CTL_SSB, 1);
	add_rules(&l, f, &bad);
	/* A kernel that cannot kill a process this way refuses the rule. */
	if (bad == 0)
		bad = l.seccomp_load(f);
	l.seccomp_release(f);
	if (bad == -ENOMEM)
		return gs_err_sys(err, ENOMEM, "libseccomp");
	if (bad != 0)
		say(c,
		    "the kernel refuses a filter of system calls: captures are "
		    "read with all rights of this user");
	return 0;
}

/* ---- the files that may be read */

/* What libraries read when they are loaded or initialised later: each other,
 * the configuration of OpenSSL, random numbers for NSS, the time zone. */
static const char *const folders[] = { "/lib", "/lib32", "/lib64", "/libx32",
	"/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/local/lib",
	"/etc/ld.so.cache", "/etc/ssl/openssl.cnf", "/dev/urandom",
	"/etc/localtime", "/usr/share/zoneinfo" };

/* A file that cannot be opened now is reported when it is read. */
static void
may_read(int rules, const char *path)
{
	struct landlock_path_beneath_attr under = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = path != NULL ? open(path, O_PATH | O_CLOEXEC) : -1
	};
	struct stat st;

	if (under.parent_fd == -1)
		return;
	if (fstat(under.parent_fd, &st) == 0 && S_ISDIR(st.st_mode))
		under.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
	/* Landlock has no rules for pipes; they may always be opened. */
	(void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH,
	    &under, 0);
	(void)close(under.parent_fd);
}

static void
limit_reads(const struct gs_confine *c)
{
	/* Everything that the first version of Landlock controls. */
	const struct landlock_ruleset_attr all = {
		.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1
	};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &all,
	    sizeof(all.handled_access_fs), 0);
	bool done = false;

	if (rules != -1) {
		for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]);
		     i++)
			may_read(rules, folders[i]);
		for (int k = 0; k < GS_CONFINE_LISTS; k++)
			for (size_t i = 0; i < c->n[k]; i++)
				may_read(rules, c->reads[k][i]);
		done = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
		(void)close(rules);
	}
	if (!done)
		say(c,
		    "the kernel has no Landlock: any file of this user may be "
		    "read");
}

int
gs_confine(const struct gs_confine *c, struct gs_err *err)
{
	if (SANITIZED)
		return 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1) {
		say(c, "the kernel does not let this process give up rights");
		return 0;
	}
	limit_reads(c);
	return filter_calls(c, err);
}

/* ---- another user */

/* Returns 0, 1 if the kernel refuses, or -1. */
static int
become(const struct passwd *pw)
{
	if (setgroups(1, &pw->pw_gid) == 0 && setgid(pw->pw_gid) == 0 &&
	    setuid(pw->pw_uid) == 0) {
		if (setuid(0) == -1 || pw->pw_uid == 0)
			return 0;
		errno = EPERM;
		return -1;
	}
	return errno == EINVAL || errno == EPERM ? 1 : -1;
}

static int
drop_capabilities(struct gs_err *err)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &head, none) == -1)
		return gs_err_sys(err, errno, "cannot give up capabilities");
	return 0;
}

int
gs_confine_user(const struct gs_confine *c, const char *user,
    struct gs_err *err)
{
	const char *name = user != NULL ? user : "tcpdump";
	const struct passwd *pw;
	char text[128];
	int r = 0;

	if (geteuid() != 0)
		return user != NULL ?
		    gs_err_set(err, "only root can become user %s", user) :
		    drop_capabilities(err);
	errno = 0;
	if ((pw = getpwnam(name)) == NULL && user == NULL)
		pw = getpwnam(name = "nobody");
	if (pw == NULL)
		return errno == 0 ?
		    gs_err_set(err, "there is no user %s", name) :
		    gs_err_sys(err, errno, "cannot look up user %s", name);
	for (unsigned long i = 0; prctl(PR_CAPBSET_DROP, i, 0, 0, 0) == 0; i++)
		continue;
	if ((r = become(pw)) == -1)
		return gs_err_sys(err, errno, "cannot become user %s", name);
	(void)snprintf(text, sizeof(text),
	    "cannot become user %.64s here: only capabilities are given up",
	    name);
	if (r == 1)
		say(c, text);
	/* A change of user may have switched core files on again. */
	if (prctl(PR_SET_DUMPABLE, 0) == -1)
		return gs_err_sys(err, errno, "cannot switch core files off");
	return drop_capabilities(err);
}
