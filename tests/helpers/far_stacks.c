/* SPDX-License-Identifier: MIT */
/*
 * far_stacks.c: prints the call stack of every reference to a far page, as event.h defines it, and
 * with a list of the last K distinct pages that is searched one by one:
 *
 *	SPACE ADDRESS main:12;work:7;touch:3
 *
 * "?" stands for a stack that is not known, and OBJECT+0xOFFSET for a function without a name.
 * --strip OUTPUT copies the trace without call stacks instead.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"
#include "source.h"

#define MOST 65536

struct node {
	uint64_t parent;
	char *words;
};

static struct node *node;
static uint64_t nodes;
static uint64_t stack_of[1 << 16]; /* by space */
static uint32_t near_page[MOST];
static unsigned near_count;

static _Noreturn void stop(const char *why)
{
	fprintf(stderr, "far_stacks: %s\n", why);
	exit(3);
}

/* "FUNCTION\tFILE:LINE\tOBJECT" as FUNCTION:LINE, or the object's file name. */
static char *words_of(const char *name)
{
	const char *const file = strchr(name, '\t');
	const char *const object = file ? strchr(file + 1, '\t') : NULL;
	char *words;

	if (!object)
		stop("the name of a frame has no three parts");
	if (file > name) {
		const char *const line = memrchr(file, ':', (size_t)(object - file));
		const int length = line ? (int)(object - line) : 0;

		if (asprintf(&words, "%.*s%.*s", (int)(file - name), name, length,
			    line ? line : "") < 0)
			stop("out of memory");
		return words;
	}
	words = strdup(strrchr(object, '/') ? strrchr(object, '/') + 1 : object + 1);
	return words ? words : (stop("out of memory"), NULL);
}

static void take_event(const struct bel_event *event)
{
	if (event->type == BEL_EVENT_STACK && event->value > nodes)
		stop("a stack without its node");
	if (event->type == BEL_EVENT_STACK)
		stack_of[event->space & 0xffff] = event->value;
	if (event->type != BEL_EVENT_FRAME)
		return;
	if (event->value != nodes + 1 || event->offset > nodes)
		stop("a node is out of order");
	node = realloc(node, (nodes + 2) * sizeof(*node));
	if (!node)
		stop("out of memory");
	node[++nodes] = (struct node){event->offset, words_of(event->name)};
}

static void print_stack(uint64_t number)
{
	if (number == 0)
		return;
	print_stack(node[number].parent);
	printf("%s%s", node[number].parent ? ";" : "", node[number].words);
}

/* Whether the page was far; it becomes the last one referenced. */
static bool take_page(uint32_t page, unsigned most)
{
	unsigned at = 0;
	bool far;

	while (at < near_count && near_page[at] != page)
		at++;
	far = at == near_count;
	if (far && near_count < most)
		near_count++;
	else if (far)
		at--;
	for (; at > 0; at--)
		near_page[at] = near_page[at - 1];
	near_page[0] = page;
	return far;
}

static void print(struct bel_source *source)
{
	const struct bel_trace_info *const info = bel_source_info(source);
	struct bel_chunk chunk;
	struct bel_err err;
	int r;

	if (!info->near_pages || info->near_bits > bel_source_page_bits(source))
		stop("the trace has no call stacks at this page size");
	while ((r = bel_source_next(source, &chunk, &err)) > 0) {
		size_t next = 0;

		for (size_t i = 0; i < chunk.count; i++) {
			const struct bel_granule *const page =
				&bel_source_pages(source).granule[chunk.runs[i].page];

			for (; next < chunk.event_count && chunk.events[next].at <= i; next++)
				take_event(&chunk.events[next]);
			if (!take_page(chunk.runs[i].page, info->near_pages))
				continue;
			printf("%u 0x%" PRIx64 " ", page->space,
				page->number << bel_source_page_bits(source));
			print_stack(stack_of[page->space & 0xffff]);
			printf("%s\n", stack_of[page->space & 0xffff] ? "" : "?");
		}
		for (; next < chunk.event_count; next++)
			take_event(&chunk.events[next]);
	}
	if (r < 0)
		stop(err.text);
}

static void strip(struct bel_source *source, const char *path)
{
	struct bel_trace_info info = *bel_source_info(source);
	FILE *const file = fopen(path, "wb");
	struct bel_native_writer *writer;
	struct bel_chunk chunk;
	struct bel_err err;
	int r;

	info.near_pages = info.near_bits = 0;
	if (!file || bel_native_writer_open(&writer, file, &info, 1, &err) < 0)
		stop("cannot write");
	while ((r = bel_source_next(source, &chunk, &err)) > 0)
		if (bel_native_write_chunk(writer, &chunk, bel_source_pages(source), &err) < 0)
			stop(err.text);
	if (r < 0 || bel_native_writer_end(writer, NULL, &err) < 0)
		stop(err.text);
	bel_native_writer_free(writer);
	fclose(file);
}

int main(int argc, char **argv)
{
	const bool strips = argc == 4 && strcmp(argv[1], "--strip") == 0;
	struct bel_source_options options = {.path = argv[argc - 1]};
	struct bel_source *source;
	struct bel_err err;

	if (argc == 3) /* PAGE_BITS TRACE */
		options.page_bits = (unsigned)atoi(argv[1]);
	if (argc < 2 || bel_source_open(&source, &options, &err) < 0)
		stop(argc < 2 ? "no trace" : err.text);
	if (strips)
		strip(source, argv[2]);
	else
		print(source);
	bel_source_close(source);
	for (uint64_t i = 1; i <= nodes; i++)
		free(node[i].words);
	free(node);
	return 0;
}
