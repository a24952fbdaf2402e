"""Rules that may be left out without any reader, right or move becoming another, with the reason."""

_SIGNED_IN = "not getattr(user, 'is_authenticated', False)"

UNNOTICED: dict[str, str] = {
    f"partnerships/models/access.py access_of: {_SIGNED_IN} of {_SIGNED_IN} or not user.is_active": (
        "who has not signed in is not active either"
    ),
    "partnerships/models/access.py _access_now: if posting.role == Role.REGIONAL_OFFICER": (
        "the database lets nobody but a regional officer be posted to an office that acts for a region"
    ),
    "partnerships/models/agreement_queryset.py AgreementQuerySet.visible_to: ~Q(status__in=DRAFTS)"
    " beside Q(published_at__isnull=False)": "the database lets no draft be published",
    "partnerships/models/commitment_queryset.py CommitmentQuerySet.visible_to: if"
    " access_of(user).has(Role.REGISTRAR, ADMIN)": (
        "who sees every paper sees every commitment; asking without the papers is only quicker"
    ),
    "partnerships/permissions.py _reaches: if right.reach == Reach.ALL": (
        "the condition of a right that reaches everything fits every paper; not asking is only quicker"
    ),
    "partnerships/permissions.py _reach: access.units of right.reach == Reach.OWN_COMMITMENTS and"
    " access.units": "no unit answers for nothing; not asking is only quicker",
    "partnerships/permissions.py _regions_of: if code": "no region of a reader is without a code",
    "partnerships/permissions.py _fits: posting.role of {posting.role}": (
        "who asks has found the right by the role of the posting; its reach asks for no role"
    ),
    "partnerships/permissions.py _fits: if posting.role == Role.REGIONAL_OFFICER": (
        "the database lets nobody but a regional officer be posted to an office that acts for a region"
    ),
}
