"""Every setting of Limpide, once: its name, its default and what it does.

This is the only module that reads the environment. The others receive a
:class:`Settings`, or call :func:`settings`.
"""

import os
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What can be set from the environment (or a ``.env`` file) without touching the code."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    app_env: Literal["development", "production"] = Field(
        "development",
        description="`production` refuses to start without a SECRET_KEY, and asks everyone to log in.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs the session cookie. Long, random, the same for all workers."
    )
    auth: Literal["", "on", "off"] = Field(
        "", description="Whether everyone logs in: by default in production only, where it can't be `off`."
    )
    session_idle_minutes: int = Field(30, ge=1, description="A session ends after so long without an act.")
    session_hours: int = Field(12, ge=1, le=168, description="A session ends after so long whatever is done.")
    oidc_issuer: str = Field(
        "", pattern=r"^(https?://.+)?$", description="Address of an OpenID Connect provider; none when empty."
    )
    oidc_client_id: str = Field("", description="Name of this application at the provider.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Its secret at the provider.")
    oidc_roles_claim: str = Field(
        "", description="Claim of the provider that lists roles; when empty, roles are given here."
    )
    store_dir: Path = Field(Path("store"), description="Where banks and models are kept.")
    portfolios_dir: Path | None = Field(
        None,
        description="Folder of further portfolios, beside the built-in ones; `new-portfolio` writes there.",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="Where the ledger is kept: a PostgreSQL address, else a SQLite file in the store.",
    )
    mlflow_tracking_uri: SecretStr = Field(
        SecretStr(""),
        description="Where trainings are logged: an MLflow server or database, else a file in the store.",
    )
    ledger_pool_size: int = Field(
        8, ge=1, description="Most connections that a process opens to PostgreSQL at a time."
    )
    ledger_timeout_seconds: int = Field(
        10, ge=1, description="Longest that a statement may take in PostgreSQL, in seconds."
    )
    event_months: int = Field(
        12, ge=6, description="Months that logins and views are kept until `python -m data purge`."
    )
    port: int = Field(8050, ge=1, le=65535, description="Port that the server listens on.")
    web_concurrency: int = Field(1, ge=1, description="Number of gunicorn workers.")
    trusted_proxies: int = Field(
        0, ge=0, description="Number of proxies in front, whose word on the caller's address is believed."
    )
    api_rate_limit: str = Field(
        "12000/minute",
        pattern=r"^[1-9]\d*/(second|minute|hour|day)$",
        description="Most calls to the API per address and per worker, as `600/minute`.",
    )
    bank_key: SecretStr = Field(
        SecretStr(""), description="When set, banks are written and read encrypted with this key."
    )
    upload_limit_mb: int = Field(
        64,
        ge=0,
        le=4096,
        description="Largest batch that may be sent from the Drift page, in MB; 0 for none.",
    )
    job_memory_mb: int = Field(
        1024,
        ge=256,
        description="Memory that a background job may use, in MB; beyond it the job ends, alone.",
    )
    retention_months: int = Field(
        25, ge=6, le=600, description="Months that decisions and letters are kept before they may be purged."
    )
    lender_name: str = Field("", description="Name of the lender, as letters to clients give it.")
    lender_address: str = Field("", description="Address of the lender on letters; `\\n` starts a line.")
    lender_contact: str = Field("", description="How a client reaches the lender, on letters.")
    debt_advice: str = Field("", description="Debt advice service that a refusal names.")
    time_zone: str = Field(
        "Europe/Paris",
        description="Time zone in which pages and letters tell the time, and moments in files fall on a day.",
    )
    store_is_durable: bool = Field(
        True,
        description="`false` where the host empties its disk: every page then says that records do not last.",
    )
    review_days: int = Field(
        14, ge=1, le=90, description="Days within which a contested decision is answered."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="What a monitor must send to read /metrics; needed in production."
    )
    test_database_url: SecretStr = Field(
        SecretStr(""), description="An empty PostgreSQL database for the tests; skipped when unset."
    )
    real_data_dir: Path | None = Field(
        None, description="Folder of real rows, for tests and measurements only; skipped when unset."
    )

    @property
    def asks_who(self) -> bool:
        """Whether everyone logs in."""
        return self.auth == "on" or (not self.auth and self.app_env == "production")

    @property
    def records_last(self) -> bool:
        """Whether the ledger outlives the disk of the host."""
        return self.store_is_durable or bool(self.database_url.get_secret_value())

    @model_validator(mode="after")
    def _production_needs_a_secret(self) -> Self:
        if self.app_env == "production" and len(self.secret_key.get_secret_value()) < 32:
            raise ValueError(
                "SECRET_KEY: in production give a random text of at least 32 characters, "
                'for example the output of: python -c "import secrets; print(secrets.token_hex(32))"'
            )
        if self.app_env == "production" and self.auth == "off":
            raise ValueError("AUTH: in production everyone logs in; leave AUTH out")
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("OIDC_CLIENT_ID: needed with OIDC_ISSUER")
        return self


def quiet_mlflow() -> None:
    """Set what MLflow only reads from the environment, and before it is imported, unless it is set.

    It reports to nobody, does not announce each migration of its tables, and gives up on a server
    that does not answer within seconds rather than minutes.
    """
    for name, value in (
        ("MLFLOW_DISABLE_TELEMETRY", "true"),
        ("MLFLOW_LOGGING_LEVEL", "ERROR"),
        ("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false"),
        ("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true"),
        ("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2"),
        ("MLFLOW_HTTP_REQUEST_TIMEOUT", "30"),
    ):
        os.environ.setdefault(name, value)


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
