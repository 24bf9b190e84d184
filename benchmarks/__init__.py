"""Side-by-side measurements: the application, a stock Flask-Admin, and the floor, on one engine in one run."""
