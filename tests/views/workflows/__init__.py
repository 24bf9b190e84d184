"""tests.views.workflows"""
