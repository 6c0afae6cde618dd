"""How studies are found: French full text over what they say and what they found, and their institutions' names."""

from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact

from funds.models import StudyInstitution
from projects.rules.search_words import words_of
from regions.models import KeyFinding, Study


def search(studies: QuerySet[Study], text: str) -> QuerySet[Study]:
    """Each word in the study, in one of its findings, or in the name of an institution; stems and accents ignored.

    Words that say nothing (« de », « la ») are found everywhere.
    """
    words = words_of(text)
    if words is None:  # written in the search's own signs
        return studies.filter(_in_texts(SearchQuery(text, config="portal_french", search_type="websearch")))
    return studies.filter(reduce(and_, map(_says, words), Q()))


def _in_texts(asked: SearchQuery) -> Q:
    return Q(search=asked) | Exists(KeyFinding.objects.filter(study=OuterRef("pk"), search=asked))


def _says(forms: tuple[str, ...]) -> Q:
    asked = reduce(or_, (SearchQuery(form, config="portal_french", search_type="plain") for form in forms))
    named = Q(pk__in=[])
    for form in forms:
        named |= Q(organisation__name__unaccent__icontains=form) | Q(organisation__acronym__unaccent__icontains=form)
    made = StudyInstitution.objects.filter(named, study=OuterRef("pk"))
    says_nothing = Exact(Func(asked, function="numnode", output_field=IntegerField()), 0)
    return _in_texts(asked) | Exists(made) | Q(says_nothing)
