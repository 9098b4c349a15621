# SPDX-License-Identifier: MIT
#
# figure: faults against mean resident pages: also working sets
# records: belady.run/1 belady.curve/1
# x: mean_resident_pages frames
# y: faults
# series: policy params
# band: faults_low faults_high
# axis: pages
#
# If a curve of a fixed-space policy has no mean resident set, it is drawn at its frames.

set xlabel name_of_x('mean resident set, or frames ('.page_unit.')')
set ylabel name_of_y('faults'.y_counted)
@y_axis
if (log_y) { set format y powers }

plot @bands_under @curves
