/* SPDX-License-Identifier: MIT */
/* The parameters of a site, the same for all its phones. */
#ifndef GSPROV_SNOM_PARAMS_H
#define GSPROV_SNOM_PARAMS_H

#include "base/diag.h"
#include "snom/model.h"

enum gs_snom_param {
#define GS_PARAM(name, ...) GS_P_##name,
#include "snom/param_list.h"
#undef GS_PARAM
	GS_P_COUNT
};

enum gs_snom_profile { GS_ENCRYPT, GS_VERIFY, GS_LEGACY };

enum {
	GS_PARAM_CERTIFICATES = 8,
	GS_PARAM_MODELS = 64,
	GS_PARAM_HOSTS = 64,
	GS_PARAM_EXTRAS = 256,
	GS_PARAM_VALUE = 8192, /* bytes in a value */
};

/* The type of a parameter's value. */
enum gs_snom_param_kind {
	GS_KIND_CHOICE,
	GS_KIND_NUMBER,
	GS_KIND_HOST,
	GS_KIND_URL,
	GS_KIND_TEXT, /* anything, or judged where it is set */
};

/* A parameter. */
struct gs_snom_param_def {
	const char *name;
	enum gs_snom_param_kind kind;
	const char *range; /* of a choice, separated by "|" (NULL: the values
			    * of the setting); of a number, in words */
	const char *usual; /* the default; NULL: not rendered, or as
			    * described */
	const char *legacy; /* what GS5 renders today, if it differs */
};

extern const struct gs_snom_param_def gs_snom_param_defs[GS_P_COUNT];

/* A setting by its own name: phone.NAME once, user.NAME for every identity
 * (then with placeholders). */
struct gs_snom_param_extra {
	bool identity;
	char *name;
	char *value;
};

struct gs_snom_params {
	char *value[GS_P_COUNT]; /* NULL: not set */
	char *certificate[GS_PARAM_CERTIFICATES];
	size_t certificates;
	char *trusted[GS_PARAM_HOSTS];
	size_t trusteds;
	struct gs_snom_model model[GS_PARAM_MODELS];
	size_t models;
	struct gs_snom_param_extra extra[GS_PARAM_EXTRAS];
	size_t extras;
	bool given[GS_P_COUNT]; /* set, not a default */
	bool finished;
};

void gs_snom_params_init(struct gs_snom_params *p);
/* Wipes and frees. */
void gs_snom_params_free(struct gs_snom_params *p);

/* Sets one parameter; the last value wins, lists grow. With from_argv, secrets
 * are refused. Returns 0, or -1 with the reason. */
int gs_snom_params_set(struct gs_snom_params *p, struct gs_span name,
    struct gs_span value, bool from_argv, struct gs_err *err) GS_MUST;

/* Reports that name is not a parameter, and which one was probably meant.
 * Returns -1. */
int gs_snom_params_unknown(struct gs_span name, struct gs_err *err);

/* Whether phone.NAME, user.NAME or a row user_NAME is nearly the name of a
 * setting that secures a phone; *why says of which one. */
bool gs_snom_params_misspelt(struct gs_span name, struct gs_err *why);

/* The index of a parameter, or -1. */
int gs_snom_param_find(struct gs_span name);

/* Reads "name = value" lines ("#" starts a comment, quotes around a value
 * are taken off), or, when the first line holds tabs, rows of GS5's
 * gs_parameters as mysql --batch prints them: those of entity "phones",
 * section "snom"; GS5's names (host, outbound, user_idle_text and so on)
 * stand for the setting of each identity. Rows that nothing reads are
 * findings in d. Returns 0, or -1 with the line. */
int gs_snom_params_read(struct gs_snom_params *p, struct gs_span text,
    struct gs_diags *d, struct gs_err *err) GS_MUST;

/* Fills in defaults by profile and refuses contradictions. need_base: base_url
 * must be set. Returns 0 or -1. */
int gs_snom_params_finish(struct gs_snom_params *p, bool need_base,
    struct gs_err *err) GS_MUST;

/* The value, or "" if it is not set. */
const char *gs_snom_params_get(const struct gs_snom_params *p,
    enum gs_snom_param id);
bool gs_snom_params_on(const struct gs_snom_params *p, enum gs_snom_param id);
enum gs_snom_profile gs_snom_params_profile(const struct gs_snom_params *p);

/* Whether host is one of the site's: that of base_url, of another URL of p,
 * sip_host, ntp_server or a trusted_host. */
bool gs_snom_params_trusts(const struct gs_snom_params *p, struct gs_span host);

/* Appends base_url, one "/" and path; a path that is a URL is unchanged. */
void gs_snom_params_put_url(const struct gs_snom_params *p, struct gs_buf *b,
    const char *path);

/* The user's model with this name or, if name is empty, this MAC; otherwise
 * the built-in one, or NULL. */
const struct gs_snom_model *gs_snom_params_model(const struct gs_snom_params *p,
    struct gs_span name, uint64_t mac);

#endif
