"""The lecture's pictures and its worked example, as `python -m viz lecture` writes them."""
