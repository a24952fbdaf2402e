"""Files made in the background: asked for, begun, reported on, finished, cancelled, given up, taken away.

Whoever works on a job names the try (``worker``); a try that the row no longer names has lost the job, and
what it would write is not written.
"""

import datetime
import uuid
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partnerships import files
from partnerships.actions import guard, issuing, refusals
from partnerships.exports.asked import FORMS_OF, extract_of, question_of
from partnerships.lifecycle import EXPORT_MOVES, ExportStatus, check_step
from partnerships.models import ExportContent, ExportJob, access_of
from partnerships.models.export_job import MOST_TRIES

# So many files of one person wait or are made at a time.
MOST_AT_ONCE = 5
# A worker gives a sign of life each second; after so long without one it is dead.
SILENT_FOR = datetime.timedelta(seconds=15)
# A full disk is given time to become less full.
PAUSE_WITHOUT_ROOM = datetime.timedelta(minutes=1)
_KEYS = uuid.UUID("6ba7b815-9dad-11d1-80b4-00c04fd430c8")


class JobLost(Exception):
    """The try is no longer the one that the row names: another has the job, or it is over."""


def key_of(*, by, made_of, form, params, language, now=None):
    """The key of a press that carries none: the same question by the same person in the same minute."""
    minute = (now or timezone.now()).replace(second=0, microsecond=0)
    said = [str(by.pk), made_of, form, _as_text(params), language, minute.isoformat()]
    return uuid.uuid5(_KEYS, "\0".join(said))


@transaction.atomic
def ask(*, by, made_of, form, params, key, language):
    """Ask for a file of what the parameters (a QueryDict) ask for; returns its ExportJob.

    The same key, and a question that is still being answered, give the job that there is. Raises Refused
    for a question that is wrong or too large, and ValidationError when the person has enough in the making.
    """
    if not by.is_active:
        raise PermissionDenied
    if form not in FORMS_OF[ExportContent(made_of)]:
        raise ValidationError(gettext("There is no such file."), code="no_such_form")
    # One press after the other, so that neither the number nor the question is passed twice.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    guard.wait_for_the_first(key)
    own = ExportJob.objects.visible_to(by)
    if already := own.filter(key=key).first():
        return already
    with translation.override(language):
        extract = extract_of(made_of, by, params)
        narrowed_by = [str(each) for each in extract.filters]
    text = _as_text(question_of(extract))
    going_on = own.going_on()
    if same := going_on.filter(made_of=made_of, form=form, params=text, language=language).first():
        return same
    if going_on.count() >= MOST_AT_ONCE:
        raise ValidationError(
            gettext("%(most)s of your files are in the making. Wait for one of them, or cancel one.")
            % {"most": MOST_AT_ONCE},
            code="queue_full",
        )
    with refusals.in_words(REFUSALS):
        job = ExportJob.objects.create(
            key=key,
            asked_by=by,
            made_of=made_of,
            form=form,
            params=text,
            language=language,
            narrowed_by=narrowed_by,
            rows_total=extract.count,
        )
    _enqueue()
    return job


def ask_again(*, job, by, language):
    """Ask once more for what a job was asked for, as its reader sees it now; pressed twice, it is one job."""
    key = uuid.uuid5(_KEYS, f"{job.pk} again")
    later = ExportJob.objects.visible_to(by).filter(key=key).first()
    if later and not later.goes_on and not later.can_be_taken_by(by):
        return ask_again(job=later, by=by, language=language)
    return ask(by=by, made_of=job.made_of, form=job.form, params=job.query, key=key, language=language)


@transaction.atomic
def cancel(*, job, by):
    """Stop making a file. One that waits is cancelled at once, one being made within some seconds."""
    job = ExportJob.objects.visible_to(by).select_for_update(of=("self",)).get(pk=job.pk)
    if job.status == ExportStatus.RUNNING:
        job.cancel_asked_at = job.cancel_asked_at or timezone.now()
        job.save(update_fields=["cancel_asked_at"])
    elif job.status == ExportStatus.WAITING:
        job.cancel_asked_at = timezone.now()
        _end(job, ExportStatus.CANCELLED)
    return job


@transaction.atomic
def start_try(*, worker):
    """Take the job that has waited longest and begin a try; None when none waits."""
    now = timezone.now()
    waiting = ExportJob.objects.due(now).order_by("asked_at", "pk")
    job = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if job is None:
        return None
    _move(job, ExportStatus.RUNNING)
    job.attempts += 1
    job.worker, job.not_before, job.problem = worker, None, ""
    job.started_at = job.heartbeat_at = now
    job.rows_done = 0
    job.save()
    return job


def reader_of(job):
    """Who asked, with the rights of today. Raises PermissionDenied, with a sentence, when these are gone."""
    reader = User.objects.get(pk=job.asked_by_id)
    if not reader.is_active:
        raise PermissionDenied(gettext("The account of who asked is deactivated."))
    if not access_of(reader).roles:
        raise PermissionDenied(gettext("Who asked holds no posting any more."))
    return reader


def progress(*, job, rows_done, rows_total, narrowed_by, scope):
    """Give a sign of life and say how far a try is; whether its reader wants it cancelled. Raises JobLost.

    One statement of its own: it is called from beside the transaction that reads the rows.
    """
    own = ExportJob.objects.filter(pk=job.pk, status=ExportStatus.RUNNING, worker=job.worker)
    said = {"rows_done": rows_done, "rows_total": rows_total, "narrowed_by": narrowed_by, "scope": scope}
    if not own.update(heartbeat_at=timezone.now(), **said):
        raise JobLost(str(job.pk))
    return own.filter(cancel_asked_at__isnull=False).exists()


@transaction.atomic
def finish(*, job, made, file_name, issued=()):
    """The file (``files.made.Made``) of a try is in its place; ``issued`` are the Issues of the PDFs in it.
    Returns the job, which is cancelled if its reader said so in the last moment. Raises JobLost."""
    held = _held(job)
    if held.cancel_asked_at:
        transaction.on_commit(partial(files.remove_made, made.key))
        return _end(held, ExportStatus.CANCELLED)
    held.file_key, held.size, held.sha256 = made.key, made.size, made.sha256
    held.file_name = files.shown_name(file_name)
    held.rows_done = held.rows_total
    issuing.record(issues=issued)
    return _end(held, ExportStatus.DONE)


@transaction.atomic
def leave(*, job):
    """A try was broken off because its reader cancelled it. Raises JobLost."""
    return _end(_held(job), ExportStatus.CANCELLED)


@transaction.atomic
def fail(*, job, problem):
    """No file, and another try would not help; ``problem`` is a sentence for its reader. Raises JobLost."""
    return _give_up(_held(job), problem)


@transaction.atomic
def try_failed(*, job, problem, pause=None):
    """A try went wrong: there is a second one, at once or after a pause (a timedelta); after that the job
    is given up with the sentence. Raises JobLost."""
    return _again_or_not(_held(job), problem, pause)


@transaction.atomic
def put_back(*, job):
    """A worker that is told to stop gives its job back; the try does not count. Raises JobLost."""
    held = _held(job)
    held.attempts -= 1
    return _wait_again(held)


@transaction.atomic
def reap(*, now=None):
    """See to the jobs of workers that died: each is tried again, and given up after its second try.

    Returns how many there were. Any worker does it, also while another one lives.
    """
    silent = ExportJob.objects.silent_since((now or timezone.now()) - SILENT_FOR)
    jobs = list(silent.select_for_update(skip_locked=True, of=("self",)))
    for job in jobs:
        if job.cancel_asked_at:
            _end(job, ExportStatus.CANCELLED)
            continue
        with translation.override(job.language):
            _again_or_not(
                job,
                gettext(
                    "Making this file ended twice in the middle, without a word. Ask for less at once, "
                    "or tell the operators."
                ),
            )
    return len(jobs)


def expire(*, now=None):
    """Take away the files that were kept long enough; their rows stay. Returns how many there were."""
    now = now or timezone.now()
    gone = 0
    for pk in list(ExportJob.objects.outdated(now).values_list("pk", flat=True)):
        with transaction.atomic():
            job = ExportJob.objects.outdated(now).select_for_update(of=("self",)).filter(pk=pk).first()
            if job is None:
                continue
            # A file without a row is swept up; a row without its file would promise what is not there.
            transaction.on_commit(partial(files.remove_made, job.file_key))
            _move(job, ExportStatus.EXPIRED)
            job.file_key = ""
            job.save(update_fields=["status", "file_key"])
        gone += 1
    return gone


def _held(job):
    own = ExportJob.objects.select_for_update(of=("self",))
    held = own.filter(pk=job.pk, status=ExportStatus.RUNNING, worker=job.worker).first()
    if held is None:
        raise JobLost(str(job.pk))
    return held


def _again_or_not(job, problem, pause=None):
    if job.attempts >= MOST_TRIES:
        return _give_up(job, problem)
    job.problem = problem
    if pause:
        job.not_before = timezone.now() + pause
    return _wait_again(job)


def _wait_again(job):
    _move(job, ExportStatus.WAITING)
    job.worker, job.heartbeat_at, job.started_at, job.rows_done = "", None, None, 0
    job.save()
    _enqueue(job.not_before)
    return job


def _give_up(job, problem):
    job.problem = problem
    return _end(job, ExportStatus.FAILED)


def _end(job, status):
    _move(job, status)
    job.worker, job.finished_at = "", timezone.now()
    job.save()
    return job


def _move(job, status):
    check_step(EXPORT_MOVES, job.status, status)
    job.status = status


def _enqueue(run_after=None):
    """Wake a worker, within the caller's transaction."""
    # By name: what a worker does stands above what people decide.
    task = import_string("partnerships.jobs.make_waiting_file")
    (task.using(run_after=run_after) if run_after else task).enqueue()


def _as_text(params):
    """A question in one way of writing it, whatever the order of its parameters."""
    return "&".join(sorted(params.urlencode().split("&")))


REFUSALS = {
    "partnerships_exportjob_key": _("Somebody else has sent this form already. Open the page again."),
}
