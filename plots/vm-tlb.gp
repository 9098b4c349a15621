# SPDX-License-Identifier: MIT
#
# figure: TLB miss ratio against entries (runs of bel-vm --tlb)
# records: belady.vm/1
# x: tlb.reach_bytes/trace.page_bytes
# y: tlb.miss_ratio
# series: policy params frames
#
# A machine without a TLB has no lookups and no misses, so it has no point.

set xlabel name_of_x('TLB entries, all levels ('.page_unit.')')
set ylabel name_of_y('TLB misses / reference')
if (log_x) { set logscale x 2; set format x '%.0f' } else { if (!flat) { set xrange [0:x_max] } }
@y_axis

plot for [i = 1:lines+floors] $series index i-1 using ($1 > 0 ? $1 : NaN):2 with linespoints ls i notitle @key_of_lines
