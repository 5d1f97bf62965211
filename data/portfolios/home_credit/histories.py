"""One row per client out of the child tables: credits elsewhere, past requests, card.

Each column can be told to a client in one sentence. A total or a count is 0 for a client
whose table was collected and holds no row of theirs; anything else is then missing, and
everything is missing where the table was not collected.

Narwhals only, so that the same text runs on DuckDB, Polars and pandas: a feature is the
value of each row, then how to aggregate it by client (lazy engines take no filter inside
an aggregation, hence ``when``). All values are floats, so that no engine's integer
sums or divisions differ, and no feature depends on the order of the rows.
"""

from collections.abc import Mapping

import narwhals as nw

Frame = nw.DataFrame | nw.LazyFrame
# By name: how to aggregate (a method of Narwhals expressions), and the value of each row.
Features = dict[str, tuple[str, nw.Expr]]

ID, LOAN = "SK_ID_CURR", "SK_ID_BUREAU"
# The source writes this many days (a thousand years) for "no date".
NO_DATE = 365243


def history(tables: Mapping[str, Frame]) -> Frame:
    """Aggregate the child tables to one row per client.

    Parameters
    ----------
    tables : mapping of str to narwhals.LazyFrame or narwhals.DataFrame
        The child tables by name, and ``clients``: the id of every client with, for each
        child table, whether it was collected for that client.

    Returns
    -------
    narwhals.LazyFrame or narwhals.DataFrame
        The clients with one column per feature.
    """
    frame = tables["clients"]
    for table, (rows, features, shares) in _recipes(tables).items():
        ratios = {name: _ratio(nw.col(above), nw.col(below)) for name, (above, below) in shares.items()}
        by_client = _aggregate(rows, features).select(nw.all(), **ratios)
        frame = frame.join(by_client, on=ID, how="left").with_columns(
            *(_where_collected(table, name, features.get(name, ("",))[0]) for name in (*features, *shares))
        )
    return frame


def _recipes(tables: Mapping[str, Frame]) -> dict[str, tuple[Frame, Features, Mapping]]:
    """Rows, features (how to aggregate, what) and ratios of two features, table by table."""
    return {
        "bureau": (tables["bureau"], _bureau(), BUREAU_SHARES),
        "bureau_balance": (_bureau_months(tables), _bureau_balance(), {}),
        "previous_application": (tables["previous_application"], _previous(), {}),
        "POS_CASH_balance": (tables["POS_CASH_balance"], _instalment_loans(), {}),
        "installments_payments": (tables["installments_payments"], _payments(), PAYMENT_SHARES),
        "credit_card_balance": (tables["credit_card_balance"], _card(), CARD_SHARES),
    }


def _aggregate(rows: Frame, features: Features) -> Frame:
    values = rows.select(nw.col(ID), **{name: value for name, (_, value) in features.items()})
    return values.group_by(ID).agg(
        *(getattr(nw.col(name), how)().alias(name) for name, (how, _) in features.items())
    )


def _where_collected(table: str, name: str, how: str) -> nw.Expr:
    """A sum over no row is 0, but only if the rows were looked for."""
    value = nw.col(name).fill_null(0.0) if how == "sum" else nw.col(name)
    return nw.when(nw.col(table)).then(value).alias(name)


def _bureau() -> Features:
    """Credits that other lenders report."""
    active, closed = _is("CREDIT_ACTIVE", "Active"), _is("CREDIT_ACTIVE", "Closed")
    card = _is("CREDIT_TYPE", "Credit card")
    started, end = _value("DAYS_CREDIT"), _value("DAYS_CREDIT_ENDDATE")
    credit, debt = _value("AMT_CREDIT_SUM"), _value("AMT_CREDIT_SUM_DEBT")
    return {
        "BUREAU_COUNT": ("sum", nw.lit(1.0)),
        "BUREAU_ACTIVE_SHARE": ("mean", _flag(active)),
        "BUREAU_RECENT_COUNT": ("sum", _flag(started >= -365)),
        "BUREAU_DAYS_LAST": ("max", started),
        "BUREAU_DAYS_FIRST": ("min", started),
        "BUREAU_ACTIVE_DAYS_LAST": ("max", _only(active, started)),
        "BUREAU_CLOSED_DAYS_LAST": ("max", _only(closed, started)),
        "BUREAU_END_LAST": ("max", end),
        "BUREAU_ACTIVE_END_MEAN": ("mean", _only(active, end)),
        "BUREAU_EARLY_MEAN": ("mean", end - _value("DAYS_ENDDATE_FACT")),
        "BUREAU_UPDATED_MEAN": ("mean", _value("DAYS_CREDIT_UPDATE")),
        "BUREAU_CREDIT_TOTAL": ("sum", credit),
        "BUREAU_CREDIT_MAX": ("max", credit),
        "BUREAU_CREDIT_MEAN": ("mean", credit),
        "BUREAU_ACTIVE_CREDIT": ("sum", _only(active, credit)),
        "BUREAU_DEBT": ("sum", debt),
        "BUREAU_DEBT_MEAN": ("mean", debt),
        "BUREAU_CARD_DEBT": ("sum", _only(active & card, debt)),
        "BUREAU_CARD_LIMIT": ("sum", _only(active & card, credit)),
        "BUREAU_ANNUITY": ("sum", _only(active, _value("AMT_ANNUITY"))),
        "BUREAU_OVERDUE_MAX_MEAN": ("mean", _value("AMT_CREDIT_MAX_OVERDUE")),
        "BUREAU_OVERDUE_DAYS_MAX": ("max", _value("CREDIT_DAY_OVERDUE")),
        "BUREAU_CARD_SHARE": ("mean", _flag(card)),
        "BUREAU_MICRO_SHARE": ("mean", _flag(_is("CREDIT_TYPE", "Microloan"))),
    }


BUREAU_SHARES = {
    "BUREAU_DEBT_SHARE": ("BUREAU_DEBT", "BUREAU_CREDIT_TOTAL"),
    "BUREAU_CARD_USE": ("BUREAU_CARD_DEBT", "BUREAU_CARD_LIMIT"),
}


def _bureau_months(tables: Mapping[str, Frame]) -> Frame:
    """Monthly statements of the loans elsewhere, each with its client."""
    loans = tables["bureau"].select(nw.col(LOAN), nw.col(ID))
    return tables["bureau_balance"].join(loans, on=LOAN, how="inner")


def _bureau_balance() -> Features:
    """Lateness among the months in which a loan was running: C is closed, X is unknown."""
    status, month = nw.col("STATUS"), nw.col("MONTHS_BALANCE")
    running = status.is_in(["0", "1", "2", "3", "4", "5"])
    late = _only(running, _flag(status != "0"))
    return {
        "BUREAU_LATE_SHARE": ("mean", late),
        "BUREAU_LATE_SHARE_12": ("mean", _only(month >= -12, late)),
    }


def _previous() -> Features:
    """Requests already made to this lender."""
    approved, refused = _is("NAME_CONTRACT_STATUS", "Approved"), _is("NAME_CONTRACT_STATUS", "Refused")
    decided, end = _value("DAYS_DECISION"), _value("DAYS_TERMINATION")
    annuity, credit, term = _value("AMT_ANNUITY"), _value("AMT_CREDIT"), _value("CNT_PAYMENT")
    return {
        "PREV_COUNT": ("sum", nw.lit(1.0)),
        "PREV_REFUSED_SHARE": ("mean", _flag(refused)),
        "PREV_SCORE_REFUSED_SHARE": ("mean", _flag(nw.col("CODE_REJECT_REASON").is_in(["SCO", "SCOFR"]))),
        "PREV_DAYS_LAST": ("max", decided),
        "PREV_DAYS_MEAN": ("mean", decided),
        "PREV_APPROVED_DAYS_LAST": ("max", _only(approved, decided)),
        "PREV_REFUSED_DAYS_LAST": ("max", _only(refused, decided)),
        "PREV_END_LAST": ("max", _only(end < NO_DATE, end)),
        "PREV_ASKED_GRANTED": ("mean", _ratio(_value("AMT_APPLICATION"), credit)),
        "PREV_DOWN_PAYMENT_MAX": ("max", _value("RATE_DOWN_PAYMENT")),
        "PREV_ANNUITY_MAX": ("max", _only(approved, annuity)),
        "PREV_CREDIT_MAX": ("max", _only(approved, credit)),
        "PREV_TERM_MEAN": ("mean", _only(approved, term)),
        "PREV_COST_MAX": ("max", _only(approved, _ratio(annuity * term, credit))),
        "PREV_HIGH_RATE_SHARE": ("mean", _flag(_is("NAME_YIELD_GROUP", "high"))),
        "PREV_CARD_SHARE": ("mean", _flag(_is("NAME_CONTRACT_TYPE", "Revolving loans"))),
        "PREV_WALK_IN_SHARE": ("mean", _flag(_is("NAME_PRODUCT_TYPE", "walk-in"))),
        "PREV_INSURED_SHARE": ("mean", _value("NFLAG_INSURED_ON_APPROVAL")),
    }


def _instalment_loans() -> Features:
    """Monthly statements of the loans repaid by instalments to this lender."""
    month, days_late = _value("MONTHS_BALANCE"), _value("SK_DPD")
    latest = month == month.max().over(ID)
    return {
        "POS_MONTHS": ("sum", nw.lit(1.0)),
        "POS_MONTH_LAST": ("max", month),
        "POS_LATE_SHARE": ("mean", _flag(days_late > 0)),
        "POS_LATE_DAYS_MAX": ("max", days_late),
        "POS_SERIOUS_LATE_MAX": ("max", _value("SK_DPD_DEF")),
        "POS_COMPLETED_SHARE": ("mean", _flag(_is("NAME_CONTRACT_STATUS", "Completed"))),
        "POS_LEFT": ("sum", _only(latest, _value("CNT_INSTALMENT_FUTURE"))),
    }


def _payments() -> Features:
    """Instalments paid to this lender."""
    due, paid = _value("AMT_INSTALMENT"), _value("AMT_PAYMENT")
    days = _value("DAYS_ENTRY_PAYMENT") - _value("DAYS_INSTALMENT")
    # An instalment never paid has no date of payment: it is not counted as on time.
    late = _only(~days.is_null(), _flag(days > 0))
    return {
        "PAID_LATE_SHARE": ("mean", late),
        "PAID_LATE_SHARE_12": ("mean", _only(nw.col("DAYS_INSTALMENT") >= -365, late)),
        "PAID_LARGEST": ("max", due),
        "PAID_DUE_TOTAL": ("sum", due),
        "PAID_TOTAL": ("sum", paid),
    }


PAYMENT_SHARES = {"PAID_DUE_SHARE": ("PAID_TOTAL", "PAID_DUE_TOTAL")}


def _card() -> Features:
    """Monthly statements of the cards held with this lender."""
    balance, limit = _value("AMT_BALANCE"), _value("AMT_CREDIT_LIMIT_ACTUAL")
    used, late = _ratio(balance, limit), _flag(_value("SK_DPD") > 0)
    drawn, paid, month = (
        _value(name) for name in ("AMT_DRAWINGS_CURRENT", "AMT_PAYMENT_TOTAL_CURRENT", "MONTHS_BALANCE")
    )
    return {
        "CARD_MONTHS": ("sum", nw.lit(1.0)),
        "CARD_USE_MEAN": ("mean", used),
        "CARD_USE_MAX": ("max", used),
        "CARD_USE_LAST": ("mean", _only(month == month.max().over(ID), used)),
        "CARD_BALANCE_MEAN": ("mean", balance),
        "CARD_LIMIT_MAX": ("max", limit),
        "CARD_CASH_TOTAL": ("sum", _value("AMT_DRAWINGS_ATM_CURRENT")),
        "CARD_DRAWN_TOTAL": ("sum", drawn),
        "CARD_DRAWN_LIMIT": ("mean", _ratio(drawn, limit)),
        "CARD_CASH_COUNT_MEAN": ("mean", _value("CNT_DRAWINGS_ATM_CURRENT")),
        "CARD_DRAWINGS_MEAN": ("mean", _value("CNT_DRAWINGS_CURRENT")),
        "CARD_MINIMUM_TOTAL": ("sum", _value("AMT_INST_MIN_REGULARITY")),
        "CARD_PAID_TOTAL": ("sum", paid),
        "CARD_BALANCE_TOTAL": ("sum", balance),
        "CARD_LATE_SHARE": ("mean", late),
    }


CARD_SHARES = {
    "CARD_CASH_SHARE": ("CARD_CASH_TOTAL", "CARD_DRAWN_TOTAL"),
    "CARD_PAID_MINIMUM": ("CARD_PAID_TOTAL", "CARD_MINIMUM_TOTAL"),
    "CARD_PAID_BALANCE": ("CARD_PAID_TOTAL", "CARD_BALANCE_TOTAL"),
    "CARD_PAID_DRAWN": ("CARD_PAID_TOTAL", "CARD_DRAWN_TOTAL"),
}


def _value(name: str) -> nw.Expr:
    return nw.col(name).cast(nw.Float64)


def _is(name: str, value: str) -> nw.Expr:
    return nw.col(name) == value


def _flag(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


def _only(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(value)


def _ratio(above: nw.Expr, below: nw.Expr) -> nw.Expr:
    """Divide; missing (rather than infinite) where the divisor is zero."""
    return above / nw.when(below != 0).then(below)
