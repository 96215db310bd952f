"""Many submissions: at once, resumable after any end, with one writer."""
