/* SPDX-License-Identifier: MIT */
/*
 * emit_csv_columns.c: the columns of CSV for each schema: the members that lib/emit/schema has, in its
 * order, so that no policy, machine or trace changes them. Arrays of objects (the mappings of a
 * trace) have no column; parameters and the figures of a policy have one, as text. A test compares
 * this list with the schemas.
 */
#include <string.h>

#include "emit_rows.h"

#define FRAGMENTATION_COLUMNS                                                                      \
	"fragmentation.text.regions,fragmentation.text.bytes,fragmentation.text.pages,"            \
	"fragmentation.text.internal_fragmentation_bytes,fragmentation.data.regions,"              \
	"fragmentation.data.bytes,fragmentation.data.pages,"                                       \
	"fragmentation.data.internal_fragmentation_bytes,fragmentation.heap.regions,"              \
	"fragmentation.heap.bytes,fragmentation.heap.pages,"                                       \
	"fragmentation.heap.internal_fragmentation_bytes,fragmentation.stack.regions,"             \
	"fragmentation.stack.bytes,fragmentation.stack.pages,"                                     \
	"fragmentation.stack.internal_fragmentation_bytes,fragmentation.mmap.regions,"             \
	"fragmentation.mmap.bytes,fragmentation.mmap.pages,"                                       \
	"fragmentation.mmap.internal_fragmentation_bytes,fragmentation.region_bytes,"              \
	"fragmentation.internal_fragmentation_bytes,fragmentation.unknown.regions,"                \
	"fragmentation.unknown.bytes,fragmentation.unknown.pages,"                                 \
	"fragmentation.unknown.internal_fragmentation_bytes,fragmentation.vdso.regions,"           \
	"fragmentation.vdso.bytes,fragmentation.vdso.pages,"                                       \
	"fragmentation.vdso.internal_fragmentation_bytes,"

#define TRACE_COLUMNS                                                                              \
	"trace.name,trace.digest,trace.references,trace.pages,trace.page_bytes,trace.file,"

/* clang-format off */
static const struct {
	const char *schema, *columns;
} fixed[] = {
	{"belady.anomaly/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,plugin.file,plugin.digest,frames,seed,references,faults,"
		"more_frames,more_faults,added_faults"},
	{"belady.audit/1",
		"schema,tool,version,policy,params,spec,plugin.file,plugin.digest,seed,"
		"reference_strings,references,passed,invariant,frames,reference,violation,"
		"reference_string"},
	{"belady.blame/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,plugin.file,plugin.digest,frames,seed,by,process,command,thread,"
		"mark,function,line,object,stack,region,mapping,library,page,keys,references,faults,"
		"fault_share,compulsory_faults,opt_faults,regret,evictions,needed_evictions,writebacks"},
	{"belady.blame-compare/1",
		"schema,tool,version,before.trace.name,before.trace.digest,"
		"before.trace.references,before.trace.pages,before.trace.page_bytes,"
		"before.trace.file,before.spec,before.frames,before.seed,after.trace.name,"
		"after.trace.digest,after.trace.references,after.trace.pages,"
		"after.trace.page_bytes,after.trace.file,after.spec,after.frames,after.seed,by,"
		"process,command,thread,mark,function,line,object,stack,region,mapping,library,"
		"page,keys,references_before,references_after,faults_before,faults_after,"
		"faults_change,regret_before,regret_after,evictions_before,evictions_after,"
		"needed_evictions_before,needed_evictions_after,writebacks_before,"
		"writebacks_after"},
	{"belady.compare/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,seed,frames,memory_bytes,faults,baseline,baseline_faults,"
		"opt_faults,faults_over_opt,faults_over_baseline,gap_closed_percent,rank,policies"},
	{"belady.compare-pair/1",
		"schema,tool,version,policy,params,spec,seed,against,against_params,against_spec,"
		"against_seed,sizes,wins,losses,ties,win_share"},
	{"belady.compare-policy/1",
		"schema,tool,version,policy,params,spec,seed,traces,sizes,baseline,faults_over_opt,"
		"faults_over_baseline,gap_closed_percent,mean_rank,first_places,rank,policies"},
	{"belady.compare-prediction/1",
		"schema,tool,version," TRACE_COLUMNS
		"spec,kernel,reclaim,file_pages,read_ahead_bytes,frames,memory_bytes,repetitions,"
		"measured_major_faults,measured_least,measured_most,spread_percent,"
		"predicted_major_faults,error_percent"},
	{"belady.compare-trace/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,seed,sizes,baseline,faults_over_opt,faults_over_baseline,"
		"gap_closed_percent,mean_rank,first_places,rank,policies"},
	{"belady.compare-truth/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,seed,measured_by,kernel,reclaim,frames,memory_bytes,"
		"measured_faults,measured_least,measured_most,spread_percent,faults,error_percent"},
	{"belady.compare-truth-mean/1",
		"schema,tool,version,policy,params,spec,seed,measured_by,kernel,reclaim,traces,sizes,"
		"mean_error_percent,mean_absolute_error_percent,largest_error_percent"},
	{"belady.cost/1",
		"schema,tool,version,processor,machine,kernel,page_bytes,event,title,median_ns,low_ns,"
		"high_ns,repetitions,why_not"},
	{"belady.curve/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,plugin.file,plugin.digest,algorithm,exact,partial,"
		"compulsory_faults,seed,frames,tau,faults,faults_low,faults_high,writebacks,"
		"mean_resident_pages,knee.frames,knee.tau,knee.memory_pages,knee.faults,"
		"knee.lifetime,min_space_time.frames,min_space_time.tau,min_space_time.memory_pages,"
		"min_space_time.faults,min_space_time.fault_references,"
		"min_space_time.page_references,sample.rate,sample.max_pages,sample.mean_pages,"
		"sample.seeds,sample.seed,sample.no_band,sample.band_from_frames,extra,requests"},
	{"belady.curve-interval/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,plugin.file,plugin.digest,algorithm,exact,partial,interval,"
		"start_reference,references,frames,tau,faults,writebacks"},
	{"belady.idle/1",
		"schema,tool,version," TRACE_COLUMNS
		"idle_references,references,touched_bytes,mean_touched_bytes,mean_idle_bytes,"
		"idle_bytes_at_end,refaults,refaults_per_million,device,device_read_ns,"
		"wait_ns_per_reference"},
	{"belady.info/1",
		"schema,tool,version," TRACE_COLUMNS
		"stored_format,command,captured_by,granule_bytes,exact,address_bits,first_byte,"
		"ended_early,noise_lines,bad_lines,references,fetches,loads,stores,modifies,"
		"crossings,runs,writing_runs,references_per_run,pages,footprint_bytes,events,threads,"
		"stored_bytes,stored_bytes_per_reference,stored_bits_per_reference,"
		"regions.unknown.peak_mapped_bytes,regions.unknown.references,regions.unknown.pages,"
		"regions.text.peak_mapped_bytes,regions.text.references,regions.text.pages,"
		"regions.data.peak_mapped_bytes,regions.data.references,regions.data.pages,"
		"regions.heap.peak_mapped_bytes,regions.heap.references,regions.heap.pages,"
		"regions.stack.peak_mapped_bytes,regions.stack.references,regions.stack.pages,"
		"regions.mmap.peak_mapped_bytes,regions.mmap.references,regions.mmap.pages,"
		"regions.vdso.peak_mapped_bytes,regions.vdso.references,regions.vdso.pages,"
		"regions.mixed.peak_mapped_bytes,regions.mixed.references,regions.mixed.pages,"
		"kernel_loads,kernel_stores,known_references,known_ratio,unknown_range_count,"
		"valid_policies,min_frames,stored_format_verdict,stored_format_reason,process_count,"
		"mapping_count,mark_count,near_pages,near_page_bytes,"
		"more_stacks"},
	{"belady.interval/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,plugin.file,plugin.digest,frames,seed,interval,start_reference,"
		"references,faults,writebacks,fault_ratio,mean_resident_pages,resident_pages_at_end"},
	{"belady.live/1",
		"schema,tool,version," TRACE_COLUMNS
		"frames,repetitions,touches,compulsory_faults,faults,faults_least,faults_most,spread,"
		"major_faults,minor_faults,swapped_in,swapped_out,refaults,peak_resident_pages,"
		"kernel_bytes,limit_bytes,mean_resident_pages,cpu_seconds,swap_counts,"
		"touches_per_update,kernel,reclaim,cgroup,swap_area,zram_added"},
	{"belady.live-program/1",
		"schema,tool,version," TRACE_COLUMNS
		"command,frames,repetition,status,signal,major_faults,minor_faults,refaults,"
		"file_refaults,swapped_in,swapped_out,peak_anonymous_pages,peak_file_pages,"
		"peak_kernel_bytes,mean_anonymous_pages,elapsed_seconds,cpu_seconds,"
		"predicted_major_faults,kernel,reclaim,cgroup,swap_area,zram_added,swap_counts,"
		"mean_file_pages,file_major_faults,file_pages,copied_files,copied_bytes,"
		"read_ahead_bytes"},
	{"belady.map/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,plugin.file,plugin.digest,frames,seed,what,row,rows,name,space,"
		"pid,process,region,mapping,mappings,start,bytes,pages,hole_bytes,sum,share,"
		"references,column_references,start_reference,counts"},
	{"belady.mark/1",
		"schema,tool,version," TRACE_COLUMNS "reference,name,space,pid,process"},
	{"belady.probe/1", "schema,tool,version,kernel,facility,available,detail,use,remedy"},
	{"belady.pager/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,plugin.file,plugin.digest,frames,seed,backend,exact,references,"
		"faults,traps,zero_fills,loads,evictions,writebacks,unmaps,ticks,"
		"resident_pages_at_end,dirty_at_end,verified_runs,cpu_us_per_trap"},
	{"belady.regression/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,seed,frames,memory_bytes,faults_before,faults_after,"
		"increase_percent,limit_percent"},
	{"belady.requests/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,plugin.file,plugin.digest,requests,references,hit_share,hits,"
		"hit_ratio,frames,at_knee,opt_frames,memory_over_opt"},
	{"belady.run/1",
		"schema,tool,version," TRACE_COLUMNS
		"policy,params,spec,plugin.file,plugin.digest,frames,seed,references,hits,faults,"
		"compulsory_faults,evictions,writebacks,dirty_at_end,fault_ratio,mean_resident_pages,"
		"peak_resident_pages,extra"},
	{"belady.sweep-job/1",
		"schema,tool,version,job,position,trace_digest,simulated_by,host"},
	{"belady.vm/1",
		"schema,tool,version," TRACE_COLUMNS
		"traces,quantum,policy,params,spec,plugin.file,plugin.digest,frames,replacement,"
		"seed,references,dead_process_references,faults,minor_faults,major_faults,"
		"invalid_faults,zero_fill_faults,in_frame_faults,copy_on_write_faults,"
		"protection_faults,file_read_faults,swap_read_faults,no_region_faults,"
		"no_permission_faults,fault_ratio,evictions,background_evictions,low_watermark,"
		"high_watermark,writebacks,clean_drops,file_reads,file_writes,dirty_at_end,"
		"copies,unknown_region,frames_at_end,peak_frames,resident_pages_at_end,"
		"shared_pages_at_end,idle_frames_at_end,rebalances,processes,killed_by_fault,"
		"killed_for_memory,failed_forks,switches,tlb.replacement,tlb.asid,"
		"tlb.data.entries,tlb.data.ways,tlb.data.misses,tlb.data.fills,"
		"tlb.data.shootdowns,tlb.fetch.entries,tlb.fetch.ways,tlb.fetch.misses,"
		"tlb.fetch.fills,tlb.fetch.shootdowns,tlb.second_level.entries,"
		"tlb.second_level.ways,tlb.second_level.misses,tlb.second_level.fills,"
		"tlb.second_level.shootdowns,tlb.misses,tlb.miss_ratio,tlb.second_level_hits,"
		"tlb.walks,tlb.walk_references,tlb.restarts,tlb.flushes,tlb.entries_flushed,"
		"tlb.reach_bytes,tables.kind,tables.address_bits,tables.levels,tables.level_bits,"
		"tables.entry_bytes,tables.peak_tables.level1,tables.peak_tables.level2,"
		"tables.peak_tables.level3,tables.peak_tables.level4,tables.peak_tables.level5,"
		"tables.peak_tables.level6,tables.bytes_at_end,tables.peak_bytes,"
		"tables.flat_table_bytes,swap.slots,swap.ins,swap.outs,swap.slots_used_at_end,"
		"swap.peak_slots,swap.times_full," FRAGMENTATION_COLUMNS
		"cost.device,cost.assumed_ns.memory,cost.assumed_ns.l2,cost.assumed_ns.walk,"
		"cost.assumed_ns.trap,cost.assumed_ns.minor,cost.assumed_ns.major,"
		"cost.assumed_ns.copy,cost.assumed_ns.switch,cost.assumed_ns.shoot,"
		"cost.assumed_ns.device_read,cost.assumed_ns.device_write,cost.cpu_ns,cost.io_ns,"
		"cost.effective_access_ns,cost.cpu_share_alone,cost.multiprogramming,"
		"cost.cpu_utilisation,cost.programs_per_s,cost.references_per_s"},
	{"belady.vm-interval/1",
		"schema,tool,version," TRACE_COLUMNS
		"traces,quantum,policy,params,spec,plugin.file,plugin.digest,frames,replacement,seed,"
		"interval,start_reference,references,faults,minor_faults,major_faults,invalid_faults,"
		"zero_fill_faults,in_frame_faults,copy_on_write_faults,protection_faults,"
		"file_read_faults,swap_read_faults,no_region_faults,no_permission_faults,tlb_misses,"
		"walks,writebacks,swap_ins,swap_outs,frames_at_end,resident_pages_at_end,"
		"swap_slots_at_end,processes_at_end"},
	{"belady.vm-process/1",
		"schema,tool,version," TRACE_COLUMNS
		"traces,quantum,policy,params,spec,plugin.file,plugin.digest,frames,replacement,"
		"seed,process,pid,parent,name,outcome,status,address_spaces,references,faults,"
		"minor_faults,major_faults,invalid_faults,zero_fill_faults,in_frame_faults,"
		"copy_on_write_faults,protection_faults,file_read_faults,swap_read_faults,"
		"no_region_faults,no_permission_faults,copies,unknown_region,tlb_misses,"
		"evicted_pages,pages_at_end,resident_pages_at_end,peak_resident_pages,"
		"shared_pages,allocated_frames," FRAGMENTATION_COLUMNS
		"fatal_address,fatal_region"},
};
/* clang-format on */

const char *bel_csv_columns(const char *schema)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		if (!strcmp(fixed[i].schema, schema))
			return fixed[i].columns;
	return NULL;
}
