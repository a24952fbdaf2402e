from django.db import migrations

from accounts.sealing import opened, seal


def _each(apps, change):
    for factor in apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn"):
        data = dict(factor.data)
        for name in ("secret", "seed"):
            if name in data:
                data[name] = change(data[name])
        if "migrated_codes" in data:
            data["migrated_codes"] = [change(code) for code in data["migrated_codes"]]
        factor.data = data
        factor.save(update_fields=["data"])


def seal_all(apps, schema_editor):
    _each(apps, lambda kept: seal(opened(kept)))


def open_all(apps, schema_editor):
    _each(apps, opened)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_sign_in"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal_all, open_all)]
