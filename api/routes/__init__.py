"""The routes by subject: read the request, ask the front desk, answer. No rules, no tables."""
