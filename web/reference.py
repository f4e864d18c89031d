"""The book's reference, as a Sphinx extension: pages that say what the library itself says.

Three directives stand in the pages of ``book/library``, each inside a block of ``eval-rst``. ``room`` is all that a
package of the library hands on, from its docstrings; ``command`` a command line with what it prints; ``machine`` the
picture of a table of the library. All of it is made when the book is built, so none of it can be out of date.
"""

import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from enum import Enum
from functools import partial
from importlib import import_module
from inspect import Parameter, Signature, getsource, isclass, isroutine
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import ClassVar

import machines
from docutils import nodes
from docutils.parsers.rst.directives import nonnegative_int
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.inspect import signature, stringify_signature

from netlearn.figures.common.jupyter import Widget
from netlearn.figures.common.live import Figure

# What autodoc is told of each kind, in the order in which a page tells them: what one does, with what, what is fixed.
OPTIONS = {"function": "", "class": "   :members:", "data": "   :no-value:"}
LONGEST = 100  # letters of a command on one line
LONG = 40  # letters of a default beyond which it is shown as the code has it


class Room(SphinxDirective):
    """``.. room:: netlearn.routing``: what the package is for, and every name that it hands on."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        module = import_module(self.arguments[0])
        self.env.note_dependency(str(module.__file__))
        lines = StringList([*told(module)], source=f"<{module.__name__}>")
        told_of = nodes.section()
        told_of.document = self.state.document
        self.state.nested_parse(lines, 0, told_of)
        for line in [*told_of.findall(nodes.paragraph)]:
            what = line.astext()
            if what.startswith("alias of "):  # autodoc's words, in whose code quotation marks would be curled
                line[:] = [nodes.Text("It is "), nodes.literal(text=what.removeprefix("alias of ")), nodes.Text(".")]
        return told_of.children


def told(module: ModuleType) -> Iterator[str]:
    """The room in reStructuredText: its docstring, then a directive of autodoc for each name."""
    yield from (module.__doc__ or "").splitlines()
    origin = origins(module)
    kinds = {name: kind_of(getattr(module, name)) for name in names(module)}
    for name, kind in sorted(kinds.items(), key=lambda named: [*OPTIONS].index(named[1])):
        # A constant's docstring stands where it is defined; whatever else has its own is named as readers import it.
        where = origin.get(name, module.__name__) if kind == "data" else module.__name__
        yield from ("", f".. auto{kind}:: {where}.{name}", OPTIONS[kind])


def kind_of(found: object) -> str:
    """What autodoc calls it."""
    return "class" if isclass(found) else "function" if isroutine(found) else "data"


def names(module: ModuleType) -> list[str]:
    """What the module hands on: its `__all__`, or else what is public of its own."""
    own = [name for name, value in vars(module).items() if getattr(value, "__module__", None) == module.__name__]
    return getattr(module, "__all__", None) or [name for name in own if not name.startswith("_")]


def origins(module: ModuleType) -> dict[str, str]:
    """From which module each name was handed on."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    taken = (each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom))
    return {alias.name: str(each.module) for each in taken for alias in each.names}


class Command(SphinxDirective):
    """``.. command:: netlearn paths forum Source End``: the command, and what it prints.

    With ``:terminal: 110`` it is what a terminal of so many columns shows, of which each line stays whole in the page.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"terminal": nonnegative_int}

    def run(self) -> list[nodes.Node]:
        name, *given = shlex.split(self.arguments[0])
        columns = self.options.get("terminal")
        here = os.environ | {"NETLEARN_RECORDED": "1", "COLUMNS": str(columns or 80), "NO_COLOR": "1"}
        asked = [sys.executable, "-m", name, *given]
        status, shown, complaint = in_terminal(asked, here) if columns else in_pipe(asked, here)
        if status:
            raise self.error(f"{self.arguments[0]} ended with {status}: {complaint}")
        text = f"$ {typed(self.arguments[0])}\n{shown}"
        return [nodes.literal_block(text, text, language="console", classes=["nl-columns"] if columns else [])]


def typed(command: str) -> str:
    """The command as a shell takes it, a long one with a line for each option."""
    return command if len(command) <= LONGEST else " \\\n    ".join(re.split(" (?=--)", command))


def in_pipe(asked: list[str], here: Mapping[str, str]) -> tuple[int, str, str]:
    """The exit status of the command, what it prints and what it complains of."""
    done = subprocess.run(asked, env=here, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


def in_terminal(asked: list[str], here: Mapping[str, str]) -> tuple[int, str, str]:
    """The same in a terminal without colours: a program may lay out there what it lists."""
    here = {**here, "TERM": "dumb", "LINES": "50"}  # rich believes COLUMNS only beside LINES
    ours, theirs = os.openpty()
    with subprocess.Popen(asked, env=here, stdout=theirs, stderr=subprocess.PIPE) as running:
        os.close(theirs)
        shown = b"".join(iter(partial(_read, ours), b""))
        os.close(ours)
        complaint = running.stderr.read() if running.stderr else b""
    return running.returncode, shown.decode().replace("\r\n", "\n"), complaint.decode()


def _read(terminal: int) -> bytes:
    """What has come; nothing at the end, which Linux tells as an error."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""


class Machine(SphinxDirective):
    """``.. machine:: router``: the picture of one of the library's tables."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        picture, rows = machines.MACHINES[self.arguments[0]]
        return [nodes.raw("", picture()._repr_html_() + rows(), format="html")]


def tables(_app: Sphinx, _what: str, _name: str, _of: object, _options: object, lines: list[str]) -> None:
    """A docstring's tables, which stand there as Markdown has them, as reStructuredText has them."""
    found: list[str] = []
    for line in lines:
        if not line.startswith("|"):
            found.append(line)
        elif line.startswith("|---"):
            continue
        else:
            if not found[-1].startswith("     "):
                found += [".. list-table::", "   :header-rows: 1", ""]
            first, *others = (cell.strip() for cell in line.strip("|").split("|"))
            found += [f"   * - {first}", *(f"     - {cell}" for cell in others)]
    lines[:] = found


def signed(
    _app: Sphinx, _what: str, _name: str, of: object, _options: object, arguments: str | None, answer: str | None
) -> tuple[str | None, str | None]:
    """How a name is called, as a reader would write it and Sphinx can read it.

    Of an enumeration nobody makes a member. A widget takes what its figure takes. What is made anew for each object
    stands as ``...``, a long default as the code has it, and a large number in groups of three digits.
    """
    if isclass(of) and issubclass(of, Enum):
        return "", None
    if isclass(of) and (issubclass(of, Widget) or has_long(of)):
        taken = made(of) if issubclass(of, Widget) else shortened(of)
        arguments = stringify_signature(taken, show_return_annotation=False, unqualified_typehints=True)
    readable = re.sub(r"(?<=[= ])-?\d{5,}\b", lambda found: f"{int(found[0]):_}", arguments or "")
    return readable.replace("<factory>", "...") or arguments, answer


def made(widget: type[Widget]) -> Signature:
    """What a widget takes: what its figure names, and what that hands on to its scene and to all figures' beginning."""
    figure: type = widget if "__init__" in vars(widget) else widget.made_by
    taken = signature(figure.__init__, bound_method=True).parameters  # type: ignore[misc]
    if not issubclass(figure, Figure) or not {"state", "more"} & taken.keys():
        return Signature([*taken.values()])
    scene = [*shortened(figure.scene_type()).parameters.values()]
    shared = signature(Figure.__init__, bound_method=True).parameters.values()
    if "given" not in taken:
        scene = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in scene]
    named: dict[str, Parameter] = {}
    for each in (*taken.values(), *scene, *shared):
        if each.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
            named.setdefault(each.name, each)
    return Signature(sorted(named.values(), key=lambda each: each.kind))


class Written:
    """A default as the code has it."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __repr__(self) -> str:
        return self.code


def has_long(of: type) -> bool:
    """Whether it is a data class with a default that nobody would read."""
    return is_dataclass(of) and any(map(is_long, signature(of).parameters.values()))


def is_long(taken: Parameter) -> bool:
    """Whether the default, if there is one, is too long as Python shows it."""
    return taken.default is not Parameter.empty and len(repr(taken.default)) > LONG


def shortened(of: type) -> Signature:
    """What a data class takes; a default that is long stands as its class writes it, or as ``...``."""
    code: dict[str, str] = {}
    for each in filter(is_dataclass, reversed(of.__mro__)):
        for line in ast.walk(ast.parse(dedent(getsource(each)))):
            if isinstance(line, ast.AnnAssign) and line.value:
                code[ast.unparse(line.target)] = ast.unparse(line.value)
    named = {name: Written(default if len(default) <= LONG else "...") for name, default in code.items()}
    taken = signature(of).parameters.values()
    return Signature([each.replace(default=named[each.name]) if is_long(each) else each for each in taken])


def is_left_out(_app: Sphinx, what: str, _name: str, of: object, _skipped: bool, _options: object) -> bool | None:
    """The fields of a named tuple, of which Python itself says only which number they have; and the class of a figure.

    The signature has the fields, and the page the figure.
    """
    is_figure = what == "class" and isclass(of)
    return True if is_figure or str(getattr(of, "__doc__", "")).startswith("Alias for field number") else None


def register(app: Sphinx) -> None:
    """Let the pages use the three directives, and docstrings their tables."""
    app.connect("autodoc-process-docstring", tables)
    app.connect("autodoc-process-signature", signed)
    app.connect("autodoc-skip-member", is_left_out)
    for directive in (Room, Command, Machine):
        app.add_directive(directive.__name__.lower(), directive)
