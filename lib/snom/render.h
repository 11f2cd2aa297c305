/* SPDX-License-Identifier: MIT */
/* One phone's settings as XML. */
#ifndef GSPROV_SNOM_RENDER_H
#define GSPROV_SNOM_RENDER_H

#include "snom/rows.h"
#include "snom/template.h"

struct gs_snom_doc;
struct gs_snom_params;

enum { GS_RENDER_SIZE = 16 * 1024 * 1024 }; /* bytes in a result */

/* Everything that is the same for all phones, prepared. */
struct gs_snom_render {
	const struct gs_snom_phones *phones; /* borrowed */
	struct gs_snom_template front; /* up to the identities */
	struct gs_snom_template active[GS_SNOM_IDENTITIES];
	struct gs_snom_template inactive[GS_SNOM_IDENTITIES];
	struct gs_snom_template back; /* behind the function keys */
	struct gs_snom_provkey_parts pad; /* keys of unset positions */
	/* functionKeys are rendered: of all phones, or only of those with keys
	 * of their own */
	bool keys, own_keys;
	struct gs_snom_template keys_tag; /* <functionKeys> */
	/* The columns that fill what secures a phone, whatever they hold. */
	bool decides[GS_TABLE_COLUMNS];
};

/* phones must be initialised, params finished; base (may be NULL) is a
 * well-formed UTF-8 settings file whose elements go under the rendered
 * ones. has_keys: a key table is used. Returns 0, or -1 when a placeholder
 * has no column or base cannot be used. */
int gs_snom_render_init(struct gs_snom_render *r,
    const struct gs_snom_params *params, const struct gs_snom_phones *phones,
    struct gs_snom_doc *base, bool has_keys, struct gs_err *err) GS_MUST;
void gs_snom_render_free(struct gs_snom_render *r);

/* Appends the phone's file; keys may be NULL. Returns 0, or -1 if its data
 * cannot be rendered (findings in d) or out is full. */
int gs_snom_render_phone(const struct gs_snom_render *r,
    const struct gs_snom_phone *ph, const struct gs_snom_provkey_parts *keys,
    struct gs_buf *out, struct gs_diags *d) GS_MUST;

#endif
