/* SPDX-License-Identifier: MIT */
/* "srtp_own NAME SUITE KDR INDEX COUNT RTCP-INDEX [SSRC SECOND [KEY]]": a call
 * in one direction, made by nothing of the library. NAME.pcap has an INVITE
 * with the key and COUNT packets from this index on, RTCP between them;
 * NAME-plain.pcap the media as it was before. Prints the key as a line. KDR
 * 0: none. Checks itself against RFC 3711 first. */
#include "../unit/srtp_own.h"

#include <stdio.h>
#include <stdlib.h>

enum { A = 1, B = 2, A_PORT = 20000, B_PORT = 30000 };

struct call {
	FILE *sealed;
	FILE *plain;
	struct own_master master;
	const char *suite;
	char params[16];
	size_t tag;
	uint32_t ssrc;
	uint64_t us;
};

static void
put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* The sum of RFC 1071 of n octets. */
static uint32_t
sum(const uint8_t *p, size_t n, uint32_t s)
{
	for (size_t i = 0; i < n; i++)
		s += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
	return s;
}

static uint16_t
fold(uint32_t s)
{
	s = (s >> 16) + (s & 0xffff);
	s += s >> 16;
	return (uint16_t)~s;
}

/* One datagram from A to B, in a record of a capture of raw IP. */
static void
datagram(FILE *fp, uint64_t us, unsigned sport, unsigned dport,
    const uint8_t *p, size_t n)
{
	uint8_t f[2048] = { 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2,
		A, 192, 0, 2, B };
	uint32_t head[4] = { (uint32_t)(us / 1000000), (uint32_t)(us % 1000000),
		(uint32_t)n + 28, (uint32_t)n + 28 };

	put16(f + 2, n + 28);
	put16(f + 10, fold(sum(f, 20, 0)));
	put16(f + 20, sport);
	put16(f + 22, dport);
	put16(f + 24, n + 8);
	memcpy(f + 28, p, n);
	put16(f + 26, fold(sum(f + 12, n + 16, 17 + (uint32_t)n + 8)));
	if (fwrite(head, sizeof(head), 1, fp) != 1 ||
	    fwrite(f, n + 28, 1, fp) != 1)
		exit(2);
}

static FILE *
capture(const char *name, const char *more)
{
	static const uint32_t head[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144,
		101 };
	char path[256];

	(void)snprintf(path, sizeof(path), "%s%s.pcap", name, more);
	FILE *fp = fopen(path, "wb");
	if (fp == NULL || fwrite(head, sizeof(head), 1, fp) != 1)
		exit(2);
	return fp;
}

/* ---- what is sent */

static void
invite(const struct call *c)
{
	char key[80], sdp[512], sip[1024];

	EVP_EncodeBlock((unsigned char *)key, c->master.keysalt,
	    (int)c->master.n + 14);
	int n = snprintf(sdp, sizeof(sdp),
	    "v=0\r\no=- 1 1 IN IP4 192.0.2.%d"
	    "\r\ns=-\r\nc=IN IP4 192.0.2.%d\r\nt=0 0\r\nm=audio %d RTP/SAVP 8"
	    "\r\na=crypto:1 %s inline:%s%s\r\n",
	    A, A, A_PORT, c->suite, key, c->params);
	n = snprintf(sip, sizeof(sip),
	    "INVITE sip:b@192.0.2.2 SIP/2.0\r\n"
	    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKown\r\n"
	    "From: <sip:a@192.0.2.1>;tag=a\r\nTo: <sip:b@192.0.2.2>\r\n"
	    "Call-ID: own\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp"
	    "\r\nContent-Length: %d\r\n\r\n%s",
	    n, sdp);
	datagram(c->sealed, c->us, 5060, 5060, (uint8_t *)sip, (size_t)n);
}

/* Whole frames, some of other lengths, one of none. */
static void
talk(struct call *c, uint64_t index, unsigned i)
{
	uint8_t p[256] = { 0x80, i == 0 ? 0x88 : 8 };
	size_t n = 12 + (i % 5 == 4 ? (i - 4) % 40 : 160);

	put16(p + 2, (size_t)(index & 0xffff));
	own_put32(p + 4, 160 * index);
	own_put32(p + 8, c->ssrc);
	for (size_t k = 12; k < n; k++)
		p[k] = (uint8_t)(index * 5 + k * k);
	c->us += 20000;
	datagram(c->plain, c->us, A_PORT, B_PORT, p, n);
	n = own_protect(&c->master, index, p, n, c->tag);
	datagram(c->sealed, c->us, A_PORT, B_PORT, p, n);
}

/* A sender report and a CNAME. */
static void
control(struct call *c, uint32_t word)
{
	uint8_t p[80] = { 0x80, 200, 0, 6 };
	const size_t n = 40;

	own_put32(p + 4, c->ssrc);
	own_put32(p + 8, word * 77);
	memcpy(p + 28, "\x81\xca\0\2\0\0\0\0\1\1x", 12);
	own_put32(p + 32, c->ssrc);
	c->us += 1000;
	datagram(c->plain, c->us, A_PORT + 1, B_PORT + 1, p, n);
	/* The tag is that of the _80 suites, RFC 3711 section 5.2. */
	datagram(c->sealed, c->us, A_PORT + 1, B_PORT + 1, p,
	    own_protect_rtcp(&c->master, word, p, n, 10));
}

/* A key of one's own, in hexadecimal. */
static void
read_key(struct own_master *m, const char *hex)
{
	char digits[3] = "";

	for (size_t i = 0; i < m->n + 14 && strlen(hex) >= 2 * (i + 1); i++) {
		memcpy(digits, hex + 2 * i, 2);
		m->keysalt[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
}

static void
set_up(struct call *c, char **argv)
{
	c->suite = argv[2];
	c->master = (struct own_master){
		.n = strstr(c->suite, "192") != NULL ? 24 :
		    strstr(c->suite, "256") != NULL  ? 32 :
						       16,
		.f8 = strncmp(c->suite, "F8_", 3) == 0,
		.kdr = (unsigned)strtoul(argv[3], NULL, 10),
	};
	c->tag = strstr(c->suite, "_32") != NULL ? 4 : 10;
	for (size_t i = 0; i < sizeof(c->master.keysalt); i++)
		c->master.keysalt[i] = (uint8_t)(0x5a + i * 59);
	if (c->master.kdr > 0)
		(void)snprintf(c->params, sizeof(c->params), " KDR=%u",
		    c->master.kdr);
	c->ssrc = 0x0ddba11;
	c->us = UINT64_C(1700000000000000);
	if (argv[7] != NULL) {
		c->ssrc = (uint32_t)strtoul(argv[7], NULL, 16);
		c->us += strtoull(argv[8], NULL, 10) * 1000000;
		if (argv[9] != NULL)
			read_key(&c->master, argv[9]);
	}
	c->sealed = capture(argv[1], "");
	c->plain = capture(argv[1], "-plain");
}

int
main(int argc, char **argv)
{
	const char *wrong = own_check();
	struct call c = { 0 };

	if ((argc != 7 && argc != 9 && argc != 10) || wrong != NULL) {
		fprintf(stderr, "srtp_own: %s\n",
		    wrong != NULL ? wrong : "wrong usage");
		return 2;
	}
	uint64_t index = strtoull(argv[4], NULL, 10);
	unsigned count = (unsigned)strtoul(argv[5], NULL, 10);
	uint32_t rtcp = (uint32_t)strtoul(argv[6], NULL, 10);

	set_up(&c, argv);
	invite(&c);
	for (unsigned i = 0; i < count; i++) {
		talk(&c, index + i, i);
		if (i % 4 == 3)
			control(&c,
			    (rtcp++ & 0x7fffffff) |
				(i < count - 4 ? 0x80000000 : 0));
	}
	printf("%s inline:", c.suite);
	for (size_t i = 0; i < c.master.n + 14; i++)
		printf("%02x", c.master.keysalt[i]);
	printf("%s\n", c.params);
	return fclose(c.sealed) != 0 || fclose(c.plain) != 0;
}
