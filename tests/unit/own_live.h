/* SPDX-License-Identifier: MIT */
/* A live capture of a test's own interface. Include it behind cmocka. */
#ifndef OWN_LIVE_H
#define OWN_LIVE_H

#include <errno.h>
#include <string.h>

#include "base/diag.h"
#include "net/live.h"

/* Skips the test where the kernel's calls are QEMU's, which lacks some that
 * libpcap needs. */
static inline struct gs_net_live *
must_open(const char *interface, const char *filter)
{
	struct gs_err err;
	struct gs_net_live *l = gs_net_live_open(interface, filter, &err);

	if (l == NULL && strstr(err.text, strerror(ENOSYS)) != NULL)
		skip();
	if (l == NULL)
		fail_msg("%s", err.text);
	return l;
}

#endif
