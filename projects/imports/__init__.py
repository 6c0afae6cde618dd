"""What of the projects can be brought in from files, declared to `sr_portal.imports` when the app is ready."""
