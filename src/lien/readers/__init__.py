"""One input format per file: each turns a Source into fragments and interprets no licence."""
