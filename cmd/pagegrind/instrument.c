/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * instrument.c: instruments superblocks: each writes raw records of its references.
 *
 * What counts as a reference, and the order, is as in lackey, so that both tools give the same
 * trace:
 * - a fetch for each instruction
 * - a load directly followed by a store to the same address is a modify
 * - a compare-and-swap is a load and a store
 * - helpers that access memory count as they declare
 *
 * Lackey holds up to four references back until the fifth one, a side exit, or the end of the
 * block. If the program faults, these are lost. We lose the same ones: before anything that can
 * fault, the number of references that lackey would have written is stored in the shadow state
 * (PROGRESS).
 */
#include "pub_tool_debuginfo.h"
#include "pub_tool_machine.h"
#include "tracer.h"

#define KEPT 4         /* references that lackey holds back */
#define MAX_ITEMS 1024 /* items in a block; a superblock has fewer */
#define SHADOW_END 0   /* offsets in the first shadow: the position of the next record */
#define SHADOW_PROGRESS 8

struct builder {
	IRSB *out;
	IRTemp base; /* the buffer's pointer when the superblock began */
	UInt offset; /* offset of the current record from `base`, in bytes */
	Int shadow;  /* offset of the shadow in the guest state */
	IRType word;

	/* The block being built. */
	struct item *item;
	UInt items, operands, references;
	Bool conditional;
	UInt place;
	Addr address;    /* of the present instruction */
	IRConst *number; /* the constant stored as its head; NULL: the block is empty */
	UInt reported, progress;

	UInt kept;
	IRExpr *load; /* address of the last load added, else NULL */
	UInt load_bytes, load_item;
	Bool load_recorded;
};

static IRTemp temporary(struct builder *b, IRExpr *value, IRType type)
{
	const IRTemp t = newIRTemp(b->out->tyenv, type);

	addStmtToIRSB(b->out, IRStmt_WrTmp(t, value));
	return t;
}

static IRExpr *behind_base(struct builder *b, UInt bytes)
{
	if (bytes == 0)
		return IRExpr_RdTmp(b->base);
	return IRExpr_RdTmp(temporary(b,
		IRExpr_Binop(Iop_Add64, IRExpr_RdTmp(b->base), IRExpr_Const(IRConst_U64(bytes))),
		b->word));
}

static void put(struct builder *b, Int offset, IRExpr *value)
{
	addStmtToIRSB(b->out, IRStmt_Put(b->shadow + offset, value));
}

static void store(struct builder *b, UInt offset, IRExpr *value)
{
	addStmtToIRSB(b->out, IRStmt_Store(Iend_LE, behind_base(b, b->offset + offset), value));
}

/* The block's number is known only at its end; then the store is patched. */
static void open_segment(struct builder *b)
{
	if (b->number)
		return;
	b->number = IRConst_U64(0);
	b->place = place_number(b->address);
	store(b, 0, IRExpr_Const(b->number));
}

static void end_segment(struct builder *b)
{
	if (b->number) {
		b->number->Ico.U64 =
			(ULong)block_number(b->item, b->items, b->conditional, b->place) << 4 |
			b->operands;
		b->offset += 8 * (1 + b->operands);
		tl_assert(b->offset < 8 * RAW_MARGIN);
		put(b, SHADOW_END, behind_base(b, b->offset));
		if (b->progress)
			put(b, SHADOW_PROGRESS, IRExpr_Const(IRConst_U64(0)));
	}
	b->number = NULL;
	b->items = b->operands = b->references = 0;
	b->conditional = False;
	b->reported = b->progress = 0;
	b->load = NULL;
}

/*
 * Here lackey writes what it held back. A record that may be too small for the next references
 * ends here.
 */
static void flush(struct builder *b)
{
	b->kept = 0;
	b->load = NULL;
	b->reported = b->references;
	if (b->operands + KEPT > BEL_TOKEN_OPERANDS || b->items + 3 * KEPT > MAX_ITEMS)
		end_segment(b);
}

static void before_fault(struct builder *b)
{
	if (b->reported == b->progress)
		return;
	put(b, SHADOW_PROGRESS, IRExpr_Const(IRConst_U64(b->reported)));
	b->progress = b->reported;
}

static Bool wanted(UInt type)
{
	return (settings.kinds >> type & 1) != 0;
}

static void add_item(struct builder *b, UInt type, UInt number, ULong granule)
{
	b->item[b->items++] = (struct item){type, number, granule};
}

static void add_fetch(struct builder *b, Addr address, UInt bytes)
{
	const UInt bits = settings.granule_bits;
	const ULong first = address >> bits, last = (address + bytes - 1) >> bits;
	struct item *const before = b->items ? &b->item[b->items - 1] : NULL;

	if (b->kept == KEPT)
		flush(b);
	b->kept++;
	b->load = NULL;
	if (!wanted(BEL_TOKEN_FETCH))
		return;
	open_segment(b);
	b->references++;
	if (bits == 0)
		add_item(b, BEL_TOKEN_FETCH, bytes, address);
	else if (b->items && before->type == BEL_TOKEN_FETCH && before->granule == first)
		before->number++;
	else
		add_item(b, BEL_TOKEN_FETCH, 1, first);
	if (bits && first != last && !settings.first_byte)
		add_item(b, BEL_TOKEN_FURTHER, last - first, 0);
}

static void add_data(struct builder *b, UInt type, IRExpr *address, UInt bytes, IRExpr *guard)
{
	/* A modify is recorded if loads or stores are. */
	const Bool recorded = wanted(type);

	if (type == BEL_TOKEN_STORE && !guard && b->load && b->load_bytes == bytes &&
		eqIRAtom(b->load, address)) {
		if (b->load_recorded && wanted(BEL_TOKEN_MODIFY))
			b->item[b->load_item].type = BEL_TOKEN_MODIFY;
		b->load = NULL;
		if (b->load_recorded || !recorded)
			return;
		type = BEL_TOKEN_MODIFY;
	} else {
		if (b->kept == KEPT)
			flush(b);
		b->kept++;
		b->load = type == BEL_TOKEN_LOAD && !guard ? address : NULL;
		b->load_bytes = bytes;
		b->load_item = b->items;
		b->load_recorded = recorded;
	}
	if (!recorded)
		return;
	open_segment(b);
	/* A place has four bits for the number of further granules. */
	tl_assert(bytes <= 960 || settings.granule_bits == 0);
	if (guard) {
		b->conditional = True;
		address = IRExpr_RdTmp(temporary(
			b, IRExpr_ITE(guard, address, IRExpr_Const(IRConst_U64(~0ULL))), b->word));
	}
	store(b, 8 * (1 + b->operands), address);
	add_item(b, type, bytes, 0);
	b->operands++;
	b->references++;
}

static UInt bytes_of(const struct builder *b, IRExpr *value)
{
	return sizeofIRType(typeOfIRExpr(b->out->tyenv, value));
}

static Bool divides(const IRExpr *value)
{
	return value->tag == Iex_Binop && value->Iex.Binop.op >= Iop_DivU32 &&
	       value->Iex.Binop.op <= Iop_DivModU32to32;
}

static void add_dirty(struct builder *b, const IRDirty *dirty)
{
	if (dirty->mFx == Ifx_Read || dirty->mFx == Ifx_Modify)
		add_data(b, BEL_TOKEN_LOAD, dirty->mAddr, dirty->mSize, NULL);
	if (dirty->mFx == Ifx_Write || dirty->mFx == Ifx_Modify)
		add_data(b, BEL_TOKEN_STORE, dirty->mAddr, dirty->mSize, NULL);
}

static void add_swap(struct builder *b, const IRCAS *swap)
{
	const UInt bytes = bytes_of(b, swap->dataLo) * (swap->dataHi ? 2 : 1);

	add_data(b, BEL_TOKEN_LOAD, swap->addr, bytes, NULL);
	add_data(b, BEL_TOKEN_STORE, swap->addr, bytes, NULL);
}

static void add_load_guarded(struct builder *b, const IRLoadG *load)
{
	IRType wide, type = Ity_INVALID;

	typeOfIRLoadGOp(load->cvt, &wide, &type);
	add_data(b, BEL_TOKEN_LOAD, load->addr, sizeofIRType(type), load->guard);
}

static void add_linked(struct builder *b, const IRStmt *st)
{
	if (st->Ist.LLSC.storedata) {
		add_data(b, BEL_TOKEN_STORE, st->Ist.LLSC.addr, bytes_of(b, st->Ist.LLSC.storedata),
			NULL);
		return;
	}
	add_data(b, BEL_TOKEN_LOAD, st->Ist.LLSC.addr,
		sizeofIRType(typeOfIRTemp(b->out->tyenv, st->Ist.LLSC.result)), NULL);
	flush(b);
}

/* A function may start inside a superblock, because VEX follows calls. */
static void look_for_function(struct builder *b, Addr address)
{
	const HChar *name;

	if (!settings.from_function ||
		!VG_(get_fnname_if_entry)(VG_(current_DiEpoch)(), address, &name) ||
		VG_(strcmp)(name, settings.from_function) != 0)
		return;
	flush(b);
	end_segment(b);
	store(b, 0, IRExpr_Const(IRConst_U64(RECORD_BEGIN)));
	b->offset += 8;
	put(b, SHADOW_END, behind_base(b, b->offset));
}

/* Adds the references of a statement; the caller adds the statement. */
static void add_references(struct builder *b, IRStmt *st)
{
	Bool faults = True;

	switch (st->tag) {
	case Ist_IMark:
		b->address = st->Ist.IMark.addr;
		look_for_function(b, st->Ist.IMark.addr);
		add_fetch(b, st->Ist.IMark.addr, st->Ist.IMark.len);
		return;
	case Ist_WrTmp: {
		IRExpr *const value = st->Ist.WrTmp.data;

		if (value->tag == Iex_Load)
			add_data(b, BEL_TOKEN_LOAD, value->Iex.Load.addr,
				sizeofIRType(value->Iex.Load.ty), NULL);
		else
			faults = divides(value);
		break;
	}
	case Ist_Store:
		add_data(b, BEL_TOKEN_STORE, st->Ist.Store.addr, bytes_of(b, st->Ist.Store.data),
			NULL);
		break;
	case Ist_StoreG: {
		const IRStoreG *const g = st->Ist.StoreG.details;

		add_data(b, BEL_TOKEN_STORE, g->addr, bytes_of(b, g->data), g->guard);
		break;
	}
	case Ist_LoadG:
		add_load_guarded(b, st->Ist.LoadG.details);
		break;
	case Ist_Dirty:
		add_dirty(b, st->Ist.Dirty.details);
		break;
	case Ist_CAS:
		add_swap(b, st->Ist.CAS.details);
		break;
	case Ist_LLSC:
		add_linked(b, st);
		break;
	case Ist_Exit:
		flush(b);
		end_segment(b);
		return;
	default:
		return;
	}
	if (faults)
		before_fault(b);
}

/* At the start of a superblock: drains a full buffer, then loads the pointer to its end. */
static void begin(struct builder *b)
{
	const IRTemp end = temporary(b, IRExpr_Get(b->shadow + SHADOW_END, b->word), b->word);
	const IRTemp full = temporary(b,
		IRExpr_Binop(Iop_CmpLE64U, IRExpr_Const(IRConst_U64((Addr)(raw + RAW_WORDS))),
			IRExpr_RdTmp(end)),
		Ity_I1);
	IRDirty *const call =
		unsafeIRDirty_0_N(0, "catch_up", VG_(fnptr_to_fnentry)(catch_up), mkIRExprVec_0());

	call->guard = IRExpr_RdTmp(full);
	addStmtToIRSB(b->out, IRStmt_Dirty(call));
	b->base = temporary(b, IRExpr_Get(b->shadow + SHADOW_END, b->word), b->word);
}

/* A call, a return or an indirect jump ends the superblock: leaves the stack pointer. */
static void add_flow(struct builder *b, const IRSB *in, Int stack_pointer)
{
	enum record_kind kind = RECORD_JUMP;
	UInt place = 0;

	if (in->jumpkind == Ijk_Call) {
		kind = RECORD_CALL;
		place = place_number(b->address);
	} else if (in->jumpkind == Ijk_Ret) {
		kind = RECORD_RETURN;
	} else if (in->jumpkind != Ijk_Boring || in->next->tag == Iex_Const) {
		return;
	}
	store(b, 0, IRExpr_Const(IRConst_U64((ULong)place << 4 | kind)));
	store(b, 8, IRExpr_RdTmp(temporary(b, IRExpr_Get(stack_pointer, b->word), b->word)));
	b->offset += 16;
	put(b, SHADOW_END, behind_base(b, b->offset));
}

IRSB *instrument(VgCallbackClosure *closure, IRSB *in, const VexGuestLayout *layout,
	const VexGuestExtents *extents, const VexArchInfo *host, IRType guest_word,
	IRType host_word)
{
	static struct item items[MAX_ITEMS];
	struct builder b = {.item = items, .shadow = layout->total_sizeB, .word = Ity_I64};
	Int i = 0;

	(void)closure;
	(void)extents;
	(void)host;
	tl_assert(guest_word == Ity_I64 && host_word == Ity_I64);
	if (!drain_interested())
		return in;
	b.out = deepCopyIRSBExceptStmts(in);
	for (; i < in->stmts_used && in->stmts[i]->tag != Ist_IMark; i++)
		addStmtToIRSB(b.out, in->stmts[i]);
	begin(&b);
	for (; i < in->stmts_used; i++) {
		if (!in->stmts[i] || in->stmts[i]->tag == Ist_NoOp)
			continue;
		add_references(&b, in->stmts[i]);
		addStmtToIRSB(b.out, in->stmts[i]);
	}
	flush(&b);
	end_segment(&b);
	if (settings.stacks)
		add_flow(&b, in, layout->offset_SP);
	return b.out;
}
