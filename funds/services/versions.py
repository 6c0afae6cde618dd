"""Two versions of a record of the funds are told apart as everywhere."""

from sr_portal.web.versions import Changed, unchanged_since, version_of

__all__ = ["Changed", "unchanged_since", "version_of"]
