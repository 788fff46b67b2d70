"""The exercise itself, as pure functions of content, seed and inputs: world, orders, bodies, doctrines, adjudication, views."""
