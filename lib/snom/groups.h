/* SPDX-License-Identifier: MIT */
/* A table's rows phone by phone, in any order. One pass notes where the rows
 * of each phone are, so the table need not fit into memory. What cannot be
 * read twice (a pipe) is copied to anonymous memory, which is gone with the
 * run. */
#ifndef GSPROV_SNOM_GROUPS_H
#define GSPROV_SNOM_GROUPS_H

#include "base/file.h"
#include "snom/macset.h"
#include "snom/rows.h"

/* The group of rows before all others that name no phone; no MAC address is
 * this large. */
#define GS_GROUP_NOBODY ((uint64_t)1 << 48)

struct gs_snom_groups {
	struct gs_snom_rows t; /* the header, and the row that was read */
	struct gs_reader reader;
	int column; /* mac_address, or -1 */
	bool named; /* the row names its phone */
	uint64_t mac; /* that one, or the last that was named */
	char text[24]; /* how it was named; text_n 0: not known */
	size_t text_n;
	struct gs_snom_macset index; /* the numbers of the groups */
	struct gs_snom_group {
		uint64_t mac;
		size_t first, last; /* stretches */
	} * group; /* in the order of their first rows */
	size_t groups, group_size;
	struct gs_snom_stretch {
		uint64_t offset, n; /* bytes */
		uint64_t line; /* of its first row */
		size_t next; /* of the same group, or SIZE_MAX */
	} * stretch;
	size_t stretches, stretch_size;
	uint64_t of; /* the phone of the group that is read */
	size_t at; /* its stretch, or SIZE_MAX */
	bool inside;
};

/* Opens the table at path and reads its header. Returns 1, 0 if it is empty,
 * or -1. */
int gs_snom_groups_open(struct gs_snom_groups *g, const char *path,
    struct gs_err *err) GS_MUST;
void gs_snom_groups_close(struct gs_snom_groups *g);

/* Finds all rows. A row that names no phone belongs to the one before it. With
 * only, rows of other phones are left out; without a mac_address column, all
 * rows belong to that phone. Returns 0 or -1. */
int gs_snom_groups_index(struct gs_snom_groups *g, const uint64_t *only,
    struct gs_err *err) GS_MUST;

/* Goes to the group with this number, from 0. */
void gs_snom_groups_go(struct gs_snom_groups *g, size_t number);

/* Reads the next row of the group into g->t. Returns 1, 0 at its end, or -1,
 * also if the file has changed so that the row is another phone's. */
int gs_snom_groups_next(struct gs_snom_groups *g, struct gs_err *err) GS_MUST;

/* Whether the row in g->t is complete and names its phone; if not, adds a
 * finding to d. */
bool gs_snom_groups_is_usable(const struct gs_snom_groups *g,
    struct gs_diags *d);

/* Adds a finding to d if the rows of the group are not together. */
void gs_snom_groups_say_apart(const struct gs_snom_groups *g, size_t number,
    struct gs_diags *d);

#endif
