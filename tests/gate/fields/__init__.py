"""tests.gate.fields"""
