"""Numbers of accounts: the right ones pass in every way that people write them, one wrong character does not."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from funds.account_numbers import COUNTRIES, checked_bic, grouped, iban_of, parsed, rib_key

# Examples that IBAN registries publish, of both forms of bank codes: with two letters, and with the one of before.
PUBLISHED = (
    "ML13ML0160120102600100668497", "ML03D00890170001002120000447", "SN08SN0100152000048500003035",
    "SN12K00100152000025690007542", "CI93CI0080111301134291200589", "CI05A00060174100178530011852",
    "BJ66BJ0610100100144390000769", "BF42BF0840101300463574000390", "TG53TG0090604310346500400070",
    "NE58NE0380100100130305000268",
)  # fmt: skip
UNION = [code for code, place in COUNTRIES.items() if place.letter]


@pytest.mark.parametrize("iban", PUBLISHED)
def test_a_published_iban_and_its_rib_are_the_same_account(iban):
    country, rib = iban[:2], iban[4:]

    assert parsed(iban, country) == parsed(rib, country) == rib
    assert iban_of(rib, country) == iban
    assert rib_key(rib[:5], rib[5:10], rib[10:22]) == rib[22:]


@pytest.mark.parametrize(
    "text", ["ml016 01201 026001006684 97", "ML016-01201-026001006684/97", " ML13 ML01 6012 0102 6001 0066 8497 "]
)
def test_spaces_dashes_and_case_do_not_count(text):
    assert parsed(text, "ML") == "ML0160120102600100668497"
    assert grouped(parsed(text, "ML")) == "ML016 01201 026001006684 97"


@given(
    country=st.sampled_from(UNION), bank=st.integers(0, 999), branch=st.integers(0, 99999),
    account=st.integers(0, 10**12 - 1), place=st.integers(0, 21), shift=st.integers(1, 9), as_iban=st.booleans(),
)  # fmt: skip
def test_one_wrong_digit_is_always_seen(country, bank, branch, account, place, shift, as_iban):
    parts = f"{country}{bank:03}", f"{branch:05}", f"{account:012}"
    right = "".join(parts) + rib_key(*parts)
    assert parsed(iban_of(right, country) if as_iban else right, country) == right
    place = max(place, 2)
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]

    with pytest.raises(ValidationError):
        parsed(wrong, country)


@pytest.mark.parametrize(
    "text, country, says",
    [
        ("ML016 01201 026001006684 96", "ML", "La clé"),
        ("ML016 01201 02600100668 97", "ML", "Vous en avez saisi 23"),
        ("", "ML", "24 caractères"),
        ("ML016 01201 026001006684 97", "SN", "code de la banque"),
        ("D0089 01700 010021200004 47", "SN", "code de la banque"),
        ("ML14 ML01 6012 0102 6001 0066 8497", "ML", "chiffres de contrôle de l’IBAN"),
        ("SN08SN0100152000048500003035", "ML", "autre pays"),
        ("FR76 3000 6000 0112 3456 7890 188", "FR", "chiffres de contrôle de l’IBAN"),
        ("30006000011234567890189", "FR", "commence par FR"),
        ("DE89370400440532013000", "FR", "commence par FR"),
        ("DE89370400440532013001", "ZZ", "chiffres de contrôle"),
        ("12345", "US", "6 à 34"),
        ("COMPTE DE LA BANQUE", "US", "6 à 34"),
    ],
)
def test_what_is_wrong_is_said(text, country, says):
    with pytest.raises(ValidationError) as refusal:
        parsed(text, country)
    assert says in refusal.value.messages[0]


def test_elsewhere_an_iban_or_a_local_number_is_kept():
    assert parsed("FR76 3000 6000 0112 3456 7890 189", "FR") == "FR7630006000011234567890189"
    assert parsed("DE89 3704 0044 0532 0130 00", "ZZ") == "DE89370400440532013000"
    assert parsed("021 000 089-12345678", "US") == "02100008912345678"
    assert iban_of("02100008912345678", "US") == ""
    assert grouped("FR7630006000011234567890189") == "FR76 3000 6000 0112 3456 7890 189"


def test_a_swift_code_is_of_a_bank_of_the_country():
    assert checked_bic("bdma mlba", "ML") == "BDMAMLBA"
    for wrong in ("BDMAML", "BDMASNDA", "BDMAMLBAXX", "1DMAMLBA"):
        with pytest.raises(ValidationError):
            checked_bic(wrong, "ML")
