"""tests.views.imports"""
