/* SPDX-License-Identifier: MIT */
/*
 * belady.h: page faults of traces, as a library: what bel-info, bel-sim, bel-curve and bel-vm
 * compute, for C, C++ and whoever calls C. libbelady(3) is the manual; build with pkg-config.
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
 * Ownership: texts that are passed in are read during the call, or copied. Texts, runs and JSON
 *            that are handed out belong to the library; each function says how long they last.
 * Units:     a frame holds one page; times and lengths are in references; sizes are in bytes.
 * Errors:    negative enum bel_code, with *err filled (error.h; err may be NULL). The library
 *            prints nothing, never exits, reads no environment variable and touches no signal.
 * Threads:   the library has no state of its own. A trace is used by one thread at a time; other
 *            threads may use other traces at the same time.
 * ABI:       structures begin with their size, which the caller sets, and grow at the end only. A
 *            member that is set and that an older library does not know is an error.
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

struct bel_policy; /* policy.h, which is for C alone */
struct bel_decision;

BEL_API const char *bel_version(void);      /* "0.1.0" */
BEL_API const char *bel_strerror(int code); /* what an enum bel_code means; never NULL */

/* ---- traces ---- */

struct bel_trace;

enum bel_trace_flag {
	BEL_TRACE_FIRST_BYTE = 0x1, /* a reference that crosses pages counts at its first alone */
	BEL_TRACE_SALVAGE = 0x2,    /* a damaged trace is read up to the damage */
};

/* Zero members stand for the default. The options of the tools with these names do the same. */
struct bel_trace_settings {
	uint32_t size;       /* sizeof(struct bel_trace_settings) */
	uint32_t flags;      /* enum bel_trace_flag */
	uint64_t page_bytes; /* a power of two; 0: as the trace was folded, else 4096 */
	const char *format;  /* "bel", "lackey", "csv", ...; NULL: recognise it */
	const char *name;    /* what records call the trace */
	const char *columns, *separator, *kinds; /* of csv */
	uint64_t unit_bytes;                     /* of formats of page numbers; 0: 4096 */
	uint64_t max_bad;                        /* bad lines of text that are skipped */
};

/*
 * Opens a trace: a file, compressed or not, or "-", standard input. A regular file is read again by
 * each function below; what is no regular file is read once, by the first of them.
 */
BEL_API int bel_trace_open(struct bel_trace **trace, const char *path,
	const struct bel_trace_settings *settings, struct bel_err *err);

/* The same for a file's bytes in memory, which are copied: "7 0 1 2 0 3" is a trace. */
BEL_API int bel_trace_open_memory(struct bel_trace **trace, const void *bytes, size_t count,
	const struct bel_trace_settings *settings, struct bel_err *err);

BEL_API void bel_trace_close(struct bel_trace *trace); /* NULL is allowed */

/*
 * What a careful caller should know: the format was guessed, lines were skipped, or the trace ended
 * early. NULL: nothing. About the last reading; valid until the next call with the trace.
 */
BEL_API const char *bel_trace_warning(const struct bel_trace *trace);

struct bel_trace_counts {
	uint32_t size; /* sizeof(struct bel_trace_counts), set by the caller */
	uint32_t page_bits;
	uint64_t references, pages;
	uint64_t writes; /* references that write: stores, modifies, the kernel's stores */
	uint64_t page_bytes;
};

/* Reads the whole trace. */
BEL_API int bel_trace_count(
	struct bel_trace *trace, struct bel_trace_counts *counts, struct bel_err *err);

/*
 * The next piece of the trace: 1 with *count runs (run.h) at *runs, 0 at its end, or negative. They
 * last until the next call with the trace. Any other function that reads the trace begins anew,
 * and so does the next call of this one then, and after bel_trace_rewind().
 */
BEL_API int bel_trace_next(
	struct bel_trace *trace, const struct bel_run **runs, size_t *count, struct bel_err *err);
BEL_API void bel_trace_rewind(struct bel_trace *trace);

/*
 * Where a page of the last piece or an earlier one is: 1 with the address of its first byte and
 * the number of its address space (either may be NULL), 0: no such page was read yet.
 */
BEL_API int bel_trace_page(
	const struct bel_trace *trace, uint32_t page, uint64_t *address, uint32_t *space);

/* ---- how to compute ---- */

/* Zero members stand for the default; where a function takes settings, NULL is all defaults. */
struct bel_settings {
	uint32_t size;         /* sizeof(struct bel_settings) */
	uint32_t threads;      /* at most 4096; 0: one for each processor */
	uint64_t seed;         /* of policies that draw random numbers, below 2^63; 0: 1 */
	uint64_t memory_bytes; /* of a trace that must be kept; 0: 1 GiB; the rest goes to ... */
	const char *temp_dir;  /* ... a nameless file there; NULL: /var/tmp */
	uint64_t interval;     /* also a record for every so many references; 0: none */
	/*
	 * Policies of the program, NULL behind the last: found by their names before all others.
	 * They live until the call returns, and may be called from several threads at once, an
	 * instance from one at a time.
	 */
	const struct bel_policy *const *policies;
	/* Called now and then while a trace is read; fraction is negative if it is not known. */
	void (*progress)(void *host, uint64_t references, double fraction);
	void *progress_host;
};

/*
 * Takes a record as one line of JSON without a newline, valid until it returns. What is in it:
 * the JSON Schemas in $(pkg-config --variable=schemadir belady). Other than 0: no more records;
 * the function that called it returns BEL_NO.
 */
typedef int (*bel_record_taker)(void *host, const char *json);

/* ---- policies ---- */

/* The built-in policies in order of name: index 0, 1, ...; NULL past the last. Static. */
BEL_API const struct bel_policy *bel_policy_at(size_t index);

/* Its name, and what it is in one line; static. For callers without policy.h. */
BEL_API const char *bel_policy_name(const struct bel_policy *policy);
BEL_API const char *bel_policy_title(const struct bel_policy *policy);

/*
 * Inside the fault hook of a policy in another language: the inline functions bel_resident() and
 * bel_evict() of policy.h.
 */
BEL_API uint64_t bel_out_resident(const struct bel_decision *out);
BEL_API uint8_t bel_out_evict(struct bel_decision *out, uint32_t page);

/* ---- simulation ---- */

struct bel_counts {
	uint32_t size; /* sizeof(struct bel_counts), set by the caller */
	uint32_t reserved;
	uint64_t references, hits, faults;
	uint64_t cold_faults; /* on pages never referenced before; "compulsory_faults" in records */
	uint64_t evictions, writebacks;
	uint64_t dirty_at_end; /* resident pages that are not written back yet */
	uint64_t peak_resident_pages;
	double mean_resident_pages; /* over references */
};

/*
 * One policy ("lru", "clock:bit=0", "./mine.so") with so many frames. A variable-space policy (ws)
 * sizes itself, and `frames` is ignored.
 */
BEL_API int bel_simulate(struct bel_trace *trace, const char *policy, uint64_t frames,
	const struct bel_settings *settings, struct bel_counts *counts, struct bel_err *err);

/*
 * Each of the policies ("fifo,lru,opt") with each number of frames ("8,16", "4:256:*2", "10%",
 * "all") in one reading: records belady.run/1, with an interval also belady.interval/1.
 */
BEL_API int bel_simulate_records(struct bel_trace *trace, const char *policies, const char *frames,
	const struct bel_settings *settings, bel_record_taker take, void *host,
	struct bel_err *err);

/* ---- curves ---- */

struct bel_curve_points;

struct bel_curve_point {
	uint32_t size;     /* sizeof(struct bel_curve_point), set by the caller */
	uint32_t windowed; /* of ws and vmin: x is a window */
	uint64_t x;        /* frames, or references of the window */
	uint64_t faults;
	uint64_t writebacks;        /* UINT64_MAX: not computed */
	double mean_resident_pages; /* negative: not computed */
};

/*
 * The faults of one policy at the given numbers of frames, as for bel_simulate_records(). NULL or
 * "all": every one, or as many as describe the curve. *points is the caller's to free.
 */
BEL_API int bel_curve(struct bel_curve_points **points, struct bel_trace *trace, const char *policy,
	const char *frames, const struct bel_settings *settings, struct bel_err *err);
BEL_API size_t bel_curve_points_count(const struct bel_curve_points *points);

/* By ascending x: 1; 0 past the last. */
BEL_API int bel_curve_points_at(
	const struct bel_curve_points *points, size_t index, struct bel_curve_point *point);
BEL_API void bel_curve_points_free(struct bel_curve_points *points); /* NULL is allowed */

/* Records belady.curve/1, with an interval also belady.curve-interval/1. */
BEL_API int bel_curve_records(struct bel_trace *trace, const char *policies, const char *frames,
	const struct bel_settings *settings, bel_record_taker take, void *host,
	struct bel_err *err);

/* ---- machines, and what is in a trace ---- */

/*
 * A virtual-memory machine, by options of bel-vm(1) ("-p lru -f 64 --tlb 64:4"; NULL: none):
 * records belady.vm/1 and belady.vm-process/1, with an interval also belady.vm-interval/1. Not
 * --mix, --degree, --jobs, --memory: settings say how to compute.
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
