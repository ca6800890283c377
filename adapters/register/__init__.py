"""The register: receipts and their outbox, the ledger, the read tables, and the queries pages are made of.

It stores and finds; it decides nothing. One module per subject; no other package touches the tables.
"""
