"""Tests of the code's own shape: who imports whom, how long things are, what is never called where."""
