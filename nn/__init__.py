"""Neural networks out of tensors."""
