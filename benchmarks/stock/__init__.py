"""A stock Flask-Admin with MongoEngine, as its own documentation shows it: nothing tuned, nothing protected."""
