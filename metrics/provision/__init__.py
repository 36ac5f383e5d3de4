"""What is on offer to people, where nothing is, and what the next 13 weeks will ask of it. docs/methods/provision.md."""
