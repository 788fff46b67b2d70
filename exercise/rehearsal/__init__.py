"""Many exercises played by doctrines before the class, and what came of them."""
