/* SPDX-License-Identifier: MIT */
/* replay PREFIXES FILE...: runs a fuzz target over files, the corpus, and over
 * so many prefixes of each, and changes of it by the target's own mutator. At
 * the end no more descriptors are open than after the first. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* LASTING: descriptors that libraries may open later, and keep. */
enum { CAP = 1024 * 1024, CHANGES = 16, DESCRIPTORS = 1024, LASTING = 4 };

/* In libFuzzer's place: an octet is changed, or the end is lost. */
size_t LLVMFuzzerMutate(uint8_t *p, size_t n, size_t max);

size_t
LLVMFuzzerMutate(uint8_t *p, size_t n, size_t max)
{
	static unsigned turn;

	if (n == 0 && max > 0)
		p[n++] = 0;
	if (n > 0)
		p[(turn * 7919U) % n] ^= (uint8_t)(1U << turn % 8);
	return ++turn % 16 == 0 ? n / 2 : n;
}

/* A target may have these. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);
__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n,
    size_t max, unsigned seed);

static void
changed(const uint8_t *p, size_t n, size_t turns)
{
	uint8_t *b = malloc(CAP);

	for (size_t i = 0; b != NULL && i < turns; i++) {
		memcpy(b, p, n);
		size_t m = LLVMFuzzerCustomMutator(b, n, CAP, (unsigned)i);
		(void)LLVMFuzzerTestOneInput(b, m);
	}
	free(b);
}

static int
replay(const char *path, size_t prefixes, uint8_t *buf)
{
	FILE *fp = fopen(path, "rb");

	if (fp == NULL)
		return -1;
	size_t n = fread(buf, 1, CAP, fp);
	(void)fclose(fp);
	(void)LLVMFuzzerTestOneInput(buf, n);
	/* A copy of the right size, so that a sanitizer sees its end. */
	for (size_t k = 0; k < prefixes && k < n; k++) {
		size_t m = n * k / prefixes;
		uint8_t *cut = malloc(m + 1);
		if (cut == NULL)
			return -1;
		for (size_t i = 0; i < m; i++)
			cut[i] = buf[i];
		(void)LLVMFuzzerTestOneInput(cut, m);
		free(cut);
	}
	if (LLVMFuzzerCustomMutator != NULL)
		changed(buf, n, prefixes < CHANGES ? prefixes : CHANGES);
	return 0;
}

static int
descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < DESCRIPTORS; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

int
main(int argc, char **argv)
{
	uint8_t *buf = malloc(CAP);
	int first = 0;

	if (buf == NULL || argc < 2)
		return 2;
	if (LLVMFuzzerInitialize != NULL)
		(void)LLVMFuzzerInitialize(&argc, &argv);
	size_t prefixes = strtoul(argv[1], NULL, 10);
	for (int i = 2; i < argc; i++) {
		int bad = replay(argv[i], prefixes, buf);
		printf("%sok %d - %s\n", bad ? "not " : "", i - 1, argv[i]);
		if (i == 2)
			first = descriptors();
	}
	printf("%sok %d - no descriptor is left\n",
	    descriptors() > first + LASTING ? "not " : "", argc - 1);
	printf("1..%d\n", argc - 1);
	free(buf);
	return 0;
}
