/* SPDX-License-Identifier: MIT */
/* A file of bare payloads. */
#include "media/raw.h"

#include <errno.h>
#include <stdlib.h>

enum { RESTART = 512 }; /* packets; this far back is a new beginning */

struct packet {
	uint8_t *p;
	size_t n;
	size_t size;
	bool used;
};

struct gs_media_raw {
	FILE *fp;
	struct packet slot[GS_RAW_HELD]; /* by seq % GS_RAW_HELD */
	size_t held;
	uint16_t next;
	bool started;
};

int
gs_media_raw_open(struct gs_media_raw **r, FILE *fp, struct gs_err *err)
{
	*r = calloc(1, sizeof(**r));
	if (*r == NULL)
		return gs_err_sys(err, ENOMEM, "payload file");
	(*r)->fp = fp;
	return 0;
}

/* Writes the packet next, when it is there, and goes on to the one behind. */
static int
step(struct gs_media_raw *r, struct gs_err *err)
{
	struct packet *s = &r->slot[r->next % GS_RAW_HELD];

	r->next++;
	if (!s->used)
		return 0;
	s->used = false;
	r->held--;
	if (s->n > 0 && fwrite(s->p, 1, s->n, r->fp) != s->n)
		return gs_err_sys(err, errno, "payload file");
	return 0;
}

static int
drain(struct gs_media_raw *r, struct gs_err *err)
{
	while (r->held > 0)
		if (step(r, err) < 0)
			return -1;
	return 0;
}

/* Gives up the oldest until seq, d behind next, has a slot. */
static int
make_room(struct gs_media_raw *r, uint16_t seq, int d, struct gs_err *err)
{
	if (d >= 2 * GS_RAW_HELD) {
		if (drain(r, err) < 0)
			return -1;
		r->next = (uint16_t)(seq - (GS_RAW_HELD - 1));
		return 0;
	}
	for (; d >= GS_RAW_HELD; d--)
		if (step(r, err) < 0)
			return -1;
	return 0;
}

static int
store(struct packet *s, const uint8_t *p, size_t n, struct gs_err *err)
{
	if (s->size < n) {
		uint8_t *grown = realloc(s->p, n);

		if (grown == NULL)
			return gs_err_sys(err, ENOMEM, "packet of %lu bytes",
			    (unsigned long)n);
		s->p = grown;
		s->size = n;
	}
	if (n > 0)
		memcpy(s->p, p, n);
	s->n = n;
	s->used = true;
	return 0;
}

int
gs_media_raw_put(struct gs_media_raw *r, uint16_t seq, const uint8_t *p,
    size_t n, struct gs_err *err)
{
	struct packet *s = &r->slot[seq % GS_RAW_HELD];
	int d = r->started ? (int16_t)(seq - r->next) : 0;

	if (d <= -RESTART && drain(r, err) < 0)
		return -1;
	if (!r->started || d <= -RESTART) {
		r->next = seq;
		d = 0;
	}
	r->started = true;
	if (d < 0)
		return 0;
	if (make_room(r, seq, d, err) < 0)
		return -1;
	if (s->used)
		return 0;
	if (store(s, p, n, err) < 0)
		return -1;
	r->held++;
	while (r->slot[r->next % GS_RAW_HELD].used)
		if (step(r, err) < 0)
			return -1;
	return 0;
}

int
gs_media_raw_close(struct gs_media_raw *r, struct gs_err *err)
{
	int rc;

	if (r == NULL)
		return 0;
	rc = drain(r, err);
	if (rc == 0 && fflush(r->fp) != 0)
		rc = gs_err_sys(err, errno, "payload file");
	for (size_t i = 0; i < GS_RAW_HELD; i++)
		free(r->slot[i].p);
	free(r);
	return rc;
}
