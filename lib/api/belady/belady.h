/* SPDX-License-Identifier: MIT */
/*
 * belady.h: page faults of traces, as a library. It computes what bel-info, bel-sim, bel-curve and
 * bel-vm compute, for C, C++ and any language that can call C. The manual is libbelady(3); build
 * with pkg-config.
 *
 *	struct bel_trace *trace;
 *	struct bel_counts counts = {.size = sizeof(counts)};
 *	struct bel_err err;
 *
 *	if (bel_trace_open(&trace, "ls.bel", NULL, &err) < 0 ||
 *		bel_simulate(trace, "lru", 64, NULL, &counts, &err) < 0)
 *		... err.text ...
 *	bel_trace_close(trace);
 *
 * Ownership: the library reads texts that it is given during the call, or copies them. Texts, runs
 *            and JSON that it hands out belong to the library; each function says how long they
 *            are valid.
 * Units:     a frame holds one page; times and lengths are in references; sizes are in bytes.
 * Errors:    a negative enum bel_code, with *err filled (error.h; err may be NULL). The library
 *            prints nothing, never exits, reads no environment variable and changes no signal.
 * Threads:   the library has no state of its own. A trace is used by one thread at a time; other
 *            threads may use other traces at the same time.
 * ABI:       structures begin with their size, which the caller sets, and grow only at the end. If
 *            the caller sets a member that an older library does not have, that is an error.
 *            Functions and constants keep their meaning as long as the library is
 *            libbelady.so.0. Exported names begin with bel_.
 */
#ifndef BELADY_BELADY_H
#define BELADY_BELADY_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "run.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BEL_API __attribute__((visibility("default")))

struct bel_policy; /* defined in policy.h, which is C only */
struct bel_decision;

BEL_API const char *bel_version(void);      /* "1.0.0" */
BEL_API const char *bel_strerror(int code); /* what an enum bel_code means; never NULL */

/* ---- traces ---- */

struct bel_trace;

enum bel_trace_flag {
	BEL_TRACE_FIRST_BYTE = 0x1, /* a reference that crosses pages counts only on the first */
	BEL_TRACE_SALVAGE = 0x2,    /* a damaged trace is read up to the damage */
};

/* Zero is the default of every member. The tools have options of the same names. */
struct bel_trace_settings {
	uint32_t size;       /* sizeof(struct bel_trace_settings) */
	uint32_t flags;      /* enum bel_trace_flag */
	uint64_t page_bytes; /* a power of two; 0: the trace's own page size, else 4096 */
	const char *format;  /* "bel", "lackey", "csv", ...; NULL: recognise it */
	const char *name;    /* name of the trace in records */
	const char *columns, *separator, *kinds; /* for format csv */
	uint64_t unit_bytes; /* bytes for each page number in the trace; 0: 4096 */
	uint64_t max_bad;    /* lines of text without a reference that may be skipped */
};

/*
 * Opens a trace: a file, compressed or not, or "-" for standard input. Each function below reads a
 * regular file again from its start. A pipe can be read only once, by the first of them.
 */
BEL_API int bel_trace_open(struct bel_trace **trace, const char *path,
	const struct bel_trace_settings *settings, struct bel_err *err);

/* The same for the bytes of a file in memory, which are copied. "7 0 1 2 0 3" is a trace. */
BEL_API int bel_trace_open_memory(struct bel_trace **trace, const void *bytes, size_t count,
	const struct bel_trace_settings *settings, struct bel_err *err);

BEL_API void bel_trace_close(struct bel_trace *trace); /* NULL is allowed */

/*
 * A warning about the last reading: the format was guessed, lines were skipped, or the trace ended
 * early. NULL: no warning. Valid until the next call with the trace.
 */
BEL_API const char *bel_trace_warning(const struct bel_trace *trace);

struct bel_trace_counts {
	uint32_t size; /* sizeof(struct bel_trace_counts), set by the caller */
	uint32_t page_bits;
	uint64_t references, pages;
	uint64_t writes; /* references that write: stores and modifies, also by the kernel */
	uint64_t page_bytes;
};

/* Reads the whole trace. */
BEL_API int bel_trace_count(
	struct bel_trace *trace, struct bel_trace_counts *counts, struct bel_err *err);

/*
 * Reads the next part of the trace: 1 with *count runs (run.h) at *runs, 0 at the end, or negative.
 * The runs are valid until the next call with the trace. After bel_trace_rewind(), or after any
 * other function that reads the trace, the next call starts again at the beginning.
 */
BEL_API int bel_trace_next(
	struct bel_trace *trace, const struct bel_run **runs, size_t *count, struct bel_err *err);
BEL_API void bel_trace_rewind(struct bel_trace *trace);

/*
 * Where a page lies that bel_trace_next() has read: 1 with the address of its first byte and the
 * number of its address space (either pointer may be NULL). 0: no such page was read yet.
 */
BEL_API int bel_trace_page(
	const struct bel_trace *trace, uint32_t page, uint64_t *address, uint32_t *space);

/* ---- how to compute ---- */

/* Zero is the default of every member. Where a function takes settings, NULL means all defaults. */
struct bel_settings {
	uint32_t size;         /* sizeof(struct bel_settings) */
	uint32_t threads;      /* at most 4096; 0: one for each processor */
	uint64_t seed;         /* for policies that draw random numbers, below 2^63; 0: 1 */
	uint64_t memory_bytes; /* for a trace that must be kept; 0: 1 GiB */
	const char *temp_dir;  /* for a nameless file with the rest of it; NULL: /var/tmp */
	uint64_t interval;     /* in references: also a record for each interval; 0: none */
	/*
	 * Policies of the calling program; NULL after the last. Their names are looked up before
	 * all others. They must be valid until the call returns. Several threads may call a policy
	 * at once, but only one thread at a time calls an instance.
	 */
	const struct bel_policy *const *policies;
	/* Called from time to time while a trace is read; fraction < 0: not known. */
	void (*progress)(void *host, uint64_t references, double fraction);
	void *progress_host;
};

/*
 * Gets a record as one line of JSON without a newline, valid until this returns. Its members are
 * described by the JSON Schemas in $(pkg-config --variable=schemadir belady). If this returns
 * anything but 0, no more records come, and the function that called it returns BEL_NO.
 */
typedef int (*bel_record_taker)(void *host, const char *json);

/* ---- policies ---- */

/* The built-in policies, sorted by name: index 0, 1, ...; NULL after the last. Static. */
BEL_API const struct bel_policy *bel_policy_at(size_t index);

/* The name and the one-line title of a policy; static. For callers without policy.h. */
BEL_API const char *bel_policy_name(const struct bel_policy *policy);
BEL_API const char *bel_policy_title(const struct bel_policy *policy);

/*
 * bel_resident() and bel_evict() of policy.h, which are inline, for policies in other languages. To
 * be called only in a hook of the policy.
 */
BEL_API uint64_t bel_out_resident(const struct bel_decision *out);
BEL_API uint8_t bel_out_evict(struct bel_decision *out, uint32_t page);

/* ---- simulation ---- */

struct bel_counts {
	uint32_t size; /* sizeof(struct bel_counts), set by the caller */
	uint32_t reserved;
	uint64_t references, hits, faults;
	uint64_t compulsory_faults; /* first references to pages: no policy avoids them */
	uint64_t evictions, writebacks;
	uint64_t dirty_at_end; /* resident pages that were not written back yet */
	uint64_t peak_resident_pages;
	double mean_resident_pages; /* mean over all references */
};

/*
 * Simulates one policy ("lru", "clock:bit=0", "./mine.so") with a number of frames. `frames` is
 * ignored for variable-space policies (ws), which size their resident set themselves.
 */
BEL_API int bel_simulate(struct bel_trace *trace, const char *policy, uint64_t frames,
	const struct bel_settings *settings, struct bel_counts *counts, struct bel_err *err);

/*
 * Simulates each policy ("fifo,lru,opt") with each number of frames ("8,16", "4:256:*2", "10%",
 * "all") in one reading. Records: belady.run/1, and with an interval belady.interval/1 and
 * belady.mark/1.
 */
BEL_API int bel_simulate_records(struct bel_trace *trace, const char *policies, const char *frames,
	const struct bel_settings *settings, bel_record_taker take, void *host,
	struct bel_err *err);

/* ---- curves ---- */

struct bel_curve_points;

struct bel_curve_point {
	uint32_t size;     /* sizeof(struct bel_curve_point), set by the caller */
	uint32_t windowed; /* 1: x is a window (ws, vmin) */
	uint64_t x;        /* frames, or the window in references */
	uint64_t faults;
	uint64_t writebacks;        /* UINT64_MAX: not computed */
	double mean_resident_pages; /* negative: not computed */
};

/*
 * The faults of one policy at the given numbers of frames, written as for bel_simulate_records().
 * NULL or "all": every number, or as many as describe the curve. The caller frees *points.
 */
BEL_API int bel_curve(struct bel_curve_points **points, struct bel_trace *trace, const char *policy,
	const char *frames, const struct bel_settings *settings, struct bel_err *err);
BEL_API size_t bel_curve_points_count(const struct bel_curve_points *points);

/* The points in ascending order of x: 1; 0 after the last. */
BEL_API int bel_curve_points_at(
	const struct bel_curve_points *points, size_t index, struct bel_curve_point *point);
BEL_API void bel_curve_points_free(struct bel_curve_points *points); /* NULL is allowed */

/* Records: belady.curve/1, and with an interval belady.curve-interval/1. */
BEL_API int bel_curve_records(struct bel_trace *trace, const char *policies, const char *frames,
	const struct bel_settings *settings, bel_record_taker take, void *host,
	struct bel_err *err);

/* ---- machines, and descriptions of traces ---- */

/*
 * Runs a virtual-memory machine, described by options of bel-vm(1) ("-p lru -f 64 --tlb 64:4";
 * NULL: no options). Records: belady.vm/1, belady.vm-process/1, and with an interval
 * belady.vm-interval/1 and belady.mark/1. --mix, --degree, --jobs and --trace-memory are
 * refused; `settings` has threads and memory.
 */
BEL_API int bel_machine_records(struct bel_trace *trace, const char *options,
	const struct bel_settings *settings, bel_record_taker take, void *host,
	struct bel_err *err);

/* One record belady.info/1. */
BEL_API int bel_info_records(
	struct bel_trace *trace, bel_record_taker take, void *host, struct bel_err *err);

#ifdef __cplusplus
}
#endif

#endif
