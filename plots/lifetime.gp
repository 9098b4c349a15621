# SPDX-License-Identifier: MIT
#
# figure: references per fault against mean resident pages or frames
# records: belady.run/1 belady.curve/1
# x: mean_resident_pages frames
# y: trace.references/faults
# series: policy params
# band: trace.references/faults_high trace.references/faults_low
# mark: knee.memory_pages knee.lifetime
# axis: pages high
#
# The ring marks a line's knee: lifetime / memory is largest there. A ray from the origin
# touches the line at this point.

set xlabel name_of_x('mean resident set, or frames ('.page_unit.')')
set ylabel name_of_y('lifetime ('.y_unit_name.'references / fault)')
@y_axis

mark_name = 'knee'
plot @bands_under @curves @marks_on
