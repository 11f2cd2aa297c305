/* SPDX-License-Identifier: MIT */
/* What --import is given: PEM, DER, PKCS #7, keys, and everything else. */
#include <stdlib.h>

#include "mutate_der.h"
#include "base/diag.h"
#include "cert/check.h"
#include "cert/kind.h"
#include "cert/parcel.h"
#include "cert/trust.h"
#include "cert/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

size_t
LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t max, unsigned seed)
{
	static const struct mutate_format lines = { mutate_line, NULL, NULL };

	return n > 0 && p[0] == 0x30 ? mutate_der(p, n, max, seed) :
				       mutate(&lines, p, n, max, seed);
}

static void
check(const struct gs_cert_parcel *parcel, const struct gs_cert_key *key)
{
	struct gs_cert_sans names = { 0 };
	struct gs_cert_certs chain = { 0 }, known = { 0 };
	struct gs_cert_check_import i = {
		.parcel = parcel,
		.known = &known,
		.keys = &key,
		.n = key != NULL,
		.chain = &chain,
	};
	static const struct gs_cert_trust none;
	struct gs_diags d;
	struct gs_err err;
	struct gs_cert_check c = { .now = 1800000000,
		.trust = &none,
		.names = &names };
	struct gs_buf out;

	if (gs_cert_sans_add_dns(&names, "pbx.example.com", &err) == -1)
		abort();
	gs_diags_init(&d, gs_cert_rules, NULL, 100);
	gs_buf_init(&out, 1 << 20);
	gs_cert_check_import(&c, &i, &d);
	if (i.leaf != NULL && gs_cert_write_pem(i.leaf, &out, &err) == 0) {
		/* What was read can be written and read again. */
		struct gs_cert_certs again = { 0 };
		if (gs_cert_certs_read(gs_buf_span(&out), &again, &err) == -1 ||
		    again.n != 1 || !gs_cert_same(again.list[0], i.leaf))
			abort();
		gs_cert_certs_free(&again);
	}
	gs_buf_free(&out);
	gs_cert_certs_free(&chain);
	gs_diags_free(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_span bytes = gs_span(p, n);
	struct gs_cert_parcel parcel = { .file = "-" };
	struct gs_cert_key *key = NULL;
	struct gs_err err;

	if (gs_cert_key_read(bytes, GS_LIT("pass"), &key, NULL) != GS_KEY_OK)
		key = NULL;
	if (gs_cert_p12_is(bytes)) {
		parcel.opened = gs_cert_p12_read(bytes, GS_LIT("pass"),
		    &parcel.certs, &parcel.keys);
		check(&parcel, key);
	} else if (gs_cert_certs_read(bytes, &parcel.certs, &err) == 0) {
		if (parcel.certs.n == 0)
			parcel.what =
			    gs_cert_kind(bytes, key == NULL, &parcel.convert);
		check(&parcel, key);
	}
	gs_cert_parcel_free(&parcel);
	gs_cert_key_free(key);
	return 0;
}
