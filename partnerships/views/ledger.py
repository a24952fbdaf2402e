from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnerships.exports.of_ledger import LedgerExtract
from partnerships.register import commitments_for
from partnerships.selectors import achievement
from partnerships.views.listing import file_of, list_page, way_to_default


@require_safe
def commitment_list(request):
    """The ledger: every commitment the reader may see, narrowed by the URL."""
    ledger = commitments_for(request.user, request.GET)
    if way := way_to_default(request, ledger):
        return way
    return list_page(request, ledger, "commitment", achievement=achievement.of_ledger(ledger))


@require_safe
@cache_control(private=True, no_store=True)
def commitment_export(request, form):
    """A file of exactly the commitments that the list shows for the same parameters."""
    return file_of(request, form, LedgerExtract)
