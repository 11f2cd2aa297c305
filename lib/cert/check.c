/* SPDX-License-Identifier: MIT */
/* Findings about the set in place, and about a certificate to import. */
#include "cert/check.h"

#include <sys/stat.h>

#include <stdio.h>

#include "rules_priv.h"

enum { RSA_LARGE = 4096, DTLS_BITS = 4096 };

/* ---- one certificate */

static void
check_dates(const struct gs_check *c, const struct gs_cert_info *info,
    const char *what, bool leaf, struct gs_diags *d)
{
	int64_t warn = (int64_t)c->warn_days * GS_DAY;
	char date[GS_DATE_SIZE];

	if (info->not_before > c->now) {
		(void)gs_date_text(info->not_before, GS_DATE_WORDS, date);
		gs_cert_finding(d,
		    leaf ? GS_CERT_R_CERT_NOT_YET_VALID :
			   GS_CERT_R_CHAIN_EXPIRED,
		    "%s is not valid before %s", what, date);
	}
	(void)gs_date_text(info->not_after, GS_DATE_WORDS, date);
	if (info->not_after < c->now)
		gs_cert_finding(d,
		    leaf ? GS_CERT_R_CERT_EXPIRED : GS_CERT_R_CHAIN_EXPIRED,
		    "%s has expired on %s", what, date);
	else if (info->not_after - c->now <= warn)
		gs_cert_finding(d,
		    leaf ? GS_CERT_R_CERT_EXPIRES_SOON :
			   GS_CERT_R_CHAIN_EXPIRES_SOON,
		    "%s expires on %s, in %lld days", what, date,
		    (long long)gs_days_left(info->not_after, c->now));
}

static void
check_names(const struct gs_check *c, const struct gs_cert_info *info,
    struct gs_diags *d)
{
	for (size_t i = 0; c->names != NULL && i < c->names->n; i++)
		if (!gs_sans_cover(&info->sans, &c->names->list[i]))
			FIND(d, NAME_MISSING,
			    "the certificate has no alternative name %s",
			    c->names->list[i].text);
	for (size_t i = 0; c->addresses != NULL && i < c->addresses->n; i++)
		if (!gs_sans_cover(&info->sans, &c->addresses->list[i]))
			FIND(d, ADDRESS_MISSING,
			    "the certificate has no alternative name %s, "
			    "an address of this host",
			    c->addresses->list[i].text);
}

static void
check_strength(const struct gs_cert_info *info, struct gs_diags *d)
{
	const struct gs_key_info *k = &info->key;

	if (info->weak_digest)
		FIND(d, DIGEST_WEAK, "the certificate is signed with %s",
		    info->digest);
	if (k->weak)
		FIND(d, KEY_WEAK, "the key is %s", k->name);
	else if (k->rsa && k->bits > RSA_LARGE)
		FIND(d, KEY_LARGE, "the key is %s", k->name);
	else if (!k->rsa)
		FIND(d, KEY_EC, "the key is %s", k->name);
	if (gs_span_find(gs_span(info->subject, strlen(info->subject)),
		GS_LIT("Gemeinschaft 4")) < strlen(info->subject))
		FIND(d, SHARED_KEY,
		    "this is the certificate that came with Gemeinschaft 4");
}

void
gs_check_leaf(const struct gs_check *c, const struct gs_cert_info *info,
    struct gs_diags *d)
{
	check_dates(c, info, "the certificate", true, d);
	check_names(c, info, d);
	check_strength(info, d);
	if (info->ca)
		FIND(d, LEAF_IS_CA,
		    "the certificate is that of a CA (CA:TRUE)");
	else if (!info->usage_server)
		FIND(d, USAGE_SERVER,
		    "the certificate's usage does not include a TLS server");
}

static int
check_chain(const struct gs_check *c, const struct gs_certs *chain,
    bool complete, struct gs_diags *d, struct gs_err *err)
{
	for (size_t i = 0; i < chain->n; i++) {
		struct gs_cert_info info;
		char what[GS_CERT_TEXT + 32];
		if (gs_cert_info(chain->list[i], &info, err) == -1)
			return -1;
		(void)snprintf(
		    what, sizeof(what), "the issuer '%s'", info.subject);
		check_dates(c, &info, what, false, d);
		if (!info.ca)
			FIND(d, CHAIN_NOT_CA, "%s is no CA", what);
		/* Nobody verifies a root's signature on itself. */
		if ((info.weak_digest && !info.self_signed) || info.key.weak)
			FIND(d, CHAIN_WEAK, "%s has the key %s and is "
			    "signed with %s", what, info.key.name,
			    info.digest);
	}
	if (!complete)
		FIND(d, CHAIN_INCOMPLETE,
		    "the issuer of %s is missing",
		    chain->n > 0 ? "the last intermediate" :
				   "the certificate");
	return 0;
}

int
gs_check_served(const struct gs_check *c, const struct gs_cert *leaf,
    const struct gs_certs *chain, bool complete, struct gs_diags *d,
    struct gs_err *err)
{
	uint64_t before = d->total[GS_ERROR];
	struct gs_cert_info info;
	const char *why;

	if (gs_cert_info(leaf, &info, err) == -1)
		return -1;
	gs_check_leaf(c, &info, d);
	if (check_chain(c, chain, complete, d, err) == -1)
		return -1;
	/* What the rules do not know: path lengths, name constraints. */
	if (d->total[GS_ERROR] == before &&
	    (why = gs_cert_refusal(leaf, chain, c->now)) != NULL)
		FIND(d, CHAIN_REFUSED,
		    "a client refuses the certificate: %s", why);
	return 0;
}

/* ---- the set in place */

static bool
expected(const struct gs_check *c, const struct gs_state *st,
    enum gs_place i)
{
	if (c->layout->path[i][0] == '\0')
		return false;
	/* There is a local CA (whose key may be kept elsewhere) and a
	 * request, or there is none. */
	if (i == GS_PLACE_CA_CRT)
		return gs_state_ca(st) != NULL ||
		    gs_state_at(st, i)->type != GS_ITEM_ABSENT;
	if (i == GS_PLACE_CA_KEY || i == GS_PLACE_PENDING)
		return gs_state_at(st, i)->type != GS_ITEM_ABSENT;
	return true;
}

static void
check_file(const struct gs_check *c, const struct gs_state *st,
    enum gs_place i, struct gs_diags *d)
{
	const struct gs_item *it = gs_state_at(st, i);
	const struct gs_item *in = gs_state_content(st, i);
	const char *path = c->layout->path[i];

	/* The CA's key is needed only when somebody is there. */
	if (gs_layout_secret(i) && in->key_found == GS_KEY_LOCKED &&
	    i != GS_PLACE_CA_KEY)
		FIND(d, KEY_LOCKED, "the key in %s is encrypted", path);
	else if (gs_layout_secret(i) && in->key_found != GS_KEY_OK &&
	    in->key_found != GS_KEY_LOCKED)
		FIND(d, KEY_DAMAGED, "there is no readable key in %s", path);
	if (gs_layout_secret(i) &&
	    (it->mode & ~gs_layout_mode_max(i)) != 0)
		FIND(d, MODE_WIDE, "%s has the mode %04o", path,
		    (unsigned)it->mode);
	if (!gs_layout_secret(i) && in->certs.key_inside)
		FIND(d, KEY_PUBLIC, "%s holds a private key", path);
	if (i != GS_PLACE_KEY && i != GS_PLACE_CA_KEY &&
	    i != GS_PLACE_PENDING && in->certs.n == 0)
		FIND(d, CERT_DAMAGED,
		    "there is no readable certificate in %s", path);
}

static void
check_link(const struct gs_check *c, const struct gs_state *st,
    enum gs_place i, const char *target, struct gs_diags *d)
{
	const struct gs_item *it = gs_state_at(st, i);
	const struct gs_item *in = gs_state_content(st, i);
	const char *path = c->layout->path[i];

	if (it->type == GS_ITEM_LINK && it->dangling)
		FIND(d, LINK_BROKEN, "%s leads to %s, which is not there",
		    path, it->target);
	else if (it->type != GS_ITEM_LINK)
		FIND(d, LINK_WRONG, "%s is no link to %s", path, target);
	else if (strcmp(it->target, target) != 0)
		FIND(d, LINK_WRONG, "%s leads to %s instead of %s", path,
		    it->target, target);
	if (!gs_layout_secret(i) && in->certs.key_inside)
		FIND(d, KEY_PUBLIC, "%s holds a private key", path);
	if (it->type == GS_ITEM_FILE)
		check_file(c, st, i, d);
}

static void
check_place(const struct gs_check *c, const struct gs_state *st,
    enum gs_place i, struct gs_diags *d)
{
	const struct gs_item *it = gs_state_at(st, i);
	char target[GS_PATH_SIZE];
	bool link = gs_layout_target(c->layout, i, target) != NULL;

	if (it->type == GS_ITEM_FOLDER || it->type == GS_ITEM_OTHER)
		FIND(d, PLACE_IS_FOLDER, "%s is no file or link",
		    c->layout->path[i]);
	else if (it->type == GS_ITEM_ABSENT)
		gs_cert_finding(d,
		    link ? GS_CERT_R_LINK_WRONG : GS_CERT_R_SET_MISSING,
		    "%s is missing", c->layout->path[i]);
	else if (link)
		check_link(c, st, i, target, d);
	else if (it->dangling)
		FIND(d, LINK_BROKEN, "%s leads to %s, which is not there",
		    c->layout->path[i], it->target);
	else
		check_file(c, st, i, d);
}

static bool
in_group(const struct gs_reader_id *r, gid_t gid)
{
	for (size_t i = 0; i < r->groups; i++)
		if (r->gid[i] == gid)
			return true;
	return false;
}

/* Whether r has the permission bits (of one class) want. */
static bool
may(const struct gs_reader_id *r, mode_t mode, uid_t uid, gid_t gid,
    mode_t want)
{
	if (r->uid == 0)
		return true;
	if (r->uid == uid)
		return (mode >> 6 & want) == want;
	if (in_group(r, gid))
		return (mode >> 3 & want) == want;
	return (mode & want) == want;
}

/* The folder and those above it, up to the root that was given. */
static void
check_way(const struct gs_layout *l, const struct gs_reader_id *r,
    struct gs_diags *d)
{
	const char *root = l->site->root != NULL ? l->site->root : "";
	size_t from = strncmp(l->fs, root, strlen(root)) == 0 ?
	    strlen(root) : 0;
	char dir[GS_PATH_SIZE];
	struct stat st;

	for (size_t n = from + 1; n <= strlen(l->fs); n++) {
		if (l->fs[n] != '/' && l->fs[n] != '\0')
			continue;
		(void)snprintf(dir, sizeof(dir), "%.*s", (int)n, l->fs);
		if (stat(dir, &st) == 0 &&
		    !may(r, st.st_mode, st.st_uid, st.st_gid, 1))
			FIND(d, UNREADABLE, "the user %s cannot enter %s",
			    r->name, dir);
	}
}

void
gs_check_readable(const struct gs_check *c, struct gs_diags *d)
{
	static const enum gs_place read[] = { GS_PLACE_AGENT,
		GS_PLACE_CAFILE };
	const struct gs_reader_id *r = c->reader;
	struct stat st;

	if (r == NULL || r->name[0] == '\0' || c->layout->fs[0] == '\0')
		return;
	check_way(c->layout, r, d);
	for (unsigned i = 0; i < 2; i++)
		if (stat(c->layout->path[read[i]], &st) == 0 &&
		    !may(r, st.st_mode, st.st_uid, st.st_gid, 4))
			FIND(d, UNREADABLE, "the user %s cannot read %s",
			    r->name, c->layout->path[read[i]]);
}

/* Whether a place's key and first certificate belong together and to the
 * leaf in service. */
static void
check_pairs(
    const struct gs_check *c, const struct gs_state *st, struct gs_diags *d)
{
	const struct gs_key *key = gs_state_key(st, GS_PLACE_KEY);
	const struct gs_cert *leaf = gs_state_cert(st, GS_PLACE_CRT);

	if (key != NULL && leaf != NULL && !gs_cert_has_key(leaf, key))
		FIND(d, PAIR_MISMATCH,
		    "the key in %s does not belong to the certificate in %s",
		    c->layout->path[GS_PLACE_KEY],
		    c->layout->path[GS_PLACE_CRT]);
	for (unsigned i = GS_PLACE_PEM; i <= GS_PLACE_AGENT; i++) {
		enum gs_place place = (enum gs_place)i;
		const struct gs_cert *have = gs_state_cert(st, place);
		const struct gs_key *with = gs_state_key(st, place);
		bool pem = place == GS_PLACE_PEM ||
		    place == GS_PLACE_FS_PEM ||
		    (place == GS_PLACE_AGENT &&
			gs_state_at(st, place)->same == i);
		if (!pem || have == NULL)
			continue;
		if (with != NULL && !gs_cert_has_key(have, with))
			FIND(d, PAIR_MISMATCH, "%s holds a certificate and "
			    "another's key", c->layout->path[i]);
		if (leaf != NULL && !gs_cert_same(have, leaf))
			FIND(d, COPY_DIFFERS, "%s is not the certificate "
			    "in %s", c->layout->path[i],
			    c->layout->path[GS_PLACE_CRT]);
	}
}

static void
check_cafile(const struct gs_check *c, const struct gs_state *st,
    const struct gs_cert *leaf, const struct gs_certs *chain,
    struct gs_diags *d)
{
	const struct gs_item *ca = gs_state_content(st, GS_PLACE_CAFILE);
	bool good = chain->n > 0 || gs_certs_hold(&ca->certs, leaf);

	if (c->layout->fs[0] == '\0' || ca->certs.n == 0)
		return;
	for (size_t i = 0; i < chain->n; i++)
		good = good && gs_certs_hold(&ca->certs, chain->list[i]);
	if (!good)
		FIND(d, CAFILE_DIFFERS,
		    "%s lacks the certificates behind the one in %s",
		    c->layout->path[GS_PLACE_CAFILE],
		    c->layout->path[GS_PLACE_CRT]);
}

int
gs_check_pool(
    const struct gs_state *st, struct gs_certs *pool, struct gs_err *err)
{
	static const enum gs_place places[] = { GS_PLACE_CA_CRT,
		GS_PLACE_FS_CA, GS_PLACE_CAFILE, GS_PLACE_CRT, GS_PLACE_PEM,
		GS_PLACE_DER };

	for (unsigned i = 0; i < sizeof(places) / sizeof(*places); i++) {
		const struct gs_certs *c =
		    &gs_state_content(st, places[i])->certs;
		for (size_t k = 0; k < c->n && pool->n < GS_CERTS_MAX; k++)
			if (gs_certs_add(pool, c->list[k], err) == -1)
				return -1;
	}
	return 0;
}

static int
least_days(const struct gs_check *c, const struct gs_cert *leaf,
    const struct gs_certs *chain, int64_t *days, struct gs_err *err)
{
	struct gs_cert_info info;

	*days = INT64_MAX;
	for (size_t i = 0; i <= chain->n; i++) {
		const struct gs_cert *x = i == 0 ? leaf : chain->list[i - 1];
		if (gs_cert_info(x, &info, err) == -1)
			return -1;
		int64_t left = gs_days_left(info.not_after, c->now);
		*days = left < *days ? left : *days;
	}
	return 0;
}

static int
check_served(const struct gs_check *c, const struct gs_state *st,
    struct gs_cert *leaf, struct gs_diags *d, int64_t *days,
    struct gs_err *err)
{
	struct gs_certs pool = { 0 }, chain = { 0 };
	struct gs_cert_info info;
	bool complete = false;
	int r = gs_check_pool(st, &pool, err);

	if (r == 0)
		r = gs_chain(leaf, &pool, c->now, &chain, &complete,
		    err);
	if (r == 0)
		r = gs_check_served(c, leaf, &chain, complete, d, err);
	if (r == 0)
		r = gs_cert_info(leaf, &info, err);
	if (r == 0) {
		check_cafile(c, st, leaf, &chain, d);
		r = least_days(c, leaf, &chain, days, err);
	}
	if (r == 0 && c->layout->path[GS_PLACE_DTLS][0] != '\0' &&
	    info.key.bits < DTLS_BITS)
		FIND(d, DTLS_KEY_SHORT, "the key in %s is %s",
		    c->layout->path[GS_PLACE_DTLS], info.key.name);
	gs_certs_free(&pool);
	gs_certs_free(&chain);
	return r;
}

static bool
nothing_there(const struct gs_state *st)
{
	static const enum gs_place places[] = { GS_PLACE_KEY, GS_PLACE_CRT,
		GS_PLACE_PEM, GS_PLACE_FS_PEM, GS_PLACE_FS_CA };

	for (unsigned i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (gs_state_at(st, places[i])->type != GS_ITEM_ABSENT)
			return false;
	return true;
}

int
gs_check_set(const struct gs_check *c, const struct gs_state *st,
    struct gs_diags *d, int64_t *days, struct gs_err *err)
{
	struct gs_cert *leaf = gs_state_cert(st, GS_PLACE_CRT);
	int r = 0;

	*days = INT64_MAX;
	if (gs_txn_unfinished(c->layout->private_dir))
		FIND(d, UNFINISHED, "a change in %s was interrupted",
		    c->layout->private_dir);
	if (nothing_there(st)) {
		FIND(d, SET_MISSING, "there is no key and no certificate "
		    "for %s", c->layout->fqdn);
		return 0;
	}
	for (unsigned i = 0; i < GS_PLACES; i++)
		if (expected(c, st, (enum gs_place)i))
			check_place(c, st, (enum gs_place)i, d);
	check_pairs(c, st, d);
	if (leaf != NULL)
		r = check_served(c, st, leaf, d, days, err);
	gs_check_readable(c, d);
	if (gs_state_at(st, GS_PLACE_PENDING)->type != GS_ITEM_ABSENT)
		FIND(d, CSR_PENDING, "the key of a request is in %s",
		    c->layout->path[GS_PLACE_PENDING]);
	return r;
}
