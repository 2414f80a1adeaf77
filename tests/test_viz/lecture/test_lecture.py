"""The main command: its numbers are the lecture's, and it does all it can without Graphviz."""

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from viz_cases import drawable

from viz.__main__ import main
from viz.lecture import worked_example as example
from viz.lecture.live import LIVE

TEN_DIGITS = {
    "h₁": [
        [0.2913126125, -0.4621171573, 0.6043677771],
        [0.4621171573, -0.6043677771, 0.7162978702],
        [0.6043677771, -0.7162978702, 0.8004990218],
    ],
    "h₂": [
        [0.3781561023, 0.5082250720],
        [0.4846558716, 0.6568700467],
        [0.5704682674, 0.7770389460],
    ],
    "o": [[0.4452424595], [0.4281102598], [0.4142931055]],
    "l": [[0.8091362924], [0.5588090680], [0.8811815714]],
    "L": 0.7497089773,
}


def test_the_example_equals_the_lectures_ten_digits():
    values, _ = example.worked_example()
    for name, expected in TEN_DIGITS.items():
        np.testing.assert_allclose(values[name].data, expected, atol=5.1e-11, rtol=0, err_msg=name)


def test_the_slide_is_ours_rounded():
    values, _ = example.worked_example()
    for name, slide in example.SLIDE.items():
        np.testing.assert_allclose(values[name].data, slide, atol=0.0051, rtol=0, err_msg=name)


def test_the_three_gradients_agree():
    _, comparison = example.worked_example()
    by_hand, backpropagated, numerical = comparison.columns.values()
    assert len(by_hand) == 6 + 6 + 2
    np.testing.assert_allclose(by_hand, backpropagated, atol=1e-9, rtol=0)
    np.testing.assert_allclose(numerical, backpropagated, atol=1e-6, rtol=0)


def test_the_command_writes_and_prints_everything(tmp_path, capsys):
    pytest.importorskip("pygraphviz")
    assert main(["lecture", "--output", str(tmp_path / "new" / "folder")]) == 0
    printed = capsys.readouterr().out
    for text in ("0.7497089773", "0.2215578889", "by hand", "They agree", "index.html"):
        assert text in printed
    page = (tmp_path / "new" / "folder" / "index.html").read_text(encoding="utf-8")
    for name in ("worked_example.svg", "two_neurons.svg"):
        assert f'src="{name}"' in page
        drawn = ElementTree.parse(tmp_path / "new" / "folder" / name)
        assert any("gradient" in (element.text or "") for element in drawn.iter())


def test_without_graphviz_it_does_all_else_and_names_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert main(["lecture", "--output", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "0.7497089773" in printed and 'pip install "autograd-lite[dot]"' in printed
    assert (tmp_path / "worked_example.gv").read_text(encoding="utf-8").startswith("digraph")
    assert not (tmp_path / "worked_example.svg").exists() and (tmp_path / "D.svg").exists()
    assert "autograd-lite[dot]" in (tmp_path / "index.html").read_text(encoding="utf-8").replace(
        "&quot;", '"'
    )


EXAMPLES = {"en": "Examples of taking the derivative", "ru": "Примеры взятия производной"}


@pytest.mark.parametrize(("language", "caption"), EXAMPLES.items())
def test_the_gallery_has_every_picture_in_both_languages(tmp_path, capsys, language, caption):
    assert main(["lecture", "--output", str(tmp_path), "--captions", language]) == 0
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for name in (
        *"ABCDEFGH",
        "D_network",
        "D_chain_rule_1",
        "D_chain_rule_2",
        "F_chain_rule",
        "F_gradient_flow",
    ):
        assert f'src="{name}.svg"' in page
        ElementTree.parse(tmp_path / f"{name}.svg")
    assert "@media print" in page
    assert caption in (tmp_path / "D.svg").read_text(encoding="utf-8")


@drawable  # without Graphviz, an error says in English how to get it
def test_the_page_is_in_the_language_asked_for_and_opens_with_a_live_one(tmp_path, capsys):
    found = {}
    for language in ("en", "ru"):
        assert main(["lecture", "--output", str(tmp_path / language), "--captions", language]) == 0
        page = (tmp_path / language / "index.html").read_text(encoding="utf-8")
        live = [page.index(f'<iframe src="{name}.html"') for name in LIVE]
        assert live == sorted(live) and live[-1] < page.index('<img src="A.svg"')
        assert next(iter(LIVE)) == "worked_example_live"
        live = (tmp_path / language / "D_live.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in page and f'<html lang="{language}">' in live
        words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
        found[language] = words + capsys.readouterr().out
    assert not re.search("[а-яё]", found["en"], re.IGNORECASE)
    for path in re.findall(r"[\w/.-]+\.(?:svg|gv|html)|/[\w/-]+", found["ru"]):
        found["ru"] = found["ru"].replace(path, "")
    assert set(re.findall("[A-Za-z]{3,}", found["ru"])) <= {"tanh", "ReLU"}


def test_a_step_page_of_a_network_of_ones_choice(tmp_path, capsys):
    path = tmp_path / "steps.html"
    command = ["step", "--sizes", "2-3-2", "--activation", "relu", "--last", "none"]
    command += ["--loss", "cross_entropy", "--x=0.5,-1", "--y", "1", "--no-bias"]
    assert main([*command, "--captions", "ru", "--output", str(path)]) == 0
    assert capsys.readouterr().out.strip() == str(path)
    page = path.read_text(encoding="utf-8")
    assert '<html lang="ru' in page and "2-3-2" in page and '"weight-1-1-0"' not in page
    assert '"x-1":0.5,"x-2":-1.0,"y-1":0.0,"y-2":1.0' in page
    assert main([*command, "--output", str(path)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert main([*command, "--output", str(path), "--overwrite"]) == 0
    assert main(["step", "--sizes", "3-9-1", "--output", str(tmp_path / "large.html")]) == 2
    assert "too large" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["step", "--activation", "sine"])


def test_numbers_on_the_command_line_that_are_written_otherwise_are_explained(tmp_path, capsys):
    output = ["--output", str(tmp_path / "steps.html")]
    assert main(["step", "--x", "0,5,1,2", *output]) == 2
    said = capsys.readouterr().err
    assert "3 features" in said and "4 numbers" in said and "--x=0.5,-1,2" in said
    for option, text, written in [
        ("--sizes", "3x2x1", "3-2-1"),
        ("--sizes", "3,2,1", "3-2-1"),
        ("--x", "0.5;-1;2", "0.5,-1,2"),
        ("--y", "one", "0.5,-1,2"),
    ]:
        with pytest.raises(SystemExit):
            main(["step", option, text, *output])
        said = capsys.readouterr().err
        assert f"got {text!r}; write it such as {written}" in said
    assert not list(tmp_path.iterdir())


def test_features_that_are_not_given_are_not_alike(tmp_path):
    for seed in range(20):
        path = tmp_path / f"{seed}.html"
        assert main(["step", "--sizes", "8-1", "--seed", str(seed), "--output", str(path)]) == 0
        x = re.findall(r'"x-\d":([-\d.]+)', path.read_text(encoding="utf-8"))
        assert len(x) == len(set(x)) == 8 and all(float(number) for number in x)


def test_a_folder_that_cannot_be_written_is_named(tmp_path, capsys):
    (tmp_path / "taken").write_text("a file")
    for output in (tmp_path / "taken", tmp_path / "taken" / "below"):
        assert main(["lecture", "--output", str(output)]) == 1
        assert "cannot be written" in capsys.readouterr().err
    assert (tmp_path / "taken").read_text() == "a file"


def test_the_files_are_there_although_nobody_reads_what_is_printed(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "viz", "lecture", "--output", str(tmp_path)]
    ended = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "index.html").exists() and (tmp_path / "H.svg").exists()
