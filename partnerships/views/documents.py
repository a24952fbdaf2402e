from django.http import Http404


def export(request, **kwargs):
    raise Http404


def profile(request, **kwargs):
    raise Http404
