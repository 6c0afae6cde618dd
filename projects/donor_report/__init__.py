"""The report to a donor on one contribution: `reading` asks the database, `content` holds what it says; what prints it
is in `projects.exports`."""
