"""The resources of the projects, in the order in which the documentation tells them."""

from .projects import PROJECTS

RESOURCES = (PROJECTS,)
