"""Deterministic driving: wait, advance, perform. No rules, no I/O."""
