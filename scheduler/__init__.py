"""What is said this morning, to whom, and why.

Every process evaluates on one thread: a machine's other cores are for other workers, and for the database.
"""

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")
