/* SPDX-License-Identifier: MIT */
/* The rules of this wing, each GS_RULE(X_Y, "x-y", severity, reference, what is
 * wrong, why it matters, what to do). rules.h makes the enum of them, and
 * rules.c the table. */
GS_RULE(KEY_MASKED, "key-masked", GS_NOTE, "RFC 4568 6.1",
    "the key was replaced by asterisks",
    "The log or trace was cleaned before it was saved. The remaining text "
    "cannot open any packet.",
    "Record it again with the keys, or use another source such as the log of "
    "the other side.")
GS_RULE(KEY_LENGTH, "key-length", GS_WARNING, "RFC 4568 6.2",
    "the key has the wrong length for its suite",
    "A character was lost, or the key belongs to a different suite.",
    "Compare the line with what the sender logged.")
GS_RULE(KEY_TEXT, "key-text", GS_WARNING, "RFC 4568 6.1",
    "the key is neither base64 nor hexadecimal",
    "The line was cut off or changed, so the key cannot be used.",
    "Copy the complete line again from where it was logged.")
GS_RULE(KEY_SUITE, "key-suite", GS_WARNING, "RFC 4568 6.2", "unknown suite",
    "The key is tried with every suite of matching length. That may be the "
    "wrong one.",
    "If the suite is misspelled, correct it.")
GS_RULE(KEY_SUITE_UNSUPPORTED, "key-suite-unsupported", GS_WARNING,
    "RFC 4568 6.2", "unsupported suite",
    "The suite is known but not implemented. Its packets stay encrypted.",
    "Configure an AES suite on both sides.")
GS_RULE(KEY_MKI, "key-mki", GS_WARNING, "RFC 4568 6.1",
    "the MKIs of one line have different lengths",
    "A receiver cannot know where the MKI starts in a packet. gs-srtpdump "
    "tries all lengths; a phone may not.",
    "Configure the sender to use one MKI length within a line.")
GS_RULE(KEY_WEAK, "key-weak", GS_WARNING, "RFC 4568 6.1",
    "the key consists of hexadecimal digits as text",
    "Half of its bits are known, so it is only half as random as it seems.",
    "Update the phone or PBX that generated the key.")
GS_RULE(KEY_READABLE, "key-readable", GS_WARNING, "RFC 4568 10",
    "others can read the file with the keys",
    "Anyone who has a key and the packets can listen to the call. The keys are "
    "used anyway.",
    "Set the file's mode to 0600, or delete the file when you no longer need "
    "it.")
GS_RULE(SEARCH_STOPPED, "search-stopped", GS_WARNING, "RFC 3711 3.3.1",
    "the key search stopped before everything was tried",
    "The number of attempts is limited. On a stream with few packets each key "
    "is tried with only a few ROCs. One of the keys may still open a stream "
    "that stayed encrypted. Keys that SDP announced for a stream were tried on "
    "each of its packets.",
    "Give only the keys of this call, use a part of the capture (-F), or lower "
    "--roc-max.")
GS_RULE(STREAMS_LET_GO, "streams-let-go", GS_WARNING, "-",
    "too many streams at the same time",
    "The stream that has been idle longest is reported and closed, starting "
    "with streams that have no key. If it continues, the rest is reported as "
    "another stream. A stream that was not yet known to be RTP is only "
    "counted.",
    "Use a part of the capture (-F), such as the addresses of one call.")
GS_RULE(STREAM_NO_KEY, "stream-no-key", GS_ERROR, "RFC 3711",
    "no packet of the stream was opened",
    "The stream is encrypted, and no known key opens it. The message says "
    "which keys were tried, and what may open it.",
    "Give the keys of this call with -K: a log, an SDP, a TLS key log or the "
    "server's key.")
GS_RULE(STREAM_PARTLY, "stream-partly", GS_ERROR, "RFC 3711",
    "some packets of the stream were not opened",
    "A key may be missing, or packets were damaged, cut or forged. The message "
    "says which.",
    "Give all keys of the call, and capture whole packets (tcpdump -s 0).")
GS_RULE(STREAM_PLAIN, "stream-plain", GS_NOTE, "RFC 3550",
    "the stream is not encrypted",
    "Anyone on the path can listen to the call. The sender was not offered "
    "SRTP, or did not accept it.",
    "Check the SDP of the call with gs-sdpcheck, and the phone's settings with "
    "gs-snomcfg --check.")
GS_RULE(STREAM_NOTE, "stream-note", GS_NOTE, "RFC 3711",
    "something about the stream is unusual",
    "The packets were opened, but a receiver may treat some of them "
    "differently. The message says what was seen.",
    "Look at the frame named in the message, for example with gs-srtpdump -w "
    "and Wireshark.")
