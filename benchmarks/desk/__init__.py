"""What a sitting at the desk costs."""
