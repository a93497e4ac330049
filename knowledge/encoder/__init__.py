"""Our own small Swedish sentence encoder: trained from the repository alone, read in a fraction of a second."""
