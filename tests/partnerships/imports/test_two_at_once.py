import threading

from django.db import connection

from partnerships.imports.run import apply_plan, plan_import
from partnerships.models import Agreement
from tests.factories import UserFactory
from tests.partnerships.imports.files import as_csv, public_records


def test_two_imports_of_one_file_at_once_end_like_one(own_database):
    by = UserFactory(is_superuser=True)
    lines = public_records()[:10]
    both_planned, outcomes = threading.Barrier(2), []

    def work():
        plan = plan_import(as_csv(lines), by=by)
        both_planned.wait()
        outcomes.append(apply_plan(plan, by=by).counts)
        connection.close()

    threads = [threading.Thread(target=work) for _tab in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted((counts.new, counts.same, counts.refused) for counts in outcomes) == [
        (0, 10, 0),
        (10, 0, 0),
    ]
    assert Agreement.objects.count() == 10
