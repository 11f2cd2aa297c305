/* SPDX-License-Identifier: MIT */
/* The judge of XML: libxml2 decides whether a document is well-formed, and the
 * scanner must have seen the same elements. */
#include "snom/xml.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "base/wiped.h"

struct judge {
	const struct gs_snom_scan *s;
	struct gs_snom_xml_verdict *v;
	xmlParserCtxtPtr ctxt;
	size_t seen;
	bool differs;
	bool doctype;
};

static bool
same(struct gs_span s, const xmlChar *text, size_t n)
{
	return s.n == n && memcmp(s.p, text, n) == 0;
}

/* "prefix:local", or "local" without a prefix. */
static bool
same_name(struct gs_span s, const xmlChar *prefix, const xmlChar *local)
{
	if (prefix != NULL) {
		size_t n = strlen((const char *)prefix);
		if (s.n <= n || s.p[n] != ':' || memcmp(s.p, prefix, n) != 0)
			return false;
		s = gs_span(s.p + n + 1, s.n - n - 1);
	}
	return same(s, local, strlen((const char *)local));
}

/* Whether libxml2's value equals the text: it normalises references and blanks
 * (XML 1.0 section 3.3.3). */
static bool
is_literal(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '&' || (unsigned char)s.p[i] < ' ')
			return false;
	return gs_span_is_ascii(s);
}

static bool
is_namespace(struct gs_span name)
{
	return gs_span_eq(name, GS_LIT("xmlns")) ||
	    gs_span_starts(name, GS_LIT("xmlns:"));
}

/* libxml2 gives five pointers for each: name, prefix, URI, value, end. */
static bool
same_attr(const struct gs_snom_attr *a, const xmlChar *const five[5])
{
	if (gs_span_is_ascii(a->name) && !same_name(a->name, five[1], five[0]))
		return false;
	return !is_literal(a->value) ||
	    same(a->value, five[3], (size_t)(five[4] - five[3]));
}

static bool
same_element(const struct judge *j, const struct gs_snom_node *n,
    const xmlChar *name, const xmlChar *prefix, int atts,
    const xmlChar *const *att)
{
	int k = 0;

	if (gs_span_is_ascii(n->name) && !same_name(n->name, prefix, name))
		return false;
	for (uint32_t i = n->attr; i < n->attr + n->attrs; i++) {
		const struct gs_snom_attr *a = &j->s->attr[i];
		if (is_namespace(a->name))
			continue;
		if (k == atts || !same_attr(a, att + (ptrdiff_t)k * 5))
			return false;
		k++;
	}
	return k == atts;
}

static void
on_start(void *data, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int namespaces, const xmlChar **namespace, int atts,
    int defaulted, const xmlChar **att)
{
	struct judge *j = data;

	(void)uri;
	(void)namespaces;
	(void)namespace;
	(void)defaulted;
	if (j->seen >= j->s->nodes ||
	    !same_element(j, &j->s->node[j->seen], name, prefix, atts,
		(const xmlChar *const *)att))
		j->differs = true;
	j->seen++;
}

static void
on_doctype(void *data, const xmlChar *name, const xmlChar *external,
    const xmlChar *system)
{
	struct judge *j = data;

	(void)name;
	(void)external;
	(void)system;
	j->doctype = true;
	xmlStopParser(j->ctxt);
}

/* libxml2 asks for the predefined ones, too; others do not exist here. */
static xmlEntityPtr
on_entity(void *data, const xmlChar *name)
{
	(void)data;
	return xmlGetPredefinedEntity(name);
}

static void
on_error(void *data, xmlErrorPtr e)
{
	struct judge *j = data;

	/* Phones ignore namespaces. */
	if (e->level < XML_ERR_ERROR || e->domain == XML_FROM_NAMESPACE)
		return;
	/* The first error is the verdict; a hostile file has millions.
	 * xmlStopParser() would free what its caller still reads; some of its
	 * callers reset the state. */
	j->ctxt->disableSAX = 1;
	j->ctxt->instate = XML_PARSER_EOF;
	if (j->v->what != GS_XML_OK)
		return;
	j->v->what = GS_XML_BAD;
	j->v->pos = (struct gs_pos){ e->line > 0 ? (uint64_t)e->line : 0,
		e->int2 > 0 ? (uint32_t)e->int2 : 0 };
	(void)snprintf(j->v->why, sizeof(j->v->why), "%s",
	    e->message != NULL ? e->message : "not well-formed");
	j->v->why[strcspn(j->v->why, "\n")] = '\0';
}

/* What converts an encoding tells its errors to no handler of a document, but
 * to that of the whole process, which prints them. */
static void
unsaid(void *arg, const char *text, ...)
{
	(void)arg;
	(void)text;
}

int
gs_snom_xml_judge(const struct gs_snom_scan *s, struct gs_snom_xml_verdict *v,
    struct gs_err *err)
{
	struct judge j = { .s = s, .v = v };
	const xmlSAXHandler sax = { .startElementNs = on_start,
		.internalSubset = on_doctype,
		.getEntity = on_entity,
		.serror = on_error,
		.initialized = XML_SAX2_MAGIC };

	*v = (struct gs_snom_xml_verdict){ .what = GS_XML_OK };
	if (s->text.n == 0 || s->text.n > INT_MAX)
		return gs_err_set(err, "too long for libxml2");
	/* libxml2 takes a lack of memory for text that is not well-formed, and
	 * says so in some places alone; and it copies passwords. */
	(void)xmlMemSetup(gs_wiped_free, gs_wiped_malloc, gs_wiped_realloc,
	    gs_wiped_strdup);
	xmlParserCtxtPtr ctxt =
	    xmlCreateMemoryParserCtxt(s->text.p, (int)s->text.n);
	if (ctxt == NULL || ctxt->sax == NULL) {
		xmlFreeParserCtxt(ctxt);
		return gs_err_set(err, "libxml2: out of memory");
	}
	(void)xmlCtxtUseOptions(ctxt, XML_PARSE_NONET);
	*ctxt->sax = sax;
	ctxt->userData = &j;
	j.ctxt = ctxt;
	xmlGenericErrorFunc said = xmlGenericError;
	void *said_to = xmlGenericErrorContext;
	xmlSetGenericErrorFunc(NULL, unsaid);
	(void)xmlParseDocument(ctxt);
	xmlSetGenericErrorFunc(said_to, said);
	bool lost = gs_memory_lost();
	if (j.doctype) {
		v->what = GS_XML_DOCTYPE;
	} else if (v->what == GS_XML_OK && !ctxt->wellFormed) {
		v->what = GS_XML_BAD;
		(void)snprintf(v->why, sizeof(v->why), "not well-formed");
	} else if (v->what == GS_XML_OK &&
	    memchr(s->text.p, '\0', s->text.n) != NULL) {
		/* libxml2 treats one after the root as the end of the text. */
		v->what = GS_XML_BAD;
		(void)snprintf(v->why, sizeof(v->why), "a NUL character");
	} else if (v->what == GS_XML_OK && (j.differs || j.seen != s->nodes)) {
		v->what = GS_XML_DIFFERS;
	}
	xmlDocPtr doc = ctxt->myDoc;
	xmlFreeParserCtxt(ctxt);
	xmlFreeDoc(doc);
	return lost ? gs_err_set(err, "libxml2: out of memory") : 0;
}

void
gs_snom_xml_library(struct gs_buf *b)
{
	gs_buf_printf(b, "libxml2 %s", xmlParserVersion);
}
