"""How the register's database came to its present shape: dated steps, up and down, never losing a row."""
