"""The first page, reminders, health."""
