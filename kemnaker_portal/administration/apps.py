import importlib

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    # Named by its path: the site itself needs the models, which are not loaded yet.
    default_site = "kemnaker_portal.administration.site.AdministrationSite"

    def ready(self):
        super().ready()
        # Registered by being imported.
        importlib.import_module("kemnaker_portal.deployment")
