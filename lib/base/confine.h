/* SPDX-License-Identifier: MIT */
/* Few rights for a process that reads what strangers wrote.
 *
 * A run goes in this order: it checks its options and outputs; starts the
 * keeper, which writes files for it (base/keeper.h); opens what requires
 * rights, such as an interface and files with keys; loads libraries by name
 * that are outside the folders below (those of codecs); becomes another user;
 * is confined; and only then reads the first byte of a key or a packet. */
#ifndef GSPROV_BASE_CONFINE_H
#define GSPROV_BASE_CONFINE_H

#include "base/diag.h"

enum { GS_CONFINE_LISTS = 3 };

struct gs_confine {
	/* Lists of files that may still be opened for reading; of a folder,
	 * everything in it. Missing files and NULL are skipped. */
	const char *const *reads[GS_CONFINE_LISTS];
	size_t n[GS_CONFINE_LISTS];
	/* Called with what the kernel refuses; the run then continues with more
	 * rights than it should have. May be NULL. */
	void (*say)(void *arg, const char *text);
	void *arg;
};

/* Gives up for good, by a filter of system calls (libseccomp): running
 * programs and tracing processes, which kill this process; making processes,
 * threads and sockets; opening files for writing, renaming and removing them;
 * and everything else that a run does not need. Gives up by Landlock (Linux
 * 5.13): reading files other than those of c and the folders of libraries.
 * What is open stays open. Libraries may still be loaded: OpenSSL's providers,
 * what unpacks a text, and libsrtp2 with NSS, except in a live run, because
 * their 18 ms are spent only on a stream that opens.
 *
 * Does nothing in a build with sanitizers, which need more rights. Returns 0,
 * also if the kernel refuses (say is told); -1: no libseccomp, or out of
 * memory. */
int gs_confine(const struct gs_confine *c, struct gs_err *err) GS_MUST;

/* Gives up all capabilities, and root: becomes user; by default (NULL) tcpdump
 * or, if that does not exist, nobody. If the kernel refuses the user, for
 * example in a user namespace that does not map it, only the capabilities are
 * dropped, and c->say is told. Returns 0, or -1: the user is unknown, or was
 * named although the process is not root's. */
int gs_confine_user(const struct gs_confine *c, const char *user,
    struct gs_err *err) GS_MUST;

#endif
