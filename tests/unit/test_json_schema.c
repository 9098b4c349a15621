/* SPDX-License-Identifier: MIT */
/* test_json_schema.c: the validator that other tests trust, and the schemas themselves. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json_schema.h"

static int check(const char *schema_text, const char *value_text, const char *why)
{
	json_t *schema = json_loads(schema_text, 0, NULL);
	json_t *value = json_loads(value_text, JSON_DECODE_ANY, NULL);
	char said[200];
	int result;

	assert_non_null(schema);
	assert_non_null(value);
	result = json_schema_check(schema, value, said, sizeof(said));
	assert_string_equal(said, why);
	json_decref(schema);
	json_decref(value);
	return result;
}

static void valid(const char *schema, const char *value)
{
	assert_int_equal(check(schema, value, ""), 1);
}

static void invalid(const char *schema, const char *value, const char *why)
{
	assert_int_equal(check(schema, value, why), 0);
}

static void test_values(void **state)
{
	(void)state;
	valid("{\"type\":[\"integer\",\"null\"],\"minimum\":1}", "null");
	valid("{\"type\":[\"integer\",\"null\"],\"minimum\":1}", "1");
	valid("{\"type\":\"number\",\"maximum\":1}", "1");
	valid("{\"const\":\"a\"}", "\"a\"");
	valid("{\"enum\":[1,\"a\"]}", "\"a\"");
	valid("{\"pattern\":\"^[a-f]+$\",\"minLength\":2}", "\"cafe\"");
	invalid("{\"type\":\"integer\"}", "1.0", ".: wrong type");
	invalid("{\"type\":\"number\",\"minimum\":0}", "-1", ".: below the minimum");
	invalid("{\"maximum\":1}", "1.5", ".: above the maximum");
	invalid("{\"const\":\"a\"}", "\"b\"", ".: not the constant");
	invalid("{\"enum\":[1,\"a\"]}", "2", ".: none of the allowed values");
	invalid("{\"pattern\":\"^[a-f]+$\"}", "\"cafeg\"", ".: does not match ^[a-f]+$");
	invalid("{\"minLength\":1}", "\"\"", ".: too short");
}

static void test_objects(void **state)
{
	static const char closed[] =
		"{\"required\":[\"a\"],\"additionalProperties\":false,"
		"\"properties\":{\"a\":{\"properties\":{\"b\":{\"type\":\"string\"}}},\"c\":{}}}";

	(void)state;
	valid(closed, "{\"a\":{\"b\":\"x\",\"d\":1},\"c\":null}");
	invalid(closed, "{\"c\":1}", ".: lacks a");
	invalid(closed, "{\"a\":1,\"d\":1}", ".: has no business with d");
	invalid(closed, "{\"a\":{\"b\":1}}", ".a.b: wrong type");
	invalid("{\"additionalProperties\":{\"type\":\"number\"}}", "{\"x\":true}",
		".x: wrong type");
	invalid("{\"items\":{\"type\":\"integer\"}}", "[1,2,\"3\"]", ".2: wrong type");
	invalid("{\"oneOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}", "{\"a\":1,\"b\":1}",
		".: fits not exactly one of oneOf");
}

static void test_bad_schemas(void **state)
{
	(void)state;
	assert_int_equal(check("{\"format\":\"date\"}", "1",
				 ".: this validator does not know the keyword format"),
		-1);
	assert_int_equal(check("{\"type\":\"float\"}", "1", ".: unknown type"), -1);
	assert_int_equal(check("{\"pattern\":\"(\"}", "\"\"", ".: pattern cannot be read"), -1);
}

/* Every part of every schema that ships, members that no record shows included. */
static void visit(const json_t *schema, unsigned *parts)
{
	char why[200];
	json_t *null = json_null(), *part;
	const char *name;

	if (!json_is_object(schema))
		return;
	++*parts;
	if (json_schema_check(schema, null, why, sizeof(why)) < 0)
		fail_msg("%s", why);
	json_object_foreach(json_object_get(schema, "properties"), name, part) visit(part, parts);
	visit(json_object_get(schema, "additionalProperties"), parts);
	visit(json_object_get(schema, "items"), parts);
}

static void test_shipped_schemas(void **state)
{
	const char *top = getenv("BEL_TOP");
	char pattern[512];
	glob_t found;

	(void)state;
	snprintf(pattern, sizeof(pattern), "%s/lib/emit/schema/*.json", top ? top : ".");
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= 3);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		json_t *schema = json_load_file(found.gl_pathv[i], JSON_REJECT_DUPLICATES, NULL);
		unsigned parts = 0;

		assert_non_null(schema);
		visit(schema, &parts);
		assert_true(parts > 10);
		json_decref(schema);
	}
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_bad_schemas),
		cmocka_unit_test(test_shipped_schemas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
