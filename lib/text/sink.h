/* SPDX-License-Identifier: MIT */
/* What the reader of textsrc.h finds in a text, and who receives it. */
#ifndef GSPROV_TEXT_SINK_H
#define GSPROV_TEXT_SINK_H

#include "sdp/check.h"
#include "sdp/sdp.h"

enum gs_text_type {
	GS_TEXT_AUTO,
	GS_TEXT_SDP, /* one or more SDPs, each of which begins with v= */
	GS_TEXT_SIP, /* SIP messages, also inside a trace of other lines */
	GS_TEXT_FSLOG, /* FreeSWITCH log, console or syslog */
	GS_TEXT_REG, /* sofia status profile P reg, text or XML */
};

/* "auto", "sdp", "sip", "fslog" or "reg". */
const char *gs_text_type_name(enum gs_text_type t);

enum gs_text_party {
	GS_PARTY_UNKNOWN,
	GS_PARTY_REMOTE, /* the phone: FreeSWITCH received it */
	GS_PARTY_LOCAL, /* FreeSWITCH sends it */
};

/* A time as the source writes it, with "-" between the numbers of a date:
 * "2026-11-27 22:46:25.782374", "22:46:25.7"; empty where it is not known. */
enum { GS_TEXT_WHEN = 27 };

/* An SDP, with what the text around it says. Strings are bytes as found, not
 * made visible, and empty if unknown. The role in SIP: INVITE and UPDATE carry
 * offers; a response, ACK or PRACK depends on the messages before it (RFC 3264,
 * RFC 6337), and its role is unknown. In a log, the state line before a Remote
 * SDP tells its role, and the kind of a Local SDP. */
struct gs_text_block {
	const struct gs_sdp_line *line;
	size_t lines;
	struct gs_pos pos; /* of its first line */
	enum gs_text_type type;
	const char *label; /* "Remote SDP", "INVITE", "200 OK", "SDP" … */
	char id[256]; /* channel UUID, channel name, or Call-ID */
	char from_tag[128]; /* SIP */
	char to_tag[128];
	uint32_t cseq;
	char method[32]; /* SIP: method of the CSeq */
	unsigned status; /* SIP: of a response; else 0 */
	uint64_t branch; /* SIP: hash of the branch of the top Via; 0: none */
	unsigned vias; /* SIP: number of Vias */
	enum gs_text_party party;
	enum gs_sdp_role role; /* as far as the source itself says, see above */
	bool repeated; /* the log prints this SDP of this id again */
	bool truncated; /* the file ended inside it, or a limit was hit */
	enum gs_sdp_transport transport;
	struct gs_pos signalling; /* where the transport is named */
	struct gs_pos broken; /* the rest of a line that was broken in two */
	char when[GS_TEXT_WHEN];
};

/* "Set Local/Remote Key": crypto is an a=crypto value, inside line. */
struct gs_text_log_key {
	struct gs_sdp_line line;
	struct gs_span crypto;
	enum gs_text_party party;
	bool changed; /* "Change Remote key to" */
	const char *id; /* as in gs_text_block */
	bool id_guessed; /* the line names no call: the id is from an earlier
			  * line */
	char media[16]; /* audio, video, text; empty in old logs */
};

/* FreeSWITCH's own messages about crypto. */
enum gs_text_log_event_kind {
	GS_LOG_CRYPTO_IN_AVP, /* a=crypto in RTP/AVP, refer to rfc3711 */
	GS_LOG_SETUP_FAILED, /* Crypto Setup Failed!. */
	GS_LOG_PARSE_ERROR, /* Error! SRTP: … / Parse Error near … */
	GS_LOG_MKI_ERROR, /* Crypto invalid: … MKI …, Bad MKI found in */
	GS_LOG_NOT_NEGOTIATED, /* Crypto not negotiated but required. */
	GS_LOG_SECURE_DISABLED, /* SAVP but … administratively disabled */
	GS_LOG_UNSUPPORTED, /* Unsupported Crypto [ ] */
	GS_LOG_SUITE_INVALID, /* INVALID SUITE SUPPLIED */
	GS_LOG_VALUE_INVALID, /* INVALID VALUE FOR … defaulting */
	GS_LOG_UNPROTECT, /* SRTP … unprotect failed with code N */
	GS_LOG_CODEC_ERROR, /* CODEC NEGOTIATION ERROR */
	GS_LOG_ACTIVATED, /* Activating … Secure RTP/audio RECV or SEND */
	GS_LOG_HANGUP, /* Hangup CHANNEL [STATE] [CAUSE], and later once more */
	GS_LOG_SRTP_OFF, /* RTP is sent in clear: Error! RE-Activating …
			  * SEND, SRTP protection failed */
	GS_LOG_SRTP_MISSING, /* SRTP NOT SUPPORTED IN THIS BUILD! */
	GS_LOG_SRTP_FAILED, /* … RECV, Error allocating srtp */
	GS_LOG_DTLS_FAILED, /* fingerprint, certificate, handshake */
	GS_LOG_REKEY_REFUSED, /* Ignoring unacceptable key */
	GS_LOG_NO_MEDIA, /* no c=, no SDP, a blank SDP */
	GS_LOG_REFUSED, /* entering state [terminated][N] or [ready][488],
			 * Responding to INVITE with: N */
	GS_LOG_ANSWERED, /* entering state [ready][200] */
	GS_LOG_UP, /* Channel [NAME] has been answered: media were agreed on */
	GS_LOG_CHANNEL, /* New Channel NAME [UUID] */
	GS_LOG_ROUTED, /* Processing NAME <NUMBER>->NUMBER in context … */
	GS_LOG_PEER, /* Originate Resulted in Success: [NAME] Peer UUID: … */
};

struct gs_text_log_event {
	enum gs_text_log_event_kind kind;
	struct gs_sdp_line line; /* the message of the log line */
	const char *id; /* as in gs_text_block */
	bool id_guessed; /* as in gs_text_log_key */
	struct gs_span detail; /* code, suite or cause, inside line; or empty */
	const char *when; /* of GS_TEXT_WHEN octets */
};

/* One registered phone. */
struct gs_text_registration {
	struct gs_pos status_pos; /* where the transport was read */
	struct gs_sdp_line line; /* the status line */
	char user[256];
	char contact[512];
	char agent[128];
	char status[64]; /* such as "Registered(TLS-NAT)" */
	enum gs_sdp_transport transport; /* from status and contact */
	bool hidden; /* AUTO-NAT …: the status does not tell */
};

/* A SIP message; reported before its SDP, if it has one. */
struct gs_text_message {
	struct gs_sdp_line line; /* the start line */
	char id[256]; /* Call-ID */
	char method[32]; /* of the CSeq */
	uint32_t cseq;
	unsigned status; /* of a response, else 0 */
	char from[256]; /* USER@HOST of From */
	char from_name[64]; /* and its display name */
	char to[256]; /* the same of To; in REGISTER, who registers */
	char to_name[64];
	char src[64]; /* ADDRESS:PORT that a trace or a capture names */
	char dst[64];
	enum gs_text_party party;
	char when[GS_TEXT_WHEN];
	enum gs_sdp_transport transport;
	struct gs_pos signalling; /* where the transport is named */
	bool body; /* its header announces what may be an SDP */
	bool late; /* it was passed on before; what follows it tells its
		    * transport */
};

/* Text that could not be read. */
enum gs_text_gap_kind {
	GS_GAP_LINE, /* no part of the reader took it, and it may be about a
		      * call */
	GS_GAP_TSHARK, /* the same, in the format of tshark -V */
	GS_GAP_BODY, /* a SIP message, without the SDP that it announces */
	GS_GAP_HEADER, /* an INVITE without the end of its header */
	GS_GAP_LONG, /* a line longer than GS_TEXT_LINE */
	GS_GAP_LISTING, /* fewer phones than the listing says */
	GS_GAP_PACKET, /* like LINE, a packet on a SIP port or with text of
		        * SIP */
	GS_GAP_FRAGMENT, /* SIP in the first fragment; the others are lost */
	GS_GAP_SEGMENT, /* lost segments of TCP with SIP */
	GS_GAP_SNAPLEN, /* SIP messages that were cut in the capture */
	GS_GAP_FRAME, /* frames that are not read, beside others */
	GS_GAP_CODED, /* base64, a dump or another code that may hide a
		       * GS_GAP_LINE */
	GS_GAP_PACKED, /* SIP messages in a form that is not read */
};

struct gs_text_gap {
	enum gs_text_gap_kind kind;
	struct gs_sdp_line line;
	char when[GS_TEXT_WHEN]; /* time of it, or of the text before it */
	char id[64]; /* the UUID before it, or empty */
	uint64_t told; /* LISTING, and SEGMENT to PACKED: how many */
};

/* Receives what was found, in the order in which it is complete: if the calls
 * of a log interleave, an SDP may come after one that began later. Pointers are
 * borrowed for the call. Any member may be NULL. */
struct gs_text_sink {
	void (*block)(void *arg, const struct gs_text_block *b);
	void (*key)(void *arg, const struct gs_text_log_key *k);
	void (*event)(void *arg, const struct gs_text_log_event *e);
	void (*registration)(void *arg, const struct gs_text_registration *r);
	void (*message)(void *arg, const struct gs_text_message *m);
	void (*gap)(void *arg, const struct gs_text_gap *g);
	/* Gets each line that is neither in a block nor a key; longer lines in
	 * pieces. If it is set, broken lines are not joined. */
	void (*rest)(void *arg, const struct gs_sdp_line *l);
	void *arg;
};

/* Limits (also in gs-sdpcheck(1)). A longer line is read up to the limit, and
 * its rest is skipped. So is the rest of a longer SDP. If too many SDPs are
 * open, the oldest is passed on as it is. Both are marked as truncated. Lines
 * end in LF or CRLF, and, if three or more CRs are between two LFs, in a CR
 * alone. */
enum {
	GS_TEXT_LINE = 4 * 1024 * 1024, /* bytes of one line */
	GS_TEXT_BLOCK = 256 * 1024, /* bytes of one SDP */
	GS_TEXT_BLOCK_LINES = 16 * 1024, /* lines of one SDP */
	GS_TEXT_OPEN = 64, /* SDPs that are open at a time */
	GS_TEXT_OPEN_BYTES = 1024 * 1024, /* memory of all open SDPs */
};

#endif
