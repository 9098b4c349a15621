/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pagegrind.c: the Valgrind tool that bel-capture runs programs under: options, and the core. */
#include "pub_tool_libcproc.h"
#include "pub_tool_machine.h"
#include "pub_tool_threadstate.h"
#include "pub_tool_transtab.h"
#include "tracer.h"

/* In Valgrind's library, but not in its headers for tools: true while no translated code runs. */
extern Bool VG_(ok_to_discard_translations);

/*
 * Also only in the library. Its first member is the descriptor for Valgrind's messages; -1: none.
 */
extern struct {
	Int fd;
} VG_(log_output_sink);

struct settings settings = {
	.granule_bits = 12,
	.children = True,
	.kinds = ~0u,
};

static const ULong *raw_end = raw; /* while no thread runs */
static ThreadId running;           /* otherwise the pointer is in its shadow state */
static ThreadId reported;          /* the thread last reported in the stream; 0: none */
static Bool instrumented;          /* whether present translations are instrumented */

static struct {
	const ULong *end;
	ULong progress;
} shadow;

void catch_up(void)
{
	if (running)
		VG_(get_shadow_regs_area)
	(running, (UChar *)&raw_end, 1, 0, sizeof(raw_end));
	drain(raw_end);
	raw_end = raw;
	if (running)
		VG_(set_shadow_regs_area)
	(running, 1, 0, sizeof(raw_end), (UChar *)&raw_end);
}

/* Discards translations of the other kind. */
void renew_translations(void)
{
	const Bool allowed = VG_(ok_to_discard_translations);

	if (instrumented == drain_interested())
		return;
	instrumented = !instrumented;
	VG_(ok_to_discard_translations) = True;
	VG_(discard_translations_safely)(0, ~(SizeT)0, "pagegrind");
	VG_(ok_to_discard_translations) = allowed;
}

static void starts(ThreadId thread, ULong blocks)
{
	(void)blocks;
	if (!reported)
		syscalls_start(thread);
	if (reported != thread) {
		catch_up();
		wire_byte(BEL_TOKEN_THREAD);
		wire_number(thread);
		reported = thread;
		shadow_switch(thread);
		drain_tell();
	}
	shadow.end = raw_end;
	shadow.progress = 0;
	VG_(set_shadow_regs_area)(thread, 1, 0, sizeof(shadow), (UChar *)&shadow);
	running = thread;
}

static void stops(ThreadId thread, ULong blocks)
{
	(void)blocks;
	VG_(get_shadow_regs_area)(thread, (UChar *)&shadow, 1, 0, sizeof(shadow));
	running = 0;
	raw_end = shadow.end;
	/* A fault ended the record. */
	if (shadow.progress) {
		catch_up();
		drain_piece(shadow.end, shadow.progress);
	}
}

static Bool option(const HChar *text)
{
	Long number;

	if (VG_INT_CLO(text, "--skip", number))
		settings.skip = number;
	else if (VG_INT_CLO(text, "--limit", number))
		settings.limit = number;
	else if (VG_INT_CLO(text, "--window", number))
		settings.window = number;
	else if (VG_INT_CLO(text, "--period", number))
		settings.period = number;
	else if (VG_INT_CLO(text, "--kinds", number))
		settings.kinds = number;
	else
		return VG_STR_CLO(text, "--stream", settings.stream) ||
		       VG_STR_CLO(text, "--log-pipe", settings.log_pipe) ||
		       VG_STR_CLO(text, "--program", settings.program) ||
		       VG_BINT_CLO(text, "--granule-bits", settings.granule_bits, 0, 40) ||
		       VG_BOOL_CLO(text, "--first-byte", settings.first_byte) ||
		       VG_BOOL_CLO(text, "--kernel", settings.kernel) ||
		       VG_BOOL_CLO(text, "--children", settings.children) ||
		       VG_BOOL_CLO(text, "--stacks", settings.stacks) ||
		       VG_STR_CLO(text, "--from-mark", settings.from_mark) ||
		       VG_STR_CLO(text, "--to-mark", settings.to_mark) ||
		       VG_STR_CLO(text, "--from-fn", settings.from_function);
	return True;
}

static void usage(void)
{
	VG_(printf)("    --stream=FILE      where tokens go (token.h); bel-capture reads them\n");
}

static void no_debug_usage(void)
{
}

static void options_known(void)
{
	if (!settings.stream) {
		VG_(umsg)("--stream is missing: run bel-capture, which starts pagegrind\n");
		VG_(exit)(1);
	}
	/* Standard error belongs to the program. */
	if (VG_(clo_verbosity) == 0)
		VG_(log_output_sink).fd = wire_log();
	blocks_init();
	shadow_init();
	syscalls_options();
	wire_open(False);
	drain_init();
	instrumented = drain_interested();
}

static void ends(Int status)
{
	(void)status;
	catch_up();
	drain_end();
	wire_byte(BEL_TOKEN_END);
	wire_number(BEL_TOKEN_EXITED);
	wire_number(0);
	wire_flush();
}

static void prepare(void)
{
	VG_(details_name)("pagegrind");
	VG_(details_version)(NULL);
	VG_(details_description)("records memory references for belady");
	VG_(details_copyright_author)("Part of belady; GPL-2.0-or-later, as Valgrind.");
	VG_(details_bug_reports_to)("the authors of belady");
	VG_(details_avg_translation_sizeB)(300);
	VG_(basic_tool_funcs)(options_known, instrument, ends);
	VG_(needs_command_line_options)(option, usage, no_debug_usage);
	VG_(track_start_client_code)(starts);
	VG_(track_stop_client_code)(stops);
	syscalls_init();
}

VG_DETERMINE_INTERFACE_VERSION(prepare)
