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
# A kernel that does not share by sessions has no such file.
niceness = session.read_text().split()[-1] if session.exists() else 7 * leads
print(os.nice(0) - before, leads, niceness)
"""


def test_whoever_gives_way_does_so_among_the_sessions_of_the_machine_too():
    said = subprocess.run([sys.executable, "-c", SAYS], cwd=ROOT, capture_output=True, text=True, check=True)

    nicer, leads, niceness = said.stdout.split()
    assert (nicer, leads, niceness) == ("7", "True", "7")


def test_a_session_that_others_share_stays_as_urgent_as_it_was():
    said = subprocess.run(
        [sys.executable, "-c", SAYS], cwd=ROOT, capture_output=True, text=True, check=True, process_group=0
    )

    nicer, leads, niceness = said.stdout.split()
    assert (nicer, leads) == ("7", "False")
    assert niceness != "7"
