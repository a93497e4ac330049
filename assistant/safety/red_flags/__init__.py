"""Signs that need 112 or the suicide helpline now, found before anything else is done with a message."""

from assistant.safety.red_flags.layer import Explanation, RedFlag, check, explain

__all__ = ["Explanation", "RedFlag", "check", "explain"]
