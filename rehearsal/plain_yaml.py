"""YAML as people write it here: plain text stays text."""

import re
from typing import Any

import yaml


class _PlainLoader(yaml.SafeLoader):
    """YAML in which only `true`, `false` and `null` are not text.

    By the old rules that PyYAML follows, the key `on` is a boolean, 10:05 a number and +1 another.
    """


_PlainLoader.yaml_implicit_resolvers = {}
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(?:null|~|)$"), ["n", "~", ""])


def load_plain(text: str) -> Any:
    """The document in a text; raises `yaml.YAMLError`."""
    return yaml.load(text, _PlainLoader)  # noqa: S506 - it is a SafeLoader
