"""tests.gate.lists"""
