"""The patient's one ongoing talk: storing, answering and streaming it."""
