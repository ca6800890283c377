"""Real servers for the tests, each on loopback, started when first asked for, one per test process."""
