"""Training our own encoder from the articles, their questions and the lexicon: about a minute, without a network.

Pieces of words get vectors from what they stand together with (latent semantic analysis); then a contrastive loss pulls
questions towards the passages and other questions of their article, and lay words towards their headwords.
"""

import hashlib
import random
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from scipy.sparse import coo_matrix
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from assistant.settings import ROOT, Settings
from knowledge import yaml_text
from knowledge.articles import Article
from knowledge.encoder.encoder import Encoder, Vectors, load
from knowledge.lexicon import entries
from knowledge.store import FolderStore

PIECES = 10_000
DIMENSIONS = 192
STEPS = 1200
LEARNING_RATE = 0.005
SCALE = 20.0
LEXICON_BATCH = 96
PART_WORDS = 60
DROPPED_WORDS = 0.15
MISSPELT_WORDS = 0.06
SEED = 11
UTTERANCES = ROOT / "nlu_data" / "train"
LETTERS = "abcdefghijklmnoprstuvyåäö"

Pair = tuple[str, str]


def path_of(settings: Settings, articles: Sequence[Article]) -> Path:
    """Return where the encoder of the present texts is, or will be."""
    return settings.var_dir / "encoder" / _fingerprint(articles)


def ensure(settings: Settings) -> Path:
    """Return the encoder to use: the one that is set, or our own, trained if the texts are new."""
    if settings.encoder_model is not None:
        return settings.encoder_model
    articles = FolderStore().published()
    folder = path_of(settings, articles)
    if not folder.exists():
        train(articles, folder)
        _remove_older(folder)
    return folder


def ready(settings: Settings) -> Encoder:
    """Return the encoder to use, loaded."""
    return load(ensure(settings))


def train(articles: Sequence[Article], folder: Path, *, steps: int = STEPS) -> None:
    """Train an encoder on the articles and write it to `folder`, whole or not at all."""
    import torch  # noqa: PLC0415 - only training needs it, as what is imported below
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding  # noqa: PLC0415

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    tokenizer = _tokenizer(articles)
    with threadpool_limits(1):
        first_vectors = _first_vectors(articles, tokenizer)
    module = StaticEmbedding(tokenizer, embedding_weights=first_vectors)
    model = SentenceTransformer(modules=[module], device="cpu")
    loss = MultipleNegativesRankingLoss(model, scale=SCALE)
    optimiser = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=LEARNING_RATE, total_steps=steps)
    for batch in _batches(articles, steps, random.Random(SEED)):  # noqa: S311 - sampling, not secrecy
        sides = [module.preprocess(list(side)) for side in zip(*batch, strict=True)]
        loss(sides, None).backward()
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    model.save(str(draft), create_model_card=False)
    draft.rename(folder)


def _tokenizer(articles: Sequence[Article]) -> Tokenizer:
    """Learn the pieces of words from everything that is written here."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.BpeTrainer(vocab_size=PIECES, min_frequency=2, show_progress=False)
    tokenizer.train_from_iterator(chain(*_contexts(articles), _utterances()), trainer)
    return tokenizer


def _first_vectors(articles: Sequence[Article], tokenizer: Tokenizer) -> Vectors:
    """Return a vector for each piece from the texts it stands in, scaled by how much the piece says."""
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415

    contexts = [" ".join(context) for context in _contexts(articles)] + list(_utterances())
    rows: list[int] = []
    columns: list[int] = []
    for row, encoding in enumerate(tokenizer.encode_batch(contexts)):
        rows += [row] * len(encoding.ids)
        columns += encoding.ids
    counts = coo_matrix(
        (np.ones(len(rows)), (rows, columns)), shape=(len(contexts), tokenizer.get_vocab_size())
    ).tocsr()
    transformer = TfidfTransformer(sublinear_tf=True)
    svd = TruncatedSVD(DIMENSIONS, random_state=SEED).fit(transformer.fit_transform(counts))
    vectors = svd.components_.T * np.sqrt(svd.singular_values_)
    noise = np.random.default_rng(SEED).normal(scale=0.02, size=vectors.shape)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.maximum(lengths, 1e-6) + noise
    says = (transformer.idf_ / transformer.idf_.max()).reshape(-1, 1) ** 2
    first: Vectors = (unit * says).astype(np.float32)
    return first


def _contexts(articles: Sequence[Article]) -> Iterator[list[str]]:
    """Yield groups of texts that are about the same thing."""
    for article in articles:
        yield [article.title, article.summary, *article.synonyms, *article.lay_words, *article.questions]
        for passage in article.passages():
            yield [article.title, passage.heading, passage.text]
    said_of = defaultdict(list)
    for said, headword in entries():
        said_of[headword].append(said)
    yield from ([headword, *said] for headword, said in said_of.items())


def _utterances() -> Iterator[str]:
    """Yield what people may say to the assistant, for the words in it."""
    for file in _utterance_files():
        for intent in yaml_text.load(file.read_text(encoding="utf-8"))["nlu"]:
            yield from (line.removeprefix("- ") for line in intent.get("examples", "").splitlines())


def _utterance_files() -> list[Path]:
    return sorted(UTTERANCES.glob("*/*.yml"))


def _batches(articles: Sequence[Article], steps: int, chance: random.Random) -> Iterator[list[Pair]]:
    """Yield batches in which no two pairs are about the same thing, so that every other pair is a counter-example."""
    said_of = defaultdict(list)
    for said, headword in entries():
        said_of[headword].append(said)
    headwords = list(said_of)
    asked = [_asked(article) for article in articles]
    answers = [_answers(article) for article in articles]
    for step in range(steps):
        if step % 4 == 3 and headwords:
            chosen = chance.sample(headwords, min(LEXICON_BATCH, len(headwords)))
            yield [(_worn(chance.choice(said_of[one]), chance), chance.choice([one, *said_of[one]])) for one in chosen]
        else:
            yield [
                (
                    _worn(chance.choice(questions), chance),
                    _part(chance.choice(questions if step % 4 == 2 else passages), chance),
                )
                for questions, passages in zip(asked, answers, strict=True)
            ]


def _asked(article: Article) -> list[str]:
    return [*article.questions, *article.questions, *article.lay_words, *article.synonyms, article.title]


def _answers(article: Article) -> list[str]:
    passages = [f"{article.title}. {passage.heading}. {passage.text}" for passage in article.passages()]
    return [*passages, f"{article.title}. {article.summary}", article.spoken]


def _part(text: str, chance: random.Random) -> str:
    """Return up to `PART_WORDS` words of a text in a row, from anywhere in it."""
    listed = text.split()
    start = chance.randrange(max(1, len(listed) - PART_WORDS + 1))
    return " ".join(listed[start : start + PART_WORDS])


def _worn(text: str, chance: random.Random) -> str:
    """Return the text as it might also be written: a word left out here, a slip of the finger there."""
    listed = text.split()
    kept = [word for word in listed if chance.random() > DROPPED_WORDS] or listed
    return " ".join(_misspelt(word, chance) if chance.random() < MISSPELT_WORDS else word for word in kept)


def _misspelt(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    return chance.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + chance.choice(LETTERS) + word[place:],
            word.translate(UNMARKED),
        ]
    )


UNMARKED = str.maketrans("åäö", "aao")


def _fingerprint(articles: Sequence[Article]) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for context in _contexts(articles):
        digest.update("\n".join(context).encode())
    for file in _utterance_files():
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _remove_older(folder: Path) -> None:
    for old in folder.parent.iterdir():
        if old != folder and old.is_dir():
            shutil.rmtree(old)
