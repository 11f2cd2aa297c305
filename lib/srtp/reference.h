/* SPDX-License-Identifier: MIT */
/* Decryption by libsrtp2: the second opinion. */
#ifndef GSPROV_SRTP_REFERENCE_H
#define GSPROV_SRTP_REFERENCE_H

#include "srtp/transform.h"

enum gs_srtp_reference_answer {
	GS_REFERENCE_OPENED,
	GS_REFERENCE_REFUSED, /* it is not authentic */
	GS_REFERENCE_CANNOT, /* libsrtp2 lacks this: F8, rates, AES-192 */
	GS_REFERENCE_TROUBLE, /* out of memory, or NSS failed */
};

struct gs_srtp_reference;

/* Loads libsrtp2, starts it (18 ms with NSS) and silences it, unless the
 * program has started it. Returns NULL with err. */
struct gs_srtp_reference *gs_srtp_reference_new(struct gs_err *err) GS_MUST;

/* r may be NULL. */
void gs_srtp_reference_free(struct gs_srtp_reference *r);

/* A packet of n octets, RTP at roc or RTCP, as the first of its stream. The
 * caller has checked its header: libsrtp2 trusts the length of the CSRC list
 * and the extension. */
struct gs_srtp_reference_packet {
	const struct gs_srtp_spec *spec;
	const uint8_t *keysalt;
	struct gs_srtp_form form;
	bool rtcp;
	uint32_t roc;
	const uint8_t *p;
	size_t n;
};

/* Opens m. *out is borrowed until the next call. */
enum gs_srtp_reference_answer gs_srtp_reference_unprotect(
    struct gs_srtp_reference *r, const struct gs_srtp_reference_packet *packet,
    struct gs_span *out) GS_MUST;

/* Appends name and version of libsrtp2. */
void gs_srtp_reference_library(struct gs_buf *b);

#endif
