"""Made-up records in any number, to measure and to attack the portal with; never beside real ones.

Everything carries a mark: papers the source register ``load``, organisations and events a code that
begins with ``beban-``, people the name "Nama Beban", accounts an address of ``beban.invalid``.
"""

SOURCE = "load"
SLUG = "beban-"
PERSON = "Nama Beban "
DOMAIN = "beban.invalid"
# Serials of references start here, far above what is ever given in a year: no next number is disturbed.
FIRST_SERIAL = 900_000
