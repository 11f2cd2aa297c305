/* SPDX-License-Identifier: MIT */
/* Writes captures: pcap or pcapng, onto a FILE; little-endian on every
 * machine, so that the same packets make the same file. */
#include "net/writer.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bytes.h"

/* Bytes are written when there are FULL; a packet and an interface still fit
 * after them. */
enum {
	FULL = 64 * 1024,
	BUFFER = FULL + GS_CAPTURE_PACKET + 2048,
	RECORD = 16, /* header of a pcap record */
	BLOCK = 28, /* fixed part of a pcapng packet */
	NONE = UINT16_MAX,
};

struct gs_net_writer {
	FILE *fp;
	struct gs_net_capture_format format;
	uint8_t *buf;
	size_t n;
	uint64_t bytes;
	char comment[256]; /* of the next packet; "": none */
	uint16_t interfaces; /* described so far */
	uint16_t number[GS_CAPTURE_INTERFACES]; /* by id */
};

static void
add32(struct gs_net_writer *w, uint32_t v)
{
	gs_put_le32(w->buf + w->n, v);
	w->n += 4;
}

static void
add16(struct gs_net_writer *w, uint16_t v)
{
	gs_put_le16(w->buf + w->n, v);
	w->n += 2;
}

static void
begin_pcap(struct gs_net_writer *w)
{
	add32(w, w->format.nano ? 0xa1b23c4d : 0xa1b2c3d4);
	add16(w, 2);
	add16(w, 4);
	add32(w, 0);
	add32(w, 0);
	add32(w, GS_CAPTURE_PACKET);
	add32(w, w->format.link);
}

static void
begin_pcapng(struct gs_net_writer *w)
{
	add32(w, 0x0a0d0d0a);
	add32(w, 28);
	add32(w, 0x1a2b3c4d);
	add16(w, 1);
	add16(w, 0);
	add32(w, UINT32_MAX); /* the section's length is unknown */
	add32(w, UINT32_MAX);
	add32(w, 28);
}

struct gs_net_writer *
gs_net_writer_new(FILE *fp, struct gs_net_capture_format format,
    struct gs_err *err)
{
	struct gs_net_writer *w = calloc(1, sizeof(*w));

	if (w != NULL)
		w->buf = malloc(BUFFER);
	if (w == NULL || w->buf == NULL) {
		gs_net_writer_free(w);
		(void)gs_err_sys(err, ENOMEM, "writing a capture");
		return NULL;
	}
	w->fp = fp;
	/* buf is the buffer: another one would cut each write in two. */
	(void)setvbuf(fp, NULL, _IONBF, 0);
	w->format = format;
	for (size_t i = 0; i < GS_CAPTURE_INTERFACES; i++)
		w->number[i] = NONE;
	if (format.pcapng)
		begin_pcapng(w);
	else
		begin_pcap(w);
	return w;
}

void
gs_net_writer_free(struct gs_net_writer *w)
{
	if (w == NULL)
		return;
	free(w->buf);
	free(w);
}

static int
drain(struct gs_net_writer *w, struct gs_err *err)
{
	if (w->n > 0 && fwrite(w->buf, 1, w->n, w->fp) != w->n)
		return gs_err_sys(err, errno, "cannot write the capture");
	w->bytes += w->n;
	w->n = 0;
	return 0;
}

int
gs_net_writer_flush(struct gs_net_writer *w, struct gs_err *err)
{
	if (drain(w, err) == -1)
		return -1;
	if (fflush(w->fp) == EOF)
		return gs_err_sys(err, errno, "cannot write the capture");
	return 0;
}

static void
add_option(struct gs_net_writer *w, uint16_t code, const void *p, size_t n)
{
	size_t all = 4 + ((n + 3) & ~(size_t)3);

	memset(w->buf + w->n, 0, all);
	add16(w, code);
	add16(w, (uint16_t)n);
	memcpy(w->buf + w->n, p, n);
	w->n += all - 4;
}

/* An interface description block with its options. */
static void
describe(struct gs_net_writer *w, const struct gs_net_interface *i)
{
	size_t start = w->n, name = strlen(i->name);

	add32(w, 1);
	add32(w, 0);
	add16(w, (uint16_t)i->link);
	add16(w, 0);
	add32(w, 0); /* no snaplen */
	if (name > 0)
		add_option(w, 2, i->name, name);
	add_option(w, 9, &i->tsresol, 1);
	if (i->tsoffset != 0) {
		uint64_t v = (uint64_t)i->tsoffset;
		uint8_t offset[8];

		gs_put_le32(offset, (uint32_t)v);
		gs_put_le32(offset + 4, (uint32_t)(v >> 32));
		add_option(w, 14, offset, sizeof(offset));
	}
	add32(w, 0);
	uint32_t total = (uint32_t)(w->n - start) + 4;
	add32(w, total);
	gs_put_le32(w->buf + start + 4, total);
	w->number[i->id] = w->interfaces++;
}

/* Where the bytes of the next packet are. */
static uint8_t *
place(const struct gs_net_writer *w)
{
	return w->buf + w->n + (w->format.pcapng ? BLOCK : RECORD);
}

uint8_t *
gs_net_writer_room(struct gs_net_writer *w, const struct gs_net_packet *from,
    size_t max, struct gs_err *err)
{
	const struct gs_net_interface *i = from->interface;

	if (max > GS_CAPTURE_PACKET || i->id >= GS_CAPTURE_INTERFACES) {
		(void)gs_err_set(err, "a packet of %zu bytes", max);
		return NULL;
	}
	if (!w->format.pcapng && i->link != w->format.link) {
		(void)gs_err_set(err,
		    "a packet of link type %u in a pcap "
		    "of link type %u",
		    i->link, w->format.link);
		return NULL;
	}
	/* A description may fill the buffer: the room does not move then. */
	if (w->format.pcapng && w->number[i->id] == NONE)
		describe(w, i);
	if (w->n >= FULL && drain(w, err) == -1)
		return NULL;
	return place(w);
}

static void
add_record(struct gs_net_writer *w, const struct gs_net_packet *from, size_t n,
    size_t wire)
{
	uint64_t part = from->ns % 1000000000;
	uint8_t *p = w->buf + w->n;

	gs_put_le32(p, (uint32_t)(from->ns / 1000000000));
	gs_put_le32(p + 4, (uint32_t)(w->format.nano ? part : part / 1000));
	gs_put_le32(p + 8, (uint32_t)n);
	gs_put_le32(p + 12, (uint32_t)wire);
	w->n += RECORD + n;
}

static void
add_block(struct gs_net_writer *w, const struct gs_net_packet *from, size_t n,
    size_t wire)
{
	size_t pad = (4 - n % 4) % 4;
	size_t start = w->n;

	add32(w, 6);
	add32(w, 0);
	add32(w, w->number[from->interface->id]);
	add32(w, (uint32_t)(from->ticks >> 32));
	add32(w, (uint32_t)from->ticks);
	add32(w, (uint32_t)n);
	add32(w, (uint32_t)wire);
	w->n += n;
	memset(w->buf + w->n, 0, pad);
	w->n += pad;
	if (w->comment[0] != '\0') {
		add_option(w, 1, w->comment, strlen(w->comment));
		add32(w, 0);
		w->comment[0] = '\0';
	}
	uint32_t total = (uint32_t)(w->n - start) + 4;
	add32(w, total);
	gs_put_le32(w->buf + start + 4, total);
}

int
gs_net_writer_put(struct gs_net_writer *w, const struct gs_net_packet *from,
    const uint8_t *p, size_t n, size_t wire, struct gs_err *err)
{
	uint8_t *to = place(w);

	/* What was made there already has its room. */
	if (p != to && (to = gs_net_writer_room(w, from, n, err)) == NULL)
		return -1;
	if (n > 0 && p != to)
		memcpy(to, p, n);
	if (w->format.pcapng)
		add_block(w, from, n, wire);
	else
		add_record(w, from, n, wire);
	return 0;
}

void
gs_net_writer_comment(struct gs_net_writer *w, const char *text)
{
	(void)snprintf(w->comment, sizeof(w->comment), "%s", text);
}

uint64_t
gs_net_writer_bytes(const struct gs_net_writer *w)
{
	return w->bytes + w->n;
}
