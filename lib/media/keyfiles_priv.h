/* SPDX-License-Identifier: MIT */
/* Files with keys, each read once; in live use, growing ones are followed: one
 * pipe, and TLS key logs. */
#ifndef GSPROV_MEDIA_KEYFILES_PRIV_H
#define GSPROV_MEDIA_KEYFILES_PRIV_H

#include "base/file.h"
#include "calls/keyfile.h"

struct gs_net_live;
struct gs_srtp_receiver;

enum { GS_KEYFILES_GROWING = 8 }; /* followed key logs */

/* A file that was read, and may still grow. */
struct gs_media_keyfile {
	struct gs_reader reader;
	struct gs_calls_keyfile keys;
	const char *name;
	bool open;
	bool grows; /* followed: more keys may come */
	size_t known; /* keys in the ring at its beginning, without guesses */
	size_t size; /* and with them */
};

/* Where keys go, and the growing files. */
struct gs_media_keyfiles {
	struct gs_srtp_receiver *session;
	struct gs_calls_holder *holder;
	void (*say)(void *arg, const char *text); /* or NULL */
	void *arg;
	struct gs_buf pass; /* phrase of private keys */
	struct gs_media_keyfile pipe;
	struct gs_media_keyfile log[GS_KEYFILES_GROWING];
	size_t logs;
	struct gs_reader *early; /* of all files, open and unread; or NULL */
	size_t earlies;
};

void gs_media_keyfiles_init(struct gs_media_keyfiles *k);

/* Opens the n files while the rights are there; otherwise each is opened when
 * it is read. Returns 0 or -1. */
int gs_media_keyfiles_open(struct gs_media_keyfiles *k,
    const char *const *paths, size_t n, struct gs_err *err) GS_MUST;

/* Reads the n files, or the open ones if there are any. In live use, the first
 * that is not a regular file stays open to be followed, and so do key logs.
 * Returns 0 or -1. */
int gs_media_keyfiles_read(struct gs_media_keyfiles *k,
    const char *const *paths, size_t n, bool live, struct gs_err *err) GS_MUST;

/* Reads what was added, without waiting for more, and only until live has a
 * packet. Returns 0 or -1. */
int gs_media_keyfiles_follow(struct gs_media_keyfiles *k,
    struct gs_net_live *live, struct gs_err *err) GS_MUST;

void gs_media_keyfiles_close(struct gs_media_keyfiles *k);

#endif
