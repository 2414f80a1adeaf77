"""Backpropagation told step by step: what is told (the lesson, which holds no number), where in the
picture it is shown (the scene), and the live page that plays it. The page's own side is in page/.
"""
