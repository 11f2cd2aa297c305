/* SPDX-License-Identifier: MIT */
/* Which findings the user does not want to see. */
#include "base/mute.h"

#include <stdlib.h>

enum { KEY_MAX = 256 * 1024 };

const char *const gs_muted_names[GS_MUTED_COUNT] = {
	[GS_MUTED_OPTION] = "option",
	[GS_MUTED_COMMENT] = "comment",
	[GS_MUTED_BASELINE] = "baseline",
};

static void
set_off(struct gs_mute *m, size_t rule, enum gs_muted by)
{
	if (m->off == NULL)
		m->off = calloc(m->rules.n, 1);
	if (m->off == NULL)
		m->no_memory = true;
	else
		m->off[rule] |= (uint8_t)(1u << by);
}

void
gs_mute_rule(struct gs_mute *m, const struct gs_rule *rule)
{
	set_off(m, (size_t)(rule - m->rules.rule), GS_MUTED_OPTION);
}

void
gs_mute_file(struct gs_mute *m, const char *file)
{
	if (m == NULL)
		return;
	free(m->file);
	m->file = strdup(file);
	m->no_memory |= m->file == NULL;
	for (size_t i = 0; m->off != NULL && i < m->rules.n; i++)
		m->off[i] &= (uint8_t) ~(1u << GS_MUTED_COMMENT);
}

/* Which of its rules it is, or n. */
static size_t
index_of(const struct gs_mute *m, const struct gs_rule *rule)
{
	return rule >= m->rules.rule && rule < m->rules.rule + m->rules.n ?
	    (size_t)(rule - m->rules.rule) :
	    m->rules.n;
}

/* Whether one more of these is known. */
static bool
is_known(struct gs_mute *m, const char *rule, const char *text)
{
	const char *file = m->file != NULL ? m->file : "";
	uint64_t *count;
	struct gs_buf key;

	gs_buf_init(&key, KEY_MAX);
	gs_buf_puts(&key, rule);
	gs_buf_putc(&key, '\t');
	gs_buf_put_visible(&key, gs_span(file, strlen(file)));
	gs_buf_putc(&key, '\t');
	gs_buf_puts(&key, text);
	count = gs_buf_ok(&key) ?
	    gs_tally_count(&m->known, gs_buf_span(&key), m->learn) :
	    NULL;
	m->no_memory |= m->learn && count == NULL;
	gs_buf_free(&key);
	if (count == NULL || (!m->learn && *count == 0))
		return false;
	*count += m->learn ? 1 : UINT64_MAX;
	return true;
}

bool
gs_mute_takes(struct gs_mute *m, const struct gs_rule *rule,
    enum gs_severity severity, const char *text)
{
	if (m == NULL || (m->keep_errors && severity == GS_ERROR))
		return false;
	size_t i = index_of(m, rule);
	unsigned by = m->off != NULL && i < m->rules.n ? m->off[i] : 0;
	for (unsigned k = 0; k < GS_MUTED_BASELINE; k++)
		if ((by & 1u << k) != 0) {
			m->count[k]++;
			return true;
		}
	if (!m->baseline || !is_known(m, rule->id, text))
		return false;
	m->count[GS_MUTED_BASELINE]++;
	return true;
}

uint64_t
gs_mute_total(const struct gs_mute *m)
{
	uint64_t n = 0;

	for (unsigned i = 0; m != NULL && i < GS_MUTED_COUNT; i++)
		n += m->count[i];
	return n;
}

void
gs_mute_free(struct gs_mute *m)
{
	free(m->file);
	free(m->off);
	gs_tally_free(&m->known);
	*m = (struct gs_mute){ .rules = m->rules };
}
