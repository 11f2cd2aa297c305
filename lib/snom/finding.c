/* SPDX-License-Identifier: MIT */
/* Findings about one settings file, and what several links of the chain ask of
 * it. */
#include "snom/finding_priv.h"

#include <stdio.h>

#include "snom/settings.h"

void
gs_snom_check_as(struct snom_check *c, enum gs_snom_rule rule,
    enum gs_severity severity, size_t offset, const char *fmt, ...)
{
	const struct gs_rule *r = &gs_snom_rules.rule[rule];
	struct gs_pos pos = { 0, 0 };
	char text[768];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (offset != SIZE_MAX)
		pos = gs_snom_scan_pos(&c->doc->scan, offset);
	(void)gs_diag_as(c->d, r, severity, pos, "%s%s", text,
	    !c->partial                        ? "" :
		c->doc->xml.what == GS_XML_BAD ? " (partial: the file is not "
						 "well-formed)" :
						 " (partial)");
	c->chain->found[gs_snom_link_of(r)][severity]++;
}

size_t
gs_snom_check_tag(const struct snom_check *c, const struct gs_snom_setting *s)
{
	return s == NULL ? SIZE_MAX : gs_snom_doc_node(c->doc, s)->tag;
}

void
gs_snom_check_id(struct snom_check *c, const struct gs_snom_identity *id,
    enum gs_snom_rule rule, enum gs_severity severity,
    const struct gs_snom_setting *s, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	gs_snom_check_as(c, rule, severity, gs_snom_check_tag(c, s),
	    "%s %u: %s", c->chain->dect ? "server" : "identity", id->idx, text);
}

const struct gs_snom_setting *
gs_snom_check_get(const struct snom_check *c, const char *name)
{
	return gs_snom_doc_get(c->doc, name, GS_NO_IDX);
}

const char *
gs_snom_check_state(enum gs_snom_word w, const char *name, char text[32])
{
	if (w != GS_WORD_UNSET)
		return w == GS_WORD_ON ? "on" : "off";
	(void)snprintf(text, 32, "not set (%s)",
	    gs_snom_def_find(gs_span_of(name))->unset);
	return text;
}

void
gs_snom_check_lock(struct snom_check *c, enum gs_snom_rule rule,
    const struct gs_snom_setting *s, const struct gs_snom_identity *id,
    const char *what)
{
	const char *how = gs_snom_perm_is_kept(s) ?
	    "; perm ! keeps that, whatever this file says" :
	    "";

	if (!gs_snom_perm_is_writable(s))
		return;
	if (id != NULL)
		CHECK_ID(c, id, rule, s,
		    "the user can switch %s off%s; use perm R", what, how);
	else
		CHECK(c, rule, s, "the user can switch %s off%s; use perm R",
		    what, how);
}

/* Whether a setting, each time it is there, has a value. */
static bool
is_given(const struct snom_check *c, const char *name)
{
	const struct gs_snom_setting *s = gs_snom_check_get(c, name);
	bool given = s != NULL;

	for (; s != NULL; s = gs_snom_doc_earlier(c->doc, s))
		given = given && gs_snom_value(s).n > 0;
	return given;
}

static bool
is_word_off(const struct gs_snom_setting *s)
{
	return gs_span_eq(gs_snom_value(s), GS_LIT("off"));
}

bool
gs_snom_check_absent(const struct snom_check *c, const struct gs_snom_def *d)
{
	const struct gs_snom_setting *web =
	    gs_snom_check_get(c, "webserver_type");

	if (d->absent == NULL || is_given(c, d->name) ||
	    (d->safe_from > 0 && c->updates && c->firmware >= d->safe_from))
		return false;
	if ((d->marks & GS_MARK_WEB) != 0 && web != NULL &&
	    gs_snom_is_sure(c->doc, web, is_word_off))
		return false;
	return d->instead == NULL ||
	    gs_snom_value(gs_snom_check_get(c, d->instead)).n == 0;
}

bool
gs_snom_check_new(const struct snom_check *c, const struct gs_snom_def *d)
{
	return c->firmware > 0 && c->firmware < d->since;
}

/* A value of d, or one that its perm does not bring to the phone. */
static void
check_value(struct snom_check *c, const struct gs_snom_def *d,
    const struct gs_snom_setting *s)
{
	struct gs_span v = gs_snom_value(s);

	if (v.n > 0 && gs_snom_is_word(d->insecure, v))
		CHECK(c, d->rule, s, "%s is %.*s: %s", d->name, GS_CUT(v, 64),
		    d->risk);
	else if (v.n > 0 && gs_snom_check_new(c, d))
		CHECK(c, d->rule, s,
		    "%s is unknown to the firmware of this file: %s", d->name,
		    d->risk);
	else if (d->insecure != NULL && gs_snom_perm_is_kept(s))
		CHECK(c, d->rule, s,
		    "%s has perm !, and the phone keeps what its user chose; "
		    "use perm R",
		    d->name);
}

void
gs_snom_check_insecure(struct snom_check *c, enum gs_snom_link link)
{
	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		if ((d->insecure == NULL && d->absent == NULL) ||
		    gs_snom_link_of(&gs_snom_rules.rule[d->rule]) != link)
			continue;
		const struct gs_snom_setting *s = gs_snom_check_get(c, d->name);
		for (const struct gs_snom_setting *each = s; each != NULL;
		     each = gs_snom_doc_earlier(c->doc, each))
			check_value(c, d, each);
		/* check_passwords() reports an empty password. */
		if (c->chain->judged && !c->chain->dect &&
		    gs_snom_check_absent(c, d) &&
		    (s == NULL || (d->marks & GS_MARK_PASSWORD) == 0))
			CHECK(c, d->rule, s, "%s is not set (%s)", d->name,
			    d->absent);
	}
}
