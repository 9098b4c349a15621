# SPDX-License-Identifier: MIT
#
# figure: faults against frames, one line for each policy
# records: belady.run/1 belady.curve/1
# x: frames mean_resident_pages
# y: faults
# series: policy params
# band: faults_low faults_high
# axis: pages
#
# A variable-space policy has no frames and is drawn at its mean resident set.

set xlabel name_of_x('frames ('.page_unit.')')
set ylabel name_of_y('faults'.y_counted)
@y_axis
if (log_y) { set format y powers }

name = ', $spot_names using 1:2:(spot_name[int($3)]) with labels noenhanced left offset 0.5, 0.6 font "".small_font(0.85) notitle'
if (spot_names) { plot @bands_under @curves @name } else { plot @bands_under @curves }
