"""What is seen: the shell, words and numbers in two languages, cards, charts."""
