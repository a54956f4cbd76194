"""Evidence, the fragments that readers yield, the supply graph they merge into, and its views."""
