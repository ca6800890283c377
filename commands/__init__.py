"""The `ykien` command's verbs, one module a subject: they read arguments, call adapters, print. No rules live here."""
