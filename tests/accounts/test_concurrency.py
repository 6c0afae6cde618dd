"""Two administrators at once."""

from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection

from sr_portal.accounts import services
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.factories.accounts import user_with


def test_two_administrators_who_remove_each_other_at_once_leave_one(own_database):
    one, other = user_with(Role.ADMINISTRATOR), user_with(Role.ADMINISTRATOR)
    pairs = [(one.pk, other.pk), (other.pk, one.pk)]

    def remove(pair: tuple[int, int]) -> str:
        try:
            services.deactivate(User.objects.get(pk=pair[0]), by=User.objects.get(pk=pair[1]))
        except (ValidationError, PermissionDenied, IntegrityError):
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, pairs)) == ["done", "refused"]
    assert User.objects.filter(is_active=True, role_assignments__group__name=Role.ADMINISTRATOR).count() == 1
