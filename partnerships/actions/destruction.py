"""Destroying papers whose destruction two administrators approved: records, history and files.

Only the owner of the tables can do it, and nothing but the job of retention does (``destroy_approved``). The
list with its references and titles stays, as the certificate of destruction.
"""

import pghistory
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from partnerships import files
from partnerships.actions import sealing
from partnerships.actions.subjects import check_owner, unguarded
from partnerships.models import Agreement, Disposal, DisposalOutcome, LegalHold, StoredFile
from partnerships.models.history_block import sealed_tables
from partnerships.selectors.retention import due_papers


def carry_out_all():
    """Carry out every list that has two approvals; returns these lists."""
    check_owner()
    return [carry_out(disposal=disposal) for disposal in Disposal.objects.to_carry_out()]


def carry_out(*, disposal):
    """Destroy the papers of a list that nothing keeps, each in a transaction of its own."""
    for item in disposal.items.filter(outcome=DisposalOutcome.WAITING):
        _carry_out_one(disposal, item)
    with pghistory.context(action="retention.destroy", reason=disposal.reason, door="command"):
        disposal.done_at = timezone.now()
        disposal.save(update_fields=["done_at"])
    return disposal


def _carry_out_one(disposal, item):
    said = {"action": "retention.destroy", "reason": disposal.reason, "door": "command"}
    keys = []
    with transaction.atomic(), pghistory.context(**said):
        paper = Agreement.objects.select_for_update(of=("self",)).filter(pk=item.paper).first()
        item.outcome = _why_it_is_kept(item)
        if paper and item.outcome == DisposalOutcome.DESTROYED:
            try:
                with transaction.atomic():
                    item.rows, keys = _destroy(paper, f"retention.destroy {item.ref}: {disposal.reason}")
            except IntegrityError:
                item.outcome, keys = DisposalOutcome.BOUND, []
        item.files = len(keys)
        item.save(update_fields=["outcome", "rows", "files"])
        transaction.on_commit(lambda: [files.remove(key) for key in keys])


def _why_it_is_kept(item):
    """What becomes of an item by how things stand now, not when it was approved."""
    if LegalHold.objects.open().filter(agreement=item.paper).exists():
        return DisposalOutcome.HELD
    if not due_papers().filter(pk=item.paper).exists():
        return DisposalOutcome.NOT_DUE
    return DisposalOutcome.DESTROYED


def _destroy(paper, reason):
    """Delete a paper with everything that can't be without it; (rows without history, keys of its files).

    Raises IntegrityError when something else refers to it.
    """
    doomed = _what_is_theirs(paper)
    keys = list(StoredFile.objects.filter(pk__in=doomed.get(StoredFile, ())).values_list("key", flat=True))
    rows = 0
    with unguarded(), connection.cursor() as cursor:
        for model in reversed(doomed):
            _let_go(cursor, model, doomed)
        for model in reversed([each for each in doomed if each is not Agreement]):
            rows += _delete(cursor, model, model._meta.pk.column, doomed[model], reason)
        # What triggers keep about a paper may have come back while its parts went.
        for model, key in _keys_to(Agreement):
            if not key.null:
                _delete(cursor, model, key.column, {paper.pk}, reason)
        rows += _delete(cursor, Agreement, "id", {paper.pk}, reason)
        for model in doomed:
            if history := getattr(model, "pgh_event_model", None):
                _delete(cursor, history, "pgh_obj_id", doomed[model], reason)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return rows, keys


def _what_is_theirs(paper):
    """The keys of the paper and, from one table to the next, of every row that belongs to one of before."""
    doomed, waiting = {Agreement: {paper.pk}}, [Agreement]
    while waiting:
        above = waiting.pop(0)
        for model, key in _keys_to(above):
            if key.null:
                continue
            theirs = set(
                model._base_manager.filter(**{f"{key.name}__in": doomed[above]}).values_list("pk", flat=True)
            )
            if theirs - doomed.get(model, set()):
                doomed[model] = doomed.get(model, set()) | theirs
                waiting.append(model)
    return doomed


def _let_go(cursor, model, doomed):
    """Whatever else may point to a row that goes, points nowhere from now on."""
    for other, key in _keys_to(model):
        if key.null and key.db_constraint:
            cursor.execute(
                f'UPDATE "{other._meta.db_table}" SET "{key.column}" = NULL'  # noqa: S608
                f' WHERE "{key.column}" = ANY(%s) AND NOT "{other._meta.pk.column}" = ANY(%s)',
                [list(doomed[model]), list(doomed.get(other, ()))],
            )


def _keys_to(above):
    """(model, foreign key) of the records that may refer to one of this model."""
    for model in apps.get_models(include_auto_created=True):
        if hasattr(model, "pgh_tracked_model") or not model._meta.managed or model._meta.proxy:
            continue
        for key in model._meta.local_fields:
            if isinstance(key, models.ForeignKey) and key.related_model is above and key.db_constraint:
                yield model, key


def _delete(cursor, model, column, keys, reason):
    table = model._meta.db_table
    cursor.execute(
        f'DELETE FROM "{table}" WHERE "{column}" = ANY(%s) RETURNING "{model._meta.pk.column}"',  # noqa: S608
        [list(keys)],
    )
    gone = [key for (key,) in cursor.fetchall()]
    if gone and table in sealed_tables():
        sealing.restate(table=table, ids=gone, reason=reason)
    return len(gone)
