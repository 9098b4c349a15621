# SPDX-License-Identifier: MIT
#
# figure: bytes lost in last pages, and page tables, against page size (bel-vm --page-size)
# records: belady.vm/1
# x: trace.page_bytes
# y: fragmentation.waste_bytes
# columns: tables.peak_bytes
# series: policy params
# joins: page_bytes
#
# Waste is filled points, tables the hollow ones. Waste is only known where
# regions are: traces of bel-capture.

set xlabel 'page size'
set ylabel 'memory'
if (log_x || lines + floors == 1) { set logscale x 2 }
set format x '%.0b %BB'
set format y '%.0b %BB'
if (log_y) { set logscale y 2 } else { set yrange [0:1<*] }
set key below left vertical maxrows 2 * (lines + floors)

name(i, what) = what.(lines + floors > 1 ? ', '.label[i] : '')
plot for [i = 1:lines+floors] $series index i-1 using 1:2 with linespoints ls i title name(i, 'lost in last pages'), \
	for [i = 1:lines+floors] $series index i-1 using 1:3 with linespoints ls i dt 3 pt 6 title name(i, 'page tables, peak')
