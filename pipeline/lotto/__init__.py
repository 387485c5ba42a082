"""Many enti, one after the other or on many processors: each by itself, each once."""
