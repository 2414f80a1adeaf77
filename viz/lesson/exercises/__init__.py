"""Exercises with numbers of their own, tolerances for whoever rounds, quizzes for Moodle; exams."""
