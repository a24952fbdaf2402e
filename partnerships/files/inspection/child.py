"""The process that looks into one file: it gives up nearly everything, looks, answers and ends.

Its standard input is the file, open for reading; its standard output takes one line of JSON.
"""

import importlib
import json
import os
import resource
import signal
import sys

from .verdict import Reason, Refused

PROCESSOR_SECONDS = 5
MEMORY = 256 * 2**20
# Nobody may be left to end a process whose parent was killed.
_LONGEST_LIFE = 7  # seconds
_STANDARD_FILES = 3
_NOBODY = 65534

_EXAMINERS = {"pdf": "pdf", "jpeg": "jpeg", "png": "png", "office": "office"}

# From <linux/sched.h> and <linux/prctl.h>.
_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_NO_NEW_PRIVS = 0x10000000, 0x40000000, 38


def main():
    """Look into the file at standard input, of the kind that the last argument names."""
    limit_resources()
    examiner = importlib.import_module(f".{_EXAMINERS[sys.argv[-1]]}", __package__)
    give_up_rights()
    answer = json.dumps(_verdict(examiner))
    os.write(1, answer.encode())
    # Taking apart what a large file was read into would take longer than reading it.
    os._exit(0)


def limit_resources(*, processor_seconds=PROCESSOR_SECONDS, memory=MEMORY, longest_life=None):
    """Take no more than this processor time and life (seconds) and memory (bytes), and write no file."""
    signal.alarm(longest_life or _LONGEST_LIFE)
    for limit, most in (
        (resource.RLIMIT_CPU, processor_seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _limit(limit, most)


def _limit(limit, most):
    _soft, granted = resource.getrlimit(limit)
    if granted != resource.RLIM_INFINITY:
        most = min(most, granted)
    resource.setrlimit(limit, (most, most))


def give_up_rights(*, open_files=_STANDARD_FILES):
    """No other user, network, process or file from here on; all that is needed is imported and open.

    Where the machine grants no network of one's own (some containers), a process that can open no
    further file can open no socket either.
    """
    import ctypes

    libc = ctypes.CDLL(None)
    as_root = os.geteuid() == 0
    libc.unshare(_CLONE_NEWNET if as_root else _CLONE_NEWUSER | _CLONE_NEWNET)
    if as_root:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_NOFILE, open_files)


def _verdict(examiner):
    try:
        with open(0, "rb", closefd=False) as file:
            return examiner.examine(file).as_answer()
    except Refused as refusal:
        return {"refused": refusal.reason}
    except MemoryError:
        return {"refused": Reason.TOO_MUCH}
    except Exception:
        # The libraries answer a broken file with nearly every exception there is.
        return {"refused": Reason.DAMAGED}
