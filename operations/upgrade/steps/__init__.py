"""One file per step, found by its name: `step_0003_what_it_does.py` with a STEP in it.

A step that was released keeps its number and its meaning; whatever else must be changed in stored data is a new step.
"""
