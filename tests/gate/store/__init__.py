"""tests.gate.store"""
