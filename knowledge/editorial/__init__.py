"""How articles are written, reviewed, published and withdrawn: the store in the database and its workflow."""
