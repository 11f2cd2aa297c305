/* SPDX-License-Identifier: MIT */
/* Function keys that follow a state. */
#include "snom/nested.h"

#include <stdio.h>

#include "snom/params.h"
#include "snom/text.h"

static const char invalid[] = "invalid UTF-8 or a control byte";

static const char *
put_attr(struct gs_buf *b, const char *name, struct gs_span value)
{
	size_t at;

	gs_buf_printf(b, " %s=\"", name);
	if (!gs_snom_text_put_valid(b, value, &at))
		return invalid;
	gs_buf_putc(b, '"');
	return NULL;
}

/* ---- what the phone watches */

/* A quote would end the string in the path of XML that holds it. */
static bool
is_sip_uri(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' ||
		    memchr("\"'<>", s.p[i], 4) != NULL)
			return false;
	return (gs_span_starts(s, GS_LIT("sip:")) && s.n > 4) ||
	    (gs_span_starts(s, GS_LIT("sips:")) && s.n > 5);
}

/* RFC 4235, as phones translate it to the states of a key. */
static const char states[] =
    "<NotifyParsingRules type=\"state\">\n"
    "<level1 translates_to=\"unknown\">/dialog-info/dialog/state"
    "[.=&quot;terminated&quot;]</level1>\n"
    "<level2 translates_to=\"ringing\">/dialog-info/dialog/state"
    "[.=&quot;early&quot;]</level2>\n"
    "<level3 translates_to=\"active\">/dialog-info/dialog/state"
    "[.=&quot;confirmed&quot;]</level3>\n"
    "<level4 fetch_content=\"true\">/dialog-info/dialog/state</level4>\n"
    "<default translates_to=\"unknown\"/>\n"
    "</NotifyParsingRules>\n";

static const char *
put_subscription(struct gs_buf *b, struct gs_span uri)
{
	if (uri.n == 0)
		return NULL;
	if (!is_sip_uri(uri))
		return "subscription must be a SIP URI";
	gs_buf_puts(b, "<subscription type=\"dialog\"");
	if (put_attr(b, "for", uri) != NULL || put_attr(b, "to", uri) != NULL)
		return invalid;
	gs_buf_puts(b,
	    ">\n<NotifyParsingRules type=\"applies\">\n"
	    "<level1 translates_to=\"OK\">/dialog-info[@entity=&quot;");
	gs_snom_text_put(b, uri);
	gs_buf_puts(b, "&quot;]</level1>\n</NotifyParsingRules>\n");
	gs_buf_puts(b, states);
	gs_buf_puts(b, "</subscription>\n");
	return NULL;
}

/* ---- what pressing it does */

/* Takes the word that *s starts with. */
static struct gs_span
take_word(struct gs_span *s)
{
	*s = gs_span_trim(*s);
	struct gs_span word = gs_span_until(s, ' ');
	*s = gs_span_trim(*s);
	return word;
}

static const char *
put_url(struct gs_buf *b, struct gs_span target, const struct gs_snom_params *p)
{
	char path[GS_PARAM_VALUE];
	struct gs_buf url;

	if (target.n >= sizeof(path))
		return "the URL of an action is too long";
	(void)snprintf(path, sizeof(path), "%.*s", (int)target.n, target.p);
	gs_buf_init(&url, 2 * GS_PARAM_VALUE);
	gs_snom_params_put_url(p, &url, path);
	const char *why = put_attr(b, "target", gs_buf_span(&url));
	gs_buf_free(&url);
	return why;
}

/* "dial TARGET [STATES]" or "url URL [STATES]": in these states of the phone,
 * such as "connected,holding"; without them whenever no other one fits. */
static const char *
put_action(struct gs_buf *b, struct gs_span s, const struct gs_snom_params *p)
{
	struct gs_span kind = take_word(&s), target = take_word(&s),
		       when = take_word(&s);
	bool dial = gs_span_eq(kind, GS_LIT("dial"));
	const char *why;

	if (target.n == 0 || s.n > 0 ||
	    (!dial && !gs_span_eq(kind, GS_LIT("url"))))
		return "action must be \"dial TARGET [STATES]\" or \"url URL "
		       "[STATES]\", several separated by |";
	gs_buf_puts(b, dial ? "<dial request_uri=\"$(remote_uri)\"" : "<url");
	why = put_attr(b, "states", when);
	if (why == NULL)
		why = dial ? put_attr(b, "target", target) :
			     put_url(b, target, p);
	gs_buf_puts(b, " when=\"on press\"/>\n");
	return why;
}

static const char *
put_actions(struct gs_buf *b, struct gs_span list,
    const struct gs_snom_params *p)
{
	const char *why = NULL;

	if (list.n == 0)
		return NULL;
	gs_buf_puts(b, "<action>\n");
	while (why == NULL && list.n > 0)
		why = put_action(b, gs_span_until(&list, '|'), p);
	gs_buf_puts(b, "</action>\n");
	return why;
}

const char *
gs_snom_nested_put(struct gs_buf *b, const struct gs_snom_nested *n,
    const struct gs_snom_params *p)
{
	const char *why;

	gs_buf_puts(b, "\n<general");
	why = put_attr(b, "type", n->general);
	if (why != NULL)
		return why;
	gs_buf_puts(b,
	    ">\n<default_state name=\"initial\"/>\n</general>\n"
	    "<appearance>\n<line_info_layer>\n"
	    "<line_format line=\"0\">$state $type</line_format>\n"
	    "<line_format line=\"1\">$continue $name</line_format>\n"
	    "</line_info_layer>\n</appearance>\n");
	why = put_subscription(b, n->subscription);
	return why != NULL ? why : put_actions(b, n->action, p);
}
