/* SPDX-License-Identifier: MIT */
/* Keys that must not be lost when another takes their place. */
#include "oldkeys_priv.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>

#include "cert/date.h"
int
gs_oldkeys_keep(const struct gs_layout *l, const struct gs_state *st,
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
		int n = snprintf(path, sizeof(path), "%s.%s", l->path[place],
		    date);
		if (i > 0 && n > 0 && (size_t)n < sizeof(path))
			n += snprintf(path + n, sizeof(path) - (size_t)n,
			    ".%u", i);
		if (n < 0 || (size_t)n >= sizeof(path))
			return gs_err_sys(
			    err, ENAMETOOLONG, "%s", l->path[place]);
		if (lstat(path, &sb) == 0)
			continue;
		struct gs_step *s = gs_txn_put(t, path,
		    gs_buf_span(&it->bytes), 0600, (uid_t)-1, (gid_t)-1);
		if (s != NULL)
			s->mtime = it->mtime;
		return 0;
	}
	return gs_err_set(err, "%s: too many old keys of one second",
	    l->path[place]);
}

/* Whether what is at place holds a private key that is nowhere else when
 * the new set is in place. */
static bool
would_lose(const struct gs_state *st, const struct gs_key *fresh,
    enum gs_place i)
{
	const struct gs_item *it = gs_state_at(st, i);
	const struct gs_item *key = gs_state_at(st, GS_PLACE_KEY);

	if (it->type != GS_ITEM_FILE || it->key_found == GS_KEY_NONE ||
	    it->same != i)
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

int
gs_oldkeys_plan(const struct gs_layout *l, const struct gs_state *st,
    const struct gs_want *w, struct gs_txn *t, struct gs_err *err)
{
	for (unsigned i = 0; i < GS_PLACES; i++) {
		enum gs_place place = (enum gs_place)i;
		bool ours = place != GS_PLACE_CA_KEY &&
		    place != GS_PLACE_PENDING && gs_layout_secret(place);
		if (place == GS_PLACE_CA_KEY && w->ca_key != NULL)
			ours = gs_state_at(st, place)->key == NULL ||
			    !gs_key_same(gs_state_at(st, place)->key,
				w->ca_key);
		if (l->path[i][0] != '\0' && ours &&
		    would_lose(st, w->key, place) &&
		    gs_oldkeys_keep(l, st, place, w->now, t, err) == -1)
			return -1;
	}
	return 0;
}
