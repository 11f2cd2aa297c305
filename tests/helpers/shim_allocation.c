/* SPDX-License-Identifier: MIT */
/* Preloaded into a program: counts its allocations, and lets the n-th fail. Not
 * for programs with an allocator of their own, such as the sanitizers'. */
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <link.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* GS_FAULT_AT=N: allocation N fails;
 * GS_FAULT_COUNT=FILE receives the number of allocations;
 * GS_FAULT_LOG=FILE receives who asked for the one that failed. */

static long calls, at;
static bool counting;
static FILE *count_to, *log_to;

/* As file and offset, for addr2line(1). */
static void
say_where(void)
{
	void *frame[64];

	if (log_to != NULL)
		backtrace_symbols_fd(frame, backtrace(frame, 64),
		    fileno(log_to));
}

/* The same of a crash that follows. */
static void
say_crash(int signal)
{
	(void)dprintf(fileno(log_to), "crash\n");
	say_where();
	_exit(128 + signal);
}

/* What the loader allocates is not counted. */
__attribute__((constructor)) static void
begin(void)
{
	const char *count = getenv("GS_FAULT_COUNT");
	const char *log = getenv("GS_FAULT_LOG");
	const char *n = getenv("GS_FAULT_AT");

	/* Opened now: the program may give up the right to. */
	count_to = count == NULL ? NULL : fopen(count, "w");
	log_to = log == NULL ? NULL : fopen(log, "w");
	if (log_to != NULL)
		(void)signal(SIGSEGV, say_crash);
	at = n == NULL ? 0 : strtol(n, NULL, 10);
	counting = true;
}

__attribute__((destructor)) static void
finish(void)
{
	counting = false;
	if (count_to == NULL)
		return;
	(void)fprintf(count_to, "%ld\n", calls);
	(void)fclose(count_to);
}

/* The C library's own functions, under the names that it has for replacing
 * them. */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);

/* Libraries of others that do not live without memory: what they ask for
 * themselves is given. libseccomp 2.5.4 frees twice, or never ends
 * (seccomp_load(), from filter_calls()). NSS 3.87 (NSS_InitContext(), from
 * srtp_init() of libsrtp2 2.5.0) reads what is not there. The loader (glibc
 * 2.36, dlopen()) ends the program, or crashes when it gives up. */
static const char *const spared[] = { "/libseccomp.so", "/libnss3.so",
	"/libnssutil3.so", "/libsoftokn3.so", "/libfreebl", "/libnspr4.so",
	"/libplc4.so", "/libplds4.so", "/libsrtp2.so", "/ld-linux" };

/* Whether an object holds the address; the name of the one that does. */
struct holder {
	uintptr_t address;
	const char *name;
};

static int
holds(struct dl_phdr_info *i, size_t size, void *to)
{
	struct holder *h = to;

	(void)size;
	for (size_t k = 0; k < i->dlpi_phnum; k++)
		if (i->dlpi_phdr[k].p_type == PT_LOAD &&
		    h->address - i->dlpi_addr - i->dlpi_phdr[k].p_vaddr <
			i->dlpi_phdr[k].p_memsz) {
			h->name = i->dlpi_name;
			return 1;
		}
	return 0;
}

/* dladdr() would look for the name of the function, too, at each allocation,
 * which is four fifths of a run's time. */
static bool
is_spared(void *caller)
{
	static __thread bool asking;
	struct holder h = { (uintptr_t)caller, NULL };
	bool yes = false;

	if (asking)
		return true;
	asking = true;
	if (dl_iterate_phdr(holds, &h) != 0 && h.name != NULL)
		for (size_t k = 0; k < sizeof(spared) / sizeof(*spared); k++)
			yes |= strstr(h.name, spared[k]) != NULL;
	asking = false;
	return yes;
}

/* Several threads may allocate. */
static bool
is_refused(void *caller)
{
	if (!counting || is_spared(caller) ||
	    __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) != at)
		return false;
	counting = false;
	say_where();
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t n)
{
	return is_refused(__builtin_return_address(0)) ? NULL :
							 __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return is_refused(__builtin_return_address(0)) ? NULL :
							 __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return is_refused(__builtin_return_address(0)) ? NULL :
							 __libc_realloc(p, n);
}

void *
reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return is_refused(__builtin_return_address(0)) ?
	    NULL :
	    __libc_realloc(p, bytes);
}

int
posix_memalign(void **p, size_t align, size_t n)
{
	*p = is_refused(__builtin_return_address(0)) ?
	    NULL :
	    __libc_memalign(align, n);
	return *p == NULL ? ENOMEM : 0;
}
