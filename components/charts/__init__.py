"""Figures drawn in HTML and CSS, or as plotly dictionaries: numbers in, a drawing out."""
