"""`python -m benchmarks.django_admin`: fill the peer's database, told by the environment which."""

import os

from pymongo import MongoClient

from benchmarks.django_admin.filling import fill

fill(MongoClient(os.environ["MONGODB_URI"], tz_aware=True)[os.environ["SHUZOKO_DATABASE"]])
