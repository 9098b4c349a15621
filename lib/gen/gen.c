/* SPDX-License-Identifier: MIT */
/*
 * gen.c: finds the model, resolves the user's options, and gives the references.
 */
#include "gen.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "gen_model.h"
#include "gen_slice.h"
#include "number.h"
#include "source_slice.h"

#define ALPHA_MAX 100
#define TABLE_PAGES_MAX (UINT64_C(1) << 31) /* for models that have a table of pages */
#define PAGES_MAX (UINT64_C(1) << 48)

enum {
	DEFAULT_REFERENCES = 100000,
	DEFAULT_PAGES = 1000,
	DEFAULT_LOCALITY = 50,
	DEFAULT_PHASE = 2000,
};

struct bel_gen {
	const struct bel_gen_model *model;
	struct bel_gen_setup setup; /* resolved */
	void *state;
	struct bel_rng pages, writes;
	uint64_t write_below; /* a draw of 53 bits below this is a write */
	uint64_t now;
	struct bel_access *list; /* strings */
	uint64_t from;           /* of the slice */
	struct bel_gen_cut cut;
	char *command;
};

static const struct bel_gen_model *const tables[] = {
	bel_gen_strings, bel_gen_simple, bel_gen_random};

static const struct bel_gen_model *model_at(size_t index)
{
	for (size_t t = 0; t < sizeof(tables) / sizeof(*tables); t++) {
		const struct bel_gen_model *model = tables[t];

		for (; model->name; model++) {
			if (!index--)
				return model;
		}
	}
	return NULL;
}

const char *bel_gen_model_name(size_t index, const char **title)
{
	const struct bel_gen_model *const model = model_at(index);

	if (!model)
		return NULL;
	*title = model->title;
	return model->name;
}

static const struct bel_gen_model *find(const char *name, struct bel_err *err)
{
	const struct bel_gen_model *model;
	char known[400] = "";

	for (size_t i = 0; (model = model_at(i)); i++) {
		const size_t length = strlen(known);

		if (!strcmp(model->name, name))
			return model;
		snprintf(
			known + length, sizeof(known) - length, "%s%s", i ? ", " : "", model->name);
	}
	bel_usage(err, "unknown model '%s' (known: %s)", name, known);
	return NULL;
}

/* Resolves a number of the setup: sets the default, or checks that the model uses it. */
static int resolve(uint64_t *value, uint64_t standard, bool used, const struct bel_gen_model *model,
	const char *option, struct bel_err *err)
{
	if (*value == BEL_GEN_UNSET)
		*value = standard;
	else if (!used)
		return bel_usage(err, "model '%s' does not use %s", model->name, option);
	else if (!*value)
		return bel_usage(err, "%s: must be at least 1", option);
	return 0;
}

static int resolve_reals(struct bel_gen *gen, struct bel_err *err)
{
	const struct bel_gen_model *const model = gen->model;
	struct bel_gen_setup *const s = &gen->setup;

	if (s->alpha == BEL_GEN_UNSET_REAL)
		s->alpha = 1;
	else if (!(model->uses & BEL_GEN_ALPHA))
		return bel_usage(err, "model '%s' does not use --alpha", model->name);
	else if (!(s->alpha >= 0 && s->alpha <= ALPHA_MAX))
		return bel_usage(err, "--alpha: %g is not between 0 and %d", s->alpha, ALPHA_MAX);
	if (s->write_ratio == BEL_GEN_UNSET_REAL)
		s->write_ratio = 0;
	else if (model->uses & BEL_GEN_TEXT)
		return bel_usage(
			err, "model 'string' does not use --write-ratio; mark writes: '7 0 1w'");
	else if (!(s->write_ratio >= 0 && s->write_ratio <= 1))
		return bel_usage(err, "--write-ratio: %g is not between 0 and 1", s->write_ratio);
	gen->write_below = (uint64_t)(s->write_ratio * 0x1p53);
	return 0;
}

static int resolve_all(struct bel_gen *gen, struct bel_err *err)
{
	const struct bel_gen_model *const model = gen->model;
	const uint32_t uses = model->uses;
	struct bel_gen_setup *const s = &gen->setup;
	int r;

	if (!s->text != !(uses & BEL_GEN_TEXT))
		return bel_usage(err,
			s->text ? "model '%s' takes no text" : "model '%s' needs text",
			model->name);
	if (s->references == 0 && !(uses & BEL_GEN_STRING))
		r = 0; /* an empty trace is allowed */
	else
		r = resolve(&s->references,
			s->default_references ? s->default_references : DEFAULT_REFERENCES,
			!(uses & BEL_GEN_STRING), model, "-n", err);
	if (!r)
		r = resolve(&s->pages, s->default_pages ? s->default_pages : DEFAULT_PAGES,
			uses & BEL_GEN_PAGES, model, "--pages", err);
	if (!r)
		r = resolve(&s->locality, s->pages < DEFAULT_LOCALITY ? s->pages : DEFAULT_LOCALITY,
			uses & BEL_GEN_LOCALITY, model, "--locality", err);
	if (!r)
		r = resolve(
			&s->phase, DEFAULT_PHASE, uses & BEL_GEN_LOCALITY, model, "--phase", err);
	if (!r)
		r = resolve_reals(gen, err);
	if (!r && s->pages > (uses & BEL_GEN_ALPHA ? TABLE_PAGES_MAX : PAGES_MAX))
		r = bel_usage(err, "--pages: %" PRIu64 " is too many", s->pages);
	if (s->seed == BEL_GEN_UNSET)
		s->seed = 1;
	return r;
}

/* Parses one page of a string: "7", "0x1f"; a final "w" means a write. */
static int parse_page(char *word, struct bel_access *access, struct bel_err *err)
{
	const size_t length = strlen(word);
	const bool writes = length > 1 && (word[length - 1] == 'w' || word[length - 1] == 'W');

	if (writes)
		word[length - 1] = 0;
	*access = (struct bel_access){.size = 1, .kind = writes ? BEL_STORE : BEL_LOAD};
	return bel_parse_number(word, "page", &access->address, err);
}

static int parse_string(struct bel_gen *gen, const char *text, struct bel_err *err)
{
	char *const copy = strdup(text);
	char *rest = copy, *word;
	size_t count = 0;
	int r = 0;

	gen->list = malloc((strlen(text) / 2 + 1) * sizeof(*gen->list));
	if (!copy || !gen->list) {
		free(copy);
		return bel_err_memory(err, "the string");
	}
	while (!r && (word = strsep(&rest, ", \t\n"))) {
		if (*word)
			r = parse_page(word, &gen->list[count++], err);
	}
	free(copy);
	if (!r && !count)
		r = bel_usage(err, "the string has no pages");
	gen->setup.references = count;
	return r;
}

bool bel_gen_draws(const struct bel_gen *gen)
{
	return gen->model->uses & BEL_GEN_RANDOM || gen->setup.write_ratio > 0;
}

static int describe(struct bel_gen *gen, struct bel_err *err)
{
	const struct bel_gen_setup *const s = &gen->setup;
	const uint32_t uses = gen->model->uses;
	size_t size;
	FILE *const stream = open_memstream(&gen->command, &size);
	bool failed;

	if (!stream)
		return bel_err_memory(err, "the command");
	fprintf(stream, "bel-gen %s", s->model);
	if (uses & BEL_GEN_TEXT)
		fprintf(stream, " '%s'", s->text);
	if (!(uses & BEL_GEN_STRING))
		fprintf(stream, " -n %" PRIu64, s->references);
	if (uses & BEL_GEN_PAGES)
		fprintf(stream, " --pages %" PRIu64, s->pages);
	if (uses & BEL_GEN_LOCALITY)
		fprintf(stream, " --locality %" PRIu64 " --phase %" PRIu64, s->locality, s->phase);
	if (uses & BEL_GEN_ALPHA)
		fprintf(stream, " --alpha %.10g", s->alpha);
	if (s->write_ratio > 0)
		fprintf(stream, " --write-ratio %.10g", s->write_ratio);
	if (bel_gen_draws(gen))
		fprintf(stream, " --seed %" PRIu64, s->seed);
	failed = fflush(stream) || ferror(stream);
	return fclose(stream) || failed || !gen->command ? bel_err_memory(err, "the command") : 0;
}

static int start(struct bel_gen *gen, struct bel_err *err)
{
	const struct bel_gen_model *const model = gen->model;
	int r = resolve_all(gen, err);

	if (!r && model->uses & BEL_GEN_STRING)
		r = parse_string(gen, model->text ? model->text : gen->setup.text, err);
	if (!r)
		r = describe(gen, err);
	if (r < 0)
		return r;
	if (model->create) {
		gen->state = model->create(&gen->setup, err);
		if (!gen->state)
			return err->code;
	}
	bel_rng_seed(&gen->pages, gen->setup.seed);
	/* A different seed, which users are not likely to choose. */
	bel_rng_seed(&gen->writes, gen->setup.seed ^ UINT64_C(0x77726974657321));
	return 0;
}

int bel_gen_new(struct bel_gen **gen, const struct bel_gen_setup *setup, struct bel_err *err)
{
	struct bel_gen *const made = calloc(1, sizeof(*made));
	struct bel_err own;
	int r;

	*gen = NULL;
	if (!made)
		return bel_err_memory(err, "the generator");
	if (!err)
		err = &own;
	made->setup = *setup;
	made->model = find(setup->model, err);
	r = made->model ? start(made, err) : err->code;
	if (r < 0)
		bel_gen_free(made);
	else
		*gen = made;
	return r;
}

void bel_gen_free(struct bel_gen *gen)
{
	if (!gen)
		return;
	if (gen->state)
		gen->model->destroy(gen->state);
	free(gen->list);
	free(gen->command);
	free(gen);
}

static size_t next(struct bel_gen *gen, struct bel_access *access, size_t capacity)
{
	const uint64_t left = gen->setup.references - gen->now;
	const size_t n = left < capacity ? (size_t)left : capacity;

	if (gen->list) {
		memcpy(access, gen->list + gen->now, n * sizeof(*access));
	} else if (n) {
		for (size_t i = 0; i < n; i++) {
			access[i].size = 1;
			access[i].kind = BEL_LOAD;
		}
		gen->model->fill(gen->state, &gen->pages, gen->now, access, n);
	}
	if (gen->write_below) {
		for (size_t i = 0; i < n; i++) {
			if (bel_rng_next(&gen->writes) >> 11 < gen->write_below)
				access[i].kind = BEL_STORE;
		}
	}
	gen->now += n;
	return n;
}

size_t bel_gen_next(struct bel_gen *gen, struct bel_access *access, size_t capacity)
{
	size_t n = 0;

	while (!n && !gen->cut.ended) {
		const uint64_t now = gen->now;
		const size_t made = next(gen, access, capacity);

		if (!made)
			return 0;
		n = bel_gen_cut(&gen->cut, now, access, made);
	}
	return n;
}

/* The next reference is number `reference`. */
static void go_to(struct bel_gen *gen, uint64_t reference)
{
	const bool draws = gen->model->uses & BEL_GEN_RANDOM;
	struct bel_access dropped[256];

	if (draws && !(gen->model->uses & BEL_GEN_ONE_DRAW)) {
		while (gen->now < reference)
			next(gen, dropped,
				reference - gen->now < 256 ? (size_t)(reference - gen->now) : 256);
		return;
	}
	if (draws)
		bel_rng_jump(&gen->pages, reference);
	if (gen->write_below)
		bel_rng_jump(&gen->writes, reference);
	gen->now = reference;
}

int bel_gen_slice(struct bel_gen *gen, const char *text, struct bel_err *err)
{
	const uint64_t references = gen->setup.references;
	struct bel_source_slice slice;
	struct bel_access before;
	const int r = bel_source_slice_parse(&slice, text, err);

	if (r < 0)
		return r;
	bel_source_slice_place(&slice, references);
	gen->from = slice.from < references ? slice.from : references;
	gen->cut = (struct bel_gen_cut){
		.sliced = true,
		.began = !gen->from,
		.ended = slice.from >= references || slice.ended,
		.to = slice.to < references ? slice.to : UINT64_MAX,
	};
	if (!gen->from || gen->cut.ended)
		return BEL_OK;
	go_to(gen, gen->from - 1);
	next(gen, &before, 1);
	gen->cut.last = before.address;
	return BEL_OK;
}

void bel_gen_describe_slice(
	const struct bel_gen *gen, unsigned page_bits, struct bel_trace_info *info)
{
	info->slice = gen->cut.sliced;
	/* UINT64_MAX: behind the last reference. */
	info->slice_from = gen->from && gen->from >= gen->setup.references ? UINT64_MAX : gen->from;
	info->slice_to = gen->cut.to;
	info->slice_of = XXH3_64bits_withSeed(gen->command, strlen(gen->command), page_bits);
}

uint64_t bel_gen_references(const struct bel_gen *gen)
{
	const uint64_t all = gen->setup.references;

	return (gen->cut.sliced && gen->cut.to < all ? gen->cut.to : all) - gen->from;
}

const char *bel_gen_command(const struct bel_gen *gen)
{
	return gen->command;
}
