"""On paper: exercises with numbers of their own, worksheets with solutions, quizzes for Moodle, and
the steps of a lesson as frames. What is worked out on them are the Lesson's own lines.
"""
