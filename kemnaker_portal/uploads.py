"""How much of a file that comes in is written to the disk at all."""

from django.core.files.uploadhandler import FileUploadHandler

# A little above the largest file that is taken (partnerships.files.SCAN), so that it is seen to be too large.
LARGEST = 50 * 2**20 + 1


class BoundedUpload(FileUploadHandler):
    """Stands before the handlers that keep a file: what goes beyond LARGEST bytes is thrown away.

    Who takes the file in finds it too large and says so; a request of any size fills no disk.
    """

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self._left = LARGEST

    def receive_data_chunk(self, raw_data, start):
        chunk = raw_data[: self._left]
        self._left -= len(chunk)
        return chunk or None

    def file_complete(self, file_size):
        return None
