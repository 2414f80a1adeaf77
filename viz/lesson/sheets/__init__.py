"""On paper and on slides: worksheets with solutions, and the steps of a lesson as frames. What is
worked out on them are the Lesson's own lines.
"""
