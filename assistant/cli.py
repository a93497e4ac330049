"""The `vigor` command."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant import logs
from assistant.settings import ROOT, get_settings

DEVELOPMENT = ROOT / "nlu_data" / "evaluation" / "development.jsonl"

app = typer.Typer(no_args_is_help=True, add_completion=False, help="ViGoR: a virtual health assistant in Swedish.")
database_commands = typer.Typer(no_args_is_help=True, help="The database: upgrade, seed, reset.")
rules_commands = typer.Typer(no_args_is_help=True, help="The clinical rules: check, explain, outcomes, replay.")
red_flag_commands = typer.Typer(no_args_is_help=True, help="The red flags: explain, train, measure.")
article_commands = typer.Typer(no_args_is_help=True, help="The articles: export to a folder of Markdown, import.")
knowledge_commands = typer.Typer(no_args_is_help=True, help="The search: evaluate, on our questions or on other texts.")
annotation_commands = typer.Typer(no_args_is_help=True, help="Misunderstood utterances that editors have annotated.")
bench_commands = typer.Typer(
    no_args_is_help=True, help="Timings: chat, turns, round, pipelines, nlu, search; all runs what needs no service."
)
patients_commands = typer.Typer(no_args_is_help=True, help="Patients: their settings, and readings set aside.")
app.add_typer(database_commands, name="db")
app.add_typer(patients_commands, name="patients")
app.add_typer(rules_commands, name="rules")
app.add_typer(red_flag_commands, name="red-flags")
app.add_typer(article_commands, name="articles")
app.add_typer(knowledge_commands, name="knowledge")
app.add_typer(annotation_commands, name="annotations")
app.add_typer(bench_commands, name="bench")

terminal = Console(stderr=True)


At = Annotated[str | None, typer.Option(help="When, ISO 8601 with a zone: 2026-11-21T08:00+01:00; default now.")]
PatientKey = Annotated[str, typer.Argument(help="Id, personnummer, or another identifier of the patient.")]


class SimulationForm(StrEnum):
    """How the judgements of a simulation are written."""

    JSON = "json"
    CSV = "csv"
    TABLE = "table"


class TokenRole(StrEnum):
    """For whom a token of the FHIR API can be issued."""

    SYSTEM = "system"
    PRACTITIONER = "practitioner"
    PATIENT = "patient"
    OTHER_CARE = "other-care"
    QUALITY = "quality"
    RESEARCH = "research"


def main() -> None:
    """Run the command line."""
    app()


@app.command()
def setup() -> None:
    """Make what the service needs before it starts: the dialogue model and the database."""
    from assistant import database, preparation, training
    from knowledge import service

    settings = get_settings()
    with terminal.status("Training the dialogue model (about half a minute the first time)"):
        model = training.train(settings)
    terminal.print(f"· Dialogue model ready ({model.name})")
    with terminal.status("Training the knowledge search"):
        service.prepare(settings)
    terminal.print("· Knowledge search ready")
    with terminal.status("Preparing the database"), database.available():
        preparation.prepare(demo=False)
    terminal.print("· Database ready")


@app.command()
def up() -> None:
    """Start every process and keep them running until Ctrl-C."""
    from assistant import supervisor, training

    logs.configure("vigor")
    settings = get_settings()
    with terminal.status("Training the dialogue model"):
        model = training.train(settings)
    terminal.print(f"· Starting. The pages will be at http://localhost:{settings.web_port} (Ctrl-C stops everything)")
    supervisor.up(model)


@app.command()
def browser() -> None:
    """Find a Chromium for the browser tests, installing one if there is none."""
    from assistant import browsers

    terminal.print(f"· Browser: {browsers.ensure()}")


@app.command()
def train(force: Annotated[bool, typer.Option(help="Train even if the sources have not changed.")] = False) -> None:
    """Train the dialogue model; what has not changed is taken from the cache, and it says which parts those are."""
    from assistant import training

    with terminal.status("Training the dialogue model"):
        model = training.train(get_settings(), force=force, told=lambda line: terminal.print(f"· {line}"))
    terminal.print(f"· {model}")


@app.command()
def demo() -> None:
    """Play Anna's morning in the terminal against the running processes; exit 0 only if every step happened."""
    from assistant import morning

    raise typer.Exit(morning.play(terminal))


@app.command()
def talk(
    script: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML: a list of what the patient says.")],
    patient: Annotated[str, typer.Option(help="Demo patient, e.g. anna.")] = "anna",
) -> None:
    """Hold a scripted conversation with the running service; the transcript comes as JSON lines."""
    from assistant import conversation_script

    for line in conversation_script.play(script, patient):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


@app.command()
def understand(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help='JSON lines: {"text": ...}.')],
    report: Annotated[
        Path | None, typer.Option(help="Write a page on how well they are understood; every line needs its intent.")
    ] = None,
) -> None:
    """Print intent, confidence, entities and red flag of every text, or report on a labelled set."""
    from assistant import nlu_report, understanding

    if report:
        measured = nlu_report.read(file)
        report.write_text(nlu_report.page(measured), encoding="utf-8")
        terminal.print("\n".join(nlu_report.lines(measured)))
        terminal.print(f"· {report}")
        return
    for line in understanding.read(file):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


@app.command()
def search(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help='JSON lines: {"text": ...}.')],
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="How many topics.")] = 5,
    stored: Annotated[bool, typer.Option(help="The articles as published in the database, not as shipped.")] = False,
) -> None:
    """Print the articles that answer every question, or that none does."""
    from knowledge import cli

    if stored:
        _read_stored_articles()
    for line in cli.search(file, k=k):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _read_stored_articles() -> None:
    from assistant import database
    from knowledge import service
    from knowledge.editorial.store import DatabaseStore

    service.read_from(DatabaseStore())
    with database.available():
        service.index()


@app.command("round")
def run_round(
    everybody: Annotated[bool, typer.Option(help="Whatever their clock says; at most one check-in a day.")] = False,
    patient: Annotated[list[str] | None, typer.Option(help="Only this patient; may be given several times.")] = None,
    at: At = None,
) -> None:
    """Run the round once, for everybody who is due, and print what it wrote as JSON."""
    from assistant import database
    from scheduler import rounds

    logs.configure("round")
    with database.available():
        asked = [_found(one) for one in patient] if patient else None
        result = rounds.run_round(_moment(at), patient_ids=asked, everybody=everybody)
    sys.stdout.write(json.dumps(asdict(result)) + "\n")


@app.command()
def token(
    role: Annotated[
        TokenRole,
        typer.Option(help="system: the region's record system. other-care, quality, research: as consents permit."),
    ] = TokenRole.SYSTEM,
    subject: Annotated[str, typer.Option(help="Who the token speaks for.")] = "record-system",
    hours: Annotated[float, typer.Option(help="How long it is valid, hours.")] = 1.0,
) -> None:
    """Print a bearer token for the FHIR API."""
    from assistant.records import access

    sys.stdout.write(access.issue_token(subject=subject, role=role.value, lifetime=timedelta(hours=hours)) + "\n")


def _moment(at: str | None) -> datetime | None:
    """Read a moment; without a zone it is refused, since times are never guessed."""
    if at is None:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise typer.BadParameter("write it like 2026-11-21T08:00+01:00") from error
    if moment.tzinfo is None:
        raise typer.BadParameter("it lacks a time zone, such as +01:00")
    return moment


def _found(key: str) -> str:
    """Find a patient, or say that there is none."""
    from assistant.records import patients
    from assistant.records.database import session
    from assistant.records.errors import RecordsError

    try:
        with session() as db:
            return patients.find(db, key)
    except RecordsError as error:
        terminal.print(f"· No patient, or not only one, is known as {key}")
        raise typer.Exit(2) from error


@contextmanager
def _said_plainly(what: str) -> Iterator[None]:
    """Say in one sentence that something does not exist."""
    try:
        yield
    except KeyError as error:
        terminal.print(f"· There is no working rule, or no settings of the patient, for {what}")
        raise typer.Exit(2) from error


@database_commands.command("upgrade")
def db_upgrade() -> None:
    """Bring the schema to the newest version."""
    from assistant import database, preparation

    with database.available():
        preparation.prepare(demo=False)
    terminal.print("· The schema is up to date")


@database_commands.command("seed")
def db_seed() -> None:
    """Add the demo patients, with readings up to now."""
    from assistant import database, preparation

    with database.available():
        preparation.prepare(demo=True)
    terminal.print("· The demo patients are there")


@database_commands.command("reset")
def db_reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete everything and start over with the demo patients."""
    from assistant import database, preparation

    if not yes:
        typer.confirm("This deletes every patient, reading and conversation. Go on?", abort=True)
    with database.available():
        preparation.reset()
    terminal.print("· The database is new, with the demo patients")


@article_commands.command("export")
def articles_export(folder: Annotated[Path, typer.Argument(file_okay=False, help="A new or empty folder.")]) -> None:
    """Write every article as Markdown, with its questions."""
    from assistant import database
    from assistant.records.database import session
    from knowledge.editorial import transfer
    from knowledge.errors import FolderNotEmptyError

    try:
        with database.available(), session() as db:
            written = transfer.export_all(db, folder)
    except FolderNotEmptyError as error:
        terminal.print(f"· {folder}: {error.text['en']}")
        raise typer.Exit(1) from error
    terminal.print(f"· {written} articles written to {folder}")


@article_commands.command("import")
def articles_import(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="What `export` wrote.")],
) -> None:
    """Keep the articles of a folder in the states that they state; exit 1 if a file could not be read."""
    from assistant import database
    from assistant.records.database import session
    from assistant.records.models.base import utc_now
    from knowledge.editorial import transfer

    with database.available(), session() as db:
        done = transfer.import_all(db, folder, now=utc_now())
    for path, error in done.broken:
        terminal.print(f"· {path}: {error.text['sv']}", markup=False, soft_wrap=True)
    terminal.print(f"· {done.new} new, {done.known} known, {len(done.broken)} broken")
    raise typer.Exit(1 if done.broken else 0)


@knowledge_commands.command("evaluate")
def knowledge_evaluate(
    model: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Folder of another sentence-transformers model to compare."),
    ] = None,
) -> None:
    """Report how well each way of looking finds the right article, on both question sets."""
    from knowledge import cli

    for line in cli.evaluate(model):
        sys.stdout.write(line + "\n")


@knowledge_commands.command("zero-shot")
def knowledge_zero_shot(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help='JSON lines: {"question", "answer"}.')],
) -> None:
    """Report how well the search finds answers about anything, beside TF-IDF over words and letters."""
    from knowledge import cli

    for line in cli.zero_shot(file):
        sys.stdout.write(line + "\n")


@annotation_commands.command("export")
def annotations_export() -> None:
    """Print the approved annotations in the format of nlu_data/train."""
    from assistant import database
    from assistant.records.database import session
    from assistant.web.inbox import utterances

    with database.available(), session() as db:
        sys.stdout.write(utterances.export(db))


@red_flag_commands.command("train")
def red_flags_train() -> None:
    """Learn what messages mean from nlu_data/red_flags, and keep the weights beside the rules; then commit them."""
    from assistant.safety.red_flags import learn

    with terminal.status("Learning (a minute or two)"):
        learn.train()
    terminal.print("· Learnt. `vigor red-flags measure FILE` says how well, on texts that it has not seen.")


@red_flag_commands.command("measure")
def red_flags_measure(
    file: Annotated[Path | None, typer.Argument(help='JSON lines {"text", "red_flag", "kind"}.')] = None,
    errors: Annotated[bool, typer.Option(help="List what was missed, and what was none.")] = False,
) -> None:
    """Count signs found and false alarms in a file, or on every example by a judge not taught its file (minutes)."""
    from assistant.safety.red_flags import measure

    measured = list(measure.measure(file) if file else measure.held_out())
    for line in measure.table(measured):
        sys.stdout.write(line + "\n")
    for one in measured:
        if errors and not one.is_right:
            sys.stdout.write(f"{'false alarm' if one.by_layer else 'missed'}\t{one.text}\t{one.phrase}\n")


@red_flag_commands.command("explain")
def red_flags_explain(text: Annotated[str, typer.Argument(help="What a patient might write.")]) -> None:
    """Say which rules matched a text, what cancelled them, what the whole means, and what the patient is answered."""
    from assistant.safety import red_flags

    said = red_flags.explain(text)
    for match in said.matches:
        sys.stdout.write(f"{match.rule_id}: {match.phrase!r} ({', '.join(match.cancelled_by) or 'fires'})\n")
    sys.stdout.write(f"meaning: emergency {said.meaning.emergency:.2f}, self_harm {said.meaning.self_harm:.2f}\n")
    if said.red_flag is None:
        sys.stdout.write("no red flag\n")
    else:
        flag = said.red_flag
        sys.stdout.write(f"{flag.level} by {flag.rule_id}: {flag.phrase!r}\n{flag.answer['sv']}\n")


@rules_commands.command("check")
def rules_check() -> None:
    """Check every rule: schema, worked cases, reviews."""
    from scheduler import check

    raise typer.Exit(check.main())


@rules_commands.command("explain")
def rules_explain(patient: PatientKey, rule: str, at: At = None) -> None:
    """Show every value and comparison of one rule for one patient."""
    from assistant import database
    from scheduler import explain

    logs.configure("rules")
    with database.available(), _said_plainly(rule):
        sys.stdout.write(explain.as_text(explain.explain(_found(patient), rule, now=_moment(at))) + "\n")


@rules_commands.command("outcomes")
def rules_outcomes(patient: PatientKey, at: At = None) -> None:
    """Print what every rule makes of one patient at one moment, as JSON; nothing is written."""
    from assistant import database
    from scheduler import outcomes

    logs.configure("rules")
    with database.available(), _said_plainly(patient):
        found = outcomes.outcomes(_found(patient), now=_moment(at))
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")


@patients_commands.command("show")
def patients_show(patient: PatientKey) -> None:
    """Print a patient's settings, limits, agreed readings and who has a care relation, as JSON."""
    from assistant import database
    from assistant.records import agreements
    from assistant.records.database import session

    with database.available():
        patient_id = _found(patient)
        with session() as db:
            shown = agreements.shown(db, patient_id)
    sys.stdout.write(json.dumps(shown, ensure_ascii=False, default=str) + "\n")


@patients_commands.command("set")
def patients_set(
    patient: PatientKey,
    setting: Annotated[list[str], typer.Argument(help="name=value: checkin_time=08:00, limits.spo2_scale=2 ...")],
) -> None:
    """Change settings: checkin_time, timezone, language, style, call_name, checkins_enabled, paused_until, doctor,
    limits.NAME, agreed.LOINC (times a week) and care (a practitioner's id); an empty value takes away."""
    from assistant import database
    from assistant.records import agreements
    from assistant.records.database import session

    with database.available():
        patient_id = _found(patient)
        try:
            with session() as db:
                agreements.change(db, patient_id, dict(one.partition("=")[::2] for one in setting))
        except ValueError as error:
            terminal.print(f"· {error}")
            raise typer.Exit(2) from error


@patients_commands.command("findings")
def patients_findings(
    days: Annotated[int, typer.Option(min=1, help="Days back.")] = 1,
    patient: Annotated[list[str] | None, typer.Option(help="Only this patient; may be given several times.")] = None,
) -> None:
    """Print the readings that no rule uses, and why: doubtful, ahead, unit, repeated, too-many; a JSON line each."""
    from assistant import database
    from assistant.records.database import session
    from assistant.records.models.base import utc_now
    from scheduler import quality

    now = utc_now()
    with database.available():
        among = [_found(one) for one in patient] if patient else None
        with session() as db:
            zone = get_settings().timezone
            found = quality.findings(db, since=now - timedelta(days=days), now=now, zone=zone, among=among)
    for one in found:
        sys.stdout.write(json.dumps(asdict(one)) + "\n")


@rules_commands.command("replay")
def rules_replay(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")],
    rule: Annotated[str | None, typer.Option(help="Only this rule.")] = None,
) -> None:
    """Show how often each rule would have spoken on stored history."""
    from assistant import database
    from scheduler import replay

    with database.available():
        for one in replay.replay(first=first.date(), last=last.date(), rule_id=rule):
            sys.stdout.write(json.dumps({**asdict(one), "per_1000": round(one.per_1000, 3)}) + "\n")


@app.command()
def simulate(
    patients: Annotated[int, typer.Option(min=1, help="Size of the cohort.")] = 1000,
    days: Annotated[int, typer.Option(min=1, help="Days that are judged.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed gives the same cohort.")] = 1,
    form: Annotated[SimulationForm, typer.Option(help="How the judgements are written.")] = SimulationForm.JSON,
) -> None:
    """Draw a cohort with known events and report sensitivity, delay and false alarms of every rule."""
    from scheduler import simulate as simulation

    with terminal.status(f"Playing {days} days of {patients} patients"):
        judged = simulation.simulate(patients=patients, days=days, seed=seed)
    for line in simulation.lines(judged, form.value):
        sys.stdout.write(line + "\n")


@bench_commands.command("chat")
def bench_chat(
    turns: Annotated[int, typer.Option(min=20, help="Turns that are timed.")] = 200,
    curve: Annotated[bool, typer.Option(help="One long talk: how long a turn takes early and late in it.")] = False,
) -> None:
    """Time a turn with a custom action against the running service."""
    from assistant import bench

    if curve:
        for row in bench.curve(turns):
            sys.stdout.write(json.dumps(row) + "\n")
        return
    sys.stdout.write(json.dumps(bench.chat(turns)) + "\n")


@bench_commands.command("turns")
def bench_turns(turns: Annotated[int, typer.Option(min=20, help="Turns that are timed.")] = 100) -> None:
    """Time a turn of the running service beside one of Rasa's stock engine, which is trained first (some minutes)."""
    from assistant import bench

    sys.stdout.write(json.dumps(bench.turns_beside_stock(turns)) + "\n")


@bench_commands.command("round")
def bench_round(
    patients: Annotated[list[int], typer.Option(help="Sizes; may be given several times.")] = [10_000],  # noqa: B006 - typer reads it, nobody changes it
) -> None:
    """Time the morning round on a throw-away database, beside a rule library that goes patient by patient."""
    from scheduler import bench

    for line in bench.lines(bench.bench(sizes=patients, told=lambda step: terminal.print(f"· {step}"))):
        sys.stdout.write(line + "\n")


@bench_commands.command("nlu")
def bench_nlu() -> None:
    """Report accuracy on the development set, by kind of wording."""
    from assistant import nlu_report

    for line in nlu_report.lines(nlu_report.read(DEVELOPMENT)):
        sys.stdout.write(line + "\n")


@bench_commands.command("pipelines")
def bench_pipelines(
    data: Annotated[Path, typer.Option(exists=True, help="Rasa NLU YAML, of any intents.")] = ROOT / "nlu_data/train",
    test: Annotated[Path, typer.Option(exists=True, help='JSON lines: {"text": ..., "intent": ...}.')] = DEVELOPMENT,
    an_intent: Annotated[int, typer.Option(min=0, help="Most training texts an intent; 0 takes all.")] = 20,
) -> None:
    """Train our pipeline and Rasa's stock one (DIET) on the same texts and compare them; the stock one takes long."""
    from assistant import pipelines

    measured = []
    for one in pipelines.compare(data=data, test=test, an_intent=an_intent or None):
        terminal.print(f"· {one.pipeline} is done")
        measured.append(one)
    for line in pipelines.table(measured):
        sys.stdout.write(line + "\n")


@bench_commands.command("search")
def bench_search() -> None:
    """Report quality and speed of the knowledge search."""
    from knowledge import cli

    for line in cli.benchmark():
        sys.stdout.write(line + "\n")


@bench_commands.command("all")
def bench_all() -> None:
    """Run the benchmarks that need no running service."""
    bench_nlu()
    bench_search()
    bench_round([10_000])


if __name__ == "__main__":
    main()
