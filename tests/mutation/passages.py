"""Which lines of some files a piece of work passes through."""

import sys

from tests.mutation.mutants import ROOT


class Passages:
    """Notes in ``lines``, as (path, line), what is passed through while it is open, by this thread."""

    def __init__(self, paths):
        self._paths = {str(ROOT / path): path for path in paths}
        self.lines = set()

    def __enter__(self):
        self._before = sys.gettrace()
        sys.settrace(self._called)
        return self

    def __exit__(self, *_error):
        sys.settrace(self._before)

    def _called(self, frame, _event, _argument):
        # A frame for which nothing is returned is not followed, which keeps everything else quick.
        return self._followed(frame) if frame.f_code.co_filename in self._paths else None

    def _followed(self, frame):
        path = self._paths[frame.f_code.co_filename]
        self.lines.add((path, frame.f_lineno))

        def passed(inner, _event, _argument):
            self.lines.add((path, inner.f_lineno))
            return passed

        return passed
