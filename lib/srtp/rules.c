/* SPDX-License-Identifier: MIT */
/* The rules of the SRTP wing: every finding of gs-srtpdump is one. */
#include "srtp/rules.h"

static const struct gs_rule rules[GS_SRTP_R_COUNT] = {
	[GS_SRTP_R_KEY_MASKED] = { "key-masked", GS_NOTE, "RFC 4568 6.1",
	    "the key was replaced by asterisks",
	    "The log or trace was cleaned before it was saved, and what is "
	    "left opens nothing.",
	    "Record it again with the keys, or take them from another source, "
	    "such as the log of the other side." },
	[GS_SRTP_R_KEY_LENGTH] = { "key-length", GS_WARNING, "RFC 4568 6.2",
	    "the key has another length than its suite needs",
	    "A character was lost on the way, or the suite and the key do not "
	    "belong together.",
	    "Compare the line with what the sender logged." },
	[GS_SRTP_R_KEY_TEXT] = { "key-text", GS_WARNING, "RFC 4568 6.1",
	    "the key is neither base64 nor hexadecimal",
	    "The line was cut or changed on its way here, so the key cannot "
	    "be used.",
	    "Copy the line again, as a whole, from where it was logged." },
	[GS_SRTP_R_KEY_SUITE] = { "key-suite", GS_WARNING, "RFC 4568 6.2",
	    "nobody knows the suite",
	    "The key is tried with the suites that its length suggests, which "
	    "may be the wrong ones.",
	    "Correct the name of the suite if it is misspelt." },
	[GS_SRTP_R_KEY_SUITE_UNSUPPORTED] = { "key-suite-unsupported",
	    GS_WARNING, "RFC 4568 6.2",
	    "the suite is known, but not implemented",
	    "Its key is tried with no packet: they stay encrypted.",
	    "Let the peers agree on an AES suite." },
	[GS_SRTP_R_KEY_MKI] = { "key-mki", GS_WARNING, "RFC 4568 6.1",
	    "the keys of one line have MKIs of different lengths",
	    "A receiver cannot know where the MKI stands in a packet. "
	    "gs-srtpdump tries all lengths; a phone may not.",
	    "Correct the sender: all MKIs of one line must have the same "
	    "length." },
	[GS_SRTP_R_KEY_WEAK] = { "key-weak", GS_WARNING, "RFC 4568 6.1",
	    "the key consists of hexadecimal digits as text",
	    "Half of its bits are known, so it holds half as many random bits "
	    "as it seems to.",
	    "Update the phone or PBX that made the key." },
	[GS_SRTP_R_KEY_READABLE] = { "key-readable", GS_WARNING, "RFC 4568 10",
	    "others than its owner can read the file with the keys",
	    "Whoever has a key and the packets can hear the call. The keys "
	    "are used all the same.",
	    "Set the mode of the file to 0600, or remove it when it has "
	    "served." },
	[GS_SRTP_R_SEARCH_STOPPED] = { "search-stopped", GS_WARNING,
	    "RFC 3711 3.3.1",
	    "the search for keys stopped before all was tried",
	    "A run tries keys and ROCs so often as its size allows. Streams "
	    "that no key opened may have one all the same. Keys that SDP "
	    "announced for a stream were tried on each of its packets.",
	    "Give fewer keys (those of the call), or a part of the capture "
	    "(-F), or lower --roc-max." },
};

const struct gs_rules gs_srtp_key_rules = { rules, GS_SRTP_R_COUNT };
