"""What runs behind the wall: it imports nothing of ours but the codec and the limits."""
