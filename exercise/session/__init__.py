"""Who may say what when: an exercise in progress, its host and its seats, without sockets or clocks."""
