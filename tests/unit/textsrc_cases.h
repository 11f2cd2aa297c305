/* SPDX-License-Identifier: MIT */
/* Text in every form that is read, and what is found in it. */
#ifndef TEXTSRC_CASES_H
#define TEXTSRC_CASES_H

#include "text/textsrc.h"

#define RULE                                                                   \
	"=========================================================="           \
	"======================================="
#define PEERS                                                                  \
	"From: <sip:a@192.0.2.1>;tag=f1\r\n"                                   \
	"To: \"B; tag=no\" <sip:b@192.0.2.2>\r\n"                              \
	"Call-ID: c1\r\n"                                                      \
	"CSeq: 7 INVITE\r\n"
#define REGTAIL                                                                \
	" EXP(2013-05-17 18:26:20) EXPSECS(2942)\n"                            \
	"Host:       \tpbx\n"                                                  \
	"MWI-Account:\t10@h\n"                                                 \
	"\n"
#define DASHES                                                                 \
	"----------------------------------------------------------"           \
	"--------------"
#define CRSDP                                                                  \
	"v=0\r\n"                                                              \
	"o=- 1 1 IN IP4 192.0.2.1\r\n"                                         \
	"s=-\r\n"                                                              \
	"t=0 0\r\n"                                                            \
	"m=audio 4000 RTP/AVP 0\r\n"
#define STATE_RECEIVED                                                         \
	"sofia.c:5610 Channel sofia/int/10@h entering state "                  \
	"[received][100]\n"
#define SDP                                                                    \
	"v=0\n"                                                                \
	"o=- 1 1 IN IP4 192.0.2.1\n"                                           \
	"s=-\n"                                                                \
	"t=0 0\n"                                                              \
	"m=audio 4000 RTP/AVP 0\n"
#define AGENT                                                                  \
	"\n"                                                                   \
	"Agent:      \tsnom870/8.7.5.35\n"                                     \
	"Status:     \t"
#define D2 "2026-11-23 08:48:03.712658 99.00% [DEBUG] "
#define VIA "Via: SIP/2.0/TLS 192.0.2.1;branch=z9\r\n"
#define U "6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
#define W "77777777-7b0a-4f0e-9d0e-2b5a4b6f7c22 "
#define KEY "1 AES_CM_128_HMAC_SHA1_32 inline:***"
#define D "2013-05-12 13:57:21.271236 [DEBUG] "
#define INVITE "INVITE sip:b@192.0.2.2 SIP/2.0\r\n"
#define TYPE "Content-Type: application/sdp\r\n"

static const struct {
	const char *name;
	enum gs_text_type forced;
	const char *text;
	const char *found;
} cases[] = {
	{ "an SDP", GS_TEXT_AUTO, SDP,
	    "sdp 1:1 \"SDP\" 5 lines to 5:1 L m=audio 4000 RTP/AVP 0\n"
	    "sdp\n" },
	{ "an SDP with CRLF", GS_TEXT_AUTO, CRSDP,
	    "sdp 1:1 \"SDP\" 5 lines to 5:1 C m=audio 4000 RTP/AVP 0\n"
	    "sdp\n" },
	{ "a BOM, leading and trailing blank lines", GS_TEXT_AUTO,
	    "\357\273\277\n"
	    "\n" SDP "\n"
	    "\n",
	    "sdp 3:1 \"SDP\" 5 lines to 7:1 L m=audio 4000 RTP/AVP 0\n"
	    "sdp\n" },
	{ "no end of the last line", GS_TEXT_AUTO,
	    "v=0\n"
	    "o=- 1 1 IN IP4 192.0.2.1\n"
	    "s=-\n"
	    "t=0 0\n"
	    "m=audio 4000 RTP/AVP 0",
	    "sdp 1:1 \"SDP\" 5 lines to 5:1 N m=audio 4000 RTP/AVP 0\n"
	    "sdp\n" },
	{ "several SDPs", GS_TEXT_AUTO, SDP "\n" SDP SDP,
	    "sdp 1:1 \"SDP\" 5 lines to 5:1 L m=audio 4000 RTP/AVP 0\n"
	    "sdp 7:1 \"SDP\" 5 lines to 11:1 L m=audio 4000 RTP/AVP 0\n"
	    "sdp 12:1 \"SDP\" 5 lines to 16:1 L m=audio 4000 RTP/AVP 0\n"
	    "sdp\n" },
	{ "a blank line inside", GS_TEXT_AUTO,
	    SDP "\n"
		"a=ptime:20\n",
	    "sdp 1:1 \"SDP\" 7 lines to 7:1 L a=ptime:20\n"
	    "sdp\n" },
	{ "text behind an SDP", GS_TEXT_AUTO,
	    SDP "\n"
		"That was it.\n" SDP,
	    "sdp 1:1 \"SDP\" 5 lines to 5:1 L m=audio 4000 RTP/AVP 0\n"
	    "sdp 8:1 \"SDP\" 5 lines to 12:1 L m=audio 4000 RTP/AVP 0\n"
	    "sdp\n" },
	{ "a wrong line", GS_TEXT_AUTO,
	    SDP "a crypto\n"
		"a=ptime:20\n",
	    "sdp 1:1 \"SDP\" 7 lines to 7:1 L a=ptime:20\n"
	    "sdp\n" },
	{ "no v=", GS_TEXT_AUTO,
	    "o=- 1 1 IN IP4 192.0.2.1\n"
	    "s=-\n"
	    "t=0 0\n"
	    "m=audio 4000 RTP/AVP 0\n",
	    "sdp 1:1 \"SDP\" 4 lines to 4:1 L m=audio 4000 RTP/AVP 0\n"
	    "sdp\n" },
	{ "v=1", GS_TEXT_AUTO,
	    "v=1\n"
	    "o=- 1 1 IN IP4 192.0.2.1\n"
	    "s=-\n"
	    "t=0 0\n"
	    "m=audio 4000 RTP/AVP 0\n",
	    "sdp 1:1 \"SDP\" 5 lines to 5:1 L m=audio 4000 RTP/AVP 0\n"
	    "sdp\n" },
	{ "v= of something else", GS_TEXT_AUTO,
	    "v=spf1 a mx\n"
	    "\n"
	    "x=1\n"
	    "\n"
	    "a=2\n",
	    "auto\n" },
	{ "HTML", GS_TEXT_AUTO,
	    "<html><body>\n"
	    "<p>v=0</p>\n"
	    "Status: ok\n"
	    "Registrations: many\n"
	    "<user>a</user>\n"
	    "</html>\n",
	    "auto\n" },
	{ "other text", GS_TEXT_AUTO,
	    "INVITE sip:b@x SIP/2.0 is how a request begins.\n"
	    "Call-ID: none\n"
	    "foo -> bar\n",
	    "auto\n" },
	{ "an empty file", GS_TEXT_AUTO, "", "auto\n" },
	{ "an empty file, forced", GS_TEXT_SDP, "",
	    "sdp 1:1 \"SDP\" 0 lines\n"
	    "sdp\n" },
	{ "blank lines, forced", GS_TEXT_SDP,
	    "\n"
	    "\n",
	    "sdp 1:1 \"SDP\" 0 lines\n"
	    "sdp\n" },
	{ "anything, forced", GS_TEXT_SDP,
	    "hello\n"
	    "\n"
	    "a=b\n"
	    "v=0\n"
	    "foo\n",
	    "sdp 1:1 \"SDP\" 3 lines to 3:1 L a=b\n"
	    "sdp 4:1 \"SDP\" 2 lines to 5:1 L foo\n"
	    "sdp\n" },
	{ "control bytes and a CR", GS_TEXT_SDP,
	    "v=0\n"
	    "\001o=\033\033[ \r x\n"
	    "s=\377\n",
	    "sdp 1:1 \"SDP\" 3 lines to 3:1 L s=\\xff\n"
	    "sdp\n" },
	{ "a pasted log", GS_TEXT_AUTO,
	    D "sofia.c:5696 Remote SDP:\n" SDP "a=crypto:" KEY "\n"
	      "\n" D "sofia_glue.c:5017 Set Remote Key [" KEY "]\n" D
	      "sofia_glue.c:3182 Set Local Key [" KEY "]\n",
	    "fslog 2:1 \"Remote SDP\" 6 lines to 7:1 L a=crypto:1 "
	    "AES_CM_128_HMAC_SHA1_32 inline:*** remote\n"
	    "key 9:54 remote  id=? [1 AES_CM_128_HMAC_SHA1_32 "
	    "inline:***]\n"
	    "key 10:54 local  id=? [1 AES_CM_128_HMAC_SHA1_32 "
	    "inline:***]\n"
	    "fslog\n" },
	{ "CRLF in the whole log", GS_TEXT_AUTO,
	    D "sofia.c:5696 Remote SDP:\r\n" CRSDP "a=crypto:" KEY "\r\n"
	      "\r\n" D "sofia_glue.c:5017 Set Remote Key [" KEY "]\r\n" D
	      "sofia_glue.c:3182 Set Local Key [" KEY "]\r\n",
	    "fslog 2:1 \"Remote SDP\" 6 lines to 7:1 C a=crypto:1 "
	    "AES_CM_128_HMAC_SHA1_32 inline:*** remote\n"
	    "key 9:54 remote  id=? [1 AES_CM_128_HMAC_SHA1_32 "
	    "inline:***]\n"
	    "key 10:54 local  id=? [1 AES_CM_128_HMAC_SHA1_32 "
	    "inline:***]\n"
	    "fslog\n" },
	{ "a header without its date", GS_TEXT_AUTO,
	    "Remote SDP:\n" SDP "\n"
	    "Ring SDP:\n"
	    "foo\n",
	    "fslog 2:1 \"Remote SDP\" 5 lines to 6:1 L m=audio 4000 "
	    "RTP/AVP 0 remote\n"
	    "fslog\n" },
	{ "an SDP without header in a log", GS_TEXT_AUTO,
	    D "sofia.c:1 x y\n" SDP "EXECUTE x\n"
	      "a=ptime:20\n",
	    "fslog 2:1 \"SDP\" 5 lines to 6:1 L m=audio 4000 RTP/AVP 0\n"
	    "fslog\n" },
	{ "a log that begins inside an SDP", GS_TEXT_AUTO,
	    "1 IN IP4 192.0.2.1\n"
	    "s=-\n"
	    "t=0 0\n"
	    "m=audio 4000 RTP/AVP 0\n"
	    "\n" D "sofia.c:1 x y\n",
	    "fslog\n" },
	{ "roles", GS_TEXT_AUTO,
	    D STATE_RECEIVED D
	    "sofia.c:1 Remote SDP:\n" SDP "\n" D "mod_sofia.c:2 Ring SDP:\n" SDP
	    "\n" D "mod_sofia.c:3 Local SDP sofia/int/10@h:\n" SDP "a=x\n"
	    "\n" D "sofia.c:1 Duplicate SDP\n" SDP "\n",
	    "fslog 3:1 \"Remote SDP\" 5 lines to 7:1 L m=audio 4000 "
	    "RTP/AVP 0 id=sofia/int/10@h remote offer\n"
	    "fslog 10:1 \"Ring SDP\" 5 lines to 14:1 L m=audio 4000 "
	    "RTP/AVP 0 id=sofia/int/10@h local answer\n"
	    "fslog 17:1 \"Local SDP\" 6 lines to 22:1 L a=x "
	    "id=sofia/int/10@h local answer\n"
	    "fslog 25:1 \"Duplicate SDP\" 5 lines to 29:1 L m=audio "
	    "4000 RTP/AVP 0 id=sofia/int/10@h remote offer repeated\n"
	    "fslog\n" },
	{ "the state of a channel with brackets in its name", GS_TEXT_AUTO,
	    D "sofia.c:5610 Channel sofia/int/10@[2001:db8::1] entering state "
	      "[received][100]\n" D "sofia.c:1 Remote SDP:\n" SDP "\n",
	    "fslog 3:1 \"Remote SDP\" 5 lines to 7:1 L m=audio 4000 "
	    "RTP/AVP 0 id=sofia/int/10@[2001:db8::1] remote offer\n"
	    "fslog\n" },
	{ "an outbound leg", GS_TEXT_AUTO,
	    D2 "sofia_glue.c:1662 sofia/ext/11@h sending invite version: "
	       "1.10\n"
	       "Local SDP:\n" SDP "\n" D2
	       "sofia.c:5610 Channel sofia/ext/11@h entering state "
	       "[completing][200]\n" D2 "sofia.c:7515 Remote SDP:\n" SDP "\n" D2
	       "sofia.c:1 Remote SDP:\n"
	       "NO SDP PRESENT\n",
	    "fslog 3:1 \"Local SDP\" 5 lines to 7:1 L m=audio 4000 "
	    "RTP/AVP 0 id=sofia/ext/11@h local offer\n"
	    "fslog 11:1 \"Remote SDP\" 5 lines to 15:1 L m=audio 4000 "
	    "RTP/AVP 0 id=sofia/ext/11@h remote answer\n"
	    "fslog\n" },
	{ "two legs without UUID", GS_TEXT_AUTO,
	    D STATE_RECEIVED D
	    "sofia.c:1 Remote SDP:\n" SDP "\n" D
	    "x.c:1 (sofia/ext/11@h) State INIT\n" D
	    "x.c:2 Set Local audio crypto Key [" KEY "]\n" D
	    "x.c:2 sofia/ext/11@h sending invite version: 1\n"
	    "Local SDP:\n" SDP "\n" D
	    "sofia.c:5610 Channel sofia/ext/11@h entering state "
	    "[proceeding][183]\n" D "sofia.c:1 Remote SDP:\n" SDP "\n" D
	    "mod_sofia.c:2 Ring SDP:\n" SDP "a=y\n"
	    "\n",
	    "fslog 3:1 \"Remote SDP\" 5 lines to 7:1 L m=audio 4000 "
	    "RTP/AVP 0 id=sofia/int/10@h remote offer\n"
	    "key 10:42 local audio id=sofia/ext/11@h? [1 "
	    "AES_CM_128_HMAC_SHA1_32 inline:***]\n"
	    "fslog 13:1 \"Local SDP\" 5 lines to 17:1 L m=audio 4000 "
	    "RTP/AVP 0 id=sofia/ext/11@h local offer\n"
	    "fslog 21:1 \"Remote SDP\" 5 lines to 25:1 L m=audio 4000 "
	    "RTP/AVP 0 id=sofia/ext/11@h remote answer\n"
	    "fslog 28:1 \"Ring SDP\" 6 lines to 33:1 L a=y "
	    "id=sofia/int/10@h local answer\n"
	    "fslog\n" },
	{ "UUIDs, interleaved", GS_TEXT_AUTO,
	    U D "sofia.c:1 Remote SDP:\n" W D "sofia.c:1 Remote SDP:\n" U
		"v=0\r\n" W "v=0\n" U "o=- 1 1 IN IP4 192.0.2.1\r\n" W
		"o=- 1 1 IN IP4 192.0.2.1\n" U "s=-\r\n" W "s=-\n" U
		"t=0 0\r\n" W "t=0 0\n" U "m=audio 4000 RTP/AVP 0\r\n" W
		"m=audio 4000 RTP/AVP 0\n" W "\n" U D
		"sofia.c:2 nothing here\n",
	    "fslog 4:38 \"Remote SDP\" 5 lines to 12:38 L m=audio 4000 "
	    "RTP/AVP 0 id=77777777-7b0a-4f0e-9d0e-2b5a4b6f7c22 remote\n"
	    "fslog 3:38 \"Remote SDP\" 5 lines to 11:38 C m=audio 4000 "
	    "RTP/AVP 0 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 remote\n"
	    "fslog\n" },
	{ "lines of a call that is not known", GS_TEXT_AUTO,
	    U D "sofia.c:1 Remote SDP:\n" W "EXECUTE x\n" U "v=0\n" W
		"EXECUTE x\n" U "a=x\n" U "\n",
	    "fslog 3:38 \"Remote SDP\" 2 lines to 5:38 L a=x "
	    "id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 remote\n"
	    "fslog\n" },
	{ "UUID on the first line only", GS_TEXT_AUTO,
	    U D "x.c:1 sofia/int/10@h sending invite version: 1\n"
		"Local SDP:\n" SDP "\n"
		"a=no\n",
	    "fslog 3:1 \"Local SDP\" 5 lines to 7:1 L m=audio 4000 "
	    "RTP/AVP 0 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 local "
	    "offer\n"
	    "fslog\n" },
	{ "no UUID behind 100 pieces", GS_TEXT_AUTO,
	    U D "sofia.c:1 Remote SDP:\n" U "v=0\n" U
		"o=- 1 1 IN IP4 192.0.2.1\n" U "s=-\n" U "t=0 0\n" U
		"m=audio 4000 RTP/AVP 0\n"
		"a=ptime:20\n"
		"a=x\n"
		"\n" D "sofia.c:1 foo bar\n"
		"a=no\n",
	    "fslog 2:38 \"Remote SDP\" 7 lines to 8:1 L a=x "
	    "id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 remote\n"
	    "fslog\n" },
	{ "colours", GS_TEXT_AUTO,
	    "\033[m\033[33m" D "sofia.c:1 Remote SDP:\n" SDP "\n"
	    "\033[m\033[33m" U D "x.c:5 \033[31mSet Remote Key [" KEY "]\n"
	    "\033[m",
	    "fslog 2:1 \"Remote SDP\" 5 lines to 6:1 L m=audio 4000 "
	    "RTP/AVP 0 remote\n"
	    "key 8:87 remote  id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
	    "[1 AES_CM_128_HMAC_SHA1_32 inline:***]\n"
	    "fslog\n" },
	{ "nothing but colours", GS_TEXT_AUTO,
	    "\033[m\n"
	    "\033[33m\033[m\n"
	    "v=0\n",
	    "sdp 3:1 \"SDP\" 1 lines to 3:1 L v=0\n"
	    "sdp\n" },
	{ "syslog", GS_TEXT_AUTO,
	    "May 12 13:57:21 pbx freeswitch[12]: " U D
	    "sofia.c:1 Remote SDP:#012v=0#015#012o=- 1 1 IN IP4 "
	    "192.0.2.1#015#012s=-#015#012t=0 0#015#012m=audio 4000 "
	    "RTP/AVP 0#015#012#012\n"
	    "May 12 13:57:21 pbx freeswitch[12]: " U D
	    "x.c:5 Set Remote Key [" KEY "]\n",
	    "fslog 1:134 \"Remote SDP\" 5 lines to 1:201 C m=audio "
	    "4000 RTP/AVP 0 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
	    "remote\n"
	    "key 2:115 remote  id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
	    "[1 AES_CM_128_HMAC_SHA1_32 inline:***]\n"
	    "fslog\n" },
	{ "functions", GS_TEXT_AUTO,
	    D "sofia.c:5696 sofia_handle() Remote SDP:\n" SDP "\n",
	    "fslog 2:1 \"Remote SDP\" 5 lines to 6:1 L m=audio 4000 "
	    "RTP/AVP 0 remote\n"
	    "fslog\n" },
	{ "a patched SDP", GS_TEXT_AUTO,
	    D "x.c:1 sofia/int/10@h Patched SDP\n"
	      "---\n" SDP "\n"
	      "+++\n" SDP "a=x\n"
	      "\n" D "x.c:2 foo bar\n" D
	      "x.c:1 sofia/int/10@h image media sdp:\n" SDP "\n" D
	      "x.c:1 sofia/int/10@h SDP has no audio in it.\n" SDP "\n",
	    "fslog 3:1 \"SDP before patching\" 5 lines to 7:1 L "
	    "m=audio 4000 RTP/AVP 0 id=sofia/int/10@h\n"
	    "fslog 10:1 \"Patched SDP\" 6 lines to 15:1 L a=x "
	    "id=sofia/int/10@h\n"
	    "fslog 19:1 \"image media SDP\" 5 lines to 23:1 L m=audio "
	    "4000 RTP/AVP 0 id=sofia/int/10@h local offer\n"
	    "fslog 26:1 \"SDP without audio\" 5 lines to 30:1 L "
	    "m=audio 4000 RTP/AVP 0 id=sofia/int/10@h local offer repeated\n"
	    "fslog\n" },
	{ "an SDP that is known", GS_TEXT_AUTO,
	    U D STATE_RECEIVED U D
	    "s.c:1 Remote SDP:\n" U "v=0\n" U "o=- 1 1 IN IP4 192.0.2.1\n" U
	    "s=-\n" U "t=0 0\n" U "m=audio 4000 RTP/AVP 0\n" U "\n" U
	    "2013-05-12 13:57:21.271236 [WARNING] s.c:1 CODEC "
	    "NEGOTIATION ERROR.  SDP:\n" U "v=0\n" U
	    "o=- 1 1 IN IP4 192.0.2.1\n" U "s=-\n" U "t=0 0\n" U
	    "m=audio 4000 RTP/AVP 0\n" U "\n",
	    "fslog 3:38 \"Remote SDP\" 5 lines to 7:38 L m=audio 4000 "
	    "RTP/AVP 0 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 remote "
	    "offer\n"
	    "event 10 9:81 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 []\n"
	    "fslog 10:38 \"CODEC NEGOTIATION ERROR SDP\" 5 lines to "
	    "14:38 L m=audio 4000 RTP/AVP 0 "
	    "id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 remote offer "
	    "repeated\n"
	    "fslog\n" },
	{ "no state line", GS_TEXT_AUTO,
	    U D
	    "s.c:1 Remote SDP:\n" U "v=0\n" U "o=- 1 1 IN IP4 192.0.2.1\n" U
	    "s=-\n" U "t=0 0\n" U "m=audio 4000 RTP/AVP 0\n" U "\n" U D
	    "mod_sofia.c:864 Local SDP sofia/int/10@h:\n" U "v=0\n" U
	    "o=- 1 1 IN IP4 192.0.2.1\n" U "s=-\n" U "t=0 0\n" U
	    "m=audio 4000 RTP/AVP 0\n" U "a=x\n" U "\n" U D
	    "s.c:1 Hangup sofia/int/10@h [CS_EXECUTE] [NORMAL_CLEARING]\n" U D
	    "mod_sofia.c:864 Local SDP sofia/int/10@h:\n" U "v=0\n" U
	    "o=- 1 1 IN IP4 192.0.2.1\n" U "s=-\n" U "t=0 0\n" U
	    "m=audio 4000 RTP/AVP 0\n" U "\n",
	    "fslog 2:38 \"Remote SDP\" 5 lines to 6:38 L m=audio 4000 "
	    "RTP/AVP 0 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 remote\n"
	    "fslog 9:38 \"Local SDP\" 6 lines to 14:38 L a=x "
	    "id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 local answer\n"
	    "event 12 16:79 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
	    "[NORMAL_CLEARING]\n"
	    "fslog 18:38 \"Local SDP\" 5 lines to 22:38 L m=audio 4000 "
	    "RTP/AVP 0 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 local\n"
	    "fslog\n" },
	{ "FreeSWITCH 1.2 calls out", GS_TEXT_AUTO,
	    D STATE_RECEIVED D "s.c:1 Remote SDP:\n" SDP "\n" D
			       "x.c:1 (sofia/ext/11@h) State INIT\n" D
			       "sofia_glue.c:2674 Local SDP:\n" SDP "\n",
	    "fslog 3:1 \"Remote SDP\" 5 lines to 7:1 L m=audio 4000 "
	    "RTP/AVP 0 id=sofia/int/10@h remote offer\n"
	    "fslog 11:1 \"Local SDP\" 5 lines to 15:1 L m=audio 4000 "
	    "RTP/AVP 0 id=sofia/ext/11@h local offer\n"
	    "fslog\n" },
	{ "an excerpt that begins with an offer", GS_TEXT_AUTO,
	    D "sofia_glue.c:2674 Local SDP:\n" SDP "\n" D
	      "sofia.c:5610 Channel sofia/ext/11@h entering state "
	      "[completing][200]\n" D "s.c:1 Remote SDP:\n" SDP "\n",
	    "fslog 2:1 \"Local SDP\" 5 lines to 6:1 L m=audio 4000 "
	    "RTP/AVP 0 local offer\n"
	    "fslog 10:1 \"Remote SDP\" 5 lines to 14:1 L m=audio 4000 "
	    "RTP/AVP 0 remote answer\n"
	    "fslog\n" },
	{ "events and keys", GS_TEXT_AUTO,
	    U D "x.c:1 a=crypto in RTP/AVP, refer to rfc3711\n" U D
		"x.c:2 Crypto Setup Failed!.\n" U D
		"x.c:3 Error! SRTP: Invalid keysalt in 1 x\n" U D
		"x.c:4 Error! Parsing near x\n" U D
		"x.c:5 Parse Error near [x]\n" U D
		"x.c:6 Crypto invalid: MKI sizes differ in x\n" U D
		"x.c:7 Bad MKI found in x\n" U D
		"x.c:8 Crypto not negotiated but required.\n" U D
		"x.c:9 Received invite with SAVP but secure media is "
		"administratively disabled\n" U D
		"x.c:10 Unsupported Crypto [AES_X]\n" U D
		"x.c:11 INVALID SUITE SUPPLIED\n" U D
		"x.c:12 INVALID VALUE FOR rtp_secure_media defaulting to "
		"'forbidden'\n" U D
		"x.c:13 SRTP audio unprotect failed with code 7 (auth) 172 "
		"bytes 1 errors\n" U D
		"x.c:14 Activating audio Secure RTP RECV\n" U D
		"x.c:15 Activating Timer\n" U D
		"x.c:16 Hangup sofia/int/10@h [CS_EXECUTE] "
		"[NORMAL_CLEARING]\n" U D
		"x.c:17 looking for crypto suite [A] in [x]\n" U D
		"x.c:18 Change Remote key to [1 x]\n" U D
		"x.c:19 Set Local Key [1 x\n" U D "x.c:20 Set 2833 dtmf\n" U D
		"x.c:21 Set Remote video crypto Key [2 y]\n",
	    "event 0 1:79 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 []\n"
	    "event 1 2:79 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 []\n"
	    "event 2 3:79 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
	    "[Invalid keysalt in 1 x]\n"
	    "event 2 5:79 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 [[x]]\n"
	    "event 3 6:79 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 [MKI "
	    "sizes differ in x]\n"
	    "event 3 7:79 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 [x]\n"
	    "event 4 8:79 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 []\n"
	    "event 5 9:79 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 []\n"
	    "event 6 10:80 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
	    "[AES_X]\n"
	    "event 7 11:80 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 []\n"
	    "event 8 12:80 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
	    "[rtp_secure_media]\n"
	    "event 9 13:80 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 [7]\n"
	    "event 11 14:80 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
	    "[audio Secure RTP RECV]\n"
	    "event 12 16:80 id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
	    "[NORMAL_CLEARING]\n"
	    "key 18:80 remote changed  "
	    "id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 [1 x]\n"
	    "key 19:80 local  id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 "
	    "[1 x]\n"
	    "key 21:80 remote video "
	    "id=6b1f0c9e-7b0a-4f0e-9d0e-2b5a4b6f7c11 [2 y]\n"
	    "fslog\n" },
	{ "cut in a block", GS_TEXT_AUTO,
	    D "sofia.c:1 Remote SDP:\n"
	      "v=0\n"
	      "o=- 1 1 IN IP4 x\n"
	      "s=",
	    "fslog 2:1 \"Remote SDP\" 3 lines to 4:1 N s= remote "
	    "truncated\n"
	    "fslog\n" },
	{ "a SIP request", GS_TEXT_AUTO,
	    INVITE VIA PEERS TYPE "Content-Length: 67\r\n"
				  "\r\n" CRSDP,
	    "sip 10:1 \"INVITE\" 5 lines to 14:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer TLS at 2:14\n"
	    "sip\n" },
	{ "a SIP response", GS_TEXT_AUTO,
	    "SIP/2.0 200 OK\r\n"
	    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9\r\n"
	    "From: <sip:a@192.0.2.1>;tag=f1\r\n"
	    "To: \"B; tag=no\" <sip:b@192.0.2.2>;tag=t1\r\n"
	    "Call-ID: c1\r\n"
	    "CSeq: 7 INVITE\r\n" TYPE "Content-Length: 67\r\n"
	    "\r\n" CRSDP,
	    "sip 10:1 \"200 OK\" 5 lines to 14:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1,t1 7 INVITE 200 UDP at 2:14\n"
	    "sip\n" },
	{ "compact, folded, in any case", GS_TEXT_AUTO,
	    "INVITE sip:b@h SIP/2.0\r\n"
	    "v: SIP / 2.0 / WSS h\r\n"
	    "F: <sip:a@h>\r\n"
	    " ;tag=f\r\n"
	    "cseq: 3\r\n"
	    "\tINVITE\r\n"
	    "i:\r\n"
	    " c2\r\n"
	    "c: application/SDP;charset=x\r\n"
	    "l: 67\r\n"
	    "\r\n" CRSDP,
	    "sip 12:1 \"INVITE\" 5 lines to 16:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c2 tags=f, 3 INVITE 0 offer WSS at 2:16\n"
	    "sip\n" },
	{ "without Content-Length", GS_TEXT_AUTO,
	    INVITE VIA PEERS TYPE
	    "\r\n" CRSDP "\r\n"
	    "\r\n" INVITE "Via: SIP/2.0/TCP 192.0.2.1;branch=z9\r\n" PEERS TYPE
	    "\r\n" CRSDP,
	    "sip 9:1 \"INVITE\" 5 lines to 13:1 C m=audio 4000 RTP/AVP "
	    "0 id=c1 tags=f1, 7 INVITE 0 offer TLS at 2:14\n"
	    "sip 24:1 \"INVITE\" 5 lines to 28:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer TCP at 17:14\n"
	    "sip\n" },
	{ "a short Content-Length", GS_TEXT_AUTO,
	    INVITE VIA PEERS TYPE "Content-Length: 20\r\n"
				  "\r\n" CRSDP "\r\n"
				  "ACK sip:b@h SIP/2.0\r\n" VIA PEERS TYPE
				  "Content-Length: 0\r\n"
				  "\r\n",
	    "sip 10:1 \"INVITE\" 5 lines to 14:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer TLS at 2:14\n"
	    "sip\n" },
	{ "a long Content-Length", GS_TEXT_AUTO,
	    INVITE VIA PEERS TYPE "Content-Length: 4000\r\n"
				  "\r\n" CRSDP
				  "UPDATE sip:b@h SIP/2.0\r\n" VIA PEERS TYPE
				  "Content-Length: 67\r\n"
				  "\r\n" CRSDP,
	    "sip 10:1 \"INVITE\" 5 lines to 14:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer TLS at 2:14\n"
	    "sip 24:1 \"UPDATE\" 5 lines to 28:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer TLS at 16:14\n"
	    "sip\n" },
	{ "a Content-Length of LF text", GS_TEXT_AUTO,
	    "INVITE sip:b@192.0.2.2 SIP/2.0\n"
	    "Via: SIP/2.0/TLS 192.0.2.1;branch=z9\n"
	    "From: <sip:a@192.0.2.1>;tag=f1\n"
	    "To: \"B; tag=no\" <sip:b@192.0.2.2>\n"
	    "Call-ID: c1\n"
	    "CSeq: 7 INVITE\n"
	    "Content-Type: application/sdp\n"
	    "Content-Length: 67\n"
	    "\n" SDP,
	    "sip 10:1 \"INVITE\" 5 lines to 14:1 L m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer TLS at 2:14\n"
	    "sip\n" },
	{ "a wrong line in the body", GS_TEXT_AUTO,
	    INVITE VIA PEERS TYPE "Content-Length: 84\r\n"
				  "\r\n" CRSDP "a crypto\r\n"
				  "\r\n"
				  "a=x\r\n",
	    "sip 10:1 \"INVITE\" 8 lines to 17:1 C a=x id=c1 tags=f1, "
	    "7 INVITE 0 offer TLS at 2:14\n"
	    "sip\n" },
	{ "a body that is no SDP", GS_TEXT_AUTO,
	    INVITE VIA PEERS "Content-Type: application/pidf+xml\r\n"
			     "Content-Length: 13\r\n"
			     "\r\n"
			     "<xml/>\r\n"
			     "v=1\r\n",
	    "sip\n" },
	{ "multipart", GS_TEXT_AUTO,
	    INVITE VIA PEERS "Content-Type: multipart/mixed;boundary=\"b1\"\r\n"
			     "Content-Length: 170\r\n"
			     "\r\n"
			     "--b1\r\n"
			     "Content-Type: text/plain\r\n"
			     "\r\n"
			     "v=0\r\n"
			     "--b1\r\n"
			     "Content-ID: x\r\n" TYPE "\r\n" CRSDP "\r\n"
			     "--b1--\r\n",
	    "sip 18:1 \"INVITE\" 5 lines to 22:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer TLS at 2:14\n"
	    "sip\n" },
	{ "multipart, boundary bare, missing, and nested", GS_TEXT_AUTO,
	    INVITE VIA PEERS
	    "c: multipart/mixed; boundary=b1\r\n"
	    "Content-Length: 170\r\n"
	    "\r\n"
	    "--b1\r\n"
	    "Content-Type: text/plain\r\n"
	    "\r\n"
	    "v=0\r\n"
	    "--b1\r\n"
	    "Content-ID: x\r\n" TYPE "\r\n" CRSDP "\r\n"
	    "--b1--\r\n" INVITE VIA PEERS "c: multipart/mixed\r\n"
	    "Content-Length: 170\r\n"
	    "\r\n"
	    "--b1\r\n"
	    "Content-Type: text/plain\r\n"
	    "\r\n"
	    "v=0\r\n"
	    "--b1\r\n"
	    "Content-ID: x\r\n" TYPE "\r\n" CRSDP "\r\n"
	    "--b1--\r\n" INVITE VIA PEERS "c: multipart/mixed; boundary=o\r\n"
	    "Content-Length: 234\r\n"
	    "\r\n"
	    "--o\r\n"
	    "Content-Type: multipart/alternative; boundary=b1\r\n"
	    "\r\n"
	    "--b1\r\n"
	    "Content-Type: text/plain\r\n"
	    "\r\n"
	    "v=0\r\n"
	    "--b1\r\n"
	    "Content-ID: x\r\n" TYPE "\r\n" CRSDP "\r\n"
	    "--b1--\r\n"
	    "--o--\r\n",
	    "sip 18:1 \"INVITE\" 5 lines to 22:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer TLS at 2:14\n"
	    "sip 42:1 \"INVITE\" 5 lines to 46:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer TLS at 26:14\n"
	    "sip 69:1 \"INVITE\" 5 lines to 73:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer TLS at 50:14\n"
	    "sip\n" },
	{ "sofia's trace", GS_TEXT_AUTO,
	    "recv 512 bytes from tls/[192.0.2.1]:5060 at "
	    "12:00:00.123456:\n"
	    "   " DASHES "\n"
	    "   INVITE sip:b@192.0.2.2 SIP/2.0\n"
	    "   From: <sip:a@192.0.2.1>;tag=f1\n"
	    "   To: \"B; tag=no\" <sip:b@192.0.2.2>\n"
	    "   Call-ID: c1\n"
	    "   CSeq: 7 INVITE\n"
	    "   Content-Type: application/sdp\n"
	    "   Content-Length: 67\n"
	    "   \n"
	    "   v=0\n"
	    "   o=- 1 1 IN IP4 192.0.2.1\n"
	    "   s=-\n"
	    "   t=0 0\n"
	    "   m=audio 4000 RTP/AVP 0\n"
	    "   " DASHES "\n",
	    "sip 11:4 \"INVITE\" 5 lines to 15:4 L m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 remote offer TLS at "
	    "1:21\n"
	    "sip\n" },
	{ "sofia's trace in a log", GS_TEXT_AUTO,
	    D "x.c:1 foo bar\n"
	      "send 512 bytes to tls/[192.0.2.1]:5060 at 12:00:00.123456:\n"
	      "   " DASHES "\n"
	      "   INVITE sip:b@192.0.2.2 SIP/2.0\n"
	      "   From: <sip:a@192.0.2.1>;tag=f1\n"
	      "   To: \"B; tag=no\" <sip:b@192.0.2.2>\n"
	      "   Call-ID: c1\n"
	      "   CSeq: 7 INVITE\n"
	      "   Content-Type: application/sdp\n"
	      "   Content-Length: 67\n"
	      "   \n"
	      "   v=0\n"
	      "   o=- 1 1 IN IP4 192.0.2.1\n"
	      "   s=-\n"
	      "   t=0 0\n"
	      "   *** message truncated at 10 ***\n"
	      "   m=audio 4000 RTP/AVP 0\n"
	      "   " DASHES "\n" D "sofia.c:1 Remote SDP:\n" SDP "\n",
	    "sip 12:4 \"INVITE\" 4 lines to 15:4 L t=0 0 id=c1 "
	    "tags=f1, 7 INVITE 0 local offer truncated TLS at 2:19\n"
	    "fslog 20:1 \"Remote SDP\" 5 lines to 24:1 L m=audio 4000 "
	    "RTP/AVP 0 remote\n"
	    "fslog\n" },
	{ "ngrep", GS_TEXT_AUTO,
	    "U 2013/05/12 13:57:21.2 192.0.2.1:5060 -> 192.0.2.2:5060\n"
	    "INVITE sip:b@192.0.2.2 SIP/2.0.\n"
	    "From: <sip:a@192.0.2.1>;tag=f1.\n"
	    "To: \"B; tag=no\" <sip:b@192.0.2.2>.\n"
	    "Call-ID: c1.\n"
	    "CSeq: 7 INVITE.\n"
	    "Content-Type: application/sdp.\n"
	    "Content-Length: 67.\n"
	    ".\n"
	    "v=0.\n"
	    "o=- 1 1 IN IP4 192.0.2.1.\n"
	    "s=-.\n"
	    "t=0 0.\n"
	    "m=audio 4000 RTP/AVP 0.\n",
	    "sip 10:1 \"INVITE\" 5 lines to 14:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer UDP at 1:1\n"
	    "sip\n" },
	{ "sngrep, Asterisk, tcpdump", GS_TEXT_AUTO,
	    "2013/05/12 13:57:21.2 192.0.2.1:5060 -> 192.0.2.2:5060\n" INVITE
		VIA PEERS TYPE "Content-Length: 67\r\n"
	    "\r\n" CRSDP "\r\n"
	    "<--- SIP read from UDP:192.0.2.1:5060 --->\n" INVITE
	    "Via: SIP/2.0 192.0.2.1;branch=z9\r\n" PEERS TYPE
	    "Content-Length: 67\r\n"
	    "\r\n" CRSDP "<------------->\n"
	    "13:57:21.1 IP 192.0.2.1.5060 > 192.0.2.2.5060: UDP, "
	    "length 9\n"
	    "E..@.6XINVITE sip:b@h SIP/2.0\n"
	    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9\r\n" PEERS TYPE
	    "Content-Length: 67\r\n"
	    "\r\n" CRSDP,
	    "sip 11:1 \"INVITE\" 5 lines to 15:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer TLS at 3:14\n"
	    "sip 27:1 \"INVITE\" 5 lines to 31:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer UDP at 17:20\n"
	    "sip 43:1 \"INVITE\" 5 lines to 47:1 C m=audio 4000 "
	    "RTP/AVP 0 id=c1 tags=f1, 7 INVITE 0 offer UDP at 35:14\n"
	    "sip\n" },
	{ "a message that ends too early", GS_TEXT_AUTO,
	    INVITE VIA PEERS TYPE "Content-Length: 67\r\n"
				  "\r\n"
				  "v=0\r\n"
				  "o=- 1 1 IN IP4 192.0.2.1\r\n"
				  "s=-\r\n"
				  "t=0 0\r\n"
				  "m=au",
	    "sip 10:1 \"INVITE\" 5 lines to 14:1 N m=au id=c1 tags=f1, "
	    "7 INVITE 0 offer truncated TLS at 2:14\n"
	    "sip\n" },
	{ "registrations", GS_TEXT_AUTO,
	    "\n"
	    "Registrations:\n" RULE "\n"
	    "Call-ID:    \tx1\n"
	    "User:       \t10@h\n"
	    "Contact:    \t\"A\" "
	    "<sip:10@192.0.2.1:5060;transport=tls;line=x>" AGENT
	    "Registered(TLS-NAT)(unknown)" REGTAIL "Call-ID:    \tx1\n"
	    "User:       \t11@h\n"
	    "Contact:    \t<sip:11@h;transport=udp>" AGENT
	    "Registered(UDP)(unknown)" REGTAIL "Call-ID:    \tx1\n"
	    "User:       \t12@h\n"
	    "Contact:    \t<sip:12@h;transport=ws>" AGENT
	    "Registered(UDP)(unknown)" REGTAIL "Call-ID:    \tx1\n"
	    "User:       \t13@h\n"
	    "Contact:    \t<sip:13@h;transport=TLS>" AGENT
	    "Registered(AUTO-NAT-2.0)(unknown)" REGTAIL "Call-ID:    \tx1\n"
	    "User:       \t14@h\n"
	    "Contact:    \t<sip:14@h>" AGENT "Registered(unknown)" REGTAIL
	    "Call-ID:    \tx1\n"
	    "User:       \t15@h\n"
	    "Contact:    \t<sips:15@h>" AGENT
	    "Registered(TLSHACK)(unknown)" REGTAIL
	    "Total items returned: 6\n" RULE "\n",
	    "reg 8:14 10@h \"A\" "
	    "<sip:10@192.0.2.1:5060;transport=tls;line=x> "
	    "snom870/8.7.5.35 Registered(TLS-NAT) TLS\n"
	    "reg 16:14 11@h <sip:11@h;transport=udp> snom870/8.7.5.35 "
	    "Registered(UDP) UDP\n"
	    "reg 24:14 12@h <sip:12@h;transport=ws> snom870/8.7.5.35 "
	    "Registered(UDP)\n"
	    "reg 32:14 13@h <sip:13@h;transport=TLS> snom870/8.7.5.35 "
	    "Registered(AUTO-NAT-2.0) TLS hidden\n"
	    "reg 40:14 14@h <sip:14@h> snom870/8.7.5.35 Registered "
	    "hidden\n"
	    "reg 48:14 15@h <sips:15@h> snom870/8.7.5.35 "
	    "Registered(TLSHACK) TLS\n"
	    "reg\n" },
	{ "no EXPSECS, behind the profile's table", GS_TEXT_AUTO,
	    "Name             \tinternal\n"
	    "Domain Name      \tN/A\n"
	    "URL              \tsip:mod_sofia@h\n"
	    "Registrations    \t1\n"
	    "\n"
	    "Registrations:\n"
	    "Call-ID:    \tx1\n"
	    "User:       \t10@h\n"
	    "Contact:    \t<sip:10@h>" AGENT
	    "Registered(TCP-NAT)(unknown) EXP(2013-05-17 18:26:20)\n"
	    "Host:       \tpbx\n"
	    "MWI-Account:\t10@h\n"
	    "\n",
	    "reg 11:14 10@h <sip:10@h> snom870/8.7.5.35 "
	    "Registered(TCP-NAT) TCP\n"
	    "reg\n" },
	{ "one registration", GS_TEXT_AUTO,
	    "User:       \t10@h\n"
	    "Contact:    \t<sip:10@h>" AGENT "Registered(TLS)(unknown)" REGTAIL,
	    "reg 4:14 10@h <sip:10@h> snom870/8.7.5.35 Registered(TLS) "
	    "TLS\n"
	    "reg\n" },
	{ "no registrations", GS_TEXT_AUTO,
	    "\n"
	    "Registrations:\n" RULE "\n"
	    "Total items returned: 0\n" RULE "\n",
	    "reg\n" },
	{ "no registrations in XML", GS_TEXT_AUTO,
	    "<?xml version=\"1.0\"?>\n"
	    "<profile>\n"
	    "  <registrations>\n"
	    "  </registrations>\n"
	    "</profile>\n",
	    "reg\n" },
	{ "registrations in XML", GS_TEXT_AUTO,
	    "<?xml version=\"1.0\"?>\n"
	    "<profile>\n"
	    "<registrations>\n"
	    "<registration>\n"
	    " <call-id>x</call-id>\n"
	    " <user>10@h</user>\n"
	    " <contact>&quot;A&amp;B&quot; "
	    "&lt;sip:10@h;transport=wss&gt;</contact>\n"
	    " <agent>x&#39;y</agent>\n"
	    " <status>Registered(WSS-NAT)(unknown) exp(2013-05-20 "
	    "12:07:35) expsecs(3541)</status>\n"
	    "</registration>\n"
	    "</registrations></profile>\n",
	    "reg 9:10 10@h \"A&B\" <sip:10@h;transport=wss> x'y "
	    "Registered(WSS-NAT) WSS\n"
	    "reg\n" },
};

#endif
