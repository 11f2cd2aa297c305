/* SPDX-License-Identifier: MIT */
/* What the files of a set shall hold. */
#ifndef GSPROV_CERT_CONTENT_PRIV_H
#define GSPROV_CERT_CONTENT_PRIV_H

#include "store.h"

struct gs_content {
	struct gs_buf key;
	struct gs_buf crt; /* leaf, intermediates */
	struct gs_buf pem; /* leaf, key, intermediates */
	struct gs_buf ca; /* certificates alone, up to the root */
};

void gs_content_init(struct gs_content *c);
void gs_content_free(struct gs_content *c);

/* Composes all of it for w. A file of st that holds the same in other words
 * stays as it is. Returns 0 or -1. */
int gs_content_compose(struct gs_content *c, const struct gs_state *st,
    const struct gs_want *w, struct gs_err *err) GS_MUST;

#endif
