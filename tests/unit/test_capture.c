/* SPDX-License-Identifier: MIT */
/* Captures in every format: the same packets with the same times. */
#include "net_build.h"
#include "own_live.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <unistd.h>

#include "base/bytes.h"
#include "net/live.h"

static const char call[] = "tests/fixtures/calls/call-pcma-udp.pcap";

enum { CALL_PACKETS = 1218 };

/* What a capture holds, order included. */
struct digest {
	uint64_t packets;
	uint64_t bytes; /* FNV-1a over lengths and contents */
	uint64_t times; /* the same over nanoseconds */
	uint64_t udp; /* over payloads */
};

static uint64_t
fnv(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * 1099511628211u;
	return h;
}

static int
digest_of(const char *const *path, size_t n, struct digest *d,
    struct gs_err *err)
{
	struct gs_net_capture *c = gs_net_capture_open(path, n, err);
	struct gs_net_frames *t = gs_net_frames_new(err);
	struct gs_net_packet p;
	struct gs_net_frame f;
	int r = -1;

	*d = (struct digest){ 0 };
	assert_non_null(t);
	while (c != NULL && (r = gs_net_capture_next(c, &p, err)) == 1) {
		d->packets++;
		assert_int_equal(p.frame, d->packets);
		d->bytes = fnv(d->bytes, &p.n, sizeof(p.n));
		d->bytes = fnv(d->bytes, p.p, p.n);
		d->times = fnv(d->times, &p.ns, sizeof(p.ns));
		gs_net_frame_parse(t, &p, &f);
		if (f.kind == GS_FRAME_UDP)
			d->udp = fnv(d->udp, f.p + f.payload, f.length);
	}
	gs_net_capture_close(c);
	gs_net_frames_free(t);
	return r;
}

static void
expect_call(const char *path, struct digest *d)
{
	static struct digest want;
	struct gs_err err = { 0 };

	if (want.packets == 0) {
		const char *p = call;
		assert_int_equal(digest_of(&p, 1, &want, &err), 0);
		assert_int_equal(want.packets, CALL_PACKETS);
	}
	if (digest_of(&path, 1, d, &err) != 0)
		fail_msg("%s: %s", path, err.text);
	assert_int_equal(d->packets, want.packets);
	assert_true(d->bytes == want.bytes);
	assert_true(d->times == want.times);
	assert_true(d->udp == want.udp);
}

static void
convert(const char *program, const char *format, const char *to)
{
	char command[1024], text[64];

	assert_true(
	    snprintf(command, sizeof(command),
		"%s -F %s %s %s %s "
		">/dev/null 2>&1",
		program, format, strcmp(program, "mergecap") == 0 ? "-w" : call,
		to, strcmp(program, "mergecap") == 0 ? call : "") > 0);
	(void)run_command(command, text, sizeof(text));
}

static void
test_formats(void **state)
{
	static const char *const formats[] = { "pcap", "nsecpcap", "pcapng",
		"modpcap" };
	struct digest d;

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		const char *to = out_path(formats[i]);
		convert("editcap", formats[i], to);
		expect_call(to, &d);
	}
	const char *to = out_path("merged.pcapng");
	convert("mergecap", "pcapng", to);
	expect_call(to, &d);
}

/* ---- files made by hand */

static size_t
slurp(const char *path, uint8_t **p)
{
	FILE *fp = fopen(path, "rb");
	size_t size = 1 << 20;

	assert_non_null(fp);
	*p = malloc(size);
	assert_non_null(*p);
	size_t n = fread(*p, 1, size, fp);
	assert_true(n < size);
	assert_int_equal(fclose(fp), 0);
	return n;
}

static const char *
spill(const char *name, const void *p, size_t n)
{
	const char *path = out_path(name);
	FILE *fp = fopen(path, "wb");

	assert_non_null(fp);
	assert_int_equal(fwrite(p, 1, n, fp), n);
	assert_int_equal(fclose(fp), 0);
	return path;
}

static void
swap(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		uint8_t c = p[i];
		p[i] = p[n - 1 - i];
		p[n - 1 - i] = c;
	}
}

static void
test_swapped_pcap(void **state)
{
	uint8_t *p;
	size_t n = slurp(call, &p), at = 24;
	struct digest d;

	(void)state;
	swap(p, 4);
	swap(p + 4, 2);
	swap(p + 6, 2);
	for (size_t i = 8; i < 24; i += 4)
		swap(p + i, 4);
	while (at < n) {
		uint32_t length = gs_le32(p + at + 8);
		for (size_t i = 0; i < 16; i += 4)
			swap(p + at + i, 4);
		at += 16 + length;
	}
	expect_call(spill("swapped.pcap", p, n), &d);
	free(p);
}

static void
test_swapped_pcapng(void **state)
{
	const char *from = out_path("pcapng");
	uint8_t *p;
	struct digest d;

	(void)state;
	convert("editcap", "pcapng", from);
	size_t n = slurp(from, &p), at = 0;
	while (at < n) {
		uint32_t type = gs_le32(p + at), total = gs_le32(p + at + 4);
		size_t fixed = type == 6 ? 28 : 8;
		if (type == 0x0a0d0d0a) {
			swap(p + at + 8, 4);
			swap(p + at + 12, 2);
			swap(p + at + 14, 2);
			swap(p + at + 16, 8);
		}
		if (type == 1) {
			swap(p + at + 8, 2);
			swap(p + at + 12, 4);
			/* Options: end of them. */
			memset(p + at + 16, 0, total - 20);
		}
		for (size_t i = 8; type == 6 && i < fixed; i += 4)
			swap(p + at + i, 4);
		swap(p + at, 4);
		swap(p + at + 4, 4);
		swap(p + at + total - 4, 4);
		at += total;
	}
	expect_call(spill("swapped.pcapng", p, n), &d);
	free(p);
}

/* Writes pcapng blocks by hand. */
struct blocks {
	uint8_t b[200000];
	size_t n;
};

static uint8_t *
block(struct blocks *s, uint32_t type, size_t body)
{
	uint8_t *p = s->b + s->n;
	size_t pad = (body + 3) & ~(size_t)3;
	uint32_t total = (uint32_t)pad + 12;

	assert_true(s->n + total <= sizeof(s->b));
	memset(p, 0, total);
	gs_put_le32(p, type);
	gs_put_le32(p + 4, total);
	gs_put_le32(p + 8 + pad, total);
	s->n += total;
	return p + 8;
}

static void
section(struct blocks *s)
{
	uint8_t *p = block(s, 0x0a0d0d0a, 16);
	const uint32_t order = 0x1a2b3c4d;

	gs_put_le32(p, order);
	p[4] = 1;
	memset(p + 8, 0xff, 8);
}

static void
interface(struct blocks *s, unsigned link, uint32_t snaplen, int tsresol,
    int64_t offset)
{
	uint8_t *p = block(s, 1, tsresol < 0 ? 8 : 8 + 8 + 12 + 4);

	p[0] = (uint8_t)link;
	p[1] = (uint8_t)(link >> 8);
	gs_put_le32(p + 4, snaplen);
	if (tsresol < 0)
		return;
	p[8] = 9;
	p[10] = 1;
	p[12] = (uint8_t)tsresol;
	p[16] = 14;
	p[18] = 8;
	gs_put_le32(p + 20, (uint32_t)offset);
	gs_put_le32(p + 24, (uint32_t)((uint64_t)offset >> 32));
}

static void
enhanced(struct blocks *s, uint32_t i, uint64_t ticks, const char *text,
    size_t options)
{
	uint32_t n = (uint32_t)strlen(text), hi = (uint32_t)(ticks >> 32);
	uint8_t *p = block(s, 6, 20 + ((n + 3) & ~3u) + options);

	gs_put_le32(p, i);
	gs_put_le32(p + 4, hi);
	gs_put_le32(p + 8, (uint32_t)ticks);
	gs_put_le32(p + 12, n);
	gs_put_le32(p + 16, n);
	memcpy(p + 20, text, n);
}

static void
expect_packet(struct gs_net_capture *c, const char *text, uint64_t ns,
    uint32_t link)
{
	struct gs_net_packet p;
	struct gs_err err = { 0 };

	if (gs_net_capture_next(c, &p, &err) != 1)
		fail_msg("%s: %s", text, err.text);
	assert_int_equal(p.n, strlen(text));
	assert_memory_equal(p.p, text, p.n);
	assert_int_equal(p.ns, ns);
	assert_int_equal(p.interface->link, link);
}

static char blocks_path[64];

static struct gs_net_capture *
open_blocks(const struct blocks *s, const char *name)
{
	static const char *path;
	struct gs_err err = { 0 };

	path = spill(name, s->b, s->n);
	strcpy(blocks_path, path);
	struct gs_net_capture *c = gs_net_capture_open(&path, 1, &err);
	if (c == NULL)
		fail_msg("%s", err.text);
	return c;
}

/* Two interfaces of different links, resolutions and offsets, blocks that
 * are unknown, old or simple, options beyond sense, two sections. */
static void
test_pcapng_blocks(void **state)
{
	static struct blocks s;
	struct gs_net_packet p;
	const uint32_t four = 4;

	(void)state;
	section(&s);
	interface(&s, 1, 3, -1, 0);
	interface(&s, 113, 0, 9, 100);
	interface(&s, 101, 0, 0x80 | 10, 0);
	interface(&s, 101, 0, 3, -1);
	interface(&s, 101, 0, 0x80 | 40, 0);
	memset(block(&s, 10, 1000), 0x41, 1000); /* decryption secrets */
	memset(block(&s, 0x0bad, 60000), 0x42, 60000);
	enhanced(&s, 0, 1500000, "one", 0);
	enhanced(&s, 1, 7, "two", 64000);
	enhanced(&s, 2, 1024 * 5 + 512, "three", 4);
	enhanced(&s, 3, 4001, "four", 0);
	enhanced(&s, 4, (UINT64_C(9) << 40) + (UINT64_C(3) << 38), "4.5", 0);
	uint8_t *b = block(&s, 3, 8); /* simple; the snaplen cut it */
	gs_put_le32(b, four);
	memcpy(b + 4, "fiveX", 4);
	b = block(&s, 2, 24); /* obsolete */
	b[0] = 1;
	b[8] = 9;
	gs_put_le32(b + 12, four);
	gs_put_le32(b + 16, four);
	memcpy(b + 20, "six!", 4);
	section(&s);
	interface(&s, 276, 0, -1, 0);
	enhanced(&s, 0, 1, "seven", 0);
	struct gs_net_capture *c = open_blocks(&s, "blocks.pcapng");
	assert_true(gs_net_capture_format(c).pcapng);
	expect_packet(c, "one", 1500000000, 1);
	expect_packet(c, "two", 100000000007, 113);
	expect_packet(c, "three", 5500000000, 101);
	expect_packet(c, "four", 3001000000, 101);
	expect_packet(c, "4.5", 9750000000, 101);
	expect_packet(c, "fiv", 0, 1);
	expect_packet(c, "six!", 100000000009, 113);
	expect_packet(c, "seven", 1000, 276);
	assert_int_equal(gs_net_capture_next(c, &p, NULL), 0);
	assert_int_equal(gs_net_capture_next(c, &p, NULL), 0);
	assert_int_equal(gs_net_capture_position(c), gs_net_capture_size(c));
	gs_net_capture_close(c);
}

/* Written again: the times untouched, judged by tshark and by our reader. */
static void
test_pcapng_written(void **state)
{
	const char *from = blocks_path;
	const char *to = out_path("written.pcapng");
	FILE *fp = fopen(to, "wb");
	struct gs_net_packet p;

	(void)state;
	assert_non_null(fp);
	struct gs_net_capture *c = gs_net_capture_open(&from, 1, NULL);
	assert_non_null(c);
	struct gs_net_writer *w =
	    gs_net_writer_new(fp, gs_net_capture_format(c), NULL);
	while (gs_net_capture_next(c, &p, NULL) == 1)
		assert_int_equal(
		    gs_net_writer_put(w, &p, p.p, p.n, p.wire, NULL), 0);
	assert_int_equal(gs_net_writer_flush(w, NULL), 0);
	assert_int_equal(gs_net_writer_bytes(w), ftell(fp));
	gs_net_writer_free(w);
	assert_int_equal(fclose(fp), 0);
	gs_net_capture_close(c);
	struct digest a, z;
	assert_int_equal(digest_of(&from, 1, &a, NULL), 0);
	assert_int_equal(digest_of(&to, 1, &z, NULL), 0);
	assert_int_equal(z.packets, 8);
	assert_memory_equal(&a, &z, sizeof(a));
	char command[1024], text[4096];
	assert_true(
	    snprintf(command, sizeof(command),
		"tshark -r %s -T fields -e frame.time_epoch 2>/dev/null",
		to) > 0);
	(void)run_command(command, text, sizeof(text));
	assert_non_null(strstr(text, "100.000000007"));
	assert_non_null(strstr(text, "5.500000000"));
}

/* ---- damage */

static void
expect_error(const char *path, const char *words, uint64_t packets)
{
	struct gs_err err = { 0 };
	struct digest d;

	assert_int_equal(digest_of(&path, 1, &d, &err), -1);
	if (strstr(err.text, words) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", words, err.text);
	assert_int_equal(d.packets, packets);
}

static void
test_cut_anywhere(void **state)
{
	const char *ng = out_path("pcapng");
	uint8_t *files[2];
	size_t sizes[2];

	(void)state;
	convert("editcap", "pcapng", ng);
	sizes[0] = slurp(call, &files[0]);
	sizes[1] = slurp(ng, &files[1]);
	for (size_t k = 0; k < 2; k++) {
		uint8_t *p = files[k];
		uint64_t last = 0;
		for (size_t cut = 24; cut < 6000; cut += 7) {
			const char *path = spill("cut", p, cut);
			struct gs_err err = { 0 };
			struct digest d;
			int r = digest_of(&path, 1, &d, &err);
			assert_true(d.packets >= last);
			last = d.packets;
			if (r == -1)
				assert_non_null(strstr(err.text, " byte "));
		}
		assert_true(last > 3 && sizes[k] > 6000);
		free(p);
	}
	/* The third record begins at a known place. */
	uint8_t *p;
	(void)slurp(call, &p);
	size_t at = 24;
	for (unsigned i = 0; i < 2; i++)
		at += 16 + gs_le32(p + at + 8);
	char words[64];
	assert_true(snprintf(words, sizeof(words), "byte %zu,", at) > 0);
	expect_error(spill("cut", p, at + 50), words, 2);
	free(p);
}

static void
test_refused(void **state)
{
	static struct blocks s;
	uint8_t big[48] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4,
		0, [20] = 1, [34] = 0xff };

	(void)state;
	expect_error(spill("bad", "", 0), "empty", 0);
	expect_error(spill("bad", "\x1f\x8b\x08\0aaaaaaaaaaaaaaaaaaaaaa", 26),
	    "zcat", 0);
	expect_error(spill("bad", "\x28\xb5\x2f\xfd", 4), "zstdcat", 0);
	expect_error(spill("bad", "INVITE sip:a@example.org SIP/2.0", 32),
	    "not a capture (pcap or pcapng); give a text with keys with -K", 0);
	expect_error(spill("bad", "\xd4\xc3\xb2\xa1", 4), "too short", 0);
	expect_error(spill("bad", big, sizeof(big)), "byte 24", 0);
	expect_error("tests", "directory", 0);
	expect_error(out_path("not there"), "No such file", 0);
	section(&s);
	enhanced(&s, 0, 0, "x", 0);
	expect_error(spill("bad", s.b, s.n), "unknown interface", 0);
	memset(&s, 0, sizeof(s));
	section(&s);
	interface(&s, 1, 0, -1, 0);
	enhanced(&s, 0, 0, "x", 0);
	s.b[s.n - 16 + 1] = 0xff; /* the caplen */
	s.b[s.n - 16 - 3] = 0xff;
	expect_error(spill("bad", s.b, s.n), "too long", 0);
	memset(&s, 0, sizeof(s));
	section(&s);
	(void)block(&s, 5, 8);
	s.b[28 + 4] = 21;
	expect_error(spill("bad", s.b, s.n), "invalid length", 0);
}

/* ---- several files, pipes */

static void
test_rotated(void **state)
{
	const char *first = out_path("pcapng"), *nano = out_path("nsecpcap");
	const char *three[] = { call, first, nano };
	const char *two[] = { call, nano };
	struct digest d;

	(void)state;
	convert("editcap", "pcapng", first);
	convert("editcap", "nsecpcap", nano);
	assert_int_equal(digest_of(three, 3, &d, NULL), 0);
	assert_int_equal(d.packets, 3 * CALL_PACKETS);
	struct gs_net_capture *c = gs_net_capture_open(three, 3, NULL);
	assert_non_null(c);
	assert_true(gs_net_capture_format(c).pcapng);
	gs_net_capture_close(c);
	c = gs_net_capture_open(two, 2, NULL);
	assert_non_null(c);
	struct gs_net_capture_format f = gs_net_capture_format(c);
	assert_true(!f.pcapng && f.nano && f.link == 1);
	gs_net_capture_close(c);
	two[1] = out_path("not there");
	assert_null(gs_net_capture_open(two, 2, NULL));
}

/* A pipe that grows: what was written whole is given at once. */
static void
test_growing_pipe(void **state)
{
	uint8_t *p;
	size_t n = slurp(call, &p);
	int pipes[2];
	char path[64];
	const char *name = path;
	struct gs_net_packet packet;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_true(snprintf(path, sizeof(path), "/dev/fd/%d", pipes[0]) > 0);
	size_t first = 16 + gs_le32(p + 24 + 8);
	assert_int_equal(write(pipes[1], p, 24 + first), 24 + first);
	struct gs_net_capture *c = gs_net_capture_open(&name, 1, NULL);
	assert_non_null(c);
	assert_int_equal(gs_net_capture_size(c), 0);
	assert_false(gs_net_capture_idle(c));
	assert_int_equal(gs_net_capture_next(c, &packet, NULL), 1);
	assert_true(gs_net_capture_idle(c));
	/* Two bytes now, the rest later, from somebody else. */
	assert_int_equal(write(pipes[1], p + 24 + first, 2), 2);
	pid_t child = fork();
	if (child == 0) {
		size_t at = 26 + first;
		while (at < n) {
			ssize_t k = write(pipes[1], p + at,
			    n - at < 1000 ? n - at : 1000);
			if (k <= 0)
				_exit(1);
			at += (size_t)k;
		}
		_exit(0);
	}
	assert_true(child > 0);
	(void)close(pipes[1]);
	uint64_t packets = 1;
	while (gs_net_capture_next(c, &packet, NULL) == 1)
		packets++;
	assert_int_equal(packets, CALL_PACKETS);
	gs_net_capture_close(c);
	(void)close(pipes[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	free(p);
}

/* ---- writing */

static void
copy_as(struct gs_net_capture_format format, const char *to)
{
	const char *from = call;
	struct gs_net_capture *c = gs_net_capture_open(&from, 1, NULL);
	FILE *fp = fopen(to, "wb");
	struct gs_net_packet p;

	assert_non_null(c);
	assert_non_null(fp);
	struct gs_net_writer *w = gs_net_writer_new(fp, format, NULL);
	assert_non_null(w);
	while (gs_net_capture_next(c, &p, NULL) == 1)
		assert_int_equal(
		    gs_net_writer_put(w, &p, p.p, p.n, p.wire, NULL), 0);
	assert_int_equal(gs_net_writer_flush(w, NULL), 0);
	gs_net_writer_free(w);
	assert_int_equal(fclose(fp), 0);
	gs_net_capture_close(c);
}

static void
test_written_again(void **state)
{
	static const struct gs_net_capture_format formats[] = {
		{ false, false, 1 }, { false, true, 1 }, { true, false, 0 }
	};
	struct digest d;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const char *to = out_path("again");
		copy_as(formats[i], to);
		expect_call(to, &d);
	}
	/* µs pcap to µs pcap is the same file but for the snaplen. */
	const char *to = out_path("again");
	copy_as(formats[0], to);
	uint8_t *a, *b;
	size_t n = slurp(call, &a);
	assert_int_equal(slurp(to, &b), n);
	assert_memory_equal(a + 24, b + 24, n - 24);
	free(a);
	free(b);
}

static void
test_writer_refuses(void **state)
{
	struct gs_net_interface i = { .link = 113, .tsresol = 6 };
	struct gs_net_packet p = { .interface = &i };
	struct gs_err err = { 0 };
	FILE *fp = fopen("/dev/full", "wb");

	(void)state;
	assert_non_null(fp);
	struct gs_net_writer *w = gs_net_writer_new(fp,
	    (struct gs_net_capture_format){ .link = 1 }, &err);
	assert_non_null(w);
	assert_int_equal(gs_net_writer_put(w, &p, NULL, 0, 0, &err), -1);
	assert_non_null(strstr(err.text, "link type 113"));
	size_t n = GS_CAPTURE_PACKET + 1;
	uint8_t *large = calloc(1, n);
	assert_non_null(large);
	i.link = 1;
	assert_int_equal(gs_net_writer_put(w, &p, large, n, n, &err), -1);
	assert_non_null(strstr(err.text, "a packet of"));
	assert_int_equal(gs_net_writer_bytes(w), 24);
	free(large);
	assert_int_equal(gs_net_writer_flush(w, &err), -1);
	assert_non_null(strstr(err.text, "No space left"));
	gs_net_writer_free(w);
	(void)fclose(fp);
}

/* The room for a packet is the same when it is put there, even if the
 * description of its interface filled the buffer. */
static void
test_writer_room(void **state)
{
	enum { FULL = 64 * 1024, BLOCK = 32 };
	struct gs_net_interface first = { .link = GS_LINK_IPV4, .tsresol = 9 };
	struct gs_net_interface second = first;
	struct gs_net_packet p = { .interface = &first };
	static uint8_t zeros[FULL];
	FILE *fp = tmpfile();

	(void)state;
	second.id = 1;
	assert_non_null(fp);
	struct gs_net_writer *w = gs_net_writer_new(fp,
	    (struct gs_net_capture_format){ .pcapng = true }, NULL);

	assert_non_null(w);
	assert_int_equal(gs_net_writer_put(w, &p, NULL, 0, 0, NULL), 0);
	size_t n = FULL - 4 - BLOCK - (size_t)gs_net_writer_bytes(w);

	assert_int_equal(gs_net_writer_put(w, &p, zeros, n, n, NULL), 0);
	assert_int_equal(gs_net_writer_bytes(w), FULL - 4);
	p.interface = &second;
	uint8_t *room = gs_net_writer_room(w, &p, 4, NULL);

	assert_non_null(room);
	assert_ptr_equal(gs_net_writer_room(w, &p, 4, NULL), room);
	gs_net_writer_free(w);
	(void)fclose(fp);
}

/* ---- filters */

static void
test_filter(void **state)
{
	const char *path = "tests/fixtures/freeswitch/tls-tls.pcap";
	struct gs_err err = { 0 };
	struct gs_net_filter *f = gs_net_filter_new("tcp and port 5161", &err);
	struct gs_net_capture *c = gs_net_capture_open(&path, 1, &err);
	struct gs_net_packet p;
	unsigned passed = 0;

	(void)state;
	assert_non_null(f);
	assert_non_null(c);
	while (gs_net_capture_next(c, &p, &err) == 1)
		passed += gs_net_filter_match(f, &p, &err) == 1;
	assert_int_equal(passed, 68);
	gs_net_capture_close(c);
	/* Other link types get their own program. */
	struct build b;
	static const struct gs_net_interface raw = { .link = 101 },
					     sll2 = { .link = 276 };
	build_start(&b, "x", 1);
	build_tcp(&b, 1000, 5161, 1, 0);
	build_ipv4(&b, 6, 0, 1, 0);
	p = build_packet(&b, &raw);
	assert_int_equal(gs_net_filter_match(f, &p, &err), 1);
	build_bytes(&b, "\x08\0\0\0\0\0\0\2\0\1\0\6\2\0\0\0\0\1\0\0", 20);
	p = build_packet(&b, &sll2);
	assert_int_equal(gs_net_filter_match(f, &p, &err), 1);
	p.interface = &raw;
	assert_int_equal(gs_net_filter_match(f, &p, &err), 0);
	gs_net_filter_free(f);
	assert_null(gs_net_filter_new("tcp and and", &err));
	assert_non_null(strstr(err.text, "tcp and and"));
}

/* ---- live */

/* A socket that sends to itself on the loopback interface. */
static int
own_socket(struct sockaddr_in *to)
{
	socklen_t size = sizeof(*to);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_true(fd != -1);
	*to = (struct sockaddr_in){ .sin_family = AF_INET };
	to->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)to, sizeof(*to)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)to, &size), 0);
	return fd;
}

static void
test_live(void **state)
{
	/* Capturing needs root, as the namespaces of tests/run do. */
	if (geteuid() != 0)
		skip();
	struct sockaddr_in to;
	int fd = own_socket(&to), r = 0;
	struct gs_err err = { 0 };
	struct gs_net_packet p;
	struct gs_net_frame f;
	struct gs_net_frames *t = gs_net_frames_new(NULL);
	char filter[64];
	uint64_t received = 0, dropped = 1;

	(void)state;
	assert_non_null(t);
	assert_true(snprintf(filter, sizeof(filter), "udp port %u",
			ntohs(to.sin_port)) > 0);
	struct gs_net_live *l = must_open("lo", filter);
	assert_int_equal(gs_net_live_next(l, &p, &err), 0);
	assert_int_equal(
	    sendto(fd, "live", 4, 0, (struct sockaddr *)&to, sizeof(to)), 4);
	for (unsigned i = 0; i < 1200 && r == 0; i++)
		r = gs_net_live_next(l, &p, &err);
	assert_int_equal(r, 1);
	gs_net_frame_parse(t, &p, &f);
	assert_int_equal(f.kind, GS_FRAME_UDP);
	assert_int_equal(f.length, 4);
	assert_memory_equal(f.p + f.payload, "live", 4);
	assert_int_equal(p.frame, 1);
	assert_string_equal(p.interface->name, "lo");
	assert_int_equal(gs_net_live_format(l).link, p.interface->link);
	assert_int_equal(gs_net_live_counts(l, &received, &dropped, &err), 0);
	assert_true(received >= 1);
	assert_int_equal(dropped, 0);
	gs_net_live_close(l);
	(void)close(fd);
	gs_net_frames_free(t);
	assert_null(gs_net_live_open("lo", "udp and and", &err));
	assert_non_null(strstr(err.text, "udp and and"));
	assert_null(gs_net_live_open("no-such-device", NULL, &err));
	assert_non_null(strstr(err.text, "no-such-device"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_swapped_pcap),
		cmocka_unit_test(test_swapped_pcapng),
		cmocka_unit_test(test_pcapng_blocks),
		cmocka_unit_test(test_pcapng_written),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_rotated),
		cmocka_unit_test(test_growing_pipe),
		cmocka_unit_test(test_written_again),
		cmocka_unit_test(test_writer_refuses),
		cmocka_unit_test(test_writer_room),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
