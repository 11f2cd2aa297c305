/* SPDX-License-Identifier: MIT */
/* One function key as XML, whatever it was read from. */
#include "snom/fkey.h"

#include <stdio.h>

#include "base/bytes.h"
#include "snom/params.h"
#include "snom/rules.h"
#include "snom/settings.h"
#include "snom/template.h"
#include "snom/text.h"
#include "snom/url.h"

/* ---- keys that follow a state */

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

/* Appends the inside of <fkey>; URLs without a scheme are below base_url.
 * Returns NULL, or what is wrong; then b holds a part of it. */
static const char *
put_nested(struct gs_buf *b, const struct gs_snom_nested *n,
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

/* ---- any key */

static bool
is_context(struct gs_span s)
{
	uint64_t v;

	return gs_span_eq(s, GS_LIT("active")) ||
	    (gs_span_u64(s, &v) == 0 && v >= 1 && v <= GS_SNOM_IDENTITIES);
}

static bool
is_word(struct gs_span s)
{
	return s.n > 0 && gs_span_while(s, gs_is_word) == s.n;
}

/* What stands in <fkey>: "function value", or of a key that follows a state
 * more. Returns 0, or 1 after a finding. */
static int
put_inside(struct gs_buf *b, const struct gs_snom_fkey *key, uint64_t line,
    const struct gs_snom_params *p, struct gs_diags *d)
{
	const struct gs_snom_nested *n = &key->nested;
	const char *why = NULL;

	if (n->general.n + n->subscription.n + n->action.n == 0) {
		gs_buf_put(b, key->function.p, key->function.n);
		gs_buf_putc(b, ' ');
		return gs_snom_cell_put(b, key->value, line, GS_LIT("value"),
			   d) != 0;
	}
	if (key->value.n > 0)
		why = "a key with general, subscription or action has no value";
	else if (n->general.n == 0)
		why = "the column general must name the kind of key";
	else
		why = put_nested(b, n, p);
	if (why != NULL)
		gs_snom_say(d, GS_S_DATA_KEY, line, "%s", why);
	return why != NULL;
}

/* Appends "<fkey ...>...</fkey>"; key has no empty texts with a default. */
static int
put_key(struct gs_buf *b, const struct gs_snom_fkey *key, uint64_t line,
    const struct gs_snom_params *p, struct gs_diags *d)
{
	gs_buf_puts(b, "<fkey idx=\"");
	gs_buf_put(b, key->position.p, key->position.n);
	gs_buf_puts(b, "\" context=\"");
	gs_buf_put(b, key->context.p, key->context.n);
	gs_buf_puts(b, "\" label=\"");
	int bad =
	    gs_snom_cell_put(b, key->label, line, GS_LIT("label"), d) != 0;
	gs_buf_puts(b, "\" perm=\"");
	gs_buf_put(b, key->perm.p, key->perm.n);
	gs_buf_puts(b, "\">");
	bad |= put_inside(b, key, line, p, d);
	gs_buf_puts(b, "</fkey>\n");
	return bad;
}

void
gs_snom_fkeys_clear(struct gs_snom_provkey_parts *keys)
{
	keys->text.n = 0;
	memset(keys->part, 0, sizeof(keys->part));
	keys->count = 0;
	keys->urls = 0;
}

/* Fills in defaults. Returns the number of the key, or GS_SNOM_KEYS after a
 * finding. */
static uint64_t
complete(struct gs_snom_fkey *key, uint64_t line,
    const struct gs_snom_params *p, struct gs_diags *d)
{
	const char *perm = gs_snom_params_get(p, GS_P_PERM_USER);
	uint64_t position;

	if (key->function.n == 0)
		key->function = GS_LIT("none");
	if (key->context.n == 0)
		key->context = GS_LIT("active");
	if (key->perm.n == 0)
		key->perm = gs_span_of(perm);
	if (gs_span_u64(key->position, &position) == -1 ||
	    position >= GS_SNOM_KEYS || key->position.n > 3) {
		gs_snom_say(d, GS_S_DATA_KEY, line, "position is not 0 to 137");
		return GS_SNOM_KEYS;
	}
	if (is_context(key->context) && gs_snom_is_word("R RW !", key->perm) &&
	    is_word(key->function))
		return position;
	gs_snom_say(d, GS_S_DATA_KEY, line,
	    "context must be active or 1 to 12, perm R, RW or !, function one "
	    "word");
	return GS_SNOM_KEYS;
}

int
gs_snom_fkeys_add(struct gs_snom_provkey_parts *keys,
    const struct gs_snom_fkey *key, uint64_t line,
    const struct gs_snom_params *p, struct gs_diags *d)
{
	struct gs_snom_fkey whole = *key;
	size_t at = keys->text.n;
	uint64_t position = complete(&whole, line, p, d);

	if (position == GS_SNOM_KEYS)
		return 1;
	if (keys->part[position].n > 0) {
		gs_snom_say(d, GS_S_DATA_KEY_DUPLICATE, line,
		    "two keys for position %u", (unsigned)position);
		return 1;
	}
	int bad = put_key(&keys->text, &whole, line, p, d);
	keys->urls = gs_snom_url_fronts(keys->urls,
	    gs_span(keys->text.p + at, keys->text.n - at));
	keys->part[position].at = (uint32_t)at;
	keys->part[position].n = (uint32_t)(keys->text.n - at);
	keys->count++;
	return bad;
}
