# SPDX-License-Identifier: EUPL-1.2
"""The three lines of a checkpoint, and nothing else."""

import pytest

from rekenschap.errors import MalformedCheckpointError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import EMPTY_ROOT, leaf_hash

SPEC_TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ROOT = EMPTY_ROOT.to_base64()


def test_the_checkpoint_of_the_specification_keeps_its_bytes() -> None:
    checkpoint = Checkpoint.from_text(SPEC_TEXT)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.to_text() == SPEC_TEXT


def test_an_origin_with_spaces_is_read_as_the_specification_asks() -> None:
    text = f"De Gemeente + Co\n7\n{ROOT}\n"
    assert Checkpoint.from_text(text).to_text() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"\n1\n{ROOT}\n",
        f"o\n1\n{ROOT}",
        f"o\n1\n{ROOT}\n\n",
        f"o\n1\n{ROOT}\nextension\n",
        f"o\r\n1\n{ROOT}\n",
        f"o\n01\n{ROOT}\n",
        f"o\n+1\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n1_0\n{ROOT}\n",
        f"o\n ١\n{ROOT}\n",
        f"o\n\n{ROOT}\n",
        f"o\n9223372036854775808\n{ROOT}\n",
        f"o\n1\n{ROOT[:-1]}\n",
        f"o\n1\n{ROOT[:-3]}V=\n",
        f"o\n1\n {ROOT}\n",
        "o\n1\n\n",
        f"{'o' * 256}\n1\n{ROOT}\n",
    ],
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(MalformedCheckpointError):
        Checkpoint.from_text(text)


def test_an_empty_log_has_the_empty_root() -> None:
    assert Checkpoint.from_text(f"o\n0\n{ROOT}\n").size == 0
    with pytest.raises(MalformedCheckpointError, match="size 0"):
        Checkpoint(origin="o", size=0, root=leaf_hash(b""))
