/* SPDX-License-Identifier: MIT */
/* Preloaded into a program: when it ends, looks in its memory for secrets
 * that are still there, and whether it could have left a core file. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* GS_SECRETS=FILE has one in hexadecimal on each line. They are kept, and
 * compared, with all bits turned: not to be found here. */

enum { SECRETS = 64, SIZE = 256 };

static unsigned char secret[SECRETS][SIZE];
static size_t length[SECRETS];
static size_t secrets;

/* Opened when the program starts: it may give up the right to. */
static FILE *list, *maps;
static int mem;

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("GS_SECRETS");

	if (path == NULL)
		return;
	list = fopen(path, "r");
	maps = fopen("/proc/self/maps", "r");
	mem = open("/proc/self/mem", O_RDONLY);
}

static void
read_secrets(FILE *fp)
{
	char line[2 * SIZE + 2];
	unsigned v;

	(void)setvbuf(fp, NULL, _IONBF, 0);
	while (secrets < SECRETS && fgets(line, sizeof(line), fp) != NULL) {
		size_t n = 0;
		while (n < SIZE && sscanf(line + 2 * n, "%2x", &v) == 1)
			secret[secrets][n++] = (unsigned char)~v;
		length[secrets++] = n;
	}
	(void)fclose(fp);
	explicit_bzero(line, sizeof(line));
}

static int
is_secret(const unsigned char *p, size_t i)
{
	size_t k = 0;

	while (k < length[i] && (unsigned char)~p[k] == secret[i][k])
		k++;
	return k == length[i] && k > 0;
}

static void
look(unsigned long from, unsigned long to)
{
	unsigned char *copy = malloc(to - from);
	ssize_t n = pread(mem, copy, to - from, (off_t)from);

	for (ssize_t o = 0; o < n; o++)
		for (size_t i = 0; i < secrets; i++)
			if ((size_t)(n - o) >= length[i] &&
			    is_secret(copy + o, i))
				(void)dprintf(2, "secret %zu in memory\n", i);
	if (n > 0)
		explicit_bzero(copy, (size_t)n);
	free(copy);
}

__attribute__((destructor)) static void
scan(void)
{
	static struct {
		unsigned long from, to;
	} map[1000];
	char line[512], mode[8];
	size_t n = 0;

	if (list == NULL)
		return;
	read_secrets(list);
	while (n < 1000 && fgets(line, sizeof(line), maps) != NULL)
		if (sscanf(line, "%lx-%lx %4s", &map[n].from, &map[n].to,
			mode) == 3 &&
		    mode[0] == 'r' && mode[1] == 'w')
			n++;
	(void)fclose(maps);
	for (size_t i = 0; i < n; i++)
		look(map[i].from, map[i].to);
	(void)close(mem);
	(void)dprintf(2, "%zu maps, %zu secrets, dumpable %d\n", n, secrets,
	    prctl(PR_GET_DUMPABLE));
}
