"""Payment by results: what a rule pays, and how often it would pay a scheme that does nothing. One idea a file."""
