"""Making the files that people asked for: one at a time, seen from outside, and left when that is wanted."""

import logging
import secrets
import socket
import threading
from contextlib import nullcontext

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation
from django.utils.translation import gettext
from django_tasks import task

from kemnaker_portal import replicas
from kemnaker_portal.readers import reading_for
from partnerships import files
from partnerships.actions import exports
from partnerships.exports import dossier
from partnerships.exports.asked import extract_of
from partnerships.exports.extract import Refused, snapshot
from partnerships.exports.files import FORMS
from partnerships.jobs.pulse import Broken, Pulse
from partnerships.models import ExportContent, ExportJob, access_of
from partnerships.selectors.history import whole_history_of
from partnerships.selectors.meeting_handout import sheets_of
from partnerships.selectors.meetings import MeetingPage
from partnerships.selectors.protocol import papers_in_protocol_order
from partnerships.selectors.signatures import findings_of

log = logging.getLogger(__name__)

_SECONDS_FOR_A_COPY = 5
# Set when the worker is told to stop: the file in the making is left, and made by the next worker.
stop_asked = threading.Event()


@task(queue_name=settings.EXPORT_QUEUE)
def make_waiting_file():
    """Make the file that has waited longest; returns the id of its job, None when none waits.

    It works from the rows, not from what it was called with, so that a killed worker loses nothing: its
    job is put back by ``exports.reap`` of whoever runs next.
    """
    job = exports.start_try(worker=f"{socket.gethostname()[:40]} {secrets.token_hex(8)}")
    if job is None:
        return None
    with translation.override(job.language):
        try:
            _make(job)
        except exports.JobLost:
            # Another worker took it for dead, or it is over: what was made here is nobody's.
            log.warning("export %s was lost to another try", job.pk)
    if ExportJob.objects.due(timezone.now()).exists() and not stop_asked.is_set():
        make_waiting_file.enqueue()
    return str(job.pk)


def see_to_waiting_files():
    """Queue a task for files that wait: the one of a killed worker is never run again."""
    exports.reap()
    if ExportJob.objects.due(timezone.now()).exists():
        make_waiting_file.enqueue()


def _make(job):
    """One try, with every way in which it can end."""
    try:
        with Pulse(job, stop_asked) as pulse, files.being_made() as target:
            name, issued = _write(job, target.file, pulse)
            pulse.stop()
            exports.finish(job=job, made=target.keep(), file_name=name, issued=issued)
    except Broken as broken:
        return exports.put_back(job=job) if broken.is_for_a_stop else exports.leave(job=job)
    except Refused as refusal:
        return exports.fail(job=job, problem=" ".join(map(str, refusal.sentences)))
    except PermissionDenied as refusal:
        return exports.fail(job=job, problem=str(refusal))
    except files.NotNow as full:
        return exports.try_failed(job=job, problem=full.sentence, pause=exports.PAUSE_WITHOUT_ROOM)
    except exports.JobLost:
        raise
    except Exception:
        log.exception("export %s could not be made (try %s)", job.pk, job.attempts)
        return exports.try_failed(
            job=job,
            problem=gettext("Something went wrong in the portal while making this file; the operators know."),
        )


def _database_for(job):
    """The copy of the database, once it has all that was committed before this try, else the primary.

    A copy ends a long question that stands in the way of what it has to replay: then the next try asks the
    primary.
    """
    if not replicas.is_configured() or job.attempts > 1:
        return nullcontext()
    return replicas.from_replica(replicas.position(), wait=_SECONDS_FOR_A_COPY)


def _write(job, to, pulse):
    """Write the file that was asked for, as its reader may see it now; (its name, the Issues of its PDFs)."""
    with _database_for(job), reading_for(job.asked_by), snapshot():
        reader = exports.reader_of(job)
        extract = extract_of(job.made_of, reader, job.query)
        pulse.knows(extract.count, [str(each) for each in extract.filters], access_of(reader).as_data())
        match job.made_of:
            case ExportContent.DOSSIER:
                dossier.write(extract, to, pulse.progress, history_of=whole_history_of)
            case ExportContent.PACKET:
                extract.write(to, pulse.progress, in_order=papers_in_protocol_order, findings_of=findings_of)
            case ExportContent.HANDOUT | ExportContent.SLIDES:
                extract.write(to, pulse.progress, shown_of=MeetingPage, sheets_of=sheets_of)
            case _:
                FORMS[job.form].write(extract, to, pulse.progress)
        return extract.file_name(job.form), extract.issued
