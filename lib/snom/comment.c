/* SPDX-License-Identifier: MIT */
/* Comments in settings: GS5's view writes the names of callers into them. */
#include "snom/comment.h"

#include "base/bytes.h"

/* Every line of the view is one element or one comment. Of each account it
 * writes "<!-- sip account N: NAME, STATE -->" and then user_active of N + 1,
 * and before all of them how many there are; older views number nothing
 * (GS5 snom_phone.xml.haml). */
#define OPEN GS_LIT("<!--")
#define CLOSE GS_LIT("-->")
#define ACCOUNT GS_LIT(" sip account")
#define NUMBERED GS_LIT("<!-- sip accounts: ")

/* Appends the text of a comment. */
static bool
put_inside(struct gs_span inside, struct gs_buf *out)
{
	bool changed = false;

	for (size_t i = 0; i < inside.n; i++) {
		bool dash = inside.p[i] == '-' &&
		    (i + 1 == inside.n || inside.p[i + 1] == '-');
		gs_buf_putc(out, inside.p[i]);
		if (dash)
			gs_buf_putc(out, ' ');
		changed |= dash;
	}
	return changed;
}

bool
gs_snom_comment_mend(struct gs_span text, struct gs_buf *out)
{
	size_t was = out->n;
	bool changed = false;

	while (text.n > 0) {
		size_t open = gs_span_find(text, OPEN);
		size_t data = gs_span_find(text, GS_LIT("<![CDATA["));
		bool comment = open < data;
		size_t start = comment ? open + OPEN.n : data;
		struct gs_span rest = gs_span_skip(text, start);
		size_t n = gs_span_find(rest, comment ? CLOSE : GS_LIT("]]>"));
		gs_buf_put(out, text.p, start);
		if (comment && n < rest.n)
			changed |= put_inside(gs_span(rest.p, n), out);
		else
			gs_buf_put(out, rest.p, n);
		text = gs_span_skip(rest, n);
	}
	if (!changed)
		out->n = was;
	return changed;
}

struct walk {
	const struct gs_snom_doc *d;
	struct gs_span text; /* of the file */
	uint64_t accounts; /* whose comments were seen */
	bool numbered;
	bool account; /* the next element must be its user_active */
	size_t at;
	const char *why;
};

static bool
fault(struct walk *w, size_t at, const char *why)
{
	w->at = at;
	w->why = why;
	return true;
}

static bool
is_blank(int c)
{
	return gs_is_blank(c) || c == '\r';
}

/* Whether only blanks are between an offset and the end of its line; back: its
 * beginning. */
static bool
is_alone(struct gs_span t, size_t at, bool back)
{
	while (back && at > 0 && is_blank(t.p[at - 1]))
		at--;
	if (back)
		return at == 0 || t.p[at - 1] == '\n';
	at += gs_span_while(gs_span_skip(t, at), is_blank);
	return at == t.n || t.p[at] == '\n';
}

/* ", on " or another word at the end. */
static bool
ends_with_state(struct gs_span s)
{
	size_t n = s.n;

	if (n == 0 || s.p[n - 1] != ' ')
		return false;
	for (n--; n > 0 && s.p[n - 1] >= 'a' && s.p[n - 1] <= 'z';)
		n--;
	return n > 1 && s.p[n - 1] == ' ' && s.p[n - 2] == ',';
}

/* Reads a comment with this text, at an offset of the file. */
static bool
judge_comment(struct walk *w, struct gs_span inside, size_t at)
{
	bool of_account = gs_span_starts(inside, ACCOUNT) &&
	    !gs_span_starts(inside, gs_span_skip(NUMBERED, OPEN.n));
	struct gs_span number =
	    gs_span_skip(inside, of_account ? ACCOUNT.n : 0);
	uint64_t v;

	if (w->account)
		return fault(w, at, "no user_active behind its comment");
	if (of_account != ends_with_state(inside))
		return fault(w, at, "a name ends the comment");
	if (!of_account || !w->numbered)
		return false;
	number = gs_span_strip(number);
	if (gs_span_chr(number, ':') == NULL ||
	    gs_span_u64(gs_span_until(&number, ':'), &v) == -1 ||
	    v != w->accounts)
		return fault(w, at, "comments of accounts are out of order");
	w->accounts++;
	w->account = true;
	return false;
}

/* The text between two elements, or before the first or after the last one:
 * comments, each on its own line. */
static bool
judge_gap(struct walk *w, size_t at, size_t end)
{
	while (at < end) {
		struct gs_span rest = gs_span(w->text.p + at, end - at);
		if (gs_is_white(*rest.p)) {
			at++;
			continue;
		}
		if (!gs_span_starts(rest, OPEN))
			return fault(w, at, "text between settings");
		size_t n = gs_span_find(gs_span_skip(rest, OPEN.n), CLOSE);
		size_t behind = at + OPEN.n + n + CLOSE.n;
		if (!is_alone(w->text, at, true))
			return fault(w, at, "a comment after a setting");
		if (judge_comment(w, gs_span(rest.p + OPEN.n, n), at))
			return true;
		if (behind > end || !is_alone(w->text, behind, false))
			return fault(w, behind < end ? behind : at,
			    "a setting after a comment");
		at = behind;
	}
	return false;
}

/* An element of <phone-settings>. */
static bool
judge_element(struct walk *w, const struct gs_snom_node *n)
{
	const struct gs_snom_attr *a = gs_snom_scan_attr(&w->d->scan, n, "idx");
	uint64_t idx;
	bool its = gs_snom_node_is(n, "user_active") && a != NULL &&
	    gs_span_u64(a->value, &idx) == 0 && idx == w->accounts;

	if (w->account && !its)
		return fault(w, n->tag, "no user_active behind its comment");
	w->account = false;
	return false;
}

/* The settings in section i. */
static bool
judge_section(struct walk *w, uint32_t i)
{
	const struct gs_snom_scan *s = &w->d->scan;
	size_t at = s->node[i].tag_end;

	for (uint32_t k = i + 1;
	     k < s->nodes && s->node[k].tag < s->node[i].end; k++) {
		const struct gs_snom_node *n = &s->node[k];
		if (n->parent != i)
			continue;
		if (judge_gap(w, at, n->tag) || judge_element(w, n))
			return true;
		at = n->end;
	}
	return judge_gap(w, at, s->node[i].inner_end);
}

bool
gs_snom_comment_is_broken(const struct gs_snom_doc *d, size_t *at,
    const char **why)
{
	struct walk w = { .d = d, .text = d->scan.text };
	unsigned sections = 0;
	bool broken = false;

	w.numbered = gs_span_has(w.text, NUMBERED);
	if (!gs_span_has(w.text, GS_LIT("<!-- sip account")))
		return false;
	for (uint32_t i = 0; i < d->scan.nodes && !broken; i++) {
		const struct gs_snom_node *n = &d->scan.node[i];
		if (!gs_snom_node_is(n, "phone-settings"))
			continue;
		broken = sections++ > 0 ?
		    fault(&w, n->tag, "a second <phone-settings>") :
		    judge_section(&w, i);
	}
	*at = w.at;
	*why = w.why;
	return broken;
}
