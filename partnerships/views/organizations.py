from django.http import Http404


def organization_list(request, **kwargs):
    raise Http404


def organization_choices(request, **kwargs):
    raise Http404


def organization_detail(request, **kwargs):
    raise Http404
