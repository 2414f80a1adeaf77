"""How things are written: the lecture's symbols, numbers, and words in English and in Russian."""
