"""The resources of the funds, in the order in which the documentation tells them."""

from .activities import ACTIVITIES
from .money import CONTRIBUTIONS, ENVELOPES, FUNDS
from .organisations import ORGANISATIONS

RESOURCES = (FUNDS, ENVELOPES, CONTRIBUTIONS, ORGANISATIONS, ACTIVITIES)
