"""What is made of a proposal: the region that its department lies in."""

import narwhals as nw

REGIONS: dict[str, tuple[str, ...]] = {
    "AUVERGNE-RHONE-ALPES": ("01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"),
    "BOURGOGNE-FRANCHE-COMTE": ("21", "25", "39", "58", "70", "71", "89", "90"),
    "BRETAGNE": ("22", "29", "35", "56"),
    "CENTRE-VAL DE LOIRE": ("18", "28", "36", "37", "41", "45"),
    "CORSE": ("2A", "2B"),
    "GRAND EST": ("08", "10", "51", "52", "54", "55", "57", "67", "68", "88"),
    "GUADELOUPE": ("971",),
    "GUYANE": ("973",),
    "HAUTS-DE-FRANCE": ("02", "59", "60", "62", "80"),
    "ILE-DE-FRANCE": ("75", "77", "78", "91", "92", "93", "94", "95"),
    "LA REUNION": ("974",),
    "MARTINIQUE": ("972",),
    "MAYOTTE": ("976",),
    "NORMANDIE": ("14", "27", "50", "61", "76"),
    "NOUVELLE-AQUITAINE": ("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87"),
    "OCCITANIE": ("09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82"),
    "PAYS DE LA LOIRE": ("44", "49", "53", "72", "85"),
    "PROVENCE-ALPES-COTE D'AZUR": ("04", "05", "06", "13", "83", "84"),
}
# Spreadsheets take the first zero away; Corsica had one number until 1976 and keeps it in post codes.
_ALSO = {"20": "CORSE"} | {
    code[1]: region for region, codes in REGIONS.items() for code in codes if code[0] == "0"
}
_REGION = {code: region for region, codes in REGIONS.items() for code in codes} | _ALSO


def history(tables: dict[str, nw.LazyFrame]) -> nw.LazyFrame:
    """Return the proposals as they are: there are no tables below them."""
    return tables["clients"]


def applicant(frame: nw.LazyFrame) -> nw.LazyFrame:
    """Add the made columns, row by row; works on any engine that Narwhals reads."""
    region = nw.lit(None, dtype=nw.String)
    for name, codes in _by_region().items():
        region = nw.when(nw.col("DEPARTEMENT").is_in(codes)).then(nw.lit(name)).otherwise(region)
    return frame.with_columns(REGION=region)


def _by_region() -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for code, region in _REGION.items():
        codes.setdefault(region, []).append(code)
    return codes
