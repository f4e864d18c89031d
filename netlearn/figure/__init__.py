"""Figures as values: the drawing of a network, and what each interactive figure shows for what the reader set.

Everything here is pure: text goes out, nothing is displayed. `netlearn.widgets` gives the figures to Jupyter, the
static site gives them to a page, and both show what the functions here return.
"""
