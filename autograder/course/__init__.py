"""A course's folders, settings, built notebooks, and checks of its own."""
