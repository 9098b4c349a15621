/* SPDX-License-Identifier: MIT */
/*
 * blame_keys.h: the key of a reference: whose it is, and where its page lies. A key is a tuple of
 * the parts that the user chose (blame_by.h). Keys are numbered 0, 1, 2 ... as they are found.
 *
 *	struct bel_blame_keys *keys = bel_blame_keys_new(&by, page_bits, 0, &err);
 *
 *	bel_blame_keys_chunk(keys, chunk->space, pages, &err);   before the events and runs of a chunk
 *	bel_blame_keys_event(keys, &event, &err);
 *	bel_blame_keys_refer(keys, run.page);
 *	bel_blame_keys_find(keys, run.page, pages, &key, &err);
 *	bel_blame_keys_close(keys);                              after the last run
 *	bel_blame_keys_free(keys);
 *
 * Memory: 16 bytes per page, about 80 per key (230 if it depends on the page), 28 per node of the
 * tree of call stacks, and the regions and names of the trace. Closed: about 20 per key, 16 per
 * node, and the names. Traces beyond the limits below are refused. One thread at a time.
 */
#ifndef BEL_BLAME_KEYS_H
#define BEL_BLAME_KEYS_H

#include "blame_by.h"
#include "blame_stacks.h"
#include "chunk.h"
#include "names.h"
#include "region_tracker.h"

#define BEL_BLAME_KEYS_MAX (1u << 22)
#define BEL_BLAME_NO_KEY UINT32_MAX
#define BEL_BLAME_NAMES_MAX (64u << 20) /* bytes of the names of processes, files and marks */

/* The key that a page had when it was last looked up. */
struct bel_blame_page {
	uint64_t change; /* of the regions */
	uint32_t context, key;
};

/*
 * The context that a node of the tree of call stacks had when it was last the newest. If no part
 * depends on the page: its key, or BEL_BLAME_NO_KEY.
 */
struct bel_blame_settled {
	uint32_t era, space, number; /* era 0: never */
};

struct bel_blame_space;

/* The numbers of a mapping's texts. */
struct bel_blame_mapping {
	uint32_t name;    /* of the file, or "[heap]" */
	uint32_t library; /* the same without its folder */
};

struct bel_blame_keys {
	struct bel_names key; /* its texts are tuples of numbers, one for each part of a key */

	/* Private members. */
	struct bel_blame_by by;
	unsigned page_bits;
	bool places;  /* a part depends on regions */
	bool by_page; /* a part depends on the page */
	struct bel_blame_page *page;
	uint32_t page_capacity;
	uint64_t change; /* of the regions; 0 if no part depends on them */
	/*
	 * The present context: the parts that do not depend on the page, or its key, as in struct
	 * bel_blame_settled. The second is for references without a recorded stack, if a part needs
	 * call stacks.
	 */
	uint32_t context[2];
	bool near;  /* the page is near: the present reference has no stack */
	bool moved; /* the context may have changed */
	/* What contexts were, so that a stack that comes back is not searched again. */
	uint32_t era; /* changes with all parts of a context but the space and the stack */
	struct bel_blame_settled *settled, settled_near; /* by node */
	uint32_t settled_capacity;
	struct bel_blame_stacks stacks;
	struct bel_names contexts; /* empty if no part depends on the page */
	struct bel_names text; /* of the parts; numbers in tuples are of these, or page numbers */
	size_t text_bytes;
	uint32_t mark;
	struct bel_space_map numbers; /* of spaces */
	struct bel_blame_space *space;
	uint32_t space_capacity, present;
	struct bel_region_tracker map;
	struct bel_blame_mapping *of_mapping; /* one for each mapping of `map` */
	uint32_t mappings, mapping_capacity;
};

/* near_pages, renewed: as in blame_stacks.h; near_pages 0: no part needs call stacks. */
struct bel_blame_keys *bel_blame_keys_new(const struct bel_blame_by *by, unsigned page_bits,
	unsigned near_pages, bool renewed, struct bel_err *err);
void bel_blame_keys_free(struct bel_blame_keys *keys); /* NULL is allowed */

/* After the last reference: frees what finds keys. The keys, their texts and spaces stay. */
void bel_blame_keys_close(struct bel_blame_keys *keys);

/* The following runs are of this space, and of no other pages than these. */
int bel_blame_keys_chunk(struct bel_blame_keys *keys, uint32_t space, struct bel_granules pages,
	struct bel_err *err);
int bel_blame_keys_event(
	struct bel_blame_keys *keys, const struct bel_event *event, struct bel_err *err);

/* Once for each run, in order, before its key is found. */
static inline void bel_blame_keys_refer(struct bel_blame_keys *keys, uint32_t page)
{
	if (keys->stacks.near_pages)
		keys->near = bel_blame_stacks_near(&keys->stacks, page);
}

/* For bel_blame_keys_find(). */
int bel_blame_keys_search(struct bel_blame_keys *keys, uint32_t page, struct bel_granules pages,
	uint32_t *key, struct bel_err *err);

/* The key of a reference to the page of the present run. */
static inline int bel_blame_keys_find(struct bel_blame_keys *keys, uint32_t page,
	struct bel_granules pages, uint32_t *key, struct bel_err *err)
{
	const struct bel_blame_page *const known = &keys->page[page];

	if (!keys->by_page) {
		*key = keys->context[keys->near];
		if (keys->moved || *key == BEL_BLAME_NO_KEY)
			return bel_blame_keys_search(keys, page, pages, key, err);
		return BEL_OK;
	}
	if (keys->moved || known->context != keys->context[keys->near] ||
		known->change != keys->change)
		return bel_blame_keys_search(keys, page, pages, key, err);
	*key = known->key;
	return BEL_OK;
}

#endif
