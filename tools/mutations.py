"""What could stand in a module instead of what stands there: one operator, constant, condition or statement at a time.

Left alone are annotations, docstrings, decorators, what only we can cause (assertions) and the words of messages.
"""

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

OPERATORS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"), ast.And: ("and", "or"), ast.Or: ("or", "and"),
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "//"), ast.Div: ("/", "*"), ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"), ast.Pow: ("**", "*"), ast.LShift: ("<<", ">>"), ast.RShift: (">>", "<<"),
    ast.BitOr: ("|", "&"), ast.BitAnd: ("&", "|"), ast.BitXor: ("^", "&"),
}  # fmt: skip
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
LEFT_ALONE = {"annotation", "returns", "decorator_list"}
Edit = tuple[int, int, str]  # from, to (bytes of the file), what stands there instead


class Row(NamedTuple):
    """What a mutant says, wherever its lines stand."""

    room: str
    function: str  # with its class; - outside of all
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.room} {self.function}\n- {self.before}\n+ {self.after}"


@dataclass(frozen=True)
class Mutant:
    """One change to one module; `text` is the whole of it afterwards."""

    path: str
    line: int
    row: Row
    text: bytes


class Module:
    """A module's text, and what could stand in it instead."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.starts = [0, *accumulate(map(len, text.splitlines(keepends=True)))]

    def edits(self) -> Iterator[tuple[str, Edit]]:
        """Every change, with the function around it."""
        for node, function in parts(ast.parse(self.text)):
            if not function and (isinstance(node, ast.AugAssign) or isinstance(getattr(node, "op", None), ast.BitOr)):
                continue  # `__all__` gets longer, or types are united
            for edit in (*self.operators(node), *self.words(node), *self.statements(node)):
                yield function, edit

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node stands."""
        assert isinstance(node, ast.expr | ast.stmt)
        start, end = self.starts[node.lineno - 1], self.starts[(node.end_lineno or 0) - 1]
        return start + node.col_offset, end + (node.end_col_offset or 0)

    def operators(self, node: ast.AST) -> Iterator[Edit]:
        """Another comparison, another arithmetic, `and` for `or`."""
        pairs: list[tuple[ast.AST, ast.AST, ast.AST]] = []
        match node:
            case ast.Compare(left=left, ops=ops, comparators=rights):
                pairs = [(op, *pair) for op, pair in zip(ops, pairwise([left, *rights]), strict=True)]
            case ast.BinOp():
                pairs = [(node.op, node.left, node.right)]
            case ast.AugAssign():
                pairs = [(node.op, node.target, node.value)]
            case ast.BoolOp():
                pairs = [(node.op, *pair) for pair in pairwise(node.values)]
        for operator, before, after in pairs:
            old, new = OPERATORS[type(operator)]
            start, end = self.span(before)[1], self.span(after)[0]
            yield start, end, self.text[start:end].decode().replace(old, new, 1)

    def words(self, node: ast.AST) -> Iterator[Edit]:
        """Another constant, a sign or `not` left out, a condition that always or never holds."""
        match node:
            case ast.Constant(value=bool() as value):
                yield *self.span(node), str(not value)
            case ast.Constant(value=int() | float() as number):
                yield *self.span(node), repr(number + 1)
            case ast.UnaryOp(op=ast.Not() | ast.USub()):
                start = self.span(node)[0]
                yield start, start + (3 if isinstance(node.op, ast.Not) else 1), ""
            case ast.Call(func=ast.Name(id=name)) if name in CALLS:
                yield *self.span(node.func), CALLS[name]
            case ast.If(test=test) | ast.IfExp(test=test):
                yield *self.span(test), "True"
                yield *self.span(test), "False"
            case ast.While(test=test):
                yield *self.span(test), "False"
            case ast.comprehension(ifs=tests):
                yield from ((*self.span(test), "True") for test in tests)

    def statements(self, node: ast.AST) -> Iterator[Edit]:
        """Another end of a round of a loop, nothing returned, a statement left out."""
        match node:
            case ast.Continue():
                yield *self.span(node), "break"
            case ast.Break():
                yield *self.span(node), "continue"
            case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
                yield *self.span(value), "None"
            case ast.Expr(value=ast.Constant()):  # a docstring
                return
            case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete():
                yield *self.span(node), "pass"
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
                yield *self.span(node), "pass"


def parts(node: ast.AST, function: str = "") -> Iterator[tuple[ast.AST, str]]:
    """A node and all below it that may be changed, each with the names of the class and function around it."""
    yield node, function
    if isinstance(node, ast.Assert | ast.Raise | ast.JoinedStr):
        return
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        function = f"{function}.{node.name}".lstrip(".")
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name not in LEFT_ALONE:
                yield from parts(child, function)


def mutants(root: Path, path: Path) -> Iterator[Mutant]:
    """Every mutant of a module below the root."""
    text = path.read_bytes()
    for function, (start, end, new) in Module(text).edits():
        first, last = text.rfind(b"\n", 0, start) + 1, text.find(b"\n", end)
        before, after = text[first:last], text[first:start] + new.encode() + text[end:last]
        said = [" ".join(lines.decode().split()) for lines in (before, after)]
        row = Row(path.parent.name, function or "-", said[0], said[1])
        line = text.count(b"\n", 0, start) + 1
        yield Mutant(path.relative_to(root).as_posix(), line, row, text[:start] + new.encode() + text[end:])


def drawn(found: list[Mutant], seed: int, count: int) -> list[Mutant]:
    """As many of them, chosen by what they say, so that they stay the same while modules move."""
    return sorted(found, key=lambda each: random.Random(f"{seed}\n{each.row}").random())[:count]
