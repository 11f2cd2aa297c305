/* SPDX-License-Identifier: MIT */
/* A folder that is held open while files are replaced in it. */
#ifndef GSPROV_CERT_FOLDER_PRIV_H
#define GSPROV_CERT_FOLDER_PRIV_H

#include "cert/txn.h"

/* Everything is done relative to the descriptor: a folder of FreeSWITCH or
 * of a web server belongs to another user, who may put a link in its place
 * at any moment while this runs as root. */
struct gs_cert_folder {
	char path[GS_PATH_SIZE];
	struct gs_cert_access access; /* mode 0: is never made */
	int fd; /* -1: not open, or missing */
	bool made; /* by this transaction */
	bool hidden; /* within another one, only for the transaction */
};

/* Length of the folder's name in path, with its slash. */
int gs_cert_folder_length(const char *path);

/* Opens it. One that does not exist is left closed: 0. */
int gs_cert_folder_open(struct gs_cert_folder *f, struct gs_err *err) GS_MUST;

/* Opens it, and creates it first if it is missing and may be created. */
int gs_cert_folder_make(struct gs_cert_folder *f, struct gs_err *err) GS_MUST;

/* Makes and opens the hidden folder f in the folder outer. */
int gs_cert_folder_make_hidden(struct gs_cert_folder *f,
    const struct gs_cert_folder *outer, struct gs_err *err) GS_MUST;

/* Syncs its entries to disk. */
int gs_cert_folder_sync(const struct gs_cert_folder *f,
    struct gs_err *err) GS_MUST;

/* Removes all hidden files in it. */
int gs_cert_folder_sweep(const struct gs_cert_folder *f,
    struct gs_err *err) GS_MUST;

/* Writes a new file name in f, with the bytes, mode, owner and time of s:
 * 0600 until the bytes are there and the owner is right, so whoever may
 * read it in the end could not before. Returns its descriptor, to be synced
 * and closed, or -1 with nothing left. */
int gs_cert_folder_write(const struct gs_cert_folder *f, const char *name,
    const struct gs_cert_step *s, struct gs_err *err) GS_MUST;

#endif
