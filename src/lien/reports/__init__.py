"""One output format per file: each is a view of an Outcome, yielded as text piece by piece."""
