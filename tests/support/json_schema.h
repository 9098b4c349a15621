/* SPDX-License-Identifier: MIT */
/*
 * json_schema.h: checks JSON values against the part of JSON Schema that the
 * schemas in lib/emit/schema use: type, const, enum, required, properties,
 * additionalProperties, items, minimum, maximum, minLength, pattern, oneOf; title,
 * description, $schema and $id are remarks. Any other keyword is an error, so
 * that no rule is believed to be checked that is not.
 */
#ifndef JSON_SCHEMA_H
#define JSON_SCHEMA_H

#include <jansson.h>
#include <stddef.h>

/* 1 valid; 0 not, -1 the schema is wrong: `why` then says where and what. */
int json_schema_check(const json_t *schema, const json_t *value, char *why, size_t room);

/*
 * Checks a record, given as one line of JSON, against the schema that it names,
 * read from `folder` (belady.run/1: belady.run-1.json). As above; -1 also when
 * there is no such file.
 */
int json_schema_check_line(const char *folder, const char *line, char *why, size_t room);

#endif
