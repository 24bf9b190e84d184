"""tests.views.oversight"""
