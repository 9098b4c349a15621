/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * place.c: places in the code: function, file, line and object of an address. Equal texts have one
 * number. They are looked up when code is translated: later its object may be unmapped.
 */
#include "pub_tool_debuginfo.h"
#include "tracer.h"

#define TEXT_MOST 4096 /* bytes; longer parts are cut */

struct place {
	Addr address; /* of the code that was translated first */
	HChar *text;  /* "FUNCTION\tFILE:LINE\tOBJECT"; owned */
	ULong hash;
	UInt sent; /* the stream in which it was described, if any */
};

static struct place *places; /* from 1 */
static UInt count, capacity;
static UInt *table; /* open addressing: numbers of places; 0: empty */
static UInt table_bits = 12;
static UInt stream = 1; /* increases when a new stream begins */

static HChar text[4 * TEXT_MOST];
static UInt length;

/* Appends a part. A tab separates the parts, so a part has none. */
static void add(const HChar *part)
{
	for (UInt n = 0; *part && n < TEXT_MOST; n++, part++)
		text[length++] = *part == '\t' ? ' ' : *part;
	text[length] = '\0';
}

static void add_tab(void)
{
	text[length++] = '\t';
	text[length] = '\0';
}

static Bool add_line(DiEpoch epoch, Addr address)
{
	const HChar *file, *folder;
	HChar number[16];
	UInt line;

	if (!VG_(get_filename_linenum)(epoch, address, &file, &folder, &line))
		return False;
	if (folder[0]) {
		add(folder);
		add("/");
	}
	add(file);
	VG_(snprintf)(number, sizeof(number), ":%u", line);
	add(number);
	return True;
}

/* Without function and line, the place in the object is what can be looked up elsewhere. */
static void add_offset(DiEpoch epoch, Addr address)
{
	const DebugInfo *const info = VG_(find_DebugInfo)(epoch, address);
	HChar offset[32];

	if (!info)
		return;
	VG_(snprintf)
	(offset, sizeof(offset), "+0x%lx", (UWord)(address - VG_(DebugInfo_get_text_bias)(info)));
	add(offset);
}

static void describe(Addr address)
{
	const DiEpoch epoch = VG_(current_DiEpoch)();
	const HChar *name;
	Bool known;

	length = 0;
	text[0] = '\0';
	known = VG_(get_fnname)(epoch, address, &name);
	if (known)
		add(name);
	add_tab();
	known |= add_line(epoch, address);
	add_tab();
	if (VG_(get_objname)(epoch, address, &name)) {
		add(name);
		if (!known)
			add_offset(epoch, address);
	}
}

static ULong hash_of_text(void)
{
	ULong hash = 0xcbf29ce484222325ULL;

	for (UInt i = 0; i < length; i++)
		hash = (hash ^ (UChar)text[i]) * 0x100000001b3ULL;
	return hash * 0x9e3779b97f4a7c15ULL;
}

static void insert(UInt number)
{
	const UInt mask = (1u << table_bits) - 1;
	UInt at = places[number].hash >> (64 - table_bits);

	while (table[at])
		at = (at + 1) & mask;
	table[at] = number;
}

static void grow(void)
{
	if (count == capacity) {
		capacity *= 2;
		places = VG_(realloc)("pagegrind.places", places, capacity * sizeof(*places));
	}
	if (2 * count < 1u << table_bits)
		return;
	VG_(free)(table);
	table_bits++;
	table = VG_(calloc)("pagegrind.places", 1u << table_bits, sizeof(*table));
	for (UInt i = 1; i < count; i++)
		insert(i);
}

UInt place_number(Addr address)
{
	static Addr last_address;
	static UInt last;
	ULong hash;

	if (!settings.stacks)
		return 0;
	if (last && address == last_address)
		return last;
	describe(address);
	hash = hash_of_text();
	last_address = address;
	for (UInt at = hash >> (64 - table_bits); table[at];
		at = (at + 1) & ((1u << table_bits) - 1)) {
		last = table[at];
		if (places[last].hash == hash && VG_(strcmp)(places[last].text, text) == 0)
			return last;
	}
	grow();
	places[count] = (struct place){address, VG_(strdup)("pagegrind.places", text), hash, 0};
	insert(count);
	last = count++;
	return last;
}

Bool place_known(UInt number)
{
	return places[number].sent == stream;
}

void place_report(UInt number)
{
	struct place *const p = &places[number];

	if (number == 0 || p->sent == stream)
		return;
	p->sent = stream;
	wire_byte(BEL_TOKEN_PLACE);
	wire_number(number);
	wire_number(p->address);
	wire_text(p->text);
}

void places_init(void)
{
	capacity = 1024;
	count = 1;
	places = VG_(calloc)("pagegrind.places", capacity, sizeof(*places));
	table = VG_(calloc)("pagegrind.places", 1u << table_bits, sizeof(*table));
}

void places_forget(void)
{
	stream++;
}
