from allauth.account.adapter import DefaultAccountAdapter


class InvitedOnlyAdapter(DefaultAccountAdapter):
    """Accounts are for named officers: an admin invites, nobody signs up."""

    def is_open_for_signup(self, request):
        return False
