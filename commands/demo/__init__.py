"""The demonstration province: invented consultations that live their lives by the real rules before anybody looks.

What people did is told in `rules/demo/`; every receipt, fact and notice follows from it as it would in real life.
"""
