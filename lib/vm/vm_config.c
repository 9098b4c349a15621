/* SPDX-License-Identifier: MIT */
/* vm_config.c: parses descriptions of machines. */
#include "vm_config.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

static const char *const allocations[] = {"global", "equal", "proportional", "working-set", "pff"};
static const char *const orders[] = {"lru", "fifo", "random"};

const char *bel_vm_allocation_name(enum bel_vm_allocation allocation)
{
	return (unsigned)allocation < BEL_VM_ALLOCATIONS ? allocations[allocation] : "unknown";
}

const char *bel_vm_tlb_order_name(enum bel_vm_tlb_order order)
{
	return (unsigned)order <= BEL_VM_TLB_RANDOM ? orders[order] : "unknown";
}

static int parse_tables(const struct bel_vm_options *options, unsigned page_bits,
	struct bel_vm_config *config, struct bel_err *err)
{
	for (int kind = 0; kind < BEL_VM_TABLE_KINDS; kind++)
		if (!strcmp(options->tables, bel_vm_table_name(kind)))
			return bel_vm_table_shape(&config->tables, kind,
				options->address_bits > UINT_MAX ? UINT_MAX
								 : (unsigned)options->address_bits,
				page_bits, err);
	return bel_usage(err, "--tables: '%s' is none of flat, two-level, radix4, radix5, inverted",
		options->tables);
}

/* ENTRIES[:WAYS] */
static int parse_buffer(struct bel_vm_tlb_config *tlb, enum bel_vm_tlb_part part, const char *text,
	struct bel_err *err)
{
	unsigned entries, ways = 0;
	int end = 0;

	if ((sscanf(text, "%7u%n:%5u%n", &entries, &end, &ways, &end) < 1) || text[end] ||
		*text < '0' || *text > '9' || !entries || (strchr(text, ':') && !ways))
		return bel_usage(err, "--tlb: '%s' is not ENTRIES or ENTRIES:WAYS", text);
	if (tlb->part[part].entries)
		return bel_usage(err,
			"--tlb: '%s': this TLB has its size; ways are ENTRIES:WAYS, a second level "
			"is l2=ENTRIES",
			text);
	tlb->part[part].entries = entries;
	tlb->part[part].ways = ways;
	return 0;
}

static int parse_tlb_item(struct bel_vm_tlb_config *tlb, const char *item, struct bel_err *err)
{
	for (int order = 0; order <= BEL_VM_TLB_RANDOM; order++)
		if (!strcmp(item, orders[order])) {
			tlb->order = (uint8_t)order;
			return 0;
		}
	if (!strcmp(item, "asid") || !strcmp(item, "flush")) {
		tlb->asid = item[0] == 'a';
		return 0;
	}
	if (!strncmp(item, "i=", 2))
		return parse_buffer(tlb, BEL_VM_TLB_FETCH, item + 2, err);
	if (!strncmp(item, "d=", 2))
		return parse_buffer(tlb, BEL_VM_TLB_DATA, item + 2, err);
	if (!strncmp(item, "l2=", 3))
		return parse_buffer(tlb, BEL_VM_TLB_SECOND, item + 3, err);
	return parse_buffer(tlb, BEL_VM_TLB_DATA, item, err);
}

static int parse_tlb(const char *text, struct bel_vm_tlb_config *tlb, struct bel_err *err)
{
	char *copy, *at, *item;
	int r = 0;

	*tlb = (struct bel_vm_tlb_config){.asid = true};
	if (!strcmp(text, "none"))
		return 0;
	copy = strdup(text);
	if (!copy)
		return bel_err_memory(err, "--tlb");
	at = copy;
	while (r == 0 && (item = strsep(&at, ",")))
		r = parse_tlb_item(tlb, item, err);
	free(copy);
	if (r == 0 && !tlb->part[BEL_VM_TLB_DATA].entries)
		return bel_usage(err, "--tlb: needs ENTRIES or d=ENTRIES, or none alone");
	return r;
}

static int parse_replacement(const char *text, struct bel_vm_config *config, struct bel_err *err)
{
	const char *const kind = strncmp(text, "local:", 6) ? text : text + 6;
	int end = 0;

	config->fault_rate_low = 1e-5;
	config->fault_rate_high = 1e-4;
	for (int a = 0; a < BEL_VM_ALLOCATIONS; a++)
		if (!strcmp(kind, allocations[a]) && (a == BEL_VM_GLOBAL) == (kind == text)) {
			config->allocation = (uint8_t)a;
			return 0;
		}
	if (kind != text &&
		sscanf(kind, "pff=%lf:%lf%n", &config->fault_rate_low, &config->fault_rate_high,
			&end) == 2 &&
		!kind[end] && config->fault_rate_low >= 0 &&
		config->fault_rate_low < config->fault_rate_high && config->fault_rate_high <= 1) {
		config->allocation = BEL_VM_FAULT_RATE;
		return 0;
	}
	return bel_usage(err,
		"--replacement: '%s' is none of global, local:equal, local:proportional, "
		"local:working-set, local:pff, local:pff=LOW:HIGH (faults per reference)",
		text);
}

static int parse_watermarks(const char *text, struct bel_vm_config *config, struct bel_err *err)
{
	const char *const colon = strchr(text, ':');
	char low[24];

	if (!colon || colon - text >= (int)sizeof(low))
		return bel_usage(err, "--watermarks: '%s' is not LOW:HIGH", text);
	memcpy(low, text, (size_t)(colon - text));
	low[colon - text] = 0;
	if (bel_parse_number(low, "--watermarks", &config->low, err) < 0 ||
		bel_parse_number(colon + 1, "--watermarks", &config->high, err) < 0)
		return err->code;
	if (config->low >= config->high)
		return bel_usage(err, "--watermarks: low must be below high");
	return 0;
}

static int parse_swap(
	const char *text, unsigned page_bits, struct bel_vm_config *config, struct bel_err *err)
{
	uint64_t bytes = 0;

	config->swap_slots = BEL_VM_UNBOUNDED;
	if (!strcmp(text, "unbounded"))
		return 0;
	if (strcmp(text, "none") != 0 && bel_parse_number(text, "--swap", &bytes, err) < 0)
		return err->code;
	config->swap_slots = bytes >> page_bits;
	return 0;
}

int bel_vm_configure(const struct bel_vm_options *options, unsigned page_bits,
	struct bel_vm_config *config, struct bel_err *err)
{
	struct bel_err own;
	int r;

	err = err ? err : &own;
	*config = (struct bel_vm_config){
		.cost = BEL_VM_COST_DEFAULT,
		.rebalance_interval = options->rebalance_interval,
		.interval = options->interval,
		.strict = options->strict,
		.invariants = options->invariants,
		.from_file = !strcmp(options->backing, "file"),
	};
	if (!config->from_file && strcmp(options->backing, "zero") != 0)
		return bel_usage(err, "--backing: '%s' is none of zero, file", options->backing);
	if (!options->rebalance_interval)
		return bel_usage(err, "--rebalance: must be at least 1 reference");
	config->device = bel_vm_device_find(options->device, err);
	r = config->device ? parse_tables(options, page_bits, config, err) : BEL_USAGE;
	if (r == 0)
		r = parse_tlb(options->tlb, &config->tlb, err);
	if (r == 0)
		r = parse_replacement(options->replacement, config, err);
	if (r == 0 && options->watermarks)
		r = parse_watermarks(options->watermarks, config, err);
	if (r == 0)
		r = parse_swap(options->swap, page_bits, config, err);
	if (r == 0 && options->cost)
		r = bel_vm_cost_parse(&config->cost, options->cost, err);
	return r;
}
