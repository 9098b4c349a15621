# SPDX-License-Identifier: MIT
#
# figure: faults against mean resident pages, variable and fixed space in one picture
# records: belady.run/1 belady.curve/1
# x: mean_resident_pages frames
# y: faults
# series: policy params
#
# A curve of a fixed-space policy that does not tell its mean resident set stands at its frames.

set xlabel 'memory ('.page_unit.': mean resident set, else frames)'
set ylabel 'faults'
if (log_x) { set logscale x 2; set format x '%.0f' }
if (log_y) { set logscale y; set format y '%.0f' } else { set yrange [0:1<*] }

plot for [i = 1:lines+spots+floors] $series index i-1 using 1:2 with linespoints ls i title label[i]
