"""Workbooks, tables and environments of others: what comes in and goes out in their forms."""
