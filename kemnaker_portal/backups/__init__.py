"""Backups: database, uploaded files and settings, readable only with a key that is kept elsewhere.

A backup folder holds a folder for each backup and, beside them, every uploaded file once:

    files/3f/3f2c….age        an uploaded file under the random key that it has in the portal
    erasures                  whose data was erased since, as digests, for whoever restores an older backup
    2026-11-28T02.15.07Z/
        database.age          what pg_dump wrote of one moment
        manifest.age          what a restored portal has to hold (Manifest)
        sealed.json           size and SHA-256 of each sealed file that belongs to it; written last

Everything that ends in ``.age`` is sealed in the format age v1 (https://age-encryption.org/v1) for one or
more recipients: the portal knows their public keys only, so that who takes its machine can't read backups.
See docs/decisions/0010-backups-are-sealed-with-age.md.
"""

from kemnaker_portal.backups.making import ERASURES, make, prune
from kemnaker_portal.backups.restoring import newest, restore
from kemnaker_portal.backups.sealed import BackupFailed, identities_in, new_identity, recipients_in

__all__ = [
    "ERASURES",
    "BackupFailed",
    "identities_in",
    "make",
    "new_identity",
    "newest",
    "prune",
    "recipients_in",
    "restore",
]
