/* SPDX-License-Identifier: MIT */
/* loggen MB [uuid]: a FreeSWITCH debug log of so many megabytes: an SDP with
 * SRTP and its keys, then sixty lines of ordinary log, again and again. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEGA = 1000000, ORDINARY = 60, CAP = 1 << 16 };

static const char *const ordinary[] = {
	"[DEBUG] switch_core_state_machine.c:362 (%s) Running State Change "
	"CS_EXECUTE",
	"[DEBUG] switch_core_state_machine.c:431 (%s) State EXECUTE going to "
	"sleep",
	"[DEBUG] switch_channel.c:2770 (%s) Callstate Change RINGING -> "
	"ACTIVE",
	"[DEBUG] switch_core_session.c:918 Send signal %s [BREAK]",
	"[DEBUG] sofia.c:5610 Channel %s entering state [completed][200]",
	"[DEBUG] sofia_glue.c:4813 Audio Codec Compare [G722:9:8000:20:64000]/"
	"[PCMA:8:8000:20:64000]",
	"[DEBUG] mod_dptools.c:1344 %s SET [call_timeout]=[60] in the "
	"dialplan",
	"[INFO] mod_dialplan_xml.c:485 Processing Alice <1000>->1001 in "
	"context default",
	"[DEBUG] switch_rtp.c:1520 Setting audio receive buffer of the "
	"session to 20ms, 160 samples",
	"[NOTICE] switch_ivr_originate.c:3415 Channel [%s] has been answered",
	"[DEBUG] switch_core_io.c:1011 Engaging Write Buffer at 320 bytes to "
	"accommodate 160->320",
	"[DEBUG] sofia_glue.c:3010 Set 2833 dtmf send payload to 101 and recv "
	"payload to 101",
};

static const char block[] =
    "v=0\no=root %" PRIu64 " 1523613626 IN IP4 192.0.2.69\ns=call\n"
    "c=IN IP4 192.0.2.69\nt=0 0\n"
    "m=audio 53028 RTP/SAVP 9 0 8 3 99 108 18 101\n"
    "a=rtpmap:9 G722/8000\na=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\n"
    "a=rtpmap:3 GSM/8000\na=rtpmap:99 G726-32/8000\n"
    "a=rtpmap:108 AAL2-G726-32/8000\na=rtpmap:18 G729/8000\n"
    "a=fmtp:18 annexb=no\na=rtpmap:101 telephone-event/8000\n"
    "a=fmtp:101 0-15\n"
    "a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:***\na=ptime:20\n\n";

static const char key[] = "Key [1 AES_CM_128_HMAC_SHA1_32 inline:***]\n";

/* Where the text of one round is put together. */
struct out {
	char text[CAP];
	size_t n;
	int uuid;
	uint64_t round;
};

static void
put(struct out *o, const char *s)
{
	size_t n = strlen(s);

	if (n > sizeof(o->text) - o->n)
		exit(2);
	memcpy(o->text + o->n, s, n);
	o->n += n;
}

static void
prefix(struct out *o, int dated)
{
	char s[128];

	if (o->uuid) {
		(void)snprintf(s, sizeof(s),
		    "6b1f0c9e-7b0a-4f0e-9d0e-%012" PRIx64 " ", o->round);
		put(o, s);
	}
	if (!dated)
		return;
	(void)snprintf(s, sizeof(s), "2013-05-12 13:%02u:%02u.%06u ",
	    (unsigned)(o->round / 60 % 60), (unsigned)(o->round % 60),
	    (unsigned)(o->round * 7919 % MEGA));
	put(o, s);
}

static void
sdp(struct out *o)
{
	char s[sizeof(block) + 32];

	(void)snprintf(s, sizeof(s), block, o->round);
	for (char *p = s; *p != '\0';) {
		char *nl = strchr(p, '\n');
		*nl = '\0';
		prefix(o, 0);
		put(o, p);
		put(o, "\n");
		p = nl + 1;
	}
}

static void
once(struct out *o)
{
	char channel[64], s[512];

	o->n = 0;
	(void)snprintf(channel, sizeof(channel),
	    "sofia/internal/1%03u@192.0.2.69", (unsigned)(o->round % 1000));
	prefix(o, 1);
	put(o, "[DEBUG] sofia.c:5696 Remote SDP:\n");
	sdp(o);
	prefix(o, 1);
	put(o, "[DEBUG] sofia_glue.c:5017 Set Remote ");
	put(o, key);
	prefix(o, 1);
	put(o, "[DEBUG] sofia_glue.c:3182 Set Local ");
	put(o, key);
	for (unsigned i = 0; i < ORDINARY; i++) {
		const char *f =
		    ordinary[i % (sizeof(ordinary) / sizeof(ordinary[0]))];
		const char *at = strstr(f, "%s");
		prefix(o, 1);
		(void)snprintf(s, sizeof(s), "%.*s%s%s\n",
		    at != NULL ? (int)(at - f) : (int)strlen(f), f,
		    at != NULL ? channel : "", at != NULL ? at + 2 : "");
		put(o, s);
	}
}

int
main(int argc, char **argv)
{
	static struct out o;
	char *end = NULL;

	if (argc < 2 || argc > 3 ||
	    (argc == 3 && strcmp(argv[2], "uuid") != 0)) {
		(void)fputs("usage: loggen MB [uuid] > file\n", stderr);
		return 2;
	}
	unsigned long long mb = strtoull(argv[1], &end, 10);
	if (end == argv[1] || *end != '\0' || mb > MEGA) {
		(void)fputs("loggen: MB is a number\n", stderr);
		return 2;
	}
	o.uuid = argc == 3;
	for (uint64_t n = 0; n < mb * MEGA; n += o.n, o.round++) {
		once(&o);
		if (fwrite(o.text, 1, o.n, stdout) != o.n)
			return 2;
	}
	return fflush(stdout) == 0 ? 0 : 2;
}
