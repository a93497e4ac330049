"""What patients and staff meet: pages, chat and the JSON APIs, all served by one FastAPI app."""
