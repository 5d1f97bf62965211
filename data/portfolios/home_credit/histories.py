"""One row per client out of the child tables: credits elsewhere, past requests, card.

Each column can be told to a client in one sentence. A total or a count is 0 for a client
whose table was collected and holds no row of theirs; anything else is then missing, and
everything is missing where the table was not collected.

Narwhals only, so that the same text runs on DuckDB, Polars, pandas and PySpark: a feature
is the value of each row, then how to aggregate it by client (lazy engines take no filter
inside an aggregation, hence ``when``). All values are floats, so that no engine's integer
sums or divisions differ, and no feature depends on the order of the rows.
"""

import narwhals as nw

ID, LOAN, PREVIOUS = "SK_ID_CURR", "SK_ID_BUREAU", "SK_ID_PREV"
# The source writes this many days (a thousand years) for "no date".
NO_DATE = 365243


def history(tables):
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
        by_client = _aggregate(rows, features).select(
            nw.all(), **{name: _ratio(nw.col(above), nw.col(below)) for name, (above, below) in shares.items()}
        )
        frame = frame.join(by_client, on=ID, how="left").with_columns(
            *(_where_collected(table, name, features.get(name, ("",))[0]) for name in (*features, *shares))
        )
    return frame


def _recipes(tables):
    """Rows, features (how to aggregate, what) and ratios of two features, table by table."""
    return {
        "bureau": (tables["bureau"], _bureau(), BUREAU_SHARES),
        "bureau_balance": (_bureau_months(tables), _bureau_balance(), {}),
        "previous_application": (tables["previous_application"], _previous(), {}),
        "POS_CASH_balance": (tables["POS_CASH_balance"], _instalment_loans(), {}),
        "installments_payments": (tables["installments_payments"], _payments(), PAYMENT_SHARES),
        "credit_card_balance": (tables["credit_card_balance"], _card(), CARD_SHARES),
    }


def _aggregate(rows, features):
    values = rows.select(nw.col(ID), **{name: value for name, (_, value) in features.items()})
    return values.group_by(ID).agg(
        *(getattr(nw.col(name), how)().alias(name) for name, (how, _) in features.items())
    )


def _where_collected(table, name, how):
    """A sum over no row is 0, but only if the rows were looked for."""
    value = nw.col(name).fill_null(0.0) if how == "sum" else nw.col(name)
    return nw.when(nw.col(table)).then(value).alias(name)


def _bureau():
    """Credits that other lenders report."""
    active, closed = _is("CREDIT_ACTIVE", "Active"), _is("CREDIT_ACTIVE", "Closed")
    card = _is("CREDIT_TYPE", "Credit card")
    started, end = _value("DAYS_CREDIT"), _value("DAYS_CREDIT_ENDDATE")
    credit, debt = _value("AMT_CREDIT_SUM"), _value("AMT_CREDIT_SUM_DEBT")
    return {
        "BUREAU_COUNT": ("sum", nw.lit(1.0)),
        "BUREAU_ACTIVE_COUNT": ("sum", _flag(active)),
        "BUREAU_ACTIVE_SHARE": ("mean", _flag(active)),
        "BUREAU_RECENT_COUNT": ("sum", _flag(started >= -365)),
        "BUREAU_DAYS_LAST": ("max", started),
        "BUREAU_DAYS_FIRST": ("min", started),
        "BUREAU_DAYS_MEAN": ("mean", started),
        "BUREAU_ACTIVE_DAYS_LAST": ("max", _only(active, started)),
        "BUREAU_ACTIVE_DAYS_MEAN": ("mean", _only(active, started)),
        "BUREAU_CLOSED_DAYS_LAST": ("max", _only(closed, started)),
        "BUREAU_END_LAST": ("max", end),
        "BUREAU_ACTIVE_END_MEAN": ("mean", _only(active, end)),
        "BUREAU_EARLY_MEAN": ("mean", end - _value("DAYS_ENDDATE_FACT")),
        "BUREAU_UPDATED_MEAN": ("mean", _value("DAYS_CREDIT_UPDATE")),
        "BUREAU_CREDIT_TOTAL": ("sum", credit),
        "BUREAU_CREDIT_MAX": ("max", credit),
        "BUREAU_CREDIT_MEAN": ("mean", credit),
        "BUREAU_ACTIVE_CREDIT": ("sum", _only(active, credit)),
        "BUREAU_ACTIVE_DEBT": ("sum", _only(active, debt)),
        "BUREAU_DEBT": ("sum", debt),
        "BUREAU_DEBT_MEAN": ("mean", debt),
        "BUREAU_CARD_DEBT": ("sum", _only(active & card, debt)),
        "BUREAU_CARD_LIMIT": ("sum", _only(active & card, credit)),
        "BUREAU_ANNUITY": ("sum", _only(active, _value("AMT_ANNUITY"))),
        "BUREAU_OVERDUE": ("sum", _value("AMT_CREDIT_SUM_OVERDUE")),
        "BUREAU_OVERDUE_MAX_MEAN": ("mean", _value("AMT_CREDIT_MAX_OVERDUE")),
        "BUREAU_OVERDUE_DAYS_MAX": ("max", _value("CREDIT_DAY_OVERDUE")),
        "BUREAU_PROLONGED": ("sum", _value("CNT_CREDIT_PROLONG")),
        "BUREAU_CARD_SHARE": ("mean", _flag(card)),
        "BUREAU_MICRO_SHARE": ("mean", _flag(_is("CREDIT_TYPE", "Microloan"))),
        "BUREAU_MORTGAGE_SHARE": ("mean", _flag(_is("CREDIT_TYPE", "Mortgage"))),
        "BUREAU_CAR_SHARE": ("mean", _flag(_is("CREDIT_TYPE", "Car loan"))),
    }


BUREAU_SHARES = {
    "BUREAU_DEBT_SHARE": ("BUREAU_DEBT", "BUREAU_CREDIT_TOTAL"),
    "BUREAU_ACTIVE_DEBT_SHARE": ("BUREAU_ACTIVE_DEBT", "BUREAU_ACTIVE_CREDIT"),
    "BUREAU_CARD_USE": ("BUREAU_CARD_DEBT", "BUREAU_CARD_LIMIT"),
}


def _bureau_months(tables):
    """Monthly statements of the loans elsewhere, each with its client."""
    loans = tables["bureau"].select(nw.col(LOAN), nw.col(ID))
    return tables["bureau_balance"].join(loans, on=LOAN, how="inner")


def _bureau_balance():
    status, month = nw.col("STATUS"), nw.col("MONTHS_BALANCE")
    running = status.is_in(["0", "1", "2", "3", "4", "5"])
    late = _only(running, _flag(status.is_in(["1", "2", "3", "4", "5"])))
    worst = _flag(status == "1")
    for degree in range(2, 6):
        worst = worst + degree * _flag(status == str(degree))
    return {
        "BUREAU_MONTHS": ("sum", nw.lit(1.0)),
        "BUREAU_LATE_MONTHS": ("sum", late),
        "BUREAU_LATE_SHARE": ("mean", late),
        "BUREAU_LATE_SHARE_12": ("mean", _only(month >= -12, late)),
        "BUREAU_LATE_SHARE_24": ("mean", _only(month >= -24, late)),
        "BUREAU_WORST_STATUS": ("max", worst),
        "BUREAU_CLOSED_MONTHS_SHARE": ("mean", _flag(status == "C")),
        "BUREAU_UNKNOWN_MONTHS_SHARE": ("mean", _flag(status == "X")),
    }


def _previous():
    """Requests already made to this lender."""
    approved, refused = _is("NAME_CONTRACT_STATUS", "Approved"), _is("NAME_CONTRACT_STATUS", "Refused")
    decided, last = _value("DAYS_DECISION"), nw.col("DAYS_DECISION").max().over(ID)
    annuity, credit, term = _value("AMT_ANNUITY"), _value("AMT_CREDIT"), _value("CNT_PAYMENT")
    yields = nw.col("NAME_YIELD_GROUP")
    end = nw.col("DAYS_TERMINATION")
    cost = _only(approved, _ratio(annuity * term, credit))
    return {
        "PREV_COUNT": ("sum", nw.lit(1.0)),
        "PREV_REFUSED_COUNT": ("sum", _flag(refused)),
        "PREV_APPROVED_SHARE": ("mean", _flag(approved)),
        "PREV_REFUSED_SHARE": ("mean", _flag(refused)),
        "PREV_CANCELLED_SHARE": ("mean", _flag(_is("NAME_CONTRACT_STATUS", "Canceled"))),
        "PREV_REFUSED_RECENT": ("sum", _flag(refused & (decided >= -365))),
        "PREV_LAST_REFUSED": ("max", _only(decided == last, _flag(refused))),
        "PREV_SCORE_REFUSED_SHARE": ("mean", _flag(nw.col("CODE_REJECT_REASON").is_in(["SCO", "SCOFR"]))),
        "PREV_LIMIT_REFUSED_SHARE": ("mean", _flag(_is("CODE_REJECT_REASON", "LIMIT"))),
        "PREV_DAYS_LAST": ("max", decided),
        "PREV_DAYS_MEAN": ("mean", decided),
        "PREV_APPROVED_DAYS_LAST": ("max", _only(approved, decided)),
        "PREV_APPROVED_DAYS_FIRST": ("min", _only(approved, decided)),
        "PREV_REFUSED_DAYS_LAST": ("max", _only(refused, decided)),
        "PREV_END_LAST": ("max", _only(end < NO_DATE, _value("DAYS_TERMINATION"))),
        "PREV_ASKED_GRANTED": ("mean", _ratio(_value("AMT_APPLICATION"), credit)),
        "PREV_DOWN_PAYMENT_MEAN": ("mean", _only(approved, _value("RATE_DOWN_PAYMENT"))),
        "PREV_DOWN_PAYMENT_MAX": ("max", _value("RATE_DOWN_PAYMENT")),
        "PREV_ANNUITY_MEAN": ("mean", _only(approved, annuity)),
        "PREV_ANNUITY_MAX": ("max", _only(approved, annuity)),
        "PREV_CREDIT_MAX": ("max", _only(approved, credit)),
        "PREV_TERM_MEAN": ("mean", _only(approved, term)),
        "PREV_COST_MEAN": ("mean", cost),
        "PREV_COST_MAX": ("max", cost),
        "PREV_HIGH_RATE_SHARE": ("mean", _flag(yields == "high")),
        "PREV_LOW_RATE_SHARE": ("mean", _flag(yields == "low_normal")),
        "PREV_PROMOTION_SHARE": ("mean", _flag(yields == "low_action")),
        "PREV_CARD_SHARE": ("mean", _flag(_is("NAME_CONTRACT_TYPE", "Revolving loans"))),
        "PREV_GOODS_SHARE": ("mean", _flag(_is("NAME_CONTRACT_TYPE", "Consumer loans"))),
        "PREV_WALK_IN_SHARE": ("mean", _flag(_is("NAME_PRODUCT_TYPE", "walk-in"))),
        "PREV_INSURED_SHARE": ("mean", _value("NFLAG_INSURED_ON_APPROVAL")),
    }


def _instalment_loans():
    """Monthly statements of the loans repaid by instalments to this lender."""
    month, days_late = nw.col("MONTHS_BALANCE"), _value("SK_DPD_DEF")
    late = _flag(_value("SK_DPD") > 0)
    left = _ratio(_value("CNT_INSTALMENT_FUTURE"), _value("CNT_INSTALMENT"))
    latest = month == month.max().over(ID)
    return {
        "POS_MONTHS": ("sum", nw.lit(1.0)),
        "POS_MONTH_LAST": ("max", _value("MONTHS_BALANCE")),
        "POS_LATE_SHARE": ("mean", late),
        "POS_LATE_SHARE_12": ("mean", _only(month >= -12, late)),
        "POS_LATE_DAYS_MAX": ("max", _value("SK_DPD")),
        "POS_LATE_DAYS_MEAN": ("mean", days_late),
        "POS_SERIOUS_LATE_MAX": ("max", days_late),
        "POS_COMPLETED_SHARE": ("mean", _flag(_is("NAME_CONTRACT_STATUS", "Completed"))),
        "POS_LEFT": ("sum", _only(latest, _value("CNT_INSTALMENT_FUTURE"))),
        "POS_LEFT_SHARE": ("mean", _only(latest, left)),
    }


def _payments():
    """Instalments paid to this lender."""
    due, paid = _value("AMT_INSTALMENT"), _value("AMT_PAYMENT")
    days = _value("DAYS_ENTRY_PAYMENT") - _value("DAYS_INSTALMENT")
    days_late = nw.when(days > 0).then(days).otherwise(days * 0.0)
    late = _only(~days.is_null(), _flag(days > 0))
    recent = nw.col("DAYS_INSTALMENT") >= -365
    return {
        "PAID_COUNT": ("sum", nw.lit(1.0)),
        "PAID_LATE_SHARE": ("mean", late),
        "PAID_LATE_SHARE_12": ("mean", _only(recent, late)),
        "PAID_LATE_DAYS_MEAN": ("mean", days_late),
        "PAID_LATE_DAYS_MAX": ("max", days_late),
        "PAID_LARGEST": ("max", due),
        "PAID_DUE_TOTAL": ("sum", due),
        "PAID_TOTAL": ("sum", paid),
        "PAID_PARTIAL_SHARE": ("mean", _flag(paid < due)),
    }


PAYMENT_SHARES = {"PAID_DUE_SHARE": ("PAID_TOTAL", "PAID_DUE_TOTAL")}


def _card():
    """Monthly statements of the cards held with this lender."""
    month, balance, limit = nw.col("MONTHS_BALANCE"), _value("AMT_BALANCE"), _value("AMT_CREDIT_LIMIT_ACTUAL")
    used, late = _ratio(balance, limit), _flag(_value("SK_DPD") > 0)
    recent = month >= -12
    return {
        "CARD_MONTHS": ("sum", nw.lit(1.0)),
        "CARD_MONTH_FIRST": ("min", _value("MONTHS_BALANCE")),
        "CARD_USE_MEAN": ("mean", used),
        "CARD_USE_MAX": ("max", used),
        "CARD_USE_12": ("mean", _only(recent, used)),
        "CARD_BALANCE_MEAN": ("mean", balance),
        "CARD_BALANCE_MAX": ("max", balance),
        "CARD_LIMIT_MAX": ("max", limit),
        "CARD_CASH_TOTAL": ("sum", _value("AMT_DRAWINGS_ATM_CURRENT")),
        "CARD_DRAWN_TOTAL": ("sum", _value("AMT_DRAWINGS_CURRENT")),
        "CARD_CASH_COUNT_MEAN": ("mean", _value("CNT_DRAWINGS_ATM_CURRENT")),
        "CARD_DRAWINGS_MEAN": ("mean", _value("CNT_DRAWINGS_CURRENT")),
        "CARD_DRAWINGS_12": ("mean", _only(recent, _value("CNT_DRAWINGS_CURRENT"))),
        "CARD_MINIMUM_TOTAL": ("sum", _value("AMT_INST_MIN_REGULARITY")),
        "CARD_PAID_TOTAL": ("sum", _value("AMT_PAYMENT_TOTAL_CURRENT")),
        "CARD_LATE_SHARE": ("mean", late),
        "CARD_LATE_SHARE_12": ("mean", _only(recent, late)),
        "CARD_LATE_DAYS_MAX": ("max", _value("SK_DPD")),
        "CARD_ACTIVE_SHARE": ("mean", _flag(_is("NAME_CONTRACT_STATUS", "Active"))),
    }


CARD_SHARES = {
    "CARD_CASH_SHARE": ("CARD_CASH_TOTAL", "CARD_DRAWN_TOTAL"),
    "CARD_PAID_MINIMUM": ("CARD_PAID_TOTAL", "CARD_MINIMUM_TOTAL"),
}


def _value(name):
    return nw.col(name).cast(nw.Float64)


def _is(name, value):
    return nw.col(name) == value


def _flag(condition):
    return nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


def _only(condition, value):
    return nw.when(condition).then(value)


def _ratio(above, below):
    """Divide; missing (rather than infinite) where the divisor is zero."""
    return above / nw.when(below != 0).then(below)
