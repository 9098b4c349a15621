# SPDX-License-Identifier: MIT
#
# figure: predicted and measured major faults (bel-compare)
# records: belady.compare-prediction/1
# x: frames
# y: predicted_major_faults
# columns: measured_major_faults measured_least measured_most
# series: spec
# axis: pages
#
# Lines are predictions. Points are the median of the measured runs; bars go from the fewest to
# the most faults of a run.

set xlabel name_of_x('frames ('.page_unit.')')
set ylabel name_of_y('major faults'.y_counted)
@y_axis
if (log_y) { set format y powers }

measured_look = dumb ? 'points pt "@"' : 'points lc rgb "#000000" lw 1.5 pt 6 ps mark_scale'
# In letters, gnuplot 6 has no sample of a point that is a character.
key_of_marks = dumb ? ', keyentry with points pt " " title "@ measured"' : \
	', keyentry with '.measured_look.' title "measured"'
runs = dumb ? '' : ', for [i = 1:lines+floors] $series index i-1 using 1:4:(0):($5-$4) with vectors heads size screen 0.005,90 nofilled fixed lc rgb "#000000" lw 1.5 notitle'
medians = ', for [i = 1:lines+floors] $series index i-1 using 1:3 with '.measured_look.' notitle'
plot @curves @runs @medians @key_of_marks
