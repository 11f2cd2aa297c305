/* SPDX-License-Identifier: MIT */
/* Elements of a rendered file, and which of them are there. */
#include "snom/render_priv.h"

#include <stdio.h>

bool
gs_build_has(const char *const *list, size_t n, struct gs_span name)
{
	for (size_t i = 0; i < n; i++)
		if (gs_span_eq(gs_span(list[i], strlen(list[i])), name))
			return true;
	return false;
}

void
gs_build_note(struct build *b, bool identity, const char *name)
{
	size_t *n = identity ? &b->identities : &b->globals;

	if (*n == GS_BUILD_NAMES)
		b->bad = gs_err_set(b->err, "too many settings");
	else if (identity)
		b->identity[(*n)++] = name;
	else
		b->global[(*n)++] = name;
}

const struct gs_param_extra *
gs_build_extra(const struct gs_params *p, bool identity, const char *name)
{
	for (size_t i = 0; i < p->extras; i++)
		if (p->extra[i].identity == identity &&
		    strcmp(p->extra[i].name, name) == 0)
			return &p->extra[i];
	return NULL;
}

static bool
is_url_safe(const char *name)
{
	return strcmp(name, "setting_server") == 0 ||
	    strncmp(name, "dkey_", 5) == 0 || strncmp(name, "idle_", 5) == 0;
}

void
gs_build_element(struct build *b, struct gs_program *p, const char *name,
    unsigned idx, const char *perm, const char *value)
{
	char text[160];

	if (idx > 0)
		(void)snprintf(text, sizeof(text),
		    "<%s idx=\"%u\" perm=\"%s\">", name, idx, perm);
	else
		(void)snprintf(text, sizeof(text), "<%s perm=\"%s\">", name,
		    perm);
	gs_program_puts(p, text);
	b->holes.head = idx == 0;
	b->holes.url = is_url_safe(name);
	b->holes.host = strcmp(name, "user_host") == 0 ||
	    strcmp(name, "user_outbound") == 0;
	if (gs_program_value(p, &b->holes, value, b->err) == -1)
		b->bad = -1;
	(void)snprintf(text, sizeof(text), "</%s>\n", name);
	gs_program_puts(p, text);
}

const char *
gs_build_perm(const struct build *b, bool locked)
{
	return gs_params_get(b->p, locked ? GS_P_PERM : GS_P_PERM_USER);
}

const char *
gs_build_url(const struct build *b, const char *path, char *text, size_t size)
{
	struct gs_buf u;

	gs_buf_init(&u, size);
	gs_params_put_url(b->p, &u, path);
	size_t n = u.n < size ? u.n : size - 1;
	if (n > 0)
		memcpy(text, u.p, n);
	text[n] = '\0';
	gs_buf_free(&u);
	return text;
}

bool
gs_build_base_has(const struct build *b, const char *name, uint32_t idx)
{
	return b->base != NULL && gs_doc_get(b->base, name, idx) != NULL;
}
