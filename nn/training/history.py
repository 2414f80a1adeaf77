"""What happened in training, epoch by epoch."""


class History(list):
    """A list with a dict for each epoch.

    epoch: counted from 1.
    loss: the mean of the losses of its mini-batches, weighted by their sizes, each as it was when
        its turn came; no penalties.
    penalty: the value of the penalties after the epoch, where there are any.
    validation_loss: after the epoch, where there is a validation set; the model is then taken as in
        prediction.
    gradient_norm: a list, ‖∂L/∂ω_k‖₂ for each weight matrix, in the last mini-batch.
    dead: a list, the share of dead neurons in each hidden layer, over the whole training sample.
    lr: the learning rate.

    .stopped: why training ended: "epochs", all were done; "patience", the validation loss did not
        fall any more; "Ctrl-C"; None where an error ended it.
    .best_epoch: the one whose weights came back, with patience.
    """

    stopped = None
    best_epoch = None

    def plot(self):
        """Draw loss and validation loss against the epoch. Returns the axes. Raises ImportError
        without matplotlib.
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

    def to_pandas(self):
        """A DataFrame with a row for each epoch; of a list, a column for each layer:
        gradient_norm_1, gradient_norm_2, …

        Raises ImportError without pandas.
        """
        try:
            import pandas
        except ImportError:
            raise ImportError("to_pandas needs pandas. Type: pip install pandas") from None
        return (
            pandas.DataFrame([_spread(entry) for entry in self]).set_index("epoch")
            if self
            else pandas.DataFrame()
        )


def _spread(entry):
    """The entry with lists spread over keys of their own, counted from 1."""
    flat = {}
    for key, value in entry.items():
        flat |= (
            {f"{key}_{k}": v for k, v in enumerate(value, 1)}
            if isinstance(value, list)
            else {key: value}
        )
    return flat
