/* SPDX-License-Identifier: MIT */
/* Keys and certificates that must not be lost when others take their place. */
#include "kept_priv.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>

#include "cert/date.h"

int
gs_kept_file(const struct gs_layout *l, const struct gs_state *st,
    enum gs_place place, int64_t now, struct gs_txn *t, struct gs_err *err)
{
	const struct gs_item *it = gs_state_at(st, place);
	char date[GS_DATE_SIZE], path[GS_PATH_SIZE];
	struct stat sb;

	if (it->type != GS_ITEM_FILE)
		return 0;
	if (!gs_date_text(now, GS_DATE_NAME, date))
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
		struct gs_step *s = gs_txn_put(t, path,
		    gs_buf_span(&gs_state_content(st, place)->bytes),
		    gs_layout_secret(place) ||
			    gs_state_content(st, place)->certs.key_inside ?
			0600 :
			0644,
		    (uid_t)-1, (gid_t)-1);
		if (s != NULL)
			s->mtime = it->mtime;
		return 0;
	}
	return gs_err_set(err, "%s: too many old files of one second",
	    l->path[place]);
}

/* Whether what is at place holds a private key that is nowhere else when
 * the new set is in place. */
static bool
loses_key(const struct gs_state *st, const struct gs_key *fresh,
    enum gs_place i)
{
	const struct gs_item *it = gs_state_at(st, i);
	const struct gs_item *key = gs_state_at(st, GS_PLACE_KEY);

	if (it->key_found == GS_KEY_NONE)
		return false;
	if (it->key_found != GS_KEY_OK)
		return true;
	/* An encrypted key is replaced by the same key in plain text. */
	if (i == GS_PLACE_KEY && it->was_locked)
		return true;
	if (gs_key_same(it->key, fresh))
		return false;
	return i == GS_PLACE_KEY || key->key == NULL ||
	    key->type != GS_ITEM_FILE || !gs_key_same(it->key, key->key);
}

/* Whether one of the certificates at place is not in the new set. Those of a
 * file with a key are kept in the file without one, if they are there, too. */
static bool
loses_certs(const struct gs_state *st, const struct gs_want *w, enum gs_place i)
{
	const struct gs_item *it = gs_state_content(st, i);
	const struct gs_item *crt = gs_state_at(st, GS_PLACE_CRT);

	/* It may have been one. */
	if (it->certs.n == 0)
		return !gs_layout_secret(i) && it->bytes.n > 0;
	if ((i == GS_PLACE_FS_CA || i == GS_PLACE_CAFILE) &&
	    it->certs.n != (w->chain->n > 0 ? w->chain->n : 1))
		return true;
	for (size_t k = 0; k < it->certs.n; k++) {
		const struct gs_cert *c = it->certs.list[k];
		bool fresh = gs_cert_same(c, w->leaf) ||
		    gs_certs_hold(w->chain, c) ||
		    (w->ca_cert != NULL && gs_cert_same(c, w->ca_cert));
		bool other = gs_layout_secret(i) && crt->type == GS_ITEM_FILE &&
		    gs_certs_hold(&crt->certs, c);
		if (!fresh && !other)
			return true;
	}
	return false;
}

/* Whether the run writes a file or link at place that may replace something
 * worth keeping. */
static bool
is_replaced(const struct gs_layout *l, const struct gs_state *st,
    const struct gs_want *w, enum gs_place i)
{
	const struct gs_buf *bytes = &gs_state_content(st, i)->bytes;

	if (l->path[i][0] == '\0' || i == GS_PLACE_PENDING || i == GS_PLACE_DER)
		return false;
	if (i == GS_PLACE_CA_KEY)
		return w->ca_key != NULL;
	if (i == GS_PLACE_CA_CRT)
		return w->ca_cert != NULL;
	/* Is copied as it is. */
	return (i != GS_PLACE_FS_CA && i != GS_PLACE_CAFILE) ||
	    w->cafile == NULL ||
	    !gs_span_eq(gs_buf_span(w->cafile), gs_buf_span(bytes));
}

int
gs_kept_plan(const struct gs_layout *l, const struct gs_state *st,
    const struct gs_want *w, struct gs_txn *t, struct gs_err *err)
{
	for (unsigned i = 0; i < GS_PLACES; i++) {
		enum gs_place place = (enum gs_place)i;
		const struct gs_item *it = gs_state_at(st, place);
		const struct gs_key *fresh =
		    place == GS_PLACE_CA_KEY ? w->ca_key : w->key;
		if (it->type != GS_ITEM_FILE ||
		    (it->same != i && gs_layout_secret(place)) ||
		    !is_replaced(l, st, w, place))
			continue;
		if (!(gs_layout_secret(place) && loses_key(st, fresh, place)) &&
		    !loses_certs(st, w, place))
			continue;
		if (gs_kept_file(l, st, place, w->now, t, err) == -1)
			return -1;
	}
	return 0;
}
