"""What changes an envelope, a contribution, an organisation or an activity, for the log of changes."""

from funds.models import Contribution, ContributionReceipt, Envelope, Mechanism, Organisation, PartnerActivity, Sector
from regions.models import Cercle, Region
from sr_portal.api.changes import register, spreads, touches

TABLE = {
    Envelope: (touches("envelope"),),
    Contribution: (touches("contribution"),),
    ContributionReceipt: (touches("contribution", "contribution_id"),),
    PartnerActivity: (touches("ptf_activity"),),
    Organisation: (
        touches("organisation"),
        spreads("contribution", "SELECT id FROM funds_contribution WHERE donor_id = NEW.id", "name", "acronym"),
        spreads("ptf_activity", "SELECT id FROM funds_partneractivity WHERE organisation_id = NEW.id", "name", "acronym"),
    ),
    Mechanism: (
        spreads(
            "envelope", "SELECT id FROM funds_envelope WHERE mechanism_id = NEW.code",
            "name_fr", "name_en", "fiscal_year_first_month",
        ),
        spreads("contribution", "SELECT id FROM funds_contribution WHERE mechanism_id = NEW.code", "name_fr", "name_en"),
    ),
    Sector: (
        spreads("ptf_activity", "SELECT id FROM funds_partneractivity WHERE sector_id = NEW.code", "name_fr", "name_en"),
    ),
    Region: (
        spreads("contribution", "SELECT id FROM funds_contribution WHERE region_id = NEW.id", "name", "code"),
        spreads("organisation", "SELECT id FROM funds_organisation WHERE region_id = NEW.id", "name", "code"),
        spreads("ptf_activity", "SELECT id FROM funds_partneractivity WHERE region_id = NEW.id", "name", "code"),
    ),
    Cercle: (spreads("ptf_activity", "SELECT id FROM funds_partneractivity WHERE cercle_id = NEW.id", "name"),),
}  # fmt: skip


def declare() -> None:
    register(TABLE)
