"""Which state may follow which: the shape of the road, read by the models' triggers and by `lifecycle`."""

from projects.states import State

BEFORE_DECISION = (
    State.DRAFT, State.SUBMITTED, State.SCREENING, State.RETURNED, State.ELIGIBLE, State.IN_REVIEW, State.RECOMMENDED,
)  # fmt: skip

# name → (from, to); domain guide §4.
ROAD: dict[str, tuple[tuple[State, ...], State]] = {
    "submit": ((State.DRAFT, State.RETURNED), State.SUBMITTED),
    "start_screening": ((State.SUBMITTED,), State.SCREENING),
    "send_back": ((State.SCREENING,), State.RETURNED),
    "admit": ((State.SCREENING,), State.ELIGIBLE),
    "declare_inadmissible": ((State.SCREENING,), State.INADMISSIBLE),
    "put_on_agenda": ((State.ELIGIBLE,), State.IN_REVIEW),
    "recommend": ((State.IN_REVIEW,), State.RECOMMENDED),
    "not_recommend": ((State.IN_REVIEW,), State.NOT_RECOMMENDED),
    "defer": ((State.IN_REVIEW,), State.ELIGIBLE),
    "approve": ((State.RECOMMENDED,), State.APPROVED),
    "refuse": ((State.RECOMMENDED, State.NOT_RECOMMENDED), State.REFUSED),
    "withdraw": (BEFORE_DECISION, State.WITHDRAWN),
    "sign_agreement": ((State.APPROVED,), State.AGREED),
    "start": ((State.AGREED,), State.ACTIVE),
    "suspend": ((State.ACTIVE,), State.SUSPENDED),
    "resume": ((State.SUSPENDED,), State.ACTIVE),
    "complete": ((State.ACTIVE,), State.COMPLETED),
    "close": ((State.COMPLETED,), State.CLOSED),
    "cancel": ((State.APPROVED, State.AGREED, State.ACTIVE, State.SUSPENDED), State.CANCELLED),
}

ALLOWED_CHANGES: list[tuple[str, str]] = sorted(
    {(source.value, target.value) for sources, target in ROAD.values() for source in sources}
)
