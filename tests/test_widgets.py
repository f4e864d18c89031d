"""The figures as widgets: they answer when the reader changes something, and carry all that a static page needs."""

import json
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError
from importlib import import_module
from typing import Any

import pytest
from traitlets import TraitError

from netlearn import Link, NetlearnError, Node, Topology, UnknownName, forum, simulate
from netlearn.drawing.markup import difference
from netlearn.figures.common.bundle import bundled, modules
from netlearn.figures.common.live import Figure
from netlearn.figures.explorer import view as explorer_view
from netlearn.figures.name_the_box.scene import sessions
from netlearn.figures.player import scene as player_scene
from netlearn.widgets import Explorer, NameTheBox, Player, Prediction

ASKED = Prediction("test", "Which way?", {"Via R4": "Half right.", "Both": "Yes."}, cut=("R2-End",))


@pytest.fixture
def figure():
    return Explorer(
        forum(), "Source", "End", predict=ASKED, caption="Look at R1.", record=[{"cut": ["R2-End"], "flow": 2}]
    )


def live(figure):
    """What the figure's HTML carries for a page that makes it live."""
    script = re.search(r'<script type="application/json">(.*)</script>', figure.html(), re.DOTALL)[1]
    return json.loads(script)


def test_cutting_a_link_changes_what_the_kernel_answers(figure):
    figure.cut = ["R2-End"]
    assert figure.view["title"]["text"] == "R1 is tied, and so is R2"
    assert repr(figure).startswith("<Explorer: 3 equally short paths, metric 4: ")


def test_undoing_a_change_leaves_nothing_to_patch(figure):
    figure.cut = ["R2-End"]
    figure.down = ["R3"]
    figure.metrics = [["R5-R6", "R5", 4]]
    figure.cut = []
    figure.down = []
    figure.metrics = []
    assert figure.view == {}


def test_a_figure_may_begin_broken():
    figure = Explorer(forum(), "Source", "End", cut=["R2-End"])
    assert "R1 is tied" in figure.body
    figure.cut = []
    assert figure.view["title"]["text"] == "One shortest path: via R1 and R2"


def test_the_record_holds_the_untouched_network_every_single_failure_and_the_asked_cases(figure):
    recorded = live(figure)["recorded"]
    assert len(recorded) == 1 + len(forum().links) + len(forum().routers) + 1
    assert recorded["[[],[],[],1]"] == {}
    assert recorded['[["R2-End"],[],[],1]']["title"]["text"] == "R1 is tied, and so is R2"
    assert '[[],["R2"],[],1]' in recorded
    assert '[["R2-End"],[],[],2]' in recorded


def test_every_recorded_answer_is_what_the_function_computes(figure):
    data = live(figure)
    first = explorer_view.view(**data["state"])
    for key, patch in data["recorded"].items():
        state = {**data["state"], **dict(zip(data["varies"], json.loads(key), strict=True))}
        assert patch == difference(first, explorer_view.view(**state))


def test_the_same_figure_is_stored_alike_every_time():
    assert Explorer(forum(), "Source", "End").html() == Explorer(forum(), "Source", "End").html()
    assert repr(Explorer(forum(), "Source", "End")) == "<Explorer: 1 shortest path, metric 3: Source → R1 → R2 → End.>"


def test_without_javascript_there_is_a_picture_and_every_word_of_it(figure):
    still = figure.html().split("<script", 1)[0]
    assert "<svg" not in still
    assert 'src="data:image/svg+xml;base64,' in still
    assert "1 shortest path, metric 3: Source → R1 → R2 → End." in still
    assert still.count("<tr") == 2 * (1 + len(forum().routers))  # as it is, and in the fold what is asked about
    assert "Look at R1." in still


def test_data_cannot_end_the_script_that_carries_it():
    nasty = Topology((Node("</script><b>"), Node("B")), (Link("</script><b>", "B"),))
    html = Explorer(nasty, "</script><b>", "B").html()
    assert html.count("</script>") == 1
    assert "<b>" not in html


@pytest.mark.parametrize("module", modules())
def test_the_bundle_is_one_module_that_imports_nothing_and_has_each_file_once(module):
    text = bundled(module)
    assert text.count("function rove(") <= 1
    assert not re.search(r"^import ", text, re.MULTILINE)
    assert re.findall(r"^export .*", text, re.MULTILINE) == ["export default { render };"]


def test_asking_for_what_is_not_there_is_named():
    with pytest.raises(UnknownName, match="did you mean End"):
        Explorer(forum(), "Source", "Ent")
    with pytest.raises(UnknownName, match="R9"):
        Explorer(forum(), "Source", "End", down=["R9"])


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("cut", ["nope"]),
        ("down", ["nope"]),
        ("flow", 0),
        ("flow", 10**9),
        ("metrics", [1]),
        ("metrics", [["R1-R2", "R1"]]),
        ("metrics", [["R1-R2", "R1", 0]]),
        ("metrics", [["R1-R2", "R1", "x"]]),
        ("metrics", [["R1-R2", "R9", 2]]),
    ],
)
def test_a_trait_that_cannot_be_is_refused_and_the_figure_stays_as_it_was(figure, trait, value):
    figure.cut = ["R2-End"]
    before = figure.view, repr(figure), getattr(figure, trait)
    with pytest.raises(NetlearnError):
        setattr(figure, trait, value)
    assert (figure.view, repr(figure), getattr(figure, trait)) == before


def test_a_figure_keeps_its_network_and_its_two_ends(figure):
    for name in ("topology", "source", "destination"):
        with pytest.raises(FrozenInstanceError):
            setattr(figure.figure.scene, name, getattr(figure.figure.scene, name))
        with pytest.raises(NetlearnError, match="what the reader changes is cut, down, flow, metrics"):
            figure.figure.scene.changed({name: "R1"})
    with pytest.raises(TraitError, match="read-only"):
        figure.first = {}


def test_what_a_prediction_asks_about_must_be_there_and_is_recorded():
    with pytest.raises(UnknownName, match="did you mean R2-End"):
        Explorer(forum(), "Source", "End", predict=Prediction("test", "?", {"Yes": "Yes."}, cut=("R2-Ent",)))
    asked = Prediction("test", "?", {"Yes": "Yes."}, cut=("R2-End", "R1-R2"), down=("R3",))
    assert '[["R1-R2","R2-End"],["R3"],[],1]' in live(Explorer(forum(), "Source", "End", predict=asked))["recorded"]


def test_a_prediction_without_options_is_refused():
    with pytest.raises(NetlearnError, match="has no options"):
        Prediction("test", "Which way?", {})


def test_a_recorded_state_has_only_what_the_reader_changes():
    with pytest.raises(NetlearnError, match="a state has cutt; what the reader changes is cut, down, flow, metrics"):
        Explorer(forum(), "Source", "End", record=[{"cutt": ["R2-End"]}])


def test_reset_is_answered_from_the_record_however_the_figure_began():
    begun = Explorer(forum(), "Source", "End", cut=["R2-End"], flow=5)
    assert "[[],[],[],1]" in live(begun)["recorded"]


def test_a_large_network_is_recorded_without_its_single_failures():
    chain = Topology(
        tuple(Node(f"R{number}") for number in range(60)),
        tuple(Link(f"R{number}", f"R{number + 1}") for number in range(59)),
    )
    assert list(live(Explorer(chain, "R0", "R59"))["recorded"]) == ["[[],[],[],1]"]


@pytest.mark.parametrize("figure_class", Figure.__subclasses__(), ids=lambda figure_class: figure_class.__name__)
def test_the_function_of_every_figure_needs_only_the_pure_core(figure_class):
    module, name = figure_class.function().split(":")
    code = (
        f"import sys, {module} as module; assert callable(module.{name}); "
        "print(sorted({'anywidget', 'ipywidgets', 'traitlets', 'numpy', 'networkx', 'matplotlib'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


@pytest.fixture
def runs(monkeypatch):
    """How often a network was simulated."""
    count = []

    def counted(*given, **named):
        count.append(given)
        return simulate(*given, **named)

    for module in ("player.scene", "name_the_box.scene", "anycast.run"):
        monkeypatch.setattr(import_module(f"netlearn.figures.{module}"), "simulate", counted)
    for find in (player_scene.find, sessions):
        find.cache_clear()
    return count


def test_a_player_simulates_once_when_it_is_made_and_not_again_when_it_is_shown(runs):
    figure = Player(forum(), "Source", "End", cut=["R2-End"])
    assert len(runs) == 1
    figure._repr_mimebundle_()
    assert len(runs) == 1


def test_a_player_in_a_new_process_simulates_once_to_be_shown():
    code = (
        "from netlearn import forum; from netlearn.figures.player import Player, scene\n"
        "run, runs = scene.simulate, []\n"
        "scene.simulate = lambda *given, **named: runs.append(given) or run(*given, **named)\n"
        "Player(forum(), 'Source', 'End', cut=['R2-End']).html(); print(len(runs))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "1\n"


def test_name_the_box_simulates_no_more_often_than_it_has_states(runs):
    figure: Any = NameTheBox()
    figure.html()
    assert 0 < len(runs) <= len(figure.figure.recorded)
