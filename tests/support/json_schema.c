/* SPDX-License-Identifier: MIT */
/*
 * json_schema.c: a small validator, independent of the code that writes records.
 */
#include "json_schema.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

struct check {
	char *why;
	size_t room;
	char path[256];
};

static int check_value(struct check *check, const json_t *schema, const json_t *value);

static int say(struct check *check, int result, const char *what, const char *detail)
{
	snprintf(check->why, check->room, "%s: %s%s%s", check->path[0] ? check->path : ".", what,
		detail ? " " : "", detail ? detail : "");
	return result;
}

static int wrong(struct check *check, const char *what, const char *detail)
{
	return say(check, 0, what, detail);
}

static int bad_schema(struct check *check, const char *what, const char *detail)
{
	return say(check, -1, what, detail);
}

/* 1, 0, or -1 for a type that JSON does not know. */
static int has_type(const json_t *value, const char *type)
{
	if (!strcmp(type, "object"))
		return json_is_object(value);
	if (!strcmp(type, "array"))
		return json_is_array(value);
	if (!strcmp(type, "string"))
		return json_is_string(value);
	if (!strcmp(type, "number"))
		return json_is_number(value);
	if (!strcmp(type, "integer"))
		return json_is_integer(value);
	if (!strcmp(type, "boolean"))
		return json_is_boolean(value);
	return strcmp(type, "null") ? -1 : json_is_null(value);
}

static int check_type(struct check *check, const json_t *types, const json_t *value)
{
	const json_t *type;
	size_t i;
	int found = 0;

	if (json_is_string(types))
		found = has_type(value, json_string_value(types));
	json_array_foreach(types, i, type)
	{
		const int has =
			json_is_string(type) ? has_type(value, json_string_value(type)) : -1;

		found = found < 0 || has < 0 ? -1 : found | has;
	}
	if (found < 0 || !(json_is_string(types) || json_is_array(types)))
		return bad_schema(check, "unknown type", NULL);
	return found ? 1 : wrong(check, "wrong type", NULL);
}

static int check_enum(struct check *check, const json_t *values, const json_t *value)
{
	json_t *one;
	size_t i;

	if (!json_is_array(values))
		return bad_schema(check, "enum is no array", NULL);
	json_array_foreach(values, i, one)
	{
		if (json_equal(one, (json_t *)value))
			return 1;
	}
	return wrong(check, "none of the allowed values", NULL);
}

static int check_required(struct check *check, const json_t *names, const json_t *value)
{
	const json_t *name;
	size_t i;

	if (!json_is_array(names))
		return bad_schema(check, "required is no array", NULL);
	json_array_foreach(names, i, name)
	{
		if (json_is_object(value) && !json_object_get(value, json_string_value(name)))
			return wrong(check, "lacks", json_string_value(name));
	}
	return 1;
}

static int check_pattern(struct check *check, const json_t *pattern, const json_t *value)
{
	regex_t regex;
	int found;

	if (!json_is_string(pattern) ||
		regcomp(&regex, json_string_value(pattern), REG_EXTENDED | REG_NOSUB))
		return bad_schema(check, "pattern cannot be read", NULL);
	found = !json_is_string(value) || !regexec(&regex, json_string_value(value), 0, NULL, 0);
	regfree(&regex);
	return found ? 1 : wrong(check, "does not match", json_string_value(pattern));
}

/* Checks a part of the value with its name added to the path. */
static int check_part(
	struct check *check, const json_t *schema, const json_t *value, const char *name)
{
	const size_t used = strlen(check->path);
	int result;

	snprintf(check->path + used, sizeof(check->path) - used, ".%s", name);
	result = check_value(check, schema, value);
	check->path[used] = 0;
	return result;
}

static int check_members(struct check *check, const json_t *schema, const json_t *value)
{
	const json_t *known = json_object_get(schema, "properties");
	const json_t *others = json_object_get(schema, "additionalProperties");
	const char *name;
	json_t *member;

	json_object_foreach((json_t *)value, name, member)
	{
		const json_t *rule = json_object_get(known, name);
		int result = 1;

		if (!rule && json_is_false(others))
			return wrong(check, "has no business with", name);
		if (!rule && json_is_object(others))
			rule = others;
		if (rule)
			result = check_part(check, rule, member, name);
		if (result != 1)
			return result;
	}
	return 1;
}

static int check_items(struct check *check, const json_t *rule, const json_t *value)
{
	const json_t *item;
	size_t i;

	json_array_foreach(value, i, item)
	{
		char name[24];
		int result;

		snprintf(name, sizeof(name), "%zu", i);
		result = check_part(check, rule, item, name);
		if (result != 1)
			return result;
	}
	return 1;
}

static int check_one_of(struct check *check, const json_t *rules, const json_t *value)
{
	const json_t *rule;
	size_t i, valid = 0;

	if (!json_is_array(rules))
		return bad_schema(check, "oneOf is no array", NULL);
	json_array_foreach(rules, i, rule)
	{
		const int result = check_value(check, rule, value);

		if (result < 0)
			return result;
		valid += (size_t)result;
	}
	return valid == 1 ? 1 : wrong(check, "fits not exactly one of oneOf", NULL);
}

static int check_limit(struct check *check, const json_t *limit, const json_t *value, int sign)
{
	if (!json_is_number(limit))
		return bad_schema(check, "a limit is no number", NULL);
	if (json_is_number(value) &&
		sign * (json_number_value(value) - json_number_value(limit)) > 0)
		return wrong(check, sign > 0 ? "above the maximum" : "below the minimum", NULL);
	return 1;
}

static int check_keyword(struct check *check, const char *keyword, const json_t *rule,
	const json_t *schema, const json_t *value)
{
	static const char *const remarks[] = {"title", "description", "$schema", "$id"};

	if (!strcmp(keyword, "type"))
		return check_type(check, rule, value);
	if (!strcmp(keyword, "const"))
		return json_equal((json_t *)rule, (json_t *)value)
			       ? 1
			       : wrong(check, "not the constant", NULL);
	if (!strcmp(keyword, "enum"))
		return check_enum(check, rule, value);
	if (!strcmp(keyword, "required"))
		return check_required(check, rule, value);
	if (!strcmp(keyword, "properties") || !strcmp(keyword, "additionalProperties"))
		return json_is_object(value) ? check_members(check, schema, value) : 1;
	if (!strcmp(keyword, "items"))
		return check_items(check, rule, value);
	if (!strcmp(keyword, "oneOf"))
		return check_one_of(check, rule, value);
	if (!strcmp(keyword, "minimum"))
		return check_limit(check, rule, value, -1);
	if (!strcmp(keyword, "maximum"))
		return check_limit(check, rule, value, 1);
	if (!strcmp(keyword, "minLength"))
		return !json_is_string(value) || (json_int_t)json_string_length(value) >=
							 json_integer_value(rule)
			       ? 1
			       : wrong(check, "too short", NULL);
	if (!strcmp(keyword, "pattern"))
		return check_pattern(check, rule, value);
	for (size_t i = 0; i < sizeof(remarks) / sizeof(*remarks); i++)
		if (!strcmp(keyword, remarks[i]))
			return 1;
	return bad_schema(check, "this validator does not know the keyword", keyword);
}

static int check_value(struct check *check, const json_t *schema, const json_t *value)
{
	const char *keyword;
	json_t *rule;

	if (!json_is_object(schema))
		return bad_schema(check, "the schema is no object", NULL);
	json_object_foreach((json_t *)schema, keyword, rule)
	{
		const int result = check_keyword(check, keyword, rule, schema, value);

		if (result != 1)
			return result;
	}
	return 1;
}

int json_schema_check(const json_t *schema, const json_t *value, char *why, size_t room)
{
	struct check check = {.why = why, .room = room};

	why[0] = 0;
	return check_value(&check, schema, value);
}

int json_schema_check_line(const char *folder, const char *line, char *why, size_t room)
{
	json_t *record = json_loads(line, JSON_REJECT_DUPLICATES, NULL), *schema = NULL;
	const char *name = json_string_value(json_object_get(record, "schema"));
	const char *slash = name ? strrchr(name, '/') : NULL;
	char path[512];
	int result = -1;

	snprintf(why, room, "no JSON with a \"schema\"");
	if (slash) {
		snprintf(path, sizeof(path), "%s/%.*s-%s.json", folder, (int)(slash - name), name,
			slash + 1);
		schema = json_load_file(path, 0, NULL);
		snprintf(why, room, "cannot read %s", path);
	} else {
		result = 0;
	}
	if (schema)
		result = json_schema_check(schema, record, why, room);
	json_decref(schema);
	json_decref(record);
	return result;
}
