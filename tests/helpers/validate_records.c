/* SPDX-License-Identifier: MIT */
/*
 * validate_records.c: checks JSON Lines on standard input against the schemas in a folder.
 *
 *	bel-sim --format jsonl ls.bel | validate_records lib/emit/schema
 *
 * Prints the number of records; exits 1 and names the line when one is not valid,
 * and when there is none at all.
 */
#include <stdio.h>
#include <stdlib.h>

#include "json_schema.h"

int main(int argc, char **argv)
{
	char *line = NULL, why[512];
	size_t room = 0;
	unsigned long n = 0;
	int bad = 0;

	if (argc != 2) {
		fputs("usage: validate_records SCHEMAS <RECORDS\n", stderr);
		return 2;
	}
	while (getline(&line, &room, stdin) >= 0) {
		n++;
		if (json_schema_check_line(argv[1], line, why, sizeof(why)) != 1) {
			fprintf(stderr, "line %lu: %s\n", n, why);
			bad = 1;
		}
	}
	free(line);
	printf("%lu records\n", n);
	return bad || !n;
}
