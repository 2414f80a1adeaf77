"""Networks as the lecture draws them, and the recorded operations as a graph."""
