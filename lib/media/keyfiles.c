/* SPDX-License-Identifier: MIT */
/* Files with keys, each read once; growing ones are followed. */
#include "media/keyfiles_priv.h"

#include <sys/stat.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "net/live.h"
#include "srtp/keyring.h"
#include "srtp/receiver.h"

enum { CHUNKS = 64 }; /* octets of the followed pipe at a time */

/* Of the open file: its path may no longer lead to it. */
static bool
is_regular(const char *path, int fd, struct stat *st)
{
	return strcmp(path, "-") != 0 && fstat(fd, st) == 0 &&
	    S_ISREG(st->st_mode);
}

/* Others can read the file. What came through a descriptor is up to the
 * caller. */
static void
check_mode(struct gs_srtp_receiver *session, const char *path, int fd)
{
	struct stat st;

	if (strncmp(path, "/dev/", 5) != 0 && is_regular(path, fd, &st) &&
	    (st.st_mode & (S_IRGRP | S_IROTH)) != 0)
		gs_srtp_receiver_text_readable(session, path,
		    (st.st_mode & S_IROTH) != 0);
}

static int
take_text(void *arg, struct gs_span text)
{
	struct gs_err ignored;

	return gs_srtp_receiver_text(arg, text, &ignored);
}

/* Begins a file. */
static void
begin(const struct gs_media_keyfiles *k, struct gs_media_keyfile *f,
    const char *path)
{
	const struct gs_srtp_keyring *keys =
	    gs_srtp_receiver_keyring(k->session);

	f->name = path;
	f->open = true;
	f->known = gs_srtp_keyring_known(keys);
	f->size = gs_srtp_keyring_size(keys);
	f->keys = (struct gs_calls_keyfile){ .holder = k->holder,
		.pass = gs_buf_span(&k->pass),
		.text = take_text,
		.arg = k->session };
	gs_srtp_receiver_text_begin(k->session, path);
}

/* Reads the rest of it; 0 at its end. */
static int
take(struct gs_media_keyfile *f, struct gs_err *err)
{
	struct gs_span chunk;
	int more = gs_reader_next(&f->reader, &chunk, err);

	if (more == 1 && gs_calls_keyfile_feed(&f->keys, chunk, err) == -1)
		return gs_err_at(err, f->name);
	return more;
}

static void
close_file(struct gs_media_keyfile *f)
{
	gs_reader_close(&f->reader);
	gs_calls_keyfile_free(&f->keys);
	f->open = false;
}

static int
ignore_text(void *arg, struct gs_span text)
{
	(void)arg;
	(void)text;
	return 0;
}

/* A key log that was read and is not packed stays open, with its last line,
 * which may be incomplete. The lines that are added are read for secrets of
 * TLS only. */
static bool
keep_log(struct gs_media_keyfiles *k, struct gs_media_keyfile *f)
{
	struct gs_media_keyfile *log = &k->log[k->logs];

	if ((f->keys.looks != NULL && !f->keys.found && !f->keys.comment) ||
	    gs_calls_keyfile_is_packed(&f->keys) ||
	    k->logs == GS_KEYFILES_GROWING)
		return false;
	k->logs++;
	*log = (struct gs_media_keyfile){
		.reader = f->reader,
		.keys = { .holder = k->holder,
		    .text = ignore_text,
		    .lines = f->keys.lines,
		    .begun = true },
		.name = f->name,
		.open = true,
	};
	f->keys.lines = (struct gs_tls_keylines){ .other = NULL };
	return true;
}

static int
end(struct gs_media_keyfiles *k, struct gs_media_keyfile *f, struct gs_err *err)
{
	char text[sizeof(err->text)];
	const struct gs_srtp_keyring *keys =
	    gs_srtp_receiver_keyring(k->session);
	if (gs_calls_keyfile_end(&f->keys, err) == -1)
		return gs_err_at(err, f->name);
	if (gs_srtp_receiver_text_end(k->session, err) == -1)
		return -1;
	if (f->keys.found || gs_srtp_keyring_known(keys) > f->known)
		check_mode(k->session, f->name, f->reader.fd);
	else if (k->say != NULL && !f->grows &&
	    gs_srtp_keyring_size(keys) == f->size)
		k->say(k->arg,
		    gs_calls_keyfile_nothing(&f->keys, f->name, text,
			sizeof(text)));
	return 0;
}

/* Takes over r, the open file. */
static int
read_one(struct gs_media_keyfiles *k, const char *path, struct gs_reader *r,
    bool live, struct gs_err *err)
{
	struct gs_media_keyfile f = { .reader = *r };
	bool kept = false;
	int more;

	*r = (struct gs_reader){ .fd = -1 };
	begin(k, &f, path);
	while ((more = take(&f, err)) == 1)
		continue;
	if (more == 0 && live)
		kept = f.grows = keep_log(k, &f);
	if (more == 0)
		more = end(k, &f, err);
	if (kept)
		f.reader = (struct gs_reader){ .fd = -1 };
	close_file(&f);
	return more;
}

int
gs_media_keyfiles_open(struct gs_media_keyfiles *k, const char *const *paths,
    size_t n, struct gs_err *err)
{
	k->early = calloc(n + 1, sizeof(*k->early));
	if (k->early == NULL)
		return gs_err_sys(err, ENOMEM, "keys");
	while (k->earlies < n) {
		size_t i = k->earlies;

		if (gs_reader_open(&k->early[i], paths[i], err) == -1)
			return -1;
		k->earlies++;
	}
	return 0;
}

int
gs_media_keyfiles_read(struct gs_media_keyfiles *k, const char *const *paths,
    size_t n, bool live, struct gs_err *err)
{
	struct stat st;

	for (size_t i = 0; i < n; i++) {
		struct gs_reader late, *r = &late;

		if (k->early != NULL)
			r = &k->early[i];
		else if (gs_reader_open(r, paths[i], err) == -1)
			return -1;
		if (live && !k->pipe.open &&
		    !is_regular(paths[i], r->fd, &st)) {
			k->pipe.reader = *r;
			*r = (struct gs_reader){ .fd = -1 };
			k->pipe.open = true;
			k->pipe.name = paths[i];
		} else if (read_one(k, paths[i], r, live, err) == -1)
			return -1;
	}
	if (k->pipe.open)
		begin(k, &k->pipe, k->pipe.name);
	return 0;
}

/* Reads what was added to key logs: a regular file never blocks. */
static int
follow_logs(struct gs_media_keyfiles *k, struct gs_err *err)
{
	for (size_t i = 0; i < k->logs; i++) {
		int more;

		while ((more = take(&k->log[i], err)) == 1)
			continue;
		if (more == -1)
			return -1;
	}
	return 0;
}

int
gs_media_keyfiles_follow(struct gs_media_keyfiles *k, struct gs_net_live *live,
    struct gs_err *err)
{
	struct gs_media_keyfile *f = &k->pipe;
	struct pollfd p = { .fd = f->reader.fd, .events = POLLIN };
	int chunks = 0;

	if (follow_logs(k, err) == -1)
		return -1;
	while (f->open && poll(&p, 1, 0) > 0) {
		int more = take(f, err);

		if (more == -1)
			return -1;
		if (more == 0) {
			more = end(k, f, err);
			close_file(f);
			return more;
		}
		/* A pipe that is never empty must not keep the run from its
		 * packets and its end. */
		if (++chunks == CHUNKS || gs_net_live_ready(live))
			return 0;
	}
	return 0;
}

void
gs_media_keyfiles_init(struct gs_media_keyfiles *k)
{
	k->pipe.reader.fd = -1;
	gs_buf_init(&k->pass, GS_KEYFILE_PASS);
}

void
gs_media_keyfiles_close(struct gs_media_keyfiles *k)
{
	close_file(&k->pipe);
	for (size_t i = 0; i < k->logs; i++)
		close_file(&k->log[i]);
	for (size_t i = 0; i < k->earlies; i++)
		gs_reader_close(&k->early[i]);
	free(k->early);
	gs_buf_free(&k->pass);
}
