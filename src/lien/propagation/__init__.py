"""The calculus of DESIGN section 4 over numbered states, steps and masks; knows no licence."""
