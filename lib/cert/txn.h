/* SPDX-License-Identifier: MIT */
/* Several files and links that change together: a transaction. */
#ifndef GSPROV_CERT_TXN_H
#define GSPROV_CERT_TXN_H

#include <sys/types.h>

#include "base/buf.h"

struct gs_err;
struct gs_cert_folder;
struct gs_guard;

/* How it works. Everything is written beside its place under a hidden name
 * (".gs-certgen-NN"), synced, and can be checked there. Folders are held
 * open meanwhile, and nothing follows a link in them. Then a journal
 * lists the steps, and each step is one rename() (or unlink()), in the
 * order in which they were added: whoever looks sees the state before a
 * step or after it. The caller orders the steps so that every state in
 * between works. A step that fails is undone together with those before
 * it, in reverse order; a process that dies leaves the journal, and the
 * next gs_cert_txn_open() carries out the steps that are left. */

enum {
	GS_PATH_SIZE = 1024, /* bytes of a path */
	GS_TXN_STEPS = 80,
	GS_TXN_FOLDERS = 32
};

/* Prefix of every hidden name that this module makes. */
#define GS_TXN_PREFIX ".gs-certgen-"

/* Who may use a file or folder. */
struct gs_cert_access {
	mode_t mode;
	uid_t uid; /* (uid_t)-1: as it is */
	gid_t gid; /* (gid_t)-1, too */
};

/* The mode alone. */
static inline struct gs_cert_access
gs_cert_mode(mode_t mode)
{
	return (struct gs_cert_access){ mode, (uid_t)-1, (gid_t)-1 };
}

enum gs_cert_step_kind {
	GS_STEP_FILE,
	GS_STEP_LINK,
	GS_STEP_REMOVE,
	GS_STEP_FOLDER
};

struct gs_cert_step {
	enum gs_cert_step_kind kind;
	char path[GS_PATH_SIZE];
	char target[GS_PATH_SIZE]; /* of a link */
	struct gs_buf bytes; /* of a file */
	struct gs_cert_access access;
	int64_t mtime; /* 0: now */
	size_t folder; /* index of the one around path */
	int fd; /* written, to be synced; -1: none */
	bool staged;
	bool had_old;
	bool done;
};

struct gs_cert_txn {
	char home[GS_PATH_SIZE]; /* where the lock and the journal are */
	int lock;
	bool recovered; /* steps of an interrupted run were carried out */
	bool journal;
	bool finished;
	const struct gs_guard *inputs; /* no step takes away what it reads; or
					* NULL */
	struct gs_cert_step *step;
	size_t n;
	struct gs_cert_folder *folder;
	size_t folders;
	bool failed; /* an add did not fit */
};

/* An empty transaction with the folder home. */
int gs_cert_txn_init(struct gs_cert_txn *t, const char *home,
    struct gs_err *err) GS_MUST;

/* Frees and unlocks; folders made by gs_cert_txn_open() are removed unless the
 * transaction was finished. */
void gs_cert_txn_free(struct gs_cert_txn *t);

/* Names a folder that steps will use. With make, it and its missing parents
 * (0755) are made when it does not exist: home by gs_cert_txn_open(), others by
 * gs_cert_txn_stage(). */
void gs_cert_txn_folder(struct gs_cert_txn *t, const char *path, bool make,
    struct gs_cert_access access);

/* The same for the folder around path, which is never made. */
void gs_cert_txn_folder_of(struct gs_cert_txn *t, const char *path);

/* Makes home, takes the lock (a second run fails at once), carries
 * out what an interrupted run has left, and removes its hidden files.
 * Returns 0 or -1. */
int gs_cert_txn_open(struct gs_cert_txn *t, struct gs_err *err) GS_MUST;

/* Whether the steps could be carried out, as far as that can be seen
 * without doing it: for a run that only says what it would do. Returns 0,
 * or -1 and says why not. */
int gs_cert_txn_possible(const struct gs_cert_txn *t,
    struct gs_err *err) GS_MUST;

/* Whether an interrupted run waits in home to be finished. */
bool gs_cert_txn_unfinished(const char *home);

/* Whether what waits there can be finished, as far as that can be seen. */
bool gs_cert_txn_can_finish(const char *home);

/* Finishes it. *found: there was something. Returns 0 or -1. */
int gs_cert_txn_recover(const char *home, bool *found,
    struct gs_err *err) GS_MUST;

/* Waits until no run is at work in home. Returns a descriptor to close after
 * reading, or -1 if home cannot be opened. */
int gs_cert_txn_wait(const char *home);

/* Add a step. Bytes are copied. gs_cert_txn_put() returns the step, or NULL
 * (gs_cert_txn_stage() then fails). */
struct gs_cert_step *gs_cert_txn_put(struct gs_cert_txn *t, const char *path,
    struct gs_span bytes, struct gs_cert_access access);
void gs_cert_txn_link(struct gs_cert_txn *t, const char *path,
    const char *target);
void gs_cert_txn_remove(struct gs_cert_txn *t, const char *path);

/* Makes the last step the first one. To be called before staging. */
void gs_cert_txn_hasten(struct gs_cert_txn *t);

/* A hidden folder (its name begins with GS_TXN_PREFIX) for later steps, which
 * write files straight into it. It lasts until gs_cert_txn_finish(). */
void gs_cert_txn_hidden_folder(struct gs_cert_txn *t, const char *path);

/* Writes all steps beside their places. A step that would replace a file
 * which the run was told to read, by other bytes, is an error. On failure
 * nothing is left. */
int gs_cert_txn_stage(struct gs_cert_txn *t, struct gs_err *err) GS_MUST;

/* Carries out all steps. On failure everything is as it was. */
int gs_cert_txn_commit(struct gs_cert_txn *t, struct gs_err *err) GS_MUST;

/* Call this after a commit, which can then no longer be undone. On failure,
 * everything is as it was before the commit. */
int gs_cert_txn_finish(struct gs_cert_txn *t, struct gs_err *err) GS_MUST;

/* Undoes a stage or a commit. */
void gs_cert_txn_undo(struct gs_cert_txn *t);

#endif
