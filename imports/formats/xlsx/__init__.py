"""XLSX read in a child process with limits: this folder runs there, and imports the standard library and itself only."""
