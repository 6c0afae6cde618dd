"""A merge and somebody who gives a project to the duplicate at the same moment."""

import threading

from django.db import DatabaseError, connection, transaction

from funds.services import merging
from projects.models import Project
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory
from tests.factories.projects import DraftFactory


def test_a_project_given_to_the_duplicate_during_the_merge_waits_and_is_refused(own_database):
    head, duplicate, survivor = user_with(Role.SECTION_HEAD), PartnerFactory(), PartnerFactory()
    project, refusals = DraftFactory(), []

    def give() -> None:
        try:
            Project.objects.filter(pk=project.pk).update(partner=duplicate)
        except DatabaseError as error:
            refusals.append(str(error))
        finally:
            connection.close()

    thread = threading.Thread(target=give)
    with transaction.atomic():
        seen = merging.seen_of(duplicate, survivor, merging.preview(by=head, duplicate=duplicate, survivor=survivor))
        merging.merge(by=head, duplicate=duplicate, survivor=survivor, seen=seen)
        thread.start()
        thread.join(timeout=0.5)
        assert thread.is_alive(), "it waits for the merge"
    thread.join()
    assert len(refusals) == 1 and "partner_is_retired" in refusals[0]
