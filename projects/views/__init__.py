"""Pages of the projects: find, authorise, call a service or a queryset, render."""
