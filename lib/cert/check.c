/* SPDX-License-Identifier: MIT */
/* Findings about the set in place, and about a certificate to import. */
#include "cert/check.h"

#include <sys/stat.h>

#include <stdio.h>
#include <unistd.h>

#include "cert/date.h"
#include "cert/parcel.h"
#include "cert/state.h"
#include "cert/trust.h"
#include "cert/rules_priv.h"

enum { RSA_LARGE = 4096, DTLS_BITS = 4096 };

/* ---- what to do */

static bool
writes(const struct gs_cert_forecast *f, const char *path)
{
	for (size_t i = 0; i < f->txn->n; i++)
		if (path == NULL || strcmp(f->txn->step[i].path, path) == 0)
			return true;
	return false;
}

/* Whether the set of this name is not the one in service. */
static bool
is_elsewhere(const struct gs_cert_check *c)
{
	return c->service != NULL &&
	    !gs_cert_service_is(c->service, c->layout->fqdn);
}

static void
name_command(const struct gs_cert_check *c, enum gs_cert_mend mend,
    const char *more, struct gs_finding *f)
{
	const struct gs_cert_adviser *a = c->adviser;
	char command[3 * GS_PATH_SIZE];
	bool takes = is_elsewhere(c) && mend != GS_MEND_SWITCH;

	int n = snprintf(command, sizeof(command), "%s%s%s%s%s%s", a->command,
	    gs_cert_mend_options(mend), more, takes ? " --switch" : "",
	    a->operand[0] != '\0' ? " " : "", a->operand);
	if (n > 0 && (size_t)n < sizeof(command))
		gs_cert_finding_run(f, command);
}

/* Adds the command that corrects finding f, if there is one: it would write
 * path (NULL: anything), or make a new certificate. Returns whether it did. */
static bool
advise(const struct gs_cert_check *c, enum gs_cert_mend mend, const char *path,
    const char *more, struct gs_finding *f)
{
	const struct gs_cert_adviser *a = c->adviser;

	if (a == NULL || mend == GS_MEND_NONE || (is_elsewhere(c) && !a->asked))
		return false;
	/* A run that makes a set requires a name. */
	if (a->operand[0] == '\0' && c->service != NULL &&
	    c->service->kind == GS_SERVICE_NONE)
		return false;
	const struct gs_cert_forecast *fc = a->forecast(a->arg, mend);
	if (fc == NULL || fc->fails || !writes(fc, path))
		return false;
	if (mend != GS_MEND_RUN && mend != GS_MEND_SWITCH && !fc->new_leaf)
		return false;
	name_command(c, mend, more, f);
	return true;
}

/* FIND(), with the command of the rule. */
#define ADVISE(c, d, rule, path, ...)                                          \
	(void)advise((c), gs_cert_mend(GS_CERT_R_##rule), (path), "",          \
	    FIND((d), rule, __VA_ARGS__))

/* ---- one certificate */

static void
advise_renewal(const struct gs_cert_check *c, bool leaf, bool soon,
    struct gs_finding *f)
{
	int64_t warn = (int64_t)c->warn_days * GS_DAY;
	enum gs_cert_mend mend = leaf ? GS_MEND_RENEW : GS_MEND_NEW_CA;
	const struct gs_cert_forecast *fc = c->adviser == NULL ?
	    NULL :
	    c->adviser->forecast(c->adviser->arg, mend);

	/* A new certificate that expires as soon does not help. */
	if (fc != NULL && fc->not_after - c->now > (soon ? warn : 0))
		(void)advise(c, mend, NULL,
		    soon && leaf ? c->adviser->renew : "", f);
}

static void
check_dates(const struct gs_cert_check *c, const struct gs_cert_info *info,
    const char *what, bool leaf, struct gs_diags *d)
{
	int64_t warn = (int64_t)c->warn_days * GS_DAY;
	int64_t crit = (int64_t)c->crit_days * GS_DAY;
	char date[GS_DATE_SIZE];

	if (info->not_before > c->now) {
		(void)gs_cert_date_text(info->not_before, GS_DATE_WORDS, date);
		advise_renewal(c, leaf, false,
		    gs_cert_finding(d,
			leaf ? GS_CERT_R_CERT_NOT_YET_VALID :
			       GS_CERT_R_CHAIN_EXPIRED,
			"%s is not valid before %s", what, date));
	}
	bool known = gs_cert_date_text(info->not_after, GS_DATE_WORDS, date);
	if (info->not_after < c->now)
		advise_renewal(c, leaf, false,
		    gs_cert_finding(d,
			leaf ? GS_CERT_R_CERT_EXPIRED : GS_CERT_R_CHAIN_EXPIRED,
			known ? "%s expired on %s" :
				"%s has a date of expiry that clients cannot "
				"read%s",
			what, date));
	else if (info->not_after - c->now <= warn)
		advise_renewal(c, leaf, true,
		    gs_cert_finding_as(d,
			leaf ? GS_CERT_R_CERT_EXPIRES_SOON :
			       GS_CERT_R_CHAIN_EXPIRES_SOON,
			crit > 0 && info->not_after - c->now <= crit ?
			    GS_ERROR :
			    GS_WARNING,
			"%s expires on %s, in %lld days", what, date,
			(long long)gs_cert_days_left(info->not_after, c->now)));
}

static void
check_names(const struct gs_cert_check *c, const struct gs_cert_info *info,
    struct gs_diags *d)
{
	char more[sizeof(((struct gs_cert_san *)0)->text) + 16];

	if (info->sans.dropped > 0)
		FIND(d, NAME_MANY, "the certificate has %zu alternative names",
		    info->sans.n + info->sans.dropped);
	for (size_t i = 0;
	     info->sans.dropped == 0 && c->names != NULL && i < c->names->n;
	     i++)
		if (!gs_cert_sans_cover(&info->sans, &c->names->list[i]))
			ADVISE(c, d, NAME_MISSING, NULL,
			    "the certificate has no alternative name %s",
			    c->names->list[i].text);
		else if (gs_cert_sans_wild(&info->sans, &c->names->list[i]))
			FIND(d, NAME_WILDCARD,
			    "only a wildcard in the certificate covers %s",
			    c->names->list[i].text);
	for (size_t i = 0; info->sans.dropped == 0 && c->addresses != NULL &&
	     i < c->addresses->n;
	     i++) {
		const char *text = c->addresses->list[i].text;
		if (gs_cert_sans_cover(&info->sans, &c->addresses->list[i]))
			continue;
		(void)snprintf(more, sizeof(more), " --san %s", text);
		(void)advise(c, gs_cert_mend(GS_CERT_R_ADDRESS_MISSING), NULL,
		    more,
		    FIND(d, ADDRESS_MISSING,
			"the certificate has no alternative name %s, an "
			"address of this host",
			text));
	}
}

static void
check_strength(const struct gs_cert_check *c, const struct gs_cert_info *info,
    struct gs_diags *d)
{
	const struct gs_cert_key_info *k = &info->key;

	if (info->weak_digest)
		ADVISE(c, d, DIGEST_WEAK, NULL,
		    "the certificate is signed with %s", info->digest);
	if (k->weak)
		ADVISE(c, d, KEY_WEAK, NULL, "the key is %s", k->name);
	else if (k->rsa && k->bits > RSA_LARGE)
		ADVISE(c, d, KEY_LARGE, NULL, "the key is %s", k->name);
	else if (k->unusable)
		FIND(d, KEY_UNUSABLE, "the key is %s", k->name);
	else if (!k->rsa)
		ADVISE(c, d, KEY_EC, NULL, "the key is %s", k->name);
	if (gs_cert_is_shared(info))
		ADVISE(c, d, SHARED_KEY, NULL,
		    "this is the certificate that came with Gemeinschaft 4");
}

/* Findings about one server certificate: dates, names, strength, usage. */
static void
check_leaf(const struct gs_cert_check *c, const struct gs_cert_info *info,
    struct gs_diags *d)
{
	check_dates(c, info, "the certificate", true, d);
	check_names(c, info, d);
	check_strength(c, info, d);
	if (info->ca != NULL)
		ADVISE(c, d, LEAF_IS_CA, NULL,
		    "the certificate is a CA certificate (%s)", info->ca);
	else if (!info->usage_server)
		ADVISE(c, d, USAGE_SERVER, NULL,
		    "the certificate's usage does not include a TLS server");
}

/* The issuer of the last intermediate may be a root that clients have. */
static void
find_incomplete(const struct gs_cert_check *c,
    const struct gs_cert_certs *chain, struct gs_diags *d)
{
	const char *whose =
	    chain->n > 0 ? "the last intermediate" : "the certificate";

	(void)gs_cert_finding_as(d, GS_CERT_R_CHAIN_INCOMPLETE,
	    c->in_place && (chain->n > 0 || c->service == NULL) ? GS_WARNING :
								  GS_ERROR,
	    "the issuer of %s is missing", whose);
}

/* Whether name is that of a staging CA. */
static bool
is_staging(const char *name)
{
	static const char *const words[] = { "(STAGING)", "Fake LE ",
		"h2ppy h2cker fake CA", "Pebble " };

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(name, words[i]) != NULL)
			return true;
	return false;
}

static void
check_chain(const struct gs_cert_check *c, const struct gs_cert_certs *chain,
    bool complete, struct gs_diags *d)
{
	for (size_t i = 0; i < chain->n; i++) {
		struct gs_cert_info info;
		char what[GS_CERT_TEXT + 32];
		gs_cert_info(chain->list[i], &info);
		(void)snprintf(what, sizeof(what), "the issuer '%s'",
		    info.subject);
		check_dates(c, &info, what, false, d);
		if (info.ca == NULL)
			FIND(d, CHAIN_NOT_CA, "%s is not a CA", what);
		/* A root's own signature is not verified. */
		if ((info.weak_digest && !info.self_signed) || info.key.weak)
			ADVISE(c, d, CHAIN_WEAK, NULL,
			    "%s has the key %s and is signed with %s", what,
			    info.key.name, info.digest);
	}
	if (!complete)
		find_incomplete(c, chain, d);
}

/* Without c->trust, phones get the root of the set, whatever it is. */
static void
check_root(const struct gs_cert_check *c, const struct gs_cert *root,
    struct gs_diags *d)
{
	struct gs_cert_info info;

	if (c->trust == NULL || gs_cert_trust_has(c->trust, root))
		return;
	gs_cert_info(root, &info);
	FIND(d, CHAIN_UNTRUSTED,
	    "the certificate leads to '%s', which is not in %s", info.subject,
	    c->trust->path);
}

void
gs_cert_check_served(const struct gs_cert_check *c, const struct gs_cert *leaf,
    const struct gs_cert_certs *chain, bool complete, struct gs_diags *d)
{
	uint64_t before = d->total[GS_ERROR];
	struct gs_cert_info info;
	const char *why;

	gs_cert_info(leaf, &info);
	check_leaf(c, &info, d);
	if (is_staging(info.issuer))
		FIND(d, CERT_STAGING, "'%s' signed the certificate",
		    info.issuer);
	check_chain(c, chain, complete, d);
	if (complete)
		check_root(c, gs_cert_root(leaf, chain), d);
	/* What the rules do not cover: path lengths, name constraints. */
	if (complete && d->total[GS_ERROR] == before &&
	    (why = gs_cert_refusal(leaf, chain, false, c->now)) != NULL)
		FIND(d, CHAIN_REFUSED, "a client refuses the certificate: %s",
		    why);
}

/* ---- the set in place */

static bool
expected(const struct gs_cert_check *c, const struct gs_cert_state *st,
    enum gs_cert_place i)
{
	if (c->layout->path[i][0] == '\0' || c->layout->spare[i])
		return false;
	/* Whether there is a local CA (whose key may be elsewhere) and a
	 * request. */
	if (i == GS_PLACE_CA_CRT)
		return gs_cert_state_ca(st) != NULL ||
		    st->item[i].type != GS_ITEM_ABSENT;
	if (i == GS_PLACE_CA_KEY || i == GS_PLACE_PENDING)
		return st->item[i].type != GS_ITEM_ABSENT;
	return true;
}

/* A lost key must be replaced by a new one. */
static void
find_damaged_key(const struct gs_cert_check *c, enum gs_cert_place i,
    struct gs_diags *d)
{
	const char *path = c->layout->path[i];
	struct gs_finding *f =
	    FIND(d, KEY_DAMAGED, "%s contains no readable key", path);

	if (!advise(c, GS_MEND_RUN, path, "", f))
		(void)advise(c, GS_MEND_NEW_KEY, path, "", f);
}

/* A missing target is restored, or the link is set. What the CA's key lacks is
 * left to check_ca(). */
static void
find_broken(const struct gs_cert_check *c, const struct gs_cert_state *st,
    enum gs_cert_place i, struct gs_diags *d)
{
	if (i != GS_PLACE_CA_KEY)
		ADVISE(c, d, LINK_BROKEN, NULL,
		    "%s points to %s, where there is no file",
		    c->layout->path[i], st->item[i].target);
}

/* This program reads it, and no server does. */
static void
find_unloadable(const struct gs_cert_check *c, enum gs_cert_place i,
    struct gs_diags *d)
{
	const char *path = c->layout->path[i];
	enum gs_cert_rule rule =
	    i == GS_PLACE_KEY ? GS_CERT_R_KEY_DAMAGED : GS_CERT_R_CERT_DAMAGED;

	(void)advise(c, gs_cert_mend(rule), path, "",
	    gs_cert_finding(d, rule,
		"servers cannot load all of %s: it is not PEM as OpenSSL reads "
		"it",
		path));
}

/* What FreeSWITCH takes for its issuers. */
static bool
is_trust(enum gs_cert_place i)
{
	return i == GS_PLACE_FS_CA || i == GS_PLACE_CAFILE;
}

static void
check_file(const struct gs_cert_check *c, const struct gs_cert_state *st,
    enum gs_cert_place i, struct gs_diags *d)
{
	const struct gs_cert_item *it = &st->item[i];
	const struct gs_cert_item *in = gs_cert_state_content(st, i);
	const char *path = c->layout->path[i];
	bool secret = gs_cert_layout_secret(i);
	bool used = secret && i != GS_PLACE_CA_KEY; /* for that: check_ca() */

	if (used && in->key_found == GS_KEY_LOCKED)
		FIND(d, KEY_LOCKED, "the key in %s is encrypted", path);
	else if (used && in->key_found != GS_KEY_OK)
		find_damaged_key(c, i, d);
	if (secret && (it->mode & ~gs_cert_layout_mode_max(i)) != 0)
		ADVISE(c, d, MODE_WIDE, path, "%s has mode %04o", path,
		    (unsigned)it->mode);
	if (!secret && in->certs.key_inside)
		ADVISE(c, d, KEY_PUBLIC, path, "%s contains a private key",
		    path);
	if (i != GS_PLACE_KEY && i != GS_PLACE_CA_KEY &&
	    i != GS_PLACE_PENDING && in->certs.n == 0)
		ADVISE(c, d, CERT_DAMAGED, path,
		    "%s contains no readable certificate", path);
	else if (i >= GS_PLACE_KEY && i < GS_PLACE_DER &&
	    (in->unloadable || (is_trust(i) && in->untrustable)))
		find_unloadable(c, i, d);
}

static void
check_link(const struct gs_cert_check *c, const struct gs_cert_state *st,
    enum gs_cert_place i, const char *target, struct gs_diags *d)
{
	const struct gs_cert_item *it = &st->item[i];
	const struct gs_cert_item *in = gs_cert_state_content(st, i);
	const char *path = c->layout->path[i];

	if (it->type == GS_ITEM_LINK && it->dangling)
		find_broken(c, st, i, d);
	else if (it->type != GS_ITEM_LINK)
		ADVISE(c, d, LINK_WRONG, path, "%s is not a link to %s", path,
		    target);
	else if (strcmp(it->target, target) != 0)
		ADVISE(c, d, LINK_WRONG, path, "%s points to %s instead of %s",
		    path, it->target, target);
	/* Its target is judged at its own place. */
	if (it->type == GS_ITEM_LINK && strcmp(it->target, target) == 0)
		return;
	if (it->type == GS_ITEM_FILE)
		check_file(c, st, i, d);
	else if (!gs_cert_layout_secret(i) && in->certs.key_inside)
		ADVISE(c, d, KEY_PUBLIC, path, "%s contains a private key",
		    path);
}

/* The contents of a place: a link to target, or with NULL a file. */
static void
check_place(const struct gs_cert_check *c, const struct gs_cert_state *st,
    enum gs_cert_place i, const char *target, struct gs_diags *d)
{
	const struct gs_cert_item *it = &st->item[i];
	const char *path = c->layout->path[i];

	if (it->type == GS_ITEM_FOLDER || it->type == GS_ITEM_OTHER)
		FIND(d, PLACE_IS_FOLDER, "%s is neither a file nor a link",
		    path);
	else if (it->type == GS_ITEM_ABSENT && target != NULL)
		ADVISE(c, d, LINK_WRONG, path, "%s is missing", path);
	else if (it->type == GS_ITEM_ABSENT)
		ADVISE(c, d, SET_MISSING, path, "%s is missing", path);
	else if (target != NULL)
		check_link(c, st, i, target, d);
	else if (it->dangling)
		find_broken(c, st, i, d);
	else
		check_file(c, st, i, d);
}

static bool
in_group(const struct gs_cert_reader_id *r, gid_t gid)
{
	for (size_t i = 0; i < r->groups; i++)
		if (r->gid[i] == gid)
			return true;
	return false;
}

/* Whether r has the permission bits (of one class) want. */
static bool
may(const struct gs_cert_reader_id *r, mode_t mode, uid_t uid, gid_t gid,
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

/* The folder and its parents, up to the given root. */
static void
check_way(const struct gs_cert_layout *l, const struct gs_cert_reader_id *r,
    struct gs_diags *d)
{
	const char *root = l->site->root != NULL ? l->site->root : "";
	size_t from =
	    strncmp(l->fs, root, strlen(root)) == 0 ? strlen(root) : 0;
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

/* Only root can change owners. */
static void
advise_owner(const struct gs_cert_check *c, struct gs_finding *f)
{
	const struct gs_cert_adviser *a = c->adviser;
	char more[sizeof(c->reader->name) + 16];

	if (a == NULL || geteuid() != 0 || is_elsewhere(c))
		return;
	const struct gs_cert_forecast *fc = a->forecast(a->arg, GS_MEND_RUN);
	if (fc == NULL || fc->fails)
		return;
	(void)snprintf(more, sizeof(more), " --owner %s", c->reader->name);
	name_command(c, GS_MEND_RUN,
	    c->layout->site->fs_uid == (uid_t)-1 ? more : "", f);
}

void
gs_cert_check_readable(const struct gs_cert_check *c, struct gs_diags *d)
{
	static const enum gs_cert_place read[] = { GS_PLACE_AGENT,
		GS_PLACE_CAFILE };
	const struct gs_cert_reader_id *r = c->reader;
	struct stat st;

	if (r == NULL || r->name[0] == '\0' || c->layout->fs[0] == '\0')
		return;
	check_way(c->layout, r, d);
	for (unsigned i = 0; i < 2; i++)
		if (stat(c->layout->path[read[i]], &st) == 0 &&
		    !may(r, st.st_mode, st.st_uid, st.st_gid, 4))
			advise_owner(c,
			    FIND(d, UNREADABLE, "the user %s cannot read %s",
				r->name, c->layout->path[read[i]]));
}

/* Whether a place's key and first certificate belong together and to the
 * leaf in service. */
static void
check_pairs(const struct gs_cert_check *c, const struct gs_cert_state *st,
    struct gs_diags *d)
{
	const struct gs_cert_key *key = gs_cert_state_key(st, GS_PLACE_KEY);
	const struct gs_cert *leaf = gs_cert_state_cert(st, GS_PLACE_CRT);

	if (key != NULL && leaf != NULL && !gs_cert_has_key(leaf, key))
		(void)advise(c,
		    gs_cert_state_copied(st, leaf) != NULL ? GS_MEND_RUN :
							     GS_MEND_NEW_KEY,
		    NULL, "",
		    FIND(d, PAIR_MISMATCH,
			"the key in %s does not belong to the certificate in "
			"%s",
			c->layout->path[GS_PLACE_KEY],
			c->layout->path[GS_PLACE_CRT]));
	for (enum gs_cert_place i = GS_PLACE_PEM; i <= GS_PLACE_AGENT; i++) {
		const struct gs_cert *have = gs_cert_state_cert(st, i);
		const struct gs_cert_key *with = gs_cert_state_key(st, i);
		bool pem = i == GS_PLACE_PEM || i == GS_PLACE_FS_PEM ||
		    (i == GS_PLACE_AGENT && !is_elsewhere(c) &&
			st->item[i].same == i);
		if (!pem || have == NULL)
			continue;
		if (with != NULL && !gs_cert_has_key(have, with))
			(void)advise(c, GS_MEND_RUN, c->layout->path[i], "",
			    FIND(d, PAIR_MISMATCH,
				"%s contains a certificate and the key of a "
				"different one",
				c->layout->path[i]));
		if (leaf != NULL && !gs_cert_same(have, leaf))
			ADVISE(c, d, COPY_DIFFERS, NULL,
			    "%s is not the certificate in %s",
			    c->layout->path[i], c->layout->path[GS_PLACE_CRT]);
	}
}

bool
gs_cert_check_cafile(const struct gs_cert_certs *cafile,
    const struct gs_cert *leaf, const struct gs_cert_certs *chain,
    bool complete, int64_t now)
{
	struct gs_cert_certs sent = { 0 };
	bool good = cafile->n > 0;

	if (chain->n == 0)
		return good && (!complete || gs_cert_certs_hold(cafile, leaf));
	gs_cert_sent(leaf, cafile, now, &sent);
	/* Clients have the root above the intermediates. */
	for (size_t i = 0; i < chain->n; i++)
		good = good &&
		    (gs_cert_certs_hold(&sent, chain->list[i]) ||
			(i > 0 && gs_cert_self_signed(chain->list[i])));
	gs_cert_certs_free(&sent);
	return good;
}

static void
check_cafile(const struct gs_cert_check *c, const struct gs_cert_state *st,
    const struct gs_cert *leaf, const struct gs_cert_certs *chain,
    bool complete, struct gs_diags *d)
{
	const struct gs_cert_item *ca =
	    gs_cert_state_content(st, GS_PLACE_CAFILE);

	if (c->layout->fs[0] != '\0' && ca->certs.n > 0 && !is_elsewhere(c) &&
	    !gs_cert_check_cafile(&ca->certs, leaf, chain, complete, c->now))
		ADVISE(c, d, CAFILE_DIFFERS, NULL,
		    "FreeSWITCH does not send the issuers of %s: they are "
		    "missing from %s",
		    c->layout->path[GS_PLACE_CRT],
		    c->layout->path[GS_PLACE_CAFILE]);
}

static void
add_all(struct gs_cert_certs *pool, const struct gs_cert_certs *more)
{
	for (size_t k = 0; k < more->n; k++)
		gs_cert_certs_add(pool, more->list[k]);
}

void
gs_cert_check_pool(const struct gs_cert_state *st, struct gs_cert_certs *pool)
{
	static const enum gs_cert_place places[] = { GS_PLACE_CA_CRT,
		GS_PLACE_FS_CA, GS_PLACE_CAFILE, GS_PLACE_CRT, GS_PLACE_PEM,
		GS_PLACE_FS_PEM, GS_PLACE_AGENT, GS_PLACE_LINK_CRT,
		GS_PLACE_LINK_PEM, GS_PLACE_DER };

	for (unsigned i = 0; i < sizeof(places) / sizeof(*places); i++)
		add_all(pool, &gs_cert_state_content(st, places[i])->certs);
}

enum { TRUST_TURNS = 4 };

/* Adds possible issuers of the leaf or of what is above it. A chain made
 * elsewhere may go beyond a root that clients trust, to an older root. */
static void
add_trusted(const struct gs_cert_check *c, const struct gs_cert *leaf,
    struct gs_cert_certs *pool)
{
	struct gs_cert_certs above = { 0 };

	gs_cert_trust_find(c->trust, leaf, pool);
	gs_cert_above(leaf, pool, &above);
	for (size_t i = 0; i < above.n; i++)
		gs_cert_trust_find(c->trust, above.list[i], pool);
	gs_cert_certs_free(&above);
}

/* As gs_cert_check_best(), without a preference. */
static bool
complete_chain(const struct gs_cert_check *c, const struct gs_cert *leaf,
    struct gs_cert_certs *pool, struct gs_cert_certs *chain)
{
	bool complete = gs_cert_chain(leaf, pool, c->now, chain);

	for (unsigned i = 0; i < TRUST_TURNS &&
	     !(complete && gs_cert_check_days(c, leaf, chain) >= 0);
	     i++) {
		size_t before = pool->n;
		add_trusted(c, leaf, pool);
		if (pool->n == before)
			break;
		gs_cert_certs_free(chain);
		complete = gs_cert_chain(leaf, pool, c->now, chain);
	}
	return complete;
}

/* Fills chain from what is in pool without self-signed certificates but own,
 * and from the trusted ones. Returns whether it is valid. */
static bool
find_trusted(const struct gs_cert_check *c, const struct gs_cert *leaf,
    const struct gs_cert *own, const struct gs_cert_certs *pool,
    struct gs_cert_certs *chain)
{
	struct gs_cert_certs some = { 0 };

	for (size_t i = 0; i < pool->n; i++)
		if (!gs_cert_self_signed(pool->list[i]) ||
		    (own != NULL && gs_cert_same(pool->list[i], own)))
			gs_cert_certs_add(&some, pool->list[i]);
	bool good = complete_chain(c, leaf, &some, chain) &&
	    gs_cert_check_days(c, leaf, chain) >= 0;
	gs_cert_certs_free(&some);
	return good;
}

bool
gs_cert_check_best(const struct gs_cert_check *c, const struct gs_cert *leaf,
    const struct gs_cert *own, struct gs_cert_certs *pool,
    struct gs_cert_certs *chain)
{
	struct gs_cert_certs other = { 0 };
	bool complete = complete_chain(c, leaf, pool, chain);
	const struct gs_cert *root = gs_cert_root(leaf, chain);

	int64_t days = gs_cert_check_days(c, leaf, chain);
	if (!complete || (own != NULL && gs_cert_same(root, own)) ||
	    gs_cert_trust_has(c->trust, root) ||
	    !find_trusted(c, leaf, own, pool, &other) ||
	    /* Not for one that is about to expire. */
	    (gs_cert_check_days(c, leaf, &other) <= (int64_t)c->warn_days &&
		gs_cert_check_days(c, leaf, &other) < days)) {
		gs_cert_certs_free(&other);
		return complete;
	}
	gs_cert_certs_free(chain);
	*chain = other;
	return true;
}

bool
gs_cert_check_chain(const struct gs_cert_check *c,
    const struct gs_cert_state *st, const struct gs_cert *leaf,
    struct gs_cert_certs *chain)
{
	struct gs_cert_certs pool = { 0 };

	gs_cert_check_pool(st, &pool);
	bool complete = c->trust != NULL ?
	    gs_cert_check_best(c, leaf, NULL, &pool, chain) :
	    complete_chain(c, leaf, &pool, chain);
	gs_cert_certs_free(&pool);
	return complete;
}

int64_t
gs_cert_check_days(const struct gs_cert_check *c, const struct gs_cert *leaf,
    const struct gs_cert_certs *chain)
{
	struct gs_cert_info info;
	int64_t days = INT64_MAX;

	for (size_t i = 0; i <= chain->n; i++) {
		gs_cert_info(i == 0 ? leaf : chain->list[i - 1], &info);
		int64_t left = gs_cert_days_left(info.not_after, c->now);
		days = left < days ? left : days;
	}
	return days;
}

/* As gs_cert_check_days(), apart. */
static void
count_parts(const struct gs_cert_check *c, const struct gs_cert *leaf,
    const struct gs_cert_certs *chain)
{
	struct gs_cert_certs none = { 0 };

	if (c->parts == NULL)
		return;
	c->parts[0] = gs_cert_check_days(c, leaf, &none);
	c->parts[1] = chain->n > 0 ?
	    gs_cert_check_days(c, chain->list[0], chain) :
	    INT64_MAX;
}

bool
gs_cert_check_dtls(const struct gs_cert_state *st, int64_t now)
{
	const struct gs_cert_key *key = gs_cert_state_key(st, GS_PLACE_DTLS);
	const struct gs_cert *cert = gs_cert_state_cert(st, GS_PLACE_DTLS);
	struct gs_cert_info info;

	if (st->item[GS_PLACE_DTLS].type != GS_ITEM_FILE ||
	    gs_cert_state_content(st, GS_PLACE_DTLS)->unloadable ||
	    key == NULL || cert == NULL || !gs_cert_has_key(cert, key))
		return false;
	gs_cert_info(cert, &info);
	return info.key.rsa && info.key.bits >= DTLS_BITS &&
	    info.not_after > now;
}

/* Its existence and mode have been reported already. */
static void
check_dtls(const struct gs_cert_check *c, const struct gs_cert_state *st,
    struct gs_diags *d)
{
	const struct gs_cert_key *key = gs_cert_state_key(st, GS_PLACE_DTLS);
	const char *path = c->layout->path[GS_PLACE_DTLS];
	struct gs_cert_key_info info;

	if (path[0] == '\0' || key == NULL || gs_cert_check_dtls(st, c->now))
		return;
	gs_cert_key_info(key, &info);
	if (!info.rsa || info.bits < DTLS_BITS)
		ADVISE(c, d, DTLS_KEY_SHORT, path, "the key in %s is %s", path,
		    info.name);
	else
		(void)advise(c, GS_MEND_RUN, path, "",
		    FIND(d, PAIR_MISMATCH,
			"%s contains no certificate that is valid for its key",
			path));
}

static void
check_served(const struct gs_cert_check *c, const struct gs_cert_state *st,
    const struct gs_cert *leaf, struct gs_diags *d, int64_t *days)
{
	struct gs_cert_certs chain = { 0 };
	struct gs_cert_info info;
	bool complete = gs_cert_check_chain(c, st, leaf, &chain);

	gs_cert_check_served(c, leaf, &chain, complete, d);
	gs_cert_info(leaf, &info);
	check_cafile(c, st, leaf, &chain, complete, d);
	*days = gs_cert_check_days(c, leaf, &chain);
	count_parts(c, leaf, &chain);
	if (!c->layout->spare[GS_PLACE_DTLS])
		check_dtls(c, st, d);
	gs_cert_certs_free(&chain);
}

static bool
nothing_there(const struct gs_cert_state *st)
{
	static const enum gs_cert_place places[] = { GS_PLACE_KEY, GS_PLACE_CRT,
		GS_PLACE_PEM, GS_PLACE_FS_PEM, GS_PLACE_FS_CA };

	for (unsigned i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (st->item[places[i]].type != GS_ITEM_ABSENT)
			return false;
	return true;
}

bool
gs_cert_check_adoptable(const struct gs_cert_check *c,
    const struct gs_cert_state *st)
{
	return c->service != NULL && c->service->kind == GS_SERVICE_FILES &&
	    !is_elsewhere(c) && nothing_there(st);
}

/* Files that this program did not make: FreeSWITCH's two, and those that were
 * requested. They need not be links. */
static void
check_adoptable(const struct gs_cert_check *c, const struct gs_cert_state *st,
    struct gs_diags *d)
{
	const struct gs_cert *have = gs_cert_state_cert(st, GS_PLACE_AGENT);
	const struct gs_cert_key *with = gs_cert_state_key(st, GS_PLACE_AGENT);

	ADVISE(c, d, NOT_ADOPTED, NULL, "%s", c->service->text);
	for (enum gs_cert_place i = GS_PLACE_AGENT; i <= GS_PLACE_DER; i++)
		if (c->layout->path[i][0] != '\0' && !c->layout->spare[i])
			check_place(c, st, i, NULL, d);
	if (have != NULL && with != NULL && !gs_cert_has_key(have, with))
		FIND(d, PAIR_MISMATCH,
		    "%s contains a certificate and the key of a different one",
		    c->layout->path[GS_PLACE_AGENT]);
}

/* While a change waits to be finished, files differ from each other. What
 * counts is that what a server loads together belongs together. */
static void
check_loaded(const struct gs_cert_check *c, const struct gs_cert_state *st,
    struct gs_diags *d)
{
	static const enum gs_cert_place pairs[][2] = {
		{ GS_PLACE_LINK_KEY, GS_PLACE_LINK_CRT },
		{ GS_PLACE_LINK_PEM, GS_PLACE_LINK_PEM },
		{ GS_PLACE_AGENT, GS_PLACE_AGENT },
	};
	struct gs_finding *f = FIND(d, UNFINISHED,
	    "a change in %s was interrupted", c->layout->private_dir);

	if (c->adviser != NULL &&
	    gs_cert_txn_can_finish(c->layout->private_dir))
		gs_cert_finding_run(f, c->adviser->command);
	for (unsigned i = 0; i < 3; i++) {
		const char *path = c->layout->path[pairs[i][0]];
		const struct gs_cert_key *key =
		    gs_cert_state_key(st, pairs[i][0]);
		const struct gs_cert *crt = gs_cert_state_cert(st, pairs[i][1]);
		/* A link that is made last is missing until then. */
		bool later = pairs[i][0] != GS_PLACE_AGENT &&
		    (st->item[pairs[i][0]].type == GS_ITEM_ABSENT ||
			st->item[pairs[i][1]].type == GS_ITEM_ABSENT);
		if (path[0] == '\0' || later)
			continue;
		if (key == NULL || crt == NULL)
			FIND(d, SET_MISSING,
			    "%s leads to no key and certificate", path);
		else if (!gs_cert_has_key(crt, key))
			FIND(d, PAIR_MISMATCH,
			    "the key that %s leads to does not belong to its "
			    "certificate",
			    path);
	}
}

static void
check_unfinished(const struct gs_cert_check *c, const struct gs_cert_state *st,
    struct gs_diags *d, int64_t *days)
{
	const struct gs_cert *leaf = gs_cert_state_cert(st, GS_PLACE_AGENT);
	struct gs_cert_check served = *c;

	check_loaded(c, st, d);
	if (leaf == NULL)
		leaf = gs_cert_state_cert(st, GS_PLACE_LINK_CRT);
	/* Its name is not known yet. */
	served.names = NULL;
	served.adviser = NULL;
	gs_cert_check_readable(&served, d);
	if (leaf != NULL)
		check_served(&served, st, leaf, d, days);
}

/* What is in service is another set than that of this name, or nobody knows
 * which one it is. Returns whether that is so. */
static bool
check_service(const struct gs_cert_check *c, struct gs_diags *d)
{
	const struct gs_cert_service *s = c->service;

	if (!is_elsewhere(c))
		return false;
	if (s->kind == GS_SERVICE_SPLIT)
		ADVISE(c, d, LINKS_DISAGREE, NULL, "%s", s->text);
	else
		ADVISE(c, d, OTHER_NAME, NULL, "%s is in service, not %s",
		    s->fqdn[0] != '\0' ? s->fqdn : "a set without a name",
		    c->layout->fqdn);
	return true;
}

void
gs_cert_check_ca_fault(const struct gs_cert_layout *l,
    const struct gs_cert_state *st, struct gs_diags *d)
{
	const struct gs_cert_item *in =
	    gs_cert_state_content(st, GS_PLACE_CA_KEY);
	const char *path = l->path[GS_PLACE_CA_KEY];

	if (in->key_found == GS_KEY_LOCKED)
		FIND(d, KEY_LOCKED, "the key in %s is encrypted", path);
	else if (in->key == NULL)
		FIND(d, CA_KEY_MISSING, "%s has no readable key", path);
	else
		FIND(d, CA_MISMATCH, "%s is not the key of %s", path,
		    l->path[GS_PLACE_CA_CRT]);
}

/* The CA's key is needed only while someone is present: it may be encrypted,
 * or elsewhere. */
static void
check_ca(const struct gs_cert_check *c, const struct gs_cert_state *st,
    struct gs_diags *d)
{
	if (st->item[GS_PLACE_CA_KEY].type != GS_ITEM_ABSENT &&
	    gs_cert_state_content(st, GS_PLACE_CA_KEY)->key_found !=
		GS_KEY_LOCKED &&
	    !gs_cert_state_ca_whole(st))
		gs_cert_check_ca_fault(c->layout, st, d);
}

static void
check_places(const struct gs_cert_check *c, const struct gs_cert_state *st,
    bool elsewhere, struct gs_diags *d)
{
	char to[GS_PATH_SIZE];

	for (enum gs_cert_place i = 0; i < GS_PLACES; i++) {
		const char *target = gs_cert_layout_target(c->layout, i, to);
		if (expected(c, st, i) && !(elsewhere && target != NULL))
			check_place(c, st, i, target, d);
	}
	check_pairs(c, st, d);
	check_ca(c, st, d);
}

/* A file that FreeSWITCH reads, made elsewhere or by an earlier run: it is not
 * ours to write. */
static void
check_spare(const struct gs_cert_check *c, const struct gs_cert_state *st,
    enum gs_cert_place i, struct gs_diags *d)
{
	const struct gs_cert_item *it = &st->item[i];
	const struct gs_cert_item *in = gs_cert_state_content(st, i);
	const struct gs_cert *cert = gs_cert_state_cert(st, i);
	const char *path = c->layout->path[i];
	struct gs_cert_check alone = *c;
	char what[GS_PATH_SIZE + 32], target[GS_PATH_SIZE];
	struct gs_cert_info info;

	const char *own = gs_cert_layout_target(c->layout, i, target);
	if (it->type == GS_ITEM_LINK && own != NULL &&
	    strcmp(it->target, own) == 0)
		return;
	/* No command about the set mends it. */
	alone.adviser = NULL;
	check_place(&alone, st, i, NULL, d);
	if (cert == NULL)
		return;
	if (in->key != NULL && !gs_cert_has_key(cert, in->key))
		FIND(d, PAIR_MISMATCH,
		    "%s contains a certificate and the key of a different one",
		    path);
	gs_cert_info(cert, &info);
	(void)snprintf(what, sizeof(what), "the certificate in %s", path);
	check_dates(&alone, &info, what, true, d);
}

static void
check_spares(const struct gs_cert_check *c, const struct gs_cert_state *st,
    struct gs_diags *d)
{
	for (enum gs_cert_place i = 0; i < GS_PLACES; i++)
		if (c->layout->spare[i] && i != GS_PLACE_OWED &&
		    st->item[i].type != GS_ITEM_ABSENT)
			check_spare(c, st, i, d);
	if (st->item[GS_PLACE_OWED].type != GS_ITEM_ABSENT)
		FIND(d, RESTART_OWED,
		    "the set was changed, and FreeSWITCH has not been "
		    "restarted since (noted in %s)",
		    c->layout->path[GS_PLACE_OWED]);
}

/* The set of this name: the files, what they serve, and who can read them. */
static void
check_there(const struct gs_cert_check *c, const struct gs_cert_state *st,
    bool elsewhere, struct gs_diags *d, int64_t *days)
{
	bool adoptable = gs_cert_check_adoptable(c, st);
	struct gs_cert *leaf = gs_cert_state_leaf(st, adoptable);

	if (adoptable)
		check_adoptable(c, st, d);
	else
		check_places(c, st, elsewhere, d);
	if (leaf != NULL)
		check_served(c, st, leaf, d, days);
	if (!elsewhere)
		gs_cert_check_readable(c, d);
}

void
gs_cert_check_set(const struct gs_cert_check *c, const struct gs_cert_state *st,
    struct gs_diags *d, int64_t *days)
{
	*days = INT64_MAX;
	if (gs_cert_txn_unfinished(c->layout->private_dir)) {
		check_unfinished(c, st, d, days);
		return;
	}
	bool elsewhere = check_service(c, d);
	if (!nothing_there(st) || gs_cert_check_adoptable(c, st))
		check_there(c, st, elsewhere, d, days);
	else if (!elsewhere)
		ADVISE(c, d, SET_MISSING, NULL,
		    "there is no key and no certificate for %s",
		    c->layout->fqdn);
	check_spares(c, st, d);
	if (st->item[GS_PLACE_PENDING].type != GS_ITEM_ABSENT)
		FIND(d, CSR_PENDING, "the key of a request is in %s",
		    c->layout->path[GS_PLACE_PENDING]);
}

/* ---- a certificate from outside: is it the requested one? */

/* Of several certificates for one key, one with the names, of those one that is
 * valid already, and of those the one valid longest. *named: it has them. */
static struct gs_cert *
fitting(const struct gs_cert_check *c, const struct gs_cert_certs *read,
    const struct gs_cert_key *key, bool *named)
{
	struct gs_cert *best = NULL;
	struct gs_cert_info info;
	int64_t last = INT64_MIN;
	int rank = -1;

	for (size_t i = 0; i < read->n; i++) {
		if (!gs_cert_has_key(read->list[i], key))
			continue;
		gs_cert_info(read->list[i], &info);
		bool has = gs_cert_sans_missing(&info.sans, c->names) == NULL;
		int its = 2 * has + (info.not_before <= c->now);
		if (its > rank || (its == rank && info.not_after > last)) {
			best = read->list[i];
			*named = has;
			rank = its;
			last = info.not_after;
		}
	}
	return best;
}

/* For the findings: the certificate that was probably meant as the leaf. */
static struct gs_cert *
likely_leaf(const struct gs_cert_certs *read)
{
	for (size_t i = 0; i < read->n; i++) {
		bool issuer = false;
		for (size_t k = 0; k < read->n; k++)
			issuer = issuer ||
			    (k != i &&
				gs_cert_issued(read->list[i], read->list[k]));
		if (!issuer)
			return read->list[i];
	}
	return read->n > 0 ? read->list[0] : NULL;
}

enum { UNUSED_NAMED = 3 };

/* Bundles have hundreds: then only their number is reported. */
static void
check_unused(const struct gs_cert_certs *from, const char *path,
    const struct gs_cert *leaf, const struct gs_cert_certs *chain,
    struct gs_diags *d)
{
	const struct gs_cert *unused[UNUSED_NAMED];
	struct gs_cert_info info;
	size_t n = 0;

	for (size_t i = 0; i < from->n; i++) {
		if (gs_cert_same(from->list[i], leaf) ||
		    gs_cert_certs_hold(chain, from->list[i]))
			continue;
		if (n < UNUSED_NAMED)
			unused[n] = from->list[i];
		n++;
	}
	if (n > UNUSED_NAMED)
		FIND(d, CHAIN_UNUSED,
		    "%zu of the %zu certificates in %s are not in the "
		    "certificate's chain",
		    n, from->n, path);
	for (size_t i = 0; n <= UNUSED_NAMED && i < n; i++) {
		gs_cert_info(unused[i], &info);
		FIND(d, CHAIN_UNUSED, "'%s' is not in the certificate's chain",
		    info.subject);
	}
}

/* No key matches. */
static void
find_no_key(const struct gs_cert_check_import *i, struct gs_diags *d)
{
	const struct gs_cert_parcel *p = i->parcel;
	struct gs_cert_key_info key;
	struct gs_cert_info info;

	gs_cert_info(i->leaf, &info);
	if (i->n == 0) {
		FIND(d, IMPORT_NO_KEY,
		    "there is no key that the certificate could belong to");
	} else if (p->keys.n > 1) {
		FIND(d, IMPORT_KEY_MISMATCH,
		    "the certificate of '%s' has the key %s, which is none of "
		    "the %zu keys in %s",
		    info.subject, info.key.fp, p->keys.n, p->key_file);
	} else if (p->keys.n == 1) {
		gs_cert_key_info(p->keys.list[0], &key);
		FIND(d, IMPORT_KEY_MISMATCH,
		    "the certificate of '%s' has the key %s, and %s contains "
		    "the key %s",
		    info.subject, info.key.fp, p->key_file, key.fp);
	} else {
		FIND(d, IMPORT_KEY_MISMATCH,
		    "the certificate of '%s' has the key %s, which is not this "
		    "host's",
		    info.subject, info.key.fp);
	}
}

/* The certificate for one of the keys, if possible one with the names, or the
 * one that was meant. */
static bool
find_leaf(const struct gs_cert_check *c, struct gs_cert_check_import *i)
{
	const struct gs_cert_certs *read = &i->parcel->certs;

	for (size_t k = 0; k < i->n; k++) {
		bool named = false;
		struct gs_cert *leaf = fitting(c, read, i->keys[k], &named);
		if (leaf == NULL)
			continue;
		if (i->leaf == NULL || named) {
			i->leaf = leaf;
			i->key = k;
		}
		if (named)
			break;
	}
	if (i->leaf != NULL)
		return true;
	i->leaf = likely_leaf(read);
	return false;
}

/* Finds the issuers among those that came with the certificate and those that
 * clients trust. What is in place counts only when these do not suffice: a
 * CA may have a reason for another chain. */
static bool
import_chain(const struct gs_cert_check *c, struct gs_cert_check_import *i)
{
	struct gs_cert_certs pool = { 0 };

	add_all(&pool, &i->parcel->certs);
	add_all(&pool, &i->parcel->chain);
	bool complete = gs_cert_check_best(c, i->leaf, NULL, &pool, i->chain);
	if (!complete || gs_cert_check_days(c, i->leaf, i->chain) < 0) {
		add_all(&pool, i->known);
		gs_cert_certs_free(i->chain);
		complete =
		    gs_cert_check_best(c, i->leaf, NULL, &pool, i->chain);
	}
	gs_cert_certs_free(&pool);
	return complete;
}

void
gs_cert_check_import(const struct gs_cert_check *c,
    struct gs_cert_check_import *i, struct gs_diags *d)
{
	const struct gs_cert_parcel *p = i->parcel;

	i->leaf = NULL;
	i->key = i->n;
	if (!gs_cert_parcel_check(p, d))
		return;
	if (!find_leaf(c, i))
		find_no_key(i, d);
	bool complete = import_chain(c, i);
	check_unused(&p->certs, p->file, i->leaf, i->chain, d);
	check_unused(&p->chain, p->chain_file, i->leaf, i->chain, d);
	gs_cert_check_served(c, i->leaf, i->chain, complete, d);
}
