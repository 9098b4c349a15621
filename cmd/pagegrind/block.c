/* SPDX-License-Identifier: GPL-2.0-or-later */
/* block.c: the table of blocks, found by content, and their description in the stream. */
#include "tracer.h"

struct block *blocks;
static UInt count, capacity;
static UInt *place_of; /* by block: the place of its first instruction; 0 without --stacks */
static UInt place_capacity;

static struct item *shapes; /* the items of all blocks, in sequence */
static UInt shape_count, shape_capacity;

static UInt *table; /* open addressing: numbers of blocks; 0: empty */
static UInt table_bits = 12;

static UInt stream = 1; /* increases when a new stream begins */
static ULong last_granule;

static void *grown(void *array, UInt used, UInt *capacity, SizeT width)
{
	void *larger;

	if (used < *capacity)
		return array;
	*capacity = *capacity ? 2 * *capacity : 1024;
	larger = VG_(malloc)("pagegrind.table", *capacity * width);
	VG_(memcpy)(larger, array, used * width);
	VG_(free)(array);
	return larger;
}

const struct item *block_items(const struct block *block)
{
	return shapes + block->shape;
}

static Bool same(
	const struct block *block, const struct item *items, UInt n, Bool conditional, UInt place)
{
	const struct item *const its = block_items(block);

	if (block->items != n || block->conditional != conditional ||
		place_of[block - blocks] != place)
		return False;
	for (UInt i = 0; i < n; i++) {
		if (its[i].type != items[i].type || its[i].number != items[i].number ||
			its[i].granule != items[i].granule)
			return False;
	}
	return True;
}

static ULong hash_of(const struct item *items, UInt n, UInt place)
{
	ULong hash = n ^ (ULong)place << 32;

	for (UInt i = 0; i < n; i++)
		hash = (hash ^ items[i].granule ^ (ULong)items[i].type << 60 ^
			       (ULong)items[i].number << 44) *
		       0x9e3779b97f4a7c15ULL;
	return hash;
}

static void insert(UInt number)
{
	const struct block *const s = &blocks[number];
	const UInt mask = (1u << table_bits) - 1;
	UInt at = hash_of(block_items(s), s->items, place_of[number]) >> (64 - table_bits);

	while (table[at])
		at = (at + 1) & mask;
	table[at] = number;
}

static void grow_table(void)
{
	VG_(free)(table);
	table_bits++;
	table = VG_(calloc)("pagegrind.table", 1u << table_bits, sizeof(*table));
	for (UInt i = 1; i < count; i++)
		insert(i);
}

static void count_item(struct block *s, const struct item *item)
{
	switch (item->type) {
	case BEL_TOKEN_FETCH:
		s->references += settings.granule_bits ? item->number : 1;
		break;
	case BEL_TOKEN_FURTHER:
		break;
	default:
		s->references++;
		if (settings.granule_bits && !settings.first_byte)
			s->further[s->operands] = item->number - 1;
		s->operands++;
	}
}

UInt block_number(const struct item *items, UInt n, Bool conditional, UInt place)
{
	const UInt mask = (1u << table_bits) - 1;
	struct block s = {.shape = shape_count, .items = n, .conditional = conditional};
	UInt at = hash_of(items, n, place) >> (64 - table_bits);

	for (; table[at]; at = (at + 1) & mask) {
		if (same(&blocks[table[at]], items, n, conditional, place))
			return table[at];
	}
	for (UInt i = 0; i < n; i++) {
		shapes = grown(shapes, shape_count, &shape_capacity, sizeof(*shapes));
		shapes[shape_count++] = items[i];
		count_item(&s, &items[i]);
	}
	blocks = grown(blocks, count, &capacity, sizeof(*blocks));
	blocks[count] = s;
	place_of = grown(place_of, count, &place_capacity, sizeof(*place_of));
	place_of[count] = place;
	insert(count);
	if (2 * ++count > 1u << table_bits)
		grow_table();
	return count - 1;
}

/*
 * Blocks are numbered in the stream in the order of their descriptions. `sent` holds this number
 * and the stream's.
 */
void block_report(UInt number)
{
	struct block *const s = &blocks[number];
	const struct item *const items = block_items(s);

	if (s->sent == stream)
		return;
	s->sent = stream;
	place_report(place_of[number]);
	wire_byte(BEL_TOKEN_BLOCK);
	wire_number(number);
	if (settings.stacks)
		wire_number(place_of[number]);
	wire_number(s->items);
	for (UInt i = 0; i < s->items; i++) {
		wire_number(items[i].type | items[i].number << 3);
		if (items[i].type == BEL_TOKEN_FETCH) {
			wire_signed(items[i].granule - last_granule);
			last_granule = items[i].granule;
		}
	}
}

void blocks_init(void)
{
	table = VG_(calloc)("pagegrind.table", 1u << table_bits, sizeof(*table));
	blocks = grown(blocks, 0, &capacity, sizeof(*blocks));
	blocks[0] = (struct block){0};
	place_of = grown(place_of, 0, &place_capacity, sizeof(*place_of));
	place_of[0] = 0;
	count = 1;
}

void blocks_forget(void)
{
	stream++;
	last_granule = 0;
}
