"""What a search of the register finds, looked for once for an index: in memory (index.kept_texts), or by the
database where that is not at hand."""

import numpy as np
from django.core.exceptions import EmptyResultSet

from kemnaker_portal.readers import whole_register
from kemnaker_portal.replicas import reading
from partnerships.models import Document, StoredFile, access_of
from partnerships.models.agreement_queryset import keys_matching
from partnerships.register.index.kept_texts import found_in_memory, found_on_pages_in_memory


def found_by(index, text, user):
    """The papers that match the text, or of which a page of a document does that the reader may read.

    Of papers that the reader may know of; what else is among them has to be left out.
    """
    in_register = index.searched(text, lambda: _by_own_words(text))
    return in_register | _by_documents(index, text, user)


def in_documents(index, papers, text, user):
    """Those of the papers (ids) in whose documents the text is found."""
    found = _by_documents(index, text, user).ids()
    return np.intersect1d(papers, found).tolist()


@whole_register()
def _by_own_words(text):
    found = found_in_memory(text)
    return _ids(keys_matching(text)) if found is None else found


def _by_documents(index, text, user):
    # Whose draft a report is decides beside the access whether its evidence is shown.
    return index.searched((text, access_of(user), user.pk), lambda: _on_pages(text, user))


def _on_pages(text, user):
    found = found_on_pages_in_memory(text, user)
    return _ids(_papers_saying(text, user)) if found is None else found


def _papers_saying(text, user):
    """The ids of the papers with a document in force that says it, as rows of them."""
    files = StoredFile.objects.newest().saying(text).order_by().values("document")
    documents = Document.objects.standing().open_with_their_paper_to(user).filter(pk__in=files)
    return documents.order_by().values("agreement")


def _ids(rows):
    """The numbers that rows of one column hold, as an array: a text of them comes over much faster than as
    many rows."""
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return np.empty(0, np.int64)
    with reading().cursor() as cursor:
        cursor.execute(f"SELECT array_to_string(ARRAY({sql}), ' ')", values)
        (said,) = cursor.fetchone()
    return np.fromstring(said, np.int64, sep=" ") if said else np.empty(0, np.int64)
