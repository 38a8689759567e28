// An empty room, until its first file moves in.
