"""What every view that hands out a file does first."""

from partnerships.actions import reads


def note_read(request, content, form, **what):
    """Put down that the reader gets this file (actions.reads.note); who only asks for its head gets none.

    To be called before the first byte, and before a snapshot is opened, in which nothing can be written.
    """
    if request.method == "GET":
        reads.note(by=request.user, door="page", request=request.number, content=content, form=form, **what)
