"""Tests of what touches the outside: database, mail, files, processes, settings, log lines."""
