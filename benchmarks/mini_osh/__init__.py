"""A small model of a crisis with 48 numbers, 8 seats that act at random and 30 rules, in several engines."""
