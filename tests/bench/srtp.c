/* SPDX-License-Identifier: MIT */
/* gs-srtpdump on a million packets, beside bare loops of libsrtp2's
 * srtp_unprotect() and of libcrypto's AES-CTR and HMAC-SHA1; and on up to a
 * hundred thousand streams. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* SHA1_*(), with which the state behind a key can be copied. */
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <srtp2/crypto_types.h>
#include <srtp2/srtp.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "net/capture.h"
#include "srtp/receiver.h"
#include "../unit/own_path.h"

enum {
	PACKETS = 1000000,
	PAYLOAD = 160,
	RTP = 12,
	HEADERS = 14 + 20 + 8,
	CALLS = 25, /* at a time; two streams make one */
	STREAMS = 2 * CALLS,
	SHORT = 10, /* packets of one of very many streams */
};

/* What is measured goes in, and what it is compared with. */
struct bench {
	char dir[OWN_PATH], pcap[OWN_PATH + 16], keys[OWN_PATH + 16], tool[512];
	double libsrtp2; /* seconds of the bare loops */
	double libcrypto;
};

/* Processor time: other programs of the machine do not count. */
static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
key_of(unsigned stream, uint8_t key[30])
{
	for (unsigned i = 0; i < 30; i++)
		key[i] = (uint8_t)(stream * 37 + i * 11 + 5);
}

/* Stream number k; those of very many have the keys in turn. */
static srtp_t
session(unsigned stream)
{
	srtp_policy_t p = { 0 };
	uint8_t key[30];
	srtp_t s;

	key_of(stream % STREAMS, key);
	srtp_crypto_policy_set_rtp_default(&p.rtp);
	srtp_crypto_policy_set_rtcp_default(&p.rtcp);
	p.ssrc.type = ssrc_specific;
	p.ssrc.value = 0x1000 + stream;
	p.key = key;
	if (srtp_create(&s, &p) != srtp_err_status_ok)
		exit(2);
	return s;
}

/* Ethernet, IPv4 and UDP of a stream; two streams make a call. */
static void
headers(uint8_t *p, unsigned stream, size_t payload)
{
	static const uint8_t eth[14] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8,
		0 };
	uint32_t sum = 0;

	memset(p, 0, HEADERS);
	memcpy(p, eth, sizeof(eth));
	p += sizeof(eth);
	p[0] = 0x45;
	gs_put_be16(p + 2, (unsigned)(28 + payload));
	p[8] = 64;
	p[9] = 17;
	unsigned call = stream / 2, back = stream % 2;

	gs_put_be32(p + (back ? 16 : 12), 0xc0000201 + call);
	gs_put_be32(p + (back ? 12 : 16), 0xc0000280 + call);
	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	gs_put_be16(p + 10, ~((sum & 0xffff) + (sum >> 16)) & 0xffff);
	gs_put_be16(p + (back ? 22 : 20), 20000 + 2 * call);
	gs_put_be16(p + (back ? 20 : 22), 30000 + 2 * call);
	gs_put_be16(p + 24, (unsigned)(8 + payload));
}

static void
base64(const uint8_t *p, size_t n, char *out)
{
	EVP_EncodeBlock((unsigned char *)out, p, (int)n);
}

static void
put_packet(FILE *fp, srtp_t s, unsigned stream, unsigned n, unsigned at)
{
	uint8_t frame[HEADERS + 256];
	uint32_t packet[64], rec[4];
	uint8_t *p = (uint8_t *)packet;
	int len = RTP + PAYLOAD;

	memset(p, (int)n, sizeof(packet));
	p[0] = 0x80;
	p[1] = 8;
	gs_put_be16(p + 2, n);
	gs_put_be32(p + 4, n * PAYLOAD);
	gs_put_be32(p + 8, 0x1000 + stream);
	if (srtp_protect(s, p, &len) != srtp_err_status_ok)
		exit(2);
	headers(frame, stream, (size_t)len);
	memcpy(frame + HEADERS, p, (size_t)len);
	rec[0] = 1700000000 + at / 50;
	rec[1] = at % 50 * 20000;
	rec[2] = rec[3] = (uint32_t)(HEADERS + len);
	fwrite(rec, sizeof(rec), 1, fp);
	fwrite(frame, rec[2], 1, fp);
}

static void
put_keys(const char *path)
{
	FILE *fp = fopen(path, "w");
	uint8_t key[30];
	char text[64];

	if (fp == NULL || fchmod(fileno(fp), 0600) == -1)
		exit(2);
	for (unsigned i = 0; i < STREAMS; i++) {
		key_of(i, key);
		base64(key, sizeof(key), text);
		fprintf(fp, "AES_CM_128_HMAC_SHA1_80 inline:%s\n", text);
	}
	if (fclose(fp) != 0)
		exit(2);
}

/* A capture of so many packets of each of these streams; STREAMS of them at
 * a time. */
static void
generate(const char *path, unsigned streams, unsigned packets)
{
	static const uint32_t magic[6] = { 0xa1b2c3d4, 0x00040002, 0, 0, 262144,
		1 };
	srtp_t s[STREAMS];
	FILE *fp = fopen(path, "wb");

	if (fp == NULL)
		exit(2);
	fwrite(magic, sizeof(magic), 1, fp);
	for (unsigned from = 0; from < streams; from += STREAMS) {
		unsigned n =
		    streams - from < STREAMS ? streams - from : STREAMS;

		for (unsigned i = 0; i < n; i++)
			s[i] = session(from + i);
		for (unsigned k = 0; k < packets; k++)
			for (unsigned i = 0; i < n; i++)
				put_packet(fp, s[i], from + i, k,
				    from / STREAMS * packets + k);
		for (unsigned i = 0; i < n; i++)
			srtp_dealloc(s[i]);
	}
	if (fclose(fp) != 0)
		exit(2);
}

/* All packets of one stream, as they are on the wire. */
static uint8_t *
protect_all(int *len)
{
	uint8_t *all = malloc((size_t)PACKETS * 192);
	srtp_t s = session(0);

	if (all == NULL)
		exit(2);
	for (unsigned i = 0; i < PACKETS; i++) {
		uint8_t *p = all + (size_t)i * 192;

		memset(p, (int)i, 192);
		p[0] = 0x80;
		p[1] = 8;
		gs_put_be16(p + 2, i);
		gs_put_be32(p + 8, 0x1000);
		*len = RTP + PAYLOAD;
		if (srtp_protect(s, p, len) != srtp_err_status_ok)
			exit(2);
	}
	srtp_dealloc(s);
	return all;
}

static double
loop_libsrtp2(const uint8_t *all, int len)
{
	srtp_t s = session(0);
	uint32_t packet[64];
	double t = now();

	for (unsigned i = 0; i < PACKETS; i++) {
		int n = len;

		memcpy(packet, all + (size_t)i * 192, (size_t)len);
		if (srtp_unprotect(s, packet, &n) != srtp_err_status_ok)
			exit(2);
	}
	t = now() - t;
	srtp_dealloc(s);
	return t;
}

/* The same work as plainly as libcrypto 3 offers it: an HMAC context whose
 * key stays, and a counter mode context whose IV is set anew. */
static double
loop_libcrypto(const uint8_t *all, int len)
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *m = EVP_MAC_CTX_new(mac);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	char sha1[] = "SHA1";
	OSSL_PARAM params[] = {
		{ "digest", OSSL_PARAM_UTF8_STRING, sha1, 4, 0 },
		{ 0 },
	};
	uint8_t key[20] = { 1 }, iv[16] = { 0 }, out[256], tag[20];
	double t;
	size_t n;
	int k;

	if (EVP_MAC_init(m, key, sizeof(key), params) != 1 ||
	    EVP_EncryptInit_ex(c, EVP_aes_128_ctr(), NULL, key, iv) != 1)
		exit(2);
	t = now();
	for (unsigned i = 0; i < PACKETS; i++) {
		const uint8_t *p = all + (size_t)i * 192;

		gs_put_be32(iv, i);
		EVP_MAC_init(m, NULL, 0, NULL);
		EVP_MAC_update(m, p, (size_t)len - 6);
		EVP_MAC_final(m, tag, &n, sizeof(tag));
		EVP_EncryptInit_ex(c, NULL, NULL, NULL, iv);
		EVP_EncryptUpdate(c, out, &k, p + RTP, PAYLOAD);
	}
	t = now() - t;
	EVP_CIPHER_CTX_free(c);
	EVP_MAC_CTX_free(m);
	EVP_MAC_free(mac);
	return t;
}

/* The least that libcrypto can do: SHA-1 goes on from the state behind the
 * key's block, and nothing looks up what was set before. */
static double
loop_midstates(const uint8_t *all, int len)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	uint8_t key[64] = { 1 }, iv[16] = { 0 }, out[256], tag[20];
	SHA_CTX inner, outer;
	double t;
	int k;

	if (EVP_EncryptInit_ex(c, EVP_aes_128_ctr(), NULL, key, iv) != 1)
		exit(2);
	SHA1_Init(&inner);
	SHA1_Update(&inner, key, sizeof(key));
	outer = inner;
	t = now();
	for (unsigned i = 0; i < PACKETS; i++) {
		const uint8_t *p = all + (size_t)i * 192;
		SHA_CTX x = inner, y = outer;

		gs_put_be32(iv, i);
		SHA1_Update(&x, p, (size_t)len - 6);
		SHA1_Final(tag, &x);
		SHA1_Update(&y, tag, sizeof(tag));
		SHA1_Final(tag, &y);
		EVP_EncryptInit_ex(c, NULL, NULL, NULL, iv);
		EVP_EncryptUpdate(c, out, &k, p + RTP, PAYLOAD);
	}
	t = now() - t;
	EVP_CIPHER_CTX_free(c);
	return t;
}

/* Runs gs-srtpdump; *kb gets its peak memory. */
static double
run(const struct bench *b, const char *option, const char *out, long *kb)
{
	struct rusage u;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execl(b->tool, b->tool, "-q", "-K", b->keys, option, out,
		    b->pcap, (char *)NULL);
		_exit(127);
	}
	if (pid == -1 || wait4(pid, &status, 0, &u) != pid || status != 0) {
		fprintf(stderr, "gs-srtpdump failed\n");
		exit(2);
	}
	*kb = u.ru_maxrss;
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* A row of the table: against seconds of a peer. kb 0: not known. */
static void
line(const char *what, double t, const char *peer, double theirs, long kb)
{
	printf("%s\t%.0f /ms\t%s %.0f /ms\t%.2f\t", what, PACKETS / t / 1e3,
	    peer, PACKETS / theirs / 1e3, t / theirs);
	if (kb > 0)
		printf("%.1f", (double)kb / 1024);
	else
		printf("-");
	printf("\n");
	(void)fflush(stdout);
}

/* Both engines' bare loops. */
static void
lines(const struct bench *b, const char *what, double t, long kb)
{
	line(what, t, "libsrtp2", b->libsrtp2, kb);
	line(what, t, "libcrypto", b->libcrypto, kb);
}

/* The WAV files of all calls, as links to /dev/null when null: the disk is
 * not what is measured then, as it is not with -w. */
static void
wavs(const char *dir, bool null, bool remove)
{
	char path[64];

	for (unsigned i = 1; i <= CALLS; i++) {
		snprintf(path, sizeof(path),
		    i > 1 ? "%s/call-%u.wav" : "%s/call.wav", dir, i);
		if (remove)
			(void)unlink(path);
		else if (null && symlink("/dev/null", path) == -1)
			exit(2);
	}
}

/* What the kernel alone takes for a WAV file of all packets. */
static double
bare_write(const char *path)
{
	static const uint8_t block[65536];
	FILE *fp = fopen(path, "wb");
	double t = now();

	if (fp == NULL)
		exit(2);
	(void)setvbuf(fp, NULL, _IONBF, 0);
	for (size_t n = 0; n < (size_t)PACKETS * 4 * PAYLOAD;
	     n += sizeof(block))
		if (fwrite(block, sizeof(block), 1, fp) != 1)
			exit(2);
	t = now() - t;
	(void)fclose(fp);
	(void)unlink(path);
	return t;
}

/* What reading the capture takes, as often as gs-srtpdump does it. */
static double
bare_reads(const char *path)
{
	static uint8_t block[65536];
	double t = now();

	for (int i = 0; i < 2; i++) {
		FILE *fp = fopen(path, "rb");

		if (fp == NULL)
			exit(2);
		(void)setvbuf(fp, NULL, _IONBF, 0);
		while (fread(block, 1, sizeof(block), fp) > 0)
			continue;
		(void)fclose(fp);
	}
	return now() - t;
}

/* The first pass over a capture, which looks for keys. */
static double
first_pass(const char *path)
{
	const struct gs_srtp_receiver_options options = { .sip = true,
		.scrub = true };
	const struct gs_srtp_receiver_sink sink = { .packet = NULL };
	struct gs_err err;
	struct gs_srtp_receiver *s =
	    gs_srtp_receiver_new(&options, &sink, &err);
	double t = now();
	struct gs_net_capture *c = gs_net_capture_open(&path, 1, &err);
	struct gs_net_packet p;

	if (s == NULL || c == NULL)
		exit(2);
	while (gs_net_capture_next(c, &p, &err) == 1)
		if (gs_srtp_receiver_learn(s, &p, path, &err) == -1)
			exit(2);
	t = now() - t;
	gs_net_capture_close(c);
	gs_srtp_receiver_free(s);
	return t;
}

static void
measure(const struct bench *b, unsigned streams)
{
	const char *s = streams > 1 ? "s" : "";
	char what[64], wav[OWN_PATH + 16];
	double t;
	long kb;

	generate(b->pcap, streams, PACKETS / streams);
	snprintf(wav, sizeof(wav), "%s/call.wav", b->dir);
	double reads = bare_reads(b->pcap);
	snprintf(what, sizeof(what), "first pass, %u stream%s", streams, s);
	line(what, first_pass(b->pcap), "read", reads / 2, 0);
	t = run(b, "-w", "/dev/null", &kb);
	snprintf(what, sizeof(what), "to pcap, %u stream%s", streams, s);
	lines(b, what, t, kb);
	line(what, t, "read twice", reads, kb);
	for (int disk = 0; disk < 2; disk++) {
		wavs(b->dir, !disk, false);
		double write = disk ? bare_write(wav) : 0;
		t = run(b, "-a", wav, &kb);
		wavs(b->dir, false, true);
		snprintf(what, sizeof(what), "to WAV%s, %u stream%s",
		    disk ? " on disk" : "", streams, s);
		if (disk)
			line(what, t, "write", write, kb);
		else
			lines(b, what, t, kb);
	}
}

/* What a stream costs beside its packets, as there are more of them. */
static void
measure_streams(const struct bench *b)
{
	static const unsigned streams[] = { 1000, 10000, 100000 };
	double start, t, first = 0;
	long kb;

	generate(b->pcap, 1, SHORT);
	start = run(b, "-w", "/dev/null", &kb);
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
		generate(b->pcap, streams[i], SHORT);
		t = (run(b, "-w", "/dev/null", &kb) - start) / streams[i];
		if (i == 0)
			first = t;
		printf("one of %u streams\t%.1f us\tone of %u %.1f us"
		       "\t%.2f\t%.1f\n",
		    streams[i], t * 1e6, streams[0], first * 1e6, t / first,
		    (double)kb / 1024);
		(void)fflush(stdout);
	}
}

int
main(void)
{
	struct bench b = { 0 };
	const char *build = getenv("BUILD");
	int len;

	if (mkdtemp(own_path(b.dir)) == NULL ||
	    srtp_init() != srtp_err_status_ok)
		return 2;
	snprintf(b.pcap, sizeof(b.pcap), "%s/a.pcap", b.dir);
	snprintf(b.keys, sizeof(b.keys), "%s/keys", b.dir);
	snprintf(b.tool, sizeof(b.tool), "%s/gs-srtpdump",
	    build != NULL ? build : "build");
	put_keys(b.keys);
	uint8_t *all = protect_all(&len);

	b.libsrtp2 = loop_libsrtp2(all, len);
	b.libcrypto = loop_libcrypto(all, len);
	line("bare libcrypto", b.libcrypto, "libsrtp2", b.libsrtp2, 0);
	line("the same, saved SHA-1", loop_midstates(all, len), "libsrtp2",
	    b.libsrtp2, 0);
	free(all);
	measure(&b, 1);
	measure(&b, STREAMS);
	measure_streams(&b);
	(void)unlink(b.pcap);
	(void)unlink(b.keys);
	(void)rmdir(b.dir);
	return 0;
}
