
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import sr_portal.web.clock
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0004_newer_versions'),
        ('projects', '0001_french_search'),  # the French text search that studies use; it depends on nothing
        ('regions', '0004_null_is_no_consent'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Axis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='numéro')),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('description', models.TextField(blank=True, verbose_name='description')),
            ],
            options={
                'verbose_name': 'axe',
                'verbose_name_plural': 'axes',
                'ordering': ['number', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lineage', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='indicateur')),
                ('unit', models.CharField(max_length=40, verbose_name='unité')),
                ('direction', models.CharField(choices=[('up', 'à augmenter'), ('down', 'à réduire')], default='up', max_length=4, verbose_name='sens')),
                ('baseline', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='valeur de départ')),
                ('baseline_on', models.DateField(blank=True, null=True, verbose_name='mesurée le')),
                ('target', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='cible')),
                ('target_on', models.DateField(blank=True, null=True, verbose_name='à atteindre le')),
                ('latest', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='dernière valeur')),
                ('latest_on', models.DateField(blank=True, null=True, verbose_name='date de la dernière valeur')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'indicateur',
                'verbose_name_plural': 'indicateurs',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='KeyFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='numéro')),
                ('statement', models.TextField(verbose_name='constat')),
                ('recommendation', models.TextField(blank=True, verbose_name='ce que l’étude recommande')),
                ('search', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.RawSQL("to_tsvector('portal_french'::regconfig, statement || ' ' || recommendation)", ()), output_field=django.contrib.postgres.search.SearchVectorField())),
            ],
            options={
                'verbose_name': 'constat d’une étude',
                'verbose_name_plural': 'constats des études',
                'ordering': ['number', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FindingPriority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bearings', to='regions.keyfinding')),
            ],
            options={
                'verbose_name': 'priorité concernée par un constat',
                'verbose_name_plural': 'priorités concernées par un constat',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('number', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('starts_on', models.DateField(verbose_name='début')),
                ('ends_on', models.DateField(verbose_name='fin')),
                ('lead', models.CharField(help_text='Qui conduit le plan : le gouvernorat, un comité régional…', max_length=200, verbose_name='chef de file')),
                ('summary', models.TextField(blank=True, verbose_name='résumé')),
                ('change_note', models.TextField(blank=True, verbose_name='ce qui change dans cette version')),
                ('status', models.CharField(choices=[('draft', 'Projet de plan'), ('validated', 'En vigueur'), ('archived', 'Archivé')], default='draft', editable=False, max_length=10, verbose_name='état')),
                ('created_at', models.DateTimeField(default=sr_portal.web.clock.now, editable=False, verbose_name='rédigé le')),
                ('validated_on', models.DateField(blank=True, editable=False, null=True, verbose_name='validé le')),
                ('archived_on', models.DateField(blank=True, editable=False, null=True, verbose_name='archivé le')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='rédigé par')),
                ('document', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan', to='documents.document', verbose_name='document du plan')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='regions.region', verbose_name='région')),
                ('validated_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='validé par')),
            ],
            options={
                'verbose_name': 'plan régional de stabilisation et de relèvement',
                'verbose_name_plural': 'plans régionaux de stabilisation et de relèvement',
                'ordering': ['-starts_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='AxisEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='numéro')),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='regions.axis')),
                ('plan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.plan', verbose_name='plan')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='axis',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='axes', to='regions.plan', verbose_name='plan'),
        ),
        migrations.CreateModel(
            name='PlanEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('series', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('number', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('starts_on', models.DateField(verbose_name='début')),
                ('ends_on', models.DateField(verbose_name='fin')),
                ('lead', models.CharField(help_text='Qui conduit le plan : le gouvernorat, un comité régional…', max_length=200, verbose_name='chef de file')),
                ('summary', models.TextField(blank=True, verbose_name='résumé')),
                ('change_note', models.TextField(blank=True, verbose_name='ce qui change dans cette version')),
                ('status', models.CharField(choices=[('draft', 'Projet de plan'), ('validated', 'En vigueur'), ('archived', 'Archivé')], default='draft', editable=False, max_length=10, verbose_name='état')),
                ('created_at', models.DateTimeField(default=sr_portal.web.clock.now, editable=False, verbose_name='rédigé le')),
                ('validated_on', models.DateField(blank=True, editable=False, null=True, verbose_name='validé le')),
                ('archived_on', models.DateField(blank=True, editable=False, null=True, verbose_name='archivé le')),
                ('created_by', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='rédigé par')),
                ('document', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='documents.document', verbose_name='document du plan')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='regions.plan')),
                ('region', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.region', verbose_name='région')),
                ('validated_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='validé par')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Priority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lineage', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('code', models.CharField(max_length=8, validators=[django.core.validators.RegexValidator('^[A-Z]{0,2}[0-9]{1,2}(\\.[0-9]{1,2}){0,2}$', 'Un code s’écrit 2, 2.1 ou P3.')], verbose_name='code')),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('need_usd', models.DecimalField(decimal_places=2, max_digits=14, validators=[django.core.validators.MinValueValidator(Decimal('0'), 'Le besoin estimé ne peut être négatif.')], verbose_name='besoin estimé (USD)')),
                ('theme', models.CharField(blank=True, max_length=100, verbose_name='thème')),
                ('lead', models.CharField(blank=True, max_length=200, verbose_name='chef de file')),
                ('axis', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='priorities', to='regions.axis', verbose_name='axe')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='priorities', to='regions.plan', verbose_name='plan')),
            ],
            options={
                'verbose_name': 'priorité',
                'verbose_name_plural': 'priorités',
                'ordering': ['axis__number', django.db.models.functions.text.Length('code'), 'code'],
            },
        ),
        migrations.AddField(
            model_name='keyfinding',
            name='priorities',
            field=models.ManyToManyField(blank=True, related_name='findings', through='regions.FindingPriority', to='regions.priority', verbose_name='priorités'),
        ),
        migrations.CreateModel(
            name='IndicatorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('lineage', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='indicateur')),
                ('unit', models.CharField(max_length=40, verbose_name='unité')),
                ('direction', models.CharField(choices=[('up', 'à augmenter'), ('down', 'à réduire')], default='up', max_length=4, verbose_name='sens')),
                ('baseline', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='valeur de départ')),
                ('baseline_on', models.DateField(blank=True, null=True, verbose_name='mesurée le')),
                ('target', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='cible')),
                ('target_on', models.DateField(blank=True, null=True, verbose_name='à atteindre le')),
                ('latest', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='dernière valeur')),
                ('latest_on', models.DateField(blank=True, null=True, verbose_name='date de la dernière valeur')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='regions.indicator')),
                ('priority', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.priority', verbose_name='priorité')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='indicator',
            name='priority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indicators', to='regions.priority', verbose_name='priorité'),
        ),
        migrations.CreateModel(
            name='FindingPriorityEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='regions.findingpriority')),
                ('finding', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.keyfinding')),
                ('priority', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.priority', verbose_name='priorité')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='findingpriority',
            name='priority',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.priority', verbose_name='priorité'),
        ),
        migrations.CreateModel(
            name='PriorityEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('lineage', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('code', models.CharField(max_length=8, validators=[django.core.validators.RegexValidator('^[A-Z]{0,2}[0-9]{1,2}(\\.[0-9]{1,2}){0,2}$', 'Un code s’écrit 2, 2.1 ou P3.')], verbose_name='code')),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('need_usd', models.DecimalField(decimal_places=2, max_digits=14, validators=[django.core.validators.MinValueValidator(Decimal('0'), 'Le besoin estimé ne peut être négatif.')], verbose_name='besoin estimé (USD)')),
                ('theme', models.CharField(blank=True, max_length=100, verbose_name='thème')),
                ('lead', models.CharField(blank=True, max_length=200, verbose_name='chef de file')),
                ('axis', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.axis', verbose_name='axe')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='regions.priority')),
                ('plan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.plan', verbose_name='plan')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Study',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=250, verbose_name='intitulé')),
                ('other_institutions', models.TextField(blank=True, help_text='Celles que le registre ne connaît pas, une par ligne.', verbose_name='autres institutions partenaires')),
                ('starts_on', models.DateField(verbose_name='début')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='fin')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='publiée le')),
                ('abstract', models.TextField(blank=True, verbose_name='résumé')),
                ('created_at', models.DateTimeField(default=sr_portal.web.clock.now, editable=False, verbose_name='inscrite le')),
                ('search', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.RawSQL("to_tsvector('portal_french'::regconfig, title || ' ' || other_institutions || ' ' || abstract)", ()), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='inscrite par')),
            ],
            options={
                'verbose_name': 'étude',
                'verbose_name_plural': 'études',
                'ordering': ['-starts_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='KeyFindingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='numéro')),
                ('statement', models.TextField(verbose_name='constat')),
                ('recommendation', models.TextField(blank=True, verbose_name='ce que l’étude recommande')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='regions.keyfinding')),
                ('study', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.study', verbose_name='étude')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='keyfinding',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='regions.study', verbose_name='étude'),
        ),
        migrations.CreateModel(
            name='StudyDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=150, verbose_name='intitulé du document')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='of_study', to='documents.document', verbose_name='document')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='regions.study')),
            ],
            options={
                'verbose_name': 'document de l’étude',
                'verbose_name_plural': 'documents de l’étude',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='StudyDocumentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('label', models.CharField(max_length=150, verbose_name='intitulé du document')),
                ('document', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='documents.document', verbose_name='document')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='regions.studydocument')),
                ('study', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.study')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StudyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(max_length=250, verbose_name='intitulé')),
                ('other_institutions', models.TextField(blank=True, help_text='Celles que le registre ne connaît pas, une par ligne.', verbose_name='autres institutions partenaires')),
                ('starts_on', models.DateField(verbose_name='début')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='fin')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='publiée le')),
                ('abstract', models.TextField(blank=True, verbose_name='résumé')),
                ('created_at', models.DateTimeField(default=sr_portal.web.clock.now, editable=False, verbose_name='inscrite le')),
                ('created_by', models.ForeignKey(db_constraint=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='inscrite par')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='regions.study')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StudyRegion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region', verbose_name='région')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='regions.study')),
            ],
            options={
                'verbose_name': 'région de l’étude',
                'verbose_name_plural': 'régions de l’étude',
                'ordering': ['region__rank'],
            },
        ),
        migrations.AddField(
            model_name='study',
            name='regions',
            field=models.ManyToManyField(blank=True, related_name='studies', through='regions.StudyRegion', to='regions.region', verbose_name='régions'),
        ),
        migrations.CreateModel(
            name='StudyRegionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='regions.studyregion')),
                ('region', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.region', verbose_name='région')),
                ('study', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='regions.study')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='plan',
            index=models.Index(fields=['-starts_on', '-id'], name='plan_recent'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='plan_period_in_order', violation_error_message='La fin du plan suit son début.'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'validated')), fields=('region',), name='plan_one_in_force', violation_error_message='Cette région a déjà un plan en vigueur : archivez-le d’abord, ou faites-en une nouvelle version.'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('series', 'number'), name='plan_version_once'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('series',), name='plan_one_draft', violation_error_message='Une nouvelle version de ce plan est déjà en cours de rédaction.'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'draft'), ('validated_by__isnull', True), ('validated_on__isnull', True)), models.Q(('status__in', ['validated', 'archived']), ('validated_by__isnull', False), ('validated_on__isnull', False)), _connector='OR'), name='plan_validated_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('archived_on__isnull', False), ('status', 'archived')), models.Q(('archived_on__isnull', True), ('status__in', ['draft', 'validated'])), _connector='OR'), name='plan_archived_on_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='plan_status_follows', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{draft:validated,validated:archived}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='8dc3dbe0019b5f7fefb8bbca620de1622cf48ac3', operation='UPDATE', pgid='pgtrigger_plan_status_follows_71b8d', table='regions_plan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='plan_begins', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NEW.status <> 'draft' THEN\n                RAISE EXCEPTION 'plan_starts_as_draft: a plan starts as a draft, not as %', NEW.status;\n            END IF;\n            IF EXISTS (SELECT 1 FROM regions_plan WHERE series = NEW.series AND region_id <> NEW.region_id) THEN\n                RAISE EXCEPTION 'plan_keeps_region: the versions of a plan are of one region';\n            END IF;\n            RETURN NEW;\n        ", hash='2c99bc338111c4e3170e5d3b16a68f06c208f955', operation='INSERT', pgid='pgtrigger_plan_begins_1a9b9', table='regions_plan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='plan_keeps_region', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."series" IS DISTINCT FROM (NEW."series") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='55e1a65d0c12b37e9b3cec1061d81c39c5c5aaa7', operation='UPDATE', pgid='pgtrigger_plan_keeps_region_5215b', table='regions_plan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='plan_fixed_once_validated', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."status" = \'draft\'))', func="\n            IF ROW(NEW.title, NEW.starts_on, NEW.ends_on, NEW.lead, NEW.summary, NEW.change_note, NEW.validated_by_id, NEW.validated_on)\n               IS DISTINCT FROM ROW(OLD.title, OLD.starts_on, OLD.ends_on, OLD.lead, OLD.summary, OLD.change_note, OLD.validated_by_id, OLD.validated_on) THEN\n                RAISE EXCEPTION 'plan_fixed_once_validated: plan % says the same for good', OLD.id;\n            END IF;\n            RETURN NEW;\n        ", hash='355097dabca9580da78a76fa36f1b81afbe7503c', operation='UPDATE', pgid='pgtrigger_plan_fixed_once_validated_2c931', table='regions_plan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='plan_has_priorities', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."status" = \'validated\' AND OLD."status" = \'draft\')', func="\n            IF NOT EXISTS (SELECT 1 FROM regions_priority WHERE plan_id = NEW.id) THEN\n                RAISE EXCEPTION 'plan_has_priorities: plan % has no priority to serve', NEW.id;\n            END IF;\n            RETURN NEW;\n        ", hash='2a37ed8da64e7a26bdf69600bde60657b25d810a', operation='UPDATE OF "status"', pgid='pgtrigger_plan_has_priorities_c7b1b', table='regions_plan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='plan_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."status" = \'draft\'))', func="RAISE EXCEPTION 'plan_kept: plan % was validated, it stays readable', OLD.id;", hash='2ddd1f64494c6a6a9b511f46275581c1a816f302', operation='DELETE', pgid='pgtrigger_plan_kept_d8f05', table='regions_plan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_planevent" ("archived_on", "change_note", "created_at", "created_by_id", "document_id", "ends_on", "id", "lead", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "series", "starts_on", "status", "summary", "title", "validated_by_id", "validated_on") VALUES (NEW."archived_on", NEW."change_note", NEW."created_at", NEW."created_by_id", NEW."document_id", NEW."ends_on", NEW."id", NEW."lead", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."region_id", NEW."series", NEW."starts_on", NEW."status", NEW."summary", NEW."title", NEW."validated_by_id", NEW."validated_on"); RETURN NULL;', hash='68741d803124df02e76c516c1861f4e30bc1d72c', operation='INSERT', pgid='pgtrigger_insert_insert_3f896', table='regions_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "regions_planevent" ("archived_on", "change_note", "created_at", "created_by_id", "document_id", "ends_on", "id", "lead", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "series", "starts_on", "status", "summary", "title", "validated_by_id", "validated_on") VALUES (NEW."archived_on", NEW."change_note", NEW."created_at", NEW."created_by_id", NEW."document_id", NEW."ends_on", NEW."id", NEW."lead", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."region_id", NEW."series", NEW."starts_on", NEW."status", NEW."summary", NEW."title", NEW."validated_by_id", NEW."validated_on"); RETURN NULL;', hash='4f58a85bc5b556fb27b4bcbc2e039e7afcd092fa', operation='UPDATE', pgid='pgtrigger_update_update_17180', table='regions_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='plan',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_planevent" ("archived_on", "change_note", "created_at", "created_by_id", "document_id", "ends_on", "id", "lead", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "series", "starts_on", "status", "summary", "title", "validated_by_id", "validated_on") VALUES (OLD."archived_on", OLD."change_note", OLD."created_at", OLD."created_by_id", OLD."document_id", OLD."ends_on", OLD."id", OLD."lead", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."region_id", OLD."series", OLD."starts_on", OLD."status", OLD."summary", OLD."title", OLD."validated_by_id", OLD."validated_on"); RETURN NULL;', hash='a1d2fdf9f3eee00e12436373ea8763835286a8d6', operation='DELETE', pgid='pgtrigger_delete_delete_c3f27', table='regions_plan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='axisevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='a3651803919168c573b4b1abeeb382dac33049f2', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_ce880', table='regions_axisevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='axisevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='22cf210fe04c09f6009e0c7afc934e00819d7331', operation='INSERT', pgid='pgtrigger_seal_87726', table='regions_axisevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='axis',
            constraint=models.UniqueConstraint(fields=('plan', 'number'), name='axis_number_once', violation_error_message='Un axe de ce plan porte déjà ce numéro.'),
        ),
        migrations.AddConstraint(
            model_name='axis',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='axis_number_from_one'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='axis',
            trigger=pgtrigger.compiler.Trigger(name='axis_of_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE target bigint; stands text;', func="\n            IF TG_OP = 'UPDATE' AND NEW.plan_id <> OLD.plan_id THEN\n                RAISE EXCEPTION 'axis_keeps_plan: an axis does not move to another plan';\n            END IF;\n            target = CASE WHEN TG_OP = 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;\n            SELECT status INTO stands FROM regions_plan WHERE id = target FOR NO KEY UPDATE;\n            IF stands <> 'draft' THEN\n                RAISE EXCEPTION 'plan_fixed_once_validated: plan % says the same for good', target;\n            END IF;\n            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n        ", hash='ea4a5835087873706935228ae2044525c56f7db3', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_axis_of_a_draft_36af0', table='regions_axis', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='axis',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_axisevent" ("description", "id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "title") VALUES (NEW."description", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."title"); RETURN NULL;', hash='f65698c2bccb388c6886a3ac7fd854913708306c', operation='INSERT', pgid='pgtrigger_insert_insert_4e1eb', table='regions_axis', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='axis',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "regions_axisevent" ("description", "id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "title") VALUES (NEW."description", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."plan_id", NEW."title"); RETURN NULL;', hash='9cde7f0344b3247e5745722e13c5ccf8c231bed8', operation='UPDATE', pgid='pgtrigger_update_update_77662', table='regions_axis', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='axis',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_axisevent" ("description", "id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "title") VALUES (OLD."description", OLD."id", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."title"); RETURN NULL;', hash='749d3223cfcd697399990e1923977a97e8510721', operation='DELETE', pgid='pgtrigger_delete_delete_b18fc', table='regions_axis', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='11a3b0aaaeebcb11234db7149de7de421d9804bf', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_6fdb8', table='regions_planevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='be5ef3a7c0552ddbb875e776322095d38c06def2', operation='INSERT', pgid='pgtrigger_seal_0e195', table='regions_planevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='priority',
            constraint=models.UniqueConstraint(fields=('plan', 'code'), name='priority_code_once', violation_error_message='Une priorité de ce plan porte déjà ce code.'),
        ),
        migrations.AddConstraint(
            model_name='priority',
            constraint=models.UniqueConstraint(fields=('plan', 'lineage'), name='priority_lineage_once'),
        ),
        migrations.AddConstraint(
            model_name='priority',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z]{0,2}[0-9]{1,2}(\\.[0-9]{1,2}){0,2}$')), name='priority_code_form'),
        ),
        migrations.AddConstraint(
            model_name='priority',
            constraint=models.CheckConstraint(condition=models.Q(('need_usd__gte', 0)), name='priority_need_not_negative', violation_error_message='Le besoin estimé ne peut être négatif.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priority',
            trigger=pgtrigger.compiler.Trigger(name='priority_of_a_draft', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE target bigint; stands text;', func="\n            IF TG_OP = 'UPDATE' AND NEW.plan_id <> OLD.plan_id THEN\n                RAISE EXCEPTION 'priority_keeps_plan: a priority does not move to another plan';\n            END IF;\n            IF TG_OP <> 'DELETE'\n               AND NOT EXISTS (SELECT 1 FROM regions_axis WHERE id = NEW.axis_id AND plan_id = NEW.plan_id) THEN\n                RAISE EXCEPTION 'axis_of_its_plan: axis % is not of plan %', NEW.axis_id, NEW.plan_id;\n            END IF;\n            target = CASE WHEN TG_OP = 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;\n            SELECT status INTO stands FROM regions_plan WHERE id = target FOR NO KEY UPDATE;\n            IF stands <> 'draft' THEN\n                RAISE EXCEPTION 'plan_fixed_once_validated: plan % says the same for good', target;\n            END IF;\n            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n        ", hash='cfc971aa6c62b0a6580bb3f97c30a34d9958ce1c', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_priority_of_a_draft_afc5a', table='regions_priority', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priority',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_priorityevent" ("axis_id", "code", "description", "id", "lead", "lineage", "need_usd", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "theme", "title") VALUES (NEW."axis_id", NEW."code", NEW."description", NEW."id", NEW."lead", NEW."lineage", NEW."need_usd", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."theme", NEW."title"); RETURN NULL;', hash='26a605c42678c5076097d64570613f1b54378f55', operation='INSERT', pgid='pgtrigger_insert_insert_2fa65', table='regions_priority', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priority',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "regions_priorityevent" ("axis_id", "code", "description", "id", "lead", "lineage", "need_usd", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "theme", "title") VALUES (NEW."axis_id", NEW."code", NEW."description", NEW."id", NEW."lead", NEW."lineage", NEW."need_usd", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."plan_id", NEW."theme", NEW."title"); RETURN NULL;', hash='ddf3237ec0546a159cfd522aa5625d69d20e839e', operation='UPDATE', pgid='pgtrigger_update_update_6ba50', table='regions_priority', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priority',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_priorityevent" ("axis_id", "code", "description", "id", "lead", "lineage", "need_usd", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "theme", "title") VALUES (OLD."axis_id", OLD."code", OLD."description", OLD."id", OLD."lead", OLD."lineage", OLD."need_usd", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."theme", OLD."title"); RETURN NULL;', hash='f9871b7a9c6b161833af494ce68598743da897f0', operation='DELETE', pgid='pgtrigger_delete_delete_86778', table='regions_priority', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicatorevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='74917e16ee022da1e1a7ca1c8c50007bd5eca31a', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_27f16', table='regions_indicatorevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicatorevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='252b4ddb55d1454c0b592abdc8f4a33ea6c2562f', operation='INSERT', pgid='pgtrigger_seal_95bc1', table='regions_indicatorevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('direction', 'up'), ('target__gt', models.F('baseline'))), models.Q(('direction', 'down'), ('target__lt', models.F('baseline'))), _connector='OR'), name='indicator_goes_its_way', violation_error_message='La cible est au-dessus de la valeur de départ pour un indicateur à augmenter, au-dessous pour un indicateur à réduire.'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latest__isnull', True), ('latest_on__isnull', True)), models.Q(('latest__isnull', False), ('latest_on__isnull', False)), _connector='OR'), name='indicator_latest_dated', violation_error_message='Donnez la dernière valeur avec sa date, ou aucune des deux.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='indicator_measured_only', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE stands text;', func="\n            SELECT l.status INTO stands FROM regions_priority p JOIN regions_plan l ON l.id = p.plan_id\n             WHERE p.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.priority_id ELSE NEW.priority_id END\n               FOR NO KEY UPDATE OF l;\n            IF stands = 'draft' THEN\n                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n            END IF;\n            IF stands = 'validated' AND TG_OP = 'UPDATE'\n               AND ROW(NEW.priority_id, NEW.lineage, NEW.name, NEW.unit, NEW.direction, NEW.baseline, NEW.baseline_on,\n                       NEW.target, NEW.target_on)\n                   IS NOT DISTINCT FROM\n                   ROW(OLD.priority_id, OLD.lineage, OLD.name, OLD.unit, OLD.direction, OLD.baseline, OLD.baseline_on,\n                       OLD.target, OLD.target_on) THEN\n                RETURN NEW;\n            END IF;\n            IF TG_OP = 'DELETE' AND stands IS NULL THEN\n                RETURN OLD;  -- its priority goes with it\n            END IF;\n            RAISE EXCEPTION 'plan_fixed_once_validated: an indicator of a plan in force is measured, not changed';\n        ", hash='22a3e4757580c5145dbeb2c27f6a0755cdfcd6b4', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_indicator_measured_only_7f0d8', table='regions_indicator', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_indicatorevent" ("baseline", "baseline_on", "direction", "id", "latest", "latest_on", "lineage", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "source", "target", "target_on", "unit") VALUES (NEW."baseline", NEW."baseline_on", NEW."direction", NEW."id", NEW."latest", NEW."latest_on", NEW."lineage", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."priority_id", NEW."source", NEW."target", NEW."target_on", NEW."unit"); RETURN NULL;', hash='beeac1f6fbee224e5a773e89d359b1e9383e8fb0', operation='INSERT', pgid='pgtrigger_insert_insert_21520', table='regions_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "regions_indicatorevent" ("baseline", "baseline_on", "direction", "id", "latest", "latest_on", "lineage", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "source", "target", "target_on", "unit") VALUES (NEW."baseline", NEW."baseline_on", NEW."direction", NEW."id", NEW."latest", NEW."latest_on", NEW."lineage", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."priority_id", NEW."source", NEW."target", NEW."target_on", NEW."unit"); RETURN NULL;', hash='38c27047f1006ff1fe9d18660d0ceea18b563c61', operation='UPDATE', pgid='pgtrigger_update_update_220e8', table='regions_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_indicatorevent" ("baseline", "baseline_on", "direction", "id", "latest", "latest_on", "lineage", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id", "source", "target", "target_on", "unit") VALUES (OLD."baseline", OLD."baseline_on", OLD."direction", OLD."id", OLD."latest", OLD."latest_on", OLD."lineage", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."priority_id", OLD."source", OLD."target", OLD."target_on", OLD."unit"); RETURN NULL;', hash='d1e7f2781134655a1259a29a3032b91b8718555a', operation='DELETE', pgid='pgtrigger_delete_delete_38063', table='regions_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingpriorityevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='ed24ba5940cf37c37c4e22c171e565dc1a799251', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_fbecf', table='regions_findingpriorityevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingpriorityevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='289c220196b545fd0f3b531ae73c88f632b61220', operation='INSERT', pgid='pgtrigger_seal_825a3', table='regions_findingpriorityevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='findingpriority',
            constraint=models.UniqueConstraint(fields=('finding', 'priority'), name='finding_priority_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingpriority',
            trigger=pgtrigger.compiler.Trigger(name='priority_was_validated', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT 1 FROM regions_priority p JOIN regions_plan l ON l.id = p.plan_id\n                        WHERE p.id = NEW.priority_id AND l.status = 'draft') THEN\n                RAISE EXCEPTION 'priority_was_validated: a draft may still drop priority %', NEW.priority_id;\n            END IF;\n            RETURN NEW;\n        ", hash='6f2988c85b9f5c5aa165e8219bd158397869d001', operation='INSERT OR UPDATE', pgid='pgtrigger_priority_was_validated_10573', table='regions_findingpriority', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingpriority',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_findingpriorityevent" ("finding_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id") VALUES (NEW."finding_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."priority_id"); RETURN NULL;', hash='b0740b1e1355bfee0692ba6457b94b37155b65a6', operation='INSERT', pgid='pgtrigger_insert_insert_c4776', table='regions_findingpriority', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingpriority',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "regions_findingpriorityevent" ("finding_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id") VALUES (NEW."finding_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."priority_id"); RETURN NULL;', hash='fb89be6f63668f050c09a859eca9a8f336ae2c68', operation='UPDATE', pgid='pgtrigger_update_update_36edc', table='regions_findingpriority', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingpriority',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_findingpriorityevent" ("finding_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority_id") VALUES (OLD."finding_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."priority_id"); RETURN NULL;', hash='d488670c6622d65641224facb604ab12bd5e6354', operation='DELETE', pgid='pgtrigger_delete_delete_d66d6', table='regions_findingpriority', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priorityevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='4394c272ad9722277b1bcdf534917509312c8315', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_c5ac6', table='regions_priorityevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priorityevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='f43206683aed77de65b25335ba2c3d1edbe79e1d', operation='INSERT', pgid='pgtrigger_seal_e27e6', table='regions_priorityevent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='keyfindingevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='6f5b64b6cd42d6a5a9b81a9fb7d5f912a8a339e0', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_cffc3', table='regions_keyfindingevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='keyfindingevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='ddb3ea39260937681cd4d6199aa5dc41606ff580', operation='INSERT', pgid='pgtrigger_seal_d2182', table='regions_keyfindingevent', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='keyfinding',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='finding_search'),
        ),
        migrations.AddConstraint(
            model_name='keyfinding',
            constraint=models.UniqueConstraint(fields=('study', 'number'), name='finding_number_once', violation_error_message='Un constat de cette étude porte déjà ce numéro.'),
        ),
        migrations.AddConstraint(
            model_name='keyfinding',
            constraint=models.CheckConstraint(condition=models.Q(('statement', ''), _negated=True), name='finding_says_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='keyfinding',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_keyfindingevent" ("id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recommendation", "statement", "study_id") VALUES (NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."recommendation", NEW."statement", NEW."study_id"); RETURN NULL;', hash='a4e1e78a173c59a1e60810f78ed67c1620a690fa', operation='INSERT', pgid='pgtrigger_insert_insert_7abc1', table='regions_keyfinding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='keyfinding',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."recommendation" IS DISTINCT FROM (NEW."recommendation") OR OLD."statement" IS DISTINCT FROM (NEW."statement") OR OLD."study_id" IS DISTINCT FROM (NEW."study_id"))', func='INSERT INTO "regions_keyfindingevent" ("id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recommendation", "statement", "study_id") VALUES (NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."recommendation", NEW."statement", NEW."study_id"); RETURN NULL;', hash='ac4d1ee3c026db3fed5e03b02207a0e75b56fe90', operation='UPDATE', pgid='pgtrigger_update_update_fab81', table='regions_keyfinding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='keyfinding',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_keyfindingevent" ("id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recommendation", "statement", "study_id") VALUES (OLD."id", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."recommendation", OLD."statement", OLD."study_id"); RETURN NULL;', hash='b399cc1b42395712221c2d15feb2f4d9dc8a053b', operation='DELETE', pgid='pgtrigger_delete_delete_62d9a', table='regions_keyfinding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studydocument',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_studydocumentevent" ("document_id", "id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id") VALUES (NEW."document_id", NEW."id", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."study_id"); RETURN NULL;', hash='e0a1bf357381f9389b690e2ab04bc928bb5945d1', operation='INSERT', pgid='pgtrigger_insert_insert_b162f', table='regions_studydocument', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studydocument',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "regions_studydocumentevent" ("document_id", "id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id") VALUES (NEW."document_id", NEW."id", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."study_id"); RETURN NULL;', hash='6d44f7e5e6c696d729daec26834930d705272f70', operation='UPDATE', pgid='pgtrigger_update_update_b2579', table='regions_studydocument', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studydocument',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_studydocumentevent" ("document_id", "id", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "study_id") VALUES (OLD."document_id", OLD."id", OLD."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."study_id"); RETURN NULL;', hash='f566eb670b03e1fa78ebc56a2b3f06fac59f6d8f', operation='DELETE', pgid='pgtrigger_delete_delete_7db69', table='regions_studydocument', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studydocumentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='668b96e86ed694d7cf7e13438cd964a09ccf223f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_038ab', table='regions_studydocumentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studydocumentevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='7877a07b2565b6dcbfff895bec63ee1a48b11fa6', operation='INSERT', pgid='pgtrigger_seal_f9da8', table='regions_studydocumentevent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='1ba90f0f04fa202963f4300bf4990fd8594d3a6e', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_f5e9d', table='regions_studyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='d36db1070c3a5b2997f0bf3ac4b1d8e0058d3309', operation='INSERT', pgid='pgtrigger_seal_97f49', table='regions_studyevent', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='studyregion',
            constraint=models.UniqueConstraint(fields=('study', 'region'), name='study_region_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyregion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_studyregionevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "study_id") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."region_id", NEW."study_id"); RETURN NULL;', hash='fd6763c99211edeb864f13503ae0c8cf236c480a', operation='INSERT', pgid='pgtrigger_insert_insert_2ff95', table='regions_studyregion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyregion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "regions_studyregionevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "study_id") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."region_id", NEW."study_id"); RETURN NULL;', hash='92e41a6af07b80b29c5bfcbb8dfa13e71dd39db0', operation='UPDATE', pgid='pgtrigger_update_update_3e545', table='regions_studyregion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyregion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_studyregionevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "study_id") VALUES (OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."region_id", OLD."study_id"); RETURN NULL;', hash='7034276917f05044b64acaaecee17da0fb4a15b5', operation='DELETE', pgid='pgtrigger_delete_delete_9d5b7', table='regions_studyregion', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='study',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='study_search'),
        ),
        migrations.AddIndex(
            model_name='study',
            index=models.Index(fields=['-starts_on', '-id'], name='study_recent'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='study_ends_after_start', violation_error_message='La fin précède le début.'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('published_on__isnull', True), ('published_on__gte', models.F('starts_on')), _connector='OR'), name='study_published_after_start', violation_error_message='Une étude n’est pas publiée avant d’avoir commencé.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='study',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_studyevent" ("abstract", "created_at", "created_by_id", "ends_on", "id", "other_institutions", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "starts_on", "title") VALUES (NEW."abstract", NEW."created_at", NEW."created_by_id", NEW."ends_on", NEW."id", NEW."other_institutions", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."published_on", NEW."starts_on", NEW."title"); RETURN NULL;', hash='8f8ef8753a2e08cea97968cf4cd5cea48941ab90', operation='INSERT', pgid='pgtrigger_insert_insert_eae7f', table='regions_study', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='study',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."abstract" IS DISTINCT FROM (NEW."abstract") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."other_institutions" IS DISTINCT FROM (NEW."other_institutions") OR OLD."published_on" IS DISTINCT FROM (NEW."published_on") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."title" IS DISTINCT FROM (NEW."title"))', func='INSERT INTO "regions_studyevent" ("abstract", "created_at", "created_by_id", "ends_on", "id", "other_institutions", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "starts_on", "title") VALUES (NEW."abstract", NEW."created_at", NEW."created_by_id", NEW."ends_on", NEW."id", NEW."other_institutions", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."published_on", NEW."starts_on", NEW."title"); RETURN NULL;', hash='4cf8474792633a65a73f48dfcaf628f9820278fe', operation='UPDATE', pgid='pgtrigger_update_update_06dd8', table='regions_study', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='study',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "regions_studyevent" ("abstract", "created_at", "created_by_id", "ends_on", "id", "other_institutions", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_on", "starts_on", "title") VALUES (OLD."abstract", OLD."created_at", OLD."created_by_id", OLD."ends_on", OLD."id", OLD."other_institutions", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."published_on", OLD."starts_on", OLD."title"); RETURN NULL;', hash='cd54f66737a20b273e38b9383a6498cd97f0111e', operation='DELETE', pgid='pgtrigger_delete_delete_7034e', table='regions_study', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyregionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_refuse_change()', func='RETURN NULL;', hash='7a27245334db34fb2df5238f78f626bff7722d02', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_append_only_eec8f', table='regions_studyregionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='studyregionevent',
            trigger=pgtrigger.compiler.Trigger(name='seal', sql=pgtrigger.compiler.UpsertTriggerSql(execute='history_seal_event()', func='RETURN NULL;', hash='d147434a43355f5dac5ca7acfe8e013b8cef4414', operation='INSERT', pgid='pgtrigger_seal_11d62', table='regions_studyregionevent', when='AFTER')),
        ),
    ]
