/* SPDX-License-Identifier: MIT */
/*
 * gen_alias.c: the alias method (Walker, Electronics Letters 10, 1974), with the
 * linear-time setup of Vose (IEEE Trans. Softw. Eng. 17, 1991).
 */
#include <math.h>
#include <stdlib.h>

#include "gen_model.h"

/* Fills `weight`, scaled to mean 1. */
static void power_weights(double *weight, uint64_t count, double alpha)
{
	double sum = 0;

	/* Add from the smallest to the largest, to lose less in rounding. */
	for (uint64_t i = count; i-- > 0;) {
		weight[i] = pow((double)(i + 1), -alpha);
		sum += weight[i];
	}
	for (uint64_t i = 0; i < count; i++)
		weight[i] *= (double)count / sum;
}

static uint32_t share(double weight)
{
	const double scaled = weight * 0x1p32;

	return scaled >= 0x1p32 ? UINT32_MAX : (uint32_t)scaled;
}

/* order[0 .. small): values with weights below the mean; order[small .. count): the others. */
static uint64_t split(const double *weight, uint32_t *order, uint64_t count)
{
	uint64_t small = 0, large = count;

	for (uint64_t i = 0; i < count; i++) {
		if (weight[i] < 1)
			order[small++] = (uint32_t)i;
		else
			order[--large] = (uint32_t)i;
	}
	return small;
}

/* Gives each value below the mean a partner that fills the rest of its slot. */
static void pair(struct bel_alias *alias, double *weight, uint32_t *order)
{
	uint64_t small = split(weight, order, alias->count), large = small;

	while (small && large < alias->count) {
		const uint32_t low = order[--small], high = order[large];

		alias->slot[low] = (struct bel_alias_slot){share(weight[low]), high};
		weight[high] -= 1 - weight[low];
		if (weight[high] < 1) {
			order[small++] = high;
			large++;
		}
	}
	/* Values left over because of rounding have the mean weight. */
	while (small) {
		const uint32_t left = order[--small];

		alias->slot[left] = (struct bel_alias_slot){UINT32_MAX, left};
	}
	for (; large < alias->count; large++)
		alias->slot[order[large]] = (struct bel_alias_slot){UINT32_MAX, order[large]};
}

int bel_alias_init_power(struct bel_alias *alias, uint64_t count, double alpha, struct bel_err *err)
{
	double *const weight = malloc(count * sizeof(*weight));
	uint32_t *const order = malloc(count * sizeof(*order));
	int r = 0;

	alias->count = count;
	alias->slot = malloc(count * sizeof(*alias->slot));
	if (weight && order && alias->slot) {
		power_weights(weight, count, alpha);
		pair(alias, weight, order);
	} else {
		r = bel_err_memory(err, "a distribution over that many pages");
		bel_alias_release(alias);
	}
	free(weight);
	free(order);
	return r;
}

void bel_alias_release(struct bel_alias *alias)
{
	free(alias->slot);
	alias->slot = NULL;
}
