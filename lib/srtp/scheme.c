/* SPDX-License-Identifier: MIT */
/* The ways in which a key may have been used. */
#include "srtp/keyring.h"

#include "sdp/sdes.h"

/* A list of ways, as it is built. */
struct list {
	struct gs_srtp_scheme *scheme;
	size_t n;
};

static void
put(struct list *l, const struct gs_srtp_spec *spec, unsigned tag, unsigned mki,
    bool clear, bool likely)
{
	if (l->n < GS_SRTP_SCHEMES)
		l->scheme[l->n++] = (struct gs_srtp_scheme){ *spec,
			{ (uint8_t)tag, (uint8_t)mki, clear }, likely };
}

/* Adds the tag that was named, then the other one of the two in use. */
static void
put_tags(struct list *l, const struct gs_srtp_spec *spec, unsigned named,
    unsigned mki, bool clear, bool likely)
{
	unsigned lo = spec->cipher == GS_SRTP_GCM ? 8 : 4;
	unsigned hi = spec->cipher == GS_SRTP_GCM ? 16 : 10;

	put(l, spec, named == lo ? lo : hi, mki, clear, likely);
	put(l, spec, named == lo ? hi : lo, mki, clear, likely);
}

/* Returns false if the named suite cannot be opened. */
static bool
set_cipher(struct gs_srtp_spec *spec, const struct gs_srtp_key *key)
{
	const struct gs_sdp_suite *s = key->suite;

	if ((s != NULL && s->cipher == GS_SRTP_OTHER) ||
	    !gs_sdp_suite_length(key->n, &spec->salt))
		return false;
	spec->key = (uint8_t)(key->n - spec->salt);
	spec->kdr = key->params & GS_SDES_KDR && key->kdr <= 24 ? key->kdr : 0;
	spec->cipher = spec->salt == 12 ? GS_SRTP_GCM : GS_SRTP_CM;
	if (s != NULL && s->key == spec->key && s->salt == spec->salt)
		spec->cipher = s->cipher;
	return true;
}

size_t
gs_srtp_key_schemes(const struct gs_srtp_key *key,
    struct gs_srtp_scheme scheme[GS_SRTP_SCHEMES])
{
	static const uint8_t lengths[] = { 4, 1, 2, 3, 8, 16, 32, 64, 128 };
	struct list l = { scheme, 0 };
	struct gs_srtp_spec spec = { .cipher = GS_SRTP_CM };
	bool clear = (key->params & GS_SDES_UNENCRYPTED_SRTP) != 0;
	unsigned named = key->suite != NULL ? key->suite->tag_bits / 8 : 10;
	struct gs_srtp_spec other;

	if (!set_cipher(&spec, key))
		return 0;
	if (key->mki_n > 0)
		put_tags(&l, &spec, named, key->mki_n, clear, true);
	put_tags(&l, &spec, named, 0, clear, true);
	other = spec;
	other.kdr = 0;
	if (spec.kdr > 0) {
		if (key->mki_n > 0)
			put_tags(&l, &other, named, key->mki_n, clear, true);
		put_tags(&l, &other, named, 0, clear, true);
	}
	/* Some senders encrypt with GCM nevertheless. Other ciphers have the
	 * same tag either way. */
	if (clear && spec.cipher == GS_SRTP_GCM) {
		if (key->mki_n > 0)
			put_tags(&l, &spec, named, key->mki_n, false, true);
		put_tags(&l, &spec, named, 0, false, true);
	}
	other = spec;
	other.legacy192 = spec.key == 24;
	other.salt_left = spec.cipher == GS_SRTP_GCM;
	if (other.legacy192 || other.salt_left) {
		if (key->mki_n > 0)
			put_tags(&l, &other, named, key->mki_n, clear,
			    other.legacy192);
		put_tags(&l, &other, named, 0, clear, other.legacy192);
	}
	if ((key->suite != NULL && named == 0) ||
	    (key->params & GS_SDES_UNAUTHENTICATED_SRTP) != 0)
		put(&l, &spec, 0, key->mki_n, clear, true);
	for (size_t i = 0; i < sizeof(lengths); i++)
		if (lengths[i] != key->mki_n)
			put_tags(&l, &spec, named, lengths[i], clear, false);
	return l.n;
}

bool
gs_srtp_scheme_same(const struct gs_srtp_scheme *a,
    const struct gs_srtp_scheme *b)
{
	const struct gs_srtp_spec *x = &a->spec, *y = &b->spec;

	return x->cipher == y->cipher && x->key == y->key &&
	    x->salt == y->salt && x->kdr == y->kdr &&
	    x->legacy192 == y->legacy192 && x->salt_left == y->salt_left &&
	    a->form.tag == b->form.tag && a->form.mki == b->form.mki &&
	    a->form.clear == b->form.clear;
}

const char *
gs_srtp_scheme_suite(const struct gs_srtp_scheme *scheme)
{
	return gs_sdp_suite_of(scheme->spec.cipher, scheme->spec.key,
	    8u * scheme->form.tag)
	    ->name;
}
