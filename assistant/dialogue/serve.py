"""Start the dialogue engine lean: `python -m assistant.dialogue.serve MODEL PORT`.

The secret that guards its HTTP API comes from VIGOR_ENGINE_SECRET, so that no list of processes shows it.

TensorFlow stays out. Three modules that only the training of neural components needs import it at start-up. They are
replaced by empty ones, which halves start time and memory; a pipeline that needs such components says so when it loads.
"""

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


class NotServedError(RuntimeError):
    """A part that needs TensorFlow was used in the serving process."""


def _refuse(*_: Any, **__: Any) -> None:
    raise NotServedError("This process serves without TensorFlow; train with `vigor train`.")


def leave_tensorflow_out() -> None:
    """Put stand-ins for the modules that import TensorFlow and are not needed for serving a linear pipeline."""
    callback = ModuleType("rasa.utils.tensorflow.callback")
    callback.RasaTrainingLogger = callback.RasaModelCheckpoint = _refuse  # type: ignore[attr-defined]
    data_generator = ModuleType("rasa.utils.tensorflow.data_generator")
    names = ("RasaDataGenerator", "RasaBatchDataGenerator", "IncreasingBatchSizeDataGenerator")
    for name in names:
        setattr(data_generator, name, _refuse)
    validator = ModuleType("rasa.graph_components.validators.default_recipe_validator")
    validator.DefaultV1RecipeValidator = type("DefaultV1RecipeValidator", (), {})  # type: ignore[attr-defined]
    for module in (callback, data_generator, validator):
        sys.modules[module.__name__] = module


def main() -> None:
    """Run Rasa's server on loopback in this process."""
    model, port = sys.argv[1:]
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    leave_tensorflow_out()
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
