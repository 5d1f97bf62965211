"""The plain HTTP side: session, API, errors."""
