"""Letters as they were made: shown to be printed, or taken away as a PDF."""

from flask import Blueprint, Flask, Response, render_template, request

from data.ledger import entries
from data.ledger.drafts import FIRST, Draft
from data.ledger.entries import Entry
from web import acts, audit, letter_pdf, letters
from web.errors import Refused
from web.identity import ADVISOR, MANAGER, User, requires
from web.letter import of_content
from web.letter_records import told_of

routes = Blueprint("letters", __name__)


def install(server: Flask) -> None:
    """Serve ``/letters``."""
    server.register_blueprint(routes)


def address(letter_id: str, as_pdf: bool = False) -> str:
    """Return where a letter is read."""
    return f"/letters/{letter_id}" + ("?as=pdf" if as_pdf else "")


def make(decision_id: str, lang: str, user: User, key: str | None = None) -> Entry:
    """Write the letter about a decision as it stands now, and keep its text with it.

    Raises
    ------
    web.letter_records.NothingToTell
        When nothing is settled yet.
    data.ledger.entries.UnknownEntry, data.ledger.errors.LedgerUnavailable
    """
    thread = entries.thread(decision_id)
    first = thread[0]
    if first.kind not in FIRST:
        raise entries.UnknownEntry("no decision has that id")
    letter = letters.compose(told_of(thread, lang))
    draft = Draft(
        "letter",
        first.portfolio,
        first.client_id,
        {"letter": letter.content(), "language": lang},
        about=first.id,
        language=lang,
    )
    asked = {"act": "letter", "about": first.id, "language": lang}
    return entries.add([draft], acts.author(user), key, asked if key else None)[0]


@routes.get("/letters/<letter_id>")
@requires(ADVISOR, MANAGER)
def letter(letter_id: str) -> Response:
    """Answer a letter as it was made, as a page or with ``as=pdf`` as a file."""
    found = entries.get(letter_id)
    if found.kind != "letter":
        raise entries.UnknownEntry("no letter has that id")
    if found.content is None:
        raise Refused(410, "letter_erased")
    audit.viewed(found.portfolio, found.client_id)
    told = of_content(found.content["letter"])
    if request.args.get("as") == "pdf":
        reply = Response(letter_pdf.pdf(told, found.at), mimetype="application/pdf")
        reply.headers["Content-Disposition"] = f'attachment; filename="limpide-{found.id}.pdf"'
    else:
        reply = Response(render_template("letter.html", letter=told), mimetype="text/html")
    reply.headers["Cache-Control"] = "no-store"
    return reply
