"""tests.gate.counts"""
