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

set xlabel name_of_x('memory ('.page_unit.': mean resident set, else frames)')
set ylabel name_of_y('faults')
if (log_y) { set logscale y; set format y powers } else { set yrange [0:y_top] }

plot @bands_under @curves
