/* SPDX-License-Identifier: MIT */
/* pager_contents.c: the backing store of a pager, and checks of contents. */
#include "pager_contents.h"

#include <stdlib.h>
#include <sys/mman.h>

static void *map(size_t bytes)
{
	void *const at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	(void)madvise(at, bytes, MADV_NOHUGEPAGE);
	return at;
}

int bel_pager_contents_open(struct bel_pager_contents *contents, uint32_t pages, size_t page_bytes,
	bool verify, struct bel_err *err)
{
	*contents = (struct bel_pager_contents){
		.page_bytes = page_bytes,
		.store = map(page_bytes * pages),
		.zeros = map(page_bytes),
		.stored = calloc(pages, sizeof(*contents->stored)),
		.version = verify ? calloc(pages, sizeof(*contents->version)) : NULL,
	};
	if (!contents->store || !contents->zeros || !contents->stored ||
		(verify && !contents->version))
		return bel_err_memory(err, "the backing store of the pager");
	return 0;
}

void *bel_pager_contents_store(struct bel_pager_contents *contents, uint32_t page)
{
	contents->stored[page] = 1;
	return contents->store + page * contents->page_bytes;
}

const void *bel_pager_contents_stored(const struct bel_pager_contents *contents, uint32_t page)
{
	return contents->stored[page] ? contents->store + page * contents->page_bytes : NULL;
}

/* Multiplication by an odd number loses no bit, so different pages have different words. */
static uint64_t word_of(uint32_t page, uint32_t version, size_t index)
{
	const uint64_t both = (uint64_t)version << 32 | page;

	return version ? both * 0x9e3779b97f4a7c15 + index : 0;
}

uint64_t bel_pager_contents_next(const struct bel_pager_contents *contents, uint32_t page)
{
	return contents->version ? word_of(page, contents->version[page] + 1, 0) : page + 1ull;
}

static int check(const struct bel_pager_contents *contents, uint32_t page, const uint64_t *words,
	size_t index, struct bel_err *err)
{
	const uint64_t right = word_of(page, contents->version[page], index);

	if (words[index] == right)
		return 0;
	return bel_fail(err, "page %u: word %zu is 0x%llx, not 0x%llx (version %u of the page)",
		page, index, (unsigned long long)words[index], (unsigned long long)right,
		contents->version[page]);
}

int bel_pager_contents_check(const struct bel_pager_contents *contents, uint32_t page,
	const void *bytes, struct bel_err *err)
{
	const size_t words = contents->page_bytes / sizeof(uint64_t);
	int r = 0;

	for (size_t i = 0; contents->version && i < words && !r; i++)
		r = check(contents, page, bytes, i, err);
	return r;
}

int bel_pager_contents_touched(struct bel_pager_contents *contents, uint32_t page, void *bytes,
	bool written, struct bel_err *err)
{
	const size_t words = contents->page_bytes / sizeof(uint64_t);
	uint64_t *const word = bytes;

	if (!contents->version)
		return 0;
	contents->checked++;
	if (check(contents, page, word, words - 1, err) < 0)
		return BEL_FAIL;
	if (!written)
		return check(contents, page, word, 0, err);
	contents->version[page]++;
	for (size_t i = 0; i < words; i++)
		word[i] = word_of(page, contents->version[page], i);
	return 0;
}
