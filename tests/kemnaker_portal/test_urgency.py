import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAYS = """
import os
from pathlib import Path
from kemnaker_portal.urgency import give_way
before = os.nice(0)
give_way(7)
leads, session = os.getsid(0) == os.getpid(), Path("/proc/self/autogroup")
# A kernel that does not share by sessions has no such file; it is empty where nobody ever began a session.
said = session.read_text().split() if session.exists() else []
niceness = said[-1] if said else 7 * leads
print(os.nice(0) - before, leads, niceness)
"""


def said_by(**how):
    """(how much nicer, whether it leads its session, how nice that is) of a process started in that way."""
    said = subprocess.run(
        [sys.executable, "-c", SAYS], cwd=ROOT, capture_output=True, text=True, check=True, **how
    )
    return said.stdout.split()


def test_whoever_gives_way_does_so_among_the_sessions_of_the_machine_too():
    assert said_by() == ["7", "True", "7"]


def test_so_does_who_was_started_in_a_session_of_its_own():
    assert said_by(start_new_session=True) == ["7", "True", "7"]


def test_a_session_that_others_share_stays_as_urgent_as_it_was():
    nicer, leads, niceness = said_by(process_group=0)

    assert (nicer, leads) == ("7", "False")
    assert niceness != "7"
