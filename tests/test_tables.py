"""What a cell has found, as a table in words."""

from netlearn.drawing import Table


def test_a_table_says_numbers_lists_and_nothing_in_words() -> None:
    found = {"R1": 65536, "R2": ("R4", "R7"), "R3": frozenset({"b", "a"}), "R4": ()}
    assert str(Table(found, ("Router", "What"))) == (
        "Router  What\nR1      65,536\nR2      R4 and R7\nR3      a and b\nR4      –"
    )


def test_under_more_heads_a_value_has_a_thing_for_each_column() -> None:
    assert str(Table({"R1": (2, True)}, ("Router", "Sum", "Near"))) == "Router  Sum  Near\nR1      2    True"


def test_in_a_page_a_table_has_heads_for_columns_and_rows_and_escapes_names() -> None:
    shown = Table({"<R1>": "a & b"}, ("Router", "What"))._repr_html_()
    assert '<th scope="col">What</th>' in shown
    assert '<th scope="row">&lt;R1&gt;</th><td>a &amp; b</td>' in shown


def test_a_table_of_nothing_has_its_heads() -> None:
    assert str(Table({}, ("Router", "What"))) == "Router  What"
