#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The Python package belady: its results are those of the tools; what fails raises belady.Error; a policy
# in Python has the counts of the same policy in C.

bats_require_minimum_version 1.5.0
load ../support/missing

setup_file() {
	[ -z "$BEL_RUN" ] || missing 'this run says nothing about the library' || return 0
	[ -e "$BEL_BUILD/lib/libbelady.so.0" ] || missing 'this configuration has no library' || return 0
	command -v python3 >/dev/null || missing 'no python3' || return 0
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' || missing 'python3 is older than 3.9' ||
		return 0
	export PYTHONPATH=$BEL_TOP/lib/python PYTHONDONTWRITEBYTECODE=1 \
		BELADY_LIBRARY=$BEL_BUILD/lib/libbelady.so.0
}

setup() {
	skip_missing
	cd "$BATS_TEST_TMPDIR"
	PATH=$BEL_BIN:$PATH
	cp "$BEL_TOP/traces/ls.bel" "$BEL_TOP/traces/zipf.bel" .
}

# Python from standard input, after the imports that all have.
py() {
	{
		printf 'import belady, json, collections\n'
		cat
	} >program.py
	python3 -W error program.py
}

# same_records TOOL_RECORDS JSON_LIST: but for who made them.
same_records() {
	[ -s "$1" ]
	diff <(jq -cS 'del(.tool)' "$1") <(jq -cS '.[] | del(.tool)' "$2")
}

@test "simulate: the records of bel-sim" {
	bel-sim -q -p fifo,lru,opt,ws:tau=500 -f 4:64:*2 --interval 5000 --seed 3 --format jsonl zipf.bel >tool
	py >python <<-'END'
		print(json.dumps(belady.simulate("zipf.bel", ["fifo", "lru,opt", "ws:tau=500"], "4:64:*2",
		                                 interval=5000, seed=3)))
	END
	same_records tool python
	# Frames as a number, or as numbers.
	py >python <<-'END'
		one = belady.simulate("zipf.bel", "lru", 16)
		assert belady.simulate("zipf.bel", "lru", [16]) == one == belady.simulate("zipf.bel", "lru", "16")
		assert len(belady.simulate("zipf.bel", "lru", range(3, 8))) == 5
	END
}

@test "curve and curves: the records of bel-curve" {
	bel-curve -q -p lru,opt,ws --format jsonl zipf.bel >tool
	py >python <<-'END'
		print(json.dumps(belady.curves("zipf.bel", "lru,opt,ws")))
		assert belady.curve("zipf.bel", "opt") == belady.curves("zipf.bel", "lru,opt,ws")[1]
	END
	same_records tool python
}

@test "machine, info, policies, version: as the tools have them" {
	bel-vm -q -p clock -f 32 --tlb 64:4 --format jsonl ls.bel >tool
	py >python <<-'END'
		print(json.dumps(belady.machine("ls.bel", "-p clock -f 32 --tlb 64:4")))
	END
	same_records tool python
	bel-info -q --format jsonl ls.bel >tool
	py >python <<-'END'
		print(json.dumps([belady.info("ls.bel")]))
	END
	same_records tool python
	py >python <<-'END'
		print(*[policy["name"] for policy in belady.policies()], sep="\n")
		traits = {p["name"]: (p["variable"], p["future"]) for p in belady.policies()}
		assert traits["lru"] == (False, False) and traits["ws"] == (True, False)
		assert traits["opt"] == (False, True) and traits["vmin"] == (True, True)
		assert all(p["title"] and p["source"] for p in belady.policies())
	END
	diff python <(bel-sim -p list | awk '{print $1}')
	[ "bel-sim (belady) $(py <<<'print(belady.version())')" = "$(bel-sim --version | sed -n 1p)" ]
}

@test "traces: page numbers, bytes, options, runs" {
	py <<-'END'
		# Silberschatz, Galvin, Gagne: FIFO 15, LRU 12, OPT 9 faults with 3 frames.
		pages = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1]
		for trace in (pages, tuple(pages), iter(pages), " ".join(map(str, pages)).encode()):
		    assert [r["faults"] for r in belady.simulate(trace, "fifo,lru,opt", 3)] == [15, 12, 9]
		with belady.Trace(pages, name="book") as trace:
		    assert trace.counts() == {"references": 20, "pages": 6, "writes": 0, "page_bytes": 4096}
		    assert sum(count for _, count, _ in trace) == 20
		    assert [page for page, _, _ in trace][:4] == [0, 1, 2, 3]
		    next(iter(trace))   # one that is left in the middle
		    assert len(list(trace)) == 20
		    assert belady.simulate(trace, "lru", 3)[0]["trace"]["name"] == "book"
		assert belady.info(belady.Trace("ls.bel", page_bytes=65536))["pages"] < belady.info("ls.bel")["pages"]
	END
}

@test "what fails raises Error with code and errno" {
	py <<-'END'
		def fails(call, code, errno, text):
		    try:
		        call()
		    except belady.Error as error:
		        assert (error.code, error.errno) == (code, errno), (error.code, error.errno, error)
		        assert text in str(error), error
		    else:
		        raise AssertionError(text)
		fails(lambda: belady.simulate("nowhere.bel"), -3, 2, "nowhere.bel: ")
		fails(lambda: belady.simulate("ls.bel", "no-such", 4), -2, 0, "unknown policy 'no-such'")
		fails(lambda: belady.simulate("ls.bel", "lru", 0), -2, 0, "frames")
		fails(lambda: belady.curve("ls.bel", "lru,fifo"), -2, 0, "curves()")
		fails(lambda: belady.machine("ls.bel", "--nonsense"), -2, 0, "--nonsense")
		fails(lambda: belady.Trace("ls.bel", page_bytes=5000), -2, 0, "page_bytes")
		fails(lambda: belady.Trace("ls.bel", format="no-such"), -2, 0, "no-such")
		fails(lambda: belady.info(b"?"), -3, 0, "")
		trace = belady.Trace("ls.bel")
		trace.close()
		fails(lambda: belady.simulate(trace), -2, 0, "closed")
	END
}

@test "arguments that are no pages, frames, texts or policies are refused, never cut" {
	py <<-'END'
		def refuses(kind, text, *arguments):
		    try:
		        belady.simulate(*arguments)
		    except kind as error:
		        assert text in str(error), error
		    else:
		        raise AssertionError(arguments)
		refuses(ValueError, "1.5 is not a whole number", [1, 1.5], "lru", 3)
		refuses(ValueError, "2.5 is not a whole number", [1, 2], "lru", 2.5)
		refuses(ValueError, "2.5 is not a whole number", [1, 2], "lru", [2.5])
		refuses(ValueError, "null character", "ls.bel\0.gz", "lru", 3)
		refuses(ValueError, "null character", [1, 2], "lru\0,fifo", 3)
		refuses(ValueError, "null character", [1, 2], "lru", "3\0,4")
		refuses(TypeError, "neither the name nor the class", [1, 2], ["lru", None], 3)
		refuses(TypeError, "neither the name nor the class", [1, 2], [belady.Policy(3)], 3)
		refuses(TypeError, "5, not a text", [1, 2], [type("X", (belady.Policy,), {"name": 5})], 3)
		# Whole numbers of other types, and any kind of bytes.
		want = belady.simulate([7, 0, 7], "lru", 2)[0]["faults"]
		assert want == 2
		for trace in ([7.0, 0.0, 7.0], ["7", "0", "7"], b"7 0 7", bytearray(b"7 0 7"), memoryview(b"7 0 7")):
		    assert belady.simulate(trace, "lru", 2.0)[0]["faults"] == want, trace
	END
}

@test "a DataFrame where pandas is there, else an Error that says so" {
	py <<-'END'
		try:
		    import pandas
		except ImportError:
		    try:
		        belady.simulate("zipf.bel", "lru", 4, frame=True)
		    except belady.Error as error:
		        assert "pandas" in str(error)
		    else:
		        raise AssertionError("no error")
		else:
		    table = belady.simulate("zipf.bel", "lru,opt", [4, 8], frame=True)
		    assert list(table["faults"]) == [r["faults"] for r in belady.simulate("zipf.bel", "lru,opt", [4, 8])]
		    assert list(belady.curve("zipf.bel", "lru", frame=True)["faults"]) == belady.curve("zipf.bel", "lru")["faults"]
	END
}

# FIFO and LRU in Python.
policies() {
	cat <<-'END'
		class MyFifo(belady.Policy):
		    def __init__(self, frames):
		        self.queue = collections.deque()
		    def load(self, page, now, count):
		        self.queue.append(page)
		    def evict(self):
		        return self.queue.popleft()
		    def forget(self, page):
		        self.queue.remove(page)
		class Recent(MyFifo):
		    name = "mine"
		    def hit(self, page, now, count):
		        self.queue.remove(page)
		        self.queue.append(page)
	END
}

@test "a policy in Python has the counts of the same policy in C" {
	{
		policies
		cat <<-'END'
			def counts(records):
			    return [(r["frames"], r["faults"], r["writebacks"], r["evictions"]) for r in records]
			for mine, theirs in ((MyFifo, "fifo"), (Recent, "lru")):
			    assert counts(belady.simulate("zipf.bel", mine, [1, 3, 16, 64], threads=2)) == \
			        counts(belady.simulate("zipf.bel", theirs, [1, 3, 16, 64]))
			assert [r["policy"] for r in belady.simulate("zipf.bel", [MyFifo, "opt", Recent], 4)] == \
			    ["my-fifo", "opt", "mine"]
			assert belady.curve("zipf.bel", Recent, [4, 8])["faults"] == belady.curve("zipf.bel", "lru", [4, 8])["faults"]
			vm = belady.machine("zipf.bel", "-p mine,lru -f 16 --interval 5000", policies=[Recent])
			vm = [[r["faults"] for r in vm if r["policy"] == name] for name in ("mine", "lru")]
			assert vm[0] == vm[1] and len(vm[0]) > 3, vm
		END
	} | py
}

@test "exceptions in a policy reach the caller" {
	{
		policies
		cat <<-'END'
			class Lost(MyFifo):
			    def evict(self):
			        raise KeyError("no page")
			class Late(MyFifo):
			    def load(self, page, now, count):
			        super().load(page, now, count)
			        if page == 2:     # the last one
			            raise ValueError("at the end")
			class Never(MyFifo):
			    def __init__(self, frames):
			        raise OSError(5, "not made")
			class Stranger(MyFifo):
			    def evict(self):
			        return 77
			class Nothing(MyFifo):
			    def evict(self):
			        return None
			class Interrupted(MyFifo):
			    def evict(self):
			        raise KeyboardInterrupt
			def error(policy, pages=(1, 2, 3)):
			    try:
			        return belady.simulate(pages, policy, 2)
			    except belady.Error as caught:
			        return caught
			for policy, kind in ((Lost, KeyError), (Late, ValueError), (Never, OSError), (Nothing, TypeError)):
			    caught = error(policy)
			    assert isinstance(caught, belady.Error), caught
			    assert isinstance(caught.__cause__, kind), repr(caught.__cause__)
			    assert kind.__name__ in str(caught)
			assert "77, which is not resident" in str(error(Stranger)), error(Stranger)
			try:
			    error(Interrupted)
			except KeyboardInterrupt:
			    pass
			else:
			    raise AssertionError("it was swallowed")
			# The next call is none the worse for it.
			assert belady.simulate([1, 2, 3], "fifo", 2)[0]["faults"] == 3
		END
	} | py
}

@test "the first example of belady-python(7), and the docstring's" {
	sed -n '/^import belady$/,/^\.Ed/{/^\.Ed/q;p}' "$BEL_TOP/lib/python/belady-python.7" >example.py
	[ "$(python3 example.py)" = "$(bel-sim --version | awk 'NR == 1 {print $3}')"$'\nfifo 7\nopt 6' ]
	py <<-'END'
		assert belady.simulate([7, 0, 1, 2, 0, 3, 0, 4], "fifo,opt", 3)[0]["faults"] == 7
		for name in belady.__all__:
		    assert getattr(belady, name).__doc__, name
	END
}
