/* SPDX-License-Identifier: MIT */
/* The journal of a transaction: what is left to do when a run dies. */
#ifndef GSPROV_CERT_JOURNAL_PRIV_H
#define GSPROV_CERT_JOURNAL_PRIV_H

#include "folder_priv.h"

/* Name of step i's staged file, or with "-old" of what it replaces. */
enum { GS_HIDDEN_SIZE = 64 };
void gs_txn_hidden_name(size_t i, const char *suffix, char *name);

/* Index of the folder around path, which is added when t does not know it;
 * 0 and t->failed when it does not fit. */
size_t gs_txn_folder_around(struct gs_txn *t, const char *path);

/* Lists t's steps in t->home. With sync it is on the disk afterwards. */
int gs_journal_write(struct gs_txn *t, bool sync, struct gs_err *err) GS_MUST;

/* Removes it. */
int gs_journal_remove(struct gs_txn *t, struct gs_err *err) GS_MUST;

/* Carries out what a journal in t->home says, and removes it. Opens the
 * folders of t. *found: there was one. */
int gs_journal_redo(struct gs_txn *t, bool *found, struct gs_err *err) GS_MUST;

bool gs_journal_exists(const char *home);

/* Whether it begins and ends as one does. */
bool gs_journal_whole(const char *home);

#endif
