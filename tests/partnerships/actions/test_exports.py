import datetime
import itertools
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.http import QueryDict
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from partnerships import files
from partnerships.actions import exports
from partnerships.exports.extract import Refused
from partnerships.lifecycle import EXPORT_MOVES, ExportStatus
from partnerships.models import ExportJob
from tests.factories import ExportJobFactory, UserFactory

pytestmark = pytest.mark.django_db


def asked_for(by, query="", **said):
    facts = {"made_of": "register", "form": "xlsx", "params": QueryDict(query), "language": "id"}
    return exports.ask(**{**facts, "by": by, "key": uuid4(), **said})


# --- asking ---------------------------------------------------------------------------------------


def test_a_wish_is_a_row_and_a_task_of_one_transaction(registrar, agreement_of_asahan):
    job = asked_for(registrar, "region=12.09&sort=title")

    assert (job.status, job.rows_total, job.rows_done) == ("waiting", 1, 0)
    assert job.narrowed_by == ["Wilayah: Kabupaten Asahan"]
    [task] = DBTaskResult.objects.all()
    assert (task.task_path, task.queue_name) == ("partnerships.jobs.exports.make_waiting_file", "exports")


def test_a_wish_that_fails_leaves_no_task(registrar):
    with pytest.raises(RuntimeError), transaction.atomic():
        asked_for(registrar)
        raise RuntimeError

    assert not DBTaskResult.objects.exists()


def test_the_same_press_twice_is_one_file(registrar):
    key = uuid4()

    assert asked_for(registrar, key=key) == asked_for(registrar, "kind=mou", key=key)


def test_the_same_question_is_not_answered_twice_at_a_time(registrar):
    first = asked_for(registrar, "kind=mou&sort=title")

    assert asked_for(registrar, "sort=title&kind=mou") == first
    assert asked_for(registrar, "kind=mou&sort=title", form="pdf") != first


def test_the_same_question_of_another_person_is_another_file(registrar, unit_officer):
    assert asked_for(registrar) != asked_for(unit_officer)


def test_a_key_that_somebody_else_has_sent_is_refused(registrar, unit_officer):
    key = asked_for(unit_officer).key

    with pytest.raises(ValidationError) as refusal:
        asked_for(registrar, key=key)

    assert refusal.value.code == "partnerships_exportjob_key_key"


def test_a_key_of_the_minute_differs_by_person_question_and_minute(registrar, unit_officer):
    now = datetime.datetime(2026, 3, 2, 9, 30, 15, tzinfo=datetime.UTC)
    facts = {"by": registrar, "made_of": "register", "form": "pdf", "language": "id", "now": now}
    keys = [
        exports.key_of(**{**facts, "params": QueryDict("kind=mou"), **said})
        for said in (
            {},
            {"now": now + datetime.timedelta(seconds=40)},
            {"by": unit_officer},
            {"params": QueryDict("kind=pks")},
            {"form": "xlsx"},
            {"now": now + datetime.timedelta(seconds=60)},
        )
    ]

    assert keys[0] == keys[1]
    assert len(set(keys)) == 5


def test_a_person_has_five_files_in_the_making_and_no_more(registrar, unit_officer):
    kinds = ["mou", "pks", "nda", "grant", "moc"]
    jobs = [asked_for(registrar, f"kind={kind}") for kind in kinds]
    asked_for(unit_officer)

    with pytest.raises(ValidationError) as refusal:
        asked_for(registrar, "kind=loan_grant")
    assert refusal.value.code == "queue_full"

    exports.cancel(job=jobs[2], by=registrar)
    assert asked_for(registrar, "kind=loan_grant")


def test_a_wrong_question_and_a_form_that_there_is_not_are_refused(registrar):
    with pytest.raises(Refused):
        asked_for(registrar, "kind=tidak-ada")
    with pytest.raises(ValidationError):
        asked_for(registrar, form="zip")
    assert not ExportJob.objects.exists()


def test_who_is_deactivated_asks_for_nothing():
    with pytest.raises(PermissionDenied):
        asked_for(UserFactory(is_active=False))


def test_asking_again_is_one_new_file_for_each_that_is_over(registrar):
    old = ExportJobFactory(asked_by=registrar, reach="failed", form="xlsx")

    new = exports.ask_again(job=old, by=registrar, language="id")
    assert new != old
    assert exports.ask_again(job=old, by=registrar, language="id") == new

    exports.cancel(job=new, by=registrar)
    assert exports.ask_again(job=old, by=registrar, language="id") not in {old, new}


# --- a try and its ends ---------------------------------------------------------------------------


def test_the_oldest_wish_is_taken_first_and_by_one_worker(registrar):
    older, newer = asked_for(registrar, "kind=mou"), asked_for(registrar, "kind=pks")

    assert exports.start_try(worker="a") == older
    assert exports.start_try(worker="b") == newer
    assert exports.start_try(worker="c") is None


def running(**facts):
    return ExportJobFactory(reach="running", **facts)


def said(job, rows_done=10):
    known = {"rows_total": job.rows_total, "narrowed_by": [], "scope": {}}
    return exports.progress(job=job, rows_done=rows_done, **known)


def test_a_sign_of_life_says_how_far_it_is_and_hears_of_a_cancel():
    job = running()
    ExportJob.objects.update(heartbeat_at=timezone.now() - datetime.timedelta(hours=1))

    assert said(job, rows_done=400) is False
    job.refresh_from_db()
    assert (job.rows_done, job.percent) == (400, 40)
    assert timezone.now() - job.heartbeat_at < datetime.timedelta(minutes=1)

    exports.cancel(job=job, by=job.asked_by)
    assert said(job) is True


@pytest.mark.parametrize(
    "step",
    [
        said,
        lambda job: exports.fail(job=job, problem="Rusak."),
        lambda job: exports.try_failed(job=job, problem="Rusak."),
        lambda job: exports.put_back(job=job),
        lambda job: exports.leave(job=job),
        lambda job: exports.finish(job=job, made=made(), file_name="a.xlsx"),
    ],
)
def test_who_was_taken_for_dead_says_nothing_more_of_the_job(step):
    job = running()
    ExportJob.objects.update(worker="another")

    with pytest.raises(exports.JobLost):
        step(job)

    job.refresh_from_db()
    assert (job.status, job.worker) == ("running", "another")


def made():
    return SimpleNamespace(key=uuid4().hex, size=3, sha256="1" * 64)


def test_a_finished_file_is_kept_for_seven_days(registrar):
    job = running(asked_by=registrar)

    exports.finish(job=job, made=made(), file_name="../kemitraan.xlsx")

    job.refresh_from_db()
    assert (job.status, job.percent, job.file_name) == ("done", 100, "kemitraan.xlsx")
    assert job.kept_until == job.finished_at + datetime.timedelta(days=7)


def test_a_cancel_in_the_last_moment_takes_the_file_away(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.PORTAL_DATA = tmp_path
    job = running()
    with files.being_made() as target:
        target.file.write(b"abc")
        kept = target.keep()
    exports.cancel(job=job, by=job.asked_by)

    with django_capture_on_commit_callbacks(execute=True):
        job = exports.finish(job=job, made=kept, file_name="a.xlsx")

    assert (job.status, job.file_key) == ("cancelled", "")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_waiting_file_is_cancelled_at_once_and_one_that_is_over_stays(registrar):
    waiting = asked_for(registrar)
    assert exports.cancel(job=waiting, by=registrar).status == "cancelled"
    done = ExportJobFactory(asked_by=registrar, reach="done")
    assert exports.cancel(job=done, by=registrar).status == "done"


def test_nobody_cancels_the_file_of_another(registrar, unit_officer):
    with pytest.raises(ExportJob.DoesNotExist):
        exports.cancel(job=asked_for(registrar), by=unit_officer)


def test_a_try_that_failed_is_repeated_once_after_its_pause():
    job = running()

    job = exports.try_failed(job=job, problem="Tidak ada ruang.", pause=datetime.timedelta(minutes=1))
    assert (job.status, job.attempts, job.problem) == ("waiting", 1, "Tidak ada ruang.")
    assert exports.start_try(worker="b") is None

    ExportJob.objects.update(not_before=timezone.now())
    again = exports.start_try(worker="b")
    assert (again.attempts, again.problem) == (2, "")
    over = exports.try_failed(job=again, problem="Tidak ada ruang.")
    assert (over.status, over.problem) == ("failed", "Tidak ada ruang.")


def test_a_try_that_was_left_for_a_stop_does_not_count():
    job = exports.put_back(job=running())

    assert (job.status, job.attempts) == ("waiting", 0)


# --- workers that died ----------------------------------------------------------------------------


def test_a_silent_worker_s_file_is_tried_again_and_then_given_up_with_a_sentence():
    job = running()
    alive = running()
    later = timezone.now() + datetime.timedelta(seconds=20)
    ExportJob.objects.filter(pk=alive.pk).update(heartbeat_at=later)

    assert exports.reap(now=later) == 1
    job.refresh_from_db()
    assert (job.status, job.attempts, job.worker) == ("waiting", 1, "")
    assert DBTaskResult.objects.count() == 1

    assert exports.start_try(worker="b") == job
    ExportJob.objects.filter(pk=job.pk).update(heartbeat_at=later - datetime.timedelta(minutes=1))
    assert exports.reap(now=later) == 1
    job.refresh_from_db()
    assert job.status == "failed"
    assert job.problem
    alive.refresh_from_db()
    assert alive.status == "running"


def test_what_was_to_be_cancelled_is_not_tried_again():
    job = running()
    exports.cancel(job=job, by=job.asked_by)

    exports.reap(now=timezone.now() + datetime.timedelta(minutes=1))

    job.refresh_from_db()
    assert job.status == "cancelled"


# --- taking away ----------------------------------------------------------------------------------


def test_after_seven_days_the_file_goes_and_the_row_stays(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.PORTAL_DATA = tmp_path
    rows = []
    for _ in range(2):
        with files.being_made() as target:
            target.file.write(b"abc")
            rows.append(exports.finish(job=running(), made=target.keep(), file_name="a.xlsx"))
    old, young = rows
    for row, ago in ((old, {"days": 7, "seconds": 1}), (young, {"days": 6, "hours": 23})):
        ended = timezone.now() - datetime.timedelta(**ago)
        ExportJob.objects.filter(pk=row.pk).update(finished_at=ended)

    with django_capture_on_commit_callbacks(execute=True):
        assert exports.expire() == 1

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.status, old.file_key, old.size) == ("expired", "", 3)
    assert young.status == "done"
    [left] = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert left == young.file_key


# --- what the database refuses --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [pair for pair in itertools.permutations(ExportStatus, 2) if pair[1] not in EXPORT_MOVES[pair[0]]],
)
def test_a_move_that_the_table_does_not_know_is_refused(old, new):
    job = ExportJobFactory(reach=old.value)

    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        ExportJob.objects.filter(pk=job.pk).update(status=new)


@pytest.mark.parametrize(
    "change",
    [{"attempts": 3}, {"worker": ""}, {"heartbeat_at": None}, {"params": "kind=mou"}, {"language": "en"}],
)
def test_a_running_job_that_can_not_be_is_refused(change):
    job = running()

    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        ExportJob.objects.filter(pk=job.pk).update(**change)


def test_a_job_begins_waiting_and_is_never_deleted():
    with pytest.raises(InternalError), transaction.atomic():
        ExportJob.objects.create(
            key=uuid4(), asked_by=UserFactory(), status="failed", problem="x", finished_at=timezone.now()
        )
    with pytest.raises(InternalError), transaction.atomic():
        ExportJobFactory().delete()
