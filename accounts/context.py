from django.conf import settings

from accounts import demo as demo_table


def demo(request):
    """On the sign-in page of a demo: who one can be, and the password of all of them."""
    if not settings.DEMO:
        return {}
    return {"demo_accounts": demo_table.ACCOUNTS, "demo_password": demo_table.PASSWORD}
