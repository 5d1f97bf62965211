"""What a credit person would check: amounts that add up, dates in order, one story in all tables."""

import polars as pl

NEVER = 365_243
col = pl.col


class TestApplications:
    def test_pensioners_have_no_employer_and_the_others_have_worked_less_than_they_are_adults(self, bank):
        frame = bank["application"]
        retired = frame.filter(col("NAME_INCOME_TYPE") == "Pensioner")
        assert retired.height > 400
        assert (retired["DAYS_EMPLOYED"] == NEVER).all()
        assert (retired["ORGANIZATION_TYPE"] == "XNA").all()
        assert retired["OCCUPATION_TYPE"].null_count() == len(retired)
        assert (retired["FLAG_EMP_PHONE"] == 0).all()
        working = frame.filter(col("NAME_INCOME_TYPE") != "Pensioner")
        assert working["DAYS_EMPLOYED"].max() < 0
        assert (working["DAYS_EMPLOYED"] - working["DAYS_BIRTH"]).min() >= 17.9 * 365

    def test_ages_and_dates_are_possible(self, bank):
        frame = bank["application"]
        age = -frame["DAYS_BIRTH"] / 365.25
        assert age.min() > 20
        assert age.max() < 70
        assert (frame["DAYS_REGISTRATION"] >= frame["DAYS_BIRTH"]).all()
        assert ((frame["DAYS_ID_PUBLISH"] - frame["DAYS_BIRTH"]) / 365.25).min() >= 13.9

    def test_the_family_is_counted_with_the_children(self, bank):
        frame = bank["application"]
        adults = frame["CNT_FAM_MEMBERS"] - frame["CNT_CHILDREN"]
        couple = frame["NAME_FAMILY_STATUS"].is_in(["Married", "Civil marriage"])
        assert (adults == couple.cast(pl.Float64) + 1).all()

    def test_only_owners_have_a_car_with_an_age(self, bank):
        frame = bank["application"]
        assert ((frame["FLAG_OWN_CAR"] == "Y") == frame["OWN_CAR_AGE"].is_not_null()).all()

    def test_amounts_hold_together_and_are_round(self, bank):
        frame = bank["application"]
        assert (frame["AMT_CREDIT"] >= frame["AMT_GOODS_PRICE"] - 5).mean() > 0.9
        assert (frame["AMT_CREDIT"] / frame["AMT_ANNUITY"]).is_between(7, 46).all()
        for name in ("AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE", "AMT_INCOME_TOTAL"):
            steps = frame[name] / 4.5
            assert (steps - steps.round()).abs().max() < 1e-6, name
        revolving = frame.filter(col("NAME_CONTRACT_TYPE") == "Revolving loans")
        assert (revolving["AMT_CREDIT"] == revolving["AMT_GOODS_PRICE"]).all()

    def test_the_circle_never_has_more_defaults_than_people(self, bank):
        frame = bank["application"].drop_nulls("OBS_30_CNT_SOCIAL_CIRCLE")
        for days in (30, 60):
            seen, bad = (frame[f"{kind}_{days}_CNT_SOCIAL_CIRCLE"] for kind in ("OBS", "DEF"))
            assert (bad <= seen).all()
        assert (frame["DEF_60_CNT_SOCIAL_CIRCLE"] <= frame["DEF_30_CNT_SOCIAL_CIRCLE"]).all()

    def test_the_three_figures_of_a_building_are_missing_together(self, bank):
        frame = bank["application"]
        for name in ("APARTMENTS", "FLOORSMAX", "LANDAREA"):
            average, mode, median = (frame[f"{name}_{kind}"] for kind in ("AVG", "MODE", "MEDI"))
            assert (average.is_null() == mode.is_null()).all()
            assert (average.is_null() == median.is_null()).all()


class TestLoansElsewhere:
    def test_closed_loans_have_ended_and_are_repaid(self, bank):
        closed = bank["bureau"].filter(col("CREDIT_ACTIVE") == "Closed")
        assert closed["DAYS_ENDDATE_FACT"].null_count() == 0
        assert (closed["DAYS_ENDDATE_FACT"] < 0).all()
        assert (closed["DAYS_ENDDATE_FACT"] >= closed["DAYS_CREDIT"]).all()
        assert closed["AMT_CREDIT_SUM_DEBT"].drop_nulls().max() == 0

    def test_debts_mostly_stay_below_the_credit(self, bank):
        active = bank["bureau"].filter((col("CREDIT_ACTIVE") == "Active") & (col("AMT_CREDIT_SUM") > 0))
        share = (active["AMT_CREDIT_SUM_DEBT"] / active["AMT_CREDIT_SUM"]).drop_nulls()
        assert (share <= 1.02).mean() > 0.97
        assert 0.2 < share.median() < 0.8

    def test_months_run_without_a_gap_from_the_opening_and_turn_to_closed(self, bank):
        months = bank["bureau_balance"].join(bank["bureau"], on="SK_ID_BUREAU")
        spans = months.group_by("SK_ID_BUREAU").agg(
            first=col("MONTHS_BALANCE").min(),
            last=col("MONTHS_BALANCE").max(),
            rows=pl.len(),
            opened=col("DAYS_CREDIT").first(),
        )
        assert (spans["last"] - spans["first"] + 1 == spans["rows"]).all()
        assert (spans["first"] - spans["opened"] / 30.4375).is_between(-0.1, 1.1).all()
        after = months.filter(col("STATUS") == "C")
        assert (after["CREDIT_ACTIVE"] == "Closed").all()
        assert (after["MONTHS_BALANCE"] * 30.4375 >= after["DAYS_ENDDATE_FACT"] - 31).all()


class TestLoansHere:
    def test_annuities_repay_the_credit_at_a_plausible_rate(self, loans):
        paid = loans["AMT_ANNUITY"] * loans["CNT_PAYMENT"] / loans["AMT_CREDIT"]
        assert paid.is_between(1.0, 4.5).all()
        assert 1.15 < paid.median() < 1.35

    def test_what_was_never_agreed_has_no_terms(self, bank):
        drafts = bank["previous_application"].filter(col("NAME_PORTFOLIO") == "XNA")
        assert drafts["AMT_ANNUITY"].null_count() == len(drafts)
        refused = bank["previous_application"].filter(col("NAME_CONTRACT_STATUS") != "Approved")
        assert refused["DAYS_FIRST_DUE"].null_count() == len(refused)
        reason = bank["previous_application"]["CODE_REJECT_REASON"] != "XAP"
        turned_down = bank["previous_application"]["NAME_CONTRACT_STATUS"].is_in(["Refused", "Unused offer"])
        assert (reason == turned_down).all()

    def test_clients_come_for_goods_first_but_for_old_cards_and_are_new_then(self, bank):
        rows = bank["previous_application"].sort("SK_ID_CURR", "DAYS_DECISION")
        goods = rows.filter((col("NAME_CONTRACT_TYPE") == "Consumer loans").any().over("SK_ID_CURR"))
        first = goods.group_by("SK_ID_CURR", maintain_order=True).first()
        first = first.filter(col("NAME_CONTRACT_TYPE") != "Revolving loans")
        assert (first["NAME_CONTRACT_TYPE"] == "Consumer loans").all()
        assert (first["NAME_CLIENT_TYPE"] == "New").mean() > 0.8
        cross_sold = rows.filter(col("NAME_PRODUCT_TYPE") == "x-sell")
        assert (cross_sold["NAME_CLIENT_TYPE"] != "New").all()

    def test_what_was_agreed_has_an_amount(self, bank):
        agreed = bank["previous_application"].filter(col("NAME_PORTFOLIO").is_in(["POS", "Cash"]))
        assert agreed["AMT_APPLICATION"].min() > 0
        assert agreed["AMT_CREDIT"].min() > 0
        assert agreed["AMT_ANNUITY"].min() > 0

    def test_instalments_are_numbered_from_one_and_paid_parts_add_up_to_what_was_due(self, bank, loans):
        paid = bank["installments_payments"].filter(col("NUM_INSTALMENT_VERSION") > 0)
        dues = paid.group_by("SK_ID_PREV", "NUM_INSTALMENT_NUMBER").agg(
            due=col("AMT_INSTALMENT").first(),
            day=col("DAYS_INSTALMENT").first(),
            sum=col("AMT_PAYMENT").sum(),
            waiting=col("AMT_PAYMENT").null_count(),
        )
        settled = dues.filter(col("waiting") == 0)
        assert (settled["due"] - settled["sum"]).abs().max() < 0.01
        assert dues.filter(col("waiting") > 0).height < 0.01 * len(dues)
        numbers = dues.group_by("SK_ID_PREV").agg(n=pl.len(), last=col("NUM_INSTALMENT_NUMBER").max())
        assert (numbers["n"] == numbers["last"]).all()
        dated = dues.join(loans, on="SK_ID_PREV")
        assert (dated["day"] == dated["DAYS_FIRST_DUE"] + 30 * (dated["NUM_INSTALMENT_NUMBER"] - 1)).all()

    def test_regular_instalments_are_the_annuity(self, bank, loans):
        paid = bank["installments_payments"].join(loans, on="SK_ID_PREV")
        regular = paid.filter(
            (col("NUM_INSTALMENT_VERSION") == 1) & (col("NUM_INSTALMENT_NUMBER") < col("CNT_PAYMENT"))
        )
        assert (regular["AMT_INSTALMENT"] - regular["AMT_ANNUITY"]).abs().max() < 0.01

    def test_instalments_to_come_only_go_down(self, bank):
        months = bank["POS_CASH_balance"].sort("SK_ID_PREV", "MONTHS_BALANCE")
        steps = months.select(col("CNT_INSTALMENT_FUTURE").diff().over("SK_ID_PREV")).to_series()
        assert steps.drop_nulls().max() <= 0
        assert (months["CNT_INSTALMENT_FUTURE"] <= months["CNT_INSTALMENT"]).all()

    def test_months_are_past_due_only_where_instalments_are_late_or_forgotten(self, bank):
        delay = col("DAYS_ENTRY_PAYMENT") - col("DAYS_INSTALMENT")
        late = bank["installments_payments"].filter(delay > 0).select("SK_ID_PREV").unique()
        due = bank["POS_CASH_balance"].filter((col("SK_DPD") > 0) & (col("CNT_INSTALMENT_FUTURE") > 0))
        unpaid = bank["installments_payments"].filter(col("AMT_PAYMENT").is_null()).select("SK_ID_PREV")
        explained = pl.concat([late, unpaid]).unique()
        assert due.height > 0
        assert due.join(explained, on="SK_ID_PREV", how="anti").is_empty()


class TestCards:
    def test_the_balance_adds_up_month_by_month(self, bank):
        months = bank["credit_card_balance"].sort("SK_ID_PREV", "MONTHS_BALANCE")
        before = col("AMT_BALANCE").shift(1).over("SK_ID_PREV").fill_null(0)
        moved = before + col("AMT_DRAWINGS_CURRENT") - col("AMT_PAYMENT_TOTAL_CURRENT")
        interest = months.select(
            interest=col("AMT_BALANCE") - moved, principal=col("AMT_RECEIVABLE_PRINCIPAL"), owed=before
        )
        assert interest["interest"].min() > -0.02
        assert (interest["interest"] <= 0.05 * interest["owed"] + 0.02).all()

    def test_drawings_stay_within_the_limit_and_add_up(self, bank):
        months = bank["credit_card_balance"].filter(col("AMT_DRAWINGS_CURRENT") > 0)
        parts = months["AMT_DRAWINGS_ATM_CURRENT"] + months["AMT_DRAWINGS_POS_CURRENT"]
        assert (parts - months["AMT_DRAWINGS_CURRENT"]).abs().max() < 0.01
        assert (months["AMT_DRAWINGS_CURRENT"] <= months["AMT_CREDIT_LIMIT_ACTUAL"] + 0.01).all()
        assert (months["CNT_DRAWINGS_CURRENT"] >= 1).all()
