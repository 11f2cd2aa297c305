/* SPDX-License-Identifier: MIT */
/* Preloaded into baresip 1.0, which loads sip_cafile but does not ask its
 * TLS library to verify the server: asks for it, for GS_VERIFY_HOST. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

int tls_start_tcp(void **conn, void *tls, void *tcp, int layer);

int
tls_start_tcp(void **conn, void *tls, void *tcp, int layer)
{
	int (*real)(void **, void *, void *, int) = (int (*)(void **, void *,
	    void *, int))dlsym(RTLD_NEXT, "tls_start_tcp");
	int (*verify)(void *, const char *) = (int (*)(void *,
	    const char *))dlsym(RTLD_NEXT, "tls_set_verify_server");
	int err = real(conn, tls, tcp, layer);

	return err != 0 ? err : verify(*conn, getenv("GS_VERIFY_HOST"));
}
