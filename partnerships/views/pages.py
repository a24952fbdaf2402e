from django.http import Http404


def home(request, **kwargs):
    raise Http404


def own_account(request, **kwargs):
    raise Http404


def help_page(request, **kwargs):
    raise Http404


def gallery(request, **kwargs):
    raise Http404
