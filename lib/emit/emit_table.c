/* SPDX-License-Identifier: MIT */
/*
 * emit_table.c: prints rows as an aligned table.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "emit_record.h"
#include "emit_rows.h"
#include "emit_table.h"
#include "label.h"
#include "visible.h"

static char *cell_text(json_t *value, int decimals)
{
	char number[64];

	if (json_is_object(value))
		return bel_object_text(value);
	if (json_is_array(value))
		return bel_array_text(value);
	if (json_is_string(value))
		return strdup(json_string_value(value));
	if (json_is_real(value)) {
		snprintf(number, sizeof(number), "%.*f", decimals, json_real_value(value));
		return strdup(fabs(json_real_value(value)) < 1e15 ? number : "huge");
	}
	if (json_is_integer(value))
		return strdup(bel_number_text(number, sizeof(number), value));
	if (json_is_boolean(value))
		return strdup(json_is_true(value) ? "yes" : "no");
	return strdup("-");
}

/* Decimals for a column, by its largest value; ratios have six. */
static int decimals_for(double largest)
{
	return largest >= 1000 ? 1 : largest > 1 ? 3 : 6;
}

static void column_measure(struct column *column, const struct bel_rows *rows)
{
	double largest = 0;

	column->right = true;
	for (size_t i = 0; i < rows->records; i++) {
		for (size_t k = 0; k < rows->record[i].length; k++) {
			json_t *value = bel_rows_cell(rows->record[i].root, column->path, k);

			if (value)
				column->used = true;
			if (json_is_real(value))
				largest = fmax(largest, fabs(json_real_value(value)));
			if (value && !json_is_number(value) && !json_is_null(value))
				column->right = false;
		}
	}
	column->decimals = decimals_for(largest);
	column->width = bel_visible_width(column->heading);
}

static const char *member_text(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Makes the labels of traces, as short as possible among the traces of this table. */
static int column_label(struct column *column, const struct bel_rows *rows)
{
	struct bel_label_key *key = calloc(rows->records + 1, sizeof(*key));

	for (size_t i = 0; key && i < rows->records; i++) {
		json_t *trace = bel_json_at(rows->record[i].root, column->path);
		const json_int_t page_bytes =
			json_integer_value(json_object_get(trace, "page_bytes"));

		key[i] = (struct bel_label_key){
			.name = member_text(trace, "name"),
			.file = member_text(trace, "file"),
			.digest = member_text(trace, "digest"),
			.page_bytes = page_bytes > 0 ? (uint64_t)page_bytes : 0,
		};
	}
	if (key)
		column->label = bel_labels_new(key, rows->records);
	free(key);
	return column->label ? 0 : -1;
}

static int column_fill(struct column *column, const struct bel_rows *rows, size_t count)
{
	size_t row = 0;

	column->cell = calloc(count, sizeof(*column->cell));
	if (!column->cell)
		return -1;
	for (size_t i = 0; i < rows->records; i++) {
		for (size_t k = 0; k < rows->record[i].length; k++) {
			json_t *value = bel_rows_cell(rows->record[i].root, column->path, k);
			char *text = column->label ? strdup(column->label[i])
						   : cell_text(value, column->decimals);

			if (!text)
				return -1;
			column->cell[row++] = text;
			if (bel_visible_width(text) > column->width)
				column->width = bel_visible_width(text);
		}
	}
	return 0;
}

static bool column_constant(const struct column *column, size_t rows)
{
	for (size_t i = 1; i < rows; i++)
		if (strcmp(column->cell[i], column->cell[0]) != 0)
			return false;
	return true;
}

static int print_rows(struct table *table, FILE *file, bool drop_constant)
{
	struct column **shown = calloc(table->columns + 1, sizeof(*shown));
	size_t n = 0;

	if (!shown)
		return -1;
	for (size_t c = 0; c < table->columns; c++)
		if (!drop_constant || !column_constant(&table->column[c], table->rows))
			shown[n++] = &table->column[c];
	if (table->width && bel_table_fit(table, shown, &n) < 0) {
		free(shown);
		return -1;
	}
	for (size_t c = 0; c < n; c++)
		bel_put_padded(
			file, shown[c]->heading, shown[c]->width, shown[c]->right, c + 1 == n);
	if (n)
		putc('\n', file);
	for (size_t i = 0; i < table->rows; i++) {
		for (size_t c = 0; c < n; c++)
			bel_put_padded(file, shown[c]->cell[i], shown[c]->width, shown[c]->right,
				c + 1 == n);
		if (n)
			putc('\n', file);
	}
	free(shown);
	return 0;
}

/* Removes the last column. */
static void column_drop(struct table *table)
{
	struct column *const column = &table->column[--table->columns];

	for (size_t i = 0; i < table->rows; i++)
		free(column->cell[i]);
	free(column->cell);
	column->cell = NULL;
}

static void table_release(struct table *table)
{
	for (size_t c = 0; c < table->columns; c++) {
		for (size_t i = 0; table->column[c].cell && i < table->rows; i++)
			free(table->column[c].cell[i]);
		free(table->column[c].cell);
	}
	free(table->column);
}

/* Whether the member is a name, of any length. */
static bool is_name(const char *path)
{
	const char *const dot = strrchr(path, '.'), *const leaf = dot ? dot + 1 : path;

	return !strcmp(leaf, "name") || !strcmp(leaf, "command") || !strcmp(leaf, "file");
}

/* Adds the column of a text of `columns` (emit.h), if a row has a value. */
static int column_add(struct table *table, const struct bel_rows *rows, const char *text)
{
	struct column *const column = &table->column[table->columns];
	const bool varying = *text == '?', labelled = text[varying] == '@';
	const size_t n = strcspn(text += varying + labelled, "=");
	int failed;

	memset(column, 0, sizeof(*column));
	snprintf(column->path, sizeof(column->path), "%.*s", (int)n, text);
	column->heading = text[n] ? text + n + 1 : text;
	column->name = labelled || is_name(column->path);
	column_measure(column, rows);
	if (!column->used)
		return 0;
	table->columns++;
	failed = labelled ? column_label(column, rows) : 0;
	if (failed == 0)
		failed = column_fill(column, rows, table->rows);
	bel_labels_free(column->label, rows->records);
	column->label = NULL;
	if (failed == 0 && varying && column_constant(column, table->rows))
		column_drop(table);
	return failed;
}

/* Members that identify the trace: its label stands for them if there are several rows. */
static bool identifies_trace(const char *path)
{
	return !strncmp(path, "trace.", 6) && strcmp(path, "trace.page_bytes") != 0;
}

static int add_columns(struct table *table, const struct bel_rows *rows, const char *const *columns)
{
	int status = 0;

	for (size_t c = 0; columns && columns[c] && status == 0; c++)
		status = column_add(table, rows, columns[c]);
	if (!columns && table->rows > 1)
		status = column_add(table, rows, "@trace");
	for (size_t c = 0; !columns && c < rows->columns && status == 0; c++)
		if (table->rows == 1 || !identifies_trace(rows->column[c]))
			status = column_add(table, rows, rows->column[c]);
	return status;
}

int bel_rows_table(
	const struct bel_rows *rows, FILE *file, struct bel_table_look *look, struct bel_err *err)
{
	const char *const *columns = look->columns;
	struct table table = {
		.width = look->width, .names = look->names, .names_size = sizeof(look->names)};
	size_t wanted = rows->columns + 1;
	int status;

	for (size_t i = 0; i < rows->records; i++)
		table.rows += rows->record[i].length;
	if (columns && columns[0] && columns[0][0] == '#')
		columns = table.rows > 1 && !strcmp(columns[0] + 1, rows->schema) ? columns + 1
										  : NULL;
	for (size_t c = 0; columns && columns[c]; c++)
		wanted++;
	table.column = calloc(wanted + 1, sizeof(*table.column));
	status = table.column ? add_columns(&table, rows, columns) : -1;
	if (status == 0 && !columns && table.rows == 1)
		status = bel_table_list(&table, file);
	else if (status == 0)
		status = print_rows(&table, file, !columns);
	look->hidden += table.hidden;
	if (table.column)
		table_release(&table);
	return status < 0 ? bel_err_memory(err, "a result table") : 0;
}
