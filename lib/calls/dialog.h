/* SPDX-License-Identifier: MIT */
/* One file's calls: pairs offers with answers and keys with the SDP that
 * brought them, and applies the rules. */
#ifndef GSPROV_CALLS_DIALOG_H
#define GSPROV_CALLS_DIALOG_H

#include "sdp/check.h"

struct gs_text_block;
struct gs_text_gap;
struct gs_text_log_event;
struct gs_text_message;
struct gs_text_registration;
struct gs_sdp_sdes;
struct gs_text_sink;

/* What a result is about. */
enum gs_calls_result_kind {
	GS_RESULT_BLOCK, /* an SDP: block and verdict are set */
	GS_RESULT_KEY, /* a key line whose SDP is not in the file */
	GS_RESULT_EVENT, /* a line of the log, a message, a gap, or the end of a
			  * leg: findings only, if any */
	GS_RESULT_REGISTRATION,
};

/* One result. Its findings are in the gs_diags given to gs_calls_dialogs_new().
 * Borrowed for the call. */
struct gs_calls_result {
	enum gs_calls_result_kind kind;
	struct gs_pos pos;
	const char *leg; /* the id of the leg it is about; NULL or "": none */
	uint64_t leg_hash; /* if the id was forgotten: its hash; else 0 */
	const struct gs_text_message *message; /* for an event: the message, if
						* it is one */
	const struct gs_text_log_event *event;
	const struct gs_text_gap *gap;
	const struct gs_text_block *block;
	enum gs_sdp_role role;
	const struct gs_sdp_verdict *verdict;
	bool capability; /* capabilities (OPTIONS, 488), not media */
	const struct gs_sdp_sdes *key;
	const char *key_label;
	const struct gs_text_registration *registration;
};

struct gs_calls_dialogs;
struct gs_calls_heard;
struct gs_calls_heard_stream;

/* Creates the state. Findings go to d. result is called after each thing was
 * judged, nearly in the file's order, and may render and clear d. Returns NULL
 * if out of memory. */
struct gs_calls_dialogs *gs_calls_dialogs_new(unsigned require,
    struct gs_diags *d,
    void (*result)(void *arg, const struct gs_calls_result *r),
    void *arg) GS_MUST;

/* From now on, every SDP has this role, and all belong to one call. file names
 * the source of an offer in findings about its answer. */
void gs_calls_dialogs_force(struct gs_calls_dialogs *t, enum gs_sdp_role role,
    const char *file);

/* The sink to give to gs_text_reader_new(). */
struct gs_text_sink gs_calls_dialogs_sink(struct gs_calls_dialogs *t);

/* Reports a part of a capture that was not read. */
void gs_calls_dialogs_gap(struct gs_calls_dialogs *t,
    const struct gs_text_gap *g);

/* Reports a connection that may contain calls and was not opened; frame is its
 * first. anonymous: its suite does not authenticate the server. */
void gs_calls_dialogs_shut(struct gs_calls_dialogs *t, uint64_t frame,
    const char *text, bool anonymous);

/* Reports packets of ciphertext under another header (calls/relayed.h); frame
 * is the first. */
void gs_calls_dialogs_relayed(struct gs_calls_dialogs *t, uint64_t frame,
    uint64_t packets);

/* From now on, heard gets the addresses of all SDPs; NULL: nothing does. */
void gs_calls_dialogs_listen(struct gs_calls_dialogs *t,
    struct gs_calls_heard *heard);

/* Reports a stream that is not encrypted. */
void gs_calls_dialogs_clear(struct gs_calls_dialogs *t,
    const struct gs_calls_heard_stream *s);

/* Ends the file, and judges what only its end decides. Returns 0, or -1 if
 * memory ran out at any time. */
int gs_calls_dialogs_end(struct gs_calls_dialogs *t) GS_MUST;

/* Whether anything was judged that matters for what is required: a file without
 * it proves nothing. */
bool gs_calls_dialogs_judged(const struct gs_calls_dialogs *t);

/* How many phones are registered, and how many gaps were reported. */
uint64_t gs_calls_dialogs_registrations(const struct gs_calls_dialogs *t);
uint64_t gs_calls_dialogs_gaps(const struct gs_calls_dialogs *t);

/* Wipes and frees; t may be NULL. */
void gs_calls_dialogs_free(struct gs_calls_dialogs *t);

#endif
