"""What every picture assumes of a model: layers of nn in a row, each weight in one place."""

import itertools

import nn
from nn.dropout import FixedDropout
from nn.layers import layers_in_order
from nn.module import stranger


def check_model(model):
    """Raise TypeError or ValueError, with what to do, unless `model` is a sequence of layers of nn,
    each weight in one place.
    """
    check_module(model)
    changed = called_otherwise(model)
    if changed is not None:
        raise TypeError(
            f"got a {type(changed).__name__} that was given another __call__ or forward: the "
            "formulas drawn would not be what it computes. Draw the result with viz.graph."
        )
    what, layers = kind_of(model), layers_in_order(model)
    if layers == [model] and not isinstance(model, nn.Linear):
        raise TypeError(
            f"got a {what}, whose forward is its own, so that the order of its layers is unknown: "
            "give its layers, one after the other, as an nn.Sequential."
        )
    linears = [layer for layer in layers if isinstance(layer, nn.Linear)]
    if not linears:
        raise TypeError(f"a network needs at least one nn.Linear, got a {what} without any.")
    for layer in layers:
        _check_forward(layer)
    _check_places(layers, linears)
    for before, after in itertools.pairwise(linears):
        if before.weight.shape[0] != after.weight.shape[1]:
            raise ValueError(
                f"a Linear of {before.weight.shape[0]} neurons is followed by one that takes "
                f"{after.weight.shape[1]}: give the same number to both."
            )


def called_otherwise(model):
    """The first of a model's modules that computes something else than its class's forward, or
    None.
    """
    for module in model.modules():
        if type(module).__call__ is not nn.Module.__call__ or "forward" in vars(module):
            return module
    return None


def check_module(model):
    """Raise TypeError, with what to do, unless `model` is a model of nn, whatever its forward."""
    what = kind_of(model)
    if isinstance(model, type):
        raise TypeError(
            f"got the class {model.__name__}, not a model: make one, such as {model.__name__}(…)."
        )
    if not isinstance(model, nn.Module):
        raise TypeError(f"got a {what}, which is no model of nn. {stranger(model)[1]}")


def kind_of(thing):
    """The class of a thing, with its module: there are other people's Sequentials."""
    kind = type(thing)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _check_forward(layer):
    """The formulas are those of nn's own layers; an activation's is its own affair."""
    for kind in (nn.Linear, FixedDropout, nn.Dropout, nn.BatchNorm1d):
        if isinstance(layer, kind) and type(layer).forward is not kind.forward:
            raise TypeError(
                f"got a {type(layer).__name__}, an nn.{kind.__name__} with a forward of its own: "
                f"the formulas drawn would be nn.{kind.__name__}'s. Give that, or draw the result "
                "with viz.graph."
            )
        if isinstance(layer, kind):
            return


def _check_places(layers, linears):
    """∂l/∂ω is a sum over the places of ω, and a Dropout remembers one mask: each has one place."""
    for layer in linears:
        for parameter in (layer.weight, layer.bias):
            if parameter is not None and parameter.function is not None:
                raise ValueError(
                    "the weights of a layer are computed from other tensors: a picture shows "
                    "weights that are trained themselves. Draw the loss with viz.graph."
                )
    owned = [parameter for layer in layers for parameter in layer.parameters()]
    weights = [p for layer in linears for p in (layer.weight, layer.bias) if p is not None]
    if any(sum(weight is other for other in owned) > 1 for weight in weights):
        raise ValueError(
            "a weight is shared: it is used twice, so that its gradient is a sum over both places, "
            "and a picture of layers has one place for each. Give each layer weights of its own, "
            "or draw the loss with viz.graph."
        )
    dropouts = [layer for layer in layers if isinstance(layer, nn.Dropout) and layer.training]
    for dropout in dropouts:
        shared = sum(dropout is other for other in dropouts) > 1
        if shared and not isinstance(dropout, FixedDropout):
            raise ValueError(
                "one Dropout is used twice, and remembers the mask of its last place alone: give "
                "each place an nn.Dropout of its own, or call model.eval()."
            )
