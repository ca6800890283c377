"""The tutorial as a test: the page's own commands, run in order on a real training copy, against its own outputs."""
