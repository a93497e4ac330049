"""The encoder is trained from the texts alone, and read back by the library it is written for."""

from pathlib import Path

import numpy as np
import pytest

from assistant.settings import Settings
from knowledge.encoder import train
from knowledge.encoder.encoder import LibraryEncoder, StaticEncoder, load
from knowledge.store import FolderStore


@pytest.mark.slow
def test_a_trained_encoder_is_read_alike_with_and_without_the_library(tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    train.train(FolderStore().published()[:10], folder, steps=5)
    texts = ["jag är yr", "blodtrycket är högt", ""]
    quick = load(folder)
    assert isinstance(quick, StaticEncoder)
    assert np.allclose(quick.encode(texts[:2]), LibraryEncoder(folder).encode(texts[:2]), atol=1e-5)
    assert not quick.encode(texts)[2].any()


def test_an_encoder_that_is_set_is_used_as_it_is(tmp_path: Path) -> None:
    assert train.ensure(Settings(encoder_model=tmp_path)) == tmp_path


def test_new_texts_call_for_a_new_encoder(tmp_path: Path) -> None:
    articles = FolderStore().published()[:2]
    changed = [articles[0], articles[1].model_copy(update={"questions": ["något helt nytt"]})]
    settings = Settings(var_dir=tmp_path)
    assert train.path_of(settings, articles) != train.path_of(settings, changed)
