"""Routes of the funds: envelopes, partners, their bank details, declared interests, coordination."""

from django.urls import path

from funds.views import envelopes, interests, merging, partners, vetting

from . import activities, bank, carry_overs, contributions, coordination, donor_reports, mobilisation

app_name = "funds"

urlpatterns = [
    path("enveloppes/", envelopes.envelopes, name="envelopes"),
    path("enveloppes/nouvelle/", envelopes.envelope_create, name="envelope_create"),
    path("enveloppes/<int:pk>/", envelopes.envelope, name="envelope"),
    path("enveloppes/<int:pk>/montant/", envelopes.envelope_edit, name="envelope_edit"),
    path("enveloppes/<int:pk>/historique/", envelopes.envelope_history, name="envelope_history"),
    path("partenaires/", partners.partners, name="partners"),
    path("partenaires/nouveau/", partners.partner_create, name="partner_create"),
    path("partenaires/exclusions/", partners.partner_exclusions, name="partner_exclusions"),
    path("partenaires/doublons/", merging.partner_duplicates, name="partner_duplicates"),
    path("partenaires/doublons/<int:pk>/<int:other>/", merging.partner_distinct, name="partner_distinct"),
    path("partenaires/doublons/marques/<int:pk>/", merging.partner_distinct_lift, name="partner_distinct_lift"),
    path("partenaires/<int:pk>/reunir/", merging.partner_merge, name="partner_merge"),
    path("partenaires/<int:pk>/", partners.partner, name="partner"),
    path("partenaires/<int:pk>/fiche/", partners.partner_edit, name="partner_edit"),
    path("partenaires/<int:pk>/verification/", partners.partner_vet, name="partner_vet"),
    path("partenaires/<int:pk>/verifications/", vetting.partner_vettings, name="partner_vettings"),
    path(
        "partenaires/<int:pk>/verifications/documents/<uuid:public_id>/",
        vetting.partner_vetting_document,
        name="partner_vetting_document",
    ),
    path("partenaires/<int:pk>/capacite/", vetting.partner_assessments, name="partner_assessments"),
    path("partenaires/<int:pk>/capacite/nouvelle/", vetting.partner_assess, name="partner_assess"),
    path("partenaires/<int:pk>/exclusion/", partners.partner_exclude, name="partner_exclude"),
    path("partenaires/<int:pk>/historique/", partners.partner_history, name="partner_history"),
    path("interets/", interests.interests, name="interests"),
    path("interets/<int:pk>/fin/", interests.interest_end, name="interest_end"),
    *bank.urlpatterns,
    *carry_overs.urlpatterns,
    *contributions.urlpatterns,
    *donor_reports.urlpatterns,
    *mobilisation.urlpatterns,
    *activities.urlpatterns,
    *coordination.urlpatterns,
]
