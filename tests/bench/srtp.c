/* SPDX-License-Identifier: MIT */
/* gs-srtpdump on a million packets, beside bare loops of libsrtp2's
 * srtp_unprotect() and of libcrypto's AES-CTR and HMAC-SHA1. */
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

#include <openssl/evp.h>
#include <srtp2/crypto_types.h>
#include <srtp2/srtp.h>

#include "base/bytes.h"

enum {
	PACKETS = 1000000,
	PAYLOAD = 160,
	RTP = 12,
	HEADERS = 14 + 20 + 8,
	MAX_STREAMS = 50
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

static srtp_t
session(unsigned stream)
{
	srtp_policy_t p = { 0 };
	uint8_t key[30];
	srtp_t s;

	key_of(stream, key);
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

/* A capture of PACKETS packets in streams, and a text with its keys. */
static void
generate(const char *pcap, const char *keys, unsigned streams)
{
	static const uint32_t magic[6] = { 0xa1b2c3d4, 0x00040002, 0, 0, 262144,
		1 };
	srtp_t s[MAX_STREAMS];
	FILE *fp = fopen(pcap, "wb"), *kp = fopen(keys, "w");
	uint8_t frame[HEADERS + 256], key[30];
	char text[64];

	if (fp == NULL || kp == NULL || fchmod(fileno(kp), 0600) == -1)
		exit(2);
	fwrite(magic, sizeof(magic), 1, fp);
	for (unsigned i = 0; i < streams; i++) {
		s[i] = session(i);
		key_of(i, key);
		base64(key, sizeof(key), text);
		fprintf(kp, "AES_CM_128_HMAC_SHA1_80 inline:%s\n", text);
	}
	for (unsigned i = 0; i < PACKETS; i++) {
		unsigned k = i % streams, n = i / streams;
		uint32_t packet[64], rec[4];
		uint8_t *p = (uint8_t *)packet;
		int len = RTP + PAYLOAD;

		memset(p, (int)n, sizeof(packet));
		p[0] = 0x80;
		p[1] = 8;
		gs_put_be16(p + 2, n);
		gs_put_be32(p + 4, n * PAYLOAD);
		gs_put_be32(p + 8, 0x1000 + k);
		if (srtp_protect(s[k], p, &len) != srtp_err_status_ok)
			exit(2);
		headers(frame, k, (size_t)len);
		memcpy(frame + HEADERS, p, (size_t)len);
		rec[0] = 1700000000 + n / 50;
		rec[1] = n % 50 * 20000;
		rec[2] = rec[3] = (uint32_t)(HEADERS + len);
		fwrite(rec, sizeof(rec), 1, fp);
		fwrite(frame, rec[2], 1, fp);
	}
	for (unsigned i = 0; i < streams; i++)
		srtp_dealloc(s[i]);
	if (fclose(fp) != 0 || fclose(kp) != 0)
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

/* Runs gs-srtpdump; *kb gets its peak memory. */
static double
run(const char *tool, const char *keys, const char *option, const char *out,
    const char *pcap, long *kb)
{
	struct rusage u;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execl(tool, tool, "-q", "-K", keys, option, out, pcap,
		    (char *)NULL);
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

static void
line(const char *what, double t, double reference, long kb)
{
	printf("%-44s %8.0f packets/s  %5.2f x libsrtp2", what, PACKETS / t,
	    reference / t);
	if (kb > 0)
		printf("  %5.1f MB", (double)kb / 1024);
	printf("\n");
	(void)fflush(stdout);
}

/* The WAV files of all calls, as links to /dev/null when null: the disk is
 * not what is measured then, as it is not with -w. */
static void
wavs(const char *dir, bool null, bool remove)
{
	char path[64];

	for (unsigned i = 1; i <= MAX_STREAMS / 2; i++) {
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

static void
measure(const char *tool, const char *keys, const char *pcap, const char *dir,
    unsigned streams, double reference)
{
	const char *s = streams > 1 ? "s" : "";
	char what[64], wav[64];
	double t;
	long kb;

	snprintf(wav, sizeof(wav), "%s/call.wav", dir);
	t = run(tool, keys, "-w", "/dev/null", pcap, &kb);
	snprintf(what, sizeof(what), "pcap to pcap, %u stream%s", streams, s);
	line(what, t, reference, kb);
	for (int disk = 0; disk < 2; disk++) {
		wavs(dir, !disk, false);
		if (disk)
			line("bare write of as many octets", bare_write(wav),
			    reference, 0);
		t = run(tool, keys, "-a", wav, pcap, &kb);
		wavs(dir, false, true);
		snprintf(what, sizeof(what), "pcap to WAV%s, %u stream%s",
		    disk ? " on the disk" : "", streams, s);
		line(what, t, reference, kb);
	}
}

int
main(void)
{
	static const unsigned streams[] = { 1, 50 };
	char dir[] = "/tmp/gs-bench-XXXXXX", pcap[64], keys[64], tool[512];
	const char *build = getenv("BUILD");
	double srtp;
	int len;

	if (mkdtemp(dir) == NULL || srtp_init() != srtp_err_status_ok)
		return 2;
	snprintf(pcap, sizeof(pcap), "%s/a.pcap", dir);
	snprintf(keys, sizeof(keys), "%s/keys", dir);
	snprintf(tool, sizeof(tool), "%s/gs-srtpdump",
	    build != NULL ? build : "build");
	uint8_t *all = protect_all(&len);

	srtp = loop_libsrtp2(all, len);
	line("bare loop of srtp_unprotect", srtp, srtp, 0);
	line("bare loop of libcrypto AES-CTR, HMAC-SHA1",
	    loop_libcrypto(all, len), srtp, 0);
	free(all);
	for (int i = 0; i < 2; i++) {
		generate(pcap, keys, streams[i]);
		measure(tool, keys, pcap, dir, streams[i], srtp);
	}
	(void)unlink(pcap);
	(void)unlink(keys);
	(void)rmdir(dir);
	return 0;
}
