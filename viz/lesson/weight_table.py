"""All weights of a network as a table: also of those whose arrows have no room for numbers, and of
the biases.
"""

from html import escape

from viz.language.names import weight_name
from viz.language.plain import plain
from viz.lesson.typeset import steps_of


def weight_table(read, trace):
    """The HTML of the table, each of its numbers shown during its own steps; a row can be pointed
    at like an arrow.
    """
    rows = []
    for k, linear in enumerate(read.linears, start=1):
        for j in range(1, read.sizes[k] + 1):
            sources = [*range(1, read.sizes[k - 1] + 1)]
            if linear.bias is not None:
                sources.append(0)
            rows += [
                _row(trace, weight_name(k, j, i), plain(read.notation.weight(k, j, i)))
                for i in sources
            ]
    head = "<tr><th>weight</th><th>value</th><th>gradient ∂l/∂ω</th></tr>"
    return (
        "<details><summary>All "
        f"weights</summary><table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table></details>"
    )


def _row(trace, part, name):
    cells = "".join(f"<td>{_numbers(trace.at(part, what))}</td>" for what in ("value", "gradient"))
    return f'<tr data-of="{part}" tabindex="0"><th scope="row">{escape(name)}</th>{cells}</tr>'


def _numbers(marks):
    return "".join(f"<span {steps_of(mark)}>{float(mark.number):.10g}</span>" for mark in marks)
