from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships import permissions
from partnerships.forms import KnownOrganizations
from partnerships.models import InstrumentRule, Organization

LONGEST_QUESTION = 100


@require_safe
def organization_choices(request):
    """Organisations that a writer may mean, for the list under a field: called so, else nearly so."""
    permissions.check(request.user, permissions.Action.ADD_AGREEMENT)
    asked = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    known = KnownOrganizations(Organization.objects.visible_to(request.user))
    called = known.with_words(asked) if asked else []
    found = called or (known.near(asked) if asked else [])
    proposed = dict(InstrumentRule.objects.values_list("partner_class", "proposes"))
    context = {
        "choices": [(each, proposed.get(each.partner_class, "")) for each in found],
        "only_near": not called,
    }
    return render(request, "partnerships/edit/organization_options.html", context)
