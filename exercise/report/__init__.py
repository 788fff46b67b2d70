"""What is said about an exercise afterwards: documents for scripts and people, made from a story and never from a running world."""
