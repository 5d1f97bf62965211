"""Where things lie: portfolios, banks, the demo generator and backups. All SQL is here."""
