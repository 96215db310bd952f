"""Files of ours: written whole or not at all, scratch folders, text that is safe to show."""
