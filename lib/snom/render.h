/* SPDX-License-Identifier: MIT */
/* One phone's settings as XML. */
#ifndef GSPROV_SNOM_RENDER_H
#define GSPROV_SNOM_RENDER_H

#include "program.h"

#pragma GCC visibility push(default)

struct gs_doc;
struct gs_params;

enum { GS_RENDER_SIZE = 16 * 1024 * 1024 }; /* bytes in a result */

/* Everything that is the same for all phones, made ready. */
struct gs_render {
	const struct gs_phones *phones; /* borrowed */
	struct gs_program front; /* up to the identities */
	struct gs_program active[GS_SNOM_IDENTITIES];
	struct gs_program inactive[GS_SNOM_IDENTITIES];
	struct gs_program back; /* behind the function keys */
	struct gs_key_parts pad; /* keys of positions that nobody set */
	bool keys; /* functionKeys are rendered */
	const char *section_e; /* borrowed */
};

/* phones must be initialised, params finished; base (may be NULL) is a
 * well-formed UTF-8 settings file whose elements go under the rendered
 * ones. has_keys: a key table is used. Returns 0, or -1 when a placeholder
 * has no column or base cannot be used. */
int gs_render_init(struct gs_render *r, const struct gs_params *params,
    const struct gs_phones *phones, struct gs_doc *base, bool has_keys,
    struct gs_err *err) GS_MUST;
void gs_render_free(struct gs_render *r);

/* Appends the phone's file; keys may be NULL. Returns 0, or -1 when its
 * data cannot be put (findings in d) or out is full. */
int gs_render_phone(const struct gs_render *r, const struct gs_phone *ph,
    const struct gs_key_parts *keys, struct gs_buf *out,
    struct gs_diags *d) GS_MUST;

#pragma GCC visibility pop

#endif
