/* SPDX-License-Identifier: MIT */
/* The options of gs-sdpcheck, and what stands around them in its help. */
#ifndef GSPROV_SDPCHECK_OPTS_H
#define GSPROV_SDPCHECK_OPTS_H

#include "cli.h"

enum {
	OPT_REQUIRE = 256,
	OPT_PEER,
	OPT_FOLLOW,
	OPT_OFFER,
	OPT_ANSWER,
	OPT_CALL,
	OPT_SINCE,
	OPT_UNTIL,
	OPT_HOST,
	OPT_BLOCKS,
	OPT_STATUS,
	OPT_FLOW,
	OPT_PASS_FILE
};

enum { MAX_FINDINGS = 1000 }; /* of one SDP */
enum { EXPLAINED = 4 }; /* the help explains the first ones */

static const struct cli_opt opts[] = {
	{ 't', "type", "TYPE", "read every FILE as TYPE",
	    "sdp sip fslog reg pcap" },
	{ 'K', "keys", "FILE", "keys for TLS in captures (repeatable)" },
	{ OPT_REQUIRE, "require", "WHAT", "error unless each call uses WHAT",
	    "srtp savp tls" },
	{ OPT_PEER, "peer", "NAME", "report problems with NAME",
	    "freeswitch freeswitch12 asterisk pjsip baresip" },
	{ OPT_OFFER, "offer", "FILE", "check the answer against this offer",
	    NULL, OPT_ANSWER },
	{ OPT_ANSWER, "answer", "FILE", "the answer to the offer", NULL,
	    OPT_OFFER },
	{ OPT_CALL, "call", "TEXT",
	    "only the call with this Call-ID, UUID, number or name" },
	{ OPT_SINCE, "since", "TIME", "only calls that had not ended by TIME" },
	{ OPT_UNTIL, "until", "TIME", "only calls that had begun by TIME" },
	{ OPT_HOST, "host", "HOST", "only calls with this host" },
	{ OPT_BLOCKS, "blocks", NULL, "print a line for each SDP" },
	{ OPT_STATUS, "status", NULL,
	    "print one line, exit as a monitoring plugin" },
	{ OPT_FLOW, "flow", "[=FORM]", "draw the ladder of one call",
	    "text svg" },
	{ OPT_PASS_FILE, "pass-file", "FILE", "pass phrase of a key of -K" },
	{ OPT_FOLLOW, "follow", NULL,
	    "report each SDP as soon as it is complete" },
	{ 0 },
};

static const char stdin_only[] =
    ": use it as in tail -F FILE | gs-sdpcheck --follow";

static const struct cli_conflict conflicts[] = {
	{ OPT_OFFER, CLI_OPERAND, false },
	{ OPT_STATUS, OPT_BLOCKS, false },
	{ OPT_STATUS, OPT_FOLLOW, false },
	{ OPT_STATUS, OPT_FLOW, false },
	{ OPT_FLOW, OPT_BLOCKS, false },
	{ OPT_FLOW, OPT_FOLLOW, false },
	{ OPT_FOLLOW, CLI_OPERAND, false, stdin_only },
	{ OPT_FOLLOW, OPT_OFFER, false, stdin_only },
	{ 0 },
};

static const char synopsis[] =
    "  gs-sdpcheck [options] [FILE ...]\n"
    "  gs-sdpcheck [options] --offer FILE --answer FILE\n";

static const char examples[] =
    "  gs-sdpcheck --require savp freeswitch.log\n"
    "  fs_cli -x 'sofia status profile gemeinschaft reg' |\n"
    "      gs-sdpcheck --require tls\n";

#endif
