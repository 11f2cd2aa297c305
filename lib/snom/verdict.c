/* SPDX-License-Identifier: MIT */
/* The verdict on each link of the secure chain. */
#include "snom/verdict.h"

#include "base/json.h"
#include "snom/check.h"

/* Whether the settings show what a link is about, apart from findings. */
static bool
is_proven(const struct gs_snom_chain *c, enum gs_snom_link link)
{
	switch (link) {
	case GS_LINK_PROVISIONING: return c->dect || c->homed;
	case GS_LINK_SIGNALLING: return c->stated && c->tls == c->active;
	case GS_LINK_MEDIA: return c->stated && c->encrypted == c->active;
	case GS_LINK_TRUST: return !c->verified || !c->any_name;
	default: return true;
	}
}

static const char *
verdict(const struct gs_snom_chain *c, enum gs_snom_link link)
{
	const unsigned *n = c->found[link];
	bool clean = n[GS_ERROR] == 0 && n[GS_WARNING] == 0;

	if (c->judged && c->active == 0 &&
	    (link == GS_LINK_SIGNALLING || link == GS_LINK_MEDIA))
		return c->stated ? "no active identity" : "unproven";
	if (c->judged && clean && !is_proven(c, link))
		return "unproven";
	if (!c->judged && clean && link != GS_LINK_PROVISIONING &&
	    link != GS_LINK_HYGIENE)
		return "not judged";
	return n[GS_ERROR] > 0 ? "broken" : clean ? "good" : "weak";
}

static void
put_text(FILE *fp, const char *name, const struct gs_snom_chain *c,
    enum gs_snom_link link)
{
	const char *each = c->dect ? "servers" : "identities";

	gs_print_visible(fp, name);
	(void)fprintf(fp, ": %s: %s", gs_snom_link_name(link),
	    verdict(c, link));
	if (c->active > 0 && link == GS_LINK_SIGNALLING)
		(void)fprintf(fp, ", TLS on %u of %u %s", c->tls, c->active,
		    each);
	if (c->active > 0 && link == GS_LINK_MEDIA)
		(void)fprintf(fp, ", SRTP on %u of %u %s", c->encrypted,
		    c->active, each);
	if (c->judged && link == GS_LINK_TRUST)
		(void)fprintf(fp, ", the server is %sverified%s",
		    c->verified ? "" : "not ",
		    c->verified && c->any_name ? ", any name" : "");
	(void)fprintf(fp, "%s\n", c->partial ? " (partial)" : "");
}

static void
put_number(struct gs_json *j, const char *key, bool known, unsigned v)
{
	gs_json_key(j, key);
	if (known)
		gs_json_u64(j, v);
	else
		gs_json_null(j);
}

static void
put_json(FILE *fp, const char *file, const struct gs_snom_chain *c,
    enum gs_snom_link link)
{
	struct gs_json j;

	gs_json_init(&j, fp);
	gs_json_open(&j, '{');
	gs_json_member_str(&j, "type", "link");
	gs_json_member_str(&j, "file", file);
	gs_json_member_str(&j, "link", gs_snom_link_name(link));
	gs_json_member_str(&j, "verdict", verdict(c, link));
	gs_json_member_u64(&j, "errors", c->found[link][GS_ERROR]);
	gs_json_member_u64(&j, "warnings", c->found[link][GS_WARNING]);
	gs_json_member_u64(&j, "notes", c->found[link][GS_NOTE]);
	put_number(&j, "active",
	    link == GS_LINK_SIGNALLING || link == GS_LINK_MEDIA, c->active);
	put_number(&j, "secured",
	    link == GS_LINK_SIGNALLING || link == GS_LINK_MEDIA,
	    link == GS_LINK_MEDIA ? c->encrypted : c->tls);
	gs_json_key(&j, "verified");
	if (c->judged && link == GS_LINK_TRUST)
		gs_json_bool(&j, c->verified && !c->any_name);
	else
		gs_json_null(&j);
	gs_json_member_bool(&j, "partial", c->partial);
	gs_json_close(&j, '}');
	gs_json_newline(&j);
}

void
gs_snom_verdicts_print(FILE *fp, const char *file,
    const struct gs_snom_chain *c, bool json)
{
	const char *name = strcmp(file, "-") == 0 ? "stdin" : file;

	for (int i = 0; i < GS_LINK_DATA; i++)
		if (json)
			put_json(fp, file, c, (enum gs_snom_link)i);
		else
			put_text(fp, name, c, (enum gs_snom_link)i);
}

/* The links that settings of a phone alone can prove. */
static bool
is_of_phone(enum gs_snom_link link)
{
	return link == GS_LINK_SIGNALLING || link == GS_LINK_MEDIA ||
	    link == GS_LINK_TRUST;
}

static bool
is_met(const struct gs_snom_chain *c, enum gs_snom_link link)
{
	const unsigned *n = c->found[link];

	if (n[GS_ERROR] > 0 || (c->partial && c->judged) ||
	    (is_of_phone(link) && !c->judged))
		return false;
	if (c->judged && !is_proven(c, link))
		return false;
	return link == GS_LINK_SIGNALLING || link == GS_LINK_MEDIA ||
	    n[GS_WARNING] == 0;
}

/* The first link of require that is not proven; GS_LINK_DATA: none. */
static unsigned
first_unmet(const struct gs_snom_chain *c, unsigned require)
{
	unsigned i = 0;

	while (i < GS_LINK_DATA &&
	    ((require & 1u << i) == 0 || is_met(c, (enum gs_snom_link)i)))
		i++;
	return i;
}

bool
gs_snom_verdict_is_met(const struct gs_snom_chain *c, unsigned require)
{
	return first_unmet(c, require) == GS_LINK_DATA;
}

bool
gs_snom_tally_add(struct gs_snom_tally *t, const struct gs_snom_chain *c,
    unsigned require)
{
	for (unsigned i = 0; c->other && i < GS_LINK_DATA; i++)
		if (is_of_phone((enum gs_snom_link)i))
			require &= ~(1u << i);
	unsigned i = first_unmet(c, require);

	t->files++;
	t->others += c->other;
	if (c->other)
		return i == GS_LINK_DATA;
	if (i == GS_LINK_DATA)
		t->good++;
	else if (c->active > 0 && c->tls == 0 && c->encrypted == 0)
		t->clear++;
	else
		t->link[i]++;
	return i == GS_LINK_DATA;
}

bool
gs_snom_tally_lacks_phone(const struct gs_snom_tally *t, unsigned require)
{
	bool wants = false;

	for (unsigned i = 0; i < GS_LINK_DATA; i++)
		wants |= (require & 1u << i) != 0 &&
		    is_of_phone((enum gs_snom_link)i);
	return wants && t->others > 0 && t->others == t->files;
}

void
gs_snom_tally_print(FILE *fp, const struct gs_snom_tally *t)
{
	(void)fprintf(fp, "%u phone%s: %u good", t->files - t->others,
	    gs_plural(t->files - t->others), t->good);
	if (t->clear > 0)
		(void)fprintf(fp, ", %u in the clear", t->clear);
	for (unsigned i = 0; i < GS_LINK_DATA; i++)
		if (t->link[i] > 0)
			(void)fprintf(fp, ", %u %s not as required", t->link[i],
			    gs_snom_link_name((enum gs_snom_link)i));
	if (t->others > 0)
		(void)fprintf(fp, "; %u other files", t->others);
	(void)fprintf(fp, "\n");
}

void
gs_snom_tally_group(struct gs_snom_tally *t, const struct gs_diags *d,
    const char *file)
{
	bool seen[GS_S_COUNT] = { false };

	for (size_t i = 0; i < d->n; i++) {
		const struct gs_finding *f = &d->list[i];
		size_t at = (size_t)(f->rule - gs_snom_rules.rule);
		struct gs_snom_by_rule *g = &t->group[at];
		if (g->files == 0)
			*g = (struct gs_snom_by_rule){ .severity = f->severity,
				.file = file,
				.pos = f->pos };
		if (f->severity > g->severity)
			g->severity = f->severity;
		g->files += !seen[at];
		seen[at] = true;
	}
	for (size_t s = GS_NOTE; s <= GS_ERROR; s++)
		t->total[s] += d->total[s];
}

static void
print_group(FILE *fp, const struct gs_snom_by_rule *g,
    const struct gs_rule *rule)
{
	(void)fprintf(fp, "%u file%s: %s: %s [%s], first ", g->files,
	    gs_plural(g->files), gs_severity_name(g->severity), rule->brief,
	    rule->id);
	gs_print_visible(fp, g->file);
	if (g->pos.line > 0)
		(void)fprintf(fp, ":%llu:%u", (unsigned long long)g->pos.line,
		    g->pos.col);
	(void)fprintf(fp, "\n");
}

void
gs_snom_groups_print(FILE *fp, const struct gs_snom_tally *t)
{
	for (int s = GS_ERROR; s >= GS_NOTE; s--)
		for (size_t i = 0; i < GS_S_COUNT; i++) {
			const struct gs_snom_by_rule *g = &t->group[i];
			if (g->files > 0 && (int)g->severity == s)
				print_group(fp, g, &gs_snom_rules.rule[i]);
		}
	(void)fprintf(fp,
	    "by rule: %llu error%s, %llu warning%s, %llu note%s; -v lists "
	    "each\n",
	    (unsigned long long)t->total[GS_ERROR],
	    gs_plural(t->total[GS_ERROR]),
	    (unsigned long long)t->total[GS_WARNING],
	    gs_plural(t->total[GS_WARNING]),
	    (unsigned long long)t->total[GS_NOTE],
	    gs_plural(t->total[GS_NOTE]));
}
