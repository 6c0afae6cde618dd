"""What hangs on a project from its agreement to its closure, and how each part is read with the rows it names."""

from django.db.models import Prefetch

from projects.models import (
    Agreement,
    AgreementCopy,
    Amendment,
    BudgetShift,
    Evaluation,
    Finding,
    Handover,
    Instalment,
    Lesson,
    Payment,
    Receipt,
    Report,
    ReportFile,
    ReportReturn,
    ResultReached,
    SustainabilityCheck,
    Visit,
    VisitPhoto,
)

PARTS: dict[str, tuple[Prefetch | str, ...]] = {
    "agreement": (
        Prefetch("agreement", Agreement.objects.select_related("prepared_by", "signed_by")),
        Prefetch("agreement__copies", AgreementCopy.objects.select_related("document")),
        "agreed_lines",
    ),
    "shifts": (Prefetch("budget_shifts", BudgetShift.objects.select_related("source", "target", "moved_by")),),
    "plan": (Prefetch("instalments", Instalment.objects.select_related("requested_by", "authorised_by")),),
    "money": (
        Prefetch("instalments__payments", Payment.objects.select_related("recorded_by", "proof", "signed_receipt")),
        Prefetch(
            "instalments__receipts", Receipt.objects.select_related("line", "document", "entered_by", "judged_by")
        ),
    ),
    "visits": (
        Prefetch("visits", Visit.objects.select_related("visitor", "reported_by")),
        Prefetch("visits__photos", VisitPhoto.objects.select_related("document")),
        Prefetch("findings", Finding.objects.select_related("owner", "created_by", "closed_by")),
    ),
    "reports": (
        Prefetch("reports", Report.objects.select_related("instalment", "written_by", "submitted_by", "judged_by")),
        Prefetch("reports__results", ResultReached.objects.select_related("result")),
        Prefetch("reports__files", ReportFile.objects.select_related("document")),
        Prefetch("reports__returns", ReportReturn.objects.select_related("returned_by")),
    ),
    "amendments": (Prefetch("amendments", Amendment.objects.select_related("written_by", "decided_by")),),
    "completion": (
        Prefetch("handovers", Handover.objects.select_related("signed_copy", "recorded_by")),
        Prefetch("evaluation", Evaluation.objects.select_related("evaluated_by")),
        Prefetch("sustainability_check", SustainabilityCheck.objects.select_related("checked_by")),
        Prefetch("lessons", Lesson.objects.select_related("recorded_by").defer("search")),
    ),
}


def reads(*parts: str) -> list[Prefetch | str]:
    return [read for part in (parts or PARTS) for read in PARTS[part]]
