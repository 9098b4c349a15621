# SPDX-License-Identifier: MIT
#
# figure: bytes lost in last pages, and page tables, against page size (bel-vm --page-size)
# records: belady.vm/1
# x: trace.page_bytes
# y: fragmentation.internal_fragmentation_bytes
# columns: tables.peak_bytes
# series: policy params
# joins: page_bytes
# axis: panels
#
# Waste has filled points, tables have hollow ones, and 0 has no point. Waste is
# known only if regions are known: in traces of bel-capture.

set xlabel 'page size'
set ylabel 'memory'
set logscale xy 2
set xrange [flat ? (x_max > 0 ? x_from : 1) : x_min > 0 ? x_min : 1:x_to > 1 ? x_to : 2]
set yrange [y_max > 0 ? 2.0**floor(log(y_least) / log(2) - 1e-9) : 1:y_max > 0 ? 2.0**(ceil(log(y_max) / log(2)) + 1) : 2]
set xtics ('1 KiB' 2**10)
do for [n = 11:30] { set xtics add (size(n) 2**n) }
set ytics ('1 B' 1)
do for [n = 2:49:2] { set ytics add (size(n) 2**n) }
set key below left vertical maxrows 2 * (lines + floors)

name(i, what) = what.(lines + floors > 1 ? ', '.label[i] : '')
plot for [i = 1:lines+floors] $series index i-1 using 1:($2 > 0 ? $2 : NaN) with linespoints ls i title name(i, 'lost in last pages'), \
	for [i = 1:lines+floors] $series index i-1 using 1:3 with linespoints ls i dt 3 pt 6 title name(i, 'page tables, peak')
