/* SPDX-License-Identifier: MIT */
/* The rules of the secure chain over one settings file. */
#include "snom/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "snom/finding_priv.h"
#include "snom/links_priv.h"
#include "snom/settings.h"

/* "10.1.198" at the start of s. */
static bool
read_version(const char *s, unsigned v[3])
{
	for (int i = 0; i < 3; i++) {
		char *end;
		if (!gs_is_digit(*s))
			return false;
		unsigned long n = strtoul(s, &end, 10);
		v[i] = n < 1000 ? (unsigned)n : 999;
		if (i < 2 && *end != '.')
			return false;
		s = end + 1;
	}
	return true;
}

/* The version in the last part of a URL, such as
 * snomD785-10.1.198.14-SIP-r.bin; 0: none. */
static unsigned
version_in(struct gs_span s)
{
	unsigned v[3];
	char text[64];

	while (gs_span_chr(s, '/') != NULL)
		(void)gs_span_until(&s, '/');
	while (gs_span_chr(s, '-') != NULL) {
		(void)gs_span_until(&s, '-');
		(void)snprintf(text, sizeof(text), "%.*s", GS_CUT(s, 63));
		if (read_version(text, v))
			return GS_FIRMWARE(v[0], v[1], v[2]);
	}
	return 0;
}

/* Whether the phone loads the firmware that the file names. */
static bool
loads_firmware(const struct gs_snom_setting *policy)
{
	return !gs_snom_is_word(
	    "settings_only never_update never_update_firm ask_for_update",
	    gs_snom_value(policy));
}

/* What the file says of the firmware. */
static void
read_firmware(struct snom_check *c)
{
	const struct gs_snom_scan *s = &c->doc->scan;

	for (size_t i = 0; i < s->nodes; i++) {
		if (!gs_snom_node_is(&s->node[i], "firmware"))
			continue;
		unsigned v = version_in(gs_snom_doc_text(c->doc, &s->node[i]));
		if (v > 0 && (c->firmware == 0 || v < c->firmware))
			c->firmware = v;
	}
	c->updates = !gs_snom_perm_is_kept(gs_snom_check_get(c, "firmware")) &&
	    gs_snom_is_sure(c->doc, gs_snom_check_get(c, "update_policy"),
		loads_firmware);
}

/* The error of libxml2, with its line and column. */
static void
check_xml(struct snom_check *c)
{
	const struct gs_snom_xml_verdict *v = &c->doc->xml;
	const struct gs_rule *r = &gs_snom_rules.rule[GS_S_FILE_XML];

	if (c->doc->encoding_bad)
		CHECK_AT(c, GS_S_FILE_ENCODING, 0,
		    "the declared encoding does not contain ASCII");
	if (v->what == GS_XML_BAD) {
		(void)gs_diag(c->d, r, v->pos,
		    "not well-formed: %s; the phone drops the whole file",
		    v->why);
		c->chain->found[GS_LINK_HYGIENE][GS_ERROR]++;
	}
	if (v->what == GS_XML_DOCTYPE)
		CHECK_AT(c, GS_S_FILE_DOCTYPE,
		    c->doc->scan.doctype.p == NULL ?
			0 :
			(size_t)(c->doc->scan.doctype.p - c->doc->scan.text.p),
		    "a document type declaration, which is not read");
	if (c->doc->scan.limit)
		CHECK_AT(c, GS_S_FILE_XML, c->doc->scan.stopped,
		    "too many or too deep elements, or too many attributes; "
		    "the rest is not read");
	c->partial =
	    v->what != GS_XML_OK || c->doc->scan.limit || c->doc->encoding_bad;
}

/* Whether the file is for what signals and sends media. */
static bool
is_of_phone(const struct gs_snom_doc *d)
{
	return d->dialect == GS_DIALECT_SETTINGS ||
	    d->dialect == GS_DIALECT_DECT || d->dialect == GS_DIALECT_KLE;
}

static bool
is_judged(const struct gs_snom_doc *d)
{
	return d->dialect == GS_DIALECT_SETTINGS ||
	    d->dialect == GS_DIALECT_DECT;
}

static void
check_dialect(struct snom_check *c)
{
	size_t at = c->doc->scan.node[0].tag;

	if (is_judged(c->doc))
		CHECK_AT(c, GS_S_FILE_DIALECT, at,
		    "there is no setting inside <phone-settings>, so "
		    "signalling and media cannot be judged");
	else
		CHECK_AT(c, GS_S_FILE_DIALECT, at,
		    "this is %s: it contains no phone settings, so signalling "
		    "and media cannot be judged",
		    gs_snom_dialect_name(c->doc->dialect));
}

void
gs_snom_check(struct gs_snom_doc *d,
    const struct gs_snom_check_options *options, struct gs_diags *diags,
    struct gs_snom_chain *chain)
{
	struct snom_check c = { .doc = d,
		.d = diags,
		.chain = chain,
		.how = options };

	*chain = (struct gs_snom_chain){ .dect = d->dialect == GS_DIALECT_DECT,
		.other = !is_of_phone(d) };
	read_firmware(&c);
	check_xml(&c);
	chain->partial = c.partial;
	gs_snom_check_urls(&c);
	if (!is_judged(d) || d->settings == 0) {
		check_dialect(&c);
		gs_snom_check_rollout(&c);
		gs_snom_check_hygiene(&c);
	} else {
		chain->judged = true;
		gs_snom_check_provisioning(&c);
		if (d->dialect == GS_DIALECT_DECT)
			gs_snom_check_dect(&c);
		else
			gs_snom_check_identities(&c);
		gs_snom_check_trust(&c);
		gs_snom_check_hygiene(&c);
	}
	gs_diags_sort(diags);
}
