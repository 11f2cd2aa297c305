/* SPDX-License-Identifier: MIT */
/* Few rights for a process that reads what strangers have written.
 *
 * A run goes in this order: it looks at its options and its outputs; starts
 * the keeper, which writes files for it (base/keeper.h); opens what needs
 * rights, such as an interface and files with keys; loads libraries by
 * name that lie elsewhere than in the folders below (a codec's); becomes
 * another user; is confined; and only then reads the first byte of a key or a
 * packet. */
#ifndef GSPROV_BASE_CONFINE_H
#define GSPROV_BASE_CONFINE_H

#include "diag.h"

enum { GS_CONFINE_LISTS = 3 };

struct gs_confine {
	/* Lists of files that may still be opened, to be read alone; in a
	 * folder, all that is in it. Those that are not there, and NULL, are
	 * passed over. */
	const char *const *reads[GS_CONFINE_LISTS];
	size_t n[GS_CONFINE_LISTS];
	/* Hears what the kernel refuses, so that the run goes on with more
	 * rights than it should have; may be NULL. */
	void (*say)(void *arg, const char *text);
	void *arg;
};

/* Takes from this process for good: to run a program or trace another process
 * (it dies), to make processes, threads and sockets, to open a file to be
 * written, to rename or remove one and all else that it does not need, by
 * a filter of system calls (libseccomp); and to read any file but those of c
 * and the folders of libraries, by Landlock (Linux 5.13). What is open stays
 * open. Libraries may be loaded later: OpenSSL's providers, what unpacks a
 * text, and NSS for libsrtp2 where the run is not live, since its 18 ms are
 * spent only on a stream that opens.
 *
 * Does nothing in a build with sanitizers, which need more. Returns 0, also
 * when the kernel refuses (say hears it); -1: no libseccomp, or no memory. */
int gs_confine(const struct gs_confine *c, struct gs_err *err) GS_MUST;

/* Gives up all capabilities, and root: becomes user, by default (NULL) tcpdump
 * or, where that is unknown, nobody. Where the user cannot be taken, such as
 * in a user namespace that does not map it, the capabilities alone go, and
 * c->say hears it. Returns 0, or -1: an unknown user, or one that was named
 * while the process is not root's. */
int gs_confine_user(const struct gs_confine *c, const char *user,
    struct gs_err *err) GS_MUST;

#endif
