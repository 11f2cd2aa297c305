/* SPDX-License-Identifier: MIT */
/* Preloaded into gs-certgen: it is started once, and forks for each run. So its
 * libraries are loaded, and libcrypto finds its algorithms, once. */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <sys/wait.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "warm.h"

/* Uses what a run uses of libcrypto; no run has to take that down again. */
static void
warm_up(void)
{
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *b = BIO_new(BIO_s_mem());
	X509 *x = X509_new();

	(void)PEM_write_bio_PKCS8PrivateKey(b, key, NULL, NULL, 0, NULL, NULL);
	EVP_PKEY *same = PEM_read_bio_PrivateKey(b, NULL, NULL, NULL);
	(void)X509_gmtime_adj(X509_getm_notBefore(x), 0);
	(void)X509_gmtime_adj(X509_getm_notAfter(x), 60);
	(void)X509_set_pubkey(x, same);
	(void)X509_sign(x, same, EVP_sha256());
	(void)PEM_write_bio_X509(b, x);
	X509 *copy = PEM_read_bio_X509(b, NULL, NULL, NULL);
	if (copy == NULL || X509_verify(copy, key) != 1)
		abort();
	X509_free(copy);
	X509_free(x);
	BIO_free(b);
	EVP_PKEY_free(same);
	EVP_PKEY_free(key);
}

/* The child of this is the run that was asked for, and goes on. Nothing here
 * is a call that shim_fault.so counts. */
static void
begin(const struct warm_run *run)
{
	int fd;

	if (chdir(run->folder) == -1 || (fd = creat("out", 0600)) == -1)
		_exit(126);
	(void)dup2(fd, 1);
	(void)dup2(fd, 2);
	(void)setenv("GS_FAULT_MODE", run->mode, 1);
	(void)setenv("GS_FAULT_AT", run->at, 1);
}

/* Returns in a child only. */
static void
serve(int link)
{
	struct warm_run run;
	int status;

	while (recv(link, &run, sizeof(run), 0) == sizeof(run)) {
		pid_t pid = fork();
		if (pid == 0) {
			begin(&run);
			return;
		}
		if (waitpid(pid, &status, 0) != pid ||
		    send(link, &status, sizeof(status), 0) != sizeof(status))
			break;
	}
	_exit(0);
}

/* The first that gs-certgen asks of libcrypto, before it looks at any file. */
int
CRYPTO_set_mem_functions(CRYPTO_malloc_fn m, CRYPTO_realloc_fn r,
    CRYPTO_free_fn f)
{
	__typeof__(&CRYPTO_set_mem_functions) real =
	    (__typeof__(real))dlsym(RTLD_NEXT, "CRYPTO_set_mem_functions");
	const char *link = getenv(WARM_LINK);
	int ok = real(m, r, f);

	if (link != NULL) {
		warm_up();
		serve((int)strtol(link, NULL, 10));
	}
	return ok;
}
