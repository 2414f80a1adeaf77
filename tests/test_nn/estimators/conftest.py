"""Without scikit-learn and pandas there is nothing to be tested here."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("sklearn") and find_spec("pandas") else ["test_*.py"]
