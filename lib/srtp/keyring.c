/* SPDX-License-Identifier: MIT */
/* Candidate master keys. */
#include "srtp/keyring.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/sha256.h"
#include "base/diag.h"
#include "sdp/sdes.h"
#include "srtp/cipher.h"

struct source {
	char *name;
	bool frames;
};

enum {
	PORTS = 4096, /* chains of keys by port */
	ROOM = 2 * GS_KEYRING_MAX, /* a power of two, with all guesses */
};

struct gs_srtp_keyring {
	struct gs_srtp_key *key;
	uint32_t *chain; /* for each key, the previous one of its port + 1 */
	uint32_t port[PORTS]; /* for each port, its last key + 1 */
	size_t n;
	size_t size;
	uint32_t *slot; /* hash table: index + 1 */
	size_t slots; /* their number, a power of two, at least 2 * size */
	size_t unsealed;
	size_t bare;
	size_t placed;
	size_t untried;
	size_t guesses; /* both kinds together */
	size_t hinted;
	struct source source[GS_KEYRING_SOURCES];
	size_t sources;
};

struct gs_srtp_keyring *
gs_srtp_keyring_new(struct gs_err *err)
{
	struct gs_srtp_keyring *k = calloc(1, sizeof(*k));

	if (k == NULL)
		gs_err_set(err, "out of memory");
	return k;
}

void
gs_srtp_keyring_free(struct gs_srtp_keyring *k)
{
	if (k == NULL)
		return;
	if (k->key != NULL)
		explicit_bzero(k->key, k->size * sizeof(*k->key));
	free(k->key);
	free(k->slot);
	free(k->chain);
	for (size_t i = 0; i < k->sources; i++)
		free(k->source[i].name);
	free(k);
}

uint16_t
gs_srtp_keyring_source(struct gs_srtp_keyring *k, const char *name, bool frames)
{
	for (size_t i = 0; i < k->sources; i++)
		if (k->source[i].frames == frames &&
		    strcmp(k->source[i].name, name) == 0)
			return (uint16_t)i;
	if (k->sources == GS_KEYRING_SOURCES)
		return GS_KEYRING_SOURCES - 1;
	struct source *s = &k->source[k->sources];

	s->frames = frames;
	s->name = strdup(name);
	if (s->name == NULL)
		return 0;
	return (uint16_t)k->sources++;
}

/* A keyed hash, because the sender of SIP chooses its keys, and could make a
 * weaker one collide. */
static uint32_t
hash(const struct gs_srtp_key *key)
{
	uint8_t all[GS_SRTP_KEYSALT + 8 + 3];
	char hex[9];
	size_t n = key->n;

	memcpy(all, key->keysalt, n);
	memcpy(all + n, &key->mki, 8);
	n += 8;
	all[n++] = key->mki_n;
	all[n++] = key->kdr;
	all[n++] = (uint8_t)key->params;
	gs_sha256_print(all, n, hex);
	explicit_bzero(all, sizeof(all));
	return (uint32_t)strtoul(hex, NULL, 16);
}

/* Whether the suite is known, but not implemented. */
static bool
is_untried(const struct gs_srtp_key *key)
{
	return key->suite != NULL && key->suite->cipher == GS_SRTP_OTHER;
}

static bool
same(const struct gs_srtp_key *a, const struct gs_srtp_key *b)
{
	return a->n == b->n && memcmp(a->keysalt, b->keysalt, a->n) == 0 &&
	    a->mki_n == b->mki_n && a->mki == b->mki && a->kdr == b->kdr &&
	    a->params == b->params && is_untried(a) == is_untried(b) &&
	    (a->suite == b->suite || a->suite == NULL || b->suite == NULL);
}

static size_t
find_slot(const struct gs_srtp_keyring *k, const struct gs_srtp_key *key)
{
	size_t i = hash(key) & (k->slots - 1);

	while (k->slot[i] != 0 && !same(&k->key[k->slot[i] - 1], key))
		i = (i + 1) & (k->slots - 1);
	return i;
}

static int
grow(struct gs_srtp_keyring *k)
{
	size_t size = k->size > 0 ? 2 * k->size : 64;
	struct gs_srtp_key *key = calloc(size, sizeof(*key));
	uint32_t *slot = calloc(2 * size, sizeof(*slot));
	uint32_t *chain = reallocarray(k->chain, size, sizeof(*chain));

	if (chain != NULL)
		k->chain = chain;
	if (key == NULL || slot == NULL || chain == NULL) {
		free(key);
		free(slot);
		return -1;
	}
	if (k->n > 0) {
		memcpy(key, k->key, k->n * sizeof(*key));
		explicit_bzero(k->key, k->size * sizeof(*key));
	}
	free(k->key);
	free(k->slot);
	k->key = key;
	k->slot = slot;
	k->size = size;
	k->slots = 2 * size;
	for (size_t i = 0; i < k->n; i++)
		k->slot[find_slot(k, &k->key[i])] = (uint32_t)i + 1;
	return 0;
}

/* Copies to to what only from knows. */
static void
learn(struct gs_srtp_key *to, const struct gs_srtp_key *from)
{
	if (to->suite == NULL)
		to->suite = from->suite;
	if (to->media.version == 0)
		to->media = from->media;
	if (to->ns == 0)
		to->ns = from->ns;
	if (to->call == 0)
		to->call = from->call;
}

/* Adds key i, whose port is known, to its chain. */
static void
link_port(struct gs_srtp_keyring *k, size_t i)
{
	uint32_t *last = &k->port[k->key[i].media.port % PORTS];

	if (k->key[i].media.version == 0)
		return;
	k->chain[i] = *last;
	*last = (uint32_t)i + 1;
	k->placed++;
}

static size_t
down_chain(const struct gs_srtp_keyring *k, uint32_t i, uint16_t port)
{
	while (i > 0 && k->key[i - 1].media.port != port)
		i = k->chain[i - 1];
	return i > 0 ? i - 1 : SIZE_MAX;
}

size_t
gs_srtp_keyring_of_port(const struct gs_srtp_keyring *k, uint16_t port)
{
	return down_chain(k, k->port[port % PORTS], port);
}

size_t
gs_srtp_keyring_of_port_before(const struct gs_srtp_keyring *k, size_t i)
{
	return down_chain(k, k->chain[i], k->key[i].media.port);
}

static bool
may_lack_tag(const struct gs_srtp_key *key)
{
	return (key->params & GS_SDES_UNAUTHENTICATED_SRTP) != 0 ||
	    (key->suite != NULL && key->suite->tag_bits == 0);
}

static bool
may_be_bare(const struct gs_srtp_key *key)
{
	return (key->params & GS_SDES_UNENCRYPTED_SRTP) != 0 ||
	    (key->suite != NULL && key->suite->cipher == GS_SRTP_NULL);
}

void
gs_srtp_keyring_prove(struct gs_srtp_keyring *k, size_t i)
{
	struct gs_srtp_key *key = &k->key[i];

	k->guesses -= key->guess;
	k->hinted -= key->guess && key->hinted;
	key->guess = false;
}

/* Whether there is room for key. Guesses take none from better keys. */
static bool
has_room(const struct gs_srtp_keyring *k, const struct gs_srtp_key *key)
{
	if (!key->guess)
		return gs_srtp_keyring_known(k) < GS_KEYRING_MAX;
	return (key->hinted ? k->hinted < GS_KEYRING_HINTED :
			      k->guesses - k->hinted < GS_KEYRING_GUESSES);
}

int
gs_srtp_keyring_add(struct gs_srtp_keyring *k, const struct gs_srtp_key *key)
{
	if (k->n == k->size && k->n < ROOM && grow(k) == -1)
		return -1;
	size_t i = find_slot(k, key);

	if (k->slot[i] != 0) {
		struct gs_srtp_key *old = &k->key[k->slot[i] - 1];
		bool tagless = may_lack_tag(old), bare = may_be_bare(old);
		bool linked = old->media.version != 0;

		learn(old, key);
		if (!key->guess)
			gs_srtp_keyring_prove(k, (size_t)(old - k->key));
		k->unsealed += !tagless && may_lack_tag(old);
		k->bare += !bare && may_be_bare(old);
		if (!linked)
			link_port(k, (size_t)(old - k->key));
		return 0;
	}
	if (k->n == k->size || !has_room(k, key))
		return 0;
	k->guesses += key->guess;
	k->hinted += key->guess && key->hinted;
	k->unsealed += may_lack_tag(key);
	k->bare += may_be_bare(key);
	k->untried += is_untried(key);
	k->key[k->n] = *key;
	gs_sha256_print(key->keysalt, key->n, k->key[k->n].print);
	link_port(k, k->n);
	k->slot[i] = (uint32_t)++k->n;
	return 0;
}

size_t
gs_srtp_keyring_size(const struct gs_srtp_keyring *k)
{
	return k->n;
}

const struct gs_srtp_key *
gs_srtp_keyring_at(const struct gs_srtp_keyring *k, size_t i)
{
	return i < k->n ? &k->key[i] : NULL;
}

size_t
gs_srtp_keyring_placed(const struct gs_srtp_keyring *k)
{
	return k->placed;
}

size_t
gs_srtp_keyring_unsealed(const struct gs_srtp_keyring *k)
{
	return k->unsealed;
}

size_t
gs_srtp_keyring_bare(const struct gs_srtp_keyring *k)
{
	return k->bare;
}

size_t
gs_srtp_keyring_known(const struct gs_srtp_keyring *k)
{
	return k->n - k->guesses;
}

size_t
gs_srtp_keyring_untried(const struct gs_srtp_keyring *k)
{
	return k->untried;
}

const char *
gs_srtp_keyring_where(const struct gs_srtp_keyring *k,
    const struct gs_srtp_key *key, char *text, size_t size)
{
	const struct source *s = &k->source[key->source];

	snprintf(text, size, s->frames ? "%s frame %llu" : "%s:%llu",
	    key->source < k->sources ? s->name : "?",
	    (unsigned long long)key->line);
	return text;
}
