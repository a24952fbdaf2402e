"""Putting down who was handed which file."""

from partnerships.models import FileRead, access_of


def note(*, by, door, request, content, form, rows=1, file=None, page=None, question=""):
    """One file handed to a person; a list is put down by its question and by how far its reader saw."""
    return FileRead.objects.create(
        reader=by,
        door=door,
        request=request,
        content=content,
        form=form,
        rows=rows,
        file=file,
        page=page,
        question=question,
        scope={} if file else access_of(by).as_data(),
    )
