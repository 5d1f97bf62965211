"""What is known: numbers in, numbers out. No Dash, no Flask, no words for the reader."""
