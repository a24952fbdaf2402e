"""A network between web server and PostgreSQL that may be slow, or lose every packet."""

import asyncio
import ctypes
import socket
import struct
import threading
from contextlib import contextmanager, suppress

_ATTACH_FILTER, _DETACH_FILTER = 26, 27  # of Linux; Python has no names for them
_NOTHING = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
# A filter of packets that lets none through, so that what was sent is not even acknowledged.
_LOSE_ALL = struct.pack("HL", 1, ctypes.addressof(_NOTHING))


class Relay:
    """Listens on a ``port`` of this machine, and passes on what comes to the socket of a server and back.

    ``delay`` is how many seconds later than the server gave it each answer arrives.
    """

    def __init__(self, path):
        self.delay = 0.0
        self._path, self._loses, self._lines = str(path), False, set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *error):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        for line in self._lines:
            line.close()
        self._listener.close()

    @contextmanager
    def losing_everything(self):
        """No packet arrives, on no connection, and nobody is told."""
        self._lose(True)
        try:
            yield
        finally:
            self._lose(False)

    def _lose(self, loses):
        self._loses = loses
        option = (_ATTACH_FILTER, _LOSE_ALL) if loses else (_DETACH_FILTER, 0)
        for end in [self._listener, *(line.get_extra_info("socket") for line in list(self._lines))]:
            # One that has ended meanwhile, or began after all was lost.
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, *option)

    async def _listen(self):
        await asyncio.start_server(self._relay, sock=self._listener)

    async def _relay(self, asks, line):
        try:
            answers, server = await asyncio.open_unix_connection(self._path)
        except OSError:
            line.close()
            return
        self._lines.add(line)
        await asyncio.gather(self._pass_on(asks, server), self._pass_on_late(answers, line))
        self._lines.discard(line)

    @staticmethod
    async def _pass_on(asks, server):
        with suppress(ConnectionError):
            while piece := await asks.read(65536):
                server.write(piece)
                await server.drain()
        server.close()

    async def _pass_on_late(self, answers, line):
        waiting = asyncio.Queue()
        passing = asyncio.create_task(self._deliver(waiting, line))
        with suppress(ConnectionError):
            while piece := await answers.read(65536):
                waiting.put_nowait((self._loop.time() + self.delay, piece))
        waiting.put_nowait((0, b""))
        await passing

    async def _deliver(self, waiting, line):
        while True:
            due, piece = await waiting.get()
            # What is on its way when all becomes quick again arrives at once.
            while self._loses or (self.delay and self._loop.time() < due):
                await asyncio.sleep(0.02)
            if not piece:
                break
            line.write(piece)
        line.close()
