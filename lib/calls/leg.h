/* SPDX-License-Identifier: MIT */
/* A leg of a call, which is a channel in a log or a dialog in SIP: who, when,
 * and whether its media were shown to be encrypted. */
#ifndef GSPROV_CALLS_LEG_H
#define GSPROV_CALLS_LEG_H

#include "sdp/check.h"
#include "text/sink.h"
#include "calls/flow.h"
#include "calls/sums.h"

struct gs_calls_result;

/* What an SDP says about audio, video and fax. */
enum gs_calls_medium {
	GS_MEDIUM_NONE, /* all media are off */
	GS_MEDIUM_SECURE,
	GS_MEDIUM_CHOICE, /* the answer decides */
	GS_MEDIUM_PLAIN,
	GS_MEDIUM_UNKNOWN, /* cut off, without a key, or of an unknown suite */
};

enum { GS_LEG_HOSTS = 6, GS_LEG_FINDINGS = 1000 };

/* An item of the report about a leg: its text, which waits in held, and the
 * number of its findings, after those of the items before. */
struct gs_calls_item {
	size_t at;
	size_t n;
	size_t findings;
};

struct gs_calls_leg {
	char id[256]; /* as it is in the source */
	uint64_t order; /* order of its first item, */
	uint64_t taken_at; /* and of the one that shows taken; 0: none */
	size_t slot; /* its index in the ledger */
	struct gs_pos pos;
	struct gs_pos at; /* place of its last offer */
	char when[GS_TEXT_WHEN]; /* its first and its last time */
	char last[GS_TEXT_WHEN];
	enum gs_text_party first; /* who called: REMOTE is inbound */
	enum gs_sdp_transport transport;
	bool log; /* it is from a log, not from SIP */
	bool ended;

	/* ---- what was shown */
	enum gs_calls_medium offered; /* it waits for its answer */
	bool waits;
	bool answered;
	bool taken; /* it was answered, with or without an SDP */
	bool secure, plain, unknown; /* some answer was this */
	uint32_t cseq; /* in SIP: of the offer */
	unsigned refused; /* the status of the last refusal; 0: none */
	const char *word; /* about the last SDP: "partly encrypted" */
	struct gs_buf media; /* of that SDP */
	const char *agreed_word; /* about the last answer */
	struct gs_buf agreed;
	bool faulty; /* an error was found */
	bool open; /* and something was not proven */
	bool denied; /* its media were refused */
	bool told; /* some finding is an error */
	bool granted; /* the log says that the offer that waits was accepted */

	/* ---- what waits to be printed */
	struct gs_diags found;
	struct gs_buf held;
	struct gs_calls_item *item;
	size_t items;
	size_t item_size;
	struct gs_calls_flow flow; /* filled only where a ladder is drawn */

	/* ---- who: last, as the end of most legs needs little of it */
	char from[128]; /* USER@HOST, or a number; empty: unknown */
	char to[128];
	char from_name[64];
	char to_name[64];
	char channel[128]; /* in a log: USER@HOST of the other side */
	char host[GS_LEG_HOSTS][64];
};

/* Creates a leg. Returns NULL if out of memory. */
struct gs_calls_leg *gs_calls_leg_new(const char *id) GS_MUST;
void gs_calls_leg_free(struct gs_calls_leg *l);

/* Adds r to l, except its findings. */
void gs_calls_leg_take(struct gs_calls_leg *l, const struct gs_calls_result *r,
    unsigned require);

/* Adds the findings in d to l. */
void gs_calls_leg_judge(struct gs_calls_leg *l, const struct gs_diags *d);

enum { GS_CALLS_WHY = 96 };

/* Whether l is proven to be encrypted. why (or NULL) receives the reason in a
 * few words, such as "refused with 488". */
enum gs_calls_proven gs_calls_leg_proven(const struct gs_calls_leg *l,
    char why[GS_CALLS_WHY]);

/* The sentence of a finding, with its place, about what is missing to prove
 * that l is encrypted, or what disproves it; NULL: nothing. */
const char *gs_calls_leg_lack(const struct gs_calls_leg *l, struct gs_pos *pos);

/* Whether l has an address of this host, without a port. */
bool gs_calls_leg_has_host(const struct gs_calls_leg *l, const char *host);

/* The user in USER@HOST. */
struct gs_span gs_calls_leg_user(const char *address);

#endif
