"""What callers see: the domain's own models, with names and stored words beside the codes. Nothing is decided here."""
