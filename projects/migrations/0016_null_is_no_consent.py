"""A comparison with NULL is not false: a point with one coordinate, a cost in XOF without its rate, an approval
without its amount and a reservation without what was approved passed these constraints. Validated by the next migration, so that no lock lasts."""

import django.db.models.expressions
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("projects", "0015_words_of_history")]

    operations = [
        migrations.RemoveConstraint(
            model_name='project',
            name='project_reservation_follows_state',
        ),
        migrations.RemoveConstraint(
            model_name='budgetline',
            name='line_local_cost_has_rate',
        ),
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_complete',
        ),
        migrations.RemoveConstraint(
            model_name='project',
            name='project_point_whole',
        ),
        AddConstraintNotValid(
            model_name='budgetline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('currency', 'USD'), ('rate__isnull', True)), models.Q(('currency', 'XOF'), ('rate__gt', 0), ('rate__isnull', False)), _connector='OR'), name='line_local_cost_has_rate', violation_error_message='Un coût en XOF demande le taux des Nations Unies du mois.'),
        ),
        AddConstraintNotValid(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_usd__gt', 0), ('amount_usd__isnull', False), ('kind', 'approved')), models.Q(('amount_usd__isnull', True), ('kind', 'refused'), models.Q(('reasons', ''), _negated=True)), _connector='OR'), name='decision_complete', violation_error_message='Une approbation a un montant, un refus a des motifs.'),
        ),
        AddConstraintNotValid(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('latitude__range', (-90, 90)), ('longitude__isnull', False), ('longitude__range', (-180, 180))), _connector='OR'), name='project_point_whole', violation_error_message='Donnez la latitude et la longitude, ou aucune des deux.'),
        ),
        AddConstraintNotValid(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reserved_usd', 0), ('state__in', ['draft', 'submitted', 'screening', 'returned', 'inadmissible', 'eligible', 'in_review', 'recommended', 'not_recommended', 'refused', 'withdrawn'])), models.Q(('approved_usd__isnull', False), ('envelope__isnull', False), ('reserved_usd', models.F('approved_usd')), ('state__in', ['active', 'agreed', 'approved', 'completed', 'suspended'])), models.Q(('envelope__isnull', False), ('reserved_usd', django.db.models.expressions.CombinedExpression(models.F('paid_usd'), '-', models.F('refunded_usd'))), ('state__in', ['cancelled', 'closed'])), _connector='OR'), name='project_reservation_follows_state'),
        ),
    ]
