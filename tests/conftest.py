"""What tests of several folders share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import nbformat
import pytest


@pytest.fixture
def as_saved_by_colab() -> Callable[[Any], str]:
    """What Colab makes of a notebook: format 4.0, ids inside the metadata, keys of its own, none of Jupyter's."""

    def save(notebook: Any) -> str:
        saved = json.loads(nbformat.writes(notebook))
        saved["nbformat_minor"] = 0
        saved["metadata"] = {
            "colab": {"provenance": [], "collapsed_sections": []},
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "language_info": {"name": "python"},
        }
        for number, cell in enumerate(saved["cells"]):
            cell["metadata"]["id"] = cell.pop("id", f"colab{number:07d}")[:12]
            cell["metadata"].pop("jupyter", None)
            if cell["cell_type"] == "code":
                cell["metadata"]["colab"] = {"base_uri": "https://localhost:8080/"}
                cell["metadata"]["outputId"] = f"{number:08x}-aaaa-4bbb-8ccc-dddddddddddd"
        return json.dumps(saved)

    return save
