"""The clinic's pages: worklist, patient, decisions."""
