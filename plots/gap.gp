# SPDX-License-Identifier: MIT
#
# figure: faults divided by those of opt, against frames (bel-compare)
# records: belady.compare/1
# x: frames
# y: faults_over_opt
# series: policy params
# axis: pages
#
# The optimum is the floor, at 1; the distance above it is the gap.

set xlabel 'frames ('.page_unit.')'
set ylabel "faults / OPT's faults"
above = y_max > 1.05 ? '[0.95:*]' : '[0.95:1.05]'
if (log_y) { set logscale y; set format y '%g' } else { set yrange @above }

plot @curves
