-- The tables of a CRM export: proposals made to prospects, and the offers that they took.
-- A date of birth is not kept: the age on the day of the proposal is.

CREATE TABLE prospect (
    IDKPEP BIGINT PRIMARY KEY
);

CREATE TABLE offer (
    OFFRE VARCHAR PRIMARY KEY,
    GAMME VARCHAR NOT NULL,
    LIBELLE VARCHAR
);

-- One row per proposal. ACCEPTEE: 1 = accepted, 0 = refused, NULL = not answered yet.
CREATE TABLE proposal (
    IDPAL               BIGINT  PRIMARY KEY,
    IDKPEP              BIGINT  NOT NULL REFERENCES prospect (IDKPEP),
    ACCEPTEE            BIGINT  CHECK (ACCEPTEE IN (0, 1)),
    OFFRE               VARCHAR REFERENCES offer (OFFRE),
    ANNEE               BIGINT  NOT NULL CHECK (ANNEE BETWEEN 2000 AND 2100),
    MOIS                BIGINT  NOT NULL CHECK (MOIS BETWEEN 1 AND 12),
    SEXE                VARCHAR NOT NULL,
    CIVILITE            VARCHAR,
    SITUATION_FAMILIALE VARCHAR NOT NULL,
    AGE                 BIGINT  NOT NULL CHECK (AGE BETWEEN 18 AND 100),
    DEPARTEMENT         VARCHAR,
    CANAL_ORIGINE       VARCHAR,
    ORIGINE             VARCHAR,
    GAMME_PROPOSITION   VARCHAR NOT NULL,
    ADHERENT            VARCHAR,
    STATUT_ASSURE_RO    BIGINT  CHECK (STATUT_ASSURE_RO IN (0, 1)),
    STATUT_ASSURE_RC    BIGINT  CHECK (STATUT_ASSURE_RC IN (0, 1))
);
