/* SPDX-License-Identifier: MIT */
/* One function key as XML, whatever it was read from. */
#include "snom/fkey.h"

#include "base/bytes.h"
#include "snom/params.h"
#include "snom/rules.h"
#include "snom/settings.h"
#include "snom/template.h"
#include "snom/url.h"

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
		why = gs_snom_nested_put(b, n, p);
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
