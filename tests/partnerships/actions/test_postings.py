import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from partnerships.actions import postings
from partnerships.models import MessageKind, Organization, OutboxMessage, Posting, access_of
from partnerships.roles import Role
from tests.factories import PostingFactory, UserFactory

TODAY = datetime.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def on_a_day(time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 2, 9, tzinfo=timezone.get_default_timezone()))


@pytest.fixture
def bureau(db):
    return Organization.objects.get(slug="biro-kerja-sama")


@pytest.fixture
def asahan(db):
    return Organization.objects.get(slug="pemerintah-kabupaten-asahan")


def can_still_read(client):
    return client.get(reverse("partnerships:agreement-list")).status_code == 200


# --- inviting -------------------------------------------------------------------------------------


def test_an_invited_person_gets_account_posting_and_message(admin, bureau):
    posting = postings.invite(
        email=" Baru@Example.TEST ", name="Petugas  baru", organization=bureau, role="registrar", by=admin
    )

    user = posting.user
    assert (user.email, user.name) == ("baru@example.test", "Petugas baru")
    assert not user.has_usable_password()
    assert not user.is_staff
    assert not user.is_superuser
    assert (posting.organization, posting.role, posting.starts_on) == (bureau, "registrar", TODAY)
    message = OutboxMessage.objects.get()
    assert (message.kind, message.recipient) == (MessageKind.INVITATION, user)
    assert message.about == {"posting": posting.pk}


def test_an_existing_account_gets_a_posting_only(admin, bureau, nobody):
    posting = postings.invite(
        email=nobody.email.upper(), name="", organization=bureau, role="registrar", by=admin
    )

    assert posting.user == nobody
    assert not OutboxMessage.objects.exists()
    nobody.refresh_from_db()
    assert nobody.check_password("sandi-untuk-uji-coba")


def test_an_invitation_that_is_refused_leaves_no_account(admin, asahan):
    with pytest.raises(ValidationError):
        postings.invite(
            email="baru@example.test", name="Baru", organization=asahan, role="registrar", by=admin
        )

    assert not User.objects.filter(email="baru@example.test").exists()
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("role", "office"),
    [
        (Role.REGISTRAR, "pemerintah-kabupaten-asahan"),
        (Role.UNIT_OFFICER, "pemerintah-kabupaten-asahan"),
        (Role.REGIONAL_OFFICER, "biro-kerja-sama"),
    ],
)
def test_an_office_that_does_not_fit_the_role_is_refused_in_words(admin, nobody, role, office):
    with pytest.raises(ValidationError) as refusal:
        postings.invite(
            email=nobody.email,
            name="",
            organization=Organization.objects.get(slug=office),
            role=role,
            by=admin,
        )

    assert refusal.value.code == "posting_office_fits_role"


def test_the_same_posting_twice_is_refused_in_words(admin, registrar, bureau):
    with pytest.raises(ValidationError) as refusal:
        postings.invite(email=registrar.email, name="", organization=bureau, role="registrar", by=admin)

    assert refusal.value.code == "posting_open_once"


def test_a_new_account_needs_a_name_and_an_address(admin, bureau):
    for email, name in [
        ("baru@example.test", "  "),
        ("bukan alamat", "Baru"),
        ("a@b.test\nBcc: x@y.test", "B"),
    ]:
        with pytest.raises(ValidationError):
            postings.invite(email=email, name=name, organization=bureau, role="registrar", by=admin)


def test_a_deactivated_person_is_not_posted(admin, bureau):
    gone = UserFactory(is_active=False)

    with pytest.raises(ValidationError):
        postings.invite(email=gone.email, name="", organization=bureau, role="registrar", by=admin)


@pytest.mark.parametrize("who", ["registrar", "unit_officer", "officer_asahan", "leadership", "nobody"])
def test_only_administrators_manage_accounts(who, request, bureau):
    person = request.getfixturevalue(who)
    posting = PostingFactory(organization=bureau, role=Role.REGISTRAR)
    tries = [
        lambda: postings.invite(
            email="x@example.test", name="X", organization=bureau, role="registrar", by=person
        ),
        lambda: postings.transfer(
            posting=posting, successor_email="x@example.test", successor_name="X", on=TODAY, by=person
        ),
        lambda: postings.end(posting=posting, on=TODAY, by=person),
        lambda: postings.deactivate(user=posting.user, by=person),
        lambda: postings.reactivate(user=posting.user, by=person),
        lambda: postings.appoint_administrator(user=person, by=person),
        lambda: postings.dismiss_administrator(user=posting.user, by=person),
        lambda: postings.send_password_link(user=posting.user, by=person),
    ]

    for attempt in tries:
        with pytest.raises(PermissionDenied):
            attempt()
    assert not OutboxMessage.objects.exists()


# --- handing over ---------------------------------------------------------------------------------


def test_a_transfer_ends_one_posting_and_begins_the_other_on_the_same_day(admin, registrar, bureau):
    old = registrar.postings.get()
    old.starts_on = TODAY - datetime.timedelta(days=100)
    old.save()
    on = TODAY + datetime.timedelta(days=14)

    new = postings.transfer(
        posting=old, successor_email="pengganti@example.test", successor_name="Pengganti", on=on, by=admin
    )

    old.refresh_from_db()
    assert (old.ends_on, new.starts_on, new.ends_on) == (on, on, None)
    assert (new.organization, new.role) == (bureau, Role.REGISTRAR)
    days = [on - datetime.timedelta(days=1), on]
    assert [list(Posting.objects.active(day).filter(organization=bureau)) for day in days] == [[old], [new]]
    told = {m.recipient: m.about["side"] for m in OutboxMessage.objects.filter(kind="transfer")}
    assert told == {old.user: "left", new.user: "taken_over"}


def test_a_transfer_of_today_holds_on_the_very_next_request(client, admin, officer_asahan, nobody):
    client.force_login(officer_asahan)
    assert can_still_read(client)

    postings.transfer(
        posting=officer_asahan.postings.get(),
        successor_email=nobody.email,
        successor_name="",
        on=TODAY,
        by=admin,
    )

    assert access_of(User.objects.get(pk=officer_asahan.pk)).regions == frozenset()
    assert access_of(User.objects.get(pk=nobody.pk)).regions == {"12.09"}


def test_an_office_is_handed_over_once(admin, registrar):
    posting = registrar.postings.get()
    postings.transfer(
        posting=posting, successor_email="a@example.test", successor_name="A", on=TODAY, by=admin
    )

    with pytest.raises(ValidationError):
        postings.transfer(
            posting=posting, successor_email="b@example.test", successor_name="B", on=TODAY, by=admin
        )
    assert not User.objects.filter(email="b@example.test").exists()


def test_nobody_succeeds_oneself(admin, registrar):
    with pytest.raises(ValidationError):
        postings.transfer(
            posting=registrar.postings.get(),
            successor_email=registrar.email,
            successor_name="",
            on=TODAY,
            by=admin,
        )


def test_a_posting_does_not_end_before_it_began(admin, registrar):
    with pytest.raises(ValidationError) as refusal:
        postings.end(posting=registrar.postings.get(), on=TODAY - datetime.timedelta(days=1), by=admin)

    assert refusal.value.code == "posting_ends_after_it_starts"


def test_the_reason_of_an_end_stays_in_the_history(admin, registrar):
    posting = postings.end(posting=registrar.postings.get(), on=TODAY, by=admin, reason="Mutasi")

    context = posting.events.latest("pgh_id").pgh_context
    assert (context["actor"], context["reason"], context["action"]) == (admin.pk, "Mutasi", "posting.end")


# --- sessions -------------------------------------------------------------------------------------


def test_deactivation_ends_the_sessions_on_the_very_next_request(client, admin, registrar):
    client.force_login(registrar)
    assert can_still_read(client)

    postings.deactivate(user=registrar, by=admin, reason="Pensiun")

    answer = client.get(reverse("partnerships:agreement-list"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    assert not client.login(email=registrar.email, password="sandi-untuk-uji-coba")


def test_a_new_password_ends_the_other_sessions_on_the_very_next_request(client, registrar):
    client.force_login(registrar)
    assert can_still_read(client)

    registrar.set_password("sandi-yang-lain-2026")
    registrar.save()

    assert not can_still_read(client)


def test_an_account_opened_again_signs_in_again(client, admin, registrar):
    postings.deactivate(user=registrar, by=admin)
    postings.reactivate(user=registrar, by=admin)

    assert client.login(email=registrar.email, password="sandi-untuk-uji-coba")


def test_nobody_deactivates_oneself(admin):
    UserFactory(is_staff=True, is_superuser=True)

    with pytest.raises(ValidationError):
        postings.deactivate(user=admin, by=admin)


def test_the_last_administrator_stays(admin):
    with pytest.raises(ValidationError):
        postings.dismiss_administrator(user=admin, by=admin)

    other = postings.appoint_administrator(user=UserFactory(), by=admin)
    assert other.is_superuser
    assert other.is_staff
    assert not postings.dismiss_administrator(user=admin, by=other).is_superuser


# --- messages -------------------------------------------------------------------------------------


def test_a_message_that_went_out_is_written_again_and_one_that_did_not_starts_afresh(admin, nobody):
    sent = OutboxMessage.objects.create(
        kind="invitation", recipient=nobody, sent_at=timezone.now(), attempts=1
    )
    stuck = OutboxMessage.objects.create(
        kind="invitation", recipient=nobody, attempts=5, problem="SMTPException"
    )

    again = postings.send_again(message=sent, by=admin)
    fresh = postings.send_again(message=stuck, by=admin)

    assert again.pk not in (sent.pk, stuck.pk)
    assert (fresh.pk, fresh.attempts, fresh.problem) == (stuck.pk, 0, "")
