/* SPDX-License-Identifier: MIT */
/* Dumps whose lines begin with an offset. */
#include "text/dump_priv.h"

#include "base/bytes.h"

enum { OFFSET = 4, /* fewest digits of an offset */ MOST = 64 /* a step */ };

static const unsigned bases[TEXT_DUMP_BASES] = { 16, 10, 8, 2 };

/* Reads the n digits at p as a number in this base. WinDbg puts a grave accent
 * into it. */
static bool
number(const char *p, size_t n, unsigned base, uint64_t *v)
{
	*v = 0;
	for (size_t i = 0; i < n; i++) {
		int digit = gs_hex_value(p[i]);

		if (p[i] == '`')
			continue;
		if (digit < 0 || (unsigned)digit >= base ||
		    *v > (UINT64_MAX - 15) / base)
			return false;
		*v = *v * base + (unsigned)digit;
	}
	return n > 0;
}

static struct gs_span
skip_blanks(struct gs_span s)
{
	return gs_span_skip(s, gs_span_while(s, gs_is_blank));
}

static bool
is_digit(int c)
{
	return gs_is_hex(c) || c == '`';
}

/* Takes the offset off s, and the name that gdb prints after it. Returns the
 * set of bases that it may be in. */
static unsigned
take_offset(struct gs_span *s, uint64_t v[TEXT_DUMP_BASES - 1])
{
	unsigned set = 0;

	*s = skip_blanks(*s);
	bool hex = gs_span_take(s, GS_LIT("0x"));
	size_t n = gs_span_while(*s, is_digit);
	struct gs_span digits = gs_span(s->p, n);

	*s = gs_span_skip(*s, n);
	if (n < OFFSET)
		return 0;
	if (gs_span_starts(*s, GS_LIT(" <"))) {
		*s = gs_span_skip(*s, gs_span_find(*s, GS_LIT(">")));
		(void)gs_span_take(s, GS_LIT(">"));
	}
	(void)gs_span_take(s, GS_LIT(":"));
	if (s->n > 0 && s->p[0] != ' ' && s->p[0] != '\t')
		return 0;
	for (size_t i = 0; i < (hex ? 1 : TEXT_DUMP_BASES - 1); i++)
		set |= (unsigned)number(digits.p, n, bases[i], &v[i]) << i;
	return set;
}

/* Adds the group s to d. Returns false if it is not like the other groups. */
static bool
add_group(struct text_dump *d, struct gs_span s)
{
	uint64_t v[TEXT_DUMP_BASES];
	unsigned set = 0;
	bool hex = gs_span_take(&s, GS_LIT("0x"));
	bool minus = !hex && gs_span_take(&s, GS_LIT("-"));

	for (size_t i = 0; i < TEXT_DUMP_BASES; i++) {
		bool may = hex ? i == 0 : minus ? i == 1 : true;

		/* Only decimal numbers are written without zeros. */
		if (d->n > 0 && bases[i] != 10 && s.n > d->digits)
			may = false;
		if (may && number(s.p, s.n, bases[i], &v[i]))
			set |= 1u << i;
	}
	if ((set & d->bases) == 0 || d->n == TEXT_DUMP_GROUPS)
		return false;
	d->bases &= set;
	if (d->n == 0)
		d->digits = s.n;
	d->last = s.n;
	for (size_t i = 0; i < TEXT_DUMP_BASES; i++)
		if ((d->bases >> i & 1) != 0)
			d->value[i][d->n] = minus ? 0 - v[i] : v[i];
	d->n++;
	return true;
}

/* Adds the groups that s begins with. Returns how many. */
static size_t
add_groups(struct text_dump *d, struct gs_span s)
{
	size_t n = 0;

	for (s = skip_blanks(s); s.n > 0 && (d->lines == 0 || n < d->a_line);
	     s = skip_blanks(s)) {
		size_t k = 0;

		while (k < s.n && s.p[k] != ' ' && s.p[k] != '\t' &&
		    s.p[k] != '\r')
			k++;
		if (k == 0 || !add_group(d, gs_span(s.p, k)))
			break;
		n++;
		s = gs_span_skip(s, k);
	}
	return n;
}

/* Compares the offsets v with those of d so far, in the bases of set. end: they
 * may be the length. Returns the bases in which d continues. */
static unsigned
next_offsets(struct text_dump *d, unsigned set,
    const uint64_t v[TEXT_DUMP_BASES - 1], bool end)
{
	unsigned good = 0;

	for (size_t i = 0; i < TEXT_DUMP_BASES - 1; i++) {
		if ((set & d->offsets & 1u << i) == 0 || v[i] <= d->to[i])
			continue;
		uint64_t step = v[i] - d->to[i];

		if (d->lines == 1)
			d->step[i] = step;
		if (step <= MOST &&
		    (step == d->step[i] || (end && step < d->step[i])))
			good |= 1u << i;
	}
	for (size_t i = 0; i < TEXT_DUMP_BASES - 1; i++)
		if ((good & 1u << i) != 0)
			d->to[i] = v[i];
	return good;
}

bool
gs_text_dump_line(struct text_dump *d, struct gs_span line, uint64_t number)
{
	uint64_t v[TEXT_DUMP_BASES - 1] = { 0 };
	unsigned set = take_offset(&line, v);

	line = gs_span_trim(line);
	if (d->lines == 0) {
		d->bases = (1u << TEXT_DUMP_BASES) - 1;
		d->a_line = set != 0 ? add_groups(d, line) : 0;
		d->lines = d->a_line > 0;
		d->offsets = set;
		memcpy(d->from, v, sizeof(v));
		memcpy(d->to, v, sizeof(v));
		d->first = d->line = number;
		return true;
	}
	bool end = line.n == 0;
	if (number != d->line + 1 || d->ended || (d->n % d->a_line > 0 && !end))
		return false;
	set = next_offsets(d, set, v, end);
	if (set == 0 || (!end && add_groups(d, line) == 0))
		return false;
	d->offsets = set;
	d->ended = end;
	d->lines += !end;
	d->line = number;
	return true;
}

/* Writes the low octets of v, n of them. */
static void
put(uint8_t *out, uint64_t v, size_t n, bool big)
{
	for (size_t i = 0; i < n; i++)
		out[big ? n - 1 - i : i] = (uint8_t)(v >> 8 * i);
}

/* The octets of each group according to the offsets in this base; 0: they do
 * not fit. */
static size_t
width_of(const struct text_dump *d, size_t offset)
{
	uint64_t step = d->step[offset];

	if ((d->offsets & 1u << offset) == 0 || (d->lines == 1 && !d->ended))
		return 0;
	size_t width = (size_t)((step + d->a_line - 1) / d->a_line);
	bool whole = step == width * d->a_line || d->lines == 1;
	return whole && width <= 8 && (width & (width - 1)) == 0 ? width : 0;
}

/* Whether v, possibly negative, is a number of n octets. */
static bool
fits(uint64_t v, size_t n)
{
	return n == 8 || v >> 8 * n == 0 || ~v >> (8 * n - 1) == 0;
}

size_t
gs_text_dump_octets(const struct text_dump *d, unsigned way,
    uint8_t out[TEXT_DUMP_GROUPS], size_t *spare)
{
	size_t base = way % TEXT_DUMP_BASES;
	bool big = way / TEXT_DUMP_BASES % 2 != 0;
	size_t offset = way / TEXT_DUMP_BASES / 2;
	size_t width = width_of(d, offset), n = 0;

	if (d->lines == 0 || width == 0 || (big && width == 1) ||
	    (d->bases & 1u << base) == 0)
		return 0;
	for (size_t i = 0; i < d->n; i++) {
		size_t k = width;

		if (base == 0 && i + 1 == d->n && d->last < d->digits &&
		    d->digits == 2 * width)
			k = d->last / 2;
		if (!fits(d->value[base][i], width) || n + k > TEXT_DUMP_GROUPS)
			return 0;
		put(out + n, d->value[base][i], k, big);
		n += k;
	}
	uint64_t length = d->to[offset] - d->from[offset];

	*spare = d->ended ? 0 : width - 1;
	if (!d->ended)
		return n;
	return length <= n && length + width > n ? (size_t)length : 0;
}
