"""What the other side says of a report."""


def answers_on(report):
    """The requests for confirmation of a report, answered or not, newest first."""
    return report.confirmations.select_related("asked_by").order_by("-asked_at")
