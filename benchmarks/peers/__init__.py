"""The peers that need an environment of their own, measured as Limpide is: ``--peers``."""
