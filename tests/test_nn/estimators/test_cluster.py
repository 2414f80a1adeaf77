"""The search on a Dask cluster of docs/how-to/dask.md, as a script of its own, on this machine."""

import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[3]


@pytest.mark.slow
def test_a_search_on_a_cluster_finds_what_one_process_finds(tmp_path):
    pytest.importorskip("distributed")
    text = (ROOT / "docs/how-to/dask.md").read_text(encoding="utf-8")
    (search,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    scores = '.cv_results_["mean_test_score"].tolist()'
    script = tmp_path / "search.py"
    script.write_text(
        f"{search}    alone = GridSearchCV(pipeline, grid, cv=3).fit(x, y)\n"
        f"    assert search{scores} == alone{scores}\n"
        "    print('the same')\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300)
    assert done.stdout.endswith("the same\n"), done.stderr
