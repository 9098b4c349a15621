timeout 60 valgrind --tool=lackey --trace-mem=yes --basic-counts=no --trace-syscalls=yes --trace-sched=yes --vgdb=no --trace-children=yes --log-file=/tmp/E/d/%p "$@"
