"""Reception, evaluation, closure and lessons learned."""

from django.urls import path

from projects.views import closures, completion, completion_forms, lessons

HERE = "projets/<int:pk>/reception/"
RECORD = f"{HERE}proces-verbal/<slug:kind>/"

urlpatterns = [
    path("projets/a-cloturer/", closures.closures, name="closures"),
    path("lecons-apprises/", lessons.lessons, name="lessons"),
    path(HERE, completion.completion, name="completion"),
    path(RECORD, completion_forms.handover, name="completion_handover"),
    path(f"{RECORD}exemplaire/", completion.signed_copy, name="completion_copy"),
    path(f"{RECORD}exemplaire/depot/", completion_forms.signed_copy_add, name="completion_copy_add"),
    path(f"{RECORD}exemplaire/retrait/", completion_forms.signed_copy_withdraw, name="completion_copy_withdraw"),
    path(f"{HERE}evaluation/", completion_forms.evaluation, name="completion_evaluation"),
    path(f"{HERE}perennite/", completion_forms.check, name="completion_check"),
    path(f"{HERE}lecons/nouvelle/", completion_forms.lesson_add, name="completion_lesson_add"),
    path(f"{HERE}lecons/<int:lesson_pk>/", completion_forms.lesson_edit, name="completion_lesson"),
]
