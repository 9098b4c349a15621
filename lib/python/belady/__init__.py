# SPDX-License-Identifier: MIT
"""belady: page faults of traces under replacement policies.

    >>> import belady
    >>> belady.simulate([7, 0, 1, 2, 0, 3, 0, 4], "fifo,opt", 3)[0]["faults"]
    7
    >>> belady.curve("ls.bel", "lru")["faults"]            # at every number of frames
    >>> belady.info("ls.bel")["references"]

A trace is a file in any format that the tools read, a list of page numbers, bytes with what a file
would hold, or a Trace. Results are the records of the tools (bel-sim(1), bel-curve(1), bel-vm(1),
bel-info(1)) as dictionaries. What fails raises belady.Error. belady-python(7) is the manual.
"""

import ctypes
import json
import os

from . import _library
from ._library import Error
from ._policy import Adapter, Policy, name_of

__all__ = ["Error", "Policy", "Trace", "curve", "curves", "info", "machine", "policies",
           "simulate", "version"]

_FIRST_BYTE, _SALVAGE = 1, 2
_WRITE, _COUNT_SHIFT = 0x4, 4
_VARIABLE, _FUTURE = 0x1, 0x2


def version():
    """The version of the library, as "0.1.0"."""
    return _library.library.bel_version().decode()


def policies():
    """The built-in policies: a list of dictionaries with name, title, source, variable, future.

    variable: it sizes itself and takes no frames. future: it knows the references to come.
    """
    found = []
    while True:
        policy = _library.library.bel_policy_at(len(found))
        if not policy:
            return found
        table = policy.contents
        found.append({"name": table.name.decode(), "title": table.title.decode(),
                      "source": table.source.decode(), "variable": bool(table.caps & _VARIABLE),
                      "future": bool(table.caps & _FUTURE)})


def _bytes(text):
    """The text or path as the library takes it, whole: C would end it at a null character."""
    if text is None:
        return None
    encoded = os.fsencode(text)
    if b"\0" in encoded:
        raise ValueError(f"{text!r} has a null character")
    return encoded


def _whole(number):
    """A page or a number of frames: int() alone would make 1 of 1.5."""
    value = int(number)
    if value != number and not isinstance(number, str):
        raise ValueError(f"{number!r} is not a whole number")
    return str(value)


class Trace:
    """A trace that is opened once and used several times.

    trace: a file's path ("-": standard input), bytes, or page numbers. The keywords are the
    options of the tools: page_bytes (--page-size), format (--from), name, columns, separator,
    kinds, unit_bytes (--unit), max_bad, first_byte, salvage.

        with belady.Trace("log.csv", columns="address=2,kind=1") as trace:
            belady.curve(trace, "lru")

    Iteration gives the runs: (page, count, write), references to one page in a row. Pages are
    numbered 0, 1, 2, ... in the order of their first reference. One iteration at a time.
    """

    def __init__(self, trace, *, page_bytes=0, format=None, name=None, columns=None,
                 separator=None, kinds=None, unit_bytes=0, max_bad=0, first_byte=False,
                 salvage=False):
        self._handle = ctypes.c_void_p()
        data = None
        if isinstance(trace, (bytes, bytearray, memoryview)):
            data = bytes(trace)
        elif not isinstance(trace, (str, os.PathLike)):
            data = " ".join(_whole(page) for page in trace).encode()
            format = format or "pages"
            name = name or "pages"
        settings = _library.TraceSettings(
            flags=_FIRST_BYTE * bool(first_byte) | _SALVAGE * bool(salvage),
            page_bytes=page_bytes, format=_bytes(format), name=_bytes(name),
            columns=_bytes(columns), separator=_bytes(separator), kinds=_bytes(kinds),
            unit_bytes=unit_bytes, max_bad=max_bad)
        if data is None:
            _library.call("bel_trace_open", ctypes.byref(self._handle), _bytes(trace), settings)
        else:
            _library.call("bel_trace_open_memory", ctypes.byref(self._handle), data, len(data),
                          settings)

    def close(self):
        """Frees it; nothing else may be done with it then."""
        if self._handle:
            _library.library.bel_trace_close(self._handle)
            self._handle = ctypes.c_void_p()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        if getattr(self, "_handle", None) and _library is not None:
            self.close()

    def _open_handle(self):
        if not self._handle:
            raise Error("the trace is closed")
        return self._handle

    @property
    def warning(self):
        """What to know of the last reading: the format was guessed, lines were skipped. Or None."""
        text = _library.library.bel_trace_warning(self._open_handle())
        return text.decode(errors="replace") if text else None

    def counts(self):
        """References, pages, writes, page_bytes; reads the whole trace."""
        counts = _library.TraceCounts()
        _library.call("bel_trace_count", self._open_handle(), counts)
        return {name: getattr(counts, name)
                for name in ("references", "pages", "writes", "page_bytes")}

    def __iter__(self):
        runs = ctypes.POINTER(_library.Run)()
        count = ctypes.c_size_t()
        # From the beginning, also if an earlier iteration was left in the middle.
        _library.library.bel_trace_rewind(self._open_handle())
        while _library.call("bel_trace_next", self._open_handle(), ctypes.byref(runs),
                            ctypes.byref(count)):
            # A copy: the library's may change while the caller has the generator at rest.
            for run in [(runs[i].page, runs[i].info) for i in range(count.value)]:
                yield run[0], run[1] >> _COUNT_SHIFT, bool(run[1] & _WRITE)


class _Request:
    """The policies and settings of one call, in the shape that the library takes."""

    def __init__(self, wanted, seed, threads, memory, temp_dir, interval):
        if isinstance(wanted, (str, type)):
            wanted = [wanted]
        self.adapters = [Adapter(policy) for policy in wanted if isinstance(policy, type)]
        self.names = _bytes(",".join(policy if isinstance(policy, str) else name_of(policy)
                                     for policy in wanted))
        own = (ctypes.POINTER(_library.PolicyTable) * (len(self.adapters) + 1))(
            *[ctypes.pointer(adapter.table) for adapter in self.adapters])
        # Python runs one thread at a time.
        self.settings = _library.Settings(
            threads=threads or (1 if self.adapters else 0), seed=seed, memory_bytes=memory,
            temp_dir=_bytes(temp_dir), interval=interval, policies=own)
        self.kept = own

    def records(self, function, *arguments):
        """Calls what gives records; those of it, parsed."""
        lines = []
        taker = _library.TAKER(lambda _host, line: lines.append(line) or 0)
        try:
            _library.call(function, *arguments, self.settings, taker, None)
        except Error:
            for adapter in self.adapters:
                adapter.raise_kept()
            raise
        for adapter in self.adapters:
            adapter.raise_kept()
        return [json.loads(line) for line in lines]


class _Opened:
    """A Trace of whatever stands for one; closes what it opened itself."""

    def __init__(self, trace):
        self.own = not isinstance(trace, Trace)
        self.trace = Trace(trace) if self.own else trace

    def __enter__(self):
        return self.trace._open_handle()

    def __exit__(self, *_):
        if self.own:
            self.trace.close()


def _frames(frames):
    """3, [3, 4] or "4:64:*2" as the tools have it."""
    if isinstance(frames, str):
        return _bytes(frames)
    try:
        each = iter(frames)
    except TypeError:
        return _whole(frames).encode()
    return ",".join(map(_whole, each)).encode()


def _pandas():
    try:
        import pandas
    except ImportError:
        raise Error("frame=True needs pandas, which is not installed") from None
    return pandas


def info(trace):
    """What is in a trace: the record of bel-info(1), a dictionary."""
    lines = []
    taker = _library.TAKER(lambda _host, line: lines.append(line) or 0)
    with _Opened(trace) as handle:
        _library.call("bel_info_records", handle, taker, None)
    return json.loads(lines[0])


def simulate(trace, policies="fifo,lru,opt,clock", frames="4:256:*2", *, seed=1, threads=0,
             memory=0, temp_dir=None, interval=0, frame=False):
    """Each policy with each number of frames, in one reading: the records of bel-sim(1).

    policies: "lru,clock:bit=0", or a list of names and of classes (see Policy). frames: 8, [8, 16],
    "4:256:*2", "10%", "all". seed: of policies that draw. threads: 0 is one for each processor.
    memory: bytes of the trace that are kept in memory if it must be kept, 0 is 1 GiB; the rest
    goes to temp_dir. interval: also a record for every interval of that many references. frame: a pandas
    DataFrame instead of a list, a row for each record.
    """
    pandas = _pandas() if frame else None
    request = _Request(policies, seed, threads, memory, temp_dir, interval)
    with _Opened(trace) as handle:
        records = request.records("bel_simulate_records", handle, request.names, _frames(frames))
    return pandas.json_normalize(records) if frame else records


def curves(trace, policies, frames="all", *, seed=1, threads=0, memory=0, temp_dir=None,
           interval=0):
    """The faults of policies at many numbers of frames, in one reading: the records of
    bel-curve(1). Arguments as those of simulate(); frames="all" is every number, or as many as
    describe the curve.
    """
    request = _Request(policies, seed, threads, memory, temp_dir, interval)
    with _Opened(trace) as handle:
        return request.records("bel_curve_records", handle, request.names, _frames(frames))


def curve(trace, policy, frames="all", *, seed=1, threads=0, memory=0, temp_dir=None, frame=False):
    """The same for one policy: its record, whose "faults" belong to its "frames" (or "tau").

    frame: a pandas DataFrame of the columns of points instead.
    """
    pandas = _pandas() if frame else None
    found = curves(trace, policy, frames, seed=seed, threads=threads, memory=memory,
                   temp_dir=temp_dir)
    if len(found) != 1:
        raise Error(f"{policy!r}: curve() takes one policy, curves() several")
    if not frame:
        return found[0]
    return pandas.DataFrame({key: values for key, values in found[0].items()
                             if isinstance(values, list)})


def machine(trace, options="", *, policies=(), threads=0, memory=0, temp_dir=None, interval=0):
    """Virtual-memory machines, by the options of bel-vm(1): "-p lru -f 64 --tlb 64:4".

    policies: classes that -p may name. Returns the records belady.vm/1, belady.vm-process/1 and,
    with an interval, belady.vm-interval/1.
    """
    request = _Request(policies, 0, threads, memory, temp_dir, interval)
    with _Opened(trace) as handle:
        return request.records("bel_machine_records", handle, _bytes(options))
