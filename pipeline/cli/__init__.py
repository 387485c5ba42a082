"""The commands and what they say on the screen."""
