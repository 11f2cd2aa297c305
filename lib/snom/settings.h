/* SPDX-License-Identifier: MIT */
/* The settings of a Snom phone: what each is, may hold and is set to.
 *
 * This is the only place that knows a setting by its name and value:
 * rendering, the check, hardening and what must not stand on a command line
 * read it. A new setting that matters for security touches
 *   1. its row in settings.c: insecure, rule and risk make the finding,
 *      part, param and value make the rendered element, marks the rest;
 *   2. its rule in rule_list.h, unless one that is there says the same;
 *   3. its test in tests/unit/test_snom_settings.c.
 * Code is needed only when a finding depends on more than this one value. */
#ifndef GSPROV_SNOM_SETTINGS_H
#define GSPROV_SNOM_SETTINGS_H

#include "snom/rules.h"

/* Whether a setting exists once, or once for each identity (idx). */
enum gs_snom_scope { GS_SCOPE_PHONE, GS_SCOPE_IDENTITY };

/* When it is rendered. */
enum gs_snom_part {
	GS_PART_NONE, /* only if a parameter or the base names it */
	GS_PART_MAIN, /* always; it replaces that of the base */
	GS_PART_MENU, /* GS5's pages for the display, with menus = on */
	GS_PART_USUAL, /* the choice of GS5; the base replaces it */
};

enum {
	/* Secret: no message shows it, no command line takes it. */
	GS_MARK_SECRET = 1u << 0,
	/* A password that people choose, with known defaults. */
	GS_MARK_PASSWORD = 1u << 1,
	/* Part of a login: with perm "!" a later change would be refused. */
	GS_MARK_CREDENTIAL = 1u << 2,
	/* Meaningless without the idx of an identity. */
	GS_MARK_INDEXED = 1u << 3,
	/* A name that is displayed. */
	GS_MARK_SHOWN = 1u << 4,
	/* A URL: placeholders become part of it. */
	GS_MARK_URL = 1u << 5,
	/* A host: {host} must be one. */
	GS_MARK_HOST = 1u << 6,
	/* Hardening rewrites its value. */
	GS_MARK_HARDENED = 1u << 7,
	/* Secures the chain: rendered with perm, not perm_user. */
	GS_MARK_LOCKED = 1u << 8,
	/* GS5 does not render it: profile legacy leaves it out. */
	GS_MARK_NOT_LEGACY = 1u << 9,
	/* Rendered only if its parameter is on. */
	GS_MARK_IF_ON = 1u << 10,
	/* Meaningless if webserver_type is off. */
	GS_MARK_WEB = 1u << 11,
};

/* A version of the firmware, for comparison. */
#define GS_FIRMWARE(major, minor, patch)                                       \
	((major)*1000000u + (minor)*1000u + (patch))

struct gs_snom_def {
	const char *name; /* "dkey_*": all with this beginning */
	enum gs_snom_scope scope;
	unsigned marks;
	/* Its values, separated by blanks; NULL: anything, or judged by a rule
	 * of its own. */
	const char *words;
	const char *unset; /* the phone's default, if known */

	/* One of these values is a finding of rule, which tells the risk. */
	const char *insecure;
	/* So is a missing setting: the phone's behaviour then, before the
	 * firmware safe_from (GS_FIRMWARE; 0: always), unless a newer setting
	 * replaces it. */
	const char *absent;
	unsigned safe_from;
	unsigned since; /* the first firmware with it; 0: all */
	const char *instead;
	enum gs_snom_rule rule;
	const char *risk;

	enum gs_snom_part part;
	const char *value; /* rendered, or the page of a menu */
	const char *legacy; /* under profile legacy; NULL: the same */
	const char *inactive; /* of an unused identity; NULL: the same */
	int param; /* enum gs_snom_param: its value instead of value, or nothing
		    * when it is not set; 0: none */
	int column; /* enum gs_snom_column, left out when empty; 0: none */
};

extern const struct gs_snom_def gs_snom_defs[];
extern const size_t gs_snom_def_count;

/* The setting with this name, or NULL. */
const struct gs_snom_def *gs_snom_def_find(struct gs_span name);

/* Whether a setting with this name has the mark. */
bool gs_snom_def_is(struct gs_span name, unsigned mark);

/* The setting that secures a phone and has almost this name, for misspelt
 * names; NULL if there is none, or a setting has exactly this name. */
const char *gs_snom_def_near(struct gs_span name);

/* Whether v is one of words, separated by blanks or "|" (NULL: none); the
 * second function ignores case. */
bool gs_snom_is_word(const char *words, struct gs_span v);
bool gs_snom_is_word_nocase(const char *words, struct gs_span v);

#endif
