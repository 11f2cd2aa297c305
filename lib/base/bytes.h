/* SPDX-License-Identifier: MIT */
/* Octets: integers in them, which are never read by a cast, and characters of
 * ASCII. */
#ifndef GSPROV_BASE_BYTES_H
#define GSPROV_BASE_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t
gs_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint16_t
gs_le16(const uint8_t *p)
{
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t
gs_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static inline uint32_t
gs_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[1] << 8 | p[0];
}

static inline void
gs_put_be16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void
gs_put_be32(uint8_t *p, uint32_t v)
{
	gs_put_be16(p, v >> 16);
	gs_put_be16(p + 2, v);
}

static inline void
gs_put_le16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline void
gs_put_le32(uint8_t *p, uint32_t v)
{
	gs_put_le16(p, v);
	gs_put_le16(p + 2, v >> 16);
}

/* n bits of p, beginning with bit at; the highest bit of an octet is first. */
static inline unsigned
gs_bits(const uint8_t *p, size_t at, unsigned n)
{
	unsigned v = 0;

	for (; n > 0; n--, at++)
		v = v << 1 | ((unsigned)p[at / 8] >> (7 - at % 8) & 1u);
	return v;
}

/* One step of a hash: h combined with v. For tables whose entries are then
 * compared; whoever chooses v can make it collide. */
static inline uint64_t
gs_hash_add(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

/* Classes of ASCII characters. */
static inline bool
gs_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static inline bool
gs_is_alpha(int c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static inline bool
gs_is_alnum(int c)
{
	return gs_is_alpha(c) || gs_is_digit(c);
}

/* What identifiers are made of. */
static inline bool
gs_is_word(int c)
{
	return gs_is_alnum(c) || c == '_';
}

static inline bool
gs_is_blank(int c)
{
	return c == ' ' || c == '\t';
}

/* White space of XML (1.0, section 2.3), and of texts with lines. */
static inline bool
gs_is_white(int c)
{
	return gs_is_blank(c) || c == '\r' || c == '\n';
}

/* c, in lower case if it is a letter. */
static inline char
gs_lower(int c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* The value of a hexadecimal digit; -1 for any other character. */
static inline int
gs_hex_value(int c)
{
	return gs_is_digit(c)                  ? c - '0' :
	    (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 :
						 -1;
}

static inline bool
gs_is_hex(int c)
{
	return gs_hex_value(c) >= 0;
}

/* The value of n hexadecimal digits (of more than seven, that of the last
 * seven), or -1. */
static inline int
gs_hex_number(const char *p, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		int digit = gs_hex_value(p[i]);

		if (digit < 0)
			return -1;
		v = (v & 0x7ffffff) << 4 | digit;
	}
	return v;
}

/* Writes the 2n digits of n octets, without a NUL. */
static inline void
gs_hex_put(char *to, const uint8_t *p, size_t n, bool capital)
{
	const char *digit = capital ? "0123456789ABCDEF" : "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*to++ = digit[p[i] >> 4];
		*to++ = digit[p[i] & 15];
	}
}

/* In this machine's byte order, or in the other one. */
static inline void
gs_put16(uint8_t *p, uint16_t v)
{
	memcpy(p, &v, sizeof(v));
}

static inline uint16_t
gs_get16(const uint8_t *p, bool swap)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap16(v) : v;
}

static inline uint32_t
gs_get32(const uint8_t *p, bool swap)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap32(v) : v;
}

static inline uint64_t
gs_get64(const uint8_t *p, bool swap)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return swap ? __builtin_bswap64(v) : v;
}

#endif
