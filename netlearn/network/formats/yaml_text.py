"""YAML as plain data, by PyYAML, which is loaded only where a file needs it."""

from typing import Any

from netlearn.errors import BadNetwork, repeated, shown

MOST_KEYS = 200_000  # of an object; one that merges others that merge others would double with each line


def parsed_yaml(text: str) -> object:
    """What the YAML text holds; raises `BadNetwork` if it is none, has a key twice, or PyYAML is not there."""
    try:
        import yaml
    except ModuleNotFoundError:
        raise BadNetwork("YAML needs PyYAML, which is not installed: pip install pyyaml") from None

    class Loader(yaml.SafeLoader):  # type: ignore[misc]  # it has no types
        """Plain data only, each key once."""

        def compose_mapping_node(self, anchor: Any) -> Any:
            node = super().compose_mapping_node(anchor)
            twice = repeated(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
            if twice is not None:
                raise BadNetwork(f"an object of this YAML has the key {shown(twice)} twice")
            return node

        def flatten_mapping(self, node: Any) -> None:
            super().flatten_mapping(node)
            if len(node.value) > MOST_KEYS:
                raise BadNetwork(f"this YAML has an object of more than {MOST_KEYS:,} keys")

    try:
        return yaml.load(text, Loader)  # a subclass of the safe one
    except BadNetwork:
        raise
    except yaml.YAMLError as reason:
        raise BadNetwork(f"this YAML cannot be read: {' '.join(str(reason).split())}") from None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as reason:  # such as no date
        raise BadNetwork(f"this YAML cannot be read: {type(reason).__name__}: {reason}") from None
