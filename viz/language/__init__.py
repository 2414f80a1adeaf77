"""How things are written: the lecture's symbols, numbers, formulas, and words in two languages."""
