"""The one way in and out. Lists, forms, exports, search and import all go through it; it asks policies and
talks to the store. Nothing leaves and nothing enters otherwise (laws 1 to 7)."""
