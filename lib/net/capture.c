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
#include "net/capture_priv.h"

/* Holds any record that is read as a whole. */
enum {
	BUFFER = 512 * 1024,
	PCAP_HEADER = 24,
	DRAIN_MS = 500,
	DRAIN_BYTES = 128 * 1024,
};

/* What the first bytes of a file say. */
struct magic {
	bool pcapng;
	bool swap;
	bool nano;
	bool modified;
	uint32_t link;
};

static const char *
name_of(const struct gs_capture *c, size_t i)
{
	return strcmp(c->path[i], "-") == 0 ? "standard input" : c->path[i];
}

int
gs_capture_damaged(const struct gs_capture *c, uint64_t at, const char *what,
    uint64_t n, struct gs_err *err)
{
	return gs_err_set(err, "%s: at byte %" PRIu64 ": %s (%" PRIu64 ")",
	    name_of(c, c->file), at, what, n);
}

/* ---- bytes */

static void
make_room(struct gs_capture *c, size_t n)
{
	if (c->start == c->end || BUFFER - c->start < n) {
		memmove(c->buf, c->buf + c->start, c->end - c->start);
		c->base += c->start;
		c->end -= c->start;
		c->start = 0;
	}
}

void
gs_capture_drain(struct gs_capture *c)
{
	if (!c->draining)
		c->drain = DRAIN_BYTES;
	c->draining = true;
}

/* Whether a pipe that is drained brings more. */
static bool
comes(const struct gs_capture *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };

	return !c->regular && c->drain > 0 && poll(&p, 1, DRAIN_MS) == 1;
}

/* A read() that a signal may end: then what is in the pipe still comes. */
static ssize_t
read_some(struct gs_capture *c)
{
	size_t room = BUFFER - c->end;
	ssize_t k;

	if (c->draining && !comes(c))
		return 0;
	if (c->draining && room > c->drain)
		room = c->drain;
	k = read(c->fd, c->buf + c->end, room);
	if (c->draining && k > 0)
		c->drain -= (size_t)k;
	return k;
}

/* One read(). Returns 1, 0 at the end of the file, -1. */
static int
fill(struct gs_capture *c, size_t n, struct gs_err *err)
{
	ssize_t k;

	make_room(c, n);
	while ((k = read_some(c)) == -1 && errno == EINTR)
		gs_capture_drain(c);
	if (k == -1)
		return gs_err_sys(err, errno,
		    "%s: cannot read at byte %" PRIu64, name_of(c, c->file),
		    c->base + c->end);
	c->end += (size_t)k;
	c->eof = k == 0;
	return k > 0;
}

int
gs_capture_need(struct gs_capture *c, size_t n, struct gs_err *err)
{
	while (c->end - c->start < n) {
		int r = c->eof ? 0 : fill(c, n, err);
		if (r == -1)
			return -1;
		if (r == 1)
			continue;
		if (c->start == c->end)
			return 0;
		return gs_err_set(err,
		    "%s: cut short: the file ends inside "
		    "the record at byte %" PRIu64 ", all packets before "
		    "it are whole",
		    name_of(c, c->file), position(c));
	}
	return 1;
}

int
gs_capture_need_all(struct gs_capture *c, size_t n, uint64_t at,
    struct gs_err *err)
{
	int r = gs_capture_need(c, n, err);

	if (r == 1)
		return 0;
	return gs_err_set(err,
	    "%s: cut short: the file ends inside the "
	    "record at byte %" PRIu64 ", all packets before it are whole",
	    name_of(c, c->file), at);
}

int
gs_capture_pass_over(struct gs_capture *c, struct gs_err *err)
{
	uint64_t at = position(c);

	while (c->skip > 0) {
		if (c->start == c->end &&
		    gs_capture_need_all(c, 1, at, err) == -1)
			return -1;
		size_t n = c->end - c->start;
		n = n < c->skip ? n : (size_t)c->skip;
		c->start += n;
		c->skip -= n;
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

uint64_t
gs_capture_ns(const struct source *s, uint64_t ticks)
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

struct source *
gs_capture_intern(struct gs_capture *c, const struct gs_interface *want,
    struct gs_err *err)
{
	for (uint32_t i = 0; i < c->sources; i++) {
		struct gs_interface *have = &c->all[i]->pub;
		if (have->link == want->link &&
		    have->tsresol == want->tsresol &&
		    have->tsoffset == want->tsoffset &&
		    strcmp(have->name, want->name) == 0)
			return c->all[i];
	}
	if (c->sources == GS_CAPTURE_INTERFACES) {
		(void)gs_capture_damaged(c, position(c), "too many interfaces",
		    c->sources, err);
		return NULL;
	}
	struct source *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		(void)gs_err_sys(err, ENOMEM, "%s", name_of(c, c->file));
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
	    n < PCAP_HEADER ? "too short for a capture" :
			      "not a capture: neither pcap nor pcapng");
}

/* Reads the first four bytes; false when they are no capture's. */
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
	uint32_t v = get32(p, false);

	*m = (struct magic){ .pcapng = v == GS_PCAPNG_MAGIC };
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
gs_capture_is(struct gs_span begin)
{
	struct magic m;

	return begin.n >= 4 && know_magic(&m, (const uint8_t *)begin.p);
}

/* Reads the first n bytes of a file, PCAP_HEADER if it has so many. */
static int
read_magic(struct magic *m, const char *name, const uint8_t *p, size_t n,
    struct gs_err *err)
{
	*m = (struct magic){ 0 };
	if (n < PCAP_HEADER || !know_magic(m, p))
		return refuse(name, p, n, err);
	/* The upper bits tell of an FCS, which IP's length tells. */
	if (!m->pcapng)
		m->link = get32(p + 20, m->swap) & 0x03ffffff;
	return 0;
}

/* Opens file i. Returns its descriptor or -1. */
static int
open_file(const struct gs_capture *c, size_t i, struct stat *st,
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

/* Makes file i the one that is read, up to its first record. */
static int
begin(struct gs_capture *c, size_t i, struct magic *m, struct gs_err *err)
{
	struct stat st = { 0 };

	c->file = i;
	c->fd = open_file(c, i, &st, err);
	if (c->fd == -1)
		return -1;
	c->regular = S_ISREG(st.st_mode);
	c->start = c->end = 0;
	c->base = c->skip = 0;
	c->eof = false;
	c->interfaces = 0;
	while (c->end < PCAP_HEADER && !c->eof)
		if (fill(c, PCAP_HEADER, err) == -1)
			return -1;
	if (read_magic(m, name_of(c, i), c->buf, c->end, err) == -1)
		return -1;
	c->pcapng = m->pcapng;
	c->swap = m->swap;
	c->nano = m->nano;
	c->record = m->modified ? 24 : 16;
	if (m->pcapng)
		return 0;
	struct gs_interface one = { .link = m->link,
		.tsresol = m->nano ? 9 : 6 };
	c->source = gs_capture_intern(c, &one, err);
	c->start = PCAP_HEADER;
	return c->source == NULL ? -1 : 0;
}

/* What file i will bring, for the format of what is written. */
static int
look_ahead(struct gs_capture *c, size_t i, struct gs_err *err)
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

/* ---- opening and closing */

static int
open_all(struct gs_capture *c, struct gs_err *err)
{
	struct magic m;
	struct stat st;

	if (begin(c, 0, &m, err) == -1)
		return -1;
	c->format = (struct gs_capture_format){ .pcapng = m.pcapng,
		.nano = m.nano,
		.link = m.link };
	c->size = UINT64_MAX;
	if (c->regular && fstat(c->fd, &st) == 0)
		c->size = (uint64_t)st.st_size;
	for (size_t i = 1; i < c->paths; i++)
		if (look_ahead(c, i, err) == -1)
			return -1;
	return 0;
}

struct gs_capture *
gs_capture_open(const char *const *path, size_t n, struct gs_err *err)
{
	struct gs_capture *c = calloc(1, sizeof(*c));

	if (c == NULL || n == 0) {
		(void)gs_err_sys(err, c == NULL ? ENOMEM : EINVAL, "capture");
		free(c);
		return NULL;
	}
	c->fd = -1;
	c->path = path;
	c->paths = n;
	c->buf = malloc(BUFFER);
	c->section = calloc(GS_CAPTURE_SECTION, sizeof(*c->section));
	if (c->buf == NULL || c->section == NULL)
		(void)gs_err_sys(err, ENOMEM, "%s", name_of(c, 0));
	else if (open_all(c, err) == 0)
		return c;
	gs_capture_close(c);
	return NULL;
}

void
gs_capture_close(struct gs_capture *c)
{
	if (c == NULL)
		return;
	if (c->fd != -1)
		(void)close(c->fd);
	/* Packets hold SIP with keys. */
	if (c->buf != NULL)
		explicit_bzero(c->buf, BUFFER);
	free(c->buf);
	free(c->section);
	for (uint32_t i = 0; i < c->sources; i++)
		free(c->all[i]);
	free(c);
}

/* ---- pcap */

static int
next_pcap(struct gs_capture *c, struct gs_packet *p, struct gs_err *err)
{
	uint64_t at = position(c);
	int r = gs_capture_need(c, c->record, err);

	if (r != 1)
		return r;
	const uint8_t *h = c->buf + c->start;
	uint32_t n = get32(h + 8, c->swap);
	if (n > GS_CAPTURE_PACKET)
		return gs_capture_damaged(c, at, "a record with too many bytes",
		    n, err);
	if (gs_capture_need_all(c, c->record + n, at, err) == -1)
		return -1;
	h = c->buf + c->start;
	uint64_t sec = get32(h, c->swap), part = get32(h + 4, c->swap);
	p->ticks = sec * (c->nano ? 1000000000 : 1000000) + part;
	p->ns = c->nano ? p->ticks : p->ticks * 1000;
	p->p = h + c->record;
	p->n = n;
	p->wire = get32(h + 12, c->swap);
	p->interface = &c->source->pub;
	p->at = at;
	c->start += c->record + n;
	return 1;
}

/* ---- all files */

int
gs_capture_next(struct gs_capture *c, struct gs_packet *p, struct gs_err *err)
{
	struct magic m;
	int r;

	while ((r = c->pcapng ? gs_pcapng_next(c, p, err) :
				next_pcap(c, p, err)) == 0) {
		if (c->file + 1 == c->paths)
			return 0;
		c->before += position(c);
		(void)close(c->fd);
		c->fd = -1;
		if (begin(c, c->file + 1, &m, err) == -1)
			return -1;
	}
	if (r == -1)
		return c->draining ? 0 : -1;
	if (p->wire < p->n)
		p->wire = p->n;
	p->frame = ++c->frames;
	p->file = (uint32_t)c->file;
	return 1;
}

bool
gs_capture_idle(const struct gs_capture *c)
{
	size_t have = c->end - c->start;
	uint64_t want = c->skip + 8;

	if (c->regular || c->eof)
		return false;
	if (c->pcapng && have >= want)
		want =
		    c->skip + get32(c->buf + c->start + c->skip + 4, c->swap);
	if (!c->pcapng)
		want = c->record;
	if (!c->pcapng && have >= want)
		want += get32(c->buf + c->start + 8, c->swap);
	return have < want;
}

uint64_t
gs_capture_position(const struct gs_capture *c)
{
	return c->before + position(c);
}

uint64_t
gs_capture_size(const struct gs_capture *c)
{
	return c->size == UINT64_MAX ? 0 : c->size;
}

struct gs_capture_format
gs_capture_format(const struct gs_capture *c)
{
	return c->format;
}

const char *
gs_capture_path(const struct gs_capture *c, uint32_t i)
{
	return i < c->paths ? c->path[i] : "";
}
