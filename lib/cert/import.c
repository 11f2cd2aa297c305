/* SPDX-License-Identifier: MIT */
/* A certificate from outside: is it the one that was asked for? */
#include "cert/import.h"

#include "rules_priv.h"

/* Of several certificates for one key the one that lasts longest. */
static struct gs_cert *
fitting(const struct gs_certs *read, const struct gs_key *key)
{
	struct gs_cert *best = NULL;
	struct gs_cert_info info;
	int64_t last = INT64_MIN;

	for (size_t i = 0; i < read->n; i++) {
		if (!gs_cert_has_key(read->list[i], key) ||
		    gs_cert_info(read->list[i], &info, NULL) == -1)
			continue;
		if (best == NULL || info.not_after > last) {
			best = read->list[i];
			last = info.not_after;
		}
	}
	return best;
}

/* For the findings: the certificate that the sender took for the leaf. */
static struct gs_cert *
likely_leaf(const struct gs_certs *read)
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

static void
check_unused(const struct gs_certs *read, const struct gs_cert *leaf,
    const struct gs_certs *chain, struct gs_diags *d)
{
	for (size_t i = 0; i < read->n; i++) {
		struct gs_cert_info info;
		if (gs_cert_same(read->list[i], leaf) ||
		    gs_certs_hold(chain, read->list[i]) ||
		    gs_cert_info(read->list[i], &info, NULL) == -1)
			continue;
		FIND(d, CHAIN_UNUSED, "'%s' is not in the certificate's chain",
		    info.subject);
	}
}

static void
check_found(const struct gs_certs *read, size_t keys, bool fits,
    const struct gs_cert_info *info, struct gs_diags *d)
{
	if (read->key_inside)
		FIND(d, IMPORT_KEY_INSIDE,
		    "there is a private key in the file");
	if (read->damaged > 0)
		FIND(d, IMPORT_DAMAGED, "%zu parts of the file cannot be read",
		    read->damaged);
	if (read->dropped > 0)
		FIND(d, IMPORT_DAMAGED, "there are more than %d certificates",
		    GS_CERTS_MAX);
	if (read->n == 0)
		FIND(d, IMPORT_NO_CERTIFICATE,
		    "there is no certificate in the file");
	if (keys == 0)
		FIND(d, IMPORT_NO_KEY,
		    "there is no key that the certificate could belong to");
	else if (!fits && read->n > 0)
		FIND(d, IMPORT_KEY_MISMATCH,
		    "the certificate of '%s' has the key %s, which is not "
		    "this host's",
		    info->subject, info->key.fp);
}

int
gs_check_import(const struct gs_check *c, const struct gs_certs *read,
    const struct gs_certs *known, const struct gs_key *const *keys, size_t n,
    struct gs_cert **leaf, size_t *key, struct gs_certs *chain,
    struct gs_diags *d, struct gs_err *err)
{
	struct gs_cert_info info = { 0 };
	struct gs_certs pool = { 0 };
	bool complete = false;
	int r = 0;

	*leaf = NULL;
	for (*key = 0; *key < n; ++*key) {
		*leaf = fitting(read, keys[*key]);
		if (*leaf != NULL)
			break;
	}
	bool fits = *leaf != NULL;
	if (!fits)
		*leaf = likely_leaf(read);
	if (*leaf != NULL && gs_cert_info(*leaf, &info, err) == -1)
		return -1;
	check_found(read, n, fits, &info, d);
	if (*leaf == NULL)
		return 0;
	for (size_t i = 0; r == 0 && i < read->n; i++)
		r = gs_certs_add(&pool, read->list[i], err);
	for (size_t i = 0; r == 0 && i < known->n && pool.n < GS_CERTS_MAX; i++)
		r = gs_certs_add(&pool, known->list[i], err);
	if (r == 0)
		r = gs_chain(*leaf, &pool, c->now, chain, &complete, err);
	gs_certs_free(&pool);
	if (r == -1)
		return -1;
	check_unused(read, *leaf, chain, d);
	return gs_check_served(c, *leaf, chain, complete, d, err);
}
