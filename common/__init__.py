"""What every part of the product shares: errors in plain words, DuckDB connections, versioned files, paths."""
