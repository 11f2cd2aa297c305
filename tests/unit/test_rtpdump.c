/* SPDX-License-Identifier: MIT */
/* rtpdump by its bytes, hex as text2pcap reads it, the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "media/hex.h"
#include "media/rtpdump.h"
#include "media/table.h"
#include "own_path.h"

#define MS UINT64_C(1000000)
#define T0 (UINT64_C(1700000000) * 1000 * MS + 123456 * UINT64_C(1000))

static const uint8_t rtp[] = { 0x80, 0x88, 0x12, 0x34, 0, 0, 0x10, 0, 0xca,
	0xfe, 0xba, 0xbe, 0xd5, 0xd5, 0x55, 0x54 };
static const uint8_t rtcp[] = { 0x80, 0xc9, 0, 1, 0xca, 0xfe, 0xba, 0xbe };

/* A name for a new temporary file. */
static void
temporary(char path[OWN_PATH])
{
	int fd;

	fd = mkstemp(own_path(path));
	assert_true(fd >= 0);
	(void)close(fd);
}

/* What the command prints. */
static void
output(const char *cmd, char *out, size_t size)
{
	FILE *fp = popen(cmd, "r");
	size_t n;

	assert_non_null(fp);
	n = fread(out, 1, size - 1, fp);
	out[n] = '\0';
	assert_int_equal(pclose(fp), 0);
}

static void
rtpdump_bytes(void **state)
{
	static const uint8_t want[] = "#!rtpplay1.0 192.0.2.7/5004\n"
				      "\x65\x53\xf1\x00\x00\x01\xe2\x40"
				      "\xc0\x00\x02\x07\x13\x8c\x00\x00"
				      "\x00\x10\x00\x00\x00\x00\x04\xd2"
				      "\x80\xc9\x00\x01\xca\xfe\xba\xbe";
	uint8_t got[100], *big = calloc(1, 65528);
	struct gs_media_rtpdump d;
	FILE *fp = tmpfile();

	(void)state;
	assert_non_null(big);
	gs_media_rtpdump_begin(&d, fp, T0, "192.0.2.7", 5004);
	assert_true(gs_media_rtpdump_put(&d, T0 + 1234 * MS + MS / 2, true,
	    rtcp, sizeof(rtcp)));
	assert_false(gs_media_rtpdump_put(&d, T0, false, big, 65528));
	rewind(fp);
	assert_int_equal(fread(got, 1, sizeof(got), fp), sizeof(want) - 1);
	assert_memory_equal(got, want, sizeof(want) - 1);
	assert_true(gs_media_rtpdump_put(&d, T0, false, big, 65527));
	free(big);
	(void)fclose(fp);
}

/* Times before the start and beyond 32 bits; an RTP packet; IPv6. */
static void
rtpdump_limits(void **state)
{
	static const uint8_t want[] = "#!rtpplay1.0 2001:db8::1/65535\n"
				      "\x65\x53\xf1\x00\x00\x01\xe2\x40"
				      "\x00\x00\x00\x00\xff\xff\x00\x00"
				      "\x00\x18\x00\x10\x00\x00\x00\x00";
	uint8_t got[200];
	struct gs_media_rtpdump d;
	size_t n = sizeof(want) - 1;
	FILE *fp = tmpfile();

	(void)state;
	gs_media_rtpdump_begin(&d, fp, T0, "2001:db8::1", 65535);
	assert_true(gs_media_rtpdump_put(&d, T0 - MS, false, rtp, sizeof(rtp)));
	assert_true(gs_media_rtpdump_put(&d, T0 + UINT64_C(5000000000) * MS,
	    false, rtp, sizeof(rtp)));
	rewind(fp);
	assert_int_equal(fread(got, 1, sizeof(got), fp), n + 16 + 8 + 16);
	assert_memory_equal(got, want, n);
	assert_memory_equal(got + n, rtp, sizeof(rtp));
	assert_memory_equal(got + n + 16, "\0\x18\0\x10\xff\xff\xff\xff", 8);
	assert_memory_equal(got + n + 24, rtp, sizeof(rtp));
	(void)fclose(fp);
}

static void
hex_in_text2pcap(void **state)
{
	char path[OWN_PATH], cmd[OWN_PATH + 400], out[4000];
	uint8_t all[300];
	FILE *fp;

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	temporary(path);
	fp = fopen(path, "w");
	gs_media_hex_packet(fp, T0, GS_LIT("a\n000000 ff"), all, sizeof(all));
	gs_media_hex_packet(fp, T0 + 20 * MS + 7, gs_span(NULL, 0), rtp, 12);
	assert_int_equal(fclose(fp), 0);
	(void)snprintf(cmd, sizeof(cmd),
	    "TZ=UTC text2pcap -q -n -t '%%Y-%%m-%%dT%%H:%%M:%%S.%%f' "
	    "-u 4000,5004 %s - 2>/dev/null | tshark -r - -T fields "
	    "-e frame.time_epoch -e udp.length -e udp.payload 2>/dev/null",
	    path);
	output(cmd, out, sizeof(out));
	(void)unlink(path);
	assert_non_null(strstr(out, "1700000000.123456000\t308\t000102030405"));
	assert_non_null(strstr(out, "28292a2b\n"));
	assert_non_null(strstr(out,
	    "\n1700000000.143456007\t20\t8088123400001000cafebabe\n"));
}

static void
table(void **state)
{
	static const char *const heads[] = { "from", ">lost", "never",
		"verdict" };
	static const char want[] = "from    lost  verdict\n"
				   "a        125  yes\n"
				   "b\\x0ab     0\n";
	struct gs_media_table *t = NULL;
	char got[500] = "";
	FILE *fp = tmpfile();

	(void)state;
	assert_int_equal(gs_media_table_new(&t, heads, 4, NULL), 0);
	gs_media_table_str(t, "a");
	gs_media_table_u64(t, 125);
	gs_media_table_str(t, "");
	gs_media_table_printf(t, "%s", "yes");
	gs_media_table_str(t, "b\nb");
	gs_media_table_u64(t, 0);
	gs_media_table_str(t, "");
	gs_media_table_str(t, "");
	assert_int_equal(
	    gs_media_table_print(t, fp, (struct gs_media_look){ 0 }, NULL), 0);
	for (int i = 0; i < 1000; i++)
		gs_media_table_printf(t, "%0100d", i);
	gs_media_table_free(t);
	rewind(fp);
	assert_true(fread(got, 1, sizeof(got) - 1, fp) > 0);
	assert_string_equal(got, want);
	(void)fclose(fp);
	assert_int_equal(gs_media_table_new(&t, heads, 0, NULL), -1);
	assert_int_equal(gs_media_table_new(&t, heads, 25, NULL), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rtpdump_bytes),
		cmocka_unit_test(rtpdump_limits),
		cmocka_unit_test(hex_in_text2pcap),
		cmocka_unit_test(table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
