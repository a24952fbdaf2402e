from django.http import Http404


def agreement_add(request, **kwargs):
    raise Http404


def empty_line(request, **kwargs):
    raise Http404


def agreement_edit(request, **kwargs):
    raise Http404


def agreement_move(request, **kwargs):
    raise Http404


def agreement_publish(request, **kwargs):
    raise Http404
