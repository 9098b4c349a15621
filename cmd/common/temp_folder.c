/* SPDX-License-Identifier: MIT */
/* temp_folder.c: where the tools put temporary files. */
#include "temp_folder.h"

#include <stdlib.h>

const char *temp_folder(const char *without)
{
	const char *const folder = getenv("TMPDIR");

	return folder && *folder ? folder : without;
}
