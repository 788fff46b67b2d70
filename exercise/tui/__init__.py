"""Terminal screens over the presenters, on Textual, and the plain line mode.

Nothing here decides what a seat may know or do: screens paint rows made by ``exercise.presenter`` and send acts through its ``Desk``. Text
from people, logs and content reaches a screen through ``plain_text`` alone.
"""
