/* SPDX-License-Identifier: MIT */
/* Function keys of the accounts of a phone, in one cell of each row. */
#include "snom/softkeys.h"

#include <stdio.h>

#include "base/bytes.h"
#include "snom/fkey.h"
#include "snom/phones.h"
#include "snom/rules.h"

/* group_concat_max_len of MySQL: longer cells are cut there, but not inside a
 * character. */
enum { CUT_AT = 1024, LONGEST_CHARACTER = 4 };

/* Whether s begins as a key: "12:blf:". */
static bool
begins_key(struct gs_span s)
{
	size_t n = gs_span_while(s, gs_is_digit);

	if (n == 0 || n > 3 || n == s.n || s.p[n] != ':')
		return false;
	s = gs_span_skip(s, n + 1);
	n = gs_span_while(s, gs_is_word);
	return n > 0 && n < s.n && s.p[n] == ':';
}

/* The next key of *list, which moves past it. */
static struct gs_span
take_key(struct gs_span *list)
{
	struct gs_span rest = *list, line = gs_span_until(&rest, '\n');

	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == ',' &&
		    begins_key(gs_span(line.p + i + 1, line.n - i - 1))) {
			*list = gs_span(list->p + i + 1, list->n - i - 1);
			return gs_span(line.p, i);
		}
	*list = rest;
	return line;
}

/* Splits a key. Returns whether it has the three parts that each has. */
static bool
read_key(struct gs_snom_fkey *key, struct gs_span s)
{
	struct gs_span *const more[] = { &key->label, &key->context, &key->perm,
		&key->nested.general, &key->nested.subscription,
		&key->nested.action };
	struct gs_span first = gs_span_until(&s, '\t');
	bool whole = begins_key(first);

	*key = (struct gs_snom_fkey){ .position = gs_span_until(&first, ':') };
	key->function = gs_span_until(&first, ':');
	key->value = first;
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]) && s.n > 0; i++)
		*more[i] = gs_span_until(&s, '\t');
	return whole && s.n == 0;
}

static bool
is_cut(struct gs_span s)
{
	return s.n <= CUT_AT && s.n > CUT_AT - LONGEST_CHARACTER &&
	    s.p[s.n - 1] != '\n';
}

/* Whether an account before has the same cell: one of the phone's, repeated in
 * each row. */
static bool
is_repeated(const struct gs_snom_phone *ph, unsigned account, int column)
{
	for (unsigned i = 0; i < account; i++)
		if (gs_span_eq(ph->row[i].cell[column].s,
			ph->row[account].cell[column].s))
			return true;
	return false;
}

int
gs_snom_softkeys_get(const struct gs_snom_phone *ph, int column,
    const struct gs_snom_params *p, struct gs_snom_provkey_parts *keys,
    struct gs_diags *d)
{
	int bad = 0;

	gs_snom_fkeys_clear(keys);
	for (unsigned i = 0; i < ph->identities; i++) {
		struct gs_span list = ph->row[i].cell[column].s;
		uint64_t line = ph->row[i].line;
		struct gs_snom_fkey key;
		char account[12];

		if (list.n == 0 || is_repeated(ph, i, column))
			continue;
		(void)snprintf(account, sizeof(account), "%u", i + 1);
		if (is_cut(list)) {
			gs_snom_say(d, GS_S_DATA_KEY, line,
			    "column softkeys: cut off at 1024 bytes; raise "
			    "group_concat_max_len");
			bad = 1;
			continue;
		}
		while (list.n > 0) {
			struct gs_span one = take_key(&list);
			if (one.n == 0)
				continue;
			bool whole = read_key(&key, one);
			if (key.context.n == 0)
				key.context = gs_span_of(account);
			if (!whole)
				gs_snom_say(d, GS_S_DATA_KEY, line,
				    "column softkeys: '%.*s' is not "
				    "POSITION:FUNCTION:VALUE",
				    GS_CUT(one, 40));
			bad |= !whole ||
			    gs_snom_fkeys_add(keys, &key, line, p, d) != 0;
		}
	}
	return bad;
}
