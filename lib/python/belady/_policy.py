# SPDX-License-Identifier: MIT
"""Policies written in Python, as the library calls policies."""

import ctypes
import re

from ._library import (CREATE, DESTROY, DROP, FAULT, HIT, Error, Hooks, PolicyTable, library)

ABI = 1  # BEL_ABI of policy.h
COUNT_SHIFT = 4  # BEL_RUN_COUNT_SHIFT of run.h


class Policy:
    """A replacement policy in Python, for small traces: each reference is a call.

    Derive from it (or write a class with the same methods), and pass the class where a policy is
    wanted. belady makes an instance for each number of frames, with that number. It knows which
    pages are resident, and counts; the instance says who leaves. Pages are numbered 0, 1, 2, ...
    in the order of their first reference.

        class Fifo(belady.Policy):
            def __init__(self, frames):
                self.queue = collections.deque()

            def load(self, page, now, count):
                self.queue.append(page)

            def evict(self):
                return self.queue.popleft()

        belady.simulate("ls.bel", [Fifo, "fifo"], "4:64:*2")

    `name` is what records call it: lower-case letters, digits and '-'. Without it, the name of the
    class counts: "MyFifo" is my-fifo.
    """

    name = None

    def __init__(self, frames):
        """Begins with `frames` free frames."""

    def hit(self, page, now, count):
        """A resident page is referenced `count` times in a row, first at reference `now`."""

    def load(self, page, now, count):
        """The same for a page that was not resident: it is now. evict() was called if need be."""
        raise NotImplementedError

    def evict(self):
        """All frames are taken: returns the page that leaves."""
        raise NotImplementedError

    def forget(self, page):
        """A page left for another reason than evict(), as when it was unmapped (machines)."""


def name_of(policy):
    """The name in records of a policy's class."""
    if not isinstance(policy, type):
        raise TypeError(f"{policy!r} is neither the name nor the class of a policy")
    name = getattr(policy, "name", None)
    if name is not None and not isinstance(name, str):
        raise TypeError(f"{policy.__name__}.name is {name!r}, not a text")
    return name or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", policy.__name__).replace("_", "-").lower()


class Adapter:
    """A class as a struct bel_policy. Lives until the call that uses it returns."""

    def __init__(self, policy):
        self.policy = policy
        self.name = name_of(policy)
        self.exception = None  # the first in a method; from then on nothing is called
        self.instances = {}
        self.next = 1
        # The objects that C points to must be kept.
        self.hooks = Hooks(hit=HIT(self.hit) if self.looks_at_hits() else HIT(),
                           fault=FAULT(self.fault), drop=DROP(self.drop))
        self.table = PolicyTable(
            size=ctypes.sizeof(PolicyTable), abi=ABI, loop_abi=0, caps=0,
            name=self.name.encode(), title=b"a policy in Python", source=b"Python",
            create=CREATE(self.create), destroy=DESTROY(self.destroy),
            hooks=ctypes.pointer(self.hooks))

    def looks_at_hits(self):
        """A call for each reference is slow: none where nothing would happen."""
        return getattr(self.policy, "hit", Policy.hit) is not Policy.hit

    def guard(self, function, *arguments):
        """What it returns; None after an exception, which is kept: C cannot pass it on."""
        if self.exception is not None:
            return None
        try:
            return function(*arguments)
        except BaseException as exception:  # also KeyboardInterrupt: raise_kept() raises it
            self.exception = exception
            return None

    def raise_kept(self):
        """What went wrong in a method is the caller's to see."""
        if self.exception is None:
            return
        if not isinstance(self.exception, Exception):
            raise self.exception
        raise Error(f"{self.name}: {type(self.exception).__name__}: {self.exception}",
                    -3) from self.exception

    def create(self, env, _err):
        frames = env.contents.frames
        instance = self.guard(self.policy, frames)
        if instance is None:
            return None
        number = self.next
        self.next += 1
        self.instances[number] = (instance, frames)
        return number

    def destroy(self, number):
        self.instances.pop(number, None)

    def hit(self, number, now, ref):
        instance, _ = self.instances[number]
        self.guard(instance.hit, ref.page, now, ref.info >> COUNT_SHIFT)

    def fault(self, number, now, ref, out):
        self.guard(self.load, number, now, ref, out)

    def load(self, number, now, ref, out):
        instance, frames = self.instances[number]
        if library.bel_out_resident(out) >= frames:
            victim = instance.evict()
            if isinstance(victim, bool) or not isinstance(victim, int) or not 0 <= victim < 2**32:
                raise TypeError(f"evict() returned {victim!r}, not a page")
            library.bel_out_evict(out, victim)
        instance.load(ref.page, now, ref.info >> COUNT_SHIFT)

    def drop(self, number, page):
        instance, _ = self.instances[number]
        if hasattr(instance, "forget"):
            self.guard(instance.forget, page)
