/* SPDX-License-Identifier: MIT */
/* source_name.c: the name of a trace in records. */
#include "source_name.h"

#include <string.h>

char *bel_source_name(const char *given, const char *path)
{
	static const char *const packed[] = {".gz", ".bz2", ".xz", ".zst"};
	const char *slash;
	size_t length;

	if (given)
		return strdup(given);
	if (!path || strcmp(path, "-") == 0)
		return strdup("standard input");
	slash = strrchr(path, '/');
	path = slash ? slash + 1 : path;
	length = strlen(path);
	for (size_t i = 0; i < sizeof(packed) / sizeof(*packed); i++) {
		size_t n = strlen(packed[i]);

		if (length > n && strcmp(path + length - n, packed[i]) == 0) {
			length -= n;
			break;
		}
	}
	return strndup(path, length);
}
