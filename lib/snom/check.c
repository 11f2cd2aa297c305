/* SPDX-License-Identifier: MIT */
/* The rules of the secure chain over one settings file. */
#include "snom/check.h"

#include <stdio.h>

#include "snom/check_priv.h"

void
gs_check_as(struct check *c, enum gs_snom_rule rule, enum gs_severity severity,
    size_t offset, const char *fmt, ...)
{
	const struct gs_rule *r = &gs_snom_rules.rule[rule];
	struct gs_pos pos = { 0, 0 };
	char text[768];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (offset != SIZE_MAX)
		pos = gs_scan_pos(&c->doc->scan, offset);
	(void)gs_diag_as(c->d, r, severity, pos, "%s%s", text,
	    !c->partial                        ? "" :
		c->doc->xml.what == GS_XML_BAD ? " (partial: the file is not "
						 "well-formed)" :
						 " (partial)");
	c->chain->found[gs_link_of(r)][severity]++;
}

void
gs_check_lock(struct check *c, enum gs_snom_rule rule,
    const struct gs_setting *s, const char *owner, uint32_t idx,
    const char *what)
{
	char of[32] = "";

	if (!gs_perm_is_writable(s))
		return;
	if (owner != NULL)
		(void)snprintf(of, sizeof(of), "%s %u: ", owner, idx);
	GS_CHECK(c, rule, s, "%sthe user can switch %s off; use perm R", of,
	    what);
}

/* What libxml2 says comes with its own line and column. */
static void
check_xml(struct check *c)
{
	const struct gs_xml_verdict *v = &c->doc->xml;
	const struct gs_rule *r = &gs_snom_rules.rule[GS_S_FILE_XML];

	if (c->doc->encoding_bad)
		gs_check_at(c, GS_S_FILE_ENCODING, 0,
		    "the declared encoding is none that contains ASCII");
	if (v->what == GS_XML_BAD) {
		(void)gs_diag(c->d, r, v->pos,
		    "not well-formed: %s; the phone drops the whole file",
		    v->why);
		c->chain->found[GS_LINK_HYGIENE][GS_ERROR]++;
	}
	if (v->what == GS_XML_DOCTYPE)
		gs_check_at(c, GS_S_FILE_DOCTYPE,
		    c->doc->scan.doctype.p == NULL ?
			0 :
			(size_t)(c->doc->scan.doctype.p - c->doc->scan.text.p),
		    "a document type declaration, which is not read");
	if (c->doc->scan.limit)
		gs_check_at(c, GS_S_FILE_XML, c->doc->scan.stopped,
		    "too many or too deep elements, or too many attributes; "
		    "the rest is not read");
	c->partial =
	    v->what != GS_XML_OK || c->doc->scan.limit || c->doc->encoding_bad;
}

static bool
is_judged(const struct gs_doc *d)
{
	return d->dialect == GS_DIALECT_SETTINGS ||
	    d->dialect == GS_DIALECT_DECT;
}

static void
check_dialect(struct check *c)
{
	size_t at = c->doc->scan.node[0].tag;

	if (is_judged(c->doc))
		gs_check_at(c, GS_S_FILE_DIALECT, at,
		    "there is no setting inside <phone-settings>, so "
		    "signalling and media cannot be judged");
	else
		gs_check_at(c, GS_S_FILE_DIALECT, at,
		    "this is %s: it holds no phone settings, so signalling "
		    "and media cannot be judged",
		    gs_dialect_name(c->doc->dialect));
}

void
gs_check(struct gs_doc *d, const struct gs_check_options *options,
    struct gs_diags *diags, struct gs_chain *chain)
{
	struct check c = { .doc = d,
		.d = diags,
		.chain = chain,
		.stated = options->stated };

	*chain = (struct gs_chain){ .active = 0 };
	check_xml(&c);
	chain->partial = c.partial;
	gs_check_urls(&c);
	if (!is_judged(d) || d->settings == 0) {
		check_dialect(&c);
		gs_check_rollout(&c);
		gs_check_hygiene(&c);
	} else {
		chain->judged = true;
		gs_check_provisioning(&c);
		if (d->dialect == GS_DIALECT_DECT)
			gs_check_dect(&c);
		else
			gs_check_identities(&c);
		gs_check_trust(&c);
		gs_check_hygiene(&c);
	}
	gs_diags_sort(diags);
}
