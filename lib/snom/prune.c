/* SPDX-License-Identifier: MIT */
/* Removes settings of phones that are gone. */
#include "snom/prune.h"

#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "snom/outdir.h"

enum { NAME = 160 };

/* The state of an entry's file. */
enum state { AS_WRITTEN, CHANGED, ABSENT };

/* A run over the old list. */
struct run {
	struct gs_snom_prune *p;
	struct gs_snom_outdir *s;
	struct gs_snom_macset gone; /* 1: counted, 2: its file is removed */
	bool remove;
};

static enum state
state_of(struct gs_snom_outdir *s, const char *name,
    const struct gs_snom_manifest_entry *e)
{
	struct stat st;
	int got = gs_file_read_at(s->fd, name, (size_t)e->size, &s->old, &st);

	if (got == 1)
		return ABSENT;
	return got == 0 && gs_span_hash(gs_buf_span(&s->old)) == e->hash ?
	    AS_WRITTEN :
	    CHANGED;
}

/* Whether the link leads to the file of its entry's phone; name receives
 * its name. */
static bool
leads(const struct gs_snom_outdir *s, const struct gs_snom_manifest_entry *e,
    char name[NAME])
{
	char file[GS_STORE_NAME], target[NAME];

	memcpy(name, e->name.p, e->name.n);
	name[e->name.n] = '\0';
	gs_snom_outdir_name(e->mac, file);
	ssize_t n = readlinkat(s->fd, name, target, sizeof(target));
	return n > 0 &&
	    gs_span_eq(gs_span(target, (size_t)n), gs_span_of(file));
}

static bool
is_gone(const struct run *r, uint64_t mac)
{
	return gs_snom_macset_get(r->p->keep, mac) == NULL;
}

/* Counts the phones of the list, and those that could go. */
static int
count(struct run *r, struct gs_err *err)
{
	struct gs_snom_manifest_entry e;
	char name[GS_STORE_NAME];
	bool is_new;

	for (size_t at = 0; gs_snom_manifest_next(&r->s->list, &at, &e);) {
		if (e.name.n > 0)
			continue;
		uint64_t *value = gs_snom_macset_put(&r->gone, e.mac, &is_new);
		if (value == NULL)
			return gs_err_set(err,
			    "out of memory, or too many phones");
		r->p->listed += is_new;
		gs_snom_outdir_name(e.mac, name);
		if (*value != 0 || !is_gone(r, e.mac) ||
		    state_of(r->s, name, &e) != AS_WRITTEN)
			continue;
		*value = 1;
		r->p->gone++;
	}
	return 0;
}

static int
remove_name(struct run *r, const char *name, struct gs_err *err)
{
	if (!r->s->dry && unlinkat(r->s->fd, name, 0) == -1)
		return gs_err_sys(err, errno, "%s/settings-* or a link to it",
		    r->s->path);
	r->s->removed++;
	if (r->p->said != NULL)
		r->p->said(r->p->arg, r->s->dry ? "would remove" : "removed",
		    name);
	return 0;
}

static int
old_file(struct run *r, const struct gs_snom_manifest_entry *e,
    struct gs_err *err)
{
	char name[GS_STORE_NAME];
	bool is_new;

	if (gs_snom_manifest_has(&r->s->list, e->mac, gs_span(NULL, 0)))
		return 0;
	gs_snom_outdir_name(e->mac, name);
	enum state state = state_of(r->s, name, e);
	uint64_t *value = gs_snom_macset_put(&r->gone, e->mac, &is_new);
	if (value == NULL)
		return gs_err_set(err, "out of memory, or too many phones");
	if (!is_gone(r, e->mac) || (!r->remove && state != ABSENT))
		return gs_snom_manifest_keep(&r->s->list, e, err);
	if (r->remove && state != CHANGED)
		*value = 2;
	if (r->remove && state == CHANGED && *value == 0) {
		/* No longer a file of ours: it is removed from the list. */
		r->p->changed++;
		if (r->p->said != NULL)
			r->p->said(r->p->arg,
			    "kept, changed since it was written:", name);
	}
	return r->remove && state == AS_WRITTEN ? remove_name(r, name, err) : 0;
}

/* A link of a rendered phone may have another name now: the old one stays
 * until the phone is gone. */
static int
old_link(struct run *r, const struct gs_snom_manifest_entry *e,
    struct gs_err *err)
{
	char name[NAME];
	const uint64_t *value = gs_snom_macset_get(&r->gone, e->mac);

	if (gs_snom_manifest_has(&r->s->list, e->mac, e->name) ||
	    !leads(r->s, e, name))
		return 0;
	int bad = r->remove && value != NULL && *value == 2 ?
	    remove_name(r, name, err) :
	    gs_snom_manifest_keep(&r->s->list, e, err);
	explicit_bzero(name, sizeof(name));
	return bad;
}

/* Without a list, it is unknown who wrote the files of other phones. */
static int
count_strange(void *arg, const char *name, struct gs_err *err)
{
	struct run *r = arg;
	uint64_t mac;

	(void)err;
	r->p->strange += gs_snom_outdir_is_name(name, &mac) && is_gone(r, mac);
	return 0;
}

int
gs_snom_prune(struct gs_snom_prune *p, struct gs_snom_outdir *s,
    struct gs_err *err)
{
	struct run r = { .p = p, .s = s, .remove = p->remove };
	struct gs_snom_manifest_entry e;
	int bad = count(&r, err);

	if (bad == 0 && p->remove && (!s->list.there || s->list.damaged))
		bad = gs_snom_outdir_each(s, count_strange, &r, err);
	p->held = p->remove && !p->all && p->gone > GS_PRUNE_MOST &&
	    p->gone * GS_PRUNE_PART > p->listed;
	r.remove &= !p->held;
	for (size_t at = 0;
	     bad == 0 && gs_snom_manifest_next(&s->list, &at, &e);)
		bad = e.name.n > 0 ? old_link(&r, &e, err) :
				     old_file(&r, &e, err);
	gs_snom_macset_free(&r.gone);
	return bad;
}
