"""The codes of the CRM: ranges, offers, channels, origins; products are invented, departments are real."""

SANTE_PREVOYANCE = "SANTE PREVOYANCE"
# Ranges with their share of proposals, from those the young are offered to those of the old.
RANGES: dict[str, float] = {
    "SANTE ETUDIANTS": 0.040,
    "SANTE JEUNES ACTIFS": 0.085,
    "SANTE ESSENTIELLE": 0.075,
    "ACCIDENTS DE LA VIE": 0.025,
    "ASSISTANCE": 0.015,
    "EPARGNE": 0.025,
    SANTE_PREVOYANCE: 0.350,
    "SANTE INDEPENDANTS": 0.030,
    "SANTE FAMILLE": 0.070,
    "MAINTIEN DE REVENU": 0.035,
    "SURCOMPLEMENTAIRE": 0.045,
    "PREVOYANCE DECES": 0.030,
    "HOSPITALISATION": 0.025,
    "SANTE CONFORT": 0.055,
    "RETRAITE": 0.020,
    "SANTE SENIORS": 0.045,
    "DEPENDANCE": 0.015,
    "OBSEQUES": 0.015,
}
# Offers of each range that are taken often enough to be learnt, then those that are not.
OFFERS_OF: dict[str, tuple[int, int]] = {
    "SANTE ETUDIANTS": (2, 3),
    "SANTE JEUNES ACTIFS": (2, 4),
    "SANTE ESSENTIELLE": (2, 3),
    "ACCIDENTS DE LA VIE": (1, 3),
    "ASSISTANCE": (1, 2),
    "EPARGNE": (1, 3),
    SANTE_PREVOYANCE: (14, 10),
    "SANTE INDEPENDANTS": (2, 3),
    "SANTE FAMILLE": (2, 4),
    "MAINTIEN DE REVENU": (2, 2),
    "SURCOMPLEMENTAIRE": (2, 3),
    "PREVOYANCE DECES": (1, 4),
    "HOSPITALISATION": (1, 3),
    "SANTE CONFORT": (2, 3),
    "RETRAITE": (1, 2),
    "SANTE SENIORS": (2, 3),
    "DEPENDANCE": (1, 2),
    "OBSEQUES": (1, 3),
}
# The offers named in the source, all taken to be of the largest range.
NAMED = ("K00034", "K00059", "K00044")

FACE_TO_FACE, TELEPHONE, MAIL = "FACE A FACE", "TELEPHONE", "COURRIER"
CHANNELS: dict[str, float] = {
    "INTERNET": 0.09,
    "E-MAIL": 0.06,
    FACE_TO_FACE: 0.80,
    TELEPHONE: 0.035,
    MAIL: 0.015,
}
CAMPAIGN = "CAMPAGNE"
ORIGINS: dict[str, float] = {
    "SITE INTERNET": 0.14,
    "COMPARATEUR": 0.09,
    "RECOMMANDATION": 0.15,
    "AGENCE": 0.31,
    "PARTENAIRE": 0.11,
    CAMPAIGN: 0.10,
    "FICHIER": 0.06,
    "SALON": 0.04,
}
WOMAN, MAN = "F", "M"
MISS, MRS, MR = "MLLE", "MME", "M"
SINGLE = "CELIBATAIRE"
FAMILY: dict[str, float] = {
    SINGLE: 0.30,
    "CONCUBINAGE": 0.09,
    "PACSE": 0.09,
    "MARIE": 0.38,
    "SEPARE": 0.02,
    "DIVORCE": 0.08,
    "VEUF": 0.04,
}
MEMBER, FORMER, NO_MEMBER = "ADHERENT", "ANCIEN ADHERENT", "NON ADHERENT"

ILE_DE_FRANCE = "ILE-DE-FRANCE"
# Inhabitants in thousands, rounded, by department.
INHABITANTS = (
    "01:660 02:530 03:335 04:165 05:140 06:1100 07:330 08:270 09:155 10:310 11:375 12:280 13:2050 14:695 "
    "15:145 16:350 17:660 18:300 19:240 21:535 22:605 23:115 24:415 25:545 26:520 27:600 28:430 29:915 "
    "2A:160 2B:185 30:755 31:1430 32:190 33:1650 34:1200 35:1100 36:217 37:610 38:1280 39:260 40:420 41:328 "
    "42:767 43:228 44:1455 45:683 46:174 47:331 48:77 49:820 50:495 51:565 52:171 53:306 54:732 55:182 "
    "56:765 57:1047 58:202 59:2610 60:829 61:277 62:1462 63:664 64:690 65:230 66:485 67:1150 68:767 69:1890 "
    "70:234 71:550 72:566 73:440 74:840 75:2145 76:1255 77:1440 78:1455 79:375 80:567 81:392 82:262 83:1095 "
    "84:564 85:695 86:439 87:372 88:361 89:334 90:140 91:1310 92:1630 93:1670 94:1415 95:1255 971:383 "
    "972:360 973:287 974:871 976:300"
)


def departments() -> dict[str, int]:
    """Return the inhabitants of each department, in thousands."""
    pairs = (pair.split(":") for pair in INHABITANTS.split())
    return {code: int(thousands) for code, thousands in pairs}


def offers() -> dict[str, tuple[str, ...]]:
    """Return the codes of the offers of each range, the most frequent ones first."""
    free = (code for number in range(1, 101) if (code := f"K{number:05}") not in NAMED)
    found = {}
    for name, (learnt, rare) in OFFERS_OF.items():
        named = NAMED if name == SANTE_PREVOYANCE else ()
        found[name] = named + tuple(next(free) for _ in range(learnt + rare - len(named)))
    return found
