/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over files: the corpus, and every prefix of each. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { CAP = 1024 * 1024, PREFIXES = 256 };

static int
replay(const char *path, uint8_t *buf)
{
	FILE *fp = fopen(path, "rb");

	if (fp == NULL)
		return -1;
	size_t n = fread(buf, 1, CAP, fp);
	(void)fclose(fp);
	(void)LLVMFuzzerTestOneInput(buf, n);
	/* A copy of the right size, so that a sanitizer sees its end. */
	for (size_t k = 0; k < PREFIXES && k < n; k++) {
		size_t m = n * k / PREFIXES;
		uint8_t *cut = malloc(m + 1);
		if (cut == NULL)
			return -1;
		for (size_t i = 0; i < m; i++)
			cut[i] = buf[i];
		(void)LLVMFuzzerTestOneInput(cut, m);
		free(cut);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	uint8_t *buf = malloc(CAP);

	if (buf == NULL)
		return 2;
	for (int i = 1; i < argc; i++) {
		int bad = replay(argv[i], buf);
		printf("%sok %d - %s\n", bad ? "not " : "", i, argv[i]);
	}
	printf("1..%d\n", argc - 1);
	free(buf);
	return 0;
}
