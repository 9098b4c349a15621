# SPDX-License-Identifier: MIT
#
# figure: pages resident over time (bel-sim --interval)
# records: belady.interval/1
# x: start_reference
# y: mean_resident_pages
# series: policy params frames
# width: references
# events: belady.mark/1 reference name

set xlabel name_of_x('time ('.x_unit_name.'references)')
set ylabel name_of_y('mean resident set ('.y_unit_name.page_unit.')')
if (log_x) { set logscale x }
set xrange [x_from / x_unit:x_to / x_unit]
@y_axis

plot for [i = 1:lines+spots+floors] $series index i-1 using ($1/x_unit):2 with steps ls i notitle @key_of_lines
