/* SPDX-License-Identifier: MIT */
/* What is in place: the bytes, modes and links of a set, and their meaning. */
#include "cert/state.h"

#include <sys/stat.h>

#include <errno.h>
#include <unistd.h>

#include "base/file.h"

static void
take_stat(struct gs_item *it, const struct stat *st)
{
	it->mode = st->st_mode & 07777;
	it->uid = st->st_uid;
	it->gid = st->st_gid;
	it->dev = st->st_dev;
	it->ino = st->st_ino;
	it->mtime = st->st_mtime;
}

static int
look(const char *path, struct gs_item *it, struct gs_err *err)
{
	struct stat st;

	if (lstat(path, &st) == -1) {
		if (errno == ENOENT || errno == ENOTDIR)
			return 0;
		return gs_err_sys(err, errno, "%s", path);
	}
	it->type = S_ISREG(st.st_mode) ? GS_ITEM_FILE :
	    S_ISLNK(st.st_mode)        ? GS_ITEM_LINK :
	    S_ISDIR(st.st_mode)        ? GS_ITEM_FOLDER :
					 GS_ITEM_OTHER;
	if (it->type == GS_ITEM_LINK) {
		ssize_t n = readlink(path, it->target, GS_PATH_SIZE - 1);
		if (n == -1)
			return gs_err_sys(err, errno, "%s", path);
		it->target[n] = '\0';
		if (stat(path, &st) == -1) {
			if (errno != ENOENT && errno != ELOOP &&
			    errno != ENOTDIR)
				return gs_err_sys(err, errno, "%s", path);
			it->dangling = true;
			return 0;
		}
		it->dangling = !S_ISREG(st.st_mode);
	}
	take_stat(it, &st);
	return 0;
}

/* Owner and mode are those of the very file that is read: in a folder of
 * somebody else it may have been replaced since look(). */
static int
read_file(const char *path, struct gs_item *it, struct gs_err *err)
{
	struct gs_reader r;
	struct stat st;
	int rc;

	if (gs_reader_open(&r, path, err) == -1)
		return -1;
	if (fstat(r.fd, &st) == 0) {
		take_stat(it, &st);
		rc = gs_reader_rest(&r, path, &it->bytes, err);
	} else {
		rc = gs_err_sys(err, errno, "%s", path);
	}
	gs_reader_close(&r);
	return rc;
}

static bool
readable(const struct gs_item *it)
{
	return it->type == GS_ITEM_FILE ||
	    (it->type == GS_ITEM_LINK && !it->dangling);
}

/* An earlier place with the same file behind it, or i. */
static size_t
same_file(const struct gs_state *st, size_t i)
{
	const struct gs_item *it = &st->item[i];

	for (size_t k = 0; k < i; k++)
		if (st->item[k].same == k && readable(&st->item[k]) &&
		    st->item[k].dev == it->dev && st->item[k].ino == it->ino)
			return k;
	return i;
}

/* An earlier place with equal bytes, or i. */
static size_t
same_bytes(const struct gs_state *st, size_t i)
{
	struct gs_span bytes = gs_buf_span(&st->item[i].bytes);

	for (size_t k = 0; k < i; k++)
		if (st->item[k].same == k && readable(&st->item[k]) &&
		    gs_span_eq(gs_buf_span(&st->item[k].bytes), bytes))
			return k;
	return i;
}

/* The text of the first private key. */
static struct gs_span
key_block(struct gs_span s)
{
	size_t label = gs_span_find(s, GS_LIT("PRIVATE KEY-----"));
	size_t from = label;

	while (from > 0 && from < s.n && s.p[from - 1] != '\n')
		from--;
	s = gs_span(s.p + from, s.n - from);
	size_t end = gs_span_find(s, GS_LIT("-----END"));
	return gs_span(s.p, end);
}

/* Decoding a key takes most of a run that changes nothing, and most files
 * have the same one. */
static bool
share_key(struct gs_state *st, size_t i)
{
	struct gs_span want = key_block(gs_buf_span(&st->item[i].bytes));

	for (size_t k = 0; k < i; k++) {
		const struct gs_item *it = &st->item[k];
		if (it->key == NULL ||
		    !gs_span_eq(key_block(gs_buf_span(&it->bytes)), want))
			continue;
		st->item[i].key = gs_key_ref(it->key);
		st->item[i].key_found = it->key_found;
		st->item[i].was_locked = it->was_locked;
		return st->item[i].key != NULL;
	}
	return false;
}

static int
read_content(const char *path, struct gs_span pass, struct gs_state *st,
    size_t i, struct gs_err *err)
{
	struct gs_item *it = &st->item[i];
	struct gs_span s;

	if (read_file(path, it, err) == -1)
		return -1;
	it->same = same_bytes(st, i);
	if (it->same != i) {
		gs_buf_free(&it->bytes);
		return 0;
	}
	s = gs_buf_span(&it->bytes);
	if (!share_key(st, i))
		it->key_found = gs_key_read(s, pass, &it->key, &it->was_locked);
	return gs_certs_read(s, &it->certs, err);
}

int
gs_state_read(const struct gs_layout *l, struct gs_span pass,
    struct gs_state *st, struct gs_err *err)
{
	*st = (struct gs_state){ 0 };
	for (size_t i = 0; i < GS_PLACES; i++) {
		struct gs_item *it = &st->item[i];
		gs_buf_init(&it->bytes, GS_SET_FILE_MAX);
		it->same = i;
		it->key_found = GS_KEY_NONE;
		if (l->path[i][0] == '\0')
			continue;
		if (look(l->path[i], it, err) == -1)
			return -1;
		if (!readable(it))
			continue;
		it->same = same_file(st, i);
		if (it->same == i &&
		    read_content(l->path[i], pass, st, i, err) == -1)
			return -1;
	}
	return 0;
}

void
gs_state_free(struct gs_state *st)
{
	for (size_t i = 0; i < GS_PLACES; i++) {
		gs_buf_free(&st->item[i].bytes);
		gs_certs_free(&st->item[i].certs);
		gs_key_free(st->item[i].key);
		st->item[i].key = NULL;
	}
}

const struct gs_item *
gs_state_at(const struct gs_state *st, enum gs_place place)
{
	return &st->item[place];
}

const struct gs_item *
gs_state_content(const struct gs_state *st, enum gs_place place)
{
	return &st->item[st->item[place].same];
}

struct gs_key *
gs_state_key(const struct gs_state *st, enum gs_place place)
{
	return gs_state_content(st, place)->key;
}

struct gs_cert *
gs_state_cert(const struct gs_state *st, enum gs_place place)
{
	const struct gs_item *it = gs_state_content(st, place);

	return it->certs.n > 0 ? it->certs.list[0] : NULL;
}

struct gs_cert *
gs_state_leaf(const struct gs_state *st, bool adopt)
{
	static const enum gs_place places[] = { GS_PLACE_CRT, GS_PLACE_AGENT,
		GS_PLACE_LINK_CRT, GS_PLACE_LINK_PEM };
	struct gs_cert *leaf = NULL;

	for (unsigned i = 0; leaf == NULL && i < (adopt ? 4 : 1); i++)
		leaf = gs_state_cert(st, places[i]);
	return leaf;
}

struct gs_cert *
gs_state_ca(const struct gs_state *st)
{
	static const enum gs_place copies[] = { GS_PLACE_FS_CA, GS_PLACE_CAFILE,
		GS_PLACE_DER };
	struct gs_cert *ca = gs_state_cert(st, GS_PLACE_CA_CRT);
	const struct gs_key *key = gs_state_key(st, GS_PLACE_CA_KEY);

	for (unsigned i = 0; ca == NULL && key != NULL && i < 3; i++) {
		const struct gs_certs *c =
		    &gs_state_content(st, copies[i])->certs;
		for (size_t k = 0; ca == NULL && k < c->n; k++)
			if (gs_cert_has_key(c->list[k], key) &&
			    gs_cert_self_signed(c->list[k]))
				ca = c->list[k];
	}
	return ca;
}
