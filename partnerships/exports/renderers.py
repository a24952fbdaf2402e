"""The processes that render a long list. They know nothing of Django, of the database or of its passwords."""

import os
import subprocess
import sys
from multiprocessing import Pipe
from pathlib import Path

_CHECKOUT = Path(__file__).parents[2]
# What a renderer may know of the surroundings; the rest holds secrets. No PATH: WeasyPrint asks for its
# libraries by their names on other systems first, and for each of these Python would start a compiler and a
# linker, a fifth of a second of processor in all.
_SURROUNDINGS = (
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "FONTCONFIG_PATH",
    "FONTCONFIG_FILE",
)


class RendererFailed(Exception):
    """A renderer could not do its work, or is gone."""


class Renderer:
    """A process that does one piece of work at a time. It ends with this process, however that ends."""

    def __init__(self):
        self._channel, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, with fixed arguments
                [
                    sys.executable,
                    "-m",
                    "partnerships.exports.rendering",
                    str(theirs.fileno()),
                    str(os.getpid()),
                ],
                cwd=_CHECKOUT,
                env={"PATH": "", **{name: os.environ[name] for name in _SURROUNDINGS if name in os.environ}},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.end()

    @property
    def pid(self):
        return self._process.pid

    def send(self, *message):
        """Say what is to be done; ``result`` waits for the outcome."""
        try:
            self._channel.send(message)
        except OSError as error:
            raise RendererFailed(f"a renderer ended with {self._process.poll()}") from error

    def result(self):
        try:
            is_done, said = self._channel.recv()
        except (EOFError, OSError) as error:
            raise RendererFailed(f"a renderer ended with {self._process.poll()}") from error
        if not is_done:
            raise RendererFailed(said)
        return said

    def end(self):
        self._process.kill()
        self._process.wait()
        self._channel.close()
