"""What a screen shows and what each key does, as plain data and functions: no terminal, no files, no clock.

Frames from the host are folded into a ``SeatState``; every pane, panel and card is a function from that state (and a width in cells) to
rows of styled text. The screens of ``exercise.tui`` paint these rows, and its line mode prints them.
"""
