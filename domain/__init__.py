"""The rules of consultation, pure: standard library and pydantic only; no clock, no I/O, no Temporal, no SQL."""
