"""The seals: one hash for each event, chained object by object, in tables that only grow.

A seal's hash covers the previous seal of the same object, the table, the place in the chain and the whole event row.
Chains are per object because writers of one object already wait for each other: no lock is added. The price is that
somebody with the rights of a superuser could remove an object, its events and its seals without trace in what is
left; `manage.py verify_history --receipt`, kept elsewhere, covers that too.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import append_only


class Shape(models.Model):
    """The columns an event table had when a row was sealed: a column added later leaves old seals good."""

    event_table = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))

    class Meta:
        db_table = "history_shape"
        verbose_name = _("forme d’un événement")
        constraints = [models.UniqueConstraint(fields=["event_table", "columns"], name="history_shape_once")]
        triggers = [append_only()]


class Seal(models.Model):
    """`sha256` and `previous_sha256` are 32 raw bytes; `position` counts from 1 in the chain of the object."""

    event_table = models.CharField(max_length=63)
    event_id = models.BigIntegerField()
    object_id = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    shape = models.ForeignKey(Shape, on_delete=models.PROTECT, related_name="+")
    previous_sha256 = models.BinaryField(null=True)
    sha256 = models.BinaryField()

    class Meta:
        db_table = "history_seal"
        verbose_name = _("sceau d’un événement")
        constraints = [
            # Also what refuses a fork: two events of one object can never follow the same one.
            models.UniqueConstraint(fields=["event_table", "object_id", "position"], name="history_seal_chain"),
            models.UniqueConstraint(fields=["event_table", "event_id"], name="history_seal_once"),
        ]
        triggers = [append_only()]
