/* SPDX-License-Identifier: MIT */
/* A file with keys of any kind, told apart by its content: lines of a TLS key
 * log, private keys, or a text with keys of SRTP. */
#ifndef GSPROV_CALLS_KEYFILE_H
#define GSPROV_CALLS_KEYFILE_H

#include "holder.h"

enum {
	GS_KEYFILE_PRIVATE = 1024 * 1024, /* octets of one with private keys */
	GS_KEYFILE_PASS = 1024, /* of one with a pass phrase */
	GS_KEYFILE_FOUND = 128, /* of the sentence about what was found */
};

struct gs_reader;
struct gs_text_harvest;

/* Zeroed but for the first four; one file after the other. */
struct gs_calls_keyfile {
	struct gs_calls_holder *holder;
	struct gs_span pass; /* of encrypted private keys */
	/* Takes what is none of TLS; returns 0 or -1. NULL: the keys of SRTP in
	 * it are only counted. */
	int (*text)(void *arg, struct gs_span text);
	void *arg;
	uint64_t sdes; /* of all files */
	struct gs_text_harvest *harvest; /* which counts them */
	struct gs_buf line;
	struct gs_tls_keylines lines;
	struct gs_buf head; /* what may be a private key */
	bool begun;
	bool found; /* keys of TLS */
	const char *looks; /* what it looks like without any key */
};

/* Takes the next bytes, and what is to be done at the end. Return 0, or -1: no
 * memory, or a private key that its pass phrase does not open. */
int gs_calls_keyfile_feed(struct gs_calls_keyfile *k, struct gs_span bytes,
    struct gs_err *err) GS_MUST;
int gs_calls_keyfile_end(struct gs_calls_keyfile *k,
    struct gs_err *err) GS_MUST;

/* Says in text that path gave no key, what it looks like, and what works.
 * Returns text. */
const char *gs_calls_keyfile_nothing(const struct gs_calls_keyfile *k,
    const char *path, char *text, size_t size);

/* Forgets what a file that was not read to its end left. */
void gs_calls_keyfile_free(struct gs_calls_keyfile *k);

/* The files of a run that needs no keys of SRTP. */
struct gs_calls_keyfiles {
	const char *const *path;
	size_t n;
	const char *pass_file; /* or NULL */
	void (*say)(void *arg, const char *text); /* hears what was found */
	void *arg;
	uint64_t sdes; /* keys of SRTP that are in them */
};

/* Reads them all, and says which gave no key. Returns 0 or -1. */
int gs_calls_keyfiles_read(struct gs_calls_keyfiles *f,
    struct gs_calls_holder *h, struct gs_err *err) GS_MUST;

/* Says what was found in all of them, if there are any. */
void gs_calls_keyfiles_tell(const struct gs_calls_keyfiles *f,
    const struct gs_calls_holder *h);

/* "2 SDES keys, 1 RSA key, 214 TLS secrets (3 used)" in text, which is
 * returned. */
const char *gs_calls_keyfile_found(uint64_t sdes,
    const struct gs_calls_holder *h, char *text, size_t size);

#endif
