# SPDX-License-Identifier: MIT
"""The shared library through ctypes: structures and functions as belady.h and policy.h have them."""

import ctypes
import os
from ctypes import (CFUNCTYPE, POINTER, Structure, c_char, c_char_p, c_double, c_int, c_size_t,
                    c_uint8, c_uint32, c_uint64, c_void_p)

NAME = "libbelady.so.0"
FOLDER = "@LIBDIR@"  # `make install-python` puts the folder of the library here


class Error(Exception):
    """A call of belady failed.

    code   -1: the answer is no; -2: the request makes no sense; -3: bad input, or the system
           refused
    errno  of the system call that failed, or 0
    """

    def __init__(self, text, code=-2, errno=0):
        super().__init__(text)
        self.code = code
        self.errno = errno


class Err(Structure):
    _fields_ = [("code", c_int), ("error", c_int), ("text", c_char * 600)]


class Sized(Structure):
    """A structure that begins with its size."""

    def __init__(self, **members):
        super().__init__(size=ctypes.sizeof(self), **members)


class TraceSettings(Sized):
    _fields_ = [("size", c_uint32), ("flags", c_uint32), ("page_bytes", c_uint64),
                ("format", c_char_p), ("name", c_char_p), ("columns", c_char_p),
                ("separator", c_char_p), ("kinds", c_char_p), ("unit_bytes", c_uint64),
                ("max_bad", c_uint64)]


class TraceCounts(Sized):
    _fields_ = [("size", c_uint32), ("page_bits", c_uint32), ("references", c_uint64),
                ("pages", c_uint64), ("writes", c_uint64), ("page_bytes", c_uint64)]


class Run(Structure):
    _fields_ = [("page", c_uint32), ("info", c_uint32)]


class Env(Structure):
    _fields_ = [("size", c_uint32), ("abi", c_uint32), ("frames", c_uint64), ("seed", c_uint64)]


class Ref(Structure):
    _fields_ = [("page", c_uint32), ("info", c_uint32), ("next", c_uint64)]


CREATE = CFUNCTYPE(c_void_p, POINTER(Env), c_void_p)
DESTROY = CFUNCTYPE(None, c_void_p)
HIT = CFUNCTYPE(None, c_void_p, c_uint64, Ref)
FAULT = CFUNCTYPE(None, c_void_p, c_uint64, Ref, c_void_p)
DROP = CFUNCTYPE(None, c_void_p, c_uint32)


class Hooks(Structure):
    _fields_ = [("hit", HIT), ("fault", FAULT), ("settle", c_void_p), ("drop", DROP)]


class PolicyTable(Structure):
    """The members of struct bel_policy that every host and every policy has."""

    _fields_ = [("size", c_uint32), ("abi", c_uint32), ("loop_abi", c_uint32), ("caps", c_uint32),
                ("name", c_char_p), ("title", c_char_p), ("source", c_char_p),
                ("params", c_void_p), ("create", CREATE), ("destroy", DESTROY),
                ("hooks", POINTER(Hooks)), ("run", c_void_p), ("report", c_void_p)]


class Settings(Sized):
    _fields_ = [("size", c_uint32), ("threads", c_uint32), ("seed", c_uint64),
                ("memory_bytes", c_uint64), ("temp_dir", c_char_p), ("interval", c_uint64),
                ("policies", POINTER(POINTER(PolicyTable))), ("progress", c_void_p),
                ("progress_host", c_void_p)]


TAKER = CFUNCTYPE(c_int, c_void_p, c_char_p)

SIGNATURES = {
    "bel_version": (c_char_p,),
    "bel_policy_at": (POINTER(PolicyTable), c_size_t),
    "bel_out_resident": (c_uint64, c_void_p),
    "bel_out_evict": (c_uint8, c_void_p, c_uint32),
    "bel_trace_open": (c_int, POINTER(c_void_p), c_char_p, POINTER(TraceSettings), POINTER(Err)),
    "bel_trace_open_memory": (c_int, POINTER(c_void_p), c_char_p, c_size_t,
                              POINTER(TraceSettings), POINTER(Err)),
    "bel_trace_close": (None, c_void_p),
    "bel_trace_warning": (c_char_p, c_void_p),
    "bel_trace_count": (c_int, c_void_p, POINTER(TraceCounts), POINTER(Err)),
    "bel_trace_next": (c_int, c_void_p, POINTER(POINTER(Run)), POINTER(c_size_t), POINTER(Err)),
    "bel_trace_rewind": (None, c_void_p),
    "bel_info_records": (c_int, c_void_p, TAKER, c_void_p, POINTER(Err)),
    "bel_simulate_records": (c_int, c_void_p, c_char_p, c_char_p, POINTER(Settings), TAKER,
                             c_void_p, POINTER(Err)),
    "bel_curve_records": (c_int, c_void_p, c_char_p, c_char_p, POINTER(Settings), TAKER, c_void_p,
                          POINTER(Err)),
    "bel_machine_records": (c_int, c_void_p, c_char_p, POINTER(Settings), TAKER, c_void_p,
                            POINTER(Err)),
}


def load():
    """Finds the library: BELADY_LIBRARY, where it was installed, or where the loader looks."""
    installed = os.path.join(FOLDER, NAME)
    path = os.environ.get("BELADY_LIBRARY") or (installed if os.path.exists(installed) else NAME)
    library = ctypes.CDLL(path)
    for name, (result, *arguments) in SIGNATURES.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


library = load()


def call(name, *arguments):
    """Calls a function whose last argument is a struct bel_err; Error if it failed."""
    err = Err()
    result = getattr(library, name)(*arguments, ctypes.byref(err))
    if result < 0:
        raise Error(err.text.decode(errors="replace"), err.code, err.error)
    return result
