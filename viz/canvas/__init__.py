"""What a picture is made of, and how it becomes a file. Knows nothing of
networks (but `colours`, the palette of all rooms, names what is coloured)."""
