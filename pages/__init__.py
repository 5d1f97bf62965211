"""One file is one address: registration, layout, and its callbacks at the foot."""
