"""The virtual environment `.venv`, filled with exactly what a requirements file pins.

A mark lies in it while it is being filled. Found at a start, it says that a set-up was killed
half-way: nothing in there can be trusted, so it is made anew. A stamp, written last, says
from which files it was filled, by which Python and where (an environment cannot be moved).
"""

import shutil
import subprocess
import sys
from pathlib import Path

from script.internals import processes
from script.internals.steps import fingerprint, write_whole

# The second holds all of the first, with the same versions.
RUN, CHECKS = "requirements.txt", "requirements-dev.txt"


class Environment:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.mark = self.folder / ".being-filled"

    def serves(self, requirements: str) -> bool:
        """Whether it is whole and holds what that file pins."""
        if self.mark.exists() or not self._runs():
            return False
        enough = [CHECKS] if requirements == CHECKS else [RUN, CHECKS]
        return any(self._is_stamped(name) for name in enough)

    def fill(self, requirements: str, log: Path) -> None:
        """Make it hold what that file pins; from nothing if it is broken."""
        if self.mark.exists() or not self._runs():
            self._discard()
        self.folder.mkdir(exist_ok=True)
        self.mark.touch()
        if not self.python.exists():
            processes.run([sys.executable, "-m", "venv", self.folder], log)
        pip = [self.python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        processes.run([*pip, "--require-hashes", "-r", self.root / requirements], log)
        write_whole(self._stamp(requirements), self._inputs(requirements).encode())
        self.mark.unlink()

    def _runs(self) -> bool:
        try:
            asked = subprocess.run(
                [self.python, "-I", "-c", "import sys; print(*sys.version_info[:2], sep='.')"],
                capture_output=True,
                text=True,
            )
            made_here = str(self.folder) in (self.folder / "bin" / "pip").read_text()
        except OSError:
            return False
        packages = self.folder / "lib" / f"python{asked.stdout.strip()}" / "site-packages"
        return asked.returncode == 0 and made_here and packages.is_dir()

    def _discard(self) -> None:
        """Take it out of the way by one rename, so that a kill half-way leaves no half of it."""
        away = self.root / ".venv.discarded"
        shutil.rmtree(away, ignore_errors=True)
        if self.folder.exists():
            self.folder.rename(away)
            shutil.rmtree(away, ignore_errors=True)

    def _stamp(self, requirements: str) -> Path:
        return self.folder / f".filled-from-{requirements}"

    def _is_stamped(self, requirements: str) -> bool:
        try:
            return self._stamp(requirements).read_text() == self._inputs(requirements)
        except FileNotFoundError:
            return False

    def _inputs(self, requirements: str) -> str:
        files = [RUN] if requirements == RUN else [RUN, CHECKS]
        return fingerprint([str(self.folder), *(self.root / name for name in files)])
