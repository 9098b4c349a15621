/* SPDX-License-Identifier: MIT */
/* due_stack.c: memory of a stack of numbers, and the walk. */
#include "due_stack.h"

#include <stdlib.h>
#include <string.h>

enum { LINE = BEL_DUE_LINE, NEAR = BEL_DUE_NEAR, GROUP = LINE * LINE, SPAN = LINE * GROUP };

static uint32_t *all_never(size_t count)
{
	uint32_t *const array = aligned_alloc(LINE * sizeof(*array), count * sizeof(*array));

	if (array)
		memset(array, 0xff, count * sizeof(*array));
	return array;
}

int bel_due_stack_init(struct bel_due_stack *stack, size_t places, struct bel_err *err)
{
	const size_t whole = (places / SPAN + 1) * SPAN;

	*stack = (struct bel_due_stack){
		.number = all_never(whole),
		.latest = {all_never(whole / LINE), all_never(whole / GROUP)},
		.soonest = {all_never(whole / LINE), all_never(whole / GROUP)},
		.groups = whole / GROUP,
	};
	memset(stack->near, 0xff, sizeof(stack->near));
	if (stack->number && stack->latest[0] && stack->latest[1] && stack->soonest[0] &&
		stack->soonest[1])
		return BEL_OK;
	bel_due_stack_release(stack);
	return bel_err_memory(err, "a stack of next uses");
}

void bel_due_stack_release(struct bel_due_stack *stack)
{
	free(stack->number);
	for (unsigned l = 0; l < 2; l++) {
		free(stack->latest[l]);
		free(stack->soonest[l]);
	}
	*stack = (struct bel_due_stack){.groups = 0};
}

/* Whether any number of a line is later than `carry`, or is `now`. */
static inline bool stirs(
	const uint32_t *latest, const uint32_t *soonest, uint32_t now, uint32_t carry)
{
	uint32_t any = 0;

	for (unsigned k = 0; k < LINE; k++)
		any |= (latest[k] > carry) | (soonest[k] == now);
	return any;
}

static inline uint32_t most(const uint32_t *line)
{
	uint32_t latest = 0;

	for (unsigned k = 0; k < LINE; k++)
		latest = line[k] > latest ? line[k] : latest;
	return latest;
}

static inline uint32_t least(const uint32_t *line)
{
	uint32_t soonest = BEL_DUE_NEVER;

	for (unsigned k = 0; k < LINE; k++)
		soonest = line[k] < soonest ? line[k] : soonest;
	return soonest;
}

/* A number walks through a group. Returns 1 + the place of `now` in the group; 0: not here. */
static inline unsigned walk_group(
	struct bel_due_stack *stack, size_t group, uint32_t now, uint32_t *carry)
{
	uint32_t *const latest = stack->latest[0] + group * LINE;
	uint32_t *const soonest = stack->soonest[0] + group * LINE;
	unsigned found = 0;

	for (unsigned l = 0; l < LINE && !found; l++) {
		uint32_t *const line = stack->number + group * GROUP + l * LINE;

		if (latest[l] <= *carry && soonest[l] != now)
			continue;
		found = bel_due_line_sink(line, now, carry);
		latest[l] = most(line);
		soonest[l] = least(line);
		found += found ? l * LINE : 0;
	}
	stack->latest[1][group] = most(latest);
	stack->soonest[1][group] = least(soonest);
	return found;
}

size_t bel_due_stack_walk(struct bel_due_stack *stack, uint32_t now, uint32_t carry)
{
	for (unsigned at = 0; at < NEAR; at += LINE) {
		uint32_t *const line = stack->near + at;
		const unsigned found =
			stirs(line, line, now, carry) ? bel_due_line_sink(line, now, &carry) : 0;

		if (found)
			return at + found;
	}
	for (size_t g = 0; g < stack->groups; g++) {
		unsigned found;

		if (g % LINE == 0 &&
			!stirs(stack->latest[1] + g, stack->soonest[1] + g, now, carry)) {
			g += LINE - 1;
			continue;
		}
		if (stack->latest[1][g] <= carry && stack->soonest[1][g] != now)
			continue;
		found = walk_group(stack, g, now, &carry);
		if (found)
			return NEAR + g * GROUP + found;
	}
	return 0;
}

#if defined(__x86_64__)
/* The latest and the soonest numbers of 16 lines or 16 groups. */
struct bounds {
	__m512i latest, soonest;
};

static inline BEL_AVX512 unsigned stirs_avx512(struct bounds of, uint32_t now, uint32_t carry)
{
	return _mm512_cmpgt_epu32_mask(of.latest, _mm512_set1_epi32((int)carry)) |
	       _mm512_cmpeq_epi32_mask(of.soonest, _mm512_set1_epi32((int)now));
}

/* The largest of all lanes, in every lane. */
static inline BEL_AVX512 __m512i most_avx512(__m512i v)
{
	v = _mm512_max_epu32(v, _mm512_shuffle_i32x4(v, v, 0x4e));
	v = _mm512_max_epu32(v, _mm512_shuffle_i32x4(v, v, 0xb1));
	v = _mm512_max_epu32(v, _mm512_shuffle_epi32(v, 0x4e));
	return _mm512_max_epu32(v, _mm512_shuffle_epi32(v, 0xb1));
}

static inline BEL_AVX512 __m512i least_avx512(__m512i v)
{
	v = _mm512_min_epu32(v, _mm512_shuffle_i32x4(v, v, 0x4e));
	v = _mm512_min_epu32(v, _mm512_shuffle_i32x4(v, v, 0xb1));
	v = _mm512_min_epu32(v, _mm512_shuffle_epi32(v, 0x4e));
	return _mm512_min_epu32(v, _mm512_shuffle_epi32(v, 0xb1));
}

/*
 * A number walks through a group. What it is exchanged for in a line is the line's latest number:
 * so the next carried number is known before the line is processed. The bounds stay in registers: a
 * vector that is read soon after a lane was written waits for the write.
 */
static inline BEL_AVX512 unsigned walk_group_avx512(
	struct bel_due_stack *stack, size_t group, uint32_t now, uint32_t carry, struct bounds *of)
{
	uint32_t *const latest = stack->latest[0] + group * LINE;
	uint32_t *const soonest = stack->soonest[0] + group * LINE;
	const struct bounds was = {_mm512_load_si512(latest), _mm512_load_si512(soonest)};
	unsigned stirred = stirs_avx512(was, now, carry), found = 0;
	struct bounds is = was;

	while (stirred) {
		const unsigned l = (unsigned)__builtin_ctz(stirred);
		const __mmask16 lane = (__mmask16)(1u << l);
		const uint32_t next = latest[l];
		uint32_t *const line = stack->number + group * GROUP + l * LINE;

		found = bel_due_line_sink_avx512(line, now, &carry);
		is.latest = _mm512_mask_mov_epi32(
			is.latest, lane, most_avx512(_mm512_load_si512(line)));
		is.soonest = _mm512_mask_mov_epi32(
			is.soonest, lane, least_avx512(_mm512_load_si512(line)));
		if (found) {
			found += l * LINE;
			break;
		}
		carry = next;
		stirred = stirs_avx512(was, now, carry) & (0xfffeu << l);
	}
	_mm512_store_si512(latest, is.latest);
	_mm512_store_si512(soonest, is.soonest);
	of->latest = most_avx512(is.latest);
	of->soonest = least_avx512(is.soonest);
	return found;
}

BEL_AVX512 size_t bel_due_stack_walk_avx512(
	struct bel_due_stack *stack, uint32_t now, uint32_t carry)
{
	for (unsigned at = 0; at < NEAR; at += LINE) {
		uint32_t *const line = stack->near + at;
		const __m512i numbers = _mm512_load_si512(line);

		if (stirs_avx512((struct bounds){numbers, numbers}, now, carry)) {
			const unsigned found = bel_due_line_sink_avx512(line, now, &carry);

			if (found)
				return at + found;
		}
	}
	for (size_t span = 0; span < stack->groups; span += LINE) {
		uint32_t *const latest = stack->latest[1] + span;
		uint32_t *const soonest = stack->soonest[1] + span;
		const struct bounds was = {_mm512_load_si512(latest), _mm512_load_si512(soonest)};
		unsigned stirred = stirs_avx512(was, now, carry), found = 0;
		struct bounds is = was;

		if (!stirred)
			continue;
		do {
			const unsigned g = (unsigned)__builtin_ctz(stirred);
			const __mmask16 lane = (__mmask16)(1u << g);
			const uint32_t next = latest[g];
			struct bounds group;

			found = walk_group_avx512(stack, span + g, now, carry, &group);
			is.latest = _mm512_mask_mov_epi32(is.latest, lane, group.latest);
			is.soonest = _mm512_mask_mov_epi32(is.soonest, lane, group.soonest);
			if (found) {
				found += g * GROUP;
				break;
			}
			carry = next;
			stirred = stirs_avx512(was, now, carry) & (0xfffeu << g);
		} while (stirred);
		_mm512_store_si512(latest, is.latest);
		_mm512_store_si512(soonest, is.soonest);
		if (found)
			return NEAR + span * GROUP + found;
	}
	return 0;
}
#endif
