/* SPDX-License-Identifier: MIT */
/* The outline of a certificate in DER. */
#include "snom/der.h"

enum {
	INTEGER = 0x02,
	BIT_STRING = 0x03,
	SEQUENCE = 0x30,
	VERSION = 0xa0,
	UTC_TIME = 0x17,
	GENERALIZED_TIME = 0x18
};

struct der {
	const uint8_t *p;
	size_t n;
};

/* Removes the first element from d (X.690 section 8.1): its tag and its
 * contents. Returns false if it is incomplete. */
static bool
take(struct der *d, uint8_t *tag, struct der *inside)
{
	size_t head = 2, length;

	if (d->n < 2)
		return false;
	*tag = d->p[0];
	length = d->p[1];
	if (length >= 0x80) {
		size_t more = length & 0x7f;
		if (more < 1 || more > 3 || d->n < 2 + more)
			return false;
		length = 0;
		for (size_t i = 0; i < more; i++)
			length = length << 8 | d->p[2 + i];
		head += more;
	}
	if (d->n - head < length)
		return false;
	*inside = (struct der){ d->p + head, length };
	*d = (struct der){ d->p + head + length, d->n - head - length };
	return true;
}

/* Removes an element with this tag, which must not be empty. */
static bool
take_one(struct der *d, uint8_t kind, struct der *inside)
{
	uint8_t tag;

	return take(d, &tag, inside) && tag == kind && inside->n > 0;
}

static bool
take_time(struct der *d)
{
	struct der inside;
	uint8_t tag;

	return take(d, &tag, &inside) &&
	    (tag == UTC_TIME || tag == GENERALIZED_TIME) && inside.n > 0;
}

/* What is signed: serial number, algorithm, issuer, validity, subject (which
 * may be empty), key. */
static bool
is_signed_part(struct der d)
{
	struct der inside, validity;
	uint8_t tag;

	if (d.n > 0 && *d.p == VERSION && !take(&d, &tag, &inside))
		return false;
	return take_one(&d, INTEGER, &inside) &&
	    take_one(&d, SEQUENCE, &inside) &&
	    take_one(&d, SEQUENCE, &inside) &&
	    take_one(&d, SEQUENCE, &validity) && take_time(&validity) &&
	    take_time(&validity) && validity.n == 0 &&
	    take(&d, &tag, &inside) && tag == SEQUENCE &&
	    take_one(&d, SEQUENCE, &inside);
}

bool
gs_snom_der_is_certificate(const uint8_t *p, size_t n)
{
	struct der d = { p, n }, all, part, inside;

	return take_one(&d, SEQUENCE, &all) && d.n == 0 &&
	    take_one(&all, SEQUENCE, &part) && is_signed_part(part) &&
	    take_one(&all, SEQUENCE, &inside) &&
	    take_one(&all, BIT_STRING, &inside) && all.n == 0;
}
