/* SPDX-License-Identifier: MIT */
/* Puts a key and certificate in place, in an order that always works. */
#include "cert/store.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/file.h"
#include "cert/date.h"
#include "cert/state.h"

/* ---- the contents of the files of a set */

enum content {
	C_KEY,
	C_CRT, /* leaf, intermediates */
	C_PEM, /* leaf, key, intermediates */
	C_CA, /* only certificates, up to the root */
	CONTENTS
};

static int
put_certs(struct gs_buf *b, const struct gs_cert_certs *c, bool root,
    struct gs_err *err)
{
	for (size_t i = 0; i < c->n; i++) {
		if (!root && i + 1 == c->n) {
			if (gs_cert_self_signed(c->list[i]))
				break;
		}
		if (gs_cert_write_pem(c->list[i], b, err) == -1)
			return -1;
	}
	return 0;
}

static void
put_text(struct gs_buf *b, struct gs_span s)
{
	gs_buf_put(b, s.p, s.n);
	if (s.n > 0 && s.p[s.n - 1] != '\n')
		gs_buf_putc(b, '\n');
}

/* An existing file with the same content stays. */
static int
key_bytes(struct gs_buf *out, const struct gs_cert_state *st,
    const struct gs_cert_key *key, struct gs_err *err)
{
	const struct gs_cert_item *it = &st->item[GS_PLACE_KEY];

	if (it->type == GS_ITEM_FILE && it->key_found == GS_KEY_OK &&
	    !it->was_locked && !it->unloadable && it->certs.n == 0 &&
	    gs_cert_key_same(it->key, key)) {
		gs_buf_put(out, it->bytes.p, it->bytes.n);
		return 0;
	}
	return gs_cert_key_write(key, out, err);
}

static bool
same_certs(const struct gs_cert_certs *have, struct gs_buf *want)
{
	struct gs_cert_certs c = { .known = have };
	bool same = gs_cert_certs_read(gs_buf_span(want), &c, NULL) == 0 &&
	    c.n == have->n && !have->key_inside && have->damaged == 0;

	for (size_t i = 0; same && i < c.n; i++)
		same = gs_cert_same(c.list[i], have->list[i]);
	gs_cert_certs_free(&c);
	return same;
}

/* Composes all contents for w. A file of st with equivalent content stays as
 * it is. */
static int
compose(struct gs_buf *c, const struct gs_cert_state *st,
    const struct gs_cert_want *w, struct gs_err *err)
{
	const struct gs_cert_item *crt = &st->item[GS_PLACE_CRT];

	if (key_bytes(&c[C_KEY], st, w->key, err) == -1 ||
	    gs_cert_write_pem(w->leaf, &c[C_CRT], err) == -1 ||
	    put_certs(&c[C_CRT], w->chain, false, err) == -1)
		return -1;
	/* Leaf, key, intermediates: the first two are what FreeSWITCH reads,
	 * the rest is for whoever sends the chain from this file. */
	if (gs_cert_write_pem(w->leaf, &c[C_PEM], err) == -1)
		return -1;
	put_text(&c[C_PEM], gs_buf_span(&c[C_KEY]));
	if (put_certs(&c[C_PEM], w->chain, false, err) == -1)
		return -1;
	/* FreeSWITCH does not start without a certificate in cafile.pem. */
	if (w->cafile != NULL)
		gs_buf_put(&c[C_CA], w->cafile->p, w->cafile->n);
	else if (w->chain->n > 0 &&
	    put_certs(&c[C_CA], w->chain, true, err) == -1)
		return -1;
	else if (w->chain->n == 0 &&
	    gs_cert_write_pem(w->leaf, &c[C_CA], err) == -1)
		return -1;
	if (crt->type == GS_ITEM_FILE && !crt->unloadable &&
	    same_certs(&crt->certs, &c[C_CRT])) {
		gs_buf_clear(&c[C_CRT]);
		gs_buf_put(&c[C_CRT], crt->bytes.p, crt->bytes.n);
	}
	for (unsigned i = 0; i < CONTENTS; i++)
		if (!gs_buf_ok(&c[i]))
			return gs_err_sys(err, ENOMEM, "certificates");
	return 0;
}

/* ---- what must not be lost when it is replaced */

int
gs_cert_store_keep(const struct gs_cert_layout *l,
    const struct gs_cert_state *st, enum gs_cert_place place, int64_t now,
    struct gs_cert_txn *t, struct gs_err *err)
{
	const struct gs_cert_item *it = &st->item[place];
	char date[GS_DATE_SIZE], path[GS_PATH_SIZE];
	struct stat sb;

	if (it->type != GS_ITEM_FILE)
		return 0;
	if (!gs_cert_date_text(now, GS_DATE_NAME, date))
		return gs_err_set(err, "the time cannot be written");
	for (unsigned i = 0; i < 100; i++) {
		int n =
		    snprintf(path, sizeof(path), "%s.%s", l->path[place], date);
		if (i > 0 && n > 0 && (size_t)n < sizeof(path))
			n += snprintf(path + n, sizeof(path) - (size_t)n, ".%u",
			    i);
		if (n < 0 || (size_t)n >= sizeof(path))
			return gs_err_sys(err, ENAMETOOLONG, "%s",
			    l->path[place]);
		if (lstat(path, &sb) == 0)
			continue;
		const struct gs_cert_item *in =
		    gs_cert_state_content(st, place);
		bool secret =
		    gs_cert_layout_secret(place) || in->certs.key_inside;
		struct gs_cert_step *s =
		    gs_cert_txn_put(t, path, gs_buf_span(&in->bytes),
			gs_cert_mode(secret ? 0600 : 0644));
		if (s != NULL)
			s->mtime = it->mtime;
		return 0;
	}
	return gs_err_set(err, "%s: too many old files from the same second",
	    l->path[place]);
}

/* Whether what is at place holds a private key that is nowhere else when
 * the new set is in place. */
static bool
loses_key(const struct gs_cert_state *st, const struct gs_cert_key *fresh,
    enum gs_cert_place i)
{
	const struct gs_cert_item *it = &st->item[i];
	const struct gs_cert_item *key = &st->item[GS_PLACE_KEY];

	if (it->key_found == GS_KEY_NONE)
		return false;
	if (it->key_found != GS_KEY_OK)
		return true;
	/* An encrypted key is replaced by the same key without encryption. */
	if (i == GS_PLACE_KEY && it->was_locked)
		return true;
	if (gs_cert_key_same(it->key, fresh))
		return false;
	return i == GS_PLACE_KEY || key->key == NULL ||
	    key->type != GS_ITEM_FILE || !gs_cert_key_same(it->key, key->key);
}

/* Whether one of the certificates at place is not in the new set. Those of a
 * file with a key are kept in the file without one, if they are there, too. */
static bool
loses_certs(const struct gs_cert_state *st, const struct gs_cert_want *w,
    enum gs_cert_place i)
{
	const struct gs_cert_item *it = gs_cert_state_content(st, i);
	const struct gs_cert_item *crt = &st->item[GS_PLACE_CRT];

	/* It may have been one. */
	if (it->certs.n == 0)
		return !gs_cert_layout_secret(i) && it->bytes.n > 0;
	if ((i == GS_PLACE_FS_CA || i == GS_PLACE_CAFILE) &&
	    it->certs.n != (w->chain->n > 0 ? w->chain->n : 1))
		return true;
	for (size_t k = 0; k < it->certs.n; k++) {
		const struct gs_cert *c = it->certs.list[k];
		bool fresh = gs_cert_same(c, w->leaf) ||
		    gs_cert_certs_hold(w->chain, c) ||
		    (w->ca_cert != NULL && gs_cert_same(c, w->ca_cert));
		bool other = gs_cert_layout_secret(i) &&
		    crt->type == GS_ITEM_FILE &&
		    gs_cert_certs_hold(&crt->certs, c);
		if (!fresh && !other)
			return true;
	}
	return false;
}

/* Whether the run writes a file or link at place that may replace something
 * worth keeping. */
static bool
is_replaced(const struct gs_cert_layout *l, const struct gs_cert_state *st,
    const struct gs_cert_want *w, enum gs_cert_place i)
{
	const struct gs_buf *bytes = &gs_cert_state_content(st, i)->bytes;

	if (l->path[i][0] == '\0' || l->spare[i] || i == GS_PLACE_PENDING ||
	    i == GS_PLACE_DER)
		return false;
	if (i == GS_PLACE_CA_KEY)
		return w->ca_key != NULL;
	if (i == GS_PLACE_CA_CRT)
		return w->ca_cert != NULL;
	if (i == GS_PLACE_DTLS)
		return w->dtls != NULL;
	/* Copied unchanged. */
	return (i != GS_PLACE_FS_CA && i != GS_PLACE_CAFILE) ||
	    w->cafile == NULL ||
	    !gs_span_eq(gs_buf_span(w->cafile), gs_buf_span(bytes));
}

/* A copy of what is at each place whose key or certificate is nowhere else
 * when w is in place. */
static int
plan_kept(const struct gs_cert_layout *l, const struct gs_cert_state *st,
    const struct gs_cert_want *w, struct gs_cert_txn *t, struct gs_err *err)
{
	for (enum gs_cert_place i = 0; i < GS_PLACES; i++) {
		const struct gs_cert_item *it = &st->item[i];
		bool secret = gs_cert_layout_secret(i);
		const struct gs_cert_key *fresh =
		    i == GS_PLACE_CA_KEY ? w->ca_key : w->key;
		if (it->type != GS_ITEM_FILE || (it->same != i && secret) ||
		    !is_replaced(l, st, w, i))
			continue;
		if (!(secret && loses_key(st, fresh, i)) &&
		    !loses_certs(st, w, i))
			continue;
		if (gs_cert_store_keep(l, st, i, w->now, t, err) == -1)
			return -1;
	}
	return 0;
}

/* ---- the plan */

struct plan {
	const struct gs_cert_layout *l;
	const struct gs_cert_state *st;
	const struct gs_cert_want *w;
	struct gs_cert_txn *t;
	struct gs_buf c[CONTENTS];
};

/* ---- single steps */

/* Owner and group stay unless requested. */
static void
keep_owner(const struct gs_cert_item *it, struct gs_cert_access *a)
{
	if (a->uid == (uid_t)-1)
		a->uid = it->uid;
	if (a->gid == (gid_t)-1)
		a->gid = it->gid;
}

/* A group that was allowed to read a key by an earlier run (or by hand) is
 * not locked out by one that does not name it. */
static struct gs_cert_access
access_of(const struct plan *p, enum gs_cert_place i)
{
	const struct gs_cert_item *it = &p->st->item[i];
	struct gs_cert_access a = gs_cert_layout_access(p->l, i);

	if (!p->l->site->keep_owner || it->type != GS_ITEM_FILE)
		return a;
	keep_owner(it, &a);
	if (it->mode == 0640 && gs_cert_layout_secret(i) &&
	    gs_cert_layout_mode_max(i) == 0640)
		a.mode = 0640;
	return a;
}

static void
put(struct plan *p, enum gs_cert_place i, struct gs_span bytes)
{
	if (p->l->path[i][0] != '\0')
		(void)gs_cert_txn_put(p->t, p->l->path[i], bytes,
		    access_of(p, i));
}

static bool
file_differs(struct plan *p, enum gs_cert_place i, struct gs_span bytes)
{
	const struct gs_cert_item *it = &p->st->item[i];
	struct gs_cert_access a = access_of(p, i);

	return it->type != GS_ITEM_FILE || it->mode != a.mode ||
	    (a.uid != (uid_t)-1 && a.uid != it->uid) ||
	    (a.gid != (gid_t)-1 && a.gid != it->gid) ||
	    !gs_span_eq(gs_buf_span(&gs_cert_state_content(p->st, i)->bytes),
		bytes);
}

static void
put_if_differs(struct plan *p, enum gs_cert_place i, struct gs_span bytes)
{
	if (p->l->path[i][0] != '\0' && file_differs(p, i, bytes))
		put(p, i, bytes);
}

static bool
link_differs(const struct plan *p, enum gs_cert_place i)
{
	const struct gs_cert_item *it = &p->st->item[i];
	char target[GS_PATH_SIZE];

	if (p->l->path[i][0] == '\0' || p->l->spare[i])
		return false;
	(void)gs_cert_layout_target(p->l, i, target);
	return it->type != GS_ITEM_LINK || strcmp(it->target, target) != 0;
}

static void
link_final(struct plan *p, enum gs_cert_place i)
{
	char target[GS_PATH_SIZE];

	gs_cert_txn_link(p->t, p->l->path[i],
	    gs_cert_layout_target(p->l, i, target));
}

static void
link_if_differs(struct plan *p, enum gs_cert_place i)
{
	if (link_differs(p, i))
		link_final(p, i);
}

/* ---- two names that are loaded together */

/* up leads from each place's own folder to that of the hidden link. */
struct names {
	char tag;
	enum gs_cert_place place[2];
	const char *up[2];
};

/* Two files that a server loads together, and the two links that lead to
 * them. */
struct pair {
	const char *folder; /* receives what is hidden */
	struct names file, link;
	enum content fresh[2];
	bool agent; /* FreeSWITCH's: the second file has key and leaf */
};

/* What is hidden for names: the folder "old", "new", or the link "now". */
static const char *
hidden_path(const struct pair *x, const struct names *d, const char *which,
    char *path)
{
	(void)snprintf(path, GS_PATH_SIZE + 64, "%s/" GS_TXN_PREFIX "%c-%s",
	    x->folder, d->tag, which);
	return path;
}

/* A copy of what is there, or the new bytes. Nobody gets to read what he
 * could not read where it came from: a link in FreeSWITCH's folder may lead
 * to a key of somebody else. */
static void
hidden_file(struct plan *p, const struct pair *x, const struct names *d,
    bool copy, unsigned i)
{
	const struct gs_cert_item *it =
	    gs_cert_state_content(p->st, d->place[i]);
	const struct gs_buf *bytes = copy ? &it->bytes : &p->c[x->fresh[i]];
	struct gs_cert_access a = gs_cert_layout_access(p->l, d->place[i]);
	char folder[GS_PATH_SIZE + 64], path[GS_PATH_SIZE + 80];

	if (p->l->site->keep_owner && copy && (it->mode & S_IROTH) == 0)
		a = (struct gs_cert_access){ a.mode & it->mode, it->uid,
			it->gid };
	else if (p->l->site->keep_owner)
		keep_owner(it, &a);
	(void)snprintf(path, sizeof(path), "%s/%u",
	    hidden_path(x, d, copy ? "old" : "new", folder), i);
	(void)gs_cert_txn_put(p->t, path, gs_buf_span(bytes), a);
}

static void
hidden_link(struct plan *p, const struct pair *x, const struct names *d,
    const char *age)
{
	char path[GS_PATH_SIZE + 64], target[64];

	(void)snprintf(target, sizeof(target), GS_TXN_PREFIX "%c-%s", d->tag,
	    age);
	gs_cert_txn_link(p->t, hidden_path(x, d, "now", path), target);
}

/* Afterwards both places lead to the new bytes, through the hidden link. */
static void
switch_together(struct plan *p, const struct pair *x, const struct names *d)
{
	char path[GS_PATH_SIZE + 64];

	gs_cert_txn_hidden_folder(p->t, hidden_path(x, d, "old", path));
	gs_cert_txn_hidden_folder(p->t, hidden_path(x, d, "new", path));
	for (unsigned i = 0; i < 2; i++) {
		hidden_file(p, x, d, true, i);
		hidden_file(p, x, d, false, i);
	}
	hidden_link(p, x, d, "old");
	for (unsigned i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path),
		    "%s" GS_TXN_PREFIX "%c-now/%u", d->up[i], d->tag, i);
		gs_cert_txn_link(p->t, p->l->path[d->place[i]], path);
	}
	hidden_link(p, x, d, "new");
}

static bool
is_pair(const struct gs_cert_key *key, const struct gs_cert *cert)
{
	return key != NULL && cert != NULL && gs_cert_has_key(cert, key);
}

/* Whether the two places work, with another key than the new one, or for
 * FreeSWITCH with another certificate. */
static bool
changes(const struct plan *p, const struct pair *x,
    const enum gs_cert_place *at)
{
	const struct gs_cert *first = gs_cert_state_cert(p->st, at[0]);
	const struct gs_cert *leaf = gs_cert_state_cert(p->st, at[1]);
	const struct gs_cert_key *key =
	    gs_cert_state_key(p->st, at[x->agent ? 1 : 0]);

	if (!is_pair(key, leaf))
		return false;
	return x->agent ? first != NULL && !gs_cert_same(leaf, p->w->leaf) :
			  !gs_cert_key_same(key, p->w->key);
}

/* For FreeSWITCH a certificate without another issuer changes alone. */
static void
plan_files(struct plan *p, const struct pair *x)
{
	struct gs_span fresh[] = { gs_buf_span(&p->c[x->fresh[0]]),
		gs_buf_span(&p->c[x->fresh[1]]) };
	const enum gs_cert_place *at = x->file.place;
	bool together = changes(p, x, at) &&
	    (!x->agent || file_differs(p, at[0], fresh[0]));

	if (together)
		switch_together(p, x, &x->file);
	for (unsigned i = 0; i < 2; i++)
		if (together || file_differs(p, at[i], fresh[i]))
			put(p, at[i], fresh[i]);
}

/* Links that led to another pair are switched before the files change under
 * them. */
static void
plan_pair(struct plan *p, const struct pair *x)
{
	const enum gs_cert_place *at = x->link.place;
	bool moves = (link_differs(p, at[0]) || link_differs(p, at[1])) &&
	    changes(p, x, at);

	if (moves)
		switch_together(p, x, &x->link);
	plan_files(p, x);
	if (!x->agent)
		link_if_differs(p, GS_PLACE_LINK_PEM);
	for (unsigned i = 0; i < 2; i++)
		if (moves || link_differs(p, at[i]))
			link_final(p, at[i]);
}

/* SSL/private/FQDN.key, SSL/certs/FQDN.crt, SSL/private/FQDN.pem, and
 * SSL/NAME.key, .crt, .pem that lead to them. */
static void
plan_ssl(struct plan *p)
{
	const struct pair x = {
		.folder = p->l->private_dir,
		.file = { 'f', { GS_PLACE_KEY, GS_PLACE_CRT },
		    { "", "../private/" } },
		.link = { 'l', { GS_PLACE_LINK_KEY, GS_PLACE_LINK_CRT },
		    { "private/", "private/" } },
		.fresh = { C_KEY, C_CRT },
	};

	put_if_differs(p, GS_PLACE_PEM, gs_buf_span(&p->c[C_PEM]));
	plan_pair(p, &x);
}

/* The existing file stays, with the right mode. */
static void
plan_dtls(struct plan *p)
{
	const struct gs_cert_item *it = &p->st->item[GS_PLACE_DTLS];

	if (p->l->spare[GS_PLACE_DTLS])
		return;
	if (p->w->dtls != NULL)
		put(p, GS_PLACE_DTLS, gs_buf_span(p->w->dtls));
	else if (it->type == GS_ITEM_FILE)
		put_if_differs(p, GS_PLACE_DTLS, gs_buf_span(&it->bytes));
}

/* FS/FQDN-ca.pem, FS/FQDN.pem, and the links that FreeSWITCH reads. */
static void
plan_freeswitch(struct plan *p)
{
	const struct pair x = {
		.folder = p->l->fs,
		.file = { 'f', { GS_PLACE_FS_CA, GS_PLACE_FS_PEM },
		    { "", "" } },
		.link = { 'l', { GS_PLACE_CAFILE, GS_PLACE_AGENT },
		    { "", "" } },
		.fresh = { C_CA, C_PEM },
		.agent = true,
	};

	if (p->l->fs[0] == '\0')
		return;
	plan_pair(p, &x);
	link_if_differs(p, GS_PLACE_TLS);
	link_if_differs(p, GS_PLACE_WSS);
	plan_dtls(p);
}

/* A key for root only that was open to others. */
static void
narrow(struct plan *p, enum gs_cert_place i)
{
	const struct gs_cert_item *it = &p->st->item[i];

	if (it->type == GS_ITEM_FILE &&
	    (it->mode & ~gs_cert_layout_mode_max(i)) != 0)
		put(p, i, gs_buf_span(&it->bytes));
}

static int
plan_ca(struct plan *p, struct gs_err *err)
{
	struct gs_buf b;
	int r = 0;

	gs_buf_init(&b, GS_SET_FILE_MAX);
	if (p->w->ca_key == NULL)
		narrow(p, GS_PLACE_CA_KEY);
	if (p->w->ca_key != NULL) {
		r = gs_cert_key_write(p->w->ca_key, &b, err);
		put(p, GS_PLACE_CA_KEY, gs_buf_span(&b));
		gs_buf_clear(&b);
	}
	if (r == 0 && p->w->ca_cert != NULL) {
		r = gs_cert_write_pem(p->w->ca_cert, &b, err);
		put(p, GS_PLACE_CA_CRT, gs_buf_span(&b));
	}
	gs_buf_free(&b);
	return r;
}

/* A name that was mistaken must not cost a key, a file of the set, or a
 * page of a web server. */
static bool
may_be_der(const struct gs_cert_state *st)
{
	const struct gs_cert_item *it = &st->item[GS_PLACE_DER];
	const struct gs_cert_item *in = gs_cert_state_content(st, GS_PLACE_DER);

	for (enum gs_cert_place i = 0; i < GS_PLACE_DER; i++) {
		const struct gs_cert_item *other = &st->item[i];
		if (it->type == GS_ITEM_FILE && other->type == GS_ITEM_FILE &&
		    it->dev == other->dev && it->ino == other->ino)
			return false;
	}
	return in->key_found == GS_KEY_NONE &&
	    (in->bytes.n == 0 || in->bytes.p[0] == 0x30 || in->certs.n > 0);
}

static int
plan_der(struct plan *p, struct gs_err *err)
{
	const struct gs_cert_certs *c = p->w->chain;
	struct gs_buf b;

	if (!may_be_der(p->st))
		return gs_err_set(err,
		    "%s exists and does not contain certificates: name a "
		    "different file for --der",
		    p->l->path[GS_PLACE_DER]);
	gs_buf_init(&b, GS_SET_FILE_MAX);
	int r = gs_cert_write_der(c->n > 0 ? c->list[c->n - 1] : p->w->leaf, &b,
	    err);
	if (r == 0)
		put_if_differs(p, GS_PLACE_DER, gs_buf_span(&b));
	gs_buf_free(&b);
	return r;
}

static int
refuse_folders(const struct plan *p, struct gs_err *err)
{
	for (enum gs_cert_place i = 0; i < GS_PLACES; i++) {
		enum gs_cert_item_type type = p->st->item[i].type;
		if (!p->l->spare[i] &&
		    (type == GS_ITEM_FOLDER || type == GS_ITEM_OTHER))
			return gs_err_set(err,
			    "%s is %s: move it away, so that a file or link "
			    "can take its place",
			    p->l->path[i],
			    type == GS_ITEM_FOLDER ? "a folder" :
						     "not a regular file");
	}
	return 0;
}

int
gs_cert_store_plan(const struct gs_cert_layout *l,
    const struct gs_cert_state *st, const struct gs_cert_want *w,
    struct gs_cert_loaded *loaded, struct gs_cert_txn *t, struct gs_err *err)
{
	struct plan p = { .l = l, .st = st, .w = w, .t = t };
	int r;

	for (unsigned i = 0; i < CONTENTS; i++)
		gs_buf_init(&p.c[i], GS_SET_FILE_MAX);
	r = refuse_folders(&p, err);
	if (r == 0)
		r = compose(p.c, st, w, err);
	if (r == 0)
		r = plan_kept(l, st, w, t, err);
	if (r == 0)
		r = plan_ca(&p, err);
	if (r == 0) {
		plan_ssl(&p);
		plan_freeswitch(&p);
		r = plan_der(&p, err);
	}
	if (r == 0 && !w->drop_pending)
		narrow(&p, GS_PLACE_PENDING);
	else if (r == 0 && st->item[GS_PLACE_PENDING].type != GS_ITEM_ABSENT)
		gs_cert_txn_remove(t, l->path[GS_PLACE_PENDING]);
	gs_buf_free(&p.c[C_KEY]);
	gs_buf_free(&p.c[C_CRT]);
	*loaded = (struct gs_cert_loaded){ p.c[C_PEM], p.c[C_CA] };
	return r;
}

void
gs_cert_loaded_free(struct gs_cert_loaded *loaded)
{
	gs_buf_free(&loaded->agent);
	gs_buf_free(&loaded->ca);
}

/* ---- carrying it out */

/* Whether path leads to these bytes. */
static int
verify(const char *path, const struct gs_buf *want, struct gs_err *err)
{
	struct gs_buf b;

	gs_buf_init(&b, GS_SET_FILE_MAX);
	int r = gs_file_read(path, &b, err);
	if (r == 0 && !gs_span_eq(gs_buf_span(&b), gs_buf_span(want)))
		r = gs_err_set(err, "%s changed while it was put in place",
		    path);
	gs_buf_free(&b);
	return r;
}

int
gs_cert_store_apply(const struct gs_cert_layout *l,
    const struct gs_cert_loaded *loaded, struct gs_cert_txn *t,
    struct gs_err *err)
{
	bool fs = l->fs[0] != '\0';

	if (gs_cert_txn_stage(t, err) == -1 || gs_cert_txn_commit(t, err) == -1)
		return -1;
	int r = verify(l->path[fs ? GS_PLACE_AGENT : GS_PLACE_PEM],
	    &loaded->agent, err);
	if (r == 0 && fs)
		r = verify(l->path[GS_PLACE_CAFILE], &loaded->ca, err);
	if (r == -1) {
		gs_cert_txn_undo(t);
		return -1;
	}
	return gs_cert_txn_finish(t, err);
}
