"""tests.gate.writing"""
