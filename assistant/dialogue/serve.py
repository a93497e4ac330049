"""Start the dialogue engine lean: `python -m assistant.dialogue.serve MODEL PORT`.

The secret that guards its HTTP API comes from VIGOR_ENGINE_SECRET, so that no list of processes shows it.

Much that Rasa imports at start-up is never used in serving a linear pipeline from PostgreSQL: TensorFlow, the plots of
its tests, Amazon's database. Stand-ins take their places, which halves start time and memory; who needs a real one is
told so.
"""

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

STAND_INS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": (
        "RasaDataGenerator",
        "RasaBatchDataGenerator",
        "IncreasingBatchSizeDataGenerator",
    ),
    "rasa.graph_components.validators.default_recipe_validator": ("DefaultV1RecipeValidator",),
    "rasa.utils.plotting": ("plot_confusion_matrix",),
    "boto3.dynamodb.conditions": ("Key",),
}
"""Modules that import what serving does not need, and the names that others import from them."""


class NotServedError(RuntimeError):
    """A part that is left out of the serving process was used."""


class LeftOut:
    """Stands for a class or function that is not here."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise NotServedError("This process serves lean; train and test with `vigor train` and Rasa's own commands.")


def leave_out_what_is_not_served() -> None:
    """Put the stand-ins in place; call it before Rasa is imported."""
    for name, members in STAND_INS.items():
        module = ModuleType(name)
        for member in members:
            setattr(module, member, type(member, (LeftOut,), {}))
        sys.modules[name] = module


def main() -> None:
    """Run Rasa's server on loopback in this process."""
    model, port = sys.argv[1:]
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    leave_out_what_is_not_served()
    from rasa.__main__ import main as rasa_main

    from assistant.dialogue import action_calls

    action_calls.make_light()

    here = Path(__file__).parent
    sys.argv = [
        *("rasa", "run", "--enable-api", "--quiet", "--interface", "127.0.0.1", "--port", port, "--model", model),
        *("--endpoints", str(here / "endpoints.yml"), "--credentials", str(here / "credentials.yml")),
        *("--jwt-method", "HS256", "--jwt-secret", os.environ["VIGOR_ENGINE_SECRET"]),
    ]
    rasa_main()


if __name__ == "__main__":
    main()
