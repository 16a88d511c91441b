"""Put first on PYTHONPATH: at the n-th call of one named function the process is killed or its disk is filled.

UCV_FAULT holds JSON: `target` (module:function), `call` (from 1), `action`, `delay` (seconds until a kill, beside the function as it
works), `told` (a file that tells that the fault came to pass). With the action `count` and a list `targets` nothing is
harmed, and `told` gets a line for each call.
"""

import importlib.abc
import importlib.machinery
import json
import os
import resource
import signal
import sys
import threading

_LEFT_FREE = 32 << 10  # bytes: what comes next begins to write, and is cut short


class _Patching(importlib.abc.MetaPathFinder):
    """Wraps the targets of a module as soon as it was loaded, so that whoever imports from it gets the wrapped one."""

    def __init__(self, targets, wrap):
        self._targets, self._wrap = targets, wrap

    def find_spec(self, name, path, target=None):
        functions = [place for module, place in self._targets if module == name]
        if not functions:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            for place in functions:
                owner, _, last = place.rpartition(".")
                holder = getattr(module, owner) if owner else module
                setattr(holder, last, self._wrap(f"{name}:{place}", getattr(holder, last)))

        spec.loader.exec_module = exec_module
        return spec


def _tell(path, text):
    with open(path, "a", encoding="utf-8") as told:
        told.write(f"{text}\n")


def _kill():
    os.killpg(0, signal.SIGKILL)


def _fill(fault):
    """Fill the file system below `disk` but for a little, as another program would."""
    free = os.statvfs(fault["disk"])
    with open(os.path.join(fault["disk"], "filler"), "ab") as filler:
        os.posix_fallocate(filler.fileno(), 0, max(1, free.f_bavail * free.f_frsize - _LEFT_FREE))


def _limit(fault):
    """Without a disk of one's own: no file may grow beyond `limit` bytes, and writing more fails (EFBIG)."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (fault["limit"], resource.RLIM_INFINITY))


def _act(fault):
    _tell(fault["told"], fault["target"])
    if fault["action"] == "kill" and fault["delay"]:
        threading.Timer(fault["delay"], _kill).start()
    elif fault["action"] == "kill":
        _kill()
    else:
        {"fill": _fill, "limit": _limit}[fault["action"]](fault)


def _wrapper(fault):
    calls = {}
    lock = threading.Lock()

    def wrap(target, function):
        def called(*args, **kwargs):
            with lock:
                calls[target] = calls.get(target, 0) + 1
                if fault["action"] == "count":
                    _tell(fault["told"], target)
                elif calls[target] == fault["call"]:
                    _act(fault)
            return function(*args, **kwargs)

        return called

    return wrap


if os.environ.get("UCV_FAULT"):
    _fault = json.loads(os.environ["UCV_FAULT"])
    _targets = [tuple(target.split(":")) for target in _fault.get("targets") or [_fault["target"]]]
    sys.meta_path.insert(0, _Patching(_targets, _wrapper(_fault)))
