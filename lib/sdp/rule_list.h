/* SPDX-License-Identifier: MIT */
/* The rules of this wing, each GS_RULE(X_Y, "x-y", severity, reference, what is
 * wrong, why it matters, what to do). rules.h makes the enum of them, and
 * rules.c the table. */
GS_RULE(SDP_VERSION, "sdp-version", GS_ERROR, "RFC 8866 5.1",
    "the first line is not v=0",
    "A parser that does not find v=0 does not recognize the SDP and answers "
    "400 or 488. Common causes are a byte order mark and lines that end in CR "
    "alone.",
    "Start the SDP with the three characters v=0 and a line end. Put nothing "
    "before them.")
GS_RULE(SDP_LINE, "sdp-line", GS_ERROR, "RFC 8866 5",
    "a line is not TYPE=VALUE",
    "SDP has no continuation lines: a folded a=crypto loses its key. Strict "
    "parsers refuse the whole body.",
    "Join the folded lines and remove what is not SDP. Find out which program "
    "edited the text on its way.")
GS_RULE(SDP_NUL, "sdp-nul", GS_ERROR, "RFC 8866 9",
    "a line contains a NUL octet",
    "Parsers written in C stop at the NUL, so they see a different text from "
    "other parsers.",
    "Find the program that writes the NUL. Usually a string was sent together "
    "with its terminator.")
GS_RULE(SDP_UNKNOWN_TYPE, "sdp-unknown-type", GS_WARNING, "RFC 8866 5",
    "unknown line type",
    "RFC 8866 allows a parser to ignore the line or to refuse the SDP.",
    "Remove the line. Extensions belong in a= lines.")
GS_RULE(SDP_ORDER, "sdp-order", GS_WARNING, "RFC 8866 5",
    "lines are in the wrong order",
    "The order of the line types is fixed. sofia-sip and pjsip accept most "
    "orders; other parsers refuse the body.",
    "Use the order v o s i u e p c b t r z k a, and i c b k a after each m= "
    "line.")
GS_RULE(SDP_MISSING_LINE, "sdp-missing-line", GS_WARNING, "RFC 8866 5",
    "the o=, s= or t= line is missing",
    "These lines are mandatory. FreeSWITCH continues without them; pjsip and "
    "others refuse the body.",
    "Add the line. \"s=-\" and \"t=0 0\" are enough.")
GS_RULE(SDP_SESSION_NAME, "sdp-session-name", GS_WARNING, "RFC 8866 5.3",
    "the session name is empty",
    "s= requires at least one character. Some SBCs refuse an empty name.",
    "Write \"s=-\".")
GS_RULE(SDP_CONNECTION, "sdp-connection", GS_ERROR, "RFC 8866 5.7",
    "no usable c= line",
    "Without an address the peer does not know where to send media. FreeSWITCH "
    "logs \"Cannot find a c= line\" and refuses the call. An unknown network "
    "or address type is only a warning.",
    "Add \"c=IN IP4 ADDRESS\" to the session, or below the m= line.")
GS_RULE(SDP_NO_MEDIA, "sdp-no-media", GS_NOTE, "RFC 3264 5", "no m= line",
    "This is legal. Either the call has no media, and there is nothing to "
    "encrypt, or the text was cut off.",
    "If no media was intended, ignore this note.")
GS_RULE(SDP_TRUNCATED, "sdp-truncated", GS_NOTE, "RFC 8866 5",
    "the text ends in the middle of the SDP",
    "The log or capture ended, or a limit cut the text, before the end of the "
    "SDP. The missing part was not checked.",
    "Check a file with the complete SDP. If the log has a length limit, raise "
    "it.")
GS_RULE(MEDIA_LINE, "media-line", GS_ERROR, "RFC 8866 5.14",
    "the m= line cannot be read",
    "The peer loses this stream or refuses the whole body.",
    "Write \"m=MEDIUM PORT PROTOCOL FORMAT...\". The port is 0 to 65535. At "
    "least one format is required, even with port 0.")
GS_RULE(MEDIA_PROTO_UNKNOWN, "media-proto-unknown", GS_NOTE, "RFC 8866 8.2.3",
    "unknown protocol in the m= line",
    "It is not known whether this media is encrypted. FreeSWITCH writes "
    "UDP/AVPF for some browsers.",
    "Use a registered protocol such as RTP/SAVP.")
GS_RULE(MEDIA_PLAIN, "media-plain", GS_NOTE, "RFC 3711 1",
    "the media is not encrypted",
    "Anyone on the network path can listen. With --require srtp or savp this "
    "is an error.",
    "Switch SRTP on. On a Snom, set user_srtp to on and user_savp to "
    "mandatory. In FreeSWITCH, set rtp_secure_media=true (1.2: "
    "sip_secure_media=true).")
GS_RULE(EOL_MIXED, "eol-mixed", GS_NOTE, "RFC 8866 5",
    "some lines end in CR LF, others in LF",
    "Parsers should accept both. FreeSWITCH 1.2 itself writes LF in the middle "
    "of its SDP.",
    "End every line in CR LF.")
GS_RULE(CRYPTO_SESSION_LEVEL, "crypto-session-level", GS_ERROR, "RFC 4568 4",
    "a=crypto before the first m= line",
    "This attribute is defined for media only. Parsers ignore it here, so the "
    "media has no key.",
    "Move the line below the m= line that it protects.")
GS_RULE(CRYPTO_NAME_CASE, "crypto-name-case", GS_WARNING, "RFC 4568 4",
    "the attribute's name is not \"crypto\"",
    "Attribute names are case-sensitive. a=Crypto is a different attribute, "
    "which parsers ignore.",
    "Write \"a=crypto:\" in lower case, without spaces.")
GS_RULE(CRYPTO_SYNTAX, "crypto-syntax", GS_ERROR, "RFC 4568 9.1",
    "a=crypto does not follow the grammar",
    "The line is invalid. Because of one such line, pjsip refuses the whole "
    "media.",
    "Write \"a=crypto:TAG SUITE inline:KEY\", then any session parameters, "
    "with single spaces between them.")
GS_RULE(CRYPTO_TAG, "crypto-tag", GS_ERROR, "RFC 4568 4.1",
    "the tag is not a number of 1 to 9 digits",
    "The answer names the chosen line by its tag, so a line with a malformed "
    "tag cannot be chosen.",
    "Number the lines 1, 2, 3, without leading zeros.")
GS_RULE(CRYPTO_TAG_ZERO, "crypto-tag-zero", GS_NOTE, "RFC 4568 9.1",
    "the tag is 0",
    "This is legal, and old versions of Chrome sent it. Some stacks interpret "
    "0 as \"none\".",
    "Start counting at 1.")
GS_RULE(CRYPTO_TAG_DUP, "crypto-tag-dup", GS_ERROR, "RFC 4568 5.1.1",
    "two lines below one m= line have the same tag",
    "It is ambiguous which line an answer chose. pjsip refuses the media.",
    "Give each a=crypto line below an m= line its own tag.")
GS_RULE(CRYPTO_SUITE_CASE, "crypto-suite-case", GS_NOTE, "RFC 4568 4",
    "wrong letter case in a name",
    "By the RFC, values are not case-sensitive. Asterisk, however, compares "
    "suites and \"inline\" exactly and refuses the line.",
    "Write suites in upper case and \"inline\" in lower case.")
GS_RULE(CRYPTO_SUITE_UNKNOWN, "crypto-suite-unknown", GS_WARNING,
    "RFC 4568 10.3.2.1", "unknown suite",
    "The peer ignores this line. If it is the only one, the call fails.",
    "Offer AES_CM_128_HMAC_SHA1_80 or _32. The ARIA suites were never "
    "registered for SDP.")
GS_RULE(CRYPTO_SUITE_ALIAS, "crypto-suite-alias", GS_NOTE, "RFC 6188 6",
    "outdated name of a suite",
    "FreeSWITCH 1.4 to 1.8 and Zoiper send AES_CM_256_..., but the registered "
    "name is AES_256_CM_.... A peer that knows only one of them refuses the "
    "other.",
    "Offer the registered name, or AES_CM_128_HMAC_SHA1_80 in addition.")
GS_RULE(CRYPTO_SUITE_VENDOR, "crypto-suite-vendor", GS_NOTE,
    "RFC 4568 10.3.2.1", "unregistered suite",
    "FreeSWITCH, pjsip and rtpengine know it. Most phones do not.",
    "Offer a registered suite in addition.")
GS_RULE(CRYPTO_SUITE_WEAK, "crypto-suite-weak", GS_NOTE, "RFC 4568 8",
    "the suite does not encrypt, or does not authenticate",
    "The call can be overheard or forged. In an offer the peer may still "
    "choose another suite; in an answer this suite was chosen, and the finding "
    "is a warning.",
    "Remove the NULL suites from the list. In FreeSWITCH, the list is "
    "rtp_secure_media_suites.")
GS_RULE(CRYPTO_KEY_METHOD, "crypto-key-method", GS_ERROR, "RFC 4568 6.1",
    "the key does not begin with \"inline:\"",
    "\"inline:\" is the only key method, so the line is invalid.",
    "Write the key as \"inline:KEY\".")
GS_RULE(CRYPTO_KEY_MISSING, "crypto-key-missing", GS_ERROR, "RFC 4568 9.2",
    "the key is empty",
    "The line is invalid, and the media has no key. A space after \"inline:\" "
    "has the same effect.",
    "Write the base64 key directly after \"inline:\".")
GS_RULE(CRYPTO_KEY_BASE64, "crypto-key-base64", GS_ERROR, "RFC 4568 6.1",
    "the key is not base64",
    "The key cannot be decoded, or each side decodes it differently, and there "
    "is no audio. base64url (with \"-\" and \"_\") is not base64.",
    "Encode key and salt with the alphabet A-Z a-z 0-9 + /, with \"=\" at the "
    "end only.")
GS_RULE(CRYPTO_KEY_LENGTH, "crypto-key-length", GS_ERROR, "RFC 4568 6.1",
    "key and salt have the wrong length",
    "The line is invalid. FreeSWITCH 1.2 and baresip do not check this: the "
    "call connects but remains silent.",
    "Encode master key and salt together: 30 octets for AES_CM_128, 46 for "
    "AES_256_CM, 28 or 44 for AEAD GCM.")
GS_RULE(KEY_UNPADDED, "key-unpadded", GS_NOTE, "RFC 4648 3.2",
    "the key's padding is missing",
    "baresip and Zoiper read such a key as too short. rtpengine and FreeSWITCH "
    "(rtp_pad_srtp_keys=false) write keys without padding.",
    "Pad the key with \"=\" to a multiple of four characters.")
GS_RULE(KEY_NONCANONICAL, "key-noncanonical", GS_NOTE, "RFC 4648 3.5",
    "the key's last character has unused bits set",
    "Most decoders drop these bits; strict decoders refuse the key.",
    "Use a standard base64 encoder.")
GS_RULE(KEY_MASKED, "key-masked", GS_NOTE, "RFC 4568 8", "the key is masked",
    "The key was removed before the text was shared, which is good practice. "
    "Its length, randomness and reuse could not be checked.",
    "No action is needed. To check the key itself, use the original text.")
GS_RULE(CRYPTO_KEY_WEAK, "crypto-key-weak", GS_WARNING, "RFC 4568 6.1",
    "the key is not random",
    "The key can be guessed, so the media is as good as unencrypted. Test keys "
    "and broken generators look like this.",
    "Generate keys with a cryptographic random generator. Update the device.")
GS_RULE(CRYPTO_KEY_HEX, "crypto-key-hex", GS_WARNING, "RFC 4568 6.1",
    "the key consists of hexadecimal digits",
    "Each octet has only four random bits, so a 128-bit key is worth 64 bits. "
    "Some Yealink phones generate such keys.",
    "Update the device's firmware.")
GS_RULE(KEY_PRINTABLE, "key-printable", GS_NOTE, "RFC 4568 6.1",
    "the key consists of printable characters",
    "It has fewer random bits than it should. 3CX generates such keys, and the "
    "examples in the RFC look like this.",
    "Generate all octets randomly.")
GS_RULE(CRYPTO_KEY_REUSE_MEDIA, "crypto-key-reuse-media", GS_ERROR,
    "RFC 4568 6.1", "two streams share a key",
    "If two streams are encrypted with the same key stream, both can be read "
    "without the key. Grandstream repeats the audio key for video.",
    "Give every m= line its own key.")
GS_RULE(CRYPTO_KEY_REUSE_LINE, "crypto-key-reuse-line", GS_WARNING,
    "RFC 4568 6.1", "two lines of one stream share a key",
    "Only one of the lines will be used, but every key must be unique. Zoiper "
    "does this, and so does FreeSWITCH when it writes one m= line per ptime.",
    "Give every a=crypto line its own key.")
GS_RULE(CRYPTO_LIFETIME, "crypto-lifetime", GS_ERROR, "RFC 4568 6.1",
    "invalid lifetime", "The line is invalid.",
    "Write 2^N, at most 2^48, or omit the lifetime. The MKI follows the "
    "lifetime.")
GS_RULE(LIFETIME_SRTCP, "lifetime-srtcp", GS_NOTE, "RFC 4568 6.2.1",
    "the lifetime is longer than SRTCP allows",
    "A key expires after 2^31 SRTCP packets, even if the SRTP lifetime is "
    "longer.",
    "Write 2^31, or omit the lifetime.")
GS_RULE(LIFETIME_SHORT, "lifetime-short", GS_NOTE, "res_srtp.c (Asterisk)",
    "the lifetime is shorter than 2^20", "Asterisk refuses the line.",
    "Write 2^31, or omit the lifetime.")
GS_RULE(LIFETIME_DECIMAL, "lifetime-decimal", GS_NOTE,
    "switch_core_media.c (FreeSWITCH)", "the lifetime is a decimal number",
    "FreeSWITCH 1.8 and later accept only 2^N and refuse the line with "
    "\"Invalid key param MKI or LIFETIME\".",
    "Write the lifetime as a power of two.")
GS_RULE(CRYPTO_MKI, "crypto-mki", GS_ERROR, "RFC 4568 6.1", "invalid MKI",
    "The line is invalid: a receiver could not match packets with keys.",
    "Write MKI:LENGTH, such as 1:1. The MKI is a positive number that fits "
    "into LENGTH octets.")
GS_RULE(CRYPTO_MKI_LENGTH, "crypto-mki-length", GS_ERROR, "RFC 4568 6.1",
    "the length of the MKI is missing or invalid",
    "A receiver could not tell where the packet ends. The line is invalid.",
    "Write MKI:LENGTH with a LENGTH of 1 to 128 octets.")
GS_RULE(MKI_REQUIRED, "mki-required", GS_ERROR, "RFC 4568 6.1",
    "several keys, but not every key has an MKI",
    "A packet must say which key it was encrypted with.",
    "Give each key an MKI, or send a single key.")
GS_RULE(MKI_LENGTH_DIFFERS, "mki-length-differs", GS_ERROR, "RFC 4568 6.1",
    "the MKIs have different lengths",
    "A receiver cannot find an MKI of unknown length in a packet.",
    "Use one MKI length for all keys of the line.")
GS_RULE(MKI_DUP, "mki-dup", GS_ERROR, "RFC 4568 4.3",
    "two keys have the same MKI",
    "A packet would not say which of the two keys it needs.",
    "Number the keys 1, 2, 3.")
GS_RULE(MKI_PEER, "mki-peer", GS_NOTE, "res_srtp.c (Asterisk)",
    "the MKI is not 1", "Asterisk accepts only 1 and refuses the line.",
    "Omit the MKI, or use 1.")
GS_RULE(CRYPTO_WHITESPACE, "crypto-whitespace", GS_NOTE, "RFC 4568 9.1",
    "tab, double or trailing spaces",
    "These are legal between fields. Asterisk, baresip and Lync, however, "
    "split the line at single spaces and misread it.",
    "Write one space between fields and none at the end.")
GS_RULE(SESSION_PARAM_UNKNOWN, "session-param-unknown", GS_ERROR,
    "RFC 4568 6.3.7", "unknown session parameter",
    "A parameter without a leading \"-\" is mandatory: a peer that does not "
    "know it must refuse the line.",
    "Remove the parameter, or put \"-\" before its name if it is optional.")
GS_RULE(SESSION_PARAM_OPTIONAL, "session-param-optional", GS_NOTE,
    "RFC 4568 6.3.7", "optional session parameter",
    "Most peers ignore it. Asterisk refuses every session parameter.",
    "Omit it if the peer is Asterisk.")
GS_RULE(SESSION_PARAM_DUP, "session-param-dup", GS_WARNING, "RFC 4568 6.3",
    "duplicate session parameter",
    "The RFC does not say which one counts, so the two sides may disagree.",
    "Write it once.")
GS_RULE(KDR_RANGE, "kdr-range", GS_ERROR, "RFC 4568 6.3.1",
    "the key derivation rate is not 1 to 24",
    "The line is invalid, or the two sides derive different keys and there is "
    "no audio. KDR=0 is only a warning.",
    "Omit KDR. Few products implement it.")
GS_RULE(WSH_RANGE, "wsh-range", GS_WARNING, "RFC 4568 6.3.6",
    "invalid window size hint",
    "SRTP's replay window has at least 64 packets, and a peer may ignore the "
    "hint. A value that is not a number is an error.",
    "Write 64 or more, or omit WSH.")
GS_RULE(FEC_ORDER, "fec-order", GS_ERROR, "RFC 4568 6.3.4",
    "FEC_ORDER has an unknown value",
    "The two sides would correct errors and decrypt in a different order.",
    "Write FEC_SRTP or SRTP_FEC.")
GS_RULE(FEC_KEY, "fec-key", GS_ERROR, "RFC 4568 6.3.5",
    "FEC_KEY is invalid, missing or superfluous",
    "FEC that goes to a different address or port requires its own key. FEC "
    "that goes to the same one must not have a key. A FEC_KEY without FEC is a "
    "note.",
    "Send a separate FEC_KEY if, and only if, the FEC goes to a different "
    "address or port.")
GS_RULE(PARAM_UNENCRYPTED, "param-unencrypted", GS_WARNING, "RFC 4568 6.3.2",
    "SRTP without encryption",
    "Anyone on the network path can listen, although the m= line says SAVP.",
    "Remove UNENCRYPTED_SRTP.")
GS_RULE(PARAM_UNENCRYPTED_RTCP, "param-unencrypted-rtcp", GS_NOTE,
    "RFC 4568 6.3.2", "SRTCP without encryption",
    "The reports and the names of the callers can be read.",
    "Remove UNENCRYPTED_SRTCP.")
GS_RULE(PARAM_UNAUTHENTICATED, "param-unauthenticated", GS_WARNING,
    "RFC 4568 6.3.3", "SRTP without authentication",
    "Packets can be forged or changed. The RFC advises against this.",
    "Remove UNAUTHENTICATED_SRTP.")
GS_RULE(GCM_PARAM, "gcm-param", GS_ERROR, "RFC 7714 8.2",
    "this parameter contradicts GCM",
    "GCM always encrypts and always authenticates, so the line contradicts "
    "itself.",
    "Remove the parameter, or use an AES_CM suite.")
/* From here to SESSION_PARAM_PEER: rules that matter with one peer only. */
GS_RULE(CRYPTO_FIRST_LINE, "crypto-first-line", GS_NOTE,
    "sofia_glue.c (FreeSWITCH 1.2)",
    "the first a=crypto line is not AES_CM_128",
    "FreeSWITCH 1.2 reads only the first line and knows only "
    "AES_CM_128_HMAC_SHA1_80 and _32. It refuses this offer.",
    "Put AES_CM_128_HMAC_SHA1_80 or _32 first.")
GS_RULE(SUITE_UNCOMMON, "suite-uncommon", GS_NOTE, "RFC 4568 6.2",
    "no line offers AES_CM_128",
    "Support for F8, SEED, 192 and 256 bits and GCM depends on how a product "
    "was built. Asterisk and baresip may support none of them.",
    "Offer AES_CM_128_HMAC_SHA1_80 in addition.")
GS_RULE(KEYS_SEVERAL, "keys-several", GS_NOTE,
    "switch_core_media.c (FreeSWITCH)", "several keys in one a=crypto line",
    "FreeSWITCH expects a space between keys, where the RFC has \";\", and "
    "refuses the line.",
    "Send a single key.")
GS_RULE(MKI_NO_LIFETIME, "mki-no-lifetime", GS_NOTE,
    "switch_core_media.c (FreeSWITCH)", "an MKI without a lifetime",
    "This is legal. FreeSWITCH, however, ignores the MKI and then cannot read "
    "the packets that carry it.",
    "Write both, such as KEY|2^31|1:1, or neither.")
GS_RULE(MKI_IGNORED, "mki-ignored", GS_NOTE, "RFC 4568 6.1",
    "the key has an MKI",
    "pjsip and baresip ignore it. They mistake the MKI in packets for part of "
    "the authentication tag and drop the packets.",
    "Omit the MKI; a single key does not need one. In FreeSWITCH, set "
    "rtp_secure_media_mki=false.")
GS_RULE(SESSION_PARAM_PEER, "session-param-peer", GS_NOTE, "RFC 4568 6.3",
    "the line has session parameters",
    "Asterisk refuses the line (\"Unsupported crypto parameters\"). pjsip and "
    "baresip ignore the parameters; with KDR the call then remains silent.",
    "Omit session parameters.")
GS_RULE(SAVP_NO_KEYING, "savp-no-keying", GS_ERROR, "RFC 4568 7.1.1",
    "secure RTP without a key",
    "The m= line requires SRTP but has no a=crypto, a=fingerprint or "
    "a=key-mgmt. pjsip answers 406, others answer 488, or the call remains "
    "silent.",
    "Send a key. On a Snom, set user_srtp to on together with user_savp.")
GS_RULE(CRYPTO_IN_AVP, "crypto-in-avp", GS_WARNING, "RFC 4568 6",
    "a key in RTP/AVP",
    "RFC 4568 allows keys in RTP/SAVP only; RFC 8643 also allows them in "
    "RTP/AVP. FreeSWITCH refuses such a call with 488. With --require savp "
    "this is an error. A key exchange that is only offered as an alternative "
    "to RTP/AVP is a note.",
    "On a Snom, set user_savp to mandatory or optional. Or, in FreeSWITCH, set "
    "rtp_allow_crypto_in_avp=true.")
GS_RULE(CRYPTO_NON_SRTP, "crypto-non-srtp", GS_ERROR, "RFC 4568 6",
    "a=crypto in media that is not RTP",
    "Fax, BFCP and MSRP cannot use SRTP keys. The line only discloses a key.",
    "Remove the line.")
GS_RULE(CRYPTO_IN_DTLS, "crypto-in-dtls", GS_WARNING, "RFC 5764 8",
    "a=crypto in media that gets its keys from DTLS",
    "Asterisk and browsers use DTLS and ignore the line. It only discloses a "
    "key.",
    "Remove a=crypto, or offer RTP/SAVP.")
GS_RULE(CRYPTO_AND_FINGERPRINT, "crypto-and-fingerprint", GS_NOTE, "RFC 4568 7",
    "both a=crypto and a=fingerprint",
    "This is legal in an offer. The peer chooses one of them, and products "
    "choose differently.",
    "If calls fail, offer only one of them.")
GS_RULE(DUAL_PROFILE, "dual-profile", GS_NOTE, "RFC 5939 1",
    "both RTP/SAVP and RTP/AVP are offered",
    "This is the usual way to make encryption optional: the peer may choose "
    "the unencrypted line. Asterisk does not support it.",
    "To require encryption, offer RTP/SAVP only. On a Snom, set user_savp to "
    "mandatory. In FreeSWITCH, set sdp_secure_savp_only=true.")
GS_RULE(CRYPTO_MULTICAST, "crypto-multicast", GS_WARNING, "RFC 4568 5.1",
    "a key for a multicast address",
    "Security descriptions are defined for two parties. In multicast, all "
    "senders would share one key.",
    "Use MIKEY or unicast.")
GS_RULE(CRYPTO_CLEARTEXT_SIGNALLING, "crypto-cleartext-signalling", GS_WARNING,
    "RFC 4568 8", "keys in unencrypted signalling",
    "Anyone who can read the SIP messages can decrypt the call, so the "
    "encryption is worthless. With --require tls this is an error.",
    "Use SIP over TLS. In FreeSWITCH, set tls=true in the profile. On the "
    "phone, set transport=tls in the outbound proxy.")
GS_RULE(SIGNALLING_CLEAR, "signalling-clear", GS_NOTE, "RFC 5763 7",
    "the signalling of the call is not encrypted",
    "Anyone who can change the SIP messages can replace the fingerprint or the "
    "address. This is reported only with --require tls, as an error.",
    "Use SIP over TLS.")
GS_RULE(SIGNALLING_UNKNOWN, "signalling-unknown", GS_WARNING, "RFC 4568 8",
    "the transport of the signalling is unknown",
    "An SDP, or a log without SIP messages, does not name the transport, so "
    "this file cannot prove --require tls.",
    "Check a SIP trace (\"sofia profile internal siptrace on\") or the output "
    "of \"sofia status profile internal reg\".")
GS_RULE(FINGERPRINT_SYNTAX, "fingerprint-syntax", GS_ERROR, "RFC 8122 5",
    "invalid fingerprint",
    "The hash is unknown, or the number of octets is wrong for it. No "
    "certificate can match, so there is no key.",
    "Write \"a=fingerprint:sha-256\" and 32 octets in hexadecimal, separated "
    "by colons.")
GS_RULE(FINGERPRINT_WEAK, "fingerprint-weak", GS_WARNING, "RFC 8122 5",
    "the fingerprint uses a broken hash",
    "MD5 and MD2 must not be used: an attacker can create another certificate "
    "that matches. The fingerprint proves nothing.",
    "Use sha-256.")
GS_RULE(KEYING_EMPTY, "keying-empty", GS_ERROR, "RFC 4567 3.1",
    "empty key attribute", "The attribute has no content, so there is no key.",
    "Switch the key exchange on at the sender, or remove the attribute.")
GS_RULE(OA_MEDIA_COUNT, "oa-media-count", GS_ERROR, "RFC 3264 6",
    "offer and answer have different numbers of m= lines",
    "The lines are matched by their order. The offerer refuses the answer or "
    "confuses the streams.",
    "Answer every m= line. Reject a stream with port 0.")
GS_RULE(OA_MEDIA_TYPE, "oa-media-type", GS_ERROR, "RFC 3264 6",
    "an m= line of the answer has a different medium",
    "The lines are matched by their order, so audio would go where video was "
    "meant.",
    "Keep the order of the m= lines in the offer.")
GS_RULE(OA_PROTO, "oa-proto", GS_ERROR, "RFC 3264 6",
    "the answer changes the profile",
    "SAVP answered with AVP is not an agreement. FreeSWITCH ends the call with "
    "INCOMPATIBLE_DESTINATION.",
    "Switch SRTP on at the answerer, or have it reject the line with port 0.")
GS_RULE(OA_NO_CRYPTO, "oa-no-crypto", GS_ERROR, "RFC 4568 5.3",
    "the answer accepts SAVP without a key",
    "The answerer's packets cannot be decrypted, so the negotiation must fail.",
    "Switch a=crypto on at the answerer. On a Snom, set user_srtp to on.")
GS_RULE(OA_MULTIPLE_CRYPTO, "oa-multiple-crypto", GS_ERROR, "RFC 4568 5.1.2",
    "the answer has several a=crypto lines",
    "The answer must choose exactly one line. The offerer cannot know which "
    "one is used.",
    "Send the chosen line only.")
GS_RULE(OA_TAG, "oa-tag", GS_ERROR, "RFC 4568 5.1.3",
    "the answer's tag was not offered",
    "The offerer cannot tell which of its lines was chosen and must end the "
    "call.",
    "Repeat the tag of the chosen line. FreeSWITCH 1.2 always writes 1.")
GS_RULE(OA_SUITE, "oa-suite", GS_ERROR, "RFC 4568 5.1.3",
    "the answer's suite does not belong to its tag",
    "Both directions must use the same suite. The offerer must end the call.",
    "Repeat the tag and the suite of one offered line unchanged.")
GS_RULE(OA_KEY_SAME, "oa-key-same", GS_ERROR, "RFC 4568 7.1.2",
    "the answer repeats a key of the offer",
    "Both directions would be encrypted with the same key, which breaks the "
    "encryption. Echoing the offered line is a common mistake.",
    "Generate a new key for the answer.")
GS_RULE(OA_PARAM, "oa-param", GS_ERROR, "RFC 4568 5.1.3",
    "a negotiated parameter is missing or added",
    "UNENCRYPTED_* and UNAUTHENTICATED_SRTP apply to both directions, so offer "
    "and answer must both have them.",
    "Repeat the parameters of the chosen line. Add none.")
GS_RULE(OA_PARAM_NEW, "oa-param-new", GS_WARNING, "RFC 4568 7.1.2",
    "the answer adds an unknown mandatory parameter",
    "The offerer may not know the parameter and must then end the call.",
    "Omit it, or put \"-\" before its name.")
GS_RULE(OA_FEC_KEY, "oa-fec-key", GS_ERROR, "RFC 4568 7.1.2",
    "the answer lacks a FEC_KEY",
    "FEC that goes to a different address or port requires its own key.",
    "Add FEC_KEY=inline:KEY.")
GS_RULE(OA_CRYPTO_AND_KEYMGMT, "oa-crypto-and-keymgmt", GS_ERROR,
    "RFC 4568 7.5", "the answer has both a=crypto and a=key-mgmt",
    "This combination is not defined.", "Answer with only one of them.")
GS_RULE(OA_CRYPTO_AND_K, "oa-crypto-and-k", GS_ERROR, "RFC 4568 7.5",
    "the answer has both a=crypto and k=", "This combination is not defined.",
    "Remove k=, which RFC 8866 obsoletes.")
GS_RULE(OA_SETUP, "oa-setup", GS_ERROR, "RFC 5763 5",
    "offer and answer disagree about who starts DTLS",
    "One side must be active and the other passive, and the answer must say "
    "which. Otherwise there is no handshake and no key.",
    "Offer a=setup:actpass and answer active or passive.")
GS_RULE(OA_NOT_PREFERRED, "oa-not-preferred", GS_NOTE, "RFC 4568 5.1.2",
    "the answer did not choose the first line",
    "This is legal: the answerer may not support the first line.",
    "If the order matters, list a suite first that both sides support.")
GS_RULE(OA_REJECTED, "oa-rejected", GS_NOTE, "RFC 3264 6",
    "a stream was rejected",
    "The call continues without it. If the offer had SAVP and AVP, check which "
    "one was accepted. A port in the answer where the offer had port 0 is an "
    "error.",
    "If the rejected stream was the encrypted one, read the answerer's log.")
GS_RULE(REFUSED, "refused", GS_ERROR, "RFC 3261 21.4.26",
    "the offered media was refused",
    "The call ended with 488, 606, 415 or 603, or FreeSWITCH gave up with "
    "INCOMPATIBLE_DESTINATION. There was no media, encrypted or not. This is a "
    "note if another offer of the call was accepted, or if another called "
    "phone later answered with encryption.",
    "Switch SRTP on at the side that refused, or offer a profile that it "
    "accepts. On a Snom, set user_srtp to on and user_savp to optional or "
    "mandatory.")
GS_RULE(REOFFER_SAME_KEY, "reoffer-same-key", GS_ERROR, "RFC 4568 7.1.4",
    "a moved stream kept its key",
    "With a new address or port the packet counter restarts, so the same key "
    "stream would encrypt two packets.",
    "Generate a new key whenever the address or port changes.")
GS_RULE(OA_FORKED, "oa-forked", GS_NOTE, "RFC 4568 7.3",
    "several answers to one offer",
    "Every branch knows the offered key and could decrypt the offerer's media.",
    "When a branch has been chosen, make a new offer with a new key.")
GS_RULE(REG_NOT_TLS, "reg-not-tls", GS_WARNING, "RFC 4568 8",
    "a phone is registered without TLS",
    "Its keys travel unencrypted: anyone who can read the SIP messages can "
    "decrypt its calls. With --require tls this is an error. For a REGISTER "
    "request in a SIP trace it is a note.",
    "Set transport=tls in the phone's outbound proxy, and open the profile's "
    "TLS port.")
GS_RULE(REG_TRANSPORT_HIDDEN, "reg-transport-hidden", GS_NOTE,
    "sofia_reg.c (FreeSWITCH)", "the listing does not show a phone's transport",
    "\"AUTO-NAT\" and \"Registered\" alone do not name the transport, and the "
    "Contact has no transport= parameter. With --require tls this is a "
    "warning.",
    "Check a SIP trace of the phone.")
GS_RULE(SIP_NO_SDP, "sip-no-sdp", GS_NOTE, "RFC 3261 s13.2.1",
    "SIP messages without an SDP",
    "REGISTER, OPTIONS and similar messages say nothing about media. They only "
    "show the transport.",
    "Trace a call, including its INVITE and the answer.")
GS_RULE(REG_INCOMPLETE, "reg-incomplete", GS_WARNING,
    "mod_sofia.c (FreeSWITCH)", "the listing is incomplete",
    "The count at the end of the listing is higher than the number of "
    "registrations found. The missing phones may be registered without TLS. "
    "With --require this is an error.",
    "Save the complete listing.")
GS_RULE(UNREAD, "unread", GS_WARNING, "-",
    "unread text that may belong to a call",
    "The line contains m=, a=crypto, a=fingerprint, the start of a SIP message "
    "or a key, but it is not part of any SDP or message that could be read. It "
    "was not checked. With --require this is an error.",
    "Save the complete text exactly as the program writes it. Do not pass it "
    "through an editor or a mail program.")
GS_RULE(UNPROVEN, "unproven", GS_ERROR, "-",
    "nothing proves what --require demands",
    "Nothing shows that the call is unencrypted, and nothing shows that it is "
    "encrypted. --require accepts only proof.",
    "Check a file with the complete call. The message names what is missing.")
GS_RULE(SIP_INCOMPLETE, "sip-incomplete", GS_WARNING, "-",
    "part of the signalling is missing",
    "A fragment, a segment or the end of a message is missing from the file, "
    "or a limit was reached. The missing part was not checked. With --require "
    "this is an error.",
    "Capture complete packets: tcpdump -s 0 with the filter \"udp or tcp\". "
    "The filter \"port 5060\" loses every fragment except the first.")
GS_RULE(LINE_BROKEN, "line-broken", GS_WARNING, "RFC 8866 5",
    "a line was broken in two",
    "A terminal, a mail program or a log broke the line. It was joined and "
    "checked as one line.",
    "To be certain, check the text as it was sent.")
GS_RULE(LOG_CRYPTO_IN_AVP, "log-crypto-in-avp", GS_ERROR,
    "switch_core_media.c (FreeSWITCH)",
    "FreeSWITCH refused a=crypto in RTP/AVP",
    "The phone offered a key in RTP/AVP. FreeSWITCH logs \"a=crypto in "
    "RTP/AVP, refer to rfc3711\" and refuses the call with 488 or "
    "INCOMPATIBLE_DESTINATION.",
    "Either make the phone offer RTP/SAVP: on a Snom, set user_savp to "
    "mandatory, or to optional to offer RTP/AVP as well. Or make FreeSWITCH "
    "accept the offer: set the variable rtp_allow_crypto_in_avp=true, or "
    "NDLB-allow-crypto-in-avp in the SIP profile (1.2: "
    "sip_allow_crypto_in_avp).")
GS_RULE(LOG_CRYPTO_FAILED, "log-crypto-failed", GS_ERROR,
    "sofia_glue.c (FreeSWITCH)", "FreeSWITCH could not set up the key",
    "FreeSWITCH logs \"Crypto Setup Failed!.\" or \"Unsupported Crypto\" and "
    "has no key for the call. The second message alone is a warning.",
    "Compare the suites. FreeSWITCH 1.2 knows AES_CM_128_HMAC_SHA1_80 and _32. "
    "On a Snom, user_auth_tag chooses between them.")
GS_RULE(LOG_CRYPTO_PARSE, "log-crypto-parse", GS_ERROR,
    "switch_core_media.c (FreeSWITCH)",
    "FreeSWITCH could not read an a=crypto line",
    "FreeSWITCH did not accept the key, its length, its lifetime or its MKI. "
    "It is stricter than the RFC.",
    "See the findings for the SDP above. Send a single key, with a lifetime of "
    "the form 2^N and without an MKI.")
GS_RULE(LOG_CRYPTO_REQUIRED, "log-crypto-required", GS_ERROR,
    "switch_core_media.c (FreeSWITCH)",
    "encryption was required but not negotiated",
    "rtp_secure_media is mandatory, and the phone offered no usable key. "
    "FreeSWITCH ended the call.",
    "Switch SRTP on at the phone. On a Snom, set user_srtp to on and user_savp "
    "to mandatory or optional.")
GS_RULE(LOG_SRTP_DISABLED, "log-srtp-disabled", GS_ERROR,
    "switch_core_media.c (FreeSWITCH)", "SRTP is switched off in FreeSWITCH",
    "The phone offered RTP/SAVP, but rtp_secure_media is forbidden. The call "
    "was refused.",
    "Set rtp_secure_media to optional or mandatory for this direction.")
GS_RULE(LOG_SUITE_INVALID, "log-suite-invalid", GS_WARNING,
    "switch_core_media.c (FreeSWITCH)",
    "FreeSWITCH does not accept a configured value",
    "rtp_secure_media_suites accepts only the names of RFC 6188, although its "
    "own example has AES_CM_256_*. An invalid value of rtp_secure_media means "
    "\"forbidden\".",
    "Write AES_256_CM_HMAC_SHA1_80 and so on. For rtp_secure_media, use "
    "mandatory, optional or forbidden.")
GS_RULE(LOG_UNPROTECT, "log-unprotect", GS_WARNING, "switch_rtp.c (FreeSWITCH)",
    "packets could not be decrypted",
    "Code 7 means a wrong key or a damaged packet. Codes 9 and 10 mean "
    "replayed or old packets. Often a re-INVITE changed the key on one side "
    "only.",
    "Capture the call and find out which key opens it. Check whether the phone "
    "really keeps or changes its key as it announces.")
GS_RULE(LOG_KEY_UNMATCHED, "log-key-unmatched", GS_WARNING, "RFC 4568 5.1.3",
    "FreeSWITCH set a key that is in no SDP",
    "The key does not match any a=crypto line that the log shows for this "
    "call. Either the SDP was changed on its way, or the log is incomplete. "
    "FreeSWITCH does not log its answer to a re-INVITE, so a key for that "
    "answer is not reported.",
    "Log at level debug from the start of the call. Check whether anything "
    "between the two sides edits the SDP.")
GS_RULE(LOG_HANGUP, "log-hangup", GS_NOTE, "switch_channel.c (FreeSWITCH)",
    "the call ended",
    "The cause shows whether encryption was the reason. "
    "INCOMPATIBLE_DESTINATION usually means that it was.",
    "See the findings above.")
GS_RULE(LOG_SRTP_OFF, "log-srtp-off", GS_ERROR, "switch_rtp.c (FreeSWITCH)",
    "FreeSWITCH sends unencrypted RTP",
    "FreeSWITCH logs that it cannot encrypt, but sends the packets anyway: "
    "\"Error! RE-Activating Secure RTP SEND\", \"SRTP protection failed\", "
    "\"SRTP NOT SUPPORTED IN THIS BUILD!\".",
    "Read the log above this line. Use a FreeSWITCH that was built with SRTP.")
GS_RULE(LOG_SRTP_FAILED, "log-srtp-failed", GS_ERROR,
    "switch_rtp.c (FreeSWITCH)", "FreeSWITCH could not set up SRTP",
    "FreeSWITCH logs \"Error allocating srtp\", or \"RE-Activating Secure RTP "
    "RECV\" as an error. It cannot decrypt what it receives.",
    "Compare the suites and keys of both sides.")
GS_RULE(LOG_DTLS_FAILED, "log-dtls-failed", GS_ERROR,
    "switch_rtp.c (FreeSWITCH)", "the DTLS handshake failed",
    "The fingerprint does not match the certificate, the peer sent no "
    "certificate, or the DTLS versions differ. There is no key.",
    "Compare the fingerprint in the SDP with the certificate, and compare the "
    "DTLS versions.")
GS_RULE(LOG_REKEY_REFUSED, "log-rekey-refused", GS_ERROR,
    "switch_core_media.c (FreeSWITCH)", "a new key was refused",
    "FreeSWITCH logs \"Ignoring unacceptable key\" and continues with the old "
    "key. There is audio in one direction only.",
    "Make the other side keep its suite in a re-INVITE.")
GS_RULE(LOG_NO_MEDIA, "log-no-media", GS_WARNING, "sofia.c (FreeSWITCH)",
    "FreeSWITCH found no media",
    "The SDP was empty or had no c= line, or an INVITE came without an SDP and "
    "3pcc is not enabled. The call ended.",
    "Check what the other side sent. For INVITEs without an SDP, set "
    "enable-3pcc in the profile.")
GS_RULE(MEDIA_RELAYED, "media-relayed", GS_ERROR, "RFC 3711 4.1",
    "SRTP was relayed under a different header",
    "With proxy_media, FreeSWITCH gives packets a new SSRC and sequence number "
    "but leaves the ciphertext unchanged. Decryption and authentication depend "
    "on both numbers, so the receiver drops every packet and the call is "
    "silent.",
    "Switch proxy_media off for this call, so that FreeSWITCH decrypts and "
    "encrypts again. Or use bypass_media: the phones then send to each other "
    "directly.")
GS_RULE(MEDIA_CLEAR, "media-clear", GS_ERROR, "RFC 3711 3.1",
    "the capture contains unencrypted RTP",
    "The packets have no room for an SRTP tag, or repeat octets that "
    "encryption would make random. Anyone on the network path can listen to "
    "this stream, whatever the SDP says. If no SDP announces the stream, this "
    "is a warning, and an error with --require.",
    "Find out who sends from that address, and why: a gateway, a phone that "
    "ignores its key, or a call whose SIP is not in the capture.")
