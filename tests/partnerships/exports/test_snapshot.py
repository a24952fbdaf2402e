import threading

import pytest
from django.db import InternalError, connection
from django.http import QueryDict

from partnerships.exports.extract import snapshot
from partnerships.exports.of_register import RegisterExtract
from tests.factories import AgreementFactory, UserFactory


def _in_another_connection(work):
    def run():
        work()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_what_is_entered_meanwhile_is_in_no_part_of_a_file(own_database):
    reader = UserFactory(is_superuser=True)
    AgreementFactory.create_batch(2)

    with snapshot():
        extract = RegisterExtract(reader, QueryDict())
        assert extract.count == 2
        _in_another_connection(AgreementFactory)

        assert len(list(extract.rows())) == 2
        assert sum(papers for _class, papers, _represented in extract.per_class) == 2

    with snapshot():
        assert RegisterExtract(reader, QueryDict()).count == 3


def test_a_file_writes_nothing(own_database):
    reader = UserFactory(is_superuser=True)

    with pytest.raises(InternalError, match="read-only"), snapshot():
        type(reader).objects.filter(pk=reader.pk).update(name="Lain")
