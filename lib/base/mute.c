/* SPDX-License-Identifier: MIT */
/* The findings that are not reported. */
#include "base/mute.h"

#include <stdlib.h>

enum { KEY_MAX = 256 * 1024 };

const char *const gs_muted_names[GS_MUTED_COUNT] = {
	[GS_MUTED_OPTION] = "option",
	[GS_MUTED_COMMENT] = "comment",
	[GS_MUTED_BASELINE] = "baseline",
};

/* Why a rule is disabled; one comment is valid for a file, one for the run. */
enum off { OFF_OPTION = 1, OFF_FILE = 2, OFF_RUN = 4 };

static void
set_off(struct gs_mute *m, size_t rule, enum off why)
{
	if (m->off == NULL)
		m->off = calloc(m->rules.n, 1);
	if (m->off == NULL)
		m->no_memory = true;
	else
		m->off[rule] |= (uint8_t)why;
}

void
gs_mute_rule(struct gs_mute *m, const struct gs_rule *rule)
{
	set_off(m, (size_t)(rule - m->rules.rule), OFF_OPTION);
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
		m->off[i] &= (uint8_t)~OFF_FILE;
}

static void
set_named(struct gs_mute *m, struct gs_span name, enum off why)
{
	for (size_t i = 0; i < m->rules.n; i++) {
		const char *id = m->rules.rule[i].id;

		if (gs_span_eq(gs_span_of(id), name))
			set_off(m, i, why);
	}
}

bool
gs_mute_comment(struct gs_mute *m, struct gs_span text, bool run)
{
	const struct gs_span begin = GS_LIT("gsprov:");
	const struct gs_span verb = GS_LIT("disable=");

	text = gs_span_trim(text);
	if (!gs_span_starts(text, begin))
		return false;
	text = gs_span_trim(gs_span_skip(text, begin.n));
	if (!gs_span_starts(text, verb))
		return false;
	text = gs_span_skip(text, verb.n);
	for (;;) {
		size_t n = gs_span_find(text, GS_LIT(","));

		if (m != NULL)
			set_named(m, gs_span_trim(gs_span(text.p, n)),
			    run ? OFF_RUN : OFF_FILE);
		if (n == text.n)
			return true;
		text = gs_span(text.p + n + 1, text.n - n - 1);
	}
}

/* The index of the rule, or n. */
static size_t
index_of(const struct gs_mute *m, const struct gs_rule *rule)
{
	return rule >= m->rules.rule && rule < m->rules.rule + m->rules.n ?
	    (size_t)(rule - m->rules.rule) :
	    m->rules.n;
}

/* Whether the baseline has one more of this finding. */
static bool
is_known(struct gs_mute *m, const char *rule, const char *text)
{
	const char *file = m->file != NULL ? m->file : "";
	uint64_t *count;
	struct gs_buf key;

	while (strncmp(file, "./", 2) == 0)
		file += 2 + strspn(file + 2, "/");

	gs_buf_init(&key, KEY_MAX);
	gs_buf_puts(&key, rule);
	gs_buf_putc(&key, '\t');
	gs_buf_put_visible(&key, gs_span_of(file));
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
	unsigned off = m->off != NULL && i < m->rules.n ? m->off[i] : 0;
	if (off != 0) {
		m->count[(off & OFF_OPTION) != 0 ? GS_MUTED_OPTION :
						   GS_MUTED_COMMENT]++;
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
