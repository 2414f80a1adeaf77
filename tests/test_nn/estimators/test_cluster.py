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
    data, prepare, search = (
        next(code for code in snippets if sign in code)
        for sign in ("bought = ", "from nn.estimators import", "LocalCluster(")
    )
    data, prepare = data[: data.index("model = ")], prepare[: prepare.index("print(")]
    scores = '.cv_results_["mean_test_score"].tolist()'
    together = search.replace("print(Grid", "found = (Grid").replace(".best_params_", scores)
    alone = f"GridSearchCV(pipeline, grid, cv=3).fit(customers, decision){scores}"
    script = tmp_path / "search.py"
    script.write_text(
        f"import numpy as np\n{data}{prepare}{together}    assert found == {alone}\n"
        "    print('the same')\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300)
    assert done.stdout.endswith("the same\n"), done.stderr
