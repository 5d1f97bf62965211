"""The job under way, told in words to whoever waits for it on a page, and stopped from there."""

from collections.abc import Mapping

from flask import Blueprint, Flask, Response, request

from components.formats import number
from components.i18n import keys, own, t
from config import settings
from data import portfolios
from data.portfolios import Portfolio
from model import jobs
from model.jobs import Job
from web import answers
from web.errors import Refused
from web.identity import requires
from web.session import language

progress = Blueprint("progress", __name__)
MB = 1_000_000


def install(server: Flask) -> None:
    """Serve ``/jobs``."""
    server.register_blueprint(progress)


@progress.get("/jobs/current")
@requires("manager", "admin")
def current() -> Response:
    """Answer the job under way, or the portfolio's last if it ended within the hour; else null.

    ``limit`` is the largest file that may be sent, in bytes (0: none may).
    """
    portfolio, lang = request.args.get("portfolio", ""), language()
    portfolios.load(portfolio)
    job = jobs.current(portfolio)
    limit = settings().upload_limit_mb * MB
    return answers.reply({"job": told(job, portfolio, lang) if job else None, "limit": limit})


@progress.post("/jobs/<job_id>/cancel")
@requires("manager")
def cancel(job_id: str) -> Response:
    """Ask a job to stop, and answer it as it is now."""
    try:
        job = jobs.cancel(job_id)
    except jobs.UnknownJob:
        raise Refused(404, "unknown_job") from None
    return answers.reply({"job": told(job, job.portfolio, language())})


def told(job: Job, portfolio_id: str, lang: str) -> dict:
    """Return a job for the page of a portfolio.

    ``text`` is one sentence on where it is, ``said`` the same without its counts, which move
    too fast to be read out, ``faults`` what is wrong with the file, a sentence each.
    """
    text, said = _sentences(job, portfolio_id, lang)
    return {
        "id": job.id,
        "portfolio": job.portfolio,
        "state": job.state,
        "over": job.is_over,
        "step": job.step,
        "done": job.done,
        "total": job.total,
        "text": text,
        "said": said,
        "reason": job.reason,
        "faults": [fault(portfolios.load(portfolio_id), one, lang) for one in job.faults],
        # Of a failure, the result says where in our files: the log's business.
        "result": job.result if job.state == "done" else "",
        "has_verdict": job.state == "done" or _lacks_report(job),
    }


def fault(portfolio: Portfolio, found: Mapping, lang: str) -> str:
    """Return a sentence on one fault of a file."""
    key = f"upload.fault.{found.get('code')}"
    if key not in keys(lang):
        key = "upload.fault.other"
    shown = {name: number(value, lang) if isinstance(value, int) else value for name, value in found.items()}
    try:
        return own(portfolio, key, lang, **shown)
    except KeyError:
        return t("upload.fault.other", lang)


def _sentences(job: Job, portfolio_id: str, lang: str) -> tuple[str, str]:
    if job.is_over:
        text = _end(job, lang)
        return text, text
    if job.portfolio != portfolio_id:
        text = t("upload.elsewhere", lang)
        return text, text
    step = job.step if job.state == "running" else job.state
    key = f"upload.step.{step or 'waiting'}"
    said = t(key if key in keys(lang) else "upload.step.other", lang)
    if not job.total or job.state != "running":
        return t("upload.uncounted", lang, step=said), said
    done, total = number(min(job.done, job.total), lang), number(job.total, lang)
    return t("upload.counted", lang, step=said, done=done, total=total), said


def _end(job: Job, lang: str) -> str:
    if job.state == "done":
        return t("upload.done", lang)
    kept = "upload.no_report" if _lacks_report(job) else f"upload.{job.state}"
    if job.state != "failed":
        return t(kept, lang)
    key = f"upload.failed.{job.reason}"
    memory = t("upload.size", lang, size=number(settings().job_memory_mb, lang))
    why = t(key if key in keys(lang) else "upload.failed.unexpected", lang, limit=memory, job=job.id)
    return f"{t(kept, lang)} {why}"


def _lacks_report(job: Job) -> bool:
    """Say whether a job ended over the detailed report: its verdict was kept before."""
    return job.is_over and job.state != "done" and job.step == "report"
