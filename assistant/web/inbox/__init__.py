"""Learning from use: what people asked in vain and what was misunderstood, without a trace of who it was."""
