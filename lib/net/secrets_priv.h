/* SPDX-License-Identifier: MIT */
/* What must not be written: every eight characters in a row of every key. */
#ifndef GSPROV_NET_SECRETS_PRIV_H
#define GSPROV_NET_SECRETS_PRIV_H

#include "base/buf.h"

enum {
	GS_SECRET_RUN = 8, /* characters in a row that reveal a key */
	GS_SECRETS_MAX = 2 * 1024 * 1024, /* such runs */
	GS_SECRETS_FORMS = 512 * 1024, /* with more, no hexadecimal ones */
};

struct gs_net_secrets;

/* NULL if out of memory. */
struct gs_net_secrets *gs_net_secrets_new(void);

/* Wipes and frees; t may be NULL. */
void gs_net_secrets_free(struct gs_net_secrets *t);

/* Adds the octets of a key: in base64, with both alphabets, and in
 * hexadecimal, lower and upper case. */
void gs_net_secrets_key(struct gs_net_secrets *t, const uint8_t *p, size_t n);

/* Adds a secret text as it is and, if it is base64 or hexadecimal, its octets
 * as gs_net_secrets_key() does. */
void gs_net_secrets_text(struct gs_net_secrets *t, struct gs_span s);

/* Looks for secrets in p from *to. True: [*from, *to) is one, or several that
 * overlap. */
bool gs_net_secrets_next(const struct gs_net_secrets *t, const uint8_t *p,
    size_t n, size_t *from, size_t *to);

/* Whether there was no room for some: memory, or GS_SECRETS_MAX. */
bool gs_net_secrets_over(const struct gs_net_secrets *t);

/* The letters of base64 in both alphabets, and so of hexadecimal. */
bool gs_net_secret_char(uint8_t c);

#endif
