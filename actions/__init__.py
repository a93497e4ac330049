"""Custom actions: what the assistant does in a talk. They reach the rest of the house over HTTP APIs alone."""
