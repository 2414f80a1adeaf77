"""The public pictures, a file each, and what they are put together from."""
