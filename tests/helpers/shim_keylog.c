/* SPDX-License-Identifier: MIT */
/* Preloaded into programs that use OpenSSL: appends the secrets of their TLS
 * connections to the file that SSLKEYLOGFILE names, as browsers do. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ssl.h>

/* One write for a line: several processes append to the file. */
static void
keylog(const SSL *ssl, const char *line)
{
	const char *path = getenv("SSLKEYLOGFILE");
	char text[512];
	size_t n = strlen(line);
	int fd;

	(void)ssl;
	if (path == NULL || n >= sizeof(text))
		return;
	memcpy(text, line, n);
	text[n] = '\n';
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd == -1)
		return;
	if (write(fd, text, n + 1) != (ssize_t)(n + 1))
		abort();
	(void)close(fd);
}

SSL_CTX *
SSL_CTX_new(const SSL_METHOD *method)
{
	SSL_CTX *(*real)(const SSL_METHOD *) =
	    (SSL_CTX * (*)(const SSL_METHOD *)) dlsym(RTLD_NEXT, "SSL_CTX_new");
	SSL_CTX *ctx = real(method);

	if (ctx != NULL)
		SSL_CTX_set_keylog_callback(ctx, keylog);
	return ctx;
}
