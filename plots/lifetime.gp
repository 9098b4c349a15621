# SPDX-License-Identifier: MIT
#
# figure: lifetime, references a fault, against mean resident pages or frames
# records: belady.run/1 belady.curve/1
# x: mean_resident_pages frames
# y: trace.references/faults
# series: policy params
#
# Where a line turns away from the steepest ray through the origin is its knee.

set xlabel 'memory ('.page_unit.': mean resident set, else frames)'
set ylabel 'lifetime (references / fault)'
if (log_x) { set logscale x 2; set format x '%.0f' }
if (log_y) { set logscale y; set format y '%g' } else { set yrange [0:1<*] }

plot for [i = 1:lines+spots+floors] $series index i-1 using 1:2 with linespoints ls i title label[i]
