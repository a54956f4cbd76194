"""Discovery, project file, scope, and the run: the six verbs of the design, one call each."""
