/* SPDX-License-Identifier: MIT */
/* A Snom settings file as settings: which dialect, which name and index. */
#ifndef GSPROV_SNOM_DOC_H
#define GSPROV_SNOM_DOC_H

#include "snom/xml.h"

enum { GS_DOC_SIZE = 16 * 1024 * 1024 }; /* bytes in a file */

/* The formats that a phone fetches (service.snom.com: Auto Provisioning), and
 * others. */
enum gs_snom_dialect {
	GS_DIALECT_SETTINGS,
	GS_DIALECT_SETTING_FILES,
	GS_DIALECT_FIRMWARE,
	GS_DIALECT_LANGUAGES,
	GS_DIALECT_PART, /* only functionKeys, certificates and so on */
	GS_DIALECT_DECT, /* of a DECT base: other names and indices */
	GS_DIALECT_KLE, /* of the bases M100 and M500 */
	GS_DIALECT_VISION,
	GS_DIALECT_MENU, /* SnomIPPhoneMenu and so on */
	GS_DIALECT_TEXT, /* "name!: value" of firmware 4 to 6 */
	GS_DIALECT_HTML,
	GS_DIALECT_UTF16,
	GS_DIALECT_HTTP,
	GS_DIALECT_EMPTY,
	GS_DIALECT_OTHER,
};

/* In words. */
const char *gs_snom_dialect_name(enum gs_snom_dialect d);

struct gs_snom_doc;

/* Whether d is XML other than settings, such as a menu, which a phone shows or
 * executes. */
bool gs_snom_doc_is_page(const struct gs_snom_doc *d);

/* Whether gs_snom_check() can judge the file called name, which d was read
 * from. Returns 0, or -1 with the reason. */
int gs_snom_doc_judged(const char *name, const struct gs_snom_doc *d,
    struct gs_err *err) GS_MUST;

#define GS_NO_IDX UINT32_MAX
#define GS_BAD_IDX (UINT32_MAX - 1)

/* A child of phone-settings. */
struct gs_snom_setting {
	uint32_t node;
	uint32_t idx; /* GS_NO_IDX: none, GS_BAD_IDX: not a number */
	uint32_t earlier; /* the previous one with this name and idx */
	struct gs_span value; /* decoded, with blanks */
	struct gs_span perm; /* decoded; p is NULL if there is none */
	bool superseded; /* a later one has the same name and idx */
};

#define GS_NO_SETTING UINT32_MAX

struct gs_snom_doc {
	struct gs_snom_scan scan;
	struct gs_snom_xml_verdict xml;
	enum gs_snom_dialect dialect;
	bool utf8; /* declared, or nothing is declared */
	bool encoding_bad; /* declared, and not compatible with ASCII */
	struct gs_snom_setting *setting;
	size_t settings;
	uint32_t *table; /* by name and idx */
	size_t mask;
	struct gs_buf pool; /* decoded values; never moves */
};

/* Reads a file's bytes (borrowed until gs_snom_doc_free()). Any bytes give a
 * document; -1 means out of memory, or that the two XML readers disagree. */
int gs_snom_doc_read(struct gs_snom_doc *d, struct gs_span bytes,
    struct gs_err *err) GS_MUST;
void gs_snom_doc_free(struct gs_snom_doc *d);

/* The last setting with this name and idx, or NULL. */
const struct gs_snom_setting *gs_snom_doc_get(const struct gs_snom_doc *d,
    const char *name, uint32_t idx);

/* The one before s with the same name and idx, or NULL. */
const struct gs_snom_setting *gs_snom_doc_earlier(const struct gs_snom_doc *d,
    const struct gs_snom_setting *s);

/* The decoded text between a node's tags. */
struct gs_span gs_snom_doc_text(struct gs_snom_doc *d,
    const struct gs_snom_node *n);

/* Decodes any text of the file, such as an attribute's value. */
struct gs_span gs_snom_doc_decode(struct gs_snom_doc *d, struct gs_span s);

/* A setting's value, trimmed; s may be NULL. */
struct gs_span gs_snom_value(const struct gs_snom_setting *s);

/* Whether n is <certificates> in <settings>, or alone in its file. */
bool gs_snom_doc_is_list(const struct gs_snom_doc *d,
    const struct gs_snom_node *n);
/* Whether n is in such a list. */
bool gs_snom_doc_is_listed(const struct gs_snom_doc *d,
    const struct gs_snom_node *n);

static inline const struct gs_snom_node *
gs_snom_doc_node(const struct gs_snom_doc *d, const struct gs_snom_setting *s)
{
	return &d->scan.node[s->node];
}

#endif
