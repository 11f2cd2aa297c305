/* SPDX-License-Identifier: MIT */
/* Finds possible master keys in any text: base64 and hexadecimal of the right
 * lengths. Packets show which of them are keys. */
#ifndef GSPROV_TEXT_HARVEST_H
#define GSPROV_TEXT_HARVEST_H

#include "base/buf.h"

struct gs_sdp_suite;

enum { GS_TEXT_KEY = 128 }; /* octets; at most two keys and two salts */

/* A master key and its salt, with the length that some suite requires. */
struct gs_text_key {
	const uint8_t *keysalt; /* n octets */
	size_t n;
	const struct gs_sdp_suite *suite; /* named before it; NULL: none, or it
					   * does not fit */
	uint64_t line;
	bool sure; /* its suite is named on its line, or nothing else is on the
		    * line */
	bool hinted; /* its line mentions keys */
};

typedef void gs_text_key_sink(void *arg, const struct gs_text_key *key);

struct gs_text_harvest;

/* Returns NULL if out of memory. */
struct gs_text_harvest *gs_text_harvest_new(gs_text_key_sink *sink,
    void *arg) GS_MUST;

/* Wipes and frees; h may be NULL. */
void gs_text_harvest_free(struct gs_text_harvest *h);

/* Takes the next line of the text, without its end. Found are, as they are and
 * under the escapes of gs_text_unescape(): base64, padded or not, also with -
 * and _, also wrapped to several lines or in words of equal length; hexadecimal
 * in one piece, in groups with the same text between all of them, and in dumps
 * of hexdump, xxd, od, gdb and tcpdump -X, also in words of other bases; arrays
 * and strings of octets, see gs_text_literals(); and octets with an index,
 * key[0] = 0xf1. These may be key and salt together; a key and a salt close to
 * each other; or the octets of the exporter of RFC 5764 section 4.2: two keys,
 * two salts. Text in base64, such as an SDP, is searched in the same way.
 * Certificates and private keys in PEM are skipped. */
void gs_text_harvest_line(struct gs_text_harvest *h, struct gs_span line,
    uint64_t number);

/* Ends the text: passes on what is open, and drops the rest. */
void gs_text_harvest_end(struct gs_text_harvest *h);

/* Decodes a key that stands alone: hexadecimal of the length that some suite
 * requires, or else base64 of either alphabet. Returns the number of octets; 0:
 * it is neither. */
size_t gs_text_key_decode(struct gs_span s, uint8_t out[GS_TEXT_KEY]);

/* Reads the escape of C, Python or JSON at the beginning of s: \n, \/, \x3d,
 * \u003d. *c is its octet. Returns its length. */
size_t gs_text_backslash(struct gs_span s, char *c);

/* Whether s is a string of octets: one of its escapes, \xcd or \315, stands for
 * an octet that no text has, or two of them, \u0000 and \u009f, for control
 * characters. */
bool gs_text_is_octets(struct gs_span s);

/* The offset of the first escape of gs_text_unescape() in s, or s.n. */
size_t gs_text_escape(struct gs_span s);

/* Writes s to out, which has room for s.n octets, without the escapes of URLs
 * (%3D), XML (&apos; &#61; &#x3d;), JSON and C (\/ \n \u003d), syslog (#012)
 * and quoted-printable (=3D, for the characters of keys). Returns the number of
 * octets. out may be s itself. */
size_t gs_text_unescape(struct gs_span s, char *out);

/* Reads the octet at the beginning of s, which is not empty. Returns its
 * length: more than 1 for an escape. */
size_t gs_text_escape_at(struct gs_span s, char *c);

/* The same as gs_text_unescape() into b, up to b->max; the "+" of forms becomes
 * a blank. Returns false if there is no room or memory. */
bool gs_text_decode(struct gs_span s, struct gs_buf *b);

#endif
