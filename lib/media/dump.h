/* SPDX-License-Identifier: MIT */
/* All outputs of a run over captures: the decrypted capture, audio, a picture,
 * hex, and the report. */
#ifndef GSPROV_MEDIA_DUMP_H
#define GSPROV_MEDIA_DUMP_H

#include <stdio.h>

#include "base/outfile.h"
#include "srtp/receiver.h"
#include "srtp/stream.h"
#include "media/table.h"

struct gs_report;

struct gs_media_dump_options {
	struct gs_srtp_receiver_options session;
	const char *const *captures;
	size_t ncaptures; /* 0: live */
	const char *interface; /* live */
	const char *filter; /* pcap-filter(7), or NULL */
	const char *const *keys; /* files with keys of any kind */
	size_t nkeys;
	const char *pass_file; /* of an encrypted one, or NULL */
	const char *capture_path; /* for the decrypted capture, or NULL */
	FILE *capture; /* the same for a stream that is open, or NULL */
	const char *wav;
	const char *folder;
	const char *svg;
	FILE *hex;
	FILE *report; /* NULL: none */
	struct gs_media_look look; /* of its table */
	bool json;
	struct gs_report *findings; /* for findings about streams, or NULL */
	bool only_rtp; /* leave out everything but RTP and RTCP */
	bool tones; /* add tones of digits to wav */
	bool keep_sip; /* write SIP unchanged, with keys */
	bool tls; /* also write opened SIP from TLS */
	bool add_sdp; /* announce streams without SDP in what is written */
	const struct gs_guard *guard; /* knows inputs and outputs */
	const struct gs_keeper *keeper; /* writes the files; or NULL */
};

/* Callbacks during the run. */
struct gs_media_dump_hooks {
	/* Called now and then: octets read so far and in all (total 0:
	 * unknown), and packets. Returns false to end the run as if the
	 * capture had ended. */
	bool (
	    *tick)(void *arg, uint64_t done, uint64_t total, uint64_t packets);
	/* Called with a sentence about an output; may be NULL. */
	void (*say)(void *arg, const char *text);
	void *arg;
	/* Gives up rights, when the interface, with it all files with keys,
	 * and the pass phrase are read or open, and before a byte of a key or
	 * packet is read. After that, captures and files with keys are opened
	 * for reading only, and files are written by the keeper only. Returns
	 * 0 or -1. NULL: nothing is given up. */
	int (*confine)(void *arg, struct gs_err *err);
	void *confine_arg;
};

/* How the run went. */
struct gs_media_dump_result {
	uint64_t verdict[GS_VERDICTS]; /* streams by enum gs_srtp_verdict */
	bool damaged; /* the capture ended too early; err tells where */
	bool written; /* the outputs are in place */
	uint64_t dropped; /* live: packets lost in the kernel */
	struct gs_srtp_receiver_counts counts;
	size_t keys;
	uint64_t masked;
};

struct gs_media_dump;

/* Checks the outputs, opens the captures and reads the keys. Output files are
 * made when the first packet was read; with an interface or into a pipe, at
 * once; see base/outfile.h. NULL: err. */
struct gs_media_dump *gs_media_dump_new(
    const struct gs_media_dump_options *options,
    const struct gs_media_dump_hooks *hooks, struct gs_err *err) GS_MUST;

/* Names the outputs to guard. Returns 0, or -1: an output is an input, or
 * another output. */
int gs_media_dump_guard(const struct gs_media_dump_options *options,
    struct gs_guard *guard, struct gs_err *err) GS_MUST;

/* Reads and writes everything. Returns 0, or -1 with err filled. What precedes
 * a damage in a capture is written (result->written); any other error leaves
 * the old files, and makes no new ones. Without a packet, old files stay, too.
 * A live capture and the audio of its calls stay in any case. */
int gs_media_dump_run(struct gs_media_dump *d,
    struct gs_media_dump_result *result, struct gs_err *err) GS_MUST;

/* The number of keys in files and secrets of the capture, as a sentence in
 * text, which is returned; NULL: there were none. */
const char *gs_media_dump_found(const struct gs_media_dump *d, char *text,
    size_t size);

/* Number i of the TLS connections that look like SIP and were not opened, or
 * NULL. */
const char *gs_media_dump_shut(const struct gs_media_dump *d, size_t i);

/* Findings about keys. */
struct gs_diags *gs_media_dump_diags(struct gs_media_dump *d);

void gs_media_dump_free(struct gs_media_dump *d);

#endif
