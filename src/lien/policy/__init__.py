"""What a policy or project file says, as values only; judging by it is `lien.judgement`'s work."""
