/* SPDX-License-Identifier: MIT */
/* Things in the order of their last use. */
#ifndef GSPROV_BASE_LIST_H
#define GSPROV_BASE_LIST_H

#include <stddef.h>

/* The member by which a thing is in a list; item is the thing. */
struct gs_link {
	void *item;
	struct gs_link *older;
	struct gs_link *newer;
};

/* A zeroed list is empty. */
struct gs_list {
	struct gs_link *oldest;
	struct gs_link *newest;
};

/* Adds item as the newest one, by l, which is in no list. */
static inline void
gs_list_add(struct gs_list *list, struct gs_link *l, void *item)
{
	*l = (struct gs_link){ .item = item, .older = list->newest };
	*(list->newest != NULL ? &list->newest->newer : &list->oldest) = l;
	list->newest = l;
}

/* Removes l, which is in list. */
static inline void
gs_list_take(struct gs_list *list, const struct gs_link *l)
{
	*(l->older != NULL ? &l->older->newer : &list->oldest) = l->newer;
	*(l->newer != NULL ? &l->newer->older : &list->newest) = l->older;
}

/* Makes the item of l the newest one. */
static inline void
gs_list_renew(struct gs_list *list, struct gs_link *l)
{
	gs_list_take(list, l);
	gs_list_add(list, l, l->item);
}

/* The thing of l; l may be NULL. */
static inline void *
gs_list_item(const struct gs_link *l)
{
	return l != NULL ? l->item : NULL;
}

#endif
