"""The words lien speaks: kinds, relations, reach, forms, terms, licences, expressions, questions.

Values only: nothing here reads a file, knows a particular licence, or walks a graph.
"""
