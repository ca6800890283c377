"""Thin activities: one frozen model in, one port call, typed errors out."""
