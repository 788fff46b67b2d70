"""The command line, and the only composer: every other room is handed what it needs from here."""
