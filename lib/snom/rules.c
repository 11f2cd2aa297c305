/* SPDX-License-Identifier: MIT */
/* The rules of the Snom wing: every finding of gs-snomcfg is one of these. */
#include "snom/rules.h"

#include <stdio.h>

static const struct gs_rule rules[GS_S_COUNT] = {
#define GS_RULE(name, ...) [GS_S_##name] = { __VA_ARGS__ },
#include "snom/rule_list.h"
#undef GS_RULE
};

const struct gs_rules gs_snom_rules = { rules, GS_S_COUNT };

void
gs_snom_say(struct gs_diags *d, enum gs_snom_rule rule, uint64_t line,
    const char *fmt, ...)
{
	const struct gs_rule *r = &rules[rule];
	struct gs_pos pos = { .line = line };
	va_list ap;

	va_start(ap, fmt);
	(void)gs_vdiag(d, r, r->severity, pos, fmt, ap);
	va_end(ap);
}

static const struct {
	const char *name, *prefix, *also;
} links_of[GS_LINK_COUNT] = {
	[GS_LINK_PROVISIONING] = { "provisioning", "prov-", "url-" },
	[GS_LINK_SIGNALLING] = { "signalling", "sip-" },
	[GS_LINK_MEDIA] = { "media", "media-" },
	[GS_LINK_TRUST] = { "trust", "trust-" },
	[GS_LINK_HYGIENE] = { "hygiene", "file-" },
	[GS_LINK_DATA] = { "data", "data-" },
};

static int
name_links(struct gs_err *err)
{
	char all[80] = "";
	size_t n = 0;

	for (unsigned i = 0; i < GS_LINK_DATA; i++)
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s",
		    i > 0 ? "," : "", links_of[i].name);
	return gs_err_set(err, "none, or links: %s", all);
}

int
gs_snom_links_parse(const char *names, unsigned *links, struct gs_err *err)
{
	unsigned found = 0;

	for (bool first = true; *names != '\0' || first; first = false) {
		size_t n = strcspn(names, ",");
		struct gs_span name = gs_span(names, n);
		unsigned i = 0;
		while (i < GS_LINK_DATA &&
		    !gs_span_eq(name, gs_span_of(links_of[i].name)))
			i++;
		if (i == GS_LINK_DATA &&
		    (!gs_span_eq(name, GS_LIT("none")) || !first ||
			names[n] != '\0'))
			return name_links(err);
		found |= i < GS_LINK_DATA ? 1u << i : 0;
		names += n + (names[n] == ',');
	}
	*links = found;
	return 0;
}

const char *
gs_snom_link_name(enum gs_snom_link link)
{
	return links_of[link].name;
}

enum gs_snom_link
gs_snom_link_of(const struct gs_rule *rule)
{
	struct gs_span id = gs_span_of(rule->id);

	for (unsigned i = 0; i < GS_LINK_DATA; i++) {
		const char *one = links_of[i].prefix, *also = links_of[i].also;
		if (gs_span_starts(id, gs_span_of(one)) ||
		    (also != NULL && gs_span_starts(id, gs_span_of(also))))
			return (enum gs_snom_link)i;
	}
	return GS_LINK_DATA;
}

const char *
gs_snom_link_name_of(const struct gs_rule *rule)
{
	return gs_snom_link_name(gs_snom_link_of(rule));
}
