"""People who sign in, and the offices they are posted to."""

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import admin
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SecondFactor, User
from kemnaker_portal.administration.decisions import Confirmation, Decision, ReasonForm
from kemnaker_portal.administration.pages import (
    Chosen,
    DayInput,
    PortalAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    filled_or_not,
)
from kemnaker_portal.administration.site import Section
from kemnaker_portal.typed import LineField
from partnerships.actions import postings, protection
from partnerships.models import Organization, Posting
from partnerships.roles import Role


class PostingForm(Confirmation):
    """An office, a role in it, and the day from which it holds."""

    organization = forms.ModelChoiceField(Organization.objects.all(), label=_("Office"))
    role = forms.ChoiceField(label=_("Role"), choices=Role)
    starts_on = forms.DateField(label=_("From"), widget=DayInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate()
        self.fields["organization"].widget = Chosen(Posting._meta.get_field("organization"), self.admin_site)
        self.fields["organization"].widget.choices = self.fields["organization"].choices


class InvitationForm(PostingForm):
    field_order = ["email", "name", "organization", "role", "starts_on"]

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = LineField(
        label=_("Name"),
        max_length=150,
        required=False,
        help_text=_("Needed only if there is no account with this address yet."),
    )


class AddressForm(ReasonForm):
    field_order = ["address", "reason"]

    address = forms.EmailField(label=_("E-mail"), max_length=254)


class TransferForm(Confirmation):
    """Who takes the office over, and on which day."""

    successor_email = forms.EmailField(label=_("E-mail of the successor"), max_length=254)
    successor_name = LineField(
        label=_("Name of the successor"),
        max_length=150,
        required=False,
        help_text=_("Needed only if there is no account with this address yet."),
    )
    on = forms.DateField(
        label=_("Day"),
        widget=DayInput,
        help_text=_("On this day the posting no longer holds and the successor's does."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class EndForm(ReasonForm):
    field_order = ["on", "reason"]

    on = forms.DateField(
        label=_("Day"), widget=DayInput, help_text=_("The first day on which it no longer holds.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


def _has_not_ended(posting):
    return posting.ends_on is None or posting.ends_on > timezone.localdate()


INVITE = Decision(
    name="invite",
    label=_("Invite"),
    explanation=_(
        "A person without an account gets one, and a mail with a link to choose a password. A person"
        " who has one is posted to the office."
    ),
    form=InvitationForm,
    apply=lambda nothing, answers, by: postings.invite(**answers, by=by).user,
    done=_("Posted: %(name)s."),
    of_one_row=False,
    confirmed=True,
)
POST = Decision(
    name="post",
    label=_("Post to an office"),
    form=PostingForm,
    apply=lambda user, answers, by: postings.invite(email=user.email, name=user.name, **answers, by=by).user,
    done=_("Posted: %(name)s."),
    is_offered=lambda user: user.is_active,
    confirmed=True,
)
PASSWORD_LINK = Decision(
    name="password_link",
    label=_("Send a link to set the password"),
    form=Confirmation,
    explanation=_("The link goes to the person's own address; nobody else gets to see it."),
    apply=lambda user, answers, by: postings.send_password_link(user=user, by=by),
    done=_("A link is on its way to %(name)s."),
    is_offered=lambda user: user.is_active,
    confirmed=True,
)
LOST_FACTOR = Decision(
    name="lost_factor",
    label=_("Remove lost second factors"),
    explanation=_(
        "For somebody whose phone and recovery codes are gone. Make sure by another way than mail that it is"
        " really this person. All second factors are removed, all sessions end, and a mail tells the"
        " person, who signs in with the password and sets up a new one."
    ),
    apply=lambda user, answers, by: protection.remove_second_factors(user=user, by=by, **answers),
    done=_("Without a second factor now: %(name)s."),
    is_offered=is_mfa_enabled,
    grave=True,
    confirmed=True,
)
ADDRESS = Decision(
    name="address",
    label=_("Correct the e-mail address"),
    explanation=_(
        "The person signs in with the new address from now on and is signed out everywhere; a mail goes to"
        " both addresses."
    ),
    form=AddressForm,
    apply=lambda user, answers, by: protection.correct_address(user=user, by=by, **answers),
    done=_("Corrected: %(name)s."),
    confirmed=True,
)
DEACTIVATE = Decision(
    name="deactivate",
    label=_("Deactivate"),
    explanation=_(
        "The person is signed out at the next click and can't sign in any more. Postings stay, so that"
        " they can be handed over."
    ),
    apply=lambda user, answers, by: postings.deactivate(user=user, by=by, **answers),
    done=_("Deactivated: %(name)s."),
    is_offered=lambda user: user.is_active,
    grave=True,
    confirmed=True,
)
REACTIVATE = Decision(
    name="reactivate",
    label=_("Activate again"),
    apply=lambda user, answers, by: postings.reactivate(user=user, by=by, **answers),
    done=_("Active again: %(name)s."),
    is_offered=lambda user: not user.is_active,
    confirmed=True,
)
APPOINT = Decision(
    name="appoint",
    label=_("Make an administrator"),
    explanation=_("An administrator reads everything and may do everything that this site offers."),
    apply=lambda user, answers, by: postings.appoint_administrator(user=user, by=by, **answers),
    done=_("An administrator now: %(name)s."),
    is_offered=lambda user: user.is_active and not user.is_superuser,
    grave=True,
    confirmed=True,
)
DISMISS = Decision(
    name="dismiss",
    label=_("Take the administration away"),
    apply=lambda user, answers, by: postings.dismiss_administrator(user=user, by=by, **answers),
    done=_("No longer an administrator: %(name)s."),
    is_offered=lambda user: user.is_superuser,
    grave=True,
    confirmed=True,
)
TRANSFER = Decision(
    name="transfer",
    label=_("Hand over"),
    explanation=_("The posting ends and the successor's begins, in one step. Both get a mail."),
    form=TransferForm,
    apply=lambda posting, answers, by: postings.transfer(posting=posting, by=by, **answers),
    done=_("Handed over: %(name)s."),
    is_offered=_has_not_ended,
    confirmed=True,
)
END = Decision(
    name="end",
    label=_("End without a successor"),
    form=EndForm,
    apply=lambda posting, answers, by: postings.end(posting=posting, by=by, **answers),
    done=_("Ended: %(name)s."),
    is_offered=_has_not_ended,
    grave=True,
    confirmed=True,
)


class RoleFilter(admin.SimpleListFilter):
    """By the role of a posting that holds today."""

    title = _("role today")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        holders = Posting.objects.active().filter(role=self.value()).order_by().values("user")
        return queryset.filter(pk__in=holders)


class AdministratorFilter(admin.SimpleListFilter):
    title = _("administrator")
    parameter_name = "administrator"

    def lookups(self, request, model_admin):
        return [("1", _("yes")), ("0", _("no"))]

    def queryset(self, request, queryset):
        if self.value() not in ("0", "1"):
            return queryset
        return queryset.filter(is_superuser=self.value() == "1")


class PostingInline(ReadOnlyInline):
    model = Posting
    fields = ["organization", "role", "starts_on", "ends_on"]
    related = ["organization"]
    show_change_link = True


@admin.register(User)
class UserAdmin(PortalAdmin):
    """Accounts come by invitation; passwords are seen and set by their owners only."""

    section = Section.ACCOUNTS
    decisions = [
        INVITE,
        POST,
        PASSWORD_LINK,
        ADDRESS,
        LOST_FACTOR,
        APPOINT,
        DISMISS,
        DEACTIVATE,
        REACTIVATE,
    ]
    history_parts = [(Posting, "user"), (SecondFactor, "user")]
    list_display = ["name", "email", "offices", "is_active", "administrator", "last_login"]
    list_filter = [
        RoleFilter,
        "is_active",
        AdministratorFilter,
        filled_or_not("last_login", _("signed in"), _("has signed in"), _("never signed in")),
    ]
    search_fields = ["name", "email", "postings__organization__name"]
    readonly_fields = ["email", "is_active", "administrator", "date_joined", "last_login"]
    fields = ["name", "language", *readonly_fields]
    inlines = [PostingInline]
    ordering = ["name"]

    def has_add_permission(self, request):
        return False

    def get_queryset(self, request):
        held = Posting.objects.active().select_related("organization")
        return (
            super().get_queryset(request).prefetch_related(Prefetch("postings", held, to_attr="held_today"))
        )

    @admin.display(description=_("administrator"), ordering="is_superuser")
    def administrator(self, user):
        return _("yes") if user.is_superuser else self.get_empty_value_display()

    @admin.display(description=_("offices today"))
    def offices(self, user):
        return "; ".join(map(str, user.held_today)) or self.get_empty_value_display()


class HoldsFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "holds"

    def lookups(self, request, model_admin):
        return [("today", _("holds today")), ("coming", _("not begun")), ("ended", _("ended"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        states = {
            "today": Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gt=today)),
            "coming": Q(starts_on__gt=today),
            "ended": Q(ends_on__lte=today),
        }
        return queryset.filter(states.get(self.value(), Q()))


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    section = Section.ACCOUNTS
    decisions = [TRANSFER, END]
    list_display = ["user", "organization", "role", "starts_on", "ends_on"]
    list_filter = ["role", HoldsFilter, "organization__kind"]
    list_select_related = ["user", "organization"]
    search_fields = ["user__name", "user__email", "organization__name", "organization__short_name"]
    date_hierarchy = "starts_on"
    ordering = ["-starts_on"]
    # The office of an invitation is looked up as that of a posting (AutocompleteSelect).
    autocomplete_fields = ["organization", "user"]
