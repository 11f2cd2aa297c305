/* SPDX-License-Identifier: MIT */
/* What the files that make a render share. */
#ifndef GSPROV_SNOM_RENDER_PRIV_H
#define GSPROV_SNOM_RENDER_PRIV_H

#include "snom/render.h"

enum { GS_BUILD_NAMES = 512, GS_BUILD_VALUE = 2 * GS_PARAM_VALUE };

/* What is being built. */
struct build {
	struct gs_render *r;
	const struct gs_params *p;
	struct gs_doc *base;
	struct gs_err *err;
	struct gs_holes holes;
	/* Names that are rendered: base and the defaults yield to them. */
	const char *global[GS_BUILD_NAMES];
	size_t globals;
	const char *identity[GS_BUILD_NAMES];
	size_t identities;
	int bad; /* -1 with err filled */
};

struct setting {
	const char *name;
	const char *value;
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Whether the list holds the name. */
bool gs_build_has(const char *const *list, size_t n, struct gs_span name);

/* Notes a name as rendered, of an identity or of the phone. */
void gs_build_note(struct build *b, bool identity, const char *name);

/* What phone.NAME or user.NAME says, or NULL. */
const struct gs_param_extra *gs_build_extra(const struct gs_params *p,
    bool identity, const char *name);

/* Adds <name idx perm>value</name>; idx 0 is none. */
void gs_build_element(struct build *b, struct gs_program *p, const char *name,
    unsigned idx, const char *perm, const char *value);

/* The perm of what secures the chain, or of the rest. */
const char *gs_build_perm(const struct build *b, bool locked);

/* base_url and path, into text; returns text. */
const char *gs_build_url(const struct build *b, const char *path, char *text,
    size_t size);

bool gs_build_base_has(const struct build *b, const char *name, uint32_t idx);

/* The parts, in the order in which they are built. */
void gs_build_identities(struct build *b);
void gs_build_phone(struct build *b);
void gs_build_keys(struct build *b, bool has_keys);
void gs_build_back(struct build *b);

#endif
