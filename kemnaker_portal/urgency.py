"""Who comes first when several want the processor."""

import os
from contextlib import suppress
from pathlib import Path

_OF_THE_SESSION = Path("/proc/self/autogroup")


def give_way(nice: int) -> None:
    """Let everything else on the machine come before this process and those that it will start.

    ``nice`` counts from 0 to 19, as in nice(1). Linux shares the processor among sessions before it asks
    which process in one of them is nicer (sched(7), "The autogroup feature"), so that nice alone yields
    nothing to a web server in another session. So the session is made nice too: the one that this process
    leads, as a service does, else one that it begins. Who leads a group in the session of others, as a
    program started from a shell does, can't begin one, and leaves theirs as it is.
    """
    os.nice(nice)
    with suppress(OSError):
        if os.getsid(0) != os.getpid():
            os.setsid()
        _OF_THE_SESSION.write_text(str(nice))
