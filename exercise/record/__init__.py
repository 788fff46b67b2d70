"""The exercise log: a chained journal of inputs that survives crashes, and everything that can be computed back from it.

One host writes through ``Journal``; anybody may read with ``read_log``, check with ``verify_log`` and recompute with ``replay``.
"""
