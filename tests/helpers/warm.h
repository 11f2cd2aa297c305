/* SPDX-License-Identifier: MIT */
/* What certfault asks of a gs-certgen that shim_warm.so keeps ready. */
#ifndef WARM_H
#define WARM_H

/* One run, in this folder: GS_FAULT_MODE and GS_FAULT_AT of it. The answer is
 * its status as of waitpid(). */
struct warm_run {
	char folder[1024];
	char mode[8];
	char at[32];
};

/* The descriptor that both talk through, in the environment. */
#define WARM_LINK "GS_WARM_LINK"

#endif
