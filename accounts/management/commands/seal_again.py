from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand

from accounts.sealing import sealed_again


class Command(BaseCommand):
    help = (
        "Seal the secrets of second factors with SECOND_FACTOR_KEY. After it, the keys of before are needed"
        " no more."
    )

    def handle(self, *args, **options):
        factors = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
        for factor in factors.iterator():
            for name in {"secret", "seed"} & factor.data.keys():
                factor.data[name] = sealed_again(factor.data[name])
            if "migrated_codes" in factor.data:
                factor.data["migrated_codes"] = list(map(sealed_again, factor.data["migrated_codes"]))
            factor.save(update_fields=["data"])
        self.stdout.write(f"{factors.count()} sealed")
