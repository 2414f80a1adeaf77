"""What a picture is made of, and how it becomes a file. Knows nothing of networks or numbers."""
