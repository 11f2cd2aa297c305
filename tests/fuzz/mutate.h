/* SPDX-License-Identifier: MIT */
/* For targets whose input has a structure: changes that keep it. An input is
 * cut into records (packets, lines, elements ...), which are lost, doubled,
 * moved, joined or changed; then lengths are made right again. A target
 * defines how with MUTATE(). */
#ifndef GSPROV_FUZZ_MUTATE_H
#define GSPROV_FUZZ_MUTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *p, size_t n, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t max, unsigned seed);

enum { MUTATE_RECORDS = 1024, MUTATE_MOST = 1 << 16 };

/* A record: head octets that say how long it is, and what they are about. */
struct mutate_record {
	size_t head;
	size_t n; /* with the head */
};

struct mutate_format {
	/* The record at p, of n octets left, more than 0; *at is where it
	 * stands in the input. */
	struct mutate_record (*cut)(const uint8_t *p, size_t n, size_t at);
	/* Writes the length of what follows the head into it; or NULL. */
	void (*mend)(uint8_t *p, struct mutate_record r);
	/* Words to put in, or NULL. */
	const char *const *words;
};

static inline unsigned
mutate_random(unsigned *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static inline size_t
mutate_below(unsigned *seed, size_t n)
{
	return n == 0 ? 0 : mutate_random(seed) % n;
}

/* Room for n octets at p instead of old; all is len octets and may become max.
 * Returns whether there is enough. */
static inline bool
mutate_room(uint8_t *p, uint8_t *end, size_t old, size_t n, size_t left)
{
	if (n > old && n - old > left)
		return false;
	memmove(p + n, p + old, (size_t)(end - p) - old);
	return true;
}

/* One change of record r, which is at p + at in n octets. Returns the new n. */
static inline size_t
mutate_record(const struct mutate_format *f, uint8_t *p, size_t n, size_t max,
    size_t at, struct mutate_record r, unsigned *seed)
{
	static uint8_t b[MUTATE_MOST];
	size_t old = r.n - r.head, most = max - n + old, size = old;

	most = most < sizeof(b) ? most : sizeof(b);
	if (old > most)
		return n;
	memcpy(b, p + at + r.head, old);
	size_t words = 0;
	while (f->words != NULL && f->words[words] != NULL)
		words++;
	if (words > 0 && mutate_below(seed, 3) == 0) {
		const char *w = f->words[mutate_below(seed, words)];
		size_t k = strlen(w), from = mutate_below(seed, old + 1);
		size_t over = mutate_below(seed, 2) * k;

		over = over < old - from ? over : old - from;
		if (k > most - old + over)
			return n;
		memmove(b + from + k, b + from + over, old - from - over);
		memcpy(b + from, w, k);
		size = old + k - over;
	} else {
		size = LLVMFuzzerMutate(b, old, most);
	}
	if (!mutate_room(p + at + r.head, p + n, old, size, max - n))
		return n;
	memcpy(p + at + r.head, b, size);
	r.n = r.head + size;
	if (f->mend != NULL && r.head > 0)
		f->mend(p + at, r);
	return n + size - old;
}

/* Record i of those that begin at at[] (at[count] is the end) comes to stand
 * before record j, once more or moved. Returns the new n. */
static inline size_t
mutate_move(uint8_t *p, size_t n, size_t max, const size_t *at, size_t i,
    size_t j, bool move)
{
	static uint8_t b[MUTATE_MOST];
	size_t k = at[i + 1] - at[i], to = at[j];

	if (k > sizeof(b) || (!move && k > max - n))
		return n;
	memcpy(b, p + at[i], k);
	if (move) {
		memmove(p + at[i], p + at[i + 1], n - at[i + 1]);
		n -= k;
		to -= to > at[i] ? k : 0;
	}
	memmove(p + to + k, p + to, n - to);
	memcpy(p + to, b, k);
	return n + k;
}

/* The records of an input: where each begins, and the end. */
static inline size_t
mutate_cut(const struct mutate_format *f, const uint8_t *p, size_t n,
    size_t at[MUTATE_RECORDS + 1], struct mutate_record r[MUTATE_RECORDS])
{
	size_t k = 0;

	for (at[0] = 0; k < MUTATE_RECORDS && at[k] < n; k++) {
		r[k] = f->cut(p + at[k], n - at[k], at[k]);
		if (r[k].n > n - at[k] || r[k].n == 0)
			r[k].n = n - at[k];
		if (r[k].head > r[k].n)
			r[k].head = 0;
		at[k + 1] = at[k] + r[k].n;
	}
	return k;
}

static inline size_t
mutate(const struct mutate_format *f, uint8_t *p, size_t n, size_t max,
    unsigned seed)
{
	static size_t at[MUTATE_RECORDS + 1];
	static struct mutate_record r[MUTATE_RECORDS];

	/* What has lost its structure may find it again. */
	if (n == 0 || mutate_below(&seed, 8) == 0)
		return LLVMFuzzerMutate(p, n, max);
	for (size_t turns = 1 + mutate_below(&seed, 3); turns > 0; turns--) {
		size_t count = mutate_cut(f, p, n, at, r);
		size_t i = mutate_below(&seed, count);
		size_t j = mutate_below(&seed, count + 1);

		if (count == 0)
			break;
		switch (mutate_below(&seed, 6)) {
		case 0: n = mutate_move(p, n, max, at, i, j, true); break;
		case 1: n = mutate_move(p, n, max, at, i, j, false); break;
		case 2:
			memmove(p + at[i], p + at[i + 1], n - at[i + 1]);
			n -= r[i].n;
			break;
		default: n = mutate_record(f, p, n, max, at[i], r[i], &seed);
		}
	}
	return n;
}

#define MUTATE(format)                                                         \
	size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t max,       \
	    unsigned seed)                                                     \
	{                                                                      \
		return mutate(&(format), p, n, max, seed);                     \
	}

/* ---- kinds of records */

static inline size_t
mutate_line_n(const uint8_t *p, size_t n)
{
	const uint8_t *end = memchr(p, '\n', n);

	return end != NULL ? (size_t)(end - p) + 1 : n;
}

/* Lines: of logs, SIP with SDP, rows, key logs. */
static inline struct mutate_record
mutate_line(const uint8_t *p, size_t n, size_t at)
{
	(void)at;
	return (struct mutate_record){ 0, mutate_line_n(p, n) };
}

/* Tags and texts of XML. */
static inline struct mutate_record
mutate_element(const uint8_t *p, size_t n, size_t at)
{
	const uint8_t *end = memchr(p + 1, '<', n - 1);

	(void)at;
	return (struct mutate_record){ 0, end != NULL ? (size_t)(end - p) : n };
}

static inline uint32_t
mutate_get(const uint8_t *p, bool little, size_t octets)
{
	uint32_t v = 0;

	for (size_t i = 0; i < octets; i++)
		v = v << 8 | p[little ? octets - 1 - i : i];
	return v;
}

static inline void
mutate_put(uint8_t *p, bool little, size_t octets, uint32_t v)
{
	for (size_t i = 0; i < octets; i++, v >>= 8)
		p[little ? i : octets - 1 - i] = (uint8_t)v;
}

/* Packets of captures, pcap and pcapng. */
enum { MUTATE_PCAP = 24, MUTATE_PCAP_HEAD = 16, MUTATE_NG_HEAD = 28 };

static bool mutate_little, mutate_ng;

static inline struct mutate_record
mutate_packet(const uint8_t *p, size_t n, size_t at)
{
	if (at == 0) {
		mutate_ng = n >= 12 && memcmp(p, "\n\r\r\n", 4) == 0;
		mutate_little =
		    mutate_ng ? p[8] == 0x4d : p[0] == 0xd4 || p[0] == 0x4d;
		if (!mutate_ng)
			return (
			    struct mutate_record){ MUTATE_PCAP, MUTATE_PCAP };
	}
	if (mutate_ng) {
		bool data =
		    n >= MUTATE_NG_HEAD && mutate_get(p, mutate_little, 4) == 6;
		size_t m = n < 12 ? n : mutate_get(p + 4, mutate_little, 4);

		return (struct mutate_record){ data ? MUTATE_NG_HEAD : 8, m };
	}
	if (n < MUTATE_PCAP_HEAD)
		return (struct mutate_record){ 0, n };
	return (struct mutate_record){ MUTATE_PCAP_HEAD,
		MUTATE_PCAP_HEAD +
		    (size_t)mutate_get(p + 8, mutate_little, 4) };
}

/* Of a block of pcapng its two lengths, which are a multiple of 4, cut some
 * octets off. */
static inline void
mutate_packet_mend(uint8_t *p, struct mutate_record r)
{
	uint32_t n = (uint32_t)(r.n - r.head);

	if (!mutate_ng) {
		if (r.head != MUTATE_PCAP_HEAD)
			return;
		mutate_put(p + 8, mutate_little, 4, n);
		mutate_put(p + 12, mutate_little, 4, n);
		return;
	}
	uint32_t all = (uint32_t)r.n & ~3U;

	if (all < 12)
		return;
	mutate_put(p + 4, mutate_little, 4, all);
	mutate_put(p + all - 4, mutate_little, 4, all);
	if (r.head == MUTATE_NG_HEAD && all >= MUTATE_NG_HEAD + 4)
		mutate_put(p + 20, mutate_little, 4, all - MUTATE_NG_HEAD - 4);
}

/* An octet, a length of two octets, and so many. */
static inline struct mutate_record
mutate_datagram(const uint8_t *p, size_t n, size_t at)
{
	(void)at;
	return (struct mutate_record){ 3,
		n < 3 ? n : 3 + (size_t)mutate_get(p + 1, false, 2) };
}

static inline void
mutate_datagram_mend(uint8_t *p, struct mutate_record r)
{
	mutate_put(p + 1, false, 2, (uint32_t)(r.n - r.head));
}

/* The same behind lines of a key log, and with the length of the record of TLS
 * that it is. */
static inline struct mutate_record
mutate_flight(const uint8_t *p, size_t n, size_t at)
{
	static bool text;

	text = at == 0 || text;
	if (text) {
		text = *p != '\n';
		return mutate_line(p, n, at);
	}
	return mutate_datagram(p, n, at);
}

static inline void
mutate_flight_mend(uint8_t *p, struct mutate_record r)
{
	mutate_datagram_mend(p, r);
	if (r.n >= 8 && p[3] >= 20 && p[3] <= 23 && p[4] == 3)
		mutate_put(p + 6, false, 2, (uint32_t)(r.n - 8));
}

/* Keys, a line "--", and a capture or a text. */
static bool mutate_text, mutate_keys;

static inline struct mutate_record
mutate_part(const uint8_t *p, size_t n, size_t at)
{
	static size_t begun;

	mutate_keys = at == 0 || mutate_keys;
	if (mutate_keys) {
		struct mutate_record r = mutate_line(p, n, at);

		mutate_keys = r.n != 3 || memcmp(p, "--\n", 3) != 0;
		begun = at + r.n;
		mutate_text = true;
		return r;
	}
	if (at == begun)
		mutate_text = n < MUTATE_PCAP ||
		    (memcmp(p, "\n\r\r\n", 4) != 0 && p[0] != 0xd4 &&
			p[0] != 0xa1 && p[0] != 0x4d);
	return mutate_text ? mutate_line(p, n, at) :
			     mutate_packet(p, n, at - begun);
}

static inline void
mutate_part_mend(uint8_t *p, struct mutate_record r)
{
	if (!mutate_text)
		mutate_packet_mend(p, r);
}

/* ---- formats of several targets */

static const char *const mutate_sdp_words[] = {
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:", "|2^20|1:4",
	"m=audio 9 RTP/SAVP 8\r\n", "UDP/TLS/RTP/SAVPF",
	"a=fingerprint:sha-256 ", "v=0\r\n", "SIP/2.0 488 No\r\n",
	"Content-Length: 0\r\n", "\r\n\r\n", "m=audio 0 ", NULL
};
static const struct mutate_format mutate_sdp = { mutate_line, NULL,
	mutate_sdp_words };

static const char *const mutate_log_words[] = {
	"send 900 bytes to tls/[::1]:5061 at ",
	"recv 700 bytes from udp/[192.0.2.1]:5060 at ", "[DEBUG] sofia.c:1 ",
	"2026-11-01 10:00:00.000000 ",
	"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:", "--------\n", "v=0\r\n",
	"CLIENT_RANDOM ", "Set Local audio crypto Key", NULL
};
static const struct mutate_format mutate_log = { mutate_line, NULL,
	mutate_log_words };

static const char *const mutate_xml_words[] = { "perm=\"RW\"", "idx=\"1\"",
	"&#10;", "<!--", "-->", "<![CDATA[", "]]>", "<settings>", "<user_srtp>",
	"off", "http://", NULL };
static const struct mutate_format mutate_xml = { mutate_element, NULL,
	mutate_xml_words };

static const struct mutate_format mutate_parts = { mutate_part,
	mutate_part_mend, NULL };
static const struct mutate_format mutate_flights = { mutate_flight,
	mutate_flight_mend, NULL };

#endif
