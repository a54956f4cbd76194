"""Policy to masks before propagation, finding rules after it: what the law part of the pipeline is."""
