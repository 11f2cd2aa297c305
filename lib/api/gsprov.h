/* SPDX-License-Identifier: MIT */
/* libgsprov's public interface: gsprov(3).
 *
 * Unless noted otherwise, functions that return int return 0 on success, or -1
 * with the reason in err; functions that return a pointer return NULL on
 * failure. err has room for GSPROV_ERROR_SIZE bytes, or is NULL. Out-parameters
 * are set only on success. Strings are UTF-8 that is safe to print, and belong
 * to the object that returned them. The library prints nothing, and no finding
 * or error contains a key. Only one thread may use an object at a time. */
#ifndef GSPROV_H
#define GSPROV_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

enum { GSPROV_ERROR_SIZE = 512 };

/* ---- version */

/* The version of the library, as "0.1.0". */
const char *gsprov_version(void);

/* ---- findings */

enum gsprov_severity { GSPROV_NOTE, GSPROV_WARNING, GSPROV_ERROR };

struct gsprov_findings;

/* Findings are numbered from 0, in the order of their places. For a number out
 * of range, these functions return NULL or 0. */
size_t gsprov_findings_count(const struct gsprov_findings *f);
const char *gsprov_finding_rule(const struct gsprov_findings *f, size_t i);
enum gsprov_severity gsprov_finding_severity(const struct gsprov_findings *f,
    size_t i);
const char *gsprov_finding_text(const struct gsprov_findings *f, size_t i);

/* Line and column, from 1; 0 if the finding has none. In captures, the line is
 * the frame number. */
uint64_t gsprov_finding_line(const struct gsprov_findings *f, size_t i);
uint32_t gsprov_finding_column(const struct gsprov_findings *f, size_t i);

/* The number of findings of this severity, including those beyond the 10,000
 * that are kept. */
uint64_t gsprov_findings_total(const struct gsprov_findings *f,
    enum gsprov_severity s);

/* f may be NULL. */
void gsprov_findings_free(struct gsprov_findings *f);

enum gsprov_rule_part {
	GSPROV_RULE_BRIEF, /* what is wrong, in one line */
	GSPROV_RULE_WHY,
	GSPROV_RULE_FIX,
	GSPROV_RULE_REFERENCE, /* RFC and section, or another source */
};

/* A part of the explanation of a rule; NULL if there is no such rule. */
const char *gsprov_rule(const char *rule, enum gsprov_rule_part part);

/* ---- is a call encrypted? (gs-sdpcheck(1)) */

enum gsprov_text {
	GSPROV_TEXT_AUTO, /* recognised by content */
	GSPROV_TEXT_SDP,
	GSPROV_TEXT_SIP,
	GSPROV_TEXT_FSLOG, /* a log of FreeSWITCH */
	GSPROV_TEXT_REG, /* a listing of registrations */
};

/* What to require, as with --require. Values can be combined with |. */
enum gsprov_require {
	GSPROV_REQUIRE_SRTP = 1, /* every active medium has SRTP keys */
	GSPROV_REQUIRE_SAVP = 2, /* and no keys in RTP/AVP */
	GSPROV_REQUIRE_TLS = 4, /* all SDP and registrations are in TLS */
};

/* Checks a text of n bytes. Fails without any SDP, SIP, log or listing. */
int gsprov_check_text(const void *text, size_t n, enum gsprov_text type,
    unsigned require, struct gsprov_findings **f, char *err);

/* The same for a file: a text, or a capture (pcap, pcapng). */
int gsprov_check_file(const char *path, enum gsprov_text type, unsigned require,
    struct gsprov_findings **f, char *err);

/* ---- keys */

/* SRTP master keys (RFC 4568) and TLS keys. Their memory is wiped when it is
 * freed, except for copies in libcrypto, see gsprov(3). */
struct gsprov_keys;

struct gsprov_keys *gsprov_keys_new(char *err);

/* k may be NULL. */
void gsprov_keys_free(struct gsprov_keys *k);

/* Adds the keys in the contents of a file: SDP, SIP, logs, lists or bare keys;
 * lines of a TLS key log; private RSA keys in PEM or DER. Each may be in gzip,
 * xz, UTF-16 or UTF-32. name is the file's name for gsprov_keys_where(). Text
 * that may be an SRTP key is added as well; opening a packet proves it. */
int gsprov_keys_read(struct gsprov_keys *k, const char *name, const void *text,
    size_t n, char *err);

/* Sets the pass phrase, of n octets, for private keys that are read later. */
int gsprov_keys_unlock(struct gsprov_keys *k, const void *pass, size_t n,
    char *err);

/* The number of TLS secrets, and of private keys. */
size_t gsprov_keys_secrets(const struct gsprov_keys *k);
size_t gsprov_keys_private(const struct gsprov_keys *k);

/* SRTP keys are numbered from 0. For a number out of range, the functions below
 * return NULL. */
size_t gsprov_keys_count(const struct gsprov_keys *k);

/* Eight hexadecimal digits of the SHA-256 of key and salt. */
const char *gsprov_keys_fingerprint(const struct gsprov_keys *k, size_t i);

/* The suite that was named with the key, or NULL. */
const char *gsprov_keys_suite(const struct gsprov_keys *k, size_t i);

/* Where the key was found, as "FILE:LINE", truncated to size bytes. Returns
 * text. */
const char *gsprov_keys_where(const struct gsprov_keys *k, size_t i, char *text,
    size_t size);

/* ---- one packet (RFC 3711, RFC 7714) */

struct gsprov_srtp;

/* A session with a master key and salt of n octets for a suite such as
 * "AES_CM_128_HMAC_SHA1_80"; they are copied. */
struct gsprov_srtp *gsprov_srtp_new(const char *suite, const uint8_t *key,
    size_t n, char *err);

/* The same with key i of k and its suite. If no suite was named with the key,
 * this is AES_CM_128_HMAC_SHA1_80, or a suite of matching length. */
struct gsprov_srtp *gsprov_srtp_of(const struct gsprov_keys *k, size_t i,
    char *err);

/* s may be NULL. */
void gsprov_srtp_free(struct gsprov_srtp *s);

enum gsprov_opened {
	GSPROV_OPENED,
	GSPROV_NOT_AUTHENTIC, /* wrong key or rollover counter, or damaged */
	GSPROV_NO_PACKET, /* not RTP or RTCP, or too short */
	GSPROV_TROUBLE, /* the crypto library failed */
};

/* Opens an SRTP packet of n octets at rollover counter roc (RFC 3711 section
 * 3.3.1) into plain, which has room for n octets and does not overlap packet,
 * and sets *plain_n. Use plain only after GSPROV_OPENED. */
enum gsprov_opened gsprov_srtp_unprotect(struct gsprov_srtp *s, uint32_t roc,
    const uint8_t *packet, size_t n, uint8_t *plain, size_t *plain_n);

/* The same for SRTCP, which carries its own index. */
enum gsprov_opened gsprov_srtp_unprotect_rtcp(struct gsprov_srtp *s,
    const uint8_t *packet, size_t n, uint8_t *plain, size_t *plain_n);

/* ---- the streams of a capture (gs-srtpdump(1)) */

struct gsprov_capture;

/* Called with each unencrypted RTP packet of a stream, captured ns nanoseconds
 * after 1970. rtp is valid during the call only. Returns 0, or another value to
 * stop reading. */
typedef int gsprov_packet(void *arg, uint32_t stream, uint64_t ns,
    const uint8_t *rtp, size_t n);

/* Checks the SIP in a pcap or pcapng file as gsprov_check_file() does, and also
 * SIP in TLS that the secrets in the file or in keys (or NULL) open. A
 * connection that could not be opened is a finding. */
int gsprov_check_capture(const char *path, const struct gsprov_keys *keys,
    unsigned require, struct gsprov_findings **f, char *err);

/* Reads a pcap or pcapng file to its end, with the keys from its SIP and DTLS
 * and those in keys (or NULL). Calls packet (or NULL) for each RTP packet that
 * could be opened or was never encrypted. */
struct gsprov_capture *gsprov_capture_read(const char *path,
    const struct gsprov_keys *keys, gsprov_packet *packet, void *arg,
    char *err);

/* c may be NULL. */
void gsprov_capture_free(struct gsprov_capture *c);

enum gsprov_verdict {
	GSPROV_DECRYPTED, /* every packet was opened */
	GSPROV_PARTLY,
	GSPROV_NO_KEY, /* no key opens it */
	GSPROV_PLAIN, /* it was never encrypted */
	GSPROV_STOPPED, /* the search for its key reached a limit */
};

/* Streams are numbered from 1, as in gs-srtpdump's table. For a number out of
 * range, these functions return NULL, 0 or GSPROV_NO_KEY. */
uint32_t gsprov_capture_streams(const struct gsprov_capture *c);
enum gsprov_verdict gsprov_stream_verdict(const struct gsprov_capture *c,
    uint32_t stream);

/* "ADDRESS:PORT" of sender and receiver. */
const char *gsprov_stream_source(const struct gsprov_capture *c,
    uint32_t stream);
const char *gsprov_stream_destination(const struct gsprov_capture *c,
    uint32_t stream);
uint32_t gsprov_stream_ssrc(const struct gsprov_capture *c, uint32_t stream);

/* The fingerprint of the key that opened the stream last, or NULL. */
const char *gsprov_stream_fingerprint(const struct gsprov_capture *c,
    uint32_t stream);

/* The number of RTP packets: captured, opened, and lost. */
uint64_t gsprov_stream_packets(const struct gsprov_capture *c, uint32_t stream);
uint64_t gsprov_stream_opened(const struct gsprov_capture *c, uint32_t stream);
uint64_t gsprov_stream_lost(const struct gsprov_capture *c, uint32_t stream);

/* ---- settings of Snom phones (gs-snomcfg(1)) */

/* params is text as in the file of -p: lines of "name = value". */

/* Checks the n bytes of a settings file. */
int gsprov_settings_check(const void *xml, size_t n, struct gsprov_findings **f,
    char *err);

/* A file that a function returned: n bytes, followed by a zero octet. */
struct gsprov_bytes {
	char *p;
	size_t n;
};

/* Switches a settings file to TLS and SRTP. The findings are the changes, with
 * their places in xml. gsprov_settings_check() reports what is still wrong with
 * out. */
int gsprov_settings_harden(const char *params, const void *xml, size_t n,
    struct gsprov_bytes *out, struct gsprov_findings **f, char *err);

/* Renders the settings of the phone with this MAC address from the rows in the
 * file accounts, as gs-snomcfg --phone does. If the phone's data cannot be
 * rendered, the findings have severity error and the file is empty. */
int gsprov_settings_render(const char *params, const char *accounts,
    const char *mac, struct gsprov_bytes *out, struct gsprov_findings **f,
    char *err);

/* Wipes and frees a file that one of these functions returned. */
void gsprov_bytes_free(struct gsprov_bytes *b);

/* ---- a set of certificates (gs-certgen(1)) */

/* Which set is judged, and when. */
struct gsprov_certs {
	const char *root; /* put before all paths, or NULL */
	const char *freeswitch; /* its folder; NULL: gs-certgen's default */
	int64_t now; /* seconds since 1970 */
	unsigned warn_days; /* warn this many days before expiry */
};

/* Judges the set in service: the files in FreeSWITCH's folder and its links.
 * Sets *days to the days left, or INT64_MAX if there is no certificate. Changes
 * nothing, and waits for a run of gs-certgen to finish. */
int gsprov_certs_check(const struct gsprov_certs *c, int64_t *days,
    struct gsprov_findings **f, char *err);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
