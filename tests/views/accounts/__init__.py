"""tests.views.accounts"""
