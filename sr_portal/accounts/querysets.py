"""How people are listed."""

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q


class UserQuerySet(models.QuerySet):
    def matching(self, text: str) -> "UserQuerySet":
        """Every word of `text` is in the name, the address or the job title."""
        people = self
        for word in text.split()[:8]:
            people = people.filter(Q(name__icontains=word) | Q(email__icontains=word) | Q(job_title__icontains=word))
        return people

    def holding(self, role: str = "", region_id: int | None = None) -> "UserQuerySet":
        """Who holds `role` (any when empty) and may use it in `region_id` (anywhere when None)."""
        if not role and region_id is None:
            return self
        assignments = self.model.role_assignments.rel.related_model.objects.filter(user=OuterRef("pk"))
        if role:
            assignments = assignments.filter(group__name=role)
        if region_id is not None:
            assignments = assignments.filter(Q(region_id=region_id) | Q(region__isnull=True))
        return self.filter(Exists(assignments))

    def for_list(self) -> "UserQuerySet":
        """With the roles of each, and `has_second_factor`; two queries whatever the length."""
        from allauth.mfa.models import Authenticator

        roles = self.model.role_assignments.rel.related_model.objects.select_related("group", "region").order_by("pk")
        totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        return self.annotate(has_second_factor=Exists(totp)).prefetch_related(Prefetch("role_assignments", roles))
