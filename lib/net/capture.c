/* SPDX-License-Identifier: MIT */
/* Captures: pcap and pcapng, from files and pipes, one packet at a time. */
#include "net/capture.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/bytes.h"
#include "net/amsdu.h"

enum { NG_MAGIC = 0x0a0d0d0a };

/* An interface, and how to convert its ticks to nanoseconds. */
struct source {
	struct gs_net_interface pub;
	uint64_t mul;
	uint64_t div;
	unsigned shift; /* tsresol 2^-shift, 0: decimal */
};

struct section_interface {
	struct source *source;
	uint32_t snaplen;
};

/* A file that is being read. */
struct reader {
	struct reader *next; /* of the open ones */
	size_t file; /* its index */
	int fd;
	bool regular;
	bool eof;
	uint8_t *buf;
	size_t start;
	size_t end;
	size_t held; /* what end was at most: the rest was never written */
	uint64_t base; /* offset in the file of buf[0] */
	uint64_t skip; /* bytes of the last block not yet skipped */
	bool pcapng;
	bool swap;
	bool nano;
	size_t record; /* pcap: bytes of a record's header */
	struct source *source; /* pcap */
	struct section_interface *section; /* pcapng */
	size_t interfaces;
	struct gs_net_packet packet; /* its next one, in buf */
	bool given; /* and it was returned */
};

/* The beginning of a file, by its first packet. */
struct turn {
	size_t file;
	uint64_t ns;
};

struct gs_net_capture {
	const char *const *path;
	size_t paths;
	struct gs_net_amsdu parts; /* of the packet that was read last */
	struct reader *r; /* the one being read */
	struct reader *open; /* all that are open */
	size_t opened; /* how many these are */
	struct turn *turn; /* of files, in the order in which they begin */
	size_t turns; /* opened so far */
	bool draining;
	size_t drain; /* bytes that may still be read after that */
	uint64_t before; /* bytes of the files already read */
	uint64_t size;
	uint64_t frames;
	struct gs_net_capture_format format;
	struct source *all[GS_CAPTURE_INTERFACES];
	uint32_t sources;
	/* Blocks of secrets. */
	int (*secrets)(void *arg, struct gs_span piece, bool last,
	    struct gs_err *err);
	void *secrets_arg;
};

/* Offset in its file of the next byte to read. */
static inline uint64_t
position(const struct gs_net_capture *c)
{
	return c->r->base + c->r->start;
}

/* Has room for any record that is read as a whole. */
enum {
	BUFFER = 512 * 1024,
	CACHED = 128 * 1024, /* read at once: they stay in a cache */
	LINE = 64, /* octets of a line of a cache */
	AHEAD = 4, /* lines of the next packet that the processor fetches while
		    * this one is looked at */
	PCAP_HEADER = 24,
	DRAIN_MS = 500,
	DRAIN_BYTES = 128 * 1024,
};

/* What the first bytes of a file tell. */
struct magic {
	bool pcapng;
	bool swap;
	bool nano;
	bool modified;
	uint32_t link;
};

static const char *
name_of(const struct gs_net_capture *c, size_t i)
{
	return strcmp(c->path[i], "-") == 0 ? "standard input" : c->path[i];
}

static int
damaged(const struct gs_net_capture *c, uint64_t at, const char *what,
    uint64_t n, struct gs_err *err)
{
	return gs_err_set(err, "%s: at byte %" PRIu64 ": %s (%" PRIu64 ")",
	    name_of(c, c->r->file), at, what, n);
}

/* ---- bytes */

/* Moves what is left, the beginning of a record, to the front. */
static void
make_room(struct reader *r)
{
	memmove(r->buf, r->buf + r->start, r->end - r->start);
	r->base += r->start;
	r->end -= r->start;
	r->start = 0;
}

void
gs_net_capture_drain(struct gs_net_capture *c)
{
	if (!c->draining)
		c->drain = DRAIN_BYTES;
	c->draining = true;
}

/* Whether a pipe brings more while it is drained. */
static bool
comes(const struct gs_net_capture *c)
{
	struct pollfd p = { .fd = c->r->fd, .events = POLLIN };

	return !c->r->regular && c->drain > 0 && poll(&p, 1, DRAIN_MS) == 1;
}

/* A read() that a signal may end; what is in the pipe is then still read. */
static ssize_t
read_some(struct gs_net_capture *c)
{
	size_t room = BUFFER - c->r->end;
	ssize_t k;

	if (c->draining && !comes(c))
		return 0;
	room = room < CACHED ? room : CACHED;
	if (c->draining && room > c->drain)
		room = c->drain;
	k = read(c->r->fd, c->r->buf + c->r->end, room);
	if (c->draining && k > 0)
		c->drain -= (size_t)k;
	return k;
}

/* One read(). Returns 1, 0 at the end of the file, -1. */
static int
fill(struct gs_net_capture *c, struct gs_err *err)
{
	ssize_t k;

	make_room(c->r);
	while ((k = read_some(c)) == -1 && errno == EINTR)
		gs_net_capture_drain(c);
	if (k == -1)
		return gs_err_sys(err, errno,
		    "%s: cannot read at byte %" PRIu64, name_of(c, c->r->file),
		    c->r->base + c->r->end);
	c->r->end += (size_t)k;
	if (c->r->end > c->r->held)
		c->r->held = c->r->end;
	c->r->eof = k == 0;
	return k > 0;
}

/* Reads until there are n bytes. Returns 1, 0 at the end of the file, -1. */
static int
fetch(struct gs_net_capture *c, size_t n, struct gs_err *err)
{
	while (c->r->end - c->r->start < n) {
		int r = c->r->eof ? 0 : fill(c, err);
		if (r == -1)
			return -1;
		if (r == 1)
			continue;
		if (c->r->start == c->r->end)
			return 0;
		return gs_err_set(err,
		    "%s: cut short: the file ends inside "
		    "the record at byte %" PRIu64 ", all packets before "
		    "it are whole",
		    name_of(c, c->r->file), position(c));
	}
	return 1;
}

static inline int
need(struct gs_net_capture *c, size_t n, struct gs_err *err)
{
	return c->r->end - c->r->start >= n ? 1 : fetch(c, n, err);
}

static int
fetch_all(struct gs_net_capture *c, size_t n, uint64_t at, struct gs_err *err)
{
	int r = fetch(c, n, err);

	if (r == 1)
		return 0;
	return gs_err_set(err,
	    "%s: cut short: the file ends inside the "
	    "record at byte %" PRIu64 ", all packets before it are whole",
	    name_of(c, c->r->file), at);
}

static inline int
need_all(struct gs_net_capture *c, size_t n, uint64_t at, struct gs_err *err)
{
	return c->r->end - c->r->start >= n ? 0 : fetch_all(c, n, at, err);
}

static int
pass_over(struct gs_net_capture *c, struct gs_err *err)
{
	uint64_t at = position(c);

	while (c->r->skip > 0) {
		if (c->r->start == c->r->end && need_all(c, 1, at, err) == -1)
			return -1;
		size_t n = c->r->end - c->r->start;
		n = n < c->r->skip ? n : (size_t)c->r->skip;
		c->r->start += n;
		c->r->skip -= n;
	}
	return 0;
}

/* ---- interfaces */

static void
set_clock(struct source *s)
{
	unsigned r = s->pub.tsresol & 0x7fu;

	s->mul = s->div = 1;
	if (s->pub.tsresol & 0x80u) {
		s->shift = r;
		return;
	}
	for (unsigned i = r; i < 9; i++)
		s->mul *= 10;
	for (unsigned i = 9; i < r; i++)
		s->div = s->div > UINT64_MAX / 10 ? UINT64_MAX : s->div * 10;
}

static uint64_t
to_ns(const struct source *s, uint64_t ticks)
{
	uint64_t ns, shift = s->shift;

	if (shift == 0) {
		ns = s->div == 1 ? ticks * s->mul : ticks / s->div;
	} else if (shift > 63) {
		ns = 0;
	} else {
		uint64_t part = ticks & ((UINT64_C(1) << shift) - 1);
		ns = (ticks >> shift) * 1000000000;
		if (shift > 32) {
			part >>= shift - 32;
			shift = 32;
		}
		ns += part * 1000000000 >> shift;
	}
	return ns + (uint64_t)s->pub.tsoffset * 1000000000;
}

static struct source *
intern(struct gs_net_capture *c, const struct gs_net_interface *want,
    struct gs_err *err)
{
	for (uint32_t i = 0; i < c->sources; i++) {
		struct gs_net_interface *have = &c->all[i]->pub;
		if (have->link == want->link &&
		    have->tsresol == want->tsresol &&
		    have->tsoffset == want->tsoffset &&
		    strcmp(have->name, want->name) == 0)
			return c->all[i];
	}
	if (c->sources == GS_CAPTURE_INTERFACES) {
		(void)damaged(c, position(c), "too many interfaces", c->sources,
		    err);
		return NULL;
	}
	struct source *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		(void)gs_err_sys(err, ENOMEM, "%s", name_of(c, c->r->file));
		return NULL;
	}
	s->pub = *want;
	s->pub.id = c->sources;
	set_clock(s);
	c->all[c->sources++] = s;
	return s;
}

/* ---- the beginning of a file */

static int
refuse(const char *name, const uint8_t *p, size_t n, struct gs_err *err)
{
	const char *cat, *packer = gs_file_packer(gs_span(p, n), &cat);

	if (n == 0)
		return gs_err_set(err,
		    "%s: empty: not even the header of a capture", name);
	if (packer != NULL)
		return gs_err_set(err,
		    "%s: compressed by %s: use \"%s FILE | ... -\"", name,
		    packer, cat);
	return gs_err_set(err, "%s: %s", name,
	    n < PCAP_HEADER ?
		"too short for a capture" :
		"not a capture (pcap or pcapng); give a text with keys with "
		"-K");
}

/* Reads the first four bytes; false if this is not a capture. */
static bool
know_magic(struct magic *m, const uint8_t *p)
{
	static const struct {
		uint32_t value;
		bool nano, modified;
	} known[] = {
		{ 0xa1b2c3d4, false, false },
		{ 0xa1b23c4d, true, false },
		{ 0xa1b2cd34, false, true },
	};
	uint32_t v = gs_get32(p, false);

	*m = (struct magic){ .pcapng = v == NG_MAGIC };
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		m->swap = __builtin_bswap32(v) == known[i].value;
		if (!m->swap && v != known[i].value)
			continue;
		m->nano = known[i].nano;
		m->modified = known[i].modified;
		return true;
	}
	return m->pcapng;
}

bool
gs_net_capture_is(struct gs_span begin)
{
	struct magic m;

	return begin.n >= 4 && know_magic(&m, (const uint8_t *)begin.p);
}

/* Reads the first n bytes of a file, PCAP_HEADER if it has that many. */
static int
read_magic(struct magic *m, const char *name, const uint8_t *p, size_t n,
    struct gs_err *err)
{
	*m = (struct magic){ 0 };
	if (n < PCAP_HEADER || !know_magic(m, p))
		return refuse(name, p, n, err);
	/* The upper bits describe an FCS, which IP's length excludes
	 * anyway. */
	if (!m->pcapng)
		m->link = gs_get32(p + 20, m->swap) & 0x03ffffff;
	return 0;
}

/* Opens file i. Returns its descriptor or -1. */
static int
open_file(const struct gs_net_capture *c, size_t i, struct stat *st,
    struct gs_err *err)
{
	const char *path = c->path[i];
	int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) :
					  open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return gs_err_sys(err, errno, "%s", name_of(c, i));
	int bad = fstat(fd, st) == -1 ? errno :
	    S_ISDIR(st->st_mode)      ? EISDIR :
					0;
	if (bad == 0)
		return fd;
	(void)close(fd);
	return gs_err_sys(err, bad, "%s", name_of(c, i));
}

static void
reader_free(struct reader *r)
{
	if (r == NULL)
		return;
	if (r->fd != -1)
		(void)close(r->fd);
	/* Packets hold SIP with keys. */
	if (r->buf != NULL)
		explicit_bzero(r->buf, r->held);
	free(r->buf);
	free(r->section);
	free(r);
}

static struct reader *
reader_new(size_t file)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->file = file;
	r->fd = -1;
	r->given = true;
	r->buf = malloc(BUFFER + AHEAD * LINE);
	r->section = calloc(GS_CAPTURE_SECTION, sizeof(*r->section));
	if (r->buf != NULL && r->section != NULL)
		return r;
	reader_free(r);
	return NULL;
}

/* Opens file i up to its first record, and reads from it. */
static int
begin(struct gs_net_capture *c, size_t i, struct magic *m, struct gs_err *err)
{
	struct stat st = { 0 };
	struct reader *r = reader_new(i);

	if (r == NULL) {
		(void)gs_err_sys(err, ENOMEM, "%s", name_of(c, i));
		return -1;
	}
	r->next = c->open;
	c->r = c->open = r;
	c->opened++;
	r->fd = open_file(c, i, &st, err);
	if (r->fd == -1)
		return -1;
	r->regular = S_ISREG(st.st_mode);
	while (r->end < PCAP_HEADER && !r->eof)
		if (fill(c, err) == -1)
			return -1;
	if (read_magic(m, name_of(c, i), r->buf, r->end, err) == -1)
		return -1;
	r->pcapng = m->pcapng;
	r->swap = m->swap;
	r->nano = m->nano;
	r->record = m->modified ? 24 : 16;
	if (m->pcapng)
		return 0;
	struct gs_net_interface one = { .link = m->link,
		.tsresol = m->nano ? 9 : 6 };
	r->source = intern(c, &one, err);
	r->start = PCAP_HEADER;
	return r->source == NULL ? -1 : 0;
}

/* Closes r. */
static void
finish(struct gs_net_capture *c, struct reader *r)
{
	struct reader **at = &c->open;

	while (*at != NULL && *at != r)
		at = &(*at)->next;
	*at = r->next;
	c->r = c->open;
	c->opened--;
	reader_free(r);
}

/* Notes the format of file i, for the format of the output. */
static int
look_ahead(struct gs_net_capture *c, size_t i, struct gs_err *err)
{
	struct stat st = { 0 };
	struct magic m;
	uint8_t head[PCAP_HEADER];
	int fd = -1;

	if (strcmp(c->path[i], "-") != 0)
		fd = open_file(c, i, &st, err);
	else if (fstat(STDIN_FILENO, &st) == -1)
		return gs_err_sys(err, errno, "standard input");
	if (fd == -1 && strcmp(c->path[i], "-") != 0)
		return -1;
	if (fd == -1 || !S_ISREG(st.st_mode)) {
		c->format.pcapng = true;
		c->size = UINT64_MAX;
		if (fd != -1)
			(void)close(fd);
		return 0;
	}
	ssize_t n = pread(fd, head, sizeof(head), 0);
	(void)close(fd);
	if (n == -1)
		return gs_err_sys(err, errno, "%s", name_of(c, i));
	if (read_magic(&m, name_of(c, i), head, (size_t)n, err) == -1)
		return -1;
	c->format.pcapng |= m.pcapng || m.link != c->format.link;
	c->format.nano |= m.nano;
	if (c->size != UINT64_MAX)
		c->size += (uint64_t)st.st_size;
	return 0;
}

/* ---- pcapng (draft-ietf-opsawg-pcapng) */

/* Most bytes of an interface's options that are read. */
enum { IDB_MAX = 64 * 1024, NG_ORDER = 0x1a2b3c4d };

enum { NG_IDB = 1, NG_PB = 2, NG_SPB = 3, NG_EPB = 6, NG_DSB = 10 };

/* Octets of a block of secrets before them; the type of a TLS key log. */
enum { DSB_FIXED = 16, DSB_TLS = 0x544c534b };

enum { OPT_END = 0, OPT_NAME = 2, OPT_TSRESOL = 9, OPT_TSOFFSET = 14 };

static void
read_option(const struct gs_net_capture *c, struct gs_net_interface *i,
    unsigned code, const uint8_t *p, size_t n)
{
	if (code == OPT_TSRESOL && n >= 1)
		i->tsresol = p[0];
	if (code == OPT_TSOFFSET && n >= 8)
		i->tsoffset = (int64_t)gs_get64(p, c->r->swap);
	if (code == OPT_NAME) {
		n = n < sizeof(i->name) ? n : sizeof(i->name) - 1;
		memcpy(i->name, p, n);
	}
}

/* An interface description, of which n bytes are at p. */
static int
read_interface(struct gs_net_capture *c, const uint8_t *p, size_t n,
    struct gs_err *err)
{
	struct gs_net_interface i = { .tsresol = 6 };
	size_t at = 16;

	if (c->r->interfaces == GS_CAPTURE_SECTION)
		return damaged(c, position(c), "too many interfaces",
		    c->r->interfaces, err);
	i.link = gs_get16(p + 8, c->r->swap);
	while (n - at >= 4) {
		unsigned code = gs_get16(p + at, c->r->swap);
		size_t length = gs_get16(p + at + 2, c->r->swap);
		at += 4;
		if (code == OPT_END || length > n - at)
			break;
		read_option(c, &i, code, p + at, length);
		length = (length + 3) & ~(size_t)3;
		at = length > n - at ? n : at + length;
	}
	struct source *s = intern(c, &i, err);
	if (s == NULL)
		return -1;
	c->r->section[c->r->interfaces++] =
	    (struct section_interface){ .source = s,
		    .snaplen = gs_get32(p + 12, c->r->swap) };
	return 0;
}

/* A section header: its byte order is that of all blocks up to the next one,
 * and interfaces are counted from 0 again. */
static int
read_section(struct gs_net_capture *c, const uint8_t *p, struct gs_err *err)
{
	uint32_t order = gs_get32(p + 8, false);

	c->r->swap = order == __builtin_bswap32(NG_ORDER);
	if (!c->r->swap && order != NG_ORDER)
		return damaged(c, position(c),
		    "a section header with an unknown byte order", order, err);
	if (gs_get16(p + 12, c->r->swap) != 1)
		return damaged(c, position(c), "an unknown version of pcapng",
		    gs_get16(p + 12, c->r->swap), err);
	c->r->interfaces = 0;
	return 0;
}

/* The fixed part of a packet's block. */
struct block {
	uint32_t interface;
	uint64_t ticks;
	uint32_t n;
	uint32_t wire;
	size_t fixed; /* bytes before the packet's */
};

/* type is one of the three; h has at least 28 bytes or the SPB's 12. */
static void
read_fixed(const struct gs_net_capture *c, struct block *b, uint32_t type,
    uint32_t total, const uint8_t *h)
{
	if (type == NG_SPB) {
		uint32_t room = total - 16;
		uint32_t snaplen =
		    c->r->interfaces > 0 ? c->r->section[0].snaplen : 0;
		*b = (struct block){ .fixed = 12 };
		b->wire = gs_get32(h + 8, c->r->swap);
		b->n = b->wire < room ? b->wire : room;
		if (snaplen > 0 && b->n > snaplen)
			b->n = snaplen;
		return;
	}
	b->interface = type == NG_EPB ? gs_get32(h + 8, c->r->swap) :
					gs_get16(h + 8, c->r->swap);
	b->ticks = (uint64_t)gs_get32(h + 12, c->r->swap) << 32 |
	    gs_get32(h + 16, c->r->swap);
	b->n = gs_get32(h + 20, c->r->swap);
	b->wire = gs_get32(h + 24, c->r->swap);
	b->fixed = 28;
}

/* A block with a packet, of at least 12 bytes. */
static int
read_packet(struct gs_net_capture *c, struct gs_net_packet *p, uint32_t type,
    uint32_t total, struct gs_err *err)
{
	struct block b;
	uint64_t at = position(c);
	size_t fixed = type == NG_SPB ? 12 : 28;

	if (total < fixed + 4)
		return damaged(c, at, "a block too short for its type", total,
		    err);
	if (need_all(c, fixed, at, err) == -1)
		return -1;
	read_fixed(c, &b, type, total, c->r->buf + c->r->start);
	if (b.interface >= c->r->interfaces)
		return damaged(c, at, "a packet of an unknown interface",
		    b.interface, err);
	if (b.n > GS_CAPTURE_PACKET || b.n > total - fixed - 4)
		return damaged(c, at, "a packet that is too long", b.n, err);
	if (need_all(c, fixed + b.n, at, err) == -1)
		return -1;
	const struct source *s = c->r->section[b.interface].source;
	p->p = c->r->buf + c->r->start + fixed;
	p->n = b.n;
	p->wire = b.wire;
	p->ticks = b.ticks;
	p->ns = type == NG_SPB ? 0 : to_ns(s, b.ticks);
	p->interface = &s->pub;
	p->at = at;
	c->r->start += fixed + b.n;
	c->r->skip = total - fixed - b.n;
	return 1;
}

/* A block of secrets of total bytes, none of which has been read. Returns 2 or
 * -1. */
static int
read_secrets(struct gs_net_capture *c, uint32_t total, struct gs_err *err)
{
	uint64_t at = position(c);

	if (c->secrets == NULL || total < DSB_FIXED + 4)
		return 2;
	if (need_all(c, DSB_FIXED, at, err) == -1)
		return -1;
	const uint8_t *h = c->r->buf + c->r->start;
	uint32_t type = gs_get32(h + 8, c->r->swap);
	uint32_t left = gs_get32(h + 12, c->r->swap);

	if (type != DSB_TLS || left > total - DSB_FIXED - 4)
		return 2;
	c->r->start += DSB_FIXED;
	c->r->skip -= DSB_FIXED + left;
	while (left > 0) {
		uint32_t n =
		    left < GS_CAPTURE_SECRETS ? left : GS_CAPTURE_SECRETS;

		if (need_all(c, n, at, err) == -1)
			return -1;
		uint8_t *p = c->r->buf + c->r->start;
		left -= n;
		c->r->start += n;
		int r =
		    c->secrets(c->secrets_arg, gs_span(p, n), left == 0, err);
		explicit_bzero(p, n);
		if (r == -1)
			return -1;
	}
	return 2;
}

/* Reads one block. Returns 2 if it has no packet. */
static int
next_block(struct gs_net_capture *c, struct gs_net_packet *p,
    struct gs_err *err)
{
	int r = pass_over(c, err) == -1 ? -1 : need(c, 12, err);

	if (r != 1)
		return r;
	uint64_t at = position(c);
	uint32_t type = gs_get32(c->r->buf + c->r->start, c->r->swap);
	if (type == NG_MAGIC) { /* reads the same in both orders */
		if (need_all(c, 28, at, err) == -1 ||
		    read_section(c, c->r->buf + c->r->start, err) == -1)
			return -1;
	}
	uint32_t total = gs_get32(c->r->buf + c->r->start + 4, c->r->swap);
	if (total < 12 || total % 4 != 0 || (type == NG_MAGIC && total < 28) ||
	    (type == NG_IDB && total < 20))
		return damaged(c, at, "a block with an invalid length", total,
		    err);
	if (type == NG_EPB || type == NG_PB || type == NG_SPB)
		return read_packet(c, p, type, total, err);
	if (type == NG_IDB) {
		size_t n = total < IDB_MAX ? total : IDB_MAX;
		if (need_all(c, n, at, err) == -1 ||
		    read_interface(c, c->r->buf + c->r->start,
			total < IDB_MAX ? n - 4 : n, err) == -1)
			return -1;
	}
	c->r->skip = total;
	return type == NG_DSB ? read_secrets(c, total, err) : 2;
}

__attribute__((noinline)) static int
next_pcapng(struct gs_net_capture *c, struct gs_net_packet *p,
    struct gs_err *err)
{
	int r;

	do
		r = next_block(c, p, err);
	while (r == 2);
	return r;
}

/* ---- pcap */

/* Reads until a record is whole. Returns 1, 0 at the end of the file, -1. Not
 * inline, as are the other steps that few packets need: their variables would
 * take the registers of the others. */
__attribute__((noinline)) static int
fetch_record(struct gs_net_capture *c, struct gs_err *err)
{
	uint64_t at = position(c);
	int r = need(c, c->r->record, err);

	if (r != 1)
		return r;
	uint32_t n = gs_get32(c->r->buf + c->r->start + 8, c->r->swap);
	if (n > GS_CAPTURE_PACKET)
		return damaged(c, at, "a record that is too long", n, err);
	return need_all(c, c->r->record + n, at, err) == -1 ? -1 : 1;
}

/* Whether the next record is whole, and no longer than allowed. */
static inline bool
has_record(const struct reader *r)
{
	size_t have = r->end - r->start;

	if (have < r->record)
		return false;
	size_t n = gs_get32(r->buf + r->start + 8, r->swap);
	return n <= GS_CAPTURE_PACKET && n <= have - r->record;
}

static int
next_pcap(struct gs_net_capture *c, struct gs_net_packet *p, struct gs_err *err)
{
	struct reader *r = c->r;

	if (!has_record(r)) {
		int more = fetch_record(c, err);

		if (more != 1)
			return more;
	}
	const uint8_t *h = r->buf + r->start;
	uint64_t sec = gs_get32(h, r->swap), part = gs_get32(h + 4, r->swap);

	p->ticks = sec * (r->nano ? 1000000000 : 1000000) + part;
	p->ns = r->nano ? p->ticks : p->ticks * 1000;
	p->p = h + r->record;
	p->n = gs_get32(h + 8, r->swap);
	p->wire = gs_get32(h + 12, r->swap);
	p->interface = &r->source->pub;
	p->at = r->base + r->start;
	r->start += r->record + p->n;
	for (int i = 0; i < AHEAD; i++)
		__builtin_prefetch(r->buf + r->start + i * LINE);
	return 1;
}

/* ---- all files */

/* The next packet of the reader being read; all of *p but its number. */
static int
next_of(struct gs_net_capture *c, struct gs_net_packet *p, struct gs_err *err)
{
	p->file = (uint32_t)c->r->file;
	return c->r->pcapng ? next_pcapng(c, p, err) : next_pcap(c, p, err);
}

/* When file i begins; an unreadable file comes last. */
static uint64_t
begin_of(struct gs_net_capture *c, size_t i)
{
	struct gs_net_packet p = { 0 };
	struct magic m;
	struct gs_err later;
	int r = begin(c, i, &m, &later);

	if (r == 0)
		r = next_of(c, &p, &later);
	if (c->r != NULL && c->r->file == i)
		finish(c, c->r);
	return r == 1 ? p.ns : UINT64_MAX;
}

/* Whether all files are regular and can be read twice. */
static bool
can_merge(const struct gs_net_capture *c)
{
	for (size_t i = 0; i < c->paths; i++)
		if (strcmp(c->path[i], "-") == 0)
			return false;
	return c->paths > 1 && c->size != UINT64_MAX;
}

static int
earlier(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return x->file < y->file ? -1 : x->file > y->file;
}

/* The order in which files are opened: by their beginning, if known. */
static int
order(struct gs_net_capture *c, struct gs_err *err)
{
	c->turn = calloc(c->paths, sizeof(*c->turn));
	if (c->turn == NULL)
		return gs_err_sys(err, ENOMEM, "%s", name_of(c, 0));
	for (size_t i = 0; i < c->paths; i++)
		c->turn[i].file = i;
	if (!can_merge(c))
		return 0;
	for (size_t i = 0; i < c->paths; i++)
		c->turn[i].ns = begin_of(c, i);
	qsort(c->turn, c->paths, sizeof(*c->turn), earlier);
	return 0;
}

static int
open_all(struct gs_net_capture *c, struct gs_err *err)
{
	struct magic m;
	struct stat st;

	if (begin(c, 0, &m, err) == -1)
		return -1;
	c->format = (struct gs_net_capture_format){ .pcapng = m.pcapng,
		.nano = m.nano,
		.link = m.link };
	c->size = UINT64_MAX;
	if (c->r->regular && fstat(c->r->fd, &st) == 0)
		c->size = (uint64_t)st.st_size;
	for (size_t i = 1; i < c->paths; i++)
		if (look_ahead(c, i, err) == -1)
			return -1;
	if (can_merge(c))
		finish(c, c->r);
	else
		c->turns = 1;
	return order(c, err);
}

struct gs_net_capture *
gs_net_capture_open(const char *const *path, size_t n, struct gs_err *err)
{
	struct gs_net_capture *c = calloc(1, sizeof(*c));

	if (c == NULL || n == 0) {
		(void)gs_err_sys(err, c == NULL ? ENOMEM : EINVAL, "capture");
		free(c);
		return NULL;
	}
	c->path = path;
	c->paths = n;
	if (open_all(c, err) == 0)
		return c;
	gs_net_capture_close(c);
	return NULL;
}

void
gs_net_capture_close(struct gs_net_capture *c)
{
	if (c == NULL)
		return;
	while (c->open != NULL)
		finish(c, c->open);
	free(c->turn);
	for (uint32_t i = 0; i < c->sources; i++)
		free(c->all[i]);
	gs_net_amsdu_free(&c->parts);
	free(c);
}

/* The reader with the earliest packet. */
static struct reader *
earliest(const struct gs_net_capture *c)
{
	struct reader *best = c->open;

	for (struct reader *r = c->open; r != NULL; r = r->next)
		if (r->packet.ns < best->packet.ns ||
		    (r->packet.ns == best->packet.ns && r->file < best->file))
			best = r;
	return best;
}

/* Opens the files that are due: if none is open, or the open ones begin no
 * earlier. */
static int
open_next(struct gs_net_capture *c, struct gs_err *err)
{
	while (c->turns < c->paths && c->opened < GS_CAPTURE_OPEN) {
		const struct turn *t = &c->turn[c->turns];
		struct reader *first = earliest(c);
		struct magic m;

		if (first != NULL && (t->ns == 0 || t->ns >= first->packet.ns))
			break;
		c->turns++;
		if (begin(c, t->file, &m, err) == -1)
			return -1;
		int r = next_of(c, &c->r->packet, err);
		if (r == -1)
			return -1;
		c->r->given = false;
		if (r == 1)
			continue;
		c->before += position(c);
		finish(c, c->r);
	}
	return 0;
}

/* Reads the packet after the one that was returned. */
static int
go_on(struct gs_net_capture *c, struct gs_err *err)
{
	int r;

	if (c->r == NULL || !c->r->given)
		return 0;
	r = next_of(c, &c->r->packet, err);
	if (r == 0) {
		c->before += position(c);
		finish(c, c->r);
	} else if (r == 1) {
		c->r->given = false;
	}
	return r == -1 ? -1 : 0;
}

/* Whether only c->r is left to be read. */
static bool
is_last(const struct gs_net_capture *c)
{
	return c->opened == 1 && c->turns == c->paths && c->r->given;
}

/* The next packet of all files. Returns 1, 0 at the end, -1. */
__attribute__((noinline)) static int
next_of_all(struct gs_net_capture *c, struct gs_net_packet *p,
    struct gs_err *err)
{
	if (go_on(c, err) == -1 || open_next(c, err) == -1)
		return -1;
	c->r = earliest(c);
	if (c->r == NULL)
		return 0;
	*p = c->r->packet;
	c->r->given = true;
	return 1;
}

/* The same if one file is left: a long capture's packets are not copied. */
static int
next_of_last(struct gs_net_capture *c, struct gs_net_packet *p,
    struct gs_err *err)
{
	int r = next_of(c, p, err);

	if (r == 0) {
		c->before += position(c);
		finish(c, c->r);
	}
	return r;
}

int
gs_net_capture_next(struct gs_net_capture *c, struct gs_net_packet *p,
    struct gs_err *err)
{
	if (gs_net_amsdu_any(&c->parts) && gs_net_amsdu_next(&c->parts, p))
		return 1;
	int r = is_last(c) ? next_of_last(c, p, err) : next_of_all(c, p, err);

	if (r != 1)
		return c->draining ? 0 : r;
	if (p->wire < p->n)
		p->wire = p->n;
	p->frame = ++c->frames;
	gs_net_amsdu_begin(&c->parts, p);
	return 1;
}

void
gs_net_capture_secrets(struct gs_net_capture *c,
    int (*take)(void *arg, struct gs_span piece, bool last, struct gs_err *err),
    void *arg)
{
	c->secrets = take;
	c->secrets_arg = arg;
}

bool
gs_net_capture_idle(const struct gs_net_capture *c)
{
	if (c->r == NULL)
		return false;
	size_t have = c->r->end - c->r->start;
	uint64_t want = c->r->skip + 8;

	if (c->r->regular || c->r->eof)
		return false;
	if (c->r->pcapng && have >= want)
		want = c->r->skip +
		    gs_get32(c->r->buf + c->r->start + c->r->skip + 4,
			c->r->swap);
	if (!c->r->pcapng)
		want = c->r->record;
	if (!c->r->pcapng && have >= want)
		want += gs_get32(c->r->buf + c->r->start + 8, c->r->swap);
	return have < want;
}

uint64_t
gs_net_capture_position(const struct gs_net_capture *c)
{
	uint64_t all = c->before;

	for (const struct reader *r = c->open; r != NULL; r = r->next)
		all += r->base + r->start;
	return all;
}

uint64_t
gs_net_capture_size(const struct gs_net_capture *c)
{
	return c->size == UINT64_MAX ? 0 : c->size;
}

struct gs_net_capture_format
gs_net_capture_format(const struct gs_net_capture *c)
{
	return c->format;
}

const char *
gs_net_capture_path(const struct gs_net_capture *c, uint32_t i)
{
	return i < c->paths ? c->path[i] : "";
}
