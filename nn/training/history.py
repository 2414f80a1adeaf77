"""What happened in training, epoch by epoch."""

from __future__ import annotations

from typing import Any


class History(list[dict[str, Any]]):
    """A list with a dict for each epoch: history[-1]["loss"] is the loss of the last one.

    epoch: its number, from 1.
    loss: the mean of the losses of its mini-batches, weighted by their sizes. Each is the loss just
        before the step on this mini-batch, without penalties.
    penalty: the value of all penalties together after the epoch, if there are penalties.
    validation_loss: the loss of the validation set after the epoch, if there is such a set; the
        model is taken as in prediction.
    training_loss: with patience and no validation set, the loss of the training sample after the
        epoch, with the model taken as in prediction.
    gradient_norm: a list with ‖∂L/∂ω_k‖₂ for each weight matrix, in the last mini-batch.
    dead: a list with the share of dead neurons in each hidden layer, over the training sample.
    lr: the learning rate.
    .stopped: why training ended. "epochs": all were done. "patience": the validation loss, or
        training loss, did not fall any more. "Ctrl-C". None: an error ended it.
    .best_epoch: with patience, the number of the epoch whose weights the model has got back; else
        None.
    """

    stopped: str | None = None
    best_epoch: int | Any = None  # Any: whoever asks has set patience
    replayed: int = 0

    def plot(self) -> Any:
        """Draw the loss and the validation loss against the epoch. Returns matplotlib's axes.

        Raises ImportError without matplotlib.
        """
        try:
            from matplotlib import pyplot
        except ImportError:
            raise ImportError(
                'plot needs matplotlib. Type: pip install "autograd-lite[plot]"'
            ) from None
        _, axes = pyplot.subplots()
        epochs = [entry["epoch"] for entry in self]
        for key, label in (("loss", "training"), ("validation_loss", "validation")):
            if self and key in self[0]:
                axes.plot(epochs, [entry[key] for entry in self], label=label)
        if self.best_epoch is not None:
            axes.axvline(self.best_epoch, color="grey", linewidth=0.8, label="best epoch")
        axes.set_xlabel("epoch")
        axes.set_ylabel("loss")
        axes.legend()
        return axes

    def to_frame(self) -> Any:
        """A pandas DataFrame with a row for each epoch. A list gets a column for each layer, such
        as gradient_norm_1 and gradient_norm_2.

        Raises ImportError without pandas.
        """
        try:
            import pandas
        except ImportError:
            raise ImportError("to_frame needs pandas. Type: pip install pandas") from None
        return (
            pandas.DataFrame([_spread(entry) for entry in self]).set_index("epoch")
            if self
            else pandas.DataFrame()
        )


def _spread(entry):
    """The entry with a key for each member of a list, counted from 1."""
    flat = {}
    for key, value in entry.items():
        flat |= (
            {f"{key}_{k}": v for k, v in enumerate(value, 1)}
            if isinstance(value, list)
            else {key: value}
        )
    return flat
