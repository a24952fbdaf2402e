import json
import secrets
from contextlib import ExitStack

import pghistory
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from partnerships.models import Agreement, AgreementKind, Organization, Posting
from partnerships.roles import Role


class Command(BaseCommand):
    help = (
        "Use a portal that was just restored as a person would: sign in, open it, take a file of papers."
        " The person is made for it and gone afterwards; nothing is written. Exits with 1 when it fails."
    )

    def handle(self, *args, **options):
        if MigrationExecutor(connection).migration_plan(
            MigrationExecutor(connection).loader.graph.leaf_nodes()
        ):
            raise CommandError("Migrations are missing: run manage.py migrate.")
        with ExitStack() as stack:
            stack.enter_context(transaction.atomic())
            stack.callback(transaction.set_rollback, True)
            stack.enter_context(pghistory.context(action="restore.check", door="command"))
            user, password = self._person()
            client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0].lstrip("."))
            self._sign_in(client, user, password)
            self._take_a_file(client, user)

    def _person(self):
        password = secrets.token_urlsafe(24)
        email = f"check-{secrets.token_hex(8)}@restored.invalid"
        user = User.objects.create_user(email, "Check of a restored portal", password)
        office = Organization.objects.filter(slug="kementerian-ketenagakerjaan").first()
        if office is None:
            raise CommandError(
                "The ministry itself is not among the organisations: load_reference never ran."
            )
        Posting.objects.create(
            user=user, organization=office, role=Role.LEADERSHIP, starts_on=timezone.localdate()
        )
        return user, password

    def _sign_in(self, client, user, password):
        answer = client.post(
            reverse("account_login"), {"login": user.email, "password": password}, secure=settings.HTTPS
        )
        if answer.status_code != 302 or "_auth_user_id" not in client.session:
            raise CommandError(f"Signing in failed (status {answer.status_code}).")
        home = client.get(reverse("partnerships:home"), secure=settings.HTTPS)
        if home.status_code != 200:
            raise CommandError(f"The front page answers with status {home.status_code}.")
        self.stdout.write("signing in: works")

    def _take_a_file(self, client, user):
        kinds = {"kind": AgreementKind.values}
        address = reverse("partnerships:agreement-export", args=["json"])
        answer = client.get(address, kinds, secure=settings.HTTPS)
        if answer.status_code != 200:
            raise CommandError(f"A file of the register is answered with status {answer.status_code}.")
        rows = len(json.loads(answer.getvalue())["rows"])
        papers = Agreement.objects.visible_to(user).count()
        if rows != papers:
            raise CommandError(f"A file of the register has {rows} rows, and there are {papers} papers.")
        self.stdout.write(f"a file of the register: {rows} rows, as many as papers")
