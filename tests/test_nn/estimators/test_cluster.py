"""The README's search on a Dask cluster, as a script of its own, on this machine."""

import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[3]


@pytest.mark.slow
def test_a_search_on_a_cluster_finds_what_one_process_finds(tmp_path):
    pytest.importorskip("distributed")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    snippets = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (prepare,) = (code for code in snippets if "load_breast_cancer" in code)
    (search,) = (code for code in snippets if "LocalCluster(" in code)
    prepare = prepare[: prepare.index("print(")]
    alone = """
    assert GridSearchCV(pipeline, grid, cv=3).fit(cells, benign).cv_results_["mean_test_score"]"""
    together = search.replace("print(GridSearchCV", "found = (GridSearchCV")
    together = together.replace(".best_params_)", ".cv_results_['mean_test_score'].tolist())")
    script = tmp_path / "search.py"
    script.write_text(f"{prepare}\n{together}{alone}.tolist() == found\n    print('the same')\n")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300)
    assert done.stdout.endswith("the same\n"), done.stderr
