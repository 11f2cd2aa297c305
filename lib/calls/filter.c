/* SPDX-License-Identifier: MIT */
/* Which calls are reported: by name or number, time and host. */
#include "calls/filter.h"

#include "base/bytes.h"
#include "calls/leg.h"

/* Where a date ends, and where the time after it begins. */
enum { DATE = 10, CLOCK = 11 };

bool
gs_calls_filter_is_set(const struct gs_calls_filter *f)
{
	return f->call != NULL || f->since != NULL || f->until != NULL ||
	    f->host != NULL;
}

/* ---- times */

/* Whether s looks like form, or like form cut off at a place where it may end.
 * '0' stands for any digit. */
static bool
is_form(const char *s, const char *form)
{
	size_t n = strlen(s);

	if (n > strlen(form))
		return false;
	for (size_t i = 0; i < n; i++)
		if (form[i] == '0'     ? !gs_is_digit(s[i]) :
			form[i] == ' ' ? s[i] != ' ' && s[i] != 'T' :
					 s[i] != form[i])
			return false;
	return true;
}

bool
gs_calls_time_valid(const char *s)
{
	size_t n = strlen(s);

	return ((n == DATE || n == CLOCK + 5 || n >= CLOCK + 8) &&
		   is_form(s, "0000-00-00 00:00:00.000000")) ||
	    ((n == 5 || n >= 8) && is_form(s, "00:00:00.000000"));
}

static bool
has_date(const char *when)
{
	return strlen(when) >= DATE && when[4] == '-';
}

/* Compares as far as b goes: < 0, 0, > 0. A date without a time is before all
 * times of that day. *known is false if one has only a date and the other only
 * a time. */
static int
compare(const char *a, const char *b, bool *known)
{
	bool dated = has_date(a) && has_date(b);

	*known = true;
	if (!dated) {
		a = !has_date(a) ? a : strlen(a) > CLOCK ? a + CLOCK : "";
		b = !has_date(b) ? b : strlen(b) > CLOCK ? b + CLOCK : "";
		*known = a[0] != '\0' && b[0] != '\0';
	}
	if (dated && strlen(a) > CLOCK && strlen(b) > CLOCK &&
	    strncmp(a, b, DATE) == 0) {
		a += CLOCK;
		b += CLOCK;
	}
	return strncmp(a, b, strlen(b));
}

bool
gs_calls_filter_is_empty(const struct gs_calls_filter *f)
{
	bool known;

	return f->since != NULL && f->until != NULL &&
	    has_date(f->since) == has_date(f->until) &&
	    compare(f->since, f->until, &known) > 0;
}

bool
gs_calls_filter_times(const struct gs_calls_filter *f, const char *first,
    const char *last)
{
	bool known;

	if (f->since != NULL && last[0] != '\0' &&
	    compare(last, f->since, &known) < 0 && known)
		return false;
	return f->until == NULL || first[0] == '\0' ||
	    compare(first, f->until, &known) <= 0 || !known;
}

/* ---- names */

static bool
contains(const char *s, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i + n <= strlen(s); i++)
		if (gs_span_eqcase(gs_span(s + i, n), gs_span(text, n)))
			return true;
	return false;
}

/* A number must match as a whole, with or without its host. */
static bool
is_number(const char *address, const char *text)
{
	return gs_span_eqcase(gs_span_of(address), gs_span_of(text)) ||
	    gs_span_eqcase(gs_calls_leg_user(address), gs_span_of(text));
}

/* Whether f names a call with this id, these addresses and display names. */
static bool
is_named(const struct gs_calls_filter *f, const char *id, const char *from,
    const char *to, const char *from_name, const char *to_name)
{
	if (f->call == NULL || is_number(from, f->call) ||
	    is_number(to, f->call))
		return true;
	/* A number in a display name or an id must match as a whole, too. */
	bool digits = strspn(f->call, "+0123456789") == strlen(f->call);
	bool (*has)(const char *s, const char *text) =
	    digits ? is_number : contains;
	return has(id, f->call) || has(from_name, f->call) ||
	    has(to_name, f->call);
}

bool
gs_calls_filter_names(const struct gs_calls_filter *f,
    const struct gs_calls_leg *l)
{
	if (f->host != NULL && !gs_calls_leg_has_host(l, f->host))
		return false;
	return is_named(f, l->id, l->from, l->to, l->from_name, l->to_name) ||
	    is_number(l->channel, f->call);
}

bool
gs_calls_filter_message(const struct gs_calls_filter *f,
    const struct gs_text_message *m)
{
	if (f->host != NULL && !contains(m->src, f->host) &&
	    !contains(m->dst, f->host) && !contains(m->from, f->host) &&
	    !contains(m->to, f->host))
		return false;
	return is_named(f, m->id, m->from, m->to, m->from_name, m->to_name) &&
	    gs_calls_filter_times(f, m->when, m->when);
}

bool
gs_calls_filter_gap(const struct gs_calls_filter *f,
    const struct gs_text_gap *g)
{
	if (f->call != NULL && g->id[0] != '\0' && !contains(g->id, f->call))
		return false;
	return gs_calls_filter_times(f, g->when, g->when);
}

bool
gs_calls_filter_registration(const struct gs_calls_filter *f,
    const struct gs_text_registration *r)
{
	if (f->host != NULL && !contains(r->contact, f->host) &&
	    !contains(r->user, f->host))
		return false;
	return f->call == NULL || is_number(r->user, f->call) ||
	    contains(r->contact, f->call);
}
