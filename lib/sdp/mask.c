/* SPDX-License-Identifier: MIT */
/* Overwrites the secrets of SDP in any text. */
#include "sdp/mask.h"

/* A line in work. */
struct masker {
	char *p;
	size_t n;
};

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether word (in lower case) stands at i, in any case. */
static bool
stands_at(const struct masker *m, size_t i, struct gs_span word)
{
	if (m->n - i < word.n)
		return false;
	for (size_t k = 0; k < word.n; k++)
		if (lower(m->p[i + k]) != word.p[k])
			return false;
	return true;
}

static bool
ends_token(char c)
{
	return c == '|' || c == ';' || c == ']' || c == '"' || c == '\'' ||
	    c == ' ' || c == '\t' || c == '\r' || c == '\0';
}

/* Stars for the key from i on; of what follows it behind "|" only what a
 * lifetime and an MKI are made of stays. Returns the token's end. */
static size_t
mask_key(struct masker *m, size_t i)
{
	while (i < m->n && !ends_token(m->p[i]))
		m->p[i++] = '*';
	if (i >= m->n || m->p[i] != '|')
		return i;
	for (; i < m->n; i++) {
		char c = m->p[i];
		if (c == '|' || c == '^' || c == ':' || (c >= '0' && c <= '9'))
			continue;
		if (ends_token(c))
			break;
		m->p[i] = '*';
	}
	return i;
}

static void
mask_from(struct masker *m, size_t i)
{
	for (; i < m->n; i++)
		if (m->p[i] != '\r')
			m->p[i] = '*';
}

/* Behind "k=METHOD:" or "a=key-mgmt:METHOD ". */
static void
mask_value(struct masker *m, size_t i, char end)
{
	size_t method = i;

	while (method < m->n && method - i < 8 && m->p[method] != end)
		method++;
	if (method < m->n && m->p[method] == end)
		i = method + 1;
	mask_from(m, i);
}

/* Long runs that are no name: a key whose "inline:" got lost. Names of
 * suites and parameters have "_" and letters of one case. */
static void
mask_run(struct masker *m, size_t from, size_t to)
{
	bool upper = false, small = false, under = false;

	for (size_t i = from; i < to; i++) {
		char c = m->p[i];
		upper |= c >= 'A' && c <= 'Z';
		small |= c >= 'a' && c <= 'z';
		under |= c == '_';
	}
	if (to - from >= 20 && !(under && !(upper && small)))
		for (size_t i = from; i < to; i++)
			m->p[i] = '*';
}

static bool
is_base64(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '-' ||
	    c == '_' || c == '=';
}

static void
mask_runs(struct masker *m, size_t i)
{
	while (i < m->n) {
		size_t from = i;
		while (i < m->n && is_base64(m->p[i]))
			i++;
		mask_run(m, from, i);
		i += i < m->n;
	}
}

/* Where a line of the SDP may begin inside a line of a log. */
static bool
may_begin(const struct masker *m, size_t i)
{
	return i == 0 || m->p[i - 1] == ' ' || m->p[i - 1] == '\t' ||
	    m->p[i - 1] == '\r';
}

/* A blank in front, or one word that is no TYPE=VALUE: what was folded or
 * broken off a line may be its key. */
static bool
is_torn(const struct masker *m)
{
	if (m->n == 0 || (m->n > 1 && m->p[1] == '='))
		return false;
	return m->p[0] == ' ' || m->p[0] == '\t' ||
	    memchr(m->p, ' ', m->n) == NULL;
}

/* One line, without its end. */
static void
mask_line(struct masker *m)
{
	/* From here on the line is about keys. */
	size_t keys = is_torn(m) ? 0 : m->n;

	for (size_t i = 0; i < m->n; i++) {
		switch (lower(m->p[i])) {
		case 'i':
			if (!stands_at(m, i, GS_LIT("inline:")))
				break;
			keys = keys < i ? keys : i;
			i = mask_key(m, i + 7) - 1;
			break;
		case 'c':
			if (stands_at(m, i, GS_LIT("crypto")) && i < keys)
				keys = i;
			break;
		case 'k':
			if (stands_at(m, i, GS_LIT("key-mgmt:"))) {
				mask_value(m, i + 9, ' ');
				return;
			}
			if (stands_at(m, i, GS_LIT("k=")) && may_begin(m, i)) {
				mask_value(m, i + 2, ':');
				return;
			}
			if (stands_at(m, i, GS_LIT("key")) && i < keys)
				keys = i;
			break;
		case 'm':
			if (stands_at(m, i, GS_LIT("mki ")) && i < keys)
				keys = i;
			break;
		case 'e':
			/* FreeSWITCH: "Parse Error near [", "Error! SRTP". */
			if (i < keys && (stands_at(m, i, GS_LIT("error near")) ||
					    stands_at(m, i, GS_LIT("error!"))))
				keys = i;
			break;
		default: break;
		}
	}
	mask_runs(m, keys);
}

/* A line also ends at "#012" and "#015", as syslog writes them. */
void
gs_sdes_mask(char *text, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i <= n; i++) {
		bool escape = n - i >= 4 && text[i] == '#' &&
		    text[i + 1] == '0' && text[i + 2] == '1' &&
		    (text[i + 3] == '2' || text[i + 3] == '5');
		if (i < n && text[i] != '\n' && !escape)
			continue;
		struct masker m = { text + from, i - from };
		mask_line(&m);
		from = escape ? i + 4 : i + 1;
	}
}

void
gs_sdes_mask_word(char *text, size_t n, struct gs_span secret)
{
	size_t at = 0;

	if (secret.n == 0)
		return;
	while ((at += gs_span_find(gs_span(text + at, n - at), secret)) < n) {
		memset(text + at, '*', secret.n);
		at += secret.n;
	}
}
