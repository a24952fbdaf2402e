"""What Prometheus reads of the portal: requests of all web processes, and what waits in the database.

Processes leave their counts in files of one folder (PROMETHEUS_MULTIPROC_DIR), which whoever answers adds up.
"""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(mode=0o750, parents=True, exist_ok=True)

_ANSWERED = Counter("portal_requests", "Requests that were answered.", ["view", "method", "status"])
_SECONDS = Histogram(
    "portal_request_seconds",
    "Seconds until the answer began, by the name of the page.",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_METHODS = {"GET", "HEAD", "POST", "OPTIONS"}


def requests_counted(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Count each request by the name of its page, never by its address, which may name a record or a key."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        found = request.resolver_match
        view = (found.view_name or "unnamed") if found else "none"
        method = request.method if request.method in _METHODS else "other"
        _SECONDS.labels(view).observe(time.perf_counter() - began)
        _ANSWERED.labels(view, method, response.status_code).inc()
        return response

    return middleware


def exposition(gauges: Iterable[tuple[str, str, float]]) -> tuple[bytes, str]:
    """(text in the format of Prometheus, its media type): the requests of every process, and each gauge as
    (name, what it says, number)."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(_Gauges(gauges))
    return generate_latest(registry), CONTENT_TYPE_LATEST


class _Gauges:
    def __init__(self, gauges: Iterable[tuple[str, str, float]]) -> None:
        self._families: list[Metric] = [
            GaugeMetricFamily(name, said, value=number) for name, said, number in gauges
        ]

    def collect(self) -> list[Metric]:
        return self._families
