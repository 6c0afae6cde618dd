"""Regional plans, and how far they are paid for."""

from django.urls import path

from projects.views import plan_coverage, plan_parts, plans
from regions.models import Axis, Indicator, Priority

PARTS = {"axis": ("axes", Axis), "priority": ("priorites", Priority), "indicator": ("indicateurs", Indicator)}

urlpatterns = [
    path("plans/", plans.plans, name="plans"),
    path("plans/nouveau/", plans.plan_create, name="plan_create"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/modifier/", plans.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/document/", plans.plan_document, name="plan_document"),
    path("plans/<int:pk>/document/deposer/", plans.plan_document_file, name="plan_document_file"),
    path("plans/<int:pk>/historique/", plans.plan_history, name="plan_history"),
    path("plans/<int:pk>/couverture/", plan_coverage.page, name="plan_coverage"),
    path("plans/<int:pk>/couverture.csv", plan_coverage.export, {"form": "csv"}, name="plan_coverage_csv"),
    path("plans/<int:pk>/couverture.png", plan_coverage.slide, name="plan_coverage_slide"),
    path("plans/<int:pk>/couverture.xlsx", plan_coverage.export, {"form": "xlsx"}, name="plan_coverage_xlsx"),
    path(
        "plans/<int:pk>/indicateurs/<int:part_pk>/mesurer/", plan_parts.indicator_measure, name="plan_indicator_measure"
    ),
    path("plans/<int:pk>/etape/<slug:step>/", plans.plan_step, name="plan_step"),
]
for name, (word, model) in PARTS.items():
    about = {"model": model}
    urlpatterns += [
        path(f"plans/<int:pk>/{word}/nouveau/", plan_parts.part_add, about, name=f"plan_{name}_add"),
        path(f"plans/<int:pk>/{word}/<int:part_pk>/", plan_parts.part_edit, about, name=f"plan_{name}_edit"),
        path(
            f"plans/<int:pk>/{word}/<int:part_pk>/supprimer/", plan_parts.part_remove, about, name=f"plan_{name}_remove"
        ),
    ]
