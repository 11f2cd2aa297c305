/* SPDX-License-Identifier: MIT */
/* The blocks of a pcapng file (draft-ietf-opsawg-pcapng). */
#include "net/capture_priv.h"

/* Of an interface's options as many bytes are read. */
enum { IDB_MAX = 64 * 1024, NG_ORDER = 0x1a2b3c4d };

enum { NG_IDB = 1, NG_PB = 2, NG_SPB = 3, NG_EPB = 6 };

enum { OPT_END = 0, OPT_NAME = 2, OPT_TSRESOL = 9, OPT_TSOFFSET = 14 };

static void
read_option(const struct gs_capture *c, struct gs_interface *i, unsigned code,
    const uint8_t *p, size_t n)
{
	if (code == OPT_TSRESOL && n >= 1)
		i->tsresol = p[0];
	if (code == OPT_TSOFFSET && n >= 8)
		i->tsoffset = (int64_t)get64(p, c->swap);
	if (code == OPT_NAME) {
		n = n < sizeof(i->name) ? n : sizeof(i->name) - 1;
		memcpy(i->name, p, n);
	}
}

/* An interface description; n bytes of it are at p. */
static int
read_interface(struct gs_capture *c, const uint8_t *p, size_t n,
    struct gs_err *err)
{
	struct gs_interface i = { .tsresol = 6 };
	size_t at = 16;

	if (c->interfaces == GS_CAPTURE_SECTION)
		return gs_capture_damaged(c, position(c), "too many interfaces",
		    c->interfaces, err);
	i.link = get16(p + 8, c->swap);
	while (n - at >= 4) {
		unsigned code = get16(p + at, c->swap);
		size_t length = get16(p + at + 2, c->swap);
		at += 4;
		if (code == OPT_END || length > n - at)
			break;
		read_option(c, &i, code, p + at, length);
		length = (length + 3) & ~(size_t)3;
		at = length > n - at ? n : at + length;
	}
	struct source *s = gs_capture_intern(c, &i, err);
	if (s == NULL)
		return -1;
	c->section[c->interfaces++] = (struct section_interface){ .source = s,
		.snaplen = get32(p + 12, c->swap) };
	return 0;
}

/* A section header: its order of bytes is that of all blocks up to the
 * next one, and interfaces are counted from 0 again. */
static int
read_section(struct gs_capture *c, const uint8_t *p, struct gs_err *err)
{
	uint32_t order = get32(p + 8, false);

	c->swap = order == __builtin_bswap32(NG_ORDER);
	if (!c->swap && order != NG_ORDER)
		return gs_capture_damaged(c, position(c),
		    "a section header with an unknown byte order", order, err);
	if (get16(p + 12, c->swap) != 1)
		return gs_capture_damaged(c, position(c),
		    "an unknown version of pcapng", get16(p + 12, c->swap),
		    err);
	c->interfaces = 0;
	return 0;
}

/* What the fixed part of a packet's block says. */
struct block {
	uint32_t interface;
	uint64_t ticks;
	uint32_t n;
	uint32_t wire;
	size_t fixed; /* bytes before the packet's */
};

/* type is one of the three; h has at least 28 bytes or the SPB's 12. */
static void
read_fixed(const struct gs_capture *c, struct block *b, uint32_t type,
    uint32_t total, const uint8_t *h)
{
	if (type == NG_SPB) {
		uint32_t room = total - 16;
		uint32_t snaplen =
		    c->interfaces > 0 ? c->section[0].snaplen : 0;
		*b = (struct block){ .fixed = 12 };
		b->wire = get32(h + 8, c->swap);
		b->n = b->wire < room ? b->wire : room;
		if (snaplen > 0 && b->n > snaplen)
			b->n = snaplen;
		return;
	}
	b->interface =
	    type == NG_EPB ? get32(h + 8, c->swap) : get16(h + 8, c->swap);
	b->ticks =
	    (uint64_t)get32(h + 12, c->swap) << 32 | get32(h + 16, c->swap);
	b->n = get32(h + 20, c->swap);
	b->wire = get32(h + 24, c->swap);
	b->fixed = 28;
}

/* A block with a packet; at least its first 12 bytes are there. */
static int
read_packet(struct gs_capture *c, struct gs_packet *p, uint32_t type,
    uint32_t total, struct gs_err *err)
{
	struct block b;
	uint64_t at = position(c);
	size_t fixed = type == NG_SPB ? 12 : 28;

	if (total < fixed + 4)
		return gs_capture_damaged(c, at,
		    "a block too short for its type", total, err);
	if (gs_capture_need_all(c, fixed, at, err) == -1)
		return -1;
	read_fixed(c, &b, type, total, c->buf + c->start);
	if (b.interface >= c->interfaces)
		return gs_capture_damaged(c, at,
		    "a packet of an interface that was not "
		    "described",
		    b.interface, err);
	if (b.n > GS_CAPTURE_PACKET || b.n > total - fixed - 4)
		return gs_capture_damaged(c, at, "a packet with too many bytes",
		    b.n, err);
	if (gs_capture_need_all(c, fixed + b.n, at, err) == -1)
		return -1;
	const struct source *s = c->section[b.interface].source;
	p->p = c->buf + c->start + fixed;
	p->n = b.n;
	p->wire = b.wire;
	p->ticks = b.ticks;
	p->ns = type == NG_SPB ? 0 : gs_capture_ns(s, b.ticks);
	p->interface = &s->pub;
	p->at = at;
	c->start += fixed + b.n;
	c->skip = total - fixed - b.n;
	return 1;
}

/* One block. Returns 2 when it was none with a packet. */
static int
next_block(struct gs_capture *c, struct gs_packet *p, struct gs_err *err)
{
	int r = gs_capture_pass_over(c, err) == -1 ?
	    -1 :
	    gs_capture_need(c, 12, err);

	if (r != 1)
		return r;
	uint64_t at = position(c);
	uint32_t type = get32(c->buf + c->start, c->swap);
	if (type == GS_PCAPNG_MAGIC) { /* reads the same in both orders */
		if (gs_capture_need_all(c, 28, at, err) == -1 ||
		    read_section(c, c->buf + c->start, err) == -1)
			return -1;
	}
	uint32_t total = get32(c->buf + c->start + 4, c->swap);
	if (total < 12 || total % 4 != 0 ||
	    (type == GS_PCAPNG_MAGIC && total < 28) ||
	    (type == NG_IDB && total < 20))
		return gs_capture_damaged(c, at, "a block of a wrong length",
		    total, err);
	if (type == NG_EPB || type == NG_PB || type == NG_SPB)
		return read_packet(c, p, type, total, err);
	if (type == NG_IDB) {
		size_t n = total < IDB_MAX ? total : IDB_MAX;
		if (gs_capture_need_all(c, n, at, err) == -1 ||
		    read_interface(c, c->buf + c->start,
			total < IDB_MAX ? n - 4 : n, err) == -1)
			return -1;
	}
	c->skip = total;
	return 2;
}

int
gs_pcapng_next(struct gs_capture *c, struct gs_packet *p, struct gs_err *err)
{
	int r;

	do
		r = next_block(c, p, err);
	while (r == 2);
	return r;
}
