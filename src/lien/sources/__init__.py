"""Bytes under limits, with positions: the one room for hostile input (DESIGN section 7)."""
