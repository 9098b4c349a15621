# SPDX-License-Identifier: MIT
#
# figure: bytes lost and page tables, by page size (bel-vm --page-size)
# records: belady.vm/1
# x: trace.page_bytes
# y: fragmentation.internal_fragmentation_bytes
# columns: tables.peak_bytes
# series: policy params
# joins: page_bytes
# axis: panels
#
# Waste has filled points, tables have hollow ones. 0 is the lower end of the axis. Waste is
# known only if regions are known: in traces of bel-capture.

set xlabel 'page size'
set ylabel 'memory'
set logscale xy 2
y_from = y_max > 0 ? 2.0**floor(log(y_least) / log(2) - 1e-9) / 2 : 1
# gnuplot can leave out a tick at the very end.
set xrange [flat ? (x_max > 0 ? x_from : 1) : x_min > 0 ? x_min : 1:x_to > 1 ? 1.0001 * x_to : 2]
set yrange [y_from:y_max > 0 ? 2.0**(ceil(log(y_max) / log(2)) + 1) : 2]
# A label of a size has up to 8 letters.
labels = letters_wide > 30 ? int((letters_wide - 12) / 9) : 2
each = int(ceil((log(x_max > x_min && x_min > 0 ? x_max / x_min : 2) / log(2) + 1) / labels))
first = x_min > 1 ? int(floor(log(x_min) / log(2) + 1e-9)) : 10
set xtics (size(first) 2.0**first)
do for [n = first + each:first + 20:each] { set xtics add (size(n) 2.0**n) }
set ytics ('0' y_from)
do for [n = 0:49:2] { if (2.0**n > 1.5 * y_from) { set ytics add (size(n) 2.0**n) } }
set size 1, 1
set key on default
set key noenhanced Left reverse below left vertical maxrows 2 * (lines + floors)

# One machine has a colour for each of the two; several have those of their policies.
one = lines + floors == 1
name(i, what) = what.(one ? '' : ', '.label[i])
tables(i) = one ? '#d55e00' : i > lines ? '#000000' : colour_of(style_of[i])
plot for [i = 1:lines+floors] $series index i-1 using 1:($2 > 0 ? $2 : y_from) with linespoints ls i pt 7 title name(i, 'lost in last pages'), \
	for [i = 1:lines+floors] $series index i-1 using 1:($3 > 0 ? $3 : y_from) with linespoints ls i lc rgb tables(i) dt 3 pt 6 title name(i, 'page tables, peak')
