/* SPDX-License-Identifier: MIT */
/* A file with keys of any kind, detected by its content: a TLS key log, private
 * keys, or a text with keys of SRTP; also in gzip, xz, UTF-16 or UTF-32. */
#ifndef GSPROV_CALLS_KEYFILE_H
#define GSPROV_CALLS_KEYFILE_H

#include "calls/holder.h"

/* The most octets of a file with private keys, of one with a pass phrase, and
 * of the sentence about what was found. */
enum {
	GS_KEYFILE_PRIVATE = 1024 * 1024,
	GS_KEYFILE_PASS = 1024,
	GS_KEYFILE_FOUND = 128,
};

struct gs_reader;
struct gs_text_harvest;
struct gs_text_unpack;

/* Reads one file after the other. Zero all but the first four members before
 * use. */
struct gs_calls_keyfile {
	struct gs_calls_holder *holder;
	struct gs_span pass; /* of encrypted private keys */
	/* Receives text without TLS secrets; returns 0 or -1. NULL: SRTP keys
	 * are only counted. */
	int (*text)(void *arg, struct gs_span text);
	void *arg;
	uint64_t sdes; /* keys of SRTP in all files, */
	struct gs_text_harvest *harvest; /* which this counts */
	struct gs_buf line;
	uint64_t number; /* number of the current line */
	struct gs_text_unpack *unpack; /* the whole must not move while this is
					* set */
	struct gs_tls_keylines lines;
	struct gs_buf head; /* the beginning of what may be a private key */
	bool begun;
	bool packed; /* still packed after unpacking once: not a text */
	bool capture; /* it is a capture: only keys that are sure count */
	bool found; /* keys of TLS, or, where they are counted, what may be one
		     * of SRTP */
	bool comment; /* it begins like a key log without secrets */
	const char *looks; /* what the file looks like, if it has no key */
};

/* The first reads the next bytes, the second ends the file. Both return 0, or
 * -1: out of memory, damaged packed data, or a private key that the pass phrase
 * does not open. */
int gs_calls_keyfile_feed(struct gs_calls_keyfile *k, struct gs_span bytes,
    struct gs_err *err) GS_MUST;
int gs_calls_keyfile_end(struct gs_calls_keyfile *k,
    struct gs_err *err) GS_MUST;

/* Whether its bytes so far were packed, or are UTF-16 or UTF-32. */
bool gs_calls_keyfile_is_packed(const struct gs_calls_keyfile *k);

/* Writes to text that path contains no key, what it looks like, and what would
 * work. Returns text. */
const char *gs_calls_keyfile_nothing(const struct gs_calls_keyfile *k,
    const char *path, char *text, size_t size);

/* Discards the state of a file that was not read to its end. */
void gs_calls_keyfile_free(struct gs_calls_keyfile *k);

/* The files of a run that requires no keys of SRTP. Zero all but the first two
 * members before use. */
struct gs_calls_keyfiles {
	void (*say)(void *arg, const char *text); /* gets the sentence about
						   * what was found */
	void *arg;
	struct gs_calls_holder *holder; /* of the keys; freed by the caller */
	size_t n;
	uint64_t sdes; /* keys of SRTP in the files */
};

/* Creates the holder, reads the n files, and reports those without keys.
 * pass_file contains the pass phrase of private keys, or is NULL. Returns 0 or
 * -1. */
int gs_calls_keyfiles_read(struct gs_calls_keyfiles *f, const char *const *path,
    size_t n, const char *pass_file, struct gs_err *err) GS_MUST;

/* Reports what was found in all of them, if there are any. */
void gs_calls_keyfiles_tell(const struct gs_calls_keyfiles *f);

/* Writes "2 SDES keys, 1 RSA key, 214 TLS secrets (3 used)" to text, which is
 * returned; ", 2 damaged" follows if some are. */
const char *gs_calls_keyfile_found(uint64_t sdes,
    const struct gs_calls_holder *h, char *text, size_t size);

#endif
