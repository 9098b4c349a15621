/* SPDX-License-Identifier: MIT */
/*
 * fuzz_tokens.c: pagegrind's stream against any bytes, through pipes, up to the trace.
 * However it is cut, the same is made of it: an error with words, or a trace that is
 * whole. Forked processes send the same bytes as the first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "process_set.h"
#include "source.h"

#define ROOT 1000 /* the first process's number */
#define MOST ((size_t)1 << 15)

/* What came of a stream. */
struct outcome {
	struct bel_err err;
	bool failed;
	uint64_t references, digest;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char directory[] = "/tmp/fuzz_tokens-XXXXXX";

static _Noreturn void stop(const char *why, const char *words)
{
	fprintf(stderr, "fuzz_tokens: %s: %s\n", why, words);
	abort();
}

static void remove_directory(void)
{
	rmdir(directory);
}

/* Once: a place for pipes, and few descriptors, so that there is an end to forks. */
static void prepare(void)
{
	struct rlimit files;

	if (!mkdtemp(directory) || getrlimit(RLIMIT_NOFILE, &files) < 0)
		stop("cannot begin", directory);
	atexit(remove_directory);
	files.rlim_cur = 24;
	setrlimit(RLIMIT_NOFILE, &files);
}

static void mix(uint64_t *digest, uint64_t value)
{
	*digest = (*digest ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	*digest ^= *digest >> 29;
}

static void mix_event(uint64_t *digest, const struct bel_event *event, uint64_t now)
{
	mix(digest, now);
	mix(digest, event->type);
	mix(digest, event->region);
	mix(digest, event->space);
	mix(digest, event->pid);
	mix(digest, event->start);
	mix(digest, event->length);
	mix(digest, event->value);
	for (const char *p = event->name; p && *p; p++)
		mix(digest, (uint8_t)*p);
}

/* Reads what was written: it has to be whole. */
static void read_back(const char *trace, size_t size, unsigned bits, struct outcome *outcome)
{
	/* Exact references are to be folded without becoming more. */
	const struct bel_source_options options = {
		.format = "bel",
		.page_bits = bits,
		.first_byte = bits == 0,
		.allow_empty = true,
	};
	struct bel_input *input;
	struct bel_source *source;
	struct bel_chunk chunk;
	struct bel_err err;
	uint64_t now = 0;
	int r;

	if (bel_input_open_memory(&input, "memory", trace, size, &err) < 0 ||
		bel_source_open_input(&source, input, &options, &err) < 0)
		stop("the trace does not open", err.text);
	while ((r = bel_source_next(source, &chunk, &err)) > 0) {
		size_t next = 0;

		for (size_t i = 0; i <= chunk.count; i++) {
			for (; next < chunk.event_count && chunk.events[next].at <= i; next++)
				mix_event(&outcome->digest, &chunk.events[next], now);
			if (i == chunk.count)
				break;
			now += bel_run_count(chunk.runs[i]);
			mix(&outcome->digest, chunk.space);
			mix(&outcome->digest, chunk.runs[i].page);
			mix(&outcome->digest, chunk.runs[i].info);
		}
		if (next != chunk.event_count || now != chunk.now + chunk.references)
			stop("the trace does not agree with itself", "chunk");
	}
	if (r < 0)
		stop("the trace is damaged", err.text);
	outcome->references = now;
	bel_source_close(source);
}

/* Sends a process its stream in pieces. */
static int deliver(struct bel_process_set *set, struct bel_traced_process *process,
	const uint8_t *data, size_t size, size_t piece, struct bel_err *err)
{
	size_t bytes = 0;

	for (size_t at = 0; at < size; at += piece) {
		const size_t n = size - at < piece ? size - at : piece;

		if (write(process->stream.fd, data + at, n) != (ssize_t)n)
			stop("a pipe is full", process->stream.path);
		if (bel_process_set_drain(set, process, &bytes, err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

static int follow(struct bel_process_set *set, const uint8_t *data, size_t size, size_t piece,
	struct bel_err *err)
{
	size_t bytes = 0;

	if (bel_process_set_add(set, ROOT, true, err) < 0)
		return BEL_FAIL;
	/* Forks add at the end. */
	for (size_t i = 0; i < set->count; i++) {
		if (deliver(set, set->process[i], data, size, piece, err) < 0)
			return BEL_FAIL;
	}
	for (size_t i = 0; i < set->count; i++)
		set->process[i]->ended = true;
	if (bel_process_set_drain_all(set, &bytes, err) < 0)
		return BEL_FAIL;
	if (set->count)
		stop("a process is left", set->process[0]->stream.path);
	return 0;
}

static void capture(const uint8_t *data, size_t size, size_t piece, struct outcome *outcome)
{
	/* As the stream's head has it, so that both agree. */
	const unsigned bits = size > 9 && data[9] <= 21 ? data[9] : 12;
	struct bel_recorder recorder = {.granule_bits = bits,
		.limit = UINT64_MAX,
		.level = 1,
		.kernel = true,
		.near_pages = size > 10 && data[10] & BEL_TOKEN_STACKS ? 2 : 0,
		.near_renewed = size % 2,
		.command = "fuzz"};
	struct bel_process_set set = {.kind = &bel_backend_pagegrind,
		.directory = directory,
		.tool = "fuzz_tokens",
		.children = true,
		.recorder = &recorder};
	char *trace = NULL;
	size_t bytes = 0;

	*outcome = (struct outcome){.failed = false};
	recorder.file = open_memstream(&trace, &bytes);
	if (!recorder.file)
		stop("out of memory", "trace");
	outcome->failed = bel_process_set_init(&set, &outcome->err) < 0 ||
			  follow(&set, data, size, piece, &outcome->err) < 0;
	bel_recorder_end(&recorder, NULL);
	bel_process_set_release(&set);
	if (recorder.failed && !outcome->failed)
		outcome->err = recorder.err;
	outcome->failed |= recorder.failed;
	fclose(recorder.file);
	if (outcome->failed && !outcome->err.text[0])
		stop("an error without words", "");
	if (!outcome->failed && recorder.writer) {
		read_back(trace, bytes, bits, outcome);
		if (outcome->references != bel_native_written(recorder.writer))
			stop("references were lost", "trace");
	}
	bel_recorder_release(&recorder);
	free(trace);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool prepared;
	struct outcome whole, pieces;

	if (!prepared)
		prepare();
	prepared = true;
	if (size > MOST)
		return 0;
	capture(data, size, MOST, &whole);
	capture(data, size, 1 + size / 16 + size % 7, &pieces);
	if (whole.failed != pieces.failed)
		stop(whole.err.text, pieces.err.text);
	if (whole.references != pieces.references || whole.digest != pieces.digest)
		stop("pieces make another trace", "");
	return 0;
}
