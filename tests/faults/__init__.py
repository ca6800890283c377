"""Real processes, real signals: what dies, fills up or comes twice loses nothing and doubles nothing."""
