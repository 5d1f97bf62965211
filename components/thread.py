"""The thread of a decision: what happened to it, step by step, and what it waits for."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.i18n import t
from components.moments import Moment, day, full


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: when, what in one sentence, and the words of a person, as they wrote them."""

    at: Moment
    told: str
    words: str = ""
    link: Component | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a decision waits for: another person, since and until when."""

    since: Moment
    due: Moment


def drawn(steps: Sequence[Step], waiting: Waiting | None, now: Moment, lang: str) -> Component:
    """Return the thread; what is open comes last."""
    shown = [_step(step, now, lang) for step in steps]
    if waiting:
        late = "late" if waiting.due.date() < now.date() else "due"
        shown.append(
            html.Li(
                [
                    html.Time(t("thread.since", lang, moment=full(waiting.since, now, lang))),
                    html.B(t("thread.other", lang)),
                    " ",
                    t(f"thread.{late}", lang, date=day(waiting.due, lang)),
                ],
                className="open",
            )
        )
    return html.Ol(shown, className="steps")


def _step(step: Step, now: Moment, lang: str) -> Component:
    inside = [html.Time(full(step.at, now, lang)), step.told]
    inside += [" ", step.link] if step.link else []
    inside += [html.Blockquote(step.words)] if step.words else []
    return html.Li(inside)
