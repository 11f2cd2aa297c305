/* SPDX-License-Identifier: MIT */
/* "snom_bare DIR FILES BYTES": only writes and renames files, the least
 * that any program can do to make them atomically. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	char tmp[64], name[64];

	if (argc != 4 || chdir(argv[1]) == -1)
		return 2;
	long files = strtol(argv[2], NULL, 10);
	size_t n = (size_t)strtol(argv[3], NULL, 10);
	char *bytes = malloc(n);
	if (bytes == NULL)
		return 2;
	memset(bytes, 'x', n);
	for (long i = 0; i < files; i++) {
		(void)snprintf(tmp, sizeof(tmp), ".settings-%012lx.tmp", i);
		(void)snprintf(name, sizeof(name), "settings-%012lx.xml", i);
		int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL, 0640);
		if (fd == -1 || write(fd, bytes, n) != (ssize_t)n ||
		    close(fd) == -1 || rename(tmp, name) == -1)
			return 2;
	}
	free(bytes);
	return 0;
}
