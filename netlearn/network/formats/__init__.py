"""Networks in the files that people have, each form in a module of its own.

Every form becomes one `Table`: rows for nodes and for edges, with the keys of node-link JSON. What follows from a
table (names, places, metrics, directions, parallel links) is the same for all of them, and `assemble` does it.
`content` tells the forms apart, by what a file holds and never by its name.
"""
