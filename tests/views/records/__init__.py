"""tests.views.records"""
