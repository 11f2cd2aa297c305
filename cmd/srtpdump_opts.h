/* SPDX-License-Identifier: MIT */
/* The options of gs-srtpdump, and what stands around them in its help. */
#ifndef GSPROV_SRTPDUMP_OPTS_H
#define GSPROV_SRTPDUMP_OPTS_H

#include "cli.h"

enum {
	OPT_ROC = 256,
	OPT_ROC_MAX,
	OPT_ENGINE,
	OPT_ONLY_RTP,
	OPT_KEEP_SIP,
	OPT_NO_SIP,
	OPT_MERGE,
	OPT_PASS_FILE,
	OPT_USER,
	OPT_TLS,
	OPT_ADD_SDP,
	OPT_DTMF,
	OPT_WIDE,
	EXPLAINED = 8, /* options, by the help */
};

static const struct cli_opt opts[] = {
	{ 'K', "keys", "FILE",
	    "keys: log, SDP, TLS key log, agent.pem (repeatable)" },
	{ 'w', "write", "FILE", "write a decrypted capture ('-': stdout)" },
	{ 'a', "audio", "FILE", "write the call as a stereo WAV file" },
	{ 'A', "audio-dir", "DIR", "write a file for each stream into DIR" },
	{ 'g', "graph", "FILE", "draw the streams over time (SVG)" },
	{ 'x', "hex", NULL, "print a hex dump for text2pcap" },
	{ 'F', "filter", "FILTER",
	    "read only packets that match (pcap-filter(7))" },
	{ 'i', "interface", "NAME", "capture live" },
	{ OPT_ROC, "roc", "N", "rollover counter at the start; try no other" },
	{ OPT_ROC_MAX, "roc-max", "N",
	    "highest rollover counter to try (4096)" },
	{ OPT_ENGINE, "engine", "NAME", "decrypt with",
	    "auto libcrypto libsrtp2" },
	{ OPT_DTMF, "dtmf", NULL, "make DTMF digits audible", NULL, 'a' },
	{ OPT_ONLY_RTP, "only-rtp", NULL, "write only RTP and RTCP", NULL,
	    'w' },
	{ OPT_TLS, "tls", NULL, "also write SIP that was in TLS, decrypted",
	    NULL, 'w' },
	{ OPT_ADD_SDP, "add-sdp", NULL, "add SDP for streams that have none",
	    NULL, 'w' },
	{ OPT_KEEP_SIP, "keep-sip", NULL, "do not blank keys", NULL, 'w' },
	{ OPT_NO_SIP, "no-sip", NULL, "do not read keys from the capture" },
	{ OPT_PASS_FILE, "pass-file", "FILE",
	    "read the pass phrase of a private key" },
	{ OPT_USER, "user", "NAME", "as root, become this user", NULL, 'i' },
	{ OPT_WIDE, "wide", NULL, "one line for each stream" },
	{ OPT_MERGE, "merge", NULL, "merge reports printed with --json" },
	{ 0 },
};

static const char reports[] = ": only -f, -j, -q and --wide apply to reports";
static const char only_rtp[] = ", which writes no SIP";

static const struct cli_conflict conflicts[] = {
	{ 'i', CLI_OPERAND, false, NULL },
	{ OPT_ROC, OPT_ROC_MAX, false },
	{ OPT_MERGE, 'K', false, reports },
	{ OPT_MERGE, 'w', false, reports },
	{ OPT_MERGE, 'a', false, reports },
	{ OPT_MERGE, 'A', false, reports },
	{ OPT_MERGE, 'g', false, reports },
	{ OPT_MERGE, 'x', false, reports },
	{ OPT_MERGE, 'F', false, reports },
	{ OPT_MERGE, 'i', false, reports },
	{ OPT_MERGE, OPT_ROC, false, reports },
	{ OPT_MERGE, OPT_ROC_MAX, false, reports },
	{ OPT_MERGE, OPT_ENGINE, false, reports },
	{ OPT_MERGE, OPT_NO_SIP, false, reports },
	{ OPT_ONLY_RTP, OPT_TLS, false, only_rtp },
	{ OPT_ONLY_RTP, OPT_KEEP_SIP, false, only_rtp },
	{ 0 },
};

static const char synopsis[] =
    "  gs-srtpdump [options] [CAPTURE ...]\n"
    "  gs-srtpdump [options] -i INTERFACE [-F FILTER]\n"
    "  gs-srtpdump --merge [-j | -f FORMAT] [-q] [FILE ...]\n";

static const char examples[] =
    "  gs-srtpdump -a call.wav call.pcap\n"
    "  gs-srtpdump -K freeswitch.log -w plain.pcap call.pcap\n";

#endif
