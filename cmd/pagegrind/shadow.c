/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow.c: the call stack of each thread, kept by stack pointers, and its tokens in the stream.
 *
 * Code that ends in a call, a return or an indirect jump leaves a raw record with the stack pointer
 * behind it. A frame is a call that has not returned. It ends when the stack pointer is above it:
 * so a longjmp, an exception or a tail call ends as many frames as it should. Indirect jumps
 * matter because longjmp is one.
 *
 * A signal is a call from the place that it interrupts. A handler on an alternative stack has other
 * stack pointers than the frames below it: while they are in that stack, these frames stay.
 *
 * The reader has a copy of the running thread's stack. `told` frames of it were sent, and `same` of
 * these are still there. They differ only while nothing is recorded.
 */
#include "pub_tool_machine.h"
#include "pub_tool_threadstate.h"
#include "tracer.h"

#define DEPTH_MOST (1u << 20) /* deeper calls are not frames of their own */
#define SIGNAL 0x80000000u
#define RED_ZONE 128 /* bytes below the stack pointer that a signal's frame leaves alone */

#if defined(VGA_arm64)
#define STORES_RETURN 0
#else
#define STORES_RETURN 1
#endif

struct frame {
	Addr sp;    /* the callee's frames are below */
	UInt place; /* of the call; SIGNAL: of what a signal interrupted */
};

struct shadow {
	struct frame *frame;
	UInt depth, capacity;
	UInt floor; /* frames that stay while the stack pointer is in the alternative stack */
	Addr low;   /* the alternative stack, if floor is not 0 */
	SizeT bytes;
};

static struct shadow *shadows; /* by thread */
static struct shadow *now;     /* the running thread's */
static UInt told, same;

static void cut(UInt depth)
{
	now->depth = depth;
	if (same > depth)
		same = depth;
}

/* Ends the frames that a stack pointer has left. A call also ends those at its own address. */
static void leave(Addr sp, Bool calls, Bool returns)
{
	/* On amd64 a call stores its return address: a live frame is above it. */
	const Addr above = calls && STORES_RETURN ? sp : sp - 1;
	UInt depth = now->depth;

	if (now->floor && sp - now->low >= now->bytes)
		now->floor = 0; /* by siglongjmp */
	while (depth > now->floor && now->frame[depth - 1].sp <= above)
		depth--;
	/* On arm64 the frame of a call is at the stack pointer behind its return. */
	if (!STORES_RETURN && returns && depth > now->floor && now->frame[depth - 1].sp == sp)
		depth--;
	cut(depth);
}

static void push(Addr sp, UInt place)
{
	if (now->depth == DEPTH_MOST)
		return;
	if (now->depth == now->capacity) {
		now->capacity = now->capacity ? 2 * now->capacity : 256;
		now->frame = VG_(realloc)(
			"pagegrind.shadow", now->frame, now->capacity * sizeof(*now->frame));
	}
	now->frame[now->depth++] = (struct frame){sp, place};
}

void shadow_follow(const ULong *record)
{
	const UInt kind = record_operands(record);

	leave(record[1], kind == RECORD_CALL, kind == RECORD_RETURN);
	if (kind == RECORD_CALL)
		push(record[1], record_block(record));
}

void shadow_tell(void)
{
	if (told > same) {
		wire_byte(BEL_TOKEN_RETURNS);
		wire_number(told - same);
	}
	for (; same < now->depth; same++) {
		const UInt place = now->frame[same].place & ~SIGNAL;

		place_report(place);
		wire_byte(BEL_TOKEN_ENTER);
		wire_number(place);
	}
	told = same;
}

UChar *shadow_record(const ULong *record, UChar *to)
{
	UInt place;

	shadow_follow(record);
	if (told == now->depth && same == told)
		return to;
	if (told - same == 1 && now->depth == same) {
		*to++ = BEL_TOKEN_RETURN;
		told = same;
		return to;
	}
	place = record_block(record);
	if (told == same && now->depth == same + 1 && place < 1u << 21 && place_known(place)) {
		*to++ = BEL_TOKEN_ENTER;
		*to++ = place | 0x80;
		*to++ = place >> 7 | 0x80;
		*to++ = place >> 14;
		told = same = now->depth;
		return to;
	}
	wire_end(to);
	shadow_tell();
	return wire_begin(RAW_WORDS + RAW_MARGIN);
}

void shadow_switch(ThreadId thread)
{
	if (!settings.stacks)
		return;
	now = &shadows[thread];
	told = same = 0;
}

void shadow_forget(void)
{
	told = same = 0;
}

void shadow_thread(ThreadId thread)
{
	if (!settings.stacks)
		return;
	shadows[thread].depth = 0;
	shadows[thread].floor = 0;
	if (now == &shadows[thread])
		same = 0;
}

static void signal_begins(ThreadId thread, Int number, Bool other_stack)
{
	struct shadow *const before = now;

	(void)number;
	catch_up();
	now = &shadows[thread];
	push(VG_(get_SP)(thread) - RED_ZONE, place_number(VG_(get_IP)(thread)) | SIGNAL);
	if (other_stack) {
		now->floor = now->depth;
		now->low = VG_(thread_get_altstack_min)(thread);
		now->bytes = VG_(thread_get_altstack_size)(thread);
	}
	now = before;
	drain_tell();
}

/* Not called if the handler ends in siglongjmp. */
static void signal_ends(ThreadId thread, Int number)
{
	struct shadow *const its = &shadows[thread];
	UInt depth = its->depth;

	(void)number;
	catch_up();
	while (depth > 0 && !(its->frame[depth - 1].place & SIGNAL))
		depth--;
	if (depth == 0)
		return;
	its->depth = depth - 1;
	if (its->floor > its->depth)
		its->floor = 0;
	if (its == now)
		cut(its->depth);
	drain_tell();
}

void shadow_init(void)
{
	if (!settings.stacks)
		return;
	VG_(clo_show_below_main) = True;
	places_init();
	shadows = VG_(calloc)("pagegrind.shadow", VG_N_THREADS, sizeof(*shadows));
	now = &shadows[1];
	VG_(track_pre_deliver_signal)(signal_begins);
	VG_(track_post_deliver_signal)(signal_ends);
}
