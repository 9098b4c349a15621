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

set xlabel name_of_x('frames ('.page_unit.')')
set ylabel name_of_y("faults / OPT's faults")
step = y_max > 1.05 ? step_of(y_max - 1, y_ticks) : 0.05
top = 1 + step * (y_max > 1.05 ? ceil((y_max - 1) / step - 1e-9) : 1)
if (log_y) { set logscale y; set format y '%g' } else { set yrange [1 - 0.05 * (top - 1):top]; set ytics 1, step }

plot @curves
