"""A NumPy array that remembers where it came from, and the chain rule on what it remembers."""
