/* SPDX-License-Identifier: MIT */
/* Text with holes, made ready once and filled for each phone.
 *
 * Printing each setting of the table anew for each phone would need less
 * code. A loop that does only that, without looking anything up in the base
 * and the parameters, makes 430 MB/s on two cores of a virtual machine where
 * this makes 1,300 MB/s (tests/bench/snomcfg.sh, 10,000 phones to nowhere,
 * with the reading of their rows), so the program stays. */
#ifndef GSPROV_SNOM_TEMPLATE_H
#define GSPROV_SNOM_TEMPLATE_H

#include "snom/model.h"

struct gs_diags;
struct gs_err;
struct gs_snom_phone;
struct gs_snom_phones;
struct gs_snom_row;

/* The next part. */
enum gs_snom_op_kind {
	GS_OP_TEXT, /* constant bytes */
	GS_OP_CELL, /* a column, as XML text */
	GS_OP_HOST, /* a column with a host, in brackets if IPv6 */
	GS_OP_WORD, /* a column as part of a URL: letters, digits, . _ ~ - */
	GS_OP_MAC, /* the phone's MAC */
	GS_OP_IF, /* leave out the next skip ops if a column is empty */
	GS_OP_UNLESS, /* the same if it is not */
};

struct gs_snom_op {
	uint8_t kind;
	bool head; /* from the phone's first row, not the account's */
	uint16_t column;
	uint32_t at, n; /* GS_OP_TEXT; GS_OP_HOST: used for NULL */
	uint32_t skip;
};

struct gs_snom_template {
	struct gs_buf text;
	struct gs_snom_op *op;
	size_t ops, size;
	bool no_memory;
};

/* One phone's keys as XML: part i is the element of position i. */
struct gs_snom_provkey_parts {
	struct gs_buf text;
	struct {
		uint32_t at, n; /* n == 0: not set */
	} part[GS_SNOM_KEYS];
	unsigned count;
	uint64_t urls; /* a hash of the servers that they name */
};

void gs_snom_template_init(struct gs_snom_template *p);
void gs_snom_template_free(struct gs_snom_template *p);

/* Adds constant bytes; adjacent ones are joined. */
void gs_snom_template_text(struct gs_snom_template *p, struct gs_span s);
void gs_snom_template_puts(struct gs_snom_template *p, const char *s);

/* Adds an op; returns its index. */
size_t gs_snom_template_add(struct gs_snom_template *p, struct gs_snom_op op);

/* Ends the part that op number at leaves out. */
void gs_snom_template_end(struct gs_snom_template *p, size_t at);

/* What placeholders may mean. */
struct gs_snom_template_marks {
	const struct gs_snom_phones *phones;
	bool head; /* of the phone, not of an account */
	bool host; /* {host} must be a host */
	bool url; /* columns become part of a URL */
	bool in_url; /* a URL somewhere in it */
	const char *no_host; /* stands for a NULL host, or NULL */
};

/* Adds a value with placeholders, as XML text: {column}, {mac}, {sip_domain.X}
 * for column X or sip_domain_X. Other text in braces is unchanged. Returns 0,
 * or -1 for a placeholder without a column. */
int gs_snom_template_value(struct gs_snom_template *p,
    const struct gs_snom_template_marks *h, const char *value,
    struct gs_err *err) GS_MUST;

/* Runs p for a phone and one of its rows. Returns 0, or -1 if a cell cannot be
 * rendered, which is a finding; out then contains a part. */
int gs_snom_template_run(const struct gs_snom_template *p,
    const struct gs_snom_phone *ph, const struct gs_snom_row *row,
    const struct gs_snom_phones *phones, struct gs_buf *out,
    struct gs_diags *d) GS_MUST;

/* Appends cell as XML text. Returns 0, or -1 with a finding that names the
 * row and the column. */
int gs_snom_cell_put(struct gs_buf *out, struct gs_span s, uint64_t line,
    struct gs_span column, struct gs_diags *d) GS_MUST;

#endif
