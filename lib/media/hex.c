/* SPDX-License-Identifier: MIT */
/* A hex dump that text2pcap reads. */
#include "media/hex.h"

#include "base/bytes.h"
#include "base/utc.h"

static void
put_comment(FILE *fp, struct gs_span comment)
{
	struct gs_buf b;

	gs_buf_init(&b, 4096);
	gs_buf_put_visible(&b, comment);
	if (gs_buf_ok(&b))
		fprintf(fp, "# %.*s\n", (int)b.n, (const char *)b.p);
	gs_buf_free(&b);
}

static void
put_time(FILE *fp, uint64_t time)
{
	struct tm tm;
	char text[40];

	if (!gs_utc((int64_t)(time / 1000000000), &tm) ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		return;
	fprintf(fp, "%s.%09lu\n", text, (unsigned long)(time % 1000000000));
}

void
gs_media_hex_packet(FILE *fp, uint64_t time, struct gs_span comment,
    const uint8_t *p, size_t n)
{
	char line[3 * 16];

	if (comment.n > 0)
		put_comment(fp, comment);
	put_time(fp, time);
	for (size_t at = 0; at < n; at += 16) {
		size_t len = 0;

		for (size_t i = at; i < n && i < at + 16; i++) {
			line[len++] = ' ';
			gs_hex_put(line + len, p + i, 1, false);
			len += 2;
		}
		fprintf(fp, "%06lx%.*s\n", (unsigned long)at, (int)len, line);
	}
	fputc('\n', fp);
}
