# SPDX-License-Identifier: MIT
#
# figure: fault ratio of each interval over time (bel-sim --interval)
# records: belady.interval/1
# x: start_reference
# y: fault_ratio
# series: policy params frames
# width: references
# events: belady.mark/1 reference name

set xlabel name_of_x('time ('.x_unit_name.'references)')
set ylabel name_of_y('fault ratio of the interval')
if (log_x) { set logscale x }
set xrange [x_from / x_unit:x_to / x_unit]
@y_axis

plot for [i = 1:lines+spots+floors] $series index i-1 using ($1/x_unit):2 with steps ls i notitle @key_of_lines
