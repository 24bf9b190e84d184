"""tests.gate.reading"""
