/* SPDX-License-Identifier: MIT */
/* The rules of the SDP wing, and which of them concern which peer. */
#include "sdp/rules.h"

#include "mask.h"
#include "sdp.h"

enum { SOURCE_MAX = 1024 };

static const struct gs_rule rules[GS_R_COUNT] = {
	[GS_R_SDP_VERSION] = { "sdp-version", GS_ERROR, "RFC 8866 5.1",
	    "the first line is not v=0",
	    "A parser that does not find v=0 takes the text for something "
	    "else and answers 400 or 488. Byte order marks and lines that "
	    "end in CR alone are common causes.",
	    "Let the SDP begin with the three characters v=0 and a line end, "
	    "with nothing before them." },
	[GS_R_SDP_LINE] = { "sdp-line", GS_ERROR, "RFC 8866 5",
	    "a line is not TYPE=VALUE",
	    "SDP has no continuation lines: a folded a=crypto loses its key. "
	    "Strict parsers refuse the whole body.",
	    "Join folded lines, and remove what is no SDP; check what edited "
	    "the text on its way." },
	[GS_R_SDP_NUL] = { "sdp-nul", GS_ERROR, "RFC 8866 9",
	    "a NUL octet in a line",
	    "Parsers written in C stop at the NUL and see another text than "
	    "others do.",
	    "Find the program that writes the NUL: often a string was sent "
	    "with its terminator." },
	[GS_R_SDP_UNKNOWN_TYPE] = { "sdp-unknown-type", GS_WARNING,
	    "RFC 8866 5", "a line of an unknown type",
	    "RFC 8866 lets a parser ignore the line or refuse the SDP.",
	    "Remove the line; write extensions as a= lines." },
	[GS_R_SDP_ORDER] = { "sdp-order", GS_WARNING, "RFC 8866 5",
	    "lines in the wrong order",
	    "The order of types is fixed. sofia-sip and pjsip read most "
	    "orders, other parsers refuse the body.",
	    "Write v o s i u e p c b t r z k a, then for each m= line i c b "
	    "k a." },
	[GS_R_SDP_MISSING_LINE] = { "sdp-missing-line", GS_WARNING,
	    "RFC 8866 5", "no o=, s= or t= line",
	    "They are mandatory. FreeSWITCH reads on without them, pjsip and "
	    "others refuse the body.",
	    "Add the line: \"s=-\" and \"t=0 0\" will do." },
	[GS_R_SDP_SESSION_NAME] = { "sdp-session-name", GS_WARNING,
	    "RFC 8866 5.3", "the session name is empty",
	    "s= must have at least one character. Some SBCs refuse an empty "
	    "one.",
	    "Write \"s=-\"." },
	[GS_R_SDP_CONNECTION] = { "sdp-connection", GS_ERROR, "RFC 8866 5.7",
	    "no usable c= line",
	    "Without an address nobody knows where to send: FreeSWITCH says "
	    "\"Cannot find a c= line\" and refuses the call. An unknown "
	    "network or address type is a warning.",
	    "Add \"c=IN IP4 ADDRESS\" to the session or below the m= line." },
	[GS_R_SDP_NO_MEDIA] = { "sdp-no-media", GS_NOTE, "RFC 3264 5",
	    "no m= line",
	    "This is legal, and there is nothing to encrypt: a call without "
	    "media, or a text that was cut.",
	    "Nothing need be done if no media was meant." },
	[GS_R_SDP_TRUNCATED] = { "sdp-truncated", GS_NOTE, "RFC 8866 5",
	    "the SDP ends in the middle of the file",
	    "The log or the capture ended, or a line limit cut the text, "
	    "before the SDP did: what follows was not checked.",
	    "Check a file that holds the whole block; raise the limit of the "
	    "log." },
	[GS_R_MEDIA_LINE] = { "media-line", GS_ERROR, "RFC 8866 5.14",
	    "the m= line cannot be read",
	    "The stream is lost, or the whole body refused.",
	    "Write \"m=MEDIUM PORT PROTOCOL FORMAT...\", with a port of 0 to "
	    "65535 and at least one format, also when the port is 0." },
	[GS_R_MEDIA_PROTO_UNKNOWN] = { "media-proto-unknown", GS_NOTE,
	    "RFC 8866 8.2.3", "the protocol of the m= line is not known",
	    "Nothing can be said about its encryption. FreeSWITCH writes "
	    "UDP/AVPF for some browsers.",
	    "Use a registered protocol, as RTP/SAVP." },
	[GS_R_MEDIA_PLAIN] = { "media-plain", GS_NOTE, "RFC 3711 1",
	    "the media is not encrypted",
	    "Anybody on the way can listen. With --require srtp or savp this "
	    "is an error.",
	    "Switch SRTP on: on a Snom user_srtp on and user_savp mandatory, "
	    "in FreeSWITCH rtp_secure_media=true (1.2: "
	    "sip_secure_media=true)." },
	[GS_R_EOL_MIXED] = { "eol-mixed", GS_NOTE, "RFC 8866 5",
	    "lines end in CR LF and in LF",
	    "Parsers should take both. FreeSWITCH 1.2 itself writes LF into "
	    "the middle of its SDP.",
	    "Write CR LF throughout." },
	[GS_R_CRYPTO_SESSION_LEVEL] = { "crypto-session-level", GS_ERROR,
	    "RFC 4568 4", "a=crypto before the first m= line",
	    "The attribute exists for media only; parsers ignore it and the "
	    "media has no key.",
	    "Move it below the m= line." },
	[GS_R_CRYPTO_NAME_CASE] = { "crypto-name-case", GS_WARNING,
	    "RFC 4568 4", "the attribute's name is not \"crypto\"",
	    "Attribute names are compared with case: a=Crypto is another "
	    "attribute, and ignored.",
	    "Write \"a=crypto:\" in lower case without blanks." },
	[GS_R_CRYPTO_SYNTAX] = { "crypto-syntax", GS_ERROR, "RFC 4568 9.1",
	    "a=crypto does not follow the grammar",
	    "The line is invalid. pjsip refuses the whole media because of "
	    "one such line.",
	    "Write \"a=crypto:TAG SUITE inline:KEY\", then session "
	    "parameters, with single spaces." },
	[GS_R_CRYPTO_TAG] = { "crypto-tag", GS_ERROR, "RFC 4568 4.1",
	    "the tag is not a number of 1 to 9 digits",
	    "The answer names the chosen line by its tag: a malformed one "
	    "cannot be chosen.",
	    "Number the lines 1, 2, 3 without leading zeros." },
	[GS_R_CRYPTO_TAG_ZERO] = { "crypto-tag-zero", GS_NOTE, "RFC 4568 9.1",
	    "the tag is 0",
	    "It is legal, and old Chrome sent it; some stacks take 0 for \"none\".",
	    "Count from 1." },
	[GS_R_CRYPTO_TAG_DUP] = { "crypto-tag-dup", GS_ERROR, "RFC 4568 5.1.1",
	    "the same tag twice below one m= line",
	    "Nobody can tell which line an answer chose; pjsip refuses the "
	    "media.",
	    "Give every line below an m= line its own tag." },
	[GS_R_CRYPTO_SUITE_CASE] = { "crypto-suite-case", GS_NOTE, "RFC 4568 4",
	    "a name in the wrong case",
	    "Values are compared without case by the RFC, but Asterisk "
	    "compares suites and \"inline\" letter by letter and refuses.",
	    "Write suites in upper case and \"inline\" in lower case." },
	[GS_R_CRYPTO_SUITE_UNKNOWN] = { "crypto-suite-unknown", GS_WARNING,
	    "RFC 4568 10.3.2.1", "a suite that nobody knows",
	    "The peer passes over the line; if it is the only one the call "
	    "fails.",
	    "Offer AES_CM_128_HMAC_SHA1_80 or _32. ARIA suites were never "
	    "registered for SDP." },
	[GS_R_CRYPTO_SUITE_ALIAS] = { "crypto-suite-alias", GS_NOTE,
	    "RFC 6188 6", "the suite has a newer name",
	    "FreeSWITCH 1.4 to 1.8 and Zoiper send AES_CM_256_..., "
	    "registered is AES_256_CM_...; who knows only one name fails.",
	    "Offer the registered name, or AES_CM_128_HMAC_SHA1_80 as well." },
	[GS_R_CRYPTO_SUITE_VENDOR] = { "crypto-suite-vendor", GS_NOTE,
	    "RFC 4568 10.3.2.1",
	    "a suite that products send without registration",
	    "FreeSWITCH, pjsip and rtpengine know it; most phones do not.",
	    "Offer a registered suite as well." },
	[GS_R_CRYPTO_SUITE_WEAK] = { "crypto-suite-weak", GS_NOTE, "RFC 4568 8",
	    "the suite does not encrypt, or not authenticate",
	    "In an offer the peer may choose it, in an answer (a warning) it "
	    "was chosen: the call can be heard or forged.",
	    "Remove the NULL suites from the list: in FreeSWITCH "
	    "rtp_secure_media_suites." },
	[GS_R_CRYPTO_KEY_METHOD] = { "crypto-key-method", GS_ERROR,
	    "RFC 4568 6.1", "the key does not begin with \"inline:\"",
	    "No other key method exists, so the line is invalid.",
	    "Write the key as \"inline:KEY\"." },
	[GS_R_CRYPTO_KEY_MISSING] = { "crypto-key-missing", GS_ERROR,
	    "RFC 4568 9.2", "the key is empty",
	    "The line is invalid and the media has no key. A blank behind "
	    "\"inline:\" does the same.",
	    "Write the base64 key directly behind \"inline:\"." },
	[GS_R_CRYPTO_KEY_BASE64] = { "crypto-key-base64", GS_ERROR,
	    "RFC 4568 6.1", "the key is not base64",
	    "It cannot be decoded, or each side decodes other octets: no "
	    "audio. base64url (\"-\" and \"_\") is not base64.",
	    "Encode key and salt with the alphabet A-Z a-z 0-9 + /, with "
	    "\"=\" only at the end." },
	[GS_R_CRYPTO_KEY_LENGTH] = { "crypto-key-length", GS_ERROR,
	    "RFC 4568 6.1", "key and salt have the wrong length",
	    "The line must be considered invalid. FreeSWITCH 1.2 and baresip "
	    "do not check: the call is set up and stays silent.",
	    "Encode master key and salt together: 30 octets for AES_CM_128, "
	    "46 for AES_256_CM, 28 and 44 for AEAD GCM." },
	[GS_R_KEY_UNPADDED] = { "key-unpadded", GS_NOTE, "RFC 4648 3.2",
	    "the key's padding is missing",
	    "baresip and Zoiper count such a key as too short. rtpengine and "
	    "FreeSWITCH (rtp_pad_srtp_keys=false) write it so.",
	    "Pad with \"=\" to a multiple of four characters." },
	[GS_R_KEY_NONCANONICAL] = { "key-noncanonical", GS_NOTE, "RFC 4648 3.5",
	    "the key's last character has unused bits set",
	    "Decoders drop the bits, strict ones refuse the key.",
	    "Encode the octets with a proper base64 encoder." },
	[GS_R_KEY_MASKED] = { "key-masked", GS_NOTE, "RFC 4568 8",
	    "the key is masked",
	    "Somebody removed it, which is right for a log that is passed "
	    "on. Length, randomness and reuse could not be checked.",
	    "Nothing need be done; to check the key itself use the original." },
	[GS_R_CRYPTO_KEY_WEAK] = { "crypto-key-weak", GS_WARNING,
	    "RFC 4568 6.1", "the key is not random",
	    "Everybody can guess it: the media is as good as not encrypted. "
	    "Test keys and broken generators look so.",
	    "Take keys from a cryptographic random generator; update the "
	    "device." },
	[GS_R_CRYPTO_KEY_HEX] = { "crypto-key-hex", GS_WARNING, "RFC 4568 6.1",
	    "the key is made of hexadecimal digits",
	    "Each octet has only four random bits: a 128-bit key is worth "
	    "64. Some Yealink phones make keys so.",
	    "Update the device's firmware." },
	[GS_R_KEY_PRINTABLE] = { "key-printable", GS_NOTE, "RFC 4568 6.1",
	    "the key is made of printable characters",
	    "It has fewer random bits than it should. 3CX and the examples "
	    "of the RFC have such keys.",
	    "Take all octets from a random generator." },
	[GS_R_CRYPTO_KEY_REUSE_MEDIA] = { "crypto-key-reuse-media", GS_ERROR,
	    "RFC 4568 6.1", "two streams have the same key",
	    "The same key stream can encrypt two streams, which then can be "
	    "read. Grandstream repeats the key on audio and video.",
	    "Give every m= line its own key." },
	[GS_R_CRYPTO_KEY_REUSE_LINE] = { "crypto-key-reuse-line", GS_WARNING,
	    "RFC 4568 6.1", "the same key twice for one stream",
	    "Only one of the lines will be used, yet each key must be "
	    "unique. Zoiper does this, and FreeSWITCH with one m= line per "
	    "ptime.",
	    "Give every a=crypto line its own key." },
	[GS_R_CRYPTO_LIFETIME] = { "crypto-lifetime", GS_ERROR, "RFC 4568 6.1",
	    "the lifetime is wrong", "The line must be considered invalid.",
	    "Write 2^N up to 2^48, or leave the lifetime out; the MKI comes "
	    "behind it." },
	[GS_R_LIFETIME_SRTCP] = { "lifetime-srtcp", GS_NOTE, "RFC 4568 6.2.1",
	    "the lifetime is longer than SRTCP's",
	    "SRTCP keys end at 2^31 packets, whichever comes first.",
	    "Write 2^31, or leave the lifetime out." },
	[GS_R_LIFETIME_SHORT] = { "lifetime-short", GS_NOTE,
	    "res_srtp.c (Asterisk)", "the lifetime is below 2^20",
	    "Asterisk refuses the line.",
	    "Write 2^31, or leave the lifetime out." },
	[GS_R_LIFETIME_DECIMAL] = { "lifetime-decimal", GS_NOTE,
	    "switch_core_media.c (FreeSWITCH)",
	    "the lifetime is a plain number",
	    "FreeSWITCH since 1.8 reads only 2^N and refuses the line with "
	    "\"Invalid key param MKI or LIFETIME\".",
	    "Write it as a power of two." },
	[GS_R_CRYPTO_MKI] = { "crypto-mki", GS_ERROR, "RFC 4568 6.1",
	    "the MKI is wrong",
	    "The line is invalid: packets could not be matched with a key.",
	    "Write MKI:LENGTH with a positive number that fits so many "
	    "octets, as 1:1." },
	[GS_R_CRYPTO_MKI_LENGTH] = { "crypto-mki-length", GS_ERROR,
	    "RFC 4568 6.1", "the MKI's length is missing or wrong",
	    "Without it nobody knows where the packet ends: the line must be "
	    "considered invalid.",
	    "Write MKI:LENGTH with a length of 1 to 128 octets." },
	[GS_R_MKI_REQUIRED] = { "mki-required", GS_ERROR, "RFC 4568 6.1",
	    "several keys without an MKI each",
	    "A packet must tell which key it needs.",
	    "Give each key an MKI, or send one key." },
	[GS_R_MKI_LENGTH_DIFFERS] = { "mki-length-differs", GS_ERROR,
	    "RFC 4568 6.1", "MKIs of different lengths",
	    "A receiver cannot find the MKI in a packet whose length it does "
	    "not know.",
	    "Use one MKI length for all keys of the line." },
	[GS_R_MKI_DUP] = { "mki-dup", GS_ERROR, "RFC 4568 4.3",
	    "two keys with one MKI",
	    "A packet does not tell which of them it needs.",
	    "Number the keys 1, 2, 3." },
	[GS_R_MKI_PEER] = { "mki-peer", GS_NOTE, "res_srtp.c (Asterisk)",
	    "an MKI other than 1",
	    "Asterisk takes only 1 and refuses the line.",
	    "Leave the MKI out, or use 1." },
	[GS_R_CRYPTO_WHITESPACE] = { "crypto-whitespace", GS_NOTE,
	    "RFC 4568 9.1", "tab, double or trailing blanks",
	    "Between fields they are legal, but Asterisk, baresip and Lync "
	    "split at single spaces and misread the line.",
	    "Write one space between the fields and none at the end." },
	[GS_R_SESSION_PARAM_UNKNOWN] = { "session-param-unknown", GS_ERROR,
	    "RFC 4568 6.3.7", "an unknown session parameter",
	    "Without \"-\" before its name a parameter is mandatory: who "
	    "does not know it must refuse the line.",
	    "Remove it, or write \"-\" before an optional one." },
	[GS_R_SESSION_PARAM_OPTIONAL] = { "session-param-optional", GS_NOTE,
	    "RFC 4568 6.3.7", "an optional session parameter",
	    "It may be passed over; Asterisk refuses any session parameter.",
	    "Leave it out for Asterisk." },
	[GS_R_SESSION_PARAM_DUP] = { "session-param-dup", GS_WARNING,
	    "RFC 4568 6.3", "a session parameter stands twice",
	    "The RFC does not say which counts: the two sides may differ.",
	    "Write it once." },
	[GS_R_KDR_RANGE] = { "kdr-range", GS_ERROR, "RFC 4568 6.3.1",
	    "the key derivation rate is not 1 to 24",
	    "The line is invalid, or both sides derive other keys and no "
	    "audio comes. KDR=0 is only a warning.",
	    "Leave KDR out: few products implement it." },
	[GS_R_WSH_RANGE] = { "wsh-range", GS_WARNING, "RFC 4568 6.3.6",
	    "the window size hint is wrong",
	    "SRTP's replay window has at least 64 packets; the hint may be "
	    "ignored. What is no number is an error.",
	    "Write 64 or more, or leave WSH out." },
	[GS_R_FEC_ORDER] = { "fec-order", GS_ERROR, "RFC 4568 6.3.4",
	    "FEC_ORDER has an unknown value",
	    "The two sides would correct and decrypt in different order.",
	    "Write FEC_SRTP or SRTP_FEC." },
	[GS_R_FEC_KEY] = { "fec-key", GS_ERROR, "RFC 4568 6.3.5",
	    "FEC_KEY is wrong, missing, or not wanted",
	    "FEC to another address or port needs its own key, FEC to the "
	    "same must not have one. A FEC_KEY alone is a note.",
	    "Send a FEC_KEY of its own exactly when the FEC goes elsewhere." },
	[GS_R_PARAM_UNENCRYPTED] = { "param-unencrypted", GS_WARNING,
	    "RFC 4568 6.3.2", "SRTP without encryption",
	    "Anybody on the way can listen, though the m= line says SAVP.",
	    "Remove UNENCRYPTED_SRTP." },
	[GS_R_PARAM_UNENCRYPTED_RTCP] = { "param-unencrypted-rtcp", GS_NOTE,
	    "RFC 4568 6.3.2", "SRTCP without encryption",
	    "Reports and names of the call can be read.",
	    "Remove UNENCRYPTED_SRTCP." },
	[GS_R_PARAM_UNAUTHENTICATED] = { "param-unauthenticated", GS_WARNING,
	    "RFC 4568 6.3.3", "SRTP without authentication",
	    "Packets can be forged and changed; the RFC recommends against "
	    "it.",
	    "Remove UNAUTHENTICATED_SRTP." },
	[GS_R_GCM_PARAM] = { "gcm-param", GS_ERROR, "RFC 7714 8.2",
	    "a parameter that GCM cannot have",
	    "GCM always encrypts and authenticates, so the line contradicts "
	    "itself.",
	    "Remove the parameter, or take an AES_CM suite." },
	[GS_R_CRYPTO_FIRST_LINE] = { "crypto-first-line", GS_NOTE,
	    "sofia_glue.c (FreeSWITCH 1.2)",
	    "the first a=crypto line is not AES_CM_128",
	    "FreeSWITCH 1.2 reads the first line only, and knows "
	    "AES_CM_128_HMAC_SHA1_80 and _32 only: it refuses such an offer.",
	    "Put AES_CM_128_HMAC_SHA1_80 or _32 first." },
	[GS_R_SUITE_UNCOMMON] = { "suite-uncommon", GS_NOTE, "RFC 4568 6.2",
	    "no line with AES_CM_128",
	    "F8, SEED, 192, 256 bits and GCM depend on how a product was "
	    "built: Asterisk and baresip may know none of them.",
	    "Offer AES_CM_128_HMAC_SHA1_80 as well." },
	[GS_R_KEYS_SEVERAL] = { "keys-several", GS_NOTE,
	    "switch_core_media.c (FreeSWITCH)",
	    "several keys in one a=crypto line",
	    "FreeSWITCH looks for a blank between keys, where the RFC has "
	    "\";\", and refuses the line.",
	    "Send one key." },
	[GS_R_MKI_NO_LIFETIME] = { "mki-no-lifetime", GS_NOTE,
	    "switch_core_media.c (FreeSWITCH)", "an MKI without a lifetime",
	    "It is legal, but FreeSWITCH passes over the MKI and then cannot read "
	    "the packets that carry it.",
	    "Write both, as KEY|2^31|1:1, or neither." },
	[GS_R_MKI_IGNORED] = { "mki-ignored", GS_NOTE, "RFC 4568 6.1", "an MKI",
	    "pjsip and baresip do not read it: they take the MKI in the "
	    "packets for a part of the authentication tag and drop them.",
	    "Leave the MKI out: with one key it has no use. In FreeSWITCH "
	    "rtp_secure_media_mki=false." },
	[GS_R_SESSION_PARAM_PEER] = { "session-param-peer", GS_NOTE,
	    "RFC 4568 6.3", "session parameters",
	    "Asterisk refuses the line (\"Unsupported crypto parameters\"); "
	    "pjsip and baresip do not read them, and with KDR stay silent.",
	    "Leave session parameters out." },
	[GS_R_SAVP_NO_KEYING] = { "savp-no-keying", GS_ERROR, "RFC 4568 7.1.1",
	    "secure RTP without a key",
	    "The m= line demands SRTP and brings no a=crypto, a=fingerprint "
	    "or a=key-mgmt: pjsip answers 406, others 488, or the call stays "
	    "silent.",
	    "Send a key: on a Snom set user_srtp on together with user_savp." },
	[GS_R_CRYPTO_IN_AVP] = { "crypto-in-avp", GS_WARNING, "RFC 4568 6",
	    "a key in RTP/AVP",
	    "RFC 4568 allows keys in RTP/SAVP only, RFC 8643 in RTP/AVP too; "
	    "FreeSWITCH refuses such a call with 488. With --require savp "
	    "this is an error; a key exchange that is only offered beside "
	    "RTP/AVP is a note.",
	    "On a Snom set user_savp to mandatory or optional; or in "
	    "FreeSWITCH set rtp_allow_crypto_in_avp=true." },
	[GS_R_CRYPTO_NON_SRTP] = { "crypto-non-srtp", GS_ERROR, "RFC 4568 6",
	    "a=crypto for what is not RTP",
	    "Keys for SRTP mean nothing to fax, BFCP or MSRP; the key only "
	    "leaks.",
	    "Remove the line." },
	[GS_R_CRYPTO_IN_DTLS] = { "crypto-in-dtls", GS_WARNING, "RFC 5764 8",
	    "a=crypto where DTLS makes the keys",
	    "Asterisk and browsers take DTLS and ignore the line, whose key "
	    "leaks.",
	    "Remove a=crypto, or offer RTP/SAVP." },
	[GS_R_CRYPTO_AND_FINGERPRINT] = { "crypto-and-fingerprint", GS_NOTE,
	    "RFC 4568 7", "a=crypto and a=fingerprint",
	    "It is legal in an offer; the peer chooses one, and not all choose the "
	    "same.",
	    "Offer one of them if calls fail." },
	[GS_R_DUAL_PROFILE] = { "dual-profile", GS_NOTE, "RFC 5939 1",
	    "RTP/SAVP and RTP/AVP beside each other",
	    "The usual way to make encryption optional: the peer may take "
	    "the plain line. Asterisk cannot handle it.",
	    "If encryption is a must offer RTP/SAVP alone: on a Snom "
	    "user_savp mandatory, in FreeSWITCH sdp_secure_savp_only=true." },
	[GS_R_CRYPTO_MULTICAST] = { "crypto-multicast", GS_WARNING,
	    "RFC 4568 5.1", "a key for a multicast address",
	    "Security descriptions are defined for two parties; in multicast "
	    "all senders would share a key.",
	    "Use MIKEY, or unicast." },
	[GS_R_CRYPTO_CLEARTEXT_SIGNALLING] = { "crypto-cleartext-signalling",
	    GS_WARNING, "RFC 4568 8", "keys in clear signalling",
	    "Who can read SIP can decrypt the call: the encryption is worth "
	    "nothing. With --require tls this is an error.",
	    "Carry SIP over TLS: in FreeSWITCH tls=true in the profile, on "
	    "the phone transport=tls in the outbound proxy." },
	[GS_R_SIGNALLING_CLEAR] = { "signalling-clear", GS_NOTE, "RFC 5763 7",
	    "the signalling of a call is not encrypted",
	    "Who can change SIP on its way can put another fingerprint or "
	    "address there. With --require tls this is an error; otherwise it "
	    "is not reported.",
	    "Carry SIP over TLS." },
	[GS_R_SIGNALLING_UNKNOWN] = { "signalling-unknown", GS_WARNING,
	    "RFC 4568 8", "the transport of the signalling was not seen",
	    "--require tls cannot be answered from this file: an SDP or a "
	    "log without SIP messages does not name the transport.",
	    "Check a SIP trace (\"sofia profile internal siptrace on\") or "
	    "\"sofia status profile internal reg\"." },
	[GS_R_FINGERPRINT_SYNTAX] = { "fingerprint-syntax", GS_ERROR,
	    "RFC 8122 5", "the fingerprint cannot be checked",
	    "It lacks the name of a known hash, or has not as many octets as "
	    "that hash: no certificate can match it, so there is no key.",
	    "Write \"a=fingerprint:sha-256\" and 32 octets in hexadecimal, "
	    "with colons between them." },
	[GS_R_FINGERPRINT_WEAK] = { "fingerprint-weak", GS_WARNING,
	    "RFC 8122 5", "the fingerprint is by a hash that is broken",
	    "MD5 and MD2 must not be used: somebody on the way can make a "
	    "certificate that matches. It proves nothing.",
	    "Use sha-256." },
	[GS_R_KEYING_EMPTY] = { "keying-empty", GS_ERROR, "RFC 4567 3.1",
	    "an attribute for keys is empty",
	    "It has no content, so there is no key.",
	    "Switch the key exchange on at its sender, or remove the "
	    "attribute." },
	[GS_R_OA_MEDIA_COUNT] = { "oa-media-count", GS_ERROR, "RFC 3264 6",
	    "the answer has another number of m= lines",
	    "Lines are matched by their order; the offerer refuses the "
	    "answer or mixes up streams.",
	    "Answer every m= line; reject one with port 0." },
	[GS_R_OA_MEDIA_TYPE] = { "oa-media-type", GS_ERROR, "RFC 3264 6",
	    "the answer's m= line is another medium",
	    "Lines are matched by their order: audio would go where video "
	    "was meant.",
	    "Keep the order of the offer." },
	[GS_R_OA_PROTO] = { "oa-proto", GS_ERROR, "RFC 3264 6",
	    "the answer changes the profile",
	    "SAVP answered as AVP is no agreement: FreeSWITCH ends the call "
	    "with INCOMPATIBLE_DESTINATION.",
	    "Switch SRTP on at the answerer, or let it reject the line with "
	    "port 0." },
	[GS_R_OA_NO_CRYPTO] = { "oa-no-crypto", GS_ERROR, "RFC 4568 5.3",
	    "the answer accepts SAVP without a key",
	    "The answerer's packets cannot be decrypted: the negotiation "
	    "must fail.",
	    "Let the answerer support a=crypto: on a Snom user_srtp on." },
	[GS_R_OA_MULTIPLE_CRYPTO] = { "oa-multiple-crypto", GS_ERROR,
	    "RFC 4568 5.1.2", "the answer has several a=crypto lines",
	    "It must choose exactly one; the offerer cannot know which is "
	    "used.",
	    "Send the chosen line only." },
	[GS_R_OA_TAG] = { "oa-tag", GS_ERROR, "RFC 4568 5.1.3",
	    "the answer's tag was not offered",
	    "The offerer cannot tell which of its lines was chosen and must "
	    "fail.",
	    "Repeat the tag of the chosen line. FreeSWITCH 1.2 always wrote "
	    "1." },
	[GS_R_OA_SUITE] = { "oa-suite", GS_ERROR, "RFC 4568 5.1.3",
	    "the answer's suite is not that of its tag",
	    "Both directions must use one suite; the offerer must fail.",
	    "Repeat tag and suite of one offered line as they are." },
	[GS_R_OA_KEY_SAME] = { "oa-key-same", GS_ERROR, "RFC 4568 7.1.2",
	    "the answer repeats a key of the offer",
	    "Both directions would be encrypted by one key, which breaks it. "
	    "Echoing the line back is a common mistake.",
	    "Make a new key for the answer." },
	[GS_R_OA_PARAM] = { "oa-param", GS_ERROR, "RFC 4568 5.1.3",
	    "a negotiated parameter is missing or added",
	    "UNENCRYPTED_* and UNAUTHENTICATED_SRTP hold for both "
	    "directions, so both must name them.",
	    "Repeat those of the chosen line, and add none." },
	[GS_R_OA_PARAM_NEW] = { "oa-param-new", GS_WARNING, "RFC 4568 7.1.2",
	    "the answer adds an unknown mandatory parameter",
	    "The offerer may not know it and must then fail.",
	    "Leave it out, or write \"-\" before it." },
	[GS_R_OA_FEC_KEY] = { "oa-fec-key", GS_ERROR, "RFC 4568 7.1.2",
	    "the answer lacks a FEC_KEY",
	    "FEC that goes to another address or port needs its own key.",
	    "Add FEC_KEY=inline:KEY." },
	[GS_R_OA_CRYPTO_AND_KEYMGMT] = { "oa-crypto-and-keymgmt", GS_ERROR,
	    "RFC 4568 7.5", "the answer has a=crypto and a=key-mgmt",
	    "What both together mean is not defined.",
	    "Answer with one of them." },
	[GS_R_OA_CRYPTO_AND_K] = { "oa-crypto-and-k", GS_ERROR, "RFC 4568 7.5",
	    "the answer has a=crypto and k=",
	    "What both together mean is not defined.",
	    "Remove k=, which RFC 8866 made obsolete." },
	[GS_R_OA_SETUP] = { "oa-setup", GS_ERROR, "RFC 5763 5",
	    "offer and answer do not agree on who begins DTLS",
	    "One side must be active and the other passive, and an answer "
	    "says which: otherwise no handshake takes place and there is no "
	    "key.",
	    "Offer a=setup:actpass and answer active or passive." },
	[GS_R_OA_NOT_PREFERRED] = { "oa-not-preferred", GS_NOTE,
	    "RFC 4568 5.1.2", "the answer did not choose the first line",
	    "This is legal when the answerer does not support the first.",
	    "Put the suite that both know first, if the order matters to you." },
	[GS_R_OA_REJECTED] = { "oa-rejected", GS_NOTE, "RFC 3264 6",
	    "a stream was rejected",
	    "The call goes on without it. In an offer of SAVP and AVP see "
	    "which of them was accepted. A port where the offer had none is "
	    "an error.",
	    "If it was the encrypted stream, see what the answerer's log "
	    "says." },
	[GS_R_REFUSED] = { "refused", GS_ERROR, "RFC 3261 21.4.26",
	    "the media that were offered were refused",
	    "488, 606, 415 or 603 ended the call, or FreeSWITCH gave up with "
	    "INCOMPATIBLE_DESTINATION: there are no media, encrypted or not. "
	    "When another offer of the call was accepted, this is a note.",
	    "Switch SRTP on at the side that refused, or offer what it takes: "
	    "on a Snom user_srtp on and user_savp optional or mandatory." },
	[GS_R_REOFFER_SAME_KEY] = { "reoffer-same-key", GS_ERROR,
	    "RFC 4568 7.1.4", "a moved stream kept its key",
	    "With a new address or port the packet counter starts anew: the "
	    "same key stream would encrypt twice.",
	    "Make a new key when address or port change." },
	[GS_R_OA_FORKED] = { "oa-forked", GS_NOTE, "RFC 4568 7.3",
	    "several answers to one offer",
	    "Every branch knows the offer's key and could decrypt the "
	    "offerer's media.",
	    "Make a new offer with a new key once a branch was chosen." },
	[GS_R_REG_NOT_TLS] = { "reg-not-tls", GS_WARNING, "RFC 4568 8",
	    "a phone is registered without TLS",
	    "Its keys travel in clear: who can read SIP can decrypt its "
	    "calls. With --require tls this is an error; a REGISTER in a SIP "
	    "trace is a note.",
	    "Set transport=tls in the phone's outbound proxy and open the "
	    "TLS port of the profile." },
	[GS_R_REG_TRANSPORT_HIDDEN] = { "reg-transport-hidden", GS_NOTE,
	    "sofia_reg.c (FreeSWITCH)", "the listing hides a phone's transport",
	    "AUTO-NAT and a bare \"Registered\" do not name it, and the "
	    "Contact has no transport= either. With --require tls this is "
	    "a warning.",
	    "Look at a SIP trace of the phone." },
	[GS_R_SIP_NO_SDP] = { "sip-no-sdp", GS_NOTE, "RFC 3261 s13.2.1",
	    "SIP messages, but no SDP",
	    "Registrations, options and the like say nothing about media: "
	    "nothing was proven but how they were carried.",
	    "Trace a call, with its INVITE and the answer." },
	[GS_R_REG_INCOMPLETE] = { "reg-incomplete", GS_WARNING,
	    "mod_sofia.c (FreeSWITCH)", "the listing lacks registrations",
	    "It ends with a count, and fewer phones were read: the others may "
	    "be registered without TLS. With --require this is an error.",
	    "Save the whole listing, not a part of it." },
	[GS_R_UNREAD] = { "unread", GS_WARNING, "-",
	    "text that may tell of a call was not read",
	    "A line holds m=, a=crypto, a=fingerprint, the start of a SIP "
	    "message or a key, and it belongs to no SDP and no message that "
	    "was read. Nothing was checked there. With --require this is an "
	    "error.",
	    "Save the text as its program writes it, whole, without changes "
	    "by an editor or a mail program." },
	[GS_R_UNPROVEN] = { "unproven", GS_ERROR, "-",
	    "what --require asks for was not shown",
	    "Nothing says that the call is in clear, and nothing shows that "
	    "it is not. Only what was shown passes.",
	    "Check a file that holds the whole call: the message of the "
	    "finding names what is missing." },
	[GS_R_SIP_INCOMPLETE] = { "sip-incomplete", GS_WARNING, "-",
	    "a part of the signalling is missing",
	    "A fragment, a segment or the end of a message is not in the "
	    "file, or a limit was reached: what it held was not checked. With "
	    "--require this is an error.",
	    "Capture all packets in full: tcpdump -s 0 with the filter \"udp "
	    "or tcp\", because \"port 5060\" loses all fragments but the "
	    "first." },
	[GS_R_LINE_BROKEN] = { "line-broken", GS_NOTE, "RFC 8866 5",
	    "a line was broken in two",
	    "A terminal, a mail program or a log broke the line. It was put "
	    "together again and checked as one.",
	    "Nothing need be done; to be sure, check the text as it was sent." },
	[GS_R_LOG_CRYPTO_IN_AVP] = { "log-crypto-in-avp", GS_ERROR,
	    "switch_core_media.c (FreeSWITCH)",
	    "FreeSWITCH refused a=crypto in RTP/AVP",
	    "The phone offered a key in RTP/AVP. FreeSWITCH logs \"a=crypto "
	    "in RTP/AVP, refer to rfc3711\" and refuses the call with 488 or "
	    "INCOMPATIBLE_DESTINATION.",
	    "Either let the phone offer RTP/SAVP: on a Snom set user_savp to "
	    "mandatory, or to optional for RTP/AVP beside it. Or let "
	    "FreeSWITCH accept it: set the variable "
	    "rtp_allow_crypto_in_avp=true, or NDLB-allow-crypto-in-avp in "
	    "the SIP profile; in 1.2 sip_allow_crypto_in_avp." },
	[GS_R_LOG_CRYPTO_FAILED] = { "log-crypto-failed", GS_ERROR,
	    "sofia_glue.c (FreeSWITCH)", "FreeSWITCH could not set up the key",
	    "It logs \"Crypto Setup Failed!.\" or \"Unsupported Crypto\" and "
	    "has no key for the call. The second alone is a warning.",
	    "Compare the suites: FreeSWITCH 1.2 knows "
	    "AES_CM_128_HMAC_SHA1_80 and _32; on a Snom user_auth_tag "
	    "chooses between them." },
	[GS_R_LOG_CRYPTO_PARSE] = { "log-crypto-parse", GS_ERROR,
	    "switch_core_media.c (FreeSWITCH)",
	    "FreeSWITCH could not read an a=crypto line",
	    "Key, length, lifetime or MKI are not as it wants them; what it "
	    "wants is narrower than the RFC.",
	    "See the findings of the SDP block before it; send one key, a "
	    "lifetime as 2^N, and no MKI." },
	[GS_R_LOG_CRYPTO_REQUIRED] = { "log-crypto-required", GS_ERROR,
	    "switch_core_media.c (FreeSWITCH)",
	    "encryption was demanded and not agreed",
	    "rtp_secure_media is mandatory and the phone brought no usable "
	    "key: FreeSWITCH ended the call.",
	    "Switch SRTP on in the phone: on a Snom user_srtp on and "
	    "user_savp mandatory or optional." },
	[GS_R_LOG_SRTP_DISABLED] = { "log-srtp-disabled", GS_ERROR,
	    "switch_core_media.c (FreeSWITCH)",
	    "SRTP is switched off in FreeSWITCH",
	    "The phone offered RTP/SAVP and rtp_secure_media is forbidden: "
	    "the call was refused.",
	    "Set rtp_secure_media to optional or mandatory for this "
	    "direction." },
	[GS_R_LOG_SUITE_INVALID] = { "log-suite-invalid", GS_WARNING,
	    "switch_core_media.c (FreeSWITCH)",
	    "FreeSWITCH does not know a configured value",
	    "rtp_secure_media_suites takes the names of RFC 6188 only, "
	    "though its own example has AES_CM_256_*; a wrong value of "
	    "rtp_secure_media means \"forbidden\".",
	    "Write AES_256_CM_HMAC_SHA1_80 and so on; for rtp_secure_media "
	    "use mandatory, optional or forbidden." },
	[GS_R_LOG_UNPROTECT] = { "log-unprotect", GS_WARNING,
	    "switch_rtp.c (FreeSWITCH)", "packets could not be decrypted",
	    "Code 7 is a wrong key or a damaged packet, 9 and 10 are "
	    "replayed or old packets. Often a re-INVITE changed the key on "
	    "one side only.",
	    "Capture the call and see which key opens it; check that the "
	    "phone keeps or renews its key as it says." },
	[GS_R_LOG_KEY_UNMATCHED] = { "log-key-unmatched", GS_WARNING,
	    "RFC 4568 5.1.3", "FreeSWITCH set a key that no SDP brought",
	    "The key in the log equals no a=crypto line of an SDP of the "
	    "call that the log shows: the SDP was changed on its way, or the "
	    "log is incomplete. FreeSWITCH does not log its answer to a "
	    "re-INVITE; a key for that is no finding.",
	    "Log with level debug from the begin of the call, and check what "
	    "edits SDP between the two." },
	[GS_R_LOG_HANGUP] = { "log-hangup", GS_NOTE,
	    "switch_channel.c (FreeSWITCH)", "the call ended",
	    "The cause tells whether encryption was the reason: "
	    "INCOMPATIBLE_DESTINATION usually is.",
	    "See the findings before it." },
	[GS_R_LOG_SRTP_OFF] = { "log-srtp-off", GS_ERROR,
	    "switch_rtp.c (FreeSWITCH)", "FreeSWITCH sends RTP in clear",
	    "It says that it cannot encrypt, and sends the packets all the "
	    "same: \"Error! RE-Activating Secure RTP SEND\", \"SRTP "
	    "protection failed\", \"SRTP NOT SUPPORTED IN THIS BUILD!\".",
	    "See what the log says before it; use a FreeSWITCH that was built "
	    "with SRTP." },
	[GS_R_LOG_SRTP_FAILED] = { "log-srtp-failed", GS_ERROR,
	    "switch_rtp.c (FreeSWITCH)", "FreeSWITCH could not set SRTP up",
	    "It logs \"Error allocating srtp\" or \"RE-Activating Secure RTP "
	    "RECV\" as an error: it cannot decrypt what it receives.",
	    "Compare the suites and keys of both sides." },
	[GS_R_LOG_DTLS_FAILED] = { "log-dtls-failed", GS_ERROR,
	    "switch_rtp.c (FreeSWITCH)", "the DTLS handshake failed",
	    "Fingerprint and certificate do not match, the other side sent no "
	    "certificate, or the versions differ: there is no key.",
	    "Compare the fingerprint in the SDP with the certificate, and the "
	    "versions of DTLS." },
	[GS_R_LOG_REKEY_REFUSED] = { "log-rekey-refused", GS_ERROR,
	    "switch_core_media.c (FreeSWITCH)", "a new key was refused",
	    "It logs \"Ignoring unacceptable key\" and goes on with the old "
	    "one: audio comes through in one direction only.",
	    "Let the other side keep its suite in a re-INVITE." },
	[GS_R_LOG_NO_MEDIA] = { "log-no-media", GS_WARNING,
	    "sofia.c (FreeSWITCH)", "FreeSWITCH found no media",
	    "The SDP was blank or without c=, or an INVITE came without SDP "
	    "and 3pcc is not enabled: the call ended.",
	    "See what the other side sent; for INVITEs without SDP set "
	    "enable-3pcc in the profile." },
};

const struct gs_rules gs_sdp_rules = { rules, GS_R_COUNT };

enum {
	FS = 1 << GS_PEER_FREESWITCH,
	FS12 = 1 << GS_PEER_FREESWITCH12,
	AST = 1 << GS_PEER_ASTERISK,
	PJ = 1 << GS_PEER_PJSIP,
	BS = 1 << GS_PEER_BARESIP,
};

/* The notes that are a failure with a peer. */
static const struct {
	enum gs_sdp_rule rule;
	unsigned peers;
} concerns[] = {
	{ GS_R_LIFETIME_DECIMAL, FS },
	{ GS_R_MKI_NO_LIFETIME, FS },
	{ GS_R_KEYS_SEVERAL, FS | FS12 },
	{ GS_R_CRYPTO_FIRST_LINE, FS12 },
	{ GS_R_CRYPTO_SUITE_ALIAS, FS12 | BS },
	{ GS_R_CRYPTO_SUITE_VENDOR, FS12 | AST | BS },
	{ GS_R_SUITE_UNCOMMON, AST | BS },
	{ GS_R_CRYPTO_SUITE_CASE, AST },
	{ GS_R_CRYPTO_WHITESPACE, AST | BS },
	{ GS_R_LIFETIME_SHORT, AST },
	{ GS_R_MKI_PEER, AST },
	{ GS_R_SESSION_PARAM_OPTIONAL, AST },
	{ GS_R_SESSION_PARAM_PEER, AST | PJ | BS },
	{ GS_R_DUAL_PROFILE, AST },
	{ GS_R_MKI_IGNORED, PJ | BS },
	{ GS_R_KEY_UNPADDED, BS },
};

void
gs_sdp_policy_usual(uint8_t *policy)
{
	memset(policy, GS_POLICY_USUAL, GS_R_COUNT);
	for (int r = GS_R_CRYPTO_FIRST_LINE; r <= GS_R_SESSION_PARAM_PEER; r++)
		policy[r] = GS_POLICY_HIDDEN;
}

void
gs_sdp_peer_raise(enum gs_sdp_peer p, uint8_t *policy)
{
	for (size_t i = 0; i < sizeof(concerns) / sizeof(concerns[0]); i++) {
		uint8_t *rule = &policy[concerns[i].rule];
		if ((concerns[i].peers & 1u << p) != 0)
			*rule = GS_POLICY_RAISED;
	}
}

/* Where part, a piece of line's text, stands in the file. */
static struct gs_pos
line_pos(const struct gs_sdp_line *line, struct gs_span part)
{
	struct gs_pos pos = line->pos;

	if (part.p >= line->text.p && part.p <= line->text.p + line->text.n)
		pos.col += (uint32_t)(part.p - line->text.p);
	return pos;
}

static void
attach_source(struct gs_diags *d, struct gs_finding *f,
    const struct gs_sdp_line *line, struct gs_span part)
{
	char copy[SOURCE_MAX];
	size_t n = line->text.n < sizeof(copy) ? line->text.n : sizeof(copy);
	size_t at = 0;

	if (f == NULL || !d->sources)
		return;
	if (n > 0)
		memcpy(copy, line->text.p, n);
	gs_sdp_sdes_mask(copy, n);
	if (part.p >= line->text.p)
		at = (size_t)(part.p - line->text.p);
	gs_diag_source(d, f, gs_span(copy, n), at <= n ? (uint32_t)at + 1 : 0);
}

void
gs_sdp_diag(struct gs_diags *d, enum gs_sdp_rule rule,
    const struct gs_sdp_line *line, struct gs_span part, const char *fmt, ...)
{
	const struct gs_rule *r = &gs_sdp_rules.rule[rule];
	va_list ap;

	va_start(ap, fmt);
	attach_source(d,
	    gs_vdiag(d, r, r->severity, line_pos(line, part), fmt, ap), line,
	    part);
	va_end(ap);
}

void
gs_sdp_diag_as(struct gs_diags *d, enum gs_sdp_rule rule,
    enum gs_severity severity, const struct gs_sdp_line *line,
    struct gs_span part, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	attach_source(d,
	    gs_vdiag(d, &gs_sdp_rules.rule[rule], severity,
		line_pos(line, part), fmt, ap),
	    line, part);
	va_end(ap);
}
