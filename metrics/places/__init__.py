"""Places on the scheme: who holds them, who could, and what moving one would do. By band, never by name."""
