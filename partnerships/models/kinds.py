"""The vocabularies of kinds: of papers, of organisations, and the classes that partners roll up to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreementKind(models.TextChoices):
    MOU = "mou", _("Memorandum of understanding")
    NOTA_KESEPAKATAN = "nota_kesepakatan", _("Note of agreement")
    PKS = "pks", _("Cooperation agreement")
    RENCANA_AKSI = "rencana_aksi", _("Action plan")
    KOMITMEN_BERSAMA = "komitmen_bersama", _("Joint commitment")
    NDA = "nda", _("Non-disclosure agreement")
    GRANT = "grant", _("Grant or handover of land")
    INTERNATIONAL = "international", _("International memorandum of understanding")
    MOC = "moc", _("Memorandum of cooperation")
    TECHNICAL = "technical", _("Technical cooperation")
    LOAN_GRANT = "loan_grant", _("Foreign loan or grant")
    CIRCULAR = "circular", _("Joint circular")
    ADDENDUM = "addendum", _("Addendum")
    ACTIVITY = "activity", _("Activity without a paper")
    UNKNOWN = "unknown", _("Kind of paper unknown")


# Kinds that are foreign whoever the partner is.
FOREIGN_KINDS = (
    AgreementKind.INTERNATIONAL,
    AgreementKind.MOC,
    AgreementKind.TECHNICAL,
    AgreementKind.LOAN_GRANT,
)


class PartnerClass(models.TextChoices):
    MINISTRY = "ministry", _("Ministry or agency")
    REGIONAL = "regional", _("Regional government")
    DEVELOPMENT = "development", _("Development partner")
    INTERNATIONAL = "international", _("International")
    UNKNOWN = "unknown", _("Class unknown")


class OrganizationKind(models.TextChoices):
    UNIT = "unit", _("Ministry of Manpower or its unit")
    MINISTRY = "ministry", _("Ministry or agency")
    STATE_BODY = "state_body", _("Non-structural body or public body")
    PROVINCE_GOVERNMENT = "province_government", _("Provincial government")
    KABUPATEN_GOVERNMENT = "kabupaten_government", _("Kabupaten government")
    KOTA_GOVERNMENT = "kota_government", _("Kota government")
    REGIONAL_OFFICE = "regional_office", _("Office of a regional government")
    UNIVERSITY = "university", _("University")
    COMPANY = "company", _("Private company")
    STATE_COMPANY = "state_company", _("State-owned company")
    ASSOCIATION = "association", _("Association or professional body")
    NGO = "ngo", _("NGO, foundation or mass organisation")
    INTERNATIONAL_AGENCY = "international_agency", _("International agency")
    FOREIGN_GOVERNMENT = "foreign_government", _("Foreign government")
    UNKNOWN = "unknown", _("Kind unknown")


GOVERNMENT_KINDS = (
    OrganizationKind.PROVINCE_GOVERNMENT,
    OrganizationKind.KABUPATEN_GOVERNMENT,
    OrganizationKind.KOTA_GOVERNMENT,
)

# The ministry's own units are on this side of the table and have no partner class.
CLASS_OF_KIND = {
    OrganizationKind.MINISTRY: PartnerClass.MINISTRY,
    OrganizationKind.STATE_BODY: PartnerClass.MINISTRY,
    OrganizationKind.PROVINCE_GOVERNMENT: PartnerClass.REGIONAL,
    OrganizationKind.KABUPATEN_GOVERNMENT: PartnerClass.REGIONAL,
    OrganizationKind.KOTA_GOVERNMENT: PartnerClass.REGIONAL,
    OrganizationKind.REGIONAL_OFFICE: PartnerClass.REGIONAL,
    OrganizationKind.UNIVERSITY: PartnerClass.DEVELOPMENT,
    OrganizationKind.COMPANY: PartnerClass.DEVELOPMENT,
    OrganizationKind.STATE_COMPANY: PartnerClass.DEVELOPMENT,
    OrganizationKind.ASSOCIATION: PartnerClass.DEVELOPMENT,
    OrganizationKind.NGO: PartnerClass.DEVELOPMENT,
    OrganizationKind.INTERNATIONAL_AGENCY: PartnerClass.INTERNATIONAL,
    OrganizationKind.FOREIGN_GOVERNMENT: PartnerClass.INTERNATIONAL,
    OrganizationKind.UNKNOWN: PartnerClass.UNKNOWN,
}


def kinds_of_class(partner_class):
    """The kinds of organisation that roll up to a class of partner."""
    return [kind for kind, rolls_up_to in CLASS_OF_KIND.items() if rolls_up_to == partner_class]


class Certainty(models.TextChoices):
    HIGH = "high", _("certain")
    MEDIUM = "medium", _("fairly certain")
    LOW = "low", _("uncertain")


class Validity(models.TextChoices):
    """Whether a paper holds on a date; computed from its terms, never stored."""

    NOT_BEGUN = "not_begun", _("Not begun")
    IN_FORCE = "in_force", _("In force")
    ENDING = "ending", _("Ending soon")
    ENDED = "ended", _("Ended")
    UNKNOWN = "unknown", _("Term unknown")
