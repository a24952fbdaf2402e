import os

from django.core.wsgi import get_wsgi_application

from kemnaker_portal.deployment import refuse_unsafe_settings
from kemnaker_portal.door import bounded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kemnaker_portal.settings")
# A page that waits this long is not waited for by anybody (milliseconds); files set limits of their own. What
# is cut off is answered with 503, and the next request finds the process free.
os.environ.setdefault(
    "PGOPTIONS",
    "-c statement_timeout=20000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=60000",
)
# Nor is a database that does not even answer the call (seconds).
os.environ.setdefault("PGCONNECT_TIMEOUT", "3")
# Nor is a server of names (seconds for each; the three above know nothing of it).
os.environ.setdefault("RES_OPTIONS", "timeout:1 attempts:2")

application = bounded(get_wsgi_application())
refuse_unsafe_settings()
