# SPDX-License-Identifier: MIT
#
# figure: CPU utilisation against programs (bel-vm --degree)
# records: belady.vm/1
# x: traces
# y: cost.cpu_utilisation
# series: policy params frames
# joins: mix
# axis: high

set xlabel name_of_x('programs at a time')
set ylabel name_of_y('CPU utilisation')
set format y '%g'.percent
if (log_x) { set logscale x 2; set format x '%.0f' } else { if (x_max <= 20) { set xtics 1 } }
if (log_y) { set logscale y; set yrange [100 * y_from:100 * y_to] } else { set yrange [0:100 * y_top]; set ytics 100 * y_step }

plot for [i = 1:lines+floors] $series index i-1 using 1:(100*$2) with linespoints ls i notitle @key_of_lines
