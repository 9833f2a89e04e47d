# SPDX-License-Identifier: EUPL-1.2
"""The tree against a naive reading of RFC 6962 section 2.1."""

import pytest

from rekenschap.errors import MalformedProofError
from rekenschap.tlog.hashing import EMPTY_ROOT, Hash, leaf_hash, leaf_hashes, node_hash, parent_hashes
from rekenschap.tlog.tree import EMPTY_FRONTIER, Frontier, root_of

# The eight entries of the Certificate Transparency test tree, and its root at every size.
CT_ENTRIES = [bytes.fromhex(h) for h in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(leaves: list[Hash]) -> Hash:
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def packed(leaves: list[Hash]) -> bytes:
    return b"".join(leaf.raw for leaf in leaves)


def test_the_certificate_transparency_tree_has_its_known_roots() -> None:
    leaves = [leaf_hash(entry) for entry in CT_ENTRIES]
    for size, root in enumerate(CT_ROOTS, start=1):
        assert naive_root(leaves[:size]).raw.hex() == root
        assert root_of(packed(leaves[:size])).raw.hex() == root


def test_the_empty_tree_has_the_hash_of_nothing_as_root() -> None:
    assert root_of(b"") == EMPTY_ROOT == EMPTY_FRONTIER.root()
    assert EMPTY_ROOT.to_base64() == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def test_packed_leaf_hashes_are_the_single_ones_in_order() -> None:
    entries = [bytes([n]) * 32 for n in range(9)]
    assert leaf_hashes(b"".join(entries)) == packed([leaf_hash(entry) for entry in entries])


def test_packed_parents_are_the_single_ones_in_order() -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(6)]
    assert parent_hashes(packed(leaves)) == packed([node_hash(leaves[n], leaves[n + 1]) for n in (0, 2, 4)])


@pytest.mark.parametrize("bulk", [leaf_hashes, root_of])
def test_a_torn_block_is_refused(bulk: object) -> None:
    assert callable(bulk)
    with pytest.raises(MalformedProofError, match="found 33 bytes"):
        bulk(b"\x00" * 33)


def test_an_odd_level_has_no_parents() -> None:
    with pytest.raises(MalformedProofError, match="an even number"):
        parent_hashes(b"\x00" * 96)


def test_every_split_of_every_small_tree_grows_to_the_same_frontier() -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(41)]
    for size in range(len(leaves) + 1):
        whole = EMPTY_FRONTIER.extend(packed(leaves[:size]))
        assert whole.root() == naive_root(leaves[:size])
        for split in range(size + 1):
            assert EMPTY_FRONTIER.extend(packed(leaves[:split])).extend(packed(leaves[split:size])) == whole


@pytest.mark.parametrize(("size", "count"), [(0, 1), (1, 0), (3, 1), (4, 2), (-1, 1)])
def test_a_frontier_that_does_not_fit_its_size_is_refused(size: int, count: int) -> None:
    with pytest.raises(MalformedProofError):
        Frontier(size=size, hashes=b"\x00" * 32 * count)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_hash_has_32_bytes(length: int) -> None:
    with pytest.raises(MalformedProofError, match=f"found {length} bytes"):
        Hash(b"\x00" * length)


def test_a_hash_survives_its_text_form() -> None:
    assert Hash.from_base64(leaf_hash(b"x").to_base64()) == leaf_hash(b"x")


@pytest.mark.parametrize("change", ["", "=", " ", "\n"])
def test_a_second_spelling_of_a_hash_is_refused(change: str) -> None:
    text = EMPTY_ROOT.to_base64()
    spelling = text + change if change else text.replace("FU=", "FV=")  # same bytes, other spare bits
    with pytest.raises(MalformedProofError):
        Hash.from_base64(spelling)
