/* SPDX-License-Identifier: MIT */
/* Reads text from gzip, xz, UTF-16 or UTF-32. zlib and liblzma are loaded only
 * when a file requires them, so that the programs start without them. */
#include "text/unpack.h"

#include <dlfcn.h>
#include <stdlib.h>

#include <lzma.h>
#include <zlib.h>

#include "base/bytes.h"
#include "base/diag.h"

enum {
	MAGIC = 6, /* octets that identify the format */
	PIECE = 64 * 1024,
	LZMA_MEMORY = 128 * 1024 * 1024, /* xz -9 needs 65 MiB */
	GZIP = 16, /* added to the window's bits: expect its header */
};

enum kind { UNKNOWN, AS_IS, GZ, XZ };

struct gs_text_unpack {
	int (*give)(void *arg, struct gs_span bytes, struct gs_err *err);
	void *arg;
	enum kind kind;
	uint8_t magic[MAGIC];
	size_t n; /* of magic */
	void *library; /* stays loaded for later files */
	uint64_t out; /* octets of output */
	bool done; /* the packed stream has ended */

	z_stream z;
	__typeof__(inflate) *inflate;
	__typeof__(inflateReset) *reset;
	__typeof__(inflateEnd) *end_z;
	lzma_stream xz;
	lzma_allocator allocator;
	__typeof__(lzma_code) *code;
	__typeof__(lzma_end) *end_xz;

	/* UTF-16 and UTF-32 */
	uint8_t lead[4]; /* the first octets of the text */
	unsigned leads;
	bool looked; /* at them */
	unsigned width; /* octets of a code unit; 0: it is neither */
	bool big; /* big-endian */
	uint32_t unit; /* that is not complete yet, */
	unsigned units; /* and how many octets it has */
	uint32_t high; /* a surrogate that is kept; 0: none */
	struct gs_buf text;
	uint8_t room[PIECE];
};

static const struct gs_span gz_magic = { "\x1f\x8b\x08", 3 };
static const struct gs_span xz_magic = { "\xfd"
					 "7zXZ\0",
	6 };

/* ---- memory of the libraries, which holds what they unpack */

union header {
	size_t n;
	max_align_t align;
};

static void *
get(void *arg, size_t many, size_t size)
{
	union header *h = NULL;

	(void)arg;
	if (size > 0 && many < (SIZE_MAX - sizeof(*h)) / size)
		h = calloc(1, sizeof(*h) + many * size);
	if (h == NULL)
		return NULL;
	h->n = many * size;
	return h + 1;
}

static void
put(void *arg, void *p)
{
	union header *h = p;

	(void)arg;
	if (h == NULL)
		return;
	h--;
	explicit_bzero(h, sizeof(*h) + h->n);
	free(h);
}

static voidpf
get_z(voidpf arg, uInt many, uInt size)
{
	return get(arg, many, size);
}

struct gs_text_unpack *
gs_text_unpack_new(
    int (*give)(void *arg, struct gs_span bytes, struct gs_err *err), void *arg)
{
	struct gs_text_unpack *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return NULL;
	u->give = give;
	u->arg = arg;
	gs_buf_init(&u->text, 2 * (size_t)PIECE);
	return u;
}

void
gs_text_unpack_free(struct gs_text_unpack *u)
{
	if (u == NULL)
		return;
	if (u->kind == GZ && u->end_z != NULL)
		(void)u->end_z(&u->z);
	if (u->kind == XZ && u->end_xz != NULL)
		u->end_xz(&u->xz);
	gs_buf_free(&u->text);
	explicit_bzero(u, sizeof(*u));
	free(u);
}

/* ---- UTF-16 and UTF-32 */

/* The next code unit as UTF-8; a surrogate without its other half, and what
 * no character has, become U+FFFD. */
static void
put_unit(struct gs_text_unpack *u, uint32_t unit)
{
	bool low = unit >= 0xdc00 && unit <= 0xdfff;

	if (unit > 0x10ffff)
		unit = 0xfffd;
	if (u->high != 0 && low)
		unit = 0x10000 + ((u->high - 0xd800) << 10) + (unit - 0xdc00);
	else if (u->high != 0 || low)
		gs_buf_put_utf8(&u->text, 0xfffd);
	u->high = 0;
	if (unit >= 0xd800 && unit <= 0xdbff)
		u->high = unit;
	else if (unit != 0xfeff && (unit < 0xdc00 || unit > 0xdfff))
		gs_buf_put_utf8(&u->text, unit);
}

static void
put_wide(struct gs_text_unpack *u, struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint32_t octet = (uint8_t)s.p[i];
		unsigned last = u->width - 1;

		u->unit |= octet << 8 * (u->big ? last - u->units : u->units);
		if (u->units++ < last)
			continue;
		put_unit(u, u->unit);
		u->unit = u->units = 0;
	}
}

static int
give_text(struct gs_text_unpack *u, struct gs_span s, struct gs_err *err)
{
	u->out += s.n;
	if (u->kind != AS_IS && u->out > GS_UNPACK_MAX)
		return gs_err_set(err, "unpacked it has more than 64 MiB");
	if (u->width == 0)
		return s.n > 0 ? u->give(u->arg, s, err) : 0;
	while (s.n > 0) {
		size_t n = s.n < PIECE ? s.n : PIECE;

		put_wide(u, gs_span(s.p, n));
		s = gs_span_skip(s, n);
		if (!gs_buf_ok(&u->text))
			return gs_err_set(err, "no memory for a text");
		if (u->give(u->arg, gs_buf_span(&u->text), err) == -1)
			return -1;
		gs_buf_clear(&u->text);
	}
	return 0;
}

/* The first octets of the unpacked text tell whether it is UTF-16 or UTF-32,
 * and in which byte order. */
static void
look(struct gs_text_unpack *u, struct gs_span begin)
{
	u->looked = true;
	u->width = gs_span_is_utf32(begin) ? 4 :
	    gs_span_is_utf16(begin)        ? 2 :
					     0;
	u->big = u->width > 0 && (begin.p[0] == '\0' || begin.p[0] == '\xfe');
}

/* The first octets of the text are known: decides, and passes them on. */
static int
take_lead(struct gs_text_unpack *u, struct gs_err *err)
{
	struct gs_span s = gs_span(u->lead, u->leads);

	look(u, s);
	return s.n > 0 ? give_text(u, s, err) : 0;
}

static int
take_text(struct gs_text_unpack *u, struct gs_span s, struct gs_err *err)
{
	if (!u->looked && u->leads == 0 && s.n >= sizeof(u->lead))
		look(u, s);
	while (!u->looked && s.n > 0) {
		u->lead[u->leads++] = (uint8_t)*s.p;
		s = gs_span_skip(s, 1);
		if (u->leads == sizeof(u->lead) && take_lead(u, err) == -1)
			return -1;
	}
	return s.n > 0 ? give_text(u, s, err) : 0;
}

/* ---- gzip and xz */

static bool
load(struct gs_text_unpack *u, const char *name)
{
	u->library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	return u->library != NULL;
}

/* to is the address of a pointer to a function. */
static bool
find(const struct gs_text_unpack *u, const char *name, void *to)
{
	void *p = dlsym(u->library, name);

	memcpy(to, &p, sizeof(p));
	return p != NULL;
}

static bool
begin_gz(struct gs_text_unpack *u)
{
	__typeof__(inflateInit2_) *init;

	u->z = (z_stream){ .zalloc = get_z, .zfree = put };
	return load(u, "libz.so.1") && find(u, "inflateInit2_", &init) &&
	    find(u, "inflate", &u->inflate) &&
	    find(u, "inflateReset", &u->reset) &&
	    init(&u->z, GZIP + MAX_WBITS, ZLIB_VERSION, sizeof(u->z)) == Z_OK &&
	    find(u, "inflateEnd", &u->end_z);
}

static bool
begin_xz(struct gs_text_unpack *u)
{
	__typeof__(lzma_stream_decoder) *init;

	u->allocator = (lzma_allocator){ .alloc = get, .free = put };
	u->xz = (lzma_stream)LZMA_STREAM_INIT;
	u->xz.allocator = &u->allocator;
	return load(u, "liblzma.so.5") &&
	    find(u, "lzma_stream_decoder", &init) &&
	    find(u, "lzma_code", &u->code) && find(u, "lzma_end", &u->end_xz) &&
	    init(&u->xz, LZMA_MEMORY, LZMA_CONCATENATED) == LZMA_OK;
}

static int
begin(struct gs_text_unpack *u, struct gs_span s, struct gs_err *err)
{
	if (gs_span_starts(s, gz_magic)) {
		u->kind = GZ;
		return begin_gz(u) ?
		    0 :
		    gs_err_set(err, "it is gzip, and zlib does not work");
	}
	if (gs_span_starts(s, xz_magic)) {
		u->kind = XZ;
		return begin_xz(u) ?
		    0 :
		    gs_err_set(err, "it is xz, and liblzma does not work");
	}
	u->kind = AS_IS;
	return 0;
}

/* Unpacks into u->room. Returns the number of octets, or -1 if damaged. */
static int
inflate_some(struct gs_text_unpack *u, struct gs_span *s)
{
	int r;

	/* Several streams may follow each other, with NUL between them. */
	if (u->done && *s->p == '\0') {
		*s = gs_span_skip(*s, gs_span_run(*s, '\0', '\0'));
		return 0;
	}
	u->z.next_in = (Bytef *)(uintptr_t)s->p;
	u->z.avail_in = (uInt)s->n;
	u->z.next_out = u->room;
	u->z.avail_out = PIECE;
	if (u->done && u->reset(&u->z) != Z_OK)
		return -1;
	r = u->inflate(&u->z, Z_NO_FLUSH);
	u->done = r == Z_STREAM_END;
	*s = gs_span(u->z.next_in, u->z.avail_in);
	return r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR ?
	    (int)(PIECE - u->z.avail_out) :
	    -1;
}

static int
decode_some(struct gs_text_unpack *u, struct gs_span *s, lzma_action action)
{
	lzma_ret r;

	u->xz.next_in = (const uint8_t *)s->p;
	u->xz.avail_in = s->n;
	u->xz.next_out = u->room;
	u->xz.avail_out = PIECE;
	r = u->code(&u->xz, action);
	u->done = r == LZMA_STREAM_END;
	*s = gs_span(u->xz.next_in, u->xz.avail_in);
	return r == LZMA_OK || r == LZMA_STREAM_END || r == LZMA_BUF_ERROR ?
	    (int)(PIECE - u->xz.avail_out) :
	    -1;
}

/* last: s is the end. */
static int
unpack(struct gs_text_unpack *u, struct gs_span s, bool last,
    struct gs_err *err)
{
	int n = PIECE;

	while (s.n > 0 || n == PIECE) {
		n = u->kind == GZ ?
		    (s.n > 0 || !u->done ? inflate_some(u, &s) : 0) :
		    decode_some(u, &s, last ? LZMA_FINISH : LZMA_RUN);
		if (n == -1)
			return gs_err_set(err, "the %s data is damaged",
			    u->kind == GZ ? "gzip" : "xz");
		if (take_text(u, gs_span(u->room, (size_t)n), err) == -1)
			return -1;
	}
	return 0;
}

static int
take(struct gs_text_unpack *u, struct gs_span s, struct gs_err *err)
{
	return u->kind == AS_IS ? take_text(u, s, err) :
				  unpack(u, s, false, err);
}

/* Reads the octets kept until the format was known. */
static int
take_magic(struct gs_text_unpack *u, struct gs_err *err)
{
	struct gs_span s = gs_span(u->magic, u->n);

	return begin(u, s, err) == 0 ? take(u, s, err) : -1;
}

int
gs_text_unpack_feed(struct gs_text_unpack *u, struct gs_span s,
    struct gs_err *err)
{
	if (u->kind == UNKNOWN && u->n == 0 && s.n >= MAGIC &&
	    begin(u, s, err) == -1)
		return -1;
	while (u->kind == UNKNOWN && s.n > 0) {
		u->magic[u->n++] = (uint8_t)*s.p;
		s = gs_span_skip(s, 1);
		if (u->n == MAGIC && take_magic(u, err) == -1)
			return -1;
	}
	return u->kind == UNKNOWN || s.n == 0 ? 0 : take(u, s, err);
}

int
gs_text_unpack_end(struct gs_text_unpack *u, struct gs_err *err)
{
	if (u->kind == UNKNOWN && u->n > 0 && take_magic(u, err) == -1)
		return -1;
	if (u->kind == XZ && !u->done &&
	    unpack(u, gs_span(NULL, 0), true, err) == -1)
		return -1;
	if ((u->kind == GZ || u->kind == XZ) && !u->done)
		return gs_err_set(err, "the %s data ends too early",
		    u->kind == GZ ? "gzip" : "xz");
	return u->looked || u->leads == 0 ? 0 : take_lead(u, err);
}

bool
gs_text_unpacks(const struct gs_text_unpack *u)
{
	return u->kind == GZ || u->kind == XZ || u->width > 0;
}

bool
gs_text_unpack_is(struct gs_span begin)
{
	return gs_span_starts(begin, gz_magic) ||
	    gs_span_starts(begin, xz_magic) || gs_span_is_utf32(begin) ||
	    gs_span_is_utf16(begin);
}
