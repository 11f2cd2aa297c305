/* SPDX-License-Identifier: MIT */
/* Files that hold keys, each read once; one pipe may be followed. */
#include "keyfiles_priv.h"

#include <sys/stat.h>

#include <poll.h>

#include "net/live.h"
#include "srtp/keyring.h"
#include "srtp/receiver.h"

enum { CHUNKS = 64 }; /* of the followed pipe at a time */

/* Others can read what the file had. What came through a descriptor is the
 * caller's matter. */
static void
check_mode(struct gs_srtp_receiver *session, const char *path, int fd)
{
	struct stat st;

	if (gs_file_is_regular(path) && strncmp(path, "/dev/", 5) != 0 &&
	    fstat(fd, &st) == 0 && (st.st_mode & (S_IRGRP | S_IROTH)) != 0)
		gs_srtp_receiver_text_readable(session, path,
		    (st.st_mode & S_IROTH) != 0);
}

static int
read_one(struct gs_srtp_receiver *session, const char *path, struct gs_err *err)
{
	const struct gs_srtp_keyring *keys = gs_srtp_receiver_keyring(session);
	size_t before = gs_srtp_keyring_known(keys);
	struct gs_reader r = { .fd = -1 };
	struct gs_span chunk;
	int more = -1;

	if (gs_reader_open(&r, path, err) == -1)
		return -1;
	gs_srtp_receiver_text_begin(session, path);
	while ((more = gs_reader_next(&r, &chunk, err)) == 1)
		if (gs_srtp_receiver_text(session, chunk, err) == -1) {
			more = -1;
			break;
		}
	if (more == 0)
		more = gs_srtp_receiver_text_end(session, err);
	if (gs_srtp_keyring_known(keys) > before)
		check_mode(session, path, r.fd);
	gs_reader_close(&r);
	return more;
}

int
gs_media_keyfiles_read(struct gs_media_keyfiles *k, const char *const *paths,
    size_t n, bool live, struct gs_err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (live && !k->open && !gs_file_is_regular(paths[i])) {
			if (gs_reader_open(&k->reader, paths[i], err) == -1)
				return -1;
			k->open = true;
			k->name = paths[i];
			continue;
		}
		if (read_one(k->session, paths[i], err) == -1)
			return -1;
	}
	if (k->open)
		gs_srtp_receiver_text_begin(k->session, k->name);
	return 0;
}

int
gs_media_keyfiles_follow(struct gs_media_keyfiles *k, struct gs_net_live *live,
    struct gs_err *err)
{
	struct pollfd p = { .fd = k->reader.fd, .events = POLLIN };
	struct gs_span chunk;
	int chunks = 0;

	while (k->open && poll(&p, 1, 0) > 0) {
		int more = gs_reader_next(&k->reader, &chunk, err);

		if (more == -1)
			return -1;
		if (more == 1) {
			if (gs_srtp_receiver_text(k->session, chunk, err) == -1)
				return -1;
			/* A pipe that is never empty must not keep the run
			 * from packets, those that wait, and its end. */
			if (++chunks == CHUNKS || gs_net_live_ready(live))
				return 0;
			continue;
		}
		gs_media_keyfiles_close(k);
		return gs_srtp_receiver_text_end(k->session, err);
	}
	return 0;
}

void
gs_media_keyfiles_close(struct gs_media_keyfiles *k)
{
	gs_reader_close(&k->reader);
	k->open = false;
}
