# SPDX-License-Identifier: MIT
#
# figure: share of references up to each distance (bel-curve -p lru)
# records: belady.curve/1
# x: frames
# y: faults/trace.references
# series: policy params
# policies: lru
# band: faults_low/trace.references faults_high/trace.references
# axis: pages
#
# A reference hits in an LRU memory of at least its reuse distance. So the share up to a distance
# is the hit ratio at this size. First touches have no distance, so the share stays below 1.

set xlabel name_of_x('reuse distance d (distinct '.page_unit.')')
set ylabel name_of_y('share of references up to d')
set yrange [y_max > 0.05 ? 1 - y_top : 0.95:1]
if (y_max > 0.05) { set ytics y_step }

under = bands ? 'for [b = 1:bands] $bands index b-1 using 1:(1-$2):(1-$3) with filledcurves ls band_of[b] fs transparent solid 0.25 noborder notitle,' : ''
plot @under for [i = 1:lines] $series index i-1 using 1:(1-$2) with lines ls i notitle, \
	for [i = 1:lines] $dots index i-1 using 1:(1-$2) with points ls i notitle @key_of_lines
