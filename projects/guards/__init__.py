"""What still lacks before a step can be taken: each guard returns its reasons, none when nothing lacks."""

from collections.abc import Callable, Iterable

from django.utils.functional import Promise

Words = str | Promise  # a sentence in the reader's language, now or when it is shown
Guard = Callable[..., Iterable[Words]]
