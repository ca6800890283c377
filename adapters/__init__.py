"""I/O behind the domain's ports: tables, queries, mail, files, settings, logging, processes."""
