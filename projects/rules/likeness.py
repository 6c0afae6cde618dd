"""When two titles speak of the same work, so that somebody should look twice (domain guide §5, « no duplication »)."""

from collections.abc import Collection

# What is done says little: half of all projects rehabilitate or equip something. What it is done to says more.
KINDS_OF_WORK = (
    "projet programme opération travaux mise place appui soutien renforcement accompagnement"
    " construction reconstruction réhabilitation rénovation réfection réparation remise état"
    " aménagement extension achèvement création installation pose achat fourniture acquisition"
    " équipement dotation distribution entretien partiel partielle nouveau nouvelle deux trois"
)
FEW_SHARED = 2  # stems from which on two titles may be alike
HIGH_SHARE = 0.5  # of the stems of the shorter title


def look_alike(own: Collection[str], other: Collection[str], dull: Collection[str] = ()) -> bool:
    """Whether two titles, each as its stems, share enough of what they speak of.

    `dull` are the stems that do not count: those of `KINDS_OF_WORK` and of the place, which is the same anyway. Two
    shared stems or more that are half of the shorter title, or all of the shorter title, however short.
    """
    ours, theirs = set(own) - set(dull), set(other) - set(dull)
    shared, shorter = len(ours & theirs), min(len(ours), len(theirs))
    if shorter == 0:
        return False
    return shared == shorter or (shared >= FEW_SHARED and shared / shorter >= HIGH_SHARE)
