# SPDX-License-Identifier: MIT
#
# figure: mean resident pages against the window (bel-curve -p ws,vmin)
# records: belady.curve/1
# x: tau
# y: mean_resident_pages
# series: policy params
# policies: ws vmin

set xlabel name_of_x('window (references)')
set ylabel name_of_y('mean resident set ('.y_unit_name.page_unit.')')
if (log_x) { set logscale x 10; set format x powers }
@y_axis

plot @curves
