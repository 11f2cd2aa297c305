/* SPDX-License-Identifier: MIT */
/* What is in place: files and links of a set, and which set servers load. */
#include "cert/state.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/file.h"
#include "cert/folder_priv.h"

static void
take_stat(struct gs_cert_item *it, const struct stat *st)
{
	it->mode = st->st_mode & 07777;
	it->uid = st->st_uid;
	it->gid = st->st_gid;
	it->dev = st->st_dev;
	it->ino = st->st_ino;
	it->mtime = st->st_mtime;
}

static int
look(const char *path, struct gs_cert_item *it, struct gs_err *err)
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

/* Owner and mode are those of the file being read: in a foreign folder, it may
 * have been replaced since look(). */
static int
read_file(const char *path, struct gs_cert_item *it, struct gs_err *err)
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
readable(const struct gs_cert_item *it)
{
	return it->type == GS_ITEM_FILE ||
	    (it->type == GS_ITEM_LINK && !it->dangling);
}

static bool
same_file(const struct gs_cert_item *a, const struct gs_cert_item *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

static bool
same_bytes(const struct gs_cert_item *a, const struct gs_cert_item *b)
{
	return gs_span_eq(gs_buf_span(&a->bytes), gs_buf_span(&b->bytes));
}

/* An earlier place with the same content, or i. */
static size_t
earlier(const struct gs_cert_state *st, size_t i,
    bool (*same)(const struct gs_cert_item *a, const struct gs_cert_item *b))
{
	const struct gs_cert_item *it = st->item;

	for (size_t k = 0; k < i; k++)
		if (it[k].same == k && readable(&it[k]) && same(&it[k], &it[i]))
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
share_key(struct gs_cert_state *st, size_t i)
{
	struct gs_span want = key_block(gs_buf_span(&st->item[i].bytes));

	for (size_t k = 0; want.n > 0 && k < i; k++) {
		const struct gs_cert_item *it = &st->item[k];
		if (it->key == NULL ||
		    !gs_span_eq(key_block(gs_buf_span(&it->bytes)), want))
			continue;
		st->item[i].key = gs_cert_key_ref(it->key);
		st->item[i].key_found = it->key_found;
		st->item[i].was_locked = it->was_locked;
		return st->item[i].key != NULL;
	}
	return false;
}

/* The same certificates are in most files, too. */
static int
take_certs(struct gs_cert_certs *certs, struct gs_span s,
    struct gs_cert_certs *seen, struct gs_err *err)
{
	certs->known = seen;
	int r = gs_cert_certs_read(s, certs, err);
	certs->known = NULL;
	for (size_t i = 0; i < certs->n; i++)
		gs_cert_certs_add(seen, certs->list[i]);
	return r;
}

static int
read_content(const char *path, struct gs_span pass, struct gs_cert_state *st,
    size_t i, struct gs_cert_certs *seen, struct gs_err *err)
{
	struct gs_cert_item *it = &st->item[i];
	struct gs_span s;

	if (read_file(path, it, err) == -1)
		return -1;
	it->same = earlier(st, i, same_bytes);
	if (it->same != i) {
		gs_buf_free(&it->bytes);
		return 0;
	}
	s = gs_buf_span(&it->bytes);
	if (!share_key(st, i))
		it->key_found =
		    gs_cert_key_read(s, pass, &it->key, &it->was_locked);
	/* In place there is one remedy for both. */
	if (it->key_found == GS_KEY_LEGACY)
		it->key_found = GS_KEY_LOCKED;
	if (take_certs(&it->certs, s, seen, err) == -1)
		return -1;
	it->unloadable =
	    !gs_cert_loads(s, &it->certs, it->key != NULL && !it->was_locked);
	it->untrustable = !gs_cert_loads_trust(s);
	return 0;
}

static int
read_places(const struct gs_cert_layout *l, struct gs_span pass,
    struct gs_cert_state *st, struct gs_cert_certs *seen, struct gs_err *err)
{
	for (size_t i = 0; i < GS_PLACES; i++) {
		struct gs_cert_item *it = &st->item[i];
		gs_buf_init(&it->bytes, GS_SET_FILE_MAX);
		it->same = i;
		it->key_found = GS_KEY_NONE;
		if (l->path[i][0] == '\0')
			continue;
		if (look(l->path[i], it, err) == -1)
			return -1;
		if (!readable(it))
			continue;
		it->same = earlier(st, i, same_file);
		if (it->same == i &&
		    read_content(l->path[i], pass, st, i, seen, err) == -1)
			return -1;
	}
	return 0;
}

int
gs_cert_state_read(const struct gs_cert_layout *l, struct gs_span pass,
    struct gs_cert_state *st, struct gs_err *err)
{
	struct gs_cert_certs seen = { 0 };

	*st = (struct gs_cert_state){ 0 };
	int r = read_places(l, pass, st, &seen, err);
	gs_cert_certs_free(&seen);
	return r;
}

void
gs_cert_state_free(struct gs_cert_state *st)
{
	for (size_t i = 0; i < GS_PLACES; i++) {
		gs_buf_free(&st->item[i].bytes);
		gs_cert_certs_free(&st->item[i].certs);
		gs_cert_key_free(st->item[i].key);
		st->item[i].key = NULL;
	}
}

const struct gs_cert_item *
gs_cert_state_content(const struct gs_cert_state *st, enum gs_cert_place place)
{
	return &st->item[st->item[place].same];
}

struct gs_cert_key *
gs_cert_state_key(const struct gs_cert_state *st, enum gs_cert_place place)
{
	return gs_cert_state_content(st, place)->key;
}

struct gs_cert_key *
gs_cert_state_copied(const struct gs_cert_state *st, const struct gs_cert *leaf)
{
	static const enum gs_cert_place places[] = { GS_PLACE_PEM,
		GS_PLACE_FS_PEM };

	for (unsigned i = 0; i < 2; i++) {
		struct gs_cert_key *key = gs_cert_state_key(st, places[i]);
		if (key != NULL && gs_cert_has_key(leaf, key))
			return key;
	}
	return NULL;
}

struct gs_cert *
gs_cert_state_cert(const struct gs_cert_state *st, enum gs_cert_place place)
{
	const struct gs_cert_item *it = gs_cert_state_content(st, place);

	return it->certs.n > 0 ? it->certs.list[0] : NULL;
}

struct gs_cert *
gs_cert_state_leaf(const struct gs_cert_state *st, bool adopt)
{
	static const enum gs_cert_place places[] = { GS_PLACE_CRT,
		GS_PLACE_AGENT, GS_PLACE_LINK_CRT, GS_PLACE_LINK_PEM };
	struct gs_cert *leaf = NULL;

	for (unsigned i = 0; leaf == NULL && i < (adopt ? 4 : 1); i++)
		leaf = gs_cert_state_cert(st, places[i]);
	return leaf;
}

struct gs_cert *
gs_cert_state_ca(const struct gs_cert_state *st)
{
	static const enum gs_cert_place copies[] = { GS_PLACE_FS_CA,
		GS_PLACE_CAFILE, GS_PLACE_DER };
	struct gs_cert *ca = gs_cert_state_cert(st, GS_PLACE_CA_CRT);
	const struct gs_cert_key *key = gs_cert_state_key(st, GS_PLACE_CA_KEY);

	for (unsigned i = 0; ca == NULL && key != NULL && i < 3; i++) {
		const struct gs_cert_certs *c =
		    &gs_cert_state_content(st, copies[i])->certs;
		for (size_t k = 0; ca == NULL && k < c->n; k++)
			if (gs_cert_has_key(c->list[k], key) &&
			    gs_cert_self_signed(c->list[k]))
				ca = c->list[k];
	}
	return ca;
}

bool
gs_cert_state_ca_whole(const struct gs_cert_state *st)
{
	const struct gs_cert_key *key = gs_cert_state_key(st, GS_PLACE_CA_KEY);
	const struct gs_cert *ca = gs_cert_state_ca(st);

	return key != NULL && (ca == NULL || gs_cert_has_key(ca, key));
}

/* ---- the set in service: links */

static const enum gs_cert_place links[] = { GS_PLACE_LINK_KEY,
	GS_PLACE_LINK_CRT, GS_PLACE_LINK_PEM, GS_PLACE_AGENT };

enum { LINKS = sizeof(links) / sizeof(*links) };

/* What cannot be examined exists. */
static bool
exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || errno == EACCES;
}

/* The path that the link at path leads to, below the root if there is one.
 * Returns false if it is not a link. */
static bool
target_of(const struct gs_cert_layout *l, const char *path, char *to)
{
	char target[GS_PATH_SIZE];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	if (n <= 0)
		return false;
	target[n] = '\0';
	if (target[0] == '/')
		return gs_cert_layout_path(l->site, target, to, NULL) == 0;
	int k = snprintf(to, GS_PATH_SIZE, "%.*s%s",
	    gs_cert_folder_length(path), path, target);
	return k > 0 && k < GS_PATH_SIZE;
}

/* The name of the set to whose file at the link at place leads: that is
 * where l has its own, but for the name. A name without a dot is that of a
 * set only when its key is there, too. */
static bool
name_of(const struct gs_cert_layout *l, enum gs_cert_place place,
    const char *at, char *fqdn, size_t size)
{
	const char *path = l->path[place];
	char target[GS_PATH_SIZE], own[2 * GS_PATH_SIZE];
	char key[2 * GS_PATH_SIZE];

	(void)snprintf(own, sizeof(own), "%.*s%s", gs_cert_folder_length(path),
	    path, gs_cert_layout_target(l, place, target));
	size_t n = (size_t)gs_cert_folder_length(own), all = strlen(at);
	const char *suffix = own + n + strlen(l->fqdn);
	size_t end = strlen(suffix);
	if (all <= n + end || strncmp(at, own, n) != 0 ||
	    strchr(at + n, '/') != NULL ||
	    strcmp(at + all - end, suffix) != 0 || all - n - end >= size)
		return false;
	(void)snprintf(fqdn, size, "%.*s", (int)(all - n - end), at + n);
	if (gs_cert_host_check(fqdn, NULL) == -1)
		return false;
	(void)snprintf(key, sizeof(key), "%s/%s.key", l->private_dir, fqdn);
	return strchr(fqdn, '.') != NULL || exists(key);
}

static void
say(struct gs_cert_service *s, const char *path, const char *what)
{
	size_t n = strlen(s->text);

	(void)snprintf(s->text + n, sizeof(s->text) - n, "%s%s %s",
	    n > 0 ? ", " : "", path, what);
}

static void
read_links(const struct gs_cert_layout *l, struct gs_cert_service *s)
{
	char at[GS_PATH_SIZE], fqdn[256], what[300];

	for (unsigned i = 0; i < LINKS; i++) {
		const char *path = l->path[links[i]];
		if (path[0] == '\0' || !target_of(l, path, at) || !exists(at) ||
		    !name_of(l, links[i], at, fqdn, sizeof(fqdn)))
			continue;
		(void)snprintf(what, sizeof(what), "leads to %s", fqdn);
		say(s, path, what);
		if (s->kind != GS_SERVICE_NONE && strcmp(s->fqdn, fqdn) != 0)
			s->kind = GS_SERVICE_SPLIT;
		else if (s->kind == GS_SERVICE_NONE)
			s->kind = GS_SERVICE_LINKS;
		(void)snprintf(s->fqdn, sizeof(s->fqdn), "%s", fqdn);
	}
}

/* ---- the set in service: foreign files */

static int
read_certs(const char *path, struct gs_cert_certs *c, struct gs_err *err)
{
	struct gs_err why;

	if (gs_cert_certs_file(path, c, &why) == 0 || why.sys == ENOENT ||
	    why.sys == ENOTDIR || why.sys == ELOOP)
		return 0;
	return gs_err_set(err, "%s", why.text);
}

static bool
is_full_name(const char *name)
{
	return strchr(name, '.') != NULL && gs_cert_host_check(name, NULL) == 0;
}

static void
name_by_certificate(struct gs_cert_service *s, const struct gs_cert *cert)
{
	struct gs_cert_info info;

	gs_cert_info(cert, &info);
	s->names = info.sans;
	if (is_full_name(info.cn) && strlen(info.cn) < sizeof(s->fqdn)) {
		(void)snprintf(s->fqdn, sizeof(s->fqdn), "%.255s", info.cn);
	} else {
		for (size_t i = 0; s->fqdn[0] == '\0' && i < info.sans.n; i++) {
			const struct gs_cert_san *san = &info.sans.list[i];
			if (san->kind == GS_SAN_DNS &&
			    is_full_name(gs_cert_san_name(san)))
				(void)snprintf(s->fqdn, sizeof(s->fqdn),
				    "%.255s", gs_cert_san_name(san));
		}
	}
	for (char *p = s->fqdn; *p != '\0'; p++)
		*p = gs_lower(*p);
}

static bool
is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) == -1 ? errno == EACCES : S_ISREG(st.st_mode);
}

/* FreeSWITCH's files, or else the web server's. */
static int
read_files(const struct gs_cert_layout *l, struct gs_cert_service *s,
    struct gs_err *err)
{
	static const enum gs_cert_place places[] = { GS_PLACE_AGENT,
		GS_PLACE_LINK_CRT, GS_PLACE_LINK_PEM };
	struct gs_cert_certs first = { 0 };
	int r = 0;

	for (unsigned i = 0; r == 0 && i < 3; i++) {
		struct gs_cert_certs c = { 0 };
		const char *path = l->path[places[i]];
		if (path[0] == '\0' || !is_regular(path))
			continue;
		r = read_certs(path, &c, err);
		if (r == 0 && c.n > 0 && first.n == 0) {
			s->kind = GS_SERVICE_FILES;
			gs_cert_certs_add(&first, c.list[0]);
			say(s, path, "contains a certificate");
		} else if (r == 0 && c.n > 0 &&
		    !gs_cert_same(first.list[0], c.list[0])) {
			s->kind = GS_SERVICE_SPLIT;
			say(s, path, "contains a different one");
		}
		gs_cert_certs_free(&c);
	}
	if (r == 0 && first.n > 0)
		name_by_certificate(s, first.list[0]);
	gs_cert_certs_free(&first);
	return r;
}

int
gs_cert_service_find(const struct gs_cert_site *site, struct gs_cert_service *s,
    struct gs_err *err)
{
	struct gs_cert_layout l;

	*s = (struct gs_cert_service){ 0 };
	/* The name does not matter for the places of links. */
	if (gs_cert_layout_init(&l, site, "localhost", err) == -1)
		return -1;
	read_links(&l, s);
	if (s->kind == GS_SERVICE_NONE)
		return read_files(&l, s, err);
	if (s->kind == GS_SERVICE_SPLIT &&
	    gs_cert_txn_unfinished(l.private_dir))
		s->kind = GS_SERVICE_LINKS;
	return 0;
}

bool
gs_cert_service_is(const struct gs_cert_service *s, const char *name)
{
	struct gs_cert_sans one = { 0 };

	if (s->kind == GS_SERVICE_NONE)
		return true;
	if (s->kind == GS_SERVICE_SPLIT)
		return false;
	if (gs_span_eqcase(gs_span_of(s->fqdn), gs_span_of(name)))
		return true;
	return s->kind == GS_SERVICE_FILES &&
	    gs_cert_sans_add_dns(&one, name, NULL) == 0 &&
	    gs_cert_sans_cover(&s->names, &one.list[0]);
}

bool
gs_cert_service_same(const struct gs_cert_service *a,
    const struct gs_cert_service *b)
{
	return a->kind == b->kind && strcmp(a->fqdn, b->fqdn) == 0;
}
