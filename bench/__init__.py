"""Measuring the product as it runs: real processes, real databases, figures as they came out. It decides nothing."""
