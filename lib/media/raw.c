/* SPDX-License-Identifier: MIT */
/* A file of bare payloads. */
#include "media/raw.h"

#include <errno.h>
#include <stdlib.h>

#include "order_priv.h"

struct gs_raw {
	FILE *fp;
	struct gs_order order;
};

static int
emit(void *arg, const struct gs_ordered *packet, struct gs_err *err)
{
	const struct gs_raw *r = arg;

	if (packet->n > 0 &&
	    fwrite(packet->p, 1, packet->n, r->fp) != packet->n)
		return gs_err_sys(err, errno, "payload file");
	return 0;
}

int
gs_raw_open(struct gs_raw **r, FILE *fp, struct gs_err *err)
{
	struct gs_raw *new = calloc(1, sizeof(*new));

	*r = NULL;
	if (new == NULL)
		return gs_err_sys(err, ENOMEM, "payload file");
	new->fp = fp;
	new->order.emit = emit;
	new->order.arg = new;
	*r = new;
	return 0;
}

int
gs_raw_put(struct gs_raw *r, uint16_t seq, const uint8_t *p, size_t n,
    struct gs_err *err)
{
	return gs_order_put(&r->order, seq, 0, p, n, err) < 0 ? -1 : 0;
}

int
gs_raw_close(struct gs_raw *r, struct gs_err *err)
{
	int rc;

	if (r == NULL)
		return 0;
	rc = gs_order_drain(&r->order, err);
	gs_order_free(&r->order);
	if (rc == 0 && fflush(r->fp) != 0)
		rc = gs_err_sys(err, errno, "payload file");
	free(r);
	return rc;
}
