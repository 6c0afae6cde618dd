"""Who is written to when something happens on a project, or is due: `table` says of what, `people` finds them.

Services call `telling.tell_of` in their own transaction, pages call `announcing.announced` beforehand: both ask
`people.told_of`, so that what a page promises is what is sent. `reminders` speaks of deadlines, for `manage.py run_due`.
"""
