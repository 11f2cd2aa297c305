/* SPDX-License-Identifier: MIT */
/* One phone in the database: the rows of its accounts. */
#ifndef GSPROV_SNOM_PHONES_H
#define GSPROV_SNOM_PHONES_H

#include "snom/groups.h"
#include "snom/model.h"

struct gs_snom_params;

/* The columns with a meaning here; all others are for placeholders. */
enum gs_snom_column {
	GS_C_MAC,
	GS_C_MODEL,
	GS_C_KEY,
	GS_C_HTTP_USER,
	GS_C_HTTP_PASS,
	GS_C_ID,
	GS_C_AUTH,
	GS_C_PASS,
	GS_C_NAME,
	GS_C_HOST,
	GS_C_PHONE_ID,
	GS_C_MAILBOX,
	GS_C_LANGUAGE,
	GS_C_TIMEZONE,
	GS_C_TONE_SCHEME,
	GS_C_SOFTKEYS,
	GS_C_COUNT
};

/* A copy of a row. */
struct gs_snom_row {
	struct gs_buf bytes;
	struct gs_snom_cell cell[GS_TABLE_COLUMNS];
	uint64_t line;
};

struct gs_snom_phone {
	uint64_t mac;
	char mac_text[13];
	const struct gs_snom_model *model; /* NULL: not known */
	struct gs_snom_row head; /* its first row, for columns of the phone */
	struct gs_snom_row row[GS_SNOM_IDENTITIES];
	unsigned identities; /* rows that are */
	bool failed; /* its data is wrong: findings tell why */
	bool foreign; /* not a Snom phone: left out */
};

/* The phones of a table, whose columns are known. */
struct gs_snom_phones {
	struct gs_snom_groups g;
	const struct gs_snom_params *params; /* borrowed */
	struct gs_diags *d; /* borrowed */
	int column[GS_C_COUNT]; /* -1: not there */
	bool one; /* one phone is read, by its name */
	size_t next; /* the number of a group */
	struct gs_snom_macset keys; /* hashes of provisioning keys */
	bool damaged; /* rows of any phone may be missing */
	uint64_t rows;
};

/* Opens the table at path. With only, rows of other phones are left out;
 * without a mac_address column, all rows belong to that phone. Returns 1, 0 if
 * it is empty, or -1, also if a required column is missing. */
int gs_snom_phones_open(struct gs_snom_phones *p, const char *path,
    const struct gs_snom_params *params, const uint64_t *only,
    struct gs_diags *d, struct gs_err *err) GS_MUST;
void gs_snom_phones_close(struct gs_snom_phones *p);

/* The next phone; ph (zeroed before the first call) is reused. Returns 1, 0 at
 * the end, or -1. */
int gs_snom_phones_next(struct gs_snom_phones *p, struct gs_snom_phone *ph,
    struct gs_err *err) GS_MUST;
void gs_snom_phone_free(struct gs_snom_phone *ph);

#endif
