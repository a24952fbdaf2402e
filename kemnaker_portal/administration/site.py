"""The site of the administration: who may enter, and in which order its pages are offered."""

from functools import update_wrapper

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import Http404
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext_lazy as _


class Section(models.TextChoices):
    """The groups of pages on the front page, in their order."""

    RECORDS = "records", _("Papers and their parts")
    PROGRESS = "progress", _("Reports and evidence")
    PARTNERS = "partners", _("Partners and people")
    ACCOUNTS = "accounts", _("Accounts and postings")
    REFERENCE = "reference", _("Reference data")
    OPERATION = "operation", _("Operation")
    HISTORY = "history", _("Audit trail")


class AdministrationSite(AdminSite):
    """For administrators alone: everybody else who has signed in does not learn that it exists."""

    site_title = _("Administration")
    site_header = _("Administration of the partnerships portal")
    index_title = _("What would you like to look after?")

    def __init__(self, name="admin"):
        super().__init__(name)
        # One row at a time, and only what is nobody's record.
        self.disable_action("delete_selected")

    def register(self, model_or_iterable, admin_class=None, **options):
        """Take the portal's own pages only.

        Packages bring pages of their own, which show secrets (second factors), hand out rights the
        portal does not know (groups), or change records without an action.
        """
        if hasattr(admin_class, "section"):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request):
        user = request.user
        return user.is_active and user.is_staff and user.is_superuser

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            if request.user.is_anonymous:
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            if not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return update_wrapper(inner, view)

    def login(self, request, extra_context=None):
        """People sign in at the portal's one door; an administrator who has is let through."""
        return self.admin_view(lambda request: redirect("admin:index"))(request)

    def get_urls(self):
        elsewhere = {"logout", "password_change", "password_change_done"}
        urls = [url for url in super().get_urls() if getattr(url, "name", None) not in elsewhere]
        for url in urls:
            # The site would send people to a sign-in page of its own.
            if hasattr(getattr(url, "callback", None), "login_url"):
                del url.callback.login_url
        return urls

    def get_app_list(self, request, app_label=None):
        """The pages by section; the page of a single application keeps its own list."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        order = list(self._registry)
        pages = [page for app in apps for page in app["models"]]
        pages.sort(key=lambda page: order.index(page["model"]))
        for page in pages:
            page["name"] = self._registry[page["model"]].page_name
        sections = []
        for section in Section:
            inside = [p for p in pages if self._registry[p["model"]].section == section]
            if inside:
                sections.append(
                    {
                        "name": section.label,
                        "app_label": section.value,
                        "app_url": "",
                        "has_module_perms": True,
                        "models": inside,
                    }
                )
        return sections
