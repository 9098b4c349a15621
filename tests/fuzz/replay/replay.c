/* SPDX-License-Identifier: MIT */
/*
 * replay.c: drives a fuzz target without a fuzzer: over the files named on the
 * command line, so that `make check` runs the corpus with any compiler. It writes
 * TAP, as one test.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	long size;

	if (!file || fseek(file, 0, SEEK_END) < 0 || (size = ftell(file)) < 0) {
		perror(path);
		return -1;
	}
	rewind(file);
	/* Of the exact size, so that a sanitizer sees the first byte past the end. */
	data = malloc(size ? (size_t)size : 1);
	if (!data || fread(data, 1, (size_t)size, file) != (size_t)size) {
		perror(path);
		return -1;
	}
	fclose(file);
	/* What crashes is named before it does. */
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE...\n", argv[0]);
		return 2;
	}
	puts("1..1");
	for (int i = 1; i < argc; i++) {
		if (replay(argv[i]) < 0)
			return 1;
	}
	printf("ok 1 - %d inputs\n", argc - 1);
	return 0;
}
