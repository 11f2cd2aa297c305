/* SPDX-License-Identifier: MIT */
/* For targets that read DER: one element, however deep, is lost, doubled or
 * changed, and the lengths of all that hold it are made right again. */
#ifndef GSPROV_FUZZ_MUTATE_DER_H
#define GSPROV_FUZZ_MUTATE_DER_H

#include "mutate.h"

enum { DER_DEPTH = 32, DER_OCTETS = 0x04, DER_CONSTRUCTED = 0x20 };

/* The element at p: octets of tag and length, and of what follows. Returns
 * whether it is whole. */
static inline bool
der_element(const uint8_t *p, size_t n, size_t *head, size_t *body)
{
	if (n < 2)
		return false;
	size_t octets = p[1] < 0x80 ? 0 : p[1] & 0x7f;
	*head = 2 + octets;
	if (octets > 3 || n < *head)
		return false;
	*body = octets == 0 ? p[1] : mutate_get(p + 2, false, octets);
	return *body <= n - *head;
}

/* Writes a length to p; returns its octets. */
static inline size_t
der_length(uint8_t *p, size_t n)
{
	size_t octets = n < 0x80 ? 0 : n < 0x100 ? 1 : n < 0x10000 ? 2 : 3;

	p[0] = (uint8_t)(octets == 0 ? n : 0x80 | octets);
	mutate_put(p + 1, false, octets, (uint32_t)n);
	return 1 + octets;
}

/* Whether elements are within the n octets at p. */
static inline bool
der_holds(uint8_t tag, const uint8_t *p, size_t n)
{
	size_t head, body;

	if ((tag & DER_CONSTRUCTED) != 0)
		return n > 0;
	return tag == DER_OCTETS && n > 0 && p[0] == 0x30 &&
	    der_element(p, n, &head, &body) && head + body == n;
}

/* Goes down to an element; where each that was passed begins is path[]. Returns
 * how many. */
static inline size_t
der_choose(const uint8_t *p, size_t n, size_t path[DER_DEPTH], unsigned *seed)
{
	size_t at = 0, end = n, depth = 0, head = 0, body = 0;

	while (depth < DER_DEPTH && at < end) {
		size_t list[256], count = 0;

		for (size_t k = at; count < 256 && k < end &&
		     der_element(p + k, end - k, &head, &body);
		     k += head + body)
			list[count++] = k;
		if (count == 0)
			break;
		at = path[depth++] = list[mutate_below(seed, count)];
		(void)der_element(p + at, end - at, &head, &body);
		if (!der_holds(p[at], p + at + head, body) ||
		    (depth > 1 && mutate_below(seed, 6) == 0))
			break;
		end = at + head + body;
		at += head;
	}
	return depth;
}

/* Replaces the n octets of the element at p by what b is to have; returns its
 * octets. */
static inline size_t
der_change(const uint8_t *p, size_t n, uint8_t *b, size_t max, unsigned *seed)
{
	size_t head = 0, body = 0, size;

	switch (mutate_below(seed, 5)) {
	case 0: return 0;
	case 1:
		if (2 * n > max)
			return 0;
		memcpy(b, p, n);
		memcpy(b + n, p, n);
		return 2 * n;
	default:
		(void)der_element(p, n, &head, &body);
		if (body + 8 > max)
			return 0;
		memcpy(b + 4, p + head, body);
		size = LLVMFuzzerMutate(b + 4, body, max - 4);
		b[0] = mutate_below(seed, 8) == 0 ?
		    (uint8_t)mutate_random(seed) :
		    p[0];
		size_t octets = der_length(b + 1, size) + 1;
		memmove(b + octets, b + 4, size);
		return octets + size;
	}
}

static inline size_t
mutate_der(uint8_t *p, size_t n, size_t max, unsigned seed)
{
	static uint8_t b[2 * MUTATE_MOST];
	size_t path[DER_DEPTH], head = 0, body = 0;
	size_t depth = n < MUTATE_MOST / 2 ? der_choose(p, n, path, &seed) : 0;

	if (depth == 0 || mutate_below(&seed, 16) == 0)
		return LLVMFuzzerMutate(p, n, max);
	size_t at = path[depth - 1];
	(void)der_element(p + at, n - at, &head, &body);
	size_t old = head + body;
	size_t size = der_change(p + at, old, b, MUTATE_MOST / 2, &seed);

	if (!mutate_room(p + at, p + n, old, size, max - n))
		return n;
	memcpy(p + at, b, size);
	n = n + size - old;
	/* From the inside out: a length may need another octet, too. */
	size_t more = size - old; /* modulo SIZE_MAX + 1 */
	for (size_t i = depth - 1; i-- > 0;) {
		uint8_t *q = p + path[i], length[4];
		size_t octets = q[1] < 0x80 ? 0 : q[1] & 0x7f;

		body = octets == 0 ? q[1] : mutate_get(q + 2, false, octets);
		size = der_length(length, body + more);
		if (!mutate_room(q + 1, p + n, 1 + octets, size, max - n))
			return n;
		memcpy(q + 1, length, size);
		n = n + size - (1 + octets);
		more += size - (1 + octets);
	}
	return n;
}

#endif
