/* SPDX-License-Identifier: MIT */
/* valgrind_args.c: makes Valgrind's command line, for lackey and for pagegrind. */
#include "valgrind_args.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "launch.h"
#include "token.h"

static int add(struct bel_valgrind_args *words, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Returns 1 if out of memory, else 0, so that the caller can add up failures. */
static int add(struct bel_valgrind_args *words, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = vasprintf(&words->option[words->count], format, list);
	va_end(list);
	if (length < 0) {
		words->option[words->count] = NULL;
		return 1;
	}
	words->count++;
	return 0;
}

/*
 * Debian's "valgrind" is a script that puts a search path for debugging libraries into the
 * program's environment. The real program is in the same directory.
 */
static int find_valgrind(struct bel_valgrind_args *words, const struct bel_capture_options *options,
	struct bel_err *err)
{
	const size_t size = sizeof(words->valgrind);

	if (bel_launch_find("valgrind.bin", options->search, words->valgrind, size, NULL) == 0 ||
		bel_launch_find("valgrind", options->search, words->valgrind, size, NULL) == 0)
		return 0;
	return bel_fail(err, "valgrind: not found in PATH: bel-capture needs it "
			     "(Debian: apt-get install valgrind)");
}

static int lackey(struct bel_valgrind_args *words)
{
	return add(words, "--tool=lackey") + add(words, "--trace-mem=yes") +
	       add(words, "--basic-counts=no") + add(words, "--trace-syscalls=yes") +
	       add(words, "--trace-sched=yes");
}

static int number(struct bel_valgrind_args *words, const char *name, uint64_t value)
{
	return value ? add(words, "--%s=%llu", name, (unsigned long long)value) : 0;
}

static int text(struct bel_valgrind_args *words, const char *name, const char *value)
{
	return value ? add(words, "--%s=%s", name, value) : 0;
}

/* Adds the absolute path of the program's file. */
static int program(struct bel_valgrind_args *words, const struct bel_capture_options *options)
{
	char path[PATH_MAX], real[PATH_MAX];

	/* A program that is not found is not started; the error is reported then. */
	if (bel_launch_find(options->argv[0], options->search, path, sizeof(path), NULL) < 0 ||
		!realpath(path, real))
		return 0;
	return text(words, "program", real);
}

static int pagegrind(struct bel_valgrind_args *words, const struct bel_capture_options *options)
{
	const struct bel_capture_region *const region = &options->region;
	const unsigned bits =
		options->granule_bits >= BEL_TOKEN_GRANULE_LEAST ? options->granule_bits : 0;

	return add(words, "--tool=pagegrind") + add(words, "-q") + program(words, options) +
	       add(words, "--granule-bits=%u", bits) +
	       add(words, "--first-byte=%s", options->first_byte ? "yes" : "no") +
	       add(words, "--children=%s", options->children ? "yes" : "no") +
	       add(words, "--kernel=%s", options->kernel ? "yes" : "no") +
	       (options->near_pages
			       ? add(words, "--stacks=yes") + add(words, "--vex-guest-chase=no")
			       : 0) +
	       number(words, "skip", options->skip) + number(words, "limit", options->limit) +
	       number(words, "window", region->window) + number(words, "period", region->period) +
	       number(words, "kinds", region->kinds) + text(words, "from-mark", region->from_mark) +
	       text(words, "to-mark", region->to_mark) +
	       text(words, "from-fn", region->from_function);
}

int bel_valgrind_args_init(struct bel_valgrind_args *words,
	const struct bel_capture_options *options, const char *directory, struct bel_err *err)
{
	int missing;

	memset(words, 0, sizeof(*words));
	if (options->pagegrind)
		snprintf(words->valgrind, sizeof(words->valgrind), "%s", options->pagegrind);
	else if (find_valgrind(words, options, err) < 0)
		return BEL_FAIL;
	missing = options->pagegrind ? pagegrind(words, options) : lackey(words);
	missing += add(words, "--%s=%s/%%p", options->pagegrind ? "stream" : "log-file", directory);
	if (options->pagegrind)
		missing += add(words, "--log-pipe=%s/0", directory);
	/*
	 * The user's options for other tools (VALGRIND_OPTS, .valgrindrc) may be unknown to ours.
	 */
	missing += add(words, "--command-line-only=yes");
	missing += add(words, "--sigill-diagnostics=yes");
	missing += add(words, "--vgdb=no");
#ifdef __aarch64__
	/*
	 * Between LDXR and STXR a tool's own stores may clear the monitor, and then the program would
	 * repeat the two for ever (Valgrind's bug 369459). This hint makes Valgrind emulate them.
	 */
	missing += add(words, "--sim-hints=fallback-llsc");
#endif
	missing += add(words, "--trace-children=%s", options->children ? "yes" : "no");
	if (!options->children)
		missing += add(words, "--child-silent-after-fork=yes");
	return missing ? bel_err_memory(err, "Valgrind's options") : 0;
}

void bel_valgrind_args_release(struct bel_valgrind_args *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->option[i]);
	memset(words, 0, sizeof(*words));
}
