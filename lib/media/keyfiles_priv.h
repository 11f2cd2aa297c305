/* SPDX-License-Identifier: MIT */
/* Files that hold keys, each read once; one pipe may be followed. */
#ifndef GSPROV_MEDIA_KEYFILES_PRIV_H
#define GSPROV_MEDIA_KEYFILES_PRIV_H

#include "../base/file.h"

struct gs_net_live;
struct gs_srtp_receiver;

/* The session that learns the keys, and the file that is still growing. */
struct gs_media_keyfiles {
	struct gs_srtp_receiver *session;
	struct gs_reader reader;
	const char *name;
	bool open;
};

/* Reads the n files. In live use the first that is no regular file is left
 * open to be followed. Returns 0 or -1. */
int gs_media_keyfiles_read(struct gs_media_keyfiles *k,
    const char *const *paths, size_t n, bool live, struct gs_err *err) GS_MUST;

/* Takes what has come since, without waiting for more, and no longer than
 * until live has a packet. Returns 0 or -1. */
int gs_media_keyfiles_follow(struct gs_media_keyfiles *k,
    struct gs_net_live *live, struct gs_err *err) GS_MUST;

void gs_media_keyfiles_close(struct gs_media_keyfiles *k);

#endif
