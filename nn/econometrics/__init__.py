"""What an econometrician asks of a regression: standard errors, and the table."""
