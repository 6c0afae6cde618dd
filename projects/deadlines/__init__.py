"""What is expected of whom, and by when (domain guide §4, §7, §8): one table, which the database reads as one view.

`table` says each deadline, `turns` whose turn it is and to do what, `view` makes the SQL of `projects_deadline` of both,
`people` names those who must act. `models.Deadline` reads the view, for one project as for a thousand.
"""
