"""Fair comparison: each method one small module, with a page of theory in docs/methods."""
