/* SPDX-License-Identifier: MIT */
/* What is imported: a certificate, its issuers and possibly its key, in any of
 * their formats. */
#ifndef GSPROV_CERT_PARCEL_H
#define GSPROV_CERT_PARCEL_H

#include <sys/types.h>

#include "cert/x509.h"

struct gs_diags;

struct gs_cert_parcel {
	/* Set by the caller, borrowed. "-" is standard input. */
	const char *file;
	const char *chain_file; /* or NULL */
	const char *key_file; /* or NULL; may be the same as file */

	struct gs_cert_certs certs; /* of file */
	struct gs_cert_certs chain; /* of chain_file */
	struct gs_cert_keys keys; /* of key_file */
	enum gs_cert_key_found key_found;
	bool key_alone; /* key_file is not PKCS #12 */
	enum gs_cert_key_found opened; /* file, when it is PKCS #12 */
	/* What the file is that should be a certificate or key, or NULL, and
	 * the command that makes one of it, or NULL. */
	const char *what, *convert;
	const char *key_what, *key_convert;
	bool has_pass; /* there is a pass phrase */
	mode_t open_mode; /* of key_file when everybody can read it, or 0 */
};

/* Reads the files that p names. pass opens an encrypted key or PKCS #12, and
 * may be empty. Returns 0, also if they contain nothing useful, or -1 if one
 * cannot be read; gs_cert_parcel_free() in either case. */
int gs_cert_parcel_read(struct gs_cert_parcel *p, struct gs_span pass,
    struct gs_err *err) GS_MUST;

void gs_cert_parcel_free(struct gs_cert_parcel *p);

/* Findings about the files: what could not be read in them, and what must not
 * be there. Whether there is a certificate and, if one was named, a key. */
bool gs_cert_parcel_check(const struct gs_cert_parcel *p, struct gs_diags *d);

#endif
